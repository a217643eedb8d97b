// SPDX-License-Identifier: Apache-2.0
#include "desk/kept_standing.hpp"

#include "base/json/object_reader.hpp"
#include "base/json/reader.hpp"
#include "base/json/text_writer.hpp"
#include "desk/book.hpp"

#include <leeway/desk/desk.hpp>
#include <leeway/engine/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace leeway {
namespace {

using json::node;
using json::object_reader;
using json::text_writer;

constexpr std::array<std::pair<decision_state, std::string_view>, 9> states{
    {{decision_state::approved, "approved"},
     {decision_state::waiting, "waiting"},
     {decision_state::asking, "asking"},
     {decision_state::denied, "denied"},
     {decision_state::settled, "settled"},
     {decision_state::voided, "voided"},
     {decision_state::expired, "expired"},
     {decision_state::declined, "declined"},
     {decision_state::superseded, "superseded"}}};

constexpr std::array<std::pair<ratification_state, std::string_view>, 5> ratifications{
    {{ratification_state::not_due, "not_due"},
     {ratification_state::due, "due"},
     {ratification_state::upheld, "upheld"},
     {ratification_state::coached, "coached"},
     {ratification_state::not_upheld, "not_upheld"}}};

template <class Table>
std::string_view name_in(const Table& table, typename Table::value_type::first_type what) {
  for (const auto& [one, name] : table) {
    if (one == what) return name;
  }
  return "unknown";
}

void put(text_writer& to, std::string_view key, std::string_view text) {
  to.key(key);
  to.text(text);
}
void put_any(text_writer& to, std::string_view key, std::string_view text) {
  if (!text.empty()) put(to, key, text);
}
template <class Printable>
void put_any(text_writer& to, std::string_view key, const std::optional<Printable>& thing) {
  if (thing) put(to, key, thing->to_string());
}
template <class Items, class Put>
void put_list(text_writer& to, std::string_view key, const Items& items, const Put& each) {
  to.key(key);
  to.begin_array();
  for (const auto& one : items) each(one);
  to.end_array();
}

/// An approval is kept as what it is nearest to: a request in which the approver is the agent.
std::string text_of(const given_approval& a) {
  request carrier{.at = a.at, .agent = a.by, .note = a.note};
  carrier.action.amount = a.amount;
  return to_json(carrier);
}

std::optional<given_approval> approval_of(std::string_view text) {
  auto read = parse_open_request(text, "approval");
  if (!read) return std::nullopt;
  return given_approval{.by = std::move(read->agent),
                        .at = read->at,
                        .amount = read->action.amount,
                        .note = std::move(read->note)};
}

void write_policy(text_writer& to, const policy_reference& p) {
  to.key("policy");
  to.begin_object();
  put(to, "id", p.id.view());
  put(to, "version", p.version);
  put(to, "digest", p.digest.to_string());
  put_any(to, "suspended", p.suspended ? *p.suspended : std::string());
  to.end_object();
}

void write_rungs(text_writer& to, const standing& s) {
  put_list(to, "rungs", s.rungs, [&](const auto& rung) {
    to.begin_array();
    for (const role_id& role : rung) to.text(role.view());
    to.end_array();
  });
}

void write_grantable(text_writer& to, const standing& s) {
  put_list(to, "may_grant", s.may_grant, [&](const grantable& one) {
    to.begin_object();
    put(to, "role", one.role.view());
    put_any(to, "up_to", one.up_to);
    if (one.unlimited) {
      to.key("unlimited");
      to.boolean(true);
    }
    to.end_object();
  });
}

std::string body_of(const kept_standing& kept) {
  const standing& s = kept.now;
  std::string out;
  text_writer to(out);
  to.begin_object();
  put(to, "fingerprint", kept.fingerprint.to_string());
  put(to, "chain", kept.chain.view());
  put(to, "outcome", to_string(s.outcome));
  write_policy(to, s.policy);
  put_any(to, "amount", s.amount);
  put_any(to, "charged", s.charged);
  if (!s.approvals.empty()) {
    put_list(to, "approvals", s.approvals, [&](const auto& one) { to.text(text_of(one)); });
  }
  if (!s.why.empty()) put_list(to, "why", s.why, [&](const auto& one) { to.text(one); });
  if (!s.rungs.empty()) {
    write_rungs(to, s);
    to.key("rung");
    to.number(s.rung);
    write_grantable(to, s);
  }
  if (s.ratification != ratification_state::not_due) {
    put(to, "ratification", to_string(s.ratification));
    put_any(to, "ratification_due", s.ratification_due);
  }
  put_any(to, "closed_by", s.closed_by);
  put_any(to, "note", s.note);
  // Both are JSON themselves, and come back byte for byte.
  to.key("request");
  to.written(kept.request_text);
  to.key("answer");
  to.written(s.answer);
  to.end_object();
  to.finish();
  return out;
}

std::string raw(object_reader& in, std::string_view key) {
  const node* found = in.required_object(key);
  return found == nullptr ? std::string() : std::string(found->raw());
}

constexpr std::string_view any = "text";

void read_policy(object_reader& in, policy_reference& out) {
  const node* found = in.required_object("policy");
  if (found == nullptr) return;
  object_reader p(in.doc(), *found, in.pointer_of("policy"), in.out());
  out.id = policy_id(p.required_string("id").value_or(std::string{}));
  out.version = p.required_string("version").value_or(std::string{});
  out.digest = p.parsed<digest>("digest", digest::parse, any).value_or(digest{});
  out.suspended = p.optional_string("suspended");
  p.finish();
}

void read_rungs(object_reader& in, standing& out) {
  const node* found = in.optional_array("rungs");
  if (found == nullptr) return;
  for (const node& rung : found->items()) {
    auto& roles = out.rungs.emplace_back();
    for (const node& role : rung.items()) roles.emplace_back(role.string());
  }
  out.rung =
      static_cast<std::size_t>(std::max<std::int64_t>(in.required_int64("rung").value_or(0), 0));
}

void read_grantable(object_reader& in, standing& out) {
  const node* found = in.optional_array("may_grant");
  if (found == nullptr) return;
  for (const node& item : found->items()) {
    object_reader one(in.doc(), item, in.pointer_of("may_grant"), in.out());
    grantable& g = out.may_grant.emplace_back();
    g.role = role_id(one.required_string("role").value_or(std::string{}));
    g.up_to = one.optional_parsed<money>("up_to", money::parse, any);
    g.unlimited = one.optional_boolean("unlimited").value_or(false);
    one.finish();
  }
}

void read_approvals(object_reader& in, standing& out) {
  for (const auto& text : in.optional_strings("approvals").value_or(std::vector<std::string>{})) {
    if (auto one = approval_of(text)) {
      out.approvals.push_back(*std::move(one));
    } else {
      in.fail_at("approvals", "wrong_type", "not an approval");
    }
  }
}

void read_body(object_reader& in, kept_standing& out) {
  standing& s = out.now;
  out.fingerprint = in.parsed<digest>("fingerprint", digest::parse, any).value_or(digest{});
  out.chain = request_id(in.required_string("chain").value_or(std::string{}));
  s.outcome = in.parsed<outcome>("outcome", parse_outcome, any).value_or(outcome::deny);
  read_policy(in, s.policy);
  s.amount = in.optional_parsed<money>("amount", money::parse, any);
  s.charged = in.optional_parsed<money>("charged", money::parse, any);
  read_approvals(in, s);
  s.why = in.optional_strings("why").value_or(std::vector<std::string>{});
  read_rungs(in, s);
  read_grantable(in, s);
  s.ratification =
      in.optional_parsed<ratification_state>("ratification", parse_ratification_state, any)
          .value_or(ratification_state::not_due);
  s.ratification_due = in.optional_parsed<instant>("ratification_due", instant::parse, any);
  s.closed_by = in.optional_string("closed_by").value_or(std::string{});
  s.note = in.optional_string("note").value_or(std::string{});
  out.request_text = raw(in, "request");
  s.answer = raw(in, "answer");
  in.finish();
}

failure<error> damaged(const stored_decision& stored, const std::string& why) {
  return fail("store_failed",
              "what is stored of decision `" + stored.id.str() + "` cannot be read: " + why);
}

}  // namespace

