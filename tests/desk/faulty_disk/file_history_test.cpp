// SPDX-License-Identifier: Apache-2.0
#include "desk/faulty_disk/file_history.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

using leeway::test::file_content;
using leeway::test::file_history;

std::string block(char c, std::size_t size = 4) { return std::string(size, c); }

/// Every outcome of many tries, "-" for no file.
template <class Try>
std::set<std::string> outcomes(const Try& one) {
  std::mt19937_64 random(1);
  std::set<std::string> out;
  for (int i = 0; i < 400; ++i) out.insert(one(random).value_or("-"));
  return out;
}

TEST(FileHistory, LosesWhatWasNotSynced) {
  file_history h(file_content("old."));
  h.write(0, "new!");
  EXPECT_EQ(h.lost(), "old.");
  EXPECT_EQ(h.kept(), "new!");
  h.sync();
  EXPECT_EQ(h.lost(), "new!");
}

TEST(FileHistory, LosesANewFileWhollyUntilItsFirstSync) {
  file_history h(std::nullopt);
  h.create();
  h.write(2, "ab");
  EXPECT_EQ(h.lost(), std::nullopt);
  EXPECT_EQ(h.kept(), std::string("\0\0ab", 4));
  h.sync();
  h.remove();
  EXPECT_EQ(h.lost(), std::string("\0\0ab", 4));
  EXPECT_EQ(h.kept(), std::nullopt);
}

TEST(FileHistory, KeepsTheNameWithoutTheContentWhenTheFolderIsSynced) {
  file_history made(std::nullopt);
  made.create();
  made.write(0, "new");
  made.sync_name();
  EXPECT_EQ(made.lost(), "");
  EXPECT_EQ(made.kept(), "new");

  file_history removed(file_content("old"));
  removed.write(0, "new");
  removed.sync_name();
  EXPECT_EQ(removed.lost(), "old");
  removed.remove();
  removed.sync_name();
  EXPECT_EQ(removed.lost(), std::nullopt);
}

TEST(FileHistory, ForgetsForEverWhatAFailedSyncWasToKeep) {
  file_history h(file_content("aaaabbbb"));
  h.write(0, "AAAA");
  h.forget();
  h.write(4, "BBBB");
  h.sync();
  EXPECT_EQ(h.lost(), "aaaaBBBB");
}

TEST(FileHistory, TearsTheLastWriteBetweenSectorsOnly) {
  file_history h(file_content(block('a', 12)));
  h.write(0, "AAAA");
  h.write(2, block('B', 10));
  const auto seen = outcomes([&](auto& random) { return h.torn(4, random); });
  EXPECT_EQ(seen, (std::set<std::string>{"AAAAaaaaaaaa", "AABBaaaaaaaa", "AABBBBBBaaaa"}));
}

TEST(FileHistory, TearsAWriteOfOneSectorByLosingIt) {
  file_history h(file_content(block('a')));
  h.write(0, "BBBB");
  EXPECT_EQ(outcomes([&](auto& random) { return h.torn(4, random); }),
            std::set<std::string>{"aaaa"});
}

TEST(FileHistory, ShufflesSectorsEachToAnyOfItsMoments) {
  file_history h(file_content(block('a', 8)));
  h.write(0, "1111");
  h.write(0, "22223333");
  const auto seen = outcomes([&](auto& random) { return h.shuffled(4, random); });
  EXPECT_EQ(seen, (std::set<std::string>{"aaaaaaaa", "1111aaaa", "2222aaaa", "aaaa3333", "11113333",
                                         "22223333"}));
}

TEST(FileHistory, ShufflesSizeAndExistenceToo) {
  file_history h(std::nullopt);
  h.create();
  h.write(0, "1111");
  h.remove();
  h.create();
  h.write(0, "22");
  const auto seen = outcomes([&](auto& random) { return h.shuffled(4, random); });
  const std::string zeros2(2, '\0');
  const std::string zeros4(4, '\0');
  EXPECT_EQ(seen, (std::set<std::string>{"-", "", "1111", zeros4, "22", zeros2}));
}

TEST(FileHistory, KeepsATruncationAmongTheMoments) {
  file_history h(file_content("aaaabbbb"));
  h.truncate(2);
  h.write(2, "cc");
  const auto seen = outcomes([&](auto& random) { return h.shuffled(4, random); });
  EXPECT_TRUE(seen.contains("aaaabbbb"));
  EXPECT_TRUE(seen.contains("aacc"));
  EXPECT_TRUE(seen.contains("aa"));
  EXPECT_TRUE(seen.contains(std::string("aa\0\0", 4)));
}

}  // namespace
