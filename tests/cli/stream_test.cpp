// SPDX-License-Identifier: Apache-2.0
// Long streams: in bounded memory, answered as they come, and ended in order.
#include "cli/progress.hpp"
#include "cli/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leeway::cli_test {
namespace {

using testing::HasSubstr;

const std::string small = "tests/cli/data/small.policy.json";

// Enough for the program, and not for a stream that is kept: each of these lines would take more
// than a kilobyte as a result. The sanitizers reserve the address space, so they get no limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const std::string limit;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
const std::string limit;
#else
const std::string limit = "ulimit -v 80000; ";
#endif
#else
const std::string limit = "ulimit -v 80000; ";
#endif

std::string request(const std::string& amount) {
  return R"({"id":"r%d","at":"2026-11-21T15:04:05Z","agent":{"id":"a","role":"agent"},)"
         R"("customer":{"id":"c","flags":[]},"contact":{"id":"k","hours_late":1},)"
         R"("action":{"kind":"fee_waiver","amount":")" +
         amount + R"("},"history":[]%s})";
}

/// The same line many times, `%d` counted up, piped to the program.
run_result pipe_to(int times, const std::string& arguments) {
  return shell(limit + "awk 'BEGIN { for (i = 0; i < " + std::to_string(times) +
               "; i++) { line = ENVIRON[\"LINE\"]; sub(/%d/, i, line); print line } }' | '" +
               LEEWAY_PROGRAM "' " + arguments);
}

class Stream : public testing::Test {
 protected:
  static void line(std::string text, const std::string& more) {
    text.replace(text.find("%s"), 2, more);
    ::setenv("LINE", text.c_str(), 1);
  }
};

TEST_F(Stream, OfRequestsIsDecidedInBoundedMemory) {
  line(request("5 USD"), "");
  const auto run =
      pipe_to(20000, "decide --no-offer --format json --policy " + small + " - | tail -1");
  EXPECT_THAT(run.text, HasSubstr("\"request\":\"r19999\",\"outcome\":\"approve\""));
}

TEST_F(Stream, OfBadRequestsIsReportedInBoundedMemory) {
  line(request("5 EUR"), "");
  const auto run =
      pipe_to(10000, "decide --policy " + small + " - 2>&1 >/dev/null | grep -c wrong_currency");
  EXPECT_EQ(run.text, "10000\n");
}

TEST_F(Stream, OfFailingCasesIsToldInBoundedMemory) {
  line(request("5 USD"), R"(,"expect":{"outcome":"deny"})");
  const auto run = pipe_to(20000, "test " + small + " - | tail -1");
  EXPECT_THAT(run.text, HasSubstr("20000 cases, 0 passed, 20000 failed"));
  const auto json = pipe_to(5000, "test --format json " + small + " - | grep -c '\"id\": \"r'");
  EXPECT_EQ(json.text, "1000\n");
}

TEST_F(Stream, OfRecordsIsReplayedInBoundedMemory) {
  line(request("5 USD"), "");
  const auto run = pipe_to(10000, "decide --no-offer --record - --policy " + small +
                                      " - | '" LEEWAY_PROGRAM "' audit replay - --policy " + small);
  EXPECT_EQ(run.text, "10000 records, 10000 exact\n");
}

TEST_F(Stream, OfQuestionsIsAnsweredInBoundedMemory) {
  ::setenv("LINE", R"({"id":%d,"expr":"x + 1","bindings":{"x":{"int":"2"}}})", 1);
  const auto run = pipe_to(15000, "eval --jsonl | tail -1");
  EXPECT_EQ(run.text, "{\"id\":14999,\"value\":{\"int\":\"3\"},\"type\":\"int\"}\n");
}

// Another program that asks by a pipe and waits for each answer.
TEST(Answers, ComeBeforeMoreIsAsked) {
  const auto run = shell(
      "bash -c 'coproc \"$0\" eval --jsonl; "
      "for i in 1 2 3; do echo \"{\\\"expr\\\": \\\"$i\\\"}\" >&\"${COPROC[1]}\"; "
      "read -r -t 10 answer <&\"${COPROC[0]}\" && echo \"$answer\"; done' '" LEEWAY_PROGRAM "'");
  EXPECT_EQ(run.text,
            "{\"value\":{\"int\":\"1\"},\"type\":\"int\"}\n"
            "{\"value\":{\"int\":\"2\"},\"type\":\"int\"}\n"
            "{\"value\":{\"int\":\"3\"},\"type\":\"int\"}\n");
}

TEST(Answers, ToAFullDiskAreAFailure) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  const std::string decide = "decide --policy " + small + " tests/cli/data/request.json";
  const std::string test = "test " + small + " tests/cli/data/small.cases.jsonl";
  const std::vector<std::string> all{"eval 1", "check " + small,  "--help",
                                     decide,   "completion bash", test};
  for (const std::string& arguments : all) {
    const auto run = leeway(arguments + " 2>&1 >/dev/full");
    EXPECT_EQ(run.code, 1) << arguments;
    EXPECT_THAT(run.text, HasSubstr("cannot write to standard output: ")) << arguments;
  }
}

TEST(Progress, TellsHowManyHowFastAndHowFar) {
  using cli::progress_line;
  EXPECT_EQ(progress_line(1234567, "requests", 10.0, 620, 1000),
            "1,234,567 requests, 123,456 a second, 62 %");
  EXPECT_EQ(progress_line(12, "cases", 0.01, 5, std::nullopt), "12 cases");
  EXPECT_EQ(progress_line(999, "cases", 1, 2000, 1000), "999 cases, 999 a second, 100 %");
  EXPECT_EQ(progress_line(1000, "cases", 0, 0, 0), "1,000 cases");
}

}  // namespace
}  // namespace leeway::cli_test
