// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "base/json/object_reader.hpp"
#include "base/json/reader.hpp"
#include "base/json/text_writer.hpp"
#include "base/text.hpp"

#include <leeway/audit/key_change.hpp>
#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::string_view record_format = "leeway-record/1";
constexpr std::string_view added_event = "log_key_added";
constexpr std::string_view retired_event = "log_key_retired";

std::optional<key_event> event_of(std::string_view text) {
  if (text == added_event) return key_event::added;
  if (text == retired_event) return key_event::retired;
  return std::nullopt;
}

failure<error> wrong_syntax() {
  return fail("key_change_syntax", "the record of a log's key has another form than it should");
}

failure<error> wrong_origin(const verifier_key& key, std::string_view origin) {
  return fail("key_change_origin",
              "the key `" + key.name() + "` is not named as the log, " + detail::quoted(origin));
}

failure<error> unsigned_by(const verifier_key& key) {
  return fail("key_missing_signature",
              "the key `" + key.to_string() + "` has not signed the checkpoint");
}

bool has_signed(const verifier_key& key, const verified_note& note) {
  return std::ranges::any_of(note.verified, [&](const verified_signature& one) {
    return one.key_id == key.id() && one.name == key.name();
  });
}

/// The key, where it is one that may sign for a log.
std::optional<verifier_key> log_key(std::string_view text) {
  auto key = verifier_key::parse(text);
  if (!key || key->type() != key_type::ed25519) return std::nullopt;
  return *std::move(key);
}

}  // namespace

std::string to_record(const key_change& change) {
  std::string out;
  json::text_writer to(out);
  to.begin_object();
  to.key("desk");
  to.begin_object();
  to.key("at");
  to.text(change.at.to_string());
  to.key("event");
  to.text(change.event == key_event::added ? added_event : retired_event);
  to.key("key");
  to.text(change.key.to_string());
  to.key("number");
  to.number(change.number);
  to.end_object();
  to.key("format");
  to.text(record_format);
  to.end_object();
  to.finish();
  return out;
}

result<std::optional<key_change>> parse_key_change(std::string_view record) {
  const auto doc = json::read(record, "record");
  const json::node* desk = doc ? doc->root().find("desk") : nullptr;
  const json::node* name = desk != nullptr ? desk->find("event") : nullptr;
  const auto event = name != nullptr ? event_of(name->string()) : std::nullopt;
  if (!event) return std::optional<key_change>{};
  const json::node* at_text = desk->find("at");
  const json::node* key_text = desk->find("key");
  const json::node* number = desk->find("number");
  if (at_text == nullptr || key_text == nullptr || number == nullptr) return wrong_syntax();
  const auto at = instant::parse(at_text->string());
  auto key = log_key(key_text->string());
  if (!at || !key) return wrong_syntax();
  key_change out{.event = *event, .key = *std::move(key), .at = *at, .number = number->integer()};
  // What is written again is the record, so nothing else can stand in it.
  if (to_record(out) != record) return wrong_syntax();
  return std::optional(std::move(out));
}

result<key_history> key_history::begin(std::string origin, std::vector<verifier_key> keys) {
  if (keys.empty()) return fail("key_change_none", "a log needs a key that signs");
  key_history out;
  for (verifier_key& key : keys) {
    if (key.name() != origin) return wrong_origin(key, origin);
    out.entries_.push_back({.key = std::move(key)});
  }
  out.origin_ = std::move(origin);
  return out;
}

result<void> key_history::take(const key_change& change, std::uint64_t index) {
  if (last_ && index <= *last_) {
    return fail("key_change_order", "the records of a log's keys are not in order");
  }
  if (change.key.name() != origin_) return wrong_origin(change.key, origin_);
  const auto known = std::ranges::find(entries_, change.key, &entry::key);
  if (change.event == key_event::added) {
    if (known != entries_.end()) {
      return fail("key_change_known", "the key `" + change.key.to_string() + "` was added before");
    }
    entries_.push_back({.key = change.key, .from = index + 1});
  } else {
    if (known == entries_.end() || known->until) {
      return fail("key_change_known",
                  "the key `" + change.key.to_string() + "` is retired, and was not in force");
    }
    const auto left = std::ranges::count_if(entries_, [](const entry& e) { return !e.until; });
    if (left == 1) return fail("key_change_none", "the last key of a log cannot be retired");
    known->until = index;
  }
  last_ = index;
  return {};
}

std::vector<verifier_key> key_history::keys_at(std::uint64_t size) const {
  std::vector<verifier_key> out;
  for (const entry& one : entries_) {
    if (one.is_in_force(size)) out.push_back(one.key);
  }
  return out;
}

result<trusted_checkpoint> key_history::open(std::string_view note, std::uint64_t before) const {
  std::vector<verifier_key> all;
  for (const entry& one : entries_) all.push_back(one.key);
  auto opened = open_checkpoint(note, trust_policy::of_logs(std::move(all)));
  if (!opened) return opened;
  for (const verifier_key& key : keys_at(opened->checkpoint.head.size)) {
    if (!has_signed(key, opened->note)) return unsigned_by(key);
  }
  const auto trusted = keys_at(before);
  const bool vouched =
      std::ranges::any_of(trusted, [&](const auto& key) { return has_signed(key, opened->note); });
  if (!vouched) {
    return fail("key_missing_signature",
                "no key that was in force at the checkpoint before has signed this one");
  }
  return opened;
}

result<verifier_key> follow_key_change(const tlog_proof& proof, const trust_policy& trust) {
  if (!proof.extra) return wrong_syntax();
  auto proved = verify_proof(proof, leaf_hash(*proof.extra), trust);
  if (!proved) return fail(std::move(proved).error());
  auto change = parse_key_change(*proof.extra);
  if (!change) return fail(std::move(change).error());
  if (!*change || (*change)->event != key_event::added) return wrong_syntax();
  verifier_key key = std::move((*change)->key);
  if (key.name() != proved->checkpoint.origin) return wrong_origin(key, proved->checkpoint.origin);
  const auto signed_too = open_checkpoint(proof.checkpoint, trust_policy::of_logs({key}));
  if (!signed_too) return unsigned_by(key);
  return key;
}

}  // namespace leeway::audit
