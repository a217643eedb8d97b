// SPDX-License-Identifier: Apache-2.0
// What happens to a decision after it was made: every transition reads it, checks that its state
// allows it, and writes a record.
#pragma once

#include "desk/core.hpp"
#include "desk/ledger_usage.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway {

/// A transition of one decision.
class life_task : public desk_task {
 public:
  /// `known`: the decision as it was read a moment ago; what is true is read again.
  life_task(desk_core& core, kept_standing known);

  /// How it stands, once the task ran without a problem.
  const standing& now() const { return kept_.now; }
  /// What was changed: `settlement`, `void` ...; empty: it had been done before.
  std::string_view event() const { return wrote() ? event_ : std::string_view(); }

 protected:
  /// Adds the accounts that are needed besides those of the act.
  virtual void add_accounts(account_list& /*to*/) {}
  /// Whether `now()` shows that just this was done before; then nothing is left to do.
  virtual bool is_repeat() const { return false; }
  /// Whether it may take effect, so that nothing else of its chain may hold budget.
  virtual bool follows_chain() const { return false; }
  /// Checks and changes `kept()`.
  virtual leeway::verdict change(store_change& into) = 0;

  opening before_opening() const { return opening_; }
  kept_standing& kept() { return kept_; }
  const account_list& accounts() const { return accounts_; }
  /// Ids of history entries that this desk decided itself.
  const std::set<std::string>& known() const { return known_; }
  /// Whether another request of the same chain holds budget.
  bool chain_is_held() const { return chain_is_held_; }
  /// The first of the requests that supersede each other, as far as they are known by now.
  const request_id& first_of_chain() const { return chain_.back(); }

  /// The refusal named after the state: `is_settled`, `is_waiting` ...
  leeway::verdict wrong_state(const std::string& what);
  /// Makes the act another in the ledger (empty: takes it out). False: accounts must be read.
  bool replace_act(std::vector<history_entry> act, store_change& into);
  /// Gives back what is held, and lets another request of the chain hold.
  bool release(store_change& into);
  /// Writes the next record and the decision as it now stands.
  leeway::verdict written(const desk_event& event, store_change& into);
  leeway::verdict written(std::string_view event, std::string record, store_change& into);
  /// A hold whose time is over expires, whatever else was asked for.
  bool is_overdue() const;
  leeway::verdict expire_hold(store_change& into);
  /// Numbers the change that is being made, so that its record can be written.
  void advance() { ++kept_.now.number; }

 private:
  void wants(store_query& into) final;
  leeway::verdict decide(const store_view& view, store_change& into) final;
  void wants_recorded(store_query& into) final;
  std::optional<leeway::verdict> recorded(const store_view& view) final;
  bool goes_further(const store_view& view);

  const opening opening_;
  kept_standing kept_;
  account_list accounts_{};
  std::set<std::pair<digest, instant>> more_accounts_{};
  std::set<std::string> known_{};
  std::vector<request_id> chain_{};  ///< what it supersedes, one after another
  bool chain_is_held_{};
  std::string_view event_{};
};

class settle_task final : public life_task {
 public:
  settle_task(desk_core& core, kept_standing known, const settlement& what)
      : life_task(core, std::move(known)), what_(what) {}

 private:
  bool is_repeat() const override;
  leeway::verdict change(store_change& into) override;
  leeway::verdict charge(const std::optional<money>& amount, store_change& into);

  const settlement& what_;
};

class void_task final : public life_task {
 public:
  void_task(desk_core& core, kept_standing known, std::string by, std::string note)
      : life_task(core, std::move(known)), by_(std::move(by)), note_(std::move(note)) {}

 private:
  bool is_repeat() const override;
  leeway::verdict change(store_change& into) override;

  const std::string by_;
  const std::string note_;
};

/// Does what is due, if it still is.
class due_task final : public life_task {
 public:
  using life_task::life_task;

 private:
  leeway::verdict change(store_change& into) override;
};

class ratify_task final : public life_task {
 public:
  ratify_task(desk_core& core, kept_standing known, const review& what)
      : life_task(core, std::move(known)), what_(what) {}

 private:
  bool is_repeat() const override;
  leeway::verdict change(store_change& into) override;

  const review& what_;
};

class resolve_task final : public life_task {
 public:
  resolve_task(desk_core& core, kept_standing known, const resolution& what)
      : life_task(core, std::move(known)), what_(what) {}

 private:
  void add_accounts(account_list& to) override;
  bool is_repeat() const override;
  bool follows_chain() const override { return what_.granted; }
  leeway::verdict change(store_change& into) override;

  /// What an evaluation is made of.
  struct trial {
    request proposal{};
    ledger_usage used{};
  };
  /// Somebody who approved before, to whom it is charged as well when it takes effect.
  struct approver {
    agent by{};
    trial without{};  ///< without theirs, with this
    trial own{};      ///< as their own proposal
  };
  request with_approvals(bool and_this) const;
  decision tried(const trial& t) const;
  std::optional<money> granted_amount() const;
  leeway::verdict decline(store_change& into);
  leeway::verdict grant(store_change& into);
  std::vector<role_id> asked() const;
  bool is_asked() const;
  bool grants_less() const;
  leeway::verdict refuse_role();
  std::optional<leeway::verdict> refuse_amount();
  std::optional<leeway::verdict> judge_approver(const decision& before, const decision& after);
  std::optional<leeway::verdict> judge_own(const agent& by, const decision& without,
                                           const decision& after, const trial& of);
  leeway::verdict take_effect(const decision& d, store_change& into);

  const resolution& what_;
  const book_entry* under_{};
  trial before_{};  ///< without this approval
  trial after_{};   ///< with it
  trial own_{};     ///< as the approver's own proposal
  std::vector<approver> earlier_{};
};

}  // namespace leeway
