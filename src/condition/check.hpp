// SPDX-License-Identifier: Apache-2.0
// The state of one check of an expression, and all that looks at it: names, operators, calls,
// constants, lists and macros, a file each.
#pragma once

#include "condition/cost.hpp"
#include "condition/node.hpp"
#include "condition/remedies.hpp"
#include "condition/tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::condition {

using slots = std::set<slot>;

/// One name of `a.b.c`, and where it stands.
struct segment {
  std::string text{};
  std::size_t offset{};
  std::size_t length{};
  bool quoted() const { return length != text.size(); }
};

/// Makes the resolved tree of one expression. Each method that returns a node reports what is wrong
/// and then returns `refused()`, never nullptr unless it says so.
class checker {
 public:
  checker(std::string_view source, const environment& env, const compile_options& options,
          issues& found)
      : source_(source), env_(env), options_(options), found_(found) {}

  node_ptr check(const tree& t);

 private:
  struct local {
    std::string name{};
    type held;
    std::uint64_t extent{1};
  };

  // -- reporting --------------------------------------------------------------------------------

  void report(std::string code, std::string message, std::string remedy, std::size_t offset,
              std::size_t length, bool warning = false) {
    found_.push_back({.warning = warning,
                      .code = std::move(code),
                      .message = std::move(message),
                      .remedy = std::move(remedy),
                      .offset = offset,
                      .length = length});
  }
  void report(std::string code, std::string message, std::string remedy, const tree& t) {
    report(std::move(code), std::move(message), std::move(remedy), t.offset, t.length);
  }
  void report_at_name(std::string code, std::string message, std::string remedy, const tree& t) {
    report(std::move(code), std::move(message), std::move(remedy), t.name_offset, t.name_length);
  }
  std::string shown(const tree& t) const {
    const std::string_view all = source_.substr(t.offset, t.length);
    return "`" + std::string(all.substr(0, 60)) + (all.size() > 60 ? "..." : "") + "`";
  }
  static std::string shown(const type& t) { return "`" + t.to_string() + "`"; }

  /// Warns of a constant that the fact it is held against can never have.
  void check_choices(const tree& t, const node& n);
  void check_choice(const node& fact, const node& held, const tree& at);

  /// Warns of a comparison that comes out the same whatever is asked (check_always.cpp).
  void check_constant(const tree& t, const node& n);
  /// The same of each item that what is looked for in a list can never be.
  void never_among(const tree& t, const node& subject, const value::list_type& items);
  void always(const tree& t, bool truth, std::string remedy = {});
  /// Warns of months and days that count from 0, held against a number.
  bool counts_from_zero(const tree& t, const node& subject, const value& bound);
  /// Warns of two parts of `&&` that never hold together, and of `||` where one always does
  /// (check_contradictions.cpp).
  void check_contradictions(const tree& t, const node& n);

  // -- nodes ------------------------------------------------------------------------------------

  /// Stands for what is already reported: fits everywhere, so that one slip is reported once.
  static node_ptr refused() { return std::make_unique<node>(); }
  static node_ptr make(operation what, type result, std::vector<node_ptr> args = {}) {
    node_ptr out = std::make_unique<node>();
    out->what = what;
    out->static_type = std::move(result);
    out->args = std::move(args);
    return out;
  }
  static node_ptr constant(value v, type t) {
    node_ptr out = make(operation::constant, std::move(t));
    out->constant = std::move(v);
    return out;
  }
  template <class... Node>
  static std::vector<node_ptr> list_of(Node... n) {
    std::vector<node_ptr> out;
    (out.push_back(std::move(n)), ...);
    return out;
  }
  node_ptr dispatch(const tree& t);
  operand side(const tree& t, const node& n) const { return {t, n.static_type, source_}; }

  // -- names (check_names.cpp) ------------------------------------------------------------------

