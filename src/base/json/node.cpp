// SPDX-License-Identifier: Apache-2.0
#include "base/json/node.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <memory_resource>
#include <mutex>
#include <utility>

namespace leeway::json {
namespace {

// What a diagnostic keeps of a long line on either side of its caret, in bytes: enough to render,
// little enough that a thousand of them about a 16 MB line stay small.
constexpr std::size_t kept_before = 160;
constexpr std::size_t kept_after = 240;
constexpr std::string_view ellipsis = "...";

// A diagnostic may echo keys and values; a hostile document has them by the megabyte.
constexpr std::size_t longest_message = 1000;
constexpr std::size_t longest_pointer = 2000;

std::string shortened(std::string text) {
  if (text.size() <= longest_message) return text;
  std::size_t end = longest_message;
  while (end > 0 && utf8::is_continuation(text[end])) --end;
  text.resize(end);
  return text.append(ellipsis);
}

std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> out{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool alone = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || alone) out.push_back(i + 1);
  }
  return out;
}

// What a document of this length takes at first: one block is enough for most small ones.
std::size_t first_block(std::size_t text_size) {
  constexpr std::size_t most = std::size_t{64} << 10U;
  return std::clamp(6 * text_size, std::size_t{256}, most);
}

// How many bytes of a raw string the unit at `i` takes, and how many decoded bytes it stands for.
struct unit {
  std::size_t raw;
  std::size_t decoded;
};

unsigned hex_value(std::string_view digits) {
  unsigned out = 0;
  for (const char c : digits) {
    const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    out = out << 4U | static_cast<unsigned>(digit);
  }
  return out;
}

// INVARIANT: `raw` is a string token that the reader accepted, so its escapes are complete.
unit unit_at(std::string_view raw, std::size_t i) {
  if (raw[i] != '\\') return {1, 1};
  if (raw[i + 1] != 'u') return {2, 1};
  const unsigned value = hex_value(raw.substr(i + 2, 4));
  if (value >= 0xD800U && value <= 0xDBFFU) return {12, 4};
  return {6, value < 0x80U ? 1U : value < 0x800U ? 2U : 3U};
}

}  // namespace

std::string_view described(kind what) noexcept {
  switch (what) {
    case kind::null: return "null";
    case kind::boolean: return "true or false";
    case kind::integer: return "an integer";
    case kind::number: return "a number";
    case kind::string: return "a string";
    case kind::array: return "an array";
    case kind::object: return "an object";
  }
  return "a value";
}

const node* node::find(std::string_view key) const noexcept {
  for (const member& one : members()) {
    if (same_key(one.key, key)) return &one.value;
  }
  return nullptr;
}

struct document::source {
  std::string text;
  std::string file;
  // Of what the values hold besides the text; what is never asked for takes nothing.
  std::pmr::monotonic_buffer_resource memory;
  // Found when the first place is asked for: most documents have nothing to report.
  mutable std::once_flag indexed{};
  mutable std::vector<std::size_t> starts{};

  source(std::string the_text, std::string the_file)
      : text(std::move(the_text)), file(std::move(the_file)), memory(first_block(text.size())) {}

  const std::vector<std::size_t>& lines() const {
    std::call_once(indexed, [this] { starts = line_starts(text); });
    return starts;
  }
  // The index of the line that holds an offset.
  std::size_t line_of(std::size_t offset) const {
    const auto& all = lines();
    const auto after = std::upper_bound(all.begin(), all.end(), offset);
    return static_cast<std::size_t>(std::distance(all.begin(), after)) - 1;
  }
};

document::document() : document(std::string{}, std::string{}) {}

document::document(std::string text, std::string file)
    : source_(std::make_shared<source>(std::move(text), std::move(file))) {}

std::pmr::memory_resource& document::memory() noexcept { return source_->memory; }

std::string_view document::text() const noexcept { return source_->text; }

const std::string& document::file() const noexcept { return source_->file; }

