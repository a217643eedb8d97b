// SPDX-License-Identifier: Apache-2.0
// Proofs over every small tree, against the recursive definitions; and hostile ones.
#include "audit/tree_support.hpp"
#include "base/random.hpp"

#include <leeway/audit/merkle_proof.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace leeway::audit {
namespace {

constexpr std::size_t every_size = 130;  // every pair of numbers up to it; beyond two powers of two
constexpr std::size_t most_leaves = 400;

class trees {
 public:
  explicit trees(std::size_t count) : leaves_(test::leaves(count)), nodes_(leaves_) {
    frontier tree;
    for (const digest& one : leaves_) {
      roots_.push_back(tree.root());
      tree.append(one);
    }
    roots_.push_back(tree.root());
  }

  [[nodiscard]] std::span<const digest> leaves(std::size_t size) const {
    return std::span(leaves_).first(size);
  }
  [[nodiscard]] const digest& leaf(std::size_t i) const { return leaves_[i]; }
  [[nodiscard]] const digest& root(std::size_t size) const { return roots_[size]; }
  [[nodiscard]] tree_head head(std::size_t size) const {
    return {.size = size, .root = root(size)};
  }
  /// By reference: a node_reader would copy them.
  [[nodiscard]] node_reader nodes() const { return std::cref(nodes_); }

 private:
  std::vector<digest> leaves_;
  test::kept_nodes nodes_;
  std::vector<digest> roots_{};
};

const trees& all() {
  static const trees made(most_leaves);
  return made;
}

/// The ways in which somebody may change a list of hashes: each must be noticed.
std::vector<std::vector<digest>> changed(const std::vector<digest>& proof,
                                         leeway::test::random_source& random) {
  std::vector<std::vector<digest>> out;
  const digest other = leaf_hash("other");
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    out.push_back(proof);
    out.back().insert(out.back().begin() + static_cast<std::ptrdiff_t>(i), other);
    if (i == proof.size()) break;
    out.push_back(proof);
    out.back().erase(out.back().begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(proof);
    out.back()[i] = test::flipped(proof[i], static_cast<std::size_t>(random.between(0, 255)));
    out.push_back(proof);
    out.back().insert(out.back().begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    if (i + 1 < proof.size() && proof[i] != proof[i + 1]) {
      out.push_back(proof);
      std::swap(out.back()[i], out.back()[i + 1]);
    }
  }
  return out;
}

TEST(InclusionProof, IsThatOfTheDefinitionForEveryLeafOfEverySize) {
  for (std::size_t size = 1; size <= every_size; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = prove_inclusion(index, size, all().nodes());
      ASSERT_TRUE(proof) << index << " of " << size << ": " << proof.error().message;
      ASSERT_EQ(*proof, test::path_by_definition(index, all().leaves(size)))
          << index << " " << size;
    }
  }
}

TEST(InclusionProof, VerifiesForEveryLeafOfEverySizeAndAtNoOtherPlace) {
  for (std::size_t size = 1; size <= most_leaves; size += size < every_size ? 1 : 17) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = prove_inclusion(index, size, all().nodes()).value();
      const auto holds = [&](std::size_t at, const digest& leaf, const digest& root) {
        return verify_inclusion(leaf, at, size, proof, root).has_value();
      };
      ASSERT_TRUE(holds(index, all().leaf(index), all().root(size)));
      ASSERT_FALSE(holds(index, all().leaf((index + 1) % most_leaves), all().root(size)));
      ASSERT_FALSE(holds(index, all().leaf(index), all().root(size - 1)));
      for (std::size_t at = 0; at <= size; ++at) {
        if (at == index) continue;
        ASSERT_FALSE(holds(at, all().leaf(index), all().root(size))) << index << " at " << at;
      }
    }
  }
}

