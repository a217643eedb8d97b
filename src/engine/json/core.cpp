// SPDX-License-Identifier: Apache-2.0
// The canonical core: what replay compares. Texts for people, ids of occasions and what an option
// may leave out (the offer, and the next step that turns on it) are no part of it.
#include "base/json/canonical.hpp"
#include "engine/json/trees.hpp"

#include <leeway/base/time.hpp>
#include <leeway/engine/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace leeway::engine_json {
namespace {

using nlohmann::json;

// Nothing is written of an empty text, or of what is not known.
void put_text(json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = name_text(text);
}
template <class Printable>
void put(json& out, const char* key, const std::optional<Printable>& thing) {
  if (thing) out[key] = thing->to_string();
}
void put(json& out, const char* key, const std::optional<std::int64_t>& number) {
  if (number) out[key] = *number;
}

void put_fact(json& out, const char* key, const std::optional<value>& fact) {
  if (fact) out[key] = model_json::to_tree(*fact);
}

json need_core(const need& n) {
  json out = json::object();
  if (n.what == need::kind::approval) {
    out["any_of"] = names_tree<json>(n.any_of);
    out["distinct"] = n.distinct;
  } else {
    out["fact"] = name_text(n.fact);
  }
  out["rules"] = names_tree<json>(n.rules);
  return out;
}

json finding_core(const finding& f) {
  json out = json::object();
  out["code"] = std::string(to_string(f.code));
  out["outcome"] = std::string(to_string(f.outcome));
  out["part"] = std::string(to_string(f.part));
  put_text(out, "rule", f.rule.str());
  put_text(out, "overlay", f.overlay.str());
  put_fact(out, "actual", f.actual);
  put_fact(out, "bound", f.bound);
  put_text(out, "relation", f.relation);
  if (!f.missing.empty()) out["missing"] = names_tree<json>(f.missing);
  if (!f.needs.empty()) out["needs"] = list_tree<json>(f.needs, need_core);
  if (f.lifted) out["lifted"] = true;
  return out;
}

json obligation_core(const obligation& o) {
  json out = json::object();
  out["id"] = name_text(o.id);
  put_text(out, "to", o.to);
  put_text(out, "by", o.by);
  put_text(out, "rule", o.rule.str());
  out["certain"] = o.certain;
  return out;
}

json limit_core(const limit& l) {
  json out = json::object();
  out["id"] = name_text(l.id);
  out["hard"] = l.hard;
  put(out, "amount", l.amount);
  put(out, "used", l.used);
  put(out, "left", l.left);
  put(out, "count", l.count);
  put(out, "count_used", l.count_used);
  put(out, "count_left", l.count_left);
  put(out, "resets", l.resets);
  return out;
}

/// In the policy's order, so an array of pairs.
json keys_tree(const usage_keys& keys) {
  return list_tree<json>(keys, [](const auto& key) {
    return json::array({name_text(key.first), name_text(key.second)});
  });
}

json usage_value_tree(const usage_value& v) {
  json out = json::object();
  put(out, "amount", v.amount);
  put(out, "count", v.count);
  put(out, "last_at", v.last_at);
  put(out, "resets", v.resets);
  if (v.at_least) out["at_least"] = true;
  if (v.keys) out["keys"] = keys_tree(*v.keys);
  return out;
}

}  // namespace

json usage_tree(const usage& u) {
  json values = json::object();
  for (const auto& [id, v] : u.values()) values[name_text(id)] = usage_value_tree(v);
  json out = json::object();
  out["values"] = std::move(values);
  out["zero_by_default"] = u.zero_by_default();
  return out;
}

json core_tree(const decision& d) {
  json out = json::object();
  out["at"] = d.at.to_string();
  out["basis"] = std::string(to_string(d.basis));
  put_text(out, "discretion", d.discretion.str());
  put(out, "due", d.due);
  out["findings"] = list_tree<json>(d.findings, finding_core);
  out["limits"] = list_tree<json>(d.limits, limit_core);
  out["needs"] = list_tree<json>(d.needs, need_core);
  out["obligations"] = list_tree<json>(d.obligations, obligation_core);
  out["outcome"] = std::string(to_string(d.outcome));
  out["policy"] = d.policy.digest.to_string();
  out["ratification"] = d.ratification;
  out["semantics"] = semantics;
  out["tzdata"] = time_zone_data_version();
  out["usage"] = usage_tree(d.usage);
  return out;
}

}  // namespace leeway::engine_json

namespace leeway {

std::string canonical_core(const decision& d) { return json::canonical(engine_json::core_tree(d)); }

}  // namespace leeway
