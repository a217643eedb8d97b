// SPDX-License-Identifier: Apache-2.0
// What a store keeps of a decision, as the desk understands it.
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/desk/standing.hpp>
#include <leeway/desk/store.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leeway {

/// A standing, and what only the desk needs of it.
struct kept_standing {
  standing now{};
  digest fingerprint{};              ///< of the request as it was proposed
  request_id chain{};                ///< the first of the requests that supersede each other
  std::string request_text{};        ///< the request as it was proposed, canonical
  std::vector<history_entry> act{};  ///< see `book::of`; empty: nothing in the ledger
};

/// For the store.
stored_decision to_stored(const kept_standing& kept);
/// From the store. Error: `store_failed`: it is not what a desk wrote.
result<kept_standing> from_stored(const stored_decision& stored);

/// What is to be done about a decision where it stands: as it said itself, or nothing.
next_step next_of(const decision& d, decision_state now);
/// What is held or charged.
std::optional<money> amount_of(const standing& s);

}  // namespace leeway
