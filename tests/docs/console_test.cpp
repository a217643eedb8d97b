// SPDX-License-Identifier: Apache-2.0
// What pages show at a prompt is what happens there: blocks marked `file: NAME` are written to a
// folder, and `console` blocks are run in it. A line `...` stands for any number of lines, and
// `...` at the end of a line for the rest of it.
#include "docs/support.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace leeway::docs_test {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  const auto close = [](FILE* pipe) { static_cast<void>(pclose(pipe)); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string out;
  std::array<char, 4096> buffer{};
  while (pipe != nullptr) {
    const auto read = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
    if (read == 0) break;
    out.append(buffer.data(), read);
  }
  return out;
}

using text_lines = std::vector<std::string>;

bool same_line(std::string_view wanted, std::string_view found) {
  const std::string_view rest = "...";
  if (!wanted.ends_with(rest)) return wanted == found;
  return found.starts_with(wanted.substr(0, wanted.size() - rest.size()));
}

bool matches(const text_lines& wanted, std::size_t w, const text_lines& found, std::size_t f) {
  if (w == wanted.size()) return f == found.size();
  if (wanted[w] == "...") {
    for (auto next = f; next <= found.size(); ++next) {
      if (matches(wanted, w + 1, found, next)) return true;
    }
    return false;
  }
  return f < found.size() && same_line(wanted[w], found[f]) && matches(wanted, w + 1, found, f + 1);
}

struct step {
  std::string command{};
  text_lines output{};
};

std::vector<step> steps_of(const block& b) {
  std::vector<step> out;
  for (const std::string& line : lines_of(b.text)) {
    if (line.starts_with("$ ")) {
      out.push_back({line.substr(2), {}});
    } else if (!out.empty()) {
      out.back().output.push_back(line);
    }
  }
  return out;
}

class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "leeway-docs-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_{};
};

/// Whether a command changes the shell it is typed in, and so every command after it.
bool is_lasting(const std::string& command) {
  return command.starts_with("cd ") || command.starts_with("export ");
}

void follow(const fs::path& page, const fs::path& in) {
  ASSERT_FALSE(in.empty());
  std::string there = "cd '" + in.string() + "' && PATH='" +
                      fs::path(LEEWAY_PROGRAM).parent_path().string() + "':\"$PATH\" && ";
  const std::string prefix = "file: ";
  for (const block& b : blocks_of(page)) {
    if (b.mark.starts_with(prefix)) {
      std::ofstream(in / b.mark.substr(prefix.size()), std::ios::binary) << b.text;
    }
    if (b.language != "console") continue;
    for (const step& one : steps_of(b)) {
      const std::string found = output_of(there + "{ " + one.command + "; } 2>&1 </dev/null");
      EXPECT_TRUE(matches(one.output, 0, lines_of(found), 0))
          << page << ", block at line " << b.line << ": " << one.command << "\n"
          << found;
      if (is_lasting(one.command)) there += one.command + " && ";
    }
  }
}

TEST(Console, QuickstartShowsWhatTheProgramDoes) {
  const folder scratch;
  follow("docs/quickstart.md", scratch.path());
}

TEST(Console, EvalPageShowsWhatTheProgramDoes) {
  const folder scratch;
  follow("docs/formats/eval.md", scratch.path());
}

TEST(Console, LanguageAndProgramPagesShowWhatTheProgramDoes) {
  const folder scratch;
  follow("docs/conditions.md", scratch.path());
  follow("docs/cli.md", scratch.path());
}

TEST(Console, ExplainPageShowsWhatTheProgramDoes) {
  const folder scratch;
  for (const char* used : {"examples/01_first_decision", "examples/requests"}) {
    fs::create_directories(scratch.path() / used);
    fs::copy(used, scratch.path() / used, fs::copy_options::recursive);
  }
  follow("docs/explain.md", scratch.path());
}

// In a copy of the sources' folders that the commands of the page use.
TEST(Console, ReadmeShowsWhatTheProgramDoes) {
  const folder scratch;
  const fs::path example = "examples/01_first_decision";
  fs::create_directories(scratch.path() / "build");
  fs::create_directories(scratch.path() / "examples");
  fs::copy(example, scratch.path() / example);
  follow("README.md", scratch.path());
}

// Blocks marked `cases` are for the policy of the first example.
TEST(Console, CasesOfTheCaseFilePagePass) {
  const folder scratch;
  const fs::path cases = scratch.path() / "page.cases.jsonl";
  for (const block& b : blocks_of("docs/formats/case-file.md")) {
    if (b.mark != "cases") continue;
    std::ofstream(cases, std::ios::binary) << b.text;
    const std::string found =
        output_of("'" LEEWAY_PROGRAM "' test examples/01_first_decision/northwind.policy.json '" +
                  cases.string() + "' 2>&1");
    EXPECT_NE(found.find("2 cases, 2 passed"), std::string::npos) << found;
  }
  EXPECT_TRUE(fs::exists(cases));
}

}  // namespace
}  // namespace leeway::docs_test