std::string_view to_string(decision_state state) { return name_in(states, state); }
std::string_view to_string(ratification_state state) { return name_in(ratifications, state); }

std::optional<ratification_state> parse_ratification_state(std::string_view text) {
  for (const auto& [one, name] : ratifications) {
    if (name == text) return one;
  }
  return std::nullopt;
}

stored_decision to_stored(const kept_standing& kept) {
  const standing& s = kept.now;
  return {.key = s.key,
          .id = s.id,
          .number = s.number,
          .state = s.state,
          .at = s.at,
          .due = s.due,
          .queued = s.state == decision_state::waiting || s.ratification == ratification_state::due,
          .act = kept.act.empty() ? std::string() : act_text(kept.act),
          .body = body_of(kept)};
}

result<kept_standing> from_stored(const stored_decision& stored) {
  kept_standing out;
  standing& s = out.now;
  s.key = stored.key;
  s.id = stored.id;
  s.number = stored.number;
  s.state = stored.state;
  s.at = stored.at;
  s.due = stored.due;
  auto doc = json::read(stored.body, "decision");
  if (!doc) return damaged(stored, doc.error().front().message);
  diagnostics found;
  object_reader in(*doc, doc->root(), {}, found);
  read_body(in, out);
  if (found.has_errors()) return damaged(stored, found.front().message);
  auto proposed = parse_request(out.request_text, "request");
  if (!proposed) return damaged(stored, proposed.error().front().message);
  s.request = *std::move(proposed);
  s.request.at = stored.at;
  if (stored.act.empty()) return out;
  auto act = act_of(stored.act);
  if (!act) return damaged(stored, "its act");
  out.act = *std::move(act);
  return out;
}

