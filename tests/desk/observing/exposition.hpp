// SPDX-License-Identifier: Apache-2.0
// Reads the text that Prometheus scrapes, and refuses what the format or good custom does not
// allow.
#ifndef LEEWAY_TESTS_DESK_OBSERVING_EXPOSITION_HPP
#define LEEWAY_TESTS_DESK_OBSERVING_EXPOSITION_HPP

#include <map>
#include <string>
#include <vector>

namespace leeway::desk_test {

struct exposition {
  std::vector<std::string> wrong{};            ///< a line each; empty: it is as it should be
  std::map<std::string, std::string> types{};  ///< by metric
  std::map<std::string, std::string> help{};
  /// By name and labels as they stand: `x_total{a="b"}`.
  std::map<std::string, std::string> samples{};

  /// The value of a sample; empty: there is none.
  std::string at(const std::string& sample) const {
    const auto found = samples.find(sample);
    return found == samples.end() ? std::string() : found->second;
  }
};

/// https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4, without timestamps.
exposition read_exposition(const std::string& text);

}  // namespace leeway::desk_test

#endif
