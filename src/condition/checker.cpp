// SPDX-License-Identifier: Apache-2.0
#include "condition/checker.hpp"

#include "condition/cost.hpp"
#include "condition/remedies.hpp"

#include <leeway/base/diagnostic.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <utility>

namespace leeway::condition {

namespace {

// The deepest evaluation, through all references: keeps the evaluator far from the stack's end.
constexpr std::size_t deepest_evaluation = 400;
constexpr std::size_t longest_pattern = 1000;
constexpr std::int64_t pattern_memory = 1 << 20;

using slots = std::set<slot>;

slots united(slots a, const slots& b) {
  a.insert(b.begin(), b.end());
  return a;
}

slots common(const slots& a, const slots& b) {
  slots out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

/// The names that are certainly there when `n` is `truth`.
slots present_when(const node& n, bool truth) {
  switch (n.what) {
    case operation::has_fact: return truth ? slots{n.index} : slots{};
    case operation::logic_not: return present_when(*n.args[0], !truth);
    case operation::reference: return present_when(n.definition->root(), truth);
    case operation::logic_and:
    case operation::logic_or: {
      const bool every_side = (n.what == operation::logic_and) == truth;
      slots out = present_when(*n.args[0], truth);
      for (std::size_t i = 1; i < n.args.size(); ++i) {
        const slots side = present_when(*n.args[i], truth);
        out = every_side ? united(std::move(out), side) : common(out, side);
      }
      return out;
    }
    default: return {};
  }
}

/// The errors of base carry their remedy behind a semicolon; here it stands by itself.
struct told {
  std::string message{};
  std::string remedy{};
};

told split(const std::string& message, std::string otherwise) {
  const auto at = message.find("; ");
  if (at == std::string::npos) return {message, std::move(otherwise)};
  return {message.substr(0, at), message.substr(at + 2)};
}

struct segment {
  std::string text{};
  std::size_t offset{};
  std::size_t length{};
  bool quoted() const { return length != text.size(); }
};

class checker {
 public:
  checker(std::string_view source, const environment& env, const compile_options& options,
          issues& found)
      : source_(source), env_(env), options_(options), found_(found) {}

  node_ptr check(const tree& t) {
    node_ptr out = dispatch(t);
    out->offset = t.offset;
    out->length = t.length;
    measure(*out, options_);
    if (out->depth > deepest_evaluation && !deep_) {
      deep_ = true;
      report("too_deep", "the expression is nested too deep through `values`",
             "name fewer values through each other", t);
    }
    return out;
  }

 private:
  // -- reporting -------------------------------------------------------------------------------

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

  // -- nodes -----------------------------------------------------------------------------------

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
  static bool is_constant(const node& n) {
    return n.what == operation::constant && n.constant.has_value();
  }

  node_ptr dispatch(const tree& t) {
    switch (t.kind) {
      case tree_kind::literal: return constant(*t.constant, type(t.constant->kind()));
      case tree_kind::name:
      case tree_kind::select: return selection(t);
      case tree_kind::index: return index(t);
      case tree_kind::call:
      case tree_kind::member_call: return call(t);
      case tree_kind::unary: return unary(t);
      case tree_kind::binary: return binary(t);
      case tree_kind::logic_and: return logic(t, operation::logic_and);
      case tree_kind::logic_or: return logic(t, operation::logic_or);
      case tree_kind::conditional: return conditional(t);
      case tree_kind::list: return list(t);
      case tree_kind::map: return map(t);
      case tree_kind::macro: return macro(t);
      case tree_kind::invalid:
        for (const tree_ptr& child : t.children) check(*child);
        return refused();
    }
    return refused();
  }

  operand side(const tree& t, const node& n) const { return {t, n.static_type, source_}; }

  // -- names -----------------------------------------------------------------------------------

  /// The names of `a.b.c`, and where they end: on a name, or on another expression.
  static std::pair<const tree*, std::vector<segment>> path_of(const tree& t) {
    std::vector<segment> names;
    const tree* at = &t;
    while (at->kind == tree_kind::select) {
      names.push_back({at->text, at->name_offset, at->name_length});
      at = at->children[0].get();
    }
    if (at->kind == tree_kind::name) names.push_back({at->text, at->name_offset, at->name_length});
    std::reverse(names.begin(), names.end());
    return {at, std::move(names)};
  }

  static std::string joined(const std::vector<segment>& names, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : ".") + names[i].text;
    return out;
  }

  node_ptr selection(const tree& t) {
    const auto [base, names] = path_of(t);
    if (base->kind != tree_kind::name) {
      // Not a dotted name: a field of some other expression.
      node_ptr target = check(*t.children[0]);
      return field(std::move(target), {t.text, t.name_offset, t.name_length}, *t.children[0]);
    }
    std::size_t used = 0;
    node_ptr out = root_name(*base, names, used);
    if (out == nullptr) return refused();
    for (; used < names.size(); ++used) {
      tree shown_so_far;
      shown_so_far.offset = base->offset;
      shown_so_far.length = names[used - 1].offset + names[used - 1].length - base->offset;
      out->offset = shown_so_far.offset;
      out->length = shown_so_far.length;
      measure(*out, options_);
      out = field(std::move(out), names[used], shown_so_far);
    }
    return out;
  }

  /// The longest declared beginning of a dotted name; nullptr when it is refused.
  node_ptr root_name(const tree& base, const std::vector<segment>& names, std::size_t& used) {
    if (!base.rooted) {
      for (std::size_t i = scope_.size(); i-- > 0;) {
        if (scope_[i].name != names[0].text) continue;
        used = 1;
        node_ptr out = make(operation::local, scope_[i].held);
        out->index = static_cast<std::uint32_t>(i);
        out->extent = scope_[i].extent;
        return out;
      }
    }
    std::size_t plain = 0;
    while (plain < names.size() && !names[plain].quoted()) ++plain;
    for (std::size_t n = plain; n > 0; --n) {
      const auto s = env_.slot_of(joined(names, n));
      if (!s) continue;
      used = n;
      return fact(*s, names[0].offset, names[n - 1].offset + names[n - 1].length - names[0].offset);
    }
    if (names.size() >= 2) {
      used = 2;
      if (names[0].text == "values") return reference(names);
      if (names[0].text == "tables") return table(names);
    }
    unknown_name(names);
    return nullptr;
  }

  node_ptr fact(slot s, std::size_t offset, std::size_t length) {
    const declaration& d = env_.at(s);
    if (d.protected_attribute) {
      report("protected_attribute",
             "`" + d.path + "` is a protected attribute: no condition may read it",
             "decide on what the customer is owed, not on who they are", offset, length);
      return nullptr;
    }
    if (d.optional && !guards_.contains(s)) {
      report("optional_unguarded", "`" + d.path + "` is optional: it may be absent here",
             "guard it: `has(" + d.path + ") && ...`", offset, length);
    }
    node_ptr out = make(operation::fact, d.static_type);
    out->index = s;
    out->amount = d.amount ? amount_use::linear : amount_use::none;
    return out;
  }

  node_ptr reference(const std::vector<segment>& names) {
    const auto* definition = env_.find_value(names[1].text);
    if (definition == nullptr || *definition == nullptr) {
      unknown_name(names);
      return nullptr;
    }
    node_ptr out = make(operation::reference, (*definition)->result_type());
    out->definition = *definition;
    out->amount = (*definition)->root().amount;
    return out;
  }

  node_ptr table(const std::vector<segment>& names) {
    const auto* rows = env_.find_table(names[1].text);
    if (rows == nullptr) {
      unknown_name(names);
      return nullptr;
    }
    return constant(rows->rows, rows->table_type);
  }

  void unknown_name(const std::vector<segment>& names) {
    const std::string whole = joined(names, names.size());
    const std::size_t offset = names.front().offset;
    const std::size_t length = names.back().offset + names.back().length - offset;
    std::vector<std::string> known = env_.names();
    for (const std::string& name : known) {
      if (!name.starts_with(whole + ".")) continue;
      return report("unknown_name", "`" + whole + "` is a group of names, not a value",
                    "name one of them, such as `" + name + "`", offset, length);
    }
    for (const local& l : scope_) known.push_back(l.name);
    std::string remedy = unknown_remedy(names, whole, known);
    report("unknown_name", "unknown name `" + whole + "`", std::move(remedy), offset, length);
  }

  std::string unknown_remedy(const std::vector<segment>& names, const std::string& whole,
                             std::vector<std::string>& known) const {
    if (whole == "True" || whole == "TRUE" || whole == "yes") return "write `true`";
    if (whole == "False" || whole == "FALSE" || whole == "no") return "write `false`";
    if (auto near = suggestion(whole, known); !near.empty()) return near;
    std::string foreign =
        foreign_name_remedy(names.back().text, joined(names, names.size() - 1), type::nothing());
    if (!foreign.empty()) return foreign;
    if (names.size() > 1) {
      // `minutes_late` of the wrong group: the last name alone may be known elsewhere.
      for (const std::string& name : known) {
        if (name.ends_with("." + names.back().text)) return "did you mean `" + name + "`?";
      }
    } else {
      for (const std::string& name : known) {
        if (name.ends_with("." + whole)) return "did you mean `" + name + "`?";
      }
      return "declare it under `facts`, or put quotes around it if it is text";
    }
    return "declare it under `facts`";
  }

  node_ptr field(node_ptr target, const segment& name, const tree& written) {
    const type& t = target->static_type;
    if (refused_side(*target)) return refused();
    if (!t.is(value_kind::map) && !t.is_nothing()) {
      std::string remedy = foreign_name_remedy(name.text, std::string(text(written)), t);
      if (remedy.empty() && is_function(name.text, true)) {
        remedy = "call it: `" + std::string(text(written)) + "." + name.text +
                 (name.text == "contains" || name.text.ends_with("With") ? "('...')`" : "()`");
      }
      if (remedy.empty()) {
        remedy = suggestion(std::string(text(written)) + "." + name.text, env_.names());
      }
      if (remedy.empty()) remedy = "only a map has fields";
      report("no_field", shown(t) + " has no field `" + name.text + "`", std::move(remedy),
             name.offset, name.length);
      return refused();
    }
    if (t.key() != nullptr && !t.key()->is(value_kind::string)) {
      report("type_mismatch", "the keys of this map are " + shown(*t.key()) + ", not names",
             "write `" + std::string(text(written)) + "[key]`", name.offset, name.length);
      return refused();
    }
    if (!row_exists(*target, value(name.text), name.offset, name.length)) return refused();
    refuse_amount(*target, written, "a field");
    node_ptr out = make(operation::field, t.element_or_nothing());
    out->constant = value(name.text);
    out->args.push_back(std::move(target));
    return out;
  }

  std::string_view text(const tree& t) const { return source_.substr(t.offset, t.length); }

  /// A constant table answers when the policy is loaded whether it has a row.
  bool row_exists(const node& rows, const value& key, std::size_t offset, std::size_t length) {
    const bool of_table = is_constant(rows) && !rows.folded &&
                          source_.substr(rows.offset, rows.length).starts_with("tables.");
    if (!of_table || rows.constant->find(key) != nullptr) return true;
    std::vector<std::string> keys;
    for (const auto& [k, v] : rows.constant->as_map())
      keys.push_back(k.is(value_kind::string) ? k.as_string() : k.to_string());
    std::string remedy;
    if (key.is(value_kind::string)) remedy = suggestion(key.as_string(), keys);
    if (remedy.empty()) remedy = "add the row to the table";
    report("unknown_row",
           "the table has no row `" +
               (key.is(value_kind::string) ? key.as_string() : key.to_string()) + "`",
           std::move(remedy), offset, length);
    return false;
  }

  node_ptr index(const tree& t) {
    node_ptr target = check(*t.children[0]);
    node_ptr key = check(*t.children[1]);
    const type held = target->static_type;
    if (refused_side(*target) || refused_side(*key)) return refused();
    refuse_amount(*target, *t.children[0], "an index");
    refuse_amount(*key, *t.children[1], "an index");
    if (held.is_nothing()) {
      return make(operation::index, held, list_of(std::move(target), std::move(key)));
    }
    if (held.is(value_kind::list)) {
      if (!key->static_type.fits(value_kind::integer)) {
        report(
            "type_mismatch", "a list is indexed by `int`, found " + shown(key->static_type),
            key->static_type.is(value_kind::string) ? "ask `x in list`" : "the first item is `[0]`",
            *t.children[1]);
        return refused();
      }
      return make(operation::index, held.element_or_nothing(),
                  list_of(std::move(target), std::move(key)));
    }
    if (!held.is(value_kind::map)) {
      report("type_mismatch", shown(held) + " cannot be indexed", "only lists and maps can",
             *t.children[0]);
      return refused();
    }
    if (held.key() != nullptr && !key->static_type.fits(*held.key())) {
      report(
          "type_mismatch",
          "the keys of this map are " + shown(*held.key()) + ", found " + shown(key->static_type),
          held.key()->is(value_kind::string) ? "put quotes around it, or write `string(x)`"
                                             : "index it by its key",
          *t.children[1]);
      return refused();
    }
    if (is_constant(*key) &&
        !row_exists(*target, *key->constant, t.children[1]->offset, t.children[1]->length)) {
      return refused();
    }
    return make(operation::index, held.element_or_nothing(),
                list_of(std::move(target), std::move(key)));
  }

  // -- logic -----------------------------------------------------------------------------------

  /// Checks one side of a logical operator or a condition: it must be bool.
  node_ptr truth(const tree& t, const std::string& where) {
    node_ptr out = check(t);
    const type& found = out->static_type;
    if (found.is_nothing() || found.is(value_kind::boolean)) return out;
    report("type_mismatch", where + " takes `bool`, found " + shown(found),
           condition_remedy(side(t, *out)), t);
    return refused();
  }

  static amount_use united_use(const std::vector<node_ptr>& args) {
    for (const node_ptr& a : args) {
      if (a->amount != amount_use::none) return amount_use::closed;
    }
    return amount_use::none;
  }

  node_ptr logic(const tree& t, operation what) {
    const slots before = guards_;
    std::vector<node_ptr> args;
    for (const tree_ptr& child : t.children) {
      args.push_back(truth(*child, "`" + t.text + "`"));
      guards_ =
          united(std::move(guards_), present_when(*args.back(), what == operation::logic_and));
    }
    guards_ = before;
    node_ptr out = make(what, value_kind::boolean, std::move(args));
    out->amount = united_use(out->args);
    return out;
  }

  node_ptr conditional(const tree& t) {
    node_ptr test = truth(*t.children[0], "`?`");
    const slots before = guards_;
    guards_ = united(before, present_when(*test, true));
    node_ptr then = check(*t.children[1]);
    guards_ = united(before, present_when(*test, false));
    node_ptr otherwise = check(*t.children[2]);
    guards_ = before;
    const auto result = join(then->static_type, otherwise->static_type);
    if (!result) {
      report_at_name("type_mismatch",
                     "both results of `? :` must be of one type, found " +
                         shown(then->static_type) + " and " + shown(otherwise->static_type),
                     comparison_remedy("==", side(*t.children[1], *then),
                                       side(*t.children[2], *otherwise), env_),
                     t);
      return refused();
    }
    node_ptr out = make(operation::conditional, *result,
                        list_of(std::move(test), std::move(then), std::move(otherwise)));
    const bool linear_branch =
        out->args[1]->amount == amount_use::linear || out->args[2]->amount == amount_use::linear;
    if (result->is(value_kind::boolean)) {
      out->amount = united_use(out->args);
    } else if (out->args[0]->amount != amount_use::none) {
      not_linear("an amount that is chosen by the amount itself has no single slope",
                 "choose by something else, or compare inside each branch", t);
      return refused();
    } else if (linear_branch) {
      out->amount = amount_use::linear;
    }
    return out;
  }

  node_ptr unary(const tree& t) {
    if (t.text == "!") {
      node_ptr inner = truth(*t.children[0], "`!`");
      node_ptr out = make(operation::logic_not, value_kind::boolean, list_of(std::move(inner)));
      out->amount = out->args[0]->amount;
      return out;
    }
    node_ptr inner = check(*t.children[0]);
    if (refused_side(*inner)) return refused();
    const std::array given = {inner->static_type};
    const auto found = resolve("-_", false, given);
    if (!found) {
      report("type_mismatch",
             "`-` takes a number, an amount or a duration, found " + shown(inner->static_type),
             inner->static_type.is(value_kind::boolean) ? "write `!` for not" : "leave the `-` out",
             t);
      return refused();
    }
    node_ptr out = make(operation::call, found->returns, list_of(std::move(inner)));
    out->function = found->chosen;
    out->amount = out->args[0]->amount;
    return fold(std::move(out), t);
  }

  // -- operators -------------------------------------------------------------------------------

  node_ptr binary(const tree& t) {
    node_ptr left = check(*t.children[0]);
    node_ptr right = check(*t.children[1]);
    const bool relation =
        t.text == "in" || t.text == "==" || t.text == "!=" || t.text[0] == '<' || t.text[0] == '>';
    if (refused_side(*left) || refused_side(*right)) {
      // What is refused already fits everywhere, but the kind of result is known.
      node_ptr out = refused();
      if (relation) out->static_type = value_kind::boolean;
      return out;
    }
    const std::array given = {left->static_type, right->static_type};
    const auto found = resolve(t.text, false, given);
    if (!found) {
      mismatch(t, *left, *right, relation);
      node_ptr out = refused();
      if (relation) out->static_type = value_kind::boolean;
      return out;
    }
    node_ptr out =
        make(operation::call, found->returns, list_of(std::move(left), std::move(right)));
    out->function = found->chosen;
    out->amount = relation ? relation_use(t, *out) : arithmetic_use(t, *out);
    return fold(std::move(out), t);
  }

  /// Whether a node was refused, as against an element of an empty literal.
  static bool refused_side(const node& n) {
    return n.static_type.is_nothing() && n.what == operation::constant && !n.constant;
  }

  void mismatch(const tree& t, const node& left, const node& right, bool relation) {
    const operand l = side(*t.children[0], left), r = side(*t.children[1], right);
    const std::string types = shown(left.static_type) + " and " + shown(right.static_type);
    if (t.text == "in") {
      const bool searchable =
          right.static_type.is(value_kind::list) || right.static_type.is(value_kind::map);
      std::string remedy = "the right side of `in` is a list or a map";
      if (right.static_type.is(value_kind::string)) {
        remedy = "write `" + r.text() + ".contains(" + l.text() + ")`";
      } else if (searchable) {
        remedy = "look for " + shown(right.static_type.is(value_kind::list)
                                         ? right.static_type.element_or_nothing()
                                         : right.static_type.key_or_nothing());
      }
      return report_at_name(
          "type_mismatch",
          "`in` cannot look for " + shown(left.static_type) + " in " + shown(right.static_type),
          std::move(remedy), t);
    }
    if (relation) {
      const bool unordered = join(left.static_type, right.static_type).has_value();
      return report_at_name("type_mismatch",
                            unordered ? "`" + t.text + "` cannot order " + shown(left.static_type)
                                      : "`" + t.text + "` cannot compare " + types,
                            unordered ? "compare them with `==`, or their `size(...)`"
                                      : comparison_remedy(t.text, l, r, env_),
                            t);
    }
    report_at_name("type_mismatch", "`" + t.text + "` has no meaning for " + types,
                   arithmetic_remedy(t.text, l, r, env_), t);
  }

  // -- the amount ------------------------------------------------------------------------------

  void not_linear(std::string message, std::string remedy, const tree& t) {
    report("amount_not_linear", std::move(message), std::move(remedy), t);
  }

  /// The proposed amount must not reach into places where no threshold could be computed.
  void refuse_amount(node& n, const tree& t, std::string_view where) {
    if (n.amount == amount_use::none) return;
    not_linear("the proposed amount cannot stand in " + std::string(where) +
                   ": it may only be compared, plain, added to, or times a constant",
               "compare the amount itself, as in `action.amount <= ...`", t);
    n.amount = amount_use::none;
  }

  amount_use relation_use(const tree& t, node& n) {
    node &left = *n.args[0], &right = *n.args[1];
    if (left.amount == amount_use::none && right.amount == amount_use::none)
      return amount_use::none;
    if (t.text == "in") {
      refuse_amount(left, *t.children[0], "`in`");
      refuse_amount(right, *t.children[1], "`in`");
      return amount_use::none;
    }
    if (left.static_type.is(value_kind::boolean)) return amount_use::closed;
    if (left.amount != amount_use::none && right.amount != amount_use::none) {
      not_linear("the proposed amount stands on both sides of `" + t.text + "`",
                 "bring it to one side", t);
      return amount_use::none;
    }
    return amount_use::closed;
  }

  amount_use arithmetic_use(const tree& t, node& n) {
    node &left = *n.args[0], &right = *n.args[1];
    if (left.amount == amount_use::none && right.amount == amount_use::none)
      return amount_use::none;
    const bool money_result = n.static_type.is(value_kind::money);
    if (money_result && (t.text == "+" || t.text == "-")) return amount_use::linear;
    const bool one_side = left.amount == amount_use::none || right.amount == amount_use::none;
    const bool divisor = t.text == "/" && right.amount != amount_use::none;
    if (money_result && one_side && !divisor) return amount_use::linear;
    not_linear("`" + t.text + "` here does not leave the proposed amount linear",
               t.text == "/"
                   ? "multiply out: `action.amount > x * share` for `action.amount / x > share`"
                   : "multiply it by a constant only",
               t);
    return amount_use::none;
  }

  // -- calls -----------------------------------------------------------------------------------

  node_ptr call(const tree& t) {
    const bool member = t.kind == tree_kind::member_call;
    if (!member && t.text == "has") return has(t);
    std::vector<node_ptr> args;
    std::vector<type> given;
    bool bad = false;
    const bool known = is_function(t.text, member);
    // `x.size()` on an unknown function still has its target checked, for all slips at once.
    for (const tree_ptr& child : t.children) {
      args.push_back(check(*child));
      given.push_back(args.back()->static_type);
      bad = bad || refused_side(*args.back());
    }
    if (!known) {
      unknown_function(t, args, member);
      return refused();
    }
    if (bad) return refused();
    const auto found = resolve(t.text, member, given);
    if (!found) {
      no_overload(t, given, member);
      return refused();
    }
    for (std::size_t i = 0; i < args.size(); ++i) {
      refuse_amount(*args[i], *t.children[i], "`" + t.text + "(...)`");
    }
    node_ptr out = make(operation::call, found->returns, std::move(args));
    out->function = found->chosen;
    if (!settle_literals(t, *out)) return refused();
    return fold(std::move(out), t);
  }

  /// `list.contains(x)` and its kin, in the words of this language; empty when it is not that.
  std::string searched(const tree& t, const type& target) const {
    const bool search = t.text == "contains" || t.text == "includes" || t.text == "include";
    const bool held = target.is(value_kind::list) || target.is(value_kind::map);
    if (!search || !held || t.children.size() != 2) return {};
    return "write `" + std::string(text(*t.children[1])) + " in " +
           std::string(text(*t.children[0])) + "`";
  }

  void unknown_function(const tree& t, const std::vector<node_ptr>& args, bool member) {
    const type target = member ? args[0]->static_type : type::nothing();
    const std::string target_text = member ? std::string(text(*t.children[0])) : "";
    std::string remedy = searched(t, target);
    if (!remedy.empty()) {
      return report_at_name("unknown_function", "unknown function `" + t.text + "`",
                            std::move(remedy), t);
    }
    if (is_function(t.text, !member)) {
      remedy = member ? "write `" + t.text + "(" + target_text + ", ...)`"
                      : "write `x." + t.text + "(...)`";
      if (member && t.children.size() == 1) remedy = "write `" + t.text + "(" + target_text + ")`";
    } else if (member && (t.text == "has" || t.text == "contains")) {
      remedy = foreign_name_remedy(t.text, target_text, target);
    } else {
      remedy = foreign_name_remedy(t.text, target_text, target);
      if (remedy.empty()) remedy = suggestion(t.text, function_names());
    }
    if (remedy.empty() && !member && env_.find(t.text) != nullptr) remedy = "a fact takes no `()`";
    if (remedy.empty()) remedy = "docs/conditions.md lists all functions";
    report_at_name("unknown_function", "unknown function `" + t.text + "`", std::move(remedy), t);
  }

  void no_overload(const tree& t, const std::vector<type>& given, bool member) {
    std::string types;
    for (std::size_t i = member ? 1 : 0; i < given.size(); ++i) {
      if (!types.empty()) types += ", ";
      types += given[i].to_string();
    }
    std::string found = t.text + "(" + types + ")";
    if (member) found = given[0].to_string() + "." + found;
    std::string remedy = searched(t, given.empty() ? type::nothing() : given[0]);
    if (remedy.empty()) remedy = "expected " + signatures(t.text, member);
    report_at_name("no_overload", "there is no `" + found + "`", std::move(remedy), t);
  }

  /// What must be known when the policy is loaded: amounts, ratios, patterns, units, zones.
  bool settle_literals(const tree& t, node& n) {
    const std::string& name = t.text;
    if (n.function->run == nullptr) return exact_literal(t, n);
    if (name == "matches") return compile_pattern(t, n);
    if (name == "round") {
      static const std::vector<std::string> modes = {"half_even", "half_up", "half_down", "up",
                                                     "down",      "ceiling", "floor"};
      return one_of(t, n, modes, "rounding");
    }
    if (name == "start_of") {
      static const std::vector<std::string> units = {"day", "week", "month", "quarter", "year"};
      return one_of(t, n, units, "unit");
    }
    if (name.starts_with("get") && n.args.size() == 2 && is_constant(*n.args[1])) {
      const auto zone = time_zone::find(n.args[1]->constant->as_string());
      if (zone) return true;
      auto [message, remedy] = split(zone.error().message, "name a zone such as `America/Denver`");
      report(zone.error().code, std::move(message), std::move(remedy), *t.children[1]);
      return false;
    }
    return true;
  }

  /// Whether the second argument is one of a few words.
  bool one_of(const tree& t, const node& n, const std::vector<std::string>& words,
              const std::string& kind) {
    const tree& where = *t.children[1];
    std::string choices = "write ";
    for (std::size_t i = 0; i < words.size(); ++i) {
      choices += (i == 0 ? "`" : i + 1 == words.size() ? " or `" : ", `") + words[i] + "`";
    }
    if (!is_constant(*n.args[1])) {
      report("literal_needed", "the " + kind + " of `" + t.text + "` must be a literal",
             std::move(choices), where);
      return false;
    }
    const std::string& word = n.args[1]->constant->as_string();
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    std::string near = suggestion(word, words);
    report("unknown_" + kind, "`" + word + "` is not a " + kind,
           near.empty() ? std::move(choices) : std::move(near), where);
    return false;
  }

  /// `money('...')` and `ratio('...')`: constants.
  bool exact_literal(const tree& t, node& n) {
    const tree& where = *t.children[0];
    const std::string code(env_.money_currency().code());
    const bool is_money = t.text == "money";
    if (!is_constant(*n.args[0])) {
      report("literal_needed", "the argument of `" + t.text + "` must be a literal",
             is_money ? "write `money('50 " + code + "')`; keep an amount in a `money` fact"
                      : "write `ratio('12.5%')`, or `ratio(a, b)` and `percent(n)` of `int`s",
             where);
      return false;
    }
    const std::string& written = n.args[0]->constant->as_string();
    const auto refuse = [&](const error& e, std::string remedy) {
      auto [message, own_remedy] = split(e.message, std::move(remedy));
      report(e.code, std::move(message), std::move(own_remedy), where);
      return false;
    };
    if (is_money) {
      const auto amount = money::parse(written);
      if (!amount) return refuse(amount.error(), "write it as `money('50.00 " + code + "')`");
      if (amount->cur() != env_.money_currency()) {
        return refuse(
            {"money_currency", "`" + written + "` is not in the policy's currency, `" + code + "`"},
            "write the amount in `" + code + "`");
      }
      n.constant = value(*amount);
    } else {
      const auto share = ratio::parse(written);
      if (!share)
        return refuse(share.error(),
                      "write it as `ratio('12.5%')`, `ratio('0.125')` or `ratio('1/8')`");
      n.constant = value(*share);
    }
    n.what = operation::constant;
    n.args.clear();
    return true;
  }

  bool compile_pattern(const tree& t, node& n) {
    const tree& where = *t.children[1];
    if (!is_constant(*n.args[1])) {
      report("literal_needed", "the pattern of `matches` must be a literal",
             "write it as a string; for plain text use `contains`", where);
      return false;
    }
    const std::string& pattern = n.args[1]->constant->as_string();
    if (pattern.size() > longest_pattern) {
      report("bad_pattern",
             "the pattern is longer than " + std::to_string(longest_pattern) + " bytes",
             "split it into several", where);
      return false;
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory);
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok()) {
      report("bad_pattern", "the pattern of `matches` is malformed: " + compiled->error(),
             "patterns are those of RE2: no look-around, no back references", where);
      return false;
    }
    n.pattern = std::move(compiled);
    return true;
  }

