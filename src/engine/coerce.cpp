// SPDX-License-Identifier: Apache-2.0
#include "engine/coerce.hpp"

#include "base/json/canonical.hpp"

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace leeway::engine {
namespace {

using condition::type;

coerced refuse(const value& v, const type& wanted) {
  return {std::nullopt, "expected `" + wanted.to_string() + "`, found `" +
                            std::string(to_string(v.kind())) + "` " + v.to_string()};
}

template <class T>
coerced parsed(const value& v, const type& wanted, result<T> (*parse)(std::string_view)) {
  if (!v.is(value_kind::string)) return refuse(v, wanted);
  auto out = parse(v.as_string());
  if (!out) return {std::nullopt, out.error().message};
  return {value(*out), {}};
}

coerced coerce_money(const value& v, const type& wanted, currency cur) {
  auto out = v.is(value_kind::money) ? coerced{v, {}} : parsed<money>(v, wanted, &money::parse);
  if (out.content && out.content->as_money().cur() != cur) {
    return {std::nullopt, "`" + out.content->to_string() + "` is not in the policy's currency " +
                              std::string(cur.code())};
  }
  return out;
}

coerced coerce_list(const value& v, const type& wanted, currency cur) {
  if (!v.is(value_kind::list)) return refuse(v, wanted);
  value::list_type items;
  for (const auto& item : v.as_list()) {
    auto one =
        wanted.element() == nullptr ? coerced{item, {}} : coerce(item, *wanted.element(), cur);
    if (!one.content) return one;
    items.push_back(std::move(*one.content));
  }
  return {value::list(std::move(items)), {}};
}

coerced coerce_map(const value& v, const type& wanted, currency cur) {
  if (!v.is(value_kind::map)) return refuse(v, wanted);
  value::map_type rows;
  for (const auto& [key, content] : v.as_map()) {
    auto k = wanted.key() == nullptr ? coerced{key, {}} : coerce(key, *wanted.key(), cur);
    if (!k.content) return k;
    auto c = wanted.element() == nullptr ? coerced{content, {}}
                                         : coerce(content, *wanted.element(), cur);
    if (!c.content) return c;
    rows.emplace_back(std::move(*k.content), std::move(*c.content));
  }
  return {value::map(std::move(rows)), {}};
}

/// A whole number that came as a double (`3.0`, `1e2`): JSON does not tell the two apart, and the
/// canonical form of a request, which records keep, writes both alike.
std::optional<std::int64_t> whole_number(const value& v) {
  if (!v.is(value_kind::number) || !std::isfinite(v.as_double())) return std::nullopt;
  const std::string text = json::canonical_number(v.as_double());
  std::int64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

coerced coerce(const value& v, const type& wanted, currency cur) {
  switch (wanted.kind()) {
    case value_kind::money: return coerce_money(v, wanted, cur);
    case value_kind::list: return coerce_list(v, wanted, cur);
    case value_kind::map: return coerce_map(v, wanted, cur);
    default: break;
  }
  // The canonical form knows no minus zero.
  if (v.is(value_kind::number) && wanted.is(value_kind::number)) return {v.as_double() + 0.0, {}};
  if (v.kind() == wanted.kind()) return {v, {}};
  switch (wanted.kind()) {
    case value_kind::integer:
      if (const auto whole = whole_number(v)) return {value(*whole), {}};
      return refuse(v, wanted);
    case value_kind::number:
      if (v.is(value_kind::integer)) return {value(static_cast<double>(v.as_int())), {}};
      return refuse(v, wanted);
    case value_kind::timestamp: return parsed<instant>(v, wanted, &instant::parse);
    case value_kind::duration: return parsed<duration>(v, wanted, &duration::parse);
    case value_kind::date: return parsed<civil_date>(v, wanted, &civil_date::parse);
    case value_kind::ratio:
      if (v.is(value_kind::integer)) return {value(ratio(v.as_int())), {}};
      if (const auto whole = whole_number(v)) return {value(ratio(*whole)), {}};
      return parsed<ratio>(v, wanted, &ratio::parse);
    default: return refuse(v, wanted);
  }
}

}  // namespace leeway::engine
