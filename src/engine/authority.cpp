// SPDX-License-Identifier: Apache-2.0
#include "engine/authority.hpp"

#include "engine/candidates.hpp"
#include "engine/grants.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_grant;
using truth = verdict::truth;

bool given_to(const compiled_grant& g, const role_set& roles) {
  return roles.has_any_of(g.given_to);
}

// The best answer of the grants given to one of `roles`.
struct standing {
  truth is{truth::no};
  const compiled_grant* grant{};  ///< the one that covers, or came nearest
  shortfall by{shortfall::nothing};
  std::optional<coverage> how{};  ///< absent: a glance was enough; only what is told needs more

  const std::vector<std::string>& missing() const {
    static const std::vector<std::string> nothing;
    return how ? how->missing : nothing;
  }
};

// It came to this as far as a glance tells.
standing at_a_glance(truth is, const compiled_grant& g, shortfall by) {
  return {is, &g, by, std::nullopt};
}
standing closely(const compiled_grant& g, coverage how) {
  return {how.is, &g, how.by, std::move(how)};
}

standing stands(const context& c, const role_set& roles, bool is_proposer) {
  standing best;
  std::vector<std::string> missing;
  for (const auto* g : c.here().grants) {
    if (!given_to(*g, roles)) continue;
    const auto comes_nearer = [&](shortfall by) {
      return best.is == truth::no && (best.grant == nullptr || by < best.by);
    };
    if (const auto seen = glance_at(c, *g, is_proposer)) {
      if (seen->covers) return at_a_glance(truth::yes, *g, seen->by);
      if (comes_nearer(seen->by)) best = at_a_glance(truth::no, *g, seen->by);
      continue;
    }
    auto how = covers(c, *g, is_proposer);
    if (how.is == truth::yes) return closely(*g, std::move(how));
    if (how.is == truth::maybe) {
      missing.insert(missing.end(), how.missing.begin(), how.missing.end());
      if (best.is == truth::maybe) continue;
    } else if (!comes_nearer(how.by)) {
      continue;
    }
    best = closely(*g, std::move(how));
  }
  if (best.is != truth::maybe) return best;
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  best.how->missing = std::move(missing);
  return best;
}

// Certainly competent, possibly competent or not; substitutions that are not certain only make
// "possibly".
standing competence(const context& c, const role_set& certain, const role_set& possible,
                    const role_table& roles, bool is_proposer) {
  auto sure = stands(c, certain, is_proposer);
  if (sure.is == truth::yes || possible == certain) return sure;
  auto perhaps = stands(c, possible, is_proposer);
  if (perhaps.is == truth::no) return sure;
  if (perhaps.is == truth::yes) {
    perhaps.is = truth::maybe;
    if (!perhaps.how) perhaps.how.emplace();
    perhaps.how->missing = roles.missing();
  }
  return perhaps;
}

// Of the given roles those with the fewest steps; the unreachable ones only when none is reachable.
role_list nearest(const compiled_policy& policy, const role_list& from, const role_list& among) {
  const auto steps = distances(policy, from);
  int best = out_of_reach;
  for (auto r : among) best = std::min(best, steps[r]);
  role_list out;
  for (auto r : among) {
    if (steps[r] == best) out.push_back(r);
  }
  return out;
}

void ask_approval(const context& c, const role_list& any_of, const rule_id& rule, need& n) {
  for (auto r : any_of) n.any_of.push_back(c.policy.roles[r].id);
  if (!rule.empty()) n.rules.push_back(rule);
  normalise(c.policy, n);
}

void tell(finding& f, const context& c, const standing& s) {
  if (s.grant == nullptr || !c.reasons) return;
  f.rule = s.grant->id;
  f.because = s.grant->origin->origin.because;
  f.source = s.grant->origin->origin.source;
  // What covers at a glance has nothing more to tell.
  if (!s.how && s.is == truth::yes) return;
  std::optional<coverage> looked;
  const coverage& how = s.how ? *s.how : looked.emplace(covers(c, *s.grant, true));
  const auto* by = how.narrowing;
  f.overlay = by == nullptr ? rule_id{} : by->overlay->id;
  if (by != nullptr) {
    // The sentence that limits is the overlay's; where it has none, the grant's still names what.
    const auto& origin = by->origin->origin;
    if (!origin.because.empty()) f.because = origin.because;
    if (!origin.source.empty()) f.source = origin.source;
  }
  f.actual = how.actual;
  f.bound = how.bound;
  f.relation = how.relation;
  f.detail = how.detail;
  if (how.by != shortfall::condition) return;
  add_atoms(c, by == nullptr ? s.grant->when : by->when, f.atoms);
  add_atoms(c, by == nullptr ? s.grant->unless : by->unless, f.atoms);
}

