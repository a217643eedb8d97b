// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/desk/desk.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace leeway {

/// Decides the requests of one run, and holds its budgets between them. Everything is in memory and
/// ends with the desk.
///
/// Every approved decision enters the ledger; usage is the request's own history and stated usage
/// plus the ledger. Deciding and entering are one step, so a hard budget is never exceeded,
/// whatever the number of threads. Time never runs backwards: a request of an earlier instant than
/// one already decided is decided at that later instant (`decision::at` says which), because usage
/// reaches no further than the instant of the decision.
///
/// Thread-safe.
class memory_desk {
 public:
  explicit memory_desk(opening before = opening::unknown);
  ~memory_desk();
  memory_desk(const memory_desk&) = delete;
  memory_desk& operator=(const memory_desk&) = delete;

  /// Decides, and enters an approval into the ledger.
  ///
  /// A request id stands for one request: the same id with the same content is a retry and gets the
  /// recorded decision. Errors, which consume no id: `id_missing`; `id_reused` (the same id, other
  /// content); `superseded_approved` (of requests that supersede each other only one may be
  /// approved); what `policy::check` finds wrong with the request.
  result<decision, diagnostics> decide(const policy& p, const request& r,
                                       const decide_options& options = {});

  /// How many approvals the ledger holds.
  [[nodiscard]] std::size_t approved() const;

 private:
  struct books;

  usage usage_for(const policy& p, const request& proposal,
                  const std::vector<history_entry>& held) const;

  const opening before_;
  const std::unique_ptr<books> books_;
};

}  // namespace leeway
