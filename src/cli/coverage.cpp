// SPDX-License-Identifier: Apache-2.0
#include "cli/coverage.hpp"

#include <map>
#include <utility>

namespace leeway::cli {
namespace {

class collector {
 public:
  explicit collector(const engine::trace& seen) : seen_(seen) {}

  void add(covered kind, const rule_id& id, std::string_view way, engine::trace_bit bit) {
    const auto found = seen_.seen.find(id);
    const bool reached = found != seen_.seen.end() && (found->second & bit) != 0;
    out_.push_back({kind, id.str(), way, reached});
  }
  std::vector<branch> take() && { return std::move(out_); }

 private:
  const engine::trace& seen_;
  std::vector<branch> out_{};
};

/// An expression that may be otherwise; `true` written out says "always".
bool may_vary(const expression& condition) { return !condition.empty() && condition != "true"; }

bool is_conditional(const grant_definition& g) {
  const bool bounded = g.bounds.under || g.bounds.up_to || g.bounds.over || g.bounds.at_least;
  return bounded || may_vary(g.when) || !g.unless.empty() || !g.certified.empty() || g.from ||
         g.until || g.amount || g.count;
}

void add_entitlement(collector& out, const entitlement_definition& e) {
  out.add(covered::entitlement, e.id, "spoke", engine::seen_true);
  if (may_vary(e.when)) out.add(covered::entitlement, e.id, "did not speak", engine::seen_false);
  for (std::size_t i = 1; i <= e.required.size(); ++i) {
    const rule_id id(e.id.str() + '#' + std::to_string(i));
    out.add(covered::requirement, id, "met", engine::seen_true);
    out.add(covered::requirement, id, "not met", engine::seen_false);
  }
}

void add_rules(collector& out, const std::vector<rule_definition>& rules) {
  for (const auto& r : rules) {
    out.add(covered::rule, r.id, "true", engine::seen_true);
    if (may_vary(r.when) || !r.unless.empty()) {
      out.add(covered::rule, r.id, "false", engine::seen_false);
    }
  }
}

void add_budgets(collector& out, const std::vector<budget_definition>& budgets) {
  for (const auto& b : budgets) {
    out.add(covered::budget, b.id, "within", engine::seen_within);
    out.add(covered::budget, b.id, "over", engine::seen_over);
    if (may_vary(b.when)) {
      out.add(covered::budget, b.id, "does not apply", engine::seen_false);
    }
  }
}

void add_overlay(collector& out, const overlay_definition& o) {
  const bool conditional = may_vary(o.applies);
  const rule_id whole = engine::overlay_trace_id(o.id);
  out.add(covered::overlay, whole, "applies", engine::seen_true);
  if (conditional) out.add(covered::overlay, whole, "does not apply", engine::seen_false);
  for (const auto& n : o.narrow) {
    const rule_id id = engine::narrowing_trace_id(o.id, n.grant);
    out.add(covered::narrowing, id, "leaves", engine::seen_true);
    out.add(covered::narrowing, id, "takes away", engine::seen_false);
  }
  add_rules(out, o.rules);
  add_budgets(out, o.budgets);
}

}  // namespace

std::string_view plural_of(covered kind) {
  switch (kind) {
    case covered::rule: return "rules";
    case covered::grant: return "grants";
    case covered::budget: return "budgets";
    case covered::entitlement: return "entitlements";
    case covered::requirement: return "requirements";
    case covered::discretion: return "discretion";
    case covered::overlay: return "overlays";
    case covered::narrowing: return "narrowings";
  }
  return "";
}

std::vector<branch> branches_of(const policy_document& policy, const engine::trace& seen) {
  collector out(seen);
  add_rules(out, policy.rules);
  for (const auto& g : policy.grants) {
    out.add(covered::grant, g.id, "covers", engine::seen_true);
    if (is_conditional(g)) out.add(covered::grant, g.id, "does not cover", engine::seen_false);
  }
  add_budgets(out, policy.budgets);
  for (const auto& e : policy.entitlements) add_entitlement(out, e);
  for (const auto& d : policy.discretion) {
    out.add(covered::discretion, d.id, "used", engine::seen_true);
  }
  for (const auto& o : policy.overlays) add_overlay(out, o);
  return std::move(out).take();
}

std::vector<branch> branches_of(const overlay_definition& overlay, const engine::trace& seen) {
  collector out(seen);
  add_overlay(out, overlay);
  return std::move(out).take();
}

tally things(const std::vector<branch>& branches, covered kind) {
  std::map<std::string_view, bool> reached;
  for (const branch& one : branches) {
    if (one.kind != kind) continue;
    bool& any = reached[one.id];
    any = any || one.reached;
  }
  tally out;
  out.all = reached.size();
  for (const auto& [id, any] : reached) out.reached += any ? 1U : 0U;
  return out;
}

tally branch_tally(const std::vector<branch>& branches) {
  tally out;
  out.all = branches.size();
  for (const branch& one : branches) out.reached += one.reached ? 1U : 0U;
  return out;
}

}  // namespace leeway::cli
