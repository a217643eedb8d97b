// SPDX-License-Identifier: Apache-2.0
// The syntax tree of an expression, as written: names are not resolved, types not known.
#pragma once

#include <leeway/model/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leeway::condition {

struct tree;
using tree_ptr = std::unique_ptr<tree>;

enum class tree_kind : std::uint8_t {
  invalid,      ///< stands where nothing could be read; already reported
  literal,      ///< `constant`
  name,         ///< `text`
  select,       ///< children[0] . text
  index,        ///< children[0] [ children[1] ]
  call,         ///< text(children...)
  member_call,  ///< children[0].text(children[1...])
  unary,        ///< text is `-` or `!`
  binary,       ///< text is the operator
  logic_and,    ///< two or more children
  logic_or,     ///< two or more children
  conditional,  ///< three children
  list,
  map,    ///< keys and values in turn
  macro,  ///< children[0].text(variable, children[1...])
};

/// One node. `offset` and `length` cover it in the source, parentheses around it left out.
struct tree {
  tree_kind kind{tree_kind::invalid};
  std::size_t offset{};
  std::size_t length{};
  std::string text{};
  std::string variable{};     ///< of a macro
  std::size_t name_offset{};  ///< where `text` (a field, a function, an operator) stands
  std::size_t name_length{};
  bool rooted{};  ///< of a name: written `.name`, so never a macro's variable
  std::optional<value> constant{};
  std::vector<tree_ptr> children{};
  std::size_t depth{1};

  std::size_t end() const { return offset + length; }
};

}  // namespace leeway::condition
