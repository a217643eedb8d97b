// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_TESTS_REFERENCE_SEEDS_HPP
#define LEEWAY_TESTS_REFERENCE_SEEDS_HPP

#include <cstdint>
#include <cstdlib>
#include <random>

namespace leeway::reference {

inline std::uint64_t number_or(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// LEEWAY_SEED, or a random one.
inline std::uint64_t first_seed() { return number_or("LEEWAY_SEED", std::random_device{}()); }

/// LEEWAY_ITERATIONS, unless it is not given.
inline std::uint64_t iterations(std::uint64_t fallback) {
  return number_or("LEEWAY_ITERATIONS", fallback);
}

}  // namespace leeway::reference

#endif
