// SPDX-License-Identifier: Apache-2.0
#include "cli/requests.hpp"

#include "cli/case_file.hpp"
#include "cli/policies.hpp"
#include "cli/terminal.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <string>
#include <utility>

namespace leeway::cli {

void add_request_options(CLI::App& command, request_options& options, const std::string& more) {
  command.add_option("REQUEST", options.requests,
                     "Files with one request or JSON Lines; `-` or none: standard input" + more);
  command
      .add_option("--policy", options.policies,
                  "The policy; several: the one a request names, or the latest that has begun")
      ->required()
      ->take_all()
      ->allow_extra_args(false);  // what follows the one value is a request
  command
      .add_option("--overlay", options.overlays,
                  "An overlay (leeway-overlay/1) of the policy it is for; may be repeated")
      ->allow_extra_args(false);
  command
      .add_option("--suspend", options.suspended,
                  "Switch a policy off: ID, or ID@VERSION; what it would decide is denied")
      ->allow_extra_args(false);
}

bool request_run::load(const request_options& options) {
  policy_files files;
  if (!files.load_all(options.policies, to_)) return false;
  if (!files.overlay(options.overlays, to_)) return false;
  bool good = true;
  for (const loaded_policy& one : files.all()) {
    if (auto added = at_hand_.add(one.policy); !added) {
      for (diagnostic& problem : added.error()) problem.file = one.file;
      to_.err(added.error());
      good = false;
    }
  }
  for (const std::string& name : options.suspended) good = suspend(name) && good;
  return good;
}

bool request_run::suspend(const std::string& name) {
  // An id has no `@`, so the first one parts it from the version.
  const auto sign = name.find('@');
  const bool one_version = sign != std::string::npos;
  const std::string version = one_version ? name.substr(sign + 1) : std::string{};
  // To the set an empty version means every one.
  const bool meant = !(one_version && version.empty()) &&
                     at_hand_.suspend(policy_id(name.substr(0, sign)), version,
                                      "suspended when the program was started");
  if (!meant) {
    to_.complain("no policy at hand is `" + printable(name) + "`, which was to be suspended");
  }
  return meant;
}

bool request_run::each(const std::vector<std::string>& files, const answerer& answer) {
  return all_of(files, [&](const request& r, const input& in, const piece& from) {
    const auto chosen = at_hand_.choose(r);
    if (!chosen) return result<bool, diagnostics>(fail(chosen.error()));
    auto found = chosen->check(r);
    if (found.has_errors()) return result<bool, diagnostics>(fail(std::move(found)));
    warn(placed(std::move(found), in, from));
    return answer(*chosen, r);
  });
}

bool request_run::each_of_desk(const std::vector<std::string>& files, const desk_answerer& answer) {
  return all_of(files, [&](const request& r, const input& in, const piece& from) {
    const auto chosen = at_hand_.choose(r);
    auto found = chosen ? chosen->check(r) : diagnostics{};
    if (!found.has_errors()) warn(placed(std::move(found), in, from));
    return answer(r);
  });
}

bool request_run::all_of(const std::vector<std::string>& files, const work& what) {
  if (files.empty()) return go_over("-", what);
  for (const std::string& file : files) {
    if (!go_over(file, what)) return false;
  }
  return true;
}

bool request_run::go_over(const std::string& file, const work& what) {
  auto opened = input::open(file);
  if (!opened) {
    to_.complain(printable(opened.error().message));
    ++invalid_;
    return true;
  }
  opened->before_waiting([this] { to_.flush(); });
  document_stream stream(*opened);
  while (const auto next = stream.next()) {
    progress_.step(*opened);
    if (!one(*opened, *next, what)) return false;
  }
  if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
  return opened->trouble().empty();
}

bool request_run::one(const input& in, const piece& from, const work& what) {
  if (from.too_long) return refuse(too_long(in, from), in, from);
  // The request of a test case is one too, so that a case can be decided and explained.
  auto of_case = request_of_case(from.text, in.name(), std::to_string(from.line));
  auto asked = of_case ? *std::move(of_case) : read_(from.text, in.name());
  if (!asked) return refuse(std::move(asked).error(), in, from);
  auto goes_on = what(*asked, in, from);
  if (!goes_on) return refuse(std::move(goes_on).error(), in, from);
  if (!*goes_on) return false;
  ++answered_;
  return !to_.failed();
}

bool request_run::refuse(diagnostics why, const input& in, const piece& from) {
  ++invalid_;
  to_.err(from.too_long ? why : placed(std::move(why), in, from));
  return true;
}

/// Each warning once: a stream repeats its mistakes on every line.
void request_run::warn(const diagnostics& found) {
  constexpr std::size_t most = 100;
  for (const diagnostic& one : found) {
    // Messages echo the request, and may be as long as it.
    if (warned_.size() < most && warned_.insert(one.message.substr(0, 200)).second) {
      to_.err(diagnostics(one));
    }
  }
}

bool request_run::all_answered() {
  if (answered_ + invalid_ == 0) to_.complain("no request given");
  return invalid_ == 0 && answered_ != 0;
}

}  // namespace leeway::cli
