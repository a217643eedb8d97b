// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run.hpp"

#include "cli/render.hpp"
#include "cli/terminal.hpp"
#include "engine/evaluate.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

std::string as_text(const failed_case& one, const terminal& to) {
  std::string out = fmt::format("{}:{}: {} {}\n", printable(one.file), one.line,
                                to.painted("failed", paint::red), printable(one.name));
  for (const difference& d : one.found) {
    out += fmt::format("  {}: expected {}, found {}\n", d.what, printable(d.expected),
                       printable(d.found));
  }
  for (const std::string& hint : one.hints) out += fmt::format("  {}\n", printable(hint));
  for (const std::string& reason : one.reasons) out += fmt::format("    {}\n", reason);
  return out + '\n';
}

}  // namespace

bool test_run::run(const suite& s) {
  auto opened = input::open(s.cases);
  if (!opened) {
    to_.complain(printable(opened.error().message));
    return false;
  }
  while (const auto line = opened->next_line()) {
    const auto start = line->text.find_first_not_of(" \t");
    if (start == std::string::npos) continue;
    progress_.step(*opened);
    run(s, *opened, *line);
    if (to_.failed()) return false;
  }
  if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
  return opened->trouble().empty();
}

void test_run::run(const suite& s, const input& in, const piece& line) {
  if (line.too_long) return refuse(too_long(in, line));
  auto read = read_case(line.text, in.name(), std::to_string(line.line));
  if (!read) return refuse(placed(std::move(read).error(), in, line));
  if (!asked_for(*read)) {
    ++left_out_;
    return;
  }
  const bool names_one = !read->request.policy.empty() || !read->request.policy_version.empty();
  result<const loaded_policy*, diagnostics> chosen =
      s.usual != nullptr && !names_one ? s.usual : choose(s.policies, read->request);
  if (!chosen) return refuse(placed(std::move(chosen).error(), in, line));
  const loaded_policy* under = read->overlays.empty() ? *chosen : overlaid(s, **chosen, *read);
  if (under == nullptr) {
    ++invalid_;
    return to_.complain(
        fmt::format("{}:{}: its overlays are refused", printable(in.name()), line.line));
  }
  decide(*under, *read, in, line);
  if (under != *chosen) share(**chosen, *under);
}

/// The policy with the overlays a case names; nullptr: they were refused.
const loaded_policy* test_run::overlaid(const suite& s, const loaded_policy& base,
                                        const test_case& one) {
  const fs::path folder = fs::path(s.cases).parent_path();
  std::string name = base.file;
  std::vector<std::string> files;
  for (const std::string& file : one.overlays) {
    files.push_back((folder / file).string());
    name += " + " + file;
  }
  const auto [known, added] = overlaid_.try_emplace(name);
  if (added) {
    if (auto made = cli::overlaid(base.policy, files, to_)) {
      known->second.emplace(loaded_policy{name, *std::move(made)});
    }
  }
  return known->second ? &*known->second : nullptr;
}

/// What was reached under an overlay was reached of the policy, too.
void test_run::share(const loaded_policy& base, const loaded_policy& under) {
  policy_report& report = reports_[under.file];
  report.without = &base;
  policy_report& of_base = reports_[base.file];
  of_base.policy = &base;
  for (const auto& [id, bits] : report.seen.seen) {
    auto& to = of_base.seen.seen[id];
    to = static_cast<std::uint8_t>(to | bits);
  }
}

void test_run::decide(const loaded_policy& under, const test_case& one, const input& in,
                      const piece& line) {
  const policy& p = under.policy;
  policy_report& report = reports_[under.file];
  report.policy = &under;
  decision d;
  engine::decide_traced(p.impl(), one.request, p.usage_of(one.request), decide_options{},
                        &report.seen, nullptr, d);
  if (!d.discretion.empty()) report.seen.mark(d.discretion, engine::seen_true);
  auto found = differences(one.expect, d);
  (found.empty() ? report.passed : report.failed) += 1;
  if (found.empty()) return;
  failed_case failed{.file = in.name(),
                     .line = line.line,
                     .id = one.request.id.str(),
                     .name = one.name,
                     .found = std::move(found)};
  for (const finding& f : d.findings) failed.reasons.push_back(describe(f));
  failed.hints = slips(one.expect, p.document());
  tell(std::move(failed));
}

// At once, and kept only as far as a report in JSON asks: a stream of cases has no end.
void test_run::tell(failed_case failed) {
  constexpr std::size_t most = 1000;
  if (options_.format != "json") {
    to_.out(as_text(failed, to_));
  } else if (failures_.size() < most) {
    failures_.push_back(std::move(failed));
  }
}

bool test_run::asked_for(const test_case& one) const {
  const std::string& text = options_.filter;
  return text.empty() || one.name.find(text) != std::string::npos ||
         one.request.id.str().find(text) != std::string::npos;
}

void test_run::refuse(const diagnostics& why) {
  ++invalid_;
  to_.err(why);
}

}  // namespace leeway::cli
