// SPDX-License-Identifier: Apache-2.0
// Reads files and standard input in bounded memory: line by line, or one document of many lines.
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::cli {

/// No line and no document is longer, whoever wrote it.
inline constexpr std::size_t longest_text = std::size_t{16} << 20U;

/// A piece of input and the line it begins at.
struct piece {
  std::string text{};
  std::size_t line{};
  bool too_long{};  ///< cut: the rest was skipped
};

/// An open file, or standard input for `-`.
class input {
 public:
  static result<input> open(const std::string& path);

  /// The name for messages: `-` is `stdin`.
  const std::string& name() const { return name_; }
  /// The next line without its line end; nothing at the end.
  std::optional<piece> next_line();
  /// All that is left.
  piece whole();
  /// What went wrong while reading; empty: nothing.
  const std::string& trouble() const { return trouble_; }

  /// Called before more is asked for, which may take as long as somebody types: what was answered
  /// so far should be told by then.
  void before_waiting(std::function<void()> tell) { before_waiting_ = std::move(tell); }
  /// Bytes read so far, and of a file that has an end, in all.
  std::uint64_t bytes_read() const { return bytes_read_; }
  std::optional<std::uint64_t> bytes_in_all() const { return bytes_in_all_; }

 private:
  struct closer {
    void operator()(std::FILE* file) const;
  };
  bool fill();

  std::string name_{};
  std::unique_ptr<std::FILE, closer> file_{};
  std::vector<char> buffer_{};
  std::size_t begin_{};
  std::size_t end_{};
  std::size_t line_{};
  std::string trouble_{};
  std::function<void()> before_waiting_{};
  std::uint64_t bytes_read_{};
  std::optional<std::uint64_t> bytes_in_all_{};
};

/// The JSON texts of an input: each line that is not blank (JSON Lines), or the whole input when
/// its first line opens a document that goes on.
class document_stream {
 public:
  explicit document_stream(input& from) : from_(from) {}
  std::optional<piece> next();

 private:
  std::optional<piece> next_filled_line();
  std::optional<piece> first();
  piece whole(piece start);

  input& from_;
  bool started_{};
  std::optional<piece> ahead_{};
  std::string blank_lines_{};  // between the first line and `ahead_`
};

/// Diagnostics of a piece, told by the lines of its input.
diagnostics placed(diagnostics found, const input& in, const piece& where);
/// The diagnostic for a piece that was cut.
diagnostics too_long(const input& in, const piece& where);

}  // namespace leeway::cli
