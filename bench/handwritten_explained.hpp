// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/handwritten.hpp"

#include <leeway/leeway.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace leeway_bench {

/// goodwill-20 written by hand with the findings a decision has: for every rule that fires and for
/// the authority, with the values that decided. Buffers are reused: what it returns holds until
/// the next call.
class handwritten_explained {
 public:
  handwritten_explained();

  std::span<const leeway::finding> explain(const leeway::request& r);
  /// Of the request explained last.
  [[nodiscard]] leeway::outcome outcome() const { return outcome_; }

 private:
  struct forms;

  leeway::finding& add(const leeway::finding& form);
  void authority(facts& f, std::string_view kind);
  void credit(facts& f);
  void cutoff_exception(facts& f);
  void denials(facts& f, std::string_view kind);
  void by_tier(facts& f);
  void by_history(facts& f, std::string_view kind);

  const forms& forms_;
  std::vector<leeway::finding> findings_{};
  std::size_t used_{};
  leeway::outcome outcome_{leeway::outcome::deny};
};

}  // namespace leeway_bench
