// SPDX-License-Identifier: Apache-2.0
// Where the program writes: results on standard output, everything else on standard error.
#pragma once

#include <leeway/base/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leeway::cli {

enum class paint : std::uint8_t { bold, dim, red, green, yellow };

/// When to colour: where a stream is a terminal and NO_COLOR is not set, or as was asked.
enum class colouring : std::uint8_t { automatic, always, never };

/// The two streams. A write that
/// fails (a closed pipe, a full disk) is remembered; later writes do nothing.
class terminal {
 public:
  terminal();
  void colour(colouring when);
  ~terminal() = default;
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  void out(std::string_view text);
  void err(std::string_view text);
  /// Diagnostics, on standard error.
  void err(const diagnostics& found);
  /// `leeway: <message>` on standard error.
  void complain(std::string_view message);
  /// Shows how far a long work has come, where somebody watches. An empty text clears the line.
  void progress(std::string_view text);

  /// `text` in a colour, for standard output; as it is where that has none.
  std::string painted(std::string_view text, paint how) const;

  /// Passes on what was written so far, when a reader waits for it.
  void flush();
  /// A clear screen for the next report, where standard output is a terminal.
  void clear();
  /// Whether `progress` shows anything.
  bool is_watched() const { return err_is_terminal_; }

  /// Whether everything written so far arrived. Flushes.
  bool finish();
  bool failed() const { return failed_; }

 private:
  bool out_colour_{};
  bool err_colour_{};
  bool out_is_terminal_{};
  bool err_is_terminal_{};
  bool progress_shown_{};
  bool failed_{};
  int reason_{};
};

}  // namespace leeway::cli
