// SPDX-License-Identifier: Apache-2.0
// Usage: what history says was used (docs/design/0007-usage.md, docs/formats/request.md).
#include "reference/setting.hpp"

#include <algorithm>

namespace leeway::reference {
namespace {

enum class truth { no, perhaps, yes };

// What the request says of the facts that a count is by; nothing: one of them is missing.
std::optional<usage_keys> key_of(const facts& known, const counting& what, name_set& missing) {
  usage_keys out;
  for (const auto& name : *what.per) {
    const auto found = known.find(name);
    if (found == known.end() || !found->second.known()) {
      missing.insert(name);
    } else {
      out.emplace_back(name, found->second.result->as_string());
    }
  }
  if (!missing.empty()) return std::nullopt;
  return out;
}

facts facts_of_entry(const prepared& p, const history_entry& e) {
  facts out;
  auto add = [&](const std::string& name, value v) {
    out.insert_or_assign("entry." + name, answer::of(std::move(v)));
  };
  for (const auto& [name, content] : e.attributes) {
    const auto declared = p.facts.find("entry." + name);
    // An attribute of a wrong type is unknown: old entries come from other systems.
    if (declared != p.facts.end() && type_named(declared->second.type).kind == content.kind()) {
      add(name, content);
    }
  }
  for (const auto& [name, declared] : p.facts) {
    if (!name.starts_with("entry.") || out.contains(name)) continue;
    if (declared.default_value) out.emplace(name, answer::of(*declared.default_value));
    if (declared.optional) out.emplace(name, answer{.absent = true});
  }
  for (const auto& [name, content] : e.keys) add(name, content);
  if (!e.id.empty()) add("id", e.id);
  add("kind", e.kind.str());
  add("at", e.at);
  add("reversed", e.reversed);
  const auto* const action = p.action(e.kind);
  if (e.amount) {
    add("amount", *e.amount);
  } else if (action != nullptr && action->amount == amount_mode::no_amount) {
    add("amount", money(0, p.document->money_currency));
  }
  return out;
}

class counter {
 public:
  counter(const prepared& p, const request& r, const counting& what, const usage_keys& key)
      : p_(p), r_(r), what_(what), key_(key), zone_(p.names.calendar.zone) {}

  used run() {
    out_.count = 0;
    out_.amount = money(0, p_.document->money_currency);
    out_.at_least = !complete();
    for (const auto& e : *r_.history) add(e);
    return out_;
  }

 private:
  // A count by customer or contact needs no older history than the customer is.
  bool complete() const {
    if (!r_.history_since) return true;
    if (*r_.history_since <= what_.window.first(r_.at, zone_)) return true;
    if (what_.window.which() != window::kind::lifetime || !r_.customer.since) return false;
    const bool of_customer = std::ranges::any_of(
        *what_.per, [](const auto& name) { return name == "customer.id" || name == "contact.id"; });
    return of_customer && *r_.history_since <= zone_.start_of_day(*r_.customer.since);
  }

  truth has_key(const history_entry& e) const {
    auto out = truth::yes;
    for (const auto& [name, wanted] : key_) {
      const auto found = e.keys.find(name);
      const bool of_kind = name == "action.kind";
      if (!of_kind && found == e.keys.end()) {
        out = truth::perhaps;
      } else if ((of_kind ? e.kind.str() : found->second) != wanted) {
        return truth::no;
      }
    }
    return out;
  }

  truth passes(const history_entry& e) const {
    const bool asks_reversed = what_.where && facts_in(*what_.where).contains("entry.reversed");
    if (e.reversed && !asks_reversed) return truth::no;
    if (!what_.where) return truth::yes;
    const auto found = evaluate(what_.where, p_.names, facts_of_entry(p_, e));
    return found.is(true) ? truth::yes : found.is(false) ? truth::no : truth::perhaps;
  }

  static bool is_discretion(const history_entry& e) {
    const auto found = e.attributes.find("basis");
    return found != e.attributes.end() && found->second == value("discretion");
  }

