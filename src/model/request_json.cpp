// SPDX-License-Identifier: Apache-2.0
#include "model/request_json.hpp"

#include "base/json/canonical.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace leeway::model_json {
namespace {

using nlohmann::json;

bool is_finite(const value& v) { return !v.is(value_kind::number) || std::isfinite(v.as_double()); }

std::string key_text(const value& key) {
  switch (key.kind()) {
    case value_kind::string: return utf8_text(key.as_string());
    case value_kind::integer: return std::to_string(key.as_int());
    case value_kind::boolean: return key.as_bool() ? "true" : "false";
    default: return utf8_text(key.to_string());
  }
}

json list_tree(const value::list_type& items) {
  json out = json::array();
  for (const value& item : items) out.push_back(to_tree(item));
  return out;
}

json map_tree(const value::map_type& entries) {
  json out = json::object();
  for (const auto& [key, item] : entries) {
    if (is_finite(item)) out[key_text(key)] = to_tree(item);
  }
  return out;
}

void put(json& out, const char* key, const std::optional<std::string>& text) {
  if (text) out[key] = utf8_text(*text);
}

template <class Id>
void put_id(json& out, const char* key, const Id& id) {
  if (!id.empty()) out[key] = utf8_text(id.str());
}

template <class Printable>
void put_text(json& out, const char* key, const std::optional<Printable>& thing) {
  if (thing) out[key] = thing->to_string();
}

void put(json& out, const char* key, const known_names& names) {
  if (!names) return;
  json list = json::array();
  for (const std::string& name : *names) list.push_back(utf8_text(name));
  out[key] = std::move(list);
}

/// A field and an attribute of one name are one fact: the field speaks, where it is known.
void put(json& out, const attributes& facts) {
  for (const auto& [name, fact] : facts) {
    if (!is_finite(fact)) continue;
    std::string key = utf8_text(name);
    if (!out.contains(key)) out[std::move(key)] = to_tree(fact);
  }
}

json tree_of(const agent& a) {
  json out = json::object();
  put_id(out, "id", a.id);
  put_id(out, "role", a.role);
  if (!a.roles.empty()) {
    json roles = json::array();
    for (const role_id& role : a.roles) roles.push_back(utf8_text(role.str()));
    out["roles"] = std::move(roles);
  }
  put(out, "team", a.team);
  put(out, "department", a.department);
  put(out, "site", a.site);
  put(out, "certifications", a.certifications);
  put(out, a.attributes);
  return out;
}

json tree_of(const customer& c) {
  json out = json::object();
  put_id(out, "id", c.id);
  put_text(out, "since", c.since);
  put(out, "segment", c.segment);
  put_text(out, "lifetime_value", c.lifetime_value);
  if (c.churn_risk && std::isfinite(*c.churn_risk)) out["churn_risk"] = *c.churn_risk;
  put(out, "flags", c.flags);
  put(out, c.attributes);
  return out;
}

json tree_of(const contact& c) {
  json out = json::object();
  put_id(out, "id", c.id);
  put(out, "channel", c.channel);
  put(out, "reason", c.reason);
  put(out, "cause", c.cause);
  put(out, c.attributes);
  return out;
}

json tree_of(const subject& s) {
  json out = json::object();
  put_id(out, "id", s.id);
  put(out, s.attributes);
  return out;
}

json tree_of(const action& a) {
  json out = json::object();
  out["kind"] = utf8_text(a.kind.str());
  put_text(out, "amount", a.amount);
  put(out, a.attributes);
  return out;
}

/// What a history entry says of itself: an attribute of that name would pass for it.
bool is_entry_field(std::string_view name) {
  constexpr std::array<std::string_view, 6> fields{"id", "kind", "amount", "due", "at", "reversed"};
  return std::ranges::find(fields, name) != fields.end();
}

/// Keys are told from attributes by the dot in their names.
json tree_of(const history_entry& e) {
  json out = json::object();
  if (!e.id.empty()) out["id"] = utf8_text(e.id);
  out["kind"] = utf8_text(e.kind.str());
  put_text(out, "amount", e.amount);
  put_text(out, "due", e.due);
  out["at"] = e.at.to_string();
  if (e.reversed) out["reversed"] = true;
  for (const auto& [name, text] : e.keys) {
    if (name.find('.') != std::string::npos) out[utf8_text(name)] = utf8_text(text);
  }
  for (const auto& [name, fact] : e.attributes) {
    if (name.find('.') != std::string::npos || is_entry_field(name) || !is_finite(fact)) continue;
    out[utf8_text(name)] = to_tree(fact);
  }
  return out;
}

json tree_of(const signoff& s) {
  json out = json::object();
  out["by"] = utf8_text(s.by.str());
  out["role"] = utf8_text(s.role.str());
  out["at"] = s.at.to_string();
  put_text(out, "amount", s.amount);
  put_text(out, "until", s.until);
  put_text(out, "request", s.request);
  return out;
}

json tree_of(const known_usage& u) {
  if (u.count && !u.amount && !u.last_at) return *u.count;
  if (u.amount && !u.count && !u.last_at) return u.amount->to_string();
  json out = json::object();
  put_text(out, "amount", u.amount);
  if (u.count) out["count"] = *u.count;
  put_text(out, "last_at", u.last_at);
  return out;
}

template <class Items>
json trees_of(const Items& items) {
  json out = json::array();
  for (const auto& item : items) out.push_back(tree_of(item));
  return out;
}

void put_history(json& out, const request& r) {
  if (r.history) out["history"] = trees_of(*r.history);
  put_text(out, "history_since", r.history_since);
  if (r.usage.empty()) return;
  json used = json::object();
  for (const auto& [id, u] : r.usage) used[utf8_text(id)] = tree_of(u);
  out["usage"] = std::move(used);
}

void put_policy(json& out, const request& r) {
  if (r.policy.empty() && r.policy_version.empty()) return;
  json reference = json::object();
  put_id(reference, "id", r.policy);
  if (!r.policy_version.empty()) reference["version"] = utf8_text(r.policy_version);
  out["policy"] = std::move(reference);
}

template <class Group>
void put_group(json& out, const char* key, const Group& group) {
  json tree = tree_of(group);
  if (!tree.empty()) out[key] = std::move(tree);
}

}  // namespace

