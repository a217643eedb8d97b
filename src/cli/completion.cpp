// SPDX-License-Identifier: Apache-2.0
// `leeway completion`: what a shell completes, read off the program's own commands and options.
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {
namespace {

/// An option as a shell completes it.
struct completed_option {
  std::vector<std::string> names{};  ///< with their dashes
  std::string about{};
  bool takes_value{};
  bool takes_file{};
  std::vector<std::string> choices{};
};

/// A command: `leeway`, `leeway audit`, `leeway audit replay`.
struct completed_command {
  std::string path{};
  std::string about{};
  std::vector<std::string> verbs{};
  std::vector<completed_option> options{};
  std::vector<std::string> words{};  ///< choices of what stands without a dash
  bool takes_files{};
};

/// `TEXT:{text,json}` has choices.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto begin = type.find('{');
  const auto end = type.find('}', begin);
  std::vector<std::string> out;
  if (end == std::string::npos) return out;
  std::string rest = type.substr(begin + 1, end - begin - 1);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    out.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 1);
  }
  return out;
}

bool names_files(const CLI::Option& option) {
  constexpr std::array<std::string_view, 9> known{
      "policy", "request", "record", "overlay", "cases", "history", "facts", "metrics", "events"};
  if (option.get_type_name() == "FILE") return true;
  return std::ranges::any_of(option.get_lnames(), [&](const std::string& name) {
    return std::ranges::find(known, name) != known.end();
  });
}

/// What stands without a dash is mostly a file, but for these.
bool names_no_file(const CLI::Option& option) {
  constexpr std::array<std::string_view, 3> known{"ID", "KEY", "VERSION"};
  return std::ranges::find(known, option.get_name()) != known.end();
}

completed_option completed(const CLI::Option& option) {
  completed_option out{.about = option.get_description(),
                       .takes_value = option.get_items_expected_max() > 0,
                       .takes_file = names_files(option),
                       .choices = choices_of(option)};
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  return out;
}

/// The program's own option `--color`, from any command below it.
const CLI::Option* colour_option(const CLI::App& command) {
  const CLI::App* top = &command;
  while (top->get_parent() != nullptr) top = top->get_parent();
  return top->get_option_no_throw("--color");
}

void collect(const CLI::App& command, const std::string& before,
             std::vector<completed_command>& out) {
  completed_command one{
      .path = before.empty() ? command.get_name() : before + ' ' + command.get_name(),
      .about = command.get_description()};
  const auto below = command.get_subcommands({});
  for (const CLI::App* verb : below) one.verbs.push_back(verb->get_name());
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) {
      one.options.push_back(completed(*option));
      continue;
    }
    const auto choices = choices_of(*option);
    one.takes_files = one.takes_files || (choices.empty() && !names_no_file(*option));
    one.words.insert(one.words.end(), choices.begin(), choices.end());
  }
  // Taken before the verbs are read, so it may stand behind any of them.
  const CLI::Option* colour = out.empty() ? nullptr : colour_option(command);
  if (colour != nullptr) one.options.push_back(completed(*colour));
  const std::string path = one.path;
  out.push_back(std::move(one));
  for (const CLI::App* verb : below) collect(*verb, path, out);
}

/// Everything a command offers where a word begins.
std::vector<std::string> offered(const completed_command& command) {
  std::vector<std::string> out = command.verbs;
  out.insert(out.end(), command.words.begin(), command.words.end());
  for (const completed_option& option : command.options) {
    out.insert(out.end(), option.names.begin(), option.names.end());
  }
  return out;
}

/// For a pair of single quotes; zsh's and fish's differ only in what ends a quote.
std::string quoted(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += quote;
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// The arms of a `case` that find the command, and what an option takes; of bash and zsh.
std::string verb_arms(const std::vector<completed_command>& all) {
  std::string out;
  for (const completed_command& one : all) {
    for (const std::string& verb : one.verbs) {
      out += fmt::format("      '{0} {1}') command='{0} {1}' ;;\n", one.path, verb);
    }
  }
  return out;
}

template <class Line>
std::string value_arms(const std::vector<completed_command>& all, const Line& line) {
  std::string out;
  for (const completed_command& one : all) {
    for (const completed_option& option : one.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) {
        out += fmt::format("    '{} {}') {} ;;\n", one.path, name, line(option));
      }
    }
  }
  return out;
}

std::string bash(const std::vector<completed_command>& all) {
  std::string out =
      "# bash completion of leeway, written by `leeway completion bash`\n"
      "_leeway() {\n"
      "  local command='leeway' current=\"${COMP_WORDS[COMP_CWORD]}\" previous words='' i\n"
      "  local previous_at=$((COMP_CWORD - 1))\n"
      "  # --format=json comes as three words\n"
      "  if [[ $current == '=' ]]; then current=''; previous_at=$((COMP_CWORD - 1))\n"
      "  elif [[ ${COMP_WORDS[previous_at]} == '=' ]]; then previous_at=$((COMP_CWORD - 2)); fi\n"
      "  previous=\"${COMP_WORDS[previous_at]}\"\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"$command ${COMP_WORDS[i]}\" in\n";
  out += verb_arms(all) + "    esac\n  done\n  case \"$command $previous\" in\n";
  out += value_arms(all, [](const completed_option& o) -> std::string {
    if (!o.choices.empty()) {
      return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$current\")); return",
                         fmt::join(o.choices, " "));
    }
    return o.takes_file ? "_leeway_files \"$current\"; return" : "return";
  });
  out += "  esac\n  case \"$command\" in\n";
  for (const completed_command& one : all) {
    out +=
        fmt::format("    '{}') words='{}'{} ;;\n", one.path, fmt::join(offered(one), " "),
                    one.takes_files ? "; [[ $current == -* ]] || _leeway_files \"$current\"" : "");
  }
  out +=
      "  esac\n"
      "  # Options where one is begun; verbs and other words where none is.\n"
      "  local word\n"
      "  for word in $words; do\n"
      "    [[ $word == \"$current\"* ]] || continue\n"
      "    [[ $word == -* && $current != -* ]] && continue\n"
      "    COMPREPLY+=(\"$word\")\n"
      "  done\n"
      "}\n"
      "_leeway_files() {\n"
      "  local line\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -f -- \"$1\")\n"
      "}\n"
      "complete -F _leeway leeway\n";
  return out;
}

