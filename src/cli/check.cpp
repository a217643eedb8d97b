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
#include <set>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct check_options {
  std::vector<std::string> overlays{};
  std::vector<std::string> files{};
  std::string format{"text"};
  bool explain{};
  std::string code{};  ///< to explain; empty: all
  bool show_silenced{};
};

struct check_totals {
  std::size_t refused{};
  std::size_t errors{};
  std::size_t warnings{};
  std::size_t silenced{};

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
  if (!loaded) return out;
  out["silenced"] = nlohmann::ordered_json::array();
  for (const silenced_lint& one : loaded->silenced()) {
    nlohmann::ordered_json item = json::to_json(diagnostics(one.what)).at(0);
    item["because"] = one.because;
    out["silenced"].push_back(std::move(item));
  }
  return out;
}

std::string line_of(const std::string& file, const policy& loaded) {
  return fmt::format("{}: {} version {}, {}\n", printable(file), printable(loaded.id().str()),
                     printable(loaded.version()), loaded.digest().to_string());
}

std::string section_of(std::string_view code) { return fmt::format("docs/lints.md#{}", code); }

int explain(const std::string& code, terminal& to) {
  if (code.empty()) {
    for (const lint_text& one : all_lints()) {
      to.out(fmt::format("{:<26}{}\n", one.code, one.meaning));
    }
    return exit_ok;
  }
  const lint_text* found = find_lint(code);
  if (found != nullptr) {
    to.out(fmt::format(
        "{}\n  what    {}\n  mend    {}\n  silence {}\n  more    {}\n", found->code, found->meaning,
        found->remedy,
        fmt::format("\"silence\": [{{\"lint\": \"{}\", \"because\": \"...\"}}]", found->code),
        section_of(found->code)));
    return exit_ok;
  }
  std::vector<std::string> codes;
  for (const lint_text& one : all_lints()) codes.emplace_back(one.code);
  const std::string near = suggestion(code, codes);
  to.complain(fmt::format("there is no warning `{}`; {}", printable(code),
                          near.empty() ? "`leeway check --explain` lists them" : near));
  return exit_invalid;
}

void show_silenced(const policy& loaded, terminal& to) {
  for (const silenced_lint& one : loaded.silenced()) {
    diagnostic shown = one.what;
    shown.remedy = "silenced: " + one.because;
    to.err(diagnostics(std::move(shown)));
  }
}

std::string totals_line(std::size_t files, const check_totals& totals) {
  std::string out = fmt::format("{}: {}, {}", plural(files, files == 1 ? "policy" : "file"),
                                plural(totals.errors, "error"), plural(totals.warnings, "warning"));
  if (totals.silenced != 0) out += fmt::format(", {} silenced", totals.silenced);
  return out + "\n";
}

/// A policy with those overlays that are for it; notes in `used` which.
result<policy, diagnostics> load(const std::string& file, const std::vector<overlay>& overlays,
                                 std::set<std::string>& used) {
  auto loaded = load_policy(file);
  if (!loaded) return loaded;
  std::vector<overlay> mine;
  for (const overlay& one : overlays) {
    if (one.of() != loaded->id()) continue;
    mine.push_back(one);
    used.insert(one.file());
  }
  return with_overlays(*loaded, mine);
}

/// What is wrong with the form of overlays, or that they are for none of the policies.
result<std::vector<overlay>, diagnostics> load_overlays(const std::vector<std::string>& files) {
  std::vector<overlay> out;
  diagnostics found;
  for (const std::string& file : files) {
    auto one = load_overlay(file);
    if (one) {
      out.push_back(*std::move(one));
    } else {
      found.merge(std::move(one).error());
    }
  }
  if (found.has_errors()) return fail(std::move(found));
  return out;
}

bool all_used(const std::vector<overlay>& overlays, const std::set<std::string>& used,
              terminal& to) {
  bool good = true;
  for (const overlay& one : overlays) {
    if (used.contains(one.file())) continue;
    to.complain(fmt::format("`{}` is for the policy `{}`, which is not at hand",
                            printable(one.file()), printable(one.of().str())));
    good = false;
  }
  return good;
}

int check(const check_options& options, terminal& to) {
  if (options.explain) return explain(options.code, to);
  if (options.files.empty()) {
    to.complain("name a policy to check, or ask `leeway check --explain`");
    return exit_invalid;
  }
  const auto overlays = load_overlays(options.overlays);
  if (!overlays) {
    to.err(overlays.error());
    return exit_invalid;
  }
  std::set<std::string> used;
  const bool as_json = options.format == "json";
  check_totals totals;
  nlohmann::ordered_json tree = nlohmann::ordered_json::array();
  for (const std::string& file : options.files) {
    const auto loaded = load(file, *overlays, used);
    const diagnostics& found = loaded ? loaded->warnings() : loaded.error();
    totals.count(found);
    if (loaded) totals.silenced += loaded->silenced().size();
    if (as_json) {
      tree.push_back(tree_of(file, loaded));
      continue;
    }
    to.err(found);
    if (loaded && options.show_silenced) show_silenced(*loaded, to);
    if (loaded) to.out(line_of(file, *loaded));
  }
  if (as_json) {
    to.out(json::dump_pretty(tree));
  } else {
    to.out(totals_line(options.files.size(), totals));
  }
  const bool good = totals.refused != 0 || all_used(*overlays, used, to);
  return totals.refused == 0 && good ? exit_ok : exit_invalid;
}

}  // namespace

verb add_check(CLI::App& program) {
  auto options = std::make_shared<check_options>();
  CLI::App* command =
      program.add_subcommand("check", "Load policies strictly and report every error and lint");
  command->add_option("POLICY", options->files, "Policy documents");
  command
      ->add_option("--overlay", options->overlays,
                   "An overlay (leeway-overlay/1), checked along with the policy it is for")
      ->allow_extra_args(false);
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  CLI::Option* code =
      command->add_option("--explain", options->code, "Explain a warning, or list all of them");
  code->expected(0, 1)->type_name("[CODE]");
  command->add_flag("--show-silenced", options->show_silenced,
                    "Show the warnings that policies silence, with their reasons");
  command->footer(
      "Exit: 0 no errors, 3 some policy is refused.\n\n"
      "Examples:\n"
      "  leeway check northwind.policy.json\n"
      "  leeway check --format json *.policy.json\n"
      "  leeway check --explain lint_splittable");
  return {command, [options, code](terminal& to) {
            options->explain = code->count() != 0;
            return check(*options, to);
          }};
}

}  // namespace leeway::cli
