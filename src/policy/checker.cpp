// SPDX-License-Identifier: Apache-2.0
#include "policy/check.hpp"
#include "policy/fields.hpp"

#include <algorithm>
#include <tuple>

namespace leeway::policy_detail {
namespace {

template <class List>
std::optional<index> find_by_id(const List& list, std::string_view id) {
  constexpr std::size_t few = 8;  // are seen through faster than halved
  if (list.size() <= few) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].id.view() == id) return static_cast<index>(i);
    }
    return std::nullopt;
  }
  const auto at = std::lower_bound(list.begin(), list.end(), id, [](const auto& one, auto wanted) {
    return one.id.view() < wanted;
  });
  if (at == list.end() || at->id.view() != id) return std::nullopt;
  return static_cast<index>(at - list.begin());
}

bool is_language(std::string_view tag) {
  std::size_t part = 0;
  bool first = true;
  for (std::size_t i = 0; i <= tag.size(); ++i) {
    if (i < tag.size() && tag[i] != '-') {
      const char c = tag[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (first || c < '0' || c > '9')) return false;
      ++part;
      continue;
    }
    if (part < (first ? 2U : 1U) || part > (first ? 3U : 8U)) return false;
    first = false;
    part = 0;
  }
  return true;
}

void check_zone(check_context& c) {
  const std::string& name = c.doc().time_zone;
  auto zone = time_zone::find(name);
  if (zone) {
    c.into().zone = *zone;
    return;
  }
  // Editors of policies mostly get case and spelling wrong; the full list of zones is the system's.
  static const std::vector<std::string> common{"UTC",
                                               "America/New_York",
                                               "America/Chicago",
                                               "America/Denver",
                                               "America/Los_Angeles",
                                               "America/Phoenix",
                                               "America/Toronto",
                                               "America/Sao_Paulo",
                                               "Europe/London",
                                               "Europe/Dublin",
                                               "Europe/Paris",
                                               "Europe/Berlin",
                                               "Europe/Madrid",
                                               "Europe/Rome",
                                               "Europe/Amsterdam",
                                               "Europe/Warsaw",
                                               "Asia/Kolkata",
                                               "Asia/Manila",
                                               "Asia/Tokyo",
                                               "Asia/Singapore",
                                               "Asia/Shanghai",
                                               "Asia/Dubai",
                                               "Australia/Sydney",
                                               "Africa/Johannesburg"};
  std::string hint = suggestion(name, common);
  if (hint.empty()) hint = "use an IANA name such as `America/Denver`, or `UTC`";
  c.error("/time_zone", zone.error().code, "unknown time zone " + ticked(name), hint);
}

/// Grants times actions, and roles times roles, are what a compiled policy holds.
bool small_enough(check_context& c) {
  const policy_document& doc = c.doc();
  constexpr std::size_t few = 1000, many = 10000;
  // A rule holds the actions it is for, so many rules are for a small catalogue.
  constexpr std::size_t most_rules = 200'000;
  const std::size_t rules =
      std::clamp(few * many / std::max<std::size_t>(1, doc.actions.size()), many, most_rules);
  std::size_t of_overlays = 0;
  for (const overlay_definition& o : doc.overlays) {
    of_overlays += o.facts.size() + o.values.size() + o.tables.size() + o.measures.size() +
                   o.narrow.size() + o.rules.size() + o.budgets.size();
  }
  const std::tuple<const char*, std::size_t, std::size_t> lists[]{
      {"/roles", doc.roles.size(), few},
      {"/actions", doc.actions.size(), few},
      {"/facts", doc.facts.size(), many},
      {"/values", doc.values.size(), many},
      {"/tables", doc.tables.size(), many},
      {"/calendar/holidays", doc.calendar.holidays.size(), many},
      {"/grants", doc.grants.size(), many},
      {"/measures", doc.measures.size(), many},
      {"/budgets", doc.budgets.size(), many},
      {"/rules", doc.rules.size(), rules},
      {"/entitlements", doc.entitlements.size(), many},
      {"/discretion", doc.discretion.size(), many},
      {"/silence", doc.silence.size(), few},
      {"/overlays", doc.overlays.size(), few},
      {"/overlays", of_overlays, many}};
  bool small = true;
  for (const auto& [pointer, size, most] : lists) {
    if (size <= most) continue;
    small = false;
    c.error(pointer, "too_many",
            std::to_string(size) + " entries, more than " + std::to_string(most),
            "split the policy, or say with a table what these say one by one");
  }
  return small;
}

}  // namespace

