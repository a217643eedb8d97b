// SPDX-License-Identifier: Apache-2.0
// The canonical core: what replay compares. Texts for people, ids of occasions and what an option
// may leave out (the offer, and the next step that turns on it) are no part of it.
#include "engine/json/core.hpp"

#include "base/json/members.hpp"
#include "engine/json/texts.hpp"
#include "model/request_json.hpp"

#include <leeway/base/time.hpp>
#include <leeway/engine/json.hpp>

#include <optional>
#include <string>

namespace leeway::engine_json {
namespace {

void put_fact(text_writer& to, std::string_view key, const std::optional<value>& fact) {
  if (!fact) return;
  to.key(key);
  model_json::write(to, *fact);
}

void write_need(text_writer& to, const need& n) {
  to.begin_object();
  if (n.what == need::kind::approval) {
    put_names(to, "any_of", n.any_of);
    put_truth(to, "distinct", n.distinct);
  } else {
    put_text(to, "fact", n.fact);
  }
  put_names(to, "rules", n.rules);
  to.end_object();
}

void write_finding(text_writer& to, const finding& f) {
  to.begin_object();
  put_fact(to, "actual", f.actual);
  put_fact(to, "bound", f.bound);
  put_text(to, "code", to_string(f.code));
  if (f.lifted) put_truth(to, "lifted", true);
  if (!f.missing.empty()) put_names(to, "missing", f.missing);
  if (!f.needs.empty()) put_list(to, "needs", f.needs, write_need);
  put_text(to, "outcome", to_string(f.outcome));
  put_any(to, "overlay", f.overlay.view());
  put_text(to, "part", to_string(f.part));
  put_any(to, "relation", f.relation);
  put_any(to, "rule", f.rule.view());
  to.end_object();
}

void write_obligation(text_writer& to, const obligation& o) {
  to.begin_object();
  put_any(to, "by", o.by);
  put_truth(to, "certain", o.certain);
  put_text(to, "id", o.id);
  put_any(to, "rule", o.rule.view());
  put_any(to, "to", o.to);
  to.end_object();
}

void write_limit(text_writer& to, const limit& l) {
  to.begin_object();
  put_any(to, "amount", l.amount);
  put_any(to, "count", l.count);
  put_any(to, "count_left", l.count_left);
  put_any(to, "count_used", l.count_used);
  put_truth(to, "hard", l.hard);
  put_text(to, "id", l.id.view());
  put_any(to, "left", l.left);
  put_any(to, "resets", l.resets);
  put_any(to, "used", l.used);
  to.end_object();
}

/// In the policy's order, so an array of pairs.
void write_keys(text_writer& to, const usage_keys& keys) {
  put_list(to, "keys", keys, [](text_writer& out, const auto& key) {
    out.begin_array();
    out.text(key.first);
    out.text(key.second);
    out.end_array();
  });
}

std::string value_text(const usage_value& v) {
  std::string out;
  text_writer to(out);
  to.begin_object();
  put_any(to, "amount", v.amount);
  if (v.at_least) put_truth(to, "at_least", true);
  put_any(to, "count", v.count);
  if (v.keys) write_keys(to, *v.keys);
  put_any(to, "last_at", v.last_at);
  put_any(to, "resets", v.resets);
  to.end_object();
  to.finish();
  return out;
}

}  // namespace

std::string usage_text(const usage& u) {
  json::members values;
  for (const auto& [id, v] : u.values()) values.json(id.view(), value_text(v));
  std::string out;
  text_writer to(out);
  to.begin_object();
  to.key("values");
  values.write(to);
  put_truth(to, "zero_by_default", u.zero_by_default());
  to.end_object();
  to.finish();
  return out;
}

void write_core(text_writer& to, const decision& d, std::string_view usage) {
  to.begin_object();
  put_text(to, "at", d.at.to_string());
  put_text(to, "basis", to_string(d.basis));
  put_any(to, "discretion", d.discretion.view());
  put_any(to, "due", d.due);
  put_list(to, "findings", d.findings, write_finding);
  put_list(to, "limits", d.limits, write_limit);
  put_list(to, "needs", d.needs, write_need);
  put_list(to, "obligations", d.obligations, write_obligation);
  put_text(to, "outcome", to_string(d.outcome));
  put_text(to, "policy", d.policy.digest.to_string());
  put_truth(to, "ratification", d.ratification);
  to.key("semantics");
  to.number(semantics);
  put_text(to, "tzdata", time_zone_data_version());
  to.key("usage");
  to.written(usage);
  to.end_object();
}

}  // namespace leeway::engine_json

namespace leeway {

std::string canonical_core(const decision& d) {
  std::string out;
  json::text_writer to(out);
  engine_json::write_core(to, d, engine_json::usage_text(d.usage));
  to.finish();
  return out;
}

}  // namespace leeway
