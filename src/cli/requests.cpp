// SPDX-License-Identifier: Apache-2.0
#include "cli/requests.hpp"

#include "cli/case_file.hpp"
#include "cli/terminal.hpp"

#include <string>
#include <utility>

namespace leeway::cli {

bool request_run::load(const std::vector<std::string>& policies,
                       const std::vector<std::string>& suspended,
                       const std::vector<std::string>& overlays) {
  if (!policies_.load_all(policies, to_)) return false;
  if (!policies_.overlay(overlays, to_)) return false;
  if (!policies_.suspend(suspended, to_)) return false;
  bool good = true;
  for (const loaded_policy& one : policies_.all()) {
    if (auto added = at_hand_.add(one.policy); !added) {
      for (diagnostic& problem : added.error()) problem.file = one.file;
      to_.err(added.error());
      good = false;
    }
  }
  return good;
}

bool request_run::each(const std::vector<std::string>& files, const answerer& answer) {
  if (files.empty()) return go_over("-", answer);
  for (const std::string& file : files) {
    if (!go_over(file, answer)) return false;
  }
  return true;
}

bool request_run::go_over(const std::string& file, const answerer& answer) {
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
    if (!one(*opened, *next, answer)) return false;
  }
  if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
  return opened->trouble().empty();
}

bool request_run::one(const input& in, const piece& from, const answerer& answer) {
  if (from.too_long) return refuse(too_long(in, from), in, from);
  // The request of a test case is one too, so that a case can be decided and explained.
  auto of_case = request_of_case(from.text, in.name(), std::to_string(from.line));
  auto asked = of_case ? *std::move(of_case) : read_(from.text, in.name());
  if (!asked) return refuse(std::move(asked).error(), in, from);
  const auto chosen = at_hand_.choose(*asked);
  if (!chosen) return refuse(chosen.error(), in, from);
  auto found = chosen->check(*asked);
  if (found.has_errors()) return refuse(std::move(found), in, from);
  warn(placed(std::move(found), in, from));
  auto goes_on = answer(*chosen, *asked);
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
