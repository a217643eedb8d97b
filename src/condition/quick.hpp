// SPDX-License-Identifier: Apache-2.0
// Evaluation without reasons: what a decision asks of most conditions, most of the time.
#pragma once

#include "condition/program.hpp"

#include <cstdint>

namespace leeway::condition {

/// A truth, or that it is not known.
enum class truth : std::uint8_t {
  no,
  yes,
  unknown,  ///< it turns on facts that are not known, or cannot be computed: ask evaluate() why
};

/// What evaluate() finds of a boolean program, without the reasons when it is not known; unknown of
/// any other program. Nothing is allocated but by what makes new strings, lists and maps. `env`
/// must be the one compiled against. Thread-safe as evaluate().
truth quick_truth(const program& p, const environment& env, const frame& f);

/// The value evaluate() finds, or nullptr when it is not known. It is in `scratch`, or is borrowed
/// from the program or the frame and lives as long as they are left alone.
const value* quick_value(const program& p, const environment& env, const frame& f, value& scratch);

/// As explain(), which runs the quick form where it may, by the general evaluator alone.
void explain_in_general(const program& p, const environment& env, const frame& f,
                        reusable_vector<deciding_atom>& out);

}  // namespace leeway::condition
