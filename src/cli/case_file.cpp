// SPDX-License-Identifier: Apache-2.0
#include "cli/case_file.hpp"

#include "base/json/object_reader.hpp"
#include "base/json/reader.hpp"
#include "engine/json/request_reader.hpp"
#include "policy/compiled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace leeway::cli {
namespace {

using json::kind;
using json::node;
using json::object_reader;

constexpr std::array all_outcomes{outcome::approve, outcome::escalate, outcome::deny};
constexpr std::array all_bases{basis::policy, basis::discretion};
constexpr std::array all_steps{next_step::do_it,      next_step::ask_facts, next_step::get_approval,
                               next_step::offer_less, next_step::stop,      next_step::offer_due};

constexpr std::array for_the_reader{"why", "source", "note_for_reader"};

template <class Enums>
std::vector<std::string> names_of(const Enums& values) {
  std::vector<std::string> out;
  for (const auto one : values) out.emplace_back(to_string(one));
  return out;
}

/// Reports a name that is none of `known`.
void check_name(object_reader& in, std::string_view key, const std::string& name,
                const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) != known.end()) return;
  std::string remedy = suggestion(name, known);
  if (remedy.empty() && known.size() < 10)
    remedy = fmt::format("one of {}", fmt::join(known, ", "));
  in.fail_at(key, "unknown_name", "unknown " + std::string(key) + " `" + name + '`', remedy);
}

/// One string or a list of them.
std::vector<std::string> one_or_more(object_reader& in, std::string_view key) {
  const node* given = in.required_any(key);
  if (given == nullptr) return {};
  if (given->is(kind::string)) return {std::string(given->string())};
  return in.required_strings(key).value_or(std::vector<std::string>{});
}

void read_outcomes(object_reader& in, expectation& out) {
  const auto names = one_or_more(in, "outcome");
  for (const std::string& name : names) {
    check_name(in, "outcome", name, names_of(all_outcomes));
    if (const auto known = parse_outcome(name)) out.outcomes.push_back(*known);
  }
  if (in.object().find("outcome") != nullptr && names.empty()) {
    in.fail_at("outcome", "empty_list", "no outcome would do", "name at least one");
  }
}

/// `[["team_lead", "manager"], ["legal"]]`: two needs; `["team_lead", "manager"]`: one.
void read_approvals(object_reader& in, expectation& out) {
  const node* list = in.optional_array("approvals");
  if (list == nullptr) return;
  out.approvals.emplace();
  const auto is_list = [](const node& item) { return item.is(kind::array); };
  if (std::ranges::none_of(list->items(), is_list)) {
    const auto names = in.optional_strings("approvals").value_or(std::vector<std::string>{});
    if (!names.empty()) out.approvals->emplace(names.begin(), names.end());
    return;
  }
  for (const node& need : list->items()) {
    expectation::roles roles;
    bool good = is_list(need);
    for (const node& role : need.items()) {
      good = good && role.is(kind::string);
      roles.emplace(role.string());
    }
    if (!good) {
      in.fail_at("approvals", "wrong_type", "expected lists of role names",
                 "as in [[\"manager\"]]");
      return;
    }
    out.approvals->insert(std::move(roles));
  }
}

void read_amount(object_reader& in, std::string_view key,
                 std::optional<std::optional<money>>& out) {
  if (in.is_null(key)) {
    out.emplace();
  } else if (auto amount = in.optional_parsed<money>(key, money::parse, engine_json::an_amount)) {
    out.emplace(*amount);
  }
}

void read_codes(object_reader& in, expectation& out) {
  out.codes = in.optional_strings("codes").value_or(std::vector<std::string>{});
  const auto known = names_of(all_reason_codes());
  for (const std::string& code : out.codes) check_name(in, "codes", code, known);
}

