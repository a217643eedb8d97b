// SPDX-License-Identifier: Apache-2.0
#include "cli/typed_value.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>

namespace leeway::cli {
namespace {

using condition::type;
using json::kind;
using json::node;
using nlohmann::ordered_json;

constexpr std::string_view kinds =
    "bool, int, double, string, timestamp, duration, date, money, ratio, list, map";

std::optional<std::int64_t> whole_of(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<double> double_of(std::string_view text) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return infinite;
  if (text == "-Infinity") return -infinite;
  return detail::to_double(text);
}

std::optional<value> int_at(const node& from) {
  if (from.is(kind::integer)) return value(from.integer());
  if (!from.is(kind::string)) return std::nullopt;
  const auto found = whole_of(from.string());
  return found ? std::optional(value(*found)) : std::nullopt;
}

std::optional<value> double_at(const node& from) {
  if (from.is_numeric()) return value(from.number());
  if (!from.is(kind::string)) return std::nullopt;
  const auto found = double_of(from.string());
  return found ? std::optional(value(*found)) : std::nullopt;
}

/// The shortest text that reads back as the same number, as the conformance cases write it.
std::string text_of(double v) {
  if (!std::isfinite(v)) return value(v).to_string();
  std::array<char, 400> buffer{};
  const auto written = [&](std::chars_format how) {
    return std::string(buffer.data(),
                       std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, how).ptr);
  };
  std::string out = written(std::chars_format::scientific);
  const int exponent = std::stoi(out.substr(out.find('e') + 1));
  if (exponent < -4 || exponent > 15) return out;
  out = written(std::chars_format::fixed);
  return out.find('.') == std::string::npos ? out + ".0" : out;
}

/// `[seconds, nanoseconds]`.
std::optional<std::pair<std::int64_t, std::int64_t>> pair_at(const node& from) {
  if (!from.is(kind::array) || from.items().size() != 2) return std::nullopt;
  const auto& items = from.items();
  if (!items[0].is(kind::integer) || !items[1].is(kind::integer)) return std::nullopt;
  return std::pair(items[0].integer(), items[1].integer());
}

std::optional<value> timestamp_at(const node& from) {
  if (from.is(kind::string)) {
    const auto found = instant::parse(from.string());
    return found ? std::optional(value(*found)) : std::nullopt;
  }
  const auto parts = pair_at(from);
  if (!parts || parts->second < 0 || parts->second > 999'999'999) return std::nullopt;
  const auto found = instant::make(parts->first, static_cast<std::int32_t>(parts->second));
  return found ? std::optional(value(*found)) : std::nullopt;
}

std::optional<value> duration_at(const node& from) {
  if (from.is(kind::string)) {
    const auto found = duration::parse(from.string());
    return found ? std::optional(value(*found)) : std::nullopt;
  }
  const auto parts = pair_at(from);
  if (!parts) return std::nullopt;
  const bool opposed =
      (parts->first < 0 && parts->second > 0) || (parts->first > 0 && parts->second < 0);
  if (opposed) return std::nullopt;
  const auto found = duration::make(parts->first, parts->second);
  return found ? std::optional(value(*found)) : std::nullopt;
}

template <class T>
std::optional<value> parsed(const node& from) {
  if (!from.is(kind::string)) return std::nullopt;
  const auto found = T::parse(from.string());
  return found ? std::optional(value(*found)) : std::nullopt;
}

/// What the content of a kind looks like.
std::string_view form_of(std::string_view kind_name) {
  if (kind_name == "bool") return "true or false";
  if (kind_name == "int") return "a whole number in quotes, such as \"1\"";
  if (kind_name == "double") return "a number in quotes, such as \"0.5\"";
  if (kind_name == "string") return "a string";
  if (kind_name == "timestamp") return "[seconds, nanoseconds] since 1970";
  if (kind_name == "duration") return "[seconds, nanoseconds]";
  if (kind_name == "date") return "a day such as \"2026-11-01\"";
  if (kind_name == "money") return "an amount such as \"49.99 USD\"";
  if (kind_name == "ratio") return "a ratio such as \"1/8\"";
  if (kind_name == "list") return "an array of values";
  return "an array of [key, value]";
}

bool is_kind(std::string_view name) {
  return (", " + std::string(kinds) + ",").find(", " + std::string(name) + ",") !=
         std::string::npos;
}

bool is_key(const value& v) {
  return v.is(value_kind::string) || v.is(value_kind::integer) || v.is(value_kind::boolean);
}

struct by_order {
  bool operator()(const value& a, const value& b) const { return value::order(a, b) < 0; }
};

std::optional<type> element_of(const value::list_type& items) {
  std::optional<type> out = type::nothing();
  for (const value& item : items) {
    const auto one = type_of(item);
    if (!one) return std::nullopt;
    out = out->is_nothing() ? one : condition::join(*out, *one);
    if (!out) return std::nullopt;
  }
  return out;
}

}  // namespace

std::nullopt_t typed_reader::refuse(const node& at, const std::string& pointer, std::string message,
                                    std::string remedy) {
  out_.add(doc_.at(at, pointer, "wrong_value", std::move(message), std::move(remedy)));
  return std::nullopt;
}

std::optional<value> typed_reader::value_at(const node& from, const std::string& pointer) {
  if (!from.is(kind::object) || from.members().size() != 1) {
    return refuse(from, pointer, "expected a value that says its type",
                  "as in {\"int\": \"1\"} or {\"string\": \"gold\"}");
  }
  const json::member& only = from.members().front();
  if (!is_kind(only.key)) {
    return refuse(from, pointer, fmt::format("unknown type `{}` of a value", only.key),
                  fmt::format("one of {}", kinds));
  }
  const std::string at = json::pointer_to(pointer, only.key);
  if (only.key == "list") return list(only.value, at);
  if (only.key == "map") return map(only.value, at);
  return scalar(only.key, only.value, at);
}

