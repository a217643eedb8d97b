// SPDX-License-Identifier: Apache-2.0
// Runs the program and compares what it prints with the files in golden/. With
// LEEWAY_UPDATE_GOLDEN=1 the files are written anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string data = "tests/cli/data/";

struct outcome_of_run {
  int code{};
  std::string text{};  ///< standard output, then standard error where it was asked for
};

/// Runs `leeway <arguments>` by the shell, so that arguments may redirect.
outcome_of_run leeway(const std::string& arguments) {
  outcome_of_run out;
  const std::string command = std::string("NO_COLOR=1 '") + LEEWAY_PROGRAM + "' " + arguments;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) != 0;) {
    out.text.append(buffer, n);
  }
  const int status = ::pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Digests and the ids made of them change with every change of the policy's normal form.
std::string without_digests(std::string text) {
  for (const std::string start : {"sha256:", "dec-"}) {
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
      at += start.size();
      const auto end = std::min(text.find_first_not_of("0123456789abcdef", at), text.size());
      text.replace(at, end - at, "...");
    }
  }
  return text;
}

void expect_golden(const std::string& name, const std::string& printed) {
  const std::string text = without_digests(printed);
  const fs::path path = fs::path("tests/cli/golden") / name;
  if (std::getenv("LEEWAY_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_EQ(text, contents(path)) << "in " << path;
}

/// A file of this test's own, removed at its end.
class scratch_file {
 public:
  explicit scratch_file(const std::string& text = {}) {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    path_ = fs::path(testing::TempDir()) /
            (std::string("leeway_") + info->test_suite_name() + '_' + info->name() + ".jsonl");
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~scratch_file() { fs::remove(path_); }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  std::string quoted() const { return "'" + path_.string() + "'"; }
  std::string text() const { return contents(path_); }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

 private:
  fs::path path_{};
};

std::string request(const std::string& id, const std::string& amount) {
  return R"({"id":")" + id +
         R"(","at":"2026-11-21T15:04:05Z","agent":{"id":"a","role":"agent"},"customer":{"id":"c",)"
         R"("flags":[]},"contact":{"id":"k","hours_late":1},"action":{"kind":"fee_waiver",)"
         R"("amount":")" +
         amount + "\"},\"history\":[]}\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Program, TellsItsVerbs) {
  const auto help = leeway("--help");
  EXPECT_EQ(help.code, 0);
  expect_golden("help.txt", help.text);
  for (const char* verb : {"check", "decide", "explain", "can", "test", "audit", "audit replay"}) {
    const auto one = leeway(std::string(verb) + " --help");
    EXPECT_EQ(one.code, 0) << verb;
    EXPECT_FALSE(one.text.empty());
  }
  EXPECT_THAT(leeway("--version").text, HasSubstr("leeway "));
}

TEST(Program, SuggestsAVerb) {
  const auto run = leeway("decied x 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.text, "leeway: unknown verb `decied`; did you mean `decide`?\n");
  EXPECT_EQ(leeway("2>&1").code, 3);
  EXPECT_EQ(leeway("decide --polcy x 2>&1").code, 3);
}

TEST(Check, AcceptsAGoodPolicy) {
  const auto run = leeway("check " + data + "small.policy.json 2>/dev/null");
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.text, HasSubstr("small version 1, sha256:"));
  EXPECT_THAT(run.text, HasSubstr("0 errors"));
}

TEST(Check, ShowsEveryErrorWithItsPlace) {
  const auto run = leeway("check " + data + "broken.policy.json 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("broken.policy.json:3:"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `team_lead`?"));
  EXPECT_THAT(run.text, HasSubstr("50.001"));
  EXPECT_THAT(run.text, HasSubstr("amuont"));
  EXPECT_THAT(run.text, HasSubstr("^~~"));
}

TEST(Check, WritesJson) {
  const auto run = leeway("check --format json " + data + "broken.policy.json missing.json");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("\"file\": \"missing.json\""));
  EXPECT_THAT(run.text, HasSubstr("\"severity\": \"error\""));
  EXPECT_EQ(run.text.front(), '[');
}

TEST(Check, ExplainsItsWarnings) {
  const auto all = leeway("check --explain");
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.text, HasSubstr("lint_splittable"));
  EXPECT_THAT(all.text, HasSubstr("never_this_value"));
  const auto one = leeway("check --explain lint_splittable");
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.text, HasSubstr("docs/lints.md#lint_splittable"));
  const auto none = leeway("check --explain lint_splitable 2>&1");
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.text, HasSubstr("did you mean `lint_splittable`?"));
  EXPECT_EQ(leeway("check 2>&1").code, 3);
}

