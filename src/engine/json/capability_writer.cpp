// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"
#include "engine/json/trees.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/json.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace leeway::engine_json {
namespace {

using model_json::utf8_text;
using nlohmann::ordered_json;

// An amount, `"unlimited"`, or null.
ordered_json reach_tree(const amount_reach& reach) {
  if (reach.unlimited) return "unlimited";
  return reach.amount ? ordered_json(reach.amount->to_string()) : ordered_json();
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

ordered_json range_tree(const amount_range& range) {
  ordered_json out = ordered_json::object();
  out["from"] = range.from.to_string();
  out["to"] = range.to ? ordered_json(range.to->to_string()) : ordered_json();
  return out;
}

ordered_json capability_tree(const capability& c) {
  ordered_json out = ordered_json::object();
  out["action"] = utf8_text(c.action.str());
  put_text(out, "title", c.title);
  out["mode"] = std::string(name_of(c.mode));
  out["allowed"] = c.allowed;
  if (c.mode != amount_mode::no_amount) out["largest"] = reach_tree(c.largest);
  out["ranges"] = list_tree<ordered_json>(c.ranges, range_tree);
  put(out, "amount", c.amount);
  put(out, "due", c.due);
  if (c.due) out["below_due_denied"] = c.below_due_denied;
  put(out, "beyond", c.beyond);
  if (!c.in_the_way.empty()) out["beyond_outcome"] = std::string(to_string(c.beyond_outcome));
  out["in_the_way"] = list_tree<ordered_json>(c.in_the_way, reason_tree);
  out["approvals"] = list_tree<ordered_json>(c.approvals, approval_tree);
  out["questions"] = list_tree<ordered_json>(c.questions, question_tree);
  out["obligations"] = list_tree<ordered_json>(c.obligations, obligation_tree);
  out["limits"] = list_tree<ordered_json>(c.limits, limit_tree);
  return out;
}

ordered_json approver_tree(const approver& a) {
  ordered_json out = ordered_json::object();
  out["role"] = utf8_text(a.role.str());
  put_text(out, "title", a.title);
  if (a.steps) out["steps"] = *a.steps;
  out["up_to"] = reach_tree(a.up_to);
  return out;
}

}  // namespace

ordered_json approval_tree(const approval_choice& a) {
  ordered_json out = ordered_json::object();
  out["any_of"] = list_tree<ordered_json>(a.any_of, approver_tree);
  out["distinct"] = a.distinct;
  out["rules"] = names_tree<ordered_json>(a.rules);
  return out;
}

ordered_json question_tree(const open_question& q) {
  ordered_json out = ordered_json::object();
  out["fact"] = utf8_text(q.fact);
  put_text(out, "ask", q.ask);
  put_text(out, "about", q.about);
  out["rules"] = names_tree<ordered_json>(q.rules);
  return out;
}

}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const std::vector<capability>& all) {
  return json::dump(
      engine_json::list_tree<nlohmann::ordered_json>(all, engine_json::capability_tree));
}

}  // namespace leeway
