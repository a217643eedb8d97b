// SPDX-License-Identifier: Apache-2.0
#include "cli/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace leeway::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string northwind = "examples/01_first_decision/northwind.policy.json";

TEST(Eval, PrintsValueAndType) {
  EXPECT_EQ(leeway("eval '1 + 2'").text, "3 (int)\n");
  EXPECT_EQ(leeway("eval \"money('10 USD') / 3\"").text, "10/3 USD (money)\n");
  EXPECT_EQ(leeway("eval \"['a', 'b']\"").text, "['a', 'b'] (list<string>)\n");
}

TEST(Eval, InfersTheTypeOfWhatIsGiven) {
  const auto type_of = [](const std::string& given) {
    return leeway("eval x --set 'x=" + given + "'").text;
  };
  EXPECT_EQ(type_of("12"), "12 (int)\n");
  EXPECT_EQ(type_of("0.5"), "0.5 (double)\n");
  EXPECT_EQ(type_of("true"), "true (bool)\n");
  EXPECT_EQ(type_of("12 USD"), "12.00 USD (money)\n");
  EXPECT_EQ(type_of("12.5%"), "0.125 (ratio)\n");
  EXPECT_EQ(type_of("2026-11-01"), "2026-11-01 (date)\n");
  EXPECT_EQ(type_of("2026-11-01T00:00:00Z"), "2026-11-01T00:00:00Z (timestamp)\n");
  EXPECT_EQ(type_of("1h30m"), "5400s (duration)\n");
  EXPECT_EQ(type_of("gold"), "'gold' (string)\n");
  EXPECT_EQ(type_of("\"12\""), "'12' (string)\n");
  EXPECT_EQ(type_of("[\"a\", \"b\"]"), "['a', 'b'] (list<string>)\n");
  EXPECT_EQ(type_of("[1, 0.5]"), "[1.0, 0.5] (list<double>)\n");
  EXPECT_EQ(type_of("{\"a\": \"1 USD\"}"), "{'a': 1.00 USD} (map<string, money>)\n");
}

TEST(Eval, TakesATypeThatIsSaid) {
  EXPECT_EQ(leeway("eval x --set x:string=12").text, "'12' (string)\n");
  EXPECT_EQ(leeway("eval 'x.size()' --set 'x:list<string>=[]'").text, "0 (int)\n");
  const auto unknown = leeway("eval 'x > 1' --set x:int");
  EXPECT_EQ(unknown.code, 1);
  EXPECT_EQ(unknown.text, "unknown (bool)\n  needs x (int)\n");
}

TEST(Eval, ShowsWhereAnExpressionIsWrong) {
  const auto run = leeway("eval 'late >= 3 && vpi' --set late=1 --set vip=true 2>&1");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("expression:1:14: error: unknown name `vpi`"));
  EXPECT_THAT(run.text, HasSubstr("              ^~~\n"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `vip`?"));
  EXPECT_THAT(leeway("eval other 2>&1").text, HasSubstr("give it a value: --set NAME=VALUE"));
}

TEST(Eval, RefusesWhatCannotBeGiven) {
  const auto refused = [](const std::string& arguments) {
    const auto run = leeway("eval 1 " + arguments + " 2>&1");
    EXPECT_EQ(run.code, 3) << arguments;
    return run.text;
  };
  EXPECT_THAT(refused("--set x"), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(refused("--set x:int=abc"), HasSubstr("expected a whole number, found `abc`"));
  EXPECT_THAT(refused("--set 'x=1 EUR'"), HasSubstr("--currency"));
  EXPECT_THAT(refused("--set 1x=1"), HasSubstr("is no name"));
  EXPECT_THAT(refused("--set x:strng=1"), HasSubstr("strng"));
  EXPECT_THAT(refused("--set 'x=[1, \"a\"]'"), HasSubstr("not of one type"));
  EXPECT_THAT(refused("--currency XXY"), HasSubstr("unknown currency `XXY`"));
  EXPECT_THAT(refused("--zone Mars/Olympus"), HasSubstr("Mars/Olympus"));
  EXPECT_THAT(refused("--at yesterday"), HasSubstr("--at"));
  EXPECT_THAT(refused("--request x.json"), HasSubstr("needs `--policy`"));
  EXPECT_THAT(refused("--policy " + northwind + " --currency EUR"), HasSubstr("policy's"));
}

TEST(Eval, ReadsFactsFromAFile) {
  const scratch_folder folder;
  const std::string facts = " --facts '" + (folder / "facts.json").string() + "' 2>&1";
  write(folder / "facts.json", R"({
    // groups and dots mean the same
    "contact": {"hours_late": 4, "paid": "20 USD", "wait": {"duration": [90, 0]}},
    "customer.flags": ["new"], "customer": {"since": "2021-03-02"},
    "contact.marks": {"map": [[{"string": "a"}, {"bool": true}]]}, "contact.unknown": null})");
  EXPECT_EQ(leeway("eval 'contact.hours_late * 2'" + facts).text, "8 (int)\n");
  EXPECT_EQ(leeway("eval \"contact.paid + money('1 USD')\"" + facts).text, "21.00 USD (money)\n");
  EXPECT_EQ(leeway("eval contact.wait" + facts).text, "90s (duration)\n");
  EXPECT_EQ(leeway("eval \"'new' in customer.flags && contact.marks.a\"" + facts).text,
            "true (bool)\n");
  EXPECT_EQ(leeway("eval 'customer.since' --set customer.since=2022-01-01" + facts).text,
            "2022-01-01 (date)\n");
  const auto tree = leeway("eval 'contact.hours_late >= 3' --tree" + facts);
  EXPECT_THAT(tree.text, HasSubstr("true (bool)\n  contact.hours_late >= 3 = true\n"));
  write(folder / "facts.json", R"({"none": [], "rows": [[], [1]], "entries": {"map": []}})");
  EXPECT_EQ(leeway("eval 'size(none) + size(rows) + size(entries)'" + facts).text, "2 (int)\n");
  EXPECT_EQ(leeway("eval 'size(x) + size(y)' --set 'x=[]' --set 'y={}'").text, "0 (int)\n");
  write(folder / "facts.json", "{\"x\": [1, \"a\"],\n \"1y\": 2}");
  const auto refused = leeway("eval 1" + facts);
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.text, HasSubstr("facts.json:1:7: error: its items are not of one type"));
  EXPECT_THAT(refused.text, HasSubstr("facts.json:2:8: error: `1y` is no name"));
}

