// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every well-typed expression.
#include "condition/support.hpp"
#include "condition/trace.hpp"
#include "condition/typed_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace leeway::condition::test {
namespace {

/// Writes random expressions that are well-typed by construction.
class writer {
 public:
  explicit writer(std::uint64_t s) : random_(s) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::string pick(std::initializer_list<const char*> words) {
    return *(words.begin() + static_cast<std::ptrdiff_t>(below(words.size())));
  }

  std::string boolean(int depth) {
    if (depth <= 0) return pick({"true", "false", "contact.proof", "values.late"});
    switch (below(9)) {
      case 0: return "(" + boolean(depth - 1) + " && " + boolean(depth - 1) + ")";
      case 1: return "(" + boolean(depth - 1) + " || " + boolean(depth - 1) + ")";
      case 2: return "!(" + boolean(depth - 1) + ")";
      case 3: return "(" + integer(depth - 1) + relation() + integer(depth - 1) + ")";
      case 4: return "(" + amount(depth - 1) + relation() + amount(depth - 1) + ")";
      case 5:
        return "(" + boolean(depth - 1) + " ? " + boolean(depth - 1) + " : " + boolean(depth - 1) +
               ")";
      case 6: return "(" + text(depth - 1) + pick({" == ", " != ", " < "}) + text(depth - 1) + ")";
      case 7:
        return "[1, 2, 3]." + pick({"all", "exists", "exists_one"}) + "(e, e" + relation() +
               integer(depth - 2) + ")";
      default: return "(" + integer(depth - 1) + " in contact.delays)";
    }
  }

  std::string integer(int depth) {
    if (depth <= 0)
      return pick(
          {"0", "1", "-7", "3", "9223372036854775807", "contact.hours_late", "usage.waivers_6m"});
    switch (below(5)) {
      case 0:
        return "(" + integer(depth - 1) + pick({" + ", " - ", " * ", " / ", " % "}) +
               integer(depth - 1) + ")";
      case 1:
        return "(" + boolean(depth - 1) + " ? " + integer(depth - 1) + " : " + integer(depth - 1) +
               ")";
      case 2: return pick({"min(", "max("}) + integer(depth - 1) + ", " + integer(depth - 1) + ")";
      case 3: return "sum(contact.delays.map(d, d + " + integer(depth - 2) + "))";
      default: return "size(" + text(depth - 1) + ")";
    }
  }

  std::string amount(int depth) {
    if (depth <= 0)
      return pick({"money('0 USD')", "money('12.34 USD')", "contact.paid", "values.cap"});
    switch (below(4)) {
      case 0: return "(" + amount(depth - 1) + pick({" + ", " - "}) + amount(depth - 1) + ")";
      case 1: return "(" + amount(depth - 1) + pick({" * ", " / "}) + integer(depth - 1) + ")";
      case 2:
        return "(" + amount(depth - 1) + " * " +
               pick({"ratio('1/3')", "customer.share", "percent(7)"}) + ")";
      default:
        return "round(" + amount(depth - 1) + ", '" + pick({"half_even", "up", "floor"}) + "')";
    }
  }

  std::string text(int depth) {
    if (depth <= 0) return pick({"''", "'x'", "contact.reason", "agent.id"});
    if (below(2) == 0) return "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
    return "string(" + integer(depth - 1) + ")";
  }

 private:
  std::string relation() { return pick({" < ", " <= ", " == ", " != ", " > ", " >= "}); }
  std::mt19937_64 random_;
};

// Macros inside macros are too costly on the longest lists; the facts here are short.
const compile_options small = {.list_limit = 10};

/// A frame that knows only some of what `full` knows.
frame partly(const world& w, const frame& full, writer& random) {
  frame out = full;
  for (slot s = 0; s < w.env().size(); ++s) {
    if (random.below(3) == 0) out.set_unknown(s);
  }
  return out;
}

TEST(WellTyped, CompileAndEvaluateAlike) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  const frame full = w.full();
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random.boolean(4);
    const auto out = w.build(text, {value_kind::boolean}, small);
    ASSERT_TRUE(out.code) << text << "\n" << (out.found.empty() ? "" : out.found.front().message);
    const evaluation once = evaluate(*out.code, w.env(), full);
    const evaluation again = evaluate(*out.code, w.env(), full);
    ASSERT_EQ(w.shown(once), w.shown(again)) << text;
    ASSERT_NE(once.status, evaluation::state::unknown) << text;
    ASSERT_FALSE(explain(*out.code, w.env(), full).empty()) << text;
    for (const frame& f : {full, w.blank()}) {
      const evaluation whole = evaluate(*out.code, w.env(), f);
      const traced root = trace(*out.code, w.env(), f);
      ASSERT_EQ(root.status, whole.status) << text;
      ASSERT_EQ(root.truth == true, whole.is_true()) << text;
      ASSERT_EQ(root.truth == false, whole.is_false()) << text;
    }
  }
}

TEST(WellTyped, KnownResultsAreFinalUnderMoreInformation) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  const frame full = w.full();
  for (int i = 0; i < 5000; ++i) {
    const std::string text = random.boolean(4);
    const auto out = w.build(text, {value_kind::boolean}, small);
    ASSERT_TRUE(out.code) << text;
    const frame some = partly(w, full, random);
    const evaluation early = evaluate(*out.code, w.env(), some);
    if (!early.is_known()) continue;
    const evaluation late = evaluate(*out.code, w.env(), full);
    ASSERT_TRUE(late.is_known()) << text;
    ASSERT_EQ(*early.result, *late.result) << text;
  }
}

TEST(WellTyped, WhatIsMissingWasReadAndIsUnknown) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  const frame full = w.full();
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random.boolean(4);
    const auto out = w.build(text, {}, small);
    ASSERT_TRUE(out.code) << text;
    const frame some = partly(w, full, random);
    const evaluation e = evaluate(*out.code, w.env(), some);
    for (const slot m : e.missing) {
      ASSERT_EQ(some.at(m).status, binding::state::unknown) << text;
      const auto& reads = out.code->reads();
      ASSERT_TRUE(std::binary_search(reads.begin(), reads.end(), m)) << text;
    }
    ASSERT_TRUE(std::is_sorted(e.missing.begin(), e.missing.end())) << text;
  }
}

/// Every overload, macro and form of the language, over random facts.
TEST(EveryForm, IsTotalAndFinalUnderMoreInformation) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  std::mt19937_64 random(s);
  std::size_t compiled_ones = 0;
  for (int i = 0; i < 4000; ++i) {
    typed_writer random_writer(
        w.env(), [&](std::size_t n) { return static_cast<std::size_t>(random() % n); });
    const type wanted = random_writer.any_type();
    const std::string text = random_writer.expression(wanted, 4);
    const auto out = w.build(text, {wanted}, small);
    for (const issue& one : out.found) {
      ASSERT_TRUE(one.warning || may_be_refused_for(one.code)) << text << "\n" << one.message;
    }
    if (!out.code) continue;
    ++compiled_ones;
    const frame full = random_writer.known();
    const frame some = random_writer.partly(full);
    const evaluation early = evaluate(*out.code, w.env(), some);
    const evaluation late = evaluate(*out.code, w.env(), full);
    ASSERT_NE(late.status, evaluation::state::unknown) << text;
    ASSERT_EQ(trace(*out.code, w.env(), some).status, early.status) << text;
    if (early.status == evaluation::state::unknown) continue;
    ASSERT_EQ(w.shown(early), w.shown(late)) << text;
  }
  EXPECT_GT(compiled_ones, 2000U);
}

}  // namespace
}  // namespace leeway::condition::test
