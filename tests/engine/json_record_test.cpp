// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "base/json/reader.hpp"

#include <leeway/engine/json.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using leeway::decision;
using leeway::policy;
using leeway::request;

constexpr std::string_view document = R"({
  "format": "leeway-policy/1", "id": "p", "version": "1", "currency": "USD", "time_zone": "UTC",
  "facts": {"customer.flags": {"type": "list<string>"}},
  "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}],
  "actions": [{"id": "waiver"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "under": "50 USD", "source": "2"},
             {"id": "G2", "to": "lead", "for": ["waiver"], "source": "3"}],
  "budgets": [{"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D",
               "amount": "100 USD", "beyond": "deny", "source": "4"}],
  "rules": [{"id": "R1", "when": "'fraud' in customer.flags", "then": "deny",
             "because": "confirmed fraud", "source": "7"}]
})";

policy sample() {
  auto loaded = leeway::parse_policy(document);
  EXPECT_TRUE(loaded) << (loaded ? "" : leeway::render(loaded.error()));
  return std::move(loaded).value();
}

request proposal(leeway::money amount) {
  request r{.id = "req-1", .at = *leeway::instant::parse("2026-01-02T03:04:05Z")};
  r.agent = {.id = "a-1", .role = "agent"};
  r.customer = {.id = "c-1", .flags = leeway::none};
  r.action = {.kind = "waiver", .amount = amount};
  r.history.emplace();
  return r;
}