  // -- has -------------------------------------------------------------------------------------

  node_ptr has(const tree& t) {
    if (t.children.size() != 1 ||
        (t.children[0]->kind != tree_kind::select && t.children[0]->kind != tree_kind::name)) {
      const bool indexed = t.children.size() == 1 && t.children[0]->kind == tree_kind::index;
      report("has_argument", "`has` takes one name or field",
             indexed ? "write `" + std::string(text(*t.children[0]->children[1])) + " in " +
                           std::string(text(*t.children[0]->children[0])) + "`"
                     : "write `has(name)`, and join conditions outside of it",
             t);
      return refused();
    }
    const tree& target = *t.children[0];
    const auto [base, names] = path_of(target);
    if (base->kind == tree_kind::name && (base->rooted || !is_local(names[0].text))) {
      if (const auto s = env_.slot_of(joined(names, names.size()))) return has_name(*s, target);
    }
    if (target.kind == tree_kind::name) {
      if (is_local(target.text)) {
        report("has_not_optional", shown(target) + " is always there", "leave `has` out", target);
      } else {
        unknown_name(names);
      }
      return refused();
    }
    // A field of a map: checked as the field would be, then asked for.
    const std::size_t before = found_.size();
    node_ptr read = check(target);
    if (read->what != operation::field) {
      if (found_.size() == before) {
        report("has_not_optional", shown(target) + " is always there", "leave `has` out", target);
      }
      return refused();
    }
    read->what = operation::has_field;
    read->static_type = value_kind::boolean;
    return read;
  }

