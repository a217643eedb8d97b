// SPDX-License-Identifier: Apache-2.0
#include "reference/values.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace leeway::reference {
namespace {

template <class T>
std::optional<value> maybe(const std::optional<T>& x) {
  if (!x) return std::nullopt;
  return value(*x);
}

template <class T>
bool holds(std::string_view relation, const T& a, const T& b) {
  if (relation == "<") return a < b;
  if (relation == "<=") return a <= b;
  if (relation == ">") return a > b;
  return a >= b;
}

using kind = value_kind;

std::optional<value> of_ints(char sign, std::int64_t a, std::int64_t b) {
  switch (sign) {
    case '+': return maybe(checked_add(a, b));
    case '-': return maybe(checked_sub(a, b));
    case '*': return maybe(checked_mul(a, b));
    default: break;
  }
  // The remainder by -1 is zero, also where the quotient would not fit.
  if (sign == '%' && b == -1) return value(0);
  const bool too_large = a == std::numeric_limits<std::int64_t>::min() && b == -1;
  if (b == 0 || too_large) return std::nullopt;
  return value(sign == '/' ? a / b : a % b);
}

std::optional<value> of_doubles(char sign, double a, double b) {
  switch (sign) {
    case '+': return value(a + b);
    case '-': return value(a - b);
    case '*': return value(a * b);
    case '/': return value(a / b);
    default: return std::nullopt;
  }
}

std::optional<value> of_ratios(char sign, ratio a, ratio b) {
  switch (sign) {
    case '+': return maybe(checked_add(a, b));
    case '-': return maybe(checked_sub(a, b));
    case '*': return maybe(checked_mul(a, b));
    case '/': return maybe(checked_div(a, b));
    default: return std::nullopt;
  }
}

std::optional<value> of_money(char sign, const value& a, const value& b) {
  const auto& amount = a.is(kind::money) ? a.as_money() : b.as_money();
  const auto& other = a.is(kind::money) ? b : a;
  if (other.is(kind::money)) {
    if (sign == '+') return maybe(checked_add(a.as_money(), b.as_money()));
    if (sign == '-') return maybe(checked_sub(a.as_money(), b.as_money()));
    return maybe(exact_ratio(a.as_money(), b.as_money()));
  }
  if (other.is(kind::integer)) {
    return sign == '*' ? maybe(checked_mul(amount, other.as_int()))
                       : maybe(checked_div(amount, other.as_int()));
  }
  return sign == '*' ? maybe(checked_mul(amount, other.as_ratio()))
                     : maybe(checked_div(amount, other.as_ratio()));
}

// Differences of instants are of 64 bits of nanoseconds, as in the Common Expression Language.
std::optional<value> between(instant a, instant b) {
  const auto d = checked_sub(a, b);
  if (!d) return std::nullopt;
  const auto nanos = checked_mul(d->seconds(), std::int64_t{1'000'000'000});
  if (!nanos || !checked_add(*nanos, std::int64_t{d->nanos()})) return std::nullopt;
  return value(*d);
}

std::optional<value> of_times(char sign, const value& a, const value& b) {
  if (a.is(kind::timestamp) && b.is(kind::timestamp))
    return between(a.as_timestamp(), b.as_timestamp());
  if (a.is(kind::timestamp)) {
    return sign == '+' ? maybe(checked_add(a.as_timestamp(), b.as_duration()))
                       : maybe(checked_sub(a.as_timestamp(), b.as_duration()));
  }
  if (b.is(kind::timestamp)) return maybe(checked_add(b.as_timestamp(), a.as_duration()));
  if (a.is(kind::duration) && b.is(kind::duration)) {
    return sign == '+' ? maybe(checked_add(a.as_duration(), b.as_duration()))
                       : maybe(checked_sub(a.as_duration(), b.as_duration()));
  }
  if (a.is(kind::duration)) return maybe(checked_mul(a.as_duration(), b.as_int()));
  return maybe(checked_mul(b.as_duration(), a.as_int()));
}

std::optional<value> joined(const value& a, const value& b) {
  if (a.is(kind::string)) return value(a.as_string() + b.as_string());
  auto items = a.as_list();
  items.insert(items.end(), b.as_list().begin(), b.as_list().end());
  return value::list(std::move(items));
}

bool contains(const value& in, const value& what) {
  if (in.is(kind::map)) return in.find(what) != nullptr;
  return std::ranges::any_of(in.as_list(), [&](const auto& item) { return equal(item, what); });
}

ratio as_ratio(const value& v) { return v.is(kind::integer) ? ratio(v.as_int()) : v.as_ratio(); }

}  // namespace

bool equal(const value& a, const value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is(kind::number)) return a.as_double() == b.as_double();
  if (a.is(kind::list)) {
    return std::ranges::equal(a.as_list(), b.as_list(), equal);
  }
  if (a.is(kind::map)) {
    return std::ranges::equal(a.as_map(), b.as_map(), [](const auto& x, const auto& y) {
      return equal(x.first, y.first) && equal(x.second, y.second);
    });
  }
  return a == b;
}

bool ordered(std::string_view relation, const value& a, const value& b) {
  switch (a.kind()) {
    case kind::boolean: return holds(relation, a.as_bool(), b.as_bool());
    case kind::integer: return holds(relation, a.as_int(), b.as_int());
    case kind::number: return holds(relation, a.as_double(), b.as_double());
    case kind::string: return holds(relation, a.as_string(), b.as_string());
    case kind::timestamp: return holds(relation, a.as_timestamp(), b.as_timestamp());
    case kind::duration: return holds(relation, a.as_duration(), b.as_duration());
    case kind::date: return holds(relation, a.as_date(), b.as_date());
    case kind::money: return holds(relation, a.as_money(), b.as_money());
    case kind::ratio: return holds(relation, a.as_ratio(), b.as_ratio());
    default: throw std::runtime_error("no order among these");
  }
}

std::optional<value> operate(std::string_view sign, const value& a, const value& b) {
  if (sign == "==") return value(equal(a, b));
  if (sign == "!=") return value(!equal(a, b));
  if (sign == "in") return value(contains(b, a));
  if (sign.front() == '<' || sign.front() == '>') return value(ordered(sign, a, b));
  auto either = [&](kind k) { return a.is(k) || b.is(k); };
  const char c = sign.front();
  if (either(kind::money)) return of_money(c, a, b);
  if (either(kind::ratio)) return of_ratios(c, as_ratio(a), as_ratio(b));
  if (either(kind::timestamp) || either(kind::duration)) return of_times(c, a, b);
  if (either(kind::string) || either(kind::list)) return joined(a, b);
  if (either(kind::number)) return of_doubles(c, a.as_double(), b.as_double());
  return of_ints(c, a.as_int(), b.as_int());
}

std::optional<value> negated(const value& a) {
  switch (a.kind()) {
    case kind::integer: return maybe(checked_neg(a.as_int()));
    case kind::number: return value(-a.as_double());
    case kind::money: return maybe(checked_neg(a.as_money()));
    case kind::ratio: return maybe(checked_neg(a.as_ratio()));
    case kind::duration: return value(negated(a.as_duration()));
    default: throw std::runtime_error("nothing to negate");
  }
}

std::optional<value> item_of(const value& a, const value& key) {
  if (a.is(kind::map)) {
    const auto* const found = a.find(key);
    if (found == nullptr) return std::nullopt;
    return *found;
  }
  const auto& items = a.as_list();
  const auto index = key.as_int();
  if (index < 0 || index >= static_cast<std::int64_t>(items.size())) return std::nullopt;
  return items[static_cast<std::size_t>(index)];
}

}  // namespace leeway::reference
