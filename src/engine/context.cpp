// SPDX-License-Identifier: Apache-2.0
#include "engine/context.hpp"

#include "engine/binder.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace leeway::engine {
namespace {

void unite(std::vector<std::string>& into, std::vector<std::string> more) {
  for (auto& name : more) into.push_back(std::move(name));
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

verdict negated(verdict v) {
  if (v.yes()) {
    v.is = verdict::truth::no;
  } else if (v.no()) {
    v.is = verdict::truth::yes;
  }
  return v;
}

bool is_stated(const context& c, const std::string& name) {
  const auto slot = c.policy.env->slot_of(name);
  return slot && c.facts.at(*slot).status == condition::binding::state::known;
}

// What the policy would have the agent ask for a fact; empty: it does not say.
std::string question_for(const compiled_policy& policy, const std::string& fact) {
  const auto slot = policy.env->slot_of(fact);
  if (!slot || *slot >= policy.facts.size()) return {};
  const auto* declared = policy.facts[*slot].declared;
  return declared == nullptr ? std::string{} : declared->ask;
}

// The facts by which a measure counts, where it is those that are not known.
std::vector<std::string> keys_behind(const context& c, std::string_view path) {
  constexpr std::string_view prefix = "usage.";
  if (!path.starts_with(prefix)) return {};
  const auto found =
      std::ranges::find_if(c.policy.measures, [&](const policy_detail::compiled_measure& m) {
        return m.id.view() == path.substr(prefix.size());
      });
  if (found == c.policy.measures.end()) return {};
  // A figure that says for which key it is counts for nothing while the key is not known.
  const auto* stated = c.used.find(found->id);
  if (stated != nullptr && !stated->keys) return {};
  return lookup_keys(c.policy, c.facts, found->per).missing;
}

}  // namespace

const std::vector<std::string>& context::amount_needs() const {
  static const std::vector<std::string> itself{"action.amount"};
  return amount_behind.empty() ? itself : amount_behind;
}

bool context::settled_by(const reusable_vector<finding>& so_far) const {
  if ((!approval_only && !stop_at_denial) || req.discretion || seen != nullptr) return false;
  return std::ranges::any_of(so_far, [](const finding& f) { return f.outcome == outcome::deny; });
}

std::vector<std::string> missing_names(const context& c, const condition::evaluation& e) {
  std::vector<std::string> out;
  // Nobody can state what is due: what is missing is what it turns on.
  auto add = [&](condition::slot s) {
    const auto& path = c.policy.env->at(s).path;
    auto behind = s == c.policy.due_slot      ? c.due_missing
                  : s == c.policy.amount_slot ? c.amount_needs()
                                              : keys_behind(c, path);
    if (behind.empty() && s != c.policy.due_slot) behind.push_back(path);
    unite(out, std::move(behind));
  };
  for (auto s : e.missing) add(s);
  if (e.status == condition::evaluation::state::failed || out.empty()) {
    for (auto s : e.involved) add(s);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

verdict truth_of(const context& c, const code_ptr& code) {
  if (code == nullptr) return {};
  const auto quick = condition::quick_truth(*code, *c.policy.env, c.facts);
  if (quick == condition::truth::yes) return {};
  if (quick == condition::truth::no) return {verdict::truth::no, {}, {}};
  auto e = condition::evaluate(*code, *c.policy.env, c.facts);
  if (e.is_true()) return {};
  if (e.is_false()) return {verdict::truth::no, {}, {}};
  verdict v{verdict::truth::maybe, missing_names(c, e), e.error};
  // A condition that fails on constants alone turns on nothing that could be supplied.
  if (v.missing.empty()) v.missing.push_back(code->text());
  return v;
}

verdict both(verdict a, verdict b) {
  if (a.no()) return a;
  if (b.no()) return b;
  if (a.yes()) return b;
  if (b.yes()) return a;
  unite(a.missing, std::move(b.missing));
  if (a.error.empty()) a.error = std::move(b.error);
  return a;
}

verdict applies(const context& c, const code_ptr& when, const code_ptr& unless) {
  if (unless == nullptr) return truth_of(c, when);
  return both(truth_of(c, when), negated(truth_of(c, unless)));
}

verdict applies(const context& c, const policy_detail::overlay_ptr& overlay) {
  if (overlay == nullptr) return {};
  const auto& zone = c.policy.zone;
  const instant as_of = c.req.as_of.value_or(c.req.at);
  const bool begun = !overlay->from || as_of >= zone.start_of_day(*overlay->from);
  const bool ended = overlay->until && as_of >= zone.start_of_day(*overlay->until);
  if (!begun || ended) return {verdict::truth::no, {}, {}};
  return truth_of(c, overlay->applies);
}

bool never_applies(const context& c, const code_ptr& when, const code_ptr& unless) {
  const bool when_stands = when != nullptr && !when->reads_amount();
  if (when_stands && truth_of(c, when).no()) return true;
  return unless != nullptr && !unless->reads_amount() && truth_of(c, unless).yes();
}

quantity_value value_of(const context& c, const compiled_quantity& q) {
  if (const auto* n = std::get_if<std::int64_t>(&q.content)) return {value(*n), {}, {}};
  if (const auto* m = std::get_if<money>(&q.content)) return {value(*m), {}, {}};
  const auto& code = std::get<code_ptr>(q.content);
  value made(false);
  if (const auto* v = condition::quick_value(*code, *c.policy.env, c.facts, made)) {
    return {*v, {}, {}};
  }
  auto e = condition::evaluate(*code, *c.policy.env, c.facts);
  if (e.is_known()) return {std::move(e.result), {}, {}};
  quantity_value out{std::nullopt, missing_names(c, e), e.error};
  if (out.missing.empty()) out.missing.push_back(code->text());
  return out;
}

void add_atoms(const context& c, const code_ptr& code, reusable_vector<deciding_atom>& out) {
  if (code == nullptr || c.approval_only || !c.reasons) return;
  condition::explain(*code, *c.policy.env, c.facts, out);
}

reusable_vector<need> fact_needs(const context& c, const std::vector<std::string>& missing,
                                 const rule_id& rule) {
  reusable_vector<need> out;
  for (const auto& name : missing) {
    need& n = out.next();
    n.what = need::kind::fact;
    n.fact = name;
    if (!rule.empty()) n.rules.push_back(rule);
    n.ask = question_for(c.policy, name);
    // What is stated is asked for where a condition cannot be computed with it.
    if (is_stated(c, name)) {
      n.ask = "is `" + name + "` right as stated?" + (n.ask.empty() ? "" : " " + n.ask);
    }
  }
  return out;
}

bool dates_hold(const context& c, const std::optional<civil_date>& from,
                const std::optional<civil_date>& until) {
  if (!from && !until) return true;
  auto today = c.policy.zone.date_of(c.req.at);
  return (!from || *from <= today) && (!until || today < *until);
}

usage_lookup find_usage(const context& c, const rule_id& id,
                        const std::vector<condition::slot>& per) {
  const auto* found = c.used.find(id);
  if (found == nullptr && c.used.zero_by_default()) return {nullptr, true, {}};
  if (found != nullptr && found->keys && same_keys(c.policy, c.facts, per, *found->keys) &&
      (!found->amount || found->amount->cur() == c.policy.money_currency)) {
    return {found, false, {}};
  }
  auto wanted = lookup_keys(c.policy, c.facts, per);
  if (!wanted.missing.empty() && (found == nullptr || found->keys)) {
    return {nullptr, false, std::move(wanted.missing)};
  }
  if (found == nullptr || (found->keys && *found->keys != wanted.keys) ||
      (found->amount && found->amount->cur() != c.policy.money_currency)) {
    return {nullptr, false, {"usage." + id.str()}};
  }
  return {found, false, {}};
}

}  // namespace leeway::engine
