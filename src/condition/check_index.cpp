// SPDX-License-Identifier: Apache-2.0
// Indexes: of lists and maps, and of the policy's tables, plain and dated.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace leeway::condition {

namespace {

std::string key_text(const value& key) {
  return key.is(value_kind::string) ? key.as_string() : key.to_string();
}

/// The maps that a table's rows may be at this node, as far as literals lead to them: of a plain
/// table one, of a dated one all that some day may yield. Empty: not (certainly) a table's rows.
std::vector<const value*> rows_of(const node& n) {
  std::vector<const value*> out;
  if (n.what == operation::constant && n.table) return {&*n.constant};
  if (n.what == operation::dated_row) {
    for (const dated_rows& one : n.dated->entries) out.push_back(&one.rows);
    return out;
  }
  const bool field = n.what == operation::field;
  if (!field && n.what != operation::index) return out;
  const std::optional<value>& key = field ? n.constant : n.args[1]->constant;
  for (const value* rows : rows_of(*n.args[0])) {
    if (!rows->is(value_kind::map)) continue;
    if (key) {
      if (const value* row = rows->find(*key)) out.push_back(row);
      continue;
    }
    for (const auto& [name, row] : rows->as_map()) out.push_back(&row);
  }
  return out;
}

/// The keys of all of these rows, sorted.
std::vector<std::string> keys_of(const std::vector<const value*>& all) {
  std::set<std::string> out;
  for (const value* rows : all) {
    if (!rows->is(value_kind::map)) continue;
    for (const auto& [key, row] : rows->as_map()) out.insert(key_text(key));
  }
  return {out.begin(), out.end()};
}

/// The dated row that a chain of literal keys starts from; nullptr when there is none.
const node* dated_root(const node& n) {
  if (n.what == operation::dated_row) return &n;
  if (n.what == operation::field) return dated_root(*n.args[0]);
  if (n.what == operation::index && n.args[1]->constant) return dated_root(*n.args[0]);
  return nullptr;
}

}  // namespace

bool checker::row_exists(const node& rows, const value& key, std::size_t offset,
                         std::size_t length) {
  const std::vector<const value*> held = rows_of(rows);
  std::size_t having = 0;
  for (const value* one : held) {
    if (one->is(value_kind::map) && one->find(key) != nullptr) ++having;
  }
  if (having != 0 && having != held.size()) row_not_always(rows, key_text(key), offset, length);
  if (held.empty() || having != 0) return true;
  std::string remedy;
  if (key.is(value_kind::string)) remedy = suggestion(key.as_string(), keys_of(held));
  if (remedy.empty()) remedy = "add the row to the table";
  report("unknown_row", "the table has no row `" + key_text(key) + "`", std::move(remedy), offset,
         length);
  return false;
}

void checker::row_not_always(const node& rows, const std::string& key, std::size_t offset,
                             std::size_t length) {
  const node* root = dated_root(rows);
  if (root == nullptr) return;
  report("row_not_always",
         "on some days `tables." + root->dated->name + "` has no row `" + key +
             "`, which is then unknown",
         "give every entry of the table this row", offset, length, true);
}

std::shared_ptr<const dated_table> checker::dated_table_of(const tree& t) const {
  if (t.kind != tree_kind::select) return nullptr;
  const auto [base, names] = path_of(t);
  if (base->kind != tree_kind::name || names.size() != 2 || names[0].text != "tables") {
    return nullptr;
  }
  if (!base->rooted && is_local("tables")) return nullptr;
  const auto* found = env_.find_table(names[1].text);
  return found == nullptr ? nullptr : found->dated;
}

node_ptr checker::dated_row(const tree& t, std::shared_ptr<const dated_table> held) {
  node_ptr key = check(*t.children[1]);
  if (refused_side(*key)) return refused();
  refuse_amount(*key, *t.children[1], "an index");
  const std::string name = "tables." + held->name;
  if (!key->static_type.fits(value_kind::date)) {
    const std::string written(text(*t.children[1]));
    report("type_mismatch",
           "`" + name + "` is a dated table: its first key is a `date`, found " +
               shown(key->static_type),
           key->static_type.is(value_kind::timestamp)
               ? "write `" + name + "[date(" + written + ")]`"
               : "say of which day first: `" + name + "[date(at)][" + written + "]`",
           *t.children[1]);
    return refused();
  }
  if (is_constant(*key) && held->on(key->constant->as_date()) == nullptr) {
    report("unknown_row", "`" + name + "` says nothing of `" + key->constant->to_string() + "`",
           "add an entry that holds on that day", *t.children[1]);
    return refused();
  }
  node_ptr out =
      make(operation::dated_row, env_.find_table(held->name)->table_type, list_of(std::move(key)));
  out->dated = std::move(held);
  return out;
}

node_ptr checker::index(const tree& t) {
  if (auto dated = dated_table_of(*t.children[0])) return dated_row(t, std::move(dated));
  node_ptr target = check(*t.children[0]);
  node_ptr key = check(*t.children[1]);
  const type held = target->static_type;
  if (refused_side(*target) || refused_side(*key)) return refused();
  refuse_amount(*target, *t.children[0], "an index");
  refuse_amount(*key, *t.children[1], "an index");
  if (held.is(value_kind::list)) return index_list(t, std::move(target), std::move(key));
  if (held.is(value_kind::map)) return index_map(t, std::move(target), std::move(key));
  if (held.is_nothing()) {
    return make(operation::index, held, list_of(std::move(target), std::move(key)));
  }
  report("type_mismatch", shown(held) + " cannot be indexed", "only lists and maps can",
         *t.children[0]);
  return refused();
}

node_ptr checker::index_list(const tree& t, node_ptr target, node_ptr key) {
  if (!key->static_type.fits(value_kind::integer)) {
    report("type_mismatch", "a list is indexed by `int`, found " + shown(key->static_type),
           key->static_type.is(value_kind::string) ? "ask `x in list`" : "the first item is `[0]`",
           *t.children[1]);
    return refused();
  }
  const type item = target->static_type.element_or_nothing();
  return make(operation::index, item, list_of(std::move(target), std::move(key)));
}

node_ptr checker::index_map(const tree& t, node_ptr target, node_ptr key) {
  const type held = target->static_type;
  if (held.key() != nullptr && !key->static_type.fits(*held.key())) {
    report("type_mismatch",
           "the keys of this map are " + shown(*held.key()) + ", found " + shown(key->static_type),
           held.key()->is(value_kind::string) ? "put quotes around it, or write `string(x)`"
                                              : "index it by its key",
           *t.children[1]);
    return refused();
  }
  if (is_constant(*key) &&
      !row_exists(*target, *key->constant, t.children[1]->offset, t.children[1]->length)) {
    return refused();
  }
  return make(operation::index, held.element_or_nothing(),
              list_of(std::move(target), std::move(key)));
}

}  // namespace leeway::condition
