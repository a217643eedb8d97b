// SPDX-License-Identifier: Apache-2.0
#include "reference/lexer.hpp"

#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>

namespace leeway::reference {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  std::vector<token> all() {
    std::vector<token> out;
    for (skip_space(); at_ < text_.size(); skip_space()) out.push_back(next());
    out.emplace_back();
    return out;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool follows(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void skip_space() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
        ++at_;
      } else if (follows("//")) {
        while (at_ < text_.size() && peek() != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  token next() {
    const char c = peek();
    const bool raw = (c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"');
    if (raw) ++at_;
    if (raw || c == '\'' || c == '"') return quoted(raw);
    if (begins_name(c)) return name();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return numeral();
    for (const std::string_view two : {"&&", "||", "==", "!=", "<=", ">="}) {
      if (!follows(two)) continue;
      at_ += 2;
      return {.what = token::kind::symbol, .text = std::string(two)};
    }
    ++at_;
    return {.what = token::kind::symbol, .text = std::string(1, c)};
  }

  token name() {
    const auto from = at_;
    while (begins_name(peek()) || is_digit(peek())) ++at_;
    return {.what = token::kind::identifier, .text = std::string(text_.substr(from, at_ - from))};
  }

  token numeral() {
    const auto from = at_;
    const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    if (hex) {
      at_ += 2;
      while (std::isxdigit(static_cast<unsigned char>(peek())) != 0) ++at_;
      const std::string digits(text_.substr(from + 2, at_ - from - 2));
      return {.what = token::kind::integer, .whole = std::strtoull(digits.c_str(), nullptr, 16)};
    }
    bool whole = true;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      whole = false;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      whole = false;
      at_ += 1 + sign;
      while (is_digit(peek())) ++at_;
    }
    const std::string digits(text_.substr(from, at_ - from));
    if (!whole) {
      return {.what = token::kind::number, .fraction = std::strtod(digits.c_str(), nullptr)};
    }
    return {.what = token::kind::integer, .whole = std::strtoull(digits.c_str(), nullptr, 10)};
  }

  token quoted(bool raw) {
    const char quote = peek();
    const std::string three(3, quote);
    const std::string close = follows(three) ? three : std::string(1, quote);
    at_ += close.size();
    token out{.what = token::kind::string};
    while (!follows(close)) {
      if (at_ >= text_.size()) throw std::runtime_error("a string without an end");
      if (peek() == '\\' && !raw) {
        escape(out.text);
      } else {
        out.text += text_[at_++];
      }
    }
    at_ += close.size();
    return out;
  }

  std::uint32_t digits(std::size_t count, int base) {
    const std::string part(text_.substr(at_, count));
    at_ += count;
    return static_cast<std::uint32_t>(std::strtoul(part.c_str(), nullptr, base));
  }

  void escape(std::string& out) {
    const char c = peek(1);
    at_ += 2;
    switch (c) {
      case 'a': out += '\a'; return;
      case 'b': out += '\b'; return;
      case 'f': out += '\f'; return;
      case 'n': out += '\n'; return;
      case 'r': out += '\r'; return;
      case 't': out += '\t'; return;
      case 'v': out += '\v'; return;
      case 'x':
      case 'X': append_utf8(out, digits(2, 16)); return;
      case 'u': append_utf8(out, digits(4, 16)); return;
      case 'U': append_utf8(out, digits(8, 16)); return;
      default: break;
    }
    if (c < '0' || c > '3') {
      out += c;
      return;
    }
    --at_;
    append_utf8(out, digits(3, 8));
  }

  std::string_view text_;
  std::size_t at_{0};
};

}  // namespace

std::vector<token> tokens_of(std::string_view text) { return reader(text).all(); }

}  // namespace leeway::reference
