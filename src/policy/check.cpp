// SPDX-License-Identifier: Apache-2.0
#include "policy/check.hpp"

#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

using condition::type;

/// "`a`, `b` and 3 more", for telling what there is.
std::string known_names(std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return "the policy has no " + std::string(what);
  constexpr std::size_t most = 8;
  std::string out = "known " + std::string(what) + ": ";
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    out += (i == 0 ? "" : ", ") + ticked(names[i]);
  }
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

std::string near_or_known(std::string_view word, std::string_view what,
                          const std::vector<std::string>& names) {
  std::string out = suggestion(word, names);
  return out.empty() ? known_names(what, names) : out;
}

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The end of the string literal that begins at `at` with a quote.
std::size_t skip_string(std::string_view text, std::size_t at, bool raw) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool triple = text.substr(at, 3) == three;
  at += triple ? 3 : 1;
  while (at < text.size()) {
    if (text[at] == '\\' && !raw) {
      at += 2;
    } else if (triple ? text.substr(at, 3) == three : text[at] == quote) {
      return std::min(text.size(), at + (triple ? 3 : 1));
    } else {
      ++at;
    }
  }
  return text.size();
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

std::string take_name(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  while (at < text.size() && continues_name(text[at])) ++at;
  return std::string(text.substr(start, at - start));
}

std::string take_dotted(std::string_view text, std::size_t& at) {
  std::string out = take_name(text, at);
  for (;;) {
    std::size_t next = skip_space(text, at);
    if (next >= text.size() || text[next] != '.') return out;
    next = skip_space(text, next + 1);
    if (next >= text.size() || !starts_name(text[next])) return out;
    at = next;
    out += '.';
    out += take_name(text, at);
  }
}

}  // namespace

std::string item(std::string_view base, std::size_t i) { return json::pointer_to(base, i); }
std::string field(std::string_view base, std::string_view key) {
  return json::pointer_to(base, key);
}

std::vector<std::string> dotted_names(std::string_view text) {
  std::vector<std::string> out;
  char before = ' ';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_string(text, at, before == 'r' || before == 'R');
      before = '"';
    } else if (text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (starts_name(c)) {
      const std::string name = take_dotted(text, at);
      // After a dot it is a field of what came before, not a name of its own.
      if (before != '.') out.push_back(name);
      before = name.size() == 1 ? name.front() : 'a';
    } else {
      if (!is_space(c)) before = c;
      ++at;
    }
  }
  return out;
}

check_context::check_context(compiled_policy& into, const locator& where, diagnostics& out)
    : into_(into), where_(where), out_(out) {
  for (const diagnostic& one : out) {
    if (one.level == severity::error) blamed_.insert(one.pointer);
  }
}

bool check_context::blamed(const std::string& pointer) const {
  return !blamed_.empty() && blamed_.contains(where_.nearest(pointer));
}

bool check_context::blamed_below(const std::string& pointer) const {
  const std::string at = where_.nearest(pointer);
  if (blamed_.contains(at)) return true;
  const auto next = blamed_.lower_bound(at + "/");
  return next != blamed_.end() && next->starts_with(at + "/");
}

bool check_context::only_counted(severity level, const std::string& code) {
  if (!out_.full()) return false;
  out_.add({.level = level, .code = code});
  return true;
}

void check_context::error(const std::string& pointer, std::string code, std::string message,
                          std::string remedy) {
  if (blamed(pointer)) return;
  if (only_counted(severity::error, code)) return;
  out_.add(where_.at(pointer, std::move(code), std::move(message), std::move(remedy)));
}

void check_context::key_error(const std::string& pointer, std::string code, std::string message,
                              std::string remedy) {
  if (blamed(pointer)) return;
  if (only_counted(severity::error, code)) return;
  out_.add(where_.at_key(pointer, std::move(code), std::move(message), std::move(remedy)));
}

void check_context::entry_error(const std::string& pointer, std::string code, std::string message,
                                std::string remedy) {
  if (blamed_below(pointer)) return;
  if (only_counted(severity::error, code)) return;
  out_.add(where_.at(pointer, std::move(code), std::move(message), std::move(remedy)));
}

void check_context::warning(const std::string& pointer, std::string code, std::string message,
                            std::string remedy) {
  if (only_counted(severity::warning, code)) return;
  diagnostic one = where_.at(pointer, std::move(code), std::move(message), std::move(remedy));
  one.level = severity::warning;
  out_.add(std::move(one));
}

