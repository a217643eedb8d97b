// SPDX-License-Identifier: Apache-2.0
#include "desk/faults/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace leeway::desk_test {

std::size_t told_answers::approved() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      decided, [](const auto& one) { return one.second.state == "approved"; }));
}

void told_answers::add(const std::string& lines) {
  std::istringstream in(lines);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string what;
    std::string first;
    words >> what >> first;
    if (what == "decided") {
      answer& one = decided[first];
      words >> one.decision >> one.state;
    } else if (what == "settled") {
      settled.insert(first);
    } else if (what == "voided") {
      voided.insert(first);
    } else {
      errors.push_back(first);
    }
  }
}

process::process(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), LEEWAY_DESK_WORKER);
  std::vector<char*> argv;
  for (std::string& one : arguments) argv.push_back(one.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int spawned = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_ = ends[0];
  if (spawned != 0) {
    ::close(output_);
    throw std::runtime_error("cannot start " + arguments[0]);
  }
}

process::process(process&& other) noexcept
    : pid_(other.pid_),
      output_(std::exchange(other.output_, -1)),
      ended_(std::exchange(other.ended_, true)),
      status_(other.status_) {}

process::~process() {
  if (!ended_) {
    kill();
    wait();
  }
  if (output_ >= 0) ::close(output_);
}

void process::kill() const { ::kill(pid_, SIGKILL); }

void process::read(told_answers& into, std::size_t kill_after) {
  std::string told;
  std::array<char, 4096> buffer{};
  std::size_t lines = 0;
  for (ssize_t n = 0; (n = ::read(output_, buffer.data(), buffer.size())) > 0;) {
    const auto end = buffer.begin() + n;
    const bool before = lines >= kill_after;
    lines += static_cast<std::size_t>(std::count(buffer.begin(), end, '\n'));
    told.append(buffer.begin(), end);
    if (kill_after != 0 && !before && lines >= kill_after) kill();
  }
  into.add(told);
}

int process::wait() {
  if (!std::exchange(ended_, true)) ::waitpid(pid_, &status_, 0);
  return status_;
}

}  // namespace leeway::desk_test
