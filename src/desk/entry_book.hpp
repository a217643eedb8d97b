// SPDX-License-Identifier: Apache-2.0
// The entries a desk holds, found by the facts they carry: a decision looks at those that may
// count, not at every approval there ever was.
#pragma once

#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace leeway {

/// Entries in the order in which they came. Not synchronised.
class entry_book {
 public:
  void add(history_entry entry);

  /// Every entry that may count for one of the keys, in order. An entry without a fact of a key
  /// may: the policy decides.
  std::vector<history_entry> that_may_count(const std::vector<usage_key>& keys) const;

  std::size_t size() const { return entries_.size(); }

 private:
  using positions = std::vector<std::size_t>;
  struct carriers {
    std::map<std::string, positions, std::less<>> by_value{};
    positions without{};
  };

  /// Adds what may count for a key, in no order.
  void collect(const usage_key& key, positions& out) const;

  std::vector<history_entry> entries_{};
  std::map<std::string, carriers, std::less<>> by_fact_{};
};

}  // namespace leeway
