// SPDX-License-Identifier: Apache-2.0
#include "base/json/members.hpp"

#include "base/json/canonical.hpp"

#include <algorithm>
#include <utility>

namespace leeway::json {
namespace {

std::string well_formed(std::string_view text) {
  return is_utf8(text) ? std::string(text) : utf8_text(text);
}

}  // namespace

void members::text(std::string_view name, std::string_view value) {
  std::string quoted;
  append_quoted(quoted, well_formed(value));
  json(name, std::move(quoted));
}

void members::json(std::string_view name, std::string value) {
  constexpr std::size_t usual = 8;
  if (all_.empty()) all_.reserve(usual);
  all_.push_back({well_formed(name), std::move(value)});
}

void members::write(text_writer& to) {
  std::ranges::stable_sort(all_, utf16_less, &member::name);
  const auto repeated = std::ranges::unique(all_, {}, &member::name);
  all_.erase(repeated.begin(), repeated.end());
  to.begin_object();
  for (const member& one : all_) {
    to.any_key(one.name);
    to.written(one.value);
  }
  to.end_object();
}

}  // namespace leeway::json
