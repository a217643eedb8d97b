// SPDX-License-Identifier: Apache-2.0
// What the example tests of the engine share: small policies as text, and short ways to ask.
#ifndef LEEWAY_TESTS_ENGINE_SUPPORT_HPP
#define LEEWAY_TESTS_ENGINE_SUPPORT_HPP

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::engine_test {

/// A policy in US dollars with the given members.
inline policy policy_of(const std::string& members) {
  auto p = parse_policy(R"({"format": "leeway-policy/1", "id": "p", "version": "1",
    "currency": "USD", )" +
                        members + "}");
  if (!p) throw std::runtime_error(render(p.error()));
  return *std::move(p);
}

inline instant at(const char* text) { return instant::parse(text).value(); }

/// A proposal by agent `a-1` in a role, for customer `c-1` in contact `k-1`; no history.
inline request ask(const char* kind, std::optional<money> amount, const char* role = "agent") {
  request r;
  r.id = "q-1";
  r.at = at("2026-06-15T12:00:00Z");
  r.agent.id = "a-1";
  r.agent.role = role;
  r.customer.id = "c-1";
  r.customer.flags = none;
  r.contact.id = "k-1";
  r.action.kind = kind;
  r.action.amount = amount;
  r.history = none;
  return r;
}

inline request with_fact(request r, const char* name, value v) {
  r.contact.attributes.insert_or_assign(name, std::move(v));
  return r;
}

inline request signed_by(request r, const char* by, const char* role) {
  r.signoffs.push_back({.by = by, .role = role, .at = r.at});
  return r;
}

inline history_entry entry(const char* kind, money amount, const char* when) {
  history_entry e;
  e.kind = kind;
  e.amount = amount;
  e.at = at(when);
  e.keys = {{"customer.id", "c-1"}, {"contact.id", "k-1"}, {"agent.id", "a-1"}};
  return e;
}

inline request after(request r, std::vector<history_entry> history) {
  r.history = std::move(history);
  return r;
}

inline const finding* find(const decision& d, reason_code code) {
  for (const auto& f : d.findings) {
    if (f.code == code) return &f;
  }
  return nullptr;
}
inline bool says(const decision& d, reason_code code) { return find(d, code) != nullptr; }

/// The needs, briefly: `lead|manager`, `distinct lead`, `fact contact.late`.
inline std::vector<std::string> wanted(const decision& d) {
  std::vector<std::string> out;
  for (const auto& n : d.needs) {
    if (n.what == need::kind::fact) {
      out.push_back("fact " + n.fact);
      continue;
    }
    std::string text;
    for (const auto& role : n.any_of) text += (text.empty() ? "" : "|") + role.str();
    out.push_back(n.distinct ? "distinct " + text : text);
  }
  std::sort(out.begin(), out.end());
  return out;
}

using names = std::vector<std::string>;

/// For EXPECT_EQ: `approve`, or `escalate lead, fact x`, or `deny`.
inline std::string answer(const decision& d) {
  std::string out(to_string(d.outcome));
  const char* before = " ";
  for (const auto& n : wanted(d)) {
    out += before + n;
    before = ", ";
  }
  return out;
}

}  // namespace leeway::engine_test

#endif
