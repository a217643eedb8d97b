// SPDX-License-Identifier: Apache-2.0
// Rows of the tables as what the port calls them.
#pragma once

#include "desk/postgres/connection.hpp"

#include <leeway/desk/store.hpp>

#include <cstddef>
#include <string_view>

namespace leeway::postgres {

/// The bytes of a digest, as long as it lives.
std::string_view bytes_of(const digest& d);
digest digest_of(std::string_view bytes);

/// Of the columns that statements.hpp lists, behind the place.
stored_decision decision_of(const rows& r, std::size_t row);
instant changed_at_of(const rows& r, std::size_t row);
/// Of minor, count, unsure, most, oldest, newest from a column on.
balance balance_of(const rows& r, std::size_t row, std::size_t column);

std::vector<stored_decision> decisions_of(const rows& r);
std::vector<stored_record> records_of(const rows& r);
std::vector<stored_policy> policies_of(const rows& r);

}  // namespace leeway::postgres
