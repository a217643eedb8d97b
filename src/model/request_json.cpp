// SPDX-License-Identifier: Apache-2.0
#include "model/request_json.hpp"

#include "base/json/canonical.hpp"
#include "base/json/members.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace leeway::model_json {
namespace {

using json::members;
using json::text_writer;

bool is_finite(const value& v) { return !v.is(value_kind::number) || std::isfinite(v.as_double()); }

std::string text_of(const value& v) {
  std::string out;
  text_writer to(out);
  write(to, v);
  to.finish();
  return out;
}

std::string key_text(const value& key) {
  switch (key.kind()) {
    case value_kind::string: return key.as_string();
    case value_kind::integer: return std::to_string(key.as_int());
    case value_kind::boolean: return key.as_bool() ? "true" : "false";
    default: return key.to_string();
  }
}

void write_list(text_writer& to, const value::list_type& items) {
  to.begin_array();
  for (const value& item : items) write(to, item);
  to.end_array();
}

void write_map(text_writer& to, const value::map_type& entries) {
  members out;
  for (const auto& [key, item] : entries) {
    if (is_finite(item)) out.json(key_text(key), text_of(item));
  }
  out.write(to);
}

template <class Names, class TextOf>
std::string names_text(const Names& names, const TextOf& view_of) {
  std::string out;
  text_writer to(out);
  to.begin_array();
  for (const auto& name : names) to.text(view_of(name));
  to.end_array();
  to.finish();
  return out;
}

void put(members& out, const char* key, const std::optional<std::string>& text) {
  if (text) out.text(key, *text);
}

template <class Id>
void put_id(members& out, const char* key, const Id& id) {
  if (!id.empty()) out.text(key, id.view());
}

template <class Printable>
void put_text(members& out, const char* key, const std::optional<Printable>& thing) {
  if (thing) out.text(key, thing->to_string());
}

void put(members& out, const char* key, const known_names& names) {
  if (!names) return;
  out.json(key, names_text(*names, [](const std::string& name) { return std::string_view(name); }));
}

/// A field and an attribute of one name are one fact: the field, which is put first, speaks.
void put(members& out, const attributes& facts) {
  for (const auto& [name, fact] : facts) {
    if (is_finite(fact)) out.json(name, text_of(fact));
  }
}

members members_of(const agent& a) {
  members out;
  put_id(out, "id", a.id);
  put_id(out, "role", a.role);
  if (!a.roles.empty()) {
    out.json("roles", names_text(a.roles, [](const role_id& role) { return role.view(); }));
  }
  put(out, "team", a.team);
  put(out, "department", a.department);
  put(out, "site", a.site);
  put(out, "certifications", a.certifications);
  put(out, a.attributes);
  return out;
}

members members_of(const customer& c) {
  members out;
  put_id(out, "id", c.id);
  put_text(out, "since", c.since);
  put(out, "segment", c.segment);
  put_text(out, "lifetime_value", c.lifetime_value);
  if (c.churn_risk && std::isfinite(*c.churn_risk)) {
    out.json("churn_risk", json::canonical_number(*c.churn_risk));
  }
  put(out, "flags", c.flags);
  put(out, c.attributes);
  return out;
}

members members_of(const contact& c) {
  members out;
  put_id(out, "id", c.id);
  put(out, "channel", c.channel);
  put(out, "reason", c.reason);
  put(out, "cause", c.cause);
  put(out, c.attributes);
  return out;
}

members members_of(const subject& s) {
  members out;
  put_id(out, "id", s.id);
  put(out, s.attributes);
  return out;
}

members members_of(const action& a) {
  members out;
  out.text("kind", a.kind.view());
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
members members_of(const history_entry& e) {
  members out;
  if (!e.id.empty()) out.text("id", e.id);
  out.text("kind", e.kind.view());
  put_text(out, "amount", e.amount);
  put_text(out, "due", e.due);
  out.text("at", e.at.to_string());
  if (e.reversed) out.json("reversed", "true");
  for (const auto& [name, text] : e.keys) {
    if (name.find('.') != std::string::npos) out.text(name, text);
  }
  for (const auto& [name, fact] : e.attributes) {
    if (name.find('.') != std::string::npos || is_entry_field(name) || !is_finite(fact)) continue;
    out.json(name, text_of(fact));
  }
  return out;
}

members members_of(const signoff& s) {
  members out;
  out.text("by", s.by.view());
  out.text("role", s.role.view());
  out.text("at", s.at.to_string());
  put_text(out, "amount", s.amount);
  put_text(out, "until", s.until);
  put_text(out, "request", s.request);
  return out;
}

std::string text_of(const known_usage& u) {
  if (u.count && !u.amount && !u.last_at) return std::to_string(*u.count);
  members all;
  put_text(all, "amount", u.amount);
  if (u.count) all.json("count", std::to_string(*u.count));
  put_text(all, "last_at", u.last_at);
  std::string out;
  text_writer to(out);
  if (u.amount && !u.count && !u.last_at) {
    to.text(u.amount->to_string());
  } else {
    all.write(to);
  }
  to.finish();
  return out;
}

template <class Items>
void write_items(text_writer& to, std::string_view key, const Items& items) {
  to.key(key);
  to.begin_array();
  for (const auto& item : items) members_of(item).write(to);
  to.end_array();
}

void write_history(text_writer& to, const request& r) {
  if (r.history) write_items(to, "history", *r.history);
  if (!r.history_since) return;
  to.key("history_since");
  to.text(r.history_since->to_string());
}

void write_usage(text_writer& to, const request& r) {
  if (r.usage.empty()) return;
  members used;
  for (const auto& [id, u] : r.usage) used.json(id, text_of(u));
  to.key("usage");
  used.write(to);
}

void write_policy(text_writer& to, const request& r) {
  if (r.policy.empty() && r.policy_version.empty()) return;
  to.key("policy");
  to.begin_object();
  if (!r.policy.empty()) {
    to.key("id");
    to.text(r.policy.view());
  }
  if (!r.policy_version.empty()) {
    to.key("version");
    to.text(r.policy_version);
  }
  to.end_object();
}

template <class Group>
void write_group(text_writer& to, std::string_view key, const Group& group, bool always = false) {
  members all = members_of(group);
  if (all.empty() && !always) return;
  to.key(key);
  all.write(to);
}

void write_text(text_writer& to, std::string_view key, std::string_view text) {
  to.key(key);
  to.text(text);
}

}  // namespace

void write(text_writer& to, const value& v) {
  switch (v.kind()) {
    case value_kind::boolean: return to.boolean(v.as_bool());
    case value_kind::integer: return to.number(v.as_int());
    case value_kind::number:
      return to.written(is_finite(v) ? json::canonical_number(v.as_double()) : "null");
    case value_kind::string: return to.text(v.as_string());
    case value_kind::timestamp: return to.text(v.as_timestamp().to_string());
    case value_kind::duration: return to.text(v.as_duration().to_string());
    case value_kind::date: return to.text(v.as_date().to_string());
    case value_kind::money: return to.text(v.as_money().to_string());
    case value_kind::ratio: return to.text(v.as_ratio().to_string());
    case value_kind::list: return write_list(to, v.as_list());
    case value_kind::map: return write_map(to, v.as_map());
  }
}

void write(text_writer& to, const request& r, request_part part) {
  write(to, r, part, {.at = r.at, .as_of = r.as_of});
}

// Keys in the order of canonical JSON.
void write(text_writer& to, const request& r, request_part part, const request_instants& when) {
  const bool whole = part != request_part::digest;
  to.begin_object();
  write_group(to, "action", r.action, true);
  write_group(to, "agent", r.agent, true);
  if (whole && when.as_of) write_text(to, "as_of", when.as_of->to_string());
  if (whole) write_text(to, "at", when.at.to_string());
  write_group(to, "contact", r.contact);
  write_group(to, "customer", r.customer);
  if (r.discretion) {
    to.key("discretion");
    to.boolean(true);
  }
  if (part == request_part::everything) write_history(to, r);
  if (whole) write_text(to, "id", r.id.view());
  if (!r.note.empty()) write_text(to, "note", r.note);
  write_policy(to, r);
  if (whole && !r.signoffs.empty()) write_items(to, "signoffs", r.signoffs);
  write_group(to, "subject", r.subject);
  if (whole && !r.supersedes.empty()) write_text(to, "supersedes", r.supersedes.view());
  if (part == request_part::everything) write_usage(to, r);
  to.end_object();
}

std::string canonical_text(const request& r, request_part part) {
  constexpr std::size_t usual = 500;
  std::string out;
  out.reserve(usual);
  text_writer to(out);
  write(to, r, part);
  to.finish();
  return out;
}

}  // namespace leeway::model_json
