// SPDX-License-Identifier: Apache-2.0
// docs/desk-observability.md lists exactly the metrics and events there are.
#include "docs/support.hpp"

#include <leeway/desk/events.hpp>
#include <leeway/desk/metrics.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace leeway {
namespace {

/// The first three cells of the rows whose first cell begins like this, as they stand.
std::vector<std::string> rows(const std::string& after, std::size_t cells) {
  std::vector<std::string> out;
  bool within = false;
  for (const std::string& line :
       docs_test::lines_of(docs_test::read_file("docs/desk-observability.md"))) {
    if (line.starts_with("## ")) within = line == after;
    if (!within || !line.starts_with("| `")) continue;
    std::size_t end = 0;
    for (std::size_t i = 0; i < cells; ++i) end = line.find('|', end + 1);
    out.push_back(line.substr(0, end));
  }
  return out;
}

std::string kind_of(metric_kind kind) {
  return kind == metric_kind::counter ? "counter"
         : kind == metric_kind::gauge ? "gauge"
                                      : "histogram";
}

TEST(ObservabilityPage, ListsExactlyTheMetricsThereAre) {
  std::vector<std::string> expected;
  for (const metric& one : all_metrics()) {
    std::string labels;
    for (const std::string_view label : one.labels) {
      labels += (labels.empty() ? "`" : ", `") + std::string(label) + '`';
    }
    expected.push_back("| `" + std::string(one.name) + "` | " + kind_of(one.kind) + " | " +
                       (labels.empty() ? "" : labels + ' '));
  }
  EXPECT_EQ(rows("## Figures", 3), expected);
}

TEST(ObservabilityPage, ListsExactlyTheEventsThereAre) {
  std::vector<std::string> expected;
  for (const event_id one : all_event_ids()) {
    expected.push_back("| `" + std::string(to_string(one)) + "` ");
  }
  EXPECT_EQ(rows("## Events", 1), expected);
}

}  // namespace
}  // namespace leeway
