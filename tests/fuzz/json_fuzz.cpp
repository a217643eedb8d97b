// SPDX-License-Identifier: Apache-2.0
// Any bytes are read or refused with a place; what is read has one canonical form.
#include "base/json/canonical.hpp"
#include "base/json/reader.hpp"
#include "fuzz/must.hpp"

#include <leeway/base/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void check_refusal(const leeway::diagnostics& found, std::string_view text) {
  must(found.has_errors());
  for (const auto& one : found) {
    must(one.span.end() <= text.size());
    must(one.caret <= one.line_text.size());
    must(leeway::json::is_utf8(leeway::render(one)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte chooses whether comments are allowed.
  if (size == 0) return 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto first = leeway::json::read(text, "fuzz.json", {.comments = data[0] % 2 == 1});
  if (!first) {
    check_refusal(first.error(), text);
    return 0;
  }
  const auto canonical = leeway::json::canonical(first->root());
  const auto second = leeway::json::read(canonical, "canonical.json");
  if (!second) {
    // RFC 8785 prints a double between 2^63 and 1e21 like an integer, and as one it does not fit.
    must(second.error().contains("number_does_not_fit"));
    return 0;
  }
  must(leeway::json::canonical(second->root()) == canonical);
  return 0;
}
