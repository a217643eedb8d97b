// SPDX-License-Identifier: Apache-2.0
#include "desk/entry_book.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace leeway {
namespace {

bool may_count(const history_entry& entry, const usage_key& key) {
  return std::ranges::all_of(key.keys, [&](const auto& part) {
    const auto found = entry.keys.find(part.first);
    return found == entry.keys.end() || found->second == part.second;
  });
}

}  // namespace

void entry_book::add(history_entry entry) {
  const std::size_t at = entries_.size();
  for (const auto& [fact, text] : entry.keys) {
    const auto [carried, is_new] = by_fact_.try_emplace(fact);
    if (is_new) {
      carried->second.without.resize(at);
      std::iota(carried->second.without.begin(), carried->second.without.end(), std::size_t{0});
    }
    carried->second.by_value[text].push_back(at);
  }
  for (auto& [fact, carried] : by_fact_) {
    if (!entry.keys.contains(fact)) carried.without.push_back(at);
  }
  entries_.push_back(std::move(entry));
}

void entry_book::collect(const usage_key& key, positions& out) const {
  // The fact that leaves the fewest entries to look at.
  const positions* having = nullptr;
  const positions* without = nullptr;
  std::size_t fewest = entries_.size();
  static const positions none_have{};
  for (const auto& [fact, text] : key.keys) {
    const auto carried = by_fact_.find(fact);
    if (carried == by_fact_.end()) continue;
    const auto found = carried->second.by_value.find(text);
    const positions& same = found == carried->second.by_value.end() ? none_have : found->second;
    const std::size_t count = same.size() + carried->second.without.size();
    if (count > fewest || (count == fewest && having != nullptr)) continue;
    fewest = count;
    having = &same;
    without = &carried->second.without;
  }
  const auto add = [&](std::size_t at) {
    if (may_count(entries_[at], key)) out.push_back(at);
  };
  if (having == nullptr) {
    for (std::size_t at = 0; at < entries_.size(); ++at) add(at);
    return;
  }
  std::ranges::for_each(*having, add);
  std::ranges::for_each(*without, add);
}

std::vector<history_entry> entry_book::that_may_count(const std::vector<usage_key>& keys) const {
  positions found;
  for (const usage_key& key : keys) collect(key, found);
  std::ranges::sort(found);
  const auto repeats = std::ranges::unique(found);
  found.erase(repeats.begin(), repeats.end());
  std::vector<history_entry> out;
  out.reserve(found.size());
  for (const std::size_t at : found) out.push_back(entries_[at]);
  return out;
}

}  // namespace leeway
