// SPDX-License-Identifier: Apache-2.0
// `leeway new`: a policy to start from, with its cases.
#include "cli/exit_code.hpp"
#include "cli/file_names.hpp"
#include "cli/starter.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "policy/fields.hpp"

#include <leeway/base/currency.hpp>
#include <leeway/base/time.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

struct new_options {
  std::string place{};
  std::string id{};
  std::string currency{"USD"};
  std::string zone{"UTC"};
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// `text` as an id: what an id may not hold becomes `-`.
std::string id_from(std::string text) {
  for (char& c : text) {
    if (!policy_detail::is_id(std::string_view(&c, 1))) c = '-';
  }
  return text.empty() ? "goodwill" : text.substr(0, 64);
}

/// What a folder is called, also when it is given as `.` or with a slash behind it.
std::string name_of(const fs::path& folder) {
  std::error_code ignored;
  const fs::path whole = fs::absolute(folder, ignored).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

/// A file that is there whole or not at all: written beside its place, then put there.
class new_file {
 public:
  explicit new_file(fs::path path) : path_(std::move(path)) {
    draft_ = path_;
    draft_ += fmt::format(".{}.tmp", ::getpid());
  }
  ~new_file() {
    std::error_code ignored;
    fs::remove(draft_, ignored);
    if (placed_ && !kept_) fs::remove(path_, ignored);
  }
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;

  /// Empty, or why it could not be written.
  std::string write(const std::string& text) {
    errno = 0;
    std::FILE* file = std::fopen(draft_.c_str(), "wbx");
    if (file == nullptr) return std::strerror(errno);
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size() &&
                       std::fflush(file) == 0 && ::fsync(::fileno(file)) == 0;
    const int problem = errno;
    if (std::fclose(file) != 0 || !whole) return std::strerror(problem);
    return {};
  }
  /// A link, where a rename would silently replace what somebody else put there meanwhile.
  std::string put() {
    placed_ = ::link(draft_.c_str(), path_.c_str()) == 0;
    if (placed_) return {};
    return errno == EEXIST ? "it is there already" : std::strerror(errno);
  }
  void keep() { kept_ = true; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_{};
  fs::path draft_{};
  bool placed_{};
  bool kept_{};
};

class new_run {
 public:
  new_run(const new_options& options, terminal& to) : options_(options), to_(to) {}

  int run() {
    if (!name_files() || !good_id() || !good_place()) return exit_invalid;
    const bool made = make_folder();
    if (made || fs::is_directory(folder_)) {
      if (write()) return tell();
      // Not left behind empty; a folder with something in it stays.
      std::error_code ignored;
      if (made) fs::remove(folder_, ignored);
    }
    return exit_failure;
  }

 private:
  /// Where the policy and its cases go, and what it is called.
  bool name_files() {
    const fs::path place(options_.place);
    const std::string name = place.filename().string();
    fs::path base = place;
    if (name.ends_with(policy_suffix)) {
      folder_ = place.parent_path();
      base.replace_filename(name.substr(0, name.size() - policy_suffix.size()));
    } else if (name.ends_with(".json") || name.ends_with(".jsonl")) {
      to_.complain(fmt::format("the file of a policy ends in `{}`, unlike `{}`", policy_suffix,
                               printable(name)));
      return false;
    } else {
      folder_ = place;
      base /= options_.id.empty() ? id_from(name_of(place)) : options_.id;
    }
    if (folder_.empty()) folder_ = ".";
    id_ = options_.id.empty() ? id_from(base.filename().string()) : options_.id;
    policy_ = base.string() + std::string(policy_suffix);
    cases_ = base.string() + std::string(cases_suffix);
    return true;
  }

  bool good_id() {
    if (policy_detail::is_id(id_)) return true;
    to_.complain(fmt::format("`{}` is no id; write 1 to 64 of letters, digits, `_`, `.` and `-`",
                             printable(id_)));
    return false;
  }

  bool good_place() {
    if (!currency::find(options_.currency)) {
      std::vector<std::string> known;
      for (const currency& one : all_currencies()) known.emplace_back(one.code());
      const std::string near = suggestion(options_.currency, known);
      to_.complain(fmt::format("unknown currency `{}`; {}", printable(options_.currency),
                               near.empty() ? "ISO 4217 codes such as `USD`" : near));
      return false;
    }
    const auto zone = time_zone::find(options_.zone);
    if (!zone) to_.complain(printable(zone.error().message));
    return zone.has_value();
  }

  /// Whether the folder was made now.
  bool make_folder() {
    std::error_code problem;
    const bool made = fs::create_directories(folder_, problem);
    if (problem) {
      to_.complain(fmt::format("cannot make the folder `{}`: {}", printable(folder_.string()),
                               problem.message()));
    }
    return made;
  }

  bool write() {
    new_file policy(policy_);
    new_file cases(cases_);
    const auto done = [&](new_file& file, const std::string& problem) {
      if (problem.empty()) return true;
      to_.complain(fmt::format("cannot write `{}`: {}", printable(file.path().string()), problem));
      return false;
    };
    for (const new_file* one : {&policy, &cases}) {
      std::error_code ignored;
      if (!fs::exists(fs::symlink_status(one->path(), ignored))) continue;
      to_.complain(fmt::format("`{}` is there already; nothing was written",
                               printable(one->path().string())));
      return false;
    }
    if (!done(policy, policy.write(adapted(starter_policy))) ||
        !done(cases, cases.write(adapted(starter_cases))) || !done(policy, policy.put()) ||
        !done(cases, cases.put())) {
      return false;
    }
    policy.keep();
    cases.keep();
    return true;
  }

  std::string adapted(std::string_view document) const {
    std::string out = replaced(std::string(document), "\"starter-goodwill\"", '"' + id_ + '"');
    out = replaced(std::move(out), " USD", ' ' + options_.currency);
    out = replaced(std::move(out), "\"USD\"", '"' + options_.currency + '"');
    return replaced(std::move(out), "\"time_zone\": \"UTC\"",
                    "\"time_zone\": \"" + options_.zone + '"');
  }

  int tell() {
    const std::string policy = printable(policy_.string());
    const std::string cases = printable(cases_.string());
    to_.out(fmt::format("wrote {}\n      {}\n\n", policy, cases));
    to_.out(
        fmt::format("next: change the policy into your own rules, and keep its cases in step\n"
                    "  leeway check {0}\n"
                    "  leeway test --watch {0} {1}\n",
                    policy, cases));
    return exit_ok;
  }

  const new_options& options_;
  terminal& to_;
  fs::path folder_{};
  fs::path policy_{};
  fs::path cases_{};
  std::string id_{};
};

}  // namespace

verb add_new(CLI::App& program) {
  auto options = std::make_shared<new_options>();
  CLI::App* command = program.add_subcommand("new", "Write a policy to start from, with its cases");
  command
      ->add_option("PLACE", options->place,
                   "A folder, or a file that ends in .policy.json; nothing is replaced")
      ->required();
  command->add_option("--id", options->id, "The policy's id; unless told, as the place is called");
  command->add_option("--currency", options->currency, "USD unless told");
  command->add_option("--time-zone", options->zone, "UTC unless told");
  command->footer(
      "Exit: 0 written, 1 it could not be, 3 something asked for is not possible.\n\n"
      "Examples:\n"
      "  leeway new goodwill\n"
      "  leeway new billing.policy.json --currency EUR --time-zone Europe/Madrid");
  return {command, [options](terminal& to) { return new_run(*options, to).run(); }};
}

}  // namespace leeway::cli
