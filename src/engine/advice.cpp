// SPDX-License-Identifier: Apache-2.0
#include "engine/advice.hpp"

#include "engine/request_diagnostic.hpp"
#include "engine/usage.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::engine {
namespace {

using policy_detail::compiled_policy;

class undeclared {
 public:
  undeclared(const compiled_policy& policy, diagnostics& found) : found_(found) {
    for (const auto& f : policy.facts) names_.push_back(f.name);
    known_.insert(names_.begin(), names_.end());
  }

  void check(const char* group, const attributes& from) {
    for (const auto& [name, content] : from) {
      std::string path = std::string(group) + "." + name;
      if (known(path)) continue;
      diagnostic d = wrong(path, "undeclared_fact",
                           "`" + path + "` is not a fact of the policy; it was not looked at", {});
      d.level = severity::warning;
      // What is not kept needs no suggestion, which takes a look at every name.
      auto near = found_.full() ? std::nullopt : did_you_mean(path, names_);
      if (near) d.remedy = "did you mean `" + *near + "`?";
      found_.add(std::move(d));
    }
  }

 private:
  bool known(const std::string& path) const {
    if (known_.contains(path)) return true;
    auto below = known_.lower_bound(path + ".");
    return below != known_.end() && below->starts_with(path + ".");
  }

  diagnostics& found_;
  std::vector<std::string> names_{};
  std::set<std::string, std::less<>> known_{};
};

diagnostic lenient(diagnostic d) {
  d.level = severity::warning;
  return d;
}

// Roles nobody knows carry no authority: worth telling, since a slip looks like a refusal.
void check_roles(const compiled_policy& policy, const request& r, diagnostics& found) {
  for (const auto& role : r.agent.all_roles()) {
    if (policy.find_role(role.view())) continue;
    std::vector<std::string> all;
    for (const auto& known : policy.roles) all.push_back(known.id.str());
    auto near = did_you_mean(role.str(), all);
    found.add(lenient(wrong("agent.role", "unknown_role",
                            "`" + role.str() + "` is no role of the policy; it has no authority",
                            near ? "did you mean `" + *near + "`?" : std::string())));
  }
}

// Kinds that the policy's catalogue or a measure names.
bool known_kind(const compiled_policy& policy, const std::string& kind) {
  if (policy.find_action(kind)) return true;
  return std::ranges::any_of(policy.measures, [&](const auto& m) {
    return m.every_kind || std::ranges::find(m.kinds, kind) != m.kinds.end();
  });
}

// Slips in history count for nothing, silently, or make usage unknown: each is told, the first few.
void check_history(const compiled_policy& policy, const request& r, diagnostics& found) {
  if (!r.history) return;
  constexpr std::size_t most = 5;
  std::set<std::string, std::less<>> entry_names;
  for (const auto& f : policy.entry_facts) entry_names.insert(f.name);
  std::vector<std::string> names(entry_names.begin(), entry_names.end());
  for (auto& name : names) name.erase(0, std::string_view("entry.").size());
  std::size_t told = 0;
  auto tell = [&](std::size_t i, const std::string& what, std::string code, std::string message,
                  std::string remedy) {
    if (told++ >= most) return;
    found.add(lenient(wrong("history." + std::to_string(i) + "." + what, std::move(code),
                            std::move(message), std::move(remedy))));
  };
  auto undeclared_key = [&](std::size_t i, const std::string& name) {
    if (entry_names.contains("entry." + name) || name == basis_attribute) return;
    auto near = did_you_mean(name, names);
    tell(i, name, "undeclared_fact",
         "`" + name + "` of a history entry is not known to the policy; it was not looked at",
         near ? "did you mean `" + *near + "`?" : std::string());
  };
  for (std::size_t i = 0; i < r.history->size() && told < most; ++i) {
    const auto& e = (*r.history)[i];
    if (!known_kind(policy, e.kind.str())) {
      tell(i, "kind", "unknown_kind",
           "`" + e.kind.str() + "` is no kind of action the policy knows; only `*` counts it",
           "check the spelling of `kind`");
    }
    if (e.at > r.at) {
      tell(i, "at", "entry_in_future",
           "the entry is of " + e.at.to_string() + ", after the request; it was not counted",
           "check its date");
    }
    for (const auto& [name, text] : e.keys) undeclared_key(i, name);
    for (const auto& [name, content] : e.attributes) undeclared_key(i, name);
  }
}

}  // namespace

void advise(const compiled_policy& policy, const request& r, diagnostics& found) {
  check_roles(policy, r, found);
  check_history(policy, r, found);
  undeclared names(policy, found);
  names.check("agent", r.agent.attributes);
  names.check("customer", r.customer.attributes);
  names.check("contact", r.contact.attributes);
  names.check("subject", r.subject.attributes);
  names.check("action", r.action.attributes);
}

}  // namespace leeway::engine
