// SPDX-License-Identifier: Apache-2.0
// `leeway test --watch` as a process of its own, while its files change.
#include "cli/support.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace leeway::cli_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The program, running; what it prints on both streams is read as it comes.
class running_program {
 public:
  explicit running_program(std::vector<std::string> arguments) {
    int ends[2]{};
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(ends[1], STDERR_FILENO);
      std::vector<char*> argv{const_cast<char*>(LEEWAY_PROGRAM)};
      for (std::string& one : arguments) argv.push_back(one.data());
      argv.push_back(nullptr);
      ::execv(LEEWAY_PROGRAM, argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }
  ~running_program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(from_);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  /// Everything up to and with `text`, which must come within some seconds.
  std::string until(const std::string& text) {
    using clock = std::chrono::steady_clock;
    const auto end = clock::now() + std::chrono::seconds(20);
    while (clock::now() < end) {
      const auto at = seen_.find(text);
      if (at != std::string::npos) {
        std::string out = seen_.substr(0, at + text.size());
        seen_.erase(0, at + text.size());
        return out;
      }
      pollfd wait{.fd = from_, .events = POLLIN, .revents = 0};
      if (::poll(&wait, 1, 100) <= 0) continue;
      char buffer[4096];
      const auto n = ::read(from_, buffer, sizeof buffer);
      if (n <= 0) break;
      seen_.append(buffer, static_cast<std::size_t>(n));
    }
    ADD_FAILURE() << "`" << text << "` did not come; there is: " << seen_;
    return {};
  }

  int end_by(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_{-1};
  int from_{-1};
  std::string seen_{};
};

/// As editors do: the new text in a file of its own, which takes the other's place.
void replace(const fs::path& path, const std::string& text) {
  const fs::path draft = path.string() + "~";
  write(draft, text);
  fs::rename(draft, path);
}

class Watch : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(leeway("new '" + policy.string() + "' >/dev/null").code, 0);
    good = contents(policy);
  }
  const scratch_folder folder{};
  const fs::path policy = folder / "a.policy.json";
  const fs::path cases = folder / "a.cases.jsonl";
  std::string good{};
};

TEST_F(Watch, RunsAgainWhenAFileChanges) {
  running_program run({"test", "--watch", policy.string(), cases.string()});
  EXPECT_THAT(run.until("Ctrl-C ends"), HasSubstr("14 passed, 0 failed"));

  std::string changed = good;
  changed.replace(changed.find("\"up_to\": \"25 USD\""), 17, "\"up_to\": \"24 USD\"");
  replace(policy, changed);
  const std::string second = run.until("Ctrl-C ends");
  EXPECT_THAT(second, HasSubstr("changed: " + policy.string()));
  EXPECT_THAT(second, HasSubstr("expected approve, found escalate"));

  write(policy, good.substr(0, 100));
  EXPECT_THAT(run.until("Ctrl-C ends"), HasSubstr("unexpected_end"));

  replace(policy, good);
  EXPECT_THAT(run.until("Ctrl-C ends"), HasSubstr("14 passed, 0 failed"));
  EXPECT_EQ(run.end_by(SIGINT), 0);
}

TEST_F(Watch, EndsWithTheCodeOfTheLastRun) {
  write(cases, "{\"expcet\": 1}\n");
  running_program run({"test", "--watch", policy.string(), cases.string()});
  run.until("not passed");
  run.until("Ctrl-C ends");
  EXPECT_EQ(run.end_by(SIGTERM), 3);
}

TEST_F(Watch, SeesNewFilesOfAFolder) {
  running_program run({"test", "--watch", folder.path().string()});
  EXPECT_THAT(run.until("Ctrl-C ends"), HasSubstr("14 passed, 0 failed"));
  fs::create_directory(folder / "more");
  write(folder / "more/b.policy.json", good);
  write(folder / "more/b.cases.jsonl", contents(cases));
  std::string all = run.until("Ctrl-C ends");
  if (all.find("28 passed") == std::string::npos) all += run.until("Ctrl-C ends");
  EXPECT_THAT(all, HasSubstr("28 passed, 0 failed"));
  EXPECT_EQ(run.end_by(SIGINT), 0);
}

TEST_F(Watch, RefusesStandardInput) {
  const auto run = leeway("test --watch '" + policy.string() + "' - 2>&1 </dev/null");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("standard input cannot be watched"));
}

TEST_F(Watch, FilterTakesSomeOfTheCases) {
  const std::string start = "test '" + policy.string() + "' '" + cases.string() + "' --filter ";
  const auto some = leeway(start + "'owed' 2>&1");
  EXPECT_EQ(some.code, 0);
  EXPECT_THAT(some.text, HasSubstr("2 cases, 2 passed"));
  EXPECT_THAT(some.text, HasSubstr("12 without `owed` left out"));
  const auto none = leeway(start + "nothing-like-it 2>&1");
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.text, HasSubstr("no case has `nothing-like-it` in its name or id"));
}

TEST_F(Watch, SlipsOfACaseAreTold) {
  std::string text = contents(cases);
  text.replace(text.find("[[\"team_lead\"]]"), 15, "[[\"team_leed\"]]");
  text.replace(text.find("\"note_on_account\""), 17, "\"note_on_acount\"");
  text.replace(text.find("\"contact.hours_late\"]"), 21, "\"contact.hour_late\"]");
  write(cases, text);
  const auto run = leeway("test '" + policy.string() + "' '" + cases.string() + "'");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.text,
              HasSubstr("`team_leed` is no role of the policy; did you mean `team_lead`?"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `note_on_account`?"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `contact.hours_late`?"));
}

}  // namespace
}  // namespace leeway::cli_test
