// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_TESTS_REFERENCE_LEXER_HPP
#define LEEWAY_TESTS_REFERENCE_LEXER_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::reference {

struct token {
  enum class kind { identifier, integer, number, string, symbol, end };
  kind what{kind::end};
  std::string text{};     ///< of a string: its content
  std::uint64_t whole{};  ///< of an integer: its magnitude
  double fraction{};      ///< of a number
};

/// The tokens of an expression, and an end. Throws std::runtime_error.
std::vector<token> tokens_of(std::string_view text);

}  // namespace leeway::reference

#endif
