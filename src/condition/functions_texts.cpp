// SPDX-License-Identifier: Apache-2.0
// What is asked of texts, and the size of anything.
#include "base/search.hpp"
#include "base/utf8.hpp"
#include "condition/function_groups.hpp"
#include "condition/node.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace leeway::condition {

namespace {

computed size_of_string(const context&, arguments a) {
  return value(static_cast<std::int64_t>(utf8::size(a[0]->as_string())));
}
computed size_of_list(const context&, arguments a) {
  return value(static_cast<std::int64_t>(a[0]->as_list().size()));
}

computed size_of_map(const context&, arguments a) {
  return value(static_cast<std::int64_t>(a[0]->as_map().size()));
}

computed contains(const context&, arguments a) {
  return value(detail::contains(a[0]->as_string(), a[1]->as_string()));
}

computed starts_with(const context&, arguments a) {
  return value(a[0]->as_string().starts_with(a[1]->as_string()));
}

computed ends_with(const context&, arguments a) {
  return value(a[0]->as_string().ends_with(a[1]->as_string()));
}

computed matches(const context& c, arguments a) {
  if (c.site.pattern == nullptr) return fail(std::string("the pattern is not compiled"));
  // Linear in the text, but each byte may cost as much as the pattern is large.
  constexpr std::size_t most_steps = 16'000'000;
  const auto each = static_cast<std::size_t>(std::max(1, c.site.pattern->ProgramSize()));
  if (a[0]->as_string().size() > most_steps / each) {
    return fail(std::string("the text is too long for this pattern"));
  }
  return value(re2::RE2::PartialMatch(a[0]->as_string(), *c.site.pattern));
}

using namespace signature;

// clang-format off
constexpr std::array texts = {
  overload{"size",           false, of(S),                      I,   size_of_string, linear},
  overload{"size",           false, of(list),                   I,   size_of_list},
  overload{"size",           false, of(map),                    I,   size_of_map},
  overload{"size",           true,  of(S),                      I,   size_of_string, linear},
  overload{"size",           true,  of(list),                   I,   size_of_list},
  overload{"size",           true,  of(map),                    I,   size_of_map},
  overload{"contains",       true,  of(S, S),                   B,   contains, linear},
  overload{"startsWith",     true,  of(S, S),                   B,   starts_with, linear},
  overload{"endsWith",       true,  of(S, S),                   B,   ends_with, linear},
  overload{"matches",        true,  of(S, S),                   B,   matches, linear, 20},
  overload{"matches",        false, of(S, S),                   B,   matches, linear, 20},
};
// clang-format on

}  // namespace

std::span<const overload> text_overloads() { return texts; }

}  // namespace leeway::condition
