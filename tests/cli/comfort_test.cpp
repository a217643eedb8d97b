// SPDX-License-Identifier: Apache-2.0
// What every verb has: help, near words, colour, completion.
#include "cli/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace leeway::cli_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The verbs of the program's help, and the one below another.
std::vector<std::string> verbs() {
  std::vector<std::string> out{"audit replay"};
  std::istringstream help(leeway("--help").text);
  std::string line;
  while (std::getline(help, line) && line != "Subcommands:") {
  }
  while (std::getline(help, line) && line.starts_with("  ")) {
    if (line[2] != ' ') out.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return out;
}

TEST(Help, OfEveryVerbHasAnExample) {
  const auto all = verbs();
  EXPECT_GE(all.size(), 8U);
  for (const std::string& verb : all) {
    if (verb == "audit") continue;
    const auto run = leeway("help " + verb);
    EXPECT_EQ(run.code, 0) << verb;
    EXPECT_THAT(run.text, HasSubstr("Example")) << verb;
    EXPECT_THAT(run.text, HasSubstr("leeway " + verb)) << verb;
    if (verb != "help") {
      EXPECT_EQ(run.text, leeway(verb + " --help").text);
    }
  }
}

TEST(Help, IsShownWhenNothingIsAsked) {
  const auto run = leeway("2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.text, leeway("--help").text);
  EXPECT_EQ(leeway("help").text, leeway("--help").text);
  EXPECT_THAT(leeway("help decied 2>&1").text, HasSubstr("did you mean `decide`?"));
}

TEST(Words, OfOptionsAndVerbsAreSuggested) {
  const auto told = [](const std::string& arguments) {
    const auto run = leeway(arguments + " 2>&1");
    EXPECT_EQ(run.code, 3) << arguments;
    return run.text;
  };
  EXPECT_EQ(told("decide --polcy x"),
            "leeway: unknown option `--polcy` of `decide`; did you mean `--policy`?\n");
  EXPECT_EQ(told("decide --polcy=x y"),
            "leeway: unknown option `--polcy` of `decide`; did you mean `--policy`?\n");
  EXPECT_EQ(told("audit replya x"),
            "leeway: unknown verb `replya` of `audit`; did you mean `replay`?\n");
  EXPECT_THAT(told("--verson"), HasSubstr("did you mean `--version`?"));
  EXPECT_THAT(told("test --zzzzzzzz"), HasSubstr("there are --help, "));
}

TEST(Colour, IsAsAsked) {
  const std::string file = "tests/cli/data/small.policy.json tests/cli/data/wrong.cases.jsonl";
  const std::string escape = "\x1b[";
  EXPECT_THAT(leeway("test " + file).text, Not(HasSubstr(escape)));
  EXPECT_THAT(leeway("test " + file + " --color always").text, HasSubstr(escape));
  EXPECT_THAT(leeway("--color=always test " + file).text, HasSubstr(escape));
  EXPECT_THAT(leeway("--color never test " + file).text, Not(HasSubstr(escape)));
  const auto slip = leeway("test --color=alwys 2>&1");
  EXPECT_EQ(slip.code, 3);
  EXPECT_THAT(slip.text, HasSubstr("did you mean `always`?"));
}

/// What bash offers for the words of a line, of which the last is being written.
std::vector<std::string> offer(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += "\"" + word + "\" ";
  const auto run = shell("PROGRAM='" LEEWAY_PROGRAM
                         "' bash -c '"
                         "source <(\"$PROGRAM\" completion bash); COMP_WORDS=(" +
                         list + "); COMP_CWORD=" + std::to_string(words.size() - 1) +
                         "; _leeway; printf \"%s\\n\" \"${COMPREPLY[@]}\"' 2>&1");
  std::vector<std::string> out;
  std::istringstream in(run.text);
  for (std::string one; std::getline(in, one);) out.push_back(one);
  return out;
}

TEST(Completion, OfBashOffersVerbsOptionsChoicesAndFiles) {
  EXPECT_THAT(offer({"leeway", "dec"}), ElementsAre("decide"));
  EXPECT_THAT(offer({"leeway", "audit", ""}), ElementsAre("replay"));
  EXPECT_THAT(offer({"leeway", "audit", "replay", "--pol"}), ElementsAre("--policy"));
  EXPECT_THAT(offer({"leeway", "decide", "--form"}), ElementsAre("--format"));
  EXPECT_THAT(offer({"leeway", "decide", "--format", ""}), ElementsAre("text", "table", "json"));
  EXPECT_THAT(offer({"leeway", "decide", "--format", "=", "j"}), ElementsAre("json"));
  EXPECT_THAT(offer({"leeway", "decide", "--format", "="}), ElementsAre("text", "table", "json"));
  EXPECT_THAT(offer({"leeway", "check", "tests/cli/data/small.p"}),
              ElementsAre("tests/cli/data/small.policy.json"));
  EXPECT_THAT(offer({"leeway", "decide", "--policy", "tests/cli/data/small.p"}),
              ElementsAre("tests/cli/data/small.policy.json"));
  EXPECT_THAT(offer({"leeway", "completion", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(offer({"leeway", "eval", "--currency", "tests/"}), ElementsAre(""));
}

bool has_shell(const std::string& name) {
  return shell("command -v " + name + " >/dev/null 2>&1").code == 0;
}

TEST(Completion, OfBashIsAScript) {
  EXPECT_EQ(shell("'" LEEWAY_PROGRAM "' completion bash | bash -n 2>&1").text, "");
}

TEST(Completion, OfZshIsAScript) {
  EXPECT_THAT(leeway("completion zsh").text, HasSubstr("#compdef leeway\n"));
  if (!has_shell("zsh")) GTEST_SKIP() << "there is no zsh here";
  EXPECT_EQ(shell("'" LEEWAY_PROGRAM "' completion zsh | zsh -n 2>&1").text, "");
}

TEST(Completion, OfFishIsAScript) {
  EXPECT_THAT(leeway("completion fish").text, HasSubstr("complete -c leeway "));
  if (!has_shell("fish")) GTEST_SKIP() << "there is no fish here";
  EXPECT_EQ(shell("'" LEEWAY_PROGRAM "' completion fish | fish -n 2>&1").text, "");
}

}  // namespace
}  // namespace leeway::cli_test