TEST(Check, TellsWhatIsSilenced) {
  const std::string file = "examples/policies/housing21/housing21.policy.json";
  EXPECT_THAT(leeway("check " + file + " 2>&1").text,
              HasSubstr("1 policy: 0 errors, 0 warnings, 4 silenced"));
  const auto shown = leeway("check --show-silenced " + file + " 2>&1");
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.text, HasSubstr("[lint_splittable]"));
  EXPECT_THAT(shown.text, HasSubstr("silenced: The text sets a limit"));
  const auto json = leeway("check --format json " + file);
  EXPECT_THAT(json.text, HasSubstr("\"silenced\": ["));
  EXPECT_THAT(json.text, HasSubstr("\"because\": \"The text sets"));
}

TEST(Decide, AnswersOneRequestForAPerson) {
  const auto run = leeway("decide --policy " + data + "small.policy.json " + data + "request.json");
  EXPECT_EQ(run.code, 4);
  expect_golden("decide.txt", run.text);
}

TEST(Decide, AnswersOneRequestForAProgram) {
  const auto run = leeway("decide --format json --policy " + data + "small.policy.json < " + data +
                          "request.json");
  EXPECT_EQ(run.code, 4);
  expect_golden("decide.json", run.text);
}

TEST(Decide, UsesTheVersionThatBeganLastAndSuspendsIt) {
  const std::string start = "decide --policy " + data + "small.policy.json --policy " + data +
                            "small-2027.policy.json --format json ";
  const scratch_file file(request("r", "5 USD"));
  EXPECT_THAT(leeway(start + file.quoted()).text, HasSubstr(R"("version":"1")"));
  file.write(replaced(request("r", "5 USD"), "2026-11-21", "2027-11-21"));
  const auto later = leeway(start + "--language es-MX " + file.quoted());
  EXPECT_EQ(later.code, 0);
  EXPECT_THAT(later.text, HasSubstr(R"("version":"2")"));
  EXPECT_THAT(later.text, HasSubstr("De buena fe."));
  const auto off = leeway(start + "--suspend small@2 " + file.quoted());
  EXPECT_EQ(off.code, 2);
  EXPECT_THAT(off.text, HasSubstr("policy_suspended"));
  EXPECT_EQ(leeway(start + "--suspend small " + file.quoted()).code, 2);
  EXPECT_EQ(leeway(start + "--suspend small@1 " + file.quoted()).code, 0);
  const auto typo = leeway(start + "--suspend smal " + file.quoted() + " 2>&1");
  EXPECT_EQ(typo.code, 3);
  EXPECT_THAT(typo.text, HasSubstr("no policy at hand is `smal`"));
}

TEST(Decide, RefusesTwoContentsOfOneVersion) {
  const scratch_file other(replaced(contents(data + "small.policy.json"), "250 USD", "300 USD"));
  const auto run = leeway("decide --policy " + data + "small.policy.json --policy " +
                          other.quoted() + " " + data + "request.json 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("[version_reused]"));
}

TEST(Decide, TellsTheOutcomeOfASingleRequestByItsExit) {
  const scratch_file file;
  const std::string start = "decide --policy " + data + "small.policy.json ";
  file.write(request("r", "5 USD"));
  EXPECT_EQ(leeway(start + file.quoted()).code, 0);
  file.write(request("r", "51 USD"));
  EXPECT_EQ(leeway(start + file.quoted()).code, 4);
  file.write(request("r", "101 USD"));
  EXPECT_EQ(leeway(start + file.quoted()).code, 2);
  file.write(request("r", "5 EUR"));
  EXPECT_EQ(leeway(start + file.quoted() + " 2>&1").code, 3);
  file.write(request("r", "101 USD") + request("s", "51 USD"));
  EXPECT_EQ(leeway(start + file.quoted()).code, 0);
  EXPECT_EQ(leeway(start + "< /dev/null 2>&1").code, 3);
}

TEST(Decide, GoesOnAfterABadLine) {
  const scratch_file file("{\"id\":\"q\"\n" + request("r", "5 USD") + "\xff\n" +
                          request("s", "6 USD"));
  const auto run =
      leeway("decide --format json --policy " + data + "small.policy.json " + file.quoted());
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("\"request\":\"r\""));
  EXPECT_THAT(run.text, HasSubstr("\"request\":\"s\""));
  const auto errors =
      leeway("decide --policy " + data + "small.policy.json " + file.quoted() + " 2>&1 >/dev/null");
  EXPECT_THAT(errors.text, HasSubstr(".jsonl:1:"));
  EXPECT_THAT(errors.text, HasSubstr(".jsonl:3:"));
}

