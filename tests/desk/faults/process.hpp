// SPDX-License-Identifier: Apache-2.0
// Processes of `desk_worker`, and what they told.
#ifndef LEEWAY_TESTS_DESK_FAULTS_PROCESS_HPP
#define LEEWAY_TESTS_DESK_FAULTS_PROCESS_HPP

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace leeway::desk_test {

/// What workers were answered, and told before they ended.
struct told_answers {
  struct answer {
    std::string decision{};
    std::string state{};
  };
  std::map<std::string, answer> decided{};  ///< by request
  std::set<std::string> settled{};          ///< decisions
  std::set<std::string> voided{};
  std::vector<std::string> errors{};

  std::size_t count() const { return decided.size() + settled.size() + voided.size(); }
  std::size_t approved() const;
  /// Takes up whole lines.
  void add(const std::string& lines);
};

/// A worker that runs. Ended with this.
class process {
 public:
  explicit process(std::vector<std::string> arguments);
  ~process();
  process(process&& other) noexcept;
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  process& operator=(process&&) = delete;

  /// SIGKILL.
  void kill() const;
  /// Reads what it tells, and kills it once it told so many lines; then to the end. 0: it ends by
  /// itself.
  void read(told_answers& into, std::size_t kill_after = 0);
  /// How it ended, as of waitpid.
  int wait();

 private:
  pid_t pid_{};
  int output_{-1};
  bool ended_{};
  int status_{};
};

}  // namespace leeway::desk_test

#endif
