// SPDX-License-Identifier: Apache-2.0
// The constants of a policy: tables, plain and dated, and the calendar of working days.
#include "policy/check.hpp"
#include "policy/fields.hpp"
#include "policy/literals.hpp"

#include <algorithm>
#include <cmath>

namespace leeway::policy_detail {
namespace {

using condition::type;

/// The type of a table, when all its rows are alike and can be written down.
std::optional<type> table_type(const value& rows, bool top = true) {
  switch (rows.kind()) {
    case value_kind::boolean:
    case value_kind::integer:
    case value_kind::number:
    case value_kind::string:
    case value_kind::money: break;
    case value_kind::ratio:
      if (!as_percent(rows.as_ratio())) return std::nullopt;
      break;
    case value_kind::map: {
      std::optional<type> common;
      for (const auto& [key, row] : rows.as_map()) {
        const auto one = table_type(row, false);
        if (!key.is(value_kind::string) || !one || (common && !(*common == *one))) {
          return std::nullopt;
        }
        common = one;
      }
      if (!common) return std::nullopt;
      return type::map_of(type(value_kind::string), *common);
    }
    default: return std::nullopt;
  }
  return top ? std::nullopt : std::optional(type(rows.kind()));
}

template <class Test>
bool every_leaf(const value& rows, Test test) {
  if (rows.is(value_kind::list)) {
    const auto& entries = rows.as_list();
    return std::all_of(entries.begin(), entries.end(),
                       [&](const value& one) { return every_leaf(one, test); });
  }
  if (!rows.is(value_kind::map)) return test(rows);
  const auto& all = rows.as_map();
  return std::all_of(all.begin(), all.end(),
                     [&](const auto& row) { return every_leaf(row.second, test); });
}

/// Constants whose written form would be read back as another type.
bool reads_back_otherwise(const value& rows) {
  const auto whole = [](const value& v) {
    return v.is(value_kind::number) && v.as_double() > -1e15 && v.as_double() < 1e15 &&
           v.as_double() == static_cast<double>(static_cast<std::int64_t>(v.as_double()));
  };
  const auto reads_as = [](const value& v, auto parse) {
    return v.is(value_kind::string) && parse(v.as_string());
  };
  return every_leaf(rows, whole) ||
         every_leaf(rows,
                    [&](const value& v) {
                      return reads_as(v, [](const auto& s) { return money::parse(s).has_value(); });
                    }) ||
         every_leaf(rows, [&](const value& v) {
           return reads_as(
               v, [](const auto& s) { return s.ends_with('%') && ratio::parse(s).has_value(); });
         });
}

/// The one type of all entries of a dated table; a single constant may stand for the rows.
std::optional<type> dated_type(const std::vector<dated_entry>& entries) {
  std::optional<type> out;
  for (const dated_entry& one : entries) {
    const auto found = table_type(one.rows, false);
    if (!found || (out && !(*out == *found))) return std::nullopt;
    out = found;
  }
  return out;
}

std::string from_text(const dated_entry& one) {
  return one.from ? "from " + one.from->to_string() : std::string("without `from`");
}

/// The entries of a dated table by date, with the place of each in the document.
std::vector<std::pair<std::size_t, const dated_entry*>> by_date(const table_definition& t) {
  std::vector<std::pair<std::size_t, const dated_entry*>> out;
  for (std::size_t i = 0; i < t.dated.size(); ++i) out.emplace_back(i, &t.dated[i]);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    const auto &x = a.second->from, &y = b.second->from;
    return x.has_value() != y.has_value() ? !x : x < y;
  });
  return out;
}

/// The entries as conditions read them; says where two would hold on one day.
std::vector<condition::dated_rows> check_dates(check_context& c, const std::string& pointer,
                                               const table_definition& t) {
  std::vector<condition::dated_rows> out;
  const auto sorted = by_date(t);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [place, one] = sorted[i];
    const std::string at = item(pointer, place);
    c.dates(at, one->from, one->until);
    condition::dated_rows rows{.from = one->from, .until = one->until, .rows = one->rows};
    if (i + 1 < sorted.size()) {
      const dated_entry& next = *sorted[i + 1].second;
      const bool equal = next.from == one->from;
      if (equal) {
        c.error(next.from ? field(item(pointer, sorted[i + 1].first), "from")
                          : item(pointer, sorted[i + 1].first),
                "overlapping_dates", "a second entry " + from_text(next),
                "a day has one row: keep one of them, or correct its `from`");
      } else if (one->until && *one->until > *next.from) {
        c.error(field(at, "until"), "overlapping_dates",
                "until " + one->until->to_string() + " overlaps the entry " + from_text(next),
                "leave `until` out: an entry holds until the next one begins");
      }
      if (!rows.until) rows.until = next.from;
    }
    out.push_back(std::move(rows));
  }
  return out;
}

/// Whether all constants of a table would be read back as they are.
bool ambiguous(const table_definition& t) {
  if (t.dated.empty()) return reads_back_otherwise(t.rows);
  value::list_type all;
  for (const dated_entry& one : t.dated) all.push_back(one.rows);
  return reads_back_otherwise(value::list(std::move(all)));
}

