// SPDX-License-Identifier: Apache-2.0
#include "condition/machine.hpp"

#include "base/search.hpp"
#include "condition/evaluator.hpp"
#include "condition/machine_content.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace leeway::condition {

namespace {

const value* searched(const value::map_type& rows, const std::string& key) {
  const auto at = std::lower_bound(
      rows.begin(), rows.end(), key,
      [](const auto& row, const std::string& wanted) { return row.first.as_string() < wanted; });
  if (at == rows.end() || at->first.as_string() != key) return nullptr;
  return &at->second;
}

/// As value::find, without values where the keys are strings.
const value* row_of(const value& rows, const value& key) {
  const value::map_type& all = rows.as_map();
  const bool strings = !all.empty() && key.is(value_kind::string) &&
                       all.front().first.is(value_kind::string) &&
                       all.back().first.is(value_kind::string);
  return strings ? searched(all, key.as_string()) : rows.find(key);
}

template <class Content>
bool one_is(const value::list_type& items, const Content& wanted) {
  return std::any_of(items.begin(), items.end(), [&](const value& item) {
    return item.is(kind_of<Content>) && read<Content>(item) == wanted;
  });
}

truth found_in(const value& item, const value& list) {
  const value::list_type& items = list.as_list();
  if (item.is(value_kind::string)) return as_truth(one_is(items, item.as_string()));
  if (item.is(value_kind::integer)) return as_truth(one_is(items, item.as_int()));
  return as_truth(std::find(items.begin(), items.end(), item) != items.end());
}

truth found_in_constant(const std::string& wanted, const value& list) {
  const value::list_type& items = list.as_list();
  if (items.size() <= short_list) return as_truth(one_is(items, wanted));
  return as_truth(
      std::binary_search(items.begin(), items.end(), wanted, [](const auto& a, const auto& b) {
        const auto text = [](const auto& side) -> std::string_view {
          if constexpr (std::is_same_v<std::decay_t<decltype(side)>, value>)
            return side.as_string();
          else
            return side;
        };
        return text(a) < text(b);
      }));
}

}  // namespace

// -- truths --------------------------------------------------------------------------------------

truth machine::truth_of(const value* v) {
  if (v == nullptr) return truth::unknown;
  if (v->is(value_kind::boolean)) return as_truth(v->as_bool());
  irregular_ = true;
  return truth::unknown;
}

truth machine::boolean(const instruction* i) {
  switch (i->op) {
    case opcode::fact: {
      const value* v = bound(i->index, value_kind::boolean);
      return v == nullptr ? truth::unknown : as_truth(v->as_bool());
    }
    case opcode::not_fact: {
      const value* v = bound(i->index, value_kind::boolean);
      return v == nullptr ? truth::unknown : as_truth(!v->as_bool());
    }
    case opcode::fact_and_int: {
      const value* v = bound(i->index, value_kind::integer);
      if (v == nullptr) return truth::unknown;
      return holds(i->held, order_of(v->as_int(), i->whole));
    }
    case opcode::fact_and_money: {
      const value* v = bound(i->index, value_kind::money);
      return v == nullptr ? truth::unknown : related_to_whole(i->held, v->as_money(), i->whole);
    }
    case opcode::fact_and_string: {
      const value* v = bound(i->index, value_kind::string);
      return v == nullptr ? truth::unknown : related(i->held, v->as_string(), *i->text);
    }
    case opcode::fact_and_number:
    case opcode::fact_and_instant:
    case opcode::fact_and_duration:
    case opcode::fact_and_date: return fact_related(i);
    case opcode::fact_in_list: {
      const value* v = bound(i->index, value_kind::string);
      return v == nullptr ? truth::unknown : found_in_constant(v->as_string(), *i->content);
    }
    case opcode::all_of: return connective(i, truth::no);
    case opcode::any_of: return connective(i, truth::yes);
    case opcode::negation: {
      const truth t = boolean(i->child(0));
      return t == truth::unknown ? t : as_truth(t == truth::no);
    }
    case opcode::reference: {
      const inside other(*this, i);
      return boolean(i->target);
    }
    case opcode::choose: {
      const truth test = boolean(i->child(0));
      if (test != truth::unknown) return boolean(i->child(test == truth::yes ? 1 : 2));
      boolean(i->child(1));
      boolean(i->child(2));
      return test;
    }
    case opcode::has_fact:
      switch (facts_[i->index].status) {
        case binding::state::known: return truth::yes;
        case binding::state::absent: return truth::no;
        case binding::state::unknown: break;
      }
      return truth::unknown;
    default: return test(i);
  }
}

