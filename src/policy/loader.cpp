// SPDX-License-Identifier: Apache-2.0
#include "policy/loader.hpp"

#include "base/json/reader.hpp"
#include "policy/entries.hpp"
#include "policy/fields.hpp"
#include "policy/literals.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace leeway::policy_detail {
namespace {

using json::kind;
using json::member;
using json::node;

constexpr std::string_view policy_format = "leeway-policy/1";
constexpr std::string_view overlay_format = "leeway-overlay/1";

/// False when the document is of another format, so that nothing else in it can be judged.
bool read_format(fields& top, std::string_view supported) {
  top.ignore("$schema");
  const auto format = top.required_string("format");
  if (!format || *format == supported) return true;
  std::string hint = "this version of Leeway reads " + ticked(supported);
  if (supported == policy_format && *format == overlay_format) {
    hint = "an overlay is given along with the policy it is for: `--overlay`, `load_overlay`";
  }
  top.fail_at("format", "unknown_format", "unknown format " + ticked(*format), hint);
  return false;
}

void read_currency(fields& top, policy_document& into) {
  const auto code = top.required_string("currency");
  if (!code) return;
  if (const auto found = currency::find(*code)) {
    into.money_currency = *found;
    return;
  }
  std::vector<std::string> codes;
  for (const currency one : all_currencies()) codes.emplace_back(one.code());
  std::string hint = suggestion(*code, codes);
  if (hint.empty()) hint = "use an ISO 4217 code such as `USD`";
  top.fail_at("currency", "unknown_currency", "unknown currency " + ticked(*code), hint);
}

void read_header(fields& top, policy_document& into) {
  into.id = policy_id(top.id());
  if (auto version = top.required_string("version")) {
    if (!is_id(*version)) {
      top.fail_at("version", "bad_id", "bad version " + ticked(*version),
                  "use 1 to 64 letters, digits, `_`, `.` and `-`");
    } else {
      into.version = std::move(*version);
    }
  }
  into.title = top.words("title");
  into.source = top.words("source");
  read_currency(top, into);
  if (auto zone = top.optional_string("time_zone")) into.time_zone = std::move(*zone);
  into.suspended = top.optional_boolean("suspended").value_or(false);
  if (const node* effective = top.optional_object("effective")) {
    fields in(top.doc(), *effective, top.pointer_of("effective"), top.out());
    into.effective_from = in.date("from");
    into.effective_until = in.date("until");
    in.finish();
  }
}

std::optional<condition::type> type_of(fields& in, const node& at, const std::string& pointer,
                                       const std::string& text) {
  auto parsed = condition::type::parse(text);
  if (parsed) return *std::move(parsed);
  static const std::vector<std::string> known{"bool",     "int",          "double",   "string",
                                              "money",    "ratio",        "date",     "timestamp",
                                              "duration", "list<string>", "list<int>"};
  std::string hint = suggestion(text, known);
  if (hint.empty()) {
    hint =
        "types are bool, int, double, string, money, ratio, date, timestamp, duration, "
        "list<...> and map<string, ...>";
  }
  in.complain(at, pointer, "unknown_type", "unknown type " + ticked(text), hint);
  return std::nullopt;
}

void read_constants(fields& in, const std::optional<condition::type>& type,
                    fact_declaration& into) {
  const node* fallback = in.optional_any("default");
  const node* choices = in.optional_array("one_of");
  if (!type) return;
  if (fallback != nullptr) {
    into.default_value = read_literal(in, *fallback, in.pointer_of("default"), *type);
  }
  if (choices == nullptr) return;
  const std::string pointer = in.pointer_of("one_of");
  if (choices->items().empty()) {
    in.complain(*choices, pointer, "empty_list", "no value is allowed at all",
                "name the values, or leave `one_of` out");
  }
  // Of a list it names what each item may be.
  const bool of_items = type->is(value_kind::list) && type->element() != nullptr;
  const condition::type& single = of_items ? *type->element() : *type;
  for (std::size_t i = 0; i < choices->items().size(); ++i) {
    auto one = read_literal(in, choices->items()[i], json::pointer_to(pointer, i), single);
    if (one) into.one_of.push_back(std::move(*one));
  }
}

fact_declaration read_fact(fields& top, const member& from, const std::string& pointer) {
  fact_declaration out;
  out.name = from.key;
  if (from.value.is(kind::string)) {
    out.type = from.value.string();
    static_cast<void>(type_of(top, from.value, pointer, out.type));
    return out;
  }
  if (!from.value.is(kind::object)) {
    top.complain(from.value, pointer, "wrong_type",
                 "expected a type in a string, or an object with `type`, found " +
                     std::string(json::described(from.value.type())));
    return out;
  }
  fields in(top.doc(), from.value, pointer, top.out());
  std::optional<condition::type> type;
  if (auto text = in.required_string("type")) {
    type = type_of(in, *from.value.find("type"), in.pointer_of("type"), *text);
    out.type = std::move(*text);
  }
  read_constants(in, type, out);
  out.optional = in.optional_boolean("optional").value_or(false);
  out.protected_attribute = in.optional_boolean("protected").value_or(false);
  out.ask = in.words("ask");
  out.about = in.words("about");
  in.finish();
  return out;
}

}  // namespace