  bool is_local(std::string_view name) const {
    return std::any_of(scope_.begin(), scope_.end(),
                       [&](const local& l) { return l.name == name; });
  }

  node_ptr has_name(slot s, const tree& target) {
    const declaration& d = env_.at(s);
    if (d.protected_attribute) {
      fact(s, target.offset, target.length);
      return refused();
    }
    if (!d.optional) {
      report("has_not_optional",
             "`" + d.path +
                 "` is not declared optional: while it is missing it is unknown, not absent",
             "leave `has` out, or declare it `\"optional\": true`", target);
      return refused();
    }
    node_ptr out = make(operation::has_fact, value_kind::boolean);
    out->index = s;
    return out;
  }

  // -- lists, maps, macros ---------------------------------------------------------------------

  node_ptr list(const tree& t) {
    type element = type::nothing();
    std::vector<node_ptr> items;
    bool bad = false;
    for (const tree_ptr& child : t.children) {
      items.push_back(check(*child));
      refuse_amount(*items.back(), *child, "a list");
      const type& found = items.back()->static_type;
      bad = bad || refused_side(*items.back());
      const auto both = join(element, found);
      if (!both) {
        report("type_mismatch",
               "the items of a list must be of one type, found " + shown(element) + " and " +
                   shown(found),
               comparison_remedy("==", side(*t.children[0], *items[0]), side(*child, *items.back()),
                                 env_),
               *child);
        bad = true;
        continue;
      }
      element = *both;
    }
    if (bad) return refused();
    return fold(make(operation::make_list, type::list_of(element), std::move(items)), t);
  }

