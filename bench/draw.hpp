// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace leeway_bench {

/// A small generator of our own (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014): the same draws with every standard library.
class draw {
 public:
  explicit draw(std::uint64_t seed) : state_(seed) {}

  /// From `low` to `high`, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    const auto range = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(next() % range);
  }
  /// True in so many of a hundred draws.
  bool in_hundred(std::int64_t times) { return between(1, 100) <= times; }

 private:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace leeway_bench
