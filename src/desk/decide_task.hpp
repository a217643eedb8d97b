// SPDX-License-Identifier: Apache-2.0
// Deciding one request, or several as one.
#pragma once

#include "desk/core.hpp"
#include "desk/ledger_usage.hpp"

#include <leeway/engine/decision.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway {

class decide_task final : public desk_task {
 public:
  decide_task(desk_core& core, const std::vector<request>& all, std::string caller);

  /// One for each request, once it ran without a problem. `known()` tells of those that were
  /// decided before.
  std::vector<answer> answers() &&;
  const std::vector<std::optional<stored_decision>>& known() const { return recorded_; }
  /// Whether a request of these names in `supersedes` what was never decided here.
  bool supersedes_unknown(const request& r) const;
  /// What was newly decided and waits for somebody.
  std::vector<standing> waiting() const;
  /// Tells what was newly decided, and what that closed.
  void tell(const observer& to) const;

 private:
  /// One of the requests, and what becomes of it.
  struct part {
    const request* given{};
    std::string text{};
    leeway::digest fingerprint{};
    request proposal{};
    const book_entry* under{};
    std::optional<diagnostics> problem{};
    ledger_usage used{};
    request_id chain{};
    leeway::decision decision{};
    kept_standing kept{};
    std::vector<entry_change> charges{};  ///< what it holds, when it is approved
  };
  using found_decisions = std::map<request_key, std::optional<stored_decision>>;

  void wants(store_query& into) override;
  leeway::verdict decide(const store_view& view, store_change& change) override;
  void wants_recorded(store_query& into) override;
  std::optional<leeway::verdict> recorded(const store_view& view) override;
  instant stated() const override;

  void prepare(part& p);
  request_key key_of(const request_id& id) const { return {caller_, id}; }
  /// What a request supersedes, one after another; the last is the chain's name. Nothing: more must
  /// be read.
  std::optional<std::vector<request_id>> chain_of(const request& r);
  std::optional<leeway::verdict> repeated(const found_decisions& found);
  std::optional<leeway::verdict> follow_chains(const store_view& view);
  std::optional<leeway::verdict> refuse_customer(const part& p);
  std::optional<leeway::verdict> evaluate(part& p);
  void hold(part& p, store_change& change);
  void supersede(const part& p, store_change& change);

  const std::string caller_;
  std::vector<part> parts_{};
  account_list accounts_{};
  std::set<request_id> names_{};  ///< requests and chains to look up
  std::set<decision_id> told_{};  ///< decisions that histories tell of
  std::set<std::string> known_{};
  std::set<std::pair<digest, instant>> more_accounts_{};
  std::vector<request_id> asked_{};
  found_decisions found_{};
  std::vector<std::optional<stored_decision>> recorded_{};
  std::vector<standing> closed_{};  ///< what waited and is superseded
  bool effective_{true};
};

}  // namespace leeway
