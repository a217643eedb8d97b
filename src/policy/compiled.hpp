// SPDX-License-Identifier: Apache-2.0
// A checked policy: every reference resolved, every condition compiled. Immutable once built.
#pragma once

#include "condition/program.hpp"
#include "policy/loader.hpp"
#include "policy/role_set.hpp"

#include <leeway/base/digest.hpp>
#include <leeway/policy/document.hpp>
#include <leeway/policy/lint.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace leeway::policy_detail {

using condition::program;
using code_ptr = std::shared_ptr<const program>;

/// A bound or limit, resolved: a constant or a program of type money / int.
struct compiled_quantity {
  std::variant<std::int64_t, money, code_ptr> content{};
};

/// Which actions something is for.
struct action_set {
  bool every{};                  ///< `*`
  std::vector<index> actions{};  ///< sorted; of `*`: all
  bool contains(index a) const;
};

struct compiled_substitution {
  index role{};  ///< who stands in
  code_ptr when{};
  std::optional<civil_date> from{};
  std::optional<civil_date> until{};
  const substitution* origin{};
};

struct compiled_role {
  role_id id{};
  std::vector<index> includes{};     ///< transitive, with itself, sorted
  role_set acts_as{};                ///< the same as a set
  std::vector<index> escalate_to{};  ///< direct, sorted
  std::vector<compiled_substitution> substitutes{};
};

struct compiled_action {
  action_kind id{};
  amount_mode amount{amount_mode::any};
  code_ptr fixed{};  ///< type money
};

struct compiled_overlay {
  rule_id id{};
  code_ptr applies{};  ///< nullptr: to every request; does not read the amount
  std::optional<civil_date> from{}, until{};
  const overlay_definition* origin{};
};
using overlay_ptr = std::shared_ptr<const compiled_overlay>;

struct compiled_narrowing {
  overlay_ptr overlay{};
  code_ptr when{};
  code_ptr unless{};
  std::optional<compiled_quantity> under{}, up_to{}, over{}, at_least{};
  std::optional<compiled_quantity> amount{}, count{};  ///< of the grant's own total
  std::vector<std::string> certified{};
  std::optional<civil_date> from{}, until{};
  const narrowing_definition* origin{};

  bool bounded() const { return under || up_to || over || at_least; }
};

struct compiled_grant {
  rule_id id{};
  std::vector<index> to{};
  role_set given_to{};  ///< the same as a set
  action_set actions{};
  code_ptr when{};  ///< nullptr: none
  code_ptr unless{};
  code_ptr of{};  ///< nullptr: the amount
  std::optional<compiled_quantity> under{}, up_to{}, over{}, at_least{};
  std::optional<condition::slot> certifications{};
  std::vector<std::string> certified{};
  std::optional<civil_date> from{}, until{};
  std::vector<condition::slot> per{};
  std::optional<leeway::window> window{};
  std::optional<compiled_quantity> amount{}, count{};
  std::vector<compiled_narrowing> narrowings{};  ///< sorted by overlay, one each
  const grant_definition* origin{};
};

struct compiled_measure {
  rule_id id{};
  action_set actions{};  ///< when needed
  bool every_kind{};
  std::vector<std::string> kinds{};  ///< of entries; may name kinds outside the catalogue
  std::vector<condition::slot> per{};
  leeway::window window{};
  code_ptr where{};  ///< compiled against the entry environment
  leeway::take take{leeway::take::count};
  condition::slot result{};  ///< `usage.<id>`
  const measure_definition* origin{};
};

struct compiled_budget {
  rule_id id{};
  action_set actions{};
  std::vector<condition::slot> per{};
  leeway::window window{};
  std::optional<compiled_quantity> amount{}, count{};
  code_ptr when{};
  code_ptr where{};
  std::vector<index> beyond_escalate{};  ///< empty: hard
  overlay_ptr overlay{};                 ///< nullptr: of the policy itself
  const budget_definition* origin{};
  bool goodwill_only{};  ///< what is due does not count
};

struct compiled_effect {
  effect::kind what{effect::kind::deny};
  std::vector<index> roles{};
  const effect* origin{};
};

struct compiled_rule {
  rule_id id{};
  action_set actions{};
  code_ptr when{};
  code_ptr unless{};
  std::vector<compiled_effect> then{};
  overlay_ptr overlay{};  ///< nullptr: of the policy itself
  const rule_definition* origin{};
};

struct compiled_requirement {
  code_ptr that{};
  const requirement* origin{};
};

struct compiled_entitlement {
  rule_id id{};
  action_set actions{};
  code_ptr when{};
  code_ptr due{};  ///< type money
  std::vector<compiled_requirement> required{};
  std::optional<compiled_quantity> minimum{}, maximum{};
  std::vector<index> above_escalate{};
  const entitlement_definition* origin{};
};

struct compiled_discretion {
  rule_id id{};
  std::vector<index> to{};
  action_set actions{};
  code_ptr when{};
  compiled_quantity up_to{};
  std::vector<condition::slot> per{};
  leeway::window window{};
  std::optional<compiled_quantity> amount{}, count{};
  const discretion_definition* origin{};
};

