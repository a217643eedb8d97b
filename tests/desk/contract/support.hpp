// SPDX-License-Identifier: Apache-2.0
// What the contract tests share: a policy, requests, a clock that stands where it is put, and a
// test that runs on every store.
#ifndef LEEWAY_TESTS_DESK_CONTRACT_SUPPORT_HPP
#define LEEWAY_TESTS_DESK_CONTRACT_SUPPORT_HPP

#include "desk/contract/backend.hpp"

#include <leeway/desk/desk.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::desk_test {

inline instant at(std::string_view text) { return instant::parse(text).value(); }
inline duration span(std::int64_t seconds) { return *duration::make(seconds); }

/// Both clocks of a desk, moved by hand. Thread-safe.
class hand_clock {
 public:
  explicit hand_clock(std::string_view start) : now_(desk_test::at(start)) {}

  desk_clock clocks() {
    return {.now = [this] { return now(); }, .elapsed = [this] { return elapsed(); }};
  }
  /// Time goes by.
  void pass(duration d) {
    const std::lock_guard lock(mutex_);
    now_ = checked_add(now_, d).value();
    elapsed_ = checked_add(elapsed_, d).value();
  }
  /// The clock is set, though no time went by.
  void set(instant t) {
    const std::lock_guard lock(mutex_);
    now_ = t;
  }
  instant now() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }

 private:
  duration elapsed() const {
    const std::lock_guard lock(mutex_);
    return elapsed_;
  }
  mutable std::mutex mutex_{};
  instant now_{};
  duration elapsed_{};
};

/// A policy in US dollars and UTC with the given members, or one that most tests use.
inline policy policy_of(const std::string& members) {
  auto loaded = parse_policy(R"({"format": "leeway-policy/1", "id": "p", "currency": "USD", )" +
                             members + "}");
  if (!loaded) throw std::runtime_error(render(loaded.error()));
  return *std::move(loaded);
}

inline policy sample() {
  return policy_of(R"("version": "1",
  "roles": [{"id": "agent", "escalate_to": ["lead"]},
            {"id": "lead", "includes": ["agent"], "escalate_to": ["manager"]},
            {"id": "manager", "includes": ["lead"]}],
  "actions": [{"id": "waiver"}, {"id": "credit"}, {"id": "visit", "amount": "none"}],
  "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"},
             {"id": "G4", "to": "agent", "for": ["visit"]},
             {"id": "G2", "to": "lead", "for": ["*"], "up_to": "250 USD"},
             {"id": "G3", "to": "manager", "for": ["*"], "up_to": "1000 USD"}],
  "measures": [{"id": "waivers", "kinds": ["waiver"], "per": ["customer.id"], "window": "P30D",
                "take": "count"},
               {"id": "largest", "kinds": ["*"], "per": ["customer.id"], "window": "P30D",
                "take": "max"}],
  "budgets": [{"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D",
               "amount": "100 USD", "beyond": "deny"},
              {"id": "B2", "per": ["agent.id"], "for": ["credit"], "window": "calendar day",
               "amount": "400 USD", "beyond": "deny"}],
  "discretion": [{"id": "D1", "to": ["agent"], "for": ["waiver"], "up_to": "80 USD",
                  "per": ["agent.id"], "window": "calendar month", "amount": "200 USD"}],
  "deadlines": {"settle": "P7D", "approve": "PT4H", "ratify": "P14D"})");
}

/// A waiver by agent `a-1` for customer `c-1`.
inline request proposal(const std::string& id, std::int64_t dollars,
                        const std::string& customer = "c-1") {
  request r{.id = id, .at = at("2026-01-01T00:00:00Z")};
  r.agent = {.id = "a-1", .role = "agent"};
  r.customer = {.id = customer};
  r.contact = {.id = "k-1"};
  r.action = {.kind = "waiver", .amount = usd(dollars)};
  return r;
}

inline agent person(const char* id, const char* role) { return {.id = id, .role = role}; }

/// A test with a store to itself and a clock, on every store there is.
class Desk : public ::testing::TestWithParam<backend> {
 protected:
  void SetUp() override {
    place_ = GetParam().make();
    if (place_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot run here";
  }

  desk_options options() { return {.clock = clock_.clocks()}; }
  /// A desk over the store, with the sample policy published unless told otherwise.
  std::unique_ptr<desk> open(desk_options how) { return open_with({sample()}, std::move(how)); }
  std::unique_ptr<desk> open() { return open(options()); }
  std::unique_ptr<desk> open_with(const std::vector<policy>& policies, desk_options how) {
    auto made = desk::open(place_->open(), std::move(how));
    if (!made) throw std::runtime_error(render(made.error()));
    for (const policy& p : policies) {
      const auto published = (*made)->publish(p);
      if (!published) throw std::runtime_error(render(published.error()));
    }
    return *std::move(made);
  }
  std::unique_ptr<desk> open_with(const std::vector<policy>& policies) {
    return open_with(policies, options());
  }

  hand_clock clock_{"2026-03-10T12:00:00Z"};
  std::unique_ptr<place> place_{};
};

inline std::string name_of(const ::testing::TestParamInfo<backend>& info) {
  return info.param.name;
}

/// The code of what was refused; `none` where nothing was.
template <class T>
std::string code_of(const result<T, diagnostics>& r) {
  return r ? "none" : r.error().front().code;
}

inline std::int64_t used(const desk& d, const char* budget, const char* fact, const char* key) {
  const auto found = d.budget("p", budget, {{fact, key}});
  if (!found) throw std::runtime_error(render(found.error()));
  return found->used.amount->minor();
}

}  // namespace leeway::desk_test

/// `LEEWAY_ON_EVERY_STORE(Settling)` makes a suite `Settling` whose tests run on every store.
// NOLINTBEGIN(bugprone-macro-parentheses): a class is named
#define LEEWAY_ON_EVERY_STORE(Suite)                                                        \
  class Suite : public ::leeway::desk_test::Desk {};                                        \
  INSTANTIATE_TEST_SUITE_P(On, Suite, ::testing::ValuesIn(::leeway::desk_test::backends()), \
                           ::leeway::desk_test::name_of)
// NOLINTEND(bugprone-macro-parentheses)

#endif
