// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/parameters.hpp"

#include <utility>

namespace leeway::postgres {
namespace {

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::string encoded(std::int64_t value) {
  std::string out;
  put(out, static_cast<std::uint64_t>(value), 8);
  return out;
}
std::string encoded(bool value) { return {value ? '\1' : '\0'}; }
std::string encoded(std::string_view value) { return std::string(value); }

/// An array as `array_send` writes it: dimensions, whether there are NULLs, the elements' type,
/// their number, the first index; then each with its length.
template <class Range, class Encode>
std::string array(oid element, const Range& values, const Encode& encode) {
  std::string out;
  put(out, values.empty() ? 0 : 1, 4);
  put(out, 1, 4);
  put(out, static_cast<std::uint32_t>(element), 4);
  if (values.empty()) return out;
  put(out, values.size(), 4);
  put(out, 1, 4);
  for (const auto& value : values) {
    const std::optional<std::string> bytes = encode(value);
    put(out, bytes ? bytes->size() : 0xffffffffU, 4);
    if (bytes) out += *bytes;
  }
  return out;
}

constexpr auto encode_each = [](const auto& value) -> std::optional<std::string> {
  return encoded(value);
};
constexpr auto encode_known = [](const auto& value) -> std::optional<std::string> {
  if (!value) return std::nullopt;
  return encoded(*value);
};

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
  return push(oid::int8, encode_known(value));
}

parameters& parameters::add(std::span<const std::int64_t> values) {
  return push(oid::int8_array, array(oid::int8, values, encode_each));
}
parameters& parameters::add(std::span<const std::optional<std::int64_t>> values) {
  return push(oid::int8_array, array(oid::int8, values, encode_known));
}
parameters& parameters::add(const std::vector<bool>& values) {
  return push(oid::boolean_array, array(oid::boolean, values, encode_each));
}
parameters& parameters::add_texts(std::span<const std::string_view> values) {
  return push(oid::text_array, array(oid::text, values, encode_each));
}
parameters& parameters::add_texts(std::span<const std::optional<std::string_view>> values) {
  return push(oid::text_array, array(oid::text, values, encode_known));
}
parameters& parameters::add_blobs(std::span<const std::string_view> values) {
  return push(oid::bytes_array, array(oid::bytes, values, encode_each));
}

std::vector<const char*> parameters::pointers() const {
  std::vector<const char*> out;
  out.reserve(values_.size());
  for (const auto& value : values_) out.push_back(value ? value->data() : nullptr);
  return out;
}

}  // namespace leeway::postgres
