// SPDX-License-Identifier: Apache-2.0
#include "cli/policies.hpp"

#include "cli/terminal.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

failure<diagnostics> refused(std::string code, std::string message, std::string remedy) {
  return fail(diagnostics(diagnostic{.code = std::move(code),
                                     .message = std::move(message),
                                     .remedy = std::move(remedy),
                                     .pointer = "/policy"}));
}

std::string listed(const std::vector<const loaded_policy*>& policies) {
  std::string out;
  for (const loaded_policy* one : policies) {
    if (!out.empty()) out += ", ";
    out += '`' + one->policy.id().str() + "` version `" + one->policy.version() + '`';
  }
  return out;
}

bool asked_for(const loaded_policy& one, const request& r) {
  return (r.policy.empty() || one.policy.id() == r.policy) &&
         (r.policy_version.empty() || one.policy.version() == r.policy_version);
}

/// Of versions none of which is in force, the one that says so best: the latest.
const loaded_policy* latest(const std::vector<const loaded_policy*>& of) {
  return *std::ranges::max_element(of, {}, [](const loaded_policy* one) {
    return std::pair(one->policy.document().effective_from, one->policy.version());
  });
}

}  // namespace

bool policy_set::load(const std::string& file, terminal& to) {
  auto loaded = load_policy(file);
  if (!loaded) {
    to.err(loaded.error());
    return false;
  }
  all_.push_back({file, *std::move(loaded)});
  return true;
}

bool policy_set::load_all(const std::vector<std::string>& paths, terminal& to) {
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

const loaded_policy* policy_set::find(const std::string& file) const {
  const auto found = std::ranges::find(all_, file, &loaded_policy::file);
  return found == all_.end() ? nullptr : &*found;
}

const leeway::policy* policy_set::find(const digest& of) const {
  const auto found = std::ranges::find_if(
      all_, [&](const loaded_policy& one) { return one.policy.digest() == of; });
  return found == all_.end() ? nullptr : &found->policy;
}

result<const loaded_policy*, diagnostics> choose(const std::vector<const loaded_policy*>& from,
                                                 const request& r) {
  std::vector<const loaded_policy*> wanted;
  std::ranges::copy_if(from, std::back_inserter(wanted),
                       [&](const loaded_policy* one) { return asked_for(*one, r); });
  if (wanted.empty()) {
    return refused("policy_unknown", "no policy at hand is the one the request asks for",
                   "at hand: " + listed(from));
  }
  if (wanted.size() == 1) return wanted.front();
  std::vector<const loaded_policy*> now;
  std::ranges::copy_if(wanted, std::back_inserter(now), [&](const loaded_policy* one) {
    return one->policy.in_force(r.as_of.value_or(r.at));
  });
  if (now.empty()) return latest(wanted);
  if (now.size() == 1) return now.front();
  return refused("policy_ambiguous", "several policies are in force: " + listed(now),
                 "name one in the request's `policy`");
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
