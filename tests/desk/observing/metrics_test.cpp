// SPDX-License-Identifier: Apache-2.0
#include "desk/observing/exposition.hpp"

#include <leeway/desk/metrics.hpp>

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

using ::testing::IsEmpty;

void put(metrics& to, metric_id what, const std::vector<std::string_view>& labels,
         std::int64_t value) {
  to.measured(what, labels, value);
}

/// One value of everything, with labels that need escapes.
void fill(metrics& to) {
  for (const metric& one : all_metrics()) {
    std::vector<std::string_view> labels(one.labels.size(),
                                         "a \"b\"\\c\nd \xc3\xa9 \xff {e=\"f\"}");
    put(to, one.id, labels, 1'500'000);
    labels.assign(one.labels.size(), "");
    put(to, one.id, labels, 7);
  }
}

TEST(MetricList, IsInOrderAndNamedAsIsTheCustom) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < all_metrics().size(); ++i) {
    const metric& one = all_metrics()[i];
    EXPECT_EQ(static_cast<std::size_t>(one.id), i) << one.name;
    EXPECT_EQ(&description(one.id), &one);
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_TRUE(one.name.starts_with("leeway_")) << one.name;
    EXPECT_EQ(one.name.ends_with("_total"), one.kind == metric_kind::counter) << one.name;
    EXPECT_EQ(one.name.ends_with("_seconds"), one.unit == metric_unit::nanosecond) << one.name;
    EXPECT_EQ(one.name.ends_with("_ratio"), one.unit == metric_unit::millionth) << one.name;
    EXPECT_EQ(one.bounds.empty(), one.kind != metric_kind::histogram) << one.name;
    EXPECT_TRUE(std::is_sorted(one.bounds.begin(), one.bounds.end())) << one.name;
    EXPECT_FALSE(one.help.empty()) << one.name;
    // Whoever is decided for or about is no label, and nothing that names one decision.
    for (const std::string_view label : one.labels) {
      const std::set<std::string_view> known{"policy", "budget", "outcome", "effect", "operation",
                                             "code",   "event",  "state",   "kind",   "cause"};
      EXPECT_TRUE(known.contains(label)) << one.name << ' ' << label;
    }
  }
}

TEST(MetricRegistry, WritesWhatPrometheusReads) {
  metric_registry registry;
  fill(registry);
  const std::string text = registry.to_prometheus();
  const exposition read = read_exposition(text);
  EXPECT_THAT(read.wrong, IsEmpty()) << text;
  EXPECT_EQ(read.types.size(), all_metrics().size());
  for (const metric& one : all_metrics()) {
    EXPECT_EQ(read.help.at(std::string(one.name)), one.help) << one.name;
  }
}

TEST(MetricRegistry, WritesWhatPromtoolAccepts) {
  const char* tool = std::getenv("PROMTOOL");
  const std::string name = tool == nullptr ? "promtool" : tool;
  if (std::system(("command -v '" + name + "' > /dev/null 2>&1").c_str()) != 0) {
    GTEST_SKIP() << "no promtool here";
  }
  metric_registry registry;
  fill(registry);
  std::FILE* pipe = ::popen(("'" + name + "' check metrics").c_str(), "w");
  ASSERT_NE(pipe, nullptr);
  std::fputs(registry.to_prometheus().c_str(), pipe);
  EXPECT_EQ(::pclose(pipe), 0);
}

