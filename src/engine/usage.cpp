// SPDX-License-Identifier: Apache-2.0
#include "engine/usage.hpp"

#include "engine/binder.hpp"
#include "engine/counter.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace leeway::engine {
namespace {

using condition::slot;
using policy_detail::compiled_policy;

counted counts(const compiled_policy& policy, const counter& c, const usage_keys& keys,
               const history_entry& e, const request& r) {
  if (!is_of(policy, c, e) || !c.window->contains(e.at, r.at, policy.zone)) return counted::no;
  auto verdict = counted::yes;
  for (const auto& [path, wanted] : keys) {
    const auto* found = entry_key(e, path);
    if (found == nullptr) {
      verdict = counted::unsure;
    } else if (*found != wanted) {
      return counted::no;
    }
  }
  const auto passes = passes_where(policy, c, e);
  return passes == counted::yes ? verdict : passes;
}

class tally {
 public:
  tally(const compiled_policy& policy, const counter& c) : policy_(policy), counter_(c) {}

  void add(const history_entry& e, instant at) {
    if (wholly_due(counter_, e)) return;
    ++count_;
    if (!last_ || *last_ < e.at) last_ = e.at;
    if (auto leaves = counter_.window->leaves(e.at, at, policy_.zone)) {
      if (!resets_ || *leaves < *resets_) resets_ = *leaves;
    }
    auto amount = amount_of(policy_, counter_, e);
    if (!amount) {
      unsure_ = unsure_ || counter_.wants_amount;
      return;
    }
    if (counter_.take == take::max) {
      sum_ = std::max(sum_, amount->minor());
    } else if (auto total = checked_add(sum_, amount->minor())) {
      sum_ = *total;
    } else {
      unsure_ = unsure_ || counter_.wants_amount;
    }
  }

  void set_unsure() { unsure_ = true; }

  usage_value result(usage_keys keys) const {
    usage_value v;
    v.amount = money(sum_, policy_.money_currency);
    v.count = count_;
    v.last_at = last_;
    v.resets = resets_;
    v.at_least = unsure_;
    v.keys = std::move(keys);
    return v;
  }

 private:
  const compiled_policy& policy_;
  const counter& counter_;
  std::int64_t sum_{};
  std::int64_t count_{};
  std::optional<instant> last_{};
  std::optional<instant> resets_{};
  bool unsure_{};
};

bool keyed_by(const usage_keys& keys, std::string_view path) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return k.first == path; });
}

// Whether history reaches back to the beginning of the window.
bool complete(const compiled_policy& policy, const counter& c, const usage_keys& keys,
              const request& r) {
  if (!r.history_since) return true;
  if (*r.history_since > r.at) return false;
  if (auto begins = c.window->begins(r.at, policy.zone)) return *r.history_since <= *begins;
  // Lifetime: complete when history reaches back to the customer's first day; none of the
  // customer's contacts is older.
  return (keyed_by(keys, "customer.id") || keyed_by(keys, "contact.id")) && r.customer.since &&
         *r.history_since <= policy.zone.start_of_day(*r.customer.since);
}

std::optional<usage_value> count_history(const compiled_policy& policy, const counter& c,
                                         const usage_keys& keys, const request& r) {
  if (!r.history) return std::nullopt;
  tally total(policy, c);
  for (const auto& e : *r.history) {
    switch (counts(policy, c, keys, e, r)) {
      case counted::yes: total.add(e, r.at); break;
      case counted::unsure: total.set_unsure(); break;
      case counted::no: break;
    }
  }
  if (!complete(policy, c, keys, r)) total.set_unsure();
  return total.result(keys);
}

// Where the first of the windows begins; nothing when one of them has no beginning.
std::optional<instant> earliest(const compiled_policy& policy, const std::vector<counter>& all,
                                const request& r) {
  std::optional<instant> out;
  for (const auto& c : all) {
    const auto begin = c.window->begins(r.at, policy.zone);
    if (!begin) return std::nullopt;
    if (!out || *begin < *out) out = begin;
  }
  return out;
}

