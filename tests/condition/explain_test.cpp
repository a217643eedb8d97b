// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"
#include "condition/tables.hpp"

#include <gtest/gtest.h>

namespace leeway::condition::test {
namespace {

std::string word(const deciding_atom& a) {
  if (a.result) return *a.result ? "true" : "false";
  const std::string sides = a.actual.to_string() + a.bound.to_string();
  return sides.find("error: ") != std::string::npos ? "failed" : "unknown";
}

std::string shown(const reusable_vector<deciding_atom>& atoms) {
  std::string out;
  for (const deciding_atom& a : atoms) {
    out += a.expression + " | " + a.actual.to_string() + " | " + a.bound.to_string() + " | " +
           word(a) + "\n";
  }
  return out;
}

std::string explained(const world& w, const program& p, const frame& f) {
  reusable_vector<deciding_atom> atoms;
  explain(p, w.env(), f, atoms);
  return shown(atoms);
}

void run_table(const world& w, const std::string& name, const frame& f) {
  const auto cases = read_table(name);
  ASSERT_GE(cases.size(), 10U) << "run in the root of the sources";
  for (const table_case& c : cases) {
    const auto out = w.build(c.expression);
    ASSERT_TRUE(out.code) << c.expression;
    EXPECT_EQ(explained(w, *out.code, f), c.expected)
        << name << ":" << c.line << ": " << c.expression;
  }
}

TEST(Explain, NamesTheAtomsThatDecided) {
  const world w;
  run_table(w, "explanations.txt", w.full());
}

TEST(Explain, NamesTheAtomsThatKeepItUnknown) {
  const world w;
  run_table(w, "open_explanations.txt", w.blank());
}

TEST(Explain, SaysNothingOfWhatIsNoCondition) {
  const world w;
  EXPECT_EQ(explained(w, *w.build("contact.hours_late").code, w.full()), "");
}

TEST(Explain, KeepsValuesAndAddsToWhatIsThere) {
  const world w;
  reusable_vector<deciding_atom> atoms;
  explain(*w.build("contact.hours_late >= 3").code, w.env(), w.full(), atoms);
  explain(*w.build("contact.reason in ['x', 'y']").code, w.env(), w.full(), atoms);
  ASSERT_EQ(atoms.size(), 2U);
  EXPECT_EQ(atoms[0].actual.content, value(4));
  EXPECT_EQ(atoms[0].bound, (atom_side{">=", value(3), {}}));
  EXPECT_EQ(atoms[1].bound, (atom_side{"in", value::list({"x", "y"}), {}}));
  EXPECT_EQ(atoms[1].result, false);
}

// A short condition may name values that name values twice.
TEST(Explain, TellsTheFirstHundred) {
  world w;
  w.define("v0", "contact.hours_late == 4");
  for (int i = 1; i <= 12; ++i) {
    std::string both = "values.v" + std::to_string(i - 1);
    both += " && " + both;
    w.define("v" + std::to_string(i), both);
  }
  const auto out = w.build("values.v12");
  ASSERT_TRUE(out.code);
  reusable_vector<deciding_atom> atoms;
  atoms.next();
  explain(*out.code, w.env(), w.full(), atoms);
  EXPECT_EQ(atoms.size(), 101U);
  EXPECT_LE(out.code->necessary().size(), 64U);
  EXPECT_FALSE(out.code->necessary().empty());
}

}  // namespace
}  // namespace leeway::condition::test
