// SPDX-License-Identifier: Apache-2.0
#include "condition/parser.hpp"

#include "condition/token_reader.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <utility>

namespace leeway::condition {

namespace {

// Beyond this the C++ stack would be at risk, whatever the caller asks for.
constexpr std::size_t deepest = 250;

constexpr std::array<std::string_view, 6> macros = {"all",       "exists", "exists_one",
                                                    "existsOne", "filter", "map"};

constexpr std::array<std::string_view, 17> reserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

class parser : token_reader {
 public:
  parser(std::string_view source, const compile_options& options, issues& found)
      : token_reader(source, found),
        depth_limit_(std::clamp<std::size_t>(options.max_depth, 1, deepest)) {}

  tree_ptr run() {
    if (at(token_kind::end)) {
      if (found().empty()) {
        report("syntax_error", "the expression is empty", "write a condition, such as `true`",
               peek());
      }
      return invalid();
    }
    tree_ptr out = expression();
    while (!at(token_kind::end)) {
      unexpected();
      const std::size_t before = taken();
      if (!at(token_kind::end)) expression();
      if (taken() == before) take();
    }
    return out;
  }

 private:
  // -- nodes -----------------------------------------------------------------------------------

  static tree_ptr invalid() { return std::make_unique<tree>(); }
  tree_ptr invalid_at(const token& t) {
    tree_ptr out = invalid();
    out->offset = t.offset;
    out->length = t.length;
    return out;
  }

  /// A node over `children`, from `begin` to the last token read.
  tree_ptr make(tree_kind kind, std::size_t begin, std::string name,
                std::vector<tree_ptr> children) {
    auto out = std::make_unique<tree>();
    out->kind = kind;
    out->offset = begin;
    const std::size_t end = last().offset + last().length;
    out->length = end > begin ? end - begin : 0;
    out->text = std::move(name);
    for (const tree_ptr& child : children) out->depth = std::max(out->depth, child->depth + 1);
    out->children = std::move(children);
    if (out->depth > depth_limit_) too_deep(begin, out->length);
    return out;
  }
  template <class... Child>
  static std::vector<tree_ptr> list_of(Child... child) {
    std::vector<tree_ptr> out;
    (out.push_back(std::move(child)), ...);
    return out;
  }

  void too_deep(std::size_t offset, std::size_t length) {
    if (!stopped()) {
      report("too_deep",
             "the expression is nested more than " + std::to_string(depth_limit_) + " deep",
             "name parts of it under `values`", offset, length);
    }
    stop();
  }

  // -- grammar ---------------------------------------------------------------------------------

  struct nesting {
    explicit nesting(std::size_t& depth) : depth_(depth) { ++depth_; }
    nesting(const nesting&) = delete;
    nesting& operator=(const nesting&) = delete;
    ~nesting() { --depth_; }
    std::size_t& depth_;
  };

  tree_ptr expression() {
    const nesting inside(open_);
    const token& first = peek();
    if (open_ > depth_limit_) {
      too_deep(first.offset, first.length);
      return invalid_at(first);
    }
    tree_ptr condition = disjunction();
    if (!at(token_kind::question)) return condition;
    const token& mark = take();
    tree_ptr then = disjunction();
    if (at(token_kind::question)) then = unparenthesised(first.offset, std::move(then));
    if (!accept(token_kind::colon)) {
      report("syntax_error", "expected `:` and what holds otherwise, found " + shown(peek()),
             "write `condition ? a : b`", at(token_kind::end) ? mark : peek());
      return make(tree_kind::invalid, first.offset, "",
                  list_of(std::move(condition), std::move(then)));
    }
    tree_ptr otherwise = expression();
    tree_ptr out = make(tree_kind::conditional, first.offset,
                        "?:", list_of(std::move(condition), std::move(then), std::move(otherwise)));
    out->name_offset = mark.offset;
    out->name_length = mark.length;
    return out;
  }

