// SPDX-License-Identifier: Apache-2.0
// How the quick form reads and holds values against each other, type by type.
#pragma once

#include "condition/machine.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <type_traits>

namespace leeway::condition {

template <class Content>
inline constexpr value_kind kind_of = value_kind{};
template <>
inline constexpr value_kind kind_of<bool> = value_kind::boolean;
template <>
inline constexpr value_kind kind_of<std::int64_t> = value_kind::integer;
template <>
inline constexpr value_kind kind_of<double> = value_kind::number;
template <>
inline constexpr value_kind kind_of<std::string> = value_kind::string;
template <>
inline constexpr value_kind kind_of<instant> = value_kind::timestamp;
template <>
inline constexpr value_kind kind_of<leeway::duration> = value_kind::duration;
template <>
inline constexpr value_kind kind_of<civil_date> = value_kind::date;
template <>
inline constexpr value_kind kind_of<exact_money> = value_kind::money;
template <>
inline constexpr value_kind kind_of<leeway::ratio> = value_kind::ratio;

/// The content of a value of that kind.
template <class Content>
decltype(auto) read(const value& v) {
  if constexpr (std::is_same_v<Content, bool>) return v.as_bool();
  if constexpr (std::is_same_v<Content, std::int64_t>) return v.as_int();
  if constexpr (std::is_same_v<Content, double>) return v.as_double();
  if constexpr (std::is_same_v<Content, std::string>) return v.as_string();
  if constexpr (std::is_same_v<Content, instant>) return v.as_timestamp();
  if constexpr (std::is_same_v<Content, leeway::duration>) return v.as_duration();
  if constexpr (std::is_same_v<Content, civil_date>) return v.as_date();
  if constexpr (std::is_same_v<Content, exact_money>) return v.as_money();
  if constexpr (std::is_same_v<Content, leeway::ratio>) return v.as_ratio();
}

/// -1, 0, 1; 2 when they cannot be compared.
template <class Content>
int order_of(const Content& a, const Content& b) {
  if constexpr (std::is_same_v<Content, std::string>) {
    const int order = a.compare(b);
    return (order > 0) - (order < 0);
  } else if constexpr (std::is_same_v<Content, exact_money>) {
    if (a.cur() != b.cur()) return 2;
    if (a.den() == 1 && b.den() == 1) return (a.num() > b.num()) - (a.num() < b.num());
    const std::partial_ordering order = a <=> b;
    return (order > 0) - (order < 0);
  } else if constexpr (std::is_same_v<Content, double>) {
    const std::partial_ordering order = a <=> b;
    return order == std::partial_ordering::unordered ? 2 : (order > 0) - (order < 0);
  } else if constexpr (std::is_arithmetic_v<Content>) {
    return (a > b) - (a < b);
  } else {
    const std::strong_ordering order = a <=> b;
    return (order > 0) - (order < 0);
  }
}

inline truth as_truth(bool v) { return static_cast<truth>(v); }

inline truth holds(relation r, int order) {
  return as_truth(((static_cast<unsigned>(r) >> static_cast<unsigned>(order + 1)) & 1U) != 0);
}

template <class Content>
truth related(relation r, const Content& a, const Content& b) {
  if constexpr (std::is_same_v<Content, std::string>) {
    if (r == relation::equal) return as_truth(a == b);
    if (r == relation::not_equal) return as_truth(a != b);
  }
  const int order = order_of(a, b);
  // Amounts of two currencies have no relation at all; NaN is unequal to everything.
  if constexpr (std::is_same_v<Content, exact_money>) {
    if (order == 2) return truth::unknown;
  }
  return holds(r, order);
}

inline truth related_to_whole(relation r, const exact_money& a, std::int64_t minor) {
  if (a.den() == 1) [[likely]]
    return holds(r, order_of(a.num(), minor));
  return related(r, a, exact_money(money(minor, a.cur())));
}

/// The value bound to a slot, when it is known and may be used as one of that kind.
inline const value* machine::bound(slot s, value_kind kind) const {
  const binding& b = facts_[s];
  if (b.status != binding::state::known) return nullptr;
  const value& v = *b.content;
  if (v.kind() != kind) return nullptr;
  if (kind == value_kind::money && v.as_money().cur() != env_.money_currency()) return nullptr;
  return &v;
}

template <class Content>
cell<Content> machine::content_of(const value* v) {
  if (v == nullptr) return {};
  if (!v->is(kind_of<Content>)) {
    irregular_ = true;
    return {};
  }
  return {read<Content>(*v), true};
}

}  // namespace leeway::condition
