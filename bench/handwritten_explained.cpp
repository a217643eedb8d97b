// SPDX-License-Identifier: Apache-2.0
#include "bench/handwritten_explained.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace leeway_bench {

using leeway::finding;
using leeway::money;
using leeway::outcome;
using leeway::reason_code;

namespace {

struct told {
  const char* rule;
  const char* because;
};

struct test {
  const char* expression;
  const char* sign;
  leeway::value bound;
  bool result{true};
};

constexpr money cents(std::int64_t n) { return {n, leeway::currency::usd()}; }

finding form_of(told what, reason_code code, outcome o, std::initializer_list<test> tests = {}) {
  finding f;
  f.code = code;
  f.outcome = o;
  f.part = code == reason_code::rule_denies || code == reason_code::rule_escalates
               ? leeway::finding_part::rule
               : leeway::finding_part::authority;
  f.rule = what.rule;
  f.because = what.because;
  for (const test& t : tests) {
    f.atoms.push_back({t.expression, {}, {t.sign, t.bound, {}}, t.result});
  }
  if (o == outcome::escalate) {
    f.needs.push_back({.any_of = {"manager"}, .rules = {what.rule}});
  }
  return f;
}

finding denial(told what, std::initializer_list<test> tests) {
  finding f = form_of(what, reason_code::rule_denies, outcome::deny, tests);
  f.source = "denials";
  return f;
}
finding escalation(told what, std::initializer_list<test> tests) {
  finding f = form_of(what, reason_code::rule_escalates, outcome::escalate, tests);
  f.source = "escalations";
  return f;
}

/// The three things a grant can come to.
struct grant_forms {
  finding covers{};
  finding short_of{};  ///< its condition is false
  finding over{};      ///< its bound is exceeded
};

grant_forms grant(told what, std::optional<leeway::value> bound,
                  std::initializer_list<test> tests = {}) {
  grant_forms out{.covers = form_of(what, reason_code::within_authority, outcome::approve),
                  .short_of = form_of(what, reason_code::not_delegated, outcome::escalate, tests),
                  .over = form_of(what, reason_code::over_limit, outcome::escalate)};
  out.over.bound = std::move(bound);
  out.over.relation = "up to";
  for (finding* f : {&out.covers, &out.short_of, &out.over}) f->source = "approvals";
  return out;
}

bool high(std::string_view tier) { return tier == "gold" || tier == "platinum"; }

}  // namespace

/// The texts, written once.
struct handwritten_explained::forms {
  finding d1 =
      denial({"D1", "nothing for accounts flagged for fraud"}, {{"customer.fraud_flag", "", true}});
  finding d2 = denial({"D2", "nothing above 1000 dollars"},
                      {{"action.amount > money('1000 USD')", ">", cents(100000)}});
  finding d3 = denial({"D3", "no exception later than 72 hours past the cutoff"},
                      {{"contact.hours_past_cutoff > 72", ">", 72}});
  finding d4 = denial({"D4", "suspended agents give nothing"}, {{"agent.suspended", "", true}});

  finding e1 = escalation(
      {"E1", "tier 1 gives up to 25 dollars"},
      {{"agent.tier == 1", "==", 1}, {"action.amount > money('25 USD')", ">", cents(2500)}});
  finding e2 = escalation(
      {"E2", "tier 2 gives up to 50 dollars"},
      {{"agent.tier == 2", "==", 2}, {"action.amount > money('50 USD')", ">", cents(5000)}});
  finding e3 = escalation(
      {"E3", "tier 3 gives up to 200 dollars"},
      {{"agent.tier == 3", "==", 3}, {"action.amount > money('200 USD')", ">", cents(20000)}});
  finding e4 = escalation(
      {"E4", "tier 4 gives up to 1000 dollars"},
      {{"agent.tier == 4", "==", 4}, {"action.amount > money('1000 USD')", ">", cents(100000)}});
  finding e5 = escalation({"E5", "the fourth credit in 90 days is the manager's"},
                          {{"customer.credits_90d_count >= 3", ">=", 3}});
  finding e6 =
      escalation({"E6", "more than 150 dollars in 90 days is the manager's"},
                 {{"customer.credits_90d + action.amount > money('150 USD')", ">", cents(15000)}});
  finding e7 = escalation({"E7", "in the first 30 days more than 10 dollars is the manager's"},
                          {{"customer.tenure_days < 30", "<", 30},
                           {"action.amount > money('10 USD')", ">", cents(1000)}});
  finding e8 = escalation({"E8", "upgrades of bronze customers are the manager's"},
                          {{"customer.tier == 'bronze'", "==", "bronze"}});

