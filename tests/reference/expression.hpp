// SPDX-License-Identifier: Apache-2.0
// The reference evaluator's own reading of the condition language (docs/conditions.md): source text
// to tree. Plain and slow; it shares nothing with src/condition. It reads well-formed expressions
// only, and throws std::runtime_error for others.
#ifndef LEEWAY_TESTS_REFERENCE_EXPRESSION_HPP
#define LEEWAY_TESTS_REFERENCE_EXPRESSION_HPP

#include <leeway/model/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace leeway::reference {

enum class form {
  literal,      ///< `constant`
  name,         ///< a name that is not resolved yet, or a macro's variable: `text`
  fact,         ///< a declared name: `text`
  defined,      ///< `values.<text>`: `definition`
  row_of,       ///< `tables.<text>`
  field,        ///< args[0].`text`
  index,        ///< args[0][args[1]]
  call,         ///< `text`(args)
  method,       ///< args[0].`text`(args[1] ...)
  operation,    ///< `text` of args
  conjunction,  ///< args[0] && args[1]
  disjunction,  ///< args[0] || args[1]
  negation,     ///< ! args[0]
  choice,       ///< args[0] ? args[1] : args[2]
  list,         ///< [args ...]
  map,          ///< {args[0]: args[1] ...}
  macro,        ///< `text`: args[0] goes over; `variable`; args[1 ...]
  presence,     ///< has(args[0])
};

struct expr;
using expr_ptr = std::shared_ptr<const expr>;

/// What `sum` of an empty list, which has no item to tell, needs to know.
struct static_type {
  value_kind kind{};
  std::shared_ptr<const static_type> element{};
  std::shared_ptr<const static_type> key{};
};

struct expr {
  form what{form::literal};
  std::string text{};
  std::string variable{};
  std::optional<value> constant{};
  std::vector<expr_ptr> args{};
  expr_ptr definition{};
  std::shared_ptr<const re2::RE2> pattern{};
  static_type type{};
  std::string source{};  ///< of a whole expression: as it is written
};

/// Reads an expression. Names stay `form::name` and `form::field` until they are resolved.
expr_ptr parse_expression(std::string_view text);

}  // namespace leeway::reference

#endif