// Whether less would be covered: a smaller amount, or less of another bounded quantity.
struct lesser {
  const compiled_grant* grant{};       ///< that certainly would
  std::vector<std::string> missing{};  ///< without one: what it turns on; empty: certainly not
};

// Less of another bounded quantity: minutes, points ... Of several grants the widest is told.
lesser covers_less_of(const context& c, const role_set& roles, bool is_proposer) {
  lesser out;
  std::optional<value> widest;
  for (const auto* one : c.here().grants) {
    const auto& g = *one;
    if (g.of == nullptr || !given_to(g, roles)) continue;
    auto how = covers(c, g, is_proposer);
    bool over = how.is == truth::no && how.by == shortfall::bound &&
                (how.relation == "under" || how.relation == "up to");
    if (!over) continue;
    auto less = covers(c, g, is_proposer, false);
    if (less.is != truth::yes) {
      out.missing.insert(out.missing.end(), less.missing.begin(), less.missing.end());
      continue;
    }
    const bool alike = widest && how.bound->kind() == widest->kind();
    const auto order = alike ? compare(*how.bound, *widest) : std::nullopt;
    if (out.grant == nullptr || (order && *order > 0)) {
      out.grant = &g;
      widest = how.bound;
    }
  }
  if (out.grant != nullptr) out.missing.clear();
  return out;
}

const money* constant_of(const std::optional<compiled_quantity>& q) {
  return q ? std::get_if<money>(&q->content) : nullptr;
}

// The largest amount less than proposed that the bounds of a grant leave, where nothing but they
// turn on the amount, and they are constants; nullopt: it is not so plain. Zero: none is left.
std::optional<std::int64_t> most_within_bounds(const compiled_grant& g, std::int64_t proposed) {
  auto reads_amount = [](const code_ptr& code) { return code != nullptr && code->reads_amount(); };
  if (g.of != nullptr || g.window || !g.narrowings.empty() || reads_amount(g.when) ||
      reads_amount(g.unless)) {
    return std::nullopt;
  }
  for (const auto* q : {&g.under, &g.up_to, &g.over, &g.at_least}) {
    if (*q && constant_of(*q) == nullptr) return std::nullopt;
  }
  std::int64_t most = proposed - 1;
  std::int64_t least = 1;
  if (const auto* m = constant_of(g.under)) most = std::min(most, m->minor() - 1);
  if (const auto* m = constant_of(g.up_to)) most = std::min(most, m->minor());
  if (const auto* m = constant_of(g.over)) least = std::max(least, m->minor());
  if (const auto* m = constant_of(g.at_least)) least = std::max(least, m->minor());
  if (g.over && most <= constant_of(g.over)->minor()) return 0;
  return most < least ? 0 : most;
}

// The largest amount less than proposed that one grant covers. Its answer changes only next to its
// own candidates, so those of the others need not be tried.
std::optional<std::int64_t> most_covered(const context& c, const compiled_grant& g,
                                         bool is_proposer, std::int64_t above,
                                         std::vector<std::string>& missing) {
  if (const auto most = most_within_bounds(g, c.amount->minor())) {
    if (*most <= above) return std::nullopt;
    context less = c;
    less.amount = money(*most, c.policy.money_currency);
    if (const auto seen = glance_at(less, g, is_proposer)) {
      return seen->covers ? most : std::nullopt;
    }
    const auto how = covers(less, g, is_proposer);
    if (how.is == truth::yes) return most;
    missing.insert(missing.end(), how.missing.begin(), how.missing.end());
    return std::nullopt;
  }
  std::vector<std::int64_t> amounts;
  grant_candidates(c, g, amounts);
  const candidates tries(amounts, 1, c.amount->minor() - 1);
  context less = c;
  for (auto minor : tries.descending()) {
    if (minor <= above) return std::nullopt;
    less.amount = money(minor, c.policy.money_currency);
    less.facts.set(c.policy.amount_slot, value(*less.amount));
    const auto how = covers(less, g, is_proposer);
    if (how.is == truth::yes) return minor;
    missing.insert(missing.end(), how.missing.begin(), how.missing.end());
  }
  return std::nullopt;
}