expectation read_expectation(object_reader in) {
  expectation out;
  read_outcomes(in, out);
  read_approvals(in, out);
  if (auto facts = in.optional_strings("facts")) out.facts.emplace(facts->begin(), facts->end());
  read_amount(in, "due", out.due);
  read_amount(in, "offer", out.offer);
  out.obligations = in.optional_strings("obligations").value_or(std::vector<std::string>{});
  read_codes(in, out);
  out.basis = in.optional_string("basis");
  if (out.basis) check_name(in, "basis", *out.basis, names_of(all_bases));
  out.next = in.optional_string("next");
  if (out.next) check_name(in, "next", *out.next, names_of(all_steps));
  in.finish();
  return out;
}

std::string in_words(const std::set<expectation::roles>& needs) {
  std::vector<std::string> parts;
  for (const auto& roles : needs) parts.push_back(fmt::format("{}", fmt::join(roles, " or ")));
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, "; "));
}

template <class Names>
std::string in_words_of(const Names& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string in_words(const std::optional<money>& amount) {
  return amount ? amount->to_string() : "none";
}

class comparer {
 public:
  template <class Value, class Words>
  void same(std::string what, const std::optional<Value>& expected, const Value& found,
            const Words& words) {
    if (expected && *expected != found) add(std::move(what), words(*expected), words(found));
  }
  void same(std::string what, const std::optional<std::string>& expected, std::string_view found) {
    if (expected && *expected != found) add(std::move(what), *expected, std::string(found));
  }
  void includes(std::string what, const std::vector<std::string>& expected,
                const std::set<std::string>& found) {
    const bool all =
        std::ranges::all_of(expected, [&](const std::string& one) { return found.contains(one); });
    if (!all) add(std::move(what), in_words_of(expected), in_words_of(found));
  }
  void add(std::string what, std::string expected, std::string found) {
    out_.push_back({std::move(what), std::move(expected), std::move(found)});
  }
  std::vector<difference> take() && { return std::move(out_); }

 private:
  std::vector<difference> out_{};
};

std::set<expectation::roles> approvals_of(const decision& d) {
  std::set<expectation::roles> out;
  for (const need& n : d.needs) {
    if (n.what != need::kind::approval) continue;
    expectation::roles roles;
    for (const role_id& role : n.any_of) roles.insert(role.str());
    out.insert(std::move(roles));
  }
  return out;
}

std::set<std::string> facts_of(const decision& d) {
  std::set<std::string> out;
  for (const need& n : d.needs) {
    if (n.what == need::kind::fact) out.insert(n.fact);
  }
  return out;
}

template <class Items, class Name>
std::set<std::string> names_in(const Items& items, const Name& name) {
  std::set<std::string> out;
  for (const auto& item : items) out.insert(std::string(name(item)));
  return out;
}

struct slip_finder {
  std::vector<std::string> found{};

  void look(const std::string& name, const char* what, const std::vector<std::string>& known) {
    if (std::ranges::find(known, name) != known.end()) return;
    const std::string near = suggestion(name, known);
    found.push_back(
        fmt::format("`{}` is no {} of the policy{}{}", name, what, near.empty() ? "" : "; ", near));
  }
};

}  // namespace

std::optional<result<request, diagnostics>> request_of_case(std::string_view text,
                                                            std::string_view file,
                                                            std::string_view fallback_id) {
  // Hardly any request holds the word, and a look for it costs nothing beside reading twice.
  if (text.find("\"expect\"") == std::string_view::npos) return std::nullopt;
  auto doc = json::read(text, file);
  if (!doc || !doc->root().is(kind::object) || doc->root().find("expect") == nullptr) {
    return std::nullopt;
  }
  diagnostics found;
  object_reader in(*doc, doc->root(), {}, found);
  auto out = engine_json::read_request(in, engine_json::id_rule::optional);
  if (out.id.empty()) out.id = request_id(fallback_id);
  for (const char* key : {"expect", "name"}) in.ignore(key);
  if (in.has("overlays")) {
    in.ignore("overlays");
    in.fail_at("overlays", "overlays_of_case", "this case is decided with overlays",
               "name them by `--overlay`, and leave `overlays` out of the request");
  }
  for (const char* key : for_the_reader) in.ignore(key);
  in.finish();
  if (!found.has_errors()) return out;
  found.sort();
  return result<request, diagnostics>(fail(std::move(found)));
}

