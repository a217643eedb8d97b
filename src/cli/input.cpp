// SPDX-License-Identifier: Apache-2.0
#include "cli/input.hpp"

#include "base/json/reader.hpp"
#include "policy/loader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace leeway::cli {
namespace {

constexpr std::size_t chunk = std::size_t{64} << 10U;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Whether every bracket that opens also closes, outside of strings.
bool is_balanced(std::string_view text) {
  std::int64_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return depth <= 0 && !in_string;
}

/// Whether a document may go on after this line.
bool goes_on(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  return last != std::string_view::npos && std::strchr("{[,:", line[last]) != nullptr;
}

}  // namespace

void input::closer::operator()(std::FILE* file) const {
  if (file != stdin) static_cast<void>(std::fclose(file));
}

result<input> input::open(const std::string& path) {
  input out;
  out.name_ = path == "-" ? "stdin" : path;
  out.file_.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!out.file_) {
    return fail("cannot_read", "cannot read `" + path + "`: " + std::strerror(errno));
  }
  out.buffer_.resize(chunk);
  struct stat about{};
  if (::fstat(::fileno(out.file_.get()), &about) == 0 && S_ISREG(about.st_mode)) {
    out.bytes_in_all_ = static_cast<std::uint64_t>(about.st_size);
  }
  return out;
}

// Not by the stream: that waits until the buffer is full, and whoever asks by a pipe, for an
// answer.
bool input::fill() {
  if (before_waiting_) before_waiting_();
  begin_ = 0;
  end_ = 0;
  ssize_t found = -1;
  do {
    errno = 0;
    found = ::read(::fileno(file_.get()), buffer_.data(), buffer_.size());
  } while (found < 0 && errno == EINTR);
  if (found < 0) {
    trouble_ = "cannot read `" + name_ + "`: " + std::strerror(errno);
    return false;
  }
  end_ = static_cast<std::size_t>(found);
  bytes_read_ += end_;
  return end_ != 0;
}

piece input::whole() {
  piece out{.line = line_ + 1};
  while (auto line = next_line()) {
    const std::size_t room = longest_text - out.text.size();
    out.too_long = out.too_long || line->too_long || line->text.size() >= room;
    if (!out.too_long) out.text += line->text + '\n';
  }
  return out;
}

std::optional<piece> input::next_line() {
  piece out;
  bool any = false;
  while (begin_ != end_ || fill()) {
    any = true;
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const auto line_end = rest.find('\n');
    const auto part = rest.substr(0, line_end);
    const std::size_t room = longest_text - out.text.size();
    out.too_long = out.too_long || part.size() > room;
    out.text.append(part.substr(0, room));
    begin_ += line_end == std::string_view::npos ? part.size() : part.size() + 1;
    if (line_end != std::string_view::npos) break;
  }
  if (!any) return std::nullopt;
  if (out.text.ends_with('\r')) out.text.pop_back();
  out.line = ++line_;
  return out;
}

std::optional<piece> document_stream::next_filled_line() {
  blank_lines_.clear();
  while (auto line = from_.next_line()) {
    if (!is_blank(line->text) || line->too_long) return line;
    blank_lines_ += '\n';
  }
  return std::nullopt;
}

std::optional<piece> document_stream::next() {
  if (!started_) return first();
  if (ahead_) return std::exchange(ahead_, std::nullopt);
  return next_filled_line();
}

std::optional<piece> document_stream::first() {
  started_ = true;
  auto start = next_filled_line();
  if (!start || start->too_long || is_balanced(start->text)) return start;
  ahead_ = next_filled_line();
  // A broken first line does not make a stream of requests one broken document.
  const bool stream =
      ahead_ && !goes_on(start->text) && ahead_->text.starts_with('{') && is_balanced(ahead_->text);
  return stream ? start : whole(*std::move(start));
}

piece document_stream::whole(piece start) {
  std::string between = blank_lines_;
  std::optional<piece> line = std::exchange(ahead_, std::nullopt);
  for (; line; line = from_.next_line()) {
    const std::size_t more = between.size() + line->text.size() + 1;
    start.too_long = start.too_long || line->too_long || more > longest_text - start.text.size();
    if (!start.too_long) start.text.append(between).append("\n").append(line->text);
    between.clear();
  }
  return start;
}

namespace {

/// What was found by its pointer alone, at the place in the text the pointer leads to.
void locate(diagnostics& found, const input& in, const piece& where) {
  const bool needed = std::ranges::any_of(
      found, [](const diagnostic& one) { return one.place.line == 0 && !one.pointer.empty(); });
  if (!needed) return;
  const auto read = json::read(where.text, in.name());
  if (!read) return;
  const policy_detail::locator at(*read);
  for (diagnostic& one : found) {
    if (one.place.line != 0 || one.pointer.empty()) continue;
    diagnostic there = at.at(one.pointer, one.code, one.message, one.remedy);
    there.level = one.level;
    one = std::move(there);
  }
}

}  // namespace

diagnostics placed(diagnostics found, const input& in, const piece& where) {
  locate(found, in, where);
  for (diagnostic& one : found) {
    if (one.file.empty()) one.file = in.name();
    if (one.place.line == 0) {
      one.file += ':' + std::to_string(where.line);
    } else {
      one.place.line += where.line - 1;
    }
  }
  return found;
}

diagnostics too_long(const input& in, const piece& where) {
  diagnostics out(diagnostic{.code = "document_too_large",
                             .message = "longer than 16 MiB",
                             .remedy = "write one request a line (JSON Lines)"});
  return placed(std::move(out), in, where);
}

}  // namespace leeway::cli
