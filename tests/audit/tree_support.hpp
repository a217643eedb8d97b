// SPDX-License-Identifier: Apache-2.0
// Trees for tests: the definitions of RFC 6962, section 2.1, word for word, and readers of nodes.
#pragma once

#include <leeway/audit/merkle_proof.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace leeway::audit::test {

/// The records 0 .. count - 1, hashed as leaves.
inline std::vector<digest> leaves(std::size_t count) {
  std::vector<digest> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) out.push_back(leaf_hash("record " + std::to_string(i)));
  return out;
}

/// The largest power of two that is smaller than n; n is above 1.
inline std::size_t split(std::size_t n) { return std::bit_floor(n - 1); }

/// MTH(D[n]).
inline digest root_by_definition(std::span<const digest> d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  const std::size_t k = split(d.size());
  return node_hash(root_by_definition(d.first(k)), root_by_definition(d.subspan(k)));
}

/// PATH(m, D[n]).
inline std::vector<digest> path_by_definition(std::size_t m, std::span<const digest> d) {
  if (d.size() == 1) return {};
  const std::size_t k = split(d.size());
  auto out = m < k ? path_by_definition(m, d.first(k)) : path_by_definition(m - k, d.subspan(k));
  out.push_back(root_by_definition(m < k ? d.subspan(k) : d.first(k)));
  return out;
}

/// SUBPROOF(m, D[n], b).
inline std::vector<digest> subproof_by_definition(std::size_t m, std::span<const digest> d,
                                                  bool b) {
  if (m == d.size()) return b ? std::vector<digest>{} : std::vector{root_by_definition(d)};
  const std::size_t k = split(d.size());
  auto out = m <= k ? subproof_by_definition(m, d.first(k), b)
                    : subproof_by_definition(m - k, d.subspan(k), false);
  out.push_back(root_by_definition(m <= k ? d.subspan(k) : d.first(k)));
  return out;
}

/// Every complete subtree of a tree, by its place.
class kept_nodes {
 public:
  explicit kept_nodes(std::span<const digest> of) {
    frontier tree;
    for (const digest& one : of) {
      tree.append(one, [&](const tree_node& at, const digest& hash) { nodes_.emplace(at, hash); });
    }
  }

  result<digest> operator()(const tree_node& at) const {
    const auto found = nodes_.find(at);
    if (found == nodes_.end()) return fail("no_node", "asked for a subtree that is not complete");
    return found->second;
  }
  [[nodiscard]] const std::map<tree_node, digest>& all() const { return nodes_; }

 private:
  std::map<tree_node, digest> nodes_{};
};

/// A tree of any size, all of whose leaves are the same record: a subtree is known by its height.
class uniform_nodes {
 public:
  uniform_nodes() {
    hashes_.push_back(leaf_hash("the same"));
    while (hashes_.size() < 64) hashes_.push_back(node_hash(hashes_.back(), hashes_.back()));
  }

  result<digest> operator()(const tree_node& at) const {
    if (at.level >= hashes_.size()) return fail("no_node", "no such height");
    return hashes_[at.level];
  }
  [[nodiscard]] const digest& leaf() const { return hashes_.front(); }

 private:
  std::vector<digest> hashes_{};
};

/// A hash with one bit changed.
inline digest flipped(const digest& of, std::size_t bit) {
  auto bytes = of.bytes();
  bytes.at(bit / 8) = static_cast<std::uint8_t>(bytes.at(bit / 8) ^ (1U << bit % 8));
  return digest{bytes};
}

}  // namespace leeway::audit::test
