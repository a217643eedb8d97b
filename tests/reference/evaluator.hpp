// SPDX-License-Identifier: Apache-2.0
// Names, and three-valued evaluation, as docs/conditions.md says.
#ifndef LEEWAY_TESTS_REFERENCE_EVALUATOR_HPP
#define LEEWAY_TESTS_REFERENCE_EVALUATOR_HPP

#include "reference/expression.hpp"
#include "reference/values.hpp"

#include <leeway/policy/document.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::reference {

using name_set = std::set<std::string>;

/// What an expression, or a fact, came to: a value, unknown (`missing` facts), or failed. Unknown
/// and failed may stand together.
struct answer {
  std::optional<value> result{};
  name_set missing{};
  bool failed{};
  name_set involved{};  ///< of a failure: the facts that the failing part read
  bool absent{};        ///< of an optional fact: it is known not to be there

  bool known() const { return result.has_value(); }
  bool is(bool truth) const {
    return result && result->is(value_kind::boolean) && result->as_bool() == truth;
  }
  static answer of(value v) { return {.result = std::move(v)}; }
  static answer unknown(std::string name) { return {.missing = {std::move(name)}}; }
};

/// Takes up why `b` has no value.
void add_trouble(answer& a, const answer& b);

/// `a && b`, `a || b`, `!a`, in three values.
answer both(answer a, const answer& b);
answer either(answer a, const answer& b);
answer not_of(answer a);

/// What is known, by dotted name.
using facts = std::map<std::string, answer, std::less<>>;

/// A table: of plain ones `entries` has one without dates.
struct table {
  std::vector<dated_entry> entries{};
  bool dated{};
};

/// Names that expressions may use.
struct scope {
  almanac calendar{};
  std::map<std::string, static_type, std::less<>> declared{};
  std::map<std::string, expr_ptr, std::less<>> values{};  ///< resolved
  std::map<std::string, table, std::less<>> tables{};

  /// Reads an expression and finds what its names mean.
  expr_ptr read(std::string_view text) const;
};

static_type type_named(std::string_view text);
static_type type_of(const value& v);

answer evaluate(const expr_ptr& e, const scope& names, const facts& known);

/// The facts an expression names, through `values` too.
name_set facts_in(const expr& e);

}  // namespace leeway::reference

#endif