bool check_context::is_broken(std::string_view name) const {
  return std::any_of(broken_.begin(), broken_.end(), [&](const std::string& one) {
    return name == one || (name.starts_with(one) && name[one.size()] == '.');
  });
}

void check_context::report(const std::string& pointer, condition::issue found) {
  const severity level = found.warning ? severity::warning : severity::error;
  if (only_counted(level, found.code)) return;
  diagnostic one = where_.inside(pointer, found.offset, found.length, std::move(found.code),
                                 std::move(found.message), std::move(found.remedy));
  one.level = level;
  out_.add(std::move(one));
}

/// What to do about a name that is not in scope; the condition module cannot know where else it is.
void check_context::explain_scope(const expression& text, bool of_entry,
                                  condition::issue& found) const {
  if (found.code != "unknown_name" || found.offset >= text.size()) return;
  const auto names = dotted_names(std::string_view(text).substr(found.offset, found.length));
  if (names.empty()) return;
  const std::string& name = names.front();
  const bool near = found.remedy.starts_with("did you mean");
  if (name.starts_with("entry.") && !of_entry) {
    found.remedy = "`entry` is read in `where` only; conditions read history as `usage.<measure>`";
  } else if (of_entry && name == "at") {
    found.remedy = "`where` tests an entry of history: its instant is `entry.at`";
  } else if (of_entry && into_.entry->find("entry." + name) != nullptr) {
    found.remedy = "in `where` it is " + ticked("entry." + name);
  } else if (of_entry && (into_.env->find(name) != nullptr || name.starts_with("values."))) {
    found.remedy = "`where` tests an entry of history, not the request: it reads `entry` only";
  } else if (near) {
    return;
  } else if (name.starts_with("usage.")) {
    found.remedy = "declare a measure with that id under `measures`";
  } else if (name.starts_with("values.") || name.starts_with("tables.")) {
    found.remedy = "declare it under " + ticked(name.substr(0, 6));
  }
}

void check_context::reads_amount(const std::string& pointer, const expression& text,
                                 std::string_view what) {
  constexpr std::string_view name = "action.amount";
  const auto at = text.find(name);
  condition::issue found{.code = "reads_amount",
                         .message = "`" + std::string(what) + "` must not read `action.amount`",
                         .remedy =
                             "say it without the amount that is proposed; conditions may "
                             "compare it",
                         .offset = at == std::string::npos ? 0 : at,
                         .length = at == std::string::npos ? text.size() : name.size()};
  report(pointer, std::move(found));
}

code_ptr check_context::compile(const std::string& pointer, const expression& text,
                                const condition::environment& env, const std::vector<type>& wanted,
                                amount_use amount, std::string_view what) {
  if (text.empty() || blamed(pointer)) return nullptr;
  // The policy is refused, and what else is wrong with it is not kept.
  if (out_.full() && out_.has_errors()) return nullptr;
  bool excused = false;
  for (const std::string& name : dotted_names(text)) {
    excused = excused || is_broken(name);
    mentioned.insert(name);
  }
  auto compiled = condition::compile(text, env, wanted);
  for (condition::issue& found : compiled.found) {
    if (excused && found.code != "syntax_error") continue;
    if (!into_.money_currency.valid() && found.code.find("currency") != std::string::npos) {
      continue;
    }
    if (looks_like_money(text) && found.remedy.empty()) {
      found.remedy = "in an expression money is written `money('49.99 USD')`";
    }
    explain_scope(text, &env == into_.entry.get(), found);
    report(pointer, std::move(found));
  }
  if (!compiled.code) return nullptr;
  read.insert(compiled.code->reads().begin(), compiled.code->reads().end());
  if (amount == amount_use::forbidden && compiled.code->reads_amount()) {
    reads_amount(pointer, text, what);
  }
  return compiled.code;
}

code_ptr check_context::condition(const std::string& pointer, const expression& text,
                                  amount_use amount) {
  return compile(pointer, text, *into_.env, {type(value_kind::boolean)}, amount, "when");
}

code_ptr check_context::entry_condition(const std::string& pointer, const expression& text) {
  return compile(pointer, text, *into_.entry, {type(value_kind::boolean)}, amount_use::allowed,
                 "where");
}

