// SPDX-License-Identifier: Apache-2.0
// Finds the places of tokens, which the event parser does not tell.
#ifndef LEEWAY_SRC_BASE_JSON_CURSOR_HPP
#define LEEWAY_SRC_BASE_JSON_CURSOR_HPP

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace leeway::json {

[[nodiscard]] constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_word(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/// Whether a number as JSON writes it may hold this character.
[[nodiscard]] constexpr bool is_of_number(char c) noexcept {
  return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// Follows the event parser over the raw text: the parser has no positions, but it delivers tokens
/// in order, so the next token begins after the white space, comments, commas and colons that
/// follow the last.
///
/// INVARIANT: what the events deliver was checked by the parser, so only the text up to where the
/// parser stands is looked at without checks; `next_token` alone is used on unchecked text, and
/// stays inside.
class cursor {
 public:
  cursor(std::string_view text, bool comments) : text_{text}, comments_{comments} {}

  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  [[nodiscard]] char previous() const noexcept { return previous_; }
  [[nodiscard]] std::size_t previous_at() const noexcept { return previous_at_; }

  /// Moves to the next token: a bracket, string, number or literal, or the end.
  std::size_t next_token() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ',' || c == ':') {
        previous_ = c;
        previous_at_ = at_;
        ++at_;
      } else if (is_space(c)) {
        ++at_;
      } else if (c != '/' || !skip_comment()) {
        break;
      }
    }
    return at_;
  }

  source_span bracket() {
    const std::size_t start = next_token();
    return take(start, 1);
  }

  source_span string() {
    const std::size_t start = next_token();
    std::size_t i = start + 1;
    while (i < text_.size() && text_[i] != '"') i += text_[i] == '\\' ? 2U : 1U;
    return take(start, std::min(i + 1, text_.size()) - start);
  }

  /// A string whose text, which holds no escapes, stands at `start` behind its quote.
  source_span string_around(std::size_t start, std::size_t length) {
    return take(start - 1, length + 2);
  }

  source_span number() {
    const std::size_t start = next_token();
    std::size_t end = start;
    while (end < text_.size() && is_of_number(text_[end])) ++end;
    return take(start, end - start);
  }

  source_span literal(std::size_t length) { return take(next_token(), length); }

 private:
  source_span take(std::size_t start, std::size_t length) {
    at_ = start + length;
    previous_ = text_[start];
    previous_at_ = start;
    return {start, length};
  }

  // Whether a whole comment was there; it is skipped then.
  bool skip_comment() {
    if (!comments_ || at_ + 1 >= text_.size()) return false;
    if (text_[at_ + 1] == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (text_[at_ + 1] != '*') return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) return false;
    at_ = end + 2;
    return true;
  }

  std::string_view text_;
  bool comments_;
  std::size_t at_{};
  char previous_{};  // the first character of the token before, also of , and :
  std::size_t previous_at_{};
};

}  // namespace leeway::json

#endif
