// SPDX-License-Identifier: Apache-2.0
// Random expressions over the names of `world`.
#ifndef LEEWAY_TESTS_CONDITION_WRITER_HPP
#define LEEWAY_TESTS_CONDITION_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>

namespace leeway::condition::test {

/// Writes random expressions that are well-typed by construction.
class writer {
 public:
  explicit writer(std::uint64_t s) : random_(s) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::string pick(std::initializer_list<const char*> words) {
    return *(words.begin() + static_cast<std::ptrdiff_t>(below(words.size())));
  }

  std::string boolean(int depth) {
    if (depth <= 0) return pick({"true", "false", "contact.proof", "values.late"});
    switch (below(11)) {
      case 0: return "(" + boolean(depth - 1) + " && " + boolean(depth - 1) + ")";
      case 1: return "(" + boolean(depth - 1) + " || " + boolean(depth - 1) + ")";
      case 2: return "!(" + boolean(depth - 1) + ")";
      case 3: return "(" + integer(depth - 1) + relation() + integer(depth - 1) + ")";
      case 4: return "(" + amount(depth - 1) + relation() + amount(depth - 1) + ")";
      case 5:
        return "(" + boolean(depth - 1) + " ? " + boolean(depth - 1) + " : " + boolean(depth - 1) +
               ")";
      case 6: return "(" + text(depth - 1) + pick({" == ", " != ", " < "}) + text(depth - 1) + ")";
      case 7:
        return "[1, 2, 3]." + pick({"all", "exists", "exists_one"}) + "(e, e" + relation() +
               integer(depth - 2) + ")";
      case 8: return "(" + integer(depth - 1) + " in contact.delays)";
      case 9: return test();
      default: return "(" + moment(depth - 1) + relation() + moment(depth - 1) + ")";
    }
  }

  /// One test of facts, of every form there is.
  std::string test() {
    switch (below(4)) {
      case 0: return fact_test();
      case 1: return list_test();
      case 2: return lookup_test();
      default: return time_test();
    }
  }

  std::string fact_test() {
    const std::string is = relation();
    switch (below(12)) {
      case 0: return "(contact.hours_late" + is + integer(0) + ")";
      case 1: return "(3" + is + "contact.hours_late)";
      case 2: return "(contact.hours_late" + is + "usage.waivers_6m)";
      case 3: return "(contact.paid" + is + amount(0) + ")";
      case 4: return "(money('12.34 USD')" + is + "contact.paid)";
      case 5: return "(contact.paid" + is + "customer.lifetime_value)";
      case 6:
        return "(customer.churn_risk" + is + pick({"0.4", "0.0", "customer.churn_risk"}) + ")";
      case 7: return "(contact.reason" + is + text(0) + ")";
      case 8: return "(contact.proof" + is + pick({"true", "false", "values.late"}) + ")";
      case 9: return "(customer.share" + is + "ratio('1/3'))";
      case 10: return "(contact.paid - money('5 USD') < customer.lifetime_value * customer.share)";
      default:
        return "(has(subject.tier) && subject.tier == 'x' || has(subject.seats) && subject.seats" +
               is + "2)";
    }
  }

  std::string list_test() {
    const std::string is = relation();
    switch (below(13)) {
      case 0: return "(contact.reason in ['late_fee', 'x', 'gold'])";
      case 1:
        return "(contact.reason in ['i', 'h', 'late_fee', 'x', 'gold', 'f', 'c', 'd', 'e', 'g'])";
      case 2: return "('gold' in customer.flags)";
      case 3: return "(contact.hours_late in [1, 2, 4])";
      case 4: return "customer.flags.exists(f, f == contact.reason || f" + is + "'m')";
      case 5: return "contact.delays.all(d, d + 1" + is + integer(0) + ")";
      case 6: return "contact.delays.exists_one(d, [1, 7].exists(e, e" + is + "d - 1))";
      case 7: return "(size(contact.delays.filter(d, d" + is + "3))" + relation() + "1)";
      case 8: return "(max(contact.delays)" + is + "min(3, contact.hours_late))";
      case 9: return "(sum(contact.delays)" + is + "7)";
      case 10: return "(contact.delays == [1, 7])";
      case 11: return "contact.extra.exists(k, contact.extra[k]" + is + "1)";
      default: return "contact.delays.map(d, d * 2).exists(d, values.late && d" + is + "2)";
    }
  }

  std::string lookup_test() {
    const std::string is = relation();
    switch (below(10)) {
      case 0: return "(tables.limit[contact.reason]" + is + "contact.paid)";
      case 1: return "(tables.grid['basic'][contact.hours_late]" + is + amount(0) + ")";
      case 2: return "(tables.per_day[customer.since]['basic']" + is + "money('8 USD'))";
      case 3: return "(tables.ceiling[date(at)]" + is + amount(0) + ")";
      case 4: return "(contact.delays[1]" + is + "contact.delays[0])";
      case 5: return "(contact.extra.a" + is + integer(0) + ")";
      case 6: return "has(contact.extra.c)";
      case 7: return "('a' in contact.extra)";
      case 8: return "(contact.extra[contact.reason]" + is + "2)";
      default: return "(size(contact.extra)" + is + "size(customer.flags))";
    }
  }