  /// `a ? b ? c : d : e`: what stands between `?` and `:` takes parentheses, and is read as meant.
  tree_ptr unparenthesised(std::size_t begin, tree_ptr condition) {
    report("syntax_error", "`?` inside `?:` takes parentheses", "write `a ? (b ? c : d) : e`",
           take());
    tree_ptr then = expression();
    tree_ptr otherwise = accept(token_kind::colon) ? disjunction() : invalid();
    return make(tree_kind::invalid, begin, "",
                list_of(std::move(condition), std::move(then), std::move(otherwise)));
  }

  /// Whether a word stands where `&&` or `||` belongs; it is reported and read as meant.
  bool word_operator(std::initializer_list<std::string_view> words, std::string_view meant) {
    for (const std::string_view word : words) {
      if (!at_word(word)) continue;
      report("syntax_error", "`" + std::string(word) + "` is not an operator",
             "write `" + std::string(meant) + "`", peek());
      take();
      return true;
    }
    return false;
  }

  // A chain of one operator is one node, so that its length costs no depth.
  tree_ptr disjunction() {
    const std::size_t begin = peek().offset;
    std::vector<tree_ptr> sides = list_of(conjunction());
    while (accept(token_kind::logic_or) || word_operator({"or", "OR", "Or"}, "||")) {
      sides.push_back(conjunction());
    }
    if (sides.size() == 1) return std::move(sides.front());
    return make(tree_kind::logic_or, begin, "||", std::move(sides));
  }

  tree_ptr conjunction() {
    const std::size_t begin = peek().offset;
    std::vector<tree_ptr> sides = list_of(relation());
    while (accept(token_kind::logic_and) || word_operator({"and", "AND", "And"}, "&&")) {
      sides.push_back(relation());
    }
    if (sides.size() == 1) return std::move(sides.front());
    return make(tree_kind::logic_and, begin, "&&", std::move(sides));
  }

  /// An operator in words where a relation belongs: `is`, `equals`, `not in`.
  std::optional<std::string> relation_in_words() {
    if (at_word("not") && peek(1).kind == token_kind::in) {
      report("syntax_error", "`not in` is not an operator", "write `!(x in list)`", peek());
      take();
      return "in";
    }
    if (word_operator({"is", "equals", "eq"}, "==")) {
      if (at_word("not")) take();
      return "==";
    }
    return std::nullopt;
  }

  tree_ptr relation() {
    const std::size_t begin = peek().offset;
    tree_ptr left = addition();
    for (;;) {
      const token& op = peek();
      std::string name;
      switch (op.kind) {
        case token_kind::less:
        case token_kind::less_equal:
        case token_kind::greater:
        case token_kind::greater_equal:
        case token_kind::equal:
        case token_kind::not_equal:
        case token_kind::in: name = relation_name(take().kind); break;
        case token_kind::identifier:
          if (auto word = relation_in_words()) {
            name = std::move(*word);
            break;
          }
          return left;
        default: return left;
      }
      left = binary(begin, std::move(left), op, std::move(name), addition());
    }
  }

  static std::string relation_name(token_kind kind) {
    switch (kind) {
      case token_kind::less: return "<";
      case token_kind::less_equal: return "<=";
      case token_kind::greater: return ">";
      case token_kind::greater_equal: return ">=";
      case token_kind::equal: return "==";
      case token_kind::not_equal: return "!=";
      default: return "in";
    }
  }

  tree_ptr binary(std::size_t begin, tree_ptr left, const token& op, std::string name,
                  tree_ptr right) {
    tree_ptr out = make(op.misread ? tree_kind::invalid : tree_kind::binary, begin, std::move(name),
                        list_of(std::move(left), std::move(right)));
    out->name_offset = op.offset;
    out->name_length = op.length;
    return out;
  }

  tree_ptr addition() {
    const std::size_t begin = peek().offset;
    tree_ptr left = multiplication();
    while (at(token_kind::plus) || at(token_kind::minus)) {
      const token& op = take();
      left = binary(begin, std::move(left), op, std::string(text(op)), multiplication());
    }
    return left;
  }

  bool starts_operand() const {
    switch (peek().kind) {
      case token_kind::identifier:
        return !at_word("and") && !at_word("or") && !at_word("of") && !at_word("is");
      case token_kind::integer:
      case token_kind::number:
      case token_kind::string:
      case token_kind::left_paren:
      case token_kind::left_bracket:
      case token_kind::left_brace:
      case token_kind::minus:
      case token_kind::logic_not:
      case token_kind::dot: return true;
      default: return false;
    }
  }

