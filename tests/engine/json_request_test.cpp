// SPDX-License-Identifier: Apache-2.0
#include <leeway/engine/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace {

using leeway::parse_request;
using leeway::request;
using leeway::to_json;

constexpr std::string_view full = R"({
  "id": "req-7f3a", "at": "2026-11-21T15:04:05Z", "as_of": "2026-11-01T00:00:00Z",
  "agent": {"id": "a-17", "role": "agent", "roles": ["referrer"], "team": "billing-2",
            "department": "billing", "site": "denver", "certifications": ["refunds"],
            "tenure_days": 40},
  "customer": {"id": "c-901", "since": "2021-03-02", "segment": "gold",
               "lifetime_value": "1840.00 USD", "churn_risk": 0.4, "flags": [], "vip": true},
  "contact": {"id": "k-55", "channel": "phone", "reason": "late_fee", "cause": "company",
              "days": [1, 2], "parts": {"a": "x"}},
  "subject": {"id": "acct-3", "tier": "plus", "fare": 12.5},
  "action": {"kind": "fee_waiver", "amount": "62.00 USD", "code": "F1"},
  "history": [{"id": "d-1", "kind": "fee_waiver", "amount": "20.00 USD", "due": "5.00 USD",
               "at": "2026-09-01", "customer.id": "c-901", "reversed": true, "category": "late"}],
  "history_since": "2020-01-01",
  "signoffs": [{"by": "m-1", "role": "team_lead", "at": "2026-11-21T15:00:00Z",
                "amount": "70.00 USD", "until": "2026-11-22T00:00:00Z"}],
  "discretion": true, "note": "regular customer", "supersedes": "req-1",
  "policy": {"id": "northwind", "version": "2026-11"},
  "usage": {"B1": 3, "B2": "20.00 USD", "M1": {"count": 1, "last_at": "2026-01-01T00:00:00Z"}}
})";

request parsed(std::string_view text) {
  auto r = parse_request(text, "r.json");
  EXPECT_TRUE(r) << (r ? "" : leeway::render(r.error()));
  return r ? *r : request{};
}

leeway::diagnostics refused(std::string_view text) {
  auto r = parse_request(text, "r.json");
  EXPECT_FALSE(r);
  return r ? leeway::diagnostics{} : r.error();
}

/// A request with these further members.
std::string with(std::string_view members) {
  return R"({"id":"r","at":"2026-01-01T00:00:00Z","agent":{"id":"a"},"action":{"kind":"k"})" +
         std::string(members.empty() ? "" : ",") + std::string(members) + "}";
}

TEST(ParseRequest, ReadsEveryField) {
  const request r = parsed(full);
  EXPECT_EQ(r.id, "req-7f3a");
  EXPECT_EQ(r.at.to_string(), "2026-11-21T15:04:05Z");
  EXPECT_EQ(r.agent.roles, std::vector<leeway::role_id>{"referrer"});
  EXPECT_EQ(r.agent.attributes.at("tenure_days"), leeway::value(40));
  EXPECT_EQ(r.customer.lifetime_value, leeway::usd(1840));
  ASSERT_TRUE(r.customer.flags);
  EXPECT_TRUE(r.customer.flags->empty());
  EXPECT_EQ(r.contact.attributes.at("days").as_list().size(), 2U);
  EXPECT_EQ(*r.contact.attributes.at("parts").find("a"), leeway::value("x"));
  EXPECT_EQ(r.subject.attributes.at("fare"), leeway::value(12.5));
  EXPECT_EQ(r.action.amount, leeway::usd(62));
  ASSERT_TRUE(r.history);
  const auto& entry = r.history->at(0);
  EXPECT_EQ(entry.at.to_string(), "2026-09-01T00:00:00Z");
  EXPECT_EQ(entry.keys.at("customer.id"), "c-901");
  EXPECT_EQ(entry.attributes.at("category"), leeway::value("late"));
  EXPECT_TRUE(entry.reversed);
  EXPECT_EQ(r.history_since->to_string(), "2020-01-01T00:00:00Z");
  EXPECT_EQ(r.signoffs.at(0).amount, leeway::usd(70));
  EXPECT_EQ(r.policy_version, "2026-11");
  EXPECT_EQ(r.usage.at("B1").count, 3);
  EXPECT_EQ(r.usage.at("B2").amount, leeway::usd(20));
  EXPECT_TRUE(r.usage.at("M1").last_at);
}

