// SPDX-License-Identifier: Apache-2.0
#include <leeway/audit/merkle_proof.hpp>

#include <bit>
#include <cstddef>
#include <string>
#include <utility>

namespace leeway::audit {
namespace {

/// The root over the leaves [begin, begin + count), where `begin` is a multiple of the smallest
/// power of two that is not below `count`.
result<digest> range_root(std::uint64_t begin, std::uint64_t count, const node_reader& nodes) {
  std::vector<digest> parts;
  while (count != 0) {
    const auto level = static_cast<unsigned>(std::bit_width(count) - 1);
    auto part = nodes({.level = level, .index = begin >> level});
    if (!part) return part;
    parts.push_back(*part);
    const std::uint64_t length = std::uint64_t{1} << level;
    begin += length;
    count -= length;
  }
  digest out = parts.back();
  for (std::size_t i = parts.size() - 1; i-- > 0;) out = node_hash(parts[i], out);
  return out;
}

/// Appends the siblings on the way from a complete node up to the root of the tree of `size`.
result<void> climb(tree_node at, std::uint64_t size, const node_reader& nodes,
                   std::vector<digest>& out) {
  while (at.level < 64) {
    const std::uint64_t last = (size - 1) >> at.level;
    if (last == 0) break;
    const tree_node sibling{.level = at.level, .index = at.index ^ 1U};
    if (sibling.index <= last) {
      const std::uint64_t begin = sibling.index << at.level;
      auto hash =
          is_complete(sibling, size) ? nodes(sibling) : range_root(begin, size - begin, nodes);
      if (!hash) return fail(std::move(hash).error());
      out.push_back(*hash);
    }
    at = {.level = at.level + 1, .index = at.index >> 1U};
  }
  return {};
}

/// How many hashes an inclusion proof has below the point where the ways from the leaf and from the
/// last leaf meet, and above it, where every sibling is to the left.
struct proof_shape {
  unsigned inner{};
  unsigned border{};
  [[nodiscard]] std::size_t length() const { return inner + border; }
};

proof_shape shape_of(std::uint64_t index, std::uint64_t size) {
  const auto inner = static_cast<unsigned>(std::bit_width(index ^ (size - 1)));
  const std::uint64_t above = inner < 64 ? index >> inner : 0;
  return {.inner = inner, .border = static_cast<unsigned>(std::popcount(above))};
}

failure<error> wrong_length(std::size_t wanted, std::size_t found) {
  return fail("proof_length", "expected " + std::to_string(wanted) + " hashes in the proof, not " +
                                  std::to_string(found));
}

failure<error> mismatch(const char* whose) {
  return fail("proof_mismatch", std::string("the proof does not lead to the ") + whose);
}

constexpr bool bit(std::uint64_t number, std::size_t at) { return (number >> at & 1U) != 0; }

/// Hashes upwards: siblings below the meeting point stand where the bits of `index` say, all others
/// to the left.
digest chain(digest hash, std::uint64_t index, std::span<const digest> proof, std::size_t inner) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    const bool right = i >= inner || bit(index, i);
    hash = right ? node_hash(proof[i], hash) : node_hash(hash, proof[i]);
  }
  return hash;
}

/// The same, with only what is to the left: the tree as it was when it ended at the node.
digest chain_left(digest hash, std::uint64_t index, std::span<const digest> proof,
                  std::size_t inner) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    if (i >= inner || bit(index, i)) hash = node_hash(proof[i], hash);
  }
  return hash;
}

}  // namespace

result<digest> tree_root(std::uint64_t size, const node_reader& nodes) {
  if (size == 0) return empty_root();
  return range_root(0, size, nodes);
}

result<std::vector<digest>> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                            const node_reader& nodes) {
  if (index >= size) {
    return fail("tree_index", "the tree has " + std::to_string(size) + " leaves, none of index " +
                                  std::to_string(index));
  }
  std::vector<digest> out;
  if (auto done = climb({.level = 0, .index = index}, size, nodes, out); !done) {
    return fail(std::move(done).error());
  }
  return out;
}

namespace {

result<void> check_sizes(std::uint64_t from, std::uint64_t to) {
  if (from == 0) {
    return fail("tree_empty",
                "there is no consistency proof from the empty tree: it proves nothing");
  }
  if (from > to) {
    return fail("tree_size", "the tree of " + std::to_string(to) +
                                 " leaves cannot continue one of " + std::to_string(from));
  }
  return {};
}

}  // namespace

result<std::vector<digest>> prove_consistency(std::uint64_t from, std::uint64_t to,
                                              const node_reader& nodes) {
  if (auto good = check_sizes(from, to); !good) return fail(std::move(good).error());
  std::vector<digest> out;
  if (from == to) return out;
  // The largest complete subtree that ends where the smaller tree ends.
  const auto level = static_cast<unsigned>(std::countr_zero(from));
  const tree_node end{.level = level, .index = (from >> level) - 1};
  // INVARIANT: when the smaller tree is that subtree, the verifier has its root already.
  if (end.index != 0) {
    auto hash = nodes(end);
    if (!hash) return fail(std::move(hash).error());
    out.push_back(*hash);
  }
  if (auto done = climb(end, to, nodes, out); !done) return fail(std::move(done).error());
  return out;
}

result<digest> root_of_inclusion(const digest& leaf, std::uint64_t index, std::uint64_t size,
                                 std::span<const digest> proof) {
  if (index >= size) {
    return fail("tree_index", "the index " + std::to_string(index) + " is not below the size " +
                                  std::to_string(size));
  }
  const proof_shape shape = shape_of(index, size);
  if (proof.size() != shape.length()) return wrong_length(shape.length(), proof.size());
  return chain(leaf, index, proof, shape.inner);
}

result<void> verify_inclusion(const digest& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const digest> proof, const digest& root) {
  auto found = root_of_inclusion(leaf, index, size, proof);
  if (!found) return fail(std::move(found).error());
  if (*found != root) return mismatch("root");
  return {};
}

result<void> verify_consistency(const tree_head& from, const tree_head& to,
                                std::span<const digest> proof) {
  if (auto good = check_sizes(from.size, to.size); !good) return good;
  if (from.size == to.size) {
    if (!proof.empty()) return wrong_length(0, proof.size());
    if (from.root != to.root) return fail("proof_mismatch", "trees of one size with two roots");
    return {};
  }
  const auto level = static_cast<unsigned>(std::countr_zero(from.size));
  const std::uint64_t index = (from.size >> level) - 1;
  const bool known = index == 0;
  proof_shape shape = shape_of(from.size - 1, to.size);
  shape.inner -= level;
  const std::size_t wanted = shape.length() + (known ? 0 : 1);
  if (proof.size() != wanted) return wrong_length(wanted, proof.size());
  const digest seed = known ? from.root : proof.front();
  const auto rest = proof.subspan(known ? 0 : 1);
  if (chain_left(seed, index, rest, shape.inner) != from.root)
    return mismatch("smaller tree's root");
  if (chain(seed, index, rest, shape.inner) != to.root) return mismatch("larger tree's root");
  return {};
}

}  // namespace leeway::audit