  tree_ptr multiplication() {
    const std::size_t begin = peek().offset;
    tree_ptr left = unary();
    while (at(token_kind::times) || at(token_kind::divide) || at(token_kind::modulo)) {
      const token& op = take();
      if (op.kind == token_kind::modulo && !starts_operand()) {
        report("syntax_error", "`%` is the remainder of a division; its right side is missing",
               "write a share as `ratio('12.5%')`", op);
        if (at_word("of")) synchronise();
        left = make(tree_kind::invalid, begin, "", list_of(std::move(left)));
        continue;
      }
      left = binary(begin, std::move(left), op, std::string(text(op)), unary());
    }
    return left;
  }

  tree_ptr unary() {
    const token& op = peek();
    if (op.kind == token_kind::identifier && op.text == "not" && negates_in_words()) {
      report("syntax_error", "`not` is not an operator", "write `!`", op);
      take();
      return unary();
    }
    if (op.kind == token_kind::plus) {
      report("syntax_error", "a number takes no `+` in front", "leave it out", op);
      take();
      return unary();
    }
    if (op.kind != token_kind::logic_not && op.kind != token_kind::minus) return member();
    const nesting inside(open_);
    if (open_ > depth_limit_) {
      too_deep(op.offset, op.length);
      return invalid_at(op);
    }
    take();
    if (op.kind == token_kind::minus && peek().offset == op.offset + op.length &&
        (at(token_kind::integer) || at(token_kind::number))) {
      // The sign belongs to the literal: only so can the smallest integer be written.
      return postfix(op.offset, literal(take(), true, op.offset));
    }
    tree_ptr out = make(tree_kind::unary, op.offset, std::string(text(op)), list_of(unary()));
    out->name_offset = op.offset;
    out->name_length = op.length;
    return out;
  }

  bool negates_in_words() const {
    switch (peek(1).kind) {
      case token_kind::identifier:
      case token_kind::left_paren:
      case token_kind::logic_not: return true;
      default: return false;
    }
  }

  tree_ptr member() {
    const std::size_t begin = peek().offset;
    tree_ptr out = primary();
    return postfix(begin, std::move(out));
  }

  tree_ptr postfix(std::size_t begin, tree_ptr out) {
    for (;;) {
      if (at(token_kind::dot)) {
        out = selection(begin, std::move(out));
      } else if (at(token_kind::left_bracket)) {
        const token& open = take();
        tree_ptr key = expression();
        close(token_kind::right_bracket, "]", open);
        out = make(tree_kind::index, begin, "[]", list_of(std::move(out), std::move(key)));
        out->name_offset = open.offset;
        out->name_length = open.length;
      } else {
        return out;
      }
    }
  }

  tree_ptr selection(std::size_t begin, tree_ptr target) {
    const token& dot = take();
    const token& field = peek();
    if (field.kind != token_kind::identifier && field.kind != token_kind::quoted_identifier) {
      report(
          "syntax_error", "expected a name after `.`, found " + shown(field),
          field.kind == token_kind::in ? "write `x['in']`" : "name a fact, a field or a function",
          field.kind == token_kind::end ? dot : field);
      synchronise();
      return invalid_at(dot);
    }
    take();
    if (field.kind == token_kind::identifier &&
        contains(std::array<std::string_view, 3>{"true", "false", "null"}, field.text)) {
      report("reserved_word", "`" + field.text + "` is a literal, not a name",
             "write `x['" + field.text + "']`", field);
    }
    if (at(token_kind::left_paren) && field.kind == token_kind::identifier) {
      return member_call(begin, std::move(target), field);
    }
    tree_ptr out = make(tree_kind::select, begin, field.text, list_of(std::move(target)));
    out->name_offset = field.offset;
    out->name_length = field.length;
    return out;
  }

