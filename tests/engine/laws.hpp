// SPDX-License-Identifier: Apache-2.0
// What the laws have in common.
#pragma once

#include "engine/property.hpp"

#include <leeway/engine/json.hpp>

#include <optional>
#include <string>

namespace leeway::engine_test {

inline int rank(const decision& d) { return static_cast<int>(d.outcome); }

inline std::string said(const std::string& why, const decision& d) {
  return why + ": " + canonical_core(d);
}

inline std::string both_said(const std::string& why, const decision& a, const decision& b) {
  return why + "\n" + said("first ", a) + "\n" + said("second", b);
}

inline request with_action(request r, const action_kind& kind, const std::optional<money>& amount) {
  r.action.kind = kind;
  r.action.amount = amount;
  return r;
}

/// Half the time as it is, else with less known.
inline request sometimes_less(dice& d, const request& r) {
  return d.chance(50) ? r : with_less(d, r);
}

}  // namespace leeway::engine_test
