// SPDX-License-Identifier: Apache-2.0
// The tokens of an expression, one after the other, and what is said of those in the wrong place.
#pragma once

#include "condition/lexer.hpp"
#include "condition/program.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::condition {

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reads token by token. After so many reports that what follows is noise it is at the end.
class token_reader {
 public:
  token_reader(std::string_view source, issues& found)
      : source_(source), found_(found), tokens_(tokenize(source, found)) {}

  const token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  bool at(token_kind kind) const { return peek().kind == kind; }
  bool at_word(std::string_view word) const {
    return at(token_kind::identifier) && peek().text == word;
  }
  const token& take() {
    const token& out = peek();
    if (!at(token_kind::end)) ++next_;
    return out;
  }
  bool accept(token_kind kind) {
    if (!at(kind)) return false;
    take();
    return true;
  }
  std::string_view text(const token& t) const { return source_.substr(t.offset, t.length); }
  std::string shown(const token& t) const {
    if (t.kind == token_kind::end) return "the end";
    const std::string_view all = text(t);
    return "`" + std::string(all.substr(0, 40)) + (all.size() > 40 ? "..." : "") + "`";
  }

  void report(std::string code, std::string message, std::string remedy, std::size_t offset,
              std::size_t length) {
    if (stopped_) return;
    found_.push_back({.code = std::move(code),
                      .message = std::move(message),
                      .remedy = std::move(remedy),
                      .offset = offset,
                      .length = length});
    if (found_.size() >= most_issues) stop();
  }
  void report(std::string code, std::string message, std::string remedy, const token& t) {
    report(std::move(code), std::move(message), std::move(remedy), t.offset, t.length);
  }
  /// Takes back what was found at and behind `offset`.
  void abandon(std::size_t offset) {
    std::erase_if(found_, [&](const issue& i) { return i.offset >= offset; });
  }
  void stop() {
    stopped_ = true;
    next_ = tokens_.size() - 1;
  }

  /// Goes on to where an operand may have ended, over what could not be read.
  void synchronise();
  /// Something stands behind a complete expression.
  void unexpected();
  bool stopped() const { return stopped_; }
  /// The last token that was taken; the first when none was.
  const token& last() const { return tokens_[next_ == 0 ? 0 : next_ - 1]; }
  /// How many were taken.
  std::size_t taken() const { return next_; }
  const issues& found() const { return found_; }

 private:
  static constexpr std::size_t most_issues = 20;

  std::string_view source_;
  issues& found_;
  std::vector<token> tokens_;
  std::size_t next_{};
  bool stopped_{};
};

/// What to do about a token where an operator, or the end, belongs.
std::string stray_remedy(const token& t);
/// What to do about a token where a value belongs.
std::string operand_remedy(const token& t);

}  // namespace leeway::condition
