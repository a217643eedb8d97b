// SPDX-License-Identifier: Apache-2.0
#include "desk/book.hpp"

#include <leeway/engine/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace leeway {
namespace {

void put(std::string& to, std::string_view text) {
  to += std::to_string(text.size());
  to += ':';
  to += text;
}

std::string beginning(const digest& definition) {
  const auto& bytes = definition.bytes();
  return {bytes.begin(), bytes.end()};
}

using texts = std::map<std::string, std::string, std::less<>>;

void put(texts& to, const char* fact, const std::string& text) {
  if (!text.empty()) to.emplace(fact, text);
}
void put(texts& to, const char* fact, const std::optional<std::string>& text) {
  if (text) to.emplace(fact, *text);
}
void put(texts& to, const std::string& group, const attributes& facts) {
  for (const auto& [name, fact] : facts) {
    if (fact.is(value_kind::string)) to.emplace(group + name, fact.as_string());
  }
}

/// Every text that a request tells of, by the name of its fact.
texts texts_of(const request& r) {
  texts out;
  put(out, "agent.id", r.agent.id.str());
  put(out, "agent.role", r.agent.role.str());
  put(out, "agent.team", r.agent.team);
  put(out, "agent.department", r.agent.department);
  put(out, "agent.site", r.agent.site);
  put(out, "agent.", r.agent.attributes);
  put(out, "customer.id", r.customer.id.str());
  put(out, "customer.segment", r.customer.segment);
  put(out, "customer.", r.customer.attributes);
  put(out, "contact.id", r.contact.id.str());
  put(out, "contact.channel", r.contact.channel);
  put(out, "contact.reason", r.contact.reason);
  put(out, "contact.cause", r.contact.cause);
  put(out, "contact.", r.contact.attributes);
  put(out, "subject.id", r.subject.id.str());
  put(out, "subject.", r.subject.attributes);
  put(out, "action.", r.action.attributes);
  return out;
}

}  // namespace

digest account_of(const digest& definition, const usage_keys& keys) {
  std::string name = beginning(definition);
  for (const auto& [fact, text] : keys) {
    put(name, fact);
    put(name, text);
  }
  return digest::of(name);
}

digest account_names::of(const digest& definition, const usage_keys& keys) {
  for (const named& one : known_) {
    if (one.definition == definition && one.keys == keys) return one.account;
  }
  return known_.emplace_back(named{definition, keys, account_of(definition, keys)}).account;
}

digest unplaced_account_of(const digest& definition) {
  return digest::of(beginning(definition) + "unplaced");
}

bool is_limit(const usage_counter& c) { return c.kind != usage_kind::measure; }

std::optional<entry_change> entry_in(const digest& account, const usage_counter& counter,
                                     const counted_entry& one, const decision_id& act, instant at) {
  const bool limits = is_limit(counter);
  if (limits && !one.may_add) return std::nullopt;
  // What is only taken to count never makes room.
  const bool taken = limits && !one.counts;
  return entry_change{.account = account,
                      .act = act,
                      .at = at,
                      .minor = taken ? std::max<std::int64_t>(one.minor, 0) : one.minor,
                      .counts = one.counts || limits,
                      .unsure = limits ? !one.amount_known : one.unsure,
                      .greatest = counter.take == take::max};
}

bool is_kept_per_agent(const usage_counter& c) {
  const bool has_own = c.kind == usage_kind::budget || c.kind == usage_kind::grant;
  return has_own && std::ranges::any_of(
                        c.per, [](const std::string& fact) { return fact.starts_with("agent."); });
}

book::book(std::int64_t publications, std::vector<book_entry> entries)
    : publications_(publications), entries_(std::move(entries)) {
  std::set<digest> seen;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    policies_.push_back(entries_[i].under);
    by_digest_.emplace(entries_[i].stored.digest, i);
    auto& repeats = repeats_.emplace_back();
    for (const auto& fact : entries_[i].under.document().facts) {
      if (fact.protected_attribute) protected_.insert(fact.name);
    }
    const auto& counters = entries_[i].counts.counters();
    entries_[i].unplaced.clear();
    for (std::size_t c = 0; c < counters.size(); ++c) {
      entries_[i].unplaced.push_back(unplaced_account_of(counters[c].definition));
      if (!seen.insert(counters[c].definition).second) repeats.insert(c);
    }
  }
}

const book_entry* book::find(const digest& of) const {
  const auto found = by_digest_.find(of);
  return found == by_digest_.end() ? nullptr : &entries_[found->second];
}

bool book::counts_first(std::size_t entry, std::size_t counter) const {
  return !repeats_[entry].contains(counter);
}

postings book::of(const std::vector<history_entry>& act, const decision_id& id,
                  account_names& names) const {
  postings out;
  for (std::size_t view = 0; view < act.size(); ++view) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const book_entry& entry = entries_[i];
      for (const counted_entry& one : entry.counts.of(act[view])) {
        if (!counts_first(i, one.counter)) continue;
        const usage_counter& counter = entry.counts.counters()[one.counter];
        if (view != 0 && !is_kept_per_agent(counter)) continue;
        const digest account =
            one.placed ? names.of(counter.definition, one.keys) : entry.unplaced[one.counter];
        const auto change = entry_in(account, counter, one, id, act[view].at);
        if (!change) continue;
        out.try_emplace(
            account,
            posting{
                .account = account, .under = &entry.under, .counter = &counter, .entry = *change});
      }
    }
  }
  return out;
}

void book::complete(history_entry& act, const request& r, const decision& d,
                    const policy& under) const {
  for (const book_entry& entry : entries_) {
    if (entry.stored.digest == under.digest()) continue;
    for (auto& [fact, text] : entry.under.entry_of(r, d).keys) act.keys.try_emplace(fact, text);
  }
  for (auto& [fact, text] : texts_of(r)) {
    if (!protected_.contains(fact)) act.keys.try_emplace(fact, text);
  }
}

std::string act_text(const std::vector<history_entry>& act) {
  // A request is the form in which history is written and read, so it carries the act.
  request carrier;
  carrier.history = act;
  return to_json(carrier);
}

std::optional<std::vector<history_entry>> act_of(const std::string& text) {
  auto carrier = parse_open_request(text, "act");
  if (!carrier || !carrier->history) return std::nullopt;
  return std::move(carrier->history);
}

}  // namespace leeway