truth machine::test(const instruction* i) {
  switch (i->op) {
    case opcode::facts_int:
    case opcode::facts_string:
    case opcode::facts_money: return facts_related(i);
    case opcode::int_and_constant: {
      const cell<std::int64_t> left = integer(i->child(0));
      return left.known ? holds(i->held, order_of(left.content, i->whole)) : truth::unknown;
    }
    case opcode::money_and_constant: {
      const cell<exact_money> left = amount(i->child(0));
      // An item of a list may be of another currency, and then there is no relation.
      if (!left.known || left.content.cur() != env_.money_currency()) return truth::unknown;
      return related_to_whole(i->held, left.content, i->whole);
    }
    case opcode::relate_bool: {
      const truth left = boolean(i->child(0));
      const truth right = boolean(i->child(1));
      if (left == truth::unknown || right == truth::unknown) return truth::unknown;
      return holds(i->held, order_of(left == truth::yes, right == truth::yes));
    }
    case opcode::relate_int: return relate<std::int64_t>(i);
    case opcode::relate_number: return relate<double>(i);
    case opcode::relate_instant: return relate<instant>(i);
    case opcode::relate_duration: return relate<leeway::duration>(i);
    case opcode::relate_date: return relate<civil_date>(i);
    case opcode::relate_money: return relate<exact_money>(i);
    case opcode::relate_ratio: return relate<leeway::ratio>(i);
    case opcode::for_all: return quantifier(i, truth::no);
    case opcode::for_some: return quantifier(i, truth::yes);
    case opcode::for_one: return exactly_one(i);
    case opcode::relate_string:
    case opcode::relate_any:
    case opcode::contains:
    case opcode::starts_with:
    case opcode::ends_with:
    case opcode::in_list:
    case opcode::in_map:
    case opcode::has_field: return test_values(i);
    default: {
      value scratch(false);
      return truth_of(held(i, scratch));
    }
  }
}

truth machine::test_values(const instruction* i) {
  value first(false);
  value second(false);
  const value* a = any(i->child(0), first);
  if (i->op == opcode::has_field) {
    return a == nullptr ? truth::unknown : as_truth(row_of(*a, *i->content) != nullptr);
  }
  const value* b = any(i->child(1), second);
  if (a == nullptr || b == nullptr) return truth::unknown;
  switch (i->op) {
    case opcode::relate_string: return related(i->held, a->as_string(), b->as_string());
    case opcode::relate_any: return as_truth((*a == *b) == (i->held == relation::equal));
    case opcode::contains: return as_truth(detail::contains(a->as_string(), b->as_string()));
    case opcode::starts_with: return as_truth(a->as_string().starts_with(b->as_string()));
    case opcode::ends_with: return as_truth(a->as_string().ends_with(b->as_string()));
    case opcode::in_list: return found_in(*a, *b);
    default: return as_truth(row_of(*b, *a) != nullptr);
  }
}

truth machine::connective(const instruction* i, truth decisive) {
  bool open = false;
  const instruction* side = i->child(0);
  for (const instruction* const end = side + i->count; side != end; ++side) {
    const truth t = boolean(side);
    if (t == decisive) return decisive;
    if (t == truth::unknown) open = true;
  }
  return open ? truth::unknown : as_truth(decisive == truth::no);
}

