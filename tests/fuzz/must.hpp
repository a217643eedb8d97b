// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/utf8.hpp"

#include <leeway/base/diagnostic.hpp>

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

/// Stops the fuzzer at an input that breaks a promise.
inline void must(bool kept, std::source_location at = std::source_location::current()) {
  if (kept) return;
  std::fprintf(stderr, "broken promise at %s:%u\n", at.file_name(), at.line());
  std::abort();
}

/// What is told of a document: every place lies inside it, all of it can be printed, and there is
/// an end to it.
inline void check_told(const leeway::diagnostics& found, std::string_view file,
                       std::string_view text) {
  must(found.size() <= found.limit());
  for (const leeway::diagnostic& one : found) {
    must(!one.code.empty() && !one.message.empty());
    if (one.file == file) must(one.span.end() <= text.size());
    must(one.caret + one.caret_length <= one.line_text.size());
    const std::string shown = render(one);
    must(leeway::utf8::first_error(shown) == shown.size());
    must(shown.size() <= 20000 + 12 * text.size());
  }
}
