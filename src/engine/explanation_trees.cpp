// SPDX-License-Identifier: Apache-2.0
#include "engine/explanation_trees.hpp"

#include "condition/trace.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace leeway::engine {
namespace {

using condition::evaluation;
using condition::traced;

expression_part::state state_of(evaluation::state s) {
  switch (s) {
    case evaluation::state::known: return expression_part::state::known;
    case evaluation::state::unknown: return expression_part::state::unknown;
    case evaluation::state::failed: break;
  }
  return expression_part::state::failed;
}

expression_part part_of(traced&& from) {
  expression_part out{.text = std::move(from.text),
                      .item = std::move(from.item),
                      .status = state_of(from.status),
                      .truth = from.truth,
                      .found = std::move(from.found),
                      .error = std::move(from.error),
                      .decides = from.decides,
                      .left_out = from.left_out};
  for (auto& p : from.parts) out.parts.push_back(part_of(std::move(p)));
  return out;
}

class collector {
 public:
  explicit collector(const context& c) : c_(c) {}

  void add(const char* of, const code_ptr& code) {
    if (code != nullptr) out_.push_back({of, tree_of(*code, *c_.policy.env, c_.facts)});
  }
  void add(const char* of, const std::optional<compiled_quantity>& q) {
    if (q) add(of, *q);
  }
  void add(const char* of, const compiled_quantity& q) {
    if (const auto* code = std::get_if<code_ptr>(&q.content)) add(of, *code);
  }

  void grant(const policy_detail::compiled_grant& g) {
    add("when", g.when);
    add("unless", g.unless);
    add("of", g.of);
    add("under", g.under);
    add("up_to", g.up_to);
    add("over", g.over);
    add("at_least", g.at_least);
    add("amount", g.amount);
    add("count", g.count);
    for (const auto& n : g.narrowings) narrowing(n);
  }
  void narrowing(const policy_detail::compiled_narrowing& n) {
    add("applies", n.overlay->applies);
    add("narrow.when", n.when);
    add("narrow.unless", n.unless);
    add("narrow.under", n.under);
    add("narrow.up_to", n.up_to);
    add("narrow.over", n.over);
    add("narrow.at_least", n.at_least);
  }
  void budget(const policy_detail::compiled_budget& b) {
    if (b.overlay != nullptr) add("applies", b.overlay->applies);
    add("when", b.when);
    add("amount", b.amount);
    add("count", b.count);
  }
  void rule(const policy_detail::compiled_rule& r) {
    if (r.overlay != nullptr) add("applies", r.overlay->applies);
    add("when", r.when);
    add("unless", r.unless);
  }
  void entitlement(const policy_detail::compiled_entitlement& e) {
    add("when", e.when);
    for (const auto& r : e.required) add("requires", r.that);
    add("due", e.due);
    add("minimum", e.minimum);
    add("maximum", e.maximum);
  }
  void discretion(const policy_detail::compiled_discretion& d) {
    add("when", d.when);
    add("up_to", d.up_to);
    add("amount", d.amount);
    add("count", d.count);
  }

  std::vector<reading> take() && { return std::move(out_); }

 private:
  const context& c_;
  std::vector<reading> out_{};
};

template <class Entries>
auto entry_of(const Entries& all, const rule_id& id) -> decltype(all.data()) {
  auto found = std::ranges::find_if(all, [&](const auto& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

expression_part tree_of(const policy_detail::program& code, const condition::environment& env,
                        const condition::frame& facts) {
  return part_of(condition::trace(code, env, facts));
}

std::vector<reading> readings_of(const context& c, finding_part part, const rule_id& rule) {
  collector out(c);
  switch (part) {
    case finding_part::authority:
      if (const auto* g = entry_of(c.policy.grants, rule)) out.grant(*g);
      break;
    case finding_part::rule:
      if (const auto* r = entry_of(c.policy.rules, rule)) out.rule(*r);
      break;
    case finding_part::budget:
      if (const auto* b = entry_of(c.policy.budgets, rule)) out.budget(*b);
      break;
    case finding_part::entitlement:
      if (const auto* e = entry_of(c.policy.entitlements, rule)) out.entitlement(*e);
      break;
    case finding_part::discretion:
      if (const auto* d = entry_of(c.policy.discretion, rule)) out.discretion(*d);
      break;
    case finding_part::request:
    case finding_part::policy: break;
  }
  return std::move(out).take();
}

}  // namespace leeway::engine
