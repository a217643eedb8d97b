// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every well-typed expression.
#include "condition/quick.hpp"
#include "condition/support.hpp"
#include "condition/trace.hpp"
#include "condition/typed_writer.hpp"
#include "condition/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leeway::condition::test {
namespace {

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
    reusable_vector<deciding_atom> atoms;
    explain(*out.code, w.env(), full, atoms);
    ASSERT_FALSE(atoms.empty()) << text;
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
    value scratch(false);
    const value* quick = quick_value(*out.code, w.env(), some, scratch);
    ASSERT_EQ(quick != nullptr, early.is_known()) << text;
    if (quick != nullptr) {
      ASSERT_EQ(quick->to_string(), early.result->to_string()) << text;
    }
    if (early.status == evaluation::state::unknown) continue;
    ASSERT_EQ(w.shown(early), w.shown(late)) << text;
  }
  EXPECT_GT(compiled_ones, 2000U);
}

}  // namespace
}  // namespace leeway::condition::test
