// SPDX-License-Identifier: Apache-2.0
#include "condition/lexer.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace leeway::condition {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
/// Neither ends a string nor stands for anything else in it.
bool plain_in_string(char c) {
  return c != '\'' && c != '"' && c != '\\' && c != '\n' && c != '\r';
}
bool is_name(char c) { return is_name_start(c) || is_digit(c); }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80U) {
    put(c);
  } else if (c < 0x800U) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000U) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

struct spelling {
  std::string_view text;
  token_kind kind;
};

// Longer spellings stand before their own beginnings.
constexpr std::array operators = {
    spelling{"&&", token_kind::logic_and},    spelling{"||", token_kind::logic_or},
    spelling{"==", token_kind::equal},        spelling{"!=", token_kind::not_equal},
    spelling{"<=", token_kind::less_equal},   spelling{">=", token_kind::greater_equal},
    spelling{"<", token_kind::less},          spelling{">", token_kind::greater},
    spelling{"!", token_kind::logic_not},     spelling{"(", token_kind::left_paren},
    spelling{")", token_kind::right_paren},   spelling{"[", token_kind::left_bracket},
    spelling{"]", token_kind::right_bracket}, spelling{"{", token_kind::left_brace},
    spelling{"}", token_kind::right_brace},   spelling{".", token_kind::dot},
    spelling{",", token_kind::comma},         spelling{":", token_kind::colon},
    spelling{"?", token_kind::question},      spelling{"+", token_kind::plus},
    spelling{"-", token_kind::minus},         spelling{"*", token_kind::times},
    spelling{"/", token_kind::divide},        spelling{"%", token_kind::modulo},
};

struct slip {
  std::string_view text;
  std::optional<token_kind> meant;
  std::string_view remedy;
  bool misread{};  ///< only stands for what was meant
};

// What people write out of habit from other languages; looked up before `operators`.
constexpr std::array slips = {
    slip{"===", token_kind::equal, "write `==`"},
    slip{"!==", token_kind::not_equal, "write `!=`"},
    slip{"<>", token_kind::not_equal, "write `!=`"},
    slip{"=<", token_kind::less_equal, "write `<=`"},
    slip{"=>", token_kind::greater_equal, "write `>=`"},
    slip{"**", token_kind::times, "there is no power; multiply", true},
    slip{"->", token_kind::comma, "a variable and a result stand between commas: `map(x, x * 2)`"},
    slip{"??", token_kind::times, "what may be absent is asked for: `has(x) ? x : 0`", true},
    slip{"=~", token_kind::times, "write `x.matches('...')`", true},
    slip{":=", token_kind::equal, "write `==` to compare; there is no assignment"},
    slip{"\xE2\x89\xA4", token_kind::less_equal, "write `<=`"},
    slip{"\xE2\x89\xA5", token_kind::greater_equal, "write `>=`"},
    slip{"\xE2\x89\xA0", token_kind::not_equal, "write `!=`"},
};

constexpr std::array single_slips = {
    slip{"=", token_kind::equal, "write `==` to compare"},
    slip{"&", token_kind::logic_and, "write `&&`"},
    slip{"|", token_kind::logic_or, "write `||`"},
    slip{";", std::nullopt, "a condition is one expression; join two with `&&`"},
    slip{"~", std::nullopt, "write `!` for not; there are no bit operations"},
    slip{"^", std::nullopt, "there is no power and there are no bit operations; multiply"},
    slip{"$", std::nullopt, "write an amount as `money('50 USD')`"},
    slip{"#", std::nullopt, "a comment begins with `//`"},
    slip{"@", std::nullopt, "name facts by their path, as in `customer.flags`"},
    slip{"\\", std::nullopt, "a backslash stands only in a string"},
};

class lexer {
 public:
  lexer(std::string_view source, issues& found) : source_(source), found_(found) {}

