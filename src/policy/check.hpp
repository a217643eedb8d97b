// SPDX-License-Identifier: Apache-2.0
// What the parts of the checker share: reporting, resolving names, compiling expressions.
#pragma once

#include "policy/compiled.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::policy_detail {

/// Every dotted name an expression mentions, in order, as far as it reads as one
/// (`contact.reason`, `values.late`; a method called on a name is its last step). Lexical: works
/// on expressions that do not compile.
std::vector<std::string> dotted_names(std::string_view expression);

/// Whether the amount that is proposed may be read.
enum class amount_use { allowed, forbidden };

/// Where names are declared: the policy itself, or one of its overlays.
struct scope {
  std::string base{};                   ///< the pointer that lists hang on: empty, `/overlays/0`
  const overlay_definition* overlay{};  ///< nullptr: the policy itself
  const std::vector<fact_declaration>& facts;
  const std::vector<value_definition>& values;
  const std::vector<table_definition>& tables;
  const std::vector<measure_definition>& measures;

  std::string at(std::string_view list) const { return base + std::string(list); }
};
/// The policy first.
std::vector<scope> scopes_of(const policy_document& doc);
/// Where a fact is declared.
std::string pointer_of_fact(const policy_document& doc, const std::string& name);

/// The state of one check.
class check_context {
 public:
  check_context(compiled_policy& into, const locator& where, diagnostics& out);

  const policy_document& doc() const { return into_.document; }
  compiled_policy& into() { return into_; }
  const locator& where() const { return where_; }
  diagnostics& out() { return out_; }

  /// An error on the value at `pointer`, unless loading already blamed that value.
  void error(const std::string& pointer, std::string code, std::string message,
             std::string remedy = {});
  /// The same, on its key.
  void key_error(const std::string& pointer, std::string code, std::string message,
                 std::string remedy = {});
  /// An error on the entry at `pointer` as a whole, unless loading blamed anything in it: what is
  /// missing may be what could not be read.
  void entry_error(const std::string& pointer, std::string code, std::string message,
                   std::string remedy = {});
  void warning(const std::string& pointer, std::string code, std::string message,
               std::string remedy = {});
  bool blamed_below(const std::string& pointer) const;

  /// From now on warnings that this names are kept apart.
  void add_silence(const silence_definition& one) { silences_.push_back({&one}); }
  /// Whether a warning about `subject` is silenced. Does not count as a use of the silence.
  bool is_silenced(std::string_view code, const std::string& subject) const;
  /// A silence, and what it silenced so far.
  struct silence_use {
    const silence_definition* from{};
    bool used{};
    std::set<std::string> subjects{};
  };
  const std::vector<silence_use>& silences() const { return silences_; }

  /// Names that could not be declared: what mentions them is not blamed for it.
  void mark_broken(std::string name) { broken_.insert(std::move(name)); }
  bool is_broken(std::string_view name) const;
  /// A name that only one overlay may read.
  void mark_private(std::string name, std::string base) {
    private_.emplace(std::move(name), std::move(base));
  }
  /// Whether `name` may be read at `pointer`; says why not.
  bool may_read(const std::string& pointer, std::string_view name);

  /// Compiles an expression of the request's or an entry's environment; nullptr when it is empty
  /// or wrong.
  code_ptr compile(const std::string& pointer, const expression& text,
                   const condition::environment& env, const std::vector<condition::type>& wanted,
                   amount_use amount, std::string_view what);
  code_ptr condition(const std::string& pointer, const expression& text,
                     amount_use amount = amount_use::allowed);
  code_ptr entry_condition(const std::string& pointer, const expression& text);
  /// Warns of errors that go unseen in the condition of a denial; `code` may be null.
  void warn_of_absorbed(const std::string& pointer, const code_ptr& code);

  /// Says that what the due is computed from must not read it; `code` may be null.
  void refuse_due(const std::string& pointer, const expression& text, const code_ptr& code,
                  std::string_view what);
  void refuse_due(const std::string& pointer, const std::optional<quantity>& from,
                  const std::optional<compiled_quantity>& limit, std::string_view what);

  /// A bound or limit of type `wanted`. Amounts and counts must not be negative.
  std::optional<compiled_quantity> bound(const std::string& pointer,
                                         const std::optional<quantity>& from,
                                         const condition::type& wanted, bool signed_allowed,
                                         std::string_view what);
  std::optional<compiled_quantity> amount(const std::string& pointer,
                                          const std::optional<quantity>& from,
                                          std::string_view what);
  std::optional<compiled_quantity> count(const std::string& pointer,
                                         const std::optional<quantity>& from,
                                         std::string_view what);
  /// Says what is wrong with an amount's currency; false when something is.
  bool right_currency(const std::string& pointer, currency found);

