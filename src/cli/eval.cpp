// SPDX-License-Identifier: Apache-2.0
// `leeway eval`: what an expression comes to.
#include "base/json/writer.hpp"
#include "cli/case_file.hpp"
#include "cli/eval_answer.hpp"
#include "cli/exit_code.hpp"
#include "cli/facts_file.hpp"
#include "cli/input.hpp"
#include "cli/scope.hpp"
#include "cli/terminal.hpp"
#include "cli/tree.hpp"
#include "cli/verbs.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/engine/json.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct eval_options {
  std::vector<std::string> expressions{};
  std::string policy{};
  std::string request{};
  std::string facts{};
  std::vector<std::string> given{};
  std::string currency{};
  std::string zone{};
  std::string at{};
  std::string format{"text"};
  bool jsonl{};
  bool tree{};
};

bool has_answer(const answer& a) { return a.code.code != nullptr; }

std::string as_text(const answer& a, const scope& names, const terminal& to) {
  const std::string type = a.code.code->result_type().to_string();
  const auto dim = [&](const std::string& text) { return to.painted(text, paint::dim); };
  switch (a.outcome.status) {
    case condition::evaluation::state::known:
      return fmt::format("{} {}\n",
                         to.painted(printable(a.outcome.result->to_string()), paint::bold),
                         dim('(' + type + ')'));
    case condition::evaluation::state::failed:
      return fmt::format("{}: {} {}\n", to.painted("error", paint::red), printable(a.outcome.error),
                         dim('(' + type + ')'));
    case condition::evaluation::state::unknown: break;
  }
  std::string out =
      fmt::format("{} {}\n", to.painted("unknown", paint::yellow), dim('(' + type + ')'));
  for (const std::string& name : a.missing) {
    const auto* known = names.env().find(name);
    out += fmt::format("  needs {}", printable(name));
    if (known != nullptr) out += fmt::format(" ({})", known->static_type.to_string());
    const std::string asks = names.question_for(name);
    out += asks.empty() ? "\n" : fmt::format(": {}\n", printable(asks));
  }
  if (!a.outcome.error.empty()) out += fmt::format("  and fails: {}\n", printable(a.outcome.error));
  return out;
}

/// Evaluates expressions of the command line, or of standard input, line by line.
class eval_run {
 public:
  eval_run(const eval_options& options, terminal& to) : options_(options), to_(to) {}

  int run() {
    const auto names = opening();
    if (!names) return exit_invalid;
    names_ = *names;
    if (options_.jsonl) return stream();
    if (options_.expressions.empty()) return lines();
    int code = exit_ok;
    for (const std::string& one : options_.expressions) code = std::max(code, evaluate(one));
    return code;
  }

 private:
  std::optional<scope> opening() {
    auto out = base();
    if (!out || !bind_request(*out) || !bind_file(*out) || !bind_instant(*out)) {
      return std::nullopt;
    }
    for (const std::string& one : options_.given) {
      if (const auto good = out->set(one); !good) return refuse("--set: " + good.error().message);
    }
    return out;
  }

  std::nullopt_t refuse(const std::string& message) {
    to_.complain(printable(message));
    return std::nullopt;
  }

  std::optional<scope> base() {
    if (options_.policy.empty()) return without_policy();
    if (!options_.currency.empty() || !options_.zone.empty()) {
      return refuse("`--currency` and `--zone` are the policy's; leave them out");
    }
    auto loaded = load_policy(options_.policy);
    if (loaded) return scope(*std::move(loaded));
    to_.err(loaded.error());
    return std::nullopt;
  }

  std::optional<scope> without_policy() {
    const std::string code = options_.currency.empty() ? "USD" : options_.currency;
    const auto money_currency = currency::find(code);
    if (!money_currency) {
      return refuse(
          fmt::format("`--currency`: unknown currency `{}`; ISO 4217 codes such as `USD`", code));
    }
    const auto zone = time_zone::find(options_.zone.empty() ? "UTC" : options_.zone);
    if (!zone) return refuse("`--zone`: " + zone.error().message);
    return scope(*money_currency, *zone);
  }

  bool bind_request(scope& names) {
    if (options_.request.empty()) return true;
    if (!names.has_policy()) {
      refuse("`--request` needs `--policy`: the policy declares what facts there are");
      return false;
    }
    auto in = input::open(options_.request);
    if (!in) {
      refuse(in.error().message);
      return false;
    }
    document_stream documents(*in);
    const auto text = documents.next();
    if (!text) {
      refuse(fmt::format("no request in `{}`", options_.request));
      return false;
    }
    if (text->too_long) {
      to_.err(too_long(*in, *text));
      return false;
    }
    auto of_case = request_of_case(text->text, in->name(), std::to_string(text->line));
    auto read = of_case ? *std::move(of_case) : parse_request(text->text, in->name());
    diagnostics found = read ? names.bind(*read) : std::move(read).error();
    const bool good = !found.has_errors();
    to_.err(placed(std::move(found), *in, *text));
    return good;
  }

  bool bind_file(scope& names) {
    if (options_.facts.empty()) return true;
    auto in = input::open(options_.facts);
    if (!in) {
      refuse(in.error().message);
      return false;
    }
    const piece text = in->whole();
    const diagnostics found =
        text.too_long ? too_long(*in, text) : bind_facts(names, text.text, in->name());
    to_.err(found);
    if (!in->trouble().empty()) refuse(in->trouble());
    return !found.has_errors() && in->trouble().empty();
  }

