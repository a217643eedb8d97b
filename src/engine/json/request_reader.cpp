// SPDX-License-Identifier: Apache-2.0
#include "engine/json/request_reader.hpp"

#include "base/json/reader.hpp"

#include <leeway/engine/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace leeway::engine_json {
namespace {

using json::kind;
using json::node;
using json::object_reader;

// Null means "unknown", the same as leaving the key out.
constexpr auto or_null = json::null_is::absence;

std::optional<std::string> text(object_reader& in, std::string_view key) {
  return in.optional_string(key, or_null);
}

template <class Id>
Id id_text(object_reader& in, std::string_view key) {
  return Id(text(in, key).value_or(std::string{}));
}

std::optional<money> amount(object_reader& in, std::string_view key) {
  return in.optional_parsed<money>(key, money::parse, an_amount, or_null);
}

std::optional<instant> moment(object_reader& in, std::string_view key) {
  return in.optional_parsed<instant>(key, instant::parse, an_instant, or_null);
}

bool has_null_item(const node& array) {
  return std::ranges::any_of(array.items(), [](const node& item) { return item.is(kind::null); });
}

/// A list with an unknown item is an unknown list: leaving the item out would say it is not there,
/// and could clear a denial.
known_names names(object_reader& in, std::string_view key) {
  const node* found = in.optional_any(key, or_null);
  if (found == nullptr || has_null_item(*found)) return std::nullopt;
  return in.optional_strings(key);
}

std::optional<value> to_value(const node& from);

std::optional<value> to_list(const node& from) {
  value::list_type items;
  items.reserve(from.items().size());
  for (const node& item : from.items()) {
    auto one = to_value(item);
    if (!one) return std::nullopt;
    items.push_back(*std::move(one));
  }
  return value::list(std::move(items));
}

std::optional<value> to_map(const node& from) {
  value::map_type entries;
  entries.reserve(from.members().size());
  for (const auto& [key, span, item] : from.members()) {
    auto one = to_value(item);
    if (!one) return std::nullopt;
    entries.emplace_back(value(key), *std::move(one));
  }
  return value::map(std::move(entries));
}

/// Nothing for null, and for a list or an object that holds one: without the entry it would say
/// that the entry is not there, and could clear a denial.
std::optional<value> to_value(const node& from) {
  switch (from.type()) {
    case kind::null: return std::nullopt;
    case kind::boolean: return value(from.boolean());
    case kind::integer: return value(from.integer());
    case kind::number: return value(from.number());
    case kind::string: return value(from.string());
    case kind::array: return to_list(from);
    case kind::object: return to_map(from);
  }
  return std::nullopt;
}

/// What is known of an object that holds a null: each part by its path, for facts may be declared
/// below it. A key that is written out in full goes before a part.
void put_parts(attributes& out, std::string_view path, const node& object) {
  for (const auto& [key, span, item] : object.members()) {
    if (key.find('.') != std::string::npos) continue;
    std::string here{path};
    here.append(1, '.').append(key);
    if (auto one = to_value(item)) {
      out.try_emplace(here, *std::move(one));
    } else if (item.is(kind::object)) {
      put_parts(out, here, item);
    }
  }
}

/// Every key that nobody asked for is an attribute.
attributes attributes_of(const object_reader& in) {
  attributes out;
  std::vector<const json::member*> in_parts;
  for (const json::member& one : in.object().members()) {
    if (in.was_asked_for(one)) continue;
    if (auto content = to_value(one.value)) {
      // Keys are unique, and mostly in order.
      out.emplace_hint(out.end(), one.key, *std::move(content));
    } else if (one.value.is(kind::object)) {
      in_parts.push_back(&one);
    }
  }
  for (const json::member* one : in_parts) put_parts(out, one->key, one->value);
  return out;
}

agent read_agent(object_reader in) {
  agent a;
  a.id = id_text<agent_id>(in, "id");
  a.role = id_text<role_id>(in, "role");
  for (auto& role : in.optional_strings("roles", or_null).value_or(std::vector<std::string>{})) {
    a.roles.emplace_back(std::move(role));
  }
  a.team = text(in, "team");
  a.department = text(in, "department");
  a.site = text(in, "site");
  a.certifications = names(in, "certifications");
  a.attributes = attributes_of(in);
  return a;
}

customer read_customer(object_reader in) {
  customer c;
  c.id = id_text<customer_id>(in, "id");
  c.since = in.optional_parsed<civil_date>("since", civil_date::parse,
                                           "a date such as \"2021-03-02\"", or_null);
  c.segment = text(in, "segment");
  c.lifetime_value = amount(in, "lifetime_value");
  c.churn_risk = in.optional_number("churn_risk", or_null);
  c.flags = names(in, "flags");
  c.attributes = attributes_of(in);
  return c;
}

contact read_contact(object_reader in) {
  contact c;
  c.id = id_text<contact_id>(in, "id");
  c.channel = text(in, "channel");
  c.reason = text(in, "reason");
  c.cause = text(in, "cause");
  c.attributes = attributes_of(in);
  return c;
}

subject read_subject(object_reader in) {
  subject s;
  s.id = id_text<subject_id>(in, "id");
  s.attributes = attributes_of(in);
  return s;
}

action read_action_of(object_reader& in, action_kind kind) {
  action a;
  a.kind = std::move(kind);
  a.amount = amount(in, "amount");
  a.attributes = attributes_of(in);
  return a;
}

action read_action(object_reader in) {
  action_kind kind(in.required_string("kind").value_or(std::string{}));
  return read_action_of(in, std::move(kind));
}
action read_open_action(object_reader in) {
  auto kind = id_text<action_kind>(in, "kind");
  return read_action_of(in, std::move(kind));
}

/// Reports on a member without going through the reader, whose look-ups are linear: an object with
/// a million free keys must not take a million times a million steps.
void report(object_reader& in, const node& where, std::string_view key, error what) {
  diagnostics& out = in.out();
  if (out.full()) {
    out.add(diagnostic{.code = std::move(what.code)});
  } else {
    out.add(in.doc().at(where, in.pointer_of(key), std::move(what.code), std::move(what.message)));
  }
}

/// What is left of a history entry: keys carry a dot in their names, attributes do not.
void read_keys(object_reader& in, history_entry& entry) {
  for (const auto& [key, span, item] : in.object().members()) {
    if (key.find('.') == std::string::npos || item.is(kind::null)) continue;
    if (item.is(kind::string)) {
      entry.keys.emplace(key, item.string());
    } else {
      report(in, item, key,
             {"wrong_type", "expected a string, found " + std::string(described(item.type()))});
    }
  }
  entry.attributes = attributes_of(in);
  std::erase_if(entry.attributes,
                [](const auto& fact) { return fact.first.find('.') != std::string::npos; });
}

history_entry read_entry(object_reader in) {
  history_entry e;
  e.id = text(in, "id").value_or(std::string{});
  e.kind = action_kind(in.required_string("kind").value_or(std::string{}));
  e.amount = amount(in, "amount");
  e.due = amount(in, "due");
  e.at = in.parsed<instant>("at", parse_instant_or_date, an_instant_or_date).value_or(instant{});
  e.reversed = in.optional_boolean("reversed", or_null).value_or(false);
  if (in.valid()) read_keys(in, e);
  return e;
}

signoff read_signoff(object_reader in) {
  signoff s;
  s.by = agent_id(in.required_string("by").value_or(std::string{}));
  s.role = role_id(in.required_string("role").value_or(std::string{}));
  s.at = in.parsed<instant>("at", instant::parse, an_instant).value_or(instant{});
  s.amount = amount(in, "amount");
  s.until = moment(in, "until");
  s.request = in.optional_parsed<digest>("request", digest::parse, a_digest, or_null);
  in.finish();
  return s;
}

const error negative_count{"negative_count", "a count is never negative"};

known_usage read_usage_object(object_reader in) {
  known_usage u;
  u.amount = amount(in, "amount");
  u.count = in.optional_int64("count", or_null);
  u.last_at = moment(in, "last_at");
  in.finish();
  if (u.count && *u.count < 0) {
    in.fail_at("count", negative_count.code, negative_count.message);
  }
  return u;
}

std::optional<known_usage> read_known_usage(object_reader& in, std::string_view id,
                                            const node& given) {
  known_usage u;
  if (given.is(kind::null)) return std::nullopt;
  if (given.is(kind::object)) {
    return read_usage_object({in.doc(), given, in.pointer_of(id), in.out()});
  }
  if (given.is(kind::integer)) {
    u.count = given.integer();
    if (*u.count < 0) report(in, given, id, negative_count);
  } else if (given.is(kind::string)) {
    const auto parsed = money::parse(given.string());
    if (parsed) u.amount = *parsed;
    if (!parsed) report(in, given, id, parsed.error());
  } else {
    report(in, given, id,
           {"wrong_type", "expected a count, an amount or an object, found " +
                              std::string(described(given.type()))});
  }
  return u;
}

object_reader group(object_reader& in, std::string_view key, const node& found) {
  return {in.doc(), found, in.pointer_of(key), in.out()};
}

/// A group that may be left out.
template <class Group>
Group optional_group(object_reader& in, std::string_view key, Group (*read)(object_reader)) {
  const node* found = in.optional_any(key, or_null);
  return found == nullptr ? Group{} : read(group(in, key, *found));
}

template <class Group>
Group required_group(object_reader& in, std::string_view key, Group (*read)(object_reader)) {
  const node* found = in.required_any(key);
  return found == nullptr ? Group{} : read(group(in, key, *found));
}

template <class Item>
std::optional<std::vector<Item>> list(object_reader& in, std::string_view key,
                                      Item (*read)(object_reader)) {
  const node* array = in.optional_array(key, or_null);
  if (array == nullptr) return std::nullopt;
  std::vector<Item> out;
  out.reserve(array->items().size());
  const std::string pointer = in.pointer_of(key);
  for (std::size_t i = 0; i < array->items().size(); ++i) {
    out.push_back(read({in.doc(), array->items()[i], json::pointer_to(pointer, i), in.out()}));
  }
  return out;
}

void read_policy(object_reader& in, request& r) {
  const node* found = in.optional_object("policy", or_null);
  if (found == nullptr) return;
  object_reader reference = group(in, "policy", *found);
  r.policy = id_text<policy_id>(reference, "id");
  r.policy_version = text(reference, "version").value_or(std::string{});
  reference.finish();
}

void read_usage(object_reader& in, request& r) {
  const node* found = in.optional_object("usage", or_null);
  if (found == nullptr) return;
  object_reader by_id = group(in, "usage", *found);
  for (const auto& [id, span, given] : found->members()) {
    if (auto one = read_known_usage(by_id, id, given)) r.usage.emplace(id, *one);
  }
}

void read_id(object_reader& in, request& r, id_rule rule) {
  if (rule == id_rule::optional) {
    r.id = id_text<request_id>(in, "id");
    return;
  }
  const auto id = in.required_string("id");
  if (id && id->empty()) {
    in.fail_at("id", "empty_id", "the id is empty",
               "every request needs an id of its own: proposing again under it is a retry");
  }
  r.id = request_id(id.value_or(std::string{}));
}

}  // namespace