TEST(ParseRequest, WritesBackWhatItRead) {
  const std::string once = to_json(parsed(full));
  EXPECT_EQ(to_json(parsed(once)), once);
  const std::string small = to_json(parsed(with("")));
  EXPECT_EQ(small,
            R"({"action":{"kind":"k"},"agent":{"id":"a"},"at":"2026-01-01T00:00:00Z","id":"r"})");
}

TEST(ParseRequest, TellsUnknownFromNone) {
  const request left_out = parsed(with(""));
  EXPECT_FALSE(left_out.history);
  EXPECT_FALSE(left_out.customer.flags);
  const request none = parsed(with(R"("history":[],"customer":{"flags":[]})"));
  EXPECT_TRUE(none.history);
  EXPECT_TRUE(none.customer.flags);
  const request null =
      parsed(with(R"("history":null,"customer":{"flags":null,"id":null},"note":null)"));
  EXPECT_EQ(to_json(null), to_json(left_out));
}

TEST(ParseRequest, TakesAListWithAnUnknownItemAsUnknown) {
  const request r = parsed(with(R"("customer":{"flags":["vip",null],"tags":[1,null]})"));
  EXPECT_FALSE(r.customer.flags);
  EXPECT_TRUE(r.customer.attributes.empty());
}

TEST(ParseRequest, TakesAnObjectWithAnUnknownEntryByItsParts) {
  const request r = parsed(with(
      R"("contact":{"id":"k","trip":{"late":null,"hours":3,"leg":{"a":1,"b":null}},"trip.hours":4,)"
      R"("legs":[{"x":null}]})"));
  const auto& known = r.contact.attributes;
  EXPECT_EQ(known.size(), 2U);
  ASSERT_TRUE(known.contains("trip.hours"));
  EXPECT_EQ(known.at("trip.hours").as_int(), 4);
  EXPECT_TRUE(known.contains("trip.leg.a"));
}

TEST(RequestToJson, NeverLetsAnAttributeOfAnEntryPassForAField) {
  request r = parsed(full);
  auto& entry = r.history->front();
  entry.reversed = false;
  entry.due.reset();
  entry.attributes.insert_or_assign("reversed", true);
  entry.attributes.insert_or_assign("due", std::string("20.00 USD"));
  const request again = parsed(to_json(r));
  EXPECT_FALSE(again.history->front().reversed);
  EXPECT_FALSE(again.history->front().due);
}

TEST(ParseRequest, ReportsEverythingAtOnceWithItsPlace) {
  const auto found = refused(R"({"id":"", "at":"2026-01-01", "agent":3, "surprise":1,
 "action":{"amount":"5 XYZ"}, "history":[{"at":"x"}], "usage":{"B":-1,"C":true}})");
  for (const char* code :
       {"empty_id", "unknown_key", "missing_key", "negative_count", "wrong_type"}) {
    EXPECT_TRUE(found.contains(code)) << code << '\n' << leeway::render(found);
  }
  const auto place = std::ranges::find(found, "unknown_key", &leeway::diagnostic::code);
  EXPECT_EQ(place->pointer, "/surprise");
  EXPECT_EQ(place->place.line, 1U);
}

TEST(ParseRequest, RefusesWhatCouldBeMisread) {
  EXPECT_TRUE(refused(R"({"id":"r","id":"s"})").contains("duplicate_key"));
  EXPECT_TRUE(refused(with("\"note\":\"\xff\"")).contains("invalid_utf8"));
  EXPECT_TRUE(
      refused(with(R"("customer":{"id":"c","vip":1e999})")).contains("number_does_not_fit"));
  EXPECT_TRUE(refused("").has_errors());
  EXPECT_TRUE(refused("[]").contains("wrong_type"));
  EXPECT_TRUE(refused(std::string("{\0}", 3)).has_errors());
  EXPECT_TRUE(refused(std::string(100000, '[')).contains("nested_too_deeply"));
  EXPECT_TRUE(refused(with(R"("history":[null])")).has_errors());
  EXPECT_TRUE(refused(with(R"("signoffs":[{"by":"m"}])")).contains("missing_key"));
}

