// SPDX-License-Identifier: Apache-2.0
// What an agent reads: the first reason, what may be offered, and what to ask for first.
#include "cli/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace leeway::cli_test {
namespace {

using testing::HasSubstr;
using testing::Not;

const char* const claims = R"x({"format": "leeway-policy/1", "id": "claims", "version": "1",
  "currency": "USD",
  "facts": {"contact.avoidable": "bool", "contact.what": "string", "contact.wait": "int",
            "contact.told": "int"},
  "values": {"late": "contact.what == 'delay' && contact.wait > 180 || )x"
                           R"x(contact.what == 'cancelled' && contact.told < 14",
             "owed": "values.late ? money('250 USD') : money('0 USD')"},
  "roles": [{"id": "agent"}],
  "actions": [{"id": "claim"}, {"id": "meal", "amount": "due"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["claim", "meal"],
      "up_to": "action.due + money('50 USD')",
              "because": "agents may add up to 50", "source": "1"}],
  "budgets": [{"id": "B1", "for": "*", "per": "contact.id", "window": "lifetime",
      "amount": "50 USD",
               "beyond": "deny", "because": "50 a contact", "source": "2"}],
  "entitlements": [
    {"id": "E1", "for": "claim", "due": "values.owed", "above": "goodwill",
      "because": "late", "source": "3",
     "requires": [{"that": "contact.avoidable", "because": "extraordinary circumstances"}]},
    {"id": "E2", "for": "meal", "due": "values.late ? money('10 USD') : values.owed",
      "because": "meal", "source": "4"}]
})x";

class AgentAnswers : public testing::Test {
 protected:
  void SetUp() override { write(folder_ / "p.json", claims); }

  std::string run(const std::string& verb, const std::string& action, const std::string& contact) {
    write(folder_ / "r.json",
          R"({"id": "r", "at": "2026-11-21T12:00:00Z", "agent": {"id": "a", "role": "agent"},
             "customer": {"id": "c"}, "history": [], "contact": {"id": "k")" +
              contact + R"(}, "action": )" + action + "}");
    return leeway(verb + " --policy '" + (folder_ / "p.json").string() + "' '" +
                  (folder_ / "r.json").string() + "' 2>&1")
        .text;
  }

  scratch_folder folder_{};
};

const char* const storm = R"(, "avoidable": false, "what": "delay", "wait": 300)";
const char* const late = R"(, "avoidable": true, "what": "delay", "wait": 300)";

TEST_F(AgentAnswers, BeginWithTheRequirementThatMadeTheDueZero) {
  const auto text = run("explain", R"({"kind": "claim", "amount": "300 USD"})", storm);
  EXPECT_THAT(text, HasSubstr("No: nothing is due. The policy says: extraordinary circumstances."));
  EXPECT_THAT(text, HasSubstr("You may offer 50.00 USD instead"));
}

TEST_F(AgentAnswers, SayFromWhereToWhereMayBeOffered) {
  EXPECT_THAT(run("decide", R"({"kind": "claim", "amount": "400 USD"})", late),
              HasSubstr("- from 250.00 USD, which is due, to 300.00 USD"));
  EXPECT_THAT(run("decide", R"({"kind": "claim", "amount": "200 USD"})", late),
              HasSubstr("- exactly 250.00 USD, which is due"));
  EXPECT_THAT(run("decide", R"({"kind": "claim", "amount": "300 USD"})", storm),
              HasSubstr("- up to 50.00 USD"));
  const auto other = run("decide", R"({"kind": "claim", "amount": "400 USD"})", late);
  EXPECT_THAT(other, HasSubstr("- meal 10.00 USD"));
  EXPECT_THAT(other, Not(HasSubstr("meal up to")));
}

TEST_F(AgentAnswers, AskFirstForWhatTheRestDependsOn) {
  const std::string meal = R"({"kind": "meal"})";
  for (const char* const verb : {"decide", "explain", "can"}) {
    const auto text = run(verb, meal, "");
    const auto first = text.find(std::string(verb) == "decide" ? "the fact contact.what"
                                                               : "find out contact.what");
    ASSERT_NE(first, std::string::npos) << verb << "\n" << text;
    const std::string find = std::string(verb) == "decide" ? "the fact " : "find out ";
    EXPECT_LT(first, text.find(find + "contact.told")) << text;
    EXPECT_LT(first, text.find(find + "contact.wait")) << text;
  }
  const auto json = run("decide --format json", meal, "");
  EXPECT_LT(json.find("contact.told"), json.find("contact.what"));  // there sorted by name
}

TEST_F(AgentAnswers, ExpandAValueOnce) {
  const auto text = run("explain --tree", R"({"kind": "meal"})", storm);
  const auto first = text.find("values.late = true\n");
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_EQ(text.find("values.late = true\n", first + 1), std::string::npos) << text;
}

TEST_F(AgentAnswers, NameTheKindThatWasMeant) {
  write(folder_ / "r.json", "");
  EXPECT_THAT(run("decide", R"({"kind": "claims", "amount": "1 USD"})", late),
              HasSubstr("did you mean `claim`?"));
}

TEST_F(AgentAnswers, SayHowToReadWhatALimitHasUsed) {
  const auto text =
      leeway("eval usage.B1 --policy '" + (folder_ / "p.json").string() + "' 2>&1").text;
  EXPECT_THAT(text, HasSubstr("declare a measure that counts the same"));
}

TEST_F(AgentAnswers, GiveTheReasonAnActionThatPaysItsDueWaitsFor) {
  const auto text = run("can --format table", R"({"kind": "meal"})", "");
  EXPECT_THAT(text, Not(HasSubstr("[B1]")));
}

}  // namespace
}  // namespace leeway::cli_test
