// SPDX-License-Identifier: Apache-2.0
// The names an expression is tried out with: of a policy and a request, or given one by one.
#pragma once

#include "base/json/node.hpp"
#include "condition/program.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/explanation.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {

/// What an expression came to.
struct answer {
  condition::compiled code{};       ///< refused when it has no code
  condition::evaluation outcome{};  ///< of one that has
  std::vector<std::string> missing{};
  std::optional<expression_part> tree{};  ///< every part with its value, where that was asked for
};

/// Names with their types and, as far as known, their values. Copies share what they have in
/// common, and can go on apart.
class scope {
 public:
  /// Without a policy: `at` is the only name, and its value is not known.
  scope(currency money_currency, time_zone zone);
  /// The facts, values, tables and measures of a policy, none of them known.
  explicit scope(leeway::policy of);

  bool has_policy() const { return policy_.has_value(); }
  const condition::environment& env() const { return *env_; }
  condition::frame facts() const;

  /// Takes a request's facts and usage. Errors: the request is invalid for the policy. Needs one.
  diagnostics bind(const request& r);
  void set_at(instant at);
  /// `NAME=VALUE`, `NAME:TYPE=VALUE`, `NAME:TYPE` (a value nobody knows), or `NAME:absent` (an
  /// optional fact that is not there).
  result<void> set(std::string_view assignment);
  /// Gives a name its value; declares it where it is new. `wanted`: its type, else the value's.
  result<void> set(const std::string& name, const std::optional<condition::type>& wanted,
                   const std::optional<value>& content);

  /// The same of what a file says: with a policy it must be a fact that is declared.
  result<void> set_known(const std::string& name, const std::optional<condition::type>& wanted,
                         const value& content);

  /// Compiles and evaluates. `remedy` is said of a name that is not in scope.
  answer evaluate(std::string_view expression, std::string_view remedy,
                  bool with_tree = false) const;
  /// The policy's question for a fact; empty when it has none.
  std::string question_for(std::string_view fact) const;

 private:
  /// Whether `usage.x` is of a budget, a grant or a fund: those count, and are not read.
  bool names_a_limit(std::string_view name) const;
  result<void> set_absent(const std::string& name);
  failure<error> undeclared(const std::string& name) const;
  result<condition::slot> slot_for(const std::string& name,
                                   const std::optional<condition::type>& wanted);
  result<void> check_value(const std::string& name, condition::slot where, const value& v) const;

  std::optional<leeway::policy> policy_{};
  std::shared_ptr<const condition::environment> env_{};
  std::vector<condition::kept_binding> known_{};  // by slot; shorter than env_: the rest is unknown
};

/// The type of a constant that nobody declared: `49.99 USD` is an amount, `1h30m` a duration.
/// Nothing where there is a null, or items are not of one type.
std::optional<condition::type> type_as_it_looks(const json::node& from);

/// What is wrong with an expression, each at its place in it.
diagnostics found_in(const answer& a, std::string_view expression);

}  // namespace leeway::cli
