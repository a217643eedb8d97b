// SPDX-License-Identifier: Apache-2.0
#include "reference/generate_expressions.hpp"

#include <array>
#include <utility>

namespace leeway::reference {
namespace {

using texts = std::vector<std::string>;

const std::map<std::string, texts>& names_by_type() {
  static const std::map<std::string, texts> all{
      {"bool", {"contact.b1", "contact.b2", "values.v_long"}},
      {"int",
       {"contact.n1", "contact.n2", "subject.n3", "contact.deep.er", "contact.fall",
        "values.v_count", "values.v_twice"}},
      {"double", {"contact.d1", "contact.d2"}},
      {"string", {"contact.s1", "contact.s2", "subject.s3", "values.v_name"}},
      {"timestamp", {"contact.t1", "contact.t2", "at"}},
      {"duration", {"contact.u1", "contact.u2"}},
      {"date", {"contact.day1", "contact.day2"}},
      {"money", {"contact.m1", "subject.m2", "values.v_owed"}},
      {"ratio", {"contact.r1", "subject.r2"}},
      {"list<int>", {"contact.ln"}},
      {"list<string>", {"contact.ls"}},
      {"list<money>", {"contact.lm"}},
      {"list<duration>", {"contact.lu"}},
      {"list<bool>", {"contact.lb"}},
      {"list<ratio>", {"contact.lr"}},
      {"list<date>", {"contact.ld"}},
  };
  return all;
}

const std::map<std::string, texts>& literals_by_type() {
  static const std::map<std::string, texts> all{
      {"bool", {"true", "false"}},
      {"int", {"0", "1", "2", "-3", "7", "100", "0x1F", "9223372036854775807"}},
      {"double", {"0.5", "1e3", "-2.25", "0.0", "4.0"}},
      {"string",
       {"'a'", "\"b\"", "'gold'", "''", "r'\\d'", "'\\u00e4'", "'x\\ty'", "'''it's'''", "'12'"}},
      {"timestamp",
       {"timestamp('2026-06-15T12:00:00Z')", "timestamp(1781500000)",
        "timestamp(date('2026-03-08'))", "timestamp('2026-01-01T00:00:00.25-07:00')"}},
      {"duration", {"duration('90m')", "duration('-1h30m')", "duration('0s')", "duration('1.5s')"}},
      {"date", {"date('2026-06-15')", "date('2024-02-29')", "date('2025-12-31')"}},
      {"money", {"money('10 USD')", "money('33.33 USD')", "money('0 USD')", "money('0.01 USD')"}},
      {"ratio", {"ratio('12.5%')", "ratio('1/3')", "percent(150)", "ratio(-1, 4)", "ratio('0')"}},
      {"list<int>", {"[1, 2, 3]", "[7]"}},
      {"list<string>", {"['a', 'gold']", "['']"}},
      {"list<money>", {"[money('1 USD'), money('2.50 USD')]"}},
      {"list<duration>", {"[duration('1h')]"}},
      {"list<bool>", {"[true, false]"}},
      {"list<ratio>", {"[percent(5), ratio('1/7')]"}},
      {"list<date>", {"[date('2026-06-15')]"}},
  };
  return all;
}

const texts ordered_types{"int",      "double", "string", "timestamp",
                          "duration", "date",   "money",  "ratio"};
const texts item_types{"int", "string", "money", "duration", "bool", "ratio", "date"};

}  // namespace

const std::string& expression_source::any_type() {
  static const texts all{"bool",   "bool",      "bool",         "int",        "double",
                         "string", "timestamp", "duration",     "date",       "money",
                         "ratio",  "list<int>", "list<string>", "list<money>"};
  return d_.pick(all);
}

std::string expression_source::of(const std::string& type, int depth) {
  if (depth <= 0 || d_.chance(20)) return leaf(type);
  return made(type, depth - 1);
}

std::string expression_source::with_amount(int depth) {
  amounts_ = true;
  auto out = truth(depth);
  amounts_ = false;
  return out;
}

std::string expression_source::literal(const std::string& type) {
  return d_.pick(literals_by_type().at(type));
}

std::string expression_source::leaf(const std::string& type) {
  texts fitting;
  for (const auto& [name, of_type] : locals_) {
    if (of_type == type) fitting.push_back(name);
  }
  if (!fitting.empty() && d_.chance(60)) return d_.pick(fitting);
  if (d_.chance(30)) return literal(type);
  return d_.pick(names_by_type().at(type));
}

std::string expression_source::made(const std::string& type, int depth) {
  if (type != "bool" && d_.chance(8)) return choice(type, depth);
  if (type == "bool") return truth(depth);
  if (type == "int") return whole(depth);
  if (type == "double") return fraction(depth);
  if (type == "string") return text(depth);
  if (type == "timestamp") return instant_of(depth);
  if (type == "duration") return span(depth);
  if (type == "date") return day(depth);
  if (type == "money") return amount(depth);
  if (type == "ratio") return share(depth);
  return list(type.substr(5, type.size() - 6), depth);
}

std::string expression_source::choice(const std::string& type, int depth) {
  return "(" + of("bool", depth) + " ? " + of(type, depth) + " : " + of(type, depth) + ")";
}

std::string expression_source::of_same(const std::string& type, const texts& signs, int depth) {
  return "(" + of(type, depth) + " " + d_.pick(signs) + " " + of(type, depth) + ")";
}

std::string expression_source::extreme(const std::string& type, int depth) {
  const std::string name = d_.chance(50) ? "min" : "max";
  const bool of_list =
      type == "int" || type == "money" || type == "duration" || type == "ratio" || type == "date";
  if (of_list && d_.chance(50)) return name + "(" + of("list<" + type + ">", depth) + ")";
  return name + "(" + of(type, depth) + ", " + of(type, depth) + ")";
}

std::string expression_source::variable() { return "e" + std::to_string(++variables_); }

std::string expression_source::truth(int depth) {
  switch (d_.between(0, 12)) {
    case 0:
    case 1: return "(" + of("bool", depth) + " && " + of("bool", depth) + ")";
    case 2:
    case 3: return "(" + of("bool", depth) + " || " + of("bool", depth) + ")";
    case 4: return "!" + of("bool", depth);
    case 5: return choice("bool", depth);
    case 6: return of_texts(depth);
    case 7:
    case 8: return quantified(depth);
    case 9: return guarded(depth);
    default: return compared(depth);
  }
}

std::string expression_source::compared(int depth) {
  static const texts relations{" == ", " != ", " < ", " <= ", " > ", " >= "};
  static const texts equalities{" == ", " != "};
  if (amounts_ && locals_.empty() && d_.chance(40)) {
    const auto held = amounts_;
    amounts_ = false;  // the amount may stand on one side of a comparison only
    static const texts sides{"action.amount",
                             "action.amount * 2",
                             "action.amount / 3",
                             "action.amount - contact.m1",
                             "action.amount + action.due",
                             "action.amount * ratio('1/3')"};
    auto out =
        d_.pick(sides) + d_.pick(relations) + (d_.chance(20) ? "action.due" : of("money", depth));
    amounts_ = held;
    return "(" + out + ")";
  }
  switch (d_.between(0, 9)) {
    case 0: return "(" + of("bool", depth) + d_.pick(equalities) + of("bool", depth) + ")";
    case 1: {
      const auto item = d_.pick(item_types);
      return "(" + of("list<" + item + ">", depth) + d_.pick(equalities) +
             of("list<" + item + ">", depth) + ")";
    }
    case 2:
    case 3: {
      const auto item = d_.pick(item_types);
      return "(" + of(item, depth) + " in " + of("list<" + item + ">", depth) + ")";
    }
    case 4: return "(" + of("string", depth) + " in contact.kn)";
    case 5: return "is_working_day(" + of(d_.chance(50) ? "date" : "timestamp", depth) + ")";
    case 6: return "bool(" + of("string", depth) + ")";
    default: break;
  }
  const auto type = d_.pick(ordered_types);
  return "(" + of(type, depth) + d_.pick(relations) + of(type, depth) + ")";
}

std::string expression_source::of_texts(int depth) {
  static const texts calls{"contains", "startsWith", "endsWith"};
  static const texts patterns{"'^a'", "'[0-9]+'", "r'\\w+'", "''", "'^(gold|b)$'", "'a.?b'"};
  if (d_.chance(30)) return of("string", depth) + ".matches(" + d_.pick(patterns) + ")";
  return of("string", depth) + "." + d_.pick(calls) + "(" + of("string", depth) + ")";
}

std::string expression_source::quantified(int depth) {
  static const texts macros{"all", "exists", "exists_one"};
  const bool keys = d_.chance(20);
  const auto item = keys ? "string" : d_.pick(item_types);
  // A longer range inside another macro is refused for its cost.
  const auto range = keys ? "contact.kn" : of("list<" + item + ">", locals_.empty() ? depth : 0);
  const auto e = variable();
  locals_.emplace_back(e, item);
  auto out = range + "." + d_.pick(macros) + "(" + e + ", " + of("bool", depth) + ")";
  locals_.pop_back();
  return out;
}

std::string expression_source::guarded(int depth) {
  switch (d_.between(0, 5)) {
    case 0: return "(has(subject.on) && subject.on > " + of("int", depth) + ")";
    case 1: return "(!has(subject.os) || subject.os == " + of("string", depth) + ")";
    case 2:
      return "(has(subject.om) ? subject.om < " + of("money", depth) + " : " + of("bool", depth) +
             ")";
    case 3: return "has(subject.on)";
    case 4: return "has(contact.kn.gold)";
    default: return "(has(contact.kn.a) && contact.kn.a > " + of("int", depth) + ")";
  }
}

std::string expression_source::whole(int depth) {
  static const texts between{"days_between", "months_between", "years_between",
                             "working_days_between"};
  static const texts parts{"getFullYear",   "getMonth",     "getDate",
                           "getDayOfMonth", "getDayOfWeek", "getDayOfYear"};
  static const texts clocks{"getHours", "getMinutes", "getSeconds", "getMilliseconds"};
  static const texts zones{"", "'America/Denver'", "'+05:30'", "'UTC'", "'Europe/London'"};
  switch (d_.between(0, 15)) {
    case 0:
    case 1: return of_same("int", {"+", "-", "*"}, depth);
    case 2: return of_same("int", {"/", "%"}, depth);
    case 3: return "-" + leaf("int");
    case 4: return "size(" + of(d_.chance(50) ? "string" : "list<int>", depth) + ")";
    case 5: return of("list<string>", depth) + ".size()";
    case 6: return "int(" + of(d_.chance(50) ? "string" : "double", depth) + ")";
    case 7: return "int(" + of("timestamp", depth) + ")";
    case 8: {
      const auto type = d_.chance(60) ? "date" : "timestamp";
      return d_.pick(between) + "(" + of(type, depth) + ", " + of(type, depth) + ")";
    }
    case 9: return "weekday(" + of("date", depth) + ")";
    case 10: return of("timestamp", depth) + "." + d_.pick(parts) + "(" + d_.pick(zones) + ")";
    case 11: return of("date", depth) + "." + d_.pick(parts) + "()";
    case 12:
      return of(d_.chance(50) ? "duration" : "timestamp", depth) + "." + d_.pick(clocks) + "()";
    case 13: return of("list<int>", depth) + "[" + of("int", depth) + "]";
    case 14:
      return d_.chance(50)
                 ? "contact.kn[" + of("string", depth) + "]"
                 : "tables.grid[" + of("string", depth) + "][" + of("string", depth) + "]";
    default: return d_.chance(50) ? "sum(" + of("list<int>", depth) + ")" : extreme("int", depth);
  }
}

std::string expression_source::fraction(int depth) {
  switch (d_.between(0, 5)) {
    case 0: return "double(" + of("int", depth) + ")";
    case 1: return "double(" + of("string", depth) + ")";
    case 2: return "-" + leaf("double");
    case 3: return extreme("double", depth);
    default: return of_same("double", {"+", "-", "*", "/"}, depth);
  }
}

std::string expression_source::text(int depth) {
  static const texts sources{"int", "bool", "duration", "string"};
  switch (d_.between(0, 6)) {
    case 0:
    case 1: return of_same("string", {"+"}, depth);
    case 2: return "string(" + of(d_.pick(sources), depth) + ")";
    case 3: return "string(" + of("timestamp", depth) + ")";
    case 4: return of("list<string>", depth) + "[" + of("int", depth) + "]";
    case 5: return "contact.ks[" + of("bool", depth) + "]";
    default: return "tables.waits[" + of("string", depth) + "]";
  }
}

std::string expression_source::instant_of(int depth) {
  switch (d_.between(0, 6)) {
    case 0:
    case 1:
      return "(" + of("timestamp", depth) + (d_.chance(50) ? " + " : " - ") +
             of("duration", depth) + ")";
    case 2: return "(" + of("duration", depth) + " + " + of("timestamp", depth) + ")";
    case 3: return "timestamp(" + of("date", depth) + ")";
    case 4: return "timestamp(" + of("int", depth) + ")";
    default: return extreme("timestamp", depth);
  }
}

std::string expression_source::span(int depth) {
  switch (d_.between(0, 6)) {
    case 0: return of_same("timestamp", {"-"}, depth);
    case 1:
    case 2: return of_same("duration", {"+", "-"}, depth);
    case 3: return "(" + of("duration", depth) + " * " + of("int", depth) + ")";
    case 4: return "duration(" + of("string", depth) + ")";
    case 5: return "sum(" + of("list<duration>", depth) + ")";
    default: return extreme("duration", depth);
  }
}

std::string expression_source::day(int depth) {
  static const texts units{"day", "week", "month", "quarter", "year"};
  static const texts adds{"add_days", "add_months", "add_years"};
  switch (d_.between(0, 5)) {
    case 0: return "date(" + of("timestamp", depth) + ")";
    case 1:
    case 2: return d_.pick(adds) + "(" + of("date", depth) + ", " + of("int", depth) + ")";
    case 3: return "add_working_days(" + of("date", depth) + ", size(" + of("string", depth) + "))";
    case 4:
      return "start_of(" + of(d_.chance(50) ? "date" : "timestamp", depth) + ", '" +
             d_.pick(units) + "')";
    default: return extreme("date", depth);
  }
}

std::string expression_source::amount(int depth) {
  static const texts modes{"half_even", "half_up", "half_down", "up", "down", "ceiling", "floor"};
  switch (d_.between(0, 11)) {
    case 0:
    case 1: return of_same("money", {"+", "-"}, depth);
    case 2: return "(" + of("money", depth) + d_.pick(texts{" * ", " / "}) + of("int", depth) + ")";
    case 3:
    case 4:
      return "(" + of("money", depth) + d_.pick(texts{" * ", " / "}) + of("ratio", depth) + ")";
    case 5: return "round(" + of("money", depth) + ", '" + d_.pick(modes) + "')";
    case 6:
      return "round(" + of("money", depth) + ", '" + d_.pick(modes) + "', money('" +
             d_.pick(texts{"5", "0.05", "0.30"}) + " USD'))";
    case 7: return "sum(" + of("list<money>", depth) + ")";
    case 8: return extreme("money", depth);
    case 9: return "tables.prices[" + of("string", depth) + "]";
    case 10:
      return d_.chance(50) ? "tables.caps[" + of("date", depth) + "]"
                           : "tables.rates[" + of("date", depth) + "][" + of("string", depth) + "]";
    default: return "contact.km[" + of("int", depth) + "]";
  }
}

std::string expression_source::share(int depth) {
  switch (d_.between(0, 6)) {
    case 0:
    case 1: return of_same("ratio", {"+", "-", "*", "/"}, depth);
    case 2: return of_same("money", {"/"}, depth);
    case 3: return "percent(" + of("int", depth) + ")";
    case 4: return "ratio(" + of("int", depth) + ", " + of("int", depth) + ")";
    case 5: return "(" + of("ratio", depth) + d_.pick(texts{" * ", " / "}) + of("int", depth) + ")";
    default:
      return d_.chance(50) ? "sum(" + of("list<ratio>", depth) + ")" : extreme("ratio", depth);
  }
}

std::string expression_source::list(const std::string& item, int depth) {
  const auto type = "list<" + item + ">";
  switch (d_.between(0, 3)) {
    case 0: return "[" + of(item, depth) + ", " + of(item, depth) + "]";
    case 1: return of_same(type, {"+"}, depth);
    case 2: {
      const auto range = of(type, locals_.empty() ? depth : 0);
      const auto e = variable();
      locals_.emplace_back(e, item);
      auto out = range + ".filter(" + e + ", " + of("bool", depth) + ")";
      locals_.pop_back();
      return out;
    }
    default: break;
  }
  const auto from = d_.pick(item_types);
  const auto range = of("list<" + from + ">", locals_.empty() ? depth : 0);
  const auto e = variable();
  locals_.emplace_back(e, from);
  auto out = range + ".map(" + e + ", ";
  if (d_.chance(30)) out += of("bool", depth) + ", ";
  out += of(item, depth) + ")";
  locals_.pop_back();
  return out;
}

}  // namespace leeway::reference
