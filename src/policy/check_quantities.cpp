// SPDX-License-Identifier: Apache-2.0
// Bounds and limits: constants of the right type and currency, or expressions.
#include "policy/check.hpp"
#include "policy/fields.hpp"

namespace leeway::policy_detail {

using condition::type;

std::optional<std::int64_t> constant_of(const std::optional<compiled_quantity>& q) {
  if (!q) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&q->content)) return *number;
  if (const auto* sum = std::get_if<money>(&q->content)) return sum->minor();
  return std::nullopt;
}

std::string written(const quantity& q) {
  if (const auto* number = std::get_if<std::int64_t>(&q)) return std::to_string(*number);
  if (const auto* sum = std::get_if<money>(&q)) return sum->to_string();
  return std::get<expression>(q);
}

std::optional<compiled_quantity> check_context::constant(const std::string& pointer,
                                                         std::int64_t from, const type& wanted,
                                                         bool signed_allowed,
                                                         std::string_view what) {
  const std::string name = "`" + std::string(what) + "`";
  const std::string digits = std::to_string(from);
  if (from < 0 && !signed_allowed) {
    error(pointer, "negative_amount", name + " must not be negative, found `" + digits + "`",
          "use zero or more");
    return std::nullopt;
  }
  switch (wanted.kind()) {
    case value_kind::integer: return compiled_quantity{from};
    case value_kind::number:
      return compiled_quantity{condition::compile(digits + ".0", *into_.env, {wanted}).code};
    case value_kind::ratio:
      return compiled_quantity{
          condition::compile("ratio('" + digits + "')", *into_.env, {wanted}).code};
    case value_kind::money:
      error(pointer, "type_mismatch",
            name + " is an amount of money here, found the number `" + digits + "`",
            "write it with its currency: \"" + digits + " " +
                std::string(into_.money_currency.valid() ? into_.money_currency.code() : "USD") +
                "\"");
      return std::nullopt;
    default:
      error(pointer, "type_mismatch",
            name + " must be " + ticked(wanted.to_string()) + " here, found the number `" + digits +
                "`",
            "write an expression of that type");
      return std::nullopt;
  }
}

std::optional<compiled_quantity> check_context::constant(const std::string& pointer, money from,
                                                         const type& wanted,
                                                         std::string_view what) {
  const std::string name = "`" + std::string(what) + "`";
  if (!wanted.is(value_kind::money)) {
    error(pointer, "type_mismatch",
          name + " must be " +
              (wanted.is(value_kind::integer) ? std::string("a whole number")
                                              : ticked(wanted.to_string())) +
              " here, found the amount `" + from.to_string() + "`",
          "write it without a currency");
    return std::nullopt;
  }
  if (from.is_negative()) {
    error(pointer, "negative_amount",
          name + " must not be negative, found `" + from.to_string() + "`", "use zero or more");
    return std::nullopt;
  }
  if (!right_currency(pointer, from.cur())) return std::nullopt;
  return compiled_quantity{from};
}

std::optional<compiled_quantity> check_context::bound(const std::string& pointer,
                                                      const std::optional<quantity>& from,
                                                      const type& wanted, bool signed_allowed,
                                                      std::string_view what) {
  if (!from) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&*from)) {
    return constant(pointer, *number, wanted, signed_allowed, what);
  }
  if (const auto* sum = std::get_if<money>(&*from)) return constant(pointer, *sum, wanted, what);
  auto code = compile(pointer, std::get<expression>(*from), *into_.env, {wanted},
                      amount_use::forbidden, what);
  if (!code) return std::nullopt;
  return compiled_quantity{std::move(code)};
}

std::optional<compiled_quantity> check_context::amount(const std::string& pointer,
                                                       const std::optional<quantity>& from,
                                                       std::string_view what) {
  return bound(pointer, from, type(value_kind::money), false, what);
}

std::optional<compiled_quantity> check_context::count(const std::string& pointer,
                                                      const std::optional<quantity>& from,
                                                      std::string_view what) {
  return bound(pointer, from, type(value_kind::integer), false, what);
}

}  // namespace leeway::policy_detail