bool check_context::right_currency(const std::string& pointer, currency found) {
  if (!into_.money_currency.valid() || found == into_.money_currency) return true;
  error(pointer, "wrong_currency",
        "an amount in " + ticked(found.code()) + ", but the policy is in " +
            ticked(into_.money_currency.code()),
        "a policy has one currency: write the amount in it");
  return false;
}

std::optional<compiled_quantity> check_context::constant(const std::string& pointer,
                                                         std::int64_t from, const type& wanted,
                                                         bool signed_allowed,
                                                         std::string_view what) {
  const std::string name = "`" + std::string(what) + "`";
  const std::string digits = std::to_string(from);
  if (from < 0 && !signed_allowed) {
    error(pointer, "negative_amount", name + " must not be negative, found `" + digits + "`",
          "use zero or more");
    return std::nullopt;
  }
  switch (wanted.kind()) {
    case value_kind::integer: return compiled_quantity{from};
    case value_kind::number:
      return compiled_quantity{condition::compile(digits + ".0", *into_.env, {wanted}).code};
    case value_kind::ratio:
      return compiled_quantity{
          condition::compile("ratio('" + digits + "')", *into_.env, {wanted}).code};
    case value_kind::money:
      error(pointer, "type_mismatch",
            name + " is an amount of money here, found the number `" + digits + "`",
            "write it with its currency: \"" + digits + " " +
                std::string(into_.money_currency.valid() ? into_.money_currency.code() : "USD") +
                "\"");
      return std::nullopt;
    default:
      error(pointer, "type_mismatch",
            name + " must be " + ticked(wanted.to_string()) + " here, found the number `" + digits +
                "`",
            "write an expression of that type");
      return std::nullopt;
  }
}

std::optional<compiled_quantity> check_context::constant(const std::string& pointer, money from,
                                                         const type& wanted,
                                                         std::string_view what) {
  const std::string name = "`" + std::string(what) + "`";
  if (!wanted.is(value_kind::money)) {
    error(pointer, "type_mismatch",
          name + " must be " +
              (wanted.is(value_kind::integer) ? std::string("a whole number")
                                              : ticked(wanted.to_string())) +
              " here, found the amount `" + from.to_string() + "`",
          "write it without a currency");
    return std::nullopt;
  }
  if (from.is_negative()) {
    error(pointer, "negative_amount",
          name + " must not be negative, found `" + from.to_string() + "`", "use zero or more");
    return std::nullopt;
  }
  if (!right_currency(pointer, from.cur())) return std::nullopt;
  return compiled_quantity{from};
}

std::optional<compiled_quantity> check_context::bound(const std::string& pointer,
                                                      const std::optional<quantity>& from,
                                                      const type& wanted, bool signed_allowed,
                                                      std::string_view what) {
  if (!from) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&*from)) {
    return constant(pointer, *number, wanted, signed_allowed, what);
  }
  if (const auto* sum = std::get_if<money>(&*from)) return constant(pointer, *sum, wanted, what);
  auto code = compile(pointer, std::get<expression>(*from), *into_.env, {wanted},
                      amount_use::forbidden, what);
  if (!code) return std::nullopt;
  return compiled_quantity{std::move(code)};
}

std::optional<compiled_quantity> check_context::amount(const std::string& pointer,
                                                       const std::optional<quantity>& from,
                                                       std::string_view what) {
  return bound(pointer, from, type(value_kind::money), false, what);
}

std::optional<compiled_quantity> check_context::count(const std::string& pointer,
                                                      const std::optional<quantity>& from,
                                                      std::string_view what) {
  return bound(pointer, from, type(value_kind::integer), false, what);
}

void check_context::index_names() {
  for (const role_definition& one : doc().roles) {
    if (is_id(one.id.view())) role_index_.emplace(one.id.str(), 0);
  }
  for (const action_definition& one : doc().actions) {
    if (is_id(one.id.view())) action_index_.emplace(one.id.str(), 0);
  }
  for (auto& [name, at] : role_index_) {
    at = static_cast<index>(role_names_.size());
    role_names_.push_back(name);
  }
  for (auto& [name, at] : action_index_) {
    at = static_cast<index>(action_names_.size());
    action_names_.push_back(name);
  }
  modes_.resize(action_names_.size(), amount_mode::any);
  for (const action_definition& one : doc().actions) {
    if (is_id(one.id.view())) modes_[action_index_.at(one.id.str())] = one.amount;
  }
}

