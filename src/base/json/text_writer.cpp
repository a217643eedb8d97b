// SPDX-License-Identifier: Apache-2.0
#include "base/json/text_writer.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace leeway::json {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool stands_for_itself(char c) {
  return static_cast<unsigned char>(c) >= 0x20U && c != '"' && c != '\\';
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
}

// `text` is UTF-8.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto plain = std::ranges::find_if_not(text, stands_for_itself);
    const auto length = static_cast<std::size_t>(plain - text.begin());
    out += text.substr(0, length);
    if (length == text.size()) return;
    append_escape(out, text[length]);
    text.remove_prefix(length + 1);
  }
}

}  // namespace

void text_writer::text(std::string_view value) {
  separate();
  out_ += '"';
  while (true) {
    const std::size_t bad = utf8::first_error(value);
    append_escaped(out_, value.substr(0, bad));
    if (bad == value.size()) break;
    const auto byte = static_cast<unsigned char>(value[bad]);
    out_ += "\xEF\xBF\xBD";
    out_ += digits[byte >> 4U];
    out_ += digits[byte & 15U];
    value.remove_prefix(bad + 1);
  }
  out_ += '"';
}

}  // namespace leeway::json
