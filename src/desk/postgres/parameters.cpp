// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/parameters.hpp"

#include <array>
#include <utility>

namespace leeway::postgres {
namespace {

/// The highest byte first.
template <class Number>
void put(std::string& out, Number value) {
  std::array<char, sizeof value> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(value >> (8 * (bytes.size() - 1 - i)) & 0xff);
  }
  out.append(bytes.data(), bytes.size());
}

void encode(std::string& out, std::int64_t value) { put(out, static_cast<std::uint64_t>(value)); }
void encode(std::string& out, bool value) { out += value ? '\1' : '\0'; }
void encode(std::string& out, std::string_view value) { out += value; }

template <class Value>
std::string encoded(const Value& value) {
  std::string out;
  encode(out, value);
  return out;
}

constexpr std::uint32_t size_of(std::int64_t /*value*/) { return 8; }
constexpr std::uint32_t size_of(bool /*value*/) { return 1; }
std::uint32_t size_of(std::string_view value) { return static_cast<std::uint32_t>(value.size()); }

template <class Value>
const Value* known(const Value& value) {
  return &value;
}
template <class Value>
const Value* known(const std::optional<Value>& value) {
  return value ? &*value : nullptr;
}

/// An array as `array_send` writes it: dimensions, whether there are NULLs, the elements' type,
/// their number, the first index; then each with its length.
template <class Range>
std::string array(oid element, const Range& values) {
  constexpr std::uint32_t null = 0xffffffffU;
  constexpr std::size_t head = 20;
  constexpr std::size_t each = 4;
  std::string out;
  std::size_t size = head;
  for (const auto& value : values) {
    const auto* one = known(value);
    size += each + (one != nullptr ? size_of(*one) : 0);
  }
  out.reserve(size);
  put(out, std::uint32_t{values.empty() ? 0U : 1U});
  put(out, std::uint32_t{1});
  put(out, static_cast<std::uint32_t>(element));
  if (values.empty()) return out;
  put(out, static_cast<std::uint32_t>(values.size()));
  put(out, std::uint32_t{1});
  for (const auto& value : values) {
    const auto* one = known(value);
    put(out, one != nullptr ? size_of(*one) : null);
    if (one != nullptr) encode(out, *one);
  }
  return out;
}

}  // namespace

parameters& parameters::push(oid type, std::optional<std::string> value) {
  types_.push_back(static_cast<std::uint32_t>(type));
  lengths_.push_back(value ? static_cast<int>(value->size()) : 0);
  values_.push_back(std::move(value));
  return *this;
}

parameters& parameters::add(std::int64_t value) { return push(oid::int8, encoded(value)); }
parameters& parameters::add(bool value) { return push(oid::boolean, encoded(value)); }
parameters& parameters::add(std::string_view text) { return push(oid::text, encoded(text)); }
parameters& parameters::add(blob value) { return push(oid::bytes, encoded(value.bytes)); }
parameters& parameters::add_null(oid type) { return push(type, std::nullopt); }
parameters& parameters::add(std::optional<std::int64_t> value) {
  return push(oid::int8, value ? std::optional(encoded(*value)) : std::nullopt);
}

parameters& parameters::add(std::span<const std::int64_t> values) {
  return push(oid::int8_array, array(oid::int8, values));
}
parameters& parameters::add(std::span<const std::optional<std::int64_t>> values) {
  return push(oid::int8_array, array(oid::int8, values));
}
parameters& parameters::add(const std::vector<bool>& values) {
  return push(oid::boolean_array, array(oid::boolean, values));
}
parameters& parameters::add_texts(std::span<const std::string_view> values) {
  return push(oid::text_array, array(oid::text, values));
}
parameters& parameters::add_texts(std::span<const std::optional<std::string_view>> values) {
  return push(oid::text_array, array(oid::text, values));
}
parameters& parameters::add_blobs(std::span<const std::string_view> values) {
  return push(oid::bytes_array, array(oid::bytes, values));
}

std::vector<const char*> parameters::pointers() const {
  std::vector<const char*> out;
  out.reserve(values_.size());
  for (const auto& value : values_) out.push_back(value ? value->data() : nullptr);
  return out;
}

}  // namespace leeway::postgres