  /// Where roles and actions stand in the compiled policy; filled from the document.
  void index_names();
  std::optional<index> role(const std::string& pointer, const role_id& id);
  std::vector<index> roles(const std::string& pointer, const std::vector<role_id>& ids);
  action_set actions(const std::string& pointer, const std::vector<action_kind>& kinds);
  std::vector<condition::slot> keys(const std::string& pointer,
                                    const std::vector<std::string>& names);
  /// Checks an entry's id, and that no other entry of the shared id space has it.
  void entry_id(const std::string& pointer, const rule_id& id);
  void dates(const std::string& pointer, const std::optional<civil_date>& from,
             const std::optional<civil_date>& until);

  amount_mode mode_of(index action) const { return modes_[action]; }
  bool all_without_amount(const action_set& set) const;

  /// For the lints: names mentioned, roles named, slots read.
  std::set<std::string> mentioned{};
  std::set<condition::slot> read{};
  std::set<index> named_roles{};

 private:
  void report(const std::string& pointer, condition::issue found);
  void warn_of_constant(const std::string& pointer, const code_ptr& code);
  /// The reason by which a warning is silenced; nullptr when it is not.
  const std::string* silence(std::string_view code, const std::string& subject);
  void keep(diagnostic one, const std::string* reason);
  /// What is not kept any more needs no place, which is looked up from the document's beginning.
  bool only_counted(severity level, const std::string& code);
  bool blamed(const std::string& pointer) const;
  void explain_scope(const expression& text, bool of_entry, condition::issue& found) const;
  void reads_amount(const std::string& pointer, const expression& text, std::string_view what);
  std::optional<compiled_quantity> constant(const std::string& pointer, std::int64_t from,
                                            const condition::type& wanted, bool signed_allowed,
                                            std::string_view what);
  std::optional<compiled_quantity> constant(const std::string& pointer, money from,
                                            const condition::type& wanted, std::string_view what);

  compiled_policy& into_;
  const locator& where_;
  diagnostics& out_;
  std::set<std::string> blamed_{};
  std::vector<silence_use> silences_{};
  std::set<std::string, std::less<>> broken_{};
  std::map<std::string, std::string, std::less<>> private_{};  // name -> base of its scope
  std::map<std::string, index, std::less<>> role_index_{};
  std::map<std::string, index, std::less<>> action_index_{};
  std::vector<std::string> role_names_{}, action_names_{};
  std::vector<amount_mode> modes_{};
  std::map<std::string, std::string> entry_ids_{};  // id -> where it was first
};

/// `base/i`.
std::string item(std::string_view base, std::size_t i);
/// `base/key`, escaped.
std::string field(std::string_view base, std::string_view key);

/// The constant of a bound in its smallest steps, when it is one.
std::optional<std::int64_t> constant_of(const std::optional<compiled_quantity>& q);
/// A bound as its author wrote it.
std::string written(const quantity& q);
/// The id or name of the entry that a pointer leads into; "" for a list as a whole.
std::string subject_of(const policy_document& doc, std::string_view pointer);
/// "`a`, `b` and 3 more".
std::string listed(const std::vector<std::string>& names);

/// `silence`: what the lints below and above leave out.
void check_silences(check_context& c);
/// Warns of silences that silence nothing; after all else.
void lint_silences(check_context& c);

/// Zone, currency, dates, ids: sets up both environments.
void check_header(check_context& c);
/// Constants, also inside lists and maps: money whole and in the policy's currency, numbers finite.
bool good_constants(check_context& c, const std::string& pointer, const value& v);
/// A name after `values.`, `tables.` or `usage.`.
bool good_name(check_context& c, const std::string& pointer, const std::string& name);
void check_tables(check_context& c);
void check_calendar(check_context& c);
/// Facts, tables, measures' names and values: what conditions may read.
void check_names(check_context& c);
void check_roles(check_context& c);
void check_actions(check_context& c);
/// Grants, measures, budgets, rules, entitlements, discretion; overlays.
void check_entries(check_context& c);
/// The families of lints.
void lint_roles(check_context& c);
void lint_limits(check_context& c);
void lint_names(check_context& c);
/// Overlays. The grants are compiled and sorted.
void check_overlays(check_context& c);

compiled_measure check_measure(check_context& c, const std::string& pointer,
                               const measure_definition& from);
compiled_budget check_budget(check_context& c, const std::string& pointer,
                             const budget_definition& from);
compiled_rule check_rule(check_context& c, const std::string& pointer, const rule_definition& from);
/// An error on a name that is declared already.
void declared_twice(check_context& c, const scope& in, const std::string& pointer,
                    const std::string& name);
/// Certifications wanted, sorted; notes that they are read.
std::vector<std::string> check_certified(check_context& c, const std::string& pointer,
                                         const std::vector<std::string>& from);
/// Warns about what is allowed but probably not meant. Only for a policy without errors.
void lint(check_context& c);

}  // namespace leeway::policy_detail
