// SPDX-License-Identifier: Apache-2.0
// The policies as they are published, and which accounts of the ledger their counters use.
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/desk/store.hpp>
#include <leeway/engine/counting.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace leeway {

/// The account of a counter for a key. Every desk on every machine names it alike.
digest account_of(const digest& definition, const usage_keys& keys);
/// The account of what a counter may have to count for any key, because it lacks a part of it.
digest unplaced_account_of(const digest& definition);

/// Names accounts, and remembers the names. Not synchronised.
class account_names {
 public:
  /// As `account_of` does.
  digest of(const digest& definition, const usage_keys& keys);

 private:
  struct named {
    digest definition{};
    usage_keys keys{};
    digest account{};
  };
  std::vector<named> known_{};
};

/// What an act is in one account, and which counter reads the account.
struct posting {
  digest account{};
  const policy* under{};
  const usage_counter* counter{};
  entry_change entry{};
};
using postings = std::map<digest, posting>;

/// Whether a counter is a limit (a budget, a grant's total, a discretion fund) and no measure: too
/// large a figure of a limit can only refuse.
bool is_limit(const usage_counter& c);
/// What an act is in an account of a counter; nothing: it adds nothing. What may count for a limit
/// counts for it, so that its total is never too small; a measure is a lower bound by it.
std::optional<entry_change> entry_in(const digest& account, const usage_counter& counter,
                                     const counted_entry& one, const decision_id& act, instant at);

/// One published policy.
struct book_entry {
  policy published;
  policy under;  ///< the same, with its suspension
  counting counts;
  stored_policy stored{};
  /// `unplaced_account_of` each counter; the book sees to it.
  std::vector<digest> unplaced{};
};

/// The published policies as of one publication. Immutable and shared.
class book {
 public:
  book(std::int64_t publications, std::vector<book_entry> entries);

  std::int64_t publications() const { return publications_; }
  const std::vector<book_entry>& entries() const { return entries_; }
  /// What `choose_policy` chooses from, in the order of `entries`.
  const std::vector<policy>& policies() const { return policies_; }
  const book_entry* find(const digest& of) const;

  /// The counters of a policy that are no other's before it: an act is counted once an account.
  bool counts_first(std::size_t entry, std::size_t counter) const;

  /// What an act comes to in every account. `act` holds the act itself, then the same act as each
  /// approver's own: those count for budgets and grants kept per agent only.
  postings of(const std::vector<history_entry>& act, const decision_id& id,
              account_names& names) const;

  /// Adds the facts that other policies count by, also later ones, to the keys of an act: every
  /// text that the request tells of, but for protected facts.
  void complete(history_entry& act, const request& r, const decision& d, const policy& under) const;

 private:
  std::int64_t publications_{};
  std::vector<book_entry> entries_{};
  std::vector<policy> policies_{};
  std::map<digest, std::size_t> by_digest_{};
  std::vector<std::set<std::size_t>> repeats_{};    ///< by entry: counters that came before
  std::set<std::string, std::less<>> protected_{};  ///< facts that one of the policies protects
};

/// Whether a counter is kept per agent, so that an approver has one of their own.
bool is_kept_per_agent(const usage_counter& c);

/// Acts as text, for the store. The inverse throws nothing: what is no such text gives nothing.
std::string act_text(const std::vector<history_entry>& act);
std::optional<std::vector<history_entry>> act_of(const std::string& text);

}  // namespace leeway
