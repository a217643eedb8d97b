// SPDX-License-Identifier: Apache-2.0
// The one door by which nodes are made; for the reader only.
#ifndef LEEWAY_SRC_BASE_JSON_DOCUMENT_BUILDER_HPP
#define LEEWAY_SRC_BASE_JSON_DOCUMENT_BUILDER_HPP

#include "base/json/node.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::json {

class document_builder {
 public:
  template <class Value>
  [[nodiscard]] static node make(kind type, std::string_view text, source_span span,
                                 Value&& value) {
    node out;
    out.kind_ = type;
    place(out, text, span);
    out.value_ = std::forward<Value>(value);
    return out;
  }

  static void place(node& out, std::string_view text, source_span span) {
    out.offset_ = span.offset;
    out.raw_ = text.substr(span.offset, span.length);
  }
  [[nodiscard]] static std::vector<node>& items(node& array) {
    return std::get<std::vector<node>>(array.value_);
  }
  [[nodiscard]] static std::vector<member>& members(node& object) {
    return std::get<std::vector<member>>(object.value_);
  }
  static void set_root(document& doc, node root) { doc.root_ = std::move(root); }
};

}  // namespace leeway::json

#endif
