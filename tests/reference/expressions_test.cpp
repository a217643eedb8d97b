// SPDX-License-Identifier: Apache-2.0
// The engine's evaluation of expressions against the reference's, on random facts.
#include "condition/program.hpp"
#include "condition/quick.hpp"
#include "engine/property.hpp"
#include "policy/compiled.hpp"
#include "reference/generate_expressions.hpp"
#include "reference/seeds.hpp"
#include "reference/setting.hpp"
#include "reference/smaller.hpp"

#include <leeway/engine/policy.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <string>

namespace leeway::reference {
namespace {

// A policy that is nothing but names.
class world {
 public:
  explicit world(std::string zone) {
    document_.id = "world";
    document_.version = "1";
    document_.money_currency = currency::usd();
    document_.time_zone = std::move(zone);
    document_.roles = {{.id = "agent"}};
    document_.actions = {{.id = "act"}};
    add_world(document_);
    compiled_.emplace(engine_test::compiled(document_));
    own_ = prepare(document_);
  }

  const condition::environment& engine() const { return *compiled_->impl().env; }
  const prepared& own() const { return own_; }

 private:
  policy_document document_{};
  std::optional<policy> compiled_{};
  prepared own_{};
};

request about(dice& d, int known_percent) {
  request r;
  r.at = engine_test::noon();
  if (d.chance(30)) r.at = instant::parse("2026-03-08T09:30:00.5Z").value();
  r.action.kind = "act";
  for (auto& [name, content] : random_facts(d, known_percent)) {
    const bool subject = name.starts_with("subject.");
    auto& group = subject ? r.subject.attributes : r.contact.attributes;
    group.emplace(name.substr(8), content);
  }
  return r;
}

condition::frame frame_of(const world& w, const facts& known) {
  condition::frame out(w.engine());
  for (const auto& [name, a] : known) {
    const auto slot = w.engine().slot_of(name);
    if (!slot) continue;
    if (a.known()) out.set(*slot, *a.result);
    if (a.absent) out.set_absent(*slot);
  }
  return out;
}

name_set named(const world& w, const std::vector<condition::slot>& slots) {
  name_set out;
  for (const auto s : slots) out.insert(w.engine().at(s).path);
  return out;
}

std::string to_text(const answer& a) {
  if (a.known()) return a.result->to_string();
  std::string out = a.missing.empty() ? "failed" : "unknown";
  for (const auto& name : a.missing) out += " " + name;
  if (a.failed) out += " with an error";
  if (a.missing.empty()) {
    for (const auto& name : a.involved) out += " " + name;
  }
  return out;
}

answer of_engine(const world& w, const condition::evaluation& e) {
  if (e.is_known()) return answer::of(*e.result);
  answer out{.missing = named(w, e.missing), .failed = !e.error.empty()};
  if (out.missing.empty()) out.involved = named(w, e.involved);
  return out;
}

bool same(const answer& a, const answer& b) {
  if (a.known() != b.known()) return false;
  if (a.known()) return value::order(*a.result, *b.result) == std::strong_ordering::equal;
  return a.missing == b.missing && a.failed == b.failed &&
         (!a.missing.empty() || a.involved == b.involved);
}

struct run {
  const world& w;
  std::uint64_t compared{};
  std::uint64_t refused{};
  std::uint64_t known{};

  // What the two say where they differ; empty: they agree, or the engine refuses the expression.
  std::string differs(const std::string& text, const request& r) {
    const auto code = condition::compile(text, w.engine()).code;
    if (!code) return {};
    const auto own = w.own().names.read(text);
    const auto known_facts = facts_of(w.own(), r);
    return differs(*code, own, known_facts);
  }

  std::string differs(const condition::program& code, const expr_ptr& own, const facts& all) {
    ++compared;
    const auto expected = evaluate(own, w.own().names, all);
    const auto frame = frame_of(w, all);
    const auto found = of_engine(w, condition::evaluate(code, w.engine(), frame));
    if (expected.known()) ++known;
    if (same(expected, found)) return differs_quickly(code, expected, frame);
    return "reference: " + to_text(expected) + "\nengine:    " + to_text(found);
  }

  // The form without reasons says the same truth and value.
  std::string differs_quickly(const condition::program& code, const answer& expected,
                              const condition::frame& frame) const {
    const auto truth = condition::quick_truth(code, w.engine(), frame);
    const auto wanted = expected.is(true)    ? condition::truth::yes
                        : expected.is(false) ? condition::truth::no
                                             : condition::truth::unknown;
    if (truth != wanted) return "reference: " + to_text(expected) + ", and its quick truth differs";
    value scratch(false);
    const auto* const found = condition::quick_value(code, w.engine(), frame, scratch);
    const auto quick = found == nullptr ? answer{.failed = true} : answer::of(*found);
    const bool agree = expected.known() ? same(expected, quick) : found == nullptr;
    if (agree) return {};
    return "reference: " + to_text(expected) + "\nquick:     " + to_text(quick);
  }

  // One expression on many facts.
  std::string try_one(dice& d, int frames) {
    expression_source source(d);
    const auto text = source.of(source.any_type(), static_cast<int>(d.between(2, 5)));
    const auto code = condition::compile(text, w.engine()).code;
    if (!code) {
      ++refused;
      return {};
    }
    const auto own = w.own().names.read(text);
    for (int i = 0; i < frames; ++i) {
      const auto r = about(d, i % 3 == 0 ? 100 : i % 3 == 1 ? 90 : 60);
      if (!differs(*code, own, facts_of(w.own(), r)).empty()) return shrunk(text, r);
    }
    return {};
  }

  std::string shrunk(const std::string& text, request r) {
    auto fails = [&](const std::string& one) {
      try {
        return !differs(one, r).empty();
      } catch (const std::exception&) {
        return false;
      }
    };
    const auto small = smallest(text, fails);
    for (auto* group : {&r.contact.attributes, &r.subject.attributes}) {
      for (auto it = group->begin(); it != group->end();) {
        const auto taken = *it;
        it = group->erase(it);
        if (!fails(small)) group->insert(taken);
      }
    }
    std::string out = small + "\n" + differs(small, r) + "\n";
    for (const auto& [name, a] : facts_of(w.own(), r)) {
      if (a.known()) out += "  " + name + " = " + a.result->to_string() + "\n";
    }
    return out;
  }
};

TEST(Reference, AgreesOnExpressions) {
  const auto first = first_seed();
  const auto size = iterations(400);
  const world utc("UTC");
  const world denver("America/Denver");
  std::uint64_t compared = 0;
  std::uint64_t known = 0;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto seed = first + i;
    dice d(seed);
    run one{seed % 2 == 0 ? utc : denver};
    for (int n = 0; n < 10; ++n) {
      const auto found = one.try_one(d, 12);
      ASSERT_EQ(found, "") << "LEEWAY_SEED=" << seed << " LEEWAY_ITERATIONS=1";
    }
    compared += one.compared;
    known += one.known;
    refused += one.refused;
  }
  std::cout << "expressions: " << compared << " comparisons, " << known << " with a value, "
            << refused << " expressions refused; LEEWAY_SEED=" << first << "\n";
}

}  // namespace
}  // namespace leeway::reference
