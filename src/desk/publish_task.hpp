// SPDX-License-Identifier: Apache-2.0
// Publishing a policy, or switching it off and on.
#pragma once

#include "desk/core.hpp"

#include <optional>
#include <string>
#include <vector>

namespace leeway {

class publish_task final : public desk_task {
 public:
  publish_task(desk_core& core, const policy& p) : desk_task(core), policy_(p), counts_(p) {}

  /// What was published, once it ran; nothing where it had been before.
  const std::optional<stored_policy>& published() const { return published_; }

 private:
  void wants(store_query& into) override;
  leeway::verdict decide(const store_view& view, store_change& change) override;
  /// Counts an act in the accounts of what was not counted before.
  bool count(const std::string& text, store_change& change);

  const policy& policy_;
  const counting counts_;
  std::vector<std::size_t> new_counters_{};
  std::optional<stored_policy> published_{};
};

class suspend_task final : public desk_task {
 public:
  suspend_task(desk_core& core, const policy_id& id, const std::string& version,
               const std::optional<std::string>& why)
      : desk_task(core), id_(id), version_(version), why_(why) {}

  /// What was switched, once it ran.
  const std::vector<stored_policy>& switched() const { return switched_; }

 private:
  void wants(store_query& into) override;
  leeway::verdict decide(const store_view& view, store_change& change) override;

  const policy_id& id_;
  const std::string& version_;
  const std::optional<std::string>& why_;
  std::vector<stored_policy> switched_{};
};

}  // namespace leeway
