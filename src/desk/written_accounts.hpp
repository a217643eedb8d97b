// SPDX-License-Identifier: Apache-2.0
// What every store refuses.
#pragma once

#include <leeway/desk/store.hpp>

#include <algorithm>

namespace leeway {

/// Whether every account that a change adds to or takes from was read so that it is still as it was
/// seen. Who reads all acts there are changes accounts without looking: nobody else writes.
inline bool reads_what_it_changes(const store_query& query, const store_change& change) {
  return query.acts_from.has_value() ||
         std::ranges::all_of(change.entries, [&](const entry_change& e) {
           return std::ranges::any_of(query.accounts, [&](const account_query& one) {
             return one.is_protected && one.account == e.account;
           });
         });
}

}  // namespace leeway
