// SPDX-License-Identifier: Apache-2.0
// Warnings that a policy silences, with a reason. Errors cannot be.
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <charconv>

namespace leeway::policy_detail {
namespace {

constexpr std::size_t most_kept = diagnostics::default_limit;
constexpr std::string_view unused = "lint_unused_silence";

template <class List>
std::string id_at(const List& list, std::string_view step) {
  std::size_t i = 0;
  const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), i);
  if (problem != std::errc{} || end != step.data() + step.size() || i >= list.size()) return {};
  return list[i].id.str();
}

std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    out += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return out;
}

/// Everything a silence may be `at`.
std::vector<std::string> subjects(const policy_document& doc) {
  std::set<std::string> out{"calendar"};
  const auto ids = [&](const auto& list) {
    for (const auto& one : list) out.insert(one.id.str());
  };
  const auto names = [&](const auto& list) {
    for (const auto& one : list) out.insert(one.name);
  };
  ids(doc.roles), ids(doc.actions), ids(doc.grants), ids(doc.measures), ids(doc.budgets);
  ids(doc.rules), ids(doc.entitlements), ids(doc.discretion);
  names(doc.facts), names(doc.values), names(doc.tables);
  return {out.begin(), out.end()};
}

std::vector<std::string> codes() {
  std::vector<std::string> out;
  for (const lint_text& one : all_lints()) out.emplace_back(one.code);
  return out;
}

void check_places(check_context& c, const std::string& pointer, const silence_definition& one,
                  const std::vector<std::string>& known) {
  for (std::size_t k = 0; k < one.at.size(); ++k) {
    const std::string& name = one.at[k];
    if (name.empty() || std::binary_search(known.begin(), known.end(), name)) continue;
    std::string hint = suggestion(name, known);
    if (hint.empty()) hint = "name the id of an entry, a role or an action, or a fact's name";
    c.error(item(field(pointer, "at"), k), "unknown_id",
            "nothing in this policy is called " + ticked(name), std::move(hint));
  }
}

}  // namespace

std::string subject_of(const policy_document& doc, std::string_view pointer) {
  if (pointer.empty()) return {};
  pointer.remove_prefix(1);
  const auto slash = pointer.find('/');
  const std::string_view list = pointer.substr(0, slash);
  if (list == "calendar") return "calendar";
  if (slash == std::string_view::npos) return {};
  const std::string_view rest = pointer.substr(slash + 1);
  const std::string_view step = rest.substr(0, rest.find('/'));
  if (list == "facts" || list == "values" || list == "tables") return unescaped(step);
  if (list == "roles") return id_at(doc.roles, step);
  if (list == "actions") return id_at(doc.actions, step);
  if (list == "grants") return id_at(doc.grants, step);
  if (list == "measures") return id_at(doc.measures, step);
  if (list == "budgets") return id_at(doc.budgets, step);
  if (list == "rules") return id_at(doc.rules, step);
  if (list == "entitlements") return id_at(doc.entitlements, step);
  if (list == "discretion") return id_at(doc.discretion, step);
  if (list == "silence") {
    std::size_t i = 0;
    std::from_chars(step.data(), step.data() + step.size(), i);
    return i < doc.silence.size() ? doc.silence[i].lint : std::string{};
  }
  return {};
}

bool check_context::is_silenced(std::string_view code, const std::string& subject) const {
  return std::any_of(silences_.begin(), silences_.end(), [&](const silence_use& one) {
    const auto& at = one.from->at;
    return one.from->lint == code &&
           (at.empty() || std::find(at.begin(), at.end(), subject) != at.end());
  });
}

const std::string* check_context::silence(std::string_view code, const std::string& subject) {
  const std::string* reason = nullptr;
  for (silence_use& one : silences_) {
    if (one.from->lint != code) continue;
    const auto& at = one.from->at;
    if (!at.empty() && std::find(at.begin(), at.end(), subject) == at.end()) continue;
    one.used = true;
    one.subjects.insert(subject);
    // Of several the first by its text, so that the order of the file means nothing.
    if (reason == nullptr || one.from->because < *reason) reason = &one.from->because;
  }
  return reason;
}

void check_context::keep(diagnostic one, const std::string* reason) {
  if (reason == nullptr) return out_.add(std::move(one));
  if (into_.silenced.size() < most_kept) into_.silenced.push_back({std::move(one), *reason});
}

void check_silences(check_context& c) {
  const std::vector<std::string> known = subjects(c.doc());
  const std::vector<std::string> lints = codes();
  for (std::size_t i = 0; i < c.doc().silence.size(); ++i) {
    const silence_definition& one = c.doc().silence[i];
    const std::string pointer = item("/silence", i);
    if (one.because.empty()) {
      c.error(field(pointer, "because"), "empty_text", "a silence without a reason",
              "say why the warning is meant to be");
    }
    if (find_lint(one.lint) == nullptr) {
      std::string hint = suggestion(one.lint, lints);
      if (hint.empty())
        hint = "`leeway check --explain` lists the warnings; errors cannot be silenced";
      c.error(field(pointer, "lint"), "unknown_lint", "there is no warning " + ticked(one.lint),
              std::move(hint));
      continue;
    }
    check_places(c, pointer, one, one.lint == unused ? lints : known);
    c.add_silence(one);
  }
}

void lint_silences(check_context& c) {
  // A copy: saying so may be silenced in turn.
  const auto all = c.silences();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const silence_definition& one = *all[i].from;
    // Without errors each silence of the document was added, so they stand at the same places.
    const std::string pointer = item("/silence", i);
    const auto warn = [&](const std::string& at, const std::string& where) {
      if (one.lint == unused) return;
      c.warning(at, std::string(unused), "there is no " + ticked(one.lint) + where + " to silence",
                "remove it");
    };
    if (!all[i].used) {
      warn(pointer, "");
      continue;
    }
    for (std::size_t k = 0; k < one.at.size(); ++k) {
      if (all[i].subjects.contains(one.at[k])) continue;
      warn(item(field(pointer, "at"), k), " at " + ticked(one.at[k]));
    }
  }
  for (std::size_t i = 0; i < c.silences().size(); ++i) {
    const auto& one = c.silences()[i];
    if (one.from->lint != unused || one.used) continue;
    c.warning(item("/silence", i), std::string(unused),
              "there is no " + ticked(unused) + " to silence", "remove it");
  }
}

}  // namespace leeway::policy_detail
