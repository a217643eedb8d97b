// SPDX-License-Identifier: Apache-2.0
// The overloads in groups, a file each, and what their tables are written with.
#pragma once

#include "condition/functions.hpp"

#include <leeway/base/time.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace leeway::condition {

std::span<const overload> relation_overloads();
std::span<const overload> arithmetic_overloads();
std::span<const overload> conversion_overloads();
std::span<const overload> amount_overloads();
std::span<const overload> text_overloads();
std::span<const overload> calendar_overloads();
std::span<const overload> getter_overloads();

using arguments = std::span<const value* const>;
using context = call_context;

/// What was computed with a check for overflow.
template <class T>
computed checked(const std::optional<T>& v, std::string_view what) {
  if (!v) return fail(std::string(what) + " is out of range");
  return value(*v);
}

/// Why two values have no relation.
std::string not_comparable(const value& a, const value& b);
/// A date, or the day that a timestamp is in the policy's zone.
civil_date civil(const context& c, const value& v);

/// The tables, in few letters.
namespace signature {

inline constexpr auto B = shape::boolean;
inline constexpr auto I = shape::integer;
inline constexpr auto D = shape::number;
inline constexpr auto S = shape::string;
inline constexpr auto T = shape::timestamp;
inline constexpr auto U = shape::duration;
inline constexpr auto A = shape::date;
inline constexpr auto M = shape::money;
inline constexpr auto R = shape::ratio;
inline constexpr auto any = shape::any;
inline constexpr auto ordered = shape::ordered;
inline constexpr auto measurable = shape::measurable;
inline constexpr auto list = shape::list_any;
inline constexpr auto map = shape::map_by_any;
inline constexpr auto none = shape::none;
inline constexpr auto fixed = growth::constant;
inline constexpr auto linear = growth::with_arguments;

using params = std::array<shape, 4>;
constexpr params of(shape a, shape b = none, shape c = none) { return {a, b, c, none}; }

}  // namespace signature

}  // namespace leeway::condition
