// SPDX-License-Identifier: Apache-2.0
// `leeway explain`: a decision as a person reads it.
#include "cli/exit_code.hpp"
#include "cli/explain_page.hpp"
#include "cli/requests.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/engine/explanation.hpp>
#include <leeway/engine/json.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct options_of_explain : request_options {
  std::string format{"text"};
  std::string language{};
  bool all{};
  bool tree{};
};

int run(const options_of_explain& options, terminal& to) {
  request_run requests(
      to, [](std::string_view text, std::string_view file) { return parse_request(text, file); });
  if (!requests.load(options)) return exit_invalid;
  const bool json = options.format == "json";
  const explain_options how{
      .all = options.all, .trees = options.tree || json, .language = options.language};
  outcome last = outcome::deny;
  const bool went_on = requests.each(options.requests, [&](const policy& p, const request& r) {
    const auto e = explain(p, r, how);
    last = e.decision.outcome;
    if (json) {
      to.out(to_json(e) + '\n');
    } else {
      if (requests.answered() != 0) to.out("\n");
      to.out(explanation_page(p, r, e, to));
    }
    return true;
  });
  if (!went_on) return exit_failure;
  if (!requests.all_answered()) return exit_invalid;
  return requests.answered() == 1 ? exit_code_of(last) : exit_ok;
}

}  // namespace

verb add_explain(CLI::App& program) {
  auto options = std::make_shared<options_of_explain>();
  CLI::App* command =
      program.add_subcommand("explain", "Explain a decision: what spoke, what would change it");
  add_request_options(*command, *options);
  command->add_flag("--tree", options->tree,
                    "Every condition as a tree, with the value of each part");
  command->add_flag("--all", options->all, "Also what was silent, and why");
  command->add_option("--format", options->format, "text, or json (with trees)")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--language", options->language,
                      "Of the protection statement: a language tag such as es-MX; default en");
  command->footer(
      "Exit as of `decide`: 0 approve, 4 escalate, 2 deny, 3 invalid; of several requests 0.\n\n"
      "Examples:\n"
      "  leeway explain --policy northwind.policy.json request.json\n"
      "  leeway explain --tree --all --policy northwind.policy.json request.json");
  return {command, [options](terminal& to) { return run(*options, to); }};
}

}  // namespace leeway::cli
