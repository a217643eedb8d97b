// SPDX-License-Identifier: Apache-2.0
// The part of a decision that two evaluators must agree on, in a form that is easy to compare.
#ifndef LEEWAY_TESTS_REFERENCE_CORE_HPP
#define LEEWAY_TESTS_REFERENCE_CORE_HPP

#include <leeway/engine/decision.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway::reference {

using name_set = std::set<std::string>;

/// A need: a fact by its name, or an approval by one of some roles.
struct wanted {
  std::string fact{};
  name_set any_of{};
  bool distinct{};
  name_set rules{};

  auto key() const { return std::tie(fact, any_of, distinct); }
  friend bool operator==(const wanted&, const wanted&) = default;
  friend auto operator<=>(const wanted&, const wanted&) = default;
};

struct spoken {
  finding_part part{finding_part::authority};
  std::string rule{};
  reason_code code{reason_code::within_authority};
  leeway::outcome outcome{leeway::outcome::approve};
  std::string overlay{};
  bool lifted{};
  std::string actual{};
  std::string bound{};
  std::string relation{};
  name_set missing{};
  std::set<wanted> needs{};

  friend bool operator==(const spoken&, const spoken&) = default;
  friend auto operator<=>(const spoken&, const spoken&) = default;
};

struct core {
  leeway::outcome outcome{leeway::outcome::approve};
  std::set<wanted> needs{};
  std::multiset<spoken> findings{};
  std::optional<money> amount{};
  std::optional<money> due{};
  std::set<std::string> obligations{};
  std::set<std::string> limits{};
  leeway::basis basis{leeway::basis::policy};
  bool ratification{};
  std::string discretion{};

  friend bool operator==(const core&, const core&) = default;
};

/// The core of a decision of the engine.
core core_of(const decision& d);
/// As lines of text.
std::string to_text(const core& c);

std::string to_text(const limit& l);

}  // namespace leeway::reference

#endif