TEST(Eval, ReadsFactsAsThePolicyDeclaresThem) {
  const scratch_folder folder;
  const std::string with =
      " --policy " + northwind + " --facts '" + (folder / "facts.json").string() + "' 2>&1";
  write(folder / "facts.json", R"({"contact": {"hours_late": 3}, "subject.tier": null})");
  EXPECT_EQ(leeway("eval values.late" + with).text, "true (bool)\n");
  EXPECT_THAT(leeway("eval subject.tier" + with).text, HasSubstr("needs subject.tier"));
  write(folder / "facts.json", R"({"contact": {"hours_lat": 3}, "subject.tier": "gold"})");
  const auto refused = leeway("eval values.late" + with);
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.text, HasSubstr("did you mean `contact.hours_late`?"));
  EXPECT_THAT(refused.text, HasSubstr("'gold', which the policy does not know"));
}

TEST(Eval, ReadsAPolicyAndARequest) {
  const std::string with = " --policy " + northwind;
  EXPECT_EQ(leeway("eval values.late --set contact.hours_late=3" + with).text, "true (bool)\n");
  const auto unknown = leeway("eval values.late" + with);
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.text, HasSubstr("needs contact.hours_late (int): "));
  const auto slip = leeway("eval values.late --set contact.hours_lat=3 2>&1" + with);
  EXPECT_EQ(slip.code, 3);
  EXPECT_THAT(slip.text, HasSubstr("did you mean `contact.hours_late`?"));
  const auto bound = leeway("eval action.amount" + with +
                            " --request examples/01_first_decision/waiver.request.json");
  EXPECT_THAT(bound.text, HasSubstr("USD (money)"));
  EXPECT_EQ(leeway("eval 'contact.weather && values.late' --set contact.weather:bool=true "
                   "--set contact.hours_late=9" +
                   with)
                .text,
            "true (bool)\n");
}

TEST(Eval, AnswersLinesOfStandardInput) {
  const auto run = leeway("eval 2>/dev/null <<'END'\n1 +\n\n:set x=5\nx * 2\n1 / 0\nEND");
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.text, "10 (int)\nerror: division by zero (int)\n");
  EXPECT_THAT(leeway("eval 2>&1 <<'END'\n1\n2 +\nEND").text, HasSubstr("stdin:2:3: error"));
}

TEST(Eval, AnswersAProgramInTypedValues) {
  EXPECT_EQ(leeway("eval --format json '[duration(\"1.5s\")]'").text,
            "{\"value\":{\"list\":[{\"duration\":[1,500000000]}]},\"type\":\"list<duration>\"}\n");
  const auto json_of = [](const std::string& line) {
    return leeway("eval --jsonl 2>/dev/null <<'END'\n" + line + "\nEND");
  };
  EXPECT_EQ(json_of(R"({"id":7,"expr":"x + 1","bindings":{"x":{"int":"2"}}})").text,
            "{\"id\":7,\"value\":{\"int\":\"3\"},\"type\":\"int\"}\n");
  EXPECT_EQ(json_of(R"({"expr":"x","type_env":{"x":{"list":"int"}}})").text,
            "{\"unknown\":[\"x\"],\"type\":\"list<int>\"}\n");
  EXPECT_THAT(json_of(R"({"expr":"1/0"})").text, HasSubstr(R"("error":"division by zero")"));
  EXPECT_EQ(json_of(R"({"expr":"y"})").code, 0);
  EXPECT_THAT(json_of(R"({"expr":"y"})").text, HasSubstr(R"("code":"unknown_name")"));
  EXPECT_EQ(json_of("{}\n{\"expr\":\"1\"}").code, 3);
  EXPECT_THAT(json_of("{}\n{\"expr\":\"1\"}").text, HasSubstr("\n{\"value\":{\"int\":\"1\"}"));
  EXPECT_EQ(json_of(R"({"expr":"values.late","policy":")" + northwind +
                    R"(","bindings":{"contact.hours_late":{"int":"4"}}})")
                .text,
            "{\"value\":{\"bool\":true},\"type\":\"bool\"}\n");
}

