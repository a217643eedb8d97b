// SPDX-License-Identifier: Apache-2.0
// `leeway test`: runs policy test cases, and tells what no case reached.
#include "base/json/writer.hpp"
#include "cli/case_file.hpp"
#include "cli/coverage.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/policies.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "cli/watch.hpp"
#include "engine/evaluate.hpp"

#include <leeway/base/clock.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view policy_suffix = ".policy.json";
constexpr std::string_view cases_suffix = ".cases.jsonl";

struct test_options {
  std::vector<std::string> paths{};
  std::string format{"text"};
  std::string filter{};
  std::vector<std::string> overlays{};
  int coverage_min{};
  bool watch{};
};

/// Cases, and the policies they are for.
struct suite {
  std::string cases{};
  const loaded_policy* usual{};  ///< for cases that name no policy; nullptr: choose
  std::vector<const loaded_policy*> policies{};
};

/// A case that did not pass.
struct failed_case {
  std::string file{};
  std::size_t line{};
  std::string id{};
  std::string name{};
  std::vector<difference> found{};
  std::vector<std::string> reasons{};
  std::vector<std::string> hints{};
};

/// What the cases of one policy came to.
struct policy_report {
  const loaded_policy* policy{};
  const loaded_policy* without{};  ///< of a policy with the overlays of its cases: that without
  std::size_t passed{};
  std::size_t failed{};
  engine::trace seen{};
};

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

std::string as_text(const failed_case& one, const terminal& to) {
  std::string out = fmt::format("{}:{}: {} {}\n", printable(one.file), one.line,
                                to.painted("failed", paint::red), printable(one.name));
  for (const difference& d : one.found) {
    out += fmt::format("  {}: expected {}, found {}\n", d.what, printable(d.expected),
                       printable(d.found));
  }
  for (const std::string& hint : one.hints) out += fmt::format("  {}\n", printable(hint));
  for (const std::string& reason : one.reasons) out += fmt::format("    {}\n", reason);
  return out + '\n';
}

/// Runs suites and keeps what came of them.
class test_run {
 public:
  test_run(const test_options& options, terminal& to)
      : options_(options), to_(to), progress_(to, "cases") {}

  bool run(const suite& s) {
    auto opened = input::open(s.cases);
    if (!opened) {
      to_.complain(printable(opened.error().message));
      return false;
    }
    while (const auto line = opened->next_line()) {
      const auto start = line->text.find_first_not_of(" \t");
      if (start == std::string::npos) continue;
      progress_.step(*opened);
      run(s, *opened, *line);
      if (to_.failed()) return false;
    }
    if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
    return opened->trouble().empty();
  }

  /// By the policy's file.
  const std::map<std::string, policy_report>& reports() const { return reports_; }
  /// Of a report in JSON: the first ones.
  const std::vector<failed_case>& failures() const { return failures_; }
  std::size_t left_out() const { return left_out_; }
  std::size_t invalid() const { return invalid_; }

 private:
  void run(const suite& s, const input& in, const piece& line) {
    if (line.too_long) return refuse(too_long(in, line));
    auto read = read_case(line.text, in.name(), std::to_string(line.line));
    if (!read) return refuse(placed(std::move(read).error(), in, line));
    if (!asked_for(*read)) {
      ++left_out_;
      return;
    }
    const bool names_one = !read->request.policy.empty() || !read->request.policy_version.empty();
    result<const loaded_policy*, diagnostics> chosen =
        s.usual != nullptr && !names_one ? s.usual : choose(s.policies, read->request);
    if (!chosen) return refuse(placed(std::move(chosen).error(), in, line));
    const loaded_policy* under = read->overlays.empty() ? *chosen : overlaid(s, **chosen, *read);
    if (under == nullptr) {
      ++invalid_;
      return to_.complain(
          fmt::format("{}:{}: its overlays are refused", printable(in.name()), line.line));
    }
    decide(*under, *read, in, line);
    if (under != *chosen) share(**chosen, *under);
  }

