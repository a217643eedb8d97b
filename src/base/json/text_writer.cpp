// SPDX-License-Identifier: Apache-2.0
#include "base/json/text_writer.hpp"

#include "base/json/canonical.hpp"

namespace leeway::json {

std::string utf8_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  while (true) {
    const std::size_t bad = utf8_error(text);
    out.append(text.substr(0, bad));
    if (bad == text.size()) return out;
    const auto byte = static_cast<unsigned char>(text[bad]);
    out.append("\xEF\xBF\xBD").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    text.remove_prefix(bad + 1);
  }
}

void text_writer::text(std::string_view value) {
  separate();
  if (is_plain(value)) {
    put('"');
    put(value);
    put('"');
    return;
  }
  finish();
  if (is_utf8(value)) return append_quoted(out_, value);
  append_quoted(out_, utf8_text(value));
}

void text_writer::put_long(std::string_view text) {
  finish();
  out_.append(text);
}

}  // namespace leeway::json