  grant_forms a1 = grant({"A1", "fees up to 50 dollars"}, cents(5'000));
  grant_forms a2 = grant({"A2", "credits up to 50 dollars after 90 days"}, cents(5'000),
                         {{"customer.tenure_days >= 90", ">=", 90, false}});
  grant_forms a3 = grant({"A3", "credits up to 100 dollars to gold and platinum"}, cents(10'000));
  grant_forms a4 = grant({"A4", "refunds up to 100 dollars after a year"}, cents(10'000));
  grant_forms a5 = grant({"A5", "refunds up to 25 dollars"}, cents(2'500));
  grant_forms a6 = grant({"A6", "upgrades for gold and platinum"}, std::nullopt,
                         {{"customer.tier == 'gold'", "==", "gold", false},
                          {"customer.tier == 'platinum'", "==", "platinum", false}});
  grant_forms a7 = grant({"A7", "exceptions up to 24 hours past the cutoff"}, 24);
  grant_forms a8 = grant({"A8", "exceptions up to 72 hours past the cutoff for platinum"}, 72);

  static const forms& all() {
    static const forms it;
    return it;
  }
};

handwritten_explained::handwritten_explained() : forms_(forms::all()), findings_(16) {}

finding& handwritten_explained::add(const finding& form) {
  finding& f = findings_[used_++];
  f = form;
  outcome_ = std::max(outcome_, form.outcome);
  return f;
}

std::span<const finding> handwritten_explained::explain(const leeway::request& r) {
  used_ = 0;
  outcome_ = outcome::approve;
  facts f(r);
  const std::string_view kind = r.action.kind.view();
  authority(f, kind);
  denials(f, kind);
  by_tier(f);
  by_history(f, kind);
  if (f.missing()) outcome_ = std::max(outcome_, outcome::escalate);
  return {findings_.data(), used_};
}

void handwritten_explained::authority(facts& f, std::string_view kind) {
  const std::int64_t amount = f.amount_cents();
  if (kind == "credit") return credit(f);
  if (kind == "cutoff_exception") return cutoff_exception(f);
  if (kind == "fee_waiver") {
    if (amount <= 5'000) {
      add(forms_.a1.covers);
    } else {
      add(forms_.a1.over).actual = cents(amount);
    }
  } else if (kind == "refund") {
    const bool long_standing = f.tenure_days() >= 365;
    if (long_standing && amount <= 10'000) {
      add(forms_.a4.covers);
    } else if (amount <= 2'500) {
      add(forms_.a5.covers);
    } else {
      add(long_standing ? forms_.a4.over : forms_.a5.over).actual = cents(amount);
    }
  } else if (high(f.customer_tier())) {
    add(forms_.a6.covers);
  } else {
    for (auto& atom : add(forms_.a6.short_of).atoms) atom.actual.content = f.customer_tier();
  }
}

void handwritten_explained::credit(facts& f) {
  const std::int64_t amount = f.amount_cents();
  const bool settled = f.tenure_days() >= 90;
  if (settled && amount <= 5'000) {
    add(forms_.a2.covers);
  } else if (const bool good = high(f.customer_tier()); good && amount <= 10'000) {
    add(forms_.a3.covers);
  } else if (good || settled) {
    add(good ? forms_.a3.over : forms_.a2.over).actual = cents(amount);
  } else {
    add(forms_.a2.short_of).atoms[0].actual.content = f.tenure_days();
  }
}

void handwritten_explained::cutoff_exception(facts& f) {
  const std::int64_t hours = f.hours_past_cutoff();
  if (hours <= 24) {
    add(forms_.a7.covers);
    return;
  }
  const bool platinum = f.customer_tier() == "platinum";
  if (platinum && hours <= 72) {
    add(forms_.a8.covers);
  } else {
    add(platinum ? forms_.a8.over : forms_.a7.over).actual = hours;
  }
}

void handwritten_explained::denials(facts& f, std::string_view kind) {
  if (f.fraud_flag()) add(forms_.d1).atoms[0].actual.content = true;
  if (f.amount_cents() > 100'000) add(forms_.d2).atoms[0].actual.content = cents(f.amount_cents());
  if (kind == "cutoff_exception" && f.hours_past_cutoff() > 72) {
    add(forms_.d3).atoms[0].actual.content = f.hours_past_cutoff();
  }
  if (f.suspended()) add(forms_.d4).atoms[0].actual.content = true;
}

void handwritten_explained::by_tier(facts& f) {
  const std::int64_t amount = f.amount_cents();
  const std::int64_t tier = f.agent_tier();
  const finding* form = tier == 1 && amount > 2'500     ? &forms_.e1
                        : tier == 2 && amount > 5'000   ? &forms_.e2
                        : tier == 3 && amount > 20'000  ? &forms_.e3
                        : tier == 4 && amount > 100'000 ? &forms_.e4
                                                        : nullptr;
  if (form == nullptr) return;
  auto& atoms = add(*form).atoms;
  atoms[0].actual.content = tier;
  atoms[1].actual.content = cents(amount);
}

void handwritten_explained::by_history(facts& f, std::string_view kind) {
  const std::int64_t amount = f.amount_cents();
  if (f.credits_count() >= 3) add(forms_.e5).atoms[0].actual.content = f.credits_count();
  if (f.credits_cents() + amount > 15'000) {
    add(forms_.e6).atoms[0].actual.content = cents(f.credits_cents() + amount);
  }
  if (amount > 1'000 && f.tenure_days() < 30) {
    auto& atoms = add(forms_.e7).atoms;
    atoms[0].actual.content = f.tenure_days();
    atoms[1].actual.content = cents(amount);
  }
  if (kind == "upgrade" && f.customer_tier() == "bronze") {
    add(forms_.e8).atoms[0].actual.content = "bronze";
  }
}

}  // namespace leeway_bench
