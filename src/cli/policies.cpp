// SPDX-License-Identifier: Apache-2.0
#include "cli/policies.hpp"

#include "cli/file_names.hpp"
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
    const auto files = files_below(path, policy_suffix);
    if (!files || files->empty()) {
      to.complain("no *.policy.json in `" + printable(path) + "`");
      good = false;
      continue;
    }
    for (const std::string& file : *files) good = load(file, to) && good;
  }
  return good;
}

namespace {

std::optional<std::vector<leeway::overlay>> load_overlays(const std::vector<std::string>& files,
                                                          terminal& to) {
  std::vector<leeway::overlay> out;
  for (const std::string& file : files) {
    auto loaded = load_overlay(file);
    if (loaded) {
      out.push_back(*std::move(loaded));
    } else {
      to.err(loaded.error());
    }
  }
  if (out.size() != files.size()) return std::nullopt;
  return out;
}

std::optional<policy> overlaid(const policy& base, const std::vector<leeway::overlay>& by,
                               terminal& to) {
  auto out = with_overlays(base, by);
  if (out) return *std::move(out);
  to.err(out.error());
  return std::nullopt;
}

}  // namespace

std::optional<policy> overlaid(const policy& base, const std::vector<std::string>& files,
                               terminal& to) {
  const auto overlays = load_overlays(files, to);
  return overlays ? overlaid(base, *overlays, to) : std::nullopt;
}

bool policy_files::overlay(const std::vector<std::string>& files, terminal& to, bool keep) {
  const auto overlays = load_overlays(files, to);
  if (!overlays) return false;
  bool good = true;
  const std::size_t size = all_.size();
  std::vector<bool> used(overlays->size(), false);
  for (std::size_t p = 0; p < size; ++p) {
    std::vector<leeway::overlay> mine;
    for (std::size_t i = 0; i < overlays->size(); ++i) {
      if ((*overlays)[i].of() != all_[p].policy.id()) continue;
      mine.push_back((*overlays)[i]);
      used[i] = true;
    }
    if (mine.empty()) continue;
    auto out = overlaid(all_[p].policy, mine, to);
    if (!out) {
      good = false;
    } else if (keep) {
      all_.push_back({all_[p].file, *std::move(out)});
    } else {
      all_[p].policy = *std::move(out);
    }
  }
  for (std::size_t i = 0; i < overlays->size(); ++i) {
    if (used[i]) continue;
    to.complain("`" + printable((*overlays)[i].file()) + "` is for the policy `" +
                printable((*overlays)[i].of().str()) + "`, which is not at hand");
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
