// SPDX-License-Identifier: Apache-2.0
// How far a stream has come, shown where somebody watches.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace leeway::cli {

class input;
class terminal;

/// `1,234,567 requests, 41,000 a second, 62 %`. Without a terminal it does nothing.
class progress {
 public:
  progress(terminal& to, std::string what);
  /// One more was done, of this input.
  void step(const input& in);

 private:
  using clock = std::chrono::steady_clock;
  terminal& to_;
  std::string what_;
  std::uint64_t done_{};
  clock::time_point begun_{};
  clock::time_point shown_{};
};

/// The text of a line of progress; `seconds` is how long it took so far.
std::string progress_line(std::uint64_t done, const std::string& what, double seconds,
                          std::uint64_t bytes, std::optional<std::uint64_t> of_bytes);

}  // namespace leeway::cli