// The grant with the nearest shortfall is told.
lesser covers_less(const context& c, const role_set& roles, bool is_proposer) {
  auto out = covers_less_of(c, roles, is_proposer);
  if (out.grant != nullptr) return out;
  if (!c.has_amount || !c.amount || c.amount->minor() <= 1) return out;
  std::int64_t most = 0;
  amount_guard guard(c);
  for (const auto* g : c.here().grants) {
    if (!given_to(*g, roles)) continue;
    const auto covered = most_covered(c, *g, is_proposer, most, out.missing);
    if (!covered) continue;
    most = *covered;
    out.grant = g;
  }
  if (out.grant != nullptr) return {out.grant, {}};
  std::sort(out.missing.begin(), out.missing.end());
  out.missing.erase(std::unique(out.missing.begin(), out.missing.end()), out.missing.end());
  return out;
}

// Of what the grant itself covers: whether a narrowing leaves it or takes it away.
void mark_narrowing(const context& c, const compiled_grant& g,
                    const policy_detail::compiled_narrowing& n) {
  context itself = c;
  itself.narrowed = false;
  if (covers(itself, g, false).is != truth::yes || !applies(c, n.overlay).yes()) return;
  const auto how = allows(c, g, n, false);
  c.mark(narrowing_trace_id(n.overlay->id, g.id), how.is == truth::yes  ? seen_true
                                                  : how.is == truth::no ? seen_false
                                                                        : seen_unknown);
}

void mark_grants(const context& c) {
  if (c.seen == nullptr) return;
  for (const auto* one : c.here().grants) {
    const auto& g = *one;
    auto how = covers(c, g, false);
    c.mark(g.id, how.is == truth::yes  ? seen_true
                 : how.is == truth::no ? seen_false
                                       : seen_unknown);
    for (const auto& n : g.narrowings) mark_narrowing(c, g, n);
  }
}

void begin(finding& f, reason_code code, leeway::outcome o) {
  f.code = code;
  f.outcome = o;
  f.part = finding_part::authority;
}

standing competence_of(const context& c, const role_table& roles, index role) {
  const std::array<index, 1> alone{role};
  return competence(c, roles.certain(alone), roles.possible(alone), roles, false);
}

role_list roles_where(const context& c, const role_table& roles, truth wanted,
                      const role_set& except) {
  role_list out;
  for (index r = 0; r < c.policy.roles.size(); ++r) {
    if (!except.contains(r) && competence_of(c, roles, r).is == wanted) out.push_back(r);
  }
  return out;
}

const signer* signer_among(const std::vector<signer>& signers, const role_list& sure) {
  for (const auto& s : signers) {
    if (s.roles.has_any_of(sure)) return &s;
  }
  return nullptr;
}

// Whether it is told which denial or which grant it is.
bool is_told(const context& c) { return c.reasons && !c.approval_only && !c.count_only; }

// Somebody else certainly may decide this.
void escalated(const context& c, const proposer& who, const standing& own, const role_list& others,
               finding& f) {
  const auto* less = is_told(c) ? covers_less(c, who.certain, true).grant : nullptr;
  begin(f, less == nullptr ? reason_code::not_delegated : reason_code::over_limit,
        outcome::escalate);
  if (less == nullptr || own.grant == less) {
    tell(f, c, own);
  } else {
    tell(f, c, closely(*less, covers(c, *less, true)));
  }
  ask_approval(c, nearest(c.policy, who.held, others), f.rule, f.needs.next());
}

std::string or_approval(const need& n) {
  std::string out = "or get the approval of ";
  for (std::size_t i = 0; i < n.any_of.size(); ++i) {
    out += (i == 0 ? "`" : " or `") + n.any_of[i].str() + "`";
  }
  return out;
}

