// SPDX-License-Identifier: Apache-2.0
#include <leeway/model/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace leeway {

namespace {

std::strong_ordering order_numbers(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) <=> std::isnan(b);
  return a < b   ? std::strong_ordering::less
         : a > b ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::strong_ordering order_money(const exact_money& a, const exact_money& b) {
  if (a.cur() != b.cur()) return a.cur() <=> b.cur();
  const std::partial_ordering o = a <=> b;
  return o < 0   ? std::strong_ordering::less
         : o > 0 ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

/// The shortest text that reads back as this number, always recognisable as a `double`.
std::string number_text(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v < 0 ? "-Infinity" : "Infinity";
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v).ptr;
  std::string out(buffer.data(), end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

std::string quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20U || byte == 0x7FU) {
      out += "\\x";
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '\'';
  return out;
}

}  // namespace

std::string_view to_string(value_kind kind) {
  switch (kind) {
    case value_kind::boolean: return "bool";
    case value_kind::integer: return "int";
    case value_kind::number: return "double";
    case value_kind::string: return "string";
    case value_kind::timestamp: return "timestamp";
    case value_kind::duration: return "duration";
    case value_kind::date: return "date";
    case value_kind::money: return "money";
    case value_kind::ratio: return "ratio";
    case value_kind::list: return "list";
    case value_kind::map: return "map";
  }
  return "nothing";
}

value value::list(list_type items) {
  return {unchecked{}, std::make_shared<const list_type>(std::move(items))};
}

value value::map(map_type entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return order(a.first, b.first) < 0; });
  map_type kept;
  kept.reserve(entries.size());
  for (auto& entry : entries) {
    if (!kept.empty() && order(kept.back().first, entry.first) == 0) {
      kept.back() = std::move(entry);
    } else {
      kept.push_back(std::move(entry));
    }
  }
  return {unchecked{}, std::make_shared<const map_type>(std::move(kept))};
}

void value::not_a(const char* kind) {
  throw std::logic_error(std::string("value is not a ") + kind);
}

const value* value::find(const value& key) const {
  const map_type& rows = as_map();
  const auto at = std::lower_bound(
      rows.begin(), rows.end(), key,
      [](const auto& row, const value& wanted) { return order(row.first, wanted) < 0; });
  if (at == rows.end() || order(at->first, key) != 0) return nullptr;
  return &at->second;
}

bool operator==(const value& a, const value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is(value_kind::list)) return &a.as_list() == &b.as_list() || a.as_list() == b.as_list();
  if (a.is(value_kind::map)) return &a.as_map() == &b.as_map() || a.as_map() == b.as_map();
  return a.data_ == b.data_;
}

std::strong_ordering value::order(const value& a, const value& b) {
  if (a.kind() != b.kind()) return a.kind() <=> b.kind();
  switch (a.kind()) {
    case value_kind::boolean: return a.as_bool() <=> b.as_bool();
    case value_kind::integer: return a.as_int() <=> b.as_int();
    case value_kind::number: return order_numbers(a.as_double(), b.as_double());
    case value_kind::string: return a.as_string() <=> b.as_string();
    case value_kind::timestamp: return a.as_timestamp() <=> b.as_timestamp();
    case value_kind::duration: return a.as_duration() <=> b.as_duration();
    case value_kind::date: return a.as_date() <=> b.as_date();
    case value_kind::money: return order_money(a.as_money(), b.as_money());
    case value_kind::ratio: return a.as_ratio() <=> b.as_ratio();
    case value_kind::list: {
      const auto &x = a.as_list(), &y = b.as_list();
      return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end(), order);
    }
    case value_kind::map: {
      const auto &x = a.as_map(), &y = b.as_map();
      return std::lexicographical_compare_three_way(
          x.begin(), x.end(), y.begin(), y.end(), [](const auto& p, const auto& q) {
            const std::strong_ordering keys = order(p.first, q.first);
            return keys != 0 ? keys : order(p.second, q.second);
          });
    }
  }
  return std::strong_ordering::equal;
}

std::string value::to_string() const {
  switch (kind()) {
    case value_kind::boolean: return as_bool() ? "true" : "false";
    case value_kind::integer: return std::to_string(as_int());
    case value_kind::number: return number_text(as_double());
    case value_kind::string: return quoted(as_string());
    case value_kind::timestamp: return as_timestamp().to_string();
    case value_kind::duration: return as_duration().to_string();
    case value_kind::date: return as_date().to_string();
    case value_kind::money: return as_money().to_string();
    case value_kind::ratio: return as_ratio().to_string();
    case value_kind::list: {
      std::string out = "[";
      for (const value& item : as_list()) {
        if (out.size() > 1) out += ", ";
        out += item.to_string();
      }
      return out + "]";
    }
    case value_kind::map: {
      std::string out = "{";
      for (const auto& [key, item] : as_map()) {
        if (out.size() > 1) out += ", ";
        out += key.to_string() + ": " + item.to_string();
      }
      return out + "}";
    }
  }
  return {};
}

}  // namespace leeway