  std::vector<token> run() {
    const std::size_t bad = utf8::first_error(source_);
    if (bad != source_.size()) {
      report("bad_utf8", "the expression is not valid UTF-8", "save the document as UTF-8", bad, 1);
      source_ = source_.substr(0, bad);
    }
    tokens_.reserve(source_.size() / 4 + 2);
    while (skip_blank(), at_ < source_.size()) next();
    add(token_kind::end, at_);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool ahead(std::string_view text) const {
    // Nearly always the first character tells.
    return at_ < source_.size() && source_[at_] == text.front() &&
           source_.substr(at_).starts_with(text);
  }

  void report(std::string code, std::string message, std::string remedy, std::size_t offset,
              std::size_t length) {
    found_.push_back({.code = std::move(code),
                      .message = std::move(message),
                      .remedy = std::move(remedy),
                      .offset = offset,
                      .length = length});
  }

  token& add(token_kind kind, std::size_t begin) {
    tokens_.push_back({.kind = kind, .offset = begin, .length = at_ - begin});
    return tokens_.back();
  }

  void skip_blank() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (ahead("//")) {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  void next() {
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '\'' || c == '"') return string(at_, false);
    if (is_name_start(c)) return name();
    if (c == '`') return quoted_name();
    sign();
  }

  void name() {
    const std::size_t begin = at_;
    while (is_name(peek())) ++at_;
    const std::string_view text = source_.substr(begin, at_ - begin);
    if ((peek() == '\'' || peek() == '"') && text.size() <= 2) {
      if (text == "r" || text == "R") return string(begin, true);
      if (text.find_first_not_of("bBrR") == std::string_view::npos) {
        report("no_bytes", "there is no type `bytes` here", "leave out the `b` to write a string",
               begin, text.size());
        return string(begin, text.size() == 2);
      }
      if (text.find_first_not_of("fuUF") == std::string_view::npos) {
        report("syntax_error",
               "a string takes no prefix but `r`, found `" + std::string(text) + "`",
               "leave the prefix out; join pieces with `+`", begin, text.size());
        return string(begin, false);
      }
    }
    const bool is_in = text == "in";
    add(is_in ? token_kind::in : token_kind::identifier, begin).text = text;
  }

  void quoted_name() {
    const std::size_t begin = at_++;
    const std::size_t close = source_.find('`', at_);
    if (close == std::string_view::npos ||
        source_.substr(at_, close - at_).find('\n') != std::string_view::npos) {
      report("syntax_error", "a name in backticks is not closed", "end it with a backtick", begin,
             source_.size() - begin);
      at_ = source_.size();
      return;
    }
    const std::string_view text = source_.substr(at_, close - at_);
    at_ = close + 1;
    if (text.empty()) {
      report("syntax_error", "a name in backticks is empty", "name a field", begin, 2);
    }
    add(token_kind::quoted_identifier, begin).text = text;
  }

  void number() {
    const std::size_t begin = at_;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_value(peek(2)) >= 0) {
      at_ += 2;
      while (hex_value(peek()) >= 0) ++at_;
      return integer(begin, source_.substr(begin + 2, at_ - begin - 2), 16);
    }
    while (is_digit(peek())) ++at_;
    bool whole = true;
    if (peek() == '.' && is_digit(peek(1))) {
      whole = false;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      const std::size_t digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (is_digit(peek(digits))) {
        whole = false;
        at_ += digits;
        while (is_digit(peek())) ++at_;
      }
    }
    const std::string_view text = source_.substr(begin, at_ - begin);
    if (whole) return integer(begin, text, 10);
    const auto value = detail::to_double(text);
    if (!value) {
      report("number_range", "`" + std::string(text.substr(0, 40)) + "` does not fit in a double",
             "write a smaller number", begin, text.size());
    }
    const bool glued = suffix(begin);
    token& t = add(token_kind::number, begin);
    t.number = value.value_or(0);
    t.misread = glued;
  }

  void integer(std::size_t begin, std::string_view digits, int base) {
    std::uint64_t magnitude = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
    const bool glued = suffix(begin);
    token& t = add(token_kind::integer, begin);
    t.misread = glued;
    t.magnitude = magnitude;
    t.out_of_range = read.ec != std::errc{};
  }

  /// Letters glued to a number: an unsigned suffix, a unit, a grouped or misspelt number.
  /// Whether its type is not known by them.
  bool suffix(std::size_t begin) {
    const std::size_t from = at_;
    while (is_name(peek())) ++at_;
    if (at_ == from) return false;
    const std::string glued(source_.substr(from, at_ - from));
    const std::string digits(source_.substr(begin, from - begin));
    if (glued == "u" || glued == "U") {
      report("no_unsigned", "there is no unsigned number here",
             "write `" + digits + "`; every `int` has a sign", begin, at_ - begin);
      return false;
    }
    report("syntax_error", "`" + glued.substr(0, 40) + "` is glued to a number",
           glued[0] == '_'
               ? "write the digits without grouping"
               : "write money as `money('50 USD')`, a span of time as `duration('90m')`",
           begin, at_ - begin);
    return glued[0] != '_';
  }

  /// A string from its prefix at `begin`; at_ is on the first quote.
  void string(std::size_t begin, bool raw) {
    const std::string_view quote = ahead("'''")      ? "'''"
                                   : ahead("\"\"\"") ? "\"\"\""
                                                     : source_.substr(at_, 1);
    at_ += quote.size();
    std::string text;
    while (at_ < source_.size() && !ahead(quote)) {
      const char c = source_[at_];
      if (quote.size() == 1 && (c == '\n' || c == '\r')) break;
      if (c == '\\' && raw) {
        // A raw string keeps the backslash, and what follows it does not close the string.
        text += c;
        if (++at_ < source_.size()) text += source_[at_++];
      } else if (c == '\\') {
        escape(text);
      } else {
        const std::size_t from = at_;
        do {
          ++at_;
        } while (at_ < source_.size() && plain_in_string(source_[at_]));
        text += source_.substr(from, at_ - from);
      }
    }
    if (ahead(quote)) {
      at_ += quote.size();
    } else {
      report("syntax_error", "this string is not closed",
             "end it with `" + std::string(quote) + "`" +
                 (quote.size() == 1 ? "; a line break in it is written `\\n`" : ""),
             begin, at_ - begin);
    }
    add(token_kind::string, begin).text = std::move(text);
  }

