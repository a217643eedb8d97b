// SPDX-License-Identifier: Apache-2.0
// `leeway audit replay`: decides records again and compares.
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/policies.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/engine/json.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct replay_options {
  std::vector<std::string> files{};
  std::vector<std::string> policies{};
  std::vector<std::string> overlays{};
};

class replay_run {
 public:
  replay_run(const replay_options& options, terminal& to)
      : options_(options), to_(to), progress_(to, "records") {}

  int run() {
    if (!policies_.load_all(options_.policies, to_)) return exit_invalid;
    // Records of before and after an overlay was given along may stand in one file.
    if (!policies_.overlay(options_.overlays, to_, true)) return exit_invalid;
    for (const std::string& file : options_.files) {
      if (!replay(file)) return exit_failure;
    }
    to_.out(fmt::format("{} record{}, {} exact\n", records_, records_ == 1 ? "" : "s", exact_));
    if (records_ == 0) to_.complain("no record in what was given");
    if (invalid_ != 0 || records_ == 0) return exit_invalid;
    return exact_ == records_ ? exit_ok : exit_failure;
  }

 private:
  bool replay(const std::string& file) {
    auto opened = input::open(file);
    if (!opened) {
      to_.complain(printable(opened.error().message));
      ++invalid_;
      return true;
    }
    while (const auto line = opened->next_line()) {
      if (line->text.find_first_not_of(" \t") == std::string::npos) continue;
      // Of what came after the decision a desk writes records that decide nothing.
      if (line->text.starts_with("{\"desk\":")) continue;
      ++records_;
      progress_.step(*opened);
      replay(*opened, *line);
      if (to_.failed()) return false;
    }
    if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
    return opened->trouble().empty();
  }

  void replay(const input& in, const piece& line) {
    if (line.too_long) return refuse(too_long(in, line));
    const auto done =
        replay_record(line.text, in.name(), [&](const digest& of) { return policies_.find(of); });
    if (!done) return refuse(placed(done.error(), in, line));
    if (done->exact) {
      ++exact_;
    } else {
      show(in, line, *done);
    }
  }

  void refuse(const diagnostics& why) {
    ++invalid_;
    to_.err(why);
  }

  void show(const input& in, const piece& line, const replay_result& found) {
    constexpr std::size_t most = 20;
    if (++shown_ > most) return;
    to_.out(fmt::format("{}:{}: request {} is decided otherwise\n", printable(in.name()), line.line,
                        printable(found.record_id)));
    to_.out(fmt::format("  at        {}\n", printable(found.pointer)));
    to_.out(fmt::format("  recorded  {}\n", printable(found.recorded)));
    to_.out(fmt::format("  replayed  {}\n", printable(found.replayed)));
  }

  const replay_options& options_;
  terminal& to_;
  progress progress_;
  policy_files policies_{};
  std::size_t records_{};
  std::size_t exact_{};
  std::size_t invalid_{};
  std::size_t shown_{};
};

}  // namespace

verb add_audit(CLI::App& program) {
  CLI::App* audit = program.add_subcommand("audit", "Check audit records");
  audit->require_subcommand(1);
  auto options = std::make_shared<replay_options>();
  CLI::App* command =
      audit->add_subcommand("replay", "Decide every record again and compare with what it says");
  command->add_option("FILE", options->files, "Records, one a line; `-`: standard input")
      ->required();
  command
      ->add_option("--policy", options->policies,
                   "Policies, or folders of *.policy.json; found by their digest")
      ->required()
      ->take_all();
  command
      ->add_option("--overlay", options->overlays,
                   "The overlays that were given along; each policy is looked up without and with "
                   "all of them")
      ->allow_extra_args(false);
  command->footer(
      "Exit: 0 all exact, 1 some record is decided otherwise, 3 some line is no record.\n\n"
      "Examples:\n"
      "  leeway audit replay audit.jsonl --policy northwind.policy.json\n"
      "  leeway audit replay 2026-*.jsonl --policy policies/");
  return {command, [options](terminal& to) { return replay_run(*options, to).run(); }};
}

}  // namespace leeway::cli
