// SPDX-License-Identifier: Apache-2.0
// The quick form's arithmetic: checked, and native for every type of number, amount and time.
#include "base/utf8.hpp"
#include "condition/arithmetic.hpp"
#include "condition/machine.hpp"
#include "condition/machine_content.hpp"

#include <leeway/base/checked.hpp>
#include <leeway/base/money.hpp>

#include <optional>

namespace leeway::condition {

namespace {

template <class Content>
cell<Content> known(Content content) {
  return {content, true};
}

template <class Content, class Found>
cell<Content> checked(const std::optional<Found>& found) {
  if (!found) return {};
  return {Content(*found), true};
}

// Both operands are evaluated, whatever the first comes to.
template <class Left, class Right, class Compute>
auto both(const cell<Left>& left, const cell<Right>& right, Compute compute)
    -> decltype(compute(left.content, right.content)) {
  if (!left.known || !right.known) return {};
  return compute(left.content, right.content);
}

bool whole_and_alike(const exact_money& a, const exact_money& b) {
  return a.den() == 1 && b.den() == 1 && a.cur() == b.cur();
}

cell<exact_money> whole(const std::optional<std::int64_t>& minor, currency cur) {
  if (!minor) return {};
  return {exact_money(money(*minor, cur)), true};
}

}  // namespace

template <>
cell<bool> machine::run<bool>(const instruction* i) {
  const truth t = boolean(i);
  return {t == truth::yes, t != truth::unknown};
}
template <>
cell<std::int64_t> machine::run<std::int64_t>(const instruction* i) {
  return integer(i);
}
template <>
cell<double> machine::run<double>(const instruction* i) {
  return number(i);
}
template <>
cell<exact_money> machine::run<exact_money>(const instruction* i) {
  return amount(i);
}
template <>
cell<leeway::ratio> machine::run<leeway::ratio>(const instruction* i) {
  return share(i);
}
template <>
cell<instant> machine::run<instant>(const instruction* i) {
  return moment(i);
}
template <>
cell<leeway::duration> machine::run<leeway::duration>(const instruction* i) {
  return span(i);
}
template <>
cell<civil_date> machine::run<civil_date>(const instruction* i) {
  return day(i);
}

// -- what every type has -------------------------------------------------------------------------

template <class Content>
[[gnu::noinline]] cell<Content> machine::borrowed(const instruction* i) {
  value scratch(false);
  return content_of<Content>(held(i, scratch));
}

template <class Content>
cell<Content> machine::chosen(const instruction* i) {
  const truth test = boolean(i->child(0));
  if (test != truth::unknown) return run<Content>(i->child(test == truth::yes ? 1 : 2));
  run<Content>(i->child(1));
  run<Content>(i->child(2));
  return {};
}

/// The least (`wanted` -1) or most (1) of all children.
template <class Content>
cell<Content> machine::extreme(const instruction* i, int wanted) {
  cell<Content> best = run<Content>(i->child(0));
  for (std::size_t at = 1; at < i->count; ++at) {
    const cell<Content> next = run<Content>(i->child(at));
    best.known = best.known && next.known;
    if (!best.known) continue;
    const int order = order_of(next.content, best.content);
    if (order == 2) best.known = false;
    if (order == wanted) best.content = next.content;
  }
  return best;
}

template <class Content>
cell<Content> machine::extreme_item(const instruction* i, int wanted) {
  value scratch(false);
  const value* const list = any(i->child(0), scratch);
  if (list == nullptr || list->as_list().empty()) return {};
  cell<Content> best = content_of<Content>(&list->as_list().front());
  for (const value& item : list->as_list()) {
    const cell<Content> next = content_of<Content>(&item);
    if (!next.known || !best.known) return {};
    const int order = order_of(next.content, best.content);
    if (order == 2) return {};
    if (order == wanted) best.content = next.content;
  }
  return best;
}

template <class Content>
cell<Content> machine::total(const instruction* i, Content none) {
  value scratch(false);
  const value* const list = any(i->child(0), scratch);
  if (list == nullptr) return {};
  Content sum = none;
  for (const value& item : list->as_list()) {
    const cell<Content> next = content_of<Content>(&item);
    if (!next.known) return {};
    if constexpr (std::is_same_v<Content, double>) {
      sum += next.content;
    } else {
      const auto more = checked_add(sum, next.content);
      if (!more) return {};
      sum = *more;
    }
  }
  return known(sum);
}

/// What an instruction does that is the same for every type of number, amount and time.
template <class Content>
cell<Content> machine::common(const instruction* i) {
  switch (i->op) {
    case opcode::choose: return chosen<Content>(i);
    case opcode::reference: {
      const inside other(*this, i);
      return run<Content>(i->target);
    }
    case opcode::least: return extreme<Content>(i, -1);
    case opcode::most: return extreme<Content>(i, 1);
    case opcode::least_in: return extreme_item<Content>(i, -1);
    case opcode::most_in: return extreme_item<Content>(i, 1);
    default: return borrowed<Content>(i);
  }
}

template <class Content>
truth machine::relate(const instruction* i) {
  const cell<Content> left = run<Content>(i->child(0));
  const cell<Content> right = run<Content>(i->child(1));
  if (!left.known || !right.known) return truth::unknown;
  return related(i->held, left.content, right.content);
}

template truth machine::relate<std::int64_t>(const instruction*);
template truth machine::relate<double>(const instruction*);
template truth machine::relate<exact_money>(const instruction*);
template truth machine::relate<leeway::ratio>(const instruction*);
template truth machine::relate<instant>(const instruction*);
template truth machine::relate<leeway::duration>(const instruction*);
template truth machine::relate<civil_date>(const instruction*);

// -- int and double ------------------------------------------------------------------------------

cell<std::int64_t> machine::integer(const instruction* i) {
  using integer_type = std::int64_t;
  const auto operands = [&](auto compute) {
    return both(integer(i->child(0)), integer(i->child(1)), compute);
  };
  switch (i->op) {
    case opcode::constant: return known(i->content->as_int());
    case opcode::fact: return content_of<integer_type>(bound(i->index, value_kind::integer));
    case opcode::add:
      return operands([](auto a, auto b) { return checked<integer_type>(checked_add(a, b)); });
    case opcode::subtract:
      return operands([](auto a, auto b) { return checked<integer_type>(checked_sub(a, b)); });
    case opcode::multiply:
      return operands([](auto a, auto b) { return checked<integer_type>(checked_mul(a, b)); });
    case opcode::divide:
      return operands([](auto a, auto b) { return checked<integer_type>(quotient(a, b)); });
    case opcode::modulo:
      return operands([](auto a, auto b) { return checked<integer_type>(remainder(a, b)); });
    case opcode::opposite: {
      const cell<integer_type> a = integer(i->child(0));
      return a.known ? checked<integer_type>(checked_neg(a.content)) : a;
    }
    case opcode::size: return size(i);
    case opcode::count: return count(i);
    case opcode::days_between:
    case opcode::months_between:
    case opcode::years_between: return between(i);
    case opcode::total: return total<integer_type>(i, 0);
    default: return common<integer_type>(i);
  }
}

cell<std::int64_t> machine::size(const instruction* i) {
  value scratch(false);
  const value* const v = any(i->child(0), scratch);
  if (v == nullptr) return {};
  switch (v->kind()) {
    case value_kind::list: return known(static_cast<std::int64_t>(v->as_list().size()));
    case value_kind::map: return known(static_cast<std::int64_t>(v->as_map().size()));
    default: return known(static_cast<std::int64_t>(utf8::size(v->as_string())));
  }
}

cell<civil_date> machine::civil(const instruction* i) {
  if (i->kind == value_kind::date) return day(i);
  const cell<instant> at = moment(i);
  if (!at.known) return {};
  return known(env_.zone().date_of(at.content));
}

cell<std::int64_t> machine::between(const instruction* i) {
  const cell<civil_date> from = civil(i->child(0));
  const cell<civil_date> to = civil(i->child(1));
  if (!from.known || !to.known) return {};
  switch (i->op) {
    case opcode::days_between: return known(leeway::days_between(from.content, to.content));
    case opcode::months_between: return known(leeway::months_between(from.content, to.content));
    default: return known(leeway::years_between(from.content, to.content));
  }
}

cell<double> machine::number(const instruction* i) {
  const auto operands = [&](auto compute) {
    return both(number(i->child(0)), number(i->child(1)), compute);
  };
  switch (i->op) {
    case opcode::constant: return known(i->content->as_double());
    case opcode::fact: return content_of<double>(bound(i->index, value_kind::number));
    case opcode::add: return operands([](double a, double b) { return known(a + b); });
    case opcode::subtract: return operands([](double a, double b) { return known(a - b); });
    case opcode::multiply: return operands([](double a, double b) { return known(a * b); });
    case opcode::divide: return operands([](double a, double b) { return known(a / b); });
    case opcode::opposite: {
      cell<double> a = number(i->child(0));
      a.content = -a.content;
      return a;
    }
    case opcode::total: return total<double>(i, 0.0);
    default: return common<double>(i);
  }
}

// -- money and ratio -----------------------------------------------------------------------------

cell<exact_money> machine::amount(const instruction* i) {
  const auto operands = [&](auto compute) {
    return both(amount(i->child(0)), amount(i->child(1)), compute);
  };
  switch (i->op) {
    case opcode::constant: return known(i->content->as_money());
    case opcode::fact: return content_of<exact_money>(bound(i->index, value_kind::money));
    case opcode::add:
      return operands([](const exact_money& a, const exact_money& b) {
        if (whole_and_alike(a, b)) return whole(checked_add(a.num(), b.num()), a.cur());
        return checked<exact_money>(checked_add(a, b));
      });
    case opcode::subtract:
      return operands([](const exact_money& a, const exact_money& b) {
        if (whole_and_alike(a, b)) return whole(checked_sub(a.num(), b.num()), a.cur());
        return checked<exact_money>(checked_sub(a, b));
      });
    case opcode::opposite: {
      const cell<exact_money> a = amount(i->child(0));
      return a.known ? checked<exact_money>(checked_neg(a.content)) : a;
    }
    case opcode::multiply:
    case opcode::divide:
    case opcode::scale:
    case opcode::unscale:
    case opcode::round: return scaled(i);
    case opcode::total: return total(i, exact_money(money(0, env_.money_currency())));
    default: return common<exact_money>(i);
  }
}

cell<exact_money> machine::scaled(const instruction* i) {
  const cell<exact_money> a = amount(i->child(0));
  if (i->op == opcode::round) {
    if (!a.known || a.content.is_whole()) return a;
    return checked<exact_money>(a.content.round(static_cast<rounding>(i->whole)));
  }
  if (i->op == opcode::multiply || i->op == opcode::divide) {
    const cell<std::int64_t> n = integer(i->child(1));
    if (!a.known || !n.known) return {};
    if (i->op == opcode::divide) return checked<exact_money>(checked_div(a.content, n.content));
    if (a.content.is_whole())
      return whole(checked_mul(a.content.num(), n.content), a.content.cur());
    return checked<exact_money>(checked_mul(a.content, n.content));
  }
  const cell<leeway::ratio> r = share(i->child(1));
  if (!a.known || !r.known) return {};
  return checked<exact_money>(i->op == opcode::scale ? checked_mul(a.content, r.content)
                                                     : checked_div(a.content, r.content));
}

cell<leeway::ratio> machine::share(const instruction* i) {
  using ratio_type = leeway::ratio;
  const auto operands = [&](auto compute) {
    return both(share(i->child(0)), share(i->child(1)), compute);
  };
  switch (i->op) {
    case opcode::constant: return known(i->content->as_ratio());
    case opcode::fact: return content_of<ratio_type>(bound(i->index, value_kind::ratio));
    case opcode::add:
      return operands([](auto a, auto b) { return checked<ratio_type>(checked_add(a, b)); });
    case opcode::subtract:
      return operands([](auto a, auto b) { return checked<ratio_type>(checked_sub(a, b)); });
    case opcode::multiply:
      return operands([](auto a, auto b) { return checked<ratio_type>(checked_mul(a, b)); });
    case opcode::divide:
      if (i->child(0)->kind == value_kind::money) {
        return both(amount(i->child(0)), amount(i->child(1)), [](const auto& a, const auto& b) {
          return checked<ratio_type>(exact_ratio(a, b));
        });
      }
      return operands([](auto a, auto b) { return checked<ratio_type>(checked_div(a, b)); });
    case opcode::opposite: {
      const cell<ratio_type> a = share(i->child(0));
      return a.known ? checked<ratio_type>(checked_neg(a.content)) : a;
    }
    case opcode::total: return total(i, ratio_type{});
    default: return common<ratio_type>(i);
  }
}

// -- times ---------------------------------------------------------------------------------------

cell<instant> machine::moment(const instruction* i) {
  switch (i->op) {
    case opcode::constant: return known(i->content->as_timestamp());
    case opcode::fact: return content_of<instant>(bound(i->index, value_kind::timestamp));
    case opcode::add:
      return both(moment(i->child(0)), span(i->child(1)),
                  [](auto t, auto d) { return checked<instant>(checked_add(t, d)); });
    case opcode::subtract:
      return both(moment(i->child(0)), span(i->child(1)),
                  [](auto t, auto d) { return checked<instant>(checked_sub(t, d)); });
    default: return common<instant>(i);
  }
}

cell<leeway::duration> machine::span(const instruction* i) {
  using duration_type = leeway::duration;
  switch (i->op) {
    case opcode::constant: return known(i->content->as_duration());
    case opcode::fact: return content_of<duration_type>(bound(i->index, value_kind::duration));
    case opcode::add:
      return both(span(i->child(0)), span(i->child(1)),
                  [](auto a, auto b) { return checked<duration_type>(checked_add(a, b)); });
    case opcode::subtract:
      if (i->child(0)->kind == value_kind::timestamp) {
        return both(moment(i->child(0)), moment(i->child(1)),
                    [](auto a, auto b) { return checked<duration_type>(difference(a, b)); });
      }
      return both(span(i->child(0)), span(i->child(1)),
                  [](auto a, auto b) { return checked<duration_type>(checked_sub(a, b)); });
    case opcode::multiply:
      return both(span(i->child(0)), integer(i->child(1)),
                  [](auto d, auto n) { return checked<duration_type>(checked_mul(d, n)); });
    case opcode::opposite: {
      cell<duration_type> d = span(i->child(0));
      d.content = negated(d.content);
      return d;
    }
    case opcode::total: return total(i, duration_type{});
    default: return common<duration_type>(i);
  }
}

cell<civil_date> machine::day(const instruction* i) {
  switch (i->op) {
    case opcode::constant: return known(i->content->as_date());
    case opcode::fact: return content_of<civil_date>(bound(i->index, value_kind::date));
    case opcode::date_of: return civil(i->child(0));
    default: return common<civil_date>(i);
  }
}

}  // namespace leeway::condition
