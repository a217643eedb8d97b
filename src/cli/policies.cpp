// SPDX-License-Identifier: Apache-2.0
#include "cli/policies.hpp"

#include "cli/terminal.hpp"

#include <leeway/engine/policy_set.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

}  // namespace

bool policy_files::load(const std::string& file, terminal& to) {
  auto loaded = load_policy(file);
  if (!loaded) {
    to.err(loaded.error());
    return false;
  }
  all_.push_back({file, *std::move(loaded)});
  return true;
}

bool policy_files::load_all(const std::vector<std::string>& paths, terminal& to) {
  bool good = true;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      good = load(path, to) && good;
      continue;
    }
    const auto files = files_below(path, ".policy.json");
    if (!files || files->empty()) {
      to.complain("no *.policy.json in `" + printable(path) + "`");
      good = false;
      continue;
    }
    for (const std::string& file : *files) good = load(file, to) && good;
  }
  return good;
}

bool policy_files::suspend(const std::vector<std::string>& names, terminal& to) {
  bool good = true;
  for (const std::string& name : names) {
    // An id has no `@`, so the first one parts it from the version.
    const auto sign = name.find('@');
    const std::string id = name.substr(0, sign);
    const std::string version = sign == std::string::npos ? std::string{} : name.substr(sign + 1);
    bool any = false;
    for (loaded_policy& one : all_) {
      const bool meant = one.policy.id().view() == id &&
                         (sign == std::string::npos || one.policy.version() == version);
      if (!meant) continue;
      one.policy = one.policy.suspended("suspended when the program was started");
      any = true;
    }
    if (any) continue;
    to.complain("no policy at hand is `" + printable(name) + "`, which was to be suspended");
    good = false;
  }
  return good;
}

const loaded_policy* policy_files::find(const std::string& file) const {
  const auto found = std::ranges::find(all_, file, &loaded_policy::file);
  return found == all_.end() ? nullptr : &*found;
}

const leeway::policy* policy_files::find(const digest& of) const {
  const auto found = std::ranges::find_if(
      all_, [&](const loaded_policy& one) { return one.policy.digest() == of; });
  return found == all_.end() ? nullptr : &found->policy;
}

result<const loaded_policy*, diagnostics> choose(const std::vector<const loaded_policy*>& from,
                                                 const request& r) {
  std::vector<policy> policies;
  policies.reserve(from.size());
  for (const loaded_policy* one : from) policies.push_back(one->policy);
  const auto at = choose_policy(policies, r);
  if (!at) return fail(at.error());
  return from[*at];
}

std::optional<std::vector<std::string>> files_below(const std::string& folder,
                                                    std::string_view suffix) {
  std::vector<std::string> out;
  std::error_code problem;
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    std::error_code ignored;
    if (at->path().filename().string().ends_with(suffix) && at->is_regular_file(ignored)) {
      out.push_back(at->path().string());
    }
  }
  if (problem) return std::nullopt;
  std::ranges::sort(out);
  return out;
}

}  // namespace leeway::cli