void read_names(fields& top, std::vector<fact_declaration>& into_facts,
                std::vector<value_definition>& into_values,
                std::vector<table_definition>& into_tables) {
  if (const node* facts = top.optional_object("facts")) {
    for (const member& one : facts->members()) {
      into_facts.push_back(read_fact(top, one, json::pointer_to(top.pointer_of("facts"), one.key)));
    }
  }
  if (const node* values = top.optional_object("values")) {
    fields in(top.doc(), *values, top.pointer_of("values"), top.out());
    for (const member& one : values->members()) {
      into_values.push_back({std::string{one.key}, in.condition(one.key, presence::required)});
    }
  }
  if (const node* tables = top.optional_object("tables")) {
    for (const member& one : tables->members()) {
      table_definition table{.name = std::string{one.key}};
      read_table(top, one.value, json::pointer_to(top.pointer_of("tables"), one.key), table);
      into_tables.push_back(std::move(table));
    }
  }
}

namespace {

const std::vector<std::string>& weekdays() {
  static const std::vector<std::string> names{"monday", "tuesday",  "wednesday", "thursday",
                                              "friday", "saturday", "sunday"};
  return names;
}

void read_weekend(fields& in, calendar_definition& into) {
  const node* found = in.optional_any("weekend");
  if (found == nullptr) return;
  const std::string pointer = in.pointer_of("weekend");
  into.weekend.clear();
  const std::vector<std::string> names = in.names_of(*found, pointer, true);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = std::find(weekdays().begin(), weekdays().end(), names[i]);
    if (at != weekdays().end()) {
      into.weekend.push_back(static_cast<int>(at - weekdays().begin()) + 1);
    } else if (!names[i].empty()) {
      const bool list = found->is(kind::array);
      in.not_one_of(list ? found->items()[i] : *found,
                    list ? json::pointer_to(pointer, i) : pointer, weekdays());
    }
  }
}

void read_calendar(fields& top, policy_document& into) {
  const node* found = top.optional_object("calendar");
  if (found == nullptr) return;
  fields in(top.doc(), *found, top.pointer_of("calendar"), top.out());
  read_weekend(in, into.calendar);
  if (const node* days = in.optional_array("holidays")) {
    for (std::size_t i = 0; i < days->items().size(); ++i) {
      const auto day =
          read_literal(in, days->items()[i], json::pointer_to(in.pointer_of("holidays"), i),
                       condition::type(value_kind::date));
      // A place is kept also for what is wrong, so that positions stay those of the document.
      into.calendar.holidays.push_back(day ? day->as_date() : civil_date{});
    }
  }
  in.finish();
}

void read_deadlines(fields& top, policy_document& into) {
  constexpr std::string_view what = "a period such as \"P7D\" or \"PT4H\"";
  const node* found = top.optional_object("deadlines");
  if (found == nullptr) return;
  fields in(top.doc(), *found, top.pointer_of("deadlines"), top.out());
  into.deadlines.settle = in.optional_parsed<period>("settle", period::parse, what);
  into.deadlines.approve = in.optional_parsed<period>("approve", period::parse, what);
  into.deadlines.ratify = in.optional_parsed<period>("ratify", period::parse, what);
  in.finish();
}

void read_protection(fields& top, policy_document& into) {
  const node* found = top.optional_any("protection");
  if (found == nullptr) return;
  if (found->is(kind::string)) {
    into.protection["en"] = found->string();
    return;
  }
  fields in(top.doc(), *found, top.pointer_of("protection"), top.out());
  if (!in.valid()) return;
  for (const member& one : found->members()) into.protection.emplace(one.key, in.words(one.key));
}

