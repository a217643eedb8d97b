// SPDX-License-Identifier: Apache-2.0
// Rows of a public customer-service benchmark, read in place, put to a policy and scored by what
// they rest on. What a row means as a request is the business of each test.
#pragma once

#include "policies/support.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace leeway::policies_test {

/// The rows of one file of the benchmark; empty when it is not there.
inline std::vector<json> tau_rows(std::string_view file) {
  const auto path = shared_folder() / "tau" / file;
  return std::filesystem::exists(path) ? read_lines(path) : std::vector<json>{};
}

/// Whether a row takes this outcome: the one it expects, or one of those that would do as well.
inline bool acceptable(const json& row, const std::string& outcome) {
  if (row.at("expected") == outcome) return true;
  const json others = row.value("also_acceptable", json::array());
  return std::ranges::find(others, json(outcome)) != others.end();
}

/// The amount that a decision stands for: the due, else what is approved, else the offer.
inline std::optional<money> amount_found(const decision& d, const json& request) {
  if (d.due) return d.due;
  if (d.outcome == outcome::approve) {
    const json* proposed = known(request.at("action"), "amount");
    if (proposed == nullptr) return std::nullopt;
    return money::parse(proposed->get<std::string>()).value();
  }
  return d.offer ? d.offer->amount : std::nullopt;
}

/// Whether a decision only says that the request is not well formed.
inline bool is_refused(const decision& d) {
  return std::ranges::any_of(
      d.findings, [](const finding& f) { return f.code == reason_code::invalid_request; });
}

struct tally {
  int right{};
  int wrong{};
};

/// Right and wrong by basis and kind; what is wrong is printed with its reasons.
class score {
 public:
  void add(const json& row, bool right, const std::string& said, const std::string& why);
  void print() const;

  tally of(const std::string& basis) const;
  tally of_all_but(const std::string& basis) const;

 private:
  std::map<std::pair<std::string, std::string>, tally> by_kind_{};
  std::map<std::string, tally> by_basis_{};
};

/// Rows that contradict the text they are said to follow: the row's id, and why.
using contradictions = std::map<std::string, std::string>;

/// How the rows of one file are put to a policy.
struct row_run {
  std::function<const policy&(const json& row)> policy_of{};
  std::function<json(const json& row)> request_of{};
  contradictions excused{};
};

/// Every row is decided as it expects: all `from_actions` but those excused, and 99 of 100 others.
/// Prints each row that is not, and the table of right and wrong.
void expect_outcomes(const std::vector<json>& rows, const row_run& run);

}  // namespace leeway::policies_test
