// SPDX-License-Identifier: Apache-2.0
// Waits until files change.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace leeway::cli {

/// Watches files, and the policies, overlays and cases in folders, by looking at them several times
/// a second: that works on every file system, and with editors that replace a file by another.
class watcher {
 public:
  /// Files are watched by name, with the policies and overlays beside them; folders with all below.
  explicit watcher(std::vector<std::string> paths);

  /// Looks, so that `wait` tells what changed since. Before the files are read: what changes while
  /// they are is not missed.
  void look();
  /// Waits for a change, and until it is finished. The names of what changed, sorted; empty when
  /// the wait was stopped by a signal (see `stop_on_signals`).
  std::vector<std::string> wait();
  std::size_t size() const { return seen_.size(); }

  /// From now on SIGINT and SIGTERM stop the wait; a second one ends the program.
  static void stop_on_signals();
  static bool stopped();

 private:
  /// What tells one content of a file from another without reading it.
  struct print {
    std::uint64_t device{};
    std::uint64_t number{};
    std::int64_t size{};
    std::int64_t seconds{};
    std::int64_t nanos{};
    friend bool operator==(const print&, const print&) = default;
  };
  using prints = std::map<std::string, print>;
  prints take() const;
  static std::vector<std::string> differences(const prints& before, const prints& now);
  static void add(const std::string& file, prints& to);

  std::vector<std::string> paths_;
  prints seen_{};
};

}  // namespace leeway::cli
