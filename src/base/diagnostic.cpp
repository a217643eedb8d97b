// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

namespace leeway {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t page_width = 100;
constexpr std::size_t tab_width = 4;
constexpr std::string_view ellipsis = "...";

void append_hex(std::string& out, char letter, unsigned long value, unsigned digits) {
  out += '\\';
  out += letter;
  for (unsigned shift = digits * 4; shift != 0; shift -= 4) {
    out += hex_digits[(value >> (shift - 4)) & 0xFU];
  }
}

struct range {
  char32_t first;
  char32_t last;
};

template <std::size_t Size>
bool within(const std::array<range, Size>& table, char32_t c) {
  return std::any_of(table.begin(), table.end(),
                     [c](range r) { return c >= r.first && c <= r.last; });
}

// What moves a cursor, reorders or hides text: C0, DEL and C1, soft hyphen, bidirectional controls,
// zero-width characters, line separators, byte order mark, interlinear marks, language tags.
bool is_unprintable(char32_t c) {
  constexpr std::array<range, 12> table{{{0x00, 0x1F},
                                         {0x7F, 0x9F},
                                         {0xAD, 0xAD},
                                         {0x061C, 0x061C},
                                         {0x115F, 0x1160},
                                         {0x180E, 0x180E},
                                         {0x200B, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2060, 0x206F},
                                         {0xFEFF, 0xFEFF},
                                         {0xFFF9, 0xFFFB},
                                         {0xE0000, 0xE007F}}};
  return within(table, c);
}

// Columns on a terminal: near enough for a caret to stand under its character.
std::size_t width_of(char32_t c) {
  constexpr std::array<range, 5> none{
      {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}}};
  constexpr std::array<range, 10> two{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};
  if (c < 0x300) return 1;
  if (within(none, c)) return 0;
  return within(two, c) ? 2 : 1;
}

// A stretch of source as it is shown: `bytes` of it become `text`, `width` columns wide.
struct cell {
  std::string text{};
  std::size_t width{};
  std::size_t bytes{};
};

cell cell_at(std::string_view source, std::size_t i) {
  const auto one = utf8::decode(source, i);
  cell out;
  out.bytes = std::max<std::size_t>(one.length, 1);
  if (one.length == 0) {
    append_hex(out.text, 'x', utf8::byte_at(source, i), 2);
  } else if (!is_unprintable(one.value)) {
    out.text = source.substr(i, one.length);
    out.width = width_of(one.value);
    return out;
  } else if (one.value < 0x80) {
    append_hex(out.text, 'x', one.value, 2);
  } else if (one.value < 0x10000) {
    append_hex(out.text, 'u', one.value, 4);
  } else {
    append_hex(out.text, 'U', one.value, 8);
  }
  out.width = out.text.size();
  return out;
}

// The line and the marks under it, both cut to the width of a page.
struct excerpt {
  std::string line{};
  std::string marks{};
};

struct column_range {
  std::size_t first{};
  std::size_t last{};  // one past
};

// The columns to show of a line `total` wide, so that the caret at `caret` is well inside.
column_range visible(std::size_t total, std::size_t caret) {
  if (total <= page_width) return {0, total};
  constexpr std::size_t before = page_width / 2;
  const std::size_t first = caret > before ? std::min(caret - before, total - page_width) : 0;
  return {first, first + page_width};
}

excerpt cut(std::string_view line, std::size_t caret, std::size_t length) {
  std::vector<cell> cells;
  std::size_t total = 0;
  std::size_t from = std::string_view::npos;
  std::size_t to = 0;
  caret = std::min(caret, line.size());
  const std::size_t end = caret + std::min(length, line.size() - caret);
  for (std::size_t i = 0; i < line.size();) {
    cell one = cell_at(line, i);
    if (line[i] == '\t') {
      one.width = tab_width - total % tab_width;
      one.text.assign(one.width, ' ');
    }
    const std::size_t next = i + one.bytes;
    if (from == std::string_view::npos && caret < next) from = total;
    total += one.width;
    if (i < end) to = total;
    i = next;
    cells.push_back(std::move(one));
  }
  if (from == std::string_view::npos) from = total;
  to = std::max(to, from + 1);

  const column_range shown = visible(total, from);
  excerpt out;
  std::size_t column = 0;
  std::size_t shift = 0;  // columns of the page before the first shown column
  if (shown.first != 0) {
    out.line = ellipsis;
    shift = ellipsis.size();
  }
  std::size_t first = std::string::npos;
  std::size_t last = 0;
  for (const cell& one : cells) {
    if (column >= shown.first && column + one.width <= shown.last) {
      if (first == std::string::npos) first = column;
      out.line += one.text;
      last = column + one.width;
    }
    column += one.width;
  }
  if (shown.last < total) out.line += ellipsis;
  if (first == std::string::npos) first = 0;
  to = std::min(to, std::max(last, from + 1));
  out.marks.assign(shift + from - first, ' ');
  out.marks += '^';
  out.marks.append(to - from - 1, '~');
  return out;
}

// The pointer stands in where there is no line: a document that was built in C++ has no text.
void append_heading(std::string& out, const diagnostic& one) {
  if (!one.file.empty()) out.append(printable(one.file)).append(":");
  if (one.place.line != 0) {
    out.append(std::to_string(one.place.line)).append(":");
    out.append(std::to_string(one.place.column)).append(":");
  } else if (!one.pointer.empty()) {
    if (!out.empty()) out += ' ';
    out.append(printable(one.pointer)).append(":");
  }
  if (!out.empty()) out += ' ';
  out.append(to_string(one.level)).append(": ").append(printable(one.message));
  if (!one.code.empty()) out.append(" [").append(printable(one.code)).append("]");
  out += '\n';
}

