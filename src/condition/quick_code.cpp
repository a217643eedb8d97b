// SPDX-License-Identifier: Apache-2.0
#include "condition/quick_code.hpp"

#include "condition/machine.hpp"

#include <leeway/base/ratio.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace leeway::condition {

namespace {

constexpr std::size_t most_arguments = 4;  // of a call without a list of them
constexpr std::size_t most_locals = 255;   // what an instruction can say

using kind = value_kind;

std::optional<relation> relation_of(std::string_view sign) {
  if (sign == "==") return relation::equal;
  if (sign == "!=") return relation::not_equal;
  if (sign == "<") return relation::less;
  if (sign == "<=") return relation::less_equal;
  if (sign == ">") return relation::greater;
  if (sign == ">=") return relation::greater_equal;
  return std::nullopt;
}

/// The relation of the sides exchanged.
relation mirrored(relation r) {
  switch (r) {
    case relation::less: return relation::greater;
    case relation::less_equal: return relation::greater_equal;
    case relation::greater: return relation::less;
    case relation::greater_equal: return relation::less_equal;
    default: return r;
  }
}

class layout {
 public:
  layout(const environment& env, quick_code& out) : env_(env), out_(out) {}

  void whole(node& root) {
    out_.steps.emplace_back();
    fill(0, root);
  }

 private:
  instruction& at(std::size_t i) { return out_.steps[i]; }

  void fill(std::size_t here, node& n) {
    instruction& i = at(here);
    n.quick = static_cast<std::uint32_t>(here);
    i.kind = n.static_type.kind();
    i.locals = static_cast<std::uint8_t>(std::min(scope_, most_locals));
    if (scope_ > most_locals) return general(here, n);
    switch (n.what) {
      case operation::constant: return constant(i, n);
      case operation::fact:
      case operation::local:
      case operation::has_fact:
        i.op = n.what == operation::fact    ? opcode::fact
               : n.what == operation::local ? opcode::local
                                            : opcode::has_fact;
        i.index = n.index;
        return;
      case operation::reference:
        i.op = opcode::reference;
        i.target = n.definition->quick().steps.data();
        return;
      case operation::has_field:
      case operation::field:
        if (n.what == operation::field && is_constant(*n.args[0])) {
          if (const value* row = n.args[0]->constant->find(*n.constant)) {
            i.op = opcode::constant;
            i.content = row;
            return;
          }
        }
        i.op = n.what == operation::field ? opcode::field : opcode::has_field;
        i.content = &*n.constant;
        return children(here, n);
      case operation::index:
        i.op = n.args[0]->static_type.is(kind::list) ? opcode::index_list : opcode::index_map;
        return children(here, n);
      case operation::dated_row:
        i.op = opcode::dated_row;
        i.origin = &n;
        return children(here, n);
      case operation::call: return call(here, n);
      default: return structure(here, n);
    }
  }

  void structure(std::size_t here, node& n) {
    switch (n.what) {
      case operation::logic_and: return operate(here, opcode::all_of, n);
      case operation::logic_or: return operate(here, opcode::any_of, n);
      case operation::logic_not:
        if (is_plain_fact(*n.args[0])) {
          at(here).op = opcode::not_fact;
          at(here).index = n.args[0]->index;
          return;
        }
        return operate(here, opcode::negation, n);
      case operation::conditional: return operate(here, opcode::choose, n);
      case operation::all: return macro(here, opcode::for_all, n);
      case operation::exists: return macro(here, opcode::for_some, n);
      case operation::exists_one: return macro(here, opcode::for_one, n);
      default: return general(here, n);
    }
  }

  /// Lays the children of a node out one after another, from their end on what is below them.
  void children(std::size_t here, const node& n, bool exchanged = false) {
    const std::size_t first = out_.steps.size();
    at(here).first = static_cast<std::uint32_t>(first - here);
    at(here).count = static_cast<std::uint32_t>(n.args.size());
    out_.steps.resize(first + n.args.size());
    for (std::size_t i = 0; i < n.args.size(); ++i) {
      fill(first + i, *n.args[exchanged ? n.args.size() - 1 - i : i]);
    }
  }

  void operate(std::size_t here, opcode op, const node& n, bool exchanged = false) {
    at(here).op = op;
    children(here, n, exchanged);
  }

  void macro(std::size_t here, opcode op, const node& n) {
    const std::size_t first = out_.steps.size();
    at(here).op = op;
    at(here).first = static_cast<std::uint32_t>(first - here);
    at(here).count = 2;
    out_.steps.resize(first + 2);
    fill(first, *n.args[0]);
    ++scope_;
    fill(first + 1, *n.args[1]);
    --scope_;
  }

