// SPDX-License-Identifier: Apache-2.0
// `leeway can`: what an agent may do for a customer right now.
#include "cli/can_page.hpp"
#include "cli/exit_code.hpp"
#include "cli/requests.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/json.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct options_of_can : request_options {
  std::vector<std::string> actions{};
  std::string format{"text"};
};

/// Whether the catalogue has every action that was asked about; says so where it has not.
bool knows(const policy& p, const std::vector<std::string>& wanted, terminal& to) {
  bool good = true;
  std::vector<std::string> known;
  for (const auto& a : p.document().actions) known.push_back(a.id.str());
  for (const auto& one : wanted) {
    if (std::ranges::find(known, one) != known.end()) continue;
    const auto near = suggestion(one, known);
    to.complain(
        fmt::format("`{}` is no action of the policy; {}", printable(one),
                    near.empty() ? fmt::format("there are {}", fmt::join(known, ", ")) : near));
    good = false;
  }
  return good;
}

int run(const options_of_can& options, terminal& to) {
  request_run requests(to, [](std::string_view text, std::string_view file) {
    return parse_open_request(text, file);
  });
  if (!requests.load(options)) return exit_invalid;
  bool good = true;
  const bool went_on = requests.each(options.requests, [&](const policy& p, const request& r) {
    good = knows(p, options.actions, to) && good;
    auto all = can(p, r);
    if (!options.actions.empty()) {
      std::erase_if(all, [&](const capability& c) {
        return std::ranges::find(options.actions, c.action.str()) == options.actions.end();
      });
    }
    if (options.format == "json") {
      to.out(to_json(all) + '\n');
      return true;
    }
    if (requests.answered() != 0) to.out("\n");
    to.out(options.format == "table" ? can_table(all, to) : can_page(p, r, all, to));
    return true;
  });
  if (!went_on) return exit_failure;
  return requests.all_answered() && good ? exit_ok : exit_invalid;
}

}  // namespace

verb add_can(CLI::App& program) {
  auto options = std::make_shared<options_of_can>();
  CLI::App* command =
      program.add_subcommand("can", "Show what an agent may do for a customer right now");
  add_request_options(*command, *options, ". The request's `action` and `id` may be left out");
  command->add_option("--action", options->actions, "Only this kind of action; may be repeated")
      ->allow_extra_args(false);
  command
      ->add_option("--format", options->format, "text (every detail), table (a line each) or json")
      ->check(CLI::IsMember({"text", "table", "json"}));
  command->footer(
      "Exit: 0 when every request was answered, whatever may be done; 3 invalid.\n\n"
      "Examples:\n"
      "  leeway can --policy northwind.policy.json call.json\n"
      "  leeway can --format table --policy northwind.policy.json call.json\n"
      "  leeway can --action fee_waiver --policy northwind.policy.json call.json");
  return {command, [options](terminal& to) { return run(*options, to); }};
}

}  // namespace leeway::cli
