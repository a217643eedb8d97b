// SPDX-License-Identifier: Apache-2.0
#include "audit/tree_support.hpp"
#include "base/random.hpp"

#include <leeway/audit/tile.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace leeway::audit {
namespace {

TEST(TilePath, IsAsTlogTilesSays) {
  EXPECT_EQ(tile_path({.level = 0, .index = 1234067}), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path({.level = 63, .index = 0, .width = 255}), "tile/63/000.p/255");
  EXPECT_EQ(tile_path({.kind = tile_kind::entries, .index = 999, .width = 1}),
            "tile/entries/999.p/1");
  EXPECT_EQ(tile_path({.kind = tile_kind::entries, .index = 1000}), "tile/entries/x001/000");
  EXPECT_EQ(tile_path({.level = 2, .index = UINT64_MAX}),
            "tile/2/x018/x446/x744/x073/x709/x551/615");
}

TEST(TilePath, ReadsBackWhatItWrites) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 2000; ++i) {
    tile_id id{.kind = i % 3 == 0 ? tile_kind::entries : tile_kind::hashes,
               .level = i % 3 == 0 ? 0U : static_cast<unsigned>(random.between(0, 63)),
               .index = static_cast<std::uint64_t>(random.any()),
               .width = static_cast<unsigned>(random.between(1, 256))};
    const auto read = parse_tile_path(tile_path(id));
    ASSERT_TRUE(read) << tile_path(id);
    EXPECT_EQ(*read, id) << tile_path(id);
  }
}

TEST(TilePath, HasOneFormOnly) {
  for (const char* bad : {"",
                          "tile",
                          "tile/",
                          "tile/0",
                          "tile/0/",
                          "tile/0/1",
                          "tile/0/01",
                          "tile/0/0001",
                          "tile/0/x000/001",
                          "tile/0/001/234",
                          "tile/0/x001/x234",
                          "tile/00/001",
                          "tile/64/001",
                          "tile/-1/001",
                          "tile/+1/001",
                          "tile/0/001.p",
                          "tile/0/001.p/",
                          "tile/0/001.p/0",
                          "tile/0/001.p/256",
                          "tile/0/001.p/01",
                          "tile/0/001.p/5/",
                          "tile/0/001/",
                          "/tile/0/001",
                          "tile//0/001",
                          "tile/0/x18446744073709551616",
                          "tile/0/x018/x446/x744/x073/x709/x551/616",
                          "tile/0/x999/x999/x999/x999/x999/x999/999",
                          "tile/data/001",
                          "tile/entries",
                          "tile/entries/",
                          "tile/entries/0/001",
                          "tile/0/001.p/5.p/5",
                          "tile/0/00a",
                          "tile/0/X001/234",
                          "tile/0/ 01"}) {
    const auto read = parse_tile_path(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().code, "tile_path");
  }
  EXPECT_FALSE(parse_tile_path(std::string(100000, '0')));
}

TEST(TileWidth, IsWhatTheTreeHas) {
  EXPECT_EQ(tile_width_at(0, 272, 70000), 256U);
  EXPECT_EQ(tile_width_at(0, 273, 70000), 112U);
  EXPECT_EQ(tile_width_at(0, 274, 70000), 0U);
  EXPECT_EQ(tile_width_at(1, 0, 70000), 256U);
  EXPECT_EQ(tile_width_at(1, 1, 70000), 17U);
  EXPECT_EQ(tile_width_at(2, 0, 70000), 1U);
  EXPECT_EQ(tile_width_at(3, 0, 70000), 0U);
  EXPECT_EQ(tile_width_at(63, 0, UINT64_MAX), 0U);
  EXPECT_EQ(tile_width_at(7, 0, UINT64_MAX), 255U);
  EXPECT_EQ(tile_width_at(0, UINT64_MAX / 256, UINT64_MAX), 255U);
}

TEST(EachNewTile, NamesWhatEachGrowthAdds) {
  // Growing by any steps names the same full tiles, and at each step exactly those that are new.
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  std::set<tile_id> grown;
  std::uint64_t size = 0;
  while (size < 140000) {
    const std::uint64_t next = size + static_cast<std::uint64_t>(random.between(1, 9000));
    ASSERT_TRUE(each_new_tile(size, next, [&](const tile_id& id) {
      EXPECT_EQ(id.width, tile_width_at(id.level, id.index, next));
      EXPECT_GT(id.width, tile_width_at(id.level, id.index, size));
      EXPECT_TRUE(grown.insert(id).second);
      return true;
    }));
    size = next;
  }
  std::set<tile_id> at_once;
  ASSERT_TRUE(each_new_tile(0, size, [&](const tile_id& id) { return at_once.insert(id).second; }));
  for (const tile_id& id : at_once) EXPECT_TRUE(grown.contains(id)) << tile_path(id);
  std::erase_if(grown, [](const tile_id& id) { return id.width < tile_width; });
  for (const tile_id& id : grown) EXPECT_TRUE(at_once.contains(id)) << tile_path(id);
}

TEST(EachNewTile, StopsWhenTold) {
  int told = 0;
  EXPECT_FALSE(each_new_tile(0, UINT64_MAX, [&](const tile_id&) { return ++told < 3; }));
  EXPECT_EQ(told, 3);
  EXPECT_TRUE(each_new_tile(5, 5, [](const tile_id&) { return false; }));
}

