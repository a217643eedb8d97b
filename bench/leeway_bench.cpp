// SPDX-License-Identifier: Apache-2.0
// Decisions and loading, each beside its baseline. Every benchmark goes over distinct requests and
// is timed from the public `request` (`json` from its text); what it reports is for one of them.
//
//   leeway_bench --benchmark_format=json      all, as Google Benchmark writes it
//   leeway_bench --once=decide/goodwill_20    one round inside `counted`, for callgrind
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
  auto work(std::size_t i) { return ask.explain(requests[i]).findings.begin(); }
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

/// Before anything is measured: engine and hand-written code agree on every request.
void check_agreement() {
  engine ask(goodwill_20());
  handwritten_explained hand;
  for (const auto& r : goodwill_requests()) {
    const leeway::outcome expected = handwritten(r);
    const auto findings = hand.explain(r);
    const bool agrees = ask.decide(r) == expected && hand.outcome() == expected &&
                        ask.explain(r).outcome == expected &&
                        std::ranges::equal(findings, ask.explain(r).findings);
    if (agrees) continue;
    std::string all;
    for (const auto& f : findings) all += "\n  by hand: " + leeway::text(f);
    for (const auto& f : ask.explain(r).findings) all += "\n  engine:  " + leeway::text(f);
    stop("engine and hand-written code do not say the same of " + leeway::to_json(r) + all);
  }
}

// --- Which -------------------------------------------------------------------------------------

template <class Measured, class... Of>
void once(Of... of) {
  Measured what(of...);
  const std::size_t count = what.requests.size();
  const auto round = [&] {
    for (std::size_t i = 0; i < count; ++i) benchmark::DoNotOptimize(what.work(i));
  };
  if (count > 1) round();
  const auto before = allocations();
  counted(round);
  const auto per = static_cast<double>(allocations() - before) / static_cast<double>(count);
  std::cout << count << " requests, " << per << " allocations each\n";
}

struct measurement {
  std::string name{};
  std::function<void(benchmark::State&)> timed{};
  std::function<void()> once{};
};

template <class Measured, class... Of>
measurement one(std::string name, Of... of) {
  return {std::move(name), [of...](benchmark::State& s) { measure<Measured>(s, of...); },
          [of...] { once<Measured>(of...); }};
}

std::vector<measurement> all() {
  std::vector<measurement> out{
      one<by_hand>("handwritten/goodwill_20"),
      one<decide_goodwill>("decide/goodwill_20"),
      one<by_hand_explained>("handwritten_explained/goodwill_20"),
      one<explain_goodwill>("explain/goodwill_20"),
      one<offer_goodwill>("offer/goodwill_20"),
      one<json_goodwill>("json/goodwill_20"),
  };
  for (const std::size_t n : {20U, 2000U, 100'000U}) {
    out.push_back(one<decide_rules>("decide/rules/" + std::to_string(n), n));
  }
  for (const std::size_t n : {20U, 2000U, 100'000U}) {
    out.push_back(one<load_rules>("load/rules/" + std::to_string(n), n));
  }
  return out;
}

void add_all() {
  for (const auto& [name, timed, round] : all()) {
    const bool loads = name.starts_with("load");
    benchmark::RegisterBenchmark(name.c_str(), timed)
        ->Unit(loads ? benchmark::kMillisecond : benchmark::kNanosecond);
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

int run_once(std::string_view name) {
  const auto known = all();
  const auto found = std::ranges::find(known, name, &measurement::name);
  if (found == known.end()) stop("no benchmark is named `" + std::string(name) + "`");
  if (name.ends_with("goodwill_20")) check_agreement();
  found->once();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace leeway_bench

int main(int argc, char** argv) {
  using namespace leeway_bench;
  constexpr std::string_view option = "--once=";
  if (argc == 2 && std::string_view(argv[1]).starts_with(option)) {
    return run_once(std::string_view(argv[1]).substr(option.size()));
  }
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
