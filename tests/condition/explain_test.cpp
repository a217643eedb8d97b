// SPDX-License-Identifier: Apache-2.0
#include "condition/support.hpp"
#include "condition/tables.hpp"

#include <gtest/gtest.h>

namespace leeway::condition::test {
namespace {

std::string_view word(const atom& a) {
  switch (a.status) {
    case evaluation::state::unknown: return "unknown";
    case evaluation::state::failed: return "failed";
    case evaluation::state::known: break;
  }
  return a.result ? "true" : "false";
}

std::string shown(const std::vector<atom>& atoms) {
  std::string out;
  for (const atom& a : atoms) {
    out += a.expression + " | " + a.actual + " | " + a.bound + " | " + std::string(word(a)) + "\n";
  }
  return out;
}

void run_table(const world& w, const std::string& name, const frame& f) {
  const auto cases = read_table(name);
  ASSERT_GE(cases.size(), 10U) << "run in the root of the sources";
  for (const table_case& c : cases) {
    const auto out = w.build(c.expression);
    ASSERT_TRUE(out.code) << c.expression;
    EXPECT_EQ(shown(explain(*out.code, w.env(), f)), c.expected)
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
  EXPECT_TRUE(explain(*w.build("contact.hours_late").code, w.env(), w.full()).empty());
}

}  // namespace
}  // namespace leeway::condition::test
