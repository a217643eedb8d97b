// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/postgres/connection.hpp"

#include <leeway/base/result.hpp>

namespace leeway::postgres {

/// The text of schema_1.sql.
extern const char* const schema_1;

/// Makes the tables in an empty database, or finds them in the version that this program knows.
/// Several hosts may do it at once.
result<void> open_schema(connection& c, deadline until);

/// An error of the server as one of a store.
error store_error(const sql_error& from);

}  // namespace leeway::postgres
