// SPDX-License-Identifier: Apache-2.0
// What an evaluation reached, for the coverage report of policy tests.
#pragma once

#include <leeway/base/id.hpp>

#include <cstdint>
#include <map>

namespace leeway::engine {

/// Bits of `trace::seen`.
enum trace_bit : std::uint8_t {
  seen_true = 1,     ///< the condition was true; the grant covered; the entitlement spoke
  seen_false = 2,    ///< the condition was false; the grant did not cover
  seen_unknown = 4,  ///< it turned on unknown facts
  seen_over = 8,     ///< a budget would be exceeded
  seen_within = 16,  ///< a budget was held
};

/// What an overlay, and a narrowing of a grant by one, are collected by. No entry's id has a `/`.
inline rule_id overlay_trace_id(const rule_id& overlay) { return overlay.str() + "/"; }
inline rule_id narrowing_trace_id(const rule_id& overlay, const rule_id& grant) {
  return overlay.str() + "/" + grant.str();
}

/// Collected by rule id; a requirement is `<entitlement id>#<number>`.
struct trace {
  std::map<rule_id, std::uint8_t> seen{};
  void mark(const rule_id& id, trace_bit bit) {
    auto& bits = seen[id];
    bits = static_cast<std::uint8_t>(bits | bit);
  }
};

}  // namespace leeway::engine
