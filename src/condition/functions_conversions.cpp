// SPDX-License-Identifier: Apache-2.0
// What makes a value of one type of a value of another.
#include "base/text.hpp"
#include "condition/function_groups.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace leeway::condition {

namespace {

computed int_of_double(const context&, arguments a) {
  const double v = std::trunc(a[0]->as_double());
  // Both ends are refused, as the standard asks: a double so large is no longer exact.
  if (!(v > -9223372036854775808.0 && v < 9223372036854775808.0)) {
    return fail(a[0]->to_string() + " is out of the range of int");
  }
  return value(static_cast<std::int64_t>(v));
}

computed int_of_string(const context&, arguments a) {
  const std::string& text = a[0]->as_string();
  std::int64_t out = 0;
  const char* begin = text.data();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  const auto read = std::from_chars(begin, text.data() + text.size(), out);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    return fail(a[0]->to_string() + " is not an int");
  }
  return value(out);
}

computed double_of_string(const context&, arguments a) {
  std::string_view text = a[0]->as_string();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto out = detail::to_double(text);
  if (!out) return fail(a[0]->to_string() + " is not a double");
  return value(*out);
}

computed bool_of_string(const context&, arguments a) {
  static constexpr std::array<std::string_view, 5> yes = {"1", "t", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 5> no = {"0", "f", "false", "FALSE", "False"};
  const std::string& text = a[0]->as_string();
  if (std::find(yes.begin(), yes.end(), text) != yes.end()) return value(true);
  if (std::find(no.begin(), no.end(), text) != no.end()) return value(false);
  return fail(a[0]->to_string() + " is not a bool");
}

std::string plain_number(const value& v) {
  std::string out = v.to_string();
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

computed identity(const context&, arguments a) { return *a[0]; }

computed as_text(const context&, arguments a) { return value(a[0]->to_string()); }

computed double_as_text(const context&, arguments a) { return value(plain_number(*a[0])); }

computed int_of_timestamp(const context&, arguments a) {
  return value(a[0]->as_timestamp().seconds());
}

computed double_of_int(const context&, arguments a) {
  return value(static_cast<double>(a[0]->as_int()));
}

/// Whatever a type reads from a string.
template <class Content>
computed parsed(const context&, arguments a) {
  const auto out = Content::parse(a[0]->as_string());
  if (!out) return fail(out.error().message);
  return value(*out);
}

/// As the standard reads it: also `1.s`, `.5s`, and the sign for micro.
computed duration_of_string(const context&, arguments a) {
  const std::string& given = a[0]->as_string();
  auto out = duration::parse(given);
  if (!out) {
    std::string text;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string_view rest = std::string_view(given).substr(i);
      const bool digit_before = i > 0 && given[i - 1] >= '0' && given[i - 1] <= '9';
      const bool digit_after = rest.size() > 1 && rest[1] >= '0' && rest[1] <= '9';
      if (rest.starts_with("\xC2\xB5s") || rest.starts_with("\xCE\xBCs")) {
        text += 'u';
        ++i;
      } else if (given[i] == '.' && digit_before != digit_after) {
        text += digit_after ? "0." : ".0";
      } else {
        text += given[i];
      }
    }
    if (auto again = duration::parse(text)) out = *again;
  }
  if (!out) return fail(out.error().message);
  return value(*out);
}

computed timestamp_of_int(const context&, arguments a) {
  return checked(instant::make(a[0]->as_int()), "the timestamp");
}

computed start_of_day(const context& c, arguments a) {
  return value(c.env.zone().start_of_day(a[0]->as_date()));
}

computed date_of_timestamp(const context& c, arguments a) { return value(civil(c, *a[0])); }

computed ratio_of_ints(const context&, arguments a) {
  if (a[1]->as_int() == 0) return fail(std::string("division by zero"));
  return checked(ratio::make(a[0]->as_int(), a[1]->as_int()), "the ratio");
}

computed percent(const context&, arguments a) {
  return checked(ratio::make(a[0]->as_int(), 100), "the ratio");
}

using namespace signature;

// clang-format off
constexpr std::array conversions = {
  overload{"int",       false, of(I),    I, identity},
  overload{"int",       false, of(D),    I, int_of_double},
  overload{"int",       false, of(S),    I, int_of_string, linear},
  overload{"int",       false, of(T),    I, int_of_timestamp},
  overload{"double",    false, of(D),    D, identity},
  overload{"double",    false, of(I),    D, double_of_int},
  overload{"double",    false, of(S),    D, double_of_string, linear},
  overload{"bool",      false, of(B),    B, identity},
  overload{"bool",      false, of(S),    B, bool_of_string},
  overload{"string",    false, of(S),    S, identity},
  overload{"string",    false, of(B),    S, as_text},
  overload{"string",    false, of(I),    S, as_text},
  overload{"string",    false, of(D),    S, double_as_text},
  overload{"string",    false, of(T),    S, as_text},
  overload{"string",    false, of(U),    S, as_text},
  overload{"string",    false, of(A),    S, as_text},
  overload{"string",    false, of(M),    S, as_text},
  overload{"string",    false, of(R),    S, as_text},
  overload{"timestamp", false, of(T),    T, identity},
  overload{"timestamp", false, of(S),    T, parsed<instant>, linear},
  overload{"timestamp", false, of(I),    T, timestamp_of_int},
  overload{"timestamp", false, of(A),    T, start_of_day, fixed, 4},
  overload{"duration",  false, of(U),    U, identity},
  overload{"duration",  false, of(S),    U, duration_of_string, linear},
  overload{"date",      false, of(A),    A, identity},
  overload{"date",      false, of(S),    A, parsed<civil_date>, linear},
  overload{"date",      false, of(T),    A, date_of_timestamp, fixed, 4},
  // The checker turns these two into constants: their argument is a literal.
  overload{"money",     false, of(S),    M, nullptr},
  overload{"ratio",     false, of(S),    R, nullptr},
  overload{"ratio",     false, of(I, I), R, ratio_of_ints},
  overload{"percent",   false, of(I),    R, percent},
};
// clang-format on

}  // namespace

std::span<const overload> conversion_overloads() { return conversions; }

}  // namespace leeway::condition
