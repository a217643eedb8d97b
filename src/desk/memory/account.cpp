// SPDX-License-Identifier: Apache-2.0
#include "desk/memory/account.hpp"

#include <algorithm>

namespace leeway {

balance memory_account::read(instant from) {
  move_to(from);
  balance out{.minor = minor_, .count = count_, .unsure = unsure_};
  if (!amounts_.empty()) out.greatest = *amounts_.rbegin();
  const auto first = counting_.lower_bound({from_, {}});
  if (first != counting_.end()) {
    out.oldest = first->first;
    out.newest = counting_.rbegin()->first;
  }
  return out;
}

void memory_account::set(const entry_change& change) {
  const auto before = by_act_.find(change.act.str());
  if (before != by_act_.end()) {
    forget({before->second, change.act.str()});
    by_act_.erase(before);
  }
  if (!change.present) return;
  const place at{change.at, change.act.str()};
  const entry e{.minor = change.minor, .counts = change.counts, .unsure = change.unsure};
  entries_.emplace(at, e);
  by_act_.emplace(change.act.str(), change.at);
  if (e.counts) {
    counting_.insert(at);
    ever_ += e.minor;
  }
  if (change.at >= from_) add(e, 1);
}

// The edge of a window of months can also go back, over the ends of months; so can this.
void memory_account::move_to(instant from) {
  const instant low = std::min(from, from_);
  const instant high = std::max(from, from_);
  const int sign = from > from_ ? -1 : 1;
  const auto end = entries_.lower_bound({high, {}});
  for (auto at = entries_.lower_bound({low, {}}); at != end; ++at) add(at->second, sign);
  from_ = from;
}

void memory_account::add(const entry& e, int sign) {
  if (e.unsure) unsure_ += sign;
  if (!e.counts) return;
  count_ += sign;
  minor_ += sign * e.minor;
  if (sign > 0) {
    amounts_.insert(e.minor);
  } else {
    amounts_.erase(amounts_.find(e.minor));
  }
}

void memory_account::forget(const place& at) {
  const auto found = entries_.find(at);
  if (found == entries_.end()) return;
  if (at.first >= from_) add(found->second, -1);
  if (found->second.counts) ever_ -= found->second.minor;
  counting_.erase(at);
  entries_.erase(found);
}

}  // namespace leeway
