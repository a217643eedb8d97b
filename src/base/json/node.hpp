// SPDX-License-Identifier: Apache-2.0
// A JSON document that knows where each of its values stands.
#ifndef LEEWAY_SRC_BASE_JSON_NODE_HPP
#define LEEWAY_SRC_BASE_JSON_NODE_HPP

#include <leeway/base/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace leeway::json {

/// What a value is. An integer is a number token without `.`, `e` or `E` that fits int64; any
/// other number token is a `number` (and see `read` for large ones).
enum class kind : std::uint8_t { null, boolean, integer, number, string, array, object };

/// With its article, for messages: "a string", "an array", "null", "true or false".
[[nodiscard]] std::string_view described(kind what) noexcept;

struct member;
class document_builder;

/// One value of a document: a view, cheap to copy.
///
/// It views into the document's text and memory, so a node (also a copy, and what its accessors
/// return) must not outlive every copy of its document. The accessors of a kind are for nodes of
/// that kind; on another they return an empty value (false, 0, "", no items) and never fail.
class node {
 public:
  node() = default;

  [[nodiscard]] kind type() const noexcept { return kind_; }
  [[nodiscard]] bool is(kind what) const noexcept { return kind_ == what; }
  /// An integer or a number.
  [[nodiscard]] bool is_numeric() const noexcept { return is(kind::integer) || is(kind::number); }

  [[nodiscard]] bool boolean() const noexcept { return is(kind::boolean) && value_.boolean; }
  [[nodiscard]] std::int64_t integer() const noexcept {
    return is(kind::integer) ? value_.integer : 0;
  }
  /// The nearest double; of an integer too. Always finite.
  [[nodiscard]] double number() const noexcept {
    return is(kind::number) ? value_.number : static_cast<double>(integer());
  }
  /// The decoded text, valid UTF-8; may hold NUL.
  [[nodiscard]] std::string_view string() const noexcept {
    return is(kind::string) ? std::string_view{value_.text, size_} : std::string_view{};
  }
  [[nodiscard]] std::span<const node> items() const noexcept {
    return is(kind::array) ? std::span{value_.items, size_} : std::span<const node>{};
  }
  /// In document order; keys are unique.
  [[nodiscard]] std::span<const member> members() const noexcept;
  /// The value of `key`, or nullptr. Linear: objects here are small.
  [[nodiscard]] const node* find(std::string_view key) const noexcept;

  /// The value as it stands in the document: quotes, escapes and digits as written.
  [[nodiscard]] std::string_view raw() const noexcept { return raw_; }
  [[nodiscard]] source_span span() const noexcept { return {offset_, raw_.size()}; }

 private:
  friend class document_builder;

  // What `kind_` says: the text, items and members are the document's.
  union content {
    bool boolean;
    std::int64_t integer;
    double number;
    const char* text;
    const node* items;
    const member* members;
  };

  kind kind_{kind::null};
  content value_{.integer = 0};
  std::size_t size_{};  // of text, items or members
  std::size_t offset_{};
  std::string_view raw_{};
};

/// Whether two keys are the same. Most that are not differ in length or in their first character.
[[nodiscard]] inline bool same_key(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && (a.empty() || (a.front() == b.front() && a == b));
}

/// One key of an object and its value. `key` is decoded; `key_span` covers it with its quotes.
struct member {
  std::string_view key{};
  source_span key_span{};
  node value{};
};

inline std::span<const member> node::members() const noexcept {
  return is(kind::object) ? std::span{value_.members, size_} : std::span<const member>{};
}

/// A document that was read: its text, its values and the places of both.
///
/// Copies share the text and the values, which never change; const access is thread-safe.
class document {
 public:
  /// An empty document: its root is null.
  document();
  /// Takes the text; the root is null. For diagnostics about text that is not JSON.
  document(std::string text, std::string file);

  [[nodiscard]] const node& root() const noexcept { return root_; }
  [[nodiscard]] std::string_view text() const noexcept;
  /// The name given to `read`.
  [[nodiscard]] const std::string& file() const noexcept;

  /// Line and column of a byte offset; past the end it is the end.
  [[nodiscard]] source_place place(std::size_t offset) const;
  /// The whole line that holds a byte offset, without its line end (LF, CR LF or CR).
  [[nodiscard]] std::string_view line_text(std::size_t offset) const;

  /// The byte offset in the document of byte `decoded_offset` of the decoded text of `str`. Inside
  /// what one escape stands for it is the offset of that escape; at or past the end that of the
  /// closing quote. For a node that is no string: where the node begins.
  [[nodiscard]] std::size_t raw_offset(const node& str, std::size_t decoded_offset) const;
  /// The bytes in the document of `length` bytes of the decoded text of `str`.
  [[nodiscard]] source_span raw_span(const node& str, std::size_t decoded_offset,
                                     std::size_t length) const;

  /// An error here: fills file, span, place, line and caret. Cuts a message or remedy of more than
  /// 1000 bytes, and leaves out a pointer of more than 2000: they echo what may be hostile.
  [[nodiscard]] diagnostic at(source_span where, std::string pointer, std::string code,
                              std::string message, std::string remedy = {}) const;
  /// The same; of an object or array only the opening bracket is marked.
  [[nodiscard]] diagnostic at(const node& where, std::string pointer, std::string code,
                              std::string message, std::string remedy = {}) const;
  /// The same, on the key.
  [[nodiscard]] diagnostic at(const member& where, std::string pointer, std::string code,
                              std::string message, std::string remedy = {}) const;

 private:
  friend class document_builder;
  struct source;

  // Where the values of this document live: for its reader only.
  [[nodiscard]] std::pmr::memory_resource& memory() noexcept;

  // Shared: nodes view the text and the memory, whichever copy of the document they came from.
  std::shared_ptr<source> source_;
  node root_{};
};

/// `pointer` and one more step, escaped as RFC 6901 asks ("~" is "~0", "/" is "~1").
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view key);
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::size_t index);

}  // namespace leeway::json

#endif