TEST(InclusionProof, HasAShapeThatItsNumbersSay) {
  // Trees of two sizes can agree on a proof: a size means something only with its own root.
  std::size_t refused = 0;
  for (std::size_t size = 1; size <= every_size; ++size) {
    for (std::size_t other = 1; other <= every_size; ++other) {
      const std::size_t index = size / 3;
      if (other == size || index >= other) continue;
      const auto proof = prove_inclusion(index, size, all().nodes()).value();
      ASSERT_FALSE(verify_inclusion(all().leaf(index), index, other, proof, all().root(other)));
      if (!root_of_inclusion(all().leaf(index), index, other, proof)) ++refused;
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(InclusionProof, DoesNotSurviveAnyChange) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  for (std::size_t size = 1; size <= every_size; ++size) {
    const auto index =
        static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(size) - 1));
    const auto proof = prove_inclusion(index, size, all().nodes()).value();
    for (const auto& bad : changed(proof, random)) {
      ASSERT_FALSE(verify_inclusion(all().leaf(index), index, size, bad, all().root(size)))
          << index << " of " << size;
    }
  }
}

TEST(InclusionProof, NoticesEveryFlippedBit) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{77}}) {
    const std::size_t index = size / 2;
    const auto proof = prove_inclusion(index, size, all().nodes()).value();
    for (std::size_t bit = 0; bit < 256; ++bit) {
      EXPECT_FALSE(verify_inclusion(test::flipped(all().leaf(index), bit), index, size, proof,
                                    all().root(size)));
      EXPECT_FALSE(verify_inclusion(all().leaf(index), index, size, proof,
                                    test::flipped(all().root(size), bit)));
      for (std::size_t i = 0; i < proof.size(); ++i) {
        auto bad = proof;
        bad[i] = test::flipped(bad[i], bit);
        EXPECT_FALSE(verify_inclusion(all().leaf(index), index, size, bad, all().root(size)));
      }
    }
  }
}

TEST(InclusionProof, NamesWhatIsWrong) {
  const auto proof = prove_inclusion(3, 7, all().nodes()).value();
  const auto code = [&](std::uint64_t index, std::uint64_t size, std::span<const digest> p) {
    return verify_inclusion(all().leaf(3), index, size, p, all().root(7)).error().code;
  };
  EXPECT_EQ(code(7, 7, proof), "tree_index");
  EXPECT_EQ(code(0, 0, {}), "tree_index");
  EXPECT_EQ(code(3, 7, std::span(proof).first(2)), "proof_length");
  EXPECT_EQ(code(2, 7, proof), "proof_mismatch");
  EXPECT_EQ(prove_inclusion(7, 7, all().nodes()).error().code, "tree_index");
  EXPECT_EQ(prove_inclusion(0, 0, all().nodes()).error().code, "tree_index");
}

TEST(ConsistencyProof, IsThatOfTheDefinitionForEveryPairOfSizes) {
  for (std::size_t to = 1; to <= every_size; ++to) {
    for (std::size_t from = 1; from <= to; ++from) {
      const auto proof = prove_consistency(from, to, all().nodes());
      ASSERT_TRUE(proof) << from << " to " << to << ": " << proof.error().message;
      ASSERT_EQ(*proof, test::subproof_by_definition(from, all().leaves(to), true))
          << from << " to " << to;
    }
  }
}

TEST(ConsistencyProof, VerifiesForEveryPairOfSizesAndForNoOtherRoots) {
  for (std::size_t to = 1; to <= most_leaves; to += to < every_size ? 1 : 13) {
    for (std::size_t from = 1; from <= to; ++from) {
      const auto proof = prove_consistency(from, to, all().nodes()).value();
      ASSERT_TRUE(verify_consistency(all().head(from), all().head(to), proof)) << from << " " << to;
      tree_head wrong = all().head(from);
      wrong.root = all().root(from - 1);
      ASSERT_FALSE(verify_consistency(wrong, all().head(to), proof)) << from << " " << to;
      wrong = all().head(to);
      wrong.root = all().root(to - 1);
      ASSERT_FALSE(verify_consistency(all().head(from), wrong, proof)) << from << " " << to;
      if (from != to) {
        ASSERT_FALSE(verify_consistency(all().head(to), all().head(from), proof));
      }
    }
  }
}

TEST(ConsistencyProof, DoesNotHoldBetweenOtherSizes) {
  for (std::size_t to = 2; to <= 70; ++to) {
    for (std::size_t from = 1; from < to; ++from) {
      const auto proof = prove_consistency(from, to, all().nodes()).value();
      for (std::size_t other = 1; other <= 70; ++other) {
        if (other != from) {
          ASSERT_FALSE(verify_consistency(all().head(other), all().head(to), proof))
              << from << " " << to << " " << other;
        }
        if (other != to) {
          ASSERT_FALSE(verify_consistency(all().head(from), all().head(other), proof) &&
                       !(from == other && proof.empty()))
              << from << " " << to << " " << other;
        }
      }
    }
  }
}

