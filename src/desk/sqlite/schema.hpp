// SPDX-License-Identifier: Apache-2.0
// The tables of a store in SQLite, and how older ones become them.
#pragma once

#include "desk/sqlite/connection.hpp"

#include <leeway/base/result.hpp>

namespace leeway::sqlite {

/// Whether the file is new, or a store of this release or an older one; changes nothing. Error:
/// `store_unknown_format`.
result<void> recognise(connection& db);

/// Makes the tables in a new file; brings older ones up to date. It was recognised.
result<void> prepare_schema(connection& db);

}  // namespace leeway::sqlite
