// SPDX-License-Identifier: Apache-2.0
// The engine against the reference evaluator, on random policies and requests.
//
// LEEWAY_SEED and LEEWAY_ITERATIONS (policies) replay and lengthen it, LEEWAY_REQUESTS says how
// many requests each policy gets. With LEEWAY_KEEP=1 a case on which they differ is written to
// `kept`, where it is tried every time from then on.
#include "reference/cases.hpp"
#include "reference/generate_policies.hpp"
#include "reference/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace leeway::reference {
namespace {

const std::filesystem::path kept = "tests/reference/kept";

std::string verdict_of(const policy& p, const prepared& own, const request& r, bool offer) {
  try {
    return difference(p, own, r, offer);
  } catch (const std::exception& e) {
    return std::string("it threw: ") + e.what();
  }
}

std::string told(const differing& c, bool offer, std::uint64_t seed) {
  const auto p = compile_policy(c.document);
  if (!p) return "it no longer loads";
  if (number_or("LEEWAY_KEEP", 0) != 0) {
    std::ofstream(kept / ("seed-" + std::to_string(seed) + ".jsonl")) << to_lines(c);
  }
  return verdict_of(*p, prepare(c.document), c.asked, offer) + "\n" + to_lines(c);
}

TEST(Reference, AgreesOnPolicies) {
  const auto first = first_seed();
  const auto size = iterations(60);
  const auto requests = number_or("LEEWAY_REQUESTS", 40);
  std::uint64_t compared = 0;

  for (std::uint64_t i = 0; i < size; ++i) {
    const auto seed = first + i;
    SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed) +
                 " LEEWAY_ITERATIONS=1 LEEWAY_REQUESTS=" + std::to_string(requests));
    dice d(seed);
    const auto made = random_policy(d);
    const auto own = prepare(made.document);
    for (std::uint64_t n = 0; n < requests; ++n) {
      const auto r = random_request(d);
      const bool offer = n % 16 == 0;
      const auto found = verdict_of(*made.compiled, own, r, offer);
      ++compared;
      if (found.empty()) continue;
      FAIL() << told(shrunk({made.document, r}, offer), offer, seed) << "\nunshrunk: " << found;
    }
  }
  std::cout << "policies: " << compared << " comparisons; LEEWAY_SEED=" << first << "\n";
}

TEST(Reference, AgreesOnCasesThatWereKept) {
  for (const auto& file : std::filesystem::directory_iterator(kept)) {
    if (file.path().extension() != ".jsonl") continue;
    SCOPED_TRACE(file.path().string());
    std::ifstream in(file.path());
    std::string policy_text;
    std::string request_text;
    ASSERT_TRUE(std::getline(in, policy_text) && std::getline(in, request_text));
    const auto p = parse_policy(policy_text);
    ASSERT_TRUE(p) << render(p.error());
    const auto r = parse_request(request_text);
    ASSERT_TRUE(r) << render(r.error());
    EXPECT_EQ(verdict_of(*p, prepare(p->document()), *r, true), "");
  }
}

}  // namespace
}  // namespace leeway::reference
