// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace leeway::cli {
namespace {

bool wants_colour(std::FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* kind = std::getenv("TERM");
  if (kind == nullptr || std::strcmp(kind, "dumb") == 0) return false;
  return ::isatty(::fileno(stream)) != 0;
}

std::string_view code_of(paint how) {
  switch (how) {
    case paint::bold: return "\x1b[1m";
    case paint::dim: return "\x1b[2m";
    case paint::red: return "\x1b[1;31m";
    case paint::green: return "\x1b[1;32m";
    case paint::yellow: return "\x1b[1;33m";
  }
  return "";
}

std::string coloured(std::string_view text, paint how) {
  return std::string(code_of(how)).append(text).append("\x1b[0m");
}

void colour_word(std::string& text, std::string_view word, paint how) {
  const auto at = text.find(word);
  if (at != std::string::npos) text.replace(at, word.size(), coloured(word, how));
}

}  // namespace

terminal::terminal()
    : out_colour_(wants_colour(stdout)),
      err_colour_(wants_colour(stderr)),
      out_is_terminal_(::isatty(::fileno(stdout)) != 0),
      err_is_terminal_(::isatty(::fileno(stderr)) != 0) {}

void terminal::colour(colouring when) {
  if (when == colouring::automatic) return;
  out_colour_ = when == colouring::always;
  err_colour_ = when == colouring::always;
}

void terminal::out(std::string_view text) {
  if (failed_) return;
  // On one screen the line of progress would stand in the midst of the results.
  if (out_is_terminal_) progress({});
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return;
  failed_ = true;
  reason_ = errno;
}

void terminal::err(std::string_view text) {
  progress({});
  // A reader sees results and errors in the order they came about.
  std::fflush(stdout);
  // Nobody is left to tell when this one fails.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

void terminal::err(const diagnostics& found) {
  if (!err_colour_) return err(render(found));
  for (const diagnostic& one : found) {
    std::string text = render(one);
    colour_word(text, "error:", paint::red);
    colour_word(text, "warning:", paint::yellow);
    err(text);
  }
  if (found.suppressed() != 0) {
    err("... and " + std::to_string(found.suppressed()) + " more\n");
  }
}

void terminal::complain(std::string_view message) {
  err(std::string("leeway: ").append(message).append("\n"));
}

void terminal::progress(std::string_view text) {
  if (!err_is_terminal_ || (text.empty() && !progress_shown_)) return;
  const std::string line = std::string("\r\x1b[K").append(text);
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
  progress_shown_ = !text.empty();
}

std::string terminal::painted(std::string_view text, paint how) const {
  return out_colour_ ? coloured(text, how) : std::string(text);
}

void terminal::flush() {
  errno = 0;
  if (failed_ || std::fflush(stdout) == 0) return;
  failed_ = true;
  reason_ = errno;
}

void terminal::clear() {
  if (out_is_terminal_) out("\x1b[H\x1b[2J\x1b[3J");
}

bool terminal::finish() {
  progress({});
  flush();
  // A closed pipe is the reader's choice (`leeway ... | head`), and no error to report.
  if (failed_ && reason_ != EPIPE) {
    complain(std::string("cannot write to standard output: ") + std::strerror(reason_));
  }
  return !failed_;
}

}  // namespace leeway::cli
