// SPDX-License-Identifier: Apache-2.0
#include <leeway/engine/decision.hpp>

#include <string>

namespace leeway {

void need::clear() {
  what = kind::approval;
  any_of.clear();
  distinct = false;
  fact.clear();
  rules.clear();
  ask.clear();
}

void finding::clear() {
  code = reason_code::within_authority;
  outcome = leeway::outcome::approve;
  part = finding_part::authority;
  rule = {};
  because.clear();
  source.clear();
  remedy.clear();
  actual.reset();
  bound.reset();
  relation.clear();
  atoms.clear();
  needs.clear();
  missing.clear();
  detail.clear();
  lifted = false;
  overlay = {};
}

void decision::clear() {
  request = {};
  caller.clear();
  outcome = leeway::outcome::deny;
  next = next_step::stop;
  policy.suspended.reset();
  at = {};
  needs.clear();
  findings.clear();
  amount.reset();
  offer.reset();
  due.reset();
  obligations.clear();
  limits.clear();
  basis = leeway::basis::policy;
  ratification = false;
  discretion = {};
  protection.clear();
}

decision_id decision::id() const {
  std::string key = policy.digest.to_string();
  key.append("\n").append(request.view()).append("\n").append(at.to_string());
  if (!caller.empty()) key.append("\n").append(caller);
  constexpr std::size_t prefix = 7;  // "sha256:"
  constexpr std::size_t digits = 20;
  return "dec-" + digest::of(key).to_string().substr(prefix, digits);
}

}  // namespace leeway
