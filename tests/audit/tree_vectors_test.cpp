// SPDX-License-Identifier: Apache-2.0
// Trees and tiles of others: the reference tree of Certificate Transparency, paths of sumdb/tlog.
#include "audit/tree_support.hpp"
#include "base/text_support.hpp"

#include <leeway/audit/tile.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace leeway::audit {
namespace {

std::optional<nlohmann::json> vectors(const char* folder, const char* file) {
  const auto found = leeway::test::shared_folder(folder);
  if (!found) return std::nullopt;
  return nlohmann::json::parse(leeway::test::bytes_of(*found / file));
}

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return out;
}

TEST(TreeVectors, AgreeOnEveryHashRootAndProof) {
  const auto all = vectors("vectors/rfc6962-tree", "tree_vectors.json");
  if (!all) GTEST_SKIP() << "the RFC 6962 vectors are not there";
  std::vector<digest> leaves;
  for (const auto& one : all->at("leaf_inputs_hex")) {
    leaves.push_back(leaf_hash(from_hex(one.get<std::string>())));
  }
  const test::kept_nodes nodes(leaves);
  const auto& rows = all->at("node_hashes");
  std::size_t compared = 0;
  for (const auto& [at, hash] : nodes.all()) {
    const auto& row = rows.at(at.level);
    EXPECT_EQ(hash.hex(), row.at(static_cast<std::size_t>(at.index)).get<std::string>());
    ++compared;
  }
  std::size_t there = 0;
  for (const auto& row : rows) there += row.size();
  EXPECT_EQ(compared, there);

  const auto& roots = all->at("root_hashes_by_size");
  ASSERT_EQ(roots.size(), leaves.size() + 1);
  for (std::size_t size = 0; size < roots.size(); ++size) {
    const digest root = tree_root(size, nodes).value();
    EXPECT_EQ(root.hex(), roots[size].get<std::string>()) << size;
    for (std::size_t i = 0; i < size; ++i) {
      const auto proof = prove_inclusion(i, size, nodes).value();
      EXPECT_TRUE(verify_inclusion(leaves[i], i, size, proof, root));
    }
  }
  for (const auto& [text, hash] : all->at("hash_leaf").items()) {
    EXPECT_EQ(leaf_hash(text).hex(), hash.get<std::string>()) << text;
  }
}

TEST(TreeVectors, AgreeOnTheEmptyTree) {
  const auto all = vectors("vectors/golang-mod-note", "tlog_vectors.json");
  if (!all) GTEST_SKIP() << "the vectors of sumdb/tlog are not there";
  EXPECT_EQ(empty_root().hex(), all->at("empty_tree_root").get<std::string>());
}

/// `tile/<L>/<N>` of sumdb's `tile/<H>/<L>/<N>`: theirs tell the height, which is fixed here.
std::optional<std::string> without_height(const std::string& path) {
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  if (second == std::string::npos) return std::nullopt;
  std::string out = "tile" + path.substr(second);
  if (out.starts_with("tile/data/")) out.replace(5, 4, "entries");
  return out;
}

TEST(TilePathVectors, AgreeWithSumdb) {
  const auto all = vectors("vectors/golang-mod-note", "tlog_vectors.json");
  if (!all) GTEST_SKIP() << "the vectors of sumdb/tlog are not there";
  std::size_t checked = 0;
  for (const auto& one : all->at("tile_paths_go_format")) {
    const auto text = one.at(0).get<std::string>();
    const auto path = without_height(text);
    ASSERT_TRUE(path) << text;
    const auto read = parse_tile_path(*path);
    ++checked;
    if (one.at(1).is_null()) {
      EXPECT_FALSE(read) << text;
      continue;
    }
    ASSERT_TRUE(read) << text;
    const auto height = one.at(1).at(0).get<unsigned>();
    const auto level = one.at(1).at(1).get<int>();
    const auto width = one.at(1).at(3).get<unsigned>();
    EXPECT_EQ(read->kind, level < 0 ? tile_kind::entries : tile_kind::hashes) << text;
    EXPECT_EQ(read->level, level < 0 ? 0U : static_cast<unsigned>(level)) << text;
    EXPECT_EQ(read->index, one.at(1).at(2).get<std::uint64_t>()) << text;
    EXPECT_EQ(read->width, width == 1U << height ? tile_width : width) << text;
  }
  EXPECT_GT(checked, 0U);
}

TEST(TilePathVectors, AgreeWithTlogTiles) {
  const auto all = vectors("vectors/c2sp-examples", "c2sp_examples.json");
  if (!all) GTEST_SKIP() << "the examples of C2SP are not there";
  for (const auto& [index, path] : all->at("tile_index_path").items()) {
    EXPECT_EQ(tile_path({.index = std::stoull(index)}), "tile/0/" + path.get<std::string>());
  }
  const auto count = [](std::uint64_t size, unsigned level, bool full) {
    unsigned out = 0;
    each_new_tile(0, size, [&](const tile_id& id) {
      if (id.kind == tile_kind::entries || id.level != level) return true;
      if ((id.width == tile_width) == full) out += full ? 1 : id.width;
      return true;
    });
    return out;
  };
  const auto expect_counts = [&](const nlohmann::json& wanted, std::uint64_t size) {
    for (const auto& [key, number] : wanted.items()) {
      const auto level = static_cast<unsigned>(key.back() - '0');
      EXPECT_EQ(count(size, level, key.starts_with("full")), number.get<unsigned>()) << key;
    }
  };
  expect_counts(all->at("tile_counts_70000"), 70000);
  expect_counts(all->at("size_256"), 256);
}

}  // namespace
}  // namespace leeway::audit
