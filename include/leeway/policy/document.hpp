// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/currency.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>
#include <leeway/base/window.hpp>
#include <leeway/model/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace leeway {

/// An expression of the condition language, as written. Empty: not given.
using expression = std::string;

/// A bound or a limit: a whole number, an amount of money, or an expression that yields one.
using quantity = std::variant<std::int64_t, money, expression>;

/// Where in the organisation's own policy text something stands, and its sentence.
struct provenance {
  std::string source{};   ///< section, address or citation
  std::string because{};  ///< the policy's own sentence, shown as the reason
};

/// A fact conditions may read, declared with its type.
struct fact_declaration {
  std::string name{};                    ///< dotted: `contact.minutes_late`, `entry.category`
  std::string type{};                    ///< `int`, `money`, `list<string>`, ... (see the language)
  std::optional<value> default_value{};  ///< stands in when the fact is missing
  bool optional{};                       ///< absence is known; conditions must ask `has()` first
  std::vector<value> one_of{};           ///< the only values allowed; empty: any
  bool protected_attribute{};            ///< no condition may read it
  std::string ask{};                     ///< what to ask the customer when it is missing
  std::string about{};                   ///< what it means
};

/// A named expression, read as `values.<name>`.
struct value_definition {
  std::string name{};
  expression definition{};
};

/// What a dated table holds from a day on.
struct dated_entry {
  std::optional<civil_date> from{};   ///< the first day; absent: since ever (one entry at most)
  std::optional<civil_date> until{};  ///< exclusive; absent: until the next entry's `from`
  value rows{value::map({})};         ///< a map as of a plain table, or a single constant
};

/// A constant table, read as `tables.<name>[key]`; rows may be tables again. With `dated` it is a
/// dated table, read as `tables.<name>[date]`, and `rows` stays empty. The order of entries means
/// nothing; none may overlap another; a day that none covers has no row.
struct table_definition {
  std::string name{};
  value rows{value::map({})};
  std::vector<dated_entry> dated{};
};

/// Which days `working_days_between` and its kin count.
struct calendar_definition {
  std::vector<int> weekend{6, 7};  ///< the days off in every week: ISO weekdays, 1 is Monday
  std::vector<civil_date> holidays{};
};

/// Stands in for a role while a condition or dates hold.
struct substitution {
  role_id role{};     ///< who stands in
  expression when{};  ///< in force while true; empty: always (within the dates)
  std::optional<civil_date> from{};
  std::optional<civil_date> until{};  ///< exclusive
  provenance origin{};
};

/// A role: whose authority it inherits, and to whom it escalates.
struct role_definition {
  role_id id{};
  std::string title{};
  std::vector<role_id> includes{};     ///< holds these roles' grants too
  std::vector<role_id> escalate_to{};  ///< asks these; inherits nothing
  std::vector<substitution> substitutes{};
};

/// How an action's amount comes about.
enum class amount_mode : std::uint8_t {
  any = 1,        ///< the agent proposes it
  no_amount = 2,  ///< the action has none (`"none"`)
  fixed = 3,      ///< a fact; never offered in part
  due = 4,        ///< exactly what the entitlements owe
};

/// A kind of action in the catalogue.
struct action_definition {
  action_kind id{};
  std::string title{};
  amount_mode amount{amount_mode::any};
  expression fixed{};  ///< of `fixed`: the fact or expression; empty: as the request says
};

/// The bounds of a grant. Absent: no bound on that side.
struct bound_set {
  expression of{};                     ///< the quantity that is bounded; empty: the proposed amount
  std::optional<quantity> under{};     ///< strictly less
  std::optional<quantity> up_to{};     ///< at most
  std::optional<quantity> over{};      ///< strictly more
  std::optional<quantity> at_least{};  ///< at least
};

