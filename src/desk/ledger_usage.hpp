// SPDX-License-Identifier: Apache-2.0
// Usage as the ledger has it.
#pragma once

#include "desk/account_list.hpp"
#include "desk/book.hpp"

#include <leeway/desk/desk.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway {

/// What one evaluation reads of the ledger.
class ledger_usage {
 public:
  ledger_usage() = default;
  /// Adds the accounts that deciding `proposal` may read, at its instant.
  ledger_usage(const book_entry& under, const request& proposal, account_names& names,
               account_list& accounts);

  /// The usage, once the accounts were read: what the ledger holds, and the proposal's own history
  /// and stated usage. `known`: the ids of history entries that the ledger has itself.
  usage read(const book_entry& under, const request& proposal, const account_list& accounts,
             opening before, const std::set<std::string>& known) const;

 private:
  struct part {
    usage_key key{};
    const usage_counter* counter{};
    std::size_t account{};
    std::size_t unplaced{};
  };
  usage_value value_of(const part& p, const book_entry& under, instant at,
                       const account_list& accounts) const;

  std::vector<part> parts_{};
};

/// What one account says, as usage of its counter at an instant.
usage_value usage_in(const balance& b, const usage_counter& counter, const policy& under,
                     instant at);

/// What an account and that of the acts without a key come to for a key: a limit counts those as
/// anybody's; a measure, which conditions read, is a lower bound while there are any.
balance together(const balance& own, const balance& unplaced, const usage_counter& counter);

/// Adds the accounts that an act of this proposal may change: every counter of every published
/// policy that counts its kind.
void add_accounts_of_act(const book& of, const request& proposal, account_names& names,
                         account_list& accounts);

}  // namespace leeway
