// SPDX-License-Identifier: Apache-2.0
// What the tests of conditions share: a small policy's names, and short ways to ask.
#ifndef LEEWAY_TESTS_CONDITION_SUPPORT_HPP
#define LEEWAY_TESTS_CONDITION_SUPPORT_HPP

#include "condition/program.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::condition::test {

inline type type_of(std::string_view text) { return type::parse(text).value(); }

inline std::uint64_t seed() {
  if (const char* const told = std::getenv("LEEWAY_SEED")) return std::strtoull(told, nullptr, 10);
  return std::random_device{}();
}

inline std::string replay(std::uint64_t s) {
  return "replay with LEEWAY_SEED=" + std::to_string(s);
}

/// The names of a policy in US dollars at Denver, and what is known of them.
class world {
 public:
  world() : env_(currency::usd(), time_zone::find("America/Denver").value()) {
    env_.declare({.path = "action.amount", .static_type = value_kind::money, .amount = true});
    declare("action.kind", "string");
    declare("agent.id", "string");
    declare("at", "timestamp");
    declare("contact.hours_late", "int");
    declare("contact.minutes_late", "int");
    declare("contact.reason", "string");
    declare("contact.paid", "money");
    declare("contact.delays", "list<int>");
    declare("contact.proof", "bool");
    declare("contact.wait", "duration");
    declare("contact.extra", "map<string, int>");
    declare("customer.flags", "list<string>");
    declare("customer.since", "date");
    declare("customer.churn_risk", "double");
    declare("customer.lifetime_value", "money");
    declare("customer.share", "ratio");
    declare("usage.waivers_6m", "int");
    env_.declare({.path = "subject.tier", .static_type = value_kind::string, .optional = true});
    env_.declare({.path = "subject.seats", .static_type = value_kind::integer, .optional = true});
    env_.declare(
        {.path = "customer.age", .static_type = value_kind::integer, .protected_attribute = true});
    env_.define_table("limit", type_of("map<string, money>"),
                      value::map({{"basic", usd(25)}, {"plus", usd(50)}}));
    env_.define_table("grid", type_of("map<string, map<int, money>>"),
                      value::map({{"basic", value::map({{1, usd(10)}, {2, usd(20)}})}}));
    const value before = value::map({{"basic", usd(8)}, {"old", usd(3)}});
    const value after = value::map({{"basic", usd(9)}});
    env_.define_dated_table(type_of("map<string, money>"),
                            {.name = "per_day",
                             .entries = {{{}, civil_date{2019, 4, 1}, before},
                                         {civil_date{2019, 4, 1}, civil_date{2020, 1, 1}, before},
                                         {civil_date{2021, 1, 1}, {}, after}}});
    env_.define_dated_table(
        value_kind::money,
        {.name = "ceiling", .entries = {{civil_date{2026, 4, 1}, {}, usd(1075)}}});
    env_.set_calendar(
        working_calendar({6, 7}, {{2026, 12, 25}, {2026, 12, 26}, {2026, 12, 28}, {2027, 1, 1}}));
    define("late", "contact.hours_late >= 3");
    define("cap", "contact.paid * ratio('50%')");
    define("double_amount", "action.amount * 2");
    define("over_cap", "action.amount > values.cap");
  }

  void declare(std::string path, std::string_view t) {
    env_.declare({.path = std::move(path), .static_type = type_of(t)});
  }
  void define(std::string name, std::string_view text) {
    auto out = compile(text, env_, {}, {.amount_allowed_as_result = true});
    env_.define_value(std::move(name), out.code);
  }

  environment& env() { return env_; }
  const environment& env() const { return env_; }

  /// Everything known.
  frame full() const {
    frame f(env_);
    const auto set = [&](std::string_view path, value v) {
      f.set(*env_.slot_of(path), std::move(v));
    };
    set("action.amount", usd(40));
    set("action.kind", "refund");
    set("agent.id", "a-17");
    set("at", instant::parse("2026-11-21T03:04:05Z").value());
    set("contact.hours_late", 4);
    set("contact.minutes_late", 240);
    set("contact.reason", "late_fee");
    set("contact.paid", usd(100));
    set("contact.delays", value::list({5, 10, 15}));
    set("contact.proof", true);
    set("contact.wait", duration::parse("90m").value());
    set("contact.extra", value::map({{"a", 1}, {"b", 2}}));
    set("customer.flags", value::list({"gold", "new"}));
    set("customer.since", civil_date{2021, 3, 2});
    set("customer.churn_risk", 0.4);
    set("customer.lifetime_value", usd(1840));
    set("customer.share", ratio::parse("12.5%").value());
    set("usage.waivers_6m", 1);
    f.set_absent(*env_.slot_of("subject.tier"));
    f.set(*env_.slot_of("subject.seats"), 3);
    return f;
  }
  /// Nothing known.
  frame blank() const { return frame(env_); }

  compiled build(std::string_view text, const std::vector<type>& wanted = {},
                 const compile_options& options = {}) const {
    return compile(text, env_, wanted, options);
  }

  /// The value on a frame as text; `unknown a b` or `failed: why`; `refused: code` when it does not
  /// compile.
  std::string eval(std::string_view text, const frame& f) const {
    const compiled c = build(text, {}, {.amount_allowed_as_result = true});
    if (!c.code) return refusal(c);
    return shown(evaluate(*c.code, env_, f));
  }
  std::string eval(std::string_view text) const { return eval(text, full()); }

  std::string shown(const evaluation& e) const {
    if (e.status == evaluation::state::known) return e.result->to_string();
    if (e.status == evaluation::state::failed) return "failed: " + e.error;
    std::string out = "unknown";
    for (const slot s : e.missing) out += " " + env_.at(s).path;
    if (!e.error.empty()) out += "; failed: " + e.error;
    return out;
  }

  static std::string refusal(const compiled& c) {
    std::string out = "refused:";
    for (const issue& i : c.found) {
      if (!i.warning) out += " " + i.code;
    }
    return out;
  }

 private:
  environment env_;
};

}  // namespace leeway::condition::test

#endif
