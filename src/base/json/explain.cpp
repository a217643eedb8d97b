// SPDX-License-Identifier: Apache-2.0
#include "base/json/explain.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace leeway::json {
namespace {

class explainer {
 public:
  explainer(const document& doc, progress& state, const stop& where)
      : text_{doc.text()},
        state_{state},
        where_{where},
        stop_{std::min(where.offset, text_.size())} {}

  refusal explain() {
    if (where_.why == complaint::too_deep) return too_deep();
    if (where_.why == complaint::too_many) return too_many();
    // The cursor takes 01 for one token, the parser for two.
    const cursor& after = state_.after;
    if (stop_ < after.at() && where_.why == complaint::syntax) {
      return bad_number({after.previous_at(), after.at() - after.previous_at()});
    }
    token_ = state_.after.next_token();
    if (where_.why == complaint::exponent) {
      return {word(), "number_does_not_fit", "this number does not fit",
              "write it with a smaller exponent"};
    }
    if (token_ < text_.size() && text_[token_] == '"' && stop_ > token_) return in_string();
    if (token_ < text_.size() && text_[token_] == '/') return comment();
    if (where_.why == complaint::incomplete || stop_ >= text_.size()) return ended();
    if (state_.has_root && state_.open.empty()) {
      token_ = stop_;
      return {word(), "trailing_content", "expected nothing more, found " + found(),
              "a document is one value"};
    }
    if (stop_ < token_) return separator();
    return unexpected();
  }

 private:
  refusal too_deep() const {
    return {
        {std::min(stop_, text_.size()), 1},
        "nested_too_deeply",
        "arrays and objects nest more than " + std::to_string(where_.max_depth) + " levels deep",
        "make the document flatter"};
  }

  [[nodiscard]] refusal too_many() const {
    return {{std::min(stop_, text_.size()), 0},
            "too_many_values",
            "the document holds more than " + std::to_string(where_.max_values) + " values",
            "split the document"};
  }

  // The run of word characters at the token, or its one character.
  [[nodiscard]] source_span word() const {
    std::size_t end = token_;
    while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.' || text_[end] == '+')) {
      ++end;
    }
    if (end == token_ && token_ < text_.size()) {
      end += std::max<std::size_t>(utf8::decode(text_, token_).length, 1);
    }
    return {token_, end - token_};
  }

  [[nodiscard]] std::string found() const {
    const source_span span = word();
    if (span.length == 0) return "the end";
    if (span.length > 40) return "`" + std::string{text_.substr(span.offset, 40)} + "...`";
    return "`" + std::string{text_.substr(span.offset, span.length)} + "`";
  }

  [[nodiscard]] refusal in_string() const {
    const std::size_t backslash = last_escape();
    if (where_.why == complaint::surrogate) return surrogate(backslash);
    if (stop_ >= text_.size() || where_.why == complaint::incomplete) {
      return {{token_, 1}, "unexpected_end", "this string does not end", "close it with `\"`"};
    }
    if (static_cast<unsigned char>(text_[stop_]) < 0x20U) {
      return {{stop_, 1},
              "control_character",
              "a string cannot hold a control character",
              text_[stop_] == '\n' || text_[stop_] == '\r'
                  ? "close the string on its line, or write `\\n`"
                  : "write it as an escape such as `\\t` or `\\u0001`"};
    }
    if (backslash != std::string_view::npos) {
      if (is_half(backslash, "89abAB")) return surrogate(backslash);
      return {{backslash, std::min<std::size_t>(stop_ + 1, text_.size()) - backslash},
              "invalid_escape",
              "this escape does not exist",
              R"(the escapes are \" \\ \/ \b \f \n \r \t and \u with four hex digits)"};
    }
    return {{stop_, 1}, "syntax_error", "this string is not well formed", {}};
  }

  // The escape that the parser was in, which may have stopped at any byte of it; or a first half
  // of a surrogate pair whose second half does not follow.
  [[nodiscard]] std::size_t last_escape() const {
    std::size_t last = std::string_view::npos;
    for (std::size_t i = token_ + 1; i < text_.size() && i <= stop_;) {
      if (text_[i] != '\\') {
        ++i;
        continue;
      }
      last = i;
      if (!is_half(i, "89abAB")) {
        i += 2;
      } else if (is_half(i + 6, "cdefCDEF")) {
        i += 12;
      } else {
        break;
      }
    }
    return last;
  }

  // Whether there is a \u escape of half of a surrogate pair, its second digit one of these.
  [[nodiscard]] bool is_half(std::size_t at, std::string_view digits) const {
    const std::string_view text = text_.substr(std::min(at, text_.size()), 4);
    return text.size() == 4 && text.starts_with("\\u") && (text[2] == 'd' || text[2] == 'D') &&
           digits.find(text[3]) != std::string_view::npos;
  }

