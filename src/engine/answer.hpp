// SPDX-License-Identifier: Apache-2.0
// A decision in a sentence or two.
#pragma once

#include <leeway/engine/explanation.hpp>
#include <leeway/policy/document.hpp>

#include <string>
#include <vector>

namespace leeway::engine {

/// What the agent wants to hear first; of an explanation whose other members are filled.
/// `questions` are its own, in the order to ask them.
std::string answer_of(const policy_document& policy, const explanation& e,
                      const std::vector<open_question>& questions);

}  // namespace leeway::engine