TEST(ConsistencyProof, DoesNotSurviveAnyChange) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  for (std::size_t to = 2; to <= every_size; ++to) {
    const auto from = static_cast<std::size_t>(random.between(1, static_cast<std::int64_t>(to)));
    const auto proof = prove_consistency(from, to, all().nodes()).value();
    for (const auto& bad : changed(proof, random)) {
      ASSERT_FALSE(verify_consistency(all().head(from), all().head(to), bad)) << from << " " << to;
    }
  }
}

TEST(ConsistencyProof, IsRefusedFromTheEmptyTree) {
  // RFC 6962 defines a proof for 0 < m only; nothing would have been proved.
  const tree_head empty{.size = 0, .root = empty_root()};
  EXPECT_EQ(verify_consistency(empty, empty, {}).error().code, "tree_empty");
  EXPECT_EQ(verify_consistency(empty, all().head(5), {}).error().code, "tree_empty");
  EXPECT_EQ(prove_consistency(0, 5, all().nodes()).error().code, "tree_empty");
}

TEST(ConsistencyProof, IsEmptyBetweenEqualTreesOnly) {
  EXPECT_TRUE(verify_consistency(all().head(5), all().head(5), {}));
  EXPECT_EQ(
      verify_consistency(all().head(5), all().head(5), std::vector{all().leaf(0)}).error().code,
      "proof_length");
  tree_head forked = all().head(5);
  forked.root = all().root(6);
  EXPECT_EQ(verify_consistency(all().head(5), forked, {}).error().code, "proof_mismatch");
  EXPECT_EQ(verify_consistency(all().head(5), all().head(4), {}).error().code, "tree_size");
  EXPECT_EQ(verify_consistency(all().head(4), all().head(5), {}).error().code, "proof_length");
}

TEST(Proof, IsRightForTheLargestTrees) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  const test::uniform_nodes nodes;
  for (int i = 0; i < 2000; ++i) {
    const auto any = [&] { return static_cast<std::uint64_t>(random.any()) | 1U; };
    const std::uint64_t size = std::max<std::uint64_t>(i % 2 == 0 ? any() : any() >> 1U, 2);
    const std::uint64_t index = any() % size;
    const tree_head head{.size = size, .root = tree_root(size, nodes).value()};
    const auto inclusion = prove_inclusion(index, size, nodes);
    ASSERT_TRUE(inclusion) << inclusion.error().message;
    ASSERT_LE(inclusion->size(), 64U);
    ASSERT_TRUE(verify_inclusion(nodes.leaf(), index, size, *inclusion, head.root)) << size;
    const std::uint64_t smaller = index + 1;
    const auto consistency = prove_consistency(smaller, size, nodes);
    ASSERT_TRUE(consistency) << consistency.error().message;
    ASSERT_LE(consistency->size(), 65U);
    ASSERT_TRUE(verify_consistency({.size = smaller, .root = tree_root(smaller, nodes).value()},
                                   head, *consistency))
        << smaller << " " << size;
  }
}

TEST(Proof, CostsNothingWhenItsNumbersAreHostile) {
  const std::vector<digest> many(100000, all().leaf(0));
  EXPECT_EQ(
      verify_inclusion(all().leaf(0), UINT64_MAX - 1, UINT64_MAX, many, all().root(1)).error().code,
      "proof_length");
  EXPECT_EQ(verify_consistency({.size = UINT64_MAX - 1, .root = {}},
                               {.size = UINT64_MAX, .root = {}}, many)
                .error()
                .code,
            "proof_length");
}

TEST(Proof, PassesOnWhatItsStorageSays) {
  const auto broken = [](const tree_node&) -> result<digest> {
    return fail("store_failed", "gone");
  };
  EXPECT_EQ(tree_root(5, broken).error().code, "store_failed");
  EXPECT_EQ(prove_inclusion(2, 5, broken).error().code, "store_failed");
  EXPECT_EQ(prove_consistency(3, 5, broken).error().code, "store_failed");
}

}  // namespace
}  // namespace leeway::audit
