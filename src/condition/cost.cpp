// SPDX-License-Identifier: Apache-2.0
#include "condition/cost.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <limits>

namespace leeway::condition {

namespace {

constexpr std::uint64_t text_length = 256;
constexpr std::uint64_t bytes_per_step = 16;
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > most / a ? most : a * b;
}

bool is_container(const type& t) { return t.is(value_kind::list) || t.is(value_kind::map); }

/// Steps to go over all of a value of that type.
std::uint64_t weight(const type& t, std::uint64_t extent) {
  if (t.is(value_kind::string)) return 1 + extent / bytes_per_step;
  std::uint64_t out = 1;
  for (const type* inner = &t; inner != nullptr && is_container(*inner); inner = inner->element()) {
    out = times(out, extent);
  }
  return out;
}

std::uint64_t fact_extent(const type& t, const compile_options& options) {
  if (is_container(t)) return std::max<std::uint64_t>(1, options.list_limit);
  return t.is(value_kind::string) ? text_length : 1;
}

std::uint64_t widest(const node& n) {
  std::uint64_t out = 1;
  for (const node_ptr& a : n.args) out = std::max(out, a->extent);
  return out;
}

void measure_call(node& n) {
  n.cost = plus(n.cost, n.function->cost);
  if (n.function->grows == growth::with_arguments) {
    for (const node_ptr& a : n.args) n.cost = plus(n.cost, weight(a->static_type, a->extent));
  }
  if (n.pattern != nullptr)
    n.cost = plus(n.cost, static_cast<std::uint64_t>(n.pattern->ProgramSize()));
  n.extent = widest(n);
  const bool joins = n.function->name == "+" &&
                     (n.static_type.is(value_kind::string) || n.static_type.is(value_kind::list));
  if (joins) n.extent = plus(n.args[0]->extent, n.args[1]->extent);
  if (n.static_type.is(value_kind::string)) n.extent = std::max(n.extent, text_length);
}

/// A macro runs its body once for each item.
void measure_macro(node& n) {
  const std::uint64_t items = n.args[0]->extent;
  std::uint64_t body = 1;
  for (std::size_t i = 1; i < n.args.size(); ++i) body = plus(body, n.args[i]->cost);
  n.cost = plus(plus(1, n.args[0]->cost), times(items, body));
  n.extent = n.what == operation::transform ? std::max(items, n.args.back()->extent)
             : n.what == operation::filter  ? items
                                            : 1;
}

}  // namespace

std::uint64_t extent_of(const value& v) {
  std::uint64_t out = 1;
  if (v.is(value_kind::string)) return std::max<std::uint64_t>(1, v.as_string().size());
  if (v.is(value_kind::list)) {
    out = v.as_list().size();
    for (const value& item : v.as_list()) {
      if (!item.is(value_kind::string)) out = std::max(out, extent_of(item));
    }
  } else if (v.is(value_kind::map)) {
    out = v.as_map().size();
    for (const auto& [key, item] : v.as_map()) {
      if (!item.is(value_kind::string)) out = std::max(out, extent_of(item));
    }
  }
  return std::max<std::uint64_t>(1, out);
}

void measure(node& n, const compile_options& options) {
  n.cost = 1;
  n.depth = 1;
  for (const node_ptr& a : n.args) {
    n.cost = plus(n.cost, a->cost);
    n.depth = std::max(n.depth, a->depth + 1);
  }
  switch (n.what) {
    case operation::constant:
      if (!n.table) n.extent = n.constant ? extent_of(*n.constant) : 1;  // a table brings its own
      break;
    case operation::fact: n.extent = fact_extent(n.static_type, options); break;
    case operation::dated_row: n.extent = n.dated->extent; break;
    case operation::local: break;  // set where the variable is bound
    case operation::reference:
      n.cost = plus(1, n.definition->root().cost);
      n.extent = n.definition->root().extent;
      n.depth = 1 + n.definition->root().depth;
      break;
    case operation::call: measure_call(n); break;
    case operation::make_list:
    case operation::make_map:
      n.extent = std::max<std::uint64_t>(widest(n), n.args.size());
      n.cost = plus(n.cost, n.args.size());
      break;
    case operation::all:
    case operation::exists:
    case operation::exists_one:
    case operation::filter:
    case operation::transform: measure_macro(n); break;
    default: n.extent = widest(n); break;
  }
}

}  // namespace leeway::condition
