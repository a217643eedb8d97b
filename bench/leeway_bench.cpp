// SPDX-License-Identifier: Apache-2.0
// Decisions and loading, each beside its baseline. Every benchmark goes over distinct requests and
// is timed from the public `request` (`json` from its text); what it reports is for one of them.
//
//   leeway_bench --benchmark_format=json      all, as Google Benchmark writes it
//   leeway_bench --once=decide/goodwill_20    one round inside `leeway_bench_round`, for callgrind
#include "bench/allocations.hpp"
#include "bench/engine.hpp"
#include "bench/goodwill.hpp"
#include "bench/handwritten.hpp"
#include "bench/handwritten_explained.hpp"
#include "bench/instructions.hpp"
#include "bench/rules.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leeway_bench {
namespace {

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "leeway_bench: " << why << "\n";
  std::exit(EXIT_FAILURE);  // NOLINT(concurrency-mt-unsafe): nothing to unwind
}

leeway::policy loaded(const std::string& text) {
  auto p = leeway::parse_policy(text);
  if (!p) stop(leeway::render(p.error()));
  return *std::move(p);
}

// --- What is measured --------------------------------------------------------------------------
//
// Each is a type made from the workload, with `work(i)`: the i-th request, answered. What it
// returns only keeps the compiler from leaving the work out.

struct goodwill {
  const std::vector<leeway::request>& requests{goodwill_requests()};
};

struct by_hand : goodwill {
  auto work(std::size_t i) const { return handwritten(requests[i]); }
};

struct by_hand_explained : goodwill {
  handwritten_explained hand{};
  auto work(std::size_t i) { return hand.explain(requests[i]).data(); }
};

struct with_engine : goodwill {
  engine ask{goodwill_20()};
};

struct decide_goodwill : with_engine {
  auto work(std::size_t i) { return ask.decide(requests[i]); }
};
struct explain_goodwill : with_engine {
  auto work(std::size_t i) { return ask.explain(requests[i]).findings.data(); }
};
struct offer_goodwill : with_engine {
  auto work(std::size_t i) { return &ask.offer(requests[i]).offer; }
};

struct json_goodwill {
  static const std::vector<std::string>& texts() {
    static const std::vector<std::string> all = [] {
      std::vector<std::string> out;
      for (const auto& r : goodwill_requests()) out.push_back(leeway::to_json(r));
      return out;
    }();
    return all;
  }
  const std::vector<std::string>& requests{texts()};
  engine ask{goodwill_20()};
  auto work(std::size_t i) { return ask.json(requests[i]).size(); }
};

/// A generated policy with its requests. Only the one that was used last is kept.
struct handbook {
  std::size_t rules{};
  std::vector<leeway::request> requests{};
  leeway::policy policy;

  static const handbook& of(std::size_t rules) {
    static std::unique_ptr<handbook> last;
    if (last == nullptr || last->rules != rules) {
      last.reset();
      last.reset(new handbook{rules, requests_for_rules(rules, request_count()),
                              loaded(policy_of_rules(rules))});
    }
    return *last;
  }
};

struct decide_rules {
  explicit decide_rules(std::size_t rules) : book(handbook::of(rules)) {}
  const handbook& book;
  const std::vector<leeway::request>& requests{book.requests};
  engine ask{book.policy};
  auto work(std::size_t i) { return ask.decide(requests[i]); }
};

struct load_rules {
  explicit load_rules(std::size_t rules) : requests{policy_of_rules(rules)} {}
  std::vector<std::string> requests;
  auto work(std::size_t i) const { return loaded(requests[i]).warnings().size(); }
};

// --- How it is measured ------------------------------------------------------------------------