  node_ptr map(const tree& t) {
    type key = type::nothing(), element = type::nothing();
    std::vector<node_ptr> items;
    bool bad = false;
    for (std::size_t i = 0; i < t.children.size(); ++i) {
      const tree& child = *t.children[i];
      items.push_back(check(child));
      refuse_amount(*items.back(), child, "a map");
      const type& found = items.back()->static_type;
      bad = bad || refused_side(*items.back());
      const bool is_key = i % 2 == 0;
      type& so_far = is_key ? key : element;
      if (is_key && !found.is_nothing() && !found.can_be_key()) {
        report("type_mismatch",
               "the key of a map is `string`, `int` or `bool`, found " + shown(found),
               "write it as text, with `string(x)`", child);
        bad = true;
        continue;
      }
      const auto both = join(so_far, found);
      if (!both) {
        report("type_mismatch",
               std::string("the ") + (is_key ? "keys" : "values") +
                   " of a map must be of one type, found " + shown(so_far) + " and " + shown(found),
               comparison_remedy("==", side(*t.children[is_key ? 0 : 1], *items[is_key ? 0 : 1]),
                                 side(child, *items.back()), env_),
               child);
        bad = true;
        continue;
      }
      so_far = *both;
    }
    if (bad || repeated_key(t, items)) return refused();
    return fold(make(operation::make_map, type::map_of(key, element), std::move(items)), t);
  }