source_place document::place(std::size_t offset) const {
  const std::string_view all = text();
  offset = std::min(offset, all.size());
  const std::size_t line = source_->line_of(offset);
  const std::size_t start = source_->lines()[line];
  const std::string_view before = all.substr(start, offset - start);
  const auto points =
      std::count_if(before.begin(), before.end(), [](char c) { return !utf8::is_continuation(c); });
  return {line + 1, static_cast<std::size_t>(points) + 1};
}

std::string_view document::line_text(std::size_t offset) const {
  const std::string_view all = text();
  const auto& starts = source_->lines();
  const std::size_t line = source_->line_of(std::min(offset, all.size()));
  const std::size_t end = line + 1 < starts.size() ? starts[line + 1] : all.size();
  std::string_view out = all.substr(starts[line], end - starts[line]);
  if (out.ends_with('\n')) out.remove_suffix(1);
  if (out.ends_with('\r')) out.remove_suffix(1);
  return out;
}

std::size_t document::raw_offset(const node& str, std::size_t decoded_offset) const {
  const std::size_t start = str.span().offset;
  if (!str.is(kind::string)) return start;
  const std::string_view raw = str.raw();
  // Without escapes, which is nearly always, the decoded text is the raw one.
  if (raw.size() == str.string().size() + 2) {
    return start + 1 + std::min(decoded_offset, str.string().size());
  }
  std::size_t i = 1;
  std::size_t decoded = 0;
  while (i + 1 < raw.size()) {
    const unit one = unit_at(raw, i);
    if (decoded + one.decoded > decoded_offset) break;
    decoded += one.decoded;
    i += one.raw;
  }
  return start + i;
}

source_span document::raw_span(const node& str, std::size_t decoded_offset,
                               std::size_t length) const {
  const std::size_t first = raw_offset(str, decoded_offset);
  const std::size_t beyond = decoded_offset + std::min(length, std::string::npos - decoded_offset);
  return {first, raw_offset(str, beyond) - first};
}

diagnostic document::at(source_span where, std::string pointer, std::string code,
                        std::string message, std::string remedy) const {
  diagnostic out{.code = std::move(code),
                 .message = shortened(std::move(message)),
                 .remedy = shortened(std::move(remedy)),
                 .file = file(),
                 .pointer = std::move(pointer),
                 .span = where};
  // Half a pointer would be a wrong one.
  if (out.pointer.size() > longest_pointer) out.pointer.clear();
  const std::size_t offset = std::min(where.offset, text().size());
  out.place = place(offset);
  const std::string_view line = line_text(offset);
  const std::size_t start = source_->lines()[out.place.line - 1];
  const std::size_t caret = std::min(offset - start, line.size());

  std::size_t first = caret > kept_before ? caret - kept_before : 0;
  std::size_t last = std::min(line.size(), caret + kept_after);
  while (first > 0 && first < line.size() && utf8::is_continuation(line[first])) --first;
  while (last < line.size() && last > caret && utf8::is_continuation(line[last])) --last;
  if (first != 0) out.line_text = ellipsis;
  out.caret = out.line_text.size() + caret - first;
  out.caret_length = std::min(where.length, last - caret);
  out.line_text.append(line.substr(first, last - first));
  if (last != line.size()) out.line_text.append(ellipsis);
  return out;
}

diagnostic document::at(const node& where, std::string pointer, std::string code,
                        std::string message, std::string remedy) const {
  source_span span = where.span();
  if (where.is(kind::object) || where.is(kind::array)) span.length = 1;
  return at(span, std::move(pointer), std::move(code), std::move(message), std::move(remedy));
}

diagnostic document::at(const member& where, std::string pointer, std::string code,
                        std::string message, std::string remedy) const {
  return at(where.key_span, std::move(pointer), std::move(code), std::move(message),
            std::move(remedy));
}

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string out{pointer};
  out += '/';
  if (key.find_first_of("~/") == std::string_view::npos) return out.append(key);
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_to(std::string_view pointer, std::size_t index) {
  return std::string{pointer}.append("/").append(std::to_string(index));
}

}  // namespace leeway::json
