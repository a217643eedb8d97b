// SPDX-License-Identifier: Apache-2.0
// The search that takes linear time and no memory: "two-way" of Crochemore and Perrin (1991).
#include "base/search.hpp"

#include <algorithm>
#include <cstddef>

namespace leeway::detail {

namespace {

/// Where a text is cut, and the period of what stands behind the cut.
struct cut {
  std::size_t at{0};
  std::size_t period{1};
};

/// The last of all suffixes in alphabetical order, or in the opposite of it.
cut last_suffix(std::string_view part, bool opposite) noexcept {
  cut out;
  std::size_t at = 0;  // the candidate that `out.at` is compared with
  std::size_t length = 1;
  for (at = 0; at + length < part.size();) {
    const char a = part[at + length];
    const char b = part[out.at + length - 1];
    if (opposite ? b < a : a < b) {
      at += length;
      length = 1;
      out.period = at + 1 - out.at;
    } else if (a != b) {
      out.at = ++at;
      length = out.period = 1;
    } else if (length != out.period) {
      ++length;
    } else {
      at += out.period;
      length = 1;
    }
  }
  return out;
}

/// The cut at which the local period is the period of the whole.
cut critical(std::string_view part) noexcept {
  const cut one = last_suffix(part, false);
  const cut other = last_suffix(part, true);
  return other.at < one.at ? one : other;
}

bool two_way(std::string_view text, std::string_view part) noexcept {
  const std::size_t size = part.size();
  cut c = critical(part);
  // Of a text that repeats itself, what is known to fit after a step is not compared again.
  const bool repeats =
      c.at + c.period <= size && part.substr(0, c.at) == part.substr(c.period, c.at);
  if (!repeats) c.period = std::max(c.at, size - c.at) + 1;
  std::size_t fits = 0;
  for (std::size_t from = 0; from + size <= text.size();) {
    std::size_t i = std::max(c.at, fits);
    while (i < size && part[i] == text[from + i]) ++i;
    if (i < size) {
      from += i - c.at + 1;
      fits = 0;
      continue;
    }
    i = c.at;
    while (i > fits && part[i - 1] == text[from + i - 1]) --i;
    if (i <= fits) return true;
    from += c.period;
    fits = repeats ? size - c.period : 0;
  }
  return false;
}

}  // namespace

bool contains(std::string_view text, std::string_view part) noexcept {
  constexpr std::size_t quick = std::size_t{1} << 14U;  // steps; there the library's is faster
  if (part.size() > text.size()) return false;
  if (part.size() < 2 || text.size() <= quick / part.size()) {
    return text.find(part) != std::string_view::npos;
  }
  return two_way(text, part);
}

}  // namespace leeway::detail
