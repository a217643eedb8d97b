// SPDX-License-Identifier: Apache-2.0
// What a process remembers of accounts, so that it can decide without asking first. Whatever is
// remembered is checked by the server before anything is written.
#pragma once

#include <leeway/desk/store.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>

namespace leeway::postgres {

/// An account at one of its versions.
struct known_account {
  std::int64_t version{};         ///< how often it was changed
  std::int64_t changed_by{};      ///< names the change that made it so; 0: none ever did
  instant since{instant::min()};  ///< the balance is of this instant and later
  leeway::balance balance{};
  bool has_greatest{};  ///< whether the balance tells the greatest amount
  instant changed_at{instant::min()};
  /// How many tasks are still to ask first, because others change it too.
  int wary{};
};

/// What is left of a balance when `entries`, all new, are added to it.
leeway::balance with_entries(leeway::balance before, instant since, const digest& account,
                             std::span<const entry_change> entries);

/// Thread-safe. Forgets everything now and then rather than grow without bound.
class account_memory {
 public:
  account_memory() = default;
  /// What is not here is looked up `behind`, which outlives it; what is learned stays here.
  explicit account_memory(account_memory* behind) : behind_(behind) {}

  /// What the query would find, if it is remembered and no entry falls out of the window meanwhile.
  /// An account nobody has heard of is taken for a new one. Nothing: ask the server.
  std::optional<known_account> guess(const account_query& wanted);
  void learn(const digest& account, const known_account& found);
  /// A guess was wrong: for a while it is not made.
  void beware(const digest& account);
  void forget(const digest& account);

 private:
  static constexpr std::size_t most = 100'000;
  static constexpr int caution = 8;

  account_memory* behind_{};
  std::mutex mutex_{};
  std::unordered_map<digest, known_account> known_{};
};

}  // namespace leeway::postgres
