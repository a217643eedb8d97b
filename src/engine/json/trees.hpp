// SPDX-License-Identifier: Apache-2.0
// Decisions as JSON trees, and the usage they saw. Costs <nlohmann/json.hpp>: for the codecs only.
#pragma once

#include "base/json/object_reader.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace leeway::engine_json {

/// The canonical core of a decision.
nlohmann::json core_tree(const decision& d);

/// Usage as a record carries it: `{"values": {...}, "zero_by_default": false}`. An id's value holds
/// what is known of `amount`, `count`, `last_at`, `resets`, `at_least` and `keys`.
nlohmann::json usage_tree(const usage& u);

/// Reads what `usage_tree` writes, and finishes the reader.
usage read_usage(json::object_reader in);

/// An array of what `to_tree` makes of each item.
template <class Json, class Items, class ToTree>
Json list_tree(const Items& items, const ToTree& to_tree) {
  Json out = Json::array();
  for (const auto& item : items) out.push_back(to_tree(item));
  return out;
}

inline std::string name_text(const std::string& name) { return model_json::utf8_text(name); }
template <class Tag>
std::string name_text(const strong_id<Tag>& name) {
  return model_json::utf8_text(name.view());
}

/// Nothing is written of an empty text, or of what is not known.
template <class Json>
void put_text(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = name_text(text);
}
template <class Json, class Printable>
void put(Json& out, const char* key, const std::optional<Printable>& thing) {
  if (thing) out[key] = thing->to_string();
}
template <class Json>
void put(Json& out, const char* key, const std::optional<std::int64_t>& number) {
  if (number) out[key] = *number;
}

/// What a finding is.
template <class Json>
void put_head(Json& out, const finding& f) {
  out["code"] = std::string(to_string(f.code));
  out["outcome"] = std::string(to_string(f.outcome));
  out["part"] = std::string(to_string(f.part));
  put_text(out, "rule", f.rule.str());
  put_text(out, "overlay", f.overlay.str());
}

template <class Json>
void put_limit(Json& out, const limit& l, const char* amount_key) {
  out["id"] = name_text(l.id);
  out["hard"] = l.hard;
  put(out, amount_key, l.amount);
  put(out, "used", l.used);
  put(out, "left", l.left);
  put(out, "count", l.count);
  put(out, "count_used", l.count_used);
  put(out, "count_left", l.count_left);
  put(out, "resets", l.resets);
}

/// An array of strings.
template <class Json, class Names>
Json names_tree(const Names& names) {
  return list_tree<Json>(names, [](const auto& name) { return Json(name_text(name)); });
}

}  // namespace leeway::engine_json
