// SPDX-License-Identifier: Apache-2.0
// One request under one policy, part by part.
#ifndef LEEWAY_TESTS_REFERENCE_JUDGE_HPP
#define LEEWAY_TESTS_REFERENCE_JUDGE_HPP

#include "reference/core.hpp"
#include "reference/setting.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway::reference {

/// A person whose sign-off counts, and the roles they signed in.
struct signer {
  std::string id{};
  std::set<role_id> roles{};
};

/// What entitlements come to.
struct owed {
  answer due{};  ///< money
  bool speaks{};
  std::vector<const prepared_entitlement*> speaking{};
};

/// Whom a grant is asked for. Certifications are the proposer's only; without its upper bounds a
/// grant says whether less of the quantity would be covered.
struct asked_of {
  bool proposer{};
  bool upper{true};
  bool narrowed{true};
};

/// By what a grant falls short; the order is by how near it comes.
enum class shortfall { nothing, bound, total, certification, dates, condition };

/// How one grant answers: whether it covers; a `no` says by what it falls short.
struct covering {
  answer truth{answer::of(true)};
  shortfall by{shortfall::nothing};
  std::optional<value> actual{};
  std::optional<value> bound{};
  std::string relation{};
  const coverage* part{};  ///< the narrowing that decided; none: the grant's own
};

/// The best answer of the grants of some roles.
struct standing {
  const prepared_grant* grant{};
  covering how{.truth = answer::of(false)};
};

/// The proposal as one budget sees it: one of goodwill sees only that.
struct share {
  bool counts{true};  ///< false: an act that is purely due
  bool sure{true};    ///< false: it is not known whether it counts
  answer amount{};
};

/// How a budget's test comes out.
struct tested {
  answer over{answer::of(false)};
  bool of_usage{};  ///< of unknown: what was used is what is not known
  std::optional<value> actual{};
  std::optional<value> bound{};
};

class judge {
 public:
  judge(const prepared& p, const request& r, const usage* given);

  core run();

 private:
  // What is known.
  // Whatever has no value asks for something: for the facts it lacks, for those that the part which
  // failed has read, or, where that read none, for the expression to be mended.
  answer eval(const expr_ptr& e) const;
  answer condition(const expr_ptr& when, const expr_ptr& unless) const;
  answer applies(std::size_t overlay) const;
  void add_behind(const name_set& names, name_set& out) const;
  void bind(const std::string& name, answer a);
  answer amount_known() const;
  void set_amount(const answer& a) { known_.insert_or_assign("action.amount", a); }
  time_zone zone() const { return p_.names.calendar.zone; }
  money zero() const { return {0, p_.document->money_currency}; }
  bool no_amount() const { return action_->amount == amount_mode::no_amount; }
  used used_of(const counting& what) const;

  // The request and the policy.
  bool on_day(std::optional<civil_date> from, std::optional<civil_date> until) const;
  bool ends_at_once();
  void amount_wrong(reason_code code, const std::optional<money>& bound);
  void amount_unknown(const answer& why);
  answer fixed_amount(const answer& proposed);
  void settle_amount();

  // Roles.
  void find_substitutions();
  std::set<role_id> held(const std::set<role_id>& roles, bool perhaps) const;
  std::set<role_id> with_included(const role_id& role) const;
  name_set fewest(const name_set& roles) const;
  name_set in_stead(const name_set& roles) const;
  name_set unsure_substitutes() const;
  void find_signers();

  // Authority.
  covering covers(const prepared_grant& g, asked_of who) const;
  covering covers_itself(const prepared_grant& g, const coverage& c, asked_of who) const;
  covering narrowed(const prepared_grant& g, const coverage& n, asked_of who) const;
  covering bounded(const prepared_grant& g, const coverage& c, asked_of who) const;
  covering compared(const answer& quantity, const char* relation, const expr_ptr& bound) const;
  covering totalled(const prepared_grant& g, const coverage& c) const;
  used used_of(const prepared_grant& g) const;
  bool given_to(const prepared_grant& g, const std::set<role_id>& roles) const;
  standing stands(const std::set<role_id>& roles, bool proposer) const;
  standing competence(const std::set<role_id>& roles, bool proposer) const;
  std::set<role_id> roles_where(bool certain, const std::set<role_id>& except) const;
  std::set<role_id> nearest(const std::set<role_id>& among) const;
  void tell(spoken& s, const standing& how) const;

  // Whether less would be covered.
  standing less_of_another(const std::set<role_id>& roles, bool proposer) const;
  std::optional<std::int64_t> most_covered(const prepared_grant& g, bool proposer,
                                           name_set& missing);
  standing less(const std::set<role_id>& roles, bool proposer);
  standing less_for_anyone(bool& of_proposer);

  void escalated(spoken s, const standing& own, const std::set<role_id>& others);
  void unknown(spoken s, const standing& own, const std::set<role_id>& others);
  void denied(spoken s, const standing& own);
  void beneath_overlays();
  void authority();

  void rules();
  void rule(const prepared_rule& r);
  void budgets();
  void budget(const prepared_budget& b);
  share share_of(const prepared_budget& b) const;
  tested test_amount(const prepared_budget& b, const share& s, const used& u) const;
  tested test_count(const prepared_budget& b, const used& u) const;
  tested test(const prepared_budget& b, const share& s, const used& u) const;
  limit limit_of(const prepared_budget& b, const used& u) const;
  answer usage_lacking(const rule_id& id, const used& u) const;

  owed all_owed();
  bool add_due(const prepared_entitlement& e, owed& out, exact_money& sum);
  answer contribution(const prepared_entitlement& e) const;
  name_set behind(const prepared_entitlement& e) const;
  void due_unknown(const prepared_entitlement& e, const answer& why);
  void compare_with_due();
  void discretion();
  covering reaches(const prepared_discretion& d) const;
  covering within_limit(const answer& sum, bool sure, const expr_ptr& limit,
                        const name_set& lacking) const;
  bool liftable(const spoken& s) const;

  // Needs.
  void say(spoken s) { out_.push_back(std::move(s)); }
  std::set<wanted> facts_wanted(const answer& a, const std::string& rule) const;
  wanted approval(const std::set<role_id>& roles, bool distinct, const std::string& rule) const;
  bool met_plainly(const wanted& w) const;
  void meet_needs();
  void name_substitutes();
  std::set<wanted> joined(const std::set<wanted>& all) const;
  core result();

  const prepared& p_;
  const request& r_;
  const usage* given_;
  facts known_{};
  std::map<std::string, name_set> behind_{};  ///< what a name that is not known turns on
  const action_definition* action_{};
  std::set<role_id> own_{};
  std::vector<std::pair<const prepared_substitution*, answer>> stands_in_{};
  std::vector<signer> signers_{};
  std::optional<money> amount_{};
  owed owed_{};
  std::vector<spoken> due_said_{};  ///< of entitlements, on the way to what is due
  std::vector<spoken> out_{};
  std::vector<obligation> obligations_{};
  std::vector<limit> limits_{};
  std::string lifted_by_{};
};

/// Decides. `given`: usage that is handed in, instead of what the request says.
core decide(const prepared& p, const request& r, const usage* given = nullptr);

}  // namespace leeway::reference

#endif
