// SPDX-License-Identifier: Apache-2.0
// The engine against the reference evaluator, on random policies and requests.
#include "engine/generate.hpp"
#include "engine/property.hpp"
#include "reference/judge.hpp"

#include <gtest/gtest.h>

#include <string>

namespace leeway::reference {
namespace {

using engine_test::dice;
using engine_test::for_all;
using engine_test::sample;

std::string compared(const policy& p, const prepared& own, const request& r) {
  const auto expected = decide(own, r);
  const auto found = core_of(p.decide(r, {.offer = false}));
  if (expected == found) return {};
  return "reference: " + to_text(expected) + "engine: " + to_text(found) + to_json(r);
}

TEST(Reference, AgreesOnPolicies) {
  for_all(
      [](const policy& p, const sample& s) -> std::string {
        dice d(s.seed);
        const auto own = prepare(s.document);
        for (int i = 0; i < 4; ++i) {
          const auto r = i == 0 ? s.asked : engine_test::with_less(d, s.asked);
          auto found = compared(p, own, r);
          if (!found.empty()) return found;
        }
        return {};
      },
      400);
}

}  // namespace
}  // namespace leeway::reference
