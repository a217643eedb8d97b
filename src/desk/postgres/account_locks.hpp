// SPDX-License-Identifier: Apache-2.0
// Locks on accounts, for a transaction to take in the order in which everybody takes them.
#pragma once

#include "desk/postgres/connection.hpp"
#include "desk/postgres/statements.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace leeway::postgres {

/// Not synchronised.
class account_locks {
 public:
  /// `alone`: whoever else looks at the account waits; else only who wants it alone.
  void add(std::int64_t hash, bool alone) {
    bool& known = alone_.try_emplace(hash, alone).first->second;
    known = known || alone;
  }
  void add(const account_locks& others) {
    for (const auto& [hash, alone] : others.alone_) add(hash, alone);
  }
  /// As two parameters.
  void put(parameters& to) const {
    std::vector<std::int64_t> hashes;
    std::vector<bool> alone;
    for (const auto& [hash, is_alone] : alone_) {
      hashes.push_back(hash);
      alone.push_back(is_alone);
    }
    to.add(std::span<const std::int64_t>(hashes)).add(alone);
  }
  call take() const {
    parameters with;
    put(with);
    return {&sql::lock_accounts, std::move(with)};
  }

 private:
  std::map<std::int64_t, bool> alone_{};
};

}  // namespace leeway::postgres
