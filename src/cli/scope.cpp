// SPDX-License-Identifier: Apache-2.0
#include "cli/scope.hpp"

#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "cli/typed_value.hpp"
#include "engine/advice.hpp"
#include "engine/binder.hpp"
#include "engine/explanation_trees.hpp"
#include "policy/literals.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace leeway::cli {
namespace {

using condition::binding;
using condition::declaration;
using condition::environment;
using condition::slot;
using condition::type;
using json::kind;
using json::node;

failure<error> refused(std::string message) { return fail("bad_assignment", std::move(message)); }

bool is_path(std::string_view name) {
  while (true) {
    const auto dot = name.find('.');
    if (!policy_detail::is_identifier(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

/// The first amount in a value that is in another currency.
std::optional<std::string> foreign_amount(const value& v, currency wanted) {
  if (v.is(value_kind::money) && v.as_money().cur() != wanted) return v.to_string();
  if (v.is(value_kind::list)) {
    for (const value& item : v.as_list()) {
      if (auto found = foreign_amount(item, wanted)) return found;
    }
  }
  if (v.is(value_kind::map)) {
    for (const auto& [key, item] : v.as_map()) {
      if (auto found = foreign_amount(item, wanted)) return found;
    }
  }
  return std::nullopt;
}

bool is_one_of(const value& v, const std::vector<value>& allowed) {
  if (v.is(value_kind::list)) {
    return std::ranges::all_of(v.as_list(), [&](const value& i) { return is_one_of(i, allowed); });
  }
  return std::ranges::find(allowed, v) != allowed.end();
}

/// What a text that nobody declared a type for looks like.
type type_of_text(std::string_view text) {
  if (money::parse(text)) return value_kind::money;
  if (text.ends_with('%') && ratio::parse(text)) return value_kind::ratio;
  if (civil_date::parse(text)) return value_kind::date;
  if (instant::parse(text)) return value_kind::timestamp;
  if (duration::parse(text)) return value_kind::duration;
  return value_kind::string;
}

std::optional<type> type_of_node(const node& from);

template <class Items, class Node>
std::optional<type> common_type(const Items& items, const Node& node_of) {
  std::optional<type> out = type::nothing();
  for (const auto& item : items) {
    const auto one = type_of_node(node_of(item));
    if (!one) return std::nullopt;
    const bool numbers = (out->is(value_kind::number) && one->is(value_kind::integer)) ||
                         (out->is(value_kind::integer) && one->is(value_kind::number));
    out = out->is_nothing() ? one
          : numbers         ? std::optional<type>(value_kind::number)
                            : condition::join(*out, *one);
    if (!out) return std::nullopt;
  }
  return out;
}

std::optional<type> type_of_node(const node& from) {
  switch (from.type()) {
    case kind::boolean: return type(value_kind::boolean);
    case kind::integer: return type(value_kind::integer);
    case kind::number: return type(value_kind::number);
    case kind::string: return type_of_text(from.string());
    case kind::null: return std::nullopt;
    case kind::array: {
      const auto element = common_type(from.items(), std::identity{});
      if (!element) return std::nullopt;
      return element->is_nothing() ? type::empty_list() : type::list_of(*element);
    }
    case kind::object: {
      const auto element =
          common_type(from.members(), [](const json::member& m) -> const node& { return m.value; });
      if (!element) return std::nullopt;
      return element->is_nothing() ? type::empty_map() : type::map_of(value_kind::string, *element);
    }
  }
  return std::nullopt;
}

bool reads_as_json(const type& t) {
  return t.is(value_kind::boolean) || t.is(value_kind::integer) || t.is(value_kind::number) ||
         t.is(value_kind::list) || t.is(value_kind::map);
}

std::string quoted_json(std::string_view text) {
  return json::dump(nlohmann::ordered_json(std::string(text)));
}

/// The value of a text of a type, as a policy would write the constant (quotes may be left out).
result<value> constant(std::string_view text, const type& wanted) {
  const bool bare = (reads_as_json(wanted) || text.starts_with('"')) && json::read(text, "");
  const std::string document = "{\"value\":" + (bare ? std::string(text) : quoted_json(text)) + "}";
  const auto doc = json::read(document, "");
  diagnostics found;
  if (doc) {
    policy_detail::fields in(*doc, doc->root(), {}, found);
    const node* content = doc->root().find("value");
    if (content != nullptr) {
      if (auto out = policy_detail::read_literal(in, *content, "/value", wanted)) return *out;
    }
  }
  if (found.empty()) return refused("it cannot be read");
  return refused(found.front().message);
}

/// The same of a text whose type is as it looks.
result<value> constant(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    return value(text.substr(1, text.size() - 2));
  }
  const auto doc = json::read(text, "");
  if (!doc) {
    const bool meant = text.starts_with('[') || text.starts_with('{') || text.starts_with('"');
    if (meant) return refused(doc.error().front().message);
    return constant(text, type_of_text(text));
  }
  if (doc->root().is(kind::string)) return value(doc->root().string());
  const auto t = type_of_node(doc->root());
  if (!t) return refused("its items are not of one type, or there is a null");
  return constant(text, *t);
}

}  // namespace

scope::scope(currency money_currency, time_zone zone) {
  auto env = std::make_shared<environment>(money_currency, zone);
  env->declare({.path = "at", .static_type = value_kind::timestamp});
  env_ = std::move(env);
}

scope::scope(leeway::policy of) : policy_(std::move(of)) {
  // The policy lives as long as this scope, and each of its copies.
  env_ = std::shared_ptr<const environment>(std::shared_ptr<void>(), policy_->impl().env.get());
  // What a request is when it does not say.
  for (const std::string& name : env_->names()) {
    const declaration* one = env_->find(name);
    if (one == nullptr || !one->left_out) continue;
    const slot where = *env_->slot_of(name);
    known_.resize(std::max<std::size_t>(known_.size(), where + 1));
    known_[where] = {binding::state::known, one->left_out};
  }
}

condition::frame scope::facts() const {
  condition::frame out(*env_);
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto s = static_cast<slot>(i);
    if (known_[i].status == binding::state::known) out.set(s, *known_[i].content);
    if (known_[i].status == binding::state::absent) out.set_absent(s);
  }
  return out;
}

diagnostics scope::bind(const request& r) {
  const auto& of = policy_->impl();
  auto bound = engine::bind(of, r);
  if (bound.found.has_errors()) return std::move(bound.found);
  engine::bind_usage(of, policy_->usage_of(r), bound.facts);
  known_.resize(std::max(known_.size(), bound.facts.size()));
  for (std::size_t i = 0; i < bound.facts.size(); ++i) {
    known_[i] = bound.facts.keep(static_cast<slot>(i));
  }
  engine::advise(of, r, bound.found);
  return std::move(bound.found);
}

failure<error> scope::undeclared(const std::string& name) const {
  const std::string near = suggestion(name, env_->names());
  return refused(fmt::format("`{}` is no fact of the policy; {}", name,
                             near.empty() ? "to try one, write NAME:TYPE=VALUE" : near));
}

void scope::set_at(instant at) {
  const auto s = env_->slot_of("at");
  if (!s) return;
  known_.resize(std::max<std::size_t>(known_.size(), *s + 1));
  known_[*s] = {binding::state::known, value(at)};
}

result<void> scope::set(std::string_view assignment) {
  const auto name_end = std::min(assignment.find_first_of(":="), assignment.size());
  const std::string name(assignment.substr(0, name_end));
  const auto equals = assignment.find('=', name_end);
  const bool typed = name_end < assignment.size() && assignment[name_end] == ':';
  if (!typed && equals == std::string_view::npos) {
    return refused(fmt::format("`{}` gives no value; write NAME=VALUE", assignment));
  }
  if (assignment.substr(name_end) == ":absent") return set_absent(name);
  std::optional<type> wanted;
  if (typed) {
    auto parsed =
        type::parse(assignment.substr(name_end + 1, equals - std::min(equals, name_end + 1)));
    if (!parsed) return refused(fmt::format("`{}`: {}", name, parsed.error().message));
    wanted = *parsed;
  }
  if (equals == std::string_view::npos) return set(name, wanted, std::nullopt);
  const declaration* known = env_->find(name);
  if (!wanted && known == nullptr && has_policy()) return undeclared(name);
  if (!wanted && known != nullptr && (has_policy() || name == "at")) wanted = known->static_type;
  const auto text = assignment.substr(equals + 1);
  const auto content = wanted ? constant(text, *wanted) : constant(text);
  if (!content) return refused(fmt::format("`{}`: {}", name, content.error().message));
  return set(name, wanted, *content);
}

result<void> scope::set_absent(const std::string& name) {
  const declaration* known = env_->find(name);
  if (known == nullptr && has_policy()) return undeclared(name);
  if (known == nullptr) return refused(fmt::format("`{}` is no name yet; nothing is absent", name));
  if (!known->optional) {
    return refused(
        fmt::format("`{}` is not declared optional, so it is never absent; write "
                    "{}:{} to leave it unknown",
                    name, name, known->static_type.to_string()));
  }
  const slot where = *env_->slot_of(name);
  known_.resize(std::max<std::size_t>(known_.size(), where + 1));
  known_[where] = {binding::state::absent, std::nullopt};
  return {};
}

result<void> scope::set(const std::string& name, const std::optional<type>& wanted,
                        const std::optional<value>& content) {
  std::optional<type> t = wanted;
  if (!t && content) {
    t = type_of(*content);
    if (!t) return refused(fmt::format("`{}`: its items are not of one type", name));
  }
  const auto where = slot_for(name, t);
  if (!where) return fail(where.error());
  known_.resize(std::max<std::size_t>(known_.size(), *where + 1));
  if (!content && has_policy() && env_->at(*where).always) {
    return refused(fmt::format("`{}` is always known; give its value", name));
  }
  if (!content) {
    known_[*where] = {};
    return {};
  }
  if (auto good = check_value(name, *where, *content); !good) return good;
  known_[*where] = {binding::state::known, content};
  return {};
}

result<void> scope::set_known(const std::string& name, const std::optional<type>& wanted,
                              const value& content) {
  if (has_policy() && env_->find(name) == nullptr) {
    const std::string near = suggestion(name, env_->names());
    return refused(fmt::format("`{}` is no fact of the policy; {}", name,
                               near.empty() ? "to try one, write --set NAME:TYPE=VALUE" : near));
  }
  return set(name, wanted, content);
}

result<slot> scope::slot_for(const std::string& name, const std::optional<type>& wanted) {
  if (!is_path(name)) return refused(fmt::format("`{}` is no name", name));
  for (const char* computed : {"values.", "tables."}) {
    if (!name.starts_with(computed)) continue;
    return refused(fmt::format("`{}` is the policy's own; give the facts it reads", name));
  }
  const declaration* known = env_->find(name);
  if (known != nullptr && (!wanted || known->static_type == *wanted ||
                           (has_policy() && wanted->fits(known->static_type)))) {
    return *env_->slot_of(name);
  }
  if (known != nullptr && (has_policy() || name == "at")) {
    return refused(fmt::format("`{}` is declared as `{}`, not `{}`", name,
                               known->static_type.to_string(), wanted->to_string()));
  }
  if (!wanted) return refused(fmt::format("`{}` needs a type or a value", name));
  auto more = std::make_shared<environment>(*env_);
  const slot out = more->declare({.path = name, .static_type = *wanted});
  env_ = std::move(more);
  return out;
}

result<void> scope::check_value(const std::string& name, slot where, const value& v) const {
  const declaration& d = env_->at(where);
  if (const auto amount = foreign_amount(v, env_->money_currency())) {
    return refused(fmt::format("`{}`: `{}` is not in {}{}", name, *amount,
                               env_->money_currency().code(),
                               has_policy() ? ", the policy's currency" : "; say `--currency`"));
  }
  const bool fits = d.static_type == type::empty_list() || d.static_type == type::empty_map() ||
                    policy_detail::value_fits(v, d.static_type);
  if (!fits) {
    return refused(fmt::format("`{}` is of type `{}`, and {} is not", name,
                               d.static_type.to_string(), v.to_string()));
  }
  if (!d.one_of.empty() && !is_one_of(v, d.one_of)) {
    std::vector<std::string> allowed;
    for (const value& one : d.one_of) allowed.push_back(one.to_string());
    return refused(fmt::format("`{}` is {}, which the policy does not know; one of {}", name,
                               v.to_string(), fmt::join(allowed, ", ")));
  }
  return {};
}

bool scope::names_a_limit(std::string_view name) const {
  if (!policy_ || !name.starts_with("usage.")) return false;
  name.remove_prefix(6);
  const auto& doc = policy_->document();
  const auto named = [&](const auto& one) { return one.id.view() == name; };
  return std::ranges::any_of(doc.budgets, named) || std::ranges::any_of(doc.discretion, named) ||
         std::ranges::any_of(doc.grants, named);
}

answer scope::evaluate(std::string_view expression, std::string_view remedy, bool with_tree) const {
  answer out;
  out.code = condition::compile(expression, *env_, {}, {.amount_allowed_as_result = true});
  for (condition::issue& one : out.code.found) {
    if (one.code == "unknown_name" && !one.remedy.starts_with("did you mean")) one.remedy = remedy;
    if (one.code == "unknown_name" && names_a_limit(expression.substr(one.offset, one.length))) {
      one.remedy = "what a limit has used cannot be read: declare a measure that counts the same";
    }
  }
  if (!out.code.code) return out;
  const condition::frame known = facts();
  out.outcome = condition::evaluate(*out.code.code, *env_, known);
  if (with_tree) out.tree = engine::tree_of(*out.code.code, *env_, known);
  for (const slot s : out.outcome.missing) out.missing.push_back(env_->at(s).path);
  return out;
}

std::string scope::question_for(std::string_view fact) const {
  if (!policy_) return {};
  for (const fact_declaration& f : policy_->document().facts) {
    if (f.name == fact) return f.ask;
  }
  return {};
}

std::optional<type> type_as_it_looks(const node& from) { return type_of_node(from); }

diagnostics found_in(const answer& a, std::string_view expression) {
  const json::document text(std::string(expression), "expression");
  diagnostics out;
  for (const condition::issue& one : a.code.found) {
    diagnostic d =
        text.at(source_span{one.offset, one.length}, {}, one.code, one.message, one.remedy);
    if (one.warning) d.level = severity::warning;
    out.add(std::move(d));
  }
  return out;
}

}  // namespace leeway::cli
