// SPDX-License-Identifier: Apache-2.0
// Comparisons that come out the same whatever is asked, by what their sides can be at all.
#include "condition/check.hpp"

#include <array>
#include <optional>
#include <utility>

namespace leeway::condition {

namespace {

/// What a node can only be: between two values, where they are given.
struct range {
  std::optional<value> low{};
  std::optional<value> high{};
};

struct part {
  std::string_view name{};
  std::int64_t low{};
  std::int64_t high{};
};

// Of timestamps and dates; a duration's hours, minutes and seconds have no end.
constexpr std::array<part, 11> parts{{{"weekday", 1, 7},
                                      {"month", 1, 12},
                                      {"getMonth", 0, 11},
                                      {"getDate", 1, 31},
                                      {"getDayOfMonth", 0, 30},
                                      {"getDayOfWeek", 0, 6},
                                      {"getDayOfYear", 0, 365},
                                      {"getHours", 0, 23},
                                      {"getMinutes", 0, 59},
                                      {"getSeconds", 0, 59},
                                      {"getMilliseconds", 0, 999}}};

range range_of(const node& n, const environment& env) {
  if (n.what == operation::reference) return range_of(n.definition->root(), env);
  if (n.what == operation::fact) {
    const declaration& d = env.at(n.index);
    if (d.counted) return {.low = value(0)};
    if (d.amount) return {.low = value(money(0, env.money_currency()))};
    return {};
  }
  if (n.what != operation::call || n.args.empty()) return {};
  if (n.function->name == "size" || n.function->name == "started_periods") {
    return {.low = value(0)};
  }
  if (n.args[0]->static_type.is(value_kind::duration)) return {};
  for (const part& one : parts) {
    if (one.name == n.function->name) return {.low = value(one.low), .high = value(one.high)};
  }
  return {};
}

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

bool holds(std::string_view sign, std::partial_ordering o) {
  if (sign == "<") return o < 0;
  if (sign == "<=") return o <= 0;
  if (sign == ">") return o > 0;
  if (sign == ">=") return o >= 0;
  if (sign == "==") return o == 0;
  return sign == "!=" && o != 0;
}

/// Unordered where there is no limit, or none that compares.
std::partial_ordering against(const std::optional<value>& limit, const value& bound) {
  if (!limit) return std::partial_ordering::unordered;
  return compare(*limit, bound).value_or(std::partial_ordering::unordered);
}

/// The truth of `x sign bound` for all x of a range, when there is one.
std::optional<bool> settled(const range& x, std::string_view sign, const value& bound) {
  const std::partial_ordering low = against(x.low, bound), high = against(x.high, bound);
  const bool above = low > 0, from = low >= 0;
  const bool below = high < 0, to = high <= 0;
  if (sign == "==" || sign == "!=") {
    return above || below ? std::optional(sign == "!=") : std::nullopt;
  }
  if (sign == "<" && (below || from)) return below;
  if (sign == "<=" && (to || above)) return to;
  if (sign == ">" && (above || to)) return above;
  if (sign == ">=" && (from || below)) return from;
  return std::nullopt;
}

/// The same over the values a fact may have. `==` and `!=` are `never_this_value`'s.
std::optional<bool> settled(const std::vector<value>& choices, std::string_view sign,
                            const value& bound) {
  if (choices.empty() || sign == "==" || sign == "!=") return std::nullopt;
  std::optional<bool> out;
  for (const value& one : choices) {
    const auto o = compare(one, bound);
    if (!o || (out && *out != holds(sign, *o))) return std::nullopt;
    out = holds(sign, *o);
  }
  return out;
}

/// What the parts of a time can be, in words; empty for anything else.
std::string range_remedy(const node& n) {
  if (n.what == operation::reference) return range_remedy(n.definition->root());
  if (n.what != operation::call || n.args.empty()) return {};
  if (n.args[0]->static_type.is(value_kind::duration)) return {};
  const std::string_view name = n.function->name;
  if (name == "weekday") return "it is from 1 for Monday to 7 for Sunday";
  if (name == "getDayOfWeek") {
    return "0 is Sunday and 6 is Saturday; `weekday(...)` is from 1 for Monday to 7 for Sunday";
  }
  for (const part& one : parts) {
    if (one.name != name) continue;
    return "it is from " + std::to_string(one.low) + " to " + std::to_string(one.high);
  }
  return {};
}

}  // namespace

void checker::always(const tree& t, bool truth, std::string remedy) {
  if (remedy.empty()) remedy = "say what was meant, or leave it out";
  report("constant_condition", shown(t) + (truth ? " is always true" : " is never true"),
         std::move(remedy), t.offset, t.length, true);
}

bool checker::counts_from_zero(const tree& t, const node& subject, const value& bound) {
  if (subject.what != operation::call || !bound.is(value_kind::integer)) return false;
  const std::string_view name = subject.function->name;
  const std::int64_t n = bound.as_int();
  // Whoever writes 0 knows.
  if (n < 1 || n > 366) return false;
  std::string what, remedy;
  const std::string ordinal = std::to_string(n);
  if (name == "getMonth") {
    what = n < 12 ? ordinal + " is " + std::string(months[static_cast<std::size_t>(n)])
                  : "there is no " + ordinal;
    remedy = "write `month(...)`, where 1 is January";
  } else if (name == "getDayOfMonth" && n <= 31) {
    what = n < 31 ? ordinal + " is day " + std::to_string(n + 1) + " of the month"
                  : "there is no " + ordinal;
    remedy = "write `getDate()`, where 1 is the first day";
  } else if (name == "getDayOfYear") {
    what = n < 366 ? ordinal + " is day " + std::to_string(n + 1) + " of the year"
                   : "there is no " + ordinal;
    remedy = "count days with `days_between(start_of(x, 'year'), x)`, or add 1 to it";
  } else {
    return false;
  }
  report("zero_based", "`" + std::string(name) + "` counts from 0: " + what, std::move(remedy),
         t.offset, t.length, true);
  return true;
}

void checker::never_among(const tree& t, const node& subject, const value::list_type& items) {
  const range possible = range_of(subject, env_);
  const tree& list = *t.children[1];
  const bool each = list.kind == tree_kind::list && list.children.size() == items.size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (settled(possible, "==", items[i]) != false) continue;
    const tree& at = each ? *list.children[i] : list;
    std::string remedy = range_remedy(subject);
    if (remedy.empty()) remedy = "leave it out, or say what was meant";
    report("constant_condition", shown(*t.children[0]) + " is never `" + items[i].to_string() + "`",
           std::move(remedy), at.offset, at.length, true);
  }
}

