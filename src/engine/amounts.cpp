// SPDX-License-Identifier: Apache-2.0
#include "engine/amounts.hpp"

#include "engine/budgets.hpp"
#include "engine/candidates.hpp"
#include "engine/discretion.hpp"
#include "engine/grants.hpp"
#include "engine/rules.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>

namespace leeway::engine {
namespace {

// More than any policy bounds, and far from where sums run over.
constexpr std::int64_t plenty = 1'000'000'000'000'000;

bool reads_amount(const code_ptr& code) { return code != nullptr && code->reads_amount(); }

// Joins approved amounts to ranges. Between two candidates nothing changes but where arithmetic
// runs over, so a border that does lie between two of them is looked for by halves.
class ranges_of {
 public:
  explicit ranges_of(const context& c) : c_(c) {
    digests_ =
        std::ranges::any_of(c.req.signoffs, [](const auto& s) { return s.request.has_value(); });
  }

  std::vector<amount_range> over(const std::vector<std::int64_t>& ascending) {
    std::optional<std::int64_t> before;
    for (auto minor : ascending) {
      const bool good = approved(minor);
      if (good) {
        begin(before, minor);
      } else if (from_) {
        end(holds_until(*before, minor));
      }
      before = minor;
    }
    if (from_) out_.push_back({amount(*from_), {}});
    return std::move(out_);
  }

 private:
  money amount(std::int64_t minor) const { return {minor, c_.policy.money_currency}; }
  bool approved(std::int64_t minor) const { return would_approve(c_, amount(minor)); }

  void begin(const std::optional<std::int64_t>& before, std::int64_t minor) {
    if (from_ && digests_ && minor - *before > 1 && !approved(*before + 1)) {
      // A sign-off for one exact amount made the candidate before good, and nothing else.
      end(*before);
    }
    if (from_) return;
    from_ = before && !digests_ ? holds_from(*before, minor) : minor;
  }
  void end(std::int64_t last) {
    out_.push_back({amount(*from_), amount(last)});
    from_.reset();
  }

  std::int64_t holds_until(std::int64_t good, std::int64_t bad) const {
    if (digests_) return good;
    while (bad - good > 1) {
      const auto middle = good + (bad - good) / 2;
      (approved(middle) ? good : bad) = middle;
    }
    return good;
  }
  std::int64_t holds_from(std::int64_t bad, std::int64_t good) const {
    while (good - bad > 1) {
      const auto middle = bad + (good - bad) / 2;
      (approved(middle) ? good : bad) = middle;
    }
    return good;
  }

  const context& c_;
  bool digests_{};
  std::optional<std::int64_t> from_{};
  std::vector<amount_range> out_{};
};

}  // namespace

std::vector<std::int64_t> thresholds(const context& c, const due_state& due) {
  std::vector<std::int64_t> out;
  grant_candidates(c, out);
  rule_candidates(c, out);
  budget_candidates(c, due, out);
  discretion_candidates(c, out);
  if (due.due) out.push_back(due.due->minor());
  for (const auto& s : c.req.signoffs) {
    if (s.amount) out.push_back(s.amount->minor());
  }
  return out;
}

bool denied_at_any_amount(const context& c, const evaluated& what) {
  if (c.req.discretion) return false;
  return std::ranges::any_of(what.findings, [&](const finding& f) {
    if (f.code != reason_code::rule_denies) return false;
    const auto* rule = c.policy.find_rule(f.rule);
    return rule != nullptr && !reads_amount(rule->when) && !reads_amount(rule->unless);
  });
}

std::optional<money> largest_approved(const context& c, const evaluated& what, std::int64_t lowest,
                                      std::int64_t highest) {
  if (lowest > highest || denied_at_any_amount(c, what)) return std::nullopt;
  candidates tries(thresholds(c, what.due), lowest, highest);
  for (auto minor : tries.descending()) {
    money amount(minor, c.policy.money_currency);
    if (would_approve(c, amount)) return amount;
  }
  return std::nullopt;
}

std::vector<amount_range> approved_amounts(const context& c, const evaluated& what) {
  if (denied_at_any_amount(c, what)) return {};
  amount_guard guard(c);
  auto near = thresholds(c, what.due);
  if (c.req.action.amount) near.push_back(c.req.action.amount->minor());
  std::int64_t highest = plenty;
  for (auto t : near) highest = std::max(highest, checked_add(t, std::int64_t{2}).value_or(t));
  auto tries = candidates(near, 1, highest).descending();
  std::reverse(tries.begin(), tries.end());
  return ranges_of(c).over(tries);
}

amount_reach reach_of(const std::vector<amount_range>& ranges) {
  if (ranges.empty()) return {};
  return {.unlimited = !ranges.back().to, .amount = ranges.back().to};
}

}  // namespace leeway::engine
