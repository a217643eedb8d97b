// SPDX-License-Identifier: Apache-2.0
// Tables of a document, plain and dated: their shape, and the one type of their constants.
#include "policy/literals.hpp"

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>

namespace leeway::policy_detail {
namespace {

using condition::type;
using json::kind;
using json::node;

/// What all leaves of a table have in common.
struct leaves {
  std::size_t count{};
  std::size_t strings{}, money_like{}, percents{};
  std::size_t integers{}, numbers{}, booleans{};
  std::optional<std::size_t> depth{};
  const node* first{};
};

bool is_percent(std::string_view text) {
  return text.ends_with('%') && ratio::parse(text).has_value();
}

void count(const node& leaf, leaves& seen) {
  ++seen.count;
  if (seen.first == nullptr) seen.first = &leaf;
  seen.booleans += leaf.is(kind::boolean);
  seen.integers += leaf.is(kind::integer);
  seen.numbers += leaf.is(kind::number);
  if (!leaf.is(kind::string)) return;
  ++seen.strings;
  seen.money_like += money::parse(leaf.string()).has_value();
  seen.percents += is_percent(leaf.string());
}

bool survey(fields& in, const node& from, const std::string& pointer, std::size_t depth,
            leaves& seen) {
  if (from.is(kind::object)) {
    bool good = true;
    if (from.members().empty()) {
      in.complain(from, pointer, "empty_table", "a table without rows",
                  "give it at least one row, or leave it out");
      return false;
    }
    for (const json::member& one : from.members()) {
      good = survey(in, one.value, json::pointer_to(pointer, one.key), depth + 1, seen) && good;
    }
    return good;
  }
  if (from.is(kind::null) || from.is(kind::array)) {
    in.complain(from, pointer, "wrong_type",
                "expected a constant or a table of constants, found " +
                    std::string(json::described(from.type())));
    return false;
  }
  if (seen.depth.value_or(depth) != depth) {
    in.complain(from, pointer, "mixed_table",
                "this constant is not as deep in the table as the others",
                "give every row the same number of levels");
    return false;
  }
  seen.depth = depth;
  count(from, seen);
  return true;
}

std::optional<type> common_type(const leaves& seen) {
  if (seen.count == 0) return std::nullopt;
  if (seen.booleans == seen.count) return type(value_kind::boolean);
  if (seen.integers == seen.count) return type(value_kind::integer);
  if (seen.integers + seen.numbers == seen.count) return type(value_kind::number);
  if (seen.strings != seen.count) return std::nullopt;
  if (seen.money_like == seen.count) return type(value_kind::money);
  if (seen.percents == seen.count) return type(value_kind::ratio);
  return type(value_kind::string);
}

/// A string that meant to be money would make the whole table one of strings, and every use of it
/// a type error far from the cause: say it here.
bool blame_bad_money(fields& in, const node& from, const std::string& pointer) {
  bool found = false;
  if (from.is(kind::string) && looks_like_money(from.string()) && !money::parse(from.string())) {
    const error why = money::parse(from.string()).error();
    in.complain(from, pointer, why.code, why.message);
    return true;
  }
  if (!from.is(kind::object)) return false;
  for (const json::member& one : from.members()) {
    found = blame_bad_money(in, one.value, json::pointer_to(pointer, one.key)) || found;
  }
  return found;
}

value build(const node& from, const type& leaf) {
  if (from.is(kind::object)) {
    value::map_type rows;
    for (const json::member& one : from.members()) {
      rows.emplace_back(value(one.key), build(one.value, leaf));
    }
    return value::map(std::move(rows));
  }
  switch (leaf.kind()) {
    case value_kind::boolean: return value(from.boolean());
    case value_kind::integer: return value(from.integer());
    case value_kind::number: return value(from.number());
    case value_kind::money: return value(*money::parse(from.string()));
    case value_kind::ratio: return value(*ratio::parse(from.string()));
    default: return value(from.string());
  }
}

/// One entry of a dated table, and where its rows stand.
struct entry_source {
  dated_entry dates{};
  const node* rows{};
  std::string pointer{};
};

std::optional<type> leaf_type(fields& in, const node& blame, const std::string& pointer,
                              const leaves& seen) {
  auto out = common_type(seen);
  if (out) return out;
  in.complain(blame, pointer, "mixed_table", "the rows of a table must be of one type",
              "use only strings, only whole numbers, only amounts of money ...");
  return std::nullopt;
}

std::vector<entry_source> read_entry_list(fields& in, const node& from,
                                          const std::string& pointer) {
  std::vector<entry_source> out;
  for (std::size_t i = 0; i < from.items().size(); ++i) {
    const std::string at = json::pointer_to(pointer, i);
    fields entry(in.doc(), from.items()[i], at, in.out());
    entry_source one;
    one.dates.from = entry.date("from");
    one.dates.until = entry.date("until");
    one.rows = entry.required_any("rows");
    one.pointer = entry.pointer_of("rows");
    entry.finish();
    out.push_back(std::move(one));
  }
  return out;
}

void read_dated_table(fields& in, const node& from, const std::string& pointer,
                      table_definition& into) {
  if (from.items().empty()) {
    in.complain(from, pointer, "empty_table", "a dated table without entries",
                "give it at least one, such as {\"from\": \"2026-01-01\", \"rows\": {...}}");
    return;
  }
  std::vector<entry_source> entries = read_entry_list(in, from, pointer);
  leaves seen;
  bool good = true;
  for (const entry_source& one : entries) {
    good = one.rows != nullptr && survey(in, *one.rows, one.pointer, 0, seen) && good;
  }
  if (!good) return;
  const auto leaf = leaf_type(in, from, pointer, seen);
  if (!leaf) return;
  for (const entry_source& one : entries) {
    if (leaf->is(value_kind::string)) good = !blame_bad_money(in, *one.rows, one.pointer) && good;
  }
  if (!good) return;
  for (entry_source& one : entries) {
    one.dates.rows = build(*one.rows, *leaf);
    into.dated.push_back(std::move(one.dates));
  }
}

}  // namespace

void read_table(fields& in, const node& from, const std::string& pointer, table_definition& into) {
  if (from.is(kind::array)) return read_dated_table(in, from, pointer, into);
  if (!from.is(kind::object)) {
    return in.complain(from, pointer, "wrong_type",
                       "expected an object of rows, or an array of dated ones, found " +
                           std::string(json::described(from.type())));
  }
  leaves seen;
  if (!survey(in, from, pointer, 0, seen)) return;
  const auto leaf = leaf_type(in, from, pointer, seen);
  if (!leaf) return;
  if (leaf->is(value_kind::string) && blame_bad_money(in, from, pointer)) return;
  into.rows = build(from, *leaf);
}

}  // namespace leeway::policy_detail
