// SPDX-License-Identifier: Apache-2.0
// What every task of a desk shares.
#pragma once

#include "desk/account_list.hpp"
#include "desk/book.hpp"
#include "desk/kept_standing.hpp"
#include "desk/observer.hpp"
#include "desk/time_keeper.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/desk/desk.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway {

failure<diagnostics> refused(std::string code, std::string message, std::string remedy = {});
failure<diagnostics> refused(const error& why);

/// Store, clock and published policies. Thread-safe.
class desk_core {
 public:
  desk_core(std::shared_ptr<leeway::store> store_of, desk_options wanted)
      : options(std::move(wanted)),
        books(std::move(store_of)),
        seen(options),
        time(options.time, options.clock, options.largest_step,
             [this](duration by) { seen.clock_jumped(by); }) {}

  /// The published policies, as this desk last read them.
  std::shared_ptr<const book> policies() const {
    const std::lock_guard lock(mutex_);
    return book_;
  }
  /// Reads them again.
  result<void, diagnostics> reload();

  const desk_options options;
  const std::shared_ptr<leeway::store> books;
  const observer seen;
  time_keeper time;

 private:
  mutable std::mutex mutex_{};  ///< held while the pointer is copied or exchanged
  std::shared_ptr<const book> book_{std::make_shared<const book>(0, std::vector<book_entry>{})};
};

/// One transaction of a desk: the parts that all have in common. Derived tasks say what they want
/// to read and decide on what was read; what they refuse they tell with `refuse`.
class desk_task : public store_task {
 public:
  explicit desk_task(desk_core& core) : core_(core) {}

  /// Runs it, reading the policies again where others published some.
  result<void, diagnostics> run();

  /// Whether it changed anything, once it ran: also where it was refused.
  bool wrote() const { return wrote_; }

  void ask(store_query& into) final;
  leeway::verdict judge(const store_view& view, store_change& change) final;

 protected:
  /// Says what to read at `at()`.
  virtual void wants(store_query& into) = 0;
  virtual leeway::verdict decide(const store_view& view, store_change& change) = 0;
  /// Says what to read where the clock gives no instant: what tells whether all was done before.
  virtual void wants_recorded(store_query& /*into*/) {}
  /// What to say of a task that was done before; nothing: it was not. Needs no clock.
  virtual std::optional<leeway::verdict> recorded(const store_view& /*view*/) {
    return std::nullopt;
  }
  /// The instant a request states; where requests tell the time it counts.
  virtual instant stated() const { return instant::min(); }

  leeway::verdict refuse(std::string code, std::string message, std::string remedy = {});
  leeway::verdict refuse(const error& why);
  leeway::verdict refuse(diagnostics why);

  instant at() const { return at_; }
  const book& policies() const { return *book_; }
  desk_core& core() { return core_; }
  account_names& names() { return names_; }

 private:
  desk_core& core_;
  std::shared_ptr<const book> book_{};
  instant floor_{instant::min()};
  instant at_{instant::min()};
  std::optional<diagnostics> timeless_{};  ///< why there is no instant
  std::optional<diagnostics> problem_{};
  bool outdated_{};
  verdict last_{verdict::done};
  bool wrote_{};
  account_names names_{};

  leeway::verdict judged(const store_view& view, store_change& change);
  leeway::verdict judged_without_time(const store_view& view, const diagnostics& why);
};

/// The member `desk` of a record: canonical JSON with what every event has.
struct desk_event {
  std::string_view event{};  ///< `decision`, `settlement`, `void` ...
  std::optional<money> amount{};
  std::string by{};
  std::string role{};
  std::string note{};
  /// Of a resolution: the approver, with the facts that their own budgets are counted by.
  const agent* approver{};
};
std::string event_text(const standing& s, instant at, const desk_event& e);
/// A record of something other than a decision.
std::string event_record(const standing& s, instant at, const desk_event& e);
/// Adds the next record of a decision, and the decision as it then stands.
void add_change(kept_standing& kept, std::string record, store_change& change);

/// Fills what follows from a decision: state, amount, why, rungs, deadlines, ratification.
void stand(kept_standing& kept, const decision& d, const policy& under, const request& proposal);
/// When something that begins at an instant is due under a policy.
std::optional<instant> due_at(const policy& under, instant at, const std::optional<period>& length);

}  // namespace leeway
