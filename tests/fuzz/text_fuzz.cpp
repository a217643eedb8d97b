// SPDX-License-Identifier: Apache-2.0
// The text forms of base: what parses prints a canonical form, and that parses to the same value.
#include "fuzz/must.hpp"

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>
#include <leeway/base/window.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

template <typename T>
void check(std::string_view text) {
  const auto first = T::parse(text);
  if (!first) return;
  const auto printed = first->to_string();
  const auto second = T::parse(printed);
  must(second.has_value());
  must(*second == *first);
  must(second->to_string() == printed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check<leeway::money>(text);
  check<leeway::ratio>(text);
  check<leeway::duration>(text);
  check<leeway::instant>(text);
  check<leeway::civil_date>(text);
  check<leeway::period>(text);
  check<leeway::window>(text);
  return 0;
}
