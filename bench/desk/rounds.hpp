// SPDX-License-Identifier: Apache-2.0
// Two things in turn, in one process, so that whatever else the machine does meets both. What
// counts is the ratio of each pair of neighbouring slices: its median, and its middle half.
//
// One round is one repetition of Google Benchmark, with the rates and their ratio as counters; so
// its medians, its JSON and its options serve here as for the other benchmarks.
#ifndef LEEWAY_BENCH_DESK_ROUNDS_HPP
#define LEEWAY_BENCH_DESK_ROUNDS_HPP

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace leeway_bench {

/// Decisions a second of both, in one round.
struct pace {
  double first{};
  double second{};
};

/// What is compared. It is made when its first round begins, and gone before another's.
class comparison {
 public:
  virtual ~comparison() = default;
  /// A slice of each. In every other round the second begins.
  pace round();

 protected:
  /// Works for one slice, and says how many decisions a second it made.
  virtual double first() = 0;
  virtual double second() = 0;

 private:
  bool second_begins_{};
};

/// A comparison of two functions, with what they stand on.
class comparison_of final : public comparison {
 public:
  using slice = std::function<double()>;
  comparison_of(slice first, slice second) : first_(std::move(first)), second_(std::move(second)) {}

 private:
  double first() override { return first_(); }
  double second() override { return second_(); }
  slice first_;
  slice second_;
};

/// Adds a benchmark by its name; `make` is called when it is its turn.
void add_comparison(const std::string& name, std::function<std::unique_ptr<comparison>()> make);
/// Lets go of what the last comparison stood on.
void end_comparisons();

/// How often `work` is done in a second: `times` times by each of `callers` threads, which begin
/// together. It is told the caller's number and the how-manieth time it is.
double rate(std::size_t callers, std::size_t times,
            const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace leeway_bench

#endif
