// SPDX-License-Identifier: Apache-2.0
// The figures that nobody tells by doing.
#pragma once

#include "desk/core.hpp"

namespace leeway {

/// See `desk::measure`.
result<void, diagnostics> measure(const desk_core& core, metrics& to, survey_depth depth);

}  // namespace leeway