  /// The names of `a.b.c`, and where they end: on a name, or on another expression.
  static std::pair<const tree*, std::vector<segment>> path_of(const tree& t);
  static std::string joined(const std::vector<segment>& names, std::size_t count);
  node_ptr selection(const tree& t);
  /// The longest declared beginning of a dotted name; nullptr when it is refused.
  node_ptr root_name(const tree& base, const std::vector<segment>& names, std::size_t& used);
  node_ptr fact(slot s, std::size_t offset, std::size_t length);
  node_ptr reference(const std::vector<segment>& names);
  node_ptr table(const std::vector<segment>& names);
  /// The dated table that a name is; nullptr when it is anything else.
  std::shared_ptr<const dated_table> dated_table_of(const tree& t) const;
  node_ptr dated_row(const tree& t, std::shared_ptr<const dated_table> held);
  node_ptr index_list(const tree& t, node_ptr target, node_ptr key);
  node_ptr index_map(const tree& t, node_ptr target, node_ptr key);
  void unknown_name(const std::vector<segment>& names);
  std::string unknown_remedy(const std::vector<segment>& names, const std::string& whole,
                             std::vector<std::string>& known) const;
  node_ptr field(node_ptr target, const segment& name, const tree& written);
  std::string_view text(const tree& t) const { return source_.substr(t.offset, t.length); }
  /// A constant table answers when the policy is loaded whether it has a row.
  bool row_exists(const node& rows, const value& key, std::size_t offset, std::size_t length);
  void row_not_always(const node& rows, const std::string& key, std::size_t offset,
                      std::size_t length);
  node_ptr index(const tree& t);

  // -- has (check_names.cpp) --------------------------------------------------------------------

  node_ptr has(const tree& t);
  bool is_local(std::string_view name) const {
    return std::any_of(scope_.begin(), scope_.end(),
                       [&](const local& l) { return l.name == name; });
  }
  node_ptr has_name(slot s, const tree& target);

  // -- logic (check_operators.cpp) --------------------------------------------------------------

  /// Checks one side of a logical operator or a condition: it must be bool.
  node_ptr truth(const tree& t, const std::string& where);
  static amount_use united_use(const std::vector<node_ptr>& args);
  node_ptr logic(const tree& t, operation what);
  node_ptr conditional(const tree& t);
  node_ptr unary(const tree& t);

  // -- operators (check_operators.cpp) ----------------------------------------------------------

  node_ptr binary(const tree& t);
  /// Whether a node was refused, as against an element of an empty literal.
  static bool refused_side(const node& n) {
    return n.static_type.is_nothing() && n.what == operation::constant && !n.constant;
  }
  void mismatch(const tree& t, const node& left, const node& right, bool relation);

  // -- the amount (check_operators.cpp) ---------------------------------------------------------

  void not_linear(std::string message, std::string remedy, const tree& t) {
    report("amount_not_linear", std::move(message), std::move(remedy), t);
  }
  /// The proposed amount must not reach into places where no threshold could be computed.
  void refuse_amount(node& n, const tree& t, std::string_view where);
  amount_use relation_use(const tree& t, node& n);
  amount_use arithmetic_use(const tree& t, node& n);

  // -- calls (check_calls.cpp), and literals in them (check_constants.cpp) ----------------------

  node_ptr call(const tree& t);
  /// `list.contains(x)` and its kin, in the words of this language; empty when it is not that.
  std::string searched(const tree& t, const type& target) const;
  void unknown_function(const tree& t, const std::vector<node_ptr>& args, bool member);
  /// Whether the first argument of an unknown method is a variable, as that of a macro is.
  bool binds_variable(const tree& t) const;
  /// The call with one argument made of the type it takes; empty when that does not help.
  std::string converted(const tree& t, const std::vector<type>& given, bool member) const;
  void no_overload(const tree& t, const std::vector<type>& given, bool member);
  /// What must be known when the policy is loaded: amounts, ratios, patterns, units, zones.
  bool settle_literals(const tree& t, node& n);
  /// Whether the argument `at` is one of a few words.
  bool one_of(const tree& t, const node& n, const std::vector<std::string>& words,
              const std::string& kind, std::size_t at = 1);
  /// `money('...')` and `ratio('...')`: constants.
  bool exact_literal(const tree& t, node& n);
  bool compile_pattern(const tree& t, node& n);

  // -- lists, maps, macros (check_collections.cpp) ----------------------------------------------

  node_ptr list(const tree& t);
  node_ptr map(const tree& t);
  bool repeated_key(const tree& t, const std::vector<node_ptr>& items);
  static operation macro_operation(std::string_view name);
  node_ptr macro(const tree& t);
  void hidden_name(const tree& t);

  // -- folding (check_constants.cpp) ------------------------------------------------------------

  /// Computes what has only constant operands, once.
  node_ptr fold(node_ptr n, const tree& t);
  computed compute(const node& n) const;
  /// A constant that cannot be computed: a malformed literal is refused, the rest is a lint, since
  /// another branch may be meant never to come here.
  node_ptr failing(node_ptr n, const tree& t, const std::string& why);

  std::string_view source_;
  const environment& env_;
  const compile_options& options_;
  issues& found_;
  std::vector<local> scope_{};
  slots guards_{};
  bool deep_{};
};

}  // namespace leeway::condition
