// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/desk/standing.hpp>
#include <leeway/engine/decision.hpp>

namespace leeway::cli {

/// What the program's exit tells a script; documented in docs/cli.md, never renumbered.
enum exit_code : int {
  exit_ok = 0,        ///< done; of a single decision: approve
  exit_failure = 1,   ///< a check failed, or the program could not do its work
  exit_deny = 2,      ///< of a single decision
  exit_invalid = 3,   ///< invalid input, policy or command line
  exit_escalate = 4,  ///< of a single decision
};

/// The exit code of a single decision.
constexpr exit_code exit_code_of(outcome o) {
  switch (o) {
    case outcome::approve: return exit_ok;
    case outcome::escalate: return exit_escalate;
    case outcome::deny: return exit_deny;
  }
  return exit_failure;
}

/// The exit code of a single decision of a desk: by where it stands now.
constexpr exit_code exit_code_of(decision_state now) {
  switch (now) {
    case decision_state::approved:
    case decision_state::settled: return exit_ok;
    case decision_state::waiting:
    case decision_state::asking: return exit_escalate;
    case decision_state::denied:
    case decision_state::declined:
    case decision_state::voided:
    case decision_state::expired:
    case decision_state::superseded: return exit_deny;
  }
  return exit_failure;
}

}  // namespace leeway::cli