  tree_ptr member_call(std::size_t begin, tree_ptr target, const token& name) {
    std::vector<tree_ptr> children = list_of(std::move(target));
    arguments(children);
    tree_ptr out;
    if (contains(macros, name.text)) {
      out = macro(begin, name, std::move(children));
    } else {
      out = make(tree_kind::member_call, begin, name.text, std::move(children));
    }
    out->name_offset = name.offset;
    out->name_length = name.length;
    return out;
  }

  static std::string macro_example(const token& name) {
    return "`list." + name.text + (name.text == "map" ? "(x, x * 2)`" : "(x, x > 0)`");
  }

  tree_ptr macro(std::size_t begin, const token& name, std::vector<tree_ptr> children) {
    const std::size_t given = children.size() - 1;
    const bool count_ok = given == 2 || (given == 3 && name.text == "map");
    if (!count_ok) {
      report("macro_syntax",
             "`" + name.text + "` takes a variable and a " +
                 (name.text == "map" ? "result" : "condition") + ", found " +
                 std::to_string(given) + (given == 1 ? " argument" : " arguments"),
             "write " + macro_example(name), name);
      return make(tree_kind::invalid, begin, "", std::move(children));
    }
    const tree& variable = *children[1];
    if (variable.kind != tree_kind::name || variable.rooted) {
      report("macro_syntax", "the first argument of `" + name.text + "` names its variable",
             "write a plain name, as in " + macro_example(name), variable.offset, variable.length);
      return make(tree_kind::invalid, begin, "", std::move(children));
    }
    std::string bound = variable.text;
    children.erase(children.begin() + 1);
    tree_ptr out = make(tree_kind::macro, begin,
                        name.text == "existsOne" ? "exists_one" : name.text, std::move(children));
    out->variable = std::move(bound);
    return out;
  }

  /// `(` arguments `)`, appended to `children`.
  void arguments(std::vector<tree_ptr>& children) {
    const token& open = take();
    while (!at(token_kind::right_paren) && !at(token_kind::end)) {
      children.push_back(expression());
      if (!accept(token_kind::comma)) break;
      if (at(token_kind::right_paren)) {
        report("syntax_error", "expected an argument after `,`, found `)`", "leave the comma out",
               peek());
      }
    }
    close(token_kind::right_paren, ")", open);
  }

  void close(token_kind kind, std::string_view sign, const token& open) {
    if (accept(kind)) return;
    const token& found = peek();
    if (found.kind == token_kind::end) {
      report("syntax_error", shown(open) + " is not closed",
             "close it with `" + std::string(sign) + "`", open);
      return;
    }
    report("syntax_error", "expected `" + std::string(sign) + "`, found " + shown(found),
           stray_remedy(found), found);
    synchronise();
    accept(kind);
  }

  tree_ptr primary() {
    const token& t = peek();
    switch (t.kind) {
      case token_kind::integer:
      case token_kind::number:
      case token_kind::string: return literal(take(), false, t.offset);
      case token_kind::identifier: return name(false, t.offset);
      case token_kind::left_paren: {
        take();
        tree_ptr out = expression();
        if (at(token_kind::comma)) {
          report("syntax_error", "expected `)`, found `,`", "a list is written `[a, b]`", peek());
          synchronise();
          while (accept(token_kind::comma)) expression();
          out = make(tree_kind::invalid, t.offset, "", list_of(std::move(out)));
        }
        close(token_kind::right_paren, ")", t);
        return out;
      }
      case token_kind::left_bracket: return list();
      case token_kind::left_brace: return map();
      case token_kind::dot:
        if (peek(1).kind == token_kind::identifier) {
          take();
          return name(true, t.offset);
        }
        [[fallthrough]];
      default: return missing(t);
    }
  }

  tree_ptr missing(const token& t) {
    // What the lexer left out is reported already: saying more about its place would be noise.
    const std::size_t place = t.offset;
    const bool known =
        taken() != 0 && std::ranges::any_of(found(), [&](const issue& i) {
          return i.offset >= last().offset && i.offset <= place && i.code != "macro_syntax";
        });
    if (!known) {
      const token& where = t.kind == token_kind::end && taken() != 0 ? last() : t;
      report("syntax_error", "expected a value, found " + shown(t), operand_remedy(t), where);
    }
    synchronise();
    return invalid_at(t);
  }

