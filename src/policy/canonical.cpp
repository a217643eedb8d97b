// SPDX-License-Identifier: Apache-2.0
#include "policy/canonical.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/money.hpp>

#include <variant>

namespace leeway::policy_detail::canonical {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string safe(std::string_view text) {
  return json::is_utf8(text) ? std::string(text) : "\\bytes " + printable(text);
}

void write(std::string& out, std::string_view text) {
  if (json::is_utf8(text)) return json::append_quoted(out, text);
  json::append_quoted(out, safe(text));
}

void object::quantity(std::string_view key, const leeway::quantity& q) {
  std::string& out = at(key);
  if (const auto* number = std::get_if<std::int64_t>(&q)) {
    out += std::to_string(*number);
  } else if (const auto* sum = std::get_if<money>(&q)) {
    write(out, sum->to_string());
  } else {
    write(out, trimmed(std::get<leeway::expression>(q)));
  }
}

}  // namespace leeway::policy_detail::canonical