  bool bind_instant(scope& names) {
    if (options_.at.empty()) return true;
    const auto at = options_.at == "now" ? result<instant>(now()) : instant::parse(options_.at);
    if (at) {
      names.set_at(*at);
    } else {
      refuse("`--at`: " + at.error().message);
    }
    return at.has_value();
  }

  int stream() {
    std::vector<std::string> inputs = options_.expressions;
    if (inputs.empty()) inputs.emplace_back("-");
    return eval_stream({*names_, std::move(inputs)}, to_);
  }

  /// `where`: the file and line, when it is not of the command line.
  int evaluate(const std::string& expression, const input* in = nullptr,
               const piece* where = nullptr) {
    const answer a =
        names_->evaluate(expression,
                         names_->has_policy() ? "to try a fact, give it: --set NAME:TYPE=VALUE"
                                              : "give it a value: --set NAME=VALUE",
                         options_.tree);
    diagnostics found = found_in(a, expression);
    if (options_.format == "json") {
      to_.out(json::dump(tree_of(a)) + '\n');
    } else {
      if (in != nullptr) {
        for (diagnostic& one : found) one.file.clear();
        found = placed(std::move(found), *in, *where);
        for (diagnostic& one : found) one.file = in->name();
      }
      to_.err(found);
      if (has_answer(a)) to_.out(as_text(a, *names_, to_));
      if (a.tree) show(*a.tree);
    }
    if (!has_answer(a)) return exit_invalid;
    return a.outcome.is_known() ? exit_ok : exit_failure;
  }

  void show(const expression_part& tree) {
    std::string text;
    tree_printer(to_).add({}, tree, 2, text);
    to_.out(text);
  }

  /// Standard input, with a prompt where somebody types.
  int lines() {
    auto in = input::open("-");
    if (!in) return exit_failure;
    in->before_waiting([this] { to_.flush(); });
    const bool asks = ::isatty(STDIN_FILENO) != 0;
    if (asks) to_.err("an expression, `:set NAME=VALUE`, `:names`, or `:quit`\n");
    int code = exit_ok;
    while (true) {
      if (asks) to_.err("leeway> ");
      const auto line = in->next_line();
      if (!line) break;
      const auto begin = line->text.find_first_not_of(" \t");
      if (begin == std::string::npos) continue;
      const std::string text = line->text.substr(begin);
      if (text == ":quit" || text == ":q") return asks ? int{exit_ok} : code;
      code = std::max(code, text.starts_with(':') ? command(text) : evaluate(text, &*in, &*line));
      if (to_.failed()) return exit_failure;
    }
    if (asks) to_.err("\n");
    return asks ? int{exit_ok} : code;
  }

  int command(const std::string& text) {
    if (text == ":names") {
      std::vector<std::string> all = names_->env().names();
      std::ranges::sort(all);
      for (const std::string& name : all) to_.out(printable(name) + '\n');
      return exit_ok;
    }
    if (text.starts_with(":set ")) {
      const auto good = names_->set(text.substr(text.find_first_not_of(' ', 4)));
      if (good) return exit_ok;
      to_.complain(printable(good.error().message));
      return exit_invalid;
    }
    to_.complain(fmt::format("unknown command `{}`; there are :set NAME=VALUE, :names, :quit",
                             printable(text)));
    return exit_invalid;
  }

  const eval_options& options_;
  terminal& to_;
  std::optional<scope> names_{};
};

void add_options(CLI::App& command, eval_options& options) {
  // Without this an expression such as `[1, 2]` would be taken for a list of arguments.
  command
      .add_option("EXPR", options.expressions,
                  "The expression; none: lines of standard input. With --jsonl: a file")
      ->allow_extra_args(false);
  command.add_option("--policy", options.policy,
                     "Its facts, values, tables and measures are in scope");
  command.add_option("--request", options.request,
                     "Binds the facts and usage of a request; needs --policy");
  command.add_option("--facts", options.facts,
                     "A file of facts: {\"contact\": {\"hours_late\": 4}}");
  command
      .add_option("--set", options.given,
                  "NAME=VALUE, NAME:TYPE=VALUE, NAME:TYPE (not known) or NAME:absent; repeatable")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--currency", options.currency, "Without a policy: USD unless told");
  command.add_option("--zone", options.zone, "Without a policy: UTC unless told");
  command.add_option("--at", options.at, "The instant of the decision, or now");
  command.add_flag("--tree", options.tree, "Show the value of every part, too");
  command.add_flag("--jsonl", options.jsonl, "Answer lines of JSON, each an expression");
  command.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

verb add_eval(CLI::App& program) {
  auto options = std::make_shared<eval_options>();
  CLI::App* command = program.add_subcommand("eval", "Evaluate an expression of a policy");
  add_options(*command, *options);
  command->footer(
      "Exit: 0 it has a value, 1 it is unknown or fails, 3 it is refused.\n\n"
      "Examples:\n"
      "  leeway eval \"money('50 USD') * 3\"\n"
      "  leeway eval 'late >= 3 && !vip' --set late=4 --set vip=false\n"
      "  leeway eval 'contact.hours_late >= 3' --facts facts.json --tree\n"
      "  leeway eval values.late --policy northwind.policy.json --request request.json --tree\n"
      "  leeway eval --jsonl questions.jsonl");
  return {command, [options](terminal& to) { return eval_run(*options, to).run(); }};
}

}  // namespace leeway::cli
