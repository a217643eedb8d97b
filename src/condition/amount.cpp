// SPDX-License-Identifier: Apache-2.0
#include "condition/evaluator.hpp"
#include "condition/machine.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>

namespace leeway::condition {

namespace {

/// One side of a comparison as slope * amount + constant, in minor units.
struct line {
  exact_money constant{};
  exact_money slope{};
};

class thresholds {
 public:
  thresholds(const program& p, const environment& env, frame& f, slot amount,
             std::vector<std::int64_t>& out)
      : program_(p), env_(env), frame_(f), amount_(amount), out_(out) {}

  void visit(const node& n) {
    if (n.amount == amount_use::none) return;
    if (n.what == operation::reference) {
      return thresholds(*n.definition, env_, frame_, amount_, out_).visit(n.definition->root());
    }
    const bool compares = n.what == operation::call && n.amount == amount_use::closed &&
                          n.args.size() == 2 && n.args[0]->static_type.is(value_kind::money);
    if (compares) return comparison(n);
    for (const node_ptr& a : n.args) visit(*a);
  }

 private:
  std::optional<exact_money> at(const node& n, std::int64_t minor) {
    frame_.set(amount_, money(minor, env_.money_currency()));
    if (n.what == operation::constant && n.constant) return n.constant->as_money();
    // What only the general evaluator runs has no place where it could be asked alone.
    if (n.quick != node::nowhere || n.what == operation::fact) {
      machine quick(env_, frame_);
      value scratch(false);
      const value* const found = n.quick == node::nowhere
                                     ? quick.fact(n)
                                     : quick.any(&program_.quick().steps[n.quick], scratch);
      if (!quick.irregular()) {
        return found == nullptr ? std::nullopt : std::optional(found->as_money());
      }
    }
    const outcome out = evaluator(env_, frame_).run(n);
    if (!out.known() || !out.get().is(value_kind::money)) return std::nullopt;
    return out.get().as_money();
  }

  std::optional<line> line_of(const node& n) {
    const auto zero = at(n, 0);
    const auto one = at(n, 1);
    if (!zero || !one) return std::nullopt;
    const auto slope = checked_sub(*one, *zero);
    if (!slope) return std::nullopt;
    return line{*zero, *slope};
  }

  /// slope * a + constant crosses zero at -constant / slope.
  void comparison(const node& n) {
    const auto left = line_of(*n.args[0]);
    const auto right = line_of(*n.args[1]);
    if (!left || !right) return;
    const auto slope = checked_sub(left->slope, right->slope);
    const auto constant = checked_sub(right->constant, left->constant);
    if (!slope || !constant || slope->is_zero()) return;
    const auto crossing = exact_ratio(*constant, *slope);
    if (!crossing) return;
    const auto exact = exact_money::make(crossing->num(), crossing->den(), env_.money_currency());
    if (!exact) return;
    add(exact->round(rounding::floor), -1);
    add(exact->round(rounding::ceiling), 1);
  }

  void add(const std::optional<money>& threshold, std::int64_t beyond) {
    if (!threshold) return;
    out_.push_back(threshold->minor());
    if (const auto next = checked_add(threshold->minor(), beyond)) out_.push_back(*next);
  }

  const program& program_;
  const environment& env_;
  frame& frame_;
  slot amount_;
  std::vector<std::int64_t>& out_;
};

}  // namespace

void amount_candidates(const program& p, const environment& env, frame& f,
                       std::vector<std::int64_t>& out) {
  const auto amount = env.amount_slot();
  if (!amount || !p.reads_amount() || f.size() < p.least_frame()) return;
  const auto begun = static_cast<std::ptrdiff_t>(out.size());
  const kept_binding before = f.keep(*amount);
  try {
    thresholds(p, env, f, *amount, out).visit(p.root());
  } catch (const std::logic_error&) {
    // As in evaluate(): a fact that does not hold what is declared yields no threshold.
    f.restore(*amount, before);
    return;
  }
  f.restore(*amount, before);
  // Only what is new: a policy asks all its conditions in turn.
  std::sort(out.begin() + begun, out.end());
  out.erase(std::unique(out.begin() + begun, out.end()), out.end());
}

void amount_candidates(const program& p, const environment& env, const frame& f,
                       std::vector<std::int64_t>& out) {
  frame own = f;
  amount_candidates(p, env, own, out);
}

}  // namespace leeway::condition
