// SPDX-License-Identifier: Apache-2.0
#include "engine/silence.hpp"

#include "engine/explanation_trees.hpp"
#include "engine/grants.hpp"
#include "engine/roles.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_grant;

std::string joined(const std::vector<std::string>& names, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += i + 1 == names.size() ? last : ", ";
    out += names[i];
  }
  return out;
}

std::string role_names(const compiled_policy& policy, const std::vector<index>& roles) {
  std::vector<std::string> names;
  for (auto r : roles) names.push_back(policy.roles[r].id.str());
  return joined(names, " and ");
}

std::string turns_on(const std::vector<std::string>& missing, const std::string& error) {
  if (!error.empty()) {
    return "cannot be worked out from " + joined(missing, " and ") + ": " + error;
  }
  return "turns on what is not known: " + joined(missing, " and ");
}

class collector {
 public:
  collector(const context& c, const decision& d, bool trees)
      : c_(c), d_(d), trees_(trees), roles_(c), who_(proposer_of(c, roles_)) {}

  std::vector<silent_part> run() {
    for (const auto& g : c_.policy.grants) {
      if (silent(g, finding_part::authority)) add_grant(g);
    }
    for (const auto& r : c_.policy.rules) {
      if (!silent(r, finding_part::rule) || outside(r, finding_part::rule)) continue;
      add_conditional(r, finding_part::rule, r.when, r.unless);
    }
    for (const auto& b : c_.policy.budgets) {
      if (silent(b, finding_part::budget) && !outside(b, finding_part::budget)) add_budget(b);
    }
    for (const auto& e : c_.policy.entitlements) {
      if (silent(e, finding_part::entitlement)) {
        add_conditional(e, finding_part::entitlement, e.when, nullptr);
      }
    }
    for (const auto& x : c_.policy.discretion) {
      if (silent(x, finding_part::discretion)) add_discretion(x);
    }
    return std::move(out_);
  }

 private:
  template <class Entry>
  bool silent(const Entry& e, finding_part part) const {
    return e.actions.contains(c_.action) &&
           std::ranges::none_of(d_.findings,
                                [&](const finding& f) { return f.part == part && f.rule == e.id; });
  }

  template <class Entry>
  silent_part& begin(const Entry& e, finding_part part) {
    silent_part one{.part = part,
                    .rule = e.id,
                    .because = e.origin->origin.because,
                    .source = e.origin->origin.source};
    if (trees_) one.readings = readings_of(c_, part, e.id);
    out_.push_back(std::move(one));
    return out_.back();
  }

  // Of an overlay that does not apply nothing speaks, whatever the entry itself says.
  template <class Entry>
  bool outside(const Entry& e, finding_part part) {
    if (!applies(c_, e.overlay).no()) return false;
    auto& one = begin(e, part);
    one.why = "its overlay " + e.overlay->id.str() + " does not apply";
    add_atoms(c_, e.overlay->applies, one.atoms);
    return true;
  }

  template <class Entry>
  void add_conditional(const Entry& e, finding_part part, const code_ptr& when,
                       const code_ptr& unless) {
    auto& one = begin(e, part);
    const auto v = applies(c_, when, unless);
    one.why = v.maybe() ? turns_on(v.missing, v.error) + "; the approval it might ask for is there"
              : v.no()  ? "its condition does not hold"
                        : "adds to what is due";
    add_atoms(c_, when, one.atoms);
    add_atoms(c_, unless, one.atoms);
  }

  void add_budget(const policy_detail::compiled_budget& b) {
    auto& one = begin(b, finding_part::budget);
    const auto v = truth_of(c_, b.when);
    one.why = v.no() ? "its condition does not hold" : "counts goodwill only, and this is due";
    if (!v.yes()) {
      add_atoms(c_, b.when, one.atoms);
    }
  }

  void add_discretion(const policy_detail::compiled_discretion& x) {
    auto& one = begin(x, finding_part::discretion);
    if (!holds(x.to, who_.possible)) {
      one.why = "for " + role_names(c_.policy, x.to);
    } else {
      one.why = c_.req.discretion ? "nothing to lift" : "not asked for";
    }
  }

  static bool holds(const std::vector<index>& to, const role_set& roles) {
    return std::ranges::any_of(to, [&](index r) { return roles.contains(r); });
  }

  void add_grant(const compiled_grant& g) {
    auto& one = begin(g, finding_part::authority);
    const bool own = holds(g.to, who_.certain);
    const auto how = covers(c_, g, own);
    one.why = why_of(g, how);
    if (how.by == shortfall::condition) {
      const auto* by = how.narrowing;
      add_atoms(c_, by == nullptr ? g.when : by->when, one.atoms);
      add_atoms(c_, by == nullptr ? g.unless : by->unless, one.atoms);
    }
    if (how.narrowing != nullptr && how.is != verdict::truth::yes) {
      one.why = "narrowed by the overlay " + how.narrowing->overlay->id.str() + ": " + one.why;
    }
    if (!own) {
      const auto whose = "for " + role_names(c_.policy, g.to);
      one.why = how.is == verdict::truth::yes ? whose + ", whom it would let do this"
                                              : whose + "; " + one.why;
    }
  }

  static std::string why_of(const compiled_grant& g, const coverage& how) {
    if (how.is == verdict::truth::yes) return "covers it too";
    if (how.is == verdict::truth::maybe) return turns_on(how.missing, how.error);
    switch (how.by) {
      case shortfall::bound:
      case shortfall::total: {
        const std::string total = how.by == shortfall::total ? " in total" : "";
        return "allows " + std::string(how.relation) + " " + how.bound->to_string() + total;
      }
      case shortfall::certification: return how.detail;
      case shortfall::dates: {
        std::string out = "not in force on that day";
        if (how.narrowing != nullptr) return out;
        if (g.from) out += ", from " + g.from->to_string();
        if (g.until) out += ", until " + g.until->to_string();
        return out;
      }
      default: return "its condition does not hold";
    }
  }

  const context& c_;
  const decision& d_;
  bool trees_{};
  role_table roles_;
  proposer who_;
  std::vector<silent_part> out_{};
};

}  // namespace

std::vector<silent_part> silent_parts(const context& c, const decision& d, bool trees) {
  return collector(c, d, trees).run();
}

}  // namespace leeway::engine
