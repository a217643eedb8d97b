// SPDX-License-Identifier: Apache-2.0
#include "bench/engine.hpp"

namespace leeway_bench {
namespace {

const leeway::decide_options outcome_only{.offer = false, .reasons = false};
const leeway::decide_options without_offer{.offer = false};
const leeway::decide_options with_offer{.offer = true};

}  // namespace

leeway::outcome engine::decide(const leeway::request& r) {
  policy_.decide(r, used_, outcome_only, decision_);
  return decision_.outcome;
}

const leeway::decision& engine::explain(const leeway::request& r) {
  policy_.decide(r, used_, without_offer, decision_);
  return decision_;
}

const leeway::decision& engine::offer(const leeway::request& r) {
  policy_.decide(r, used_, with_offer, decision_);
  return decision_;
}

std::string engine::json(std::string_view request_text) {
  const auto r = leeway::parse_request(request_text);
  if (!r) return {};
  return leeway::to_json(explain(*r));
}

}  // namespace leeway_bench
