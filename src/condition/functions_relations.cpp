// SPDX-License-Identifier: Apache-2.0
// What compares and searches.
#include "condition/function_groups.hpp"

#include <algorithm>

namespace leeway::condition {

std::string not_comparable(const value& a, const value& b) {
  return a.to_string() + " and " + b.to_string() + " cannot be compared";
}

std::optional<std::partial_ordering> compare(const value& a, const value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  if (a.is(value_kind::number)) return a.as_double() <=> b.as_double();
  if (a.is(value_kind::money)) {
    if (a.as_money().cur() != b.as_money().cur()) return std::nullopt;
    return a.as_money() <=> b.as_money();
  }
  return value::order(a, b);
}

std::string_view mirrored(std::string_view sign) {
  if (sign == "<") return ">";
  if (sign == "<=") return ">=";
  if (sign == ">") return "<";
  if (sign == ">=") return "<=";
  return sign;
}

namespace {

template <class Test>
computed related(arguments a, Test test) {
  const auto order = compare(*a[0], *a[1]);
  if (!order) return fail(not_comparable(*a[0], *a[1]));
  return value(static_cast<bool>(test(*order)));
}

computed equal(const context&, arguments a) {
  if (a[0]->is(value_kind::money) && !compare(*a[0], *a[1])) {
    return fail(not_comparable(*a[0], *a[1]));
  }
  return value(*a[0] == *a[1]);
}

computed not_equal(const context& c, arguments a) {
  computed out = equal(c, a);
  if (!out) return out;
  return value(!out->as_bool());
}

computed less(const context&, arguments a) {
  return related(a, [](auto o) { return o < 0; });
}

computed less_equal(const context&, arguments a) {
  return related(a, [](auto o) { return o <= 0; });
}

computed greater(const context&, arguments a) {
  return related(a, [](auto o) { return o > 0; });
}

computed greater_equal(const context&, arguments a) {
  return related(a, [](auto o) { return o >= 0; });
}

computed in_list(const context&, arguments a) {
  const auto& items = a[1]->as_list();
  return value(std::find(items.begin(), items.end(), *a[0]) != items.end());
}
computed in_map(const context&, arguments a) { return value(a[1]->find(*a[0]) != nullptr); }

using namespace signature;

// clang-format off
constexpr std::array relations = {
  overload{"==", false, of(any, any),         B, equal,         linear},
  overload{"!=", false, of(any, any),         B, not_equal,     linear},
  overload{"<",  false, of(ordered, ordered), B, less,          linear},
  overload{"<=", false, of(ordered, ordered), B, less_equal,    linear},
  overload{">",  false, of(ordered, ordered), B, greater,       linear},
  overload{">=", false, of(ordered, ordered), B, greater_equal, linear},
  overload{"in", false, of(any, list),        B, in_list,       linear},
  overload{"in", false, of(any, map),         B, in_map,        fixed, 4},
};
// clang-format on

}  // namespace

std::span<const overload> relation_overloads() { return relations; }

}  // namespace leeway::condition
