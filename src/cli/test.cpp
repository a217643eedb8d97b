// SPDX-License-Identifier: Apache-2.0
// `leeway test`: runs policy test cases, and tells what no case reached.
#include "cli/exit_code.hpp"
#include "cli/suites.hpp"
#include "cli/terminal.hpp"
#include "cli/test_report.hpp"
#include "cli/test_run.hpp"
#include "cli/verbs.hpp"
#include "cli/watch.hpp"

#include <leeway/base/clock.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

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
  const auto suites = find_suites(options.paths, policies, to);
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
