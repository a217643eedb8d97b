// SPDX-License-Identifier: Apache-2.0
// Random well-formed policies and requests, for laws that must hold for every one of them.
#ifndef LEEWAY_TESTS_ENGINE_GENERATE_HPP
#define LEEWAY_TESTS_ENGINE_GENERATE_HPP

#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace leeway::engine_test {

/// Random choices; the same seed makes the same ones.
class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}

  std::int64_t between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }
  bool chance(int percent) { return between(1, 100) <= percent; }

  template <class List>
  const auto& pick(const List& from) {
    return from[static_cast<std::size_t>(
        between(0, static_cast<std::int64_t>(std::size(from)) - 1))];
  }
  /// Between `least` and `most` different items, in random order.
  template <class T>
  std::vector<T> some(std::vector<T> from, std::int64_t least, std::int64_t most) {
    shuffle(from);
    auto wanted = static_cast<std::size_t>(between(least, most));
    while (from.size() > wanted) from.pop_back();
    return from;
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) {
      std::swap(list[i - 1],
                list[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(i) - 1))]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

/// Any part of a policy. Every policy has roles `r0` .. `r4` and the same catalogue of actions.
class policy_source {
 public:
  explicit policy_source(dice& d) : d_(d) {}

  policy_document document();

  /// One more entry of a kind, that fits any document of this source.
  grant_definition grant(const std::string& id);
  rule_definition rule(const std::string& id, effect::kind what);
  budget_definition budget(const std::string& id, bool hard);
  /// An overlay that fits `base`, a document of this source; its own names begin with `id`.
  overlay_definition overlay(const std::string& id, const policy_document& base);

 private:
  narrowing_definition narrowing(const grant_definition& of);
  expression condition(int depth = 2);
  expression atom();
  expression usage_atom();
  expression amount_atom();
  expression entry_condition();
  std::string literal();
  quantity amount();
  std::vector<role_id> roles(std::int64_t most);
  std::vector<action_kind> actions(std::int64_t most, int every);
  std::vector<std::string> keys(std::int64_t most);
  leeway::window window();
  void dates(std::optional<civil_date>& from, std::optional<civil_date>& until);
  std::vector<role_definition> role_list();
  void bounds(grant_definition& g);
  void own_total(grant_definition& g);
  effect effect_of(effect::kind what);
  std::vector<measure_definition> measures();
  entitlement_definition entitlement(const std::string& id, bool for_due);
  discretion_definition discretion(const std::string& id);

  dice& d_;
  std::vector<measure_definition> measures_{};
  bool reads_amount_{true};  ///< who stands in cannot turn on the amount
};

/// A request in which everything is known that a policy of `policy_source` may ask for.
request full_request(dice& d);

/// The same request with some of what it knows taken away. `everything`: as much as there is. What
/// is known by being absent (optional facts, defaults) stays, for adding it is other, not more,
/// information.
request with_less(dice& d, const request& full, bool everything = false);

/// A sign-off by somebody else.
signoff random_signoff(dice& d);

/// A broken request: a fact of a wrong type, another currency, a negative amount ...; never valid.
request broken(dice& d, request r);

/// The instant most things happen at.
instant noon();

}  // namespace leeway::engine_test

#endif
