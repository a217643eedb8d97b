// SPDX-License-Identifier: Apache-2.0
#include "condition/environment.hpp"

#include "condition/cost.hpp"

#include <algorithm>
#include <utility>

namespace leeway::condition {

std::string dated_rows::span() const {
  std::string out = from ? "from " + from->to_string() : std::string{};
  if (until) out += (out.empty() ? "until " : " until ") + until->to_string();
  return out;
}

const dated_rows* dated_table::on(civil_date day) const {
  // The first that begins after the day; what holds is before it, if anything does.
  const auto next =
      std::partition_point(entries.begin(), entries.end(),
                           [&](const dated_rows& one) { return !one.from || *one.from <= day; });
  if (next == entries.begin()) return nullptr;
  const dated_rows& last = *std::prev(next);
  return last.until && *last.until <= day ? nullptr : &last;
}

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
  const std::uint64_t extent = extent_of(rows);
  tables_.insert_or_assign(std::move(name), table{std::move(table_type), std::move(rows), extent});
}

void environment::define_dated_table(type row_type, dated_table rows) {
  std::string name = rows.name;
  for (const dated_rows& one : rows.entries) {
    rows.extent = std::max(rows.extent, extent_of(one.rows));
  }
  auto held = std::make_shared<const dated_table>(std::move(rows));
  tables_.insert_or_assign(std::move(name),
                           table{std::move(row_type), value::map({}), 1, std::move(held)});
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