  void general(std::size_t here, const node& n) {
    at(here).op = opcode::general;
    at(here).origin = &n;
  }

  static void constant(instruction& i, const node& n) {
    if (!n.constant) return;
    i.op = opcode::constant;
    i.content = &*n.constant;
  }

  static bool is_plain_fact(const node& n) { return n.what == operation::fact; }

  // -- calls ------------------------------------------------------------------------------------

  void call(std::size_t here, node& n) {
    const std::string_view name = n.function->name;
    const auto of = [&](std::size_t i) { return n.args[i]->static_type.kind(); };
    const bool typed = std::none_of(n.args.begin(), n.args.end(),
                                    [](const node_ptr& a) { return a->static_type.is_nothing(); });
    if (!typed) return by_function(here, n);
    if (const auto r = relation_of(name)) return relate(here, n, *r);
    if (name == "in") return membership(here, n);
    // As written twice: `int(x)` of an int.
    if (n.args.size() == 1 && of(0) == n.static_type.kind() &&
        name == leeway::to_string(n.static_type.kind())) {
      fill(here, *n.args[0]);
      return;
    }
    if (n.args.size() == 2 && arithmetic(here, n, name, of(0), of(1))) return;
    if (function(here, n, name)) return;
    by_function(here, n);
  }

  void by_function(std::size_t here, const node& n) {
    if (n.args.size() > most_arguments) return general(here, n);
    at(here).origin = &n;
    operate(here, opcode::call, n);
  }

  bool arithmetic(std::size_t here, const node& n, std::string_view name, kind a, kind b) {
    if (name.size() != 1) return false;
    const auto is = [&](kind x, kind y) { return a == x && b == y; };
    const bool alike = a == b && a != kind::string && a != kind::list;
    bool exchanged = false;
    std::optional<opcode> op;
    switch (name[0]) {
      case '+':
        exchanged = is(kind::duration, kind::timestamp);
        if (alike || exchanged || is(kind::timestamp, kind::duration)) op = opcode::add;
        break;
      case '-':
        if (alike || is(kind::timestamp, kind::duration)) op = opcode::subtract;
        break;
      case '*':
        exchanged = is(kind::integer, kind::money) || is(kind::ratio, kind::money) ||
                    is(kind::integer, kind::duration);
        if (alike || is(kind::money, kind::integer) || is(kind::duration, kind::integer) ||
            is(kind::integer, kind::money) || is(kind::integer, kind::duration)) {
          op = opcode::multiply;
        }
        if (is(kind::money, kind::ratio) || is(kind::ratio, kind::money)) op = opcode::scale;
        break;
      case '/':
        if (alike || is(kind::money, kind::integer)) op = opcode::divide;
        if (is(kind::money, kind::ratio)) op = opcode::unscale;
        break;
      case '%': op = opcode::modulo; break;
      default: break;
    }
    if (!op) return false;
    operate(here, *op, n, exchanged);
    return true;
  }

  bool function(std::size_t here, const node& n, std::string_view name) {
    struct known {
      std::string_view name;
      opcode op;
      std::size_t arguments;
    };
    static constexpr std::array all = {
        known{"-_", opcode::opposite, 1},
        known{"size", opcode::size, 1},
        known{"sum", opcode::total, 1},
        known{"contains", opcode::contains, 2},
        known{"startsWith", opcode::starts_with, 2},
        known{"endsWith", opcode::ends_with, 2},
        known{"days_between", opcode::days_between, 2},
        known{"months_between", opcode::months_between, 2},
        known{"years_between", opcode::years_between, 2},
    };
    if (name == "size" && n.args[0]->what == operation::filter) {
      macro(here, opcode::count, *n.args[0]);
      return true;
    }
    const auto* const found = std::ranges::find(all, name, &known::name);
    if (found != all.end() && found->arguments == n.args.size()) {
      operate(here, found->op, n);
      return true;
    }
    if (name == "min" || name == "max") return extreme(here, n, name == "min");
    if (name == "date" && n.args[0]->static_type.is(kind::timestamp)) {
      operate(here, opcode::date_of, n);
      return true;
    }
    if (name == "round" && n.args.size() == 2 && n.static_type.is(kind::money)) {
      return rounded(here, n);
    }
    return false;
  }

  bool extreme(std::size_t here, const node& n, bool least) {
    if (n.args.size() == 1) {
      operate(here, least ? opcode::least_in : opcode::most_in, n);
    } else {
      operate(here, least ? opcode::least : opcode::most, n);
    }
    return true;
  }

  bool rounded(std::size_t here, const node& n) {
    if (!is_constant(*n.args[1])) return false;
    const auto mode = parse_rounding(n.args[1]->constant->as_string());
    if (!mode) return false;
    at(here).whole = static_cast<std::int64_t>(*mode);
    operate(here, opcode::round, n);
    return true;
  }

