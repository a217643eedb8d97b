// SPDX-License-Identifier: Apache-2.0
// The desk's monotone clock.
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>
#include <leeway/desk/desk.hpp>

#include <mutex>
#include <optional>

namespace leeway {

/// Says at which instant something takes effect. Time never runs backwards: an instant is never
/// before one that was given out, or that the store knows. A clock that steps forward by more than
/// the largest step gives none, because windows would move on and free budget early. Thread-safe.
class time_keeper {
 public:
  time_keeper(desk_time from, desk_clock clock, duration largest_step);

  /// The instant of something that is proposed at `stated` (which only counts where requests tell
  /// the time), not before `floor`. Error: `clock_jumped`.
  result<instant> next(instant stated, instant floor);
  /// Holds an instant against another clock, that of the store. Error: `clock_jumped`.
  result<void> compare(instant other) const;
  /// Takes the clock's present time as right.
  void accept();

 private:
  const desk_time from_;
  const desk_clock clock_;
  const duration largest_step_;
  std::mutex mutex_{};
  std::optional<instant> last_now_{};  ///< by the clock
  duration last_elapsed_{};            ///< at the same moment
  instant last_{instant::min()};       ///< given out
};

}  // namespace leeway
