// SPDX-License-Identifier: Apache-2.0
#include "cli/test_report.hpp"

#include "base/json/writer.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace leeway::cli {
namespace {

using nlohmann::ordered_json;

/// Of a policy with overlays of its cases only theirs: the policy's own stand with it.
std::vector<branch> reported_branches(const policy_report& report) {
  const policy_document& document = report.policy->policy.document();
  if (report.without == nullptr) return branches_of(document, report.seen);
  const auto& own = report.without->policy.document().overlays;
  std::vector<branch> out;
  for (const overlay_definition& o : document.overlays) {
    if (std::ranges::find(own, o.id, &overlay_definition::id) != own.end()) continue;
    for (branch& one : branches_of(o, report.seen)) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

summary summarise(const test_run& run) {
  summary out;
  out.invalid = run.invalid();
  for (const auto& [file, report] : run.reports()) {
    summary::of_policy one{report, reported_branches(report)};
    out.passed += report.passed;
    out.failed += report.failed;
    for (const covered kind : all_covered) out.things[kind] += things(one.branches, kind);
    out.branches += branch_tally(one.branches);
    out.policies.push_back(std::move(one));
  }
  return out;
}

namespace {

ordered_json tree_of(const tally& t) { return {{"reached", t.reached}, {"all", t.all}}; }

ordered_json tree_of(const summary::of_policy& one) {
  ordered_json out = ordered_json::object();
  out["file"] = one.file();
  out["id"] = one.report.policy->policy.id().str();
  out["version"] = one.report.policy->policy.version();
  out["cases"] = one.report.passed + one.report.failed;
  out["passed"] = one.report.passed;
  out["failed"] = one.report.failed;
  for (const covered kind : all_covered) {
    out["coverage"][std::string(plural_of(kind))] = tree_of(things(one.branches, kind));
  }
  out["coverage"]["branches"] = tree_of(branch_tally(one.branches));
  out["not_reached"] = ordered_json::array();
  for (const branch& b : one.branches) {
    if (b.reached) continue;
    out["not_reached"].push_back({{"id", b.id}, {"branch", std::string(b.way)}});
  }
  return out;
}

ordered_json tree_of(const failed_case& one) {
  ordered_json out = {{"file", one.file}, {"line", one.line}, {"id", one.id}, {"name", one.name}};
  out["differences"] = ordered_json::array();
  for (const difference& d : one.found) {
    out["differences"].push_back({{"what", d.what}, {"expected", d.expected}, {"found", d.found}});
  }
  if (!one.hints.empty()) out["hints"] = one.hints;
  out["reasons"] = one.reasons;
  return out;
}

std::string as_json(const test_run& run, const summary& s) {
  ordered_json out = ordered_json::object();
  out["policies"] = ordered_json::array();
  for (const auto& one : s.policies) out["policies"].push_back(tree_of(one));
  out["failures"] = ordered_json::array();
  for (const auto& one : run.failures()) out["failures"].push_back(tree_of(one));
  out["cases"] = s.passed + s.failed;
  out["passed"] = s.passed;
  out["failed"] = s.failed;
  out["invalid"] = s.invalid;
  if (run.left_out() != 0) out["left_out"] = run.left_out();
  out["coverage"] = tree_of(s.branches);
  out["coverage"]["percent"] = s.percent();
  return json::dump_pretty(out);
}

std::string not_reached(const summary& s) {
  std::string out;
  for (const auto& one : s.policies) {
    for (const branch& b : one.branches) {
      if (b.reached) continue;
      if (out.empty()) out = "\nno case reaches\n";
      out += fmt::format("  {}: {} {}\n", printable(one.file()), printable(b.id), b.way);
    }
  }
  return out;
}

std::string table(const summary& s) {
  std::size_t width = 6;
  for (const auto& one : s.policies) width = std::max(width, printable(one.file()).size());
  std::string out = fmt::format("{:{}}  cases  passed  failed  branches\n", "policy", width);
  for (const auto& one : s.policies) {
    const tally branches = branch_tally(one.branches);
    out += fmt::format("{:{}}  {:5}  {:6}  {:6}  {:>8}\n", printable(one.file()), width,
                       one.report.passed + one.report.failed, one.report.passed, one.report.failed,
                       fmt::format("{}/{}", branches.reached, branches.all));
  }
  return out;
}

std::string last_line(const summary& s) {
  std::string out =
      fmt::format("{} cases, {} passed, {} failed", s.passed + s.failed, s.passed, s.failed);
  if (s.invalid != 0) out += fmt::format(", {} invalid", s.invalid);
  std::string between = "; ";
  for (const auto& [kind, t] : s.things) {
    if (t.all == 0) continue;
    out += fmt::format("{}{} {}/{}", between, plural_of(kind), t.reached, t.all);
    between = ", ";
  }
  return out + fmt::format("{}branches {}/{}, each condition as a whole\n", between,
                           s.branches.reached, s.branches.all);
}

}  // namespace

void report(const test_options& options, const test_run& run, const summary& s, terminal& to) {
  if (options.format == "json") {
    to.out(as_json(run, s));
    return;
  }
  // What some of the cases do not reach, the others may.
  to.out(table(s) + (options.filter.empty() ? not_reached(s) : "") + '\n' + last_line(s));
  if (run.left_out() != 0) {
    to.out(fmt::format("{} without `{}` left out\n", run.left_out(), printable(options.filter)));
  }
}

}  // namespace leeway::cli
