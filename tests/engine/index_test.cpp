// SPDX-License-Identifier: Apache-2.0
// Rules that are looked up by a fact speak when, and only when, they would if each were asked.
#include "engine/evaluate.hpp"
#include "engine/support.hpp"
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway::engine_test {
namespace {

std::string rule(const std::string& id, const std::string& when, const char* how = "when") {
  const std::string says = when.empty() ? "" : std::string("\"") + how + "\": \"" + when + "\", ";
  return "{\"id\": \"" + id + "\", " + says + R"("then": {"oblige": {"id": ")" + id + "\"}}}";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& one : parts) out += (out.empty() ? "" : ",\n") + one;
  return out;
}

// Ten rules on a string, ten on an int and ten on a bool, which is enough for each to be looked up
// by; and some that cannot be.
std::string rules() {
  std::vector<std::string> out;
  for (int i = 0; i < 10; ++i) {
    const auto n = std::to_string(i);
    out.push_back(rule("S" + n, "contact.reason == 's" + n + "'"));
    out.push_back(rule("N" + n, "contact.level == " + n + " && contact.paid > money('1 USD')"));
    out.push_back(rule("B" + n, std::string(i % 2 == 0 ? "" : "!") +
                                    "contact.vip && contact.paid >= money('" + n + " USD')"));
  }
  out.push_back(rule("S_in", "contact.reason in ['s1', 's2', 's1']"));
  out.push_back(rule("S_or", "contact.reason == 's2' || contact.reason == 's3'"));
  out.push_back(rule("N_in", "contact.level in [3, 4]"));
  out.push_back(rule("S_and_N", "contact.reason == 's4' && contact.level == 4"));
  out.push_back(rule("open", "contact.reason == 's5' || contact.paid > money('5 USD')"));
  out.push_back(rule("unless_S", "contact.reason == 's6'", "unless"));
  out.push_back(rule("unless_B", "contact.vip", "unless"));
  out.push_back(rule("always", ""));
  return joined(out);
}

