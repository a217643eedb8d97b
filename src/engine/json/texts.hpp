// SPDX-License-Identifier: Apache-2.0
// Decisions and their parts as interchange JSON, keys in the documented order, written straight to
// text.
#pragma once

#include "base/json/text_writer.hpp"

#include <leeway/base/id.hpp>
#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/explanation.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

namespace leeway::engine_json {

using json::text_writer;

void write(text_writer& to, const decision& d);
void write(text_writer& to, const finding& f);
void write(text_writer& to, const deciding_atom& a);
void write(text_writer& to, const obligation& o);
void write(text_writer& to, const limit& l);
void write(text_writer& to, const approval_choice& a);
void write(text_writer& to, const open_question& q);

/// Code, outcome, part, rule and overlay: what a finding is.
void write_head(text_writer& to, const finding& f);

template <class Tag>
void write(text_writer& to, const strong_id<Tag>& id) {
  to.text(id.view());
}

inline void put_text(text_writer& to, std::string_view key, std::string_view text) {
  to.key(key);
  to.text(text);
}
inline void put_truth(text_writer& to, std::string_view key, bool truth) {
  to.key(key);
  to.boolean(truth);
}
/// Nothing is written of an empty text, or of what is not known.
inline void put_any(text_writer& to, std::string_view key, std::string_view text) {
  if (!text.empty()) put_text(to, key, text);
}
template <class Printable>
void put_any(text_writer& to, std::string_view key, const std::optional<Printable>& thing) {
  if (!thing) return;
  if constexpr (std::integral<Printable>) {
    to.key(key);
    to.number(*thing);
  } else {
    put_text(to, key, thing->to_string());
  }
}
/// What is not known is null.
template <class Printable>
void put_or_null(text_writer& to, std::string_view key, const std::optional<Printable>& thing) {
  to.key(key);
  if (thing) {
    to.text(thing->to_string());
  } else {
    to.null();
  }
}
/// An array of what `put` writes of each item.
template <class Items, class Put>
void put_list(text_writer& to, std::string_view key, const Items& items, const Put& put) {
  to.key(key);
  to.begin_array();
  for (const auto& item : items) put(to, item);
  to.end_array();
}
template <class Items>
void put_list(text_writer& to, std::string_view key, const Items& items) {
  put_list(to, key, items, [](text_writer& out, const auto& item) { write(out, item); });
}
/// An array of strings.
template <class Names>
void put_names(text_writer& to, std::string_view key, const Names& names) {
  put_list(to, key, names, [](text_writer& out, const auto& name) {
    if constexpr (requires { name.view(); }) {
      out.text(name.view());
    } else {
      out.text(name);
    }
  });
}

}  // namespace leeway::engine_json
