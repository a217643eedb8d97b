// SPDX-License-Identifier: Apache-2.0
#include "cli/suites.hpp"

#include "cli/file_names.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

/// Finds the suites among files and folders.
class suite_finder {
 public:
  suite_finder(policy_files& policies, terminal& to) : policies_(policies), to_(to) {}

  std::optional<std::vector<suite>> find(const std::vector<std::string>& paths) {
    std::vector<std::string> cases;
    for (const std::string& path : paths) sort_in(path, cases);
    for (std::string& file : cases) {
      suites_.push_back(given_.empty() ? beside(std::move(file)) : given(std::move(file)));
    }
    if (good_ && suites_.empty())
      complain("no cases given: name *.cases.jsonl, or a folder of them");
    return good_ ? std::optional(std::move(suites_)) : std::nullopt;
  }

 private:
  void sort_in(const std::string& path, std::vector<std::string>& cases) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      const auto found = files_below(path, cases_suffix);
      if (!found || found->empty()) return complain("no *.cases.jsonl in `" + path + '`');
      for (const std::string& file : *found) suites_.push_back(beside(file));
    } else if (path.ends_with(".jsonl") || path == "-") {
      cases.push_back(path);
    } else if (const loaded_policy* one = load(path)) {
      given_.push_back(one);
    }
  }

  suite given(std::string cases) const {
    return {std::move(cases), given_.size() == 1 ? given_.front() : nullptr, given_};
  }

  /// `x.cases.jsonl` is for `x.policy.json`, and may name another policy of its folder.
  suite beside(std::string cases) {
    suite out;
    const fs::path folder = fs::path(cases).parent_path();
    const std::string stem =
        cases.ends_with(cases_suffix) ? cases.substr(0, cases.size() - cases_suffix.size()) : cases;
    std::error_code problem;
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, problem)) {
      if (!entry.path().filename().string().ends_with(policy_suffix)) continue;
      files.push_back((folder / entry.path().filename()).string());
    }
    std::ranges::sort(files);
    for (const std::string& file : files) {
      if (const loaded_policy* one = load(file)) out.policies.push_back(one);
    }
    const std::string own = stem + std::string(policy_suffix);
    out.usual = policies_.find(own);
    if (out.policies.empty() && good_) complain("no policy `" + own + "` for `" + cases + '`');
    out.cases = std::move(cases);
    return out;
  }

  const loaded_policy* load(const std::string& file) {
    if (const loaded_policy* known = policies_.find(file)) return known;
    if (std::ranges::find(refused_, file) != refused_.end()) return nullptr;
    if (policies_.load(file, to_)) return &policies_.all().back();
    refused_.push_back(file);
    good_ = false;
    return nullptr;
  }

  void complain(const std::string& message) {
    good_ = false;
    to_.complain(printable(message));
  }

  policy_files& policies_;
  terminal& to_;
  std::vector<suite> suites_{};
  std::vector<const loaded_policy*> given_{};
  std::vector<std::string> refused_{};
  bool good_{true};
};

}  // namespace

std::optional<std::vector<suite>> find_suites(const std::vector<std::string>& paths,
                                              policy_files& policies, terminal& to) {
  return suite_finder(policies, to).find(paths);
}

}  // namespace leeway::cli
