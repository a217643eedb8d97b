// SPDX-License-Identifier: Apache-2.0
#include "engine/amounts.hpp"
#include "engine/binder.hpp"
#include "engine/candidates.hpp"
#include "engine/evaluation.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine {
namespace {

std::int64_t least_worth_offering(const due_state& due) {
  return due.due ? std::max<std::int64_t>(1, due.due->minor()) : 1;
}

std::optional<money> offered_amount(const context& c, const std::optional<money>& proposed,
                                    const evaluated& what) {
  if (!proposed) return std::nullopt;
  const auto& due = what.due.due;
  auto mode = c.policy.actions[c.action].amount;
  if (mode == amount_mode::no_amount || mode == amount_mode::fixed) return std::nullopt;
  bool below = std::any_of(what.findings.begin(), what.findings.end(), [](const finding& f) {
    return f.code == reason_code::below_due && f.outcome == outcome::deny;
  });
  // What is due would itself be too much for this agent, or ruled out: then it is no offer.
  if (below) return due && would_approve(c, due) ? due : std::nullopt;
  return largest_approved(c, what, least_worth_offering(what.due), proposed->minor() - 1);
}

// Tries the request with another kind of action in place of the proposed one.
class other_action {
 public:
  other_action(const context& c, index kind)
      : context_(c), slot_(*c.policy.env->slot_of("action.kind")), before_(c.facts.keep(slot_)) {
    context_.action = kind;
    context_.seen = nullptr;
    context_.facts.set(slot_, value(c.policy.actions[kind].id.str()));
    // A measure may be counted by the kind of action: what was read for another kind is not known.
    bind_usage(c.policy, c.used, context_.facts);
  }
  ~other_action() {
    context_.facts.restore(slot_, before_);
    bind_usage(context_.policy, context_.used, context_.facts);
  }
  other_action(const other_action&) = delete;
  other_action& operator=(const other_action&) = delete;

  std::optional<offer::alternative> best(const std::optional<money>& proposed) const {
    const auto& action = context_.policy.actions[context_.action];
    offer::alternative out{action.id, {}};
    switch (action.amount) {
      case amount_mode::no_amount:
        if (would_approve(context_, std::nullopt)) return out;
        return std::nullopt;
      case amount_mode::any: {
        // A fixed amount may have been computed that nobody could propose.
        if (!proposed || proposed->is_negative()) return std::nullopt;
        auto what = evaluate_proposal(context_, proposed);
        out.amount = proposed;
        if (what.outcome == outcome::approve && !proposed->is_zero()) return out;
        out.amount =
            largest_approved(context_, what, least_worth_offering(what.due), proposed->minor() - 1);
        if (out.amount) return out;
        return std::nullopt;
      }
      case amount_mode::fixed:
      case amount_mode::due: {
        if (action.amount == amount_mode::fixed && action.fixed == nullptr) return std::nullopt;
        auto what = evaluate_proposal(context_, std::nullopt);
        out.amount = what.amount;
        bool pays = what.outcome == outcome::approve && out.amount && !out.amount->is_zero() &&
                    !out.amount->is_negative();
        if (pays) return out;
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  context context_;
  condition::slot slot_;
  condition::kept_binding before_;
};

}  // namespace

std::optional<offer> find_offer(const context& c, const std::optional<money>& proposed,
                                const evaluated& what) {
  if (what.outcome == outcome::approve) return std::nullopt;
  amount_guard guard(c);
  offer out;
  out.amount = offered_amount(c, proposed, what);
  for (index a = 0; a < c.policy.actions.size(); ++a) {
    if (a == c.action) continue;
    if (auto other = other_action(c, a).best(proposed)) out.alternatives.push_back(*other);
  }
  if (!out.amount && out.alternatives.empty()) return std::nullopt;
  return out;
}

}  // namespace leeway::engine
