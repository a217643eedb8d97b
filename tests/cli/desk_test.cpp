// SPDX-License-Identifier: Apache-2.0
// `leeway decide --store` and `leeway desk`, as their users run them.
#include "cli/support.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace leeway::cli_test {
namespace {

using ::testing::HasSubstr;

class Desk : public ::testing::Test {
 protected:
  std::string at() const { return folder_.path().string(); }
  std::string store() const { return " --store 'sqlite:" + at() + "/desk.db' "; }
  run_result decide(const std::string& id, const std::string& amount,
                    const std::string& more = "") {
    write(at() + "/request.json", R"({"id": ")" + id + R"(", "at": "2026-11-21T15:04:05Z",
              "agent": {"id": "a-17", "role": "agent"}, "customer": {"id": "c-901", "flags": []},
              "contact": {"id": "k-55", "minutes_late": 10}, "subject": {"tier": "plus"},
              "action": {"kind": "fee_waiver", "amount": ")" +
                                      amount + R"("}})");
    return leeway("decide --policy examples/01_first_decision/northwind.policy.json" + store() +
                  more + " '" + at() + "/request.json' 2>&1");
  }
  run_result desk(const std::string& arguments) {
    return leeway("desk " + arguments + store() + "2>&1");
  }

  scratch_folder folder_{};
};

TEST_F(Desk, KeepsBudgetsBetweenRuns) {
  EXPECT_EQ(decide("r1", "49 USD").code, 0);
  EXPECT_EQ(decide("r2", "49 USD").code, 0);
  EXPECT_EQ(decide("r1", "49 USD").code, 0);
  const auto reused = decide("r1", "48 USD");
  EXPECT_EQ(reused.code, 3);
  EXPECT_THAT(reused.text, HasSubstr("id_reused"));
  EXPECT_THAT(desk("budget B1 customer.id=c-901").text, HasSubstr("98.00 USD in 2 acts"));
  EXPECT_THAT(desk("budget B1").text, HasSubstr("key_missing"));
  EXPECT_THAT(desk("budget B9 customer.id=c-901").text, HasSubstr("budget_unknown"));
}

TEST_F(Desk, TakesADecisionThroughItsLife) {
  EXPECT_EQ(decide("r1", "62 USD", "--notify 'cat > \"" + at() + "/told\"'").code, 4);
  EXPECT_THAT(contents(at() + "/told"), HasSubstr(R"("waits_for":["team_lead"])"));
  const auto inbox = desk("inbox --role team_lead");
  EXPECT_EQ(inbox.code, 0);
  EXPECT_THAT(inbox.text, HasSubstr("fee_waiver 62.00 USD for customer c-901"));
  EXPECT_THAT(inbox.text, HasSubstr("may grant   team_lead up to"));
  EXPECT_THAT(desk("inbox --role agent").text, HasSubstr("nothing waits"));

  const auto own = desk("resolve r1 --by a-17 --role team_lead --grant");
  EXPECT_EQ(own.code, 1);
  EXPECT_THAT(own.text, HasSubstr("approver_is_proposer"));
  EXPECT_THAT(desk("resolve r1 --by l-1 --role team_lead --decline").text,
              HasSubstr("reason_missing"));
  EXPECT_EQ(desk("resolve r1 --by l-1 --role team_lead").code, 3);
  const auto both =
      desk("resolve r1 --by l-1 --role team_lead --decline --note no --amount '1 USD'");
  EXPECT_EQ(both.code, 3);
  EXPECT_THAT(both.text, HasSubstr("`--amount` is of a grant"));
  EXPECT_EQ(desk("resolve r1 --by l-1 --role team_lead --grant --amount '55 USD'").code, 0);
  EXPECT_EQ(desk("settle r1 --amount '50 USD' --by till").code, 0);
  const auto again = desk("settle r1 --amount '40 USD'");
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.text, HasSubstr("is_settled"));
  EXPECT_THAT(desk("show r1 --format json").text, HasSubstr(R"("charged":"50.00 USD")"));

  const auto records = desk("show r1 --format records");
  EXPECT_EQ(std::count(records.text.begin(), records.text.end(), '\n'), 3);
  write(at() + "/records.jsonl", records.text);
  EXPECT_EQ(leeway("audit replay --policy examples/01_first_decision/northwind.policy.json '" +
                   at() + "/records.jsonl'")
                .text,
            "2 records, 2 exact\n");
}

