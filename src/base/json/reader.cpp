// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json/document_builder.hpp"
#include "base/utf8.hpp"

namespace leeway::json {
namespace {

namespace bj = boost::json;
using bj_error = bj::error_code;

constexpr std::string_view number_characters = "+-.0123456789Ee";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
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

  source_span number() {
    const std::size_t start = next_token();
    const std::size_t end = text_.find_first_not_of(number_characters, start);
    return take(start, std::min(end, text_.size()) - start);
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
  char previous_{};             // the first character of the token before, also of , and :
  std::size_t previous_at_{};
};

/// Whether a number token that no double holds is too large (and not too near zero).
bool is_too_large(std::string_view token) {
  const std::size_t e = token.find_first_of("eE");
  const std::string_view digits = token.substr(0, e);
  if (digits.find_first_of("123456789") == std::string_view::npos) return false;
  if (e == std::string_view::npos) return digits.find('.') > 300;
  long long exponent = 0;
  std::string_view tail = token.substr(e + 1);
  if (tail.starts_with('+')) tail.remove_prefix(1);
  const auto read = std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
  if (read.ec == std::errc::result_out_of_range) return !tail.starts_with('-');
  // The power of ten of the first significant digit.
  const auto first = static_cast<long long>(digits.find_first_of("123456789"));
  const auto point = static_cast<long long>(std::min(digits.find('.'), digits.size()));
  return exponent + point - first > 0;
}

/// An array or object that is not finished yet.
struct frame {
  node value{};
  std::string key{};        // of the member being read
  source_span key_span{};
  bool has_key{false};
};

/// Receives the parser's events and builds the document. What is wrong but does not hinder reading
/// on is collected.
class handler {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  // The parser makes its own handler, so this one is set up afterwards.
  void begin(document& doc, const read_options& options) {
    doc_ = &doc;
    cursor_ = cursor{doc.text(), options.comments};
    found_.set_limit(options.max_errors);
  }

  [[nodiscard]] diagnostics& found() noexcept { return found_; }
  [[nodiscard]] cursor& where() noexcept { return cursor_; }
  [[nodiscard]] const std::vector<frame>& open() const noexcept { return open_; }
  [[nodiscard]] bool has_root() const noexcept { return has_root_; }

  /// The pointer of the value that is being read.
  [[nodiscard]] std::string pointer() const {
    std::string out;
    for (const frame& one : open_) {
      if (one.value.is(kind::array)) {
        out = pointer_to(out, one.value.items().size());
      } else if (one.has_key) {
        out = pointer_to(out, one.key);
      }
    }
    return out;
  }

  // The names below are the parser's.
  static bool on_document_begin(bj_error&) { return true; }
  static bool on_document_end(bj_error&) { return true; }
  static bool on_comment_part(bj::string_view, bj_error&) { return true; }
  static bool on_comment(bj::string_view, bj_error&) { return true; }
  static bool on_number_part(bj::string_view, bj_error&) { return true; }

  bool on_object_begin(bj_error&) {
    push(kind::object, std::vector<member>{});
    return true;
  }
  bool on_object_end(std::size_t, bj_error&) {
    report_duplicates(open_.back());
    pop();
    return true;
  }
  bool on_array_begin(bj_error&) {
    push(kind::array, std::vector<node>{});
    return true;
  }
  bool on_array_end(std::size_t, bj_error&) {
    pop();
    return true;
  }

  bool on_key_part(bj::string_view part, std::size_t, bj_error&) {
    decoded_.append(part.data(), part.size());
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, bj_error&) {
    decoded_.append(part.data(), part.size());
    frame& object = open_.back();
    object.key_span = cursor_.string();
    object.key = std::exchange(decoded_, {});
    object.has_key = true;
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj_error&) {
    decoded_.append(part.data(), part.size());
    return true;
  }
  bool on_string(bj::string_view part, std::size_t, bj_error&) {
    decoded_.append(part.data(), part.size());
    attach(make(kind::string, cursor_.string(), std::exchange(decoded_, {})));
    return true;
  }

  // The parser's own value of a number is not exact: only the token counts.
  bool on_int64(std::int64_t, bj::string_view, bj_error&) { return on_number(); }
  bool on_uint64(std::uint64_t, bj::string_view, bj_error&) { return on_number(); }
  bool on_double(double, bj::string_view, bj_error&) { return on_number(); }

  bool on_bool(bool value, bj_error&) {
    attach(make(kind::boolean, cursor_.literal(value ? 4 : 5), value));
    return true;
  }
  bool on_null(bj_error&) {
    attach(make(kind::null, cursor_.literal(4), std::monostate{}));
    return true;
  }

