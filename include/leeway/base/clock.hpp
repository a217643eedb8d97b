// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_CLOCK_HPP
#define LEEWAY_BASE_CLOCK_HPP

#include <leeway/base/time.hpp>

namespace leeway {

/// The system's time of day as an instant. The only place in Leeway that reads a clock: the
/// evaluator takes its instant as an input, so that a decision can be replayed. The system clock
/// can step backwards; a desk makes it monotone. Thread-safe.
[[nodiscard]] instant now();

/// Time elapsed since some instant of the past, which never steps; it may stand still while the
/// machine sleeps. Thread-safe.
[[nodiscard]] duration elapsed();

}  // namespace leeway

#endif
