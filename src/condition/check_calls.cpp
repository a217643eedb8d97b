// SPDX-License-Identifier: Apache-2.0
// Calls of functions.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>

#include <utility>

namespace leeway::condition {

node_ptr checker::call(const tree& t) {
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

std::string checker::searched(const tree& t, const type& target) const {
  const bool search = t.text == "contains" || t.text == "includes" || t.text == "include";
  const bool held = target.is(value_kind::list) || target.is(value_kind::map);
  if (!search || !held || t.children.size() != 2) return {};
  return "write `" + std::string(text(*t.children[1])) + " in " +
         std::string(text(*t.children[0])) + "`";
}

void checker::unknown_function(const tree& t, const std::vector<node_ptr>& args, bool member) {
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

void checker::no_overload(const tree& t, const std::vector<type>& given, bool member) {
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

}  // namespace leeway::condition
