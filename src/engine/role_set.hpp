// SPDX-License-Identifier: Apache-2.0
// The roles a person acts with, as a set of bits.
#pragma once

#include "policy/compiled.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace leeway::engine {

/// The roles a person acts with: what they hold, include, and stand in for. The first 64 roles of a
/// policy, which are all of nearly every policy, cost no memory of their own.
class role_set {
 public:
  using index = policy_detail::index;

  bool contains(index r) const {
    if (r < bits) return (first_ >> r & 1U) != 0;
    const std::size_t word = r / bits - 1;
    return word < more_.size() && (more_[word] >> r % bits & 1U) != 0;
  }
  /// Whether it was not there before.
  bool insert(index r) {
    if (contains(r)) return false;
    if (r < bits) {
      first_ |= std::uint64_t{1} << r;
      return true;
    }
    const std::size_t word = r / bits - 1;
    if (word >= more_.size()) more_.resize(word + 1);
    more_[word] |= std::uint64_t{1} << r % bits;
    return true;
  }
  void insert(const std::vector<index>& roles) {
    for (auto r : roles) insert(r);
  }
  std::size_t size() const {
    auto n = static_cast<std::size_t>(std::popcount(first_));
    for (auto word : more_) n += static_cast<std::size_t>(std::popcount(word));
    return n;
  }
  template <class Roles>
  bool has_any_of(const Roles& roles) const {
    for (auto r : roles) {
      if (contains(r)) return true;
    }
    return false;
  }

  // INVARIANT: `more_` does not end with an empty word, so that equal sets are equal.
  friend bool operator==(const role_set&, const role_set&) = default;

 private:
  static constexpr index bits = 64;
  std::uint64_t first_{};
  std::vector<std::uint64_t> more_{};
};

}  // namespace leeway::engine