TEST(ParseRequest, TellsFieldsFromAttributesHoweverManyThereAre) {
  std::string agent;
  for (int i = 0; i < 100; ++i) agent += "\"x" + std::to_string(i) + "\":1,";
  const request r = parsed(R"({"id":"r","at":"2026-01-01T00:00:00Z","agent":{)" + agent +
                           R"("id":"a","team":"t","roles":["r"]},"action":{"kind":"k"}})");
  EXPECT_EQ(r.agent.id, "a");
  EXPECT_EQ(r.agent.team, "t");
  EXPECT_EQ(r.agent.attributes.size(), 100U);
}

TEST(ParseRequest, AnswersManyFreeKeysInTime) {
  std::string keys;
  for (int i = 0; i < 100'000; ++i) keys += ",\"a.k" + std::to_string(i) + "\":1";
  const auto found = refused(with(R"("history":[{"kind":"k","at":"2026-01-01")" + keys + "}]"));
  EXPECT_GT(found.error_count(), 50'000U);
}

TEST(RequestToJson, KeepsHostileTextReadable) {
  request r = parsed(with(""));
  r.note =
      "a\xff"
      "b";
  r.contact.attributes.emplace("n", std::numeric_limits<double>::quiet_NaN());
  const request back = parsed(to_json(r));
  EXPECT_EQ(back.note,
            "a\xEF\xBF\xBD"
            "ffb");
  EXPECT_TRUE(back.contact.attributes.empty());
}

TEST(RequestDigest, IsEqualForTheSameAskAlone) {
  const request r = parsed(full);
  request again = r;
  again.id = "other";
  again.at = leeway::instant::min();
  again.supersedes = "req-7f3a";
  again.signoffs.clear();
  again.history.reset();
  again.usage.clear();
  EXPECT_EQ(request_digest(again), request_digest(r));
  again.action.amount = leeway::usd(63);
  EXPECT_NE(request_digest(again), request_digest(r));
}

/// Requests at random, from one seed.
class generator {
 public:
  explicit generator(unsigned seed) : random_(seed) {}

  request next() {
    request r;
    r.id = text();
    r.at = moment();
    if (coin()) r.as_of = moment();
    r.agent.id = text();
    r.agent.role = text();
    if (coin()) r.agent.certifications = std::vector{text(), text()};
    r.agent.attributes = facts();
    if (coin()) r.customer.lifetime_value = amount();
    if (coin()) r.customer.flags = leeway::none;
    r.contact.attributes = facts();
    r.action.kind = text();
    if (coin()) r.action.amount = amount();
    if (coin()) r.history.emplace();
    while (r.history && coin()) {
      r.history->push_back({.id = text(), .kind = text(), .amount = amount(), .at = moment()});
      r.history->back().keys["customer." + text()] = text();
    }
    if (coin()) r.usage[text()] = {.amount = amount(), .last_at = moment()};
    if (coin()) r.usage[text()] = {.count = 3};
    return r;
  }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  bool coin() { return below(2) == 0; }
  std::string text() {
    static constexpr const char* words[] = {"x", "y\"\\", "z\n", "\xE2\x82\xAC", "w/~", "\x01"};
    std::string out = words[below(6)];
    while (below(3) == 0) out += words[below(6)];
    return out;
  }
  leeway::instant moment() { return *leeway::instant::make(below(2'000'000'000), below(1000)); }
  leeway::money amount() { return {below(100'000), leeway::currency::usd()}; }
  leeway::value fact(int depth = 0) {
    switch (below(depth < 2 ? 7 : 5)) {
      case 0: return coin();
      case 1: return below(1000);
      case 2: return below(1000) / 7.0;
      case 3: return amount();
      case 4: return text();
      case 5: return leeway::value::list({fact(depth + 1), fact(depth + 1)});
      default: return leeway::value::map({{text(), fact(depth + 1)}});
    }
  }
  leeway::attributes facts() {
    leeway::attributes out;
    while (coin()) out.insert_or_assign("f" + text(), fact());
    return out;
  }

  std::mt19937 random_;
};

TEST(RequestToJson, IsTheInverseOfReading) {
  const char* given = std::getenv("LEEWAY_SEED");
  const unsigned seed = given == nullptr ? 7U : static_cast<unsigned>(std::atol(given));
  SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed));
  generator requests(seed);
  for (int i = 0; i < 300; ++i) {
    const std::string text = to_json(requests.next());
    ASSERT_EQ(to_json(parsed(text)), text);
  }
}

}  // namespace
