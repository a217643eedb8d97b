// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/temporary_folder.hpp"

#include <leeway/desk/events.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace leeway::desk_test {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

event sample() {
  return {.at = instant::parse("2026-03-10T12:00:00Z").value(),
          .level = event_level::warning,
          .what = event_id::refused,
          .fields = {{"id", "r\"1\n"},
                     {"number", std::int64_t{3}},
                     {"codes", std::vector<std::string>{"a", "b"}}}};
}

TEST(Event, IsALineOfJson) {
  EXPECT_EQ(to_json(sample()),
            R"({"at":"2026-03-10T12:00:00Z","level":"warning","event":"refused","id":"r\"1\n",)"
            R"("number":3,"codes":["a","b"]})");
}

TEST(EventFile, AddsWholeLinesAndIsItsOwnersAlone) {
  const temporary_folder folder;
  const std::string path = folder.file("events.jsonl");
  const mode_t before = ::umask(0);
  {
    const auto file = event_file::open(path);
    ::umask(before);
    ASSERT_TRUE(file);
    const event_sink sink = sink_to(*file);
    std::vector<std::thread> all;
    for (int t = 0; t < 4; ++t) {
      all.emplace_back([&] {
        for (int i = 0; i < 100; ++i) sink(sample());
      });
    }
    for (std::thread& one : all) one.join();
    EXPECT_EQ((*file)->lost(), 0);
  }
  struct stat about{};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  std::string expected;
  for (int i = 0; i < 400; ++i) expected += to_json(sample()) + '\n';
  EXPECT_EQ(contents(path), expected);
  ASSERT_TRUE(event_file::open(path));
  EXPECT_EQ(contents(path), expected);
}

TEST(EventFile, SaysWhatItCannotWrite) {
  const auto none = event_file::open("/nowhere/events.jsonl");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "events_unwritable");
  const auto full = event_file::open("/dev/full");
  ASSERT_TRUE(full);
  (*full)->write(sample());
  EXPECT_EQ((*full)->lost(), 1);
}

}  // namespace
}  // namespace leeway::desk_test