 private:
  template <class Value>
  node make(kind type, source_span span, Value&& value) const {
    return document_builder::make(type, doc_->text(), span, std::forward<Value>(value));
  }

  template <class Children>
  void push(kind type, Children children) {
    frame one;
    one.value = make(type, cursor_.bracket(), std::move(children));
    open_.push_back(std::move(one));
  }

  void pop() {
    node done = std::move(open_.back().value);
    open_.pop_back();
    const std::size_t start = done.span().offset;
    const std::size_t end = cursor_.bracket().end();
    document_builder::place(done, doc_->text(), {start, end - start});
    attach(std::move(done));
  }

  void attach(node value) {
    if (open_.empty()) {
      document_builder::set_root(*doc_, std::move(value));
      has_root_ = true;
      return;
    }
    frame& top = open_.back();
    if (top.value.is(kind::array)) {
      document_builder::items(top.value).push_back(std::move(value));
      return;
    }
    document_builder::members(top.value)
        .push_back({std::move(top.key), top.key_span, std::move(value)});
    top.has_key = false;
  }

  bool on_number() {
    const source_span span = cursor_.number();
    const std::string_view token = doc_->text().substr(span.offset, span.length);
    const char* const first = token.data();
    const char* const last = first + token.size();
    if (token.find_first_of(".eE") == std::string_view::npos) {
      std::int64_t value = 0;
      const bool fits = std::from_chars(first, last, value).ec == std::errc{};
      if (!fits) report_number(span, "write it in a string, or with less digits");
      attach(make(kind::integer, span, value));
      return true;
    }
    double value = 0;
    if (std::from_chars(first, last, value).ec != std::errc{}) {
      // Too near zero is rounded to zero, as every reader of doubles rounds.
      value = token.starts_with('-') ? -0.0 : 0.0;
      if (is_too_large(token)) report_number(span, "the largest number is about 1.8e308");
    }
    attach(make(kind::number, span, value));
    return true;
  }

  void report_number(source_span span, std::string remedy) {
    if (found_.full()) {
      found_.add({.code = "number_does_not_fit"});
      return;
    }
    found_.add(doc_->at(span, pointer(), "number_does_not_fit", "this number does not fit",
                        std::move(remedy)));
  }

  void report_duplicates(const frame& object) {
    const auto& members = object.value.members();
    if (members.size() < 2) return;
    by_key_.resize(members.size());
    for (std::size_t i = 0; i < by_key_.size(); ++i) by_key_[i] = i;
    std::sort(by_key_.begin(), by_key_.end(), [&members](std::size_t a, std::size_t b) {
      const int order = members[a].key.compare(members[b].key);
      return order != 0 ? order < 0 : a < b;
    });
    std::size_t first = 0;
    for (std::size_t i = 1; i < by_key_.size(); ++i) {
      if (members[by_key_[i]].key != members[by_key_[first]].key) {
        first = i;
        continue;
      }
      report_duplicate(members[by_key_[first]], members[by_key_[i]]);
    }
  }

  void report_duplicate(const member& first, const member& again) {
    if (found_.full()) {
      found_.add({.code = "duplicate_key"});
      return;
    }
    const std::string path = pointer_to(pointer(), again.key);
    found_.add(doc_->at(again, path, "duplicate_key", "duplicate key `" + again.key + "`",
                        "keep one of them"));
    diagnostic note = doc_->at(first, path, "first_key", "it is first here");
    note.level = severity::note;
    found_.add(std::move(note));
  }

  document* doc_{};
  cursor cursor_{{}, false};
  diagnostics found_{};
  std::vector<frame> open_{};
  std::string decoded_{};
  std::vector<std::size_t> by_key_{};  // kept to spare allocations
  bool has_root_{false};
};

/// Where and why the parser stopped, in our words.
struct refusal {
  source_span span{};
  std::string code{"syntax_error"};
  std::string message{};
  std::string remedy{};
};

/// Explains a syntax error: the parser says only where it stopped.
class explainer {
 public:
  explainer(const document& doc, handler& state, const read_options& options, std::size_t stop)
      : text_{doc.text()}, state_{state}, options_{options}, stop_{std::min(stop, text_.size())} {}

  refusal explain(const bj_error& why) {
    if (why == bj::error::too_deep) return too_deep();
    token_ = state_.where().next_token();
    if (why == bj::error::exponent_overflow) {
      return {word(), "number_does_not_fit", "this number does not fit",
              "write it with a smaller exponent"};
    }
    if (token_ < text_.size() && text_[token_] == '"' && stop_ > token_) return in_string(why);
    if (token_ < text_.size() && text_[token_] == '/') return comment();
    if (why == bj::error::incomplete || token_ >= text_.size()) return ended();
    if (stop_ < token_) return separator();
    if (state_.has_root() && state_.open().empty()) {
      return {word(), "trailing_content", "expected nothing more, found " + found(),
              "a document is one value"};
    }
    return unexpected();
  }