void check_table(check_context& c, const std::string& pointer, const table_definition& t) {
  const bool both = !t.dated.empty() && !(t.rows.is(value_kind::map) && t.rows.as_map().empty());
  if (both) {
    c.error(pointer, "mixed_table", "a table with rows of its own and dated ones",
            "put the rows into an entry without `from`");
  }
  const auto found = t.dated.empty() ? table_type(t.rows) : dated_type(t.dated);
  if (!found) {
    c.entry_error(pointer, "mixed_table", "the rows of a table must be of one type",
                  "use only strings, only whole numbers, only amounts of money ...");
    c.mark_broken("tables." + t.name);
    return;
  }
  if (ambiguous(t)) {
    c.error(pointer, "ambiguous_table",
            "these numbers with decimals are all whole, and would be read as whole numbers",
            "write them without decimals, and `double(...)` where one is used");
  }
  if (t.dated.empty()) {
    good_constants(c, pointer, t.rows);
    for (auto* env : {c.into().env.get(), c.into().entry.get()}) {
      env->define_table(t.name, *found, t.rows);
    }
    return;
  }
  for (std::size_t i = 0; i < t.dated.size(); ++i) {
    good_constants(c, field(item(pointer, i), "rows"), t.dated[i].rows);
  }
  const auto entries = check_dates(c, pointer, t);
  for (auto* env : {c.into().env.get(), c.into().entry.get()}) {
    env->define_dated_table(*found, {.name = t.name, .entries = entries});
  }
}

}  // namespace

/// Constants, also inside lists and maps: money whole and in the policy's currency, numbers finite.
bool good_constants(check_context& c, const std::string& pointer, const value& v) {
  if (v.is(value_kind::money)) {
    if (!v.as_money().is_whole()) {
      c.error(pointer, "money_decimals", "`" + v.to_string() + "` is no whole amount",
              "round it first");
      return false;
    }
    return c.right_currency(pointer, v.as_money().cur());
  }
  if (v.is(value_kind::number) && !std::isfinite(v.as_double())) {
    c.error(pointer, "number_does_not_fit", "`" + v.to_string() + "` is no finite number");
    return false;
  }
  bool good = true;
  if (v.is(value_kind::list)) {
    for (std::size_t i = 0; i < v.as_list().size(); ++i) {
      good = good_constants(c, item(pointer, i), v.as_list()[i]) && good;
    }
  }
  if (v.is(value_kind::map)) {
    for (const auto& [key, row] : v.as_map()) {
      const std::string name = key.is(value_kind::string) ? key.as_string() : key.to_string();
      good = good_constants(c, field(pointer, name), row) && good;
    }
  }
  return good;
}

/// A name after `values.`, `tables.` or `usage.`.
bool good_name(check_context& c, const std::string& pointer, const std::string& name) {
  if (is_identifier(name)) return true;
  c.key_error(pointer, "bad_name", "bad name " + ticked(name),
              "use letters, digits and `_`, no digit first, and no reserved word such as `in`");
  return false;
}

void check_tables(check_context& c) {
  std::set<std::string> seen;
  for (const scope& in : scopes_of(c.doc())) {
    for (const table_definition& t : in.tables) {
      const std::string pointer = field(in.at("/tables"), t.name);
      if (!good_name(c, pointer, t.name) || !seen.insert(t.name).second) {
        if (seen.contains(t.name)) declared_twice(c, in, pointer, "tables." + t.name);
        c.mark_broken("tables." + t.name);
        continue;
      }
      if (in.overlay != nullptr) c.mark_private("tables." + t.name, in.base);
      check_table(c, pointer, t);
    }
  }
}

void check_calendar(check_context& c) {
  const calendar_definition& calendar = c.doc().calendar;
  const std::set<int> weekend(calendar.weekend.begin(), calendar.weekend.end());
  if (!weekend.empty() && (*weekend.begin() < 1 || *weekend.rbegin() > 7)) {
    c.error("/calendar/weekend", "unknown_word", "a weekday is 1, Monday, to 7, Sunday");
    return;
  }
  if (weekend.size() == 7) {
    c.error("/calendar/weekend", "no_working_day", "no day of the week is worked",
            "leave out the days that are");
  }
  std::set<civil_date> seen;
  for (std::size_t i = 0; i < calendar.holidays.size(); ++i) {
    const civil_date day = calendar.holidays[i];
    const std::string at = item("/calendar/holidays", i);
    if (!day.valid()) {
      c.error(at, "date_range", "not a date");
    } else if (!seen.insert(day).second) {
      c.error(at, "repeated_name", ticked(day.to_string()) + " stands here twice",
              "keep one of them");
    }
  }
  if (c.out().has_errors()) return;
  for (auto* env : {c.into().env.get(), c.into().entry.get()}) {
    env->set_calendar(condition::working_calendar(calendar.weekend, calendar.holidays));
  }
}

}  // namespace leeway::policy_detail
