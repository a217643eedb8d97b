// SPDX-License-Identifier: Apache-2.0
// Every operator and function of the language: one table of overloads.
#pragma once

#include "condition/environment.hpp"
#include "condition/program.hpp"
#include "condition/type.hpp"

#include <leeway/base/result.hpp>
#include <leeway/model/value.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::condition {

/// What a call came to, or why it could not be computed (a message in the style of all errors).
using computed = result<value, std::string>;

/// What an implementation may look at besides its arguments.
struct call_context {
  const environment& env;
  const program::node& site;
};

/// A parameter or result of an overload. `any`, `ordered` ... bind the type variable T, so that all
/// of a signature's mentions of T are one type.
enum class shape : std::uint8_t {
  none = 0,
  boolean = 1,
  integer = 2,
  number = 3,
  string = 4,
  timestamp = 5,
  duration = 6,
  date = 7,
  money = 8,
  ratio = 9,
  any,         ///< T
  ordered,     ///< T with `<`: everything but list and map
  measurable,  ///< T with min and max: ordered, but neither bool nor string
  summable,    ///< T with a sum: int, double, money, ratio, duration
  list_any,    ///< list<T>
  list_measurable,
  list_summable,
  map_by_any,  ///< map<T, anything>
};

/// How the cost of a call grows.
enum class growth : std::uint8_t { constant, with_arguments };

using implementation = computed (*)(const call_context&, std::span<const value* const>);

struct overload {
  std::string_view name{};  ///< as written; operators by their sign, unary minus as `-_`
  bool member{};            ///< called as x.name(...)
  std::array<shape, 4> parameters{};
  shape returns{shape::none};
  implementation run{};
  growth grows{growth::constant};
  std::uint8_t cost{1};
  bool variadic{};  ///< the last parameter may repeat

  std::size_t arity() const;
};

/// All overloads, in the order in which they are documented.
std::span<const overload> overloads();

/// The overload of that name and style which takes these types, with the result's type.
struct match {
  const overload* chosen{};
  type returns{type::nothing()};
};
std::optional<match> resolve(std::string_view name, bool member, std::span<const type> arguments);

/// Whether there is any overload of that name; with a style, of that style.
bool is_function(std::string_view name);
bool is_function(std::string_view name, bool member);
/// Every name that can be called, for "did you mean".
std::vector<std::string> function_names();
/// The signatures of a name as a person reads them: "`date(string)`, `date(timestamp)`".
std::string signatures(std::string_view name, bool member);

/// `a` against `b` as `<` sees it: nothing when they cannot be compared (NaN, other currency).
std::optional<std::partial_ordering> compare(const value& a, const value& b);

/// The sign of a comparison with its sides exchanged: `<` for `>`.
std::string_view mirrored(std::string_view sign);

}  // namespace leeway::condition