truth machine::fact_related(const instruction* i) const {
  switch (i->op) {
    case opcode::fact_and_number: {
      const value* v = bound(i->index, value_kind::number);
      return v == nullptr ? truth::unknown : related(i->held, v->as_double(), i->number);
    }
    case opcode::fact_and_instant: {
      const value* v = bound(i->index, value_kind::timestamp);
      if (v == nullptr) return truth::unknown;
      return related(i->held, v->as_timestamp(), i->content->as_timestamp());
    }
    case opcode::fact_and_duration: {
      const value* v = bound(i->index, value_kind::duration);
      if (v == nullptr) return truth::unknown;
      return related(i->held, v->as_duration(), i->content->as_duration());
    }
    default: {
      const value* v = bound(i->index, value_kind::date);
      if (v == nullptr) return truth::unknown;
      return related(i->held, v->as_date(), i->content->as_date());
    }
  }
}

truth machine::facts_related(const instruction* i) const {
  const value_kind kind = i->op == opcode::facts_int      ? value_kind::integer
                          : i->op == opcode::facts_string ? value_kind::string
                                                          : value_kind::money;
  const value* a = bound(i->index, kind);
  const value* b = bound(static_cast<slot>(i->second), kind);
  if (a == nullptr || b == nullptr) return truth::unknown;
  switch (i->op) {
    case opcode::facts_int: return related(i->held, a->as_int(), b->as_int());
    case opcode::facts_string: return related(i->held, a->as_string(), b->as_string());
    default: return related(i->held, a->as_money(), b->as_money());
  }
}

// -- macros --------------------------------------------------------------------------------------

/// Calls `body` with the truth of the condition for each item until it answers false. False: the
/// range is not known.
template <class Body>
bool machine::each(const instruction* i, Body body) {
  value scratch(false);
  const value* const range = any(i->child(0), scratch);
  if (range == nullptr) return false;
  const instruction* const condition = i->child(1);
  const auto visit = [&](const value& item) {
    locals_[base_ + i->locals] = &item;
    return body(boolean(condition));
  };
  if (range->is(value_kind::map)) {
    for (const auto& [key, row] : range->as_map()) {
      if (!visit(key)) break;
    }
  } else {
    for (const value& item : range->as_list()) {
      if (!visit(item)) break;
    }
  }
  return true;
}

truth machine::quantifier(const instruction* i, truth decisive) {
  truth out = as_truth(decisive == truth::no);
  const bool known = each(i, [&](truth t) {
    if (t == decisive || t == truth::unknown) out = t;
    return t != decisive;
  });
  return known ? out : truth::unknown;
}

cell<std::int64_t> machine::count(const instruction* i) {
  std::int64_t found = 0;
  bool open = false;
  const bool known = each(i, [&](truth t) {
    if (t == truth::yes) ++found;
    if (t == truth::unknown) open = true;
    return true;
  });
  return {found, known && !open};
}

truth machine::exactly_one(const instruction* i) {
  const cell<std::int64_t> found = count(i);
  return found.known ? as_truth(found.content == 1) : truth::unknown;
}

// -- values of any type --------------------------------------------------------------------------

const value* machine::fact(const node& n) const { return bound(n.index, n.static_type.kind()); }

const value* machine::any(const instruction* i, value& scratch) {
  switch (i->op) {
    case opcode::constant: return i->content;
    case opcode::refused: return nullptr;
    case opcode::fact: return bound(i->index, i->kind);
    case opcode::local: {
      const value* v = locals_[base_ + i->index];
      if (i->kind != value_kind{} && !v->is(i->kind)) irregular_ = true;
      return v;
    }
    case opcode::reference: {
      const inside other(*this, i);
      return any(i->target, scratch);
    }
    case opcode::choose: {
      const truth test = boolean(i->child(0));
      if (test != truth::unknown) return any(i->child(test == truth::yes ? 1 : 2), scratch);
      any(i->child(1), scratch);
      any(i->child(2), scratch);
      return nullptr;
    }
    case opcode::field:
    case opcode::index_map:
    case opcode::index_list:
    case opcode::dated_row: return row(i, scratch);
    case opcode::call: return called(i, scratch);
    case opcode::general: return by_general(i, scratch);
    default: return computed_value(i, scratch);
  }
}

