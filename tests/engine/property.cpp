// SPDX-License-Identifier: Apache-2.0
#include "engine/property.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <utility>

namespace leeway::engine_test {
namespace {

constexpr int requests_each = 6;

std::uint64_t number_or(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

const char* const threw = "it threw: ";

// What a law says, an exception included.
std::string verdict_of(const law& holds, const policy& p, const sample& s) {
  try {
    return holds(p, s);
  } catch (const std::exception& e) {
    return threw + std::string(e.what());
  }
}

class shrinker {
 public:
  shrinker(const law& holds, sample from) : holds_(holds), best_(std::move(from)) {
    const auto p = compiled(best_.document);
    throws_ = verdict_of(holds_, p, best_).starts_with(threw);
  }

  sample run() {
    for (bool smaller = true; smaller;) {
      smaller = false;
      smaller |= lists();
      smaller |= entries();
      smaller |= request_parts();
    }
    return best_;
  }

 private:
  bool still_fails(const sample& s) {
    auto p = compile_policy(s.document);
    if (!p) return false;
    const auto found = verdict_of(holds_, *p, s);
    // What a law adds may no longer fit a smaller policy: that is another failure.
    return !found.empty() && found.starts_with(threw) == throws_;
  }

  bool keep_if_failing(sample smaller) {
    if (!still_fails(smaller)) return false;
    best_ = std::move(smaller);
    return true;
  }

  template <class List>
  bool drop_each(List policy_document::* list) {
    bool any = false;
    for (std::size_t i = (best_.document.*list).size(); i-- > 0;) {
      sample s = best_;
      auto& from = s.document.*list;
      from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
      any |= keep_if_failing(std::move(s));
    }
    return any;
  }

  bool lists() {
    bool any = drop_each(&policy_document::grants);
    any |= drop_each(&policy_document::rules);
    any |= drop_each(&policy_document::budgets);
    any |= drop_each(&policy_document::entitlements);
    any |= drop_each(&policy_document::discretion);
    any |= drop_each(&policy_document::measures);
    any |= drop_each(&policy_document::overlays);
    any |= each_of(&policy_document::overlays, [](auto& o) { o.applies.clear(); });
    any |= each_of(&policy_document::overlays, [](auto& o) { o.rules.clear(); });
    any |= each_of(&policy_document::overlays, [](auto& o) { o.budgets.clear(); });
    any |= each_of(&policy_document::overlays, [](auto& o) { o.narrow.clear(); });
    any |= each_of(&policy_document::overlays, [](auto& o) { o.narrow.resize(1); });
    any |= drop_each(&policy_document::roles);
    any |= drop_each(&policy_document::actions);
    any |= drop_each(&policy_document::values);
    any |= drop_each(&policy_document::facts);
    return any;
  }

  // Applies `change` to a copy; it must make a difference to the normal form.
  template <class Change>
  bool attempt(Change change) {
    sample s = best_;
    change(s);
    if (normal_form(s.document) == normal_form(best_.document)) return false;
    return keep_if_failing(std::move(s));
  }

  template <class List, class Change>
  bool each_of(List policy_document::* list, Change change) {
    bool any = false;
    for (std::size_t i = 0; i < (best_.document.*list).size(); ++i) {
      any |= attempt([&](sample& s) { change((s.document.*list)[i]); });
    }
    return any;
  }

  bool entries() {
    bool any = each_of(&policy_document::grants, [](auto& g) { g.when.clear(); });
    any |= each_of(&policy_document::grants, [](auto& g) { g.unless.clear(); });
    any |= each_of(&policy_document::grants, [](auto& g) { g.certified.clear(); });
    any |= each_of(&policy_document::grants, [](auto& g) { g.from.reset(), g.until.reset(); });
    any |= each_of(&policy_document::grants, [](auto& g) { g.bounds = {}; });
    any |= each_of(&policy_document::grants, [](auto& g) {
      g.window.reset(), g.per.clear(), g.amount.reset(), g.count.reset();
    });
    any |= each_of(&policy_document::grants, [](auto& g) { g.to.resize(1); });
    any |= each_of(&policy_document::grants, [](auto& g) { g.per.clear(); });
    any |= each_of(&policy_document::rules, [](auto& r) { r.when.clear(); });
    any |= each_of(&policy_document::rules, [](auto& r) { r.unless.clear(); });
    any |= each_of(&policy_document::rules, [](auto& r) { r.actions.clear(); });
    any |= each_of(&policy_document::rules, [](auto& r) { r.discretion = false; });
    any |= each_of(&policy_document::budgets, [](auto& b) { b.when.clear(), b.where.clear(); });
    any |= each_of(&policy_document::budgets, [](auto& b) { b.per.clear(); });
    any |= each_of(&policy_document::budgets, [](auto& b) { b.count.reset(); });
    any |= each_of(&policy_document::measures, [](auto& m) { m.where.clear(), m.per.clear(); });
    any |= each_of(&policy_document::entitlements, [](auto& e) { e.required.clear(); });
    any |= each_of(&policy_document::entitlements, [](auto& e) { e.when.clear(); });
    any |= each_of(&policy_document::entitlements,
                   [](auto& e) { e.minimum.reset(), e.maximum.reset(); });
    any |= each_of(&policy_document::discretion, [](auto& x) { x.when.clear(); });
    any |= each_of(&policy_document::discretion, [](auto& x) { x.per.clear(); });
    any |= each_of(&policy_document::roles, [](auto& r) { r.substitutes.clear(); });
    any |= each_of(&policy_document::roles, [](auto& r) { r.includes.clear(); });
    any |= each_of(&policy_document::roles, [](auto& r) { r.escalate_to.clear(); });
    return any;
  }

  template <class List>
  bool drop_of_request(List request::* list) {
    bool any = false;
    for (std::size_t i = (best_.asked.*list).size(); i-- > 0;) {
      sample s = best_;
      auto& from = s.asked.*list;
      from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
      any |= keep_if_failing(std::move(s));
    }
    return any;
  }

  bool request_parts() {
    bool any = drop_of_request(&request::signoffs);
    if (best_.asked.history) {
      for (std::size_t i = best_.asked.history->size(); i-- > 0;) {
        sample s = best_;
        s.asked.history->erase(s.asked.history->begin() + static_cast<std::ptrdiff_t>(i));
        any |= keep_if_failing(std::move(s));
      }
    }
    if (best_.asked.discretion) {
      sample s = best_;
      s.asked.discretion = false;
      any |= keep_if_failing(std::move(s));
    }
    if (!best_.asked.usage.empty()) {
      sample s = best_;
      s.asked.usage.clear();
      any |= keep_if_failing(std::move(s));
    }
    return any;
  }

  const law& holds_;
  sample best_;
  bool throws_{};
};

std::string told(const law& holds, const sample& s) {
  const auto p = compiled(s.document);
  return verdict_of(holds, p, s) + "\npolicy:  " + normal_form(s.document) +
         "\nrequest: " + to_json(s.asked);
}

}  // namespace

policy compiled(const policy_document& document) {
  auto p = compile_policy(document);
  if (!p) throw std::runtime_error(render(p.error()) + normal_form(document));
  return *std::move(p);
}

void for_all(const law& holds, int policies) {
  const auto first = number_or("LEEWAY_SEED", std::random_device{}());
  const auto size = number_or("LEEWAY_ITERATIONS", static_cast<std::uint64_t>(policies));
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto seed = first + i;
    SCOPED_TRACE("LEEWAY_SEED=" + std::to_string(seed) + " LEEWAY_ITERATIONS=1");
    dice d(seed);
    sample s{policy_source(d).document(), {}, seed};
    const auto p = compiled(s.document);
    for (int n = 0; n < requests_each; ++n) {
      s.asked = full_request(d);
      if (verdict_of(holds, p, s).empty()) continue;
      FAIL() << told(holds, shrinker(holds, s).run());
    }
  }
}

}  // namespace leeway::engine_test