TEST_F(Desk, TellsARetryWhereItStands) {
  const auto first = decide("r1", "20 USD");
  EXPECT_THAT(first.text, HasSubstr("next: do it\ndesk: approved as dec-"));
  EXPECT_EQ(desk("void r1").code, 0);
  const auto voided = decide("r1", "20 USD");
  EXPECT_EQ(voided.code, 2);
  EXPECT_THAT(voided.text, HasSubstr("VOIDED  fee_waiver 20.00 USD"));
  EXPECT_THAT(voided.text, HasSubstr("next: stop: it was voided\n"));
  EXPECT_THAT(voided.text, HasSubstr("desk: voided; dec-"));
  const auto table = decide("r1", "20 USD", "--format table");
  EXPECT_EQ(table.code, 2);
  EXPECT_THAT(table.text, HasSubstr("voided    stop: it was voided"));
  EXPECT_THAT(table.text, HasSubstr("(decided before)"));
  const auto json = decide("r1", "20 USD", "--format json");
  EXPECT_EQ(json.code, 2);
  EXPECT_THAT(json.text, HasSubstr(R"("outcome":"approve","next":"stop")"));
  EXPECT_THAT(json.text, HasSubstr(R"("desk":{"state":"voided","repeated":true}})"));

  EXPECT_EQ(decide("r2", "62 USD").code, 4);
  EXPECT_EQ(desk("resolve r2 --by l-1 --role team_lead --grant --amount '55 USD'").code, 0);
  const auto granted = decide("r2", "62 USD");
  EXPECT_EQ(granted.code, 0);
  EXPECT_THAT(granted.text, HasSubstr("next: do it, for 55.00 USD, as granted"));
  EXPECT_EQ(desk("settle r2 --amount '50 USD'").code, 0);
  const auto settled = decide("r2", "62 USD");
  EXPECT_EQ(settled.code, 0);
  EXPECT_THAT(settled.text, HasSubstr("next: nothing: 50.00 USD is charged"));
  EXPECT_EQ(decide("r3", "62 USD").code, 4);
  EXPECT_EQ(desk("resolve r3 --by l-1 --role team_lead --decline --note no").code, 0);
  EXPECT_EQ(decide("r3", "62 USD").code, 2);
}

TEST_F(Desk, FindsARequestThatIsCalledLikeADecision) {
  EXPECT_EQ(decide("dec-1", "20 USD").code, 0);
  EXPECT_THAT(desk("show dec-1").text, HasSubstr("request     dec-1"));
  EXPECT_EQ(desk("void dec-1").code, 0);
  EXPECT_THAT(desk("show dec-2").text, HasSubstr("decision_unknown"));
}

TEST_F(Desk, VoidsExpiresChecksAndCopies) {
  EXPECT_EQ(decide("r1", "20 USD").code, 0);
  EXPECT_EQ(desk("void r1 --note declined").code, 0);
  EXPECT_THAT(desk("budget B1 customer.id=c-901").text, HasSubstr("0.00 USD in 0 acts"));
  EXPECT_THAT(desk("expire").text, HasSubstr("nothing was due"));
  EXPECT_THAT(desk("check").text, HasSubstr("nothing is wrong"));
  EXPECT_EQ(desk("backup '" + at() + "/copy.db'").code, 0);
  EXPECT_EQ(leeway("desk show r1 --store 'sqlite:" + at() + "/copy.db'").code, 0);
  EXPECT_EQ(desk("show nothing").code, 1);
}

TEST_F(Desk, SwitchesAPublishedPolicyOff) {
  EXPECT_EQ(desk("publish examples/01_first_decision/northwind.policy.json").code, 0);
  EXPECT_EQ(desk("suspend northwind-goodwill --note 'under review'").code, 0);
  const auto denied = decide("r1", "20 USD");
  EXPECT_EQ(denied.code, 2);
  EXPECT_THAT(denied.text, HasSubstr("under review"));
  EXPECT_EQ(desk("suspend northwind-goodwill --resume").code, 0);
  EXPECT_EQ(decide("r2", "20 USD").code, 0);
}

TEST_F(Desk, TellsFiguresAndEvents) {
  const std::string files = "--metrics '" + at() + "/m.prom' --events '" + at() + "/e.jsonl'";
  EXPECT_EQ(decide("r1", "20 USD", files).code, 0);
  const std::string figures = contents(at() + "/m.prom");
  EXPECT_THAT(figures, HasSubstr("leeway_desk_decisions_total{policy=\"northwind-goodwill\","
                                 "outcome=\"approve\",effect=\"new\"} 1\n"));
  EXPECT_THAT(figures, HasSubstr("leeway_desk_inbox{kind=\"approval\"} 0\n"));
  EXPECT_THAT(contents(at() + "/e.jsonl"), HasSubstr(R"("event":"decided")"));
  // Each run counts from nothing, and goes on with the events.
  EXPECT_EQ(decide("r2", "62 USD", files).code, 4);
  EXPECT_THAT(contents(at() + "/m.prom"), HasSubstr("outcome=\"approve\",effect=\"new\"} 0\n"));
  EXPECT_EQ(desk("void r1 --events '" + at() + "/e.jsonl' ").code, 0);
  EXPECT_THAT(contents(at() + "/e.jsonl"), HasSubstr(R"("request":"r2")"));
  EXPECT_THAT(contents(at() + "/e.jsonl"), HasSubstr(R"("what":"void")"));
  const auto now = desk("metrics");
  EXPECT_EQ(now.code, 0);
  EXPECT_THAT(now.text, HasSubstr("leeway_desk_inbox{kind=\"approval\"} 1\n"));
  EXPECT_THAT(now.text, HasSubstr("leeway_desk_stored_decisions{state=\"voided\"} 1\n"));
}