const policy& indexed() {
  static const policy p = policy_of(
      R"("facts": {"contact.level": "int", "contact.vip": "bool",
                   "contact.paid": "money"},
         "roles": [{"id": "agent"}], "actions": [{"id": "refund"}, {"id": "credit"}],
         "grants": [{"id": "G", "to": "agent", "for": "*"}],
         "overlays": [{"id": "site", "version": "1", "applies": "agent.site == 'north'",
           "rules": [)" +
      joined(
          {rule("O_S", "contact.reason == 's7'"), rule("O_any", "contact.paid > money('3 USD')")}) +
      R"(]}], "rules": [)" + rules() + "]");
  return p;
}

struct known {
  std::optional<std::string> reason{};
  std::optional<std::int64_t> level{};
  std::optional<bool> vip{};
  std::optional<std::int64_t> paid{};
  std::optional<std::string> site{};
};

request asking(const known& k) {
  auto r = ask("refund", usd(5));
  auto& facts = r.contact.attributes;
  if (k.level) facts.emplace("level", *k.level);
  if (k.vip) facts.emplace("vip", *k.vip);
  if (k.paid) facts.emplace("paid", usd(*k.paid));
  r.contact.reason = k.reason;
  r.agent.site = k.site;
  return r;
}

// The rules that speak, in order; with `?` where it is not known whether they do.
names speaking(const decision& d) {
  names out;
  for (const auto& o : d.obligations) out.push_back(o.rule.str() + (o.certain ? "" : "?"));
  std::sort(out.begin(), out.end());
  return out;
}
names speaking(const known& k) { return speaking(indexed().decide(asking(k))); }

TEST(RuleIndex, HoldsWhatIsLookedUpAndWhatIsNot) {
  const auto& p = indexed().impl();
  const auto& here = p.of_action[*p.find_action("refund")];
  std::set<std::string> by;
  std::size_t held = 0;
  for (const auto& b : here.rule_buckets) {
    by.insert(p.env->at(b.fact).path);
    held += b.all.size();
  }
  EXPECT_EQ(by, (std::set<std::string>{"contact.level", "contact.reason", "contact.vip"}));
  names asked;
  for (const auto* r : here.rules_to_ask) asked.push_back(r->id.str());
  EXPECT_EQ(asked, (names{"O_any", "always", "open", "unless_B", "unless_S"}));
  EXPECT_EQ(held + asked.size(), here.rules.size());
}

TEST(RuleIndex, FindsByStringsListsAndDisjunctions) {
  const known base{.level = 99, .vip = true, .paid = 0, .site = "south"};
  const auto of = [&](const char* reason) {
    known k = base;
    k.reason = reason;
    return speaking(k);
  };
  EXPECT_EQ(of("s0"), (names{"B0", "S0", "always", "unless_S"}));
  EXPECT_EQ(of("s1"), (names{"B0", "S1", "S_in", "always", "unless_S"}));
  EXPECT_EQ(of("s2"), (names{"B0", "S2", "S_in", "S_or", "always", "unless_S"}));
  EXPECT_EQ(of("s5"), (names{"B0", "S5", "always", "open", "unless_S"}));
  EXPECT_EQ(of("s6"), (names{"B0", "S6", "always"}));
  EXPECT_EQ(of("other"), (names{"B0", "always", "unless_S"}));
}

TEST(RuleIndex, FindsByNumbersAndTruths) {
  const auto of = [](std::int64_t level, bool vip) {
    return speaking({.reason = "x", .level = level, .vip = vip, .paid = 2, .site = "south"});
  };
  EXPECT_EQ(of(0, true), (names{"B0", "B2", "N0", "always", "unless_S"}));
  // 1 is not true, and true is not 1.
  EXPECT_EQ(of(1, false), (names{"B1", "N1", "always", "unless_B", "unless_S"}));
  EXPECT_EQ(of(4, true), (names{"B0", "B2", "N4", "N_in", "always", "unless_S"}));
  EXPECT_EQ(of(-1, true), (names{"B0", "B2", "always", "unless_S"}));
}

TEST(RuleIndex, LeavesOutNothingOfAFactThatIsNotKnown) {
  const auto said = speaking({.level = 4, .vip = true, .paid = 0, .site = "south"});
  names expected{"B0", "N_in", "S_and_N?", "S_in?", "S_or?", "always", "open?", "unless_S?"};
  for (int i = 0; i < 10; ++i) expected.push_back("S" + std::to_string(i) + "?");
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(said, expected);
}

TEST(RuleIndex, ReachesTheRulesOfAnOverlayWhereItApplies) {
  const auto of = [](const char* reason, const std::optional<std::string>& site) {
    return speaking({.reason = reason, .level = 99, .vip = false, .paid = 4, .site = site});
  };
  EXPECT_EQ(of("s7", "north"),
            (names{"B1", "B3", "O_S", "O_any", "S7", "always", "unless_B", "unless_S"}));
  EXPECT_EQ(of("s8", "north"),
            (names{"B1", "B3", "O_any", "S8", "always", "unless_B", "unless_S"}));
  EXPECT_EQ(of("s7", "south"), (names{"B1", "B3", "S7", "always", "unless_B", "unless_S"}));
  EXPECT_EQ(of("s7", std::nullopt),
            (names{"B1", "B3", "O_S?", "O_any?", "S7", "always", "unless_B", "unless_S"}));
}

TEST(RuleIndex, IsForOneKindOfAction) {
  auto r = asking({.reason = "s1", .level = 1, .vip = true, .paid = 2, .site = "south"});
  const auto refund = speaking(indexed().decide(r));
  r.action.kind = "credit";
  EXPECT_EQ(speaking(indexed().decide(r)), refund);
}

// What a trace of a decision marked of one rule must be what the decision says of it.
void expect_traced(const engine::trace& seen, const names& said, const std::string& where) {
  for (const auto& r : indexed().impl().rules) {
    const auto found = seen.seen.find(r.id);
    ASSERT_NE(found, seen.seen.end()) << r.id.str() << where;
    const auto says = [&](const char* mark) {
      return std::binary_search(said.begin(), said.end(), r.id.str() + mark);
    };
    const int expected = says("")    ? engine::seen_true
                         : says("?") ? engine::seen_unknown
                                     : engine::seen_false;
    EXPECT_EQ(found->second, expected) << r.id.str() << where;
  }
}

// Traced, every rule is asked.
TEST(RuleIndex, SaysWhatAskingEveryRuleSays) {
  std::vector<known> all;
  for (const auto& reason : {std::optional<std::string>{}, {"s1"}, {"s4"}, {"s7"}, {"x"}}) {
    for (const auto& level : {std::optional<std::int64_t>{}, {0}, {4}, {77}}) {
      for (const auto& vip : {std::optional<bool>{}, {true}, {false}}) {
        for (const auto& paid : {std::optional<std::int64_t>{}, {0}, {6}}) {
          for (const auto& site : {std::optional<std::string>{}, {"north"}, {"south"}}) {
            all.push_back({reason, level, vip, paid, site});
          }
        }
      }
    }
  }
  for (const known& one : all) {
    const auto r = asking(one);
    const auto where = " of " + to_json(r);
    const auto used = indexed().usage_of(r);
    const auto plain = indexed().decide(r, used);
    engine::trace seen;
    decision traced;
    engine::decide_traced(indexed().impl(), r, used, {}, &seen, nullptr, traced);
    ASSERT_EQ(canonical_core(plain), canonical_core(traced)) << where;
    ASSERT_TRUE(plain.findings == traced.findings) << where;
    expect_traced(seen, speaking(plain), where);
  }
}

}  // namespace
}  // namespace leeway::engine_test