void checker::check_constant(const tree& t, const node& n) {
  const node &left = *n.args[0], &right = *n.args[1];
  if (is_constant(left) && is_constant(right)) return;
  if (t.text == "in") {
    if (!is_constant(right) || !right.constant->is(value_kind::list)) return;
    const auto& items = right.constant->as_list();
    if (items.empty()) return always(t, false);
    const bool knows = std::ranges::find(items, value(0)) != items.end();
    if (!knows && counts_from_zero(t, left, items.back())) return;
    return never_among(t, left, items);
  }
  // Not of `double`: what is not a number equals nothing.
  if (text(*t.children[0]) == text(*t.children[1]) && !left.static_type.is(value_kind::number)) {
    return always(t, holds(t.text, std::partial_ordering::equivalent));
  }
  const bool swapped = is_constant(left);
  const node& subject = swapped ? right : left;
  const node& bound = swapped ? left : right;
  if (!is_constant(bound)) return;
  if (counts_from_zero(t, subject, *bound.constant)) return;
  const std::string_view sign = swapped ? mirrored(t.text) : std::string_view(t.text);
  auto truth = settled(range_of(subject, env_), sign, *bound.constant);
  if (!truth && subject.what == operation::fact && !subject.static_type.is(value_kind::list)) {
    truth = settled(env_.at(subject.index).one_of, sign, *bound.constant);
  }
  if (truth) always(t, *truth, range_remedy(subject));
}

}  // namespace leeway::condition
