// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/clock.hpp>

#include <gtest/gtest.h>

namespace leeway {
namespace {

TEST(Clock, ReadsATimeOfOurCentury) {
  const instant t = now();
  EXPECT_GT(t, instant::parse("2025-01-01T00:00:00Z").value());
  EXPECT_LT(t, instant::parse("2100-01-01T00:00:00Z").value());
}

}  // namespace
}  // namespace leeway
