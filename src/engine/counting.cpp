// SPDX-License-Identifier: Apache-2.0
#include "engine/counter.hpp"

#include <leeway/engine/counting.hpp>

#include <algorithm>
#include <utility>

namespace leeway {

using engine::counter;

struct counting::content {
  policy under;  ///< keeps alive what the counters point into
  std::vector<counter> inner{};
  std::vector<usage_counter> outer{};
};

namespace {

void put(std::string& to, std::string_view text) {
  to += std::to_string(text.size());
  to += ':';
  to += text;
}

/// Everything that decides what a counter says of a history, as text.
std::string defining(const policy& p, const counter& c) {
  const auto& policy = p.impl();
  std::string out;
  put(out, "leeway-counter/1");
  put(out, p.money_currency().code());
  put(out, p.zone().name());
  put(out, c.kind == usage_kind::measure ? "measure" : "limit");
  put(out, c.window->to_string());
  out += c.every_kind ? '*' : '-';
  out += c.goodwill_only ? 'g' : '-';
  out += c.discretion_only ? 'd' : '-';
  out += c.wants_amount ? 'a' : '-';
  out += std::to_string(static_cast<int>(c.take));
  for (const auto s : *c.per) put(out, policy.env->at(s).path);
  out += ';';
  // What is named beside every kind adds nothing, and the normal form leaves it out.
  if (!c.every_kind) {
    for (const auto& kind : c.kinds) put(out, kind);
  }
  out += ';';
  // An entry without an amount is of zero where the action has none.
  for (const auto& action : policy.actions) {
    if (action.amount == amount_mode::no_amount && c.counts_kind(action.id.str())) {
      put(out, action.id.view());
    }
  }
  // What a condition reads (declared types, tables, values) is all of the policy.
  if (c.where != nullptr) {
    put(out, c.where->text());
    put(out, p.digest().to_string());
  }
  return out;
}

}  // namespace

counting::counting(const policy& p) {
  auto made = std::make_shared<content>(content{.under = p});
  made->inner = engine::counters_of(made->under.impl());
  std::ranges::sort(made->inner, {}, &counter::id);
  for (const counter& c : made->inner) {
    usage_counter& one = made->outer.emplace_back();
    one.id = c.id;
    one.kind = c.kind;
    one.window = *c.window;
    for (const auto s : *c.per) one.per.push_back(made->under.impl().env->at(s).path);
    one.take = c.take;
    one.definition = digest::of(defining(made->under, c));
  }
  content_ = std::move(made);
}

const std::vector<usage_counter>& counting::counters() const { return content_->outer; }

bool counting::may_count(std::size_t counter, const action_kind& kind) const {
  return content_->inner.at(counter).counts_kind(kind.str());
}

std::vector<counted_entry> counting::of(const history_entry& entry) const {
  using engine::counted;
  const auto& policy = content_->under.impl();
  std::vector<counted_entry> out;
  for (std::size_t i = 0; i < content_->inner.size(); ++i) {
    const counter& c = content_->inner[i];
    if (!engine::is_of(policy, c, entry)) continue;
    const counted passes = engine::passes_where(policy, c, entry);
    if (passes == counted::no) continue;
    counted_entry one{.counter = i, .counts = passes == counted::yes};
    for (const std::string& fact : content_->outer[i].per) {
      const std::string* found = engine::entry_key(entry, fact);
      if (found == nullptr) {
        one.placed = false;
      } else {
        one.keys.emplace_back(fact, *found);
      }
    }
    one.counts = one.counts && one.placed;
    one.may_add = !engine::wholly_due(c, entry);
    if (one.counts && !one.may_add) continue;
    const auto amount = engine::amount_of(policy, c, entry);
    one.amount_known = amount || !c.wants_amount;
    one.minor = amount && one.may_add ? amount->minor() : 0;
    one.unsure = !one.counts || !one.amount_known;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace leeway
