// SPDX-License-Identifier: Apache-2.0
#include "reference/evaluator.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>
#include <utility>

namespace leeway::reference {
namespace {

using kind = value_kind;

static_type list_of(static_type element) {
  return {.kind = kind::list, .element = std::make_shared<const static_type>(std::move(element))};
}

static_type element_of(const static_type& t) { return t.element ? *t.element : static_type{}; }

// What a macro's variable stands for: items of a list, keys of a map.
static_type item_of_range(const static_type& t) {
  if (t.kind == kind::map) return t.key ? *t.key : static_type{};
  return element_of(t);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, text) != all.end();
}

static_type of_operation(const std::string& sign, const static_type& a, const static_type& b) {
  if (is_one_of(sign, {"==", "!=", "<", "<=", ">", ">=", "in"})) return {.kind = kind::boolean};
  auto either = [&](kind k) { return a.kind == k || b.kind == k; };
  auto both = [&](kind k) { return a.kind == k && b.kind == k; };
  if (sign == "/" && both(kind::money)) return {.kind = kind::ratio};
  if (sign == "-" && both(kind::timestamp)) return {.kind = kind::duration};
  for (const auto k : {kind::money, kind::ratio, kind::timestamp, kind::duration}) {
    if (either(k)) return {.kind = k};
  }
  return a.kind == kind::list && !a.element ? b : a;
}

static_type of_call(const std::string& name, const std::vector<expr_ptr>& args) {
  const auto first = args.empty() ? static_type{} : args[0]->type;
  if (is_one_of(name, {"min", "max", "sum"})) {
    return args.size() == 1 && first.kind == kind::list ? element_of(first) : first;
  }
  if (is_one_of(name,
                {"date", "start_of", "add_days", "add_months", "add_years", "add_working_days"})) {
    return {.kind = kind::date};
  }
  if (is_one_of(name,
                {"contains", "startsWith", "endsWith", "matches", "bool", "is_working_day"})) {
    return {.kind = kind::boolean};
  }
  if (is_one_of(name, {"money", "round"})) return {.kind = kind::money};
  if (is_one_of(name, {"ratio", "percent"})) return {.kind = kind::ratio};
  if (name == "double") return {.kind = kind::number};
  if (name == "string") return {.kind = kind::string};
  if (name == "timestamp") return {.kind = kind::timestamp};
  if (name == "duration") return {.kind = kind::duration};
  return {.kind = kind::integer};
}

static_type of_table(const table& t) {
  auto rows = type_of(t.entries.front().rows);
  if (!t.dated) return rows;
  return {.kind = kind::map,
          .element = std::make_shared<const static_type>(rows),
          .key = std::make_shared<const static_type>(static_type{.kind = kind::date})};
}

class resolver {
 public:
  explicit resolver(const scope& names) : names_(names) {}

  expr_ptr run(const expr_ptr& e) {
    if (e->what == form::name || e->what == form::field) {
      if (auto out = path(e)) return out;
    }
    expr out = *e;
    for (std::size_t i = 0; i < out.args.size(); ++i) {
      const bool inside = out.what == form::macro && i == 1;
      if (inside) locals_.emplace_back(out.variable, item_of_range(out.args[0]->type));
      out.args[i] = run(out.args[i]);
    }
    if (out.what == form::macro) locals_.pop_back();
    out.type = type(out);
    return std::make_shared<const expr>(std::move(out));
  }

