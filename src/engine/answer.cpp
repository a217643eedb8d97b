// SPDX-License-Identifier: Apache-2.0
#include "engine/answer.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace leeway::engine {
namespace {

std::string listed(const std::vector<std::string>& parts, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += i + 1 == parts.size() ? last : std::string_view(", ");
    out += parts[i];
  }
  return out;
}

std::string action_name(const policy_document& policy, const action_kind& kind) {
  auto found = std::ranges::find(policy.actions, kind, &action_definition::id);
  return found == policy.actions.end() || found->title.empty() ? kind.str() : found->title;
}

// The nearest only: who else might sign is in the details.
std::string approval_text(const approval_choice& a) {
  std::vector<std::string> names;
  for (const auto& role : a.any_of) {
    if (role.steps != a.any_of.front().steps) break;
    names.push_back(role.title.empty() ? role.role.str() : role.title);
  }
  std::string out = listed(names, " or ");
  return a.distinct ? "another person: " + out : out;
}

std::string approvals_text(const explanation& e) {
  std::vector<std::string> all;
  for (const auto& a : e.approvals) all.push_back(approval_text(a));
  return "get the approval of " + listed(all, ", and of ");
}

std::string questions_text(const std::vector<open_question>& questions) {
  std::vector<std::string> all;
  for (const auto& q : questions) {
    if (q.fact == "history") {
      all.emplace_back("what was granted before");
    } else {
      all.push_back(q.ask.empty() ? q.fact : "\"" + q.ask + "\"");
    }
  }
  constexpr std::size_t most = 3;
  if (all.size() > most) {
    const auto more = all.size() - most;
    all.resize(most);
    all.push_back(std::to_string(more) + " more");
  }
  return "find out " + listed(all, " and ");
}

std::string instead(const policy_document& policy, const explanation& e) {
  const auto& o = e.decision.offer;
  if (!o) return {};
  if (o->amount) return o->amount->to_string();
  if (o->alternatives.empty()) return {};
  const auto& other = o->alternatives.front();
  auto out = action_name(policy, other.kind);
  if (other.amount) out += " " + other.amount->to_string();
  return out;
}

std::string closed(const std::string& text) {
  const bool ends =
      text.ends_with('.') || text.ends_with('?') || text.ends_with('!') || text.ends_with("?\"");
  return ends ? text : text + ".";
}

const finding* first_denial(const decision& d) {
  auto found = std::ranges::find_if(
      d.findings, [](const finding& f) { return f.outcome == outcome::deny && !f.lifted; });
  return found == d.findings.end() ? nullptr : &*found;
}

std::string approved(const explanation& e) {
  const auto& d = e.decision;
  std::string out = d.basis == basis::discretion
                        ? "Yes, outside the lines: do it now, and a manager reviews it afterwards."
                        : "Yes: do it now.";
  std::vector<std::string> todo;
  for (const auto& o : d.obligations) todo.push_back(o.text.empty() ? o.id : o.text);
  if (!todo.empty()) out += " Along with it: " + closed(listed(todo, "; "));
  return out;
}

std::string escalated(const policy_document& policy, const explanation& e,
                      const std::vector<open_question>& questions) {
  std::string out;
  if (questions.empty()) {
    out = "Not alone: " + approvals_text(e) + ".";
  } else {
    out = "Not yet: " + questions_text(questions);
    if (!e.approvals.empty()) out += ", and " + approvals_text(e);
    out = closed(out);
  }
  const auto other = instead(policy, e);
  if (!other.empty()) out += " Or offer " + other + ", which you may do now.";
  return out;
}

const finding* find(const decision& d, reason_code code) {
  auto found = std::ranges::find(d.findings, code, &finding::code);
  return found == d.findings.end() ? nullptr : &*found;
}

// The policy's own sentence where it has one: it may read like anything.
std::string in_its_words(const finding& f) {
  return closed(f.because.empty() ? sentence(f) : "The policy says: " + f.because);
}

std::string why_denied(const decision& d) {
  const auto* why = first_denial(d);
  if (why == nullptr) return "No.";
  const bool about_due =
      why->code == reason_code::above_due || why->code == reason_code::nothing_due;
  const auto* unmet = find(d, reason_code::requirement_not_met);
  // What would have been due is gone: that, and not the limit for goodwill, is the answer.
  const bool for_want_of_due =
      about_due || (why->part == finding_part::authority && unmet != nullptr);
  if (for_want_of_due && d.due && d.due->is_zero()) {
    return "No: nothing is due." + (unmet == nullptr ? "" : " " + in_its_words(*unmet));
  }
  if (about_due && d.due) {
    return "No: the customer is owed " + d.due->to_string() + ", and this is more.";
  }
  return (why->because.empty() ? "No: " : "No. ") + in_its_words(*why);
}

std::string denied(const policy_document& policy, const explanation& e) {
  const auto other = instead(policy, e);
  if (e.decision.next == next_step::offer_due) {
    return "No: the customer is owed more. Propose " + other + ".";
  }
  auto out = why_denied(e.decision);
  if (!other.empty()) out += " You may offer " + other + " instead.";
  return out;
}

}  // namespace

std::string answer_of(const policy_document& policy, const explanation& e,
                      const std::vector<open_question>& questions) {
  switch (e.decision.outcome) {
    case outcome::approve: return approved(e);
    case outcome::escalate: return escalated(policy, e, questions);
    case outcome::deny: return denied(policy, e);
  }
  return {};
}

}  // namespace leeway::engine
