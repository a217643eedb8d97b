// SPDX-License-Identifier: Apache-2.0
#include "cli/desk_page.hpp"

#include "cli/terminal.hpp"

#include <leeway/engine/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>

namespace leeway::cli {
namespace {

paint colour_of(decision_state state) {
  switch (state) {
    case decision_state::approved:
    case decision_state::settled: return paint::green;
    case decision_state::waiting:
    case decision_state::asking: return paint::yellow;
    case decision_state::denied:
    case decision_state::declined: return paint::red;
    default: return paint::dim;
  }
}

std::string roles_text(const std::vector<role_id>& roles) {
  std::string out;
  for (const role_id& one : roles) out += (out.empty() ? "" : " or ") + printable(one.view());
  return out;
}

void line(std::string& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out += fmt::format("  {:<12}{}\n", name, text);
}

std::string due_text(const standing& s) {
  if (!s.due) return {};
  const char* then = ", then the hold expires";
  if (s.state == decision_state::settled) then = ", then its review is overdue";
  if (s.state == decision_state::waiting) {
    then = s.rung + 1 < s.rungs.size() ? ", then it passes on" : ", then it is overdue";
  }
  return s.due->to_string() + then;
}

std::string may_grant_text(const standing& s) {
  std::string out;
  for (const grantable& one : s.may_grant) {
    const std::string up_to = one.unlimited ? "any amount"
                              : one.up_to   ? "up to " + one.up_to->to_string()
                                            : "as proposed, once all have approved";
    out += (out.empty() ? "" : "; ") + printable(one.role.view()) + " " + up_to;
  }
  return out;
}

std::string ratification_text(const standing& s) {
  if (s.ratification == ratification_state::not_due) return {};
  std::string out(to_string(s.ratification));
  if (s.ratification == ratification_state::due && s.ratification_due) {
    out += " by " + s.ratification_due->to_string();
  }
  return out;
}

std::string amount_text(const standing& s) {
  if (s.charged) {
    return s.charged->to_string() + " charged, " + s.amount.value_or(*s.charged).to_string() +
           " was held";
  }
  if (!s.amount) return {};
  return s.amount->to_string() + (s.state == decision_state::approved ? " held" : "");
}

}  // namespace

std::string standing_page(const standing& s, const terminal& on) {
  const request& r = s.request;
  std::string out = fmt::format("{}  {}\n", printable(s.id.view()),
                                on.painted(to_string(s.state), colour_of(s.state)));
  const std::string caller = s.key.caller.empty() ? "" : " of " + printable(s.key.caller);
  line(out, "request", printable(s.key.id.view()) + caller);
  line(out, "decided",
       s.at.to_string() + ": " + std::string(to_string(s.outcome)) + " under " +
           printable(s.policy.id.view()) + " " + printable(s.policy.version));
  const std::string proposed = r.action.amount ? " " + r.action.amount->to_string() : "";
  line(out, "proposes",
       fmt::format("{} ({}): {}{} for customer {}", printable(r.agent.id.view()),
                   roles_text(r.agent.all_roles()), printable(r.action.kind.view()), proposed,
                   printable(r.customer.id.view())));
  line(out, "note", printable(r.note));
  line(out, "amount", amount_text(s));
  for (const std::string& one : s.why) line(out, "why", printable(one));
  line(out, "waits for", s.state == decision_state::waiting ? roles_text(s.waits_for()) : "");
  line(out, "may grant", may_grant_text(s));
  line(out, "due", due_text(s));
  for (const given_approval& one : s.approvals) {
    const std::string amount = one.amount ? ", " + one.amount->to_string() : "";
    const std::string note = one.note.empty() ? "" : ": " + printable(one.note);
    line(out, "approved",
         fmt::format("by {} at {}{}{}", printable(one.by.id.view()), one.at.to_string(), amount,
                     note));
  }
  line(out, "review", ratification_text(s));
  line(out, "closed by", printable(s.closed_by));
  line(out, "because", printable(s.note));
  line(out, "in full", printable(to_json(r)));
  return out;
}

std::string budget_page(const budget_standing& b, bool json) {
  const usage_value& u = b.used;
  const std::string amount = u.amount ? u.amount->to_string() : "unknown";
  if (!json) {
    std::string out = printable(b.id.view());
    for (const auto& [fact, text] : b.keys) {
      out += fmt::format(" {}={}", printable(fact), printable(text));
    }
    out += fmt::format("\n  used        {}{} in {} act{}\n", u.at_least ? "at least " : "", amount,
                       u.count.value_or(0), u.count == 1 ? "" : "s");
    if (b.acts_without_key > 0) {
      line(out, "of these",
           fmt::format("{} in {} act{} without a key of this budget, counted for everybody",
                       b.without_key ? b.without_key->to_string() : amount, b.acts_without_key,
                       b.acts_without_key == 1 ? "" : "s"));
    }
    if (!b.amount.empty()) line(out, "limit", printable(b.amount));
    if (!b.count.empty()) line(out, "acts", "at most " + printable(b.count));
    if (u.resets) line(out, "frees up", "from " + u.resets->to_string());
    return out;
  }
  nlohmann::ordered_json out;
  out["id"] = printable(b.id.view());
  for (const auto& [fact, text] : b.keys) out["keys"][printable(fact)] = printable(text);
  out["used"] = amount;
  out["count"] = u.count.value_or(0);
  if (u.at_least) out["at_least"] = true;
  if (b.acts_without_key > 0) {
    if (b.without_key) out["without_key"] = b.without_key->to_string();
    out["count_without_key"] = b.acts_without_key;
  }
  if (!b.amount.empty()) out["limit"] = b.amount;
  if (!b.count.empty()) out["count_limit"] = b.count;
  if (u.resets) out["resets"] = u.resets->to_string();
  return out.dump() + '\n';
}

}  // namespace leeway::cli
