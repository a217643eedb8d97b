// SPDX-License-Identifier: Apache-2.0
// Text to tokens: the lexical grammar of the Common Expression Language, less bytes and unsigned.
#pragma once

#include "condition/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::condition {

enum class token_kind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,  ///< between backticks, only as a field
  integer,
  number,
  string,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  dot,
  comma,
  colon,
  question,
  logic_or,
  logic_and,
  logic_not,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  plus,
  minus,
  times,
  divide,
  modulo,
};

struct token {
  token_kind kind{token_kind::end};
  std::size_t offset{};
  std::size_t length{};
  std::string text{};         ///< an identifier, or the content of a string, escapes resolved
  std::uint64_t magnitude{};  ///< of an integer, without its sign
  bool out_of_range{};        ///< an integer beyond 64 bits
  double number{};
  bool misread{};  ///< reported already: what it makes is not looked at again
};

/// The tokens of `source`, always closed by one of kind `end`. What is not a token is reported and
/// left out, or read as what was probably meant, so that the parser can go on.
std::vector<token> tokenize(std::string_view source, issues& found);

}  // namespace leeway::condition
