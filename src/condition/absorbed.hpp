// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition/program.hpp"

namespace leeway::condition {

/// Warnings (`lint_absorbed_error`) about parts of `&&` and `||` that may fail on some facts (a
/// division by zero, an index that is not there, a text that cannot be read) while another part
/// decides without them, so that the failure goes unseen. A part whose fellow asks first whether it
/// can be computed (`size(x) > 0 && x[0] > 3`) is not blamed; neither is a row of a table.
issues absorbed_errors(const program& code);

}  // namespace leeway::condition