TEST_F(Desk, WritesFiguresOverNothingElse) {
  const auto own = decide("r1", "20 USD", "--metrics '" + at() + "/desk.db'");
  EXPECT_EQ(own.code, 1);
  EXPECT_THAT(own.text, HasSubstr("holds something else"));
  EXPECT_EQ(desk("check").code, 0);
  EXPECT_EQ(decide("r1", "20 USD", "--metrics /nowhere/m").code, 1);
  EXPECT_EQ(decide("r1", "20 USD", "--events /nowhere/e").code, 1);
  const auto none = leeway(
      "decide --policy examples/01_first_decision/northwind.policy.json"
      " --metrics '" +
      at() + "/m' '" + at() + "/request.json' 2>&1");
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.text, HasSubstr("--store"));
}

TEST_F(Desk, TellsWhatIsWrongWithAStoresName) {
  const auto told = [&](const std::string& url) {
    const auto run = leeway("desk inbox --store '" + url + "' 2>&1");
    EXPECT_EQ(run.code, 1) << url;
    return run.text;
  };
  EXPECT_THAT(told("sqlite:" + at() + "/none.db"), HasSubstr("desk publish"));
  EXPECT_FALSE(std::filesystem::exists(at() + "/none.db.lock"));
  EXPECT_THAT(told("sqlite:" + at()), HasSubstr("is a folder"));
  EXPECT_THAT(told("memory:"), HasSubstr("ends with its process"));
  write(at() + "/other.txt", "no store at all");
  EXPECT_THAT(told("sqlite:" + at() + "/other.txt"), HasSubstr("store_unknown_format"));
  EXPECT_FALSE(std::filesystem::exists(at() + "/other.txt.lock"));
  EXPECT_THAT(told("sqlite:"), HasSubstr("store_url"));
  const auto nowhere = leeway(
      "desk publish examples/01_first_decision/northwind.policy.json --store 'sqlite:" + at() +
      "/no/folder/desk.db' 2>&1");
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.text, HasSubstr("make it first"));
}

TEST_F(Desk, TellsWhatIsMeant) {
  EXPECT_EQ(decide("r1", "62 USD").code, 4);
  const auto role = desk("inbox --role team_leed");
  EXPECT_EQ(role.code, 3);
  EXPECT_THAT(role.text, HasSubstr("did you mean `team_lead`?"));
  EXPECT_THAT(desk("resolve r1 --by l-1 --role lead --grant").text,
              HasSubstr("it is asked of `team_lead`"));
  EXPECT_THAT(desk("settle r1").text, HasSubstr("somebody must resolve it first"));
  EXPECT_THAT(desk("show r2").text, HasSubstr("name the caller"));
  EXPECT_THAT(desk("budget B9").text, HasSubstr("it keeps `B1`"));
  const auto key = desk("budget B1 customer.id=c-901 team=t");
  EXPECT_EQ(key.code, 3);
  EXPECT_THAT(key.text, HasSubstr("`B1` is not kept by `team`"));
}

TEST_F(Desk, TakesItsStoreFromTheEnvironment) {
  EXPECT_EQ(decide("r1", "20 USD").code, 0);
  const std::string named = "LEEWAY_STORE='sqlite:" + at() + "/desk.db' '";
  EXPECT_EQ(shell(named + LEEWAY_PROGRAM + "' desk show r1").code, 0);
}

TEST_F(Desk, HelpsWithEachVerb) {
  const auto verbs = leeway("desk 2>&1");
  EXPECT_EQ(verbs.code, 3);
  EXPECT_THAT(verbs.text, HasSubstr("a verb is missing; there are settle, void"));
  EXPECT_THAT(verbs.text, HasSubstr("try `leeway desk --help`"));
  EXPECT_THAT(leeway("desk settle r1 2>&1").text, HasSubstr("try `leeway desk settle --help`"));
  for (const char* verb : {"settle", "void", "resolve", "ratify", "expire", "inbox", "show",
                           "budget", "metrics", "check", "backup", "publish", "suspend"}) {
    const auto help = leeway(std::string("desk ") + verb + " --help");
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_THAT(help.text, HasSubstr(std::string("leeway desk ") + verb)) << verb;
    EXPECT_THAT(help.text, HasSubstr("LEEWAY_STORE")) << verb;
    EXPECT_THAT(help.text, HasSubstr("Example:\n  leeway desk ")) << verb;
    EXPECT_THAT(leeway("completion bash").text,
                HasSubstr(std::string("'leeway desk ") + verb + "')"));
  }
}

TEST_F(Desk, RefusesAStoreThatIsNone) {
  const auto run = leeway("desk inbox --store mysql:x 2>&1");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.text, HasSubstr("sqlite:FILE"));
}

}  // namespace
}  // namespace leeway::cli_test
