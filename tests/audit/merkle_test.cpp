// SPDX-License-Identifier: Apache-2.0
#include "audit/tree_support.hpp"

#include <leeway/audit/merkle.hpp>

#include <gtest/gtest.h>

#include <string>

namespace leeway::audit {
namespace {

TEST(LeafHash, SeparatesLeavesFromNodes) {
  const digest a = leaf_hash("a");
  const digest b = leaf_hash("b");
  EXPECT_EQ(a, digest::of(std::string("\0a", 2)));
  std::string both;
  for (const digest& one : {a, b}) both.append(one.bytes().begin(), one.bytes().end());
  EXPECT_EQ(node_hash(a, b), digest::of("\x01" + both));
  EXPECT_NE(leaf_hash(both), node_hash(a, b));
  EXPECT_NE(node_hash(a, b), node_hash(b, a));
}

TEST(Frontier, HasTheRootOfTheDefinitionAtEverySize) {
  const auto all = test::leaves(600);
  frontier tree;
  for (std::size_t size = 0; size < all.size(); ++size) {
    ASSERT_EQ(tree.size(), size);
    ASSERT_EQ(tree.root(), test::root_by_definition(std::span(all).first(size))) << size;
    tree.append(all[size]);
  }
}

TEST(Frontier, TellsOfEveryCompleteSubtreeOnce) {
  const auto all = test::leaves(100);
  frontier tree;
  std::size_t told = 0;
  for (const digest& one : all) {
    tree.append(one, [&](const tree_node& at, const digest& hash) {
      ++told;
      const std::size_t length = std::size_t{1} << at.level;
      ASSERT_TRUE(is_complete(at, all.size()));
      EXPECT_EQ(hash, test::root_by_definition(std::span(all).subspan(
                          static_cast<std::size_t>(at.index) * length, length)));
    });
  }
  std::size_t there = 0;
  for (std::size_t length = 1; length <= all.size(); length *= 2) there += all.size() / length;
  EXPECT_EQ(told, there);
}

TEST(Frontier, GoesOnFromWhatWasKept) {
  const auto all = test::leaves(200);
  frontier tree;
  for (const digest& one : all) {
    const auto again = frontier::from_bytes(tree.to_bytes());
    ASSERT_TRUE(again);
    ASSERT_EQ(*again, tree);
    tree = *again;
    tree.append(one);
  }
  EXPECT_EQ(tree.root(), test::root_by_definition(all));
}

TEST(Frontier, RefusesBytesOfAnotherLength) {
  frontier tree;
  for (const digest& one : test::leaves(13)) tree.append(one);
  const std::string good = tree.to_bytes();
  ASSERT_EQ(good.size(), 8U + 3 * 32);
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(frontier::from_bytes(std::string_view(good).substr(0, i))) << i;
  }
  EXPECT_FALSE(frontier::from_bytes(good + "x"));
  std::string other = good;
  other[7] = 12;  // one bit less
  EXPECT_EQ(frontier::from_bytes(other).error().code, "frontier_syntax");
  EXPECT_TRUE(frontier::from_bytes(std::string(8, '\0')));
}

TEST(TreeNode, IsCompleteWhenAllItsLeavesAreThere) {
  EXPECT_TRUE(is_complete({.level = 0, .index = 6}, 7));
  EXPECT_FALSE(is_complete({.level = 0, .index = 7}, 7));
  EXPECT_TRUE(is_complete({.level = 1, .index = 2}, 7));
  EXPECT_FALSE(is_complete({.level = 1, .index = 3}, 7));
  EXPECT_FALSE(is_complete({.level = 63, .index = 1}, UINT64_MAX));
  EXPECT_TRUE(is_complete({.level = 63, .index = 0}, UINT64_MAX));
  EXPECT_FALSE(is_complete({.level = 64, .index = 0}, UINT64_MAX));
}

}  // namespace
}  // namespace leeway::audit