TEST(Tile, IsItsHashesAndNothingElse) {
  const auto hashes = test::leaves(5);
  const std::string bytes = tile_bytes(hashes);
  ASSERT_EQ(bytes.size(), 160U);
  EXPECT_EQ(parse_tile(bytes, 5).value(), hashes);
  EXPECT_EQ(parse_tile(bytes, 4).error().code, "tile_size");
  EXPECT_FALSE(parse_tile(bytes + "x", 5));
  EXPECT_FALSE(parse_tile(std::string_view(bytes).substr(1), 5));
}

TEST(Bundle, HoldsEntriesOfAnyBytes) {
  const std::vector<std::string> entries{"", "a", std::string(300, '\0'), std::string(65535, 'x')};
  std::string bundle;
  for (const auto& one : entries) ASSERT_TRUE(append_entry(bundle, one));
  EXPECT_EQ(bundle.substr(0, 5), std::string("\0\0\0\1a", 5));
  const auto read = parse_bundle(bundle, 4);
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::ranges::equal(*read, entries));
}

TEST(Bundle, RefusesLongEntriesAndOtherLengths) {
  std::string bundle;
  EXPECT_EQ(append_entry(bundle, std::string(65536, 'x')).error().code, "entry_too_long");
  EXPECT_TRUE(bundle.empty());
  ASSERT_TRUE(append_entry(bundle, "abc"));
  ASSERT_TRUE(append_entry(bundle, "de"));
  for (std::size_t i = 0; i < bundle.size(); ++i) {
    EXPECT_FALSE(parse_bundle(std::string_view(bundle).substr(0, i), 2)) << i;
  }
  EXPECT_FALSE(parse_bundle(bundle, 1));
  EXPECT_FALSE(parse_bundle(bundle, 3));
  EXPECT_FALSE(parse_bundle(bundle + '\0', 2));
  EXPECT_EQ(parse_bundle({}, 1).error().code, "bundle_size");
}

/// Writes the tiles of a tree as a log would, and reads them.
class kept_tiles {
 public:
  kept_tiles(const test::kept_nodes& nodes, std::uint64_t size) {
    each_new_tile(0, size, [&](const tile_id& id) {
      if (id.kind == tile_kind::entries) return true;
      std::vector<digest> hashes;
      for (unsigned i = 0; i < id.width; ++i) {
        hashes.push_back(
            nodes({.level = 8 * id.level, .index = id.index * tile_width + i}).value());
      }
      tiles_.emplace(tile_path(id), tile_bytes(hashes));
      return true;
    });
  }

  result<std::string> operator()(const tile_id& id) {
    ++reads;
    const auto found = tiles_.find(tile_path(id));
    if (found == tiles_.end()) return fail("no_tile", "no tile " + tile_path(id));
    return found->second;
  }

  int reads{};

 private:
  std::map<std::string, std::string> tiles_{};
};

TEST(TileNodes, GiveTheProofsOfTheTree) {
  leeway::test::random_source random;
  SCOPED_TRACE(random.replay());
  constexpr std::size_t most = 66000;
  const auto leaves = test::leaves(most);
  const test::kept_nodes nodes(leaves);
  for (const std::size_t size : {std::size_t{1}, std::size_t{255}, std::size_t{256},
                                 std::size_t{257}, std::size_t{5000}, std::size_t{65536}, most}) {
    kept_tiles tiles(nodes, size);
    EXPECT_EQ(tree_root(size, tile_nodes(size, std::ref(tiles))).value(),
              tree_root(size, std::cref(nodes)).value());
    for (int i = 0; i < 50; ++i) {
      const auto index =
          static_cast<std::uint64_t>(random.between(0, static_cast<std::int64_t>(size) - 1));
      tiles.reads = 0;
      EXPECT_EQ(prove_inclusion(index, size, tile_nodes(size, std::ref(tiles))).value(),
                prove_inclusion(index, size, std::cref(nodes)).value());
      EXPECT_LE(tiles.reads, 6);
      EXPECT_EQ(prove_consistency(index + 1, size, tile_nodes(size, std::ref(tiles))).value(),
                prove_consistency(index + 1, size, std::cref(nodes)).value());
    }
  }
}

TEST(TileNodes, RefuseWhatIsNotOfTheTree) {
  const test::kept_nodes nodes(test::leaves(300));
  kept_tiles tiles(nodes, 300);
  tile_nodes read(300, std::ref(tiles));
  EXPECT_TRUE(read({.level = 8, .index = 0}));
  EXPECT_EQ(read({.level = 8, .index = 1}).error().code, "tree_node");
  EXPECT_EQ(read({.level = 0, .index = 300}).error().code, "tree_node");
  EXPECT_EQ(read({.level = 64, .index = 0}).error().code, "tree_node");
  tile_nodes cut(300, [](const tile_id&) -> result<std::string> { return std::string(31, 'x'); });
  EXPECT_EQ(cut({.level = 0, .index = 0}).error().code, "tile_size");
}

}  // namespace
}  // namespace leeway::audit
