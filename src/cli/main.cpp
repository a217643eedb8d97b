// SPDX-License-Identifier: Apache-2.0
// The program `leeway`.
#include "cli/command_line.hpp"
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
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace leeway::cli {
namespace {

int refused(const CLI::ParseError& problem, const CLI::App& program, terminal& to) {
  if (problem.get_exit_code() == 0) {
    // CLI11 tells help and version by exceptions too, and prints them.
    std::ostringstream text;
    std::ostringstream errors;
    program.exit(problem, text, errors);
    to.out(text.str());
    return exit_ok;
  }
  // Of the verb that was meant, as far as that was read.
  std::string words = program.get_name();
  const CLI::App* at = &program;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    words += ' ' + at->get_name();
  }
  const auto verbs = at->get_subcommands({});
  if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr && !verbs.empty()) {
    std::vector<std::string> names;
    for (const CLI::App* one : verbs) names.push_back(one->get_name());
    to.complain(fmt::format("a verb is missing; there are {}", fmt::join(names, ", ")));
  } else {
    to.complain(printable(problem.what()));
  }
  to.err(fmt::format("try `{} --help`\n", words));
  return exit_invalid;
}

/// For the list of verbs; `help VERB` is read as `VERB --help`. Added last: it names the others.
verb add_help(CLI::App& program) {
  std::vector<std::string> others;
  for (const CLI::App* one : program.get_subcommands({})) others.push_back(one->get_name());
  CLI::App* command = program.add_subcommand("help", "Tell of a verb: the same as VERB --help");
  auto verb_name = std::make_shared<std::string>();
  command->add_option("VERB", *verb_name, "The verb")->check(CLI::IsMember(others));
  command->footer("Example:\n  leeway help decide");
  return {command, [verb_name](terminal&) { return int{exit_ok}; }};
}

int run(int argc, char** argv, terminal& to) {
  CLI::App program("Decides what a contact-center agent may do for a customer, on the spot.",
                   "leeway");
  std::string colour;  // taken before the verbs are read; here for those who ask for help
  program
      .add_option("--color", colour,
                  "When to colour: auto, always or never; before or after the verb")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  program.set_version_flag("--version", "leeway " LEEWAY_VERSION);
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 done, or approve; 1 failure; 2 deny; 3 invalid input or policy; 4 escalate.\n"
      "`leeway help VERB` tells more of a verb.\n\n"
      "Examples:\n"
      "  leeway check northwind.policy.json\n"
      "  leeway decide --policy northwind.policy.json request.json\n"
      "  leeway test northwind.policy.json northwind.cases.jsonl");
  const std::vector<verb> verbs{add_check(program),      add_decide(program), add_explain(program),
                                add_can(program),        add_desk(program),   add_test(program),
                                add_audit(program),      add_eval(program),   add_new(program),
                                add_completion(program), add_help(program)};
  arguments args(argv + std::min(argc, 1), argv + argc);
  colouring when{colouring::automatic};
  if (const auto problem = take_colour(args, when)) {
    to.complain(*problem);
    return exit_invalid;
  }
  to.colour(when);
  if (args.empty()) {
    to.err(program.help());
    return exit_invalid;
  }
  turn_help(args);
  if (const auto problem = unknown_word(program, args)) {
    to.complain(*problem);
    return exit_invalid;
  }
  std::ranges::reverse(args);  // as CLI11 takes them
  try {
    program.parse(std::move(args));
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
