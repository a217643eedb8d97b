// SPDX-License-Identifier: Apache-2.0
// The one door by which nodes are made; for the reader only.
#ifndef LEEWAY_SRC_BASE_JSON_DOCUMENT_BUILDER_HPP
#define LEEWAY_SRC_BASE_JSON_DOCUMENT_BUILDER_HPP

#include "base/json/node.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>

namespace leeway::json {

/// Makes the values of one document, each in the place where it stands. What they hold is in the
/// document's text or copied into its memory, so that a value itself is only a view.
class document_builder {
 public:
  explicit document_builder(document& doc) : doc_{doc}, text_{doc.text()} {}

  void null(node& out, source_span at) const { made(out, kind::null, at); }
  void boolean(node& out, source_span at, bool value) const {
    made(out, kind::boolean, at);
    out.value_.boolean = value;
  }
  void integer(node& out, source_span at, std::int64_t value) const {
    made(out, kind::integer, at);
    out.value_.integer = value;
  }
  void number(node& out, source_span at, double value) const {
    made(out, kind::number, at);
    out.value_.number = value;
  }
  /// `text` stands in the document's text or memory; so do items and members.
  void string(node& out, source_span at, std::string_view text) const {
    made(out, kind::string, at);
    out.value_.text = text.data();
    out.size_ = text.size();
  }
  void array(node& out, source_span at, std::span<const node> items) const {
    made(out, kind::array, at);
    out.value_.items = items.data();
    out.size_ = items.size();
  }
  void object(node& out, source_span at, std::span<const member> members) const {
    made(out, kind::object, at);
    out.value_.members = members.data();
    out.size_ = members.size();
  }

  /// The values of what waited, in the document's memory.
  [[nodiscard]] std::span<const node> kept_values(std::span<const member> waiting) {
    node* const items = room<node>(waiting.size());
    std::ranges::transform(waiting, items, &member::value);
    return {items, waiting.size()};
  }
  [[nodiscard]] std::span<const member> kept(std::span<const member> waiting) {
    member* const members = room<member>(waiting.size());
    std::ranges::copy(waiting, members);
    return {members, waiting.size()};
  }
  /// A text that does not stand in the document as it is read: a copy in its memory.
  [[nodiscard]] std::string_view kept(std::string_view text) {
    char* const copy = room<char>(text.size());
    std::ranges::copy(text, copy);
    return {copy, text.size()};
  }

  [[nodiscard]] node& root() { return doc_.root_; }

 private:
  void made(node& out, kind type, source_span at) const {
    out.kind_ = type;
    out.offset_ = at.offset;
    out.raw_ = text_.substr(at.offset, at.length);
  }
  // Never destroyed: what is built here needs no destructor.
  template <class Thing>
  [[nodiscard]] Thing* room(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<Thing>);
    std::pmr::polymorphic_allocator<Thing> from{&doc_.memory()};
    Thing* const out = count == 0 ? nullptr : from.allocate(count);
    std::uninitialized_default_construct_n(out, count);
    return out;
  }

  document& doc_;
  std::string_view text_;
};

}  // namespace leeway::json

#endif
