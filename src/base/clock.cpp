// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/clock.hpp>

#include <chrono>
#include <cstdint>

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

duration elapsed() {
  using namespace std::chrono;
  const auto since = duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
  constexpr std::int64_t billion = 1'000'000'000;
  return duration::make(since / billion, since % billion).value_or(duration{});
}

}  // namespace leeway