  /// The policy with the overlays a case names; nullptr: they were refused.
  const loaded_policy* overlaid(const suite& s, const loaded_policy& base, const test_case& one) {
    const fs::path folder = fs::path(s.cases).parent_path();
    std::string name = base.file;
    std::vector<std::string> files;
    for (const std::string& file : one.overlays) {
      files.push_back((folder / file).string());
      name += " + " + file;
    }
    const auto [known, added] = overlaid_.try_emplace(name);
    if (added) {
      if (auto made = cli::overlaid(base.policy, files, to_)) {
        known->second.emplace(loaded_policy{name, *std::move(made)});
      }
    }
    return known->second ? &*known->second : nullptr;
  }

  /// What was reached under an overlay was reached of the policy, too.
  void share(const loaded_policy& base, const loaded_policy& under) {
    policy_report& report = reports_[under.file];
    report.without = &base;
    policy_report& of_base = reports_[base.file];
    of_base.policy = &base;
    for (const auto& [id, bits] : report.seen.seen) {
      auto& to = of_base.seen.seen[id];
      to = static_cast<std::uint8_t>(to | bits);
    }
  }

  void decide(const loaded_policy& under, const test_case& one, const input& in,
              const piece& line) {
    const policy& p = under.policy;
    policy_report& report = reports_[under.file];
    report.policy = &under;
    decision d;
    engine::decide_traced(p.impl(), one.request, p.usage_of(one.request), decide_options{},
                          &report.seen, nullptr, d);
    if (!d.discretion.empty()) report.seen.mark(d.discretion, engine::seen_true);
    auto found = differences(one.expect, d);
    (found.empty() ? report.passed : report.failed) += 1;
    if (found.empty()) return;
    failed_case failed{.file = in.name(),
                       .line = line.line,
                       .id = one.request.id.str(),
                       .name = one.name,
                       .found = std::move(found)};
    for (const finding& f : d.findings) failed.reasons.push_back(describe(f));
    failed.hints = slips(one.expect, p.document());
    tell(std::move(failed));
  }

  // At once, and kept only as far as a report in JSON asks: a stream of cases has no end.
  void tell(failed_case failed) {
    constexpr std::size_t most = 1000;
    if (options_.format != "json") {
      to_.out(as_text(failed, to_));
    } else if (failures_.size() < most) {
      failures_.push_back(std::move(failed));
    }
  }

  bool asked_for(const test_case& one) const {
    const std::string& text = options_.filter;
    return text.empty() || one.name.find(text) != std::string::npos ||
           one.request.id.str().find(text) != std::string::npos;
  }

  void refuse(const diagnostics& why) {
    ++invalid_;
    to_.err(why);
  }

  const test_options& options_;
  terminal& to_;
  progress progress_;
  std::map<std::string, policy_report> reports_{};
  std::map<std::string, std::optional<loaded_policy>> overlaid_{};  ///< by the files' names
  std::vector<failed_case> failures_{};
  std::size_t invalid_{};
  std::size_t left_out_{};
};

/// Everything the report tells, whatever its form.
struct summary {
  struct of_policy {
    policy_report report{};
    std::vector<branch> branches{};

    const std::string& file() const { return report.policy->file; }
  };
  std::vector<of_policy> policies{};
  std::size_t passed{};
  std::size_t failed{};
  std::size_t invalid{};
  std::map<covered, tally> things{};
  tally branches{};

  /// Rounded down, so that 100 means all.
  std::size_t percent() const {
    return branches.all == 0 ? 100 : branches.reached * 100 / branches.all;
  }
};

/// Of a policy with overlays of its cases only theirs: the policy's own stand with it.
std::vector<branch> reported_branches(const policy_report& report) {
  const policy_document& document = report.policy->policy.document();
  if (report.without == nullptr) return branches_of(document, report.seen);
  const auto& own = report.without->policy.document().overlays;
  std::vector<branch> out;
  for (const overlay_definition& o : document.overlays) {
    if (std::ranges::find(own, o.id, &overlay_definition::id) != own.end()) continue;
    for (branch& one : branches_of(o, report.seen)) out.push_back(std::move(one));
  }
  return out;
}

