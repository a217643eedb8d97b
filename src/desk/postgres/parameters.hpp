// SPDX-License-Identifier: Apache-2.0
// The parameters of a statement, in PostgreSQL's binary format: no quoting, and no text to parse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::postgres {

/// The types that are sent and read. The numbers are those of PostgreSQL's catalogue (pg_type).
enum class oid : std::uint32_t {
  boolean = 16,
  bytes = 17,
  int8 = 20,
  text = 25,
  boolean_array = 1000,
  bytes_array = 1001,
  text_array = 1009,
  int8_array = 1016,
};

/// Bytes that are no text.
struct blob {
  std::string_view bytes{};
};

/// Values in the order of `$1, $2 ...`, copied. Arrays have one dimension; an absent element is
/// NULL.
class parameters {
 public:
  parameters& add(std::int64_t value);
  parameters& add(bool value);
  parameters& add(std::string_view text);
  parameters& add(const char* text) { return add(std::string_view(text)); }
  parameters& add(blob value);
  /// NULL of that type.
  parameters& add_null(oid type);
  parameters& add(std::optional<std::int64_t> value);

  parameters& add(std::span<const std::int64_t> values);
  parameters& add(std::span<const std::optional<std::int64_t>> values);
  parameters& add(const std::vector<bool>& values);
  parameters& add_texts(std::span<const std::string_view> values);
  parameters& add_texts(std::span<const std::optional<std::string_view>> values);
  parameters& add_blobs(std::span<const std::string_view> values);

  std::size_t size() const { return values_.size(); }

  // As libpq takes them.
  const std::vector<std::uint32_t>& types() const { return types_; }
  std::vector<const char*> pointers() const;
  const std::vector<int>& lengths() const { return lengths_; }
  std::vector<int> formats() const { return std::vector<int>(values_.size(), 1); }

 private:
  parameters& push(oid type, std::optional<std::string> value);

  std::vector<std::optional<std::string>> values_{};
  std::vector<std::uint32_t> types_{};
  std::vector<int> lengths_{};
};

}  // namespace leeway::postgres
