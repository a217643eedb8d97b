// SPDX-License-Identifier: Apache-2.0
#include "policies/rows.hpp"

#include <iomanip>
#include <iostream>

namespace leeway::policies_test {
namespace {

void line(const std::string& basis, const std::string& kind, const tally& one) {
  std::cout << "  " << std::left << std::setw(14) << basis << std::setw(26) << kind << std::right
            << std::setw(5) << one.right << " right" << std::setw(4) << one.wrong << " wrong\n";
}

}  // namespace

void score::add(const json& row, bool right, const std::string& said, const std::string& why) {
  const auto basis = row.at("basis").get<std::string>();
  tally& one = by_kind_[{basis, row.at("action").at("kind").get<std::string>()}];
  tally& all = by_basis_[basis];
  ++(right ? one.right : one.wrong);
  ++(right ? all.right : all.wrong);
  if (!right) {
    std::cout << "  " << row.at("id").get<std::string>() << " (" << basis << "): expected "
              << row.at("expected") << ", decided " << said << why
              << "\n      the row says: " << row.value("why", "") << "\n";
  }
}

void score::print() const {
  for (const auto& [key, one] : by_kind_) line(key.first, key.second, one);
  for (const auto& [basis, all] : by_basis_) line(basis, "(all)", all);
}

tally score::of(const std::string& basis) const {
  const auto found = by_basis_.find(basis);
  return found == by_basis_.end() ? tally{} : found->second;
}
tally score::of_all_but(const std::string& basis) const {
  tally out;
  for (const auto& [name, one] : by_basis_) {
    if (name == basis) continue;
    out.right += one.right;
    out.wrong += one.wrong;
  }
  return out;
}

void expect_outcomes(const std::vector<json>& rows, const row_run& run) {
  score outcomes;
  int excused = 0;
  for (const json& row : rows) {
    const decision d = decide(run.policy_of(row), run.request_of(row), {.offer = false});
    // A row that is refused as it stands was not translated: its denial says nothing.
    EXPECT_FALSE(is_refused(d)) << row.at("id") << reasons(d);
    const std::string said(to_string(d.outcome));
    const bool right = acceptable(row, said);
    const auto contradicts = run.excused.find(row.at("id").get<std::string>());
    if (!right && contradicts != run.excused.end()) {
      ++excused;
      std::cout << "  " << contradicts->first << ": excused, " << contradicts->second << "\n";
      continue;
    }
    outcomes.add(row, right, said, reasons(d));
  }
  outcomes.print();
  std::cout << "  " << rows.size() << " rows, " << excused << " excused\n";
  EXPECT_EQ(outcomes.of("from_actions").wrong, 0);
  const tally rest = outcomes.of_all_but("from_actions");
  EXPECT_LE(rest.wrong * 100, rest.right + rest.wrong) << "at least 99 of 100 are right";
}

}  // namespace leeway::policies_test
