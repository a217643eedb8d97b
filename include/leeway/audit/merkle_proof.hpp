// SPDX-License-Identifier: Apache-2.0
/// \file
/// Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2: making them from stored
/// hashes of complete subtrees, and verifying them as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says.
///
/// Nothing here recurses, and the length a proof must have is known from the numbers alone, so a
/// hostile proof costs 64 hashes at most. Numbers are right up to 2^64 - 1. Everything is
/// thread-safe.
#pragma once

#include <leeway/audit/merkle.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace leeway::audit {

/// Gives the hash of a complete subtree from wherever it is kept (tiles: `tile_nodes` of
/// audit/tile.hpp). Only complete ones are asked for; all else is hashed from them.
using node_reader = std::function<result<digest>(const tree_node&)>;

/// The root of the first `size` leaves. Reads one node for each bit of the size. Errors: those of
/// `nodes`.
result<digest> tree_root(std::uint64_t size, const node_reader& nodes);

/// The inclusion proof of the leaf at `index` in the tree of `size` leaves: PATH(index, D[size]),
/// from the leaf's sibling upwards. Reads at most 126 nodes. Errors: `tree_index` (no such leaf),
/// those of `nodes`.
result<std::vector<digest>> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                            const node_reader& nodes);

/// The consistency proof from the tree of `from` leaves to that of `to`: PROOF(from, D[to]). Empty
/// when they are the same. Errors: `tree_empty` (`from` is 0: every tree continues the empty one,
/// so that a proof would say nothing; RFC 6962 defines none), `tree_size` (`from` is above `to`),
/// those of `nodes`.
result<std::vector<digest>> prove_consistency(std::uint64_t from, std::uint64_t to,
                                              const node_reader& nodes);

/// The root that a leaf and its inclusion proof lead to. Errors: `tree_index` (the index is not
/// below the size), `proof_length` (not exactly as many hashes as the numbers ask for).
result<digest> root_of_inclusion(const digest& leaf, std::uint64_t index, std::uint64_t size,
                                 std::span<const digest> proof);

/// Checks that `leaf` is the hash of the leaf at `index` in the tree of `size` leaves with `root`.
/// Errors: those of `root_of_inclusion`, `proof_mismatch` (it leads to another root).
result<void> verify_inclusion(const digest& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const digest> proof, const digest& root);

/// The number of leaves of a tree, and its root.
struct tree_head {
  std::uint64_t size{};
  digest root{};
  friend bool operator==(const tree_head&, const tree_head&) = default;
};

/// Checks that the leaves of `from` are the first of `to`. Two trees of one size are consistent
/// when their roots are equal, with an empty proof. Errors: `tree_empty` (`from` has no leaves,
/// also when `to` has none: as in transparency-dev/merkle, since nothing was proved), `tree_size`
/// (`from` is the larger), `proof_length`, `proof_mismatch`.
result<void> verify_consistency(const tree_head& from, const tree_head& to,
                                std::span<const digest> proof);

}  // namespace leeway::audit