TEST(MetricRegistry, TellsBaseUnits) {
  metric_registry registry;
  put(registry, metric_id::inbox_oldest, {"review"}, 90'000'000'000);
  put(registry, metric_id::overdue_oldest, {}, 1'500);
  put(registry, metric_id::shared_budget_used, {"p", "B"}, 333'333);
  put(registry, metric_id::inbox, {"review"}, -3);
  put(registry, metric_id::inbox, {"approval"}, std::numeric_limits<std::int64_t>::min());
  const exposition read = read_exposition(registry.to_prometheus());
  EXPECT_THAT(read.wrong, IsEmpty());
  EXPECT_EQ(read.at("leeway_desk_inbox_oldest_seconds{kind=\"review\"}"), "90");
  EXPECT_EQ(read.at("leeway_desk_overdue_oldest_seconds"), "0.0000015");
  EXPECT_EQ(read.at("leeway_desk_shared_budget_used_ratio{policy=\"p\",budget=\"B\"}"), "0.333333");
  EXPECT_EQ(read.at("leeway_desk_inbox{kind=\"review\"}"), "-3");
  EXPECT_EQ(read.at("leeway_desk_inbox{kind=\"approval\"}"), "-9223372036854775808");
}

TEST(MetricRegistry, PutsAnObservationInTheBucketThatEndsAtIt) {
  metric_registry registry;
  for (const std::int64_t size : {1, 2, 3, 256, 257}) {
    put(registry, metric_id::store_commit_tasks, {}, size);
  }
  const exposition read = read_exposition(registry.to_prometheus());
  EXPECT_EQ(read.at("leeway_store_commit_tasks_bucket{le=\"1\"}"), "1");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_bucket{le=\"2\"}"), "2");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_bucket{le=\"4\"}"), "3");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_bucket{le=\"256\"}"), "4");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_bucket{le=\"+Inf\"}"), "5");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_sum"), "519");
  EXPECT_EQ(read.at("leeway_store_commit_tasks_count"), "5");
}

TEST(MetricRegistry, HasNoMoreSeriesThanItMay) {
  metric_registry registry({.most_series = 10});
  for (int i = 0; i < 1'000; ++i) {
    const std::string code = "code_" + std::to_string(i);
    put(registry, metric_id::errors, {"decide", code}, 1);
  }
  const exposition read = read_exposition(registry.to_prometheus());
  EXPECT_THAT(read.wrong, IsEmpty());
  EXPECT_EQ(read.samples.size(), 11U);
  EXPECT_EQ(read.at(R"(leeway_desk_errors_total{operation="decide",code="code_9"})"), "1");
  EXPECT_EQ(read.at(R"(leeway_desk_errors_total{operation="other",code="other"})"), "990");
}

TEST(MetricRegistry, LosesNothingOfManyThreads) {
  constexpr int threads = 8;
  constexpr int rounds = 5'000;
  metric_registry registry;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < rounds; ++i) {
        const std::string policy = "p" + std::to_string((t + i) % 50);
        put(registry, metric_id::decisions, {policy, "approve", "new"}, 1);
        put(registry, metric_id::operation_seconds, {"decide"}, i * 1'000);
        if (i % 1'000 == 0) {
          EXPECT_THAT(read_exposition(registry.to_prometheus()).wrong, IsEmpty());
        }
      }
    });
  }
  for (std::thread& one : all) one.join();
  const exposition read = read_exposition(registry.to_prometheus());
  std::int64_t sum = 0;
  for (const auto& [name, value] : read.samples) {
    if (name.starts_with("leeway_desk_decisions_total")) sum += std::stoll(value);
  }
  EXPECT_EQ(sum, threads * rounds);
  EXPECT_EQ(read.at("leeway_desk_operation_seconds_count{operation=\"decide\"}"),
            std::to_string(threads * rounds));
}

TEST(Exposition, RefusesWhatIsNotTheFormat) {
  const auto wrong = [](const std::string& text) { return !read_exposition(text).wrong.empty(); };
  const std::string head = "# HELP x_total h\n# TYPE x_total counter\n";
  EXPECT_FALSE(wrong(head + "x_total 1\n"));
  EXPECT_TRUE(wrong(head + "x_total 1"));
  EXPECT_TRUE(wrong("x_total 1\n"));
  EXPECT_TRUE(wrong(head + "x_total one\n"));
  EXPECT_TRUE(wrong(head + "x_total{a=\"b\\c\"} 1\n"));
  EXPECT_TRUE(wrong(head + "x_total 1\nx_total 2\n"));
  EXPECT_TRUE(wrong(head + "x_total{a=\"b\",a=\"c\"} 1\n"));
  const std::string histogram = "# HELP h h\n# TYPE h histogram\n";
  EXPECT_FALSE(wrong(histogram + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\n"
                                 "h_count 2\n"));
  EXPECT_TRUE(wrong(histogram + "h_bucket{le=\"1\"} 1\nh_sum 3\nh_count 1\n"));
  EXPECT_TRUE(wrong(histogram + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 3\n"
                                "h_count 1\n"));
}

}  // namespace
}  // namespace leeway::desk_test
