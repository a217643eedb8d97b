// SPDX-License-Identifier: Apache-2.0
// Lists, maps and the macros that go over them.
#include "condition/check.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace leeway::condition {

node_ptr checker::list(const tree& t) {
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

node_ptr checker::map(const tree& t) {
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

bool checker::repeated_key(const tree& t, const std::vector<node_ptr>& items) {
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

operation checker::macro_operation(std::string_view name) {
  if (name == "all") return operation::all;
  if (name == "exists") return operation::exists;
  if (name == "exists_one") return operation::exists_one;
  if (name == "filter") return operation::filter;
  return operation::transform;
}

node_ptr checker::macro(const tree& t) {
  node_ptr range = check(*t.children[0]);
  const type& over = range->static_type;
  const bool readable = over.is_nothing() || over.is(value_kind::list) || over.is(value_kind::map);
  if (!readable) {
    report("type_mismatch",
           "`" + t.text + "` goes over a list or the keys of a map, found " + shown(over),
           "call it on a list", *t.children[0]);
  }
  const bool bad = refused_side(*range) || !readable;
  refuse_amount(*range, *t.children[0], "`" + t.text + "`");
  type item = type::nothing();
  if (readable) item = over.is(value_kind::map) ? over.key_or_nothing() : over.element_or_nothing();
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

void checker::hidden_name(const tree& t) {
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

}  // namespace leeway::condition
