// SPDX-License-Identifier: Apache-2.0
// A decision as a person wants it explained.
#pragma once

#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leeway {

/// One part of an expression of the policy, as it was evaluated.
struct expression_part {
  enum class state : std::uint8_t {
    known = 1,
    unknown = 2,  ///< it turns on facts that are not known
    failed = 3,   ///< it cannot be computed; counts as unknown
  };
  std::string text{};  ///< as written in the policy, cut when it is very long
  std::string item{};  ///< inside a macro: the item it was evaluated for, `f = 'vip'`
  state status{state::known};
  std::optional<bool> truth{};  ///< of a condition that is known
  std::string found{};          ///< the value as a person reads it, when known
  std::string error{};          ///< of failed
  bool decides{true};           ///< whether it took part in what the whole came to
  /// The parts it is made of; constants are left out. `values.x` has its definition as its part.
  std::vector<expression_part> parts{};
  std::size_t left_out{};  ///< parts that are not told, of a very large expression or list
};

/// An expression of an entry, evaluated: which one it is, and its tree.
struct reading {
  std::string of{};  ///< its key in the policy: `when`, `unless`, `up_to`, `due`, `requires` ...
  expression_part tree{};
};

/// What spoke: a finding of the decision, and every expression of the entry behind it.
struct spoken_part {
  std::size_t finding{};  ///< index into the decision's findings
  std::vector<reading> readings{};
};

/// What was silent: an entry of the policy for this kind of action that had nothing to say.
struct silent_part {
  finding_part part{finding_part::rule};
  rule_id rule{};
  std::string because{};
  std::string source{};
  std::string why{};                       ///< `its condition does not hold`, `for team_lead` ...
  reusable_vector<deciding_atom> atoms{};  ///< of the condition that kept it silent
  std::vector<reading> readings{};
};

/// Something that would change the decision, in the policy's words.
struct remedy_hint {
  rule_id rule{};
  std::string text{};
  friend bool operator==(const remedy_hint&, const remedy_hint&) = default;
};

/// When something that is used up begins to free up.
struct release {
  rule_id rule{};
  instant at{};  ///< when the oldest of what it counts stops counting
  friend bool operator==(const release&, const release&) = default;
};

/// A decision, explained. INVARIANT: `decision` is what `policy::decide` gives; all else is derived
/// from it and from the same evaluation, so the two never contradict each other.
struct explanation {
  leeway::decision decision{};
  std::string answer{};               ///< in a sentence or two
  std::vector<spoken_part> spoken{};  ///< one for each finding, in their order
  std::vector<silent_part> silent{};  ///< when asked for
  std::vector<reading> due{};         ///< how what is due came about: each entitlement that speaks
  // What would change it; the offer is the decision's own.
  std::vector<open_question> questions{};
  std::vector<approval_choice> approvals{};
  std::vector<remedy_hint> remedies{};
  std::vector<release> releases{};
};

/// What an explanation goes into.
struct explain_options {
  bool all{};              ///< also what was silent
  bool trees{true};        ///< the expressions' trees
  bool offer{true};        ///< look for what could be offered instead
  std::string language{};  ///< of the protection statement, see `decide_options`
};

/// Decides and explains. Total, pure and deterministic like `policy::decide`, and slower.
explanation explain(const policy& p, const request& r, const usage& used,
                    const explain_options& options = {});
/// On the usage that the request itself carries.
explanation explain(const policy& p, const request& r, const explain_options& options = {});

}  // namespace leeway
