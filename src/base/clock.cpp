// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/clock.hpp>

#include <chrono>

namespace leeway {

instant now() {
  using namespace std::chrono;
  const auto since = system_clock::now().time_since_epoch();
  const auto whole = floor<std::chrono::seconds>(since);
  const auto rest = duration_cast<nanoseconds>(since - whole);
  // A machine whose clock is beyond the year 9999 gets the end of time, not the wrong time.
  return instant::make(whole.count(), static_cast<std::int32_t>(rest.count()))
      .value_or(instant::max());
}

}  // namespace leeway