/// Whose attributes a fact is among.
enum class fact_group : std::uint8_t { agent, customer, contact, subject, action, other };

/// How a declared fact is read from a request.
struct compiled_fact {
  std::string name{};  ///< dotted
  condition::type static_type{value_kind::boolean};
  condition::slot where{};
  const fact_declaration* declared{};  ///< nullptr: a built-in, not redeclared
  std::optional<index> builtin{};      ///< its place among `builtin_facts()`
  fact_group group{fact_group::other};
  std::size_t path_at{};  ///< where in `name` its name within the group begins
  /// Whether anything of the policy reads it, or its declaration says what it may be: what nobody
  /// reads need not be looked up.
  bool wanted{true};
};

/// The names every policy has without declaring them (agent.id, customer.since, action.amount ...).
struct builtin_fact {
  const char* name;
  const char* type;
};
const std::vector<builtin_fact>& builtin_facts();

/// The facts that are among one group's attributes, in the order of their names there, which is the
/// order of the attributes.
struct group_facts {
  fact_group group{fact_group::other};
  std::vector<const compiled_fact*> facts{};
};

/// Looks a string_view up among strings.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

/// Rules that are certainly false unless one fact has one of a few values: `when` says
/// `contact.reason == 'late_fee' && ...`. Only those for its value, once it is known, need be
/// asked.
struct rule_bucket {
  condition::slot fact{};
  std::vector<const compiled_rule*> all{};
  using rules = std::vector<const compiled_rule*>;
  std::unordered_map<std::string, rules, text_hash, std::equal_to<>> of_text{};
  std::unordered_map<std::int64_t, rules> of_number{};  ///< whole, or a truth

  /// Those that may hold when the fact is known to be this; nullptr: none.
  const std::vector<const compiled_rule*>* of(const value& content) const;
};

/// What is for one action, in the order of ids: a decision looks at nothing else.
struct for_action {
  std::vector<const compiled_grant*> grants{};
  std::vector<const compiled_rule*> rules{};
  std::vector<const compiled_rule*> rules_to_ask{};  ///< of `rules`: those that no bucket holds
  std::vector<rule_bucket> rule_buckets{};           ///< the others, each in one of them
  std::vector<const compiled_budget*> budgets{};
  std::vector<const compiled_entitlement*> entitlements{};
  std::vector<const compiled_discretion*> discretion{};
};

/// What the entitlements of the proposed action come to: read like a fact, never stated.
inline constexpr std::string_view due_name = "action.due";

struct compiled_policy {
  policy_document document{};  ///< owns everything `origin` points to
  leeway::digest content_digest{};
  leeway::time_zone zone{};
  currency money_currency{};
  std::unique_ptr<condition::environment> env{};    ///< facts, usage, at, values, tables
  std::unique_ptr<condition::environment> entry{};  ///< `entry.*`, for `where`
  std::vector<compiled_fact> facts{};        ///< by their slots, which come before all others
  std::vector<compiled_fact> entry_facts{};  ///< likewise, of the entry environment
  std::vector<compiled_role> roles{};
  std::vector<compiled_action> actions{};
  std::vector<compiled_grant> grants{};
  std::vector<compiled_measure> measures{};
  std::vector<compiled_budget> budgets{};
  std::vector<compiled_rule> rules{};
  std::vector<compiled_entitlement> entitlements{};
  std::vector<compiled_discretion> discretion{};
  std::vector<overlay_ptr> overlays{};    ///< sorted by id
  std::vector<silenced_lint> silenced{};  ///< warnings that `silence` names; at most 200
  condition::slot amount_slot{};          ///< `action.amount`
  condition::slot due_slot{};             ///< `action.due`; computed, so not among `facts`
  condition::slot at_slot{};              ///< `at`
  std::vector<for_action> of_action{};    ///< by action
  std::vector<const compiled_fact*> builtins_read{};  ///< of `facts`: built in and wanted
  std::vector<group_facts> attributes_read{};         ///< of `facts`: all others
  bool has_substitutes{};                             ///< somebody may stand in for a role
  std::optional<instant> begins{};                    ///< of `effective`
  std::optional<instant> ends{};

  std::optional<index> find_role(std::string_view id) const;
  std::optional<index> find_action(std::string_view id) const;
  /// nullptr when there is none.
  const compiled_rule* find_rule(const rule_id& id) const;
  const compiled_grant* find_grant(const rule_id& id) const;
  /// Whether an instant is within `effective`: half-open, midnight in the policy's zone.
  bool in_dates(instant as_of) const;
};

/// Adds what decisions look things up by, once everything else is there. `read`: the slots that
/// some condition, key or bound reads.
void add_index(compiled_policy& policy, const std::set<condition::slot>& read);

/// Checks a document and compiles it. Adds every error and lint to `out`; nullptr when there are
/// errors (also those already in `out`). The result keeps a copy of the document.
std::shared_ptr<const compiled_policy> check_policy(const policy_document& document,
                                                    const locator& where, diagnostics& out);

}  // namespace leeway::policy_detail
