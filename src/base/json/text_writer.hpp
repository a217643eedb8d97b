// SPDX-License-Identifier: Apache-2.0
// JSON written straight to text, member by member, for what is written often.
#ifndef LEEWAY_SRC_BASE_JSON_TEXT_WRITER_HPP
#define LEEWAY_SRC_BASE_JSON_TEXT_WRITER_HPP

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace leeway::json {

/// `text` when it is UTF-8. Otherwise each byte that is not becomes U+FFFD and its two hex digits,
/// so that different texts stay different.
[[nodiscard]] std::string utf8_text(std::string_view text);

/// Appends one JSON value to a text, in one line and without white space. Whoever writes keeps the
/// order: a key and then its value within an object. Not shared between threads.
class text_writer {
 public:
  /// What stands in `out` already is left alone.
  explicit text_writer(std::string& out) : out_(out), begin_(out.size()) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// A key that needs no escapes.
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  /// A string, as `utf8_text` tells it.
  void text(std::string_view value);
  void null() { plain("null"); }
  void boolean(bool value) { plain(value ? "true" : "false"); }
  void number(std::integral auto value) { plain(std::to_string(value)); }

 private:
  // A comma between members and items; none before the first, nor between a key and its value.
  void separate() {
    const bool first =
        out_.size() == begin_ || out_.back() == '{' || out_.back() == '[' || out_.back() == ':';
    if (!first) out_ += ',';
  }
  void plain(std::string_view value) {
    separate();
    out_ += value;
  }
  void begin(char bracket) {
    separate();
    out_ += bracket;
  }
  void end(char bracket) { out_ += bracket; }

  std::string& out_;
  std::size_t begin_;
};

}  // namespace leeway::json

#endif
