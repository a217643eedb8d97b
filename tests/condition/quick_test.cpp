// SPDX-License-Identifier: Apache-2.0
// The quick form of a program comes to what the general evaluator does.
#include "condition/quick.hpp"

#include "condition/support.hpp"
#include "condition/typed_writer.hpp"
#include "condition/writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace leeway::condition::test {
namespace {

// Macros inside macros are too costly on the longest lists; the facts here are short.
const compile_options small = {.list_limit = 10, .amount_allowed_as_result = true};

truth told(const program& p, const evaluation& e) {
  if (!p.result_type().is(value_kind::boolean)) return truth::unknown;
  return e.is_true() ? truth::yes : e.is_false() ? truth::no : truth::unknown;
}

/// What facts may hold: all declared kinds, awkward values, and what is not declared at all.
class facts {
 public:
  facts(const world& w, writer& random) : world_(w), random_(random) {}

  frame next() {
    frame out = world_.full();
    for (slot s = 0; s < out.size(); ++s) {
      switch (random_.below(8)) {
        case 0: out.set_unknown(s); break;
        case 1:
          if (world_.env().at(s).optional || random_.below(4) == 0) out.set_absent(s);
          break;
        case 2:
          if (random_.below(4) == 0) out.set(s, any(2));
          break;
        case 3:
        case 4: out.set(s, of(world_.env().at(s).static_type)); break;
        default: break;
      }
    }
    return out;
  }

 private:
  value any(int depth) {
    switch (random_.below(depth > 0 ? 12 : 9)) {
      case 0: return false;
      case 1: return 7;
      case 2: return std::numeric_limits<double>::quiet_NaN();
      case 3: return "gold";
      case 4: return eur(3);
      case 5: return money(12, currency::usd());
      case 6: return *ratio::make(1, 3);
      case 7: return civil_date{2020, 2, 29};
      case 8: return *leeway::duration::make(60);
      case 9: return value::list({any(depth - 1), any(depth - 1)});
      case 10: return value::map({{"a", any(depth - 1)}, {any(0), 1}});
      default: return *instant::make(0);
    }
  }
  value of(const type& t) {
    switch (t.kind()) {
      case value_kind::boolean: return random_.below(2) == 0;
      case value_kind::integer:
        return std::vector<value>{0, 1, -7, std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min()}[random_.below(5)];
      case value_kind::number:
        return std::vector<value>{0.0, -0.0, 0.4, 1e300,
                                  std::numeric_limits<double>::quiet_NaN()}[random_.below(5)];
      case value_kind::string:
        return std::vector<value>{"", "x", "gold", "late_fee", "basic"}[random_.below(5)];
      case value_kind::money:
        return std::vector<value>{usd(0), usd(12, 34), eur(5), usd(-3),
                                  *exact_money::make(1, 3, currency::usd())}[random_.below(5)];
      case value_kind::ratio:
        return std::vector<value>{ratio(0), ratio(1), *ratio::make(-1, 3)}[random_.below(3)];
      case value_kind::list: {
        value::list_type items;
        for (std::size_t i = random_.below(4); i > 0; --i) {
          items.push_back(random_.below(12) == 0 ? any(1) : of(t.element_or_nothing()));
        }
        return value::list(std::move(items));
      }
      case value_kind::map:
        return value::map({{"a", random_.below(8) == 0 ? any(1) : of(t.element_or_nothing())},
                           {"c", of(t.element_or_nothing())}});
      default: return any(0);
    }
  }

  const world& world_;
  writer& random_;
};

std::string shown(const reusable_vector<deciding_atom>& atoms) {
  std::string out;
  for (const deciding_atom& a : atoms) {
    out += a.expression + " | " + a.actual.to_string() + " | " + a.bound.to_string() + " | ";
    out += !a.result ? "unknown\n" : *a.result ? "true\n" : "false\n";
  }
  return out;
}

/// Empty: the quick form comes to what the general evaluator does.
std::string difference(const world& w, const program& p, const frame& f, int& known) {
  const evaluation e = evaluate(p, w.env(), f);
  const std::string about = p.text() + "\n" + w.shown(e);
  if (quick_truth(p, w.env(), f) != told(p, e)) return "truth of " + about;
  reusable_vector<deciding_atom> quickly;
  reusable_vector<deciding_atom> in_general;
  explain(p, w.env(), f, quickly);
  explain_in_general(p, w.env(), f, in_general);
  // As text, where NaN is equal to itself.
  if (shown(quickly) != shown(in_general)) return shown(quickly) + " for " + shown(in_general);
  value scratch(false);
  const value* const found = quick_value(p, w.env(), f, scratch);
  if ((found != nullptr) != e.is_known()) return "known: " + about;
  if (found == nullptr) return {};
  ++known;
  if (value::order(*found, *e.result) == std::strong_ordering::equal) return {};
  return found->to_string() + " for " + about;
}

TEST(QuickForm, ComesToWhatTheGeneralEvaluatorDoes) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  facts given(w, random);
  int known = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = random.below(4) == 0 ? random.anything(3) : random.boolean(4);
    const auto out = w.build(text, {}, small);
    ASSERT_TRUE(out.code) << text << "\n" << (out.found.empty() ? "" : out.found.front().message);
    for (int k = 0; k < 12; ++k) {
      ASSERT_EQ(difference(w, *out.code, given.next(), known), "");
    }
  }
  EXPECT_GT(known, 10000);
}

TEST(QuickForm, KnowsEveryOverloadAndMacro) {
  const world w;
  const std::uint64_t s = seed();
  SCOPED_TRACE(replay(s));
  writer random(s);
  facts given(w, random);
  typed_writer any(w.env(), [&](std::size_t n) { return random.below(n); });
  int known = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = any.expression(any.any_type(), 3);
    const auto out = w.build(text, {}, small);
    if (!out.code) continue;
    for (int k = 0; k < 12; ++k) {
      ASSERT_EQ(difference(w, *out.code, k < 6 ? any.known() : given.next(), known), "");
    }
  }
  EXPECT_GT(known, 5000);
}

}  // namespace
}  // namespace leeway::condition::test
