// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/rounds.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace leeway_bench {
namespace {

using steady = std::chrono::steady_clock;

/// The one that is under way.
std::unique_ptr<comparison>& current() {
  static std::unique_ptr<comparison> one;
  return one;
}
std::string& current_name() {
  static std::string name;
  return name;
}

/// The middle half of all values.
double middle_half(const std::vector<double>& all) {
  std::vector<double> sorted = all;
  std::ranges::sort(sorted);
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
  };
  return at(0.75) - at(0.25);
}

void measure(benchmark::State& state, const std::string& name,
             const std::function<std::unique_ptr<comparison>()>& make) {
  if (current_name() != name) {
    end_comparisons();
    std::fprintf(stderr, "\n%s: ", name.c_str());
    current() = make();
    current_name() = name;
    current()->round();  // what is measured is warm
  }
  for (auto _ : state) {
    const pace both = current()->round();
    state.SetIterationTime(1 / both.first);
    state.counters["first"] = both.first;
    state.counters["second"] = both.second;
    state.counters["ratio"] = both.first / both.second;
  }
  std::fputc('.', stderr);
}

}  // namespace

pace comparison::round() {
  pace out;
  second_begins_ = !second_begins_;
  if (second_begins_) out.second = second();
  out.first = first();
  if (!second_begins_) out.second = second();
  return out;
}

void add_comparison(const std::string& name, std::function<std::unique_ptr<comparison>()> make) {
  benchmark::RegisterBenchmark(
      name.c_str(), [name, make = std::move(make)](benchmark::State& s) { measure(s, name, make); })
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond)
      ->ComputeStatistics("iqr", middle_half);
}

void end_comparisons() {
  current().reset();
  current_name().clear();
}

double rate(std::size_t callers, std::size_t times,
            const std::function<void(std::size_t, std::size_t)>& work) {
  steady::time_point begins;
  std::barrier together(static_cast<std::ptrdiff_t>(callers),
                        [&]() noexcept { begins = steady::now(); });
  std::mutex mutex;
  std::exception_ptr wrong;
  const auto call = [&](std::size_t caller) {
    together.arrive_and_wait();
    try {
      for (std::size_t i = 0; i < times; ++i) work(caller, i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      wrong = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < callers; ++i) others.emplace_back(call, i);
  call(0);
  for (std::thread& one : others) one.join();
  const std::chrono::duration<double> took = steady::now() - begins;
  if (wrong) std::rethrow_exception(wrong);
  return static_cast<double>(callers * times) / took.count();
}

}  // namespace leeway_bench
