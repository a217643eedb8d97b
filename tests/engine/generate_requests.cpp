// SPDX-License-Identifier: Apache-2.0
#include "engine/generate_names.hpp"

#include <algorithm>
#include <utility>

namespace leeway::engine_test {

instant noon() { return at_of("2026-06-15T12:00:00Z"); }

namespace {

instant before(instant t, std::int64_t seconds) {
  return checked_sub(t, duration::make(seconds).value()).value();
}

const text_list agents{"a-1", "a-2"};
const text_list signers{"s-1", "s-2", "s-3"};

money near_amount(dice& d) {
  const auto base = money::parse(d.pick(amounts) + " USD").value();
  return {base.minor() + (d.chance(50) ? 0 : d.between(-1, 1)), base.cur()};
}

history_entry random_entry(dice& d, const request& r) {
  history_entry e;
  e.id = "h-" + std::to_string(d.between(1, 1'000'000));
  e.kind = d.pick(catalogue);
  e.amount = near_amount(d);
  if (e.kind == action_kind("exception")) e.amount.reset();  // it has none
  if (e.amount && d.chance(20)) e.due = money(d.between(0, e.amount->minor()), e.amount->cur());
  const bool same_contact = d.chance(30);
  constexpr std::int64_t day = 86'400;
  e.at = before(
      r.at, same_contact ? d.between(0, 3'000) : d.between(0, d.chance(50) ? 40 * day : 330 * day));
  if (d.chance(5)) e.at = before(r.at, -60);
  e.reversed = d.chance(15);
  auto same = [&](const std::string& own, const char* other) {
    return d.chance(70) ? own : std::string(other);
  };
  e.keys["customer.id"] = same(r.customer.id.str(), "c-other");
  e.keys["contact.id"] = same_contact ? r.contact.id.str() : "k-other";
  e.keys["agent.id"] = same(r.agent.id.str(), "a-other");
  e.keys["agent.team"] = same(*r.agent.team, "t-other");
  e.keys["subject.id"] = same(r.subject.id.str(), "s-other");
  e.keys["contact.reason"] = same(*r.contact.reason, "other");
  e.keys["action.kind"] = e.kind.str();
  e.attributes.emplace("category", d.chance(50) ? "goods" : "services");
  if (d.chance(20)) e.attributes.emplace("basis", "discretion");
  return e;
}

void stated_usage(dice& d, request& r) {
  static const text_list ids{"m0", "m1", "B0", "B1", "G0", "D0"};
  for (const auto& id : ids) {
    if (!d.chance(10)) continue;
    known_usage u;
    u.amount = near_amount(d);
    u.count = d.between(0, 4);
    if (*u.count > 0) u.last_at = before(r.at, d.between(0, 400'000));
    r.usage.emplace(id, u);
  }
}

void attributes_of(dice& d, request& r) {
  auto& contact = r.contact.attributes;
  contact.emplace("late", d.between(0, 7));
  contact.emplace("ok", d.chance(50));
  contact.emplace("div", d.between(0, 3));  // 0: an evaluation error
  contact.emplace("paid", near_amount(d));
  contact.emplace("share", ratio::parse(d.chance(50) ? "50%" : "1/3").value());
  contact.emplace("wait", duration::make(d.between(0, 4'000)).value());
  contact.emplace("day", date_of(d.chance(50) ? "2026-05-30" : "2026-06-02"));
  if (d.chance(50)) contact.emplace("proof", d.chance(50));
  if (d.chance(50)) r.subject.attributes.emplace("age", d.between(10, 30));
  static const text_list tiers{"basic", "plus", "gold"};
  r.subject.attributes.emplace("tier", d.pick(tiers));
  r.action.attributes.emplace("grade", d.between(0, 3));
}

}  // namespace

signoff random_signoff(dice& d) {
  signoff s;
  s.by = d.pick(signers);
  s.role = d.pick(role_names);
  s.at = noon();
  if (d.chance(20)) s.amount = near_amount(d);
  if (d.chance(10)) s.until = before(noon(), d.between(-5, 5));
  return s;
}

request full_request(dice& d) {
  request r;
  r.id = "q-" + std::to_string(d.between(1, 1'000'000));
  r.at = d.chance(80) ? noon() : at_of("2026-03-08T09:30:00.5Z");
  r.agent.id = d.pick(agents);
  r.agent.role = d.pick(role_names);
  if (d.chance(20)) r.agent.roles = {d.pick(role_names)};
  r.agent.team = "t-1";
  r.agent.site = d.chance(50) ? "denver" : "manila";
  r.agent.certifications = d.some(text_list{"refunds", "fees"}, 0, 2);
  r.customer.id = "c-1";
  r.customer.since = date_of(d.chance(50) ? "2025-04-01" : "2024-01-31");
  r.customer.segment = d.chance(50) ? "gold" : "basic";
  r.customer.lifetime_value = usd(d.between(0, 2'000));
  r.customer.flags = d.chance(60) ? text_list{} : d.some(text_list{"fraud", "vip", "new"}, 1, 2);
  r.contact.id = "k-1";
  r.contact.reason = d.chance(30) ? "weather" : "late_fee";
  r.subject.id = "s-1";
  attributes_of(d, r);
  r.action.kind = d.pick(catalogue);
  if (d.chance(90) && r.action.kind != action_kind("exception")) r.action.amount = near_amount(d);
  if (r.action.kind == action_kind("fixed_fee") && d.chance(50)) {
    r.action.amount = r.contact.attributes.at("paid").as_money().round();
  }
  r.history.emplace();
  for (auto i = d.between(0, 6); i > 0; --i) r.history->push_back(random_entry(d, r));
  stated_usage(d, r);
  for (auto i = d.chance(40) ? d.between(1, 3) : 0; i > 0; --i) {
    r.signoffs.push_back(random_signoff(d));
  }
  r.discretion = d.chance(40);
  if (d.chance(80)) r.note = "a long wait, and our fault";
  return r;
}

namespace {

// Entries that a history which is complete from `since` on may lack.
void forget_old_entries(dice& d, request& r) {
  constexpr std::int64_t day = 86'400;
  const auto since = before(r.at, d.between(3'600, d.chance(50) ? 20 * day : 500 * day));
  r.history_since = std::max(since, r.history_since.value_or(since));
  std::erase_if(*r.history,
                [&](const history_entry& e) { return e.at < *r.history_since && d.chance(70); });
}

void forget_in_entry(dice& d, history_entry& e, int percent) {
  std::erase_if(e.keys, [&](const auto&) { return d.chance(percent); });
  std::erase_if(e.attributes,
                [&](const auto& one) { return one.first == "category" && d.chance(percent); });
  if (d.chance(percent)) e.amount.reset();
}

void forget_history(dice& d, request& r, bool everything) {
  if (everything || d.chance(25)) {
    r.history.reset();
    return;
  }
  if (d.chance(30)) forget_old_entries(d, r);
  if (!d.chance(30)) return;
  for (auto& e : *r.history) forget_in_entry(d, e, 15);
}

}  // namespace

request with_less(dice& d, const request& full, bool everything) {
  request r = full;
  const int percent = everything ? 100 : d.chance(50) ? 10 : 35;
  auto forget = [&] { return d.chance(percent); };
  auto reset = [&](auto& field) {
    if (forget()) field.reset();
  };
  reset(r.agent.team);
  reset(r.agent.site);
  reset(r.agent.certifications);
  reset(r.customer.since);
  reset(r.customer.segment);
  reset(r.customer.lifetime_value);
  reset(r.customer.flags);
  reset(r.contact.reason);
  // Left out of an action whose amount is fixed or due, it means that one.
  if (r.action.kind == action_kind("credit") || r.action.kind == action_kind("refund") ||
      r.action.kind == action_kind("list_price")) {
    reset(r.action.amount);
  }
  if (forget()) r.customer.id = {};
  if (forget()) r.contact.id = {};
  if (forget()) r.subject.id = {};
  const auto rarely = [&] { return forget() ? forget() : false; };
  if (rarely()) r.agent.id = {};
  if (rarely()) {
    r.agent.role = {};
    r.agent.roles.clear();
  }
  std::erase_if(r.contact.attributes,
                [&](const auto& one) { return one.first != "proof" && forget(); });
  std::erase_if(r.subject.attributes,
                [&](const auto& one) { return one.first != "age" && forget(); });
  std::erase_if(r.action.attributes, [&](const auto&) { return forget(); });
  for (auto& [id, u] : r.usage) {
    reset(u.amount);
    reset(u.count);
    reset(u.last_at);
  }
  if (r.history) forget_history(d, r, everything);
  return r;
}

request broken(dice& d, request r) {
  switch (d.between(0, 8)) {
    case 0: r.contact.attributes.insert_or_assign("late", value("three")); break;
    case 1: r.contact.attributes.insert_or_assign("paid", value(eur(5))); break;
    case 2: r.action.amount = usd(-1); break;
    case 3: r.action.amount = eur(5); break;
    case 4: r.subject.attributes.insert_or_assign("tier", value("platinum")); break;
    case 5: r.contact.attributes.insert_or_assign("ok", value(1)); break;
    case 6: {
      history_entry e;
      e.kind = "credit";
      e.at = noon();
      e.amount = gbp(3);
      r.history = std::vector{e};
      break;
    }
    case 7: r.usage["B0"].count = -1; break;
    default: r.customer.lifetime_value = eur(1);
  }
  return r;
}

}  // namespace leeway::engine_test