// It turns on unknown facts: the proposer's own authority, or, where nobody certainly may decide,
// that of `others`.
void unknown(const context& c, const role_table& roles, const proposer& who, const standing& own,
             const role_list& others, finding& f) {
  begin(f, reason_code::authority_unknown, outcome::escalate);
  standing told = own;
  if (own.is != truth::maybe) {
    auto near = nearest(c.policy, who.held, others);
    for (auto r : near) {
      auto s = competence_of(c, roles, r);
      if (told.is != truth::maybe) told = s;
      f.missing.insert(f.missing.end(), s.missing().begin(), s.missing().end());
      if (!who.possible.contains(r)) continue;
      f.missing.insert(f.missing.end(), roles.missing().begin(), roles.missing().end());
    }
    ask_approval(c, near, told.grant != nullptr ? told.grant->id : rule_id{}, f.needs.next());
  } else {
    f.missing = own.missing();
    // What the others' authority turns on counts as soon as it is not the proposer's.
    for (auto r : nearest(c.policy, who.held, others)) {
      auto s = competence_of(c, roles, r);
      f.missing.insert(f.missing.end(), s.missing().begin(), s.missing().end());
    }
  }
  tell(f, c, told);
  f.detail = told.how ? told.how->error : std::string{};
  if (!f.detail.empty()) f.code = reason_code::condition_error;
  if (told.grant != nullptr) {
    add_atoms(c, told.grant->when, f.atoms);
    add_atoms(c, told.grant->unless, f.atoms);
    if (const auto* by = told.how ? told.how->narrowing : nullptr) {
      for (const auto* code : {&by->overlay->applies, &by->when, &by->unless}) {
        add_atoms(c, *code, f.atoms);
      }
    }
  }
  std::sort(f.missing.begin(), f.missing.end());
  f.missing.erase(std::unique(f.missing.begin(), f.missing.end()), f.missing.end());
  for (auto& n : fact_needs(c, f.missing, f.rule)) f.needs.push_back(std::move(n));
}

// The roles that are not the proposer's; where one only may be, it is not known.
role_set others_than(const context& c, const role_set& own) {
  role_set out;
  for (index r = 0; r < c.policy.roles.size(); ++r) {
    if (!own.contains(r)) out.insert(r);
  }
  return out;
}

// Whether the proposer or somebody else would cover less. Another holder of the proposer's own role
// might have the certifications that the proposer lacks: that is not asked.
lesser anyone_covers_less(const context& c, const role_table& roles, const proposer& who,
                          bool& of_proposer) {
  auto own = covers_less(c, who.certain, true);
  of_proposer = own.grant != nullptr;
  if (of_proposer) return own;
  auto other = covers_less(c, others_than(c, who.possible), false);
  if (other.grant != nullptr) return other;
  own.missing.insert(own.missing.end(), other.missing.begin(), other.missing.end());
  if (who.possible != who.certain) {
    auto perhaps = covers_less(c, others_than(c, who.certain), false);
    if (perhaps.grant != nullptr) perhaps.missing = roles.missing();
    own.missing.insert(own.missing.end(), perhaps.missing.begin(), perhaps.missing.end());
  }
  std::sort(own.missing.begin(), own.missing.end());
  own.missing.erase(std::unique(own.missing.begin(), own.missing.end()), own.missing.end());
  return own;
}

void denied(const context& c, const role_table& roles, const proposer& who, const standing& own,
            finding& f) {
  begin(f, reason_code::no_authority, outcome::deny);
  // Only for discretion does it matter which denial it is.
  if (!is_told(c) && !c.req.discretion) return;
  bool of_proposer = false;
  auto less = anyone_covers_less(c, roles, who, of_proposer);
  if (less.grant != nullptr) {
    f.code = reason_code::over_limit;
    tell(f, c, closely(*less.grant, covers(c, *less.grant, of_proposer)));
  } else {
    tell(f, c, own);
    f.missing = std::move(less.missing);  // with these it might be `over_limit`
  }
}

