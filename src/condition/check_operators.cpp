// SPDX-License-Identifier: Apache-2.0
// Logic and operators, and how they depend on the proposed amount.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

namespace leeway::condition {

namespace {

slots united(slots a, const slots& b) {
  a.insert(b.begin(), b.end());
  return a;
}

slots common(const slots& a, const slots& b) {
  slots out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

/// The names that are certainly there when a node is true, or false.
class presence {
 public:
  slots when(const node& n, bool truth) {
    switch (n.what) {
      case operation::has_fact: return truth ? slots{n.index} : slots{};
      case operation::logic_not: return when(*n.args[0], !truth);
      case operation::reference: return when(*n.definition, truth);
      case operation::logic_and:
      case operation::logic_or: {
        const bool every_side = (n.what == operation::logic_and) == truth;
        slots out = when(*n.args[0], truth);
        for (std::size_t i = 1; i < n.args.size(); ++i) {
          const slots side = when(*n.args[i], truth);
          out = every_side ? united(std::move(out), side) : common(out, side);
        }
        return out;
      }
      default: return {};
    }
  }

 private:
  slots when(const program& definition, bool truth) {
    // Values that name values twice would be gone through without end.
    const auto key = std::pair(&definition, truth);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    return known_.emplace(key, when(definition.root(), truth)).first->second;
  }

  std::map<std::pair<const program*, bool>, slots> known_{};
};

slots present_when(const node& n, bool truth) { return presence().when(n, truth); }

}  // namespace

node_ptr checker::truth(const tree& t, const std::string& where) {
  node_ptr out = check(t);
  const type& found = out->static_type;
  if (found.is_nothing() || found.is(value_kind::boolean)) return out;
  report("type_mismatch", where + " takes `bool`, found " + shown(found),
         condition_remedy(side(t, *out)), t);
  return refused();
}

amount_use checker::united_use(const std::vector<node_ptr>& args) {
  for (const node_ptr& a : args) {
    if (a->amount != amount_use::none) return amount_use::closed;
  }
  return amount_use::none;
}

node_ptr checker::logic(const tree& t, operation what) {
  const slots before = guards_;
  std::vector<node_ptr> args;
  for (const tree_ptr& child : t.children) {
    args.push_back(truth(*child, "`" + t.text + "`"));
    if (is_constant(*args.back())) always(*child, args.back()->constant->as_bool());
    guards_ = united(std::move(guards_), present_when(*args.back(), what == operation::logic_and));
  }
  guards_ = before;
  node_ptr out = make(what, value_kind::boolean, std::move(args));
  out->amount = united_use(out->args);
  check_contradictions(t, *out);
  return out;
}

node_ptr checker::conditional(const tree& t) {
  node_ptr test = truth(*t.children[0], "`?`");
  const slots before = guards_;
  guards_ = united(before, present_when(*test, true));
  node_ptr then = check(*t.children[1]);
  guards_ = united(before, present_when(*test, false));
  node_ptr otherwise = check(*t.children[2]);
  guards_ = before;
  const auto result = join(then->static_type, otherwise->static_type);
  if (!result) {
    std::string remedy = comparison_remedy("==", side(*t.children[1], *then),
                                           side(*t.children[2], *otherwise), env_);
    const auto is = [&](value_kind a, value_kind b) {
      return then->static_type.is(a) && otherwise->static_type.is(b);
    };
    // Most often the factor of an amount, where a `double` would be refused next.
    if (is(value_kind::integer, value_kind::number) ||
        is(value_kind::number, value_kind::integer)) {
      remedy += "; a share of money is a ratio, such as `percent(50)`";
    }
    if (remedy == "compare it with a number") remedy = "write both as text, or both as numbers";
    report_at_name("type_mismatch",
                   "both results of `? :` must be of one type, found " + shown(then->static_type) +
                       " and " + shown(otherwise->static_type),
                   std::move(remedy), t);
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

node_ptr checker::unary(const tree& t) {
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

node_ptr checker::binary(const tree& t) {
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
  node_ptr out = make(operation::call, found->returns, list_of(std::move(left), std::move(right)));
  out->function = found->chosen;
  out->amount = relation ? relation_use(t, *out) : arithmetic_use(t, *out);
  check_choices(t, *out);
  if (relation) check_constant(t, *out);
  return fold(std::move(out), t);
}

void checker::check_choices(const tree& t, const node& n) {
  const node &left = *n.args[0], &right = *n.args[1];
  if (t.text == "==" || t.text == "!=" || t.text == "in") {
    check_choice(left, right, *t.children[1]);
    check_choice(right, left, *t.children[0]);
  }
}

void checker::check_choice(const node& fact, const node& held, const tree& at) {
  if (fact.what != operation::fact || !held.constant) return;
  const std::vector<value>& choices = env_.at(fact.index).one_of;
  if (choices.empty()) return;
  const auto check_one = [&](const value& v) {
    if (std::ranges::find(choices, v) != choices.end()) return;
    std::vector<std::string> names;
    for (const value& choice : choices) names.push_back(choice.to_string());
    const auto near = did_you_mean(v.to_string(), names);
    report(
        "never_this_value",
        "`" + env_.at(fact.index).path + "` is never " + v.to_string() + ": it is not in `one_of`",
        near ? "did you mean `" + *near + "`?" : "use one of the fact's values, or add this one",
        at.offset, at.length, true);
  };
  if (!held.constant->is(value_kind::list)) return check_one(*held.constant);
  for (const value& v : held.constant->as_list()) check_one(v);
}

void checker::mismatch(const tree& t, const node& left, const node& right, bool relation) {
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

void checker::refuse_amount(node& n, const tree& t, std::string_view where) {
  if (n.amount == amount_use::none) return;
  not_linear("the proposed amount cannot stand in " + std::string(where) +
                 ": it may only be compared, plain, added to, or times a constant",
             "compare the amount itself, as in `action.amount <= ...`", t);
  n.amount = amount_use::none;
}

amount_use checker::relation_use(const tree& t, node& n) {
  node &left = *n.args[0], &right = *n.args[1];
  if (left.amount == amount_use::none && right.amount == amount_use::none) return amount_use::none;
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

amount_use checker::arithmetic_use(const tree& t, node& n) {
  const node &left = *n.args[0], &right = *n.args[1];
  if (left.amount == amount_use::none && right.amount == amount_use::none) return amount_use::none;
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

}  // namespace leeway::condition