TEST(Decide, HoldsBudgetsInAStore) {
  const scratch_file file(request("r1", "49 USD") + request("r2", "49 USD") +
                          request("r3", "49 USD") + request("r1", "49 USD") +
                          request("r1", "48 USD"));
  const auto run = leeway("decide --store memory: --format json --policy " + data +
                          "small.policy.json " + file.quoted() + " 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr(R"("request":"r2","outcome":"approve")"));
  EXPECT_THAT(run.text, HasSubstr(R"("request":"r3","outcome":"deny")"));
  EXPECT_THAT(run.text, HasSubstr("id_reused"));
}

TEST(Decide, StopsQuietlyWhenNobodyReads) {
  std::string many;
  for (int i = 0; i < 500; ++i) many += request(std::to_string(i), "5 USD");
  const scratch_file file(many);
  const auto run =
      leeway("decide --policy " + data + "small.policy.json " + file.quoted() + " 2>&1 | head -1");
  EXPECT_EQ(run.text.find("leeway:"), std::string::npos);
}

TEST(Explain, TellsWhatSpokeAndWhatWouldChangeIt) {
  const auto run =
      leeway("explain --policy " + data + "small.policy.json " + data + "request.json");
  EXPECT_EQ(run.code, 4);
  expect_golden("explain.txt", run.text);
}

TEST(Explain, ShowsTreesAndWhatWasSilent) {
  const std::string northwind = "examples/01_first_decision/northwind.policy.json ";
  const auto run = leeway("explain --tree --all --policy " + northwind +
                          "examples/01_first_decision/waiver.request.json");
  EXPECT_EQ(run.code, 4);
  expect_golden("explain_tree.txt", run.text);
}

TEST(Explain, WritesJsonWithTheDecisionInIt) {
  const std::string rest = " --policy " + data + "small.policy.json " + data + "request.json";
  auto decided = leeway("decide --format json" + rest).text;
  decided.pop_back();  // the line end
  const auto run = leeway("explain --format json" + rest);
  EXPECT_EQ(run.code, 4);
  EXPECT_THAT(run.text, HasSubstr(R"({"answer":)"));
  EXPECT_THAT(run.text, HasSubstr("\"decision\":" + decided));
  EXPECT_THAT(run.text, HasSubstr(R"("what_would_change_it":{"questions":)"));
}

TEST(Can, ShowsWhatMayBeDone) {
  const std::string rest =
      "--policy examples/01_first_decision/northwind.policy.json "
      "examples/requests/northwind_call.request.json";
  const auto page = leeway("can " + rest);
  EXPECT_EQ(page.code, 0);
  expect_golden("can.txt", page.text);
  const auto table = leeway("can --format table " + rest);
  EXPECT_EQ(table.code, 0);
  expect_golden("can_table.txt", table.text);
  const auto json = leeway("can --format json --action fee_waiver " + rest);
  EXPECT_EQ(json.code, 0);
  EXPECT_THAT(json.text, HasSubstr(R"([{"action":"fee_waiver")"));
  EXPECT_THAT(json.text, HasSubstr(R"("largest":"49.99 USD")"));
  EXPECT_THAT(json.text, testing::Not(HasSubstr(R"("action":"upgrade")")));
}

TEST(Can, TakesARequestWithOrWithoutAnAction) {
  const scratch_file with(request("r", "51 USD"));
  const auto run =
      leeway("can --format table --policy " + data + "small.policy.json " + with.quoted());
  EXPECT_EQ(run.code, 0);
  with.write(R"({"at":"2026-11-21T15:04:05Z","agent":{"id":"a","role":"agent"}})");
  EXPECT_EQ(leeway("can --policy " + data + "small.policy.json " + with.quoted()).code, 0);
  const auto decided =
      leeway("decide --policy " + data + "small.policy.json " + with.quoted() + " 2>&1");
  EXPECT_EQ(decided.code, 3);
}

TEST(Can, RefusesAnUnknownAction) {
  const auto run = leeway("can --action fee_waver --policy " + data + "small.policy.json " + data +
                          "request.json 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("did you mean `fee_waiver`?"));
}

TEST(Test, ReportsWhatPassedAndWhatWasReached) {
  const auto run = leeway("test " + data + "small.policy.json " + data + "small.cases.jsonl");
  EXPECT_EQ(run.code, 0);
  expect_golden("test.txt", run.text);
}

TEST(Test, ShowsWhatFailed) {
  const auto run = leeway("test " + data + "small.policy.json " + data + "wrong.cases.jsonl");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.text, HasSubstr("wrong.cases.jsonl:1: failed wrong on purpose"));
  EXPECT_THAT(run.text, HasSubstr("outcome: expected approve, found escalate"));
  EXPECT_THAT(run.text, HasSubstr("offer: expected 12.00 USD, found 49.99 USD"));
}

TEST(Test, AsksForCoverage) {
  const std::string start = "test " + data + "small.policy.json " + data + "small.cases.jsonl ";
  EXPECT_EQ(leeway(start + "--coverage-min 50").code, 0);
  EXPECT_EQ(leeway(start + "--coverage-min 100 2>&1").code, 1);
}

TEST(Test, WritesJson) {
  const auto run =
      leeway("test --format json " + data + "small.policy.json " + data + "wrong.cases.jsonl");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.text, HasSubstr("\"what\": \"outcome\""));
  EXPECT_THAT(run.text, HasSubstr("\"failed\": 1"));
}

