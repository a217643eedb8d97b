// SPDX-License-Identifier: Apache-2.0
// The operators that compute: checked and exact, but for double, which is as IEEE has it.
#include "condition/arithmetic.hpp"
#include "condition/function_groups.hpp"

#include <leeway/base/checked.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace leeway::condition {

namespace {

using integer = std::int64_t;

/// The content of a value as a C++ type.
template <class Content>
Content as(const value& v) {
  if constexpr (std::is_same_v<Content, integer>) return v.as_int();
  if constexpr (std::is_same_v<Content, double>) return v.as_double();
  if constexpr (std::is_same_v<Content, instant>) return v.as_timestamp();
  if constexpr (std::is_same_v<Content, duration>) return v.as_duration();
  if constexpr (std::is_same_v<Content, civil_date>) return v.as_date();
  if constexpr (std::is_same_v<Content, exact_money>) return v.as_money();
  if constexpr (std::is_same_v<Content, ratio>) return v.as_ratio();
}

template <class Content>
bool is_zero(const Content& c) {
  if constexpr (std::is_same_v<Content, integer>) return c == 0;
  if constexpr (!std::is_same_v<Content, integer>) return c.is_zero();
}

/// Amounts of two currencies have no sum: said as such, not as an overflow.
std::optional<std::string> other_currency(const value& a, const value& b) {
  if (!a.is(value_kind::money) || !b.is(value_kind::money)) return std::nullopt;
  if (a.as_money().cur() == b.as_money().cur()) return std::nullopt;
  return a.to_string() + " and " + b.to_string() + " are of different currencies";
}

template <class Left, class Right>
computed add(const context&, arguments a) {
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(checked_add(as<Left>(*a[0]), as<Right>(*a[1])), "the sum");
}

template <class Left, class Right>
computed subtract(const context&, arguments a) {
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(checked_sub(as<Left>(*a[0]), as<Right>(*a[1])), "the difference");
}

template <class Left, class Right>
computed multiply(const context&, arguments a) {
  return checked(checked_mul(as<Left>(*a[0]), as<Right>(*a[1])), "the product");
}

/// With the sides exchanged, for `int * money` and the like.
template <implementation Run>
computed exchanged(const context& c, arguments a) {
  const std::array<const value*, 2> turned = {a[1], a[0]};
  return Run(c, turned);
}

template <class Left, class Right>
computed divide(const context&, arguments a) {
  if (is_zero(as<Right>(*a[1]))) return fail(std::string("division by zero"));
  return checked(checked_div(as<Left>(*a[0]), as<Right>(*a[1])), "the quotient");
}

template <class Content>
computed opposite(const context&, arguments a) {
  return checked(checked_neg(as<Content>(*a[0])), "the opposite");
}

computed opposite_duration(const context&, arguments a) {
  return value(negated(a[0]->as_duration()));
}

computed opposite_double(const context&, arguments a) { return value(-a[0]->as_double()); }

// As IEEE has them: a division by zero is infinite, not an error.
computed add_double(const context&, arguments a) {
  return value(a[0]->as_double() + a[1]->as_double());
}

computed subtract_double(const context&, arguments a) {
  return value(a[0]->as_double() - a[1]->as_double());
}

computed multiply_double(const context&, arguments a) {
  return value(a[0]->as_double() * a[1]->as_double());
}

computed divide_double(const context&, arguments a) {
  return value(a[0]->as_double() / a[1]->as_double());
}

computed divide_int(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  return checked(quotient(a[0]->as_int(), a[1]->as_int()), "the quotient");
}
computed modulo_int(const context&, arguments a) {
  const auto out = remainder(a[0]->as_int(), a[1]->as_int());
  if (!out) return fail(std::string("division by zero"));
  return value(*out);
}

computed share_of_money(const context&, arguments a) {
  if (a[1]->as_money().is_zero()) return fail(std::string("division by zero"));
  if (auto wrong = other_currency(*a[0], *a[1])) return fail(std::move(*wrong));
  return checked(exact_ratio(a[0]->as_money(), a[1]->as_money()), "the ratio");
}

computed multiply_ratio_int(const context&, arguments a) {
  return checked(checked_mul(a[0]->as_ratio(), ratio(a[1]->as_int())), "the product");
}

computed divide_ratio_int(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  return checked(checked_div(a[0]->as_ratio(), ratio(a[1]->as_int())), "the quotient");
}

computed add_strings(const context&, arguments a) {
  return value(a[0]->as_string() + a[1]->as_string());
}

computed difference_of_instants(const context&, arguments a) {
  const auto out = difference(a[0]->as_timestamp(), a[1]->as_timestamp());
  if (out) return value(*out);
  return fail(
      std::string("the timestamps lie more than 292 years apart: the difference is out of range"));
}

computed concatenate(const context&, arguments a) {
  value::list_type out = a[0]->as_list();
  out.insert(out.end(), a[1]->as_list().begin(), a[1]->as_list().end());
  return value::list(std::move(out));
}

using namespace signature;

// clang-format off
constexpr std::array arithmetic = {
  overload{"+",  false, of(I, I),       I,    add<integer, integer>},
  overload{"+",  false, of(D, D),       D,    add_double},
  overload{"+",  false, of(S, S),       S,    add_strings, linear},
  overload{"+",  false, of(list, list), list, concatenate, linear},
  overload{"+",  false, of(M, M),       M,    add<exact_money, exact_money>},
  overload{"+",  false, of(R, R),       R,    add<ratio, ratio>},
  overload{"+",  false, of(T, U),       T,    add<instant, duration>},
  overload{"+",  false, of(U, T),       T,    exchanged<add<instant, duration>>},
  overload{"+",  false, of(U, U),       U,    add<duration, duration>},
  overload{"-",  false, of(I, I),       I,    subtract<integer, integer>},
  overload{"-",  false, of(D, D),       D,    subtract_double},
  overload{"-",  false, of(M, M),       M,    subtract<exact_money, exact_money>},
  overload{"-",  false, of(R, R),       R,    subtract<ratio, ratio>},
  overload{"-",  false, of(T, U),       T,    subtract<instant, duration>},
  overload{"-",  false, of(T, T),       U,    difference_of_instants},
  overload{"-",  false, of(U, U),       U,    subtract<duration, duration>},
  overload{"*",  false, of(I, I),       I,    multiply<integer, integer>},
  overload{"*",  false, of(D, D),       D,    multiply_double},
  overload{"*",  false, of(M, I),       M,    multiply<exact_money, integer>},
  overload{"*",  false, of(I, M),       M,    exchanged<multiply<exact_money, integer>>},
  overload{"*",  false, of(M, R),       M,    multiply<exact_money, ratio>},
  overload{"*",  false, of(R, M),       M,    exchanged<multiply<exact_money, ratio>>},
  overload{"*",  false, of(R, R),       R,    multiply<ratio, ratio>},
  overload{"*",  false, of(R, I),       R,    multiply_ratio_int},
  overload{"*",  false, of(I, R),       R,    exchanged<multiply_ratio_int>},
  overload{"*",  false, of(U, I),       U,    multiply<duration, integer>},
  overload{"*",  false, of(I, U),       U,    exchanged<multiply<duration, integer>>},
  overload{"/",  false, of(I, I),       I,    divide_int},
  overload{"/",  false, of(D, D),       D,    divide_double},
  overload{"/",  false, of(M, I),       M,    divide<exact_money, integer>},
  overload{"/",  false, of(M, R),       M,    divide<exact_money, ratio>},
  overload{"/",  false, of(M, M),       R,    share_of_money},
  overload{"/",  false, of(R, R),       R,    divide<ratio, ratio>},
  overload{"/",  false, of(R, I),       R,    divide_ratio_int},
  overload{"%",  false, of(I, I),       I,    modulo_int},
  overload{"-_", false, of(I),          I,    opposite<integer>},
  overload{"-_", false, of(D),          D,    opposite_double},
  overload{"-_", false, of(M),          M,    opposite<exact_money>},
  overload{"-_", false, of(R),          R,    opposite<ratio>},
  overload{"-_", false, of(U),          U,    opposite_duration},
};
// clang-format on

}  // namespace

std::span<const overload> arithmetic_overloads() { return arithmetic; }

}  // namespace leeway::condition
