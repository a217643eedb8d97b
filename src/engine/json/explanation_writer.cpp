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

// A condition's truth, another value as text, or null: not known.
ordered_json value_tree(const expression_part& p) {
  if (p.truth) return *p.truth;
  if (p.status == expression_part::state::known) return utf8_text(p.found);
  return {};
}

ordered_json part_tree(const expression_part& p) {
  ordered_json out = ordered_json::object();
  out["text"] = utf8_text(p.text);
  put_text(out, "item", p.item);
  out["value"] = value_tree(p);
  put_text(out, "error", p.error);
  if (!p.decides) out["decides"] = false;
  if (!p.parts.empty()) out["parts"] = list_tree<ordered_json>(p.parts, part_tree);
  if (p.left_out != 0) out["left_out"] = p.left_out;
  return out;
}

ordered_json reading_tree(const reading& r) {
  ordered_json out = ordered_json::object();
  out["of"] = utf8_text(r.of);
  out["tree"] = part_tree(r.tree);
  return out;
}

ordered_json spoken_tree(const decision& d, const spoken_part& s) {
  const finding& f = d.findings[s.finding];
  ordered_json out = ordered_json::object();
  out["reason"] = s.finding;
  put_head(out, f);
  out["readings"] = list_tree<ordered_json>(s.readings, reading_tree);
  return out;
}

ordered_json silent_tree(const silent_part& s) {
  ordered_json out = ordered_json::object();
  out["part"] = std::string(to_string(s.part));
  put_text(out, "rule", s.rule.str());
  put_text(out, "text", s.because);
  put_text(out, "source", s.source);
  put_text(out, "why", s.why);
  if (!s.atoms.empty()) out["atoms"] = list_tree<ordered_json>(s.atoms, atom_tree);
  out["readings"] = list_tree<ordered_json>(s.readings, reading_tree);
  return out;
}

ordered_json remedy_tree(const remedy_hint& r) {
  ordered_json out = ordered_json::object();
  put_text(out, "rule", r.rule.str());
  out["text"] = utf8_text(r.text);
  return out;
}

ordered_json release_tree(const release& r) {
  ordered_json out = ordered_json::object();
  out["rule"] = utf8_text(r.rule.str());
  out["at"] = r.at.to_string();
  return out;
}

ordered_json explanation_tree(const explanation& e) {
  ordered_json out = ordered_json::object();
  out["answer"] = utf8_text(e.answer);
  out["decision"] = decision_tree(e.decision);
  out["spoken"] = list_tree<ordered_json>(
      e.spoken, [&](const spoken_part& s) { return spoken_tree(e.decision, s); });
  out["silent"] = list_tree<ordered_json>(e.silent, silent_tree);
  out["due"] = list_tree<ordered_json>(e.due, reading_tree);
  ordered_json change = ordered_json::object();
  change["questions"] = list_tree<ordered_json>(e.questions, question_tree);
  change["approvals"] = list_tree<ordered_json>(e.approvals, approval_tree);
  change["remedies"] = list_tree<ordered_json>(e.remedies, remedy_tree);
  change["releases"] = list_tree<ordered_json>(e.releases, release_tree);
  out["what_would_change_it"] = std::move(change);
  return out;
}

}  // namespace
}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const explanation& e) { return json::dump(engine_json::explanation_tree(e)); }

}  // namespace leeway
