// SPDX-License-Identifier: Apache-2.0
// The resolved tree of a program: slots instead of names, overloads chosen, constants folded.
#pragma once

#include "condition/functions.hpp"
#include "condition/program.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace leeway::condition {

/// How an expression depends on the proposed amount.
enum class amount_use : std::uint8_t {
  none,    ///< not at all
  linear,  ///< slope times amount plus something, both without the amount
  closed,  ///< a truth that changes only at thresholds of comparisons inside it
};

/// How deep an evaluation goes at most, through all references: far from the stack's end.
inline constexpr std::size_t deepest_evaluation = 400;

enum class operation : std::uint8_t {
  constant,   ///< `constant`
  fact,       ///< the binding of `index`
  local,      ///< a macro's variable, counted from the outermost
  reference,  ///< `definition`, evaluated as if it stood here (`values.x`)
  has_fact,   ///< whether the binding of `index` is there
  has_field,  ///< whether args[0] has the key `constant`
  field,      ///< args[0] at the key `constant`
  index,      ///< args[0] at args[1]
  dated_row,  ///< what `dated` holds on the day args[0]
  call,       ///< `function` on args
  logic_and,
  logic_or,
  logic_not,
  conditional,
  make_list,
  make_map,
  // INVARIANT: from here on macros, and nothing else.
  all,  ///< args: range, condition; likewise the next four
  exists,
  exists_one,
  filter,
  transform,  ///< `map`: args: range, [condition,] result
};

struct program::node {
  operation what{operation::constant};
  type static_type{type::nothing()};
  std::size_t offset{};
  std::size_t length{};
  std::vector<std::unique_ptr<node>> args{};
  std::optional<value> constant{};
  std::uint32_t index{};
  const overload* function{};
  std::shared_ptr<const re2::RE2> pattern{};  ///< of `matches`
  std::shared_ptr<const program> definition{};
  std::shared_ptr<const dated_table> dated{};  ///< of `dated_row`
  bool table{};                                ///< a constant: the rows of a table
  amount_use amount{amount_use::none};
  bool folded{};          ///< a constant that was computed from a larger text
  std::uint64_t cost{1};  ///< worst-case steps, children included; saturates
  std::uint64_t extent{
      1};  ///< longest list, map (entries) or string (bytes) at any level of the value
  std::uint32_t quick{
      nowhere};  ///< its place in the quick form; a fact or a constant may have none
  static constexpr std::uint32_t nowhere = 0xFFFFFFFFU;
  std::size_t depth{1};  ///< through references too: bounds the evaluator's recursion
};

using node = program::node;
using node_ptr = std::unique_ptr<node>;

/// A constant with its value: what was refused has none.
inline bool is_constant(const node& n) {
  return n.what == operation::constant && n.constant.has_value();
}
inline bool is_macro(const node& n) { return n.what >= operation::all; }

}  // namespace leeway::condition
