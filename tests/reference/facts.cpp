// SPDX-License-Identifier: Apache-2.0
#include "reference/setting.hpp"

#include <algorithm>

namespace leeway::reference {
namespace {

value list_of(const std::vector<std::string>& names) {
  value::list_type items;
  for (const auto& name : names) items.emplace_back(name);
  return value::list(std::move(items));
}

// A dotted path below a group: its attribute, or a part of one that is an object.
const value* attribute(const attributes& of, std::string_view path) {
  if (const auto found = of.find(path); found != of.end()) return &found->second;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    const auto found = of.find(path.substr(0, dot));
    if (found == of.end()) continue;
    const value* at = &found->second;
    std::string_view rest = path.substr(dot + 1);
    while (at != nullptr && !rest.empty()) {
      if (!at->is(value_kind::map)) return nullptr;
      const auto end = rest.find('.');
      at = at->find(value(rest.substr(0, end)));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (at != nullptr) return at;
  }
  return nullptr;
}

const attributes* group_of(const request& r, std::string_view group) {
  if (group == "agent") return &r.agent.attributes;
  if (group == "customer") return &r.customer.attributes;
  if (group == "contact") return &r.contact.attributes;
  if (group == "subject") return &r.subject.attributes;
  if (group == "action") return &r.action.attributes;
  return nullptr;
}

void add_built_in(const request& r, std::map<std::string, value, std::less<>>& out) {
  auto text = [&](const char* name, const std::string& content) {
    if (!content.empty()) out.emplace(name, value(content));
  };
  auto known = [&](const char* name, const auto& content) {
    if (content) out.emplace(name, value(*content));
  };
  auto names = [&](const char* name, const known_names& content) {
    if (content) out.emplace(name, list_of(*content));
  };
  out.emplace("at", value(r.at));
  text("agent.id", r.agent.id.str());
  text("agent.role", r.agent.role.str());
  std::vector<std::string> roles;
  for (const auto& role : r.agent.all_roles()) roles.push_back(role.str());
  if (!roles.empty()) out.emplace("agent.roles", list_of(roles));
  known("agent.team", r.agent.team);
  known("agent.department", r.agent.department);
  known("agent.site", r.agent.site);
  names("agent.certifications", r.agent.certifications);
  text("customer.id", r.customer.id.str());
  known("customer.since", r.customer.since);
  known("customer.segment", r.customer.segment);
  known("customer.lifetime_value", r.customer.lifetime_value);
  known("customer.churn_risk", r.customer.churn_risk);
  names("customer.flags", r.customer.flags);
  text("contact.id", r.contact.id.str());
  known("contact.channel", r.contact.channel);
  known("contact.reason", r.contact.reason);
  known("contact.cause", r.contact.cause);
  text("subject.id", r.subject.id.str());
  out.emplace("action.kind", value(r.action.kind.str()));
  out.emplace("request.note", value(r.note));
  out.emplace("request.discretion", value(r.discretion));
}

template <class T, class E>
value or_as_is(const result<T, E>& read, const value& as_is) {
  return read ? value(*read) : as_is;
}

// JSON has texts for amounts, dates and such; the declared type says what a text is. What does not
// read as its type stays as it is, and is wrong.
value typed(const value& v, const static_type& t) {
  if (v.is(value_kind::list) && t.kind == value_kind::list) {
    value::list_type items;
    for (const auto& item : v.as_list()) items.push_back(typed(item, *t.element));
    return value::list(std::move(items));
  }
  if (v.is(value_kind::map) && t.kind == value_kind::map) {
    value::map_type rows;
    for (const auto& [key, content] : v.as_map()) {
      rows.emplace_back(typed(key, *t.key), typed(content, *t.element));
    }
    return value::map(std::move(rows));
  }
  if (v.is(value_kind::integer) && t.kind == value_kind::number) {
    return value(static_cast<double>(v.as_int()));
  }
  if (v.is(value_kind::integer) && t.kind == value_kind::ratio) return value(ratio(v.as_int()));
  if (!v.is(value_kind::string)) return v;
  const auto& text = v.as_string();
  switch (t.kind) {
    case value_kind::money: return or_as_is(money::parse(text), v);
    case value_kind::ratio: return or_as_is(ratio::parse(text), v);
    case value_kind::date: return or_as_is(civil_date::parse(text), v);
    case value_kind::timestamp: return or_as_is(instant::parse(text), v);
    case value_kind::duration: return or_as_is(duration::parse(text), v);
    default: return v;
  }
}

// Everything the request tells, by dotted name.
std::map<std::string, value, std::less<>> told(const prepared& p, const request& r) {
  std::map<std::string, value, std::less<>> out;
  add_built_in(r, out);
  for (const auto& [name, declaration] : p.facts) {
    const auto dot = name.find('.');
    const auto* const group = group_of(r, name.substr(0, dot));
    if (group == nullptr) continue;
    if (const auto* const found = attribute(*group, name.substr(dot + 1))) {
      out.emplace(name, typed(*found, p.names.declared.at(name)));
    }
  }
  return out;
}

bool fits(const value& v, const static_type& t) {
  if (v.kind() != t.kind) return false;
  if (v.is(value_kind::list)) {
    return std::ranges::all_of(v.as_list(),
                               [&](const auto& item) { return fits(item, *t.element); });
  }
  if (v.is(value_kind::map)) {
    return std::ranges::all_of(v.as_map(), [&](const auto& row) {
      return fits(row.first, *t.key) && fits(row.second, *t.element);
    });
  }
  return true;
}

bool allowed(const value& v, const std::vector<value>& one_of) {
  auto is_one = [&](const value& x) {
    return std::ranges::any_of(one_of, [&](const auto& good) { return equal(good, x); });
  };
  if (one_of.empty()) return true;
  return v.is(value_kind::list) ? std::ranges::all_of(v.as_list(), is_one) : is_one(v);
}

bool of_another_currency(const value& v, currency cur) {
  if (v.is(value_kind::money)) return v.as_money().cur() != cur;
  if (v.is(value_kind::list)) {
    return std::ranges::any_of(v.as_list(),
                               [&](const auto& x) { return of_another_currency(x, cur); });
  }
  if (v.is(value_kind::map)) {
    return std::ranges::any_of(v.as_map(),
                               [&](const auto& x) { return of_another_currency(x.second, cur); });
  }
  return false;
}

}  // namespace

std::vector<std::string> faults(const prepared& p, const request& r) {
  std::vector<std::string> out;
  const auto cur = p.document->money_currency;
  auto wrong = [&](const std::string& what) { out.push_back(what); };
  auto amount = [&](const std::optional<money>& m, const std::string& what) {
    if (m && (m->cur() != cur || m->is_negative())) wrong(what);
  };
  for (const auto& [name, content] : told(p, r)) {
    const auto type = p.names.declared.find(name);
    if (type == p.names.declared.end()) continue;
    if (!fits(content, type->second) || of_another_currency(content, cur)) {
      wrong(name);
    } else if (const auto f = p.facts.find(name); f != p.facts.end()) {
      if (!allowed(content, f->second.one_of)) wrong(name);
    }
  }
  amount(r.action.amount, "action.amount");
  if (r.action.attributes.contains("due")) wrong("action.due");
  if (r.history) {
    for (const auto& e : *r.history) amount(e.amount, "history"), amount(e.due, "history");
  }
  for (const auto& s : r.signoffs) amount(s.amount, "signoffs");
  for (const auto& [id, u] : r.usage) {
    amount(u.amount, "usage");
    if (u.count && *u.count < 0) wrong("usage");
  }
  return out;
}

facts facts_of(const prepared& p, const request& r) {
  facts out;
  const auto all = told(p, r);
  for (const auto& [name, content] : all) out.emplace(name, answer::of(content));
  for (const auto& [name, declaration] : p.facts) {
    if (all.contains(name) || name.starts_with("entry.")) continue;
    if (declaration.default_value) {
      out.emplace(name, answer::of(*declaration.default_value));
    } else if (declaration.optional) {
      out.emplace(name, answer{.absent = true});
    }
  }
  return out;
}

bool names_kind(const std::vector<action_kind>& kinds, const action_kind& kind) {
  return std::ranges::any_of(kinds, [&](const auto& k) { return k == kind || k.str() == "*"; });
}

bool within(std::optional<civil_date> from, std::optional<civil_date> until, instant at,
            time_zone zone) {
  return !(from && at < zone.start_of_day(*from)) && !(until && at >= zone.start_of_day(*until));
}

}  // namespace leeway::reference
