// SPDX-License-Identifier: Apache-2.0
// Random values for property tests, from a seed that a failure prints and LEEWAY_SEED replays.
#ifndef LEEWAY_TESTS_BASE_RANDOM_HPP
#define LEEWAY_TESTS_BASE_RANDOM_HPP

#include <leeway/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace leeway::test {

class random_source {
 public:
  random_source() : seed_(choose_seed()), engine_(seed_) {}

  /// For SCOPED_TRACE: how to see the same values again.
  [[nodiscard]] std::string replay() const { return "LEEWAY_SEED=" + std::to_string(seed_); }

  std::int64_t between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }

  /// Any 64-bit number; small ones, and those at the ends of the range, as often as the rest.
  std::int64_t any() {
    using limits = std::numeric_limits<std::int64_t>;
    switch (between(0, 3)) {
      case 0: return between(-100, 100);
      case 1: return limits::max() - between(0, 3);
      case 2: return limits::min() + between(0, 3);
      default: return between(limits::min(), limits::max()) >> between(0, 62);
    }
  }

  /// An instant of [from, to) in seconds, whole or not.
  instant when(std::int64_t from, std::int64_t to) {
    const bool whole = between(0, 1) == 0;
    const std::int64_t nanos = whole ? 0 : between(0, 999'999'999);
    return instant::make(between(from, to - 1), static_cast<std::int32_t>(nanos)).value();
  }

  template <class Array>
  const auto& pick(const Array& from) {
    return from[static_cast<std::size_t>(
        between(0, static_cast<std::int64_t>(std::size(from)) - 1))];
  }

 private:
  static std::uint64_t choose_seed() {
    if (const char* set = std::getenv("LEEWAY_SEED")) return std::strtoull(set, nullptr, 10);
    return std::random_device{}();
  }

  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

}  // namespace leeway::test

#endif