result<instant> parse_instant_or_date(std::string_view text) {
  if (text.find('T') != std::string_view::npos) return instant::parse(text);
  const auto date = civil_date::parse(text);
  if (!date) return fail(date.error());
  return time_zone().start_of_day(*date);
}

request read_request(object_reader& in, id_rule id, action_rule action) {
  request r;
  read_id(in, r, id);
  r.at = in.parsed<instant>("at", instant::parse, an_instant).value_or(instant{});
  r.as_of = moment(in, "as_of");
  r.agent = required_group(in, "agent", read_agent);
  r.customer = optional_group(in, "customer", read_customer);
  r.contact = optional_group(in, "contact", read_contact);
  r.subject = optional_group(in, "subject", read_subject);
  r.action = action == action_rule::required ? required_group(in, "action", read_action)
                                             : optional_group(in, "action", read_open_action);
  r.history = list(in, "history", read_entry);
  r.history_since = in.optional_parsed<instant>("history_since", parse_instant_or_date,
                                                an_instant_or_date, or_null);
  r.signoffs = list(in, "signoffs", read_signoff).value_or(std::vector<signoff>{});
  r.discretion = in.optional_boolean("discretion", or_null).value_or(false);
  r.note = text(in, "note").value_or(std::string{});
  read_policy(in, r);
  r.supersedes = id_text<request_id>(in, "supersedes");
  read_usage(in, r);
  return r;
}

}  // namespace leeway::engine_json

namespace leeway {

namespace {

result<request, diagnostics> read_whole(std::string_view text, std::string_view file,
                                        engine_json::id_rule id, engine_json::action_rule action) {
  auto doc = json::read(text, file);
  if (!doc) return fail(std::move(doc).error());
  diagnostics found;
  json::object_reader fields(*doc, doc->root(), {}, found);
  request r = engine_json::read_request(fields, id, action);
  fields.finish();
  if (found.has_errors()) {
    found.sort();
    return fail(std::move(found));
  }
  return r;
}

}  // namespace

result<request, diagnostics> parse_request(std::string_view text, std::string_view file) {
  return read_whole(text, file, engine_json::id_rule::required, engine_json::action_rule::required);
}

result<request, diagnostics> parse_open_request(std::string_view text, std::string_view file) {
  return read_whole(text, file, engine_json::id_rule::optional, engine_json::action_rule::optional);
}

}  // namespace leeway
