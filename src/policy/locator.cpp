// SPDX-License-Identifier: Apache-2.0
#include "policy/loader.hpp"

#include <algorithm>
#include <charconv>

namespace leeway::policy_detail {
namespace {

using json::kind;
using json::member;
using json::node;

std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size()) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

std::optional<std::size_t> number(std::string_view step) {
  std::size_t out = 0;
  const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), out);
  if (problem != std::errc{} || end != step.data() + step.size()) return std::nullopt;
  return out;
}

struct resolved {
  const node* value{};
  const member* holder{};  // the member the value is of; nullptr for items and the root
  std::string pointer{};
  bool exact{true};
};

/// One step down; false when there is nothing below by that name.
bool descend(resolved& from, std::string_view step) {
  const node& here = *from.value;
  if (here.is(kind::array)) {
    const auto index = number(step);
    if (!index || *index >= here.items().size()) return false;
    from = {&here.items()[*index], nullptr, json::pointer_to(from.pointer, *index)};
    return true;
  }
  const std::string key = unescaped(step);
  for (const member& one : here.members()) {
    if (one.key != key) continue;
    from = {&one.value, &one, json::pointer_to(from.pointer, key)};
    return true;
  }
  // A single name or effect may stand where an array is meant: it is its own first item.
  return step == "0";
}

resolved resolve(const json::document& source, std::string_view pointer) {
  resolved out{&source.root(), nullptr, {}};
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    if (!descend(out, pointer.substr(0, end))) {
      out.exact = false;
      return out;
    }
    pointer.remove_prefix(end);
  }
  return out;
}

diagnostic unplaced(std::string_view pointer, std::string code, std::string message,
                    std::string remedy) {
  diagnostic out{};
  out.code = std::move(code);
  out.message = std::move(message);
  out.remedy = std::move(remedy);
  out.pointer = std::string(pointer);
  return out;
}

}  // namespace

locator::place locator::place_of(std::string_view pointer) const {
  constexpr std::string_view list = "/overlays/";
  if (overlays_.empty() || !pointer.starts_with(list)) return {source_, pointer, {}};
  const auto end = std::min(pointer.find('/', list.size()), pointer.size());
  const auto index = number(pointer.substr(list.size(), end - list.size()));
  if (!index || *index >= overlays_.size() || overlays_[*index] == nullptr) {
    return {source_, pointer, {}};
  }
  return {overlays_[*index], pointer.substr(end), pointer.substr(0, end)};
}

diagnostic locator::at(std::string_view pointer, std::string code, std::string message,
                       std::string remedy) const {
  const place where = place_of(pointer);
  if (where.source == nullptr) {
    return unplaced(pointer, std::move(code), std::move(message), std::move(remedy));
  }
  const resolved found = resolve(*where.source, where.pointer);
  return where.source->at(*found.value, found.pointer, std::move(code), std::move(message),
                          std::move(remedy));
}

diagnostic locator::at_key(std::string_view pointer, std::string code, std::string message,
                           std::string remedy) const {
  const place where = place_of(pointer);
  if (where.source != nullptr) {
    const resolved found = resolve(*where.source, where.pointer);
    if (found.holder != nullptr && found.exact) {
      return where.source->at(*found.holder, found.pointer, std::move(code), std::move(message),
                              std::move(remedy));
    }
  }
  return at(pointer, std::move(code), std::move(message), std::move(remedy));
}

diagnostic locator::inside(std::string_view pointer, std::size_t offset, std::size_t length,
                           std::string code, std::string message, std::string remedy) const {
  const place where = place_of(pointer);
  if (where.source == nullptr) {
    return unplaced(pointer, std::move(code), std::move(message), std::move(remedy));
  }
  const resolved found = resolve(*where.source, where.pointer);
  if (!found.exact || !found.value->is(kind::string)) {
    return at(pointer, std::move(code), std::move(message), std::move(remedy));
  }
  return where.source->at(where.source->raw_span(*found.value, offset, length), found.pointer,
                          std::move(code), std::move(message), std::move(remedy));
}

bool locator::readable() const { return source_ == nullptr || source_->root().is(kind::object); }

std::string locator::nearest(std::string_view pointer) const {
  const place where = place_of(pointer);
  if (where.source == nullptr) return std::string(pointer);
  return std::string(where.prefix) + resolve(*where.source, where.pointer).pointer;
}

}  // namespace leeway::policy_detail
