// SPDX-License-Identifier: Apache-2.0
// Runs a law on random policies and requests, and shrinks what breaks it.
#ifndef LEEWAY_TESTS_ENGINE_PROPERTY_HPP
#define LEEWAY_TESTS_ENGINE_PROPERTY_HPP

#include "engine/generate.hpp"

#include <functional>
#include <string>

namespace leeway::engine_test {

/// One try of a law: a policy, a request, and a seed for whatever else the law chooses.
struct sample {
  policy_document document{};
  request asked{};
  std::uint64_t seed{};
};

/// What a law says of a sample: empty when it holds. Deterministic.
using law = std::function<std::string(const policy&, const sample&)>;

/// Tries a law on `policies` random policies (LEEWAY_ITERATIONS: so many), some requests each. The
/// first failure is shrunk and reported with the seed; LEEWAY_SEED=<seed> LEEWAY_ITERATIONS=1
/// replays it.
void for_all(const law& holds, int policies = 80);

/// A document, with what is wrong when it is not well-formed; throws then.
policy compiled(const policy_document& document);

}  // namespace leeway::engine_test

#endif
