// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_text.hpp"
#include "base/text.hpp"

#include <leeway/audit/checkpoint.hpp>

#include <algorithm>
#include <utility>

namespace leeway::audit {
namespace {

failure<error> wrong_syntax(std::string message) {
  return fail("checkpoint_syntax", std::move(message));
}

}  // namespace

result<checkpoint> parse_checkpoint(std::string_view text) {
  if (text.size() > longest_note || !is_note_text(text)) {
    return wrong_syntax("a checkpoint is short UTF-8 text without control characters");
  }
  const auto origin = take_line(text);
  if (!origin || origin->empty()) return wrong_syntax("expected the origin of a log on line 1");
  const auto size_line = take_line(text);
  const auto size = size_line ? decimal(*size_line) : std::nullopt;
  if (!size) {
    return wrong_syntax(
        "expected the size of the tree on line 2, in digits without leading zeroes");
  }
  const auto root_line = take_line(text);
  const auto bytes = root_line ? base64::decode(*root_line) : std::nullopt;
  const auto root = bytes ? digest_of_bytes(*bytes) : std::nullopt;
  if (!root) return wrong_syntax("expected the root on line 3, as base64 of 32 bytes");
  checkpoint out{.origin = std::string(*origin), .head = {.size = *size, .root = *root}};
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line) return wrong_syntax("the last line does not end");
    if (line->empty()) return wrong_syntax("an extension line must not be empty");
    out.extensions.emplace_back(*line);
  }
  return out;
}

result<std::string> write_checkpoint(const checkpoint& what) {
  std::string out = what.origin + '\n' + std::to_string(what.head.size) + '\n' +
                    base64::encode(bytes_of(what.head.root)) + '\n';
  for (const std::string& line : what.extensions) out += line + '\n';
  const auto read = parse_checkpoint(out);
  if (!read) return fail(read.error());
  if (*read != what) return wrong_syntax("an origin and an extension have one line each");
  return out;
}

result<trusted_checkpoint> open_checkpoint(std::string_view note, const trust_policy& trust) {
  auto opened = open_note(note, trust.keys());
  if (!opened) return fail(std::move(opened).error());
  auto read = parse_checkpoint(opened->text);
  if (!read) return fail(std::move(read).error());
  if (!trust.is_signed_by_log(read->origin, opened->verified)) {
    return fail("log_not_trusted",
                "no trusted log of the origin " + detail::quoted(read->origin) + " has signed it");
  }
  if (!trust.is_quorum(opened->verified)) {
    return fail("quorum_missing", "too few of the trusted witnesses have cosigned it");
  }
  return trusted_checkpoint{.checkpoint = *std::move(read), .note = *std::move(opened)};
}

}  // namespace leeway::audit
