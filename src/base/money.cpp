// SPDX-License-Identifier: Apache-2.0
#include "base/int128.hpp"
#include "base/text.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/money.hpp>

#include <algorithm>
#include <cstddef>

namespace leeway {
namespace {

using detail::quoted;

failure<error> syntax(std::string_view text, const std::string& what) {
  return fail("money_syntax", quoted(text) + ' ' + what);
}

/// The parts of a text that follows the grammar.
struct parts {
  bool negative{false};
  std::string_view whole{};
  std::optional<std::string_view> decimals{};
  std::string_view code{};
};

result<void> check_number(std::string_view text, const parts& p) {
  if (!detail::all_digits(p.whole) || (p.decimals && !detail::all_digits(*p.decimals))) {
    return syntax(text, "is not an amount; write digits, a point and a currency, like `49.99 USD`");
  }
  if (!detail::is_plain_number(p.whole)) {
    return syntax(text, "has leading zeros; leave them out");
  }
  if (p.negative && detail::all_zeros(p.whole) && detail::all_zeros(p.decimals.value_or(""))) {
    return syntax(text, "is a negative zero; leave the minus out");
  }
  return {};
}

result<parts> split(std::string_view text) {
  if (text.empty()) return fail("money_syntax", "an amount is empty; write it like `49.99 USD`");
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) {
    return syntax(text, "has no currency; write it after one space, like `49.99 USD`");
  }
  parts p;
  p.code = text.substr(space + 1);
  std::string_view number = text.substr(0, space);
  if (p.code.empty() || p.code.find(' ') != std::string_view::npos || number.empty()) {
    return syntax(text, "has spaces out of place; write one space, before the currency");
  }
  if (number.front() == '+') return syntax(text, "has a plus sign; leave it out");
  if (number.find_first_of(",_'") != std::string_view::npos) {
    return syntax(text, "has a separator that is no decimal point; write it like `1234.56 USD`");
  }
  if (number.front() == '-') {
    p.negative = true;
    number.remove_prefix(1);
  }
  const std::size_t point = number.find('.');
  p.whole = number.substr(0, point);
  if (point != std::string_view::npos) p.decimals = number.substr(point + 1);
  if (auto checked = check_number(text, p); !checked) return fail(checked.error());
  return p;
}

result<currency> find_currency(std::string_view code) {
  if (const auto found = currency::find(code)) return *found;
  std::string upper(code);
  for (char& c : upper) c = detail::is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  if (currency::find(upper)) {
    return fail("money_currency",
                quoted(code) + " is not a currency; write it in upper case, `" + upper + '`');
  }
  return fail("money_currency",
              quoted(code) + " is not a currency with minor units; use an active ISO 4217 code");
}

result<void> check_decimals(std::string_view text, const parts& p, currency cur) {
  const auto wanted = static_cast<std::size_t>(cur.exponent());
  if (!p.decimals || p.decimals->size() == wanted) return {};
  const std::string code(cur.code());
  const std::string whole = (p.negative ? "-" : "") + std::string(p.whole);
  if (wanted == 0) {
    return fail("money_decimals", quoted(text) + " has decimals, and " + code +
                                      " has none; write a whole number, like `" + whole + ' ' +
                                      code + '`');
  }
  std::string example(p.decimals->substr(0, wanted));
  example.append(wanted - example.size(), '0');
  const std::size_t count = p.decimals->size();
  return fail("money_decimals", quoted(text) + " has " + std::to_string(count) +
                                    (count == 1 ? " decimal, and " : " decimals, and ") + code +
                                    " has " + std::to_string(wanted) + "; write it like `" + whole +
                                    '.' + example + ' ' + code + '`');
}

/// Minor units of checked parts; nothing when they do not fit.
std::optional<std::int64_t> minor_units(const parts& p, currency cur) {
  const auto decimals = static_cast<std::size_t>(cur.exponent());
  std::int64_t minor = 0;
  const auto push = [&minor, &p](char c) {
    const std::int64_t digit = p.negative ? -(c - '0') : c - '0';
    return !__builtin_mul_overflow(minor, std::int64_t{10}, &minor) &&
           !__builtin_add_overflow(minor, digit, &minor);
  };
  std::string digits(p.whole);
  digits += p.decimals.value_or(std::string_view("0000").substr(0, decimals));
  if (!std::all_of(digits.begin(), digits.end(), push)) return std::nullopt;
  return minor;
}

}  // namespace

result<money> money::parse(std::string_view text) {
  const auto p = split(text);
  if (!p) return fail(p.error());
  const auto cur = find_currency(p->code);
  if (!cur) return fail(cur.error());
  if (auto checked = check_decimals(text, *p, *cur); !checked) return fail(checked.error());
  const auto minor = minor_units(*p, *cur);
  if (!minor) {
    return fail("money_range", quoted(text) + " is out of range; amounts go up to `" +
                                   money(INT64_MAX, *cur).to_string() + '`');
  }
  return money(*minor, *cur);
}

std::string money::to_string() const {
  std::string out = detail::to_decimal(minor_, currency_.exponent());
  out += ' ';
  out += currency_.code();
  return out;
}

std::optional<money> checked_add(money a, money b) noexcept {
  if (a.cur() != b.cur()) return std::nullopt;
  const auto sum = checked_add(a.minor(), b.minor());
  if (!sum) return std::nullopt;
  return money(*sum, a.cur());
}

std::optional<money> checked_sub(money a, money b) noexcept {
  if (a.cur() != b.cur()) return std::nullopt;
  const auto difference = checked_sub(a.minor(), b.minor());
  if (!difference) return std::nullopt;
  return money(*difference, a.cur());
}

std::optional<money> checked_mul(money a, std::int64_t n) noexcept {
  const auto product = checked_mul(a.minor(), n);
  if (!product) return std::nullopt;
  return money(*product, a.cur());
}

std::optional<money> checked_neg(money a) noexcept {
  const auto opposite = checked_neg(a.minor());
  if (!opposite) return std::nullopt;
  return money(*opposite, a.cur());
}

}  // namespace leeway
