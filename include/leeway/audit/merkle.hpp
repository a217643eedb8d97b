// SPDX-License-Identifier: Apache-2.0
/// \file
/// The Merkle tree of RFC 6962, section 2.1, with SHA-256: what hashes of leaves, nodes and whole
/// trees are. Proofs over it are in audit/merkle_proof.hpp.
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// The hash of a leaf: SHA-256(0x00 || record). Thread-safe.
/// \throws std::bad_alloc, or std::runtime_error when the cryptographic library is unusable.
[[nodiscard]] digest leaf_hash(std::string_view record);

/// The hash of an inner node: SHA-256(0x01 || left || right). Thread-safe; throws as `leaf_hash`.
[[nodiscard]] digest node_hash(const digest& left, const digest& right);

/// The root of the tree without leaves: SHA-256 of nothing.
[[nodiscard]] digest empty_root();

/// A complete subtree: that over the leaves [index << level, (index + 1) << level). Its place does
/// not depend on the size of the tree, so its hash never changes once it is complete.
struct tree_node {
  unsigned level{};  ///< 0: a leaf; at most 63
  std::uint64_t index{};
  friend auto operator<=>(const tree_node&, const tree_node&) = default;
};

/// Whether all leaves of a node are within a tree. Right for every size, also near 2^64.
[[nodiscard]] constexpr bool is_complete(const tree_node& node, std::uint64_t size) noexcept {
  return node.level < 64 && node.index < (size >> node.level);
}

/// The right edge of a growing tree: the roots of the complete subtrees that its size is the sum
/// of, the largest first (a "compact range" from 0). It is all that is needed to append leaves and
/// to know the root: 64 hashes at most.
///
/// A value; not synchronised.
class frontier {
 public:
  /// Told of every complete subtree, when its last leaf arrives; leaves included.
  using on_complete = std::function<void(const tree_node&, const digest&)>;

  frontier() = default;

  /// Appends a leaf by its hash: one hash per leaf on average, O(log size) at most.
  void append(const digest& leaf) { append(leaf, {}); }
  void append(const digest& leaf, const on_complete& complete);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The root of the tree so far: MTH(D[0:size]). O(log size).
  [[nodiscard]] digest root() const;
  /// One hash for each bit of the size that is set, from the highest.
  [[nodiscard]] const std::vector<digest>& hashes() const noexcept { return hashes_; }

  /// The state as bytes, to be kept: the size (8 bytes, big-endian), then the hashes.
  [[nodiscard]] std::string to_bytes() const;
  /// Reads what `to_bytes` writes, nothing else. That the hashes are those of the log is for the
  /// caller to check: the root must be that of a checkpoint of the same size. Error:
  /// `frontier_syntax`.
  [[nodiscard]] static result<frontier> from_bytes(std::string_view bytes);

  friend bool operator==(const frontier&, const frontier&) = default;

 private:
  std::uint64_t size_{};
  std::vector<digest> hashes_{};
};

}  // namespace leeway::audit