const value* machine::held(const instruction* i, value& scratch) {
  switch (i->op) {
    case opcode::constant:
    case opcode::refused:
    case opcode::fact:
    case opcode::local:
    case opcode::reference:
    case opcode::choose:
    case opcode::field:
    case opcode::index_map:
    case opcode::index_list:
    case opcode::dated_row:
    case opcode::call:
    case opcode::general: return any(i, scratch);
    default: break;
  }
  // Computed as another type than it has: asking again would go round in circles.
  irregular_ = true;
  return nullptr;
}

const value* machine::row(const instruction* i, value& scratch) {
  if (i->op == opcode::dated_row) {
    const cell<civil_date> when = day(i->child(0));
    if (!when.known) return nullptr;
    const dated_rows* held = i->origin->dated->on(when.content);
    return held == nullptr ? nullptr : &held->rows;
  }
  value second(false);
  const value* held = any(i->child(0), scratch);
  const value* key = i->op == opcode::field ? i->content : any(i->child(1), second);
  if (held == nullptr || key == nullptr) return nullptr;
  const value* out = nullptr;
  if (i->op == opcode::index_list) {
    const value::list_type& items = held->as_list();
    const std::int64_t at = key->as_int();
    if (at < 0 || static_cast<std::uint64_t>(at) >= items.size()) return nullptr;
    out = &items[static_cast<std::size_t>(at)];
  } else {
    out = row_of(*held, *key);
  }
  if (out != nullptr && i->kind != value_kind{} && !out->is(i->kind)) irregular_ = true;
  return out;
}

const value* machine::called(const instruction* i, value& scratch) {
  std::array<value, 4> scratches{false, false, false, false};
  std::array<const value*, 4> given{};
  bool known = true;
  for (std::size_t at = 0; at < i->count; ++at) {
    given[at] = any(i->child(at), scratches[at]);
    if (given[at] == nullptr) known = false;
  }
  if (!known) return nullptr;
  const node& site = *i->origin;
  computed out = site.function->run({env_, site}, std::span(given.data(), i->count));
  if (!out) return nullptr;
  scratch = std::move(*out);
  return &scratch;
}

const value* machine::by_general(const instruction* i, value& scratch) {
  const auto first = locals_.begin() + static_cast<std::ptrdiff_t>(base_);
  outcome out =
      evaluator(env_, frame_, std::vector<const value*>(first, first + i->locals)).run(*i->origin);
  if (!out.known()) return nullptr;
  scratch = std::move(out).take();
  return &scratch;
}

const value* machine::computed_value(const instruction* i, value& scratch) {
  const auto put = [&](const auto& found) -> const value* {
    if (!found.known) return nullptr;
    scratch = found.content;
    return &scratch;
  };
  switch (i->kind) {
    case value_kind::boolean: {
      const truth t = boolean(i);
      return put(cell<bool>{t == truth::yes, t != truth::unknown});
    }
    case value_kind::integer: return put(integer(i));
    case value_kind::number: return put(number(i));
    case value_kind::timestamp: return put(moment(i));
    case value_kind::duration: return put(span(i));
    case value_kind::date: return put(day(i));
    case value_kind::money: return put(amount(i));
    case value_kind::ratio: return put(share(i));
    case value_kind::string:
    case value_kind::list:
    case value_kind::map: break;
  }
  return nullptr;
}

}  // namespace leeway::condition
