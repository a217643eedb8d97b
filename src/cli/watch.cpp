// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include "cli/file_names.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <thread>
#include <utility>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto between_looks = std::chrono::milliseconds(200);
constexpr auto to_settle = std::chrono::milliseconds(50);
constexpr int most_to_settle = 40;

// A signal can be told of nothing else.
volatile std::sig_atomic_t told_to_stop = 0;

void note_signal(int) { told_to_stop = 1; }

bool ends_in_any(const std::string& name, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](auto suffix) { return name.ends_with(suffix); });
}

void sleep(std::chrono::milliseconds how_long) {
  // In short steps, since a signal does not end a sleep of the library's.
  for (auto left = how_long; left.count() > 0 && told_to_stop == 0;) {
    const auto step = std::min(left, std::chrono::milliseconds(50));
    std::this_thread::sleep_for(step);
    left -= step;
  }
}

}  // namespace

watcher::watcher(std::vector<std::string> paths) : paths_(std::move(paths)) { look(); }

void watcher::stop_on_signals() {
  struct sigaction how{};
  how.sa_handler = note_signal;
  how.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&how.sa_mask);
  sigaction(SIGINT, &how, nullptr);
  sigaction(SIGTERM, &how, nullptr);
}

bool watcher::stopped() { return told_to_stop != 0; }

void watcher::add(const std::string& file, prints& to) {
  struct stat about{};
  print out;
  if (::stat(file.c_str(), &about) == 0) {
    out = {.device = about.st_dev,
           .number = about.st_ino,
           .size = about.st_size,
           .seconds = about.st_mtim.tv_sec,
           .nanos = about.st_mtim.tv_nsec};
  }
  to.insert_or_assign(file, out);
}

watcher::prints watcher::take() const {
  prints out;
  for (const std::string& path : paths_) {
    std::error_code problem;
    if (!fs::is_directory(path, problem)) {
      add(path, out);
      const fs::path folder = fs::path(path).parent_path();
      for (fs::directory_iterator at(folder.empty() ? "." : folder, problem), end;
           !problem && at != end; at.increment(problem)) {
        const std::string name = at->path().filename().string();
        if (ends_in_any(name, {policy_suffix, overlay_suffix})) add((folder / name).string(), out);
      }
      continue;
    }
    for (fs::recursive_directory_iterator at(path, problem), end; !problem && at != end;
         at.increment(problem)) {
      const std::string name = at->path().string();
      if (ends_in_any(name, {policy_suffix, overlay_suffix, cases_suffix})) add(name, out);
    }
  }
  return out;
}

void watcher::look() { seen_ = take(); }

std::vector<std::string> watcher::wait() {
  while (!stopped()) {
    prints now = take();
    if (now == seen_) {
      sleep(between_looks);
      continue;
    }
    // An editor writes in steps, and may take the file away in between.
    for (int i = 0; i < most_to_settle && !stopped(); ++i) {
      sleep(to_settle);
      prints next = take();
      if (next == now) break;
      now = std::move(next);
    }
    auto changed = differences(seen_, now);
    seen_ = std::move(now);
    if (!changed.empty()) return changed;
  }
  return {};
}

std::vector<std::string> watcher::differences(const prints& before, const prints& now) {
  std::set<std::string> out;
  for (const auto& [file, found] : now) {
    const auto was = before.find(file);
    if (was == before.end() || was->second != found) out.insert(file);
  }
  for (const auto& [file, was] : before) {
    if (!now.contains(file)) out.insert(file);
  }
  return {out.begin(), out.end()};
}

}  // namespace leeway::cli
