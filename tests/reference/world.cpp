// SPDX-License-Identifier: Apache-2.0
#include "reference/generate_expressions.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace leeway::reference {
namespace {

value dollars(std::int64_t minor) { return value(money(minor, currency::usd())); }

civil_date date_of(const char* text) { return civil_date::parse(text).value(); }

void add_facts(policy_document& p) {
  auto fact = [&](const char* name, const char* type) {
    p.facts.push_back({.name = name, .type = type});
  };
  fact("contact.n1", "int"), fact("contact.n2", "int"), fact("subject.n3", "int");
  fact("contact.d1", "double"), fact("contact.d2", "double");
  fact("contact.s1", "string"), fact("contact.s2", "string"), fact("subject.s3", "string");
  fact("contact.b1", "bool"), fact("contact.b2", "bool");
  fact("contact.m1", "money"), fact("subject.m2", "money");
  fact("contact.r1", "ratio"), fact("subject.r2", "ratio");
  fact("contact.t1", "timestamp"), fact("contact.t2", "timestamp");
  fact("contact.u1", "duration"), fact("contact.u2", "duration");
  fact("contact.day1", "date"), fact("contact.day2", "date");
  fact("contact.ln", "list<int>"), fact("contact.ls", "list<string>");
  fact("contact.lm", "list<money>"), fact("contact.lu", "list<duration>");
  fact("contact.lb", "list<bool>"), fact("contact.lr", "list<ratio>");
  fact("contact.ld", "list<date>");
  fact("contact.kn", "map<string, int>"), fact("contact.km", "map<int, money>");
  fact("contact.ks", "map<bool, string>");
  fact("contact.deep.er", "int");
  p.facts.push_back({.name = "contact.fall", .type = "int", .default_value = value(7)});
  for (const auto& [name, type] :
       {std::pair{"subject.on", "int"}, std::pair{"subject.os", "string"},
        std::pair{"subject.om", "money"}}) {
    p.facts.push_back({.name = name, .type = type, .optional = true});
  }
}

void add_tables(policy_document& p) {
  p.tables.push_back(
      {.name = "prices", .rows = value::map({{"a", dollars(500)}, {"b", dollars(2500)}})});
  p.tables.push_back({.name = "grid",
                      .rows = value::map({{"a", value::map({{"x", value(1)}, {"y", value(2)}})},
                                          {"b", value::map({{"x", value(-3)}})}})});
  p.tables.push_back({.name = "waits", .rows = value::map({{"a", "90m"}, {"gold", "-1h"}})});
  table_definition dated{.name = "rates"};
  dated.dated.push_back({.until = date_of("2026-01-01"), .rows = value::map({{"a", dollars(8)}})});
  dated.dated.push_back({.from = date_of("2026-04-01"),
                         .rows = value::map({{"a", dollars(900)}, {"b", dollars(1)}})});
  p.tables.push_back(std::move(dated));
  table_definition caps{.name = "caps"};
  caps.dated.push_back({.from = date_of("2025-06-15"), .rows = dollars(6000)});
  caps.dated.push_back({.until = date_of("2025-06-15"), .rows = dollars(5000)});
  p.tables.push_back(std::move(caps));
}

}  // namespace

void add_world(policy_document& p) {
  add_facts(p);
  add_tables(p);
  p.values.push_back({"v_long", "contact.n1 > 2 && contact.u1 > duration('1h')"});
  p.values.push_back({"v_owed", "contact.m1 * contact.r1 + money('1 USD')"});
  p.values.push_back({"v_twice", "values.v_count * 2"});
  p.values.push_back({"v_count", "size(contact.ls) + contact.n2"});
  p.values.push_back({"v_name", "contact.b1 ? contact.s1 : subject.s3"});
  p.calendar.holidays = {date_of("2026-06-15"), date_of("2026-06-19"), date_of("2026-12-25")};
  if (p.time_zone == "America/Denver") p.calendar.weekend = {5, 6};
}

