// SPDX-License-Identifier: Apache-2.0
// JSON written straight to text, member by member, for what is written often.
#ifndef LEEWAY_SRC_BASE_JSON_TEXT_WRITER_HPP
#define LEEWAY_SRC_BASE_JSON_TEXT_WRITER_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace leeway::json {

/// `text` when it is UTF-8. Otherwise each byte that is not becomes U+FFFD and its two hex digits,
/// so that different texts stay different.
[[nodiscard]] std::string utf8_text(std::string_view text);

/// Appends one JSON value to a text, in one line and without white space. Whoever writes keeps the
/// order: a key and then its value within an object, and `finish` at the end. Not shared between
/// threads.
class text_writer {
 public:
  /// What stands in `out` already is left alone.
  explicit text_writer(std::string& out) : out_(out) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// A key that needs no escapes.
  void key(std::string_view name) {
    separate();
    put('"');
    put(name);
    put("\":");
    first_ = true;
  }
  /// Any key, as `utf8_text` tells it.
  void any_key(std::string_view name) {
    text(name);
    put(':');
    first_ = true;
  }
  /// A string, as `utf8_text` tells it.
  void text(std::string_view value);
  void null() { plain("null"); }
  /// A value that is JSON already.
  void written(std::string_view json) { plain(json); }
  void boolean(bool value) { plain(value ? "true" : "false"); }
  void number(std::integral auto value) { plain(std::to_string(value)); }

  /// Hands on what was written last. Nothing is complete before.
  void finish() {
    out_.append(room_.data(), used_);
    used_ = 0;
  }

 private:
  // A comma between members and items; none before the first, nor between a key and its value.
  void separate() {
    if (!first_) put(',');
    first_ = false;
  }
  void plain(std::string_view value) {
    separate();
    put(value);
  }
  void begin(char bracket) {
    separate();
    put(bracket);
    first_ = true;
  }
  void end(char bracket) {
    put(bracket);
    first_ = false;
  }
  void put(char c) {
    if (used_ == room_.size()) finish();
    room_[used_++] = c;
  }
  void put(std::string_view text) {
    if (text.size() > room_.size() - used_) return put_long(text);
    std::memcpy(room_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void put_long(std::string_view text);

  std::string& out_;
  // Many small pieces are gathered here first: a string takes each with much ado.
  std::array<char, 512> room_;
  std::size_t used_{};
  bool first_{true};
};

}  // namespace leeway::json

#endif
