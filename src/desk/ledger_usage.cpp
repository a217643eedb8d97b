// SPDX-License-Identifier: Apache-2.0
#include "desk/ledger_usage.hpp"

#include <leeway/base/checked.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace leeway {
namespace {

account_query query_for(const usage_counter& counter, const policy& under, const digest& account,
                        instant at) {
  return {.account = account,
          .from = counter.window.first(at, under.zone()),
          .greatest = counter.take == take::max};
}

std::optional<money> joined(const std::optional<money>& own, const std::optional<money>& held,
                            bool max, bool& at_least) {
  if (!own || !held) return own;
  if (max) return own->minor() < held->minor() ? held : own;
  if (const auto sum = checked_add(*own, *held)) return sum;
  at_least = true;
  return own->minor() < held->minor() ? held : own;
}

/// What the request brings along and what the ledger holds, together. What is not known of the one
/// is not known of both.
usage_value joined(const usage_value& own, const usage_value& held, bool max) {
  usage_value out = own;
  out.at_least = own.at_least || held.at_least;
  out.amount = joined(own.amount, held.amount, max, out.at_least);
  if (own.count && held.count) {
    const auto sum = checked_add(*own.count, *held.count);
    out.count = sum ? sum : std::nullopt;
  }
  if (own.last_at || own.count) out.last_at = std::max(own.last_at, held.last_at);
  if (!out.resets || (held.resets && *held.resets < *out.resets)) out.resets = held.resets;
  return out;
}

}  // namespace

usage_value usage_in(const balance& b, const usage_counter& counter, const policy& under,
                     instant at) {
  usage_value out;
  const std::int64_t minor = counter.take == take::max ? b.greatest.value_or(0) : b.minor;
  out.amount = money(minor, under.money_currency());
  out.count = b.count;
  out.last_at = b.newest;
  if (b.oldest) out.resets = counter.window.leaves(*b.oldest, at, under.zone());
  out.at_least = b.unsure > 0;
  return out;
}

balance together(const balance& own, const balance& unplaced, const usage_counter& counter) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  balance out = own;
  out.unsure = checked_add(own.unsure, unplaced.unsure).value_or(most);
  if (!is_limit(counter)) return out;
  out.minor = checked_add(own.minor, unplaced.minor).value_or(most);
  out.count = checked_add(own.count, unplaced.count).value_or(most);
  if (unplaced.oldest)
    out.oldest = std::min(own.oldest.value_or(*unplaced.oldest), *unplaced.oldest);
  if (unplaced.newest)
    out.newest = std::max(own.newest.value_or(*unplaced.newest), *unplaced.newest);
  return out;
}

ledger_usage::ledger_usage(const book_entry& under, const request& proposal, account_names& names,
                           account_list& accounts) {
  // Both lists hold every counter, by id.
  std::vector<usage_key> keys = under.under.usage_needed(proposal);
  const auto& counters = under.counts.counters();
  for (std::size_t i = 0; i < keys.size() && i < counters.size(); ++i) {
    if (!keys[i].missing.empty()) continue;
    part one{.key = std::move(keys[i]), .counter = &counters[i]};
    const digest account = names.of(counters[i].definition, one.key.keys);
    one.account = accounts.add(query_for(counters[i], under.under, account, proposal.at));
    // What lacks a part of the key is rare, and read by everybody: nobody waits for it.
    account_query lost = query_for(counters[i], under.under, under.unplaced[i], proposal.at);
    lost.is_protected = false;
    one.unplaced = accounts.add(lost);
    parts_.push_back(std::move(one));
  }
}

usage_value ledger_usage::value_of(const part& p, const book_entry& under, instant at,
                                   const account_list& accounts) const {
  const balance both = together(accounts.at(p.account), accounts.at(p.unplaced), *p.counter);
  usage_value out = usage_in(both, *p.counter, under.under, at);
  out.keys = p.key.keys;
  return out;
}

usage ledger_usage::read(const book_entry& under, const request& proposal,
                         const account_list& accounts, opening before,
                         const std::set<std::string>& known) const {
  usage out;
  const bool brings_nothing = (!proposal.history || proposal.history->empty()) &&
                              proposal.usage.empty() && !proposal.history_since;
  if (brings_nothing && (proposal.history || before == opening::empty)) {
    for (const part& p : parts_) out.set(p.key.id, value_of(p, under, proposal.at, accounts));
    return out;
  }
  request own = proposal;
  if (!own.history && before == opening::empty) own.history.emplace();
  if (own.history) {
    std::erase_if(*own.history, [&](const auto& entry) { return known.contains(entry.id); });
  }
  out = under.under.usage_of(own);
  for (const part& p : parts_) {
    usage_value held = value_of(p, under, proposal.at, accounts);
    const usage_value* mine = out.find(p.key.id);
    if (mine == nullptr) {
      // The past is not known, but what the ledger holds is: a lower bound may refuse.
      held.at_least = true;
      out.set(p.key.id, std::move(held));
    } else {
      out.set(p.key.id, joined(*mine, held, p.counter->take == take::max));
    }
  }
  return out;
}

void add_accounts_of_act(const book& of, const request& proposal, account_names& names,
                         account_list& accounts) {
  for (std::size_t i = 0; i < of.entries().size(); ++i) {
    const book_entry& entry = of.entries()[i];
    const auto& counters = entry.counts.counters();
    const auto concerns = [&](std::size_t c) {
      if (!of.counts_first(i, c) || !entry.counts.may_count(c, proposal.action.kind)) return false;
      return counters[c].kind != usage_kind::discretion || proposal.discretion;
    };
    bool any = false;
    for (std::size_t c = 0; c < counters.size(); ++c) any = any || concerns(c);
    if (!any) continue;
    const std::vector<usage_key> keys = entry.under.usage_needed(proposal);
    for (std::size_t c = 0; c < counters.size() && c < keys.size(); ++c) {
      if (!concerns(c)) continue;
      const digest account = keys[c].missing.empty()
                                 ? names.of(counters[c].definition, keys[c].keys)
                                 : entry.unplaced[c];
      accounts.add(query_for(counters[c], entry.under, account, proposal.at));
    }
  }
}

}  // namespace leeway
