// SPDX-License-Identifier: Apache-2.0
// Which language's protection statement is told (RFC 4647, section 3.4: lookup).
#include "engine/evaluate.hpp"

#include <algorithm>
#include <string_view>

namespace leeway::engine {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_tag(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The tag without its last subtag, and without a single letter that then ends it.
std::string_view shortened(std::string_view tag) {
  do {
    const auto dash = tag.rfind('-');
    tag = dash == std::string_view::npos ? std::string_view{} : tag.substr(0, dash);
  } while (tag.size() >= 2 && tag[tag.size() - 2] == '-');
  return tag;
}

}  // namespace

const std::string& protection_in(const policy_document& document, const std::string& language) {
  static const std::string nothing;
  const auto& texts = document.protection;
  const auto find = [&](std::string_view tag) {
    return std::ranges::find_if(texts, [&](const auto& one) { return same_tag(one.first, tag); });
  };
  for (std::string_view tag = language; !tag.empty(); tag = shortened(tag)) {
    if (const auto found = find(tag); found != texts.end()) return found->second;
  }
  if (const auto english = find("en"); english != texts.end()) return english->second;
  return texts.empty() ? nothing : texts.begin()->second;
}

}  // namespace leeway::engine
