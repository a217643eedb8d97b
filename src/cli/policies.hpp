// SPDX-License-Identifier: Apache-2.0
// The policies a run has at hand, and which of them is a request's.
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/policy.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace leeway::cli {

class terminal;

/// A policy and the file it was read from.
struct loaded_policy {
  std::string file{};
  leeway::policy policy;
};

/// The policy files of a run. References stay valid as long as it lives.
class policy_files {
 public:
  /// Loads one file; what is wrong with it is reported. Warnings are not.
  bool load(const std::string& file, terminal& to);
  /// Loads files, and of a folder every `*.policy.json` in it, recursively.
  bool load_all(const std::vector<std::string>& paths, terminal& to);

  /// Adds overlays to the policies they are for, whichever version; what is wrong with one, or is
  /// for no policy here, is reported. `keep`: the policies without them stay here, too.
  bool overlay(const std::vector<std::string>& files, terminal& to, bool keep = false);

  const std::deque<loaded_policy>& all() const { return all_; }
  const loaded_policy* find(const std::string& file) const;
  const leeway::policy* find(const digest& of) const;

 private:
  std::deque<loaded_policy> all_{};
};

/// A policy with the overlays of these files. What is wrong is reported.
std::optional<policy> overlaid(const policy& base, const std::vector<std::string>& files,
                               terminal& to);

/// The one that is a request's: see `choose_policy`.
result<const loaded_policy*, diagnostics> choose(const std::vector<const loaded_policy*>& from,
                                                 const request& r);

/// Every file below a folder whose name ends so, sorted. Nothing when it cannot be read.
std::optional<std::vector<std::string>> files_below(const std::string& folder,
                                                    std::string_view suffix);

}  // namespace leeway::cli