  bool repeated_key(const tree& t, const std::vector<node_ptr>& items) {
    const auto less = [](const value& a, const value& b) { return value::order(a, b) < 0; };
    std::set<value, decltype(less)> seen(less);
    for (std::size_t i = 0; i < items.size(); i += 2) {
      if (!is_constant(*items[i]) || seen.insert(*items[i]->constant).second) continue;
      report("duplicate_key", "the key " + shown(*t.children[i]) + " stands twice in this map",
             "leave one out", *t.children[i]);
      return true;
    }
    return false;
  }

  struct local {
    std::string name{};
    type held;
    std::uint64_t extent{1};
  };

  static operation macro_operation(std::string_view name) {
    if (name == "all") return operation::all;
    if (name == "exists") return operation::exists;
    if (name == "exists_one") return operation::exists_one;
    if (name == "filter") return operation::filter;
    return operation::transform;
  }

  node_ptr macro(const tree& t) {
    node_ptr range = check(*t.children[0]);
    const type& over = range->static_type;
    const bool readable =
        over.is_nothing() || over.is(value_kind::list) || over.is(value_kind::map);
    if (!readable) {
      report("type_mismatch",
             "`" + t.text + "` goes over a list or the keys of a map, found " + shown(over),
             "call it on a list", *t.children[0]);
    }
    const bool bad = refused_side(*range) || !readable;
    refuse_amount(*range, *t.children[0], "`" + t.text + "`");
    type item = type::nothing();
    if (readable)
      item = over.is(value_kind::map) ? over.key_or_nothing() : over.element_or_nothing();
    hidden_name(t);
    scope_.push_back({t.variable, item, range->extent});
    // Of a refused range the items' type is not known: then the body is checked for names only.
    std::vector<node_ptr> args = list_of(std::move(range));
    const operation what = macro_operation(t.text);
    for (std::size_t i = 1; i < t.children.size(); ++i) {
      const bool condition = what != operation::transform || t.children.size() - i == 2;
      args.push_back(condition ? truth(*t.children[i], "`" + t.text + "`") : check(*t.children[i]));
      refuse_amount(*args.back(), *t.children[i], "`" + t.text + "`");
    }
    scope_.pop_back();
    if (bad || std::any_of(args.begin() + 1, args.end(),
                           [](const node_ptr& a) { return refused_side(*a); })) {
      node_ptr out = refused();
      if (what != operation::filter && what != operation::transform)
        out->static_type = value_kind::boolean;
      return out;
    }
    type result = value_kind::boolean;
    if (what == operation::filter) result = type::list_of(item);
    if (what == operation::transform) result = type::list_of(args.back()->static_type);
    return make(what, std::move(result), std::move(args));
  }