/// Delegation of authority.
struct grant_definition {
  rule_id id{};
  std::vector<role_id> to{};
  std::vector<action_kind> actions{};  ///< `*`: every action
  expression when{};
  expression unless{};
  bound_set bounds{};
  std::vector<std::string> certified{};
  std::optional<civil_date> from{};
  std::optional<civil_date> until{};  ///< exclusive
  /// A total of its own: with `per` and `window`, `amount` / `count` bound what was already used
  /// plus the proposal; where neither is given the upper bound of the amount does.
  std::vector<std::string> per{};
  std::optional<leeway::window> window{};
  std::optional<quantity> amount{};
  std::optional<quantity> count{};
  provenance origin{};
};

/// How a measure folds the entries of its window.
enum class take : std::uint8_t { count = 1, sum = 2, max = 3, last_at = 4 };

/// A declared aggregate of history, read as `usage.<id>`.
struct measure_definition {
  rule_id id{};
  std::vector<action_kind> actions{};  ///< `for`: for which it is meant; it is counted for all
  std::vector<action_kind> kinds{};    ///< of the entries; `*`: every kind
  std::vector<std::string> per{};
  leeway::window window{};
  expression where{};  ///< over `entry.*`
  leeway::take take{leeway::take::count};
  provenance origin{};
};

/// What of an act a budget counts.
enum class budget_counts : std::uint8_t {
  goodwill = 1,  ///< the amount less what is due; an act that was purely due not at all
  all = 2,       ///< the whole amount
};

/// A cap over a window.
struct budget_definition {
  rule_id id{};
  std::vector<action_kind> actions{};     ///< `*`: every action
  std::optional<budget_counts> counts{};  ///< absent: goodwill for `*`, else all
  std::vector<std::string> per{};
  leeway::window window{};
  std::optional<quantity> amount{};
  std::optional<quantity> count{};
  expression when{};
  expression where{};  ///< over `entry.*`: which entries count
  /// Roles whose approval lets the budget be exceeded; empty: hard, nothing lifts it.
  std::vector<role_id> beyond_escalate{};
  std::string remedy{};
  provenance origin{};
};

/// What must still be done when an action is taken.
struct obligation_definition {
  std::string id{};
  std::string to{};  ///< to whom; empty: nobody in particular
  std::string by{};  ///< by when, in words or as an ISO 8601 duration
  std::string text{};
};

/// What a rule does when it fires.
struct effect {
  enum class kind : std::uint8_t { deny = 1, escalate = 2, second_person = 3, oblige = 4 };
  kind what{kind::deny};
  std::vector<role_id>
      roles{};  ///< of escalate and second_person (there empty: any competent role)
  obligation_definition obligation{};
};

/// A condition with effects.
struct rule_definition {
  rule_id id{};
  std::vector<action_kind> actions{};  ///< empty or `*`: every action
  expression when{};
  expression unless{};
  std::vector<effect> then{};
  std::string remedy{};
  bool discretion{};  ///< discretion may lift it
  provenance origin{};
};

/// Something an entitlement requires.
struct requirement {
  expression that{};
  std::string because{};
  std::string remedy{};
};

/// What happens to a proposal that is not what is due.
enum class due_policy : std::uint8_t { deny = 1, allow = 2, goodwill = 3, escalate = 4 };

/// What the customer is owed by rule.
struct entitlement_definition {
  rule_id id{};
  std::vector<action_kind> actions{};
  expression when{};  ///< empty: always speaks
  expression due{};   ///< an expression of type money
  std::vector<requirement> required{};
  std::optional<quantity> minimum{};  ///< less than this is zero
  std::optional<quantity> maximum{};
  leeway::rounding rounding{leeway::rounding::half_even};
  due_policy below{due_policy::deny};  ///< deny or allow
  due_policy above{due_policy::deny};  ///< deny, goodwill or escalate
  std::vector<role_id> above_escalate{};
  provenance origin{};
};

