// SPDX-License-Identifier: Apache-2.0
#include "desk/time_keeper.hpp"

#include <leeway/base/clock.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace leeway {

desk_clock system_clocks() {
  return {.now = [] { return leeway::now(); }, .elapsed = [] { return leeway::elapsed(); }};
}

time_keeper::time_keeper(desk_time from, desk_clock clock, duration largest_step,
                         std::function<void(duration)> told)
    : from_(from), clock_(std::move(clock)), largest_step_(largest_step), told_(std::move(told)) {}

failure<error> time_keeper::jumped(instant now, instant expected, bool& known) {
  if (!known && told_) told_(checked_sub(now, expected).value_or(duration{}));
  known = true;
  return fail("clock_jumped", "the clock says " + now.to_string() + ", where " +
                                  expected.to_string() +
                                  " was expected: set it right, or accept the new time");
}

result<instant> time_keeper::next(instant stated, instant floor) {
  const std::lock_guard lock(mutex_);
  if (from_ == desk_time::request) {
    last_ = std::max({last_, stated, floor});
    return last_;
  }
  const instant now = clock_.now();
  const duration elapsed = clock_.elapsed();
  if (last_now_) {
    const auto passed = checked_sub(elapsed, last_elapsed_).value_or(duration{});
    const auto expected = checked_add(*last_now_, passed).value_or(instant::max());
    const auto latest = checked_add(expected, largest_step_).value_or(instant::max());
    if (now > latest) return jumped(now, expected, has_jumped_);
  }
  has_jumped_ = false;
  // A clock that was set back is not a new measure of what is too far ahead.
  if (!last_now_ || now >= *last_now_) {
    last_now_ = now;
    last_elapsed_ = elapsed;
  }
  last_ = std::max({last_, now, floor});
  return last_;
}

result<void> time_keeper::compare(instant other) {
  if (from_ == desk_time::request) return {};
  const std::lock_guard lock(mutex_);
  const instant now = clock_.now();
  const auto latest = checked_add(other, largest_step_).value_or(instant::max());
  if (now > latest) return jumped(now, other, is_apart_);
  is_apart_ = false;
  return {};
}

void time_keeper::accept() {
  const std::lock_guard lock(mutex_);
  last_now_.reset();
}

}  // namespace leeway