  void hidden_name(const tree& t) {
    const std::string prefix = t.variable + ".";
    const auto names = env_.names();
    const bool hides =
        is_local(t.variable) || std::any_of(names.begin(), names.end(), [&](const std::string& n) {
          return n == t.variable || n.starts_with(prefix);
        });
    if (!hides) return;
    report("hidden_name", "the variable `" + t.variable + "` hides a name of the policy",
           "choose another name", t.name_offset, t.name_length, true);
  }

  // -- folding ---------------------------------------------------------------------------------

  /// Computes what has only constant operands, once.
  node_ptr fold(node_ptr n, const tree& t) {
    if (n->what == operation::constant) {
      n->folded = true;
      return n;
    }
    if (n->static_type.is_nothing()) return n;
    const bool known = std::all_of(n->args.begin(), n->args.end(),
                                   [](const node_ptr& a) { return is_constant(*a); });
    if (!known) return n;
    auto out = compute(*n);
    if (!out) {
      return failing(std::move(n), t, out.error());
    }
    node_ptr folded = constant(std::move(*out), n->static_type);
    folded->folded = true;
    return folded;
  }

  computed compute(const node& n) const {
    std::vector<const value*> args;
    for (const node_ptr& a : n.args) args.push_back(&*a->constant);
    if (n.what == operation::call) return n.function->run({env_, n}, args);
    if (n.what == operation::make_list) {
      value::list_type items;
      for (const value* a : args) items.push_back(*a);
      return value::list(std::move(items));
    }
    value::map_type entries;
    for (std::size_t i = 0; i + 1 < args.size(); i += 2)
      entries.emplace_back(*args[i], *args[i + 1]);
    return value::map(std::move(entries));
  }

