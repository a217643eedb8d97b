// SPDX-License-Identifier: Apache-2.0
// Decisions as JSON trees, and the usage they saw. Costs <nlohmann/json.hpp>: for the codecs only.
#pragma once

#include "base/json/object_reader.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>

#include <nlohmann/json.hpp>

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

/// An array of strings.
template <class Json, class Names>
Json names_tree(const Names& names) {
  return list_tree<Json>(names, [](const auto& name) { return Json(name_text(name)); });
}

}  // namespace leeway::engine_json
