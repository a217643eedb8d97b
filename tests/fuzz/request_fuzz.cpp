// SPDX-License-Identifier: Apache-2.0
// Any bytes are read as a request or refused with a place; what is read prints a canonical form
// that reads back as the same request, and every request is decided.
#include "fuzz/promises.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void check_forms(const leeway::request& r) {
  const std::string text = to_json(r);
  const auto again = leeway::parse_request(text, "again.json");
  if (!again) std::fputs(render(again.error()).c_str(), stderr);
  must(again.has_value());
  must(to_json(*again) == text);
  must(request_digest(*again) == request_digest(r));
  const leeway::decision first = decide_and_check(rich_policy(), r);
  must(canonical_core(rich_policy().decide(*again)) == canonical_core(first));
  const std::string line = to_record(r, first);
  const auto replayed = leeway::replay_record(line, "record", [](const leeway::digest& wanted) {
    return wanted == rich_policy().digest() ? &rich_policy() : nullptr;
  });
  if (!replayed) std::fputs(render(replayed.error()).c_str(), stderr);
  must(replayed.has_value() && replayed->exact);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = leeway::parse_request(text, "fuzz.json");
  if (read) {
    check_forms(*read);
  } else {
    must(read.error().has_errors());
    check_told(read.error(), "fuzz.json", text);
  }
  const auto open = leeway::parse_open_request(text, "fuzz.json");
  must(open.has_value() || !read.has_value());
  if (open && size % 8 == 0) {
    for (const leeway::capability& one : can(rich_policy(), *open)) must(!one.action.empty());
  }
  return 0;
}
