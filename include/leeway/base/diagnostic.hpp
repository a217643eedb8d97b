// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is wrong with a document, and where: the diagnostics that loading collects.
#ifndef LEEWAY_BASE_DIAGNOSTIC_HPP
#define LEEWAY_BASE_DIAGNOSTIC_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// A run of bytes in a document, counted from its first byte.
struct source_span {
  std::size_t offset{};
  std::size_t length{};

  /// The offset one past the last byte.
  [[nodiscard]] constexpr std::size_t end() const noexcept { return offset + length; }
  friend bool operator==(const source_span&, const source_span&) = default;
};

/// A place as an editor shows it. Both are 1-based; `column` counts Unicode code points, not
/// bytes. {0, 0} means "no place known".
struct source_place {
  std::size_t line{};
  std::size_t column{};

  friend auto operator<=>(const source_place&, const source_place&) = default;
};

/// How bad it is. The values are stable.
enum class severity : std::uint8_t {
  error = 1,    ///< the document is refused
  warning = 2,  ///< the document is accepted, but probably not what its author wants (a lint)
  note = 3,     ///< belongs to the diagnostic before it: another place that matters
};

/// "error", "warning" or "note".
[[nodiscard]] std::string_view to_string(severity level) noexcept;

/// One thing to tell the author of a document. Self-contained: it is rendered without the document.
///
/// Every text may hold user input byte for byte, also hostile one: `render` makes it safe to print.
struct diagnostic {
  severity level{severity::error};
  /// Stable snake_case id, such as `unknown_role`; programs compare this, never the message.
  std::string code{};
  /// Starts lower-case, without a full stop; user input in backticks.
  std::string message{};
  /// What to do about it; may be empty.
  std::string remedy{};
  /// The name of the document, as the caller gave it; may be empty.
  std::string file{};
  /// RFC 6901 JSON pointer to the value; empty for the whole document.
  std::string pointer{};
  /// The bytes it is about.
  source_span span{};
  /// Where `span` begins.
  source_place place{};
  /// The source line, or an excerpt of a very long one (then "..." stands for what was cut).
  std::string line_text{};
  /// Where the caret goes and how far it runs, in bytes of `line_text`.
  std::size_t caret{};
  std::size_t caret_length{};

  friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

/// The diagnostics of one load, in the order they were found.
///
/// Keeps at most `limit()` of them, so that a hostile document cannot make its loader use memory or
/// time without bound; what comes after is counted (`suppressed()`), and errors among it still
/// count as errors. An error that comes late displaces a warning that was kept. Not thread-safe;
/// const access from several threads is.
class diagnostics {
 public:
  using value_type = diagnostic;
  using iterator = std::vector<diagnostic>::iterator;
  using const_iterator = std::vector<diagnostic>::const_iterator;

  static constexpr std::size_t default_limit = 200;

  diagnostics() = default;
  /// A list of one.
  explicit diagnostics(diagnostic one);

  /// Keeps `one`, or counts it when the list is full; an error then takes a warning's place.
  void add(diagnostic one);
  /// Appends all of `other`, and adds its suppressed count to ours.
  void merge(diagnostics other);

  /// Whether any error was added, kept or not. A list of warnings has none.
  [[nodiscard]] bool has_errors() const noexcept { return errors_ != 0; }
  /// How many errors were added, kept or not.
  [[nodiscard]] std::size_t error_count() const noexcept { return errors_; }
  /// How many warnings were added, kept or not.
  [[nodiscard]] std::size_t warning_count() const noexcept { return warnings_; }
  /// Whether one with this code was kept.
  [[nodiscard]] bool contains(std::string_view code) const noexcept;

  /// Orders by file and place, stably; a note stays behind the diagnostic it belongs to.
  void sort();

  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
  /// Affects later additions only.
  void set_limit(std::size_t most) noexcept { limit_ = most; }
  /// Whether the next addition would only be counted.
  [[nodiscard]] bool full() const noexcept { return items_.size() >= limit_; }
  /// How many were counted but not kept.
  [[nodiscard]] std::size_t suppressed() const noexcept { return suppressed_; }

  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] const diagnostic& operator[](std::size_t i) const noexcept { return items_[i]; }
  [[nodiscard]] const diagnostic& front() const noexcept { return items_.front(); }
  [[nodiscard]] const diagnostic& back() const noexcept { return items_.back(); }
  [[nodiscard]] iterator begin() noexcept { return items_.begin(); }
  [[nodiscard]] iterator end() noexcept { return items_.end(); }
  [[nodiscard]] const_iterator begin() const noexcept { return items_.begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return items_.end(); }
  [[nodiscard]] const std::vector<diagnostic>& items() const noexcept { return items_; }

 private:
  std::vector<diagnostic> items_{};
  std::size_t limit_{default_limit};
  std::size_t errors_{};
  std::size_t warnings_{};
  std::size_t suppressed_{};
};

/// The text a person reads, ending in a newline:
///
///     northwind.policy.json:12:34: error: unknown role `team_leed` [unknown_role]
///        12 |     {"id": "agent", "escalate_to": ["team_leed"]},
///           |                                     ^~~~~~~~~~~
///           = did you mean `team_lead`?
///
/// Without a place: the pointer. Long lines are cut around the caret, tabs become spaces; control
/// characters, bidirectional ones and invalid UTF-8 are escaped: none of it drives a terminal.
[[nodiscard]] std::string render(const diagnostic& one);
/// All of them in order, and a last line for those that were only counted.
[[nodiscard]] std::string render(const diagnostics& all);

/// `text` made safe to print on one line: control characters (also C1), bidirectional and invisible
/// format characters and line separators become `\x1b` or `\u202e`, bytes that are not UTF-8
/// `\xff`.
[[nodiscard]] std::string printable(std::string_view text);

/// The candidate nearest to `word`, when it is near enough to be what was meant.
///
/// Nearness is the Damerau-Levenshtein distance (adjacent transposition counts one), at most a
/// third of the longer length, at least one; letter case alone is always near. Ties go to the first
/// in byte order. A word equal to a candidate suggests nothing; neither does one of more than 64
/// bytes.
[[nodiscard]] std::optional<std::string> did_you_mean(std::string_view word,
                                                      std::span<const std::string> candidates);

/// "did you mean `x`?", or empty when nothing is near.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string> candidates);

}  // namespace leeway

#endif
