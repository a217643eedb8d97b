// SPDX-License-Identifier: Apache-2.0
#include "policy/literals.hpp"

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>

#include <algorithm>
#include <charconv>

namespace leeway::policy_detail {
namespace {

using condition::type;
using json::kind;
using json::node;

std::string what_is(const node& found) {
  if (found.is(kind::string)) return ticked(found.string());
  if (found.is_numeric() || found.is(kind::boolean)) return ticked(found.raw());
  return std::string(json::described(found.type()));
}

std::optional<value> unfit(fields& in, const node& from, const std::string& pointer,
                           const type& wanted) {
  // A code of its own: what a constant may be depends on another key, which no schema can say.
  std::string remedy = "its type is " + ticked(wanted.to_string());
  const bool bare = wanted.is(value_kind::integer) || wanted.is(value_kind::number) ||
                    wanted.is(value_kind::boolean);
  if (from.is(kind::string) && bare) remedy += ": write it without quotes";
  in.complain(from, pointer, "wrong_constant",
              "expected " + written_as(wanted) + ", found " + what_is(from), std::move(remedy));
  return std::nullopt;
}

template <class T>
std::optional<value> parsed_literal(fields& in, const node& from, const std::string& pointer,
                                    const type& wanted, result<T> (*parse)(std::string_view)) {
  if (!from.is(kind::string)) return unfit(in, from, pointer, wanted);
  auto outcome = parse(from.string());
  if (outcome) return value(*outcome);
  in.complain(from, pointer, outcome.error().code, outcome.error().message);
  return std::nullopt;
}

std::optional<value> read_list(fields& in, const node& from, const std::string& pointer,
                               const type& wanted) {
  // An empty one need not say of what.
  const bool nothing = wanted.element() == nullptr;
  if (!from.is(kind::array) || (nothing && !from.items().empty())) {
    return unfit(in, from, pointer, wanted);
  }
  value::list_type items;
  bool good = true;
  for (std::size_t i = 0; i < from.items().size(); ++i) {
    auto item = read_literal(in, from.items()[i], json::pointer_to(pointer, i), *wanted.element());
    if (item) items.push_back(std::move(*item));
    good = good && item.has_value();
  }
  return good ? std::optional(value::list(std::move(items))) : std::nullopt;
}

std::optional<value> read_key(std::string_view key, const type& wanted) {
  if (wanted.is(value_kind::string)) return value(key);
  if (wanted.is(value_kind::boolean)) {
    if (key == "true") return value(true);
    if (key == "false") return value(false);
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (problem != std::errc{} || end != key.data() + key.size()) return std::nullopt;
  // "007" and "7" would be one row.
  return std::to_string(number) == key ? std::optional(value(number)) : std::nullopt;
}

std::optional<value> read_map(fields& in, const node& from, const std::string& pointer,
                              const type& wanted) {
  const bool nothing = wanted.element() == nullptr;
  if (!from.is(kind::object) || (nothing && !from.members().empty())) {
    return unfit(in, from, pointer, wanted);
  }
  value::map_type rows;
  bool good = true;
  for (const json::member& one : from.members()) {
    const std::string at = json::pointer_to(pointer, one.key);
    auto key = read_key(one.key, *wanted.key());
    auto row = read_literal(in, one.value, at, *wanted.element());
    if (!key) {
      in.out().add(in.doc().at(
          one, at, "wrong_constant",
          "expected " + written_as(*wanted.key()) + " as the key, found " + ticked(one.key)));
    }
    good = good && key && row;
    if (key && row) rows.emplace_back(std::move(*key), std::move(*row));
  }
  return good ? std::optional(value::map(std::move(rows))) : std::nullopt;
}

}  // namespace

std::string written_as(const type& wanted) {
  switch (wanted.kind()) {
    case value_kind::boolean: return "true or false";
    case value_kind::integer: return "a whole number";
    case value_kind::number: return "a number";
    case value_kind::string: return "a string";
    case value_kind::timestamp: return "a timestamp such as \"2026-11-21T15:04:05Z\"";
    case value_kind::duration: return "a duration such as \"1h30m\"";
    case value_kind::date: return "a date such as \"2026-11-01\"";
    case value_kind::money: return "an amount of money such as \"49.99 USD\"";
    case value_kind::ratio: return "a ratio such as \"12.5%\"";
    case value_kind::list: return "an array (" + wanted.to_string() + ")";
    case value_kind::map: return "an object (" + wanted.to_string() + ")";
  }
  return wanted.to_string();
}

std::optional<value> read_literal(fields& in, const node& from, const std::string& pointer,
                                  const type& wanted) {
  switch (wanted.kind()) {
    case value_kind::boolean:
      return from.is(kind::boolean) ? value(from.boolean()) : unfit(in, from, pointer, wanted);
    case value_kind::integer:
      return from.is(kind::integer) ? value(from.integer()) : unfit(in, from, pointer, wanted);
    case value_kind::number:
      return from.is_numeric() ? value(from.number()) : unfit(in, from, pointer, wanted);
    case value_kind::string:
      return from.is(kind::string) ? value(from.string()) : unfit(in, from, pointer, wanted);
    case value_kind::timestamp:
      return parsed_literal<instant>(in, from, pointer, wanted, &instant::parse);
    case value_kind::duration:
      return parsed_literal<duration>(in, from, pointer, wanted, &duration::parse);
    case value_kind::date:
      return parsed_literal<civil_date>(in, from, pointer, wanted, &civil_date::parse);
    case value_kind::money: return parsed_literal<money>(in, from, pointer, wanted, &money::parse);
    case value_kind::ratio: return parsed_literal<ratio>(in, from, pointer, wanted, &ratio::parse);
    case value_kind::list: return read_list(in, from, pointer, wanted);
    case value_kind::map: return read_map(in, from, pointer, wanted);
  }
  return std::nullopt;
}

bool value_fits(const value& candidate, const type& wanted) {
  if (!candidate.is(wanted.kind())) return false;
  if (candidate.is(value_kind::list) && wanted.element() != nullptr) {
    const auto& items = candidate.as_list();
    return std::all_of(items.begin(), items.end(),
                       [&](const value& one) { return value_fits(one, *wanted.element()); });
  }
  if (candidate.is(value_kind::map) && wanted.element() != nullptr) {
    const auto& rows = candidate.as_map();
    return std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
      return value_fits(row.first, *wanted.key()) && value_fits(row.second, *wanted.element());
    });
  }
  return true;
}

std::optional<std::string> as_percent(ratio r) {
  const auto hundred = checked_mul(r, ratio(100));
  if (!hundred) return std::nullopt;
  std::string text = hundred->to_string();
  if (text.find('/') != std::string::npos) return std::nullopt;
  return text + '%';
}

}  // namespace leeway::policy_detail
