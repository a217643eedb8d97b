// SPDX-License-Identifier: Apache-2.0
// The amounts next to which a condition can change: the amount stands linearly on one side of each
// comparison, so two evaluations tell where the sides meet.
#ifndef LEEWAY_TESTS_REFERENCE_THRESHOLDS_HPP
#define LEEWAY_TESTS_REFERENCE_THRESHOLDS_HPP

#include "reference/evaluator.hpp"

#include <cstdint>
#include <set>

namespace leeway::reference {

/// Adds the whole amounts around each comparison's threshold. `known` is put back as it was.
void add_thresholds(const expr_ptr& e, const scope& names, facts& known,
                    std::set<std::int64_t>& out);

}  // namespace leeway::reference

#endif
