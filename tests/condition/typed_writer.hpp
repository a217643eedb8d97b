// SPDX-License-Identifier: Apache-2.0
// Writes expressions that are well-typed by construction: every overload, macro and form of the
// language, over the names of an environment. What it chooses comes from outside: from a random
// generator in tests, from bytes in a fuzzer.
#ifndef LEEWAY_TESTS_CONDITION_TYPED_WRITER_HPP
#define LEEWAY_TESTS_CONDITION_TYPED_WRITER_HPP

#include "condition/environment.hpp"
#include "condition/functions.hpp"
#include "condition/program.hpp"
#include "condition/type.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway::condition::test {

class typed_writer {
 public:
  /// Gives a number below n (n > 0); 0 for ever when it has nothing more to choose.
  using choose = std::function<std::size_t(std::size_t)>;

  typed_writer(const environment& env, choose below) : env_(env), below_(std::move(below)) {}

  /// From now on no number is so large that adding to it overflows.
  void stay_moderate() { moderate_ = true; }
  /// An expression of a type, at most `depth` forms deep. `amount`: it may read the proposed
  /// amount, linearly.
  std::string expression(const type& wanted, int depth, bool amount = false);
  /// A value of a type.
  value content(const type& wanted);
  /// Any type that an expression may have.
  type any_type();
  /// What is known of every name; of an optional one also that it is absent.
  frame known();
  /// The same with some of it not known.
  frame partly(const frame& full);

 private:
  struct local {
    std::string name{};
    type held;
  };

  std::size_t below(std::size_t n) { return below_(n); }
  template <class List>
  const auto& pick(const List& from) {
    return from[below(from.size())];
  }

  type scalar();
  type key();
  type with(shape demand);
  std::string literal(const type& wanted);
  static std::string literal(const value& v);
  std::optional<std::string> name(const type& wanted);
  std::string form(const type& wanted, int depth, bool amount);
  std::string call(const type& wanted, int depth, bool amount);
  std::string call_of(const overload& o, const type& variable, int depth, bool amount);
  std::string argument(const overload& o, std::size_t i, const type& variable, int depth);
  std::string linear(int depth);
  std::string boolean(int depth, bool amount);
  std::string guarded(int depth);
  std::string chain(const type& wanted, int depth);
  std::string macro(const type& wanted, int depth);
  std::string quantifier(int depth);
  std::string element(const type& wanted, int depth);

  const environment& env_;
  choose below_;
  std::vector<local> scope_{};
  std::vector<slot> guarded_{};
  std::size_t made_{};
  bool moderate_{};
};

/// What the checker may refuse a well-typed expression for: what it costs, and constants.
bool may_be_refused_for(const std::string& code);

}  // namespace leeway::condition::test

#endif
