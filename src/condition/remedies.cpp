// SPDX-License-Identifier: Apache-2.0
#include "condition/remedies.hpp"

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace leeway::condition {

namespace {

bool is_number(const type& t) { return t.is(value_kind::integer) || t.is(value_kind::number); }

bool is_relation(const tree& t) {
  static constexpr std::array<std::string_view, 6> signs = {"<", "<=", ">", ">=", "==", "!="};
  if (t.kind != tree_kind::binary) return false;
  for (const std::string_view sign : signs) {
    if (t.text == sign) return true;
  }
  return false;
}

/// The literal `side` as an amount of the policy's currency, to be copied as it is.
std::string as_money(const operand& side, const environment& env) {
  const std::string code(env.money_currency().code());
  if (side.written.kind == tree_kind::literal) {
    if (side.found.is(value_kind::string)) {
      const std::string& text = side.written.constant->as_string();
      if (money::parse(text)) return "use `money('" + text + "')`";
    } else {
      // `30.5` is written with all decimals.
      for (const std::string_view decimals : {"", "0", "00"}) {
        std::string amount = side.text();
        amount.append(decimals).append(" ").append(code);
        if (money::parse(amount)) return "use `money('" + amount + "')`";
      }
    }
  }
  return "use `money('30 " + code + "')`";
}

std::string as_ratio(const operand& side) {
  if (side.found.is(value_kind::integer)) return "use `percent(" + side.text() + ")`";
  if (side.written.kind == tree_kind::literal && ratio::parse(side.text())) {
    return "use `ratio('" + side.text() + "')`";
  }
  return "use a ratio, such as `ratio('12.5%')`";
}

/// `text(side)` where a string can be read as the other side's type.
std::string from_string(std::string_view function, const operand& side) {
  if (side.written.kind == tree_kind::literal) {
    return "use `" + std::string(function) + "(" + side.text() + ")`";
  }
  return "read it as one: `" + std::string(function) + "(" + side.text() + ")`";
}

bool is_date_literal(const operand& side) {
  return side.written.kind == tree_kind::literal && side.found.is(value_kind::string) &&
         civil_date::parse(side.written.constant->as_string()).has_value();
}

bool is_numeral(const operand& side) {
  return ratio::parse(side.written.constant->as_string()).has_value();
}

/// Parts of a time that other languages ask for by name; those in UTC say so.
std::string part_remedy(std::string_view name, const std::string& x, const type& held,
                        std::string_view zone) {
  if (name == "month" || name == "weekday") return "write `" + std::string(name) + "(" + x + ")`";
  struct part {
    std::string_view name{};
    std::string_view method{};
  };
  static constexpr std::array parts = {part{"year", "getFullYear"},  part{"day", "getDate"},
                                       part{"hour", "getHours"},     part{"hours", "getHours"},
                                       part{"minute", "getMinutes"}, part{"minutes", "getMinutes"},
                                       part{"second", "getSeconds"}, part{"seconds", "getSeconds"}};
  for (const part& one : parts) {
    if (one.name != name) continue;
    const std::string method = "`" + x + "." + std::string(one.method);
    if (held.is(value_kind::duration) || held.is(value_kind::date))
      return "write " + method + "()`";
    return "write " + method + "('" + std::string(zone) + "')`; without a zone it is UTC";
  }
  return {};
}

/// Sums and roundings of other languages.
std::string counting_remedy(std::string_view name, const std::string& x, const type& held) {
  if (name == "avg" || name == "average" || name == "mean") {
    const std::string list = held.is(value_kind::list) ? x : "list";
    return "divide the sum: `sum(" + list + ") / size(" + list + ")`";
  }
  if (name == "abs") return "write `max(" + x + ", -" + x + ")`";
  struct rounding {
    std::string_view name{};
    std::string_view mode{};
  };
  static constexpr std::array roundings = {
      rounding{"floor", "floor"},     rounding{"ceil", "ceiling"},   rounding{"ceiling", "ceiling"},
      rounding{"round_up", "up"},     rounding{"roundup", "up"},     rounding{"roundUp", "up"},
      rounding{"round_down", "down"}, rounding{"rounddown", "down"}, rounding{"roundDown", "down"},
      rounding{"trunc", "down"},      rounding{"truncate", "down"}};
  for (const rounding& one : roundings) {
    if (one.name != name) continue;
    if (held.is(value_kind::number)) {
      return "write `int(" + x +
             ")`, which cuts the decimals off; `round` takes amounts and ratios";
    }
    return "amounts and ratios are rounded by `round(" + x + ", '" + std::string(one.mode) + "')`";
  }
  return {};
}

std::string numbers_remedy(const operand& left, const operand& right) {
  const operand& whole = left.found.is(value_kind::integer) ? left : right;
  const operand& broken = left.found.is(value_kind::integer) ? right : left;
  if (whole.written.kind == tree_kind::literal) return "write `" + whole.text() + ".0`";
  if (broken.written.kind == tree_kind::literal) return "write `double(" + whole.text() + ")`";
  return "write `double(" + whole.text() + ")`, or `int(" + broken.text() + ")`";
}

}  // namespace

std::string operand::text() const {
  const std::string_view all = source.substr(written.offset, written.length);
  if (all.size() > 48) return "...";
  return std::string(all);
}

std::string comparison_remedy(std::string_view op, const operand& left, const operand& right,
                              const environment& env) {
  const auto pair = [&](value_kind a) -> std::pair<const operand*, const operand*> {
    if (left.found.is(a)) return {&left, &right};
    if (right.found.is(a)) return {&right, &left};
    return {nullptr, nullptr};
  };
  if (is_relation(left.written) && left.found.is(value_kind::boolean)) {
    const tree& shared = *left.written.children[1];
    const std::string x(left.source.substr(shared.offset, shared.length));
    return "write `" + left.text() + " && " + x + " " + std::string(op) + " " + right.text() + "`";
  }
  if (const auto [m, other] = pair(value_kind::money); m != nullptr) {
    if (is_number(other->found) || other->found.is(value_kind::string))
      return as_money(*other, env);
    if (other->found.is(value_kind::ratio)) return "compare an amount with an amount";
  }
  if (const auto [r, other] = pair(value_kind::ratio); r != nullptr && is_number(other->found)) {
    return as_ratio(*other);
  }
  if (is_number(left.found) && is_number(right.found)) return numbers_remedy(left, right);
  if (const auto [t, other] = pair(value_kind::timestamp);
      t != nullptr && is_date_literal(*other)) {
    return "compare dates: `date(" + t->text() + ")` and `date(" + other->text() + ")`";
  }
  for (const auto& [kind, name] :
       {std::pair{value_kind::timestamp, "timestamp"}, std::pair{value_kind::date, "date"},
        std::pair{value_kind::duration, "duration"}}) {
    const auto [t, other] = pair(kind);
    if (t != nullptr && other->found.is(value_kind::string)) return from_string(name, *other);
  }
  if (const auto [t, other] = pair(value_kind::timestamp);
      t != nullptr && other->found.is(value_kind::date)) {
    return "compare dates: `date(" + t->text() + ")`";
  }
  if (const auto [d, other] = pair(value_kind::duration); d != nullptr && is_number(other->found)) {
    return "use a duration, such as `duration('90m')`, or count: `" + d->text() + ".getMinutes()`";
  }
  if (const auto [l, other] = pair(value_kind::list); l != nullptr) {
    const auto element = l->found.element_or_nothing();
    if (other->found == element) return "write `" + other->text() + " in " + l->text() + "`";
    if (is_number(other->found)) return "compare its length: `size(" + l->text() + ")`";
  }
  if (const auto [s, other] = pair(value_kind::string); s != nullptr) {
    if (other->found.is(value_kind::boolean) && s->written.kind == tree_kind::literal) {
      return "write `true` or `false` without quotes";
    }
    if (is_number(other->found) && s->written.kind == tree_kind::literal) {
      return is_numeral(*s) ? "write the number without quotes" : "compare it with a number";
    }
    if (is_number(other->found) && other->written.kind == tree_kind::literal) {
      return "put quotes around it: `'" + other->text() + "'`";
    }
  }
  return "both sides must be of one type";
}

std::string arithmetic_remedy(std::string_view op, const operand& left, const operand& right,
                              const environment& env) {
  const type &l = left.found, &r = right.found;
  const bool product = op == "*" || op == "/";
  if (l.is(value_kind::money) || r.is(value_kind::money)) {
    const operand& other = l.is(value_kind::money) ? right : left;
    if (other.found.is(value_kind::number)) {
      return product ? as_ratio(other) + "; money never meets a `double`" : as_money(other, env);
    }
    if (other.found.is(value_kind::money) && op == "*") {
      return "multiply an amount by an `int` or a `ratio`";
    }
    if (op == "%")
      return "round to a step: `round(x, 'down', money('5 " +
             std::string(env.money_currency().code()) + "'))`";
    if (other.found.is(value_kind::ratio)) return "a share of an amount is `amount * ratio('5%')`";
    if (product && other.found.is(value_kind::string)) return "multiply by an `int` or a `ratio`";
    return as_money(other, env);
  }
  if (l.is(value_kind::ratio) || r.is(value_kind::ratio)) {
    const operand& other = l.is(value_kind::ratio) ? right : left;
    if (is_number(other.found)) return as_ratio(other);
    if (other.found.is(value_kind::duration)) {
      return "a duration is multiplied by an `int` only; divide the limit it is held against";
    }
    return "a ratio is a share of an amount, of an `int` or of a ratio only";
  }
  if (is_number(l) && is_number(r)) {
    if (op == "%") return "the remainder is taken of two `int`s";
    return numbers_remedy(left, right);
  }
  if (l.is(value_kind::date)) {
    if (r.is(value_kind::date))
      return "count the days: `days_between(" + right.text() + ", " + left.text() + ")`";
    return "write `add_days(" + left.text() + ", n)`";
  }
  if (l.is(value_kind::timestamp) && (is_number(r) || r.is(value_kind::string))) {
    return "add or subtract a span of time, such as `duration('24h')`";
  }
  if (l.is(value_kind::timestamp) && r.is(value_kind::date)) {
    return "count the days: `days_between(" + right.text() + ", date(" + left.text() + "))`";
  }
  if (op == "+" && (l.is(value_kind::string) || r.is(value_kind::string))) {
    const operand& other = l.is(value_kind::string) ? right : left;
    return "write `string(" + other.text() + ")`";
  }
  if (op == "+" && l.is(value_kind::list))
    return "to append, write `" + left.text() + " + [" + right.text() + "]`";
  return "see which types it takes in docs/conditions.md";
}

std::string condition_remedy(const operand& side) {
  switch (side.found.kind()) {
    case value_kind::integer: return "compare it, as in `" + side.text() + " > 0`";
    case value_kind::number: return "compare it, as in `" + side.text() + " > 0.0`";
    case value_kind::string: return "compare it, as in `" + side.text() + " != ''`";
    case value_kind::list: return "ask `size(" + side.text() + ") > 0`";
    case value_kind::map: return "ask `size(" + side.text() + ") > 0`";
    case value_kind::money: return "compare it, as in `" + side.text() + " > money('...')`";
    default: return "compare it with something";
  }
}

std::string duration_remedy(std::string_view written) {
  struct unit {
    std::string_view name{};
    std::int64_t times{};
    std::string_view here{};
  };
  static constexpr std::array units = {
      unit{"d", 24, "h"},     unit{"day", 24, "h"},    unit{"days", 24, "h"}, unit{"w", 168, "h"},
      unit{"week", 168, "h"}, unit{"weeks", 168, "h"}, unit{"hr", 1, "h"},    unit{"hrs", 1, "h"},
      unit{"hour", 1, "h"},   unit{"hours", 1, "h"},   unit{"min", 1, "m"},   unit{"mins", 1, "m"},
      unit{"minute", 1, "m"}, unit{"minutes", 1, "m"}, unit{"sec", 1, "s"},   unit{"secs", 1, "s"},
      unit{"second", 1, "s"}, unit{"seconds", 1, "s"}, unit{"H", 1, "h"},     unit{"M", 1, "m"},
      unit{"S", 1, "s"},      unit{"D", 24, "h"}};
  std::int64_t number = 0;
  const char* const end = written.data() + written.size();
  const auto [rest, problem] = std::from_chars(written.data(), end, number);
  if (problem != std::errc{} || number < 0 || number > 100000) return {};
  const std::string digits = std::to_string(number);
  if (rest == end) {
    return "give it a unit: `" + digits + "s`, `" + digits + "m` or `" + digits + "h`";
  }
  std::string_view name(rest, static_cast<std::size_t>(end - rest));
  while (name.starts_with(' ')) name.remove_prefix(1);
  for (const unit& one : units) {
    if (one.name != name) continue;
    const std::string meant = std::to_string(number * one.times) + std::string(one.here);
    if (one.times == 1) return "write `" + meant + "`";
    return "the longest unit is the hour: `" + meant + "`; days of the calendar are `add_days`";
  }
  return {};
}

std::string foreign_name_remedy(std::string_view name, const std::string& target,
                                const type& target_type, std::string_view zone) {
  const std::string x = target.empty() ? "x" : target;
  for (const std::string_view day : {"workdays", "work_days", "workingdays", "weekdays",
                                     "week_days", "business_days", "businessdays"}) {
    if (name == std::string(day) + "_between") {
      return "working days are counted by `working_days_between(from, to)`, by the calendar";
    }
  }
  struct habit {
    std::string_view name;
    std::string_view before;
    std::string_view after;
  };
  static constexpr std::array habits = {
      habit{"length", "size(", ")"},
      habit{"len", "size(", ")"},
      habit{"count", "size(", ")"},
      habit{"Length", "size(", ")"},
      habit{"isEmpty", "size(", ") == 0"},
      habit{"is_empty", "size(", ") == 0"},
      habit{"empty", "size(", ") == 0"},
      habit{"any", "", ".exists(e, ...)"},
      habit{"some", "", ".exists(e, ...)"},
      habit{"every", "", ".all(e, ...)"},
      habit{"find", "", ".exists(e, ...)"},
      habit{"startswith", "", ".startsWith('...')"},
      habit{"starts_with", "", ".startsWith('...')"},
      habit{"endswith", "", ".endsWith('...')"},
      habit{"ends_with", "", ".endsWith('...')"},
      habit{"dayOfWeek", "weekday(", ")"},
      habit{"day_of_week", "weekday(", ")"},
      habit{"match", "", ".matches('...')"},
      habit{"hasOwnProperty", "'key' in ", ""},
  };
  if (name == "contains" || name == "includes" || name == "include" || name == "has") {
    if (target_type.is(value_kind::list)) return "write `e in " + x + "`";
    if (target_type.is(value_kind::map)) return "write `'key' in " + x + "`";
    if (target_type.is(value_kind::string)) return "write `" + x + ".contains('...')`";
  }
  if (name == "equals") return "write `" + x + " == ...`";
  if (name == "now") return "the instant of the decision is `at`";
  if (name == "today") return "write `date(at)`";
  if (auto out = part_remedy(name, x, target_type, zone); !out.empty()) return out;
  if (auto out = counting_remedy(name, x, target_type); !out.empty()) return out;
  if (name == "lower" || name == "upper" || name == "strip" || name == "trim") {
    return "text is compared as it is; for either case write `" + x + ".matches('(?i)...')`";
  }
  for (const habit& h : habits) {
    if (h.name == name) return "write `" + std::string(h.before) + x + std::string(h.after) + "`";
  }
  return {};
}

}  // namespace leeway::condition
