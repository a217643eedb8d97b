// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/note_text.hpp"
#include "base/text.hpp"

#include <leeway/audit/note.hpp>

#include <algorithm>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::size_t id_size = 4;

failure<error> wrong_syntax(std::string message) { return fail("note_syntax", std::move(message)); }

/// `name base64`; nothing when it is anything else.
std::optional<note_signature> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_mark)) return std::nullopt;
  line.remove_prefix(signature_mark.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto name = line.substr(0, space);
  auto bytes = base64::decode(line.substr(space + 1));
  if (!is_key_name(name) || !bytes || bytes->size() <= id_size) return std::nullopt;
  note_signature out{.name = std::string(name)};
  for (std::size_t i = 0; i < id_size; ++i) {
    out.key_id = out.key_id << 8U | static_cast<unsigned char>((*bytes)[i]);
  }
  out.bytes = bytes->substr(id_size);
  return out;
}

std::string signature_line(const note_signature& one) {
  std::string bytes;
  for (std::size_t i = id_size; i-- > 0;) bytes += static_cast<char>(one.key_id >> (8 * i) & 0xFFU);
  std::string out{signature_mark};
  out += one.name;
  out += ' ';
  out += base64::encode(bytes += one.bytes);
  return out += '\n';
}

bool same_key(const verifier_key& a, const verifier_key& b) {
  return a.id() == b.id() && a.name() == b.name();
}

const verifier_key* ambiguous(std::span<const verifier_key> known) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto rest = known.subspan(i + 1);
    if (std::ranges::any_of(rest, [&](const auto& other) { return same_key(known[i], other); })) {
      return &known[i];
    }
  }
  return nullptr;
}

/// Adds one that holds; a key counts once, however often it has signed.
void add(std::vector<verified_signature>& out, const verifier_key& key, const note_signature& one) {
  const bool there = std::ranges::any_of(out, [&](const verified_signature& v) {
    return v.key_id == one.key_id && v.name == one.name;
  });
  if (there) return;
  const bool timed = key.type() == key_type::cosignature;
  out.push_back({.name = one.name,
                 .key_id = one.key_id,
                 .time = timed ? cosignature_time(one) : std::nullopt});
}

}  // namespace

result<signed_note> parse_note(std::string_view bytes) {
  if (bytes.size() > longest_note) {
    return wrong_syntax("the note has " + std::to_string(bytes.size()) + " bytes; at most " +
                        std::to_string(longest_note) + " are read");
  }
  if (!is_note_text(bytes)) {
    return wrong_syntax("a note is UTF-8 text without control characters other than line ends");
  }
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) {
    return wrong_syntax("expected an empty line between the text and the signatures");
  }
  signed_note out{.text = std::string(bytes.substr(0, split + 1))};
  std::string_view lines = bytes.substr(split + 2);
  if (lines.empty()) return wrong_syntax("expected a signature behind the empty line");
  while (!lines.empty()) {
    const auto line = take_line(lines);
    if (!line) return wrong_syntax("the last line does not end");
    auto one = parse_signature(*line);
    if (!one) {
      return wrong_syntax(detail::quoted(*line) +
                          " is no signature; expected an em dash, a key's name and base64");
    }
    if (out.signatures.size() == most_signatures) {
      return wrong_syntax("more than " + std::to_string(most_signatures) + " signatures");
    }
    out.signatures.push_back(*std::move(one));
  }
  return out;
}

result<std::string> write_note(const signed_note& note) {
  std::string out = note.text + '\n';
  for (const note_signature& one : note.signatures) out += signature_line(one);
  const auto read = parse_note(out);
  if (!read) return fail(read.error());
  if (*read != note) return wrong_syntax("the text of a note ends with a line end");
  return out;
}

result<verified_note> open_note(std::string_view bytes, std::span<const verifier_key> known) {
  if (const verifier_key* twice = ambiguous(known)) {
    return fail("note_keys_ambiguous", "two of the known keys have the name `" + twice->name() +
                                           "` and one id; give each once");
  }
  auto note = parse_note(bytes);
  if (!note) return fail(std::move(note).error());
  verified_note out;
  for (note_signature& one : note->signatures) {
    const auto key = std::ranges::find_if(known, [&](const auto& k) { return k.is_of(one); });
    if (key == known.end()) {
      if (std::ranges::find(out.unknown, one) == out.unknown.end()) {
        out.unknown.push_back(std::move(one));
      }
      continue;
    }
    if (!key->verifies(note->text, one)) {
      return fail("note_signature_invalid", "the signature of `" + key->to_string() +
                                                "` does not hold: the note was changed");
    }
    add(out.verified, *key, one);
  }
  if (out.verified.empty()) {
    return fail("note_unverifiable", "none of the known keys has signed the note");
  }
  out.text = std::move(note->text);
  return out;
}

}  // namespace leeway::audit