  std::string time_test() {
    const std::string is = relation();
    switch (below(10)) {
      case 0: return "(at" + is + "timestamp('2026-11-21T03:04:05Z'))";
      case 1: return "(contact.wait" + is + "duration('1h'))";
      case 2: return "(customer.since" + is + "date('2020-02-29'))";
      case 3: return "(at - duration('1h')" + is + "timestamp('1970-01-01T00:00:00Z'))";
      case 4: return "(at - timestamp('2026-01-01T00:00:00Z')" + is + "contact.wait * 2)";
      case 5: return "(days_between(customer.since, date(at))" + is + integer(0) + ")";
      case 6:
        return "(" + pick({"months_between", "years_between"}) + "(at, at + contact.wait)" + is +
               "0)";
      case 7: return "(at.getHours()" + is + "20)";
      case 8: return "(start_of(customer.since, 'month')" + is + "add_days(customer.since, -1))";
      default: return "contact.reason." + pick({"contains", "startsWith", "endsWith"}) + "('e')";
    }
  }

  std::string moment(int depth) {
    if (depth <= 0)
      return pick({"at", "timestamp('2026-11-21T03:04:05Z')", "timestamp(customer.since)"});
    return "(" + moment(depth - 1) + pick({" + ", " - "}) +
           pick({"contact.wait", "duration('90m')", "contact.wait * contact.hours_late"}) + ")";
  }

  /// Of any type.
  std::string anything(int depth) {
    switch (below(8)) {
      case 0: return integer(depth);
      case 1: return amount(depth);
      case 2: return text(depth);
      case 3: return moment(depth);
      case 4: return pick({"contact.delays", "contact.extra", "customer.flags", "tables.limit"});
      case 5: return "contact.delays.map(d, " + integer(1) + " + d)";
      case 6: return "(" + boolean(depth) + " ? customer.flags : ['x', contact.reason])";
      default:
        return pick({"customer.share", "customer.churn_risk * 2.0 - 1.0", "contact.wait",
                     "customer.since", "customer.share * customer.share", "-customer.churn_risk",
                     "contact.paid / customer.lifetime_value", "tables.per_day[customer.since]",
                     "contact.extra", "values.cap", "-contact.wait", "contact.delays[2]"});
    }
  }

  std::string integer(int depth) {
    if (depth <= 0)
      return pick(
          {"0", "1", "-7", "3", "9223372036854775807", "contact.hours_late", "usage.waivers_6m"});
    switch (below(5)) {
      case 0:
        return "(" + integer(depth - 1) + pick({" + ", " - ", " * ", " / ", " % "}) +
               integer(depth - 1) + ")";
      case 1:
        return "(" + boolean(depth - 1) + " ? " + integer(depth - 1) + " : " + integer(depth - 1) +
               ")";
      case 2: return pick({"min(", "max("}) + integer(depth - 1) + ", " + integer(depth - 1) + ")";
      case 3: return "sum(contact.delays.map(d, d + " + integer(depth - 2) + "))";
      default: return "size(" + text(depth - 1) + ")";
    }
  }

  std::string amount(int depth) {
    if (depth <= 0)
      return pick({"money('0 USD')", "money('12.34 USD')", "contact.paid", "values.cap"});
    switch (below(6)) {
      case 0: return "(" + amount(depth - 1) + pick({" + ", " - "}) + amount(depth - 1) + ")";
      case 1: return "(" + amount(depth - 1) + pick({" * ", " / "}) + integer(depth - 1) + ")";
      case 2:
        return "(" + amount(depth - 1) + " * " +
               pick({"ratio('1/3')", "customer.share", "percent(7)"}) + ")";
      case 3:
        return pick({"min(", "max("}) + amount(depth - 1) + ", " + amount(0) + ", contact.paid)";
      case 4: return "(-" + amount(depth - 1) + " / customer.share)";
      default:
        return "round(" + amount(depth - 1) + ", '" + pick({"half_even", "up", "floor"}) + "')";
    }
  }

  std::string text(int depth) {
    if (depth <= 0) return pick({"''", "'x'", "contact.reason", "agent.id"});
    if (below(2) == 0) return "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
    return "string(" + integer(depth - 1) + ")";
  }

 private:
  std::string relation() { return pick({" < ", " <= ", " == ", " != ", " > ", " >= "}); }
  std::mt19937_64 random_;
};

}  // namespace leeway::condition::test

#endif