/// A bounded fund for acting outside the lines.
struct discretion_definition {
  rule_id id{};
  std::vector<role_id> to{};
  std::vector<action_kind> actions{};
  expression when{};
  quantity up_to{std::int64_t{0}};
  std::vector<std::string> per{};
  leeway::window window{};
  std::optional<quantity> amount{};
  std::optional<quantity> count{};
  provenance origin{};
};

/// Warnings that are meant to be, and why. Errors cannot be silenced.
struct silence_definition {
  std::string lint{};             ///< the code of the warning, one of `all_lints()`
  std::vector<std::string> at{};  ///< ids or names of what it is about; empty: everything
  std::string because{};          ///< required
};

/// How an overlay narrows one grant: while the overlay applies, the grant covers only what these
/// allow, too.
struct narrowing_definition {
  rule_id grant{};
  expression when{};
  expression unless{};
  /// Of the quantity that the grant bounds; `of` stays empty.
  /// Where the grant's upper bound of the amount is its total, too, so it is here.
  bound_set bounds{};
  std::optional<quantity> amount{};      ///< of the grant's own total: at most this
  std::optional<quantity> count{};       ///< of the grant's own total: at most so many
  std::vector<std::string> certified{};  ///< wanted besides the grant's own
  std::optional<civil_date> from{};
  std::optional<civil_date> until{};  ///< exclusive
  provenance origin{};
};

/// What a site, a partner or a department adds to a policy. It can only tighten it: it adds rules
/// and budgets and narrows grants, and has nothing else.
struct overlay_definition {
  rule_id id{};  ///< unique among the overlays of a policy
  std::string version{};
  std::string title{};
  std::string source{};
  expression applies{};  ///< to whom; it does not read the amount; empty: to every request
  std::optional<civil_date> effective_from{};   ///< inclusive, midnight in the policy's zone
  std::optional<civil_date> effective_until{};  ///< exclusive
  /// Names of its own, which only it reads; none of the policy's is declared again.
  std::vector<fact_declaration> facts{};
  std::vector<value_definition> values{};
  std::vector<table_definition> tables{};
  std::vector<measure_definition> measures{};
  std::vector<narrowing_definition> narrow{};  ///< one a grant
  std::vector<rule_definition> rules{};
  std::vector<budget_definition> budgets{};
};

/// How long a decision may stand at a desk before something happens by itself. Absent: for ever.
struct deadline_definition {
  std::optional<period> settle{};   ///< what is approved and not settled by then expires
  std::optional<period> approve{};  ///< what waits for an approver passes on to the next role
  std::optional<period> ratify{};   ///< by then a manager reviews an act of discretion
};

/// A policy as its owner writes it (`leeway-policy/1`): plain data, built from JSON or from C++
/// alike. `compile_policy` checks it and makes it decide.
struct policy_document {
  policy_id id{};
  std::string version{};
  std::string title{};
  std::string source{};
  currency money_currency{};
  std::string time_zone{"UTC"};
  std::optional<civil_date> effective_from{};   ///< inclusive, midnight in the policy's zone
  std::optional<civil_date> effective_until{};  ///< exclusive
  bool suspended{};
  std::vector<fact_declaration> facts{};
  std::vector<value_definition> values{};
  std::vector<table_definition> tables{};
  calendar_definition calendar{};
  std::vector<role_definition> roles{};
  std::vector<action_definition> actions{};
  std::vector<grant_definition> grants{};
  std::vector<measure_definition> measures{};
  std::vector<budget_definition> budgets{};
  std::vector<rule_definition> rules{};
  std::vector<entitlement_definition> entitlements{};
  std::vector<discretion_definition> discretion{};
  std::vector<overlay_definition> overlays{};
  std::map<std::string, std::string> protection{};  ///< by language tag
  deadline_definition deadlines{};
  std::vector<silence_definition> silence{};
};

/// The policy's normal form: canonical JSON (RFC 8785) with everything sorted by id and defaults
/// left out, so that order and layout change nothing.
std::string normal_form(const policy_document& document);

/// SHA-256 over the normal form.
digest policy_digest(const policy_document& document);

}  // namespace leeway