  void bad_escape(std::size_t begin, std::string remedy) {
    const std::size_t shown = std::min<std::size_t>(at_, source_.size()) - begin;
    report("bad_escape", "`" + std::string(source_.substr(begin, shown)) + "` is not an escape",
           std::move(remedy), begin, shown);
  }

  void escape(std::string& text) {
    static constexpr std::string_view from = "abfnrtv\\?\"'`";
    static constexpr std::string_view to = "\a\b\f\n\r\t\v\\?\"'`";
    const std::size_t begin = at_++;
    const char c = peek();
    if (const auto simple = from.find(c); c != '\0' && simple != std::string_view::npos) {
      ++at_;
      text += to[simple];
      return;
    }
    const std::size_t digits = c == 'x' || c == 'X' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits != 0) {
      ++at_;
      return code_point(text, begin, digits, 16);
    }
    if (c >= '0' && c <= '3') return code_point(text, begin, 3, 8);
    if (at_ < source_.size()) at_ += utf8::decode(source_, at_).length;
    bad_escape(begin, "write `\\\\` for a backslash, or put `r` before the string");
  }

  void code_point(std::string& text, std::size_t begin, std::size_t digits, int base) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int digit = hex_value(peek());
      if (digit < 0 || digit >= base) {
        return bad_escape(begin, "it takes exactly " + std::to_string(digits) +
                                     (base == 16 ? " hexadecimal" : " octal") + " digits");
      }
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
      ++at_;
    }
    if (value > 0x10FFFFU || (value >= 0xD800U && value <= 0xDFFFU)) {
      return bad_escape(begin, "name a code point of Unicode that is not a surrogate");
    }
    append_utf8(text, value);
  }

  void sign() {
    const std::size_t begin = at_;
    for (const slip& s : slips) {
      if (ahead(s.text)) return slipped(s, begin);
    }
    for (const spelling& s : operators) {
      if (ahead(s.text)) {
        at_ += s.text.size();
        add(s.kind, begin);
        return;
      }
    }
    for (const slip& s : single_slips) {
      if (ahead(s.text)) return slipped(s, begin);
    }
    if (typographic(at_)) return typographic_string();
    const std::size_t length = std::max<std::size_t>(1, utf8::decode(source_, at_).length);
    const std::string shown(source_.substr(at_, length));
    at_ += length;
    report("syntax_error", "`" + shown + "` does not belong in an expression", foreign(shown),
           begin, length);
  }

  void slipped(const slip& s, std::size_t begin) {
    at_ += s.text.size();
    report("syntax_error",
           "`" + std::string(s.text) +
               (s.meant ? "` is not an operator" : "` does not belong in an expression"),
           std::string(s.remedy), begin, s.text.size());
    if (s.meant) add(*s.meant, begin).misread = s.misread;
    // The number behind a `$` is not one of its own.
    if (s.text == "$" && is_digit(peek())) {
      const std::size_t before = tokens_.size();
      number();
      if (tokens_.size() > before) tokens_.back().misread = true;
    }
  }

  /// U+2018 to U+201F: the quotes that word processors make of straight ones.
  bool typographic(std::size_t at) const {
    return source_.substr(at).starts_with("\xE2\x80") && at + 2 < source_.size() &&
           static_cast<unsigned char>(source_[at + 2]) >= 0x98U &&
           static_cast<unsigned char>(source_[at + 2]) <= 0x9FU;
  }

  void typographic_string() {
    const std::size_t begin = at_;
    at_ += 3;
    std::size_t close = at_;
    while (close < source_.size() && !typographic(close) && source_[close] != '\n') ++close;
    std::string text(source_.substr(at_, close - at_));
    at_ = close < source_.size() && typographic(close) ? close + 3 : close;
    report("syntax_error", "a string does not stand between typographic quotes",
           "use straight quotes: `'...'`", begin, at_ - begin);
    add(token_kind::string, begin).text = std::move(text);
  }

  static std::string foreign(std::string_view shown) {
    if (shown == "\xE2\x82\xAC" || shown == "\xC2\xA3" || shown == "\xC2\xA5") {
      return "write an amount as `money('50 EUR')`";
    }
    if (shown == "\xC2\xA0") return "this is a no-break space; type an ordinary one";
    return "text stands between quotes: `'...'`";
  }

  std::string_view source_;
  issues& found_;
  std::size_t at_{};
  std::vector<token> tokens_{};
};

}  // namespace

std::vector<token> tokenize(std::string_view source, issues& found) {
  return lexer(source, found).run();
}

}  // namespace leeway::condition
