// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <leeway/base/diagnostic.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace leeway::cli {
namespace {

std::vector<std::string> verbs_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* one : command.get_subcommands({})) out.push_back(one->get_name());
  return out;
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::Option* one : command.get_options()) {
    for (const std::string& name : one->get_lnames()) out.push_back("--" + name);
  }
  return out;
}

const CLI::App* verb_of(const CLI::App& command, const std::string& name) {
  for (const CLI::App* one : command.get_subcommands({})) {
    if (one->get_name() == name) return one;
  }
  return nullptr;
}

std::string unknown(const char* what, const std::string& word, const std::string& of,
                    const std::vector<std::string>& known) {
  const std::string near = suggestion(word, known);
  return fmt::format("unknown {} `{}`{}; {}", what, printable(word), of,
                     near.empty() ? fmt::format("there are {}", fmt::join(known, ", ")) : near);
}

/// Reads the arguments as far as verbs and long options go.
class word_reader {
 public:
  word_reader(const CLI::App& program, const arguments& args) : at_(&program), args_(args) {}

  std::optional<std::string> run() {
    for (std::size_t i = 0; i < args_.size(); ++i) {
      const std::string& word = args_[i];
      if (word == "--") return std::nullopt;
      if (word.starts_with("--")) {
        if (auto problem = option(word, i)) return problem;
      } else if (!word.starts_with('-') && !at_->get_subcommands({}).empty()) {
        const CLI::App* next = verb_of(*at_, word);
        if (next == nullptr) return unknown("verb", word, of(), verbs_of(*at_));
        at_ = next;
      }
    }
    return std::nullopt;
  }

 private:
  /// ` of `decide``; nothing of the program itself.
  std::string of() const {
    return at_->get_parent() == nullptr ? "" : fmt::format(" of `{}`", at_->get_name());
  }

  std::optional<std::string> option(const std::string& word, std::size_t& i) const {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CLI::Option* known = at_->get_option_no_throw(name);
    if (known == nullptr) return unknown("option", name, of(), options_of(*at_));
    const bool takes_value = known->get_items_expected_max() > 0;
    if (takes_value && equals == std::string::npos) ++i;
    return std::nullopt;
  }

  const CLI::App* at_;
  const arguments& args_;
};

}  // namespace

std::optional<std::string> take_colour(arguments& args, colouring& when) {
  const std::string name = "--color";
  for (auto at = args.begin(); at != args.end() && *at != "--";) {
    const bool joined = at->starts_with(name + "=");
    if (*at != name && !joined) {
      ++at;
      continue;
    }
    std::string said = joined ? at->substr(name.size() + 1) : "";
    at = args.erase(at);
    if (!joined && at != args.end()) {
      said = std::move(*at);
      at = args.erase(at);
    }
    const std::vector<std::string> known{"auto", "always", "never"};
    const auto found = std::ranges::find(known, said);
    if (found == known.end()) {
      const std::string near = suggestion(said, known);
      return fmt::format("`--color` is auto, always or never, not `{}`{}{}", printable(said),
                         near.empty() ? "" : "; ", near);
    }
    when = static_cast<colouring>(found - known.begin());
  }
  return std::nullopt;
}

void turn_help(arguments& args) {
  if (args.empty() || args.front() != "help") return;
  args.erase(args.begin());
  args.emplace_back("--help");
}

std::optional<std::string> unknown_word(const CLI::App& program, const arguments& args) {
  return word_reader(program, args).run();
}

}  // namespace leeway::cli
