// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_SRC_BASE_PERIOD_HPP
#define LEEWAY_SRC_BASE_PERIOD_HPP

#include <leeway/base/time.hpp>

#include <optional>

namespace leeway::detail {

/// add() and subtract() that say when the result is beyond the range of instants.
[[nodiscard]] std::optional<instant> try_add(instant t, const period& p, time_zone zone);
[[nodiscard]] std::optional<instant> try_subtract(instant t, const period& p, time_zone zone);

}  // namespace leeway::detail

#endif
