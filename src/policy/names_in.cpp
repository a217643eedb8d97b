// SPDX-License-Identifier: Apache-2.0
// The names an expression mentions, read without compiling it.
#include "policy/check.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The end of the string literal that begins at `at` with a quote.
std::size_t skip_string(std::string_view text, std::size_t at, bool raw) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool triple = text.substr(at, 3) == three;
  at += triple ? 3 : 1;
  while (at < text.size()) {
    if (text[at] == '\\' && !raw) {
      at += 2;
    } else if (triple ? text.substr(at, 3) == three : text[at] == quote) {
      return std::min(text.size(), at + (triple ? 3 : 1));
    } else {
      ++at;
    }
  }
  return text.size();
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

std::string take_name(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  while (at < text.size() && continues_name(text[at])) ++at;
  return std::string(text.substr(start, at - start));
}

std::string take_dotted(std::string_view text, std::size_t& at) {
  std::string out = take_name(text, at);
  for (;;) {
    std::size_t next = skip_space(text, at);
    if (next >= text.size() || text[next] != '.') return out;
    next = skip_space(text, next + 1);
    if (next >= text.size() || !starts_name(text[next])) return out;
    at = next;
    out += '.';
    out += take_name(text, at);
  }
}

}  // namespace

std::vector<std::string> dotted_names(std::string_view text) {
  std::vector<std::string> out;
  char before = ' ';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_string(text, at, before == 'r' || before == 'R');
      before = '"';
    } else if (text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (starts_name(c)) {
      const std::string name = take_dotted(text, at);
      // After a dot it is a field of what came before, not a name of its own.
      if (before != '.') out.push_back(name);
      before = name.size() == 1 ? name.front() : 'a';
    } else {
      if (!is_space(c)) before = c;
      ++at;
    }
  }
  return out;
}

}  // namespace leeway::policy_detail
