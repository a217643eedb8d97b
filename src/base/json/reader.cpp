// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"

#include "base/json/canonical.hpp"
#include "base/json/cursor.hpp"
#include "base/json/document_builder.hpp"
#include "base/json/explain.hpp"
#include "base/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <limits>
#include <memory_resource>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace leeway::json {
namespace {

namespace bj = boost::json;
using bj_error = bj::error_code;

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

/// Receives the parser's events and builds the document. What is wrong but does not hinder reading
/// on is collected.
///
/// Children wait in one pile until their array or object ends: those of the innermost on top.
class handler {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  handler(document& doc, const read_options& options)
      : doc_{doc}, build_{doc}, text_{doc.text()}, values_left_{options.max_values} {
    state_.after = cursor{text_, options.comments};
    found_.set_limit(options.max_errors);
    constexpr std::size_t usual = 24;
    waiting_.reserve(usual);
    state_.open.reserve(usual / 4);
  }

  [[nodiscard]] diagnostics& found() noexcept { return found_; }
  [[nodiscard]] progress& state() noexcept { return state_; }

  /// The pointer of the value that is being read.
  [[nodiscard]] std::string pointer() const {
    std::string out;
    for (const frame& one : state_.open) {
      if (one.type == kind::array) {
        out = pointer_to(out, one.count);
      } else if (one.has_key) {
        out = pointer_to(out, waiting_[one.first + one.count].key);
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

  bool on_object_begin(bj_error& why) { return open(kind::object, why); }
  bool on_object_end(std::size_t, bj_error&) {
    report_duplicates(children());
    close();
    return true;
  }
  bool on_array_begin(bj_error& why) { return open(kind::array, why); }
  bool on_array_end(std::size_t, bj_error&) {
    close();
    return true;
  }

  bool on_key_part(bj::string_view part, std::size_t, bj_error&) { return decode(part); }
  bool on_key(bj::string_view part, std::size_t, bj_error&) {
    const auto [span, text] = string(part);
    member& one = waiting_.emplace_back();
    one.key = text;
    one.key_span = span;
    state_.open.back().has_key = true;
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj_error&) { return decode(part); }
  bool on_string(bj::string_view part, std::size_t, bj_error& why) {
    const auto [span, text] = string(part);
    build_.string(next(), span, text);
    return count(why);
  }

  // The parser's own value of a number is not exact: only the token counts.
  bool on_int64(std::int64_t, bj::string_view, bj_error& why) { return on_number(why); }
  bool on_uint64(std::uint64_t, bj::string_view, bj_error& why) { return on_number(why); }
  bool on_double(double, bj::string_view, bj_error& why) { return on_number(why); }

  bool on_bool(bool value, bj_error& why) {
    build_.boolean(next(), state_.after.literal(value ? 4 : 5), value);
    return count(why);
  }
  bool on_null(bj_error& why) {
    build_.null(next(), state_.after.literal(4));
    return count(why);
  }

 private:
  // Whether one more value is allowed. The parser's own code for "too many" carries the refusal.
  bool count(bj_error& why) {
    if (values_left_ == 0) {
      why = bj::error::array_too_large;
      return false;
    }
    --values_left_;
    return true;
  }

  bool open(kind type, bj_error& why) {
    state_.open.push_back(
        {.type = type, .start = state_.after.bracket().offset, .first = waiting_.size()});
    return count(why);
  }

  // Of what is innermost.
  [[nodiscard]] std::span<const member> children() const {
    return std::span{waiting_}.subspan(state_.open.back().first);
  }

  void close() {
    const frame done = state_.open.back();
    const source_span span{done.start, state_.after.bracket().end() - done.start};
    const bool is_array = done.type == kind::array;
    const auto items = is_array ? build_.kept_values(children()) : std::span<const node>{};
    const auto members = is_array ? std::span<const member>{} : build_.kept(children());
    waiting_.resize(done.first);
    state_.open.pop_back();
    if (is_array) return build_.array(next(), span, items);
    build_.object(next(), span, members);
  }

  // Where the value that was read belongs. It is made there: to make it first and copy it then
  // costs more than all the rest.
  node& next() {
    if (state_.open.empty()) {
      state_.has_root = true;
      return build_.root();
    }
    frame& top = state_.open.back();
    ++top.count;
    return (std::exchange(top.has_key, false) ? waiting_.back() : waiting_.emplace_back()).value;
  }

  bool decode(bj::string_view part) {
    decoded_.append(part.data(), part.size());
    return true;
  }

  struct located_text {
    source_span span;
    std::string_view text;
  };
  // A key or a string by its last part. Without escapes it is a run of the document's own text.
  located_text string(bj::string_view part) {
    if (decoded_.empty() && stands_in_text(part)) {
      const auto start = static_cast<std::size_t>(part.data() - text_.data());
      return {state_.after.string_around(start, part.size()), text_.substr(start, part.size())};
    }
    decode(part);
    const located_text out{state_.after.string(), build_.kept(decoded_)};
    decoded_.clear();
    return out;
  }

  [[nodiscard]] bool stands_in_text(bj::string_view part) const {
    const std::less<> before;
    return !before(part.data(), text_.data()) && before(part.data(), text_.data() + text_.size());
  }

  bool on_number(bj_error& why) {
    const source_span span = state_.after.number();
    const std::string_view token = text_.substr(span.offset, span.length);
    if (token.find_first_of(".eE") == std::string_view::npos) {
      whole(span, token);
    } else {
      floating(span, token);
    }
    return count(why);
  }

  void whole(source_span span, std::string_view token) {
    std::int64_t value = 0;
    const char* const last = token.data() + token.size();
    if (std::from_chars(token.data(), last, value).ec != std::errc{}) {
      // What the canonical form makes of a large double is that double again, and nothing is lost.
      double large = 0;
      const bool read =
          token.size() <= 22 && std::from_chars(token.data(), last, large).ec == std::errc{};
      if (read && canonical_number(large) == token) return build_.number(next(), span, large);
      report_number(span, "write it in a string, or with less digits");
    }
    build_.integer(next(), span, value);
  }

  void floating(source_span span, std::string_view token) {
    double value = 0;
    if (std::from_chars(token.data(), token.data() + token.size(), value).ec != std::errc{}) {
      // Too near zero is rounded to zero, as every reader of doubles rounds.
      value = token.starts_with('-') ? -0.0 : 0.0;
      if (is_too_large(token)) report_number(span, "the largest number is about 1.8e308");
    }
    build_.number(next(), span, value);
  }

  void report_number(source_span span, std::string remedy) {
    if (found_.full()) {
      found_.add({.code = "number_does_not_fit"});
      return;
    }
    found_.add(doc_.at(span, pointer(), "number_does_not_fit", "this number does not fit",
                       std::move(remedy)));
  }

  void report_duplicates(std::span<const member> members) {
    if (!may_repeat(members)) return;
    by_key_.resize(members.size());
    std::iota(by_key_.begin(), by_key_.end(), std::size_t{0});
    std::ranges::sort(by_key_, [members](std::size_t a, std::size_t b) {
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

  // Whether it is worth sorting the keys: of a few, each is held against each.
  static bool may_repeat(std::span<const member> members) {
    constexpr std::size_t few = 16;
    if (members.size() > few) return true;
    for (std::size_t i = 1; i < members.size(); ++i) {
      const std::string_view key = members[i].key;
      for (const member& one : members.first(i)) {
        if (same_key(one.key, key)) return true;
      }
    }
    return false;
  }

  void report_duplicate(const member& first, const member& again) {
    if (found_.full()) {
      found_.add({.code = "duplicate_key"});
      return;
    }
    const std::string path = pointer_to(pointer(), again.key);
    found_.add(doc_.at(again, path, "duplicate_key",
                       std::string{"duplicate key `"}.append(again.key).append("`"),
                       "keep one of them"));
    diagnostic note = doc_.at(first, path, "first_key", "it is first here");
    note.level = severity::note;
    found_.add(std::move(note));
  }

  document& doc_;
  document_builder build_;
  std::string_view text_;
  diagnostics found_{};
  progress state_{};
  // What most documents need at a time has room here.
  std::array<std::byte, 3072> room_;
  std::pmr::monotonic_buffer_resource near_{room_.data(), room_.size()};
  std::pmr::vector<member> waiting_{&near_};
  std::size_t values_left_;
  std::string decoded_{};              // of the string being read, as far as it had escapes
  std::vector<std::size_t> by_key_{};  // kept to spare allocations
};

/// What can be refused without parsing.
std::optional<refusal> refuse_bytes(std::string_view text, const read_options& options) {
  if (text.size() > options.max_bytes) {
    return refusal{{},
                   "document_too_large",
                   "the document has " + std::to_string(text.size()) + " bytes",
                   "at most " + std::to_string(options.max_bytes) + " are read"};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return refusal{{0, 3},
                   "byte_order_mark",
                   "the document begins with a byte order mark",
                   "save it as UTF-8 without a mark"};
  }
  const std::size_t bad = utf8::first_error(text);
  if (bad != text.size()) {
    return refusal{
        {bad, 1}, "invalid_utf8", "this byte is not UTF-8", "save the document as UTF-8"};
  }
  return std::nullopt;
}

complaint complaint_of(const bj_error& why) {
  if (why == bj::error::incomplete) return complaint::incomplete;
  if (why == bj::error::too_deep) return complaint::too_deep;
  if (why == bj::error::exponent_overflow) return complaint::exponent;
  if (why == bj::error::array_too_large) return complaint::too_many;
  if (why == bj::error::illegal_leading_surrogate || why == bj::error::illegal_trailing_surrogate ||
      why == bj::error::expected_utf16_escape) {
    return complaint::surrogate;
  }
  return complaint::syntax;
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
  bj::basic_parser<handler> parser{how, doc, options};
  handler& events = parser.handler();
  bj_error why;
  const std::string_view whole = doc.text();
  const std::size_t end = parser.write_some(false, whole.data(), whole.size(), why);
  diagnostics& found = events.found();
  if (why || end != whole.size()) {
    const std::string pointer = events.pointer();
    refusal refused = explain(doc, events.state(),
                              {.offset = end,
                               .why = complaint_of(why),
                               .comments = options.comments,
                               .max_depth = options.max_depth,
                               .max_values = options.max_values});
    // It ended the reading, so it is told also when the list is full of lesser ones.
    if (found.full()) found.set_limit(found.size() + 1);
    add(found, doc, std::move(refused), pointer);
  }
  if (found.has_errors()) {
    found.sort();
    return leeway::fail(std::move(found));
  }
  return doc;
}

}  // namespace leeway::json