summary summarise(const test_run& run) {
  summary out;
  out.invalid = run.invalid();
  for (const auto& [file, report] : run.reports()) {
    summary::of_policy one{report, reported_branches(report)};
    out.passed += report.passed;
    out.failed += report.failed;
    for (const covered kind : all_covered) out.things[kind] += things(one.branches, kind);
    out.branches += branch_tally(one.branches);
    out.policies.push_back(std::move(one));
  }
  return out;
}

ordered_json tree_of(const tally& t) { return {{"reached", t.reached}, {"all", t.all}}; }

ordered_json tree_of(const summary::of_policy& one) {
  ordered_json out = ordered_json::object();
  out["file"] = one.file();
  out["id"] = one.report.policy->policy.id().str();
  out["version"] = one.report.policy->policy.version();
  out["cases"] = one.report.passed + one.report.failed;
  out["passed"] = one.report.passed;
  out["failed"] = one.report.failed;
  for (const covered kind : all_covered) {
    out["coverage"][std::string(plural_of(kind))] = tree_of(things(one.branches, kind));
  }
  out["coverage"]["branches"] = tree_of(branch_tally(one.branches));
  out["not_reached"] = ordered_json::array();
  for (const branch& b : one.branches) {
    if (b.reached) continue;
    out["not_reached"].push_back({{"id", b.id}, {"branch", std::string(b.way)}});
  }
  return out;
}

ordered_json tree_of(const failed_case& one) {
  ordered_json out = {{"file", one.file}, {"line", one.line}, {"id", one.id}, {"name", one.name}};
  out["differences"] = ordered_json::array();
  for (const difference& d : one.found) {
    out["differences"].push_back({{"what", d.what}, {"expected", d.expected}, {"found", d.found}});
  }
  if (!one.hints.empty()) out["hints"] = one.hints;
  out["reasons"] = one.reasons;
  return out;
}

std::string as_json(const test_run& run, const summary& s) {
  ordered_json out = ordered_json::object();
  out["policies"] = ordered_json::array();
  for (const auto& one : s.policies) out["policies"].push_back(tree_of(one));
  out["failures"] = ordered_json::array();
  for (const auto& one : run.failures()) out["failures"].push_back(tree_of(one));
  out["cases"] = s.passed + s.failed;
  out["passed"] = s.passed;
  out["failed"] = s.failed;
  out["invalid"] = s.invalid;
  if (run.left_out() != 0) out["left_out"] = run.left_out();
  out["coverage"] = tree_of(s.branches);
  out["coverage"]["percent"] = s.percent();
  return json::dump_pretty(out);
}

std::string not_reached(const summary& s) {
  std::string out;
  for (const auto& one : s.policies) {
    for (const branch& b : one.branches) {
      if (b.reached) continue;
      if (out.empty()) out = "\nno case reaches\n";
      out += fmt::format("  {}: {} {}\n", printable(one.file()), printable(b.id), b.way);
    }
  }
  return out;
}

std::string table(const summary& s) {
  std::size_t width = 6;
  for (const auto& one : s.policies) width = std::max(width, printable(one.file()).size());
  std::string out = fmt::format("{:{}}  cases  passed  failed  branches\n", "policy", width);
  for (const auto& one : s.policies) {
    const tally branches = branch_tally(one.branches);
    out += fmt::format("{:{}}  {:5}  {:6}  {:6}  {:>8}\n", printable(one.file()), width,
                       one.report.passed + one.report.failed, one.report.passed, one.report.failed,
                       fmt::format("{}/{}", branches.reached, branches.all));
  }
  return out;
}

std::string last_line(const summary& s) {
  std::string out =
      fmt::format("{} cases, {} passed, {} failed", s.passed + s.failed, s.passed, s.failed);
  if (s.invalid != 0) out += fmt::format(", {} invalid", s.invalid);
  std::string between = "; ";
  for (const auto& [kind, t] : s.things) {
    if (t.all == 0) continue;
    out += fmt::format("{}{} {}/{}", between, plural_of(kind), t.reached, t.all);
    between = ", ";
  }
  return out + fmt::format("{}branches {}/{}, each condition as a whole\n", between,
                           s.branches.reached, s.branches.all);
}

