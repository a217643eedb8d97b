// SPDX-License-Identifier: Apache-2.0
// Discretion: acting outside the lines in good faith, from a bounded fund.
#pragma once

#include "engine/context.hpp"
#include "engine/needs.hpp"
#include "engine/roles.hpp"

#include <string_view>
#include <vector>

namespace leeway::engine {

/// Whether discretion was asked for and reaches.
struct discretion_state {
  enum class reach : std::uint8_t { not_asked, no, yes, maybe };
  reach is{reach::not_asked};
  rule_id rule{};                       ///< the entry that lifts
  std::vector<std::string> missing{};   ///< of maybe
  reusable_vector<finding> findings{};  ///< why it does not reach
};

discretion_state find_discretion(const context& c, const role_table& roles, const proposer& who);

/// Lifts what discretion may lift and is still unmet. Where it is not known whether it reaches, a
/// liftable denial becomes a question. Returns whether anything was lifted.
bool lift(const context& c, const discretion_state& state, reusable_vector<finding>& findings);

/// Adds to the state's findings what came of asking: lifted, or not known whether it reaches.
void note_discretion(const context& c, bool lifted, discretion_state& state);

/// Amounts next to which discretion's answer may change.
void discretion_candidates(const context& c, std::vector<std::int64_t>& out);

/// Whether a note shows nothing to a reader.
bool is_blank(std::string_view text);

}  // namespace leeway::engine