next_step next_of(const decision& d, decision_state now) {
  switch (now) {
    case decision_state::approved: return next_step::do_it;
    case decision_state::waiting: return next_step::get_approval;
    case decision_state::asking: return next_step::ask_facts;
    case decision_state::denied: return d.outcome == outcome::deny ? d.next : next_step::stop;
    default: return next_step::stop;
  }
}

std::optional<money> amount_of(const standing& s) {
  if (s.state == decision_state::settled) return s.charged;
  return s.state == decision_state::approved ? s.amount : std::nullopt;
}

std::string to_json(const answer& a) {
  constexpr std::string_view key = ",\"next\":\"";
  std::string out = a.json;
  // Within a text a quote is escaped, so this is the member.
  if (const auto begin = out.find(key); begin != std::string::npos) {
    const auto from = begin + key.size();
    out.replace(from, out.find('"', from) - from, to_string(a.next));
  }
  std::string desk;
  text_writer to(desk);
  to.begin_object();
  put(to, "state", to_string(a.state));
  put_any(to, "amount", a.amount);
  put_any(to, "due", a.due);
  to.key("repeated");
  to.boolean(a.repeated);
  if (!a.effective) {
    to.key("effective");
    to.boolean(false);
  }
  if (a.supersedes_unknown) {
    to.key("supersedes_unknown");
    to.boolean(true);
  }
  to.end_object();
  to.finish();
  if (!out.empty()) out.pop_back();
  return out + ",\"desk\":" + desk + '}';
}

std::string to_json(const standing& s) {
  std::string out;
  text_writer to(out);
  to.begin_object();
  put(to, "decision", s.id.view());
  put(to, "request", s.key.id.view());
  put_any(to, "caller", s.key.caller);
  put(to, "state", to_string(s.state));
  put(to, "outcome", to_string(s.outcome));
  put(to, "at", s.at.to_string());
  put_any(to, "due", s.due);
  write_policy(to, s.policy);
  put_any(to, "amount", s.amount);
  put_any(to, "charged", s.charged);
  put_list(to, "waits_for", s.waits_for(), [&](const role_id& role) { to.text(role.view()); });
  write_grantable(to, s);
  put_list(to, "why", s.why, [&](const auto& one) { to.text(one); });
  put_list(to, "approvals", s.approvals, [&](const given_approval& a) {
    to.begin_object();
    put(to, "by", a.by.id.view());
    put(to, "at", a.at.to_string());
    put_any(to, "amount", a.amount);
    put_any(to, "note", a.note);
    to.end_object();
  });
  put(to, "ratification", to_string(s.ratification));
  put_any(to, "ratification_due", s.ratification_due);
  put_any(to, "closed_by", s.closed_by);
  put_any(to, "note", s.note);
  to.key("proposal");
  to.written(to_json(s.request));
  to.key("answer");
  to.written(s.answer.empty() ? "null" : s.answer);
  to.end_object();
  to.finish();
  return out;
}

}  // namespace leeway
