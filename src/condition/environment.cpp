// SPDX-License-Identifier: Apache-2.0
#include "condition/environment.hpp"

#include <utility>

namespace leeway::condition {

slot environment::declare(declaration d) {
  if (const auto known = by_path_.find(d.path); known != by_path_.end()) {
    declarations_[known->second] = std::move(d);
    return known->second;
  }
  const auto s = static_cast<slot>(declarations_.size());
  by_path_.emplace(d.path, s);
  declarations_.push_back(std::move(d));
  return s;
}

void environment::define_value(std::string name, std::shared_ptr<const program> definition) {
  values_.insert_or_assign(std::move(name), std::move(definition));
}

void environment::define_table(std::string name, type table_type, value rows) {
  tables_.insert_or_assign(std::move(name), table{std::move(table_type), std::move(rows)});
}

const declaration* environment::find(std::string_view path) const {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : &declarations_[at->second];
}

std::optional<slot> environment::slot_of(std::string_view path) const {
  const auto at = by_path_.find(path);
  if (at == by_path_.end()) return std::nullopt;
  return at->second;
}

const std::shared_ptr<const program>* environment::find_value(std::string_view name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? nullptr : &at->second;
}

const environment::table* environment::find_table(std::string_view name) const {
  const auto at = tables_.find(name);
  return at == tables_.end() ? nullptr : &at->second;
}

std::optional<slot> environment::amount_slot() const {
  for (slot s = 0; s < declarations_.size(); ++s) {
    if (declarations_[s].amount) return s;
  }
  return std::nullopt;
}

std::vector<std::string> environment::names() const {
  std::vector<std::string> out;
  out.reserve(by_path_.size() + values_.size() + tables_.size());
  for (const auto& [path, s] : by_path_) {
    // A protected name is never suggested: no condition may read it.
    if (!declarations_[s].protected_attribute) out.push_back(path);
  }
  for (const auto& [name, definition] : values_) out.push_back("values." + name);
  for (const auto& [name, rows] : tables_) out.push_back("tables." + name);
  return out;
}

}  // namespace leeway::condition
