// SPDX-License-Identifier: Apache-2.0
#include "engine/json/texts.hpp"

#include <leeway/engine/json.hpp>

#include <string>

namespace leeway::engine_json {
namespace {

// An amount, `"unlimited"`, or null.
void put_reach(text_writer& to, std::string_view key, const amount_reach& reach) {
  if (reach.unlimited) return put_text(to, key, "unlimited");
  put_or_null(to, key, reach.amount);
}

std::string_view name_of(amount_mode mode) {
  switch (mode) {
    case amount_mode::any: return "any";
    case amount_mode::no_amount: return "none";
    case amount_mode::fixed: return "fixed";
    case amount_mode::due: return "due";
  }
  return "any";
}

void write_capability(text_writer& to, const capability& c) {
  to.begin_object();
  put_text(to, "action", c.action.view());
  put_any(to, "title", c.title);
  put_text(to, "mode", name_of(c.mode));
  put_truth(to, "allowed", c.allowed);
  if (c.mode != amount_mode::no_amount) put_reach(to, "largest", c.largest);
  put_list(to, "ranges", c.ranges, [](text_writer& out, const amount_range& range) {
    out.begin_object();
    put_text(out, "from", range.from.to_string());
    put_or_null(out, "to", range.to);
    out.end_object();
  });
  put_any(to, "amount", c.amount);
  put_any(to, "due", c.due);
  if (c.due) put_truth(to, "below_due_denied", c.below_due_denied);
  put_any(to, "beyond", c.beyond);
  if (!c.in_the_way.empty()) put_text(to, "beyond_outcome", to_string(c.beyond_outcome));
  put_list(to, "in_the_way", c.in_the_way,
           [](text_writer& out, const finding& f) { engine_json::write(out, f); });
  put_list(to, "approvals", c.approvals,
           [](text_writer& out, const approval_choice& a) { engine_json::write(out, a); });
  put_list(to, "questions", c.questions,
           [](text_writer& out, const open_question& q) { engine_json::write(out, q); });
  put_list(to, "obligations", c.obligations,
           [](text_writer& out, const obligation& o) { engine_json::write(out, o); });
  put_list(to, "limits", c.limits,
           [](text_writer& out, const limit& l) { engine_json::write(out, l); });
  to.end_object();
}

void write(text_writer& to, const approver& a) {
  to.begin_object();
  put_text(to, "role", a.role.view());
  put_any(to, "title", a.title);
  put_any(to, "steps", a.steps);
  put_reach(to, "up_to", a.up_to);
  to.end_object();
}

}  // namespace

void write(text_writer& to, const approval_choice& a) {
  to.begin_object();
  put_list(to, "any_of", a.any_of, [](text_writer& out, const approver& one) { write(out, one); });
  put_truth(to, "distinct", a.distinct);
  put_names(to, "rules", a.rules);
  to.end_object();
}

void write(text_writer& to, const open_question& q) {
  to.begin_object();
  put_text(to, "fact", q.fact);
  put_any(to, "ask", q.ask);
  put_any(to, "about", q.about);
  put_names(to, "rules", q.rules);
  to.end_object();
}

}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const std::vector<capability>& all) {
  std::string out;
  json::text_writer to(out);
  to.begin_array();
  for (const capability& one : all) engine_json::write_capability(to, one);
  to.end_array();
  to.finish();
  return out;
}

}  // namespace leeway
