// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include "cli/input.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace leeway::cli {
namespace {

/// `1,234,567`.
std::string grouped(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

}  // namespace

progress::progress(terminal& to, std::string what) : to_(to), what_(std::move(what)) {
  begun_ = shown_ = clock::now();
}

void progress::step(const input& in) {
  ++done_;
  // The clock is not asked for every line, nor the terminal written to more often than read.
  if (!to_.is_watched() || done_ % 256 != 0) return;
  const auto now = clock::now();
  if (now - shown_ < std::chrono::milliseconds(200)) return;
  shown_ = now;
  const std::chrono::duration<double> took = now - begun_;
  to_.progress(progress_line(done_, what_, took.count(), in.bytes_read(), in.bytes_in_all()));
}

std::string progress_line(std::uint64_t done, const std::string& what, double seconds,
                          std::uint64_t bytes, std::optional<std::uint64_t> of_bytes) {
  std::string out = fmt::format("{} {}", grouped(done), what);
  if (seconds >= 0.1) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(done) / seconds);
    out += fmt::format(", {} a second", grouped(rate));
  }
  if (of_bytes && *of_bytes != 0) {
    out += fmt::format(", {} %", std::min<std::uint64_t>(100, bytes * 100 / *of_bytes));
  }
  return out;
}

}  // namespace leeway::cli