void report(const test_options& options, const test_run& run, const summary& s, terminal& to) {
  if (options.format == "json") {
    to.out(as_json(run, s));
    return;
  }
  // What some of the cases do not reach, the others may.
  to.out(table(s) + (options.filter.empty() ? not_reached(s) : "") + '\n' + last_line(s));
  if (run.left_out() != 0) {
    to.out(fmt::format("{} without `{}` left out\n", run.left_out(), printable(options.filter)));
  }
}

int result_of(const test_options& options, const summary& s, terminal& to) {
  if (s.invalid != 0) return exit_invalid;
  if (s.passed + s.failed == 0) {
    to.complain(options.filter.empty()
                    ? "no case in what was given"
                    : fmt::format("no case has `{}` in its name or id", printable(options.filter)));
    return exit_invalid;
  }
  const auto least = static_cast<std::size_t>(options.coverage_min);
  if (s.percent() < least) {
    to.complain(
        fmt::format("{} % of the branches are reached, {} % are asked for", s.percent(), least));
    return exit_failure;
  }
  return s.failed == 0 ? exit_ok : exit_failure;
}

int test(const test_options& options, terminal& to) {
  policy_files policies;
  const auto suites = suite_finder(policies, to).find(options.paths);
  if (!suites) return exit_invalid;
  if (!policies.overlay(options.overlays, to)) return exit_invalid;
  test_run run(options, to);
  bool readable = true;
  for (const suite& one : *suites) readable = run.run(one) && readable;
  const summary s = summarise(run);
  report(options, run, s, to);
  return readable ? result_of(options, s, to) : int{exit_invalid};
}

/// The time of day, UTC: the program's own zone is nobody's.
std::string time_of_day() {
  const std::string all = now().to_string();
  return all.substr(all.find('T') + 1, 8);
}

/// Runs again whenever a file changes, until it is told to stop.
int watch(const test_options& options, terminal& to) {
  if (std::ranges::find(options.paths, "-") != options.paths.end()) {
    to.complain("standard input cannot be watched; name a file of cases");
    return exit_invalid;
  }
  watcher::stop_on_signals();
  watcher files(options.paths);
  std::vector<std::string> changed;
  while (true) {
    to.clear();
    if (!changed.empty()) {
      to.err(fmt::format("{} UTC changed: {}\n", time_of_day(),
                         printable(fmt::format("{}", fmt::join(changed, ", ")))));
    }
    const auto begun = std::chrono::steady_clock::now();
    const int code = test(options, to);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    to.err(fmt::format("{} UTC {}, in {:.0f} ms; watching {} files, Ctrl-C ends\n", time_of_day(),
                       code == exit_ok ? "passed" : "not passed", took.count(), files.size()));
    if (to.failed()) return exit_failure;
    changed = files.wait();
    if (changed.empty()) return code;
  }
}

}  // namespace

verb add_test(CLI::App& program) {
  auto options = std::make_shared<test_options>();
  CLI::App* command =
      program.add_subcommand("test", "Run policy test cases, and tell what no case reaches");
  command
      ->add_option("PATH", options->paths,
                   "A policy and its *.cases.jsonl, or folders where x.cases.jsonl is beside "
                   "x.policy.json")
      ->required();
  command
      ->add_option("--coverage-min", options->coverage_min,
                   "Fail when less than this percentage of the branches is reached")
      ->check(CLI::Range(0, 100));
  command
      ->add_option("--overlay", options->overlays,
                   "An overlay of the policy it is for, in every case; a case may name its own")
      ->allow_extra_args(false);
  command->add_option("--filter", options->filter, "Only cases with this text in their name or id");
  command->add_flag("--watch", options->watch, "Run again whenever one of the files changes");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->footer(
      "Exit: 0 every case passed, 1 some failed, 3 a policy or a case is invalid.\n\n"
      "Examples:\n"
      "  leeway test northwind.policy.json northwind.cases.jsonl\n"
      "  leeway test policies/ --coverage-min 90\n"
      "  leeway test northwind.policy.json northwind.cases.jsonl --watch --filter waiver");
  return {command, [options](terminal& to) {
            return options->watch ? watch(*options, to) : test(*options, to);
          }};
}

}  // namespace leeway::cli
