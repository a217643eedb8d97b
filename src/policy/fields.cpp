// SPDX-License-Identifier: Apache-2.0
#include "policy/fields.hpp"

#include <leeway/base/money.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace leeway::policy_detail {
namespace {

using json::kind;
using json::node;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

constexpr std::array reserved{"as",   "break",     "const", "continue", "else",   "false",
                              "for",  "function",  "if",    "import",   "in",     "let",
                              "loop", "namespace", "null",  "package",  "return", "true",
                              "var",  "void",      "while"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
  });
}

bool is_identifier(std::string_view text) {
  if (text.empty() || text.size() > 64 || is_digit(text.front())) return false;
  if (std::find(reserved.begin(), reserved.end(), text) != reserved.end()) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool looks_like_money(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  for (const std::string_view sign : {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"}) {
    if (text.starts_with(sign)) return true;
  }
  std::size_t digits = 0;
  while (digits < text.size() && (is_digit(text[digits]) || text[digits] == '.' ||
                                  text[digits] == ',' || text[digits] == '\'')) {
    ++digits;
  }
  if (digits == 0 || !is_digit(text.front())) return false;
  const std::string_view rest = trimmed(text.substr(digits));
  if (rest.size() == text.size()) return false;
  return rest.size() >= 2 && rest.size() <= 8 && std::all_of(rest.begin(), rest.end(), is_letter) &&
         rest != "in";
}

std::string ticked(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out = "`";
  out.append(text.substr(0, most));
  if (text.size() > most) out += "...";
  return out += '`';
}

std::string one_of_these(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += i + 1 == names.size() ? " or " : ", ";
    out += ticked(names[i]);
  }
  return out;
}

void fields::complain(const node& where, std::string pointer, std::string code, std::string message,
                      std::string remedy) {
  // What is only counted needs no place, which is looked up from the document's beginning.
  if (out().full()) return out().add({.code = std::move(code)});
  out().add(
      doc().at(where, std::move(pointer), std::move(code), std::move(message), std::move(remedy)));
}

void fields::not_one_of(const node& found, std::string pointer,
                        const std::vector<std::string>& words, std::string_view remedy) {
  std::string hint;
  if (found.is(kind::string)) hint = suggestion(found.string(), words);
  if (hint.empty()) hint = remedy;
  const std::string is =
      found.is(kind::string) ? ticked(found.string()) : std::string(json::described(found.type()));
  complain(found, std::move(pointer), found.is(kind::string) ? "unknown_word" : "wrong_type",
           "expected " + one_of_these(words) + ", found " + is, hint);
}

std::string fields::id(std::string_view key) {
  const auto text = required_string(key);
  if (!text) return {};
  if (!is_id(*text)) {
    fail_at(key, "bad_id", text->empty() ? "an id must not be empty" : "bad id " + ticked(*text),
            "use 1 to 64 letters, digits, `_`, `.` and `-`");
    return {};
  }
  return *text;
}

std::string fields::words(std::string_view key) {
  auto text = optional_string(key);
  if (text && is_blank(*text)) {
    fail_at(key, "empty_text", "empty " + ticked(key), "leave it out or say something");
  }
  return std::move(text).value_or(std::string{});
}

expression fields::condition(std::string_view key, presence wanted) {
  const node* found = wanted == presence::required ? required_any(key) : optional_any(key);
  if (found == nullptr) return {};
  if (!found->is(kind::string)) {
    std::string remedy = "write the expression in quotes";
    if (found->is(kind::boolean)) remedy += ": \"" + std::string(found->raw()) + "\"";
    complain(
        *found, pointer_of(key), "wrong_type",
        "expected an expression in a string, found " + std::string(json::described(found->type())),
        remedy);
    return {};
  }
  if (is_blank(found->string())) {
    fail_at(key, "empty_expression", "empty expression",
            wanted == presence::required ? "write an expression"
                                         : "leave " + ticked(key) + " out instead");
    return {};
  }
  return expression{found->string()};
}

std::vector<std::string> fields::names_of(const node& found, const std::string& pointer,
                                          bool empty_allowed) {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  const auto take = [&](const node& one, std::string at) {
    if (!one.is(kind::string)) {
      complain(one, std::move(at), "wrong_type",
               "expected a name in a string, found " + std::string(json::described(one.type())));
    } else if (is_blank(one.string())) {
      complain(one, std::move(at), "empty_text", "a name must not be empty");
    } else if (!seen.insert(one.string()).second) {
      complain(one, std::move(at), "repeated_name", ticked(one.string()) + " stands here twice",
               "keep one of them");
    }
    // A place is kept also for what is wrong, so that positions stay those of the document.
    out.emplace_back(one.string());
  };
  if (found.is(kind::string)) {
    take(found, pointer);
  } else if (found.is(kind::array)) {
    for (std::size_t i = 0; i < found.items().size(); ++i) {
      take(found.items()[i], json::pointer_to(pointer, i));
    }
    if (out.empty() && !empty_allowed) {
      complain(found, pointer, "empty_list", "an empty list names nothing",
               "name at least one, or leave the key out where that is allowed");
    }
  } else {
    complain(found, pointer, "wrong_type",
             "expected a name or an array of names, found " +
                 std::string(json::described(found.type())));
  }
  return out;
}

std::vector<std::string> fields::names(std::string_view key, presence wanted) {
  const node* found = wanted == presence::required ? required_any(key) : optional_any(key);
  return found == nullptr ? std::vector<std::string>{} : names_of(*found, pointer_of(key));
}

std::vector<std::string> fields::names_or_none(std::string_view key, presence wanted) {
  const node* found = wanted == presence::required ? required_any(key) : optional_any(key);
  return found == nullptr ? std::vector<std::string>{} : names_of(*found, pointer_of(key), true);
}

std::optional<quantity> fields::amount(std::string_view key) {
  const node* found = optional_any(key);
  if (found == nullptr) return std::nullopt;
  if (found->is(kind::integer)) return quantity{found->integer()};
  if (found->is(kind::number)) {
    fail_at(key, "wrong_type", "a bare number with decimals has no unit",
            "write an amount of money as \"" + std::string(found->raw()) +
                " USD\", a whole number without decimals, or an expression in quotes");
    return std::nullopt;
  }
  if (!found->is(kind::string)) {
    fail_at(key, "wrong_type",
            "expected a whole number, an amount of money or an expression, found " +
                std::string(json::described(found->type())));
    return std::nullopt;
  }
  const std::string_view text = found->string();
  if (auto parsed = money::parse(text)) return quantity{*parsed};
  if (looks_like_money(text)) {
    const error why = money::parse(text).error();
    fail_at(key, why.code, why.message);
    return std::nullopt;
  }
  if (is_blank(text)) {
    fail_at(key, "empty_expression", "empty amount", "leave " + ticked(key) + " out instead");
    return std::nullopt;
  }
  return quantity{expression{text}};
}

std::optional<civil_date> fields::date(std::string_view key) {
  return optional_parsed<civil_date>(key, civil_date::parse, "a date such as \"2026-11-01\"",
                                     json::null_is::absence);
}

std::optional<leeway::window> fields::period(std::string_view key, presence wanted) {
  constexpr std::string_view what = "a window such as \"P90D\", \"calendar month\" or \"lifetime\"";
  return wanted == presence::required
             ? parsed<leeway::window>(key, leeway::window::parse, what)
             : optional_parsed<leeway::window>(key, leeway::window::parse, what);
}

std::optional<std::string> fields::choice(std::string_view key,
                                          const std::vector<std::string>& words) {
  const node* found = optional_any(key);
  if (found == nullptr) return std::nullopt;
  if (found->is(kind::string) &&
      std::find(words.begin(), words.end(), found->string()) != words.end()) {
    return std::string{found->string()};
  }
  not_one_of(*found, pointer_of(key), words);
  return std::nullopt;
}

provenance fields::origin() { return {.source = words("source"), .because = words("because")}; }

}  // namespace leeway::policy_detail
