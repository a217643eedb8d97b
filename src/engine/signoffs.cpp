// SPDX-License-Identifier: Apache-2.0
#include "engine/signoffs.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace leeway::engine {
namespace {

// Ids that differ in case or in blanks around them alone are one person: a slip in passing ids on
// must not make a second pair of eyes.
std::string person(const agent_id& id) {
  constexpr std::string_view blank(" \t\r\n\0", 5);
  auto text = id.view();
  auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(blank) - begin + 1);
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The digest of the proposal at hand, which for an offer's candidate is not the request's.
digest proposal_digest(const context& c) {
  request r = c.req;
  r.action.kind = c.policy.actions[c.action].id;
  r.action.amount = c.proposed;
  return request_digest(r);
}

// Why a sign-off does not count; empty: it does. The digest is only computed when one is bound to.
std::string objection(const context& c, const signoff& s, std::optional<digest>& own) {
  if (person(s.by).empty()) return "it does not say by whom";
  if (person(c.req.agent.id).empty()) return "the proposer's own id (`agent.id`) is not known";
  if (person(s.by) == person(c.req.agent.id)) return "it is the proposer's own";
  if (!c.policy.find_role(s.role.view())) return "`" + s.role.str() + "` is no role of the policy";
  if (s.until && *s.until <= c.req.at) return "it ran out at " + s.until->to_string();
  if (s.amount && c.amount && !(*c.amount <= *s.amount)) {
    return "it is for up to " + s.amount->to_string();
  }
  if (s.amount && c.has_amount && !c.amount) return "the amount is not known";
  if (s.request) {
    if (!own) own = proposal_digest(c);
    if (*s.request != *own) return "it was given for another request";
  }
  return {};
}

}  // namespace

std::vector<signer> find_signers(const context& c, const role_table& roles,
                                 reusable_vector<finding>& out) {
  if (c.req.signoffs.empty()) return {};
  struct signed_roles {
    agent_id by{};
    std::vector<index> roles{};
  };
  std::map<std::string, signed_roles> held;
  std::optional<digest> own;
  for (const auto& s : c.req.signoffs) {
    auto why_not = objection(c, s, own);
    if (why_not.empty()) {
      auto& one = held[person(s.by)];
      if (one.by.empty() || s.by < one.by) one.by = s.by;
      one.roles.push_back(*c.policy.find_role(s.role.view()));
      continue;
    }
    finding f;
    f.code = reason_code::signoff_not_valid;
    f.part = finding_part::request;
    f.detail = "sign-off by `" + s.by.str() + "` as `" + s.role.str() + "`: " + why_not;
    out.push_back(std::move(f));
  }
  std::vector<signer> people;
  for (const auto& [key, one] : held) people.push_back({one.by, roles.certain(one.roles)});
  return people;
}

namespace {

// Distinct needs are one or several as a decision tells them, so substitutes are named first: two
// that come to name the same roles are met by one person.
std::vector<second_person> second_persons(const context& c, const role_table& roles,
                                          const reusable_vector<finding>& findings) {
  std::vector<second_person> out;
  for (const auto& f : findings) {
    for (const auto& n : f.needs) {
      if (!n.distinct) continue;
      need named = n;
      name_substitutes(c, roles, named);
      auto one = std::ranges::find(out, named.any_of, &second_person::named);
      if (one == out.end()) one = out.insert(out.end(), {std::move(named.any_of), {}});
      one->asked.push_back(n);
    }
  }
  std::ranges::sort(out, {}, &second_person::named);
  return out;
}

bool is_among(const need& n, const second_person& one) {
  return std::ranges::any_of(one.asked,
                             [&](const need& other) { return other.any_of == n.any_of; });
}

}  // namespace

void settle(const context& c, const role_table& roles, const proposer& who,
            const std::vector<signer>& signers, reusable_vector<finding>& findings) {
  const met_by plainly{c.policy, who.certain, signers};
  std::vector<second_person> wanted;
  std::vector<bool> met;
  // Without signers there is nobody to match.
  if (!signers.empty()) {
    wanted = second_persons(c, roles, findings);
    met = match(c.policy, wanted, signers);
  }
  const auto settled = [&](const need& n) {
    if (n.what != need::kind::approval) return false;
    if (!n.distinct) return plainly(n);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (is_among(n, wanted[i])) return static_cast<bool>(met[i]);
    }
    return false;
  };
  for (auto& f : findings) {
    if (f.needs.empty()) continue;
    f.needs.erase(std::remove_if(f.needs.begin(), f.needs.end(), settled), f.needs.end());
    if (f.needs.empty() && f.outcome == outcome::escalate) f.outcome = outcome::approve;
  }
}

}  // namespace leeway::engine
