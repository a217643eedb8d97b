// SPDX-License-Identifier: Apache-2.0
// What random policies and the requests made to them have in common.
#pragma once

#include "engine/generate.hpp"

#include <string>
#include <vector>

namespace leeway::engine_test {

using text_list = std::vector<std::string>;

inline const text_list role_names{"r0", "r1", "r2", "r3", "r4"};
inline const std::vector<action_kind> catalogue{"credit",     "refund", "fixed_fee",
                                                "list_price", "delay",  "exception"};
inline const text_list amounts{"5.00",  "10.00", "20.00",  "24.99",  "25.00",
                               "49.99", "50.00", "100.00", "150.00", "33.33"};

inline instant at_of(const char* text) { return instant::parse(text).value(); }
inline civil_date date_of(const char* text) { return civil_date::parse(text).value(); }

}  // namespace leeway::engine_test