/// What to write where a key is missing.
std::string example_of(std::string_view key) {
  static const std::vector<std::pair<std::string_view, std::string_view>> all{
      {"format", "\"leeway-policy/1\""},
      {"grant", "\"G1\""},
      {"id", "\"a-short-name\""},
      {"version", "\"2026-11\""},
      {"currency", "\"USD\""},
      {"type", "\"bool\""},
      {"to", "[\"agent\"]"},
      {"for", "[\"*\"]"},
      {"kinds", "[\"*\"]"},
      {"per", "[\"customer.id\"]"},
      {"window", "\"P90D\""},
      {"beyond", "\"deny\""},
      {"then", "\"deny\""},
      {"due", "\"money('50 USD')\""},
      {"that", "\"contact.cause == 'company'\""},
      {"up_to", "\"80 USD\""},
      {"role", "\"team_lead\""},
      {"escalate", "[\"team_lead\"]"},
      {"lint", "\"lint_splittable\""},
      {"because", "\"why it is meant\""},
      {"fixed", "\"contact.fee\""}};
  for (const auto& [name, example] : all) {
    if (name == key)
      return "add it, such as `\"" + std::string(key) + "\": " + std::string(example) + "`";
  }
  return {};
}

/// The text between the first two backticks.
std::string_view first_ticked(std::string_view text) {
  const auto begin = text.find('`');
  if (begin == std::string_view::npos) return {};
  const auto end = text.find('`', begin + 1);
  return end == std::string_view::npos ? std::string_view{}
                                       : text.substr(begin + 1, end - begin - 1);
}

/// The last step of a pointer that is a key, not a position in a list.
std::string_view last_key(std::string_view pointer) {
  // Below these the keys are the author's own names.
  for (const std::string_view list : {"/facts", "/tables", "/values", "/protection"}) {
    if (pointer.starts_with(list)) return list.substr(1);
  }
  while (true) {
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return pointer;
    const std::string_view step = pointer.substr(slash + 1);
    if (step.find_first_not_of("0123456789") != std::string_view::npos) return step;
    pointer = pointer.substr(0, slash);
  }
}

/// Where "what is wrong; what to do" parts; npos when it does not, or only inside backticks.
std::size_t remedy_begins(std::string_view message) {
  bool inside = false;
  std::size_t out = std::string_view::npos;
  for (std::size_t i = 0; i + 1 < message.size(); ++i) {
    if (message[i] == '`') inside = !inside;
    if (!inside && message[i] == ';' && message[i + 1] == ' ') out = i;
  }
  return out;
}

/// The readers below know JSON and money, not policies: say here what an author should do.
void add_remedy(diagnostic& one) {
  constexpr std::string_view listing = "? known here: ";
  if (one.code == "unknown_key") {
    // Once it is clear what was meant, the long list of keys only hides it.
    const auto at = one.remedy.find(listing);
    if (at != std::string::npos) one.remedy.resize(at + 1);
  }
  if (!one.remedy.empty()) return;
  const std::string_view key = last_key(one.pointer);
  if (one.code == "missing_key") {
    one.remedy = example_of(first_ticked(one.message));
  } else if (one.code == "wrong_type" && one.pointer.empty()) {
    one.remedy = "a policy is one JSON object: { \"format\": \"leeway-policy/1\", ... }";
  } else if (const auto at = remedy_begins(one.message); at != std::string::npos) {
    one.remedy = one.message.substr(at + 2);
    one.message.resize(at);
  } else if (one.code == "wrong_type" || one.code == "unknown_word") {
    one.remedy = one.message.starts_with("expected true or false, found a string")
                     ? "write true or false, without quotes"
                     : "the policy reference says what " + ticked(key) + " may hold";
  } else if (one.code == "empty_text") {
    one.remedy = "name one, or remove it";
  }
}

void read_content(loaded_document& out) {
  fields top(out.source, out.source.root(), "", out.found);
  if (!top.valid() || !read_format(top, policy_format)) return;
  read_header(top, out.content);
  read_names(top, out.content.facts, out.content.values, out.content.tables);
  read_calendar(top, out.content);
  read_entries(top, out.content);
  read_protection(top, out.content);
  read_deadlines(top, out.content);
  top.finish();
}

void read_content(loaded_overlay& out) {
  fields top(out.source, out.source.root(), "", out.found);
  if (!top.valid() || !read_format(top, overlay_format)) return;
  if (auto of = top.required_string("for")) out.of = policy_id(std::move(*of));
  out.content = read_overlay(top);
  top.finish();
}

/// Reads a file of either kind.
template <class Loaded>
Loaded load(std::string_view text, std::string_view file) {
  Loaded out;
  auto read = json::read(text, file, document_limits);
  if (!read) {
    out.source = json::document(std::string(text), std::string(file));
    out.found = std::move(read.error());
    return out;
  }
  out.source = *std::move(read);
  read_content(out);
  for (diagnostic& one : out.found) add_remedy(one);
  return out;
}

}  // namespace

loaded_overlay load_overlay(std::string_view text, std::string_view file) {
  return load<loaded_overlay>(text, file);
}

loaded_document load_document(std::string_view text, std::string_view file) {
  return load<loaded_document>(text, file);
}

}  // namespace leeway::policy_detail
