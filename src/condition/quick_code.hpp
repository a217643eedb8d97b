// SPDX-License-Identifier: Apache-2.0
// The quick form of a program: its tree laid out as one array of typed instructions, made when it
// is compiled. docs/design/0014 says why it is as it is.
#pragma once

#include "condition/node.hpp"

#include <leeway/model/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leeway::condition {

/// What an instruction does. `f`: the binding of `index`; a, b, c: the children in order.
enum class opcode : std::uint8_t {
  // Of any type; the value is borrowed, or put where the caller says.
  constant,   ///< `content`
  refused,    ///< never known
  fact,       ///< f
  local,      ///< the macro variable `index`
  reference,  ///< `target`, an instruction of another program
  choose,     ///< a ? b : c
  field,      ///< the row `content` of the map a
  index_map,  ///< the row b of the map a
  index_list,
  dated_row,  ///< what the table of `origin` holds on the day a
  call,       ///< the function of `origin` on at most four children
  general,    ///< `origin`, by the general evaluator

  // bool
  not_fact,
  negation,
  all_of,
  any_of,
  has_fact,
  has_field,        ///< whether the map a has the row `content`
  fact_and_int,     ///< f REL `whole`; REL is in `relation`
  fact_and_money,   ///< f REL `whole` minor units
  fact_and_number,  ///< f REL `number`
  fact_and_string,  ///< f REL `text`
  fact_and_instant,
  fact_and_duration,
  fact_and_date,
  facts_int,  ///< f REL the binding of `second`
  facts_string,
  facts_money,
  int_and_constant,    ///< a REL `whole`
  money_and_constant,  ///< a REL `whole` minor units
  relate_bool,         ///< a REL b
  relate_int,
  relate_number,
  relate_string,
  relate_instant,
  relate_duration,
  relate_date,
  relate_money,
  relate_ratio,
  relate_any,    ///< of lists and maps: equal or not
  fact_in_list,  ///< f, a string, in the constant list `content`, sorted when it is long
  in_list,       ///< a in b
  in_map,        ///< a in b
  contains,      ///< of strings, likewise the next two
  starts_with,
  ends_with,
  for_all,
  for_some,
  for_one,

  // numbers, amounts, times: checked arithmetic on a and b
  add,
  subtract,
  multiply,  ///< also money by int, and duration by int: a is the money or the duration
  divide,
  modulo,
  opposite,
  scale,    ///< money a times ratio b
  unscale,  ///< money a by ratio b
  least,    ///< of all children
  most,
  least_in,  ///< of the items of the list a
  most_in,
  total,  ///< the sum of the items of the list a
  size,   ///< of a, by its kind
  count,  ///< of the items of a, those of which b is true
  days_between,
  months_between,
  years_between,
  date_of,  ///< the local date of the timestamp a
  round,    ///< money a by the rounding `whole`
};

/// Which of less, equal, greater and not comparable a relation is true of: one bit each.
enum class relation : std::uint8_t {
  less = 1,
  equal = 2,
  greater = 4,
  less_equal = 3,
  greater_equal = 6,
  not_equal = 5 + 8,
};

struct instruction {
  opcode op{opcode::refused};
  value_kind kind{};      ///< of its value; none where nothing is known of it
  relation held{};        ///< of a relation
  std::uint8_t locals{};  ///< macro variables in scope
  std::uint32_t index{};
  std::uint32_t first{};  ///< the children are the `count` instructions from here on `first`
  std::uint32_t count{};
  union {
    std::int64_t whole{};
    double number;
    const value* content;
    const std::string* text;
    const node* origin;
    const instruction* target;
    std::uint64_t second;
  };

  const instruction* child(std::size_t i) const { return this + first + i; }
};

/// Constant lists up to that long are searched in order.
inline constexpr std::size_t short_list = 8;

/// The quick form. Immutable; share freely between threads.
struct quick_code {
  std::vector<instruction> steps{};                  ///< the whole is the first
  std::vector<std::unique_ptr<const value>> made{};  ///< constants that stand in no tree
};

/// Lays a checked tree out, and tells each node where it stands (`node::quick`). The tree must
/// outlive what is made of it.
quick_code lay_out(node& root, const environment& env);

}  // namespace leeway::condition
