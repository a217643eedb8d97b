// SPDX-License-Identifier: Apache-2.0
// From a request to the facts of a policy: typed, checked, defaults filled in.
#pragma once

#include "policy/compiled.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <string>
#include <vector>

namespace leeway::engine {

/// A request bound to a policy. `facts` holds everything but `usage.*`.
struct bound_request {
  condition::frame facts;
  diagnostics found{};  ///< errors: the request is invalid
};

bound_request bind(const policy_detail::compiled_policy& policy, const request& r);
/// Into a frame that was used before; what the policy never reads is left unknown. Returns what is
/// wrong with the request.
diagnostics bind(const policy_detail::compiled_policy& policy, const request& r,
                 condition::frame& facts);

/// Binds one history entry to the entry environment, for `where`.
condition::frame bind_entry(const policy_detail::compiled_policy& policy,
                            const history_entry& entry);

/// The value of a fact as text to count by; nullopt when it is not known.
std::optional<std::string> key_text(const condition::frame& facts, condition::slot s);

/// The key of one usage: every `per` fact with its value; what is missing is listed.
struct key_lookup {
  usage_keys keys{};
  std::vector<std::string> missing{};
};
key_lookup lookup_keys(const policy_detail::compiled_policy& policy, const condition::frame& facts,
                       const std::vector<condition::slot>& per);

/// Whether these are the keys and values that `lookup_keys` would find, none missing.
bool same_keys(const policy_detail::compiled_policy& policy, const condition::frame& facts,
               const std::vector<condition::slot>& per, const usage_keys& keys);

/// Puts the measures' values into the frame as `usage.*`.
void bind_usage(const policy_detail::compiled_policy& policy, const usage& used,
                condition::frame& facts);

}  // namespace leeway::engine
