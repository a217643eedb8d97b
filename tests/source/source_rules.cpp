// SPDX-License-Identifier: Apache-2.0
#include "source/source_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <utility>

namespace source_rules {
namespace {

constexpr std::array<std::string_view, 7> layers{"base",   "model", "condition", "policy",
                                                 "engine", "desk",  "cli"};
constexpr std::string_view side_layer = "audit";
constexpr std::size_t max_columns = 100;
constexpr std::string_view spdx = "SPDX-License-Identifier: Apache-2.0";

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool starts_with_any(std::string_view text, std::span<const std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string_view trim_left(std::string_view text) {
  const auto start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

/// The place of a module in the layers, by its name.
std::optional<std::size_t> rank_of(std::string_view module) {
  const auto* const found = std::ranges::find(layers, module);
  if (found == layers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - layers.begin());
}

bool is_module(std::string_view name) { return name == side_layer || rank_of(name).has_value(); }

/// Whether a module may include another: what is below it. `audit` stands beside the layers on
/// `base` alone, and only what is above the engine stands on it.
bool may_include(std::string_view module, std::string_view other) {
  if (module == other || other == "base") return true;
  if (module == side_layer) return false;
  if (other == side_layer) return module == "desk" || module == "cli";
  return rank_of(other) <= rank_of(module);
}

/// `a` of `a/b/c`; nothing when there is no folder.
std::optional<std::string_view> first_folder(std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return path.substr(0, slash);
}

/// The module that a source or public header belongs to; nothing for other files and for the
/// umbrella header.
std::optional<std::string_view> module_of(std::string_view path) {
  for (const std::string_view root : {"src/", "include/leeway/"}) {
    if (path.starts_with(root)) return first_folder(path.substr(root.size()));
  }
  return std::nullopt;
}

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

/// Walks C++ text and blanks what is not code.
class blanker {
 public:
  explicit blanker(std::string_view text) : text_{text}, out_{text} {}

  std::string run() && {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    if (looking_at("//")) {
      blank_until(text_.find('\n', at_));
    } else if (looking_at("/*")) {
      const auto end = text_.find("*/", at_ + 2);
      blank_until(end == std::string_view::npos ? end : end + 2);
    } else if (looking_at("R\"") && (at_ == 0 || !is_word_char(text_[at_ - 1]))) {
      blank_raw_string();
    } else if (text_[at_] == '"' || (text_[at_] == '\'' && !is_digit_separator())) {
      blank_until(end_of_literal());
    } else {
      ++at_;
    }
  }

  [[nodiscard]] bool looking_at(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }
  [[nodiscard]] bool is_digit_separator() const {
    return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0;
  }
  [[nodiscard]] std::size_t end_of_literal() const {
    const char quote = text_[at_];
    for (auto i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote || text_[i] == '\n') {
        return i + 1;
      }
    }
    return text_.size();
  }
  void blank_raw_string() {
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos) return blank_until(open);
    const auto closing = ")" + std::string{text_.substr(at_ + 2, open - at_ - 2)} + "\"";
    const auto end = text_.find(closing, open);
    blank_until(end == std::string_view::npos ? end : end + closing.size());
  }
  void blank_until(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_{};
};

/// Words banned in the files whose path starts with one of `in` and with none of `except`.
struct ban {
  std::string_view why{};
  std::vector<std::string_view> words{};
  std::vector<std::string_view> in{};
  std::vector<std::string_view> except{};
  std::string_view only_suffix{};
};

const std::vector<ban>& bans() {
  static const std::vector<ban> all{
      {.why = "money is exact",
       .words = {"double", "float"},
       .in = {"include/leeway/base/money", "include/leeway/base/ratio", "src/base/money",
              "src/base/ratio"}},
      {.why = "the instant is an input; only the base clock reads the system's",
       .words = {"system_clock", "high_resolution_clock", "std::time(", "time(nullptr)",
                 "time(NULL)", "gettimeofday", "clock_gettime", "localtime", "std::timespec_get"},
       .in = {"include/", "src/", "tests/", "examples/", "bench/"},
       .except = {"include/leeway/base/clock", "src/base/clock", "tests/base/clock"}},
      {.why = "evaluation reads no clock",
       .words = {"steady_clock", "now()"},
       .in = {"src/model/", "src/condition/", "src/policy/", "src/engine/", "include/leeway/model/",
              "include/leeway/condition/", "include/leeway/policy/", "include/leeway/engine/"}},
      {.why = "std::regex takes exponential time; RE2 does not",
       .words = {"std::regex", "<regex>"},
       .in = {"include/", "src/", "tests/", "examples/", "bench/"}},
      {.why = "<iostream> in a header costs every file that includes it",
       .words = {"<iostream>"},
       .in = {"include/", "src/", "tests/"},
       .only_suffix = ".hpp"},
      {.why = "the library never prints",
       .words = {"std::cout", "std::cerr", "std::clog", "printf(", "std::puts(", "fmt::print("},
       .in = {"include/", "src/"},
       .except = {"src/cli/"}},
      {.why = "it belongs to the program only",
       .words = {"<spdlog/", "<CLI/"},
       .in = {"include/", "src/"},
       .except = {"src/cli/"}},
  };
  return all;
}

bool applies(const ban& rule, std::string_view path) {
  return starts_with_any(path, rule.in) && !starts_with_any(path, rule.except) &&
         path.ends_with(rule.only_suffix);
}

bool has_spdx_line(std::string_view text) {
  const auto lines = lines_of(text);
  const std::size_t at = !lines.empty() && lines[0].starts_with("#!") ? 1 : 0;
  return lines.size() > at &&
         (lines[at] == "// " + std::string{spdx} || lines[at] == "# " + std::string{spdx});
}

}  // namespace

std::vector<include_directive> includes_of(std::string_view text) {
  std::vector<include_directive> found;
  std::size_t number = 0;
  for (auto line : lines_of(text)) {
    ++number;
    line = trim_left(line);
    if (!line.starts_with('#')) continue;
    line = trim_left(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = trim_left(line.substr(7));
    if (line.empty() || (line[0] != '<' && line[0] != '"')) continue;
    const bool quoted = line[0] == '"';
    const auto end = line.find(quoted ? '"' : '>', 1);
    if (end == std::string_view::npos) continue;
    found.push_back(
        {.line = number, .target = std::string{line.substr(1, end - 1)}, .quoted = quoted});
  }
  return found;
}

std::string code_only(std::string_view text) { return blanker{text}.run(); }

bool contains_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool joined_before = at > 0 && is_word_char(text[at - 1]) && is_word_char(word.front());
    const bool joined_after =
        end < text.size() && is_word_char(text[end]) && is_word_char(word.back());
    if (!joined_before && !joined_after) return true;
  }
  return false;
}

std::vector<finding> check_layers(const source_file& file) {
  const auto module = module_of(file.path);
  if (!module) return {};
  if (!is_module(*module)) {
    return {
        {file.path, 1, "`" + std::string{*module} + "` has no place in the layers; give it one"}};
  }
  std::vector<finding> found;
  for (const auto& include : includes_of(file.text)) {
    std::string_view target = include.target;
    const bool is_public = target.starts_with("leeway/");
    if (is_public) target.remove_prefix(7);
    const auto folder = first_folder(target);
    const bool known = folder && is_module(*folder);
    if (is_public && !folder) {
      found.push_back(
          {file.path, include.line, "a module includes what it needs, not the umbrella"});
    } else if (known && (is_public || include.quoted) && !may_include(*module, *folder)) {
      found.push_back(
          {file.path, include.line,
           std::string{*module} + " includes " + include.target + ", which is not below it"});
    }
  }
  return found;
}

std::vector<finding> check_public_header(const source_file& file) {
  if (!file.path.starts_with("include/")) return {};
  std::vector<finding> found;
  for (const auto& include : includes_of(file.text)) {
    const std::string_view target = include.target;
    const bool standard = !include.quoted && target.find_first_of("/.") == std::string_view::npos;
    if (standard || target.starts_with("leeway/") || target == "nlohmann/json_fwd.hpp") continue;
    found.push_back({file.path, include.line, "a public header includes " + include.target});
  }
  return found;
}

std::vector<finding> check_banned_words(const source_file& file) {
  if (!is_cpp(file.path)) return {};
  std::vector<finding> found;
  const auto code = code_only(file.text);
  std::size_t number = 0;
  for (const auto line : lines_of(code)) {
    ++number;
    for (const auto& rule : bans()) {
      if (!applies(rule, file.path)) continue;
      for (const auto word : rule.words) {
        if (!contains_word(line, word)) continue;
        found.push_back(
            {file.path, number, "`" + std::string{word} + "`: " + std::string{rule.why}});
      }
    }
  }
  return found;
}

std::vector<finding> check_form(const source_file& file) {
  std::vector<finding> found;
  if (!has_spdx_line(file.text)) {
    found.push_back(
        {file.path, 1, "the first line must be `" + std::string{spdx} + "` in a comment"});
  }
  const bool cpp = is_cpp(file.path);
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    if (std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) > 126; })) {
      found.push_back({file.path, number, "not ASCII"});
    }
    if (cpp && line.find('\t') != std::string_view::npos) {
      found.push_back({file.path, number, "a tab"});
    }
    if (cpp && line.size() > max_columns && line.find("://") == std::string_view::npos) {
      found.push_back({file.path, number, "more than 100 columns"});
    }
  }
  return found;
}

std::vector<finding> check_places(const source_file& file, const std::vector<std::string>& places) {
  std::vector<finding> found;
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    for (const auto& place : places) {
      const auto at = line.find(place);
      if (at == std::string_view::npos) continue;
      // Part of a longer path or word is something else: </leeway/ is no place of this machine.
      const bool inside = at > 0 && (is_word_char(line[at - 1]) || line[at - 1] == '.' ||
                                     line[at - 1] == '}' || line[at - 1] == '/');
      if (!inside) found.push_back({file.path, number, "names a place of this machine: " + place});
    }
  }
  return found;
}

bool is_listed(std::string_view cmake, std::string_view relative_path) {
  if (contains_word(cmake, relative_path)) return true;
  const auto stem = relative_path.substr(0, relative_path.rfind('.'));
  return contains_word(cmake, "leeway_add_example(" + std::string{stem});
}

}  // namespace source_rules