// How much further back a counter needs the history; empty: it reaches back far enough.
std::string short_history(const compiled_policy& policy, const counter& c, const request& r) {
  const auto counts_by = [&](std::string_view path) {
    return std::ranges::any_of(*c.per, [&](slot s) { return policy.env->at(s).path == path; });
  };
  usage_keys keys;
  for (const auto s : *c.per) keys.emplace_back(policy.env->at(s).path, std::string{});
  if (complete(policy, c, keys, r)) return {};
  const std::string known = "`history` is complete from " + r.history_since->to_string() + " only";
  if (const auto begin = c.window->begins(r.at, policy.zone)) {
    return known + ": `" + c.id.str() + "` needs it back to " + begin->to_string();
  }
  const bool by_person = counts_by("customer.id") || counts_by("contact.id");
  if (by_person && r.customer.since) {
    return known + ": `" + c.id.str() + "` needs it back to `customer.since`, " +
           r.customer.since->to_string();
  }
  return known + ", and `" + c.id.str() + "` counts for ever: " +
         (by_person ? "give `customer.since`, which shows that nothing is older, or leave "
                    : "leave ") +
         "`history_since` out where the history is complete";
}

std::optional<usage_value> stated(const request& r, const counter& c, const usage_keys& keys) {
  auto found = r.usage.find(c.id.str());
  if (found == r.usage.end()) return std::nullopt;
  usage_value v;
  v.amount = found->second.amount;
  v.count = found->second.count;
  v.last_at = found->second.last_at;
  v.keys = keys;
  return v;
}

}  // namespace

std::vector<usage_key> usage_needed(const compiled_policy& policy, const request& r) {
  auto bound = bind(policy, r);
  std::vector<usage_key> out;
  for (const auto& c : counters_of(policy)) {
    auto keys = lookup_keys(policy, bound.facts, *c.per);
    out.push_back({c.id, c.kind, *c.window, std::move(keys.keys), std::move(keys.missing)});
  }
  std::sort(out.begin(), out.end(),
            [](const usage_key& a, const usage_key& b) { return a.id < b.id; });
  return out;
}

usage usage_of(const compiled_policy& policy, const request& r) {
  auto bound = bind(policy, r);
  usage out;
  for (const auto& c : counters_of(policy)) {
    auto keys = lookup_keys(policy, bound.facts, *c.per);
    if (auto v = stated(r, c, keys.keys)) {
      out.set(c.id, std::move(*v));
      continue;
    }
    if (!keys.missing.empty()) continue;
    if (auto v = count_history(policy, c, keys.keys, r)) out.set(c.id, std::move(*v));
  }
  return out;
}

std::string history_wanted(const compiled_policy& policy, const request& r,
                           const std::vector<rule_id>& ids) {
  std::vector<counter> all = counters_of(policy);
  std::erase_if(all, [&](const counter& c) { return std::ranges::find(ids, c.id) == ids.end(); });
  if (all.empty()) return {};
  if (!r.history) {
    const auto begin = earliest(policy, all, r);
    return "give the request its complete `history`" +
           (begin ? ", back to " + begin->to_string() : std::string{}) + ", or state `usage`";
  }
  std::string out;
  for (const auto& c : all) {
    const auto one = short_history(policy, c, r);
    if (!one.empty() && out.find(one) == std::string::npos) out += (out.empty() ? "" : "; ") + one;
  }
  if (!out.empty()) return out;
  std::set<std::string> keys;
  bool amounts = false;
  for (const auto& c : all) {
    amounts = amounts || c.wants_amount;
    for (const auto s : *c.per) keys.insert("`" + policy.env->at(s).path + "`");
  }
  if (amounts) keys.insert("its `amount`");
  std::string listed;
  for (const auto& k : keys) listed += (listed.empty() ? "" : ", ") + k;
  return "give each entry of `history` what it is counted by" +
         (listed.empty() ? listed : ": " + listed) + "; or state `usage`";
}

history_entry entry_of(const compiled_policy& policy, const request& r, const decision& d) {
  history_entry e;
  e.id = d.id().str();
  e.kind = r.action.kind;
  e.amount = d.amount;
  if (d.due && d.amount) {
    e.due = money(std::min(d.due->minor(), d.amount->minor()), d.due->cur());
  }
  e.at = r.at;
  auto bound = bind(policy, r);
  for (const auto& fact : policy.facts) {
    if (!fact.static_type.is(value_kind::string)) continue;
    // Nothing counts by it, so it has no business in history.
    if (policy.env->at(fact.where).protected_attribute) continue;
    if (auto text = key_text(bound.facts, fact.where)) e.keys.emplace(fact.name, std::move(*text));
  }
  for (const auto& [name, content] : r.action.attributes) e.attributes.emplace(name, content);
  if (d.basis == basis::discretion) {
    e.attributes.insert_or_assign(std::string(basis_attribute), value(basis_discretion));
  }
  return e;
}

}  // namespace leeway::engine