 private:
  const static_type* local(const std::string& name) const {
    for (std::size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i].first == name) return &locals_[i].second;
    }
    return nullptr;
  }

  // `a.b.c`: the longest declared path, and fields of what it names. Nothing: not a path.
  expr_ptr path(const expr_ptr& e) {
    std::vector<std::string> parts;
    const auto* at = e.get();
    for (; at->what == form::field; at = at->args[0].get()) parts.push_back(at->text);
    if (at->what != form::name) return nullptr;
    parts.push_back(at->text);
    std::ranges::reverse(parts);
    std::size_t taken = 1;
    auto base = named(parts, taken);
    return with_fields(std::move(base), parts, taken);
  }

  expr named(const std::vector<std::string>& parts, std::size_t& taken) const {
    if (const auto* const of = local(parts[0])) {
      return {.what = form::name, .text = parts[0], .type = *of};
    }
    if (parts.size() > 1 && parts[0] == "values") {
      const auto& definition = names_.values.at(parts[1]);
      taken = 2;
      return {.what = form::defined,
              .text = parts[1],
              .definition = definition,
              .type = definition->type};
    }
    if (parts.size() > 1 && parts[0] == "tables") {
      taken = 2;
      return {.what = form::row_of, .text = parts[1], .type = of_table(names_.tables.at(parts[1]))};
    }
    for (taken = parts.size(); taken > 0; --taken) {
      std::string name = parts[0];
      for (std::size_t i = 1; i < taken; ++i) name += "." + parts[i];
      const auto found = names_.declared.find(name);
      if (found != names_.declared.end()) {
        return {.what = form::fact, .text = name, .type = found->second};
      }
    }
    throw std::runtime_error("no name " + parts[0]);
  }

  static expr_ptr with_fields(expr base, const std::vector<std::string>& parts, std::size_t from) {
    auto out = std::make_shared<const expr>(std::move(base));
    for (; from < parts.size(); ++from) {
      out = std::make_shared<const expr>(expr{
          .what = form::field, .text = parts[from], .args = {out}, .type = element_of(out->type)});
    }
    return out;
  }

  static static_type type(const expr& e) {
    auto of = [&](std::size_t i) { return e.args.at(i)->type; };
    switch (e.what) {
      case form::literal: return type_of(*e.constant);
      case form::name:
      case form::fact:
      case form::defined:
      case form::row_of: return e.type;
      case form::field:
      case form::index: return element_of(of(0));
      case form::call:
      case form::method: return of_call(e.text, e.args);
      case form::operation: return e.text == "neg" ? of(0) : of_operation(e.text, of(0), of(1));
      case form::choice: return of(1).kind == kind::list && !of(1).element ? of(2) : of(1);
      case form::list: return e.args.empty() ? static_type{.kind = kind::list} : list_of(of(0));
      case form::map: return map_type(e);
      case form::macro: break;
      default: return {.kind = kind::boolean};
    }
    if (e.text == "filter") return list_of(item_of_range(of(0)));
    if (e.text == "map") return list_of(e.args.back()->type);
    return {.kind = kind::boolean};
  }

  static static_type map_type(const expr& e) {
    if (e.args.empty()) return {.kind = kind::map};
    return {.kind = kind::map,
            .element = std::make_shared<const static_type>(e.args[1]->type),
            .key = std::make_shared<const static_type>(e.args[0]->type)};
  }

  const scope& names_;
  std::vector<std::pair<std::string, static_type>> locals_{};
};

void collect(const expr& e, name_set& out) {
  if (e.what == form::fact) out.insert(e.text);
  if (e.definition) collect(*e.definition, out);
  for (const auto& arg : e.args) collect(*arg, out);
}

}  // namespace

expr_ptr scope::read(std::string_view text) const {
  expr out = *resolver(*this).run(parse_expression(text));
  out.source = text;
  return std::make_shared<const expr>(std::move(out));
}

name_set facts_in(const expr& e) {
  name_set out;
  collect(e, out);
  return out;
}

static_type type_of(const value& v) {
  static_type out{.kind = v.kind()};
  if (v.is(kind::list) && !v.as_list().empty()) return list_of(type_of(v.as_list().front()));
  if (v.is(kind::map) && !v.as_map().empty()) {
    out.key = std::make_shared<const static_type>(type_of(v.as_map().front().first));
    out.element = std::make_shared<const static_type>(type_of(v.as_map().front().second));
  }
  return out;
}

static_type type_named(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with("list<")) return list_of(type_named(text.substr(5, text.size() - 6)));
  if (text.starts_with("map<")) {
    const auto inside = text.substr(4, text.size() - 5);
    const auto comma = inside.find(',');
    return {.kind = kind::map,
            .element = std::make_shared<const static_type>(type_named(inside.substr(comma + 1))),
            .key = std::make_shared<const static_type>(type_named(inside.substr(0, comma)))};
  }
  for (int k = 1; k <= 11; ++k) {
    if (to_string(static_cast<kind>(k)) == text) return {.kind = static_cast<kind>(k)};
  }
  throw std::runtime_error("no type " + std::string(text));
}

}  // namespace leeway::reference