void check_header(check_context& c) {
  const policy_document& doc = c.doc();
  if (!is_id(doc.id.view())) {
    c.error("/id", "bad_id", "a policy needs an id of letters, digits, `_`, `.` and `-`");
  }
  if (!is_id(doc.version)) {
    c.error("/version", "bad_id", "a policy needs a version of letters, digits, `_`, `.` and `-`");
  }
  if (!doc.money_currency.valid()) {
    c.error("/currency", "unknown_currency", "a policy needs a currency",
            "use an ISO 4217 code such as `USD`");
  }
  check_zone(c);
  c.dates("/effective", doc.effective_from, doc.effective_until);
  for (const auto& [key, length] :
       {std::pair{"settle", doc.deadlines.settle}, std::pair{"approve", doc.deadlines.approve},
        std::pair{"ratify", doc.deadlines.ratify}}) {
    if (!length || (length->valid() && !length->is_zero())) continue;
    c.error(field("/deadlines", key), "bad_deadline", "a deadline must be longer than nothing",
            "write it like `P7D` or `PT4H`, or leave it out: then there is none");
  }
  for (const auto& [language, text] : doc.protection) {
    const std::string at = field("/protection", language);
    if (!is_language(language)) {
      c.key_error(at, "bad_language", ticked(language) + " is no language tag",
                  "use one such as `en`, `es` or `pt-BR`");
    }
    if (text.empty()) c.error(at, "empty_text", "an empty protection statement");
  }
  c.into().money_currency = doc.money_currency;
  const currency working = doc.money_currency.valid() ? doc.money_currency : currency::usd();
  c.into().env = std::make_unique<condition::environment>(working, c.into().zone);
  c.into().entry = std::make_unique<condition::environment>(working, c.into().zone);
}

bool action_set::contains(index a) const {
  return every || std::binary_search(actions.begin(), actions.end(), a);
}

std::optional<index> compiled_policy::find_role(std::string_view id) const {
  return find_by_id(roles, id);
}

std::optional<index> compiled_policy::find_action(std::string_view id) const {
  return find_by_id(actions, id);
}

const compiled_rule* compiled_policy::find_rule(const rule_id& id) const {
  const auto at = find_by_id(rules, id.view());
  return at ? &rules[*at] : nullptr;
}

const compiled_grant* compiled_policy::find_grant(const rule_id& id) const {
  const auto at = find_by_id(grants, id.view());
  return at ? &grants[*at] : nullptr;
}

bool compiled_policy::in_dates(instant as_of) const {
  return (!begins || as_of >= *begins) && (!ends || as_of < *ends);
}

std::shared_ptr<const compiled_policy> check_policy(const policy_document& document,
                                                    const locator& where, diagnostics& out) {
  // Nothing could be read, so there is nothing to check: more would only bury the cause.
  if (out.has_errors() && (!where.readable() || out.contains("unknown_format"))) {
    out.sort();
    return nullptr;
  }
  auto policy = std::make_shared<compiled_policy>();
  policy->document = document;
  check_context c(*policy, where, out);
  if (!small_enough(c)) {
    out.sort();
    return nullptr;
  }
  check_header(c);
  c.index_names();
  check_silences(c);
  check_names(c);
  check_roles(c);
  check_actions(c);
  check_entries(c);
  if (!out.has_errors()) {
    lint(c);
    lint_silences(c);
    policy->content_digest = policy_digest(policy->document);
    add_index(*policy, c.read);
  }
  std::stable_sort(policy->silenced.begin(), policy->silenced.end(),
                   [](const auto& a, const auto& b) { return a.what.place < b.what.place; });
  out.sort();
  return out.has_errors() ? nullptr : policy;
}

}  // namespace leeway::policy_detail