  tree_ptr list() {
    const token& open = take();
    std::vector<tree_ptr> items;
    while (!at(token_kind::right_bracket) && !at(token_kind::end)) {
      items.push_back(expression());
      if (!accept(token_kind::comma)) break;
    }
    close(token_kind::right_bracket, "]", open);
    return make(tree_kind::list, open.offset, "[]", std::move(items));
  }

  tree_ptr map() {
    const token& open = take();
    std::vector<tree_ptr> entries;
    while (!at(token_kind::right_brace) && !at(token_kind::end)) {
      entries.push_back(expression());
      if (!accept(token_kind::colon)) {
        report("syntax_error", "expected `:` and a value, found " + shown(peek()),
               "a map is written `{'key': value}`, a list `[a, b]`",
               at(token_kind::end) ? open : peek());
        synchronise();
        entries.push_back(invalid());
      } else {
        entries.push_back(expression());
      }
      if (!accept(token_kind::comma)) break;
    }
    close(token_kind::right_brace, "}", open);
    return make(tree_kind::map, open.offset, "{}", std::move(entries));
  }

  tree_ptr name(bool rooted, std::size_t begin) {
    const token& t = take();
    if (at(token_kind::left_paren)) {
      std::vector<tree_ptr> children;
      arguments(children);
      tree_ptr out = make(tree_kind::call, begin, t.text, std::move(children));
      out->name_offset = t.offset;
      out->name_length = t.length;
      return out;
    }
    tree_ptr out = make(tree_kind::name, begin, t.text, {});
    out->name_offset = t.offset;
    out->name_length = t.length;
    out->rooted = rooted;
    if (rooted) return out;
    if (t.text == "true" || t.text == "false") {
      out->kind = tree_kind::literal;
      out->constant = value(t.text == "true");
    } else if (contains(std::array<std::string_view, 5>{"null", "nil", "None", "NULL", "undefined"},
                        t.text)) {
      report("no_null", "there is no `" + t.text + "`: a fact that is missing is unknown",
             "declare the fact `optional` and ask `has(fact)`", t);
      out->kind = tree_kind::invalid;
    } else if (declares(t)) {
      // Nothing behind it can be read as it was meant.
      abandon(t.offset);
      report("reserved_word", "a condition has no variables of its own",
             "name it under `values`, and read it as `values." + peek().text + "`", t);
      out->kind = tree_kind::invalid;
      stop();
    } else if (contains(reserved, t.text)) {
      report("reserved_word", "`" + t.text + "` is a reserved word",
             t.text == "if" || t.text == "else" ? "write `condition ? a : b`" : "use another name",
             t);
      if (t.text == "if") synchronise();
      out->kind = tree_kind::invalid;
    }
    return out;
  }

  /// `let x = 3`, and as other languages write it.
  bool declares(const token& t) const {
    return contains(std::array<std::string_view, 3>{"let", "var", "const"}, t.text) &&
           at(token_kind::identifier);
  }

  tree_ptr literal(const token& t, bool negative, std::size_t begin) {
    tree_ptr out = make(tree_kind::literal, begin, "", {});
    if (t.misread) {
      out->kind = tree_kind::invalid;
    } else if (t.kind == token_kind::string) {
      out->constant = value(t.text);
    } else if (t.kind == token_kind::number) {
      out->constant = value(negative ? -t.number : t.number);
    } else {
      constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      if (t.out_of_range || t.magnitude > most + (negative ? 1 : 0)) {
        report("int_range", "`" + std::string(text(t).substr(0, 40)) + "` does not fit in 64 bits",
               "write a number from -9223372036854775808 to 9223372036854775807", t);
      }
      const std::uint64_t bits = negative ? std::uint64_t{0} - t.magnitude : t.magnitude;
      out->constant = value(static_cast<std::int64_t>(bits));
    }
    return out;
  }

  std::size_t depth_limit_;
  std::size_t open_{};
};

}  // namespace

tree_ptr parse(std::string_view source, const compile_options& options, issues& found) {
  return parser(source, options, found).run();
}

}  // namespace leeway::condition
