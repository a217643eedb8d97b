// SPDX-License-Identifier: Apache-2.0
// Who holds what: roles that include others, and those who stand in.
#include "reference/judge.hpp"

#include <algorithm>

namespace leeway::reference {
namespace {

const role_definition* find_role(const policy_document& doc, const role_id& id) {
  for (const auto& role : doc.roles) {
    if (role.id == id) return &role;
  }
  return nullptr;
}

}  // namespace

void judge::find_substitutions() {
  for (const auto& s : p_.substitutions) {
    auto holds =
        on_day(s.source->from, s.source->until) ? condition(s.when, nullptr) : answer::of(false);
    stands_in_.emplace_back(&s, std::move(holds));
  }
}

// Whoever holds a role holds those it includes, and those it stands in for.
std::set<role_id> judge::held(const std::set<role_id>& roles, bool perhaps) const {
  std::set<role_id> out;
  std::vector<role_id> open(roles.begin(), roles.end());
  while (!open.empty()) {
    const auto role = open.back();
    open.pop_back();
    if (!out.insert(role).second) continue;
    if (const auto* const found = find_role(*p_.document, role)) {
      open.insert(open.end(), found->includes.begin(), found->includes.end());
    }
    for (const auto& [s, holds] : stands_in_) {
      if (s->source->role == role && (holds.is(true) || (perhaps && !holds.known()))) {
        open.push_back(s->away);
      }
    }
  }
  return out;
}

// A role and what it includes, whoever stands in for it.
std::set<role_id> judge::with_included(const role_id& role) const {
  std::set<role_id> out;
  std::vector<role_id> open{role};
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    if (!out.insert(at).second) continue;
    if (const auto* const found = find_role(*p_.document, at)) {
      open.insert(open.end(), found->includes.begin(), found->includes.end());
    }
  }
  return out;
}

// Of a role and one that includes it a need names the first.
name_set judge::fewest(const name_set& roles) const {
  name_set out;
  for (const auto& role : roles) {
    const auto all = with_included(role);
    const bool more = std::ranges::any_of(
        roles, [&](const auto& other) { return other != role && all.contains(role_id(other)); });
    if (!more) out.insert(role);
  }
  return out;
}

// While somebody certainly stands in for a role, needs name the substitute in its stead.
name_set judge::in_stead(const name_set& roles) const {
  name_set out;
  for (const auto& role : roles) {
    bool away = false;
    for (const auto& [s, holds] : stands_in_) {
      if (s->away.str() != role || !holds.is(true)) continue;
      away = true;
      out.insert(s->source->role.str());
    }
    if (!away) out.insert(role);
  }
  return fewest(out);
}

// What a substitution that is not certain turns on.
name_set judge::unsure_substitutes() const {
  name_set out;
  for (const auto& [s, holds] : stands_in_) {
    if (!holds.known()) out.insert(holds.missing.begin(), holds.missing.end());
  }
  return out;
}

namespace {

// Ids that differ in case or in blanks around them alone are one person.
std::string person(const agent_id& id) {
  constexpr const char* blank = " \t\r\n";
  const auto& text = id.str();
  const auto first = text.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  std::string out = text.substr(first, text.find_last_not_of(blank) - first + 1);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

void judge::find_signers() {
  for (const auto& s : r_.signoffs) {
    const auto who = person(s.by);
    const auto proposer = person(r_.agent.id);
    const bool nobody = who.empty() || proposer.empty() || who == proposer;
    const bool unknown_role = find_role(*p_.document, s.role) == nullptr;
    const bool run_out = s.until && *s.until <= r_.at;
    const bool too_small = s.amount && !no_amount() && (!amount_ || *s.amount < *amount_);
    const bool of_another = s.request && *s.request != request_digest(r_);
    if (nobody || unknown_role || run_out || too_small || of_another) {
      say({.part = finding_part::request, .code = reason_code::signoff_not_valid});
      continue;
    }
    auto found = std::ranges::find(signers_, who, &signer::id);
    if (found == signers_.end()) {
      signers_.push_back({.id = who});
      found = signers_.end() - 1;
    }
    found->roles.insert(s.role);
  }
}

}  // namespace leeway::reference
