// SPDX-License-Identifier: Apache-2.0
#include <leeway/engine/decision.hpp>

#include <array>

namespace leeway {
namespace {

struct described_code {
  reason_code code;
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array codes{
    described_code{reason_code::within_authority, "within_authority",
                   "a role the agent holds covers this action; it is the agent's to decide"},
    described_code{reason_code::over_limit, "over_limit",
                   "the amount is over the limit of the role; a smaller amount would be covered"},
    described_code{reason_code::not_delegated, "not_delegated",
                   "this is not the agent's to decide; another role named in the needs may"},
    described_code{reason_code::no_authority, "no_authority",
                   "the policy gives no role the authority for this action"},
    described_code{reason_code::authority_unknown, "authority_unknown",
                   "whether a role may decide this turns on facts that are not known; supply them"},
    described_code{reason_code::approval_given, "approval_given",
                   "another person who may decide this has approved it"},
    described_code{reason_code::rule_denies, "rule_denies", "a rule of the policy rules this out"},
    described_code{reason_code::rule_escalates, "rule_escalates",
                   "a rule of the policy asks for the approval of another role"},
    described_code{reason_code::second_person, "second_person",
                   "a rule of the policy asks for another person besides the proposer"},
    described_code{reason_code::obligation, "obligation",
                   "something must be done along with the action"},
    described_code{reason_code::rule_unknown, "rule_unknown",
                   "a rule turns on facts that are not known; supply them"},
    described_code{reason_code::within_budget, "within_budget",
                   "the budget has room for this action"},
    described_code{reason_code::over_budget, "over_budget",
                   "the action would exceed a hard budget; nothing lifts it until it resets"},
    described_code{reason_code::over_soft_budget, "over_soft_budget",
                   "the action would exceed a budget; the roles named in the needs may allow it"},
    described_code{reason_code::usage_unknown, "usage_unknown",
                   "what was already used is not known, or not far enough back; supply history"},
    described_code{reason_code::budget_unknown, "budget_unknown",
                   "whether a budget holds turns on facts that are not known; supply them"},
    described_code{reason_code::as_due, "as_due", "the proposal is what the customer is owed"},
    described_code{reason_code::below_due, "below_due",
                   "the customer is owed more than was proposed; propose what is due"},
    described_code{reason_code::above_due, "above_due",
                   "the proposal is more than the customer is owed"},
    described_code{reason_code::requirement_not_met, "requirement_not_met",
                   "a requirement of the entitlement is not met, so it owes nothing"},
    described_code{reason_code::due_unknown, "due_unknown",
                   "what the customer is owed turns on facts that are not known; supply them"},
    described_code{reason_code::nothing_due, "nothing_due",
                   "the action pays exactly what is due, and nothing is due"},
    described_code{reason_code::lifted_by_discretion, "lifted_by_discretion",
                   "acting outside the lines in good faith, from the discretion fund"},
    described_code{reason_code::justification_missing, "justification_missing",
                   "discretion was asked for without saying why"},
    described_code{reason_code::discretion_exceeded, "discretion_exceeded",
                   "the discretion of the role does not reach this far"},
    described_code{reason_code::discretion_unknown, "discretion_unknown",
                   "whether discretion reaches turns on facts or usage that are not known"},
    described_code{reason_code::amount_unknown, "amount_unknown",
                   "no amount was proposed, and the policy does not fix one"},
    described_code{reason_code::amount_not_fixed, "amount_not_fixed",
                   "the action has a fixed amount, and another one was proposed"},
    described_code{reason_code::amount_not_allowed, "amount_not_allowed",
                   "the action has no amount, and one was proposed"},
    described_code{reason_code::unknown_action, "unknown_action",
                   "the policy's catalogue has no such action"},
    described_code{reason_code::policy_not_in_force, "policy_not_in_force",
                   "the policy version is not in force at the instant asked for"},
    described_code{reason_code::policy_suspended, "policy_suspended",
                   "the policy is suspended; nothing is decided under it"},
    described_code{reason_code::invalid_request, "invalid_request",
                   "the request is not valid for this policy; nothing was decided"},
    described_code{reason_code::condition_error, "condition_error",
                   "a condition of the policy could not be computed; that counts as unknown"},
    described_code{reason_code::signoff_not_valid, "signoff_not_valid",
                   "a sign-off does not count"},
};

}  // namespace

std::string_view to_string(reason_code code) {
  for (const auto& c : codes) {
    if (c.code == code) return c.name;
  }
  return "unknown_code";
}

std::string_view meaning(reason_code code) {
  for (const auto& c : codes) {
    if (c.code == code) return c.meaning;
  }
  return {};
}

std::optional<reason_code> parse_reason_code(std::string_view text) {
  for (const auto& c : codes) {
    if (c.name == text) return c.code;
  }
  return std::nullopt;
}

const std::vector<reason_code>& all_reason_codes() {
  static const std::vector<reason_code> all = [] {
    std::vector<reason_code> out;
    for (const auto& c : codes) out.push_back(c.code);
    return out;
  }();
  return all;
}

std::string_view to_string(outcome o) {
  switch (o) {
    case outcome::approve: return "approve";
    case outcome::escalate: return "escalate";
    case outcome::deny: return "deny";
  }
  return "deny";
}

std::optional<outcome> parse_outcome(std::string_view text) {
  for (auto o : {outcome::approve, outcome::escalate, outcome::deny}) {
    if (text == to_string(o)) return o;
  }
  return std::nullopt;
}

std::string_view to_string(next_step n) {
  switch (n) {
    case next_step::do_it: return "do_it";
    case next_step::ask_facts: return "ask_facts";
    case next_step::get_approval: return "get_approval";
    case next_step::offer_less: return "offer_less";
    case next_step::stop: return "stop";
    case next_step::offer_due: return "offer_due";
  }
  return "stop";
}

std::string_view to_string(basis b) { return b == basis::discretion ? "discretion" : "policy"; }

std::string_view to_string(finding_part p) {
  switch (p) {
    case finding_part::authority: return "authority";
    case finding_part::rule: return "rule";
    case finding_part::budget: return "budget";
    case finding_part::entitlement: return "entitlement";
    case finding_part::discretion: return "discretion";
    case finding_part::request: return "request";
    case finding_part::policy: return "policy";
  }
  return "policy";
}

}  // namespace leeway
