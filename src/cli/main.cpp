// SPDX-License-Identifier: Apache-2.0
// The program `leeway`.
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/base/diagnostic.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> out;
  for (const CLI::App* one : commands) out.push_back(one->get_name());
  return out;
}

/// What to say of a first word that is no verb; nothing when it is one, or an option.
std::optional<std::string> unknown_verb(const CLI::App& of, const std::vector<std::string>& args) {
  if (args.empty() || args.front().starts_with('-')) return std::nullopt;
  const std::vector<std::string> known = names_of(of.get_subcommands({}));
  if (std::ranges::find(known, args.front()) != known.end()) {
    if (of.get_name() == "audit" || args.front() != "audit") return std::nullopt;
    return unknown_verb(*of.get_subcommand("audit"), {args.begin() + 1, args.end()});
  }
  const std::string near = suggestion(args.front(), known);
  return fmt::format("unknown verb `{}`; {}", printable(args.front()),
                     near.empty() ? fmt::format("there are {}", fmt::join(known, ", ")) : near);
}

int refused(const CLI::ParseError& problem, const CLI::App& program, terminal& to) {
  if (problem.get_exit_code() == 0) {
    // CLI11 tells help and version by exceptions too, and prints them.
    std::ostringstream text;
    std::ostringstream errors;
    program.exit(problem, text, errors);
    to.out(text.str());
    return exit_ok;
  }
  to.complain(printable(problem.what()));
  to.err("try `leeway --help`\n");
  return exit_invalid;
}

int run(int argc, char** argv, terminal& to) {
  CLI::App program("Decides what a contact-center agent may do for a customer, on the spot.",
                   "leeway");
  program.set_version_flag("--version", "leeway " LEEWAY_VERSION);
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 done, or approve; 1 failure; 2 deny; 3 invalid input or policy; 4 escalate.\n"
      "`leeway VERB --help` tells more of a verb.\n\n"
      "Examples:\n"
      "  leeway check northwind.policy.json\n"
      "  leeway decide --policy northwind.policy.json request.json\n"
      "  leeway test northwind.policy.json northwind.cases.jsonl");
  const std::vector<verb> verbs{add_check(program), add_decide(program), add_test(program),
                                add_audit(program), add_eval(program),   add_new(program)};
  const std::vector<std::string> args(argv + std::min(argc, 1), argv + argc);
  if (const auto problem = unknown_verb(program, args)) {
    to.complain(*problem);
    return exit_invalid;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return refused(problem, program, to);
  }
  for (const verb& one : verbs) {
    if (one.command->parsed()) return one.run(to);
  }
  return exit_invalid;
}

}  // namespace
}  // namespace leeway::cli

int main(int argc, char** argv) {
  // A closed pipe shows as a failed write, which ends the run in order.
  std::signal(SIGPIPE, SIG_IGN);
  leeway::cli::terminal to;
  int code = leeway::cli::exit_failure;
  try {
    code = leeway::cli::run(argc, argv, to);
  } catch (const std::bad_alloc&) {
    to.complain("out of memory");
  } catch (const std::exception& problem) {
    to.complain(std::string("internal error: ") + problem.what());
  }
  return to.finish() ? code : leeway::cli::exit_failure;
}
