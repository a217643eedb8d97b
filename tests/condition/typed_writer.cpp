// SPDX-License-Identifier: Apache-2.0
#include "condition/typed_writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace leeway::condition::test {

namespace {

constexpr std::array<value_kind, 9> scalars = {
    value_kind::boolean, value_kind::integer,   value_kind::number,
    value_kind::string,  value_kind::timestamp, value_kind::duration,
    value_kind::date,    value_kind::money,     value_kind::ratio};

bool is_sign(std::string_view name) { return name[0] < 'A' || name == "in" || name == "-_"; }

bool is_measurable(const type& t) {
  return !t.is(value_kind::boolean) && !t.is(value_kind::string) && !t.is(value_kind::list) &&
         !t.is(value_kind::map);
}

bool is_summable(const type& t) {
  return is_measurable(t) && !t.is(value_kind::timestamp) && !t.is(value_kind::date);
}

/// The type variable of an overload whose result is `wanted`; nothing when it gives another type.
/// `type::nothing()`: the result does not say.
std::optional<type> variable_of(const overload& o, const type& wanted) {
  if (o.returns <= shape::ratio) {
    if (static_cast<value_kind>(o.returns) != wanted.kind()) return std::nullopt;
    return type::nothing();
  }
  if (o.returns == shape::list_any) {
    if (!wanted.is(value_kind::list)) return std::nullopt;
    return wanted.element_or_nothing();
  }
  const bool sums = o.parameters[0] == shape::list_summable;
  if (!(sums ? is_summable(wanted) : is_measurable(wanted))) return std::nullopt;
  return wanted;
}

bool says_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool may_be_refused_for(const std::string& code) {
  return says_one_of(
      code, {"too_costly", "too_deep", "too_long", "bad_timestamp", "bad_duration", "bad_date",
             "duplicate_key", "unknown_row", "zone_unknown", "zone_syntax"});
}

type typed_writer::scalar() { return pick(scalars); }

type typed_writer::key() {
  return std::array{value_kind::string, value_kind::integer, value_kind::boolean}[below(3)];
}

type typed_writer::any_type() {
  switch (below(8)) {
    case 6: return type::list_of(below(4) == 0 ? type::list_of(scalar()) : scalar());
    case 7: return type::map_of(key(), scalar());
    default: return scalar();
  }
}

type typed_writer::with(shape demand) {
  while (true) {
    type out = demand == shape::any || demand == shape::list_any ? any_type() : scalar();
    if (demand == shape::map_by_any) return key();
    if (demand == shape::measurable || demand == shape::list_measurable) {
      if (!is_measurable(out)) out = value_kind::integer;
    }
    if (demand == shape::summable || demand == shape::list_summable) {
      if (!is_summable(out)) out = value_kind::money;
    }
    return out;
  }
}

value typed_writer::content(const type& wanted) {
  static const std::array<std::int64_t, 12> numbers = {0,  1,   -1,   2,   3,         7,
                                                       60, 100, 1000, -40, INT64_MAX, INT64_MIN};
  const std::size_t small = numbers.size() - (moderate_ ? 2 : 0);
  static const std::array<double, 9> doubles = {
      0.0, 1.0, -0.5, 0.4, 1e18, 1e300, -0.0, 1.0 / 3, 9.223372036854775e18};
  static const std::array<std::string_view, 12> texts = {"",
                                                         "a",
                                                         "basic",
                                                         "plus",
                                                         "12",
                                                         "true",
                                                         "2026-11-21",
                                                         "2026-11-21T15:04:05Z",
                                                         "90m",
                                                         "Stra\xC3\x9F"
                                                         "e",
                                                         "\xF0\x9F\x90\xB1",
                                                         "America/Denver"};
  switch (wanted.kind()) {
    case value_kind::boolean: return below(2) == 1;
    case value_kind::integer: return numbers[below(small)];
    case value_kind::number: return pick(doubles);
    case value_kind::string: return std::string(pick(texts));
    case value_kind::timestamp: {
      static const std::array<std::int64_t, 6> seconds = {
          0, 1794582245, 1794582246, -62135596800, 253402300799, 951782400};
      return instant::make(pick(seconds), below(2) == 0 ? 0 : 999999999).value();
    }
    case value_kind::duration: {
      static const std::array<std::int64_t, 6> seconds = {0, 1, 5400, -3600, 86400, 315576000000};
      return duration::make(pick(seconds), 0).value();
    }
    case value_kind::date:
      return std::array{civil_date{2026, 11, 21}, civil_date{2024, 2, 29}, civil_date{1, 1, 1},
                        civil_date{9999, 12, 31}, civil_date{2026, 12, 25}}[below(5)];
    case value_kind::money: return money(numbers[below(small)], env_.money_currency());
    case value_kind::ratio: {
      static const std::array<std::int64_t, 5> parts = {0, 1, 3, -7, INT64_MAX};
      return ratio::make(parts[below(moderate_ ? 4 : 5)], std::array{1, 2, 3, 100, 7}[below(5)])
          .value();
    }
    case value_kind::list: {
      value::list_type items(below(4), value(0));
      for (value& item : items) item = content(wanted.element_or_nothing());
      return value::list(std::move(items));
    }
    case value_kind::map: {
      value::map_type rows;
      for (std::size_t left = below(4); left > 0; --left) {
        value k = content(wanted.key_or_nothing());
        rows.emplace_back(std::move(k), content(wanted.element_or_nothing()));
      }
      return value::map(std::move(rows));
    }
  }
  return 0;
}

std::string typed_writer::literal(const value& v) {
  switch (v.kind()) {
    case value_kind::timestamp: return "timestamp('" + v.to_string() + "')";
    case value_kind::duration: return "duration('" + v.to_string() + "')";
    case value_kind::date: return "date('" + v.to_string() + "')";
    case value_kind::money: return "money('" + v.to_string() + "')";
    case value_kind::ratio: return "ratio('" + v.to_string() + "')";
    default: return v.to_string();
  }
}

std::string typed_writer::literal(const type& wanted) {
  // An empty literal fits every list or map, so what comes of its items has no certain type.
  if (wanted.is(value_kind::list)) return "[" + literal(wanted.element_or_nothing()) + "]";
  if (wanted.is(value_kind::map)) {
    const std::string k = literal(wanted.key_or_nothing());
    return "{" + k + ": " + literal(wanted.element_or_nothing()) + "}";
  }
  return literal(content(wanted));
}

std::optional<std::string> typed_writer::name(const type& wanted) {
  std::vector<std::string> fitting;
  for (const local& l : scope_) {
    if (l.held == wanted) fitting.push_back(l.name);
  }
  for (const std::string& one : env_.names()) {
    if (one.starts_with("tables.")) continue;
    if (one.starts_with("values.")) {
      const auto& code = *env_.find_value(one.substr(7));
      if (code->result_type() == wanted && !code->reads_amount()) fitting.push_back(one);
      continue;
    }
    const slot s = *env_.slot_of(one);
    const declaration& d = env_.at(s);
    const bool guarded = std::ranges::find(guarded_, s) != guarded_.end();
    if (d.static_type == wanted && !d.amount && !d.protected_attribute &&
        (!d.optional || guarded)) {
      fitting.push_back(one);
    }
  }
  if (fitting.empty()) return std::nullopt;
  return pick(fitting);
}

std::string typed_writer::expression(const type& wanted, int depth, bool amount) {
  ++made_;
  if (depth <= 0 || made_ > 60) {
    if (auto found = below(3) == 0 ? std::nullopt : name(wanted)) return *found;
    return literal(wanted);
  }
  return form(wanted, depth, amount);
}

std::string typed_writer::form(const type& wanted, int depth, bool amount) {
  switch (below(10)) {
    case 0: return expression(wanted, 0);
    case 1:
      return "(" + boolean(depth - 1, false) + " ? " + expression(wanted, depth - 1) + " : " +
             expression(wanted, depth - 1) + ")";
    case 2: return element(wanted, depth);
    case 3:
      if (wanted.is(value_kind::boolean)) return quantifier(depth);
      if (wanted.is(value_kind::list)) return macro(wanted, depth);
      return call(wanted, depth, false);
    case 4:
      if (wanted.is(value_kind::list) || wanted.is(value_kind::map)) return chain(wanted, depth);
      [[fallthrough]];
    case 5:
    case 6:
      if (wanted.is(value_kind::boolean)) return boolean(depth, amount);
      [[fallthrough]];
    default: return call(wanted, depth, amount && wanted.is(value_kind::boolean));
  }
}

/// A list or a map, item by item.
std::string typed_writer::chain(const type& wanted, int depth) {
  std::string out;
  for (std::size_t left = 1 + below(3); left > 0; --left) {
    if (!out.empty()) out += ", ";
    if (wanted.is(value_kind::map)) {
      out += expression(wanted.key_or_nothing(), depth - 1) + ": ";
    }
    out += expression(wanted.element_or_nothing(), depth - 1);
  }
  return wanted.is(value_kind::map) ? "{" + out + "}" : "[" + out + "]";
}

std::string typed_writer::element(const type& wanted, int depth) {
  if (wanted.is(value_kind::money) && below(4) == 0) {
    switch (below(4)) {
      case 0: return "tables.limit[" + expression(value_kind::string, depth - 1) + "]";
      case 1: return "tables.grid['basic'][" + expression(value_kind::integer, depth - 1) + "]";
      case 2: return "tables.ceiling[" + expression(value_kind::date, depth - 1) + "]";
      default: return "tables.per_day[" + expression(value_kind::date, depth - 1) + "]['basic']";
    }
  }
  if (below(2) == 0) {
    return expression(type::list_of(wanted), depth - 1) + "[" +
           expression(value_kind::integer, depth - 1) + "]";
  }
  const type by = key();
  const std::string rows = expression(type::map_of(by, wanted), depth - 1);
  if (by.is(value_kind::string) && below(2) == 0) return rows + ".a";
  return rows + "[" + expression(by, depth - 1) + "]";
}

std::string typed_writer::macro(const type& wanted, int depth) {
  const type item = wanted.element_or_nothing();
  const std::string variable = "v" + std::to_string(scope_.size());
  if (below(2) == 0) {
    const std::string range = expression(wanted, depth - 1);
    scope_.push_back({variable, item});
    const std::string test = boolean(depth - 1, false);
    scope_.pop_back();
    return range + ".filter(" + variable + ", " + test + ")";
  }
  const type over = scalar();
  const std::string range = expression(type::list_of(over), depth - 1);
  scope_.push_back({variable, over});
  const std::string test = below(2) == 0 ? "" : boolean(depth - 1, false) + ", ";
  const std::string result = expression(item, depth - 1);
  scope_.pop_back();
  return range + ".map(" + variable + ", " + test + result + ")";
}

std::string typed_writer::quantifier(int depth) {
  const bool over_map = below(3) == 0;
  const type item = over_map ? key() : scalar();
  const std::string range =
      expression(over_map ? type::map_of(item, scalar()) : type::list_of(item), depth - 1);
  const std::string variable = "v" + std::to_string(scope_.size());
  scope_.push_back({variable, item});
  const std::string test = boolean(depth - 1, false);
  scope_.pop_back();
  static const std::array<std::string_view, 4> names = {"all", "exists", "exists_one", "existsOne"};
  return range + "." + std::string(pick(names)) + "(" + variable + ", " + test + ")";
}

/// `has(x) && ... x ...`, for an optional name.
std::string typed_writer::guarded(int depth) {
  std::vector<slot> optional;
  for (slot s = 0; s < env_.size(); ++s) {
    if (env_.at(s).optional) optional.push_back(s);
  }
  if (optional.empty()) return "true";
  const slot s = pick(optional);
  std::string asks = "has(" + env_.at(s).path + ")";
  if (below(4) == 0) return asks;
  guarded_.push_back(s);
  const std::string rest = boolean(depth - 1, false);
  guarded_.pop_back();
  return below(2) == 0 ? "(" + asks + " && " + rest + ")" : "(!" + asks + " || " + rest + ")";
}

std::string typed_writer::boolean(int depth, bool amount) {
  if (depth <= 0) return expression(value_kind::boolean, 0);
  static const std::array<std::string_view, 6> signs = {" < ",  " <= ", " > ",
                                                        " >= ", " == ", " != "};
  switch (below(6)) {
    case 0:
    case 1: {
      const std::string sign = below(2) == 0 ? " && " : " || ";
      std::string out = boolean(depth - 1, amount);
      for (std::size_t more = 1 + below(3); more > 0; --more) {
        out += sign + boolean(depth - 1, amount);
      }
      return "(" + out + ")";
    }
    case 2: return "!(" + boolean(depth - 1, amount) + ")";
    case 3: return guarded(depth);
    case 4:
      if (amount) {
        const std::string other = expression(value_kind::money, depth - 1);
        const std::string sign(pick(signs));
        return below(3) == 0 ? "(" + other + sign + linear(depth - 1) + ")"
                             : "(" + linear(depth - 1) + sign + other + ")";
      }
      [[fallthrough]];
    default: return expression(value_kind::boolean, depth - 1, amount);
  }
}

/// Something of type money that reads the proposed amount.
std::string typed_writer::linear(int depth) {
  if (depth <= 0) return "action.amount";
  std::string inner = linear(depth - 1);
  switch (below(6)) {
    case 0: return "(" + inner + " + " + expression(value_kind::money, depth - 1) + ")";
    case 1: return "(" + expression(value_kind::money, depth - 1) + " - " + inner + ")";
    case 2: return "(" + inner + " * " + expression(value_kind::integer, 0) + ")";
    case 3: return "(" + inner + " * " + expression(value_kind::ratio, depth - 1) + ")";
    case 4: return "(" + inner + " / " + expression(value_kind::integer, 0) + ")";
    default: return inner;
  }
}

std::string typed_writer::call(const type& wanted, int depth, bool amount) {
  std::vector<std::pair<const overload*, type>> fitting;
  for (const overload& o : overloads()) {
    if (auto bound = variable_of(o, wanted)) fitting.emplace_back(&o, *bound);
  }
  if (fitting.empty()) return expression(wanted, 0);
  auto [chosen, variable] = pick(fitting);
  if (variable.is_nothing()) {
    // The last one asks for the most: `any in map`.
    for (const shape one : chosen->parameters) {
      if (one > shape::ratio) variable = with(one);
    }
  }
  return call_of(*chosen, variable, depth, amount);
}

std::string typed_writer::argument(const overload& o, std::size_t i, const type& variable,
                                   int depth) {
  static const std::array<std::string_view, 7> modes = {"half_even", "half_up", "half_down", "up",
                                                        "down",      "ceiling", "floor"};
  static const std::array<std::string_view, 5> units = {"day", "week", "month", "quarter", "year"};
  static const std::array<std::string_view, 6> patterns = {"a",           "^b.*c$", "(a|b)+",
                                                           R"(\\d{2,3})", "(?i)ok", ""};
  static const std::array<std::string_view, 5> zones = {"UTC", "America/Denver", "+05:30", "-02:00",
                                                        "Asia/Kathmandu"};
  const std::string_view name = o.name;
  const auto word = [&](const auto& list) { return "'" + std::string(pick(list)) + "'"; };
  if (i == 1 && name == "round") return word(modes);
  if (i == 1 && name == "start_of") return word(units);
  if (i == 2 && name == "started_periods") return word(units);
  if (i == 1 && name == "matches") return word(patterns);
  if (i == 1 && name.starts_with("get") && below(4) != 0) return word(zones);
  const shape wanted = o.parameters[std::min(i, o.arity() - 1)];
  if (wanted <= shape::ratio) return expression(static_cast<value_kind>(wanted), depth - 1);
  if (wanted == shape::map_by_any) return expression(type::map_of(variable, scalar()), depth - 1);
  if (wanted >= shape::list_any) return expression(type::list_of(variable), depth - 1);
  return expression(variable, depth - 1);
}

std::string typed_writer::call_of(const overload& o, const type& variable, int depth, bool amount) {
  if (o.run == nullptr) return literal(o.name == "money" ? value_kind::money : value_kind::ratio);
  std::vector<std::string> given;
  const std::size_t count = o.arity() + (o.variadic ? below(3) : 0);
  given.reserve(count);
  for (std::size_t i = 0; i < count; ++i) given.push_back(argument(o, i, variable, depth));
  const std::string name(o.name);
  if (name == "-_") return "-(" + given[0] + ")";
  if (is_sign(name)) {
    if (amount && name != "in" && variable.is(value_kind::money)) given[0] = linear(depth - 1);
    return "(" + given[0] + " " + name + " " + given[1] + ")";
  }
  std::string out = o.member ? "(" + given[0] + ")." + name + "(" : name + "(";
  for (std::size_t i = o.member ? 1 : 0; i < count; ++i) {
    out += (out.back() == '(' ? "" : ", ") + given[i];
  }
  return out + ")";
}

frame typed_writer::known() {
  frame out(env_);
  for (slot s = 0; s < env_.size(); ++s) {
    if (env_.at(s).optional && below(3) == 0) {
      out.set_absent(s);
    } else {
      out.set(s, content(env_.at(s).static_type));
    }
  }
  return out;
}

frame typed_writer::partly(const frame& full) {
  frame out = full;
  for (slot s = 0; s < env_.size(); ++s) {
    if (below(3) == 1) out.set_unknown(s);
  }
  return out;
}

}  // namespace leeway::condition::test
