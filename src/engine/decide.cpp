// SPDX-License-Identifier: Apache-2.0
#include "engine/binder.hpp"
#include "engine/candidates.hpp"
#include "engine/evaluate.hpp"
#include "engine/evaluation.hpp"
#include "engine/prepare.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace leeway::engine {
namespace {

using policy_detail::compiled_policy;

void begin(decision& d, const compiled_policy& policy, const request& r, const usage& used,
           const decide_options& options, const std::string* suspended) {
  d.policy.id = policy.document.id;
  d.policy.version = policy.document.version;
  d.policy.digest = policy.content_digest;
  if (suspended != nullptr) d.policy.suspended = *suspended;
  d.protection = protection_in(policy.document, options.language);
  d.usage = used;
  d.request = r.id;
  d.at = r.at;
}

void refuse(decision& d, finding_part part, reason_code code, std::string detail,
            std::string remedy = {}) {
  finding& f = d.findings.next();
  f.code = code;
  f.outcome = outcome::deny;
  f.part = part;
  f.detail = std::move(detail);
  f.remedy = std::move(remedy);
  d.outcome = outcome::deny;
  d.next = next_step::stop;
}

void refuse_invalid(decision& d, const diagnostics& found) {
  for (const auto& one : found) {
    if (one.level != severity::error) continue;
    refuse(d, finding_part::request, reason_code::invalid_request, one.message, one.remedy);
  }
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

// The policy's own reasons for not deciding at all. False: it does not decide.
bool decides(const compiled_policy& policy, const request& r, decision& d) {
  const auto& doc = policy.document;
  bool asked_other = (!r.policy.empty() && r.policy != doc.id) ||
                     (!r.policy_version.empty() && r.policy_version != doc.version);
  if (asked_other) {
    refuse(d, finding_part::policy, reason_code::policy_not_in_force,
           "the request asks for policy `" + r.policy.str() + "` " + r.policy_version);
    return false;
  }
  if (doc.suspended || d.policy.suspended) {
    refuse(d, finding_part::policy, reason_code::policy_suspended,
           d.policy.suspended.value_or(std::string{}));
    return false;
  }
  if (!policy.in_dates(r.as_of.value_or(r.at))) {
    refuse(d, finding_part::policy, reason_code::policy_not_in_force,
           "version " + doc.version + " is not in force at " + r.as_of.value_or(r.at).to_string());
    return false;
  }
  return true;
}

void refuse_unknown_action(const compiled_policy& policy, const request& r, decision& d) {
  std::vector<std::string> known;
  for (const auto& a : policy.actions) known.push_back(a.id.str());
  const auto near = did_you_mean(r.action.kind.str(), known);
  refuse(d, finding_part::request, reason_code::unknown_action, "`" + r.action.kind.str() + "`",
         near ? "did you mean `" + *near + "`?" : std::string());
}

// The lists change places, so that both keep their memory for another time. The outcome comes last:
// where memory runs out before, it stays at denial.
void fill(decision& d, evaluated& what) {
  const bool denied = what.outcome == outcome::deny;
  d.amount = what.amount;
  d.needs.swap(what.needs);
  d.findings.swap(what.findings);
  d.due = what.due.speaks && what.due.known ? what.due.due : std::nullopt;
  d.obligations.swap(what.obligations);
  d.limits.swap(what.limits);
  if (what.lifted) {
    d.basis = basis::discretion;
    d.ratification = !denied;
    d.discretion = what.discretion;
  }
  d.outcome = what.outcome;
}

// Requests come from everywhere in memory: what will be read of one is asked for before it is
// needed, so that it is waited for once.
template <class Thing>
void prefetch(const Thing& thing) {
  constexpr std::size_t line = 64;
  const auto* bytes = reinterpret_cast<const char*>(&thing);
  for (std::size_t i = 0; i < sizeof thing; i += line) __builtin_prefetch(bytes + i);
}

void prefetch_attributes(const request& r) {
  for (const auto* of : {&r.agent.attributes, &r.customer.attributes, &r.contact.attributes,
                         &r.subject.attributes, &r.action.attributes}) {
    if (!of->empty()) prefetch(*of->begin());
  }
}

// What one decision needs besides its answer. Each thread keeps those it has used, so that a warm
// one allocates nothing; a decision within a decision takes another.
struct workspace {
  condition::frame facts{};
  evaluated what{};
};

class lease {
 public:
  lease() {
    if (ended() || spares().empty()) {
      held_ = std::make_unique<workspace>();
      return;
    }
    held_ = std::move(spares().back());
    spares().pop_back();
  }
  ~lease() {
    if (ended()) return;
    auto& spare = spares();
    if (spare.size() < most_spares) spare.push_back(std::move(held_));
  }
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  workspace& operator*() const { return *held_; }

 private:
  static constexpr std::size_t most_spares = 2;
  struct keeper {
    std::vector<std::unique_ptr<workspace>> spare{};
    keeper() { spare.reserve(most_spares); }
    ~keeper() { ended() = true; }
    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;
  };
  // Whether what this thread keeps is gone: it ends, or the program does, and what else ends with
  // it may still decide.
  static bool& ended() {
    thread_local bool is = false;
    return is;
  }
  static std::vector<std::unique_ptr<workspace>>& spares() {
    thread_local keeper kept;
    return kept.spare;
  }

  std::unique_ptr<workspace> held_{};
};

}  // namespace

std::optional<index> prepare(const compiled_policy& policy, const request& r, const usage& used,
                             const decide_options& options, const std::string* suspended,
                             condition::frame& facts, decision& answer) {
  begin(answer, policy, r, used, options, suspended);
  prefetch_attributes(r);
  if (const auto found = bind(policy, r, facts); found.has_errors()) {
    refuse_invalid(answer, found);
    return std::nullopt;
  }
  if (const auto id = negative_usage(used)) {
    refuse(answer, finding_part::request, reason_code::invalid_request,
           "`usage." + id->str() + "` is negative", "state what was used, zero or more");
    return std::nullopt;
  }
  if (!decides(policy, r, answer)) return std::nullopt;
  const auto kind = policy.find_action(r.action.kind.view());
  if (!kind) {
    refuse_unknown_action(policy, r, answer);
    return std::nullopt;
  }
  bind_usage(policy, used, facts);
  return kind;
}

prepared prepare(const compiled_policy& policy, const request& r, const usage& used,
                 const decide_options& options, const std::string* suspended) {
  prepared out;
  condition::frame facts;
  if (const auto kind = prepare(policy, r, used, options, suspended, facts, out.answer)) {
    out.facts = std::move(facts);
    out.action = *kind;
  }
  return out;
}

void decide_traced(const compiled_policy& policy, const request& r, const usage& used,
                   const decide_options& options, trace* seen, const std::string* suspended,
                   decision& into) {
  prefetch(r);
  into.clear();  // so that it is no approval of another request where memory runs out
  const lease space;
  auto& [facts, what] = *space;
  const auto kind = prepare(policy, r, used, options, suspended, facts, into);
  if (!kind) return;
  context c{
      .policy = policy, .req = r, .used = used, .facts = facts, .action = *kind, .seen = seen};
  c.reasons = options.reasons;
  c.stop_at_denial = !options.reasons && !options.offer;
  evaluate_proposal(c, r.action.amount, what);
  c.seen = nullptr;
  if (options.offer) into.offer = find_offer(c, what.amount, what);
  fill(into, what);
  into.next = next_of(into);
  if (options.reasons) return;
  into.findings.clear();
  for (auto& n : into.needs) n.rules.clear();
}

}  // namespace leeway::engine
