// SPDX-License-Identifier: Apache-2.0
#include <leeway/base/id.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <unordered_set>

namespace leeway {
namespace {

TEST(StrongId, DoesNotConvertToAnotherKind) {
  static_assert(!std::is_convertible_v<agent_id, customer_id>);
  static_assert(!std::is_constructible_v<customer_id, agent_id>);
  static_assert(std::is_convertible_v<const char*, agent_id>);
  static_assert(std::is_convertible_v<std::string_view, agent_id>);
}

TEST(StrongId, ComparesByBytes) {
  const agent_id a = "a-17";
  EXPECT_EQ(a, std::string("a-17"));
  EXPECT_EQ(a, "a-17");
  EXPECT_LT(a, agent_id("a-2"));
  EXPECT_TRUE(agent_id().empty());
}

TEST(StrongId, IsAKeyOfHashedContainers) {
  std::unordered_set<role_id> roles = {"agent", "manager", "agent"};
  EXPECT_EQ(roles.size(), 2U);
  EXPECT_TRUE(roles.contains("manager"));
}

}  // namespace
}  // namespace leeway