TEST(Test, RefusesUnknownKeysOfACase) {
  const scratch_file file(replaced(contents(data + "wrong.cases.jsonl"), "\"expect\": {",
                                   "\"expcet\": 1, \"expect\": {\"outcomes\": 1, "));
  const auto run = leeway("test " + data + "small.policy.json " + file.quoted() + " 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("expcet"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `outcome`?"));
}

TEST(Audit, ReplaysWhatDecideRecorded) {
  const scratch_file records;
  const std::string policy = data + "small.policy.json";
  ASSERT_EQ(leeway("decide --record " + records.quoted() + " --policy " + policy + " " + data +
                   "request.json")
                .code,
            4);
  const auto exact = leeway("audit replay " + records.quoted() + " --policy " + policy);
  EXPECT_EQ(exact.code, 0);
  EXPECT_EQ(exact.text, "1 record, 1 exact\n");

  records.write(replaced(records.text(), "\"outcome\":\"escalate\"", "\"outcome\":\"approve\""));
  const auto changed = leeway("audit replay " + records.quoted() + " --policy " + policy);
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.text, HasSubstr("/findings/0/outcome"));
  EXPECT_THAT(changed.text, HasSubstr("1 record, 0 exact"));

  records.write("{}\n");
  EXPECT_EQ(leeway("audit replay " + records.quoted() + " --policy " + policy + " 2>&1").code, 3);
}

TEST(Audit, ReplaysWhatADeskDecidedAtALaterInstant) {
  const scratch_file requests(request("r1", "5 USD") + replaced(request("r2", "49 USD"),
                                                                "2026-11-21T15:04:05Z",
                                                                "2026-11-20T15:04:05Z"));
  const std::string policy = data + "small.policy.json";
  const auto run =
      leeway("decide --store memory: --record - --policy " + policy + " " + requests.quoted() +
             " | '" + LEEWAY_PROGRAM + "' audit replay - --policy " + policy);
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.text, "2 records, 2 exact\n");
}

TEST(Decide, ShowsATableWithALineForEach) {
  const scratch_file requests(request("r1", "5 USD") + request("r2", "49 USD"));
  const auto run =
      leeway("decide --format table --policy " + data + "small.policy.json " + requests.quoted());
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(std::ranges::count(run.text, '\n'), 3) << run.text;
  EXPECT_THAT(run.text, HasSubstr("what spoke"));
  EXPECT_THAT(run.text, HasSubstr("r2"));
}

TEST(Decide, PlacesWhatThePolicyFindsWrongWithARequest) {
  const scratch_file requests(request("r1", "5 EUR"));
  const auto run =
      leeway("decide --policy " + data + "small.policy.json " + requests.quoted() + " 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("[wrong_currency]"));
  EXPECT_THAT(run.text, HasSubstr("^~~~~~~"));
}

TEST(Test, OfNoCaseIsNoSuccess) {
  const scratch_file cases("\n\n");
  const auto run = leeway("test " + data + "small.policy.json " + cases.quoted() + " 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("no case"));
}

TEST(Audit, OfNoRecordIsNoSuccess) {
  const scratch_file records("\n");
  const auto run =
      leeway("audit replay " + records.quoted() + " --policy " + data + "small.policy.json 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("no record"));
}

TEST(Case, IsDecidedAndExplainedAsTheRequestItHolds) {
  const std::string cases = "examples/cookbook/39-reason-and-note.cases.jsonl";
  const std::string policy = " --policy examples/cookbook/39-reason-and-note.policy.json ";
  for (const std::string verb : {"decide", "explain", "can"}) {
    std::string line = verb;
    line.append(policy).append(cases).append(" 2>&1");
    const auto run = leeway(line);
    EXPECT_EQ(run.code, 0) << verb << run.text;
    EXPECT_EQ(run.text.find("error"), std::string::npos) << verb << run.text;
  }
  EXPECT_THAT(leeway("explain" + policy + cases).text, HasSubstr("request 2\n"));
}

}  // namespace