std::optional<value> typed_reader::scalar(std::string_view name, const node& from,
                                          const std::string& pointer) {
  std::optional<value> out;
  if (name == "bool" && from.is(kind::boolean)) out = value(from.boolean());
  if (name == "string" && from.is(kind::string)) out = value(from.string());
  if (name == "int") out = int_at(from);
  if (name == "double") out = double_at(from);
  if (name == "timestamp") out = timestamp_at(from);
  if (name == "duration") out = duration_at(from);
  if (name == "date") out = parsed<civil_date>(from);
  if (name == "money") out = parsed<money>(from);
  if (name == "ratio") out = parsed<ratio>(from);
  if (out) return out;
  return refuse(from, pointer,
                fmt::format("{} `{}` is {}", name == "int" ? "an" : "a", name, form_of(name)));
}

std::optional<value> typed_reader::list(const node& from, const std::string& pointer) {
  if (!from.is(kind::array)) {
    return refuse(from, pointer, fmt::format("a `list` is {}", form_of("list")));
  }
  value::list_type items;
  for (std::size_t i = 0; i < from.items().size(); ++i) {
    auto one = value_at(from.items()[i], json::pointer_to(pointer, i));
    if (!one) return std::nullopt;
    items.push_back(*std::move(one));
  }
  return value::list(std::move(items));
}

std::optional<value> typed_reader::map(const node& from, const std::string& pointer) {
  if (!from.is(kind::array)) {
    return refuse(from, pointer, fmt::format("a `map` is {}", form_of("map")));
  }
  value::map_type rows;
  std::set<value, by_order> seen;
  for (std::size_t i = 0; i < from.items().size(); ++i) {
    const node& row = from.items()[i];
    const std::string at = json::pointer_to(pointer, i);
    if (!row.is(kind::array) || row.items().size() != 2) {
      return refuse(row, at, fmt::format("a `map` is {}", form_of("map")));
    }
    auto key = value_at(row.items()[0], json::pointer_to(at, std::size_t{0}));
    auto content = value_at(row.items()[1], json::pointer_to(at, std::size_t{1}));
    if (!key || !content) return std::nullopt;
    if (!is_key(*key)) return refuse(row, at, "a key is a string, an int or a bool");
    if (!seen.insert(*key).second) return refuse(row, at, "the key stands twice");
    rows.emplace_back(*std::move(key), *std::move(content));
  }
  return value::map(std::move(rows));
}

std::optional<type> typed_reader::type_at(const node& from, const std::string& pointer) {
  if (from.is(kind::string)) {
    auto out = type::parse(from.string());
    if (out) return *out;
    return refuse(from, pointer, out.error().message);
  }
  const node* of_list = from.find("list");
  const node* of_map = from.find("map");
  if (of_list != nullptr && from.members().size() == 1) {
    const auto element = type_at(*of_list, json::pointer_to(pointer, "list"));
    return element ? std::optional(type::list_of(*element)) : std::nullopt;
  }
  if (of_map != nullptr && from.members().size() == 1 && of_map->items().size() == 2) {
    const std::string at = json::pointer_to(pointer, "map");
    const auto key = type_at(of_map->items()[0], json::pointer_to(at, std::size_t{0}));
    const auto element = type_at(of_map->items()[1], json::pointer_to(at, std::size_t{1}));
    if (!key || !element) return std::nullopt;
    if (key->can_be_key()) return type::map_of(*key, *element);
  }
  return refuse(from, pointer, "expected a type",
                "as in \"int\", \"list<string>\", {\"list\": \"int\"} or "
                "{\"map\": [\"string\", \"int\"]}");
}

bool is_value_kind(std::string_view word) { return is_kind(word); }

ordered_json typed(const value& v) {
  ordered_json content;
  switch (v.kind()) {
    case value_kind::boolean: content = v.as_bool(); break;
    case value_kind::string: content = v.as_string(); break;
    case value_kind::timestamp: {
      const instant at = v.as_timestamp();
      content = {at.seconds(), at.nanos()};
      break;
    }
    case value_kind::duration: {
      const duration d = v.as_duration();
      content = {d.seconds(), d.nanos()};
      break;
    }
    case value_kind::list:
      content = ordered_json::array();
      for (const value& item : v.as_list()) content.push_back(typed(item));
      break;
    case value_kind::map:
      content = ordered_json::array();
      for (const auto& [key, item] : v.as_map()) {
        content.push_back(ordered_json::array({typed(key), typed(item)}));
      }
      break;
    case value_kind::number: content = text_of(v.as_double()); break;
    default:
      content = v.to_string();
      break;  // whole numbers, days, money, ratios: as text, exactly
  }
  ordered_json out = ordered_json::object();
  out[std::string(to_string(v.kind()))] = std::move(content);
  return out;
}

std::optional<type> type_of(const value& v) {
  if (v.is(value_kind::list)) {
    const auto element = element_of(v.as_list());
    if (!element) return std::nullopt;
    return element->is_nothing() ? type::empty_list() : type::list_of(*element);
  }
  if (!v.is(value_kind::map)) return type(v.kind());
  value::list_type keys;
  value::list_type contents;
  for (const auto& [key, content] : v.as_map()) {
    keys.push_back(key);
    contents.push_back(content);
  }
  const auto key = element_of(keys);
  const auto element = element_of(contents);
  if (!key || !element) return std::nullopt;
  return key->is_nothing() ? type::empty_map() : type::map_of(*key, *element);
}

}  // namespace leeway::cli
