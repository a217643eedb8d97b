// SPDX-License-Identifier: Apache-2.0
// Conditions take no memory to evaluate. A program of its own: it counts every allocation.
#include "condition/allocations.hpp"
#include "condition/quick.hpp"
#include "condition/support.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace leeway::condition::test {
namespace {

TEST(QuickForm, AllocatesNothing) {
  world w;
  const frame full = w.full();
  const frame blank = w.blank();
  for (const char* const text :
       {"contact.proof && !contact.proof",
        "contact.hours_late >= 3 || usage.waivers_6m == 2",
        "action.amount > money('25 USD')",
        "contact.reason == 'late_fee'",
        "customer.churn_risk < 0.5",
        "customer.since < date('2020-02-29')",
        "at - duration('1h') > timestamp('2026-01-01T00:00:00Z')",
        "contact.wait > duration('1h')",
        "contact.reason in ['x', 'y', 'late_fee']",
        "'gold' in customer.flags",
        "contact.paid > customer.lifetime_value",
        "contact.reason == agent.id",
        "values.late && values.over_cap",
        "contact.hours_late + usage.waivers_6m * 2 > 3",
        "contact.paid - money('5 USD') < customer.lifetime_value * customer.share",
        "tables.limit['basic'] < contact.paid",
        "'x' == contact.reason || contact.extra.a == 1",
        "days_between(customer.since, date(at)) > 30 && months_between(at, at) == 0",
        "years_between(customer.since, date('2026-01-01')) > 3",
        "contact.delays.exists(d, [1, 2].all(e, e + d > 3))",
        "contact.extra.exists(k, k == 'a')",
        "size(contact.delays.filter(d, d > 5)) > 1",
        "sum(contact.delays) > max(contact.delays)",
        "min(contact.hours_late, 7, 9) == 4",
        "has(subject.seats) && subject.seats > 2",
        "contact.reason.startsWith('late')",
        "size(contact.reason) > 3 ? at.getHours() > 3 : contact.proof"}) {
    const auto out = w.build(text);
    ASSERT_TRUE(out.code) << text;
    value scratch(false);
    for (const frame* f : {&full, &blank}) {
      const std::size_t before = leeway::test::allocations();
      static_cast<void>(quick_truth(*out.code, w.env(), *f));
      static_cast<void>(quick_value(*out.code, w.env(), *f, scratch));
      EXPECT_EQ(leeway::test::allocations(), before) << text;
    }
  }
}

TEST(Explain, AllocatesNothingInMemoryUsedBefore) {
  world w;
  const frame full = w.full();
  reusable_vector<deciding_atom> atoms;
  for (const char* const text :
       {"contact.proof && contact.hours_late >= 3", "action.amount > money('25 USD')",
        "contact.reason in ['x', 'y', 'late_fee']", "values.late && !values.over_cap",
        "customer.since < date('2020-02-29') || at > timestamp('2026-01-01T00:00:00Z')",
        "contact.paid * ratio('1/2') > action.amount", "'gold' in customer.flags"}) {
    const auto out = w.build(text);
    ASSERT_TRUE(out.code) << text;
    explain(*out.code, w.env(), full, atoms);
    atoms.clear();
    const std::size_t before = leeway::test::allocations();
    explain(*out.code, w.env(), full, atoms);
    EXPECT_EQ(leeway::test::allocations(), before) << text;
    atoms.clear();
  }
}

}  // namespace
}  // namespace leeway::condition::test