  // -- relations --------------------------------------------------------------------------------

  void relate(std::size_t here, const node& n, relation r) {
    const kind k = n.args[0]->static_type.kind();
    const bool exchanged = is_constant(*n.args[0]) && !is_constant(*n.args[1]);
    node& left = *n.args[exchanged ? 1 : 0];
    node& right = *n.args[exchanged ? 0 : 1];
    if (exchanged) r = mirrored(r);
    at(here).held = r;
    if (is_constant(right) && with_constant(here, left, *right.constant, k, r)) return;
    if (is_plain_fact(left) && is_plain_fact(right) && facts(here, left, right, k)) return;
    at(here).op = between(k);
    children(here, n, exchanged);
  }

  /// Held against a constant.
  bool with_constant(std::size_t here, node& left, const value& right, kind k, relation r) {
    const bool fact = is_plain_fact(left);
    instruction& i = at(here);
    switch (k) {
      case kind::boolean: {
        if (!fact || (r != relation::equal && r != relation::not_equal)) return false;
        i.op = right.as_bool() == (r == relation::equal) ? opcode::fact : opcode::not_fact;
        break;
      }
      case kind::integer:
        i.op = fact ? opcode::fact_and_int : opcode::int_and_constant;
        i.whole = right.as_int();
        break;
      case kind::money: {
        const auto whole = right.as_money().whole();
        if (!whole || whole->cur() != env_.money_currency()) return false;
        i.op = fact ? opcode::fact_and_money : opcode::money_and_constant;
        i.whole = whole->minor();
        break;
      }
      default:
        if (!fact || !fact_with_constant(i, right, k)) return false;
    }
    if (fact) {
      i.index = left.index;
      return true;
    }
    const std::size_t first = out_.steps.size();
    i.first = static_cast<std::uint32_t>(first - here);
    i.count = 1;
    out_.steps.emplace_back();
    fill(first, left);
    return true;
  }

  static bool fact_with_constant(instruction& i, const value& right, kind k) {
    switch (k) {
      case kind::number:
        i.op = opcode::fact_and_number;
        i.number = right.as_double();
        return true;
      case kind::string:
        i.op = opcode::fact_and_string;
        i.text = &right.as_string();
        return true;
      case kind::timestamp: i.op = opcode::fact_and_instant; break;
      case kind::duration: i.op = opcode::fact_and_duration; break;
      case kind::date: i.op = opcode::fact_and_date; break;
      default: return false;
    }
    i.content = &right;
    return true;
  }

  bool facts(std::size_t here, const node& left, const node& right, kind k) {
    instruction& i = at(here);
    switch (k) {
      case kind::integer: i.op = opcode::facts_int; break;
      case kind::string: i.op = opcode::facts_string; break;
      case kind::money: i.op = opcode::facts_money; break;
      default: return false;
    }
    i.index = left.index;
    i.second = right.index;
    return true;
  }

  static opcode between(kind k) {
    switch (k) {
      case kind::boolean: return opcode::relate_bool;
      case kind::integer: return opcode::relate_int;
      case kind::number: return opcode::relate_number;
      case kind::string: return opcode::relate_string;
      case kind::timestamp: return opcode::relate_instant;
      case kind::duration: return opcode::relate_duration;
      case kind::date: return opcode::relate_date;
      case kind::money: return opcode::relate_money;
      case kind::ratio: return opcode::relate_ratio;
      case kind::list:
      case kind::map: break;
    }
    return opcode::relate_any;
  }

  void membership(std::size_t here, const node& n) {
    const node& item = *n.args[0];
    const node& all = *n.args[1];
    if (all.static_type.is(kind::map)) return operate(here, opcode::in_map, n);
    if (is_plain_fact(item) && item.static_type.is(kind::string) && is_constant(all)) {
      at(here).op = opcode::fact_in_list;
      at(here).index = item.index;
      at(here).content = sorted(*all.constant);
      return;
    }
    operate(here, opcode::in_list, n);
  }

  /// A list to search: a long one is sorted, which the machine relies upon.
  const value* sorted(const value& list) {
    if (list.as_list().size() <= short_list) return &list;
    value::list_type items = list.as_list();
    std::sort(items.begin(), items.end(),
              [](const value& a, const value& b) { return value::order(a, b) < 0; });
    out_.made.push_back(std::make_unique<const value>(value::list(std::move(items))));
    return out_.made.back().get();
  }

  const environment& env_;
  quick_code& out_;
  std::size_t scope_{};
};

}  // namespace

quick_code lay_out(node& root, const environment& env) {
  quick_code out;
  layout(env, out).whole(root);
  return out;
}

}  // namespace leeway::condition
