// SPDX-License-Identifier: Apache-2.0
// Roles as a set of bits.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace leeway::policy_detail {

/// Index of a role, an action ... in the compiled policy; all vectors are sorted by id.
using index = std::uint32_t;

/// A set of roles: those a person acts with, or that a grant is given to. The first 64 roles of a
/// policy, which are all of nearly every policy, cost no memory of their own.
class role_set {
 public:
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
  void insert(const role_set& other) {
    first_ |= other.first_;
    if (more_.size() < other.more_.size()) more_.resize(other.more_.size());
    for (std::size_t i = 0; i < other.more_.size(); ++i) more_[i] |= other.more_[i];
  }
  std::size_t size() const {
    auto n = static_cast<std::size_t>(std::popcount(first_));
    for (auto word : more_) n += static_cast<std::size_t>(std::popcount(word));
    return n;
  }
  bool has_any_of(const role_set& other) const {
    if ((first_ & other.first_) != 0) return true;
    const std::size_t words = std::min(more_.size(), other.more_.size());
    for (std::size_t i = 0; i < words; ++i) {
      if ((more_[i] & other.more_[i]) != 0) return true;
    }
    return false;
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

}  // namespace leeway::policy_detail