json to_tree(const value& v) {
  switch (v.kind()) {
    case value_kind::boolean: return v.as_bool();
    case value_kind::integer: return v.as_int();
    case value_kind::number: return is_finite(v) ? json(v.as_double()) : json();
    case value_kind::string: return utf8_text(v.as_string());
    case value_kind::timestamp: return v.as_timestamp().to_string();
    case value_kind::duration: return v.as_duration().to_string();
    case value_kind::date: return v.as_date().to_string();
    case value_kind::money: return v.as_money().to_string();
    case value_kind::ratio: return v.as_ratio().to_string();
    case value_kind::list: return list_tree(v.as_list());
    case value_kind::map: return map_tree(v.as_map());
  }
  return {};
}

json to_tree(const request& r, request_part part) {
  json out = json::object();
  out["agent"] = tree_of(r.agent);
  put_group(out, "customer", r.customer);
  put_group(out, "contact", r.contact);
  put_group(out, "subject", r.subject);
  out["action"] = tree_of(r.action);
  put_policy(out, r);
  if (r.discretion) out["discretion"] = true;
  if (!r.note.empty()) out["note"] = utf8_text(r.note);
  if (part == request_part::digest) return out;

  out["id"] = utf8_text(r.id.str());
  out["at"] = r.at.to_string();
  put_text(out, "as_of", r.as_of);
  put_id(out, "supersedes", r.supersedes);
  if (!r.signoffs.empty()) out["signoffs"] = trees_of(r.signoffs);
  if (part == request_part::everything) put_history(out, r);
  return out;
}

}  // namespace leeway::model_json
