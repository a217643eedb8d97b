// SPDX-License-Identifier: Apache-2.0
#include "condition/functions.hpp"

#include "condition/function_groups.hpp"

#include <algorithm>
#include <set>

namespace leeway::condition {

namespace {

std::vector<overload> assemble() {
  std::vector<overload> out;
  for (const auto group :
       {relation_overloads(), arithmetic_overloads(), conversion_overloads(), amount_overloads(),
        text_overloads(), calendar_overloads(), getter_overloads()}) {
    out.insert(out.end(), group.begin(), group.end());
  }
  return out;
}

bool one_of(const type& t, std::initializer_list<value_kind> kinds) {
  return t.is_nothing() || std::find(kinds.begin(), kinds.end(), t.kind()) != kinds.end();
}

bool is_measurable(const type& t) {
  return one_of(t, {value_kind::integer, value_kind::number, value_kind::timestamp,
                    value_kind::duration, value_kind::date, value_kind::money, value_kind::ratio});
}
bool is_summable(const type& t) {
  return one_of(t, {value_kind::integer, value_kind::number, value_kind::duration,
                    value_kind::money, value_kind::ratio});
}

/// Whether `given` can stand at `wanted`; binds or narrows `variable`.
bool accepts(shape wanted, const type& given, type& variable) {
  if (wanted <= shape::ratio) {
    return given.is_nothing() || given.kind() == static_cast<value_kind>(wanted);
  }
  type bound = given;
  switch (wanted) {
    case shape::list_any:
    case shape::list_measurable:
    case shape::list_summable:
      if (!given.is_nothing() && !given.is(value_kind::list)) return false;
      bound = given.element_or_nothing();
      break;
    case shape::map_by_any:
      if (!given.is_nothing() && !given.is(value_kind::map)) return false;
      bound = given.key_or_nothing();
      break;
    default: break;
  }
  const auto joined = join(variable, bound);
  if (!joined) return false;
  variable = *joined;
  switch (wanted) {
    case shape::ordered: return !variable.is(value_kind::list) && !variable.is(value_kind::map);
    case shape::measurable:
    case shape::list_measurable: return is_measurable(variable);
    case shape::list_summable:
    case shape::summable: return is_summable(variable);
    default: return true;
  }
}

std::optional<match> try_overload(const overload& o, std::span<const type> given) {
  const std::size_t arity = o.arity();
  if (given.size() != arity && !(o.variadic && given.size() > arity)) return std::nullopt;
  type variable = type::nothing();
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!accepts(o.parameters[std::min(i, arity - 1)], given[i], variable)) return std::nullopt;
  }
  match out{&o, variable};
  if (o.returns <= shape::ratio) out.returns = type(static_cast<value_kind>(o.returns));
  if (o.returns == shape::list_any) out.returns = type::list_of(variable);
  return out;
}

std::string shape_name(shape s) {
  if (s <= shape::ratio) return std::string(to_string(static_cast<value_kind>(s)));
  switch (s) {
    case shape::list_any: return "list";
    case shape::list_measurable: return "list of numbers, money or times";
    case shape::list_summable: return "list of numbers, money or durations";
    case shape::map_by_any: return "map";
    case shape::measurable: return "number, money or time";
    default: return "any";
  }
}

}  // namespace

std::size_t overload::arity() const {
  return static_cast<std::size_t>(std::find(parameters.begin(), parameters.end(), shape::none) -
                                  parameters.begin());
}

std::span<const overload> overloads() {
  static const std::vector<overload> all = assemble();
  return all;
}

std::optional<match> resolve(std::string_view name, bool member, std::span<const type> given) {
  for (const overload& o : overloads()) {
    if (o.name != name || o.member != member) continue;
    if (auto out = try_overload(o, given)) return out;
  }
  return std::nullopt;
}

bool is_function(std::string_view name) {
  return is_function(name, true) || is_function(name, false);
}

bool is_function(std::string_view name, bool member) {
  const auto all = overloads();
  return std::any_of(all.begin(), all.end(),
                     [&](const overload& o) { return o.name == name && o.member == member; });
}

std::vector<std::string> function_names() {
  std::set<std::string> names = {"has", "all", "exists", "exists_one", "filter", "map"};
  for (const overload& o : overloads()) {
    if ((o.name[0] >= 'a' && o.name[0] <= 'z') && o.name != "in") names.emplace(o.name);
  }
  return {names.begin(), names.end()};
}

std::string signatures(std::string_view name, bool member) {
  std::string out;
  for (const overload& o : overloads()) {
    if (o.name != name || o.member != member) continue;
    if (!out.empty()) out += ", ";
    out += "`";
    const std::size_t first = member ? 1 : 0;
    if (member) out += shape_name(o.parameters[0]) + ".";
    out += std::string(name) + "(";
    for (std::size_t i = first; i < o.arity(); ++i) {
      if (i > first) out += ", ";
      out += shape_name(o.parameters[i]);
    }
    out += o.variadic ? ", ...)`" : ")`";
  }
  return out;
}

}  // namespace leeway::condition