result<test_case, diagnostics> read_case(std::string_view text, std::string_view file,
                                         std::string_view fallback_id) {
  auto doc = json::read(text, file);
  if (!doc) return fail(std::move(doc).error());
  diagnostics found;
  object_reader in(*doc, doc->root(), {}, found);
  test_case out;
  out.request = engine_json::read_request(in, engine_json::id_rule::optional);
  if (out.request.id.empty()) out.request.id = request_id(fallback_id);
  out.name = in.optional_string("name").value_or(out.request.id.str());
  for (const char* comment : for_the_reader) in.ignore(comment);
  if (in.has("overlays")) out.overlays = one_or_more(in, "overlays");
  if (const node* expect = in.required_object("expect")) {
    out.expect = read_expectation({*doc, *expect, in.pointer_of("expect"), found});
  }
  in.finish();
  if (!found.has_errors()) return out;
  found.sort();
  return fail(std::move(found));
}

std::vector<difference> differences(const expectation& expect, const decision& d) {
  comparer out;
  if (std::ranges::find(expect.outcomes, d.outcome) == expect.outcomes.end()) {
    out.add("outcome", fmt::format("{}", fmt::join(names_of(expect.outcomes), " or ")),
            std::string(to_string(d.outcome)));
  }
  const auto needs_in_words = [](const std::set<expectation::roles>& n) { return in_words(n); };
  const auto names_in_words = [](const std::set<std::string>& n) { return in_words_of(n); };
  const auto amount_in_words = [](const std::optional<money>& m) { return in_words(m); };
  out.same("approvals", expect.approvals, approvals_of(d), needs_in_words);
  out.same("facts", expect.facts, facts_of(d), names_in_words);
  out.same("due", expect.due, d.due, amount_in_words);
  out.same("offer", expect.offer, d.offer ? d.offer->amount : std::nullopt, amount_in_words);
  out.includes("obligations", expect.obligations,
               names_in(d.obligations, [](const obligation& o) { return o.id; }));
  out.includes("codes", expect.codes,
               names_in(d.findings, [](const finding& f) { return to_string(f.code); }));
  out.same("basis", expect.basis, to_string(d.basis));
  out.same("next", expect.next, to_string(d.next));
  return std::move(out).take();
}

std::vector<std::string> slips(const expectation& expect, const policy_document& policy) {
  slip_finder out;
  std::vector<std::string> roles;
  for (const role_definition& one : policy.roles) roles.push_back(one.id.str());
  for (const auto& need : expect.approvals.value_or(std::set<expectation::roles>{})) {
    for (const std::string& role : need) out.look(role, "role", roles);
  }
  std::vector<std::string> facts;
  for (const auto& one : policy_detail::builtin_facts()) facts.emplace_back(one.name);
  for (const fact_declaration& one : policy.facts) facts.push_back(one.name);
  for (const measure_definition& one : policy.measures) facts.push_back("usage." + one.id.str());
  for (const std::string& fact : expect.facts.value_or(std::set<std::string>{})) {
    // Needs name history and other usage too.
    if (!fact.starts_with("usage.") && fact.find('.') == std::string::npos) continue;
    out.look(fact, "fact", facts);
  }
  std::vector<std::string> obligations;
  for (const rule_definition& rule : policy.rules) {
    for (const effect& one : rule.then) {
      if (one.what == effect::kind::oblige) obligations.push_back(one.obligation.id);
    }
  }
  for (const std::string& id : expect.obligations) out.look(id, "obligation", obligations);
  return std::move(out.found);
}

}  // namespace leeway::cli
