// SPDX-License-Identifier: Apache-2.0
// A policy document with its expressions read. It is taken to be well-formed.
#ifndef LEEWAY_TESTS_REFERENCE_PREPARED_HPP
#define LEEWAY_TESTS_REFERENCE_PREPARED_HPP

#include "reference/evaluator.hpp"

#include <leeway/policy/document.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leeway::reference {

/// Conditions, bounds, certificates and dates: of a grant, or of an overlay's narrowing of it. No
/// expression: not given.
struct coverage {
  std::size_t overlay{};  ///< of a narrowing: the number of the overlay
  expr_ptr when{}, unless{};
  expr_ptr of{};  ///< the quantity that is bounded; none: the amount
  expr_ptr under{}, up_to{}, over{}, at_least{};
  expr_ptr amount{}, count{};
  std::vector<std::string> certified{};
  std::optional<civil_date> from{}, until{};
};

struct prepared_grant {
  const grant_definition* source{};
  coverage own{};
  std::vector<coverage> narrowed{};
};

struct prepared_rule {
  const rule_definition* source{};
  std::optional<std::size_t> overlay{};
  expr_ptr when{}, unless{};
};

struct prepared_budget {
  const budget_definition* source{};
  std::optional<std::size_t> overlay{};
  expr_ptr when{}, where{}, amount{}, count{};
};

struct prepared_measure {
  const measure_definition* source{};
  expr_ptr where{};
};

struct prepared_entitlement {
  const entitlement_definition* source{};
  expr_ptr when{}, due{}, minimum{}, maximum{};
  std::vector<expr_ptr> required{};
};

struct prepared_discretion {
  const discretion_definition* source{};
  expr_ptr when{}, up_to{}, amount{}, count{};
};

struct prepared_substitution {
  role_id away{};
  const substitution* source{};
  expr_ptr when{};
};

struct prepared {
  const policy_document* document{};
  scope names{};
  std::map<std::string, fact_declaration, std::less<>> facts{};  ///< declared, overlays' too
  std::vector<prepared_grant> grants{};
  std::vector<prepared_rule> rules{};
  std::vector<prepared_budget> budgets{};
  std::vector<prepared_measure> measures{};
  std::vector<prepared_entitlement> entitlements{};
  std::vector<prepared_discretion> discretion{};
  std::vector<prepared_substitution> substitutions{};
  std::vector<expr_ptr> applies{};          ///< of each overlay
  std::map<std::string, expr_ptr> fixed{};  ///< by action

  const action_definition* action(const action_kind& kind) const;
};

/// Reads the expressions of a document, which must live as long.
prepared prepare(const policy_document& document);

/// The built-in names, with their types.
const std::map<std::string, std::string>& built_in_names();

}  // namespace leeway::reference

#endif
