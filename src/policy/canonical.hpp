// SPDX-License-Identifier: Apache-2.0
// Writes canonical JSON (RFC 8785) at once, without a tree: policies may be large.
#pragma once

#include "base/json/canonical.hpp"

#include <leeway/base/id.hpp>
#include <leeway/base/time.hpp>
#include <leeway/policy/document.hpp>

#include <algorithm>
#include <cassert>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::policy_detail::canonical {

/// Without blanks at either end.
std::string_view trimmed(std::string_view text);
/// A text as it is when it is UTF-8. Documents built in C++ may hold any bytes; a digest must exist
/// for all of them.
std::string safe(std::string_view text);
/// Appends a string in quotes.
void write(std::string& out, std::string_view text);

/// An object, key by key.
///
/// INVARIANT: keys come in the order that RFC 8785 gives them, so that nothing is sorted again.
class object {
 public:
  explicit object(std::string& out) : out_(out) { out_ += '{'; }
  object(const object&) = delete;
  object& operator=(const object&) = delete;
  ~object() { out_ += '}'; }

  /// Where the value of `key` is to be written.
  std::string& at(std::string_view key) {
    assert(empty_ || json::utf16_less(last_, key));
    if (!empty_) out_ += ',';
    empty_ = false;
    last_ = key;
    json::append_quoted(out_, key);
    out_ += ':';
    return out_;
  }

  void text(std::string_view key, std::string_view text) {
    if (!text.empty()) write(at(key), text);
  }
  void expression(std::string_view key, std::string_view text) { this->text(key, trimmed(text)); }
  void flag(std::string_view key, bool set) {
    if (set) at(key) += "true";
  }
  void date(std::string_view key, const std::optional<civil_date>& day) {
    if (day) text(key, day->to_string());
  }
  void quantity(std::string_view key, const std::optional<leeway::quantity>& q) {
    if (q) quantity(key, *q);
  }
  void quantity(std::string_view key, const leeway::quantity& q);

 private:
  std::string& out_;
  std::string_view last_{};
  bool empty_{true};
};

void write_array(std::string& out, const auto& items, auto&& write_one) {
  char before = '[';
  for (const auto& one : items) {
    out += before;
    before = ',';
    write_one(one);
  }
  out += before == '[' ? "[]" : "]";
}

inline std::string_view text_of(const std::string& s) { return s; }
template <class Tag>
std::string_view text_of(const strong_id<Tag>& id) {
  return id.view();
}

/// A set of names: sorted, without repeats.
template <class Names>
void write_names(std::string& out, const Names& names) {
  if (names.size() == 1) {
    out += '[';
    write(out, text_of(*names.begin()));
    out += ']';
    return;
  }
  std::set<std::string> sorted;
  for (const auto& one : names) sorted.insert(safe(text_of(one)));
  write_array(out, sorted, [&](const std::string& one) { json::append_quoted(out, one); });
}

template <class Names>
void put_names(object& to, std::string_view key, const Names& names) {
  if (!names.empty()) write_names(to.at(key), names);
}

/// Items whose order means nothing, in the order of their canonical text, without repeats.
template <class Items, class Write>
void write_set(std::string& out, const Items& items, Write write_one) {
  if (items.size() == 1) {
    out += '[';
    write_one(out, *items.begin());
    out += ']';
    return;
  }
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (const auto& one : items) write_one(texts.emplace_back(), one);
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  write_array(out, texts, [&](const std::string& one) { out += one; });
}

template <class Items, class Write>
void put_set(object& to, std::string_view key, const Items& items, Write write_one) {
  if (!items.empty()) write_set(to.at(key), items, write_one);
}

template <class Entry, class Write>
void put_list(object& to, std::string_view key, const std::vector<Entry>& entries,
              Write write_one) {
  if (entries.empty()) return;
  std::vector<const Entry*> sorted;
  sorted.reserve(entries.size());
  for (const Entry& one : entries) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry* a, const Entry* b) { return a->id < b->id; });
  std::string& out = to.at(key);
  write_array(out, sorted, [&](const Entry* one) { write_one(out, *one); });
}

/// Names with what they stand for, in the order of RFC 8785; of two with one name the last, which
/// only a document built in C++ can have.
template <class Entries, class Key, class Write>
void write_map(std::string& out, const Entries& entries, Key key_of, Write write_one) {
  using entry = typename Entries::value_type;
  std::vector<std::pair<std::string, const entry*>> sorted;
  sorted.reserve(entries.size());
  for (const entry& one : entries) sorted.emplace_back(safe(key_of(one)), &one);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return json::utf16_less(a.first, b.first); });
  object in(out);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].first == sorted[i].first) continue;
    write_one(in.at(sorted[i].first), *sorted[i].second);
  }
}

template <class Entries, class Key, class Write>
void put_map(object& to, std::string_view key, const Entries& entries, Key key_of,
             Write write_one) {
  if (!entries.empty()) write_map(to.at(key), entries, key_of, write_one);
}

}  // namespace leeway::policy_detail::canonical
