// SPDX-License-Identifier: Apache-2.0
#include "condition/token_reader.hpp"

#include <array>

namespace leeway::condition {

void token_reader::synchronise() {
  int open = 0;
  while (!at(token_kind::end)) {
    const token_kind k = peek().kind;
    const bool closes = k == token_kind::right_paren || k == token_kind::right_bracket ||
                        k == token_kind::right_brace;
    if (open == 0 &&
        (closes || k == token_kind::comma || k == token_kind::logic_and ||
         k == token_kind::logic_or || k == token_kind::question || k == token_kind::colon)) {
      return;
    }
    if (closes) --open;
    if (k == token_kind::left_paren || k == token_kind::left_bracket ||
        k == token_kind::left_brace) {
      ++open;
    }
    take();
  }
}

void token_reader::unexpected() {
  const token& t = peek();
  if (t.kind == token_kind::right_paren || t.kind == token_kind::right_bracket ||
      t.kind == token_kind::right_brace) {
    report("syntax_error", shown(t) + " closes nothing", "leave it out, or open it before", t);
    take();
    return;
  }
  report("syntax_error", "expected an operator or the end, found " + shown(t), stray_remedy(t), t);
  synchronise();
  if (!at(token_kind::end)) take();
}

std::string stray_remedy(const token& t) {
  if (t.kind == token_kind::comma) return "join conditions with `&&` or `||`";
  if (t.kind == token_kind::colon) return "a `:` belongs to `condition ? a : b`";
  if (t.kind == token_kind::left_brace) return "there are no messages; a map is `{'key': value}`";
  if (t.kind == token_kind::logic_not) return "write `!(x in y)` for not in, `!=` for unequal";
  if (t.kind == token_kind::identifier) {
    if (contains(std::array<std::string_view, 5>{"then", "else", "if", "when", "unless"}, t.text)) {
      return "write `condition ? a : b`";
    }
    if (contains(std::array<std::string_view, 5>{"USD", "EUR", "GBP", "dollars", "percent"},
                 t.text)) {
      return "write money as `money('50 USD')` and a share as `ratio('12.5%')`";
    }
    if (t.text == "contains" || t.text == "startsWith" || t.text == "endsWith" ||
        t.text == "matches") {
      return "write `x." + t.text + "('...')`";
    }
    if (contains(std::array<std::string_view, 5>{"like", "LIKE", "ilike", "ILIKE", "rlike"},
                 t.text)) {
      return "write `x.startsWith('...')`, `x.contains('...')` or `x.matches('...')`";
    }
    if (t.text == "between") return "write `low <= x && x <= high`";
  }
  return "join two conditions with `&&` or `||`";
}

std::string operand_remedy(const token& t) {
  if (t.kind == token_kind::quoted_identifier) return "a name in backticks stands only after a `.`";
  if (t.kind == token_kind::equal) return "compare with one `==`";
  if (t.kind == token_kind::end) return "complete the expression";
  return "write a fact, a literal or a call here";
}

}  // namespace leeway::condition
