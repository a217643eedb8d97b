// SPDX-License-Identifier: Apache-2.0
// Any bytes are loaded as a policy or an overlay, or refused with all that is wrong; what is loaded
// has a normal form that loads to the same policy, decides, and an overlay only tightens.
#include "fuzz/promises.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using leeway::policy;
using leeway::request;

request asked(std::string_view text) {
  auto out = leeway::parse_request(text, "request");
  must(out.has_value());
  return *std::move(out);
}

const std::vector<request>& requests() {
  static const std::vector<request> all = {
      asked(R"({"id": "1", "at": "2026-06-15T12:00:00Z", "agent": {"id": "a", "role": "agent",
        "site": "manila", "certifications": ["refunds"]}, "customer": {"id": "c", "flags": []},
        "contact": {"id": "k", "reason": "late", "minutes_late": 200, "passengers": 2,
        "share": "50%", "wait": "3h", "since": "2026-06-10", "score": 0.5,
        "marks": {"proof": true}, "paid": "100 USD"},
        "subject": {"id": "s", "tier": "plus"}, "action": {"kind": "refund", "amount": "40 USD"},
        "history": []})"),
      asked(R"({"id": "2", "at": "2026-06-15T12:00:00Z", "agent": {"id": "a", "role": "agent"},
        "customer": {"id": "c", "flags": ["fraud"]}, "contact": {"id": "k"},
        "action": {"kind": "waive", "amount": "20 USD"}, "history": []})"),
      asked(R"({"id": "3", "at": "2026-06-15T12:00:00Z", "agent": {"id": "a", "role": "lead"},
        "customer": {"id": "c", "flags": []}, "contact": {"id": "k", "passengers": 1},
        "action": {"kind": "waive", "amount": "60 USD"}})")};
  return all;
}

/// The request as it might be made to this very policy.
request suited(request r, const leeway::policy_document& doc, std::size_t which) {
  r.agent.role = doc.roles[which % doc.roles.size()].id;
  r.action.kind = doc.actions[which % doc.actions.size()].id;
  if (r.action.amount) {
    r.action.amount = leeway::money(r.action.amount->minor(), doc.money_currency);
  }
  return r;
}

void check_loaded(const policy& p) {
  const std::string normal = normal_form(p.document());
  const auto again = leeway::parse_policy(normal, "normal.json");
  if (!again) std::fputs(render(again.error()).c_str(), stderr);
  must(again.has_value());
  must(again->digest() == p.digest());
  must(normal_form(again->document()) == normal);
  check_told(p.warnings(), "", "");
  for (std::size_t i = 0; i < 3; ++i) {
    const request r = suited(requests()[i], p.document(), i);
    must(canonical_core(decide_and_check(p, r)) == canonical_core(again->decide(r)));
  }
}

void check_overlay(const leeway::overlay& read, std::string_view text) {
  const auto tighter = with_overlays(rich_policy(), {read});
  if (!tighter) {
    must(tighter.error().has_errors());
    return check_told(tighter.error(), "fuzz.json", text);
  }
  check_loaded(*tighter);
  for (const request& r : requests()) {
    const auto before = rich_policy().decide(r), after = decide_and_check(*tighter, r);
    must(after.outcome >= before.outcome);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (text.find("leeway-overlay") != std::string_view::npos) {
    const auto read = leeway::parse_overlay(text, "fuzz.json");
    if (read) {
      check_overlay(*read, text);
    } else {
      must(read.error().has_errors());
      check_told(read.error(), "fuzz.json", text);
    }
    return 0;
  }
  const auto loaded = leeway::parse_policy(text, "fuzz.json");
  if (loaded) {
    check_loaded(*loaded);
  } else {
    must(loaded.error().has_errors());
    check_told(loaded.error(), "fuzz.json", text);
  }
  return 0;
}