void find(const context& c, const role_table& roles, const proposer& who,
          const std::vector<signer>& signers, finding& f) {
  auto own = competence(c, who.certain, who.possible, roles, true);
  if (own.is == truth::yes) {
    begin(f, reason_code::within_authority, outcome::approve);
    return tell(f, c, own);
  }
  // Neither a sign-off nor discretion could make up for it: whose it is to decide is not asked.
  if (c.approval_only && signers.empty() && !c.req.discretion) {
    return begin(f, reason_code::no_authority, outcome::deny);
  }
  if (who.no_role) {
    begin(f, reason_code::authority_unknown, outcome::escalate);
    f.missing = {"agent.role"};
    f.needs = fact_needs(c, f.missing, {});
    return;
  }
  auto sure = roles_where(c, roles, truth::yes, who.possible);
  if (const auto* by = signer_among(signers, sure)) {
    begin(f, reason_code::approval_given, outcome::approve);
    tell(f, c, stands(c, by->roles, false));
    f.detail = by->by.str();
    return;
  }
  if (own.is == truth::maybe) {
    const auto perhaps =
        sure.empty() ? roles_where(c, roles, truth::maybe, who.possible) : role_list{};
    unknown(c, roles, who, own, perhaps, f);
    // The fact makes it the agent's own to decide, or not; whoever may decide anyway can do so now.
    if (!sure.empty()) {
      need n;
      ask_approval(c, nearest(c.policy, who.held, sure), f.rule, n);
      name_substitutes(c, roles, n);
      f.remedy = or_approval(n);
    }
    return;
  }
  if (!sure.empty()) return escalated(c, who, own, sure, f);
  // A role that only may be the proposer's own may just as well be somebody else's to ask.
  auto perhaps = roles_where(c, roles, truth::maybe, who.certain);
  for (auto r : roles_where(c, roles, truth::yes, who.certain)) {
    if (who.possible.contains(r)) perhaps.push_back(r);
  }
  if (!perhaps.empty()) return unknown(c, roles, who, own, perhaps, f);
  denied(c, roles, who, own, f);
}

// What grants may turn on, as the policy has them or as some of its overlays narrow them.
struct beneath {
  bool narrowed{};                     ///< a narrowing takes something away, or may
  std::vector<std::string> missing{};  ///< facts
  rule_id grant{};                     ///< one that turns on them
};

void look_beneath(const context& c, const compiled_grant& g, bool is_proposer, beneath& out) {
  context itself = c;
  itself.narrowed = false;
  auto own = covers(itself, g, is_proposer);
  if (own.is == truth::no) return;
  auto add = [&](const std::vector<std::string>& missing) {
    out.missing.insert(out.missing.end(), missing.begin(), missing.end());
    if (out.grant.empty()) out.grant = g.id;
  };
  if (own.is == truth::maybe) add(own.missing);
  for (const auto& n : g.narrowings) {
    const auto left = narrowed_by(c, g, n, is_proposer);
    out.narrowed = out.narrowed || left.is != truth::yes;
    if (left.is == truth::maybe) add(left.missing);
  }
}

}  // namespace

std::optional<finding> unknown_beneath_overlays(const context& c, const role_table& roles,
                                                const proposer& who) {
  if (c.policy.overlays.empty()) return std::nullopt;
  const bool nobody = roles_where(c, roles, truth::yes, who.possible).empty();
  beneath found;
  for (const auto* one : c.here().grants) {
    const auto& g = *one;
    const bool own = given_to(g, who.possible);
    beneath of_grant;
    if (own) look_beneath(c, g, true, of_grant);
    if (nobody || !own) look_beneath(c, g, false, of_grant);
    found.narrowed = found.narrowed || of_grant.narrowed;
    if (!own && !nobody) continue;
    found.missing.insert(found.missing.end(), of_grant.missing.begin(), of_grant.missing.end());
    if (found.grant.empty()) found.grant = of_grant.grant;
  }
  if (!found.narrowed) return std::nullopt;
  if (nobody || who.possible != who.certain) {
    found.missing.insert(found.missing.end(), roles.missing().begin(), roles.missing().end());
  }
  if (found.missing.empty()) return std::nullopt;
  finding f;
  begin(f, reason_code::authority_unknown, outcome::escalate);
  f.rule = found.grant;
  f.detail = "discretion lifts no unknown, and an overlay does not make one known";
  f.missing = std::move(found.missing);
  std::sort(f.missing.begin(), f.missing.end());
  f.missing.erase(std::unique(f.missing.begin(), f.missing.end()), f.missing.end());
  f.needs = fact_needs(c, f.missing, f.rule);
  return f;
}

void find_authority(const context& c, const role_table& roles, const proposer& who,
                    const std::vector<signer>& signers, reusable_vector<finding>& out) {
  mark_grants(c);
  find(c, roles, who, signers, out.next());
}

}  // namespace leeway::engine
