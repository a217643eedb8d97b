// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"

#include "base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

namespace leeway::json {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// The shortest digits of a positive finite double, and the power of ten of the point: the value is
// 0.DIGITS times ten to the `point`.
struct decimal {
  std::string digits{};
  int point{};
};

decimal shortest(double value) {
  std::array<char, 64> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific);
  const std::string_view text{buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())};
  const std::size_t e = text.find('e');
  decimal out;
  for (const char c : text.substr(0, e)) {
    if (c != '.') out.digits += c;
  }
  std::string_view exponent = text.substr(e + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.point);
  ++out.point;
  return out;
}

void append_exponent(std::string& out, const decimal& number) {
  out += number.digits[0];
  if (number.digits.size() > 1) out.append(".").append(number.digits, 1);
  const int exponent = number.point - 1;
  out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
}

// ECMA-262, Number::toString, steps 6 to 10.
void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("JSON has no number that is not finite");
  if (value == 0) {
    out += '0';
    return;
  }
  if (value < 0) out += '-';
  const decimal number = shortest(std::abs(value));
  const int count = static_cast<int>(number.digits.size());
  if (number.point > 21 || number.point <= -6) return append_exponent(out, number);
  if (number.point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-number.point), '0').append(number.digits);
  } else if (number.point >= count) {
    out.append(number.digits).append(static_cast<std::size_t>(number.point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(number.point);
    out.append(number.digits, 0, whole).append(".").append(number.digits, whole);
  }
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const unsigned value = static_cast<unsigned char>(c);
  out += "\\u00";
  out += hex_digits[value >> 4U];
  out += hex_digits[value & 0xFU];
}

// Where from `i` on the first character stands that is escaped, or is not ASCII where that is asked
// for; the size when there is none.
template <bool Ascii>
std::size_t next_escaped(std::string_view text, std::size_t i) {
  constexpr std::uint64_t each = 0x0101010101010101U;
  // Per byte, its highest bit: whether it is below `most`. A borrow can only err above a true one.
  const auto below = [](std::uint64_t block, std::uint64_t most) {
    return (block - each * most) & ~block & (each * 0x80U);
  };
  for (; text.size() - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data() + i, sizeof block);
    const std::uint64_t quotes = block ^ (each * '"');
    const std::uint64_t backslashes = block ^ (each * '\\');
    const std::uint64_t others = Ascii ? block & (each * 0x80U) : 0;
    if ((below(block, 0x20U) | below(quotes, 1) | below(backslashes, 1) | others) != 0) break;
  }
  const auto stands = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20U && c != '"' && c != '\\' && !(Ascii && byte >= 0x80U);
  };
  while (i < text.size() && stands(text[i])) ++i;
  return i;
}

void append_checked(std::string& out, std::string_view text) {
  if (!is_utf8(text)) throw std::invalid_argument("JSON text must be valid UTF-8");
  append_quoted(out, text);
}

// Orders (key, anything) by key.
template <class Entry>
void sort_by_key(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return utf16_less(a.key, b.key); });
}

void append(std::string& out, const node& value);

struct node_entry {
  std::string_view key;
  const node* value;
};

void append_object(std::string& out, const node& value) {
  std::vector<node_entry> entries;
  entries.reserve(value.members().size());
  for (const member& one : value.members()) entries.push_back({one.key, &one.value});
  sort_by_key(entries);
  char before = '{';
  for (const node_entry& one : entries) {
    out += before;
    before = ',';
    append_quoted(out, one.key);
    out += ':';
    append(out, *one.value);
  }
  out += entries.empty() ? "{}" : "}";
}

void append(std::string& out, const node& value) {
  switch (value.type()) {
    case kind::null: out += "null"; return;
    case kind::boolean: out += value.boolean() ? "true" : "false"; return;
    case kind::integer: out += std::to_string(value.integer()); return;
    case kind::number: append_number(out, value.number()); return;
    case kind::string: append_quoted(out, value.string()); return;
    case kind::object: append_object(out, value); return;
    case kind::array: break;
  }
  char before = '[';
  for (const node& one : value.items()) {
    out += before;
    before = ',';
    append(out, one);
  }
  out += value.items().empty() ? "[]" : "]";
}

template <class Json>
struct json_entry {
  std::string_view key;
  const Json* value;
};

template <class Json>
void append_json(std::string& out, const Json& value);

template <class Json>
void append_json_object(std::string& out, const Json& value) {
  std::vector<json_entry<Json>> entries;
  entries.reserve(value.size());
  for (auto i = value.begin(); i != value.end(); ++i) entries.push_back({i.key(), &i.value()});
  for (const auto& one : entries) {
    if (!is_utf8(one.key)) throw std::invalid_argument("JSON keys must be valid UTF-8");
  }
  sort_by_key(entries);
  char before = '{';
  for (const auto& one : entries) {
    out += before;
    before = ',';
    append_quoted(out, one.key);
    out += ':';
    append_json(out, *one.value);
  }
  out += entries.empty() ? "{}" : "}";
}

template <class Json>
void append_json_array(std::string& out, const Json& value) {
  char before = '[';
  for (const Json& one : value) {
    out += before;
    before = ',';
    append_json(out, one);
  }
  out += value.empty() ? "[]" : "]";
}

template <class Json>
void append_json(std::string& out, const Json& value) {
  using type = nlohmann::json::value_t;
  switch (value.type()) {
    case type::null: out += "null"; return;
    case type::boolean: out += value.template get<bool>() ? "true" : "false"; return;
    case type::number_integer: out += std::to_string(value.template get<std::int64_t>()); return;
    case type::number_unsigned: out += std::to_string(value.template get<std::uint64_t>()); return;
    case type::number_float: append_number(out, value.template get<double>()); return;
    case type::string: append_checked(out, value.template get_ref<const std::string&>()); return;
    case type::array: append_json_array(out, value); return;
    case type::object: append_json_object(out, value); return;
    case type::binary:
    case type::discarded: break;
  }
  throw std::invalid_argument("JSON has no binary values");
}

}  // namespace

std::string canonical(const nlohmann::json& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string canonical(const nlohmann::ordered_json& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string canonical(const node& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string canonical_number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = next_escaped<false>(text, 0); i < text.size();
       i = next_escaped<false>(text, done)) {
    out.append(text, done, i - done);
    append_escape(out, text[i]);
    done = i + 1;
  }
  out.append(text, done);
  out += '"';
}

bool is_plain(std::string_view text) noexcept { return next_escaped<true>(text, 0) == text.size(); }

bool utf16_less(std::string_view a, std::string_view b) noexcept {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (differ.first == a.end() || differ.second == b.end()) return a.size() < b.size();
  // UTF-8 sorts by code point. UTF-16 does too, but for what takes surrogates (lead bytes F0 to
  // F4): that comes before U+E000 to U+FFFF (lead bytes EE and EF).
  const auto rank = [](char c) {
    const unsigned byte = static_cast<unsigned char>(c);
    return byte == 0xEEU || byte == 0xEFU ? byte + 0x10U : byte;
  };
  return rank(*differ.first) < rank(*differ.second);
}

bool is_utf8(std::string_view bytes) noexcept { return utf8_error(bytes) == bytes.size(); }

std::size_t utf8_error(std::string_view bytes) noexcept { return utf8::first_error(bytes); }

}  // namespace leeway::json
