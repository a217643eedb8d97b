// SPDX-License-Identifier: Apache-2.0
// The desk's monotone clock.
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>
#include <leeway/desk/desk.hpp>

#include <functional>
#include <mutex>
#include <optional>

namespace leeway {

/// Says at which instant something takes effect. Time never runs backwards: an instant is never
/// before one that was given out, or that the store knows. A clock that steps forward by more than
/// the largest step gives none, because windows would move on and free budget early. Thread-safe.
class time_keeper {
 public:
  /// `told`: called once when the clock is found ahead, with how far; not again before it was
  /// right.
  time_keeper(desk_time from, desk_clock clock, duration largest_step,
              std::function<void(duration)> told);

  /// The instant of something that is proposed at `stated` (which only counts where requests tell
  /// the time), not before `floor`. Error: `clock_jumped`.
  result<instant> next(instant stated, instant floor);
  /// Holds an instant against another clock, that of the store. Error: `clock_jumped`.
  result<void> compare(instant other);
  /// Takes the clock's present time as right.
  void accept();

 private:
  const desk_time from_;
  const desk_clock clock_;
  const duration largest_step_;
  const std::function<void(duration)> told_;

  failure<error> jumped(instant now, instant expected, bool& known);

  std::mutex mutex_{};
  bool has_jumped_{};                  ///< by its own measure
  bool is_apart_{};                    ///< from another clock
  std::optional<instant> last_now_{};  ///< by the clock
  duration last_elapsed_{};            ///< at the same moment
  instant last_{instant::min()};       ///< given out
};

}  // namespace leeway
