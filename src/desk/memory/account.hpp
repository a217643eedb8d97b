// SPDX-License-Identifier: Apache-2.0
// One account in memory: its entries, and a running total from an instant on.
#pragma once

#include <leeway/base/checked.hpp>
#include <leeway/desk/store.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace leeway {

/// Reading and changing take time that does not grow with the number of entries that count, but
/// for those that the instant passes over. Not synchronised.
class memory_account {
 public:
  /// What the entries of `from` and later come to.
  balance read(instant from);
  /// Whether so much more can be counted.
  bool fits(std::int64_t more) const { return checked_add(ever_, more).has_value(); }
  /// Sets, replaces or takes out an entry; it fits.
  void set(const entry_change& change);

 private:
  struct entry {
    std::int64_t minor{};
    bool counts{};
    bool unsure{};
  };
  using place = std::pair<instant, std::string>;  ///< instant, act

  void move_to(instant from);
  void add(const entry& e, int sign);
  void forget(const place& at);

  std::map<place, entry> entries_{};
  std::map<std::string, instant> by_act_{};
  std::set<place> counting_{};  ///< those that count, of whatever instant
  std::int64_t ever_{};         ///< their sum
  // Of the entries of `from_` and later:
  instant from_{instant::min()};
  std::int64_t minor_{};
  std::int64_t count_{};
  std::int64_t unsure_{};
  std::multiset<std::int64_t> amounts_{};
};

}  // namespace leeway