/// How many letters to change, add, leave out or swap; more than `most` is told as `most + 1`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  // Optimal string alignment: three rows are enough. INVARIANT: b.size() < row.size().
  using row = std::array<std::uint8_t, 128>;
  std::array<row, 3> rows{};
  auto& [first, second, third] = rows;
  row* before_last = &first;
  row* last = &second;
  row* now = &third;
  for (std::size_t j = 0; j <= b.size(); ++j) (*last)[j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*now)[0] = static_cast<std::uint8_t>(i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = (*last)[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      std::size_t d =
          std::min({(*last)[j] + std::size_t{1}, (*now)[j - 1] + std::size_t{1}, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d = std::min(d, (*before_last)[j - 2] + std::size_t{1});
      (*now)[j] = static_cast<std::uint8_t>(d);
      least = std::min(least, d);
    }
    // A swap reaches back two rows, and adds to what is there.
    if (least > most) return most + 1;
    row* const free = before_last;
    before_last = last;
    last = now;
    now = free;
  }
  return (*last)[b.size()];
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string_view to_string(severity level) noexcept {
  switch (level) {
    case severity::error: return "error";
    case severity::warning: return "warning";
    case severity::note: return "note";
  }
  return "error";
}

diagnostics::diagnostics(diagnostic one) { add(std::move(one)); }

void diagnostics::add(diagnostic one) {
  if (one.level == severity::error) ++errors_;
  if (one.level == severity::warning) ++warnings_;
  if (full()) {
    // An error is worth more than a warning: the last of those makes room, with its notes.
    const auto last = std::find_if(items_.rbegin(), items_.rend(), [](const diagnostic& kept) {
      return kept.level == severity::warning;
    });
    if (one.level != severity::error || last == items_.rend()) {
      ++suppressed_;
      return;
    }
    const auto first = std::prev(last.base());
    const auto end = std::find_if(std::next(first), items_.end(), [](const diagnostic& kept) {
      return kept.level != severity::note;
    });
    suppressed_ += static_cast<std::size_t>(end - first);
    items_.erase(first, end);
  }
  items_.push_back(std::move(one));
}

void diagnostics::merge(diagnostics other) {
  // What the other list only counted is not among its items.
  std::size_t errors = other.errors_;
  std::size_t warnings = other.warnings_;
  for (diagnostic& one : other.items_) {
    if (one.level == severity::error) --errors;
    if (one.level == severity::warning) --warnings;
    add(std::move(one));
  }
  errors_ += errors;
  warnings_ += warnings;
  suppressed_ += other.suppressed_;
}

bool diagnostics::contains(std::string_view code) const noexcept {
  return std::any_of(items_.begin(), items_.end(),
                     [code](const diagnostic& one) { return one.code == code; });
}

void diagnostics::sort() {
  // A note goes where the diagnostic before it goes.
  struct key {
    std::size_t head;
    std::size_t index;
  };
  std::vector<key> order;
  order.reserve(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool follows = i != 0 && items_[i].level == severity::note;
    order.push_back({follows ? order.back().head : i, i});
  }
  const auto before = [this](const key& a, const key& b) {
    const diagnostic& x = items_[a.head];
    const diagnostic& y = items_[b.head];
    if (const auto c = x.file <=> y.file; c != 0) return c < 0;
    if (const auto c = x.place <=> y.place; c != 0) return c < 0;
    return a.head != b.head ? a.head < b.head : a.index < b.index;
  };
  std::sort(order.begin(), order.end(), before);
  std::vector<diagnostic> sorted;
  sorted.reserve(items_.size());
  for (const key& one : order) sorted.push_back(std::move(items_[one.index]));
  items_ = std::move(sorted);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const cell one = cell_at(text, i);
    out += one.text;
    i += one.bytes;
  }
  return out;
}

std::string render(const diagnostic& one) {
  std::string out;
  append_heading(out, one);
  const bool has_line = one.place.line != 0;
  std::string number = has_line ? std::to_string(one.place.line) : std::string{};
  if (number.size() < 5) number.insert(0, 5 - number.size(), ' ');
  const std::string margin(number.size(), ' ');
  if (has_line) {
    const excerpt source = cut(one.line_text, one.caret, one.caret_length);
    out.append(number).append(" | ").append(source.line).append("\n");
    out.append(margin).append(" | ").append(source.marks).append("\n");
  }
  if (!one.remedy.empty()) {
    out.append(margin).append(" = ").append(printable(one.remedy)).append("\n");
  }
  return out;
}

std::string render(const diagnostics& all) {
  std::string out;
  for (const diagnostic& one : all) out += render(one);
  if (all.suppressed() != 0) {
    out.append("... and ").append(std::to_string(all.suppressed())).append(" more\n");
  }
  return out;
}

std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates) {
  constexpr std::size_t longest = 64;
  if (word.empty() || word.size() > longest) return std::nullopt;
  const std::string wanted = lower(word);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate == word || candidate.empty()) continue;
    const std::size_t longer = std::max(candidate.size(), word.size());
    const std::size_t shorter = std::min(candidate.size(), word.size());
    const std::size_t most = std::max<std::size_t>(longer / 3, 1);
    if (longer - shorter > most) continue;  // also keeps candidates below 128 bytes
    const std::size_t d = distance(wanted, lower(candidate), most);
    // A distance of the whole shorter word means that nothing of it is left.
    if (d > most || (d != 0 && d >= shorter)) continue;
    if (best == nullptr || d < best_distance || (d == best_distance && candidate < *best)) {
      best = &candidate;
      best_distance = d;
    }
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const auto near = did_you_mean(word, candidates);
  return near ? "did you mean `" + *near + "`?" : std::string{};
}

}  // namespace leeway
