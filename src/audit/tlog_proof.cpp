// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_text.hpp"

#include <leeway/audit/tlog_proof.hpp>

#include <utility>

namespace leeway::audit {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_key = "extra ";
constexpr std::string_view index_key = "index ";

failure<error> wrong_syntax(std::string message) {
  return fail("proof_syntax", std::move(message));
}

result<std::vector<digest>> parse_hashes(std::string_view& text) {
  std::vector<digest> out;
  while (true) {
    const auto line = take_line(text);
    if (!line) return wrong_syntax("expected an empty line behind the hashes");
    if (line->empty()) return out;
    const auto bytes = base64::decode(*line);
    const auto hash = bytes ? digest_of_bytes(*bytes) : std::nullopt;
    if (!hash) return wrong_syntax("expected hashes, as base64 of 32 bytes each");
    if (out.size() == most_proof_hashes) return wrong_syntax("more hashes than any tree needs");
    out.push_back(*hash);
  }
}

}  // namespace

result<tlog_proof> parse_proof(std::string_view text) {
  if (text.size() > longest_proof) return wrong_syntax("the proof is too long");
  if (take_line(text) != first_line) {
    return wrong_syntax("expected `" + std::string(first_line) + "` on the first line");
  }
  tlog_proof out;
  auto line = take_line(text);
  if (line && line->starts_with(extra_key)) {
    out.extra = base64::decode(line->substr(extra_key.size()));
    if (!out.extra || out.extra->empty()) {
      return wrong_syntax(
          "expected base64 behind `extra`; the line is left out when there is none");
    }
    line = take_line(text);
  }
  const auto index =
      line && line->starts_with(index_key) ? decimal(line->substr(index_key.size())) : std::nullopt;
  if (!index) return wrong_syntax("expected `index` and a number without leading zeroes");
  out.index = *index;
  auto hashes = parse_hashes(text);
  if (!hashes) return fail(std::move(hashes).error());
  out.hashes = *std::move(hashes);
  if (text.empty()) return wrong_syntax("expected a checkpoint behind the empty line");
  out.checkpoint = std::string(text);
  return out;
}

result<std::string> write_proof(const tlog_proof& proof) {
  std::string out{first_line};
  out += '\n';
  if (proof.extra) (out += extra_key).append(base64::encode(*proof.extra)) += '\n';
  (out += index_key).append(std::to_string(proof.index)) += '\n';
  for (const digest& one : proof.hashes) out += base64::encode(bytes_of(one)) + '\n';
  (out += '\n') += proof.checkpoint;
  const auto read = parse_proof(out);
  if (!read) return fail(read.error());
  return out;
}

result<trusted_checkpoint> verify_proof(const tlog_proof& proof, const digest& leaf,
                                        const trust_policy& trust) {
  auto opened = open_checkpoint(proof.checkpoint, trust);
  if (!opened) return opened;
  const tree_head& head = opened->checkpoint.head;
  auto included = verify_inclusion(leaf, proof.index, head.size, proof.hashes, head.root);
  if (!included) return fail(std::move(included).error());
  return opened;
}

}  // namespace leeway::audit