  [[nodiscard]] refusal surrogate(std::size_t backslash) const {
    const std::size_t start = backslash == std::string_view::npos ? token_ : backslash;
    const std::size_t length = std::min<std::size_t>(6, text_.size() - start);
    return {{start, length},
            "lone_surrogate",
            "half of a surrogate pair stands alone",
            R"(write both halves, such as \ud83d\ude00, or the character itself)"};
  }

  [[nodiscard]] refusal comment() const {
    const bool block = text_.substr(token_).starts_with("/*");
    const bool line = text_.substr(token_).starts_with("//");
    if (!block && !line) return unexpected();
    if (!where_.comments) {
      return {{token_, 2}, "comment_not_allowed", "comments are not allowed here", "remove it"};
    }
    return {{token_, 2}, "unexpected_end", "this comment does not end", "close it with `*/`"};
  }

  [[nodiscard]] refusal ended() const {
    const source_span end{text_.size(), 0};
    const std::string code = "unexpected_end";
    if (state_.open.empty()) {
      if (token_ < text_.size()) return {word(), code, "the value is cut short", {}};
      return {end, code, "expected a value, found nothing", "a document is one JSON value"};
    }
    const frame& top = state_.open.back();
    const auto [line, column] = place_of(top.start);
    const std::string close = top.type == kind::array ? "`]`" : "`}`";
    return {end, code, "the document ends too early",
            "expected " + close + " for line " + std::to_string(line) + ", column " +
                std::to_string(column)};
  }

  // Stopped at a comma or colon that does not belong there.
  [[nodiscard]] refusal separator() const {
    const std::string what = "`" + std::string{text_.substr(stop_, 1)} + "`";
    return {{stop_, 1}, "syntax_error", "expected " + expected() + ", found " + what, {}};
  }

  [[nodiscard]] refusal unexpected() const {
    const char c = text_[token_];
    const cursor& after = state_.after;
    if ((c == ']' || c == '}') && after.previous() == ',') {
      return {{after.previous_at(), 1},
              "trailing_comma",
              "the last element cannot be followed by a comma",
              "remove the comma"};
    }
    const bool number_like = is_digit(c) || c == '-' || c == '+' || c == '.';
    if (number_like && wants_value()) return bad_number(word());
    return {word(), "syntax_error", "expected " + expected() + ", found " + found(), remedy()};
  }

  [[nodiscard]] refusal bad_number(source_span span) const {
    const std::string_view token = text_.substr(span.offset, span.length);
    const std::string_view digits = token.substr(token.starts_with('-') ? 1 : 0);
    const bool zero = digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]);
    return {span, "syntax_error",
            "`" + std::string{token.substr(0, 40)} + "` is not a number as JSON writes it",
            zero ? "a number has no leading zero" : "write it like 12, -3, 0.5 or 1e6"};
  }

  [[nodiscard]] bool wants_value() const {
    const auto& open = state_.open;
    if (open.empty()) return !state_.has_root;
    const char before = state_.after.previous();
    return open.back().type == kind::array ? before == '[' || before == ',' : before == ':';
  }

  // What could stand where the parser stopped.
  [[nodiscard]] std::string expected() const {
    const auto& open = state_.open;
    if (open.empty()) return state_.has_root ? "nothing more" : "a value";
    const char before = previous_before_stop();
    const frame& top = open.back();
    if (top.type == kind::array) {
      if (before == ',') return "a value";
      return top.count == 0 ? "a value or `]`" : "`,` or `]`";
    }
    if (top.has_key) return before == ':' ? "a value" : "`:`";
    if (before == ',') return "a key in double quotes";
    return top.count == 0 ? "a key in double quotes or `}`" : "`,` or `}`";
  }

  // The last token before the stop; commas and colons beyond it do not count.
  [[nodiscard]] char previous_before_stop() const {
    std::size_t i = stop_;
    while (i > 0 && is_space(text_[i - 1])) --i;
    const char c = i > 0 ? text_[i - 1] : '\0';
    return c == ',' || c == ':' ? c : state_.after.at() <= stop_ ? state_.after.previous() : c;
  }

  [[nodiscard]] std::string remedy() const {
    const source_span span = word();
    const std::string_view what = text_.substr(span.offset, span.length);
    if (what.starts_with('\'')) return "JSON strings stand in double quotes";
    if (what == "NaN" || what == "Infinity" || what == "inf" || what == "nan") {
      return "JSON has no such number";
    }
    if (what == "True" || what == "False" || what == "None" || what == "TRUE" || what == "FALSE") {
      return "JSON has `true`, `false` and `null`, in lower case";
    }
    if (!what.empty() && is_word(what[0]) && !is_digit(what[0])) {
      return "put text in double quotes";
    }
    return {};
  }

  [[nodiscard]] source_place place_of(std::size_t offset) const {
    return document{std::string{text_.substr(0, offset)}, {}}.place(offset);
  }

  std::string_view text_;
  progress& state_;
  const stop& where_;
  std::size_t stop_;
  std::size_t token_{};
};

}  // namespace

refusal explain(const document& doc, progress& state, const stop& where) {
  return explainer{doc, state, where}.explain();
}

}  // namespace leeway::json
