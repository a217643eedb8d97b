// SPDX-License-Identifier: Apache-2.0
#include "bench/engine.hpp"

namespace leeway_bench {

leeway::outcome engine::decide(const leeway::request& r) {
  decision_ = policy_.decide(r, used_, {.offer = false});
  return decision_.outcome;
}

const leeway::decision& engine::explain(const leeway::request& r) {
  decision_ = policy_.decide(r, used_, {.offer = false});
  return decision_;
}

const leeway::decision& engine::offer(const leeway::request& r) {
  decision_ = policy_.decide(r, used_, {.offer = true});
  return decision_;
}

std::string engine::json(std::string_view request_text) {
  const auto r = leeway::parse_request(request_text);
  if (!r) return {};
  return leeway::to_json(explain(*r));
}

}  // namespace leeway_bench
