// SPDX-License-Identifier: Apache-2.0
// Operators and functions of the condition language on values that are known. Nothing: an error.
#ifndef LEEWAY_TESTS_REFERENCE_VALUES_HPP
#define LEEWAY_TESTS_REFERENCE_VALUES_HPP

#include <leeway/base/time.hpp>
#include <leeway/model/value.hpp>
#include <leeway/policy/document.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace leeway::reference {

/// What functions of the calendar ask the policy for.
struct almanac {
  currency money_currency{};
  time_zone zone{};
  calendar_definition working{};
};

bool equal(const value& a, const value& b);
/// Whether `a relation b` holds, for `< <= > >=`.
bool ordered(std::string_view relation, const value& a, const value& b);

/// `+ - * / % == != < <= > >= in`, and `neg` of one.
std::optional<value> operate(std::string_view sign, const value& a, const value& b);
std::optional<value> negated(const value& a);

/// `a[key]`, also of `a.key`.
std::optional<value> item_of(const value& a, const value& key);

/// A function, or a method with what it is of as the first argument. `of_empty` is the zero that
/// the sum of an empty list is.
std::optional<value> call(std::string_view name, const std::vector<value>& args, const almanac& at,
                          value_kind of_empty, const re2::RE2* pattern);

}  // namespace leeway::reference

#endif