leeway::result<leeway::replay_result, leeway::diagnostics> replay(const policy& p,
                                                                  std::string_view line) {
  return leeway::replay_record(
      line, "r.jsonl", [&](const leeway::digest& of) { return of == p.digest() ? &p : nullptr; });
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(DecisionToJson, HasTheDocumentedShape) {
  const policy p = sample();
  const decision d = p.decide(proposal(leeway::usd(62)));
  const auto read = leeway::json::read(to_json(d), "d");
  ASSERT_TRUE(read);
  std::string keys;
  for (const auto& one : read->root().members()) keys.append(one.key).append(1, ' ');
  EXPECT_EQ(keys,
            "decision request outcome next policy at needs reasons offer due obligations limits "
            "basis ratification protection ");
  EXPECT_EQ(read->root().find("outcome")->string(), "escalate");
  const auto& reason = read->root().find("reasons")->items()[0];
  EXPECT_EQ(reason.find("code")->string(), "over_limit");
  EXPECT_EQ(reason.find("actual")->string(), "62.00 USD");
  EXPECT_EQ(reason.find("bound")->string(), "under 50.00 USD");
  const auto& need = read->root().find("needs")->items()[0];
  EXPECT_EQ(need.find("approval")->find("any_of")->items()[0].string(), "lead");
}

TEST(DecisionToJson, IsAppendedToWhatStandsThere) {
  const decision d = sample().decide(proposal(leeway::usd(62)));
  std::string lines = to_json(d) + "\n";
  append_json(d, lines);
  EXPECT_EQ(lines, to_json(d) + "\n" + to_json(d));
}

TEST(CanonicalCore, LeavesOutTextsIdsAndTheOffer) {
  const policy p = sample();
  decision d = p.decide(proposal(leeway::usd(62)));
  const std::string core = canonical_core(d);
  d.offer.reset();
  d.protection = "other";
  for (auto& f : d.findings) f.because = "other";
  EXPECT_EQ(canonical_core(d), core);
  d.findings.front().code = leeway::reason_code::no_authority;
  EXPECT_NE(canonical_core(d), core);
}

/// A request with everything in it that a writer has to put in order.
request crowded() {
  request r = proposal(leeway::usd(62));
  r.as_of = r.at;
  r.agent.roles = {"agent", "lead"};
  r.agent.team = "north";
  r.agent.attributes = {{"a", leeway::value(true)},
                        {"zz", leeway::value(std::int64_t{7})},
                        {"id", leeway::value("not this one")},
                        {"\xC3\xA9", leeway::value(0.5)}};
  r.customer.churn_risk = 0.25;
  r.customer.attributes = {{"\xF0\x9F\x98\x80", leeway::value("surrogates")},
                           {"\xEF\xBF\xBD", leeway::value("\xFF no UTF-8")},
                           {"quote\"", leeway::value("line\nend")}};
  r.subject = {.id = "s", .attributes = {}};
  r.history->push_back({.id = "h",
                        .kind = "waiver",
                        .amount = leeway::usd(1),
                        .at = r.at,
                        .keys = {{"customer.id", "c-1"}},
                        .attributes = {{"x", leeway::value(1.0)}}});
  r.history_since = r.at;
  r.usage["z"] = {.count = 3};
  r.usage["a"] = {.amount = leeway::usd(2), .count = 1, .last_at = r.at};
  r.supersedes = "before";
  r.note = "because";
  r.policy = "p";
  return r;
}

TEST(CanonicalText, IsWhatRequestsCoresAndRecordsAreWrittenIn) {
  const policy p = sample();
  for (const request& r : {proposal(leeway::usd(62)), crowded()}) {
    const decision d = p.decide(r);
    for (const std::string& text :
         {to_json(r), canonical_core(d), to_record(r, d), to_record(r, d, R"({"event":"x"})")}) {
      const auto read = leeway::json::read(text, "t");
      ASSERT_TRUE(read) << leeway::render(read.error());
      EXPECT_EQ(leeway::json::canonical(read->root()), text);
    }
  }
}

TEST(RequestToJson, TellsAFieldRatherThanAnAttributeOfItsName) {
  EXPECT_EQ(to_json(crowded()).find("not this one"), std::string::npos);
}

TEST(ReplayRecord, IsExactForWhatWasRecorded) {
  const policy p = sample();
  for (const std::int64_t dollars : {0, 35, 49, 50, 62, 99, 100, 101}) {
    const request r = proposal(leeway::usd(dollars));
    const std::string line = to_record(r, p.decide(r));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto done = replay(p, line);
    ASSERT_TRUE(done) << leeway::render(done.error());
    EXPECT_TRUE(done->exact) << done->pointer << ' ' << done->recorded << ' ' << done->replayed;
    EXPECT_EQ(done->record_id, "req-1");
  }
}

TEST(ReplayRecord, KnowsStatedUsageWithoutHistory) {
  const policy p = sample();
  request r = proposal(leeway::usd(20));
  r.history.reset();
  const auto unknown = replay(p, to_record(r, p.decide(r)));
  ASSERT_TRUE(unknown) << leeway::render(unknown.error());
  EXPECT_TRUE(unknown->exact) << unknown->pointer;
  const auto empty = replay(p, to_record(r, p.decide(r, leeway::usage::empty())));
  ASSERT_TRUE(empty) << leeway::render(empty.error());
  EXPECT_TRUE(empty->exact) << empty->pointer;
}

TEST(ReplayRecord, TellsTheFirstDifference) {
  const policy p = sample();
  const request r = proposal(leeway::usd(62));
  const std::string line = to_record(r, p.decide(r));
  const auto done =
      replay(p, changed(line, R"("outcome":"escalate","part")", R"("outcome":"approve","part")"));
  ASSERT_TRUE(done) << leeway::render(done.error());
  EXPECT_FALSE(done->exact);
  EXPECT_EQ(done->pointer, "/findings/0/outcome");
  EXPECT_EQ(done->recorded, "\"approve\"");
  EXPECT_EQ(done->replayed, "\"escalate\"");
}

TEST(ReplayRecord, NoticesAChangedRequest) {
  const policy p = sample();
  const request r = proposal(leeway::usd(62));
  const std::string line = to_record(r, p.decide(r));
  const auto done = replay(p, changed(line, R"("request":{"action":{"amount":"62.00 USD")",
                                      R"("request":{"action":{"amount":"12.00 USD")"));
  ASSERT_TRUE(done) << leeway::render(done.error());
  EXPECT_FALSE(done->exact);
}

TEST(ReplayRecord, RefusesWhatIsNoRecord) {
  const policy p = sample();
  const request r = proposal(leeway::usd(62));
  const std::string line = to_record(r, p.decide(r));
  const auto code = [&](const std::string& text) {
    const auto done = replay(p, text);
    EXPECT_FALSE(done) << text;
    return done ? std::string{} : done.error().front().code;
  };
  EXPECT_EQ(code("{}"), "missing_key");
  EXPECT_EQ(code(line.substr(0, line.size() / 2)), "unexpected_end");
  EXPECT_EQ(code(changed(line, "leeway-record/1", "leeway-record/9")), "unknown_format");
  const std::string other(64, '0');
  EXPECT_EQ(code(changed(line, R"("policy":{"digest":"sha256:)" + p.digest().hex(),
                         R"("policy":{"digest":"sha256:)" + other)),
            "policy_missing");
  EXPECT_EQ(code(changed(line, R"("id":"p","version":"1"})", R"("id":"q","version":"1"})")),
            "record_inconsistent");
}

}  // namespace
