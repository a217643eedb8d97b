// SPDX-License-Identifier: Apache-2.0
// The tables of a store in SQLite, and how older ones become them.
#pragma once

#include "desk/sqlite/connection.hpp"

#include <leeway/base/result.hpp>

namespace leeway::sqlite {

/// Makes the tables in a new file; brings older ones up to date. Errors: `store_unknown_format`.
result<void> prepare_schema(connection& db);

}  // namespace leeway::sqlite
