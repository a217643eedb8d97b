// SPDX-License-Identifier: Apache-2.0
#include "desk/entry_book.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace leeway {
namespace {

history_entry entry(std::string id, std::map<std::string, std::string, std::less<>> keys) {
  return {.id = std::move(id), .keys = std::move(keys)};
}

std::vector<std::string> ids(const std::vector<history_entry>& entries) {
  std::vector<std::string> out;
  for (const history_entry& e : entries) out.push_back(e.id);
  return out;
}

using names = std::vector<std::string>;

TEST(EntryBook, FindsWhatCarriesTheKeyOrLacksItsFact) {
  entry_book book;
  book.add(entry("none", {}));
  book.add(entry("mine", {{"customer.id", "c-1"}}));
  book.add(entry("other", {{"customer.id", "c-2"}}));
  book.add(entry("later", {{"contact.id", "k-1"}}));
  EXPECT_EQ(ids(book.that_may_count({{.keys = {{"customer.id", "c-1"}}}})),
            (names{"none", "mine", "later"}));
  EXPECT_EQ(ids(book.that_may_count({{.keys = {{"customer.id", "c-3"}}}})),
            (names{"none", "later"}));
}

TEST(EntryBook, GivesAllForAKeyWithoutFactsAndNoneForNoKey) {
  entry_book book;
  book.add(entry("a", {{"customer.id", "c-1"}}));
  book.add(entry("b", {{"customer.id", "c-2"}}));
  EXPECT_EQ(ids(book.that_may_count({usage_key{}})), (names{"a", "b"}));
  EXPECT_EQ(ids(book.that_may_count({{.keys = {{"agent.site", "x"}}}})), (names{"a", "b"}));
  EXPECT_TRUE(book.that_may_count({}).empty());
}

// What a look at every entry finds.
names by_looking(const std::vector<history_entry>& all, const std::vector<usage_key>& wanted) {
  names out;
  for (const history_entry& e : all) {
    bool counts = false;
    for (const usage_key& key : wanted) {
      bool may = true;
      for (const auto& [fact, text] : key.keys) {
        const auto found = e.keys.find(fact);
        may = may && (found == e.keys.end() || found->second == text);
      }
      counts = counts || may;
    }
    if (counts) out.push_back(e.id);
  }
  return out;
}

TEST(EntryBook, FindsWhatALookAtEveryEntryFinds) {
  std::mt19937 random(7);
  const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  const names facts{"a.id", "b.id", "c.id", "d.id"};
  for (int round = 0; round < 200; ++round) {
    entry_book book;
    std::vector<history_entry> all;
    for (unsigned i = 0; i < 30; ++i) {
      history_entry e = entry(std::to_string(i), {});
      for (const std::string& fact : facts) {
        if (pick(3) != 0) e.keys[fact] = std::to_string(pick(3));
      }
      all.push_back(e);
      book.add(std::move(e));
    }
    std::vector<usage_key> wanted(pick(3));
    for (usage_key& key : wanted) {
      for (unsigned k = pick(4); k > 0; --k) {
        key.keys.emplace_back(facts[pick(4)], std::to_string(pick(4)));
      }
    }
    ASSERT_EQ(ids(book.that_may_count(wanted)), by_looking(all, wanted)) << "round " << round;
  }
}

}  // namespace
}  // namespace leeway