TEST(Eval, ShowsTheValueOfEveryPart) {
  const auto run = leeway("eval 'late >= 3 && !vip' --set late=4 --set vip=true --tree");
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.text, HasSubstr("false (bool)\n  late >= 3 && !vip = false\n"));
  EXPECT_THAT(run.text, HasSubstr("late >= 3 = true  (decides nothing)\n"));
  EXPECT_THAT(run.text, HasSubstr("\n      vip = true\n"));
  const auto data = leeway("eval 'x + 1' --set x=2 --tree --format json");
  EXPECT_THAT(data.text, HasSubstr(R"("tree":{"text":"x + 1","value":"3","parts":)"
                                   R"([{"text":"x","value":"2"}]})"));
}

TEST(Eval, RefusesLinesThatAskNothing) {
  const auto run = leeway(
      "eval --jsonl 2>&1 >/dev/null <<'END'\n{\"expr\":\"1\"}\n"
      "{\"expr\":\"x\",\"bindings\":{\"x\":{\"itn\":\"1\"}}}\n"
      "{\"expr\":\"1\",\"bindngs\":{}}\nEND");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.text, HasSubstr("stdin:2:"));
  EXPECT_THAT(run.text, HasSubstr("unknown type `itn` of a value"));
  EXPECT_THAT(run.text, HasSubstr("stdin:3:"));
  EXPECT_THAT(run.text, HasSubstr("did you mean `bindings`?"));
}

double number_of(const json& v) { return std::stod(v.get<std::string>()); }

/// Equal; doubles by what they are, not how they are written.
bool same(const json& a, const json& b) {
  if (a.is_object() && b.is_object() && a.contains("double") && b.contains("double")) {
    const double x = number_of(a["double"]);
    const double y = number_of(b["double"]);
    return x == y || (x != x && y != y);
  }
  if (a.is_array() && b.is_array() && a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!same(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_object() && b.is_object() && a.size() == 1 && b.size() == 1) {
    return a.begin().key() == b.begin().key() && same(a.begin().value(), b.begin().value());
  }
  return a == b;
}

TEST(Eval, AnswersTheConformanceCases) {
  const auto file = shared_file("cel/cases.json");
  if (!file) GTEST_SKIP() << "the conformance cases are not here: set LEEWAY_SHARED";
  const json cases = json::parse(contents(*file));
  const scratch_folder folder;
  std::string lines;
  for (const json& c : cases) lines += c.dump() + "\n";
  write(folder / "cases.jsonl", lines);
  const auto run = leeway("eval --jsonl '" + (folder / "cases.jsonl").string() + "'");
  EXPECT_EQ(run.code, 0);
  std::istringstream answers(run.text);
  std::string line;
  for (const json& c : cases) {
    ASSERT_TRUE(std::getline(answers, line));
    const json answer = json::parse(line);
    if (c.contains("error")) {
      EXPECT_TRUE(answer.contains("error")) << c["expr"] << line;
    } else {
      EXPECT_TRUE(answer.contains("value") && same(answer["value"], c["value"]))
          << c["expr"] << line;
    }
  }
  EXPECT_FALSE(std::getline(answers, line));
}

TEST(Eval, KnowsWhatARequestIsWhenItDoesNotSay) {
  const std::string with = " --policy " + northwind;
  EXPECT_EQ(leeway("eval 'size(request.note)'" + with).text, "0 (int)\n");
  EXPECT_EQ(leeway("eval 'request.discretion'" + with).text, "false (bool)\n");
  EXPECT_EQ(leeway("eval 'size(request.note)' --set request.note=abc" + with).text, "3 (int)\n");
  EXPECT_EQ(leeway("eval 'size(request.note)' --set request.note:string 2>&1" + with).code, 3);
  EXPECT_THAT(leeway("eval 'has(request.note)' 2>&1" + with).text, HasSubstr("request.note != ''"));
}

TEST(Eval, TakesAnOptionalFactThatIsAbsent) {
  const std::string with = " --policy examples/cookbook/26-virtual-agent.policy.json 2>&1";
  const auto refused = leeway("eval true --set customer.id:absent" + with);
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.text, HasSubstr("not declared optional"));
}

}  // namespace
}  // namespace leeway::cli_test