namespace {

constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t tiny = std::numeric_limits<std::int64_t>::min();

value whole(dice& d) {
  if (d.chance(4)) return value(d.pick(std::vector<std::int64_t>{huge, tiny, huge - 1, 1 << 20}));
  return value(d.between(-3, 9));
}
value amount(dice& d) {
  if (d.chance(3)) return dollars(d.chance(50) ? huge : huge / 3);
  return dollars(d.between(0, 12) * (d.chance(60) ? 500 : 333));
}
value share(dice& d) { return value(ratio::make(d.between(-2, 9), d.between(1, 8)).value()); }
value words(dice& d) {
  static const std::vector<std::string> all{"a",    "b",  "gold", "",    "x",
                                            "12",   "-7", "true", "a.b", "\xC3\xA4\xC3\xB6",
                                            "vip ", "A",  "1.5",  "90m"};
  return value(d.pick(all));
}
value span(dice& d) {
  return value(duration::make(d.between(-4, 20) * 900, d.chance(20) ? 1'500'000 : 0).value());
}
value moment(dice& d) {
  if (d.chance(4)) return value(d.chance(50) ? instant::max() : instant::min());
  constexpr std::int64_t near = 1'781'500'000;  // June 2026
  return value(
      instant::make(near + d.between(-200, 200) * 86'399, d.chance(20) ? 7'000'000 : 0).value());
}
value day(dice& d) {
  if (d.chance(3)) return value(date_of(d.chance(50) ? "9999-12-31" : "0001-01-01"));
  if (d.chance(20)) return value(date_of(d.chance(50) ? "2024-02-29" : "2026-01-31"));
  return value(civil_date::from_days(20'600 + d.between(-400, 60)).value());
}
value number(dice& d) { return value(static_cast<double>(d.between(-8, 20)) / 4); }
value truth(dice& d) { return value(d.chance(50)); }

template <class Make>
value list(dice& d, Make make) {
  value::list_type items;
  for (auto i = d.between(0, 4); i > 0; --i) items.push_back(make(d));
  return value::list(std::move(items));
}

}  // namespace

std::map<std::string, value> random_facts(dice& d, int known_percent) {
  std::map<std::string, value> out;
  auto add = [&](const char* name, auto make) {
    auto content = make(d);
    if (d.chance(known_percent)) out.emplace(name, std::move(content));
  };
  for (const auto* name : {"contact.n1", "contact.n2", "subject.n3", "contact.deep.er",
                           "contact.fall", "subject.on"}) {
    add(name, whole);
  }
  for (const auto* name : {"contact.d1", "contact.d2"}) add(name, number);
  for (const auto* name : {"contact.s1", "contact.s2", "subject.s3", "subject.os"}) {
    add(name, words);
  }
  for (const auto* name : {"contact.b1", "contact.b2"}) add(name, truth);
  for (const auto* name : {"contact.m1", "subject.m2", "subject.om"}) add(name, amount);
  for (const auto* name : {"contact.r1", "subject.r2"}) add(name, share);
  for (const auto* name : {"contact.t1", "contact.t2"}) add(name, moment);
  for (const auto* name : {"contact.u1", "contact.u2"}) add(name, span);
  for (const auto* name : {"contact.day1", "contact.day2"}) add(name, day);
  add("contact.ln", [](dice& x) { return list(x, whole); });
  add("contact.ls", [](dice& x) { return list(x, words); });
  add("contact.lm", [](dice& x) { return list(x, amount); });
  add("contact.lu", [](dice& x) { return list(x, span); });
  add("contact.lb", [](dice& x) { return list(x, truth); });
  add("contact.lr", [](dice& x) { return list(x, share); });
  add("contact.ld", [](dice& x) { return list(x, day); });
  add("contact.kn", [](dice& x) {
    value::map_type rows;
    for (const auto* key : {"a", "b", "gold"}) {
      if (x.chance(60)) rows.emplace_back(value(key), whole(x));
    }
    return value::map(std::move(rows));
  });
  add("contact.km", [](dice& x) {
    value::map_type rows;
    for (const int key : {0, 1, 7}) {
      if (x.chance(60)) rows.emplace_back(value(key), amount(x));
    }
    return value::map(std::move(rows));
  });
  add("contact.ks", [](dice& x) {
    value::map_type rows;
    for (const bool key : {false, true}) {
      if (x.chance(70)) rows.emplace_back(value(key), words(x));
    }
    return value::map(std::move(rows));
  });
  return out;
}

}  // namespace leeway::reference
