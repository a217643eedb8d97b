// SPDX-License-Identifier: Apache-2.0
#include "engine/binder.hpp"
#include "engine/candidates.hpp"
#include "engine/evaluate.hpp"
#include "engine/evaluation.hpp"
#include "engine/prepare.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine {
namespace {

using policy_detail::compiled_policy;

decision blank(const compiled_policy& policy, const request& r, const decide_options& options,
               const std::string* suspended) {
  decision d;
  d.request = r.id;
  d.at = r.at;
  d.policy = {policy.document.id, policy.document.version, policy.content_digest};
  if (suspended != nullptr) d.policy.suspended = *suspended;
  auto key = policy.content_digest.to_string() + "\n" + r.id.str() + "\n" + r.at.to_string();
  constexpr std::size_t prefix = 7;  // "sha256:"
  constexpr std::size_t digits = 20;
  d.id = "dec-" + digest::of(key).to_string().substr(prefix, digits);
  d.protection = protection_in(policy.document, options.language);
  return d;
}

decision refused(decision d, finding_part part, reason_code code, std::string detail,
                 std::string remedy = {}) {
  finding f;
  f.code = code;
  f.outcome = outcome::deny;
  f.part = part;
  f.detail = std::move(detail);
  f.remedy = std::move(remedy);
  d.findings.push_back(std::move(f));
  d.outcome = outcome::deny;
  d.next = next_step::stop;
  return d;
}

decision invalid(decision d, const diagnostics& found) {
  for (const auto& one : found) {
    if (one.level != severity::error) continue;
    d = refused(std::move(d), finding_part::request, reason_code::invalid_request, one.message,
                one.remedy);
  }
  return d;
}

// INVARIANT: usage never frees budget. What a request states was checked with it; a caller may also
// hand usage over.
std::optional<rule_id> negative_usage(const usage& used) {
  for (const auto& [id, v] : used.values()) {
    if ((v.amount && v.amount->is_negative()) || (v.count && *v.count < 0)) return id;
  }
  return std::nullopt;
}

next_step next_of(const decision& d) {
  switch (d.outcome) {
    case outcome::approve: return next_step::do_it;
    case outcome::escalate: {
      bool asks = std::any_of(d.needs.begin(), d.needs.end(),
                              [](const need& n) { return n.what == need::kind::fact; });
      return asks ? next_step::ask_facts : next_step::get_approval;
    }
    case outcome::deny: break;
  }
  bool below = std::any_of(d.findings.begin(), d.findings.end(), [](const finding& f) {
    return f.code == reason_code::below_due && f.outcome == outcome::deny;
  });
  if (!d.offer || !d.offer->amount) return next_step::stop;
  return below ? next_step::offer_due : next_step::offer_less;
}

// The policy's own reasons for not deciding at all.
std::optional<decision> not_decided(const compiled_policy& policy, const request& r,
                                    const decision& d) {
  const auto& doc = policy.document;
  bool asked_other = (!r.policy.empty() && r.policy != doc.id) ||
                     (!r.policy_version.empty() && r.policy_version != doc.version);
  if (asked_other) {
    return refused(d, finding_part::policy, reason_code::policy_not_in_force,
                   "the request asks for policy `" + r.policy.str() + "` " + r.policy_version);
  }
  if (doc.suspended || d.policy.suspended) {
    return refused(d, finding_part::policy, reason_code::policy_suspended,
                   d.policy.suspended.value_or(std::string{}));
  }
  if (!policy.in_dates(r.as_of.value_or(r.at))) {
    return refused(
        d, finding_part::policy, reason_code::policy_not_in_force,
        "version " + doc.version + " is not in force at " + r.as_of.value_or(r.at).to_string());
  }
  return std::nullopt;
}

void fill(decision& d, evaluated&& what) {
  d.outcome = what.outcome;
  d.amount = what.amount;
  d.needs = std::move(what.needs);
  d.findings = std::move(what.findings);
  d.due = what.due.speaks && what.due.known ? what.due.due : std::nullopt;
  d.obligations = std::move(what.obligations);
  d.limits = std::move(what.limits);
  if (what.lifted) {
    d.basis = basis::discretion;
    d.ratification = d.outcome != outcome::deny;
    d.discretion = what.discretion;
  }
}

}  // namespace

prepared prepare(const compiled_policy& policy, const request& r, const usage& used,
                 const decide_options& options, const std::string* suspended) {
  prepared out{.answer = blank(policy, r, options, suspended)};
  out.answer.usage = used;
  auto bound = bind(policy, r);
  if (bound.found.has_errors()) {
    out.answer = invalid(std::move(out.answer), bound.found);
    return out;
  }
  if (const auto id = negative_usage(used)) {
    out.answer =
        refused(std::move(out.answer), finding_part::request, reason_code::invalid_request,
                "`usage." + id->str() + "` is negative", "state what was used, zero or more");
    return out;
  }
  if (auto why = not_decided(policy, r, out.answer)) {
    out.answer = *std::move(why);
    return out;
  }
  auto kind = policy.find_action(r.action.kind.view());
  if (!kind) {
    std::vector<std::string> known;
    for (const auto& a : policy.actions) known.push_back(a.id.str());
    const auto near = did_you_mean(r.action.kind.str(), known);
    out.answer = refused(std::move(out.answer), finding_part::request, reason_code::unknown_action,
                         "`" + r.action.kind.str() + "`",
                         near ? "did you mean `" + *near + "`?" : std::string());
    return out;
  }
  bind_usage(policy, used, bound.facts);
  out.facts = std::move(bound.facts);
  out.action = *kind;
  return out;
}

decision decide_traced(const compiled_policy& policy, const request& r, const usage& used,
                       const decide_options& options, trace* seen, const std::string* suspended) {
  auto ready = prepare(policy, r, used, options, suspended);
  if (!ready.facts) return std::move(ready.answer);
  context c{.policy = policy,
            .req = r,
            .used = used,
            .facts = *ready.facts,
            .action = ready.action,
            .seen = seen};
  auto what = evaluate_proposal(c, r.action.amount);
  c.seen = nullptr;
  auto d = std::move(ready.answer);
  if (options.offer) d.offer = find_offer(c, what.amount, what);
  fill(d, std::move(what));
  d.next = next_of(d);
  return d;
}

}  // namespace leeway::engine
