// SPDX-License-Identifier: Apache-2.0
// What holds of every decision.
#pragma once

#include "base/json/reader.hpp"
#include "fuzz/must.hpp"

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>

#include <algorithm>

/// A policy that has something of everything, so that a request can reach all of the engine.
inline const leeway::policy& rich_policy() {
  static const leeway::policy out = [] {
    auto loaded = leeway::load_policy(LEEWAY_FUZZ_FOLDER "/seeds/policy/rich.json");
    if (!loaded) std::fputs(render(loaded.error()).c_str(), stderr);
    must(loaded.has_value());
    return *std::move(loaded);
  }();
  return out;
}

/// The outcome is the join of what was not lifted, and escalates iff something is needed.
inline void check_decision(const leeway::decision& d) {
  auto join = leeway::outcome::approve;
  for (const leeway::finding& f : d.findings) {
    if (!f.lifted) join = std::max(join, f.outcome);
    must(!f.lifted || f.outcome == leeway::outcome::approve);
    must(f.outcome != leeway::outcome::escalate || !f.needs.empty());
  }
  must(join == d.outcome);
  must((d.outcome == leeway::outcome::escalate) == !d.needs.empty());
  must(!d.findings.empty());
}

/// Decides twice, and checks the decision and its forms.
inline leeway::decision decide_and_check(const leeway::policy& p, const leeway::request& r) {
  leeway::decision d = p.decide(r);
  check_decision(d);
  const std::string core = canonical_core(d);
  must(core == canonical_core(p.decide(r)));
  must(leeway::json::read(core, "core").has_value());
  must(leeway::json::read(to_json(d), "decision").has_value());
  if (p.check(r).has_errors()) must(d.outcome == leeway::outcome::deny);
  return d;
}
