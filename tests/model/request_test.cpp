// SPDX-License-Identifier: Apache-2.0
#include <leeway/model/request.hpp>

#include <gtest/gtest.h>

namespace leeway {
namespace {

TEST(Agent, HoldsEveryRoleOnceAndInOrder) {
  const agent a{.id = "a-17", .role = "team_lead", .roles = {"desk", "", "team_lead", "agent"}};
  EXPECT_EQ(a.all_roles(), (std::vector<role_id>{"agent", "desk", "team_lead"}));
  EXPECT_TRUE(agent{}.all_roles().empty());
}

TEST(Request, AListLeftOutIsUnknownAndNoneIsEmpty) {
  const customer unknown{.id = "c-1"};
  const customer known{.id = "c-1", .flags = none};
  EXPECT_FALSE(unknown.flags.has_value());
  ASSERT_TRUE(known.flags.has_value());
  EXPECT_TRUE(known.flags->empty());
}

}  // namespace
}  // namespace leeway