/// Per request: calls of operator new, and instructions where the machine counts them.
class per_request {
 public:
  void report(benchmark::State& state) const {
    const auto per = benchmark::Counter::kAvgIterations;
    state.counters["allocations"] = {static_cast<double>(allocations() - allocated_), per};
    const auto now = instructions();
    if (now && retired_) {
      state.counters["instructions"] = {static_cast<double>(*now - *retired_), per};
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  }

 private:
  std::uint64_t allocated_{allocations()};
  std::optional<std::uint64_t> retired_{instructions()};
};

template <class Measured, class... Of>
void measure(benchmark::State& state, Of... of) {
  Measured what(of...);
  const std::size_t count = what.requests.size();
  const auto threads = static_cast<std::size_t>(state.threads());
  const std::size_t start = count * static_cast<std::size_t>(state.thread_index()) / threads;
  // Buffers grow to what the largest answer takes; what is measured is warm.
  if (count > 1) {
    for (std::size_t i = 0; i < count; ++i) benchmark::DoNotOptimize(what.work(i));
  }
  std::size_t i = start;
  const per_request counted;
  for (auto _ : state) {
    benchmark::DoNotOptimize(what.work(i));
    if (++i == count) i = 0;
  }
  counted.report(state);
}

// --- That both say the same --------------------------------------------------------------------

bool same(const leeway::finding& a, const leeway::finding& b) {
  const bool atoms = std::ranges::equal(a.atoms, b.atoms, [](const auto& x, const auto& y) {
    return x.expression == y.expression && x.result == y.result &&
           x.actual.to_string() == y.actual.to_string() &&
           x.bound.to_string() == y.bound.to_string();
  });
  return atoms && a.code == b.code && a.outcome == b.outcome && a.part == b.part &&
         a.rule == b.rule && a.because == b.because && a.source == b.source &&
         a.remedy == b.remedy && a.actual == b.actual && a.bound == b.bound &&
         a.relation == b.relation && a.needs == b.needs && a.missing == b.missing &&
         a.detail == b.detail && a.lifted == b.lifted && a.overlay == b.overlay;
}

/// Before anything is measured: engine and hand-written code agree on every request.
void check_agreement() {
  engine ask(goodwill_20());
  handwritten_explained hand;
  for (const auto& r : goodwill_requests()) {
    const leeway::outcome expected = handwritten(r);
    const auto findings = hand.explain(r);
    const bool agrees = ask.decide(r) == expected && hand.outcome() == expected &&
                        ask.explain(r).outcome == expected &&
                        std::ranges::equal(findings, ask.explain(r).findings, same);
    if (agrees) continue;
    std::string all;
    for (const auto& f : findings) all += "\n  by hand: " + leeway::text(f);
    for (const auto& f : ask.explain(r).findings) all += "\n  engine:  " + leeway::text(f);
    stop("engine and hand-written code do not say the same of " + leeway::to_json(r) + all);
  }
}

// --- Which -------------------------------------------------------------------------------------

using function = std::function<void(benchmark::State&)>;
/// In the order of the report.
std::vector<std::pair<std::string, function>> singles() {
  std::vector<std::pair<std::string, function>> out{
      {"handwritten/goodwill_20", measure<by_hand>},
      {"decide/goodwill_20", measure<decide_goodwill>},
      {"handwritten_explained/goodwill_20", measure<by_hand_explained>},
      {"explain/goodwill_20", measure<explain_goodwill>},
      {"offer/goodwill_20", measure<offer_goodwill>},
      {"json/goodwill_20", measure<json_goodwill>},
  };
  for (const std::size_t n : {20U, 2000U, 100'000U}) {
    out.emplace_back("decide/rules/" + std::to_string(n),
                     [n](benchmark::State& s) { measure<decide_rules>(s, n); });
  }
  return out;
}

void add_all() {
  for (const auto& [name, run] : singles()) {
    benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kNanosecond);
  }
  for (const std::size_t n : {20U, 2000U, 100'000U}) {
    benchmark::RegisterBenchmark(("load/rules/" + std::to_string(n)).c_str(),
                                 [n](benchmark::State& s) { measure<load_rules>(s, n); })
        ->Unit(benchmark::kMillisecond);
  }
  for (const int threads : {1, 2}) {
    benchmark::RegisterBenchmark("threads_handwritten/goodwill_20", measure<by_hand>)
        ->Threads(threads)
        ->UseRealTime();
    benchmark::RegisterBenchmark("threads/goodwill_20", measure<decide_goodwill>)
        ->Threads(threads)
        ->UseRealTime();
  }
}

}  // namespace
}  // namespace leeway_bench

int main(int argc, char** argv) {
  using namespace leeway_bench;
  add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  benchmark::AddCustomContext("requests", std::to_string(request_count()));
  benchmark::AddCustomContext(
      "instructions", instructions() ? "counted by the processor" : "not counted on this machine");
  check_agreement();
  benchmark::RunSpecifiedBenchmarks();
  return EXIT_SUCCESS;
}
