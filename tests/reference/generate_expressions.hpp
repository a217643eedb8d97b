// SPDX-License-Identifier: Apache-2.0
// Random well-typed expressions over the names of a small world, and random facts for them.
#ifndef LEEWAY_TESTS_REFERENCE_GENERATE_EXPRESSIONS_HPP
#define LEEWAY_TESTS_REFERENCE_GENERATE_EXPRESSIONS_HPP

#include "engine/generate.hpp"

#include <leeway/policy/document.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace leeway::reference {

using engine_test::dice;

/// Adds the world's facts, values, tables and holidays to a policy: names that expressions use.
void add_world(policy_document& document);

/// A random value for each fact of the world, by dotted name; some are left out, so unknown or, of
/// optional ones, absent.
std::map<std::string, value> random_facts(dice& d, int known_percent);

/// Expressions over the world.
class expression_source {
 public:
  explicit expression_source(dice& d) : d_(d) {}

  /// Of a type, written as a policy writes it; at most so many levels.
  std::string of(const std::string& type, int depth);
  /// A condition that may compare the proposed amount and what is due.
  std::string with_amount(int depth);
  /// Some type that an expression can have.
  const std::string& any_type();

 private:
  std::string leaf(const std::string& type);
  std::string literal(const std::string& type);
  std::string made(const std::string& type, int depth);
  std::string truth(int depth);
  std::string compared(int depth);
  std::string of_texts(int depth);
  std::string quantified(int depth);
  std::string guarded(int depth);
  std::string whole(int depth);
  std::string fraction(int depth);
  std::string text(int depth);
  std::string instant_of(int depth);
  std::string span(int depth);
  std::string day(int depth);
  std::string amount(int depth);
  std::string share(int depth);
  std::string list(const std::string& item, int depth);
  std::string choice(const std::string& type, int depth);
  std::string extreme(const std::string& type, int depth);
  std::string of_same(const std::string& type, const std::vector<std::string>& signs, int depth);
  std::string variable();

  dice& d_;
  std::vector<std::pair<std::string, std::string>> locals_{};
  bool amounts_{};  ///< the proposed amount may be read
  int variables_{};
};

}  // namespace leeway::reference

#endif
