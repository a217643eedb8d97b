// SPDX-License-Identifier: Apache-2.0
#include "policy/check.hpp"

#include "condition/absorbed.hpp"
#include "policy/fields.hpp"

#include <algorithm>

namespace leeway::policy_detail {
namespace {

/// Whether `usage.<id>` would be of a limit, which counts but is not read.
bool is_counter(const policy_document& doc, std::string_view id) {
  const auto named = [&](const auto& one) { return one.id.view() == id; };
  return std::ranges::any_of(doc.budgets, named) || std::ranges::any_of(doc.discretion, named) ||
         std::ranges::any_of(doc.grants, named);
}

using condition::type;

}  // namespace

std::string item(std::string_view base, std::size_t i) { return json::pointer_to(base, i); }
std::string field(std::string_view base, std::string_view key) {
  return json::pointer_to(base, key);
}

std::vector<scope> scopes_of(const policy_document& doc) {
  std::vector<scope> out;
  out.push_back({{}, nullptr, doc.facts, doc.values, doc.tables, doc.measures});
  for (std::size_t i = 0; i < doc.overlays.size(); ++i) {
    const overlay_definition& o = doc.overlays[i];
    out.push_back({item("/overlays", i), &o, o.facts, o.values, o.tables, o.measures});
  }
  return out;
}

std::string pointer_of_fact(const policy_document& doc, const std::string& name) {
  for (const scope& in : scopes_of(doc)) {
    if (std::ranges::find(in.facts, name, &fact_declaration::name) == in.facts.end()) continue;
    return field(in.at("/facts"), name);
  }
  return field("/facts", name);
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
  // An error takes the place of a warning.
  const bool room = std::any_of(out_.begin(), out_.end(), [](const diagnostic& kept) {
    return kept.level == severity::warning;
  });
  if (level == severity::error && room) return false;
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
  const std::string* reason = silence(code, subject_of(doc(), pointer));
  if (reason == nullptr && only_counted(severity::warning, code)) return;
  diagnostic one = where_.at(pointer, std::move(code), std::move(message), std::move(remedy));
  one.level = severity::warning;
  keep(std::move(one), reason);
}

bool check_context::is_broken(std::string_view name) const {
  return std::any_of(broken_.begin(), broken_.end(), [&](const std::string& one) {
    return name == one || (name.starts_with(one) && name[one.size()] == '.');
  });
}

bool check_context::may_read(const std::string& pointer, std::string_view name) {
  for (std::size_t end = name.find('.'); end != std::string_view::npos;) {
    end = name.find('.', end + 1);
    const auto found = private_.find(name.substr(0, end));
    if (found == private_.end() || pointer.starts_with(found->second + '/')) continue;
    error(pointer, "name_of_overlay",
          ticked(name.substr(0, end)) + " is declared by an overlay, and only that one may read it",
          "declare it in the policy itself");
    return false;
  }
  return true;
}

void check_context::report(const std::string& pointer, condition::issue found) {
  const severity level = found.warning ? severity::warning : severity::error;
  const std::string* reason =
      found.warning ? silence(found.code, subject_of(doc(), pointer)) : nullptr;
  if (reason == nullptr && only_counted(level, found.code)) return;
  diagnostic one = where_.inside(pointer, found.offset, found.length, std::move(found.code),
                                 std::move(found.message), std::move(found.remedy));
  one.level = level;
  keep(std::move(one), reason);
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
  } else if (name.starts_with("usage.") && is_counter(into_.document, name.substr(6))) {
    found.remedy = "what a limit has used cannot be read: declare a measure that counts the same";
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

void check_context::refuse_due(const std::string& pointer, const expression& text,
                               const code_ptr& code, std::string_view what) {
  if (!code || !std::ranges::binary_search(code->reads(), into_.due_slot)) return;
  const auto at = text.find(due_name);
  const bool direct = at != std::string::npos;
  report(pointer, {.code = "reads_due",
                   .message = "`" + std::string(what) + "` must not read `" +
                              std::string(due_name) + "`: what is due is computed from it",
                   .remedy = direct ? "say it with the facts the entitlements read"
                                    : "a value it reads does: use the facts the entitlements read",
                   .offset = direct ? at : 0,
                   .length = direct ? due_name.size() : text.size()});
}

void check_context::refuse_due(const std::string& pointer, const std::optional<quantity>& from,
                               const std::optional<compiled_quantity>& limit,
                               std::string_view what) {
  if (!from || !limit) return;
  const auto* code = std::get_if<code_ptr>(&limit->content);
  if (code != nullptr) refuse_due(pointer, (*code)->text(), *code, what);
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
    if (!may_read(pointer, name)) return nullptr;
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

void check_context::warn_of_constant(const std::string& pointer, const code_ptr& code) {
  if (!code || !code->reads().empty()) return;
  const auto always = condition::evaluate(*code, *into_.env, condition::frame(*into_.env));
  warning(pointer, "constant_condition",
          always.is_true()    ? "this condition is always true: it reads no fact"
          : always.is_false() ? "this condition is never true: it reads no fact"
                              : "this condition reads no fact",
          "say what it depends on, or leave it out");
}

code_ptr check_context::condition(const std::string& pointer, const expression& text,
                                  amount_use amount) {
  auto out = compile(pointer, text, *into_.env, {type(value_kind::boolean)}, amount, "when");
  warn_of_constant(pointer, out);
  return out;
}

code_ptr check_context::entry_condition(const std::string& pointer, const expression& text) {
  auto out = compile(pointer, text, *into_.entry, {type(value_kind::boolean)}, amount_use::allowed,
                     "where");
  warn_of_constant(pointer, out);
  return out;
}

void check_context::warn_of_absorbed(const std::string& pointer, const code_ptr& code) {
  if (!code) return;
  for (condition::issue& one : condition::absorbed_errors(*code)) {
    report(pointer, std::move(one));
  }
}

bool check_context::right_currency(const std::string& pointer, currency found) {
  if (!into_.money_currency.valid() || found == into_.money_currency) return true;
  error(pointer, "wrong_currency",
        "an amount in " + ticked(found.code()) + ", but the policy is in " +
            ticked(into_.money_currency.code()),
        "a policy has one currency: write the amount in it");
  return false;
}

}  // namespace leeway::policy_detail