 private:
  refusal too_deep() const {
    const std::size_t most = std::min(options_.max_depth, depth_ceiling);
    return {{std::min(stop_, text_.size()), 1},
            "nested_too_deeply",
            "arrays and objects nest more than " + std::to_string(most) + " levels deep",
            "make the document flatter"};
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

  [[nodiscard]] refusal in_string(const bj_error& why) const {
    const std::size_t backslash = last_escape();
    if (why == bj::error::illegal_leading_surrogate ||
        why == bj::error::illegal_trailing_surrogate || why == bj::error::expected_utf16_escape) {
      return surrogate(backslash);
    }
    if (stop_ >= text_.size() || why == bj::error::incomplete) {
      return {{token_, 1}, "unexpected_end", "this string does not end", "close it with `\"`"};
    }
    if (static_cast<unsigned char>(text_[stop_]) < 0x20U) {
      return {{stop_, 1}, "control_character", "a string cannot hold a control character",
              text_[stop_] == '\n' || text_[stop_] == '\r'
                  ? "close the string on its line, or write `\\n`"
                  : "write it as an escape such as `\\t` or `\\u0001`"};
    }
    if (backslash != std::string_view::npos) {
      if (backslash + 1 < text_.size() && text_[backslash + 1] == 'u' && is_lead(backslash)) {
        return surrogate(backslash);
      }
      return {{backslash, std::min<std::size_t>(stop_ + 1, text_.size()) - backslash},
              "invalid_escape", "this escape does not exist",
              R"(the escapes are \" \\ \/ \b \f \n \r \t and \u with four hex digits)"};
    }
    return {{stop_, 1}, "syntax_error", "this string is not well formed", {}};
  }

  // The escape that the parser was in; it may have stopped at any byte of it.
  [[nodiscard]] std::size_t last_escape() const {
    std::size_t last = std::string_view::npos;
    for (std::size_t i = token_ + 1; i < text_.size() && i <= stop_;) {
      if (text_[i] == '\\') last = i;
      i += text_[i] == '\\' ? 2U : 1U;
    }
    return last;
  }

  // Whether the escape begins with the first half of a surrogate pair.
  [[nodiscard]] bool is_lead(std::size_t backslash) const {
    const std::string_view digits = text_.substr(std::min(backslash + 2, text_.size()), 2);
    return digits.size() == 2 && (digits[0] == 'd' || digits[0] == 'D') &&
           std::string_view{"89abAB"}.find(digits[1]) != std::string_view::npos;
  }

  [[nodiscard]] refusal surrogate(std::size_t backslash) const {
    const std::size_t start = backslash == std::string_view::npos ? token_ : backslash;
    const std::size_t length = std::min<std::size_t>(6, text_.size() - start);
    return {{start, length}, "lone_surrogate", "half of a surrogate pair stands alone",
            R"(write both halves, such as \ud83d\ude00, or the character itself)"};
  }

  [[nodiscard]] refusal comment() const {
    const bool block = text_.substr(token_).starts_with("/*");
    const bool line = text_.substr(token_).starts_with("//");
    if (!block && !line) return unexpected();
    if (!options_.comments) {
      return {{token_, 2}, "comment_not_allowed", "comments are not allowed here", "remove it"};
    }
    return {{token_, 2}, "unexpected_end", "this comment does not end", "close it with `*/`"};
  }

  [[nodiscard]] refusal ended() const {
    const source_span end{text_.size(), 0};
    const std::string code = "unexpected_end";
    if (state_.open().empty()) {
      if (token_ < text_.size()) return {word(), code, "the value is cut short", {}};
      return {end, code, "expected a value, found nothing", "a document is one JSON value"};
    }
    const node& top = state_.open().back().value;
    const auto [line, column] = place_of(top);
    const std::string close = top.is(kind::array) ? "`]`" : "`}`";
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
    const cursor& where = state_.where();
    if ((c == ']' || c == '}') && where.previous() == ',') {
      return {{where.previous_at(), 1}, "trailing_comma",
              "the last element cannot be followed by a comma", "remove the comma"};
    }
    if (stop_ > token_ || is_digit(c) || c == '-' || c == '+' || c == '.') {
      if (auto bad = number()) return *std::move(bad);
    }
    return {word(), "syntax_error", "expected " + expected() + ", found " + found(), remedy()};
  }

  [[nodiscard]] std::optional<refusal> number() const {
    const char c = text_[token_];
    const bool number_like = is_digit(c) || c == '-' || c == '+' || c == '.';
    // A number after a number, as in 01: the parser took the zero for a whole number.
    const bool glued = token_ > 0 && token_ == state_.where().at() && is_digit(c) &&
                       is_digit(text_[token_ - 1]);
    if (!number_like || (!glued && !wants_value())) return std::nullopt;
    const source_span span = word();
    return refusal{span, "syntax_error",
                   "`" + std::string{text_.substr(span.offset, std::min<std::size_t>(span.length,
                                                                                     40))} +
                       "` is not a number as JSON writes it",
                   glued ? "a number has no leading zero" : "write it like 12, -3, 0.5 or 1e6"};
  }

  [[nodiscard]] bool wants_value() const {
    const auto& open = state_.open();
    if (open.empty()) return !state_.has_root();
    const char before = state_.where().previous();
    return open.back().value.is(kind::array) ? before == '[' || before == ',' : before == ':';
  }

  // What could stand where the parser stopped.
  [[nodiscard]] std::string expected() const {
    const auto& open = state_.open();
    if (open.empty()) return state_.has_root() ? "nothing more" : "a value";
    const char before = previous_before_stop();
    if (open.back().value.is(kind::array)) {
      if (before == ',') return "a value";
      return open.back().value.items().empty() ? "a value or `]`" : "`,` or `]`";
    }
    if (open.back().has_key) return before == ':' ? "a value" : "`:`";
    if (before == ',') return "a key in double quotes";
    return open.back().value.members().empty() ? "a key in double quotes or `}`" : "`,` or `}`";
  }

  // The last token before the stop; commas and colons beyond it do not count.
  [[nodiscard]] char previous_before_stop() const {
    std::size_t i = stop_;
    while (i > 0 && is_space(text_[i - 1])) --i;
    const char c = i > 0 ? text_[i - 1] : '\0';
    return c == ',' || c == ':' ? c : state_.where().at() <= stop_ ? state_.where().previous() : c;
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

  [[nodiscard]] source_place place_of(const node& one) const {
    return document{std::string{text_.substr(0, one.span().offset)}, {}}.place(one.span().offset);
  }

  std::string_view text_;
  handler& state_;
  const read_options& options_;
  std::size_t stop_;
  std::size_t token_{};
};

/// What can be refused without parsing.
std::optional<refusal> refuse_bytes(std::string_view text, const read_options& options) {
  if (text.size() > options.max_bytes) {
    return refusal{{}, "document_too_large",
                   "the document has " + std::to_string(text.size()) + " bytes",
                   "at most " + std::to_string(options.max_bytes) + " are read"};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return refusal{{0, 3}, "byte_order_mark", "the document begins with a byte order mark",
                   "save it as UTF-8 without a mark"};
  }
  const std::size_t bad = utf8::first_error(text);
  if (bad != text.size()) {
    return refusal{{bad, 1}, "invalid_utf8", "this byte is not UTF-8",
                   "save the document as UTF-8"};
  }
  return std::nullopt;
}

void add(diagnostics& out, const document& doc, refusal why, std::string pointer) {
  out.add(doc.at(why.span, std::move(pointer), std::move(why.code), std::move(why.message),
                 std::move(why.remedy)));
}

}  // namespace

result<document, diagnostics> read(std::string_view text, std::string_view file,
                                   read_options options) {
  options.max_depth = std::min(options.max_depth, depth_ceiling);
  options.max_errors = std::max<std::size_t>(options.max_errors, 1);
  if (auto refused = refuse_bytes(text, options)) {
    // The text of a document that is too large is not even copied.
    const bool large = refused->code == "document_too_large";
    const document doc{std::string{large ? std::string_view{} : text}, std::string{file}};
    diagnostics out;
    add(out, doc, *std::move(refused), {});
    return leeway::fail(std::move(out));
  }

  document doc{std::string{text}, std::string{file}};
  bj::parse_options how;
  how.max_depth = options.max_depth;
  how.allow_comments = options.comments;
  bj::basic_parser<handler> parser{how};
  handler& state = parser.handler();
  state.begin(doc, options);
  bj_error why;
  const std::string_view whole = doc.text();
  const std::size_t stop = parser.write_some(false, whole.data(), whole.size(), why);
  if (why || stop != whole.size()) {
    refusal refused = explainer{doc, state, options, stop}.explain(why);
    // It ended the reading, so it is told also when the list is full of lesser ones.
    if (state.found().full()) state.found().set_limit(state.found().size() + 1);
    add(state.found(), doc, std::move(refused), state.pointer());
  }
  if (state.found().has_errors()) {
    state.found().sort();
    return leeway::fail(std::move(state.found()));
  }
  return doc;
}

}  // namespace leeway::json
