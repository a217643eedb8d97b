// SPDX-License-Identifier: Apache-2.0
#include "desk/entry_book.hpp"

#include <leeway/base/digest.hpp>
#include <leeway/desk/memory_desk.hpp>
#include <leeway/engine/json.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace leeway {
namespace {

failure<diagnostics> refused(std::string code, std::string message, std::string remedy) {
  return fail(diagnostics(diagnostic{
      .code = std::move(code), .message = std::move(message), .remedy = std::move(remedy)}));
}

bool takes_max(const policy& p, const rule_id& id) {
  const auto in = [&](const std::vector<measure_definition>& measures) {
    const auto found = std::ranges::find(measures, id, &measure_definition::id);
    return found != measures.end() && found->take == take::max;
  };
  return in(p.document().measures) ||
         std::ranges::any_of(p.document().overlays,
                             [&](const overlay_definition& o) { return in(o.measures); });
}

std::optional<money> joined(const std::optional<money>& stated, const std::optional<money>& held,
                            bool max) {
  if (!stated || !held) return stated;
  return max ? std::max(*stated, *held, [](money a, money b) { return a.minor() < b.minor(); })
             : checked_add(*stated, *held);
}

/// What the request states and what the ledger holds, together. What is not stated stays unknown.
usage_value joined(const usage_value& stated, const usage_value& held, bool max) {
  usage_value out = stated;
  out.amount = joined(stated.amount, held.amount, max);
  if (stated.count && held.count) {
    std::int64_t sum = 0;
    const bool overflow = __builtin_add_overflow(*stated.count, *held.count, &sum);
    out.count = overflow ? std::nullopt : std::optional(sum);
  }
  if (stated.last_at || stated.count) out.last_at = std::max(stated.last_at, held.last_at);
  if (!out.resets) out.resets = held.resets;
  return out;
}

/// What the caller repeats of the ledger is counted once, as the ledger has it.
void add(std::vector<history_entry>& history, const std::vector<history_entry>& held) {
  std::set<std::string_view> known;
  for (const history_entry& entry : held) known.insert(entry.id);
  std::erase_if(history, [&](const history_entry& entry) {
    return !entry.id.empty() && known.contains(entry.id);
  });
  history.insert(history.end(), held.begin(), held.end());
}

}  // namespace

struct memory_desk::books {
  struct decided {
    digest content{};
    request_id chain{};  ///< the first request of those that supersede each other
    leeway::decision decision{};
  };

  request_id chain_of(const request& r) const;

  mutable std::mutex mutex{};
  instant latest{instant::min()};
  entry_book ledger{};
  std::map<request_id, decided> decisions{};
  std::set<request_id> approved_chains{};
};

memory_desk::memory_desk(opening before) : before_(before), books_(std::make_unique<books>()) {}
memory_desk::~memory_desk() = default;

result<decision, diagnostics> memory_desk::decide(const policy& p, const request& r,
                                                  const decide_options& options) {
  if (r.id.empty()) {
    return refused("id_missing", "the request has no id",
                   "give every request an id of its own: proposing again under it is a retry");
  }
  diagnostics found = p.check(r);
  if (found.has_errors()) return fail(std::move(found));
  const digest content = digest::of(to_json(r));

  books& b = *books_;
  const std::lock_guard lock(b.mutex);
  if (const auto known = b.decisions.find(r.id); known != b.decisions.end()) {
    if (known->second.content == content) return known->second.decision;
    return refused("id_reused", "the id `" + r.id.str() + "` was used for another request",
                   "give a changed request a new id, and name the old one in `supersedes`");
  }
  request_id chain = b.chain_of(r);
  if (b.approved_chains.contains(chain) || b.approved_chains.contains(r.id)) {
    return refused("superseded_approved",
                   "a request that `" + r.id.str() +
                       "` supersedes, or that supersedes it, was approved already",
                   "only one of the requests that supersede each other may be approved");
  }

  request proposal = r;
  proposal.at = std::max(r.at, b.latest);
  // The version in force is still the one of the request's own instant.
  if (!proposal.as_of) proposal.as_of = r.at;
  const std::vector<history_entry> held = b.ledger.that_may_count(p.usage_needed(proposal));
  decision d = p.decide(proposal, usage_for(p, proposal, held), options);

  // INVARIANT: an approval is in the ledger before anybody hears of it.
  if (d.outcome == outcome::approve) {
    b.ledger.add(p.entry_of(proposal, d));
    b.approved_chains.insert(chain);
  }
  b.latest = proposal.at;
  b.decisions.emplace(r.id, books::decided{content, std::move(chain), d});
  return d;
}

std::size_t memory_desk::approved() const {
  const std::lock_guard lock(books_->mutex);
  return books_->ledger.size();
}

request_id memory_desk::books::chain_of(const request& r) const {
  request_id at = r.supersedes.empty() ? r.id : r.supersedes;
  // A request may name one that comes later, so a chain that was decided can be part of another.
  while (true) {
    const auto known = decisions.find(at);
    if (known == decisions.end() || known->second.chain == at) return at;
    at = known->second.chain;
  }
}

usage memory_desk::usage_for(const policy& p, const request& proposal,
                             const std::vector<history_entry>& held) const {
  request seen = proposal;
  if (!seen.history && before_ == opening::empty) seen.history.emplace();
  if (seen.history) add(*seen.history, held);
  usage out = p.usage_of(seen);
  if (proposal.usage.empty()) return out;

  // Stated usage speaks before history does, and knows nothing of this desk's approvals.
  seen.history = held;
  seen.history_since.reset();
  seen.usage.clear();
  const usage of_ledger = p.usage_of(seen);
  for (const auto& [name, stated] : proposal.usage) {
    const rule_id id(name);
    const usage_value* mine = out.find(id);
    const usage_value* added = of_ledger.find(id);
    if (mine == nullptr || added == nullptr) continue;
    out.set(id, joined(*mine, *added, takes_max(p, id)));
  }
  return out;
}

}  // namespace leeway
