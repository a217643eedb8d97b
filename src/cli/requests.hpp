// SPDX-License-Identifier: Apache-2.0
// Goes over the requests of a run, each with the policy that is meant by it.
#pragma once

#include "cli/input.hpp"
#include "cli/progress.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/policy_set.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace leeway::cli {

class terminal;

/// What a verb that answers requests is given.
struct request_options {
  std::vector<std::string> policies{};
  std::vector<std::string> overlays{};
  std::vector<std::string> suspended{};  ///< `ID` or `ID@VERSION`
  std::vector<std::string> requests{};   ///< files; none: standard input
};

/// Adds `REQUEST`, `--policy`, `--overlay` and `--suspend`. `more` is told of `REQUEST`, too.
void add_request_options(CLI::App& command, request_options& options, const std::string& more = "");

/// The requests of files (or standard input), for verbs that answer each on its own.
class request_run {
 public:
  using reader = std::function<result<request, diagnostics>(std::string_view, std::string_view)>;
  /// Answers one request. False: the run cannot go on; diagnostics: the request is refused.
  using answerer = std::function<result<bool, diagnostics>(const policy&, const request&)>;
  /// The same, of a desk: it says itself under which policy, and what is wrong with a request.
  using desk_answerer = std::function<result<bool, diagnostics>(const request&)>;

  request_run(terminal& to, reader read)
      : to_(to), read_(std::move(read)), progress_(to, "requests") {}

  /// Loads policies, adds overlays and switches some off. False: one is not good, and was reported.
  bool load(const request_options& options);
  /// Adds a policy that is in no file.
  void add(const policy& one) { static_cast<void>(at_hand_.add(one)); }
  std::vector<policy> policies() const { return at_hand_.all(); }
  /// False: the run could not go on. What is wrong with a request is reported, and the next read.
  bool each(const std::vector<std::string>& files, const answerer& answer);
  bool each_of_desk(const std::vector<std::string>& files, const desk_answerer& answer);

  std::size_t answered() const { return answered_; }
  /// Whether every request was answered, and there was one; says so where there was none.
  bool all_answered();

 private:
  bool suspend(const std::string& name);
  /// What to do with one request, and where it is from.
  using work = std::function<result<bool, diagnostics>(const request&, const input&, const piece&)>;

  bool all_of(const std::vector<std::string>& files, const work& what);
  bool go_over(const std::string& file, const work& what);
  bool one(const input& in, const piece& from, const work& what);
  bool refuse(diagnostics why, const input& in, const piece& from);
  void warn(const diagnostics& found);

  terminal& to_;
  reader read_;
  progress progress_;
  policy_set at_hand_{};
  std::set<std::string> warned_{};
  std::size_t answered_{};
  std::size_t invalid_{};
};

}  // namespace leeway::cli