  void add(const history_entry& e) {
    if (!names_kind(*what_.kinds, e.kind) || e.at > r_.at) return;
    if (!what_.window.contains(e.at, r_.at, zone_)) return;
    if (what_.discretion && !is_discretion(e)) return;
    const auto fits = std::min(has_key(e), passes(e));
    if (fits == truth::no) return;
    if (fits == truth::perhaps) {
      out_.at_least = true;
    } else if (!what_.goodwill || !wholly_due(e)) {
      count(e, amount_of(e));
    }
  }

  static bool wholly_due(const history_entry& e) {
    return e.amount && e.due && !e.due->is_zero() && *e.due >= *e.amount;
  }

  // What of an entry counts; nothing: it is not known.
  std::optional<money> amount_of(const history_entry& e) const {
    const auto* const action = p_.action(e.kind);
    const bool none = action != nullptr && action->amount == amount_mode::no_amount;
    const money zero(0, p_.document->money_currency);
    if (!e.amount) return none ? std::optional(zero) : std::nullopt;
    if (!what_.goodwill || !e.due) return e.amount;
    const auto left = checked_sub(*e.amount, *e.due);
    return left && !left->is_negative() ? *left : zero;
  }

  void count(const history_entry& e, const std::optional<money>& amount) {
    ++*out_.count;
    if (!out_.last_at || e.at > *out_.last_at) out_.last_at = e.at;
    const auto leaves = what_.window.leaves(e.at, r_.at, zone_);
    if (leaves && (!out_.resets || *leaves < *out_.resets)) out_.resets = leaves;
    auto sum = amount;
    if (amount && what_.largest) {
      sum = std::max(*out_.amount, *amount, [](auto a, auto b) { return a < b; });
    } else if (amount) {
      sum = checked_add(*out_.amount, *amount);
    }
    // An amount that is not known, or a sum that runs over, leaves a lower bound.
    if (sum) out_.amount = sum;
    if (!sum && what_.wants_amount) out_.at_least = true;
  }

  const prepared& p_;
  const request& r_;
  const counting& what_;
  const usage_keys& key_;
  time_zone zone_;
  used out_{};
};

}  // namespace

used usage_of(const prepared& p, const request& r, const facts& known, const counting& what,
              const usage* given) {
  used nothing{.unknown = true};
  const auto key = key_of(known, what, nothing.missing);
  if (given != nullptr) {
    const auto* const found = given->find(what.id);
    if (found == nullptr && given->zero_by_default()) {
      return {.amount = money(0, p.document->money_currency), .count = 0};
    }
    if (found == nullptr || (found->keys && found->keys != key)) return nothing;
    return {.amount = found->amount,
            .count = found->count,
            .last_at = found->last_at,
            .resets = found->resets,
            .at_least = found->at_least};
  }
  if (const auto stated = r.usage.find(what.id.str()); stated != r.usage.end()) {
    if (!key) return nothing;
    const auto& u = stated->second;
    return {.amount = u.amount, .count = u.count, .last_at = u.last_at};
  }
  if (!key || !r.history) return nothing;
  return counter(p, r, what, *key).run();
}

facts measures(const prepared& p, const request& r, const facts& known, const usage* given) {
  facts out;
  for (const auto& m : p.measures) {
    const auto& source = *m.source;
    const auto name = "usage." + source.id.str();
    const counting what{.id = source.id,
                        .kinds = &source.kinds,
                        .per = &source.per,
                        .window = source.window,
                        .where = m.where,
                        .wants_amount = source.take == take::sum || source.take == take::max,
                        .largest = source.take == take::max};
    const auto u = usage_of(p, r, known, what, given);
    answer found;
    if (!u.at_least) {
      if (source.take == take::count && u.count) found.result = value(*u.count);
      if ((source.take == take::sum || source.take == take::max) && u.amount) {
        found.result = value(*u.amount);
      }
      if (source.take == take::last_at) {
        if (u.last_at) found.result = value(*u.last_at);
        if (!u.last_at && u.count == 0) found.absent = true;
      }
    }
    if (!found.known() && !found.absent) {
      found.missing = u.missing.empty() ? name_set{name} : u.missing;
    }
    out.insert_or_assign(name, std::move(found));
  }
  return out;
}

}  // namespace leeway::reference
