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

/// Makes the values of one document. What they hold stands in the document's text or is copied into
/// its memory, so that a value itself is only a view.
class document_builder {
 public:
  explicit document_builder(document& doc) : doc_{doc} {}

  [[nodiscard]] node null(source_span at) const { return made(kind::null, at); }
  [[nodiscard]] node boolean(source_span at, bool value) const {
    node out = made(kind::boolean, at);
    out.value_.boolean = value;
    return out;
  }
  [[nodiscard]] node integer(source_span at, std::int64_t value) const {
    node out = made(kind::integer, at);
    out.value_.integer = value;
    return out;
  }
  [[nodiscard]] node number(source_span at, double value) const {
    node out = made(kind::number, at);
    out.value_.number = value;
    return out;
  }
  /// `text` stands in the document's text or memory.
  [[nodiscard]] node string(source_span at, std::string_view text) const {
    node out = made(kind::string, at);
    out.value_.text = text.data();
    out.size_ = text.size();
    return out;
  }
  /// An array of the values of `children`.
  [[nodiscard]] node array(source_span at, std::span<const member> children) {
    node out = made(kind::array, at);
    node* const items = room<node>(children.size());
    std::ranges::transform(children, items, &member::value);
    out.value_.items = items;
    out.size_ = children.size();
    return out;
  }
  [[nodiscard]] node object(source_span at, std::span<const member> children) {
    node out = made(kind::object, at);
    member* const members = room<member>(children.size());
    std::ranges::copy(children, members);
    out.value_.members = members;
    out.size_ = children.size();
    return out;
  }

  /// A text that does not stand in the document as it is read: a copy in its memory.
  [[nodiscard]] std::string_view kept(std::string_view text) {
    char* const copy = room<char>(text.size());
    std::ranges::copy(text, copy);
    return {copy, text.size()};
  }

  void set_root(node root) { doc_.root_ = root; }

 private:
  [[nodiscard]] node made(kind type, source_span at) const {
    node out;
    out.kind_ = type;
    out.offset_ = at.offset;
    out.raw_ = doc_.text().substr(at.offset, at.length);
    return out;
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
};

}  // namespace leeway::json

#endif
