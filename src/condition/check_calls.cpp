// SPDX-License-Identifier: Apache-2.0
// Calls of functions.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace leeway::condition {

node_ptr checker::call(const tree& t) {
  const bool member = t.kind == tree_kind::member_call;
  if (!member && t.text == "has") return has(t);
  std::vector<node_ptr> args;
  std::vector<type> given;
  bool bad = false;
  const bool known = is_function(t.text, member);
  const bool bound = !known && binds_variable(t);
  // `x.size()` on an unknown function still has its target checked, for all slips at once.
  for (const tree_ptr& child : t.children) {
    if (bound && args.size() == 1) {
      const type& over = args[0]->static_type;
      scope_.push_back({t.children[1]->text, over.is(value_kind::map) ? over.key_or_nothing()
                                                                      : over.element_or_nothing()});
    }
    args.push_back(check(*child));
    given.push_back(args.back()->static_type);
    bad = bad || refused_side(*args.back());
  }
  if (bound) scope_.pop_back();
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

bool checker::binds_variable(const tree& t) const {
  if (t.kind != tree_kind::member_call || t.children.size() < 3) return false;
  const tree& variable = *t.children[1];
  if (variable.kind != tree_kind::name || variable.rooted || is_local(variable.text)) return false;
  const std::string prefix = variable.text + ".";
  const auto names = env_.names();
  return std::none_of(names.begin(), names.end(), [&](const std::string& n) {
    return n == variable.text || n.starts_with(prefix);
  });
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
    remedy = foreign_name_remedy(t.text, target_text, target, env_.zone().name());
  } else {
    const bool of_argument = !member && t.children.size() == 1;
    remedy =
        foreign_name_remedy(t.text, of_argument ? std::string(text(*t.children[0])) : target_text,
                            of_argument ? args[0]->static_type : target, env_.zone().name());
    if (remedy.empty()) remedy = suggestion(t.text, function_names());
  }
  if (remedy.empty() && !member && env_.find(t.text) != nullptr) remedy = "a fact takes no `()`";
  if (remedy.empty()) remedy = "docs/conditions.md lists all functions";
  report_at_name("unknown_function", "unknown function `" + t.text + "`", std::move(remedy), t);
}

std::string checker::converted(const tree& t, const std::vector<type>& given, bool member) const {
  const auto call_of = [&](std::size_t changed, const std::string& with) {
    std::string out = "write `" + (member ? std::string(text(*t.children[0])) + "." : "") + t.text;
    for (std::size_t i = member ? 1 : 0; i < given.size(); ++i) {
      out += (i == (member ? 1U : 0U) ? "(" : ", ") +
             (i == changed ? with : std::string(text(*t.children[i])));
    }
    return out + ")`";
  };
  if (t.text == "percent" && !given.empty()) return "write a share as `ratio('12.5%')`";
  struct conversion {
    value_kind from{};
    value_kind to{};
  };
  static constexpr std::array conversions = {conversion{value_kind::string, value_kind::date},
                                             conversion{value_kind::string, value_kind::duration},
                                             conversion{value_kind::string, value_kind::timestamp},
                                             conversion{value_kind::timestamp, value_kind::date},
                                             conversion{value_kind::date, value_kind::timestamp}};
  for (std::size_t i = member ? 1 : 0; i < given.size(); ++i) {
    for (const conversion& one : conversions) {
      if (!given[i].is(one.from)) continue;
      std::vector<type> changed = given;
      changed[i] = one.to;
      if (!resolve(t.text, member, changed)) continue;
      return call_of(i, changed[i].to_string() + "(" + std::string(text(*t.children[i])) + ")");
    }
  }
  // A word that says how is left out most often.
  if (!member && given.size() == 1) {
    const bool rounds = t.text == "round";
    std::vector<type> more = given;
    more.emplace_back(value_kind::string);
    if ((rounds || t.text == "start_of") && resolve(t.text, false, more)) {
      return "write `" + t.text + "(" + std::string(text(*t.children[0])) +
             (rounds ? ", 'half_up')`; or 'up', 'down'" : ", 'month')`; or 'day', 'week', 'year'");
    }
  }
  return {};
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
  if (remedy.empty()) remedy = converted(t, given, member);
  if (remedy.empty()) remedy = "expected " + signatures(t.text, member);
  report_at_name("no_overload", "there is no `" + found + "`", std::move(remedy), t);
}

}  // namespace leeway::condition
