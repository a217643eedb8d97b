// SPDX-License-Identifier: Apache-2.0
#include "reference/expression.hpp"

#include "reference/lexer.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace leeway::reference {
namespace {

constexpr std::array<std::string_view, 5> macros{"all", "exists", "exists_one", "filter", "map"};

bool is_macro(std::string_view name) { return std::ranges::find(macros, name) != macros.end(); }

expr_ptr make(form what, std::string text, std::vector<expr_ptr> args) {
  expr e{.what = what, .text = std::move(text), .args = std::move(args)};
  return std::make_shared<const expr>(std::move(e));
}

expr_ptr literal(value v) {
  return std::make_shared<const expr>(expr{.what = form::literal, .constant = std::move(v)});
}

class parser {
 public:
  explicit parser(std::string_view text) : tokens_(tokens_of(text)) {}

  expr_ptr whole() {
    auto out = ternary();
    if (now().what != token::kind::end) throw std::runtime_error("more than an expression");
    return out;
  }

 private:
  const token& now() const { return tokens_[at_]; }
  bool is(std::string_view symbol) const {
    return now().what == token::kind::symbol && now().text == symbol;
  }
  bool take(std::string_view symbol) {
    if (!is(symbol)) return false;
    ++at_;
    return true;
  }
  void want(std::string_view symbol) {
    if (!take(symbol)) throw std::runtime_error("expected " + std::string(symbol));
  }

  expr_ptr ternary() {
    auto test = either();
    if (!take("?")) return test;
    auto yes = either();
    want(":");
    auto no = ternary();
    return make(form::choice, {}, {test, yes, no});
  }

  expr_ptr either() {
    auto left = both();
    while (take("||")) left = make(form::disjunction, {}, {left, both()});
    return left;
  }

  expr_ptr both() {
    auto left = relation();
    while (take("&&")) left = make(form::conjunction, {}, {left, relation()});
    return left;
  }

  bool at_relation() const {
    if (now().what == token::kind::identifier) return now().text == "in";
    for (const auto* symbol : {"==", "!=", "<", "<=", ">", ">="}) {
      if (is(symbol)) return true;
    }
    return false;
  }

  expr_ptr relation() {
    auto left = sum();
    while (at_relation()) {
      const std::string relation = now().text;
      ++at_;
      left = make(form::operation, relation, {left, sum()});
    }
    return left;
  }

  expr_ptr sum() {
    auto left = product();
    while (is("+") || is("-")) {
      const std::string sign = now().text;
      ++at_;
      left = make(form::operation, sign, {left, product()});
    }
    return left;
  }

  expr_ptr product() {
    auto left = unary();
    while (is("*") || is("/") || is("%")) {
      const std::string sign = now().text;
      ++at_;
      left = make(form::operation, sign, {left, unary()});
    }
    return left;
  }

  expr_ptr unary() {
    if (take("!")) return make(form::negation, {}, {unary()});
    if (!is("-")) return member();
    ++at_;
    const auto number = now();
    if (number.what == token::kind::integer) {
      // The smallest integer has no positive counterpart, so the sign belongs to the literal.
      ++at_;
      return suffixes(literal(static_cast<std::int64_t>(0 - number.whole)));
    }
    if (number.what == token::kind::number) {
      ++at_;
      return suffixes(literal(-number.fraction));
    }
    return make(form::operation, "neg", {unary()});
  }

  expr_ptr member() { return suffixes(primary()); }

  expr_ptr suffixes(expr_ptr of) {
    while (true) {
      if (take("[")) {
        auto key = ternary();
        want("]");
        of = make(form::index, {}, {of, key});
      } else if (take(".")) {
        const std::string name = now().text;
        ++at_;
        of = take("(") ? method(of, name) : make(form::field, name, {of});
      } else {
        return of;
      }
    }
  }

  std::vector<expr_ptr> arguments(std::string_view close) {
    std::vector<expr_ptr> out;
    while (!take(close)) {
      out.push_back(ternary());
      if (!is(close)) want(",");
    }
    return out;
  }

  expr_ptr method(const expr_ptr& of, const std::string& name) {
    auto args = arguments(")");
    if (!is_macro(name) || args.size() < 2) {
      args.insert(args.begin(), of);
      return matching(form::method, name, std::move(args));
    }
    expr e{.what = form::macro, .text = name, .variable = args.front()->text};
    args.front() = of;
    e.args = std::move(args);
    return std::make_shared<const expr>(std::move(e));
  }

  // The pattern of `matches` is a literal, so that it can be read once.
  static expr_ptr matching(form what, const std::string& name, std::vector<expr_ptr> args) {
    expr e{.what = what, .text = name, .args = std::move(args)};
    if (name == "matches" && e.args.size() == 2 && e.args[1]->constant) {
      e.pattern =
          std::make_shared<const re2::RE2>(e.args[1]->constant->as_string(), re2::RE2::Quiet);
    }
    return std::make_shared<const expr>(std::move(e));
  }

  expr_ptr named() {
    const std::string name = now().text;
    ++at_;
    if (name == "true" || name == "false") return literal(name == "true");
    if (!take("(")) return make(form::name, name, {});
    auto args = arguments(")");
    if (name == "has") return make(form::presence, {}, std::move(args));
    return matching(form::call, name, std::move(args));
  }

  expr_ptr map_literal() {
    std::vector<expr_ptr> out;
    while (!take("}")) {
      out.push_back(ternary());
      want(":");
      out.push_back(ternary());
      if (!is("}")) want(",");
    }
    return make(form::map, {}, std::move(out));
  }

  expr_ptr primary() {
    const auto& t = now();
    switch (t.what) {
      case token::kind::identifier: return named();
      case token::kind::integer: ++at_; return literal(static_cast<std::int64_t>(t.whole));
      case token::kind::number: ++at_; return literal(t.fraction);
      case token::kind::string: ++at_; return literal(t.text);
      default: break;
    }
    if (take("[")) return make(form::list, {}, arguments("]"));
    if (take("{")) return map_literal();
    want("(");
    auto out = ternary();
    want(")");
    return out;
  }

  std::vector<token> tokens_;
  std::size_t at_{0};
};

}  // namespace

expr_ptr parse_expression(std::string_view text) { return parser(text).whole(); }

}  // namespace leeway::reference
