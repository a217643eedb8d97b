// SPDX-License-Identifier: Apache-2.0
// `leeway check`: loads policies strictly and reports every error and lint.
#include "base/json/writer.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/engine/policy.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct check_options {
  std::vector<std::string> files{};
  std::string format{"text"};
};

struct check_totals {
  std::size_t refused{};
  std::size_t errors{};
  std::size_t warnings{};

  void count(const diagnostics& found) {
    errors += found.error_count();
    warnings += found.warning_count();
    refused += found.has_errors() ? 1U : 0U;
  }
};

std::string plural(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

nlohmann::ordered_json tree_of(const std::string& file, const result<policy, diagnostics>& loaded) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  out["file"] = file;
  if (loaded) {
    out["id"] = loaded->id().str();
    out["version"] = loaded->version();
    out["digest"] = loaded->digest().to_string();
  }
  out["diagnostics"] = json::to_json(loaded ? loaded->warnings() : loaded.error());
  return out;
}

std::string line_of(const std::string& file, const policy& loaded) {
  return fmt::format("{}: {} version {}, {}\n", printable(file), printable(loaded.id().str()),
                     printable(loaded.version()), loaded.digest().to_string());
}

int check(const check_options& options, terminal& to) {
  const bool as_json = options.format == "json";
  check_totals totals;
  nlohmann::ordered_json tree = nlohmann::ordered_json::array();
  for (const std::string& file : options.files) {
    const auto loaded = load_policy(file);
    const diagnostics& found = loaded ? loaded->warnings() : loaded.error();
    totals.count(found);
    if (as_json) {
      tree.push_back(tree_of(file, loaded));
      continue;
    }
    to.err(found);
    if (loaded) to.out(line_of(file, *loaded));
  }
  if (as_json) {
    to.out(json::dump_pretty(tree));
  } else {
    to.out(fmt::format("{}: {}, {}\n",
                       plural(options.files.size(), options.files.size() == 1 ? "policy" : "file"),
                       plural(totals.errors, "error"), plural(totals.warnings, "warning")));
  }
  return totals.refused == 0 ? exit_ok : exit_invalid;
}

}  // namespace

verb add_check(CLI::App& program) {
  auto options = std::make_shared<check_options>();
  CLI::App* command =
      program.add_subcommand("check", "Load policies strictly and report every error and lint");
  command->add_option("POLICY", options->files, "Policy documents")->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->footer(
      "Exit: 0 no errors, 3 some policy is refused.\n\n"
      "Examples:\n"
      "  leeway check northwind.policy.json\n"
      "  leeway check --format json *.policy.json");
  return {command, [options](terminal& to) { return check(*options, to); }};
}

}  // namespace leeway::cli
