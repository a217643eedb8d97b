// SPDX-License-Identifier: Apache-2.0
// What an enemy would write: nothing here may crash, hang or be accepted beyond its bounds.
#include "condition/quick.hpp"
#include "condition/support.hpp"
#include "condition/tables.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leeway::condition::test {
namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Hostile, DeepNestingIsRefusedNotFollowed) {
  const world w;
  for (const char* const open :
       {"(", "[", "-", "!", "{1:", "size(", "true?", "true?true:", "a.", "1+"}) {
    const auto out = w.build(repeated(open, 3000) + "1");
    EXPECT_FALSE(out.code) << open;
    EXPECT_FALSE(out.found.empty()) << open;
    EXPECT_LE(out.found.size(), 50U) << open;
  }
}

TEST(Hostile, LongChainsOfOneConnectiveCostNoDepth) {
  const world w;
  EXPECT_TRUE(w.build(repeated("contact.proof && ", 500) + "true").code);
  EXPECT_TRUE(w.build(repeated("contact.proof||", 900) + "true").code);
}

TEST(Hostile, LongExpressionsAreRefused) {
  const world w;
  const auto out = w.build(std::string(20000, ' ') + "true");
  ASSERT_EQ(out.found.size(), 1U);
  EXPECT_EQ(out.found[0].code, "too_long");
}

TEST(Hostile, MacrosOverMacrosAreTooCostly) {
  const world w;
  const auto out =
      w.build("contact.delays.all(a, contact.delays.all(b, contact.delays.all(c, a < b)))");
  EXPECT_EQ(world::refusal(out), "refused: too_costly");
}

TEST(Hostile, ValuesThatDoubleEachOtherAreTooCostlyOrTooDeep) {
  world w;
  w.define("v0", "contact.hours_late > 1");
  std::size_t refused = 0;
  for (int i = 1; i < 600; ++i) {
    const std::string before = "values.v" + std::to_string(i - 1);
    std::string text = i < 300 ? "!" : before + " && ";
    text += before;
    const auto out = w.build(text);
    if (!out.code) {
      ++refused;
      break;
    }
    w.env().define_value("v" + std::to_string(i), out.code);
  }
  EXPECT_EQ(refused, 1U);
}

TEST(Hostile, ALargePatternOnALongTextIsAnErrorSoon) {
  world w;
  w.declare("contact.texts", "list<string>");
  const auto large = w.build("contact.reason.matches('((a{50}){19})c')");
  const auto small = w.build("contact.reason.matches('(a|b)*a(a|b)c')");
  ASSERT_TRUE(large.code && small.code);
  frame f = w.full();
  f.set(*w.env().slot_of("contact.reason"), std::string(1'000'000, 'a'));
  EXPECT_EQ(w.shown(evaluate(*large.code, w.env(), f)),
            "failed: the text is too long for this pattern");
  f.set(*w.env().slot_of("contact.reason"), std::string(10'000, 'a'));
  EXPECT_EQ(w.shown(evaluate(*large.code, w.env(), f)), "false");
  f.set(*w.env().slot_of("contact.reason"), std::string(100'000, 'a'));
  EXPECT_EQ(w.shown(evaluate(*small.code, w.env(), f)), "false");
  // Of each item of a list it may cost too much.
  EXPECT_TRUE(w.build("contact.texts.exists(t, t.matches('^refund'))").code);
  EXPECT_EQ(w.eval("contact.texts.exists(t, t.matches('((a{50}){19})c'))", w.blank()),
            "refused: too_costly");
}

TEST(Hostile, ManySlipsAreToldWithinABound) {
  const world w;
  const auto out = w.build(repeated("foo + $ ) ", 800));
  EXPECT_FALSE(out.code);
  EXPECT_LE(out.found.size(), 50U);
}

TEST(Hostile, EveryBeginningOfAnExpressionIsAnswered) {
  const world w;
  for (const table_case& c : read_table("values.txt")) {
    for (std::size_t n = 0; n < c.expression.size(); ++n) {
      const auto out = w.build(c.expression.substr(0, n));
      EXPECT_TRUE(out.code || !out.found.empty()) << c.expression.substr(0, n);
    }
  }
}

TEST(Hostile, MutatedExpressionsAreAnsweredAndEvaluate) {
  const world w;
  const auto seeds = read_table("values.txt");
  ASSERT_FALSE(seeds.empty());
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  std::mt19937_64 random(s);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const frame full = w.full(), blank = w.blank();
  static constexpr std::string_view alphabet =
      "()[]{}.,:?|&!=<>+-*/%'\"`\\ 0123456789abxzE_\n\x80\xC3";
  for (int round = 0; round < 20000; ++round) {
    std::string text = seeds[below(seeds.size())].expression;
    for (std::size_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0: text.erase(at, 1 + below(4)); break;
        case 1: text.insert(at, 1, alphabet[below(alphabet.size())]); break;
        case 2: text[at] = static_cast<char>(random() & 0xFFU); break;
        default: {
          const std::string& other = seeds[below(seeds.size())].expression;
          text.insert(at, other.substr(below(other.size()), 1 + below(12)));
        }
      }
    }
    const auto out = w.build(text, {}, {.amount_allowed_as_result = true});
    ASSERT_TRUE(out.code || !out.found.empty()) << text;
    if (!out.code) continue;
    for (const frame* f : {&full, &blank}) {
      const evaluation e = evaluate(*out.code, w.env(), *f);
      ASSERT_EQ(e.result.has_value(), e.is_known()) << text;
      ASSERT_EQ(quick_truth(*out.code, w.env(), *f) == truth::yes, e.is_true()) << text;
      reusable_vector<deciding_atom> atoms;
      explain(*out.code, w.env(), *f, atoms);
    }
    std::vector<std::int64_t> amounts;
    amount_candidates(*out.code, w.env(), full, amounts);
  }
}

}  // namespace
}  // namespace leeway::condition::test