  /// A constant that cannot be computed: a malformed literal is refused, the rest is a lint, since
  /// another branch may be meant never to come here.
  node_ptr failing(node_ptr n, const tree& t, const std::string& why) {
    static constexpr std::array<std::string_view, 3> literals = {"timestamp", "duration", "date"};
    const bool literal = t.kind == tree_kind::call && t.children.size() == 1 &&
                         std::find(literals.begin(), literals.end(), t.text) != literals.end() &&
                         n->args[0]->static_type.is(value_kind::string);
    if (literal) {
      const std::string example = t.text == "date"       ? "date('2026-01-31')"
                                  : t.text == "duration" ? "duration('90m')"
                                                         : "timestamp('2026-01-31T12:00:00Z')";
      auto [message, remedy] = split(why, "write it as `" + example + "`");
      report("bad_" + t.text, std::move(message), std::move(remedy), *t.children[0]);
      return refused();
    }
    report("constant_fails", "this can never be computed: " + why, "correct the constants",
           t.offset, t.length, true);
    return n;
  }

  std::string_view source_;
  const environment& env_;
  const compile_options& options_;
  issues& found_;
  std::vector<local> scope_{};
  slots guards_{};
  bool deep_{};
};

void collect(const node& n, slots& out) {
  if (n.what == operation::fact || n.what == operation::has_fact) out.insert(n.index);
  if (n.what == operation::reference) {
    const auto& reads = n.definition->reads();
    out.insert(reads.begin(), reads.end());
  }
  for (const node_ptr& a : n.args) collect(*a, out);
}

}  // namespace

node_ptr check(const tree& root, std::string_view source, const environment& env,
               const compile_options& options, issues& found) {
  return checker(source, env, options, found).check(root);
}

std::vector<slot> facts_read(const node& root) {
  slots out;
  collect(root, out);
  return {out.begin(), out.end()};
}

}  // namespace leeway::condition