std::optional<index> check_context::role(const std::string& pointer, const role_id& id) {
  if (id.empty()) {
    error(pointer, "empty_text", "a role must not be empty");
    return std::nullopt;
  }
  const auto found = role_index_.find(id.view());
  if (found != role_index_.end()) return found->second;
  error(pointer, "unknown_role", "unknown role " + ticked(id.view()),
        near_or_known(id.view(), "roles", role_names_));
  return std::nullopt;
}

std::vector<index> check_context::roles(const std::string& pointer,
                                        const std::vector<role_id>& ids) {
  std::set<index> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto at = role(item(pointer, i), ids[i])) out.insert(*at);
  }
  return {out.begin(), out.end()};
}

action_set check_context::actions(const std::string& pointer,
                                  const std::vector<action_kind>& kinds) {
  action_set out;
  std::set<index> found;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string_view kind = kinds[i].view();
    if (kind == "*") {
      out.every = true;
    } else if (const auto one = action_index_.find(kind); one != action_index_.end()) {
      found.insert(one->second);
    } else if (kind.empty()) {
      error(item(pointer, i), "empty_text", "an action must not be empty");
    } else {
      error(item(pointer, i), "unknown_action", "unknown action " + ticked(kind),
            near_or_known(kind, "actions", action_names_));
    }
  }
  if (out.every) {
    for (index i = 0; i < action_names_.size(); ++i) found.insert(i);
    if (kinds.size() > 1) {
      error(pointer, "repeated_name", "`*` names every action already",
            "leave the others out, or leave `*` out");
    }
  }
  out.actions.assign(found.begin(), found.end());
  return out;
}

std::vector<condition::slot> check_context::keys(const std::string& pointer,
                                                 const std::vector<std::string>& names) {
  std::set<condition::slot> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string at = item(pointer, i);
    if (names[i].empty() || is_broken(names[i])) continue;
    const auto slot = into_.env->slot_of(names[i]);
    if (!slot || names[i].starts_with("usage.")) {
      std::vector<std::string> candidates;
      for (const compiled_fact& one : into_.facts) {
        if (one.static_type.is(value_kind::string)) candidates.push_back(one.name);
      }
      error(at, "unknown_fact", "unknown fact " + ticked(names[i]),
            near_or_known(names[i], "string facts", candidates));
      continue;
    }
    const auto& declared = into_.env->at(*slot);
    if (!declared.static_type.is(value_kind::string)) {
      error(at, "type_mismatch",
            ticked(names[i]) + " is " + ticked(declared.static_type.to_string()) +
                ", but `per` counts by strings",
            "use an id or another string fact");
    } else if (declared.protected_attribute) {
      error(at, "protected_fact",
            ticked(names[i]) + " is protected: nothing may be decided or counted by it",
            "count by another fact");
    } else {
      out.insert(*slot);
    }
    read.insert(*slot);
  }
  return {out.begin(), out.end()};
}

void check_context::entry_id(const std::string& pointer, const rule_id& id) {
  const std::string at = field(pointer, "id");
  if (!is_id(id.view())) {
    error(at, "bad_id", id.empty() ? "an id must not be empty" : "bad id " + ticked(id.view()),
          "use 1 to 64 letters, digits, `_`, `.` and `-`");
    return;
  }
  const auto [before, added] = entry_ids_.emplace(id.str(), pointer);
  if (!added) {
    error(at, "duplicate_id",
          "the id " + ticked(id.view()) + " is taken already, by `" + before->second + "`",
          "grants, measures, budgets, rules, entitlements and discretion share one set of ids");
  }
}

void check_context::dates(const std::string& pointer, const std::optional<civil_date>& from,
                          const std::optional<civil_date>& until) {
  for (const auto& [key, one] : {std::pair("from", &from), std::pair("until", &until)}) {
    if (*one && !(*one)->valid()) error(field(pointer, key), "date_range", "not a date");
  }
  if (from && until && *from >= *until) {
    error(field(pointer, "until"), "empty_dates",
          "in force for no day: from " + from->to_string() + " until " + until->to_string(),
          "`until` is the first day on which it is no longer in force");
  }
}

bool check_context::all_without_amount(const action_set& set) const {
  return !set.actions.empty() && std::all_of(set.actions.begin(), set.actions.end(), [&](index i) {
    return modes_[i] == amount_mode::no_amount;
  });
}

}  // namespace leeway::policy_detail