std::string zsh(const std::vector<completed_command>& all) {
  constexpr std::string_view quote = "'\\''";
  std::string out =
      "#compdef leeway\n"
      "# zsh completion of leeway, written by `leeway completion zsh`\n"
      "_leeway() {\n"
      "  local command='leeway' current=\"${words[CURRENT]}\" previous=\"${words[CURRENT-1]}\" i\n"
      "  local -a offered\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    case \"$command ${words[i]}\" in\n";
  out += verb_arms(all) + "    esac\n  done\n  case \"$command $previous\" in\n";
  out += value_arms(all, [](const completed_option& o) -> std::string {
    if (!o.choices.empty()) return fmt::format("compadd -- {}; return", fmt::join(o.choices, " "));
    return o.takes_file ? "_files; return" : "return";
  });
  out += "  esac\n  case \"$command\" in\n";
  for (const completed_command& one : all) {
    out += fmt::format("    '{}')\n", one.path);
    std::vector<std::string> plain = one.verbs;
    plain.insert(plain.end(), one.words.begin(), one.words.end());
    if (!plain.empty()) {
      out += fmt::format("      [[ $current == -* ]] || compadd -- {}\n", fmt::join(plain, " "));
    }
    if (one.takes_files) out += "      [[ $current == -* ]] || _files\n";
    out += "      offered=(";
    for (const completed_option& option : one.options) {
      for (const std::string& name : option.names) {
        out += "\n        " + quoted(name + ":" + option.about, quote);
      }
    }
    out += ")\n      ;;\n";
  }
  out +=
      "  esac\n"
      "  [[ $current == -* ]] && _describe -o option offered\n"
      "}\n"
      "# As a file of fpath this is the function itself; sourced, it only tells of it.\n"
      "if [[ ${funcstack[1]} == _leeway ]]; then _leeway \"$@\"; else compdef _leeway leeway; fi\n";
  return out;
}

/// When fish is behind this command and no verb below it.
std::string fish_condition(const completed_command& one) {
  std::string path = one.path.substr(std::min(one.path.size(), one.path.find(' ')));
  std::string out;
  while (!path.empty()) {
    path.erase(0, 1);
    const auto end = std::min(path.find(' '), path.size());
    out += fmt::format("__fish_seen_subcommand_from {}; and ", path.substr(0, end));
    path.erase(0, end);
  }
  if (!one.verbs.empty()) {
    out += fmt::format("not __fish_seen_subcommand_from {}", fmt::join(one.verbs, " "));
  } else if (out.size() >= 6) {
    out.resize(out.size() - 6);
  }
  return out;
}

std::string fish(const std::vector<completed_command>& all) {
  constexpr std::string_view quote = "\\'";
  std::string out =
      "# fish completion of leeway, written by `leeway completion fish`\n"
      "complete -c leeway -f\n";
  for (const completed_command& one : all) {
    const std::string start = fmt::format("complete -c leeway -n '{}'", fish_condition(one));
    for (const std::string& verb : one.verbs) {
      const auto named = std::ranges::find(all, one.path + ' ' + verb, &completed_command::path);
      out += fmt::format("{} -a {} -d {}\n", start, verb, quoted(named->about, quote));
    }
    if (!one.words.empty()) {
      out += fmt::format("{} -a '{}'\n", start, fmt::join(one.words, " "));
    }
    if (one.takes_files) out += start + " -F\n";
    for (const completed_option& option : one.options) {
      out += start;
      for (const std::string& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.choices.empty()) {
        out += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
      } else if (option.takes_value) {
        out += option.takes_file ? " -r -F" : " -x";
      }
      out += " -d " + quoted(option.about, quote) + "\n";
    }
  }
  return out;
}

}  // namespace

verb add_completion(CLI::App& program) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      program.add_subcommand("completion", "Write the completion of a shell for this program");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(
      "It is installed with the program; this is for a program that is not.\n\n"
      "Examples:\n"
      "  source <(leeway completion bash)\n"
      "  leeway completion zsh > ~/.zfunc/_leeway\n"
      "  leeway completion fish > ~/.config/fish/completions/leeway.fish");
  return {command, [&program, shell](terminal& to) {
            std::vector<completed_command> all;
            collect(program, {}, all);
            to.out(*shell == "bash" ? bash(all) : *shell == "zsh" ? zsh(all) : fish(all));
            return int{exit_ok};
          }};
}

}  // namespace leeway::cli
