// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/stored_rows.hpp"

#include "desk/postgres/instants.hpp"

#include <algorithm>
#include <array>

namespace leeway::postgres {
namespace {

std::optional<instant> maybe_instant(const rows& r, std::size_t row, std::size_t column) {
  const auto value = r.maybe_integer(row, column);
  return value ? std::optional(instant_of(*value)) : std::nullopt;
}

}  // namespace

std::string_view bytes_of(const digest& d) {
  return {reinterpret_cast<const char*>(d.bytes().data()), d.bytes().size()};
}

digest digest_of(std::string_view bytes) {
  std::array<std::uint8_t, digest::size> out{};
  const std::size_t size = std::min(bytes.size(), out.size());
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(bytes[i]);
  return digest(out);
}

stored_decision decision_of(const rows& r, std::size_t row) {
  return {.key = {.caller = std::string(r.bytes(row, 1)), .id = request_id(r.bytes(row, 2))},
          .id = decision_id(r.bytes(row, 3)),
          .number = r.integer(row, 4),
          .state = static_cast<decision_state>(r.integer(row, 5)),
          .at = instant_of(r.integer(row, 6)),
          .due = maybe_instant(r, row, 7),
          .queued = r.boolean(row, 8),
          .act = std::string(r.bytes(row, 9)),
          .body = std::string(r.bytes(row, 10))};
}

instant changed_at_of(const rows& r, std::size_t row) { return instant_of(r.integer(row, 11)); }

balance balance_of(const rows& r, std::size_t row, std::size_t column) {
  return {.minor = r.integer(row, column),
          .count = r.integer(row, column + 1),
          .unsure = r.integer(row, column + 2),
          .greatest = r.maybe_integer(row, column + 3),
          .oldest = maybe_instant(r, row, column + 4),
          .newest = maybe_instant(r, row, column + 5)};
}

std::vector<stored_decision> decisions_of(const rows& r) {
  std::vector<stored_decision> out;
  for (std::size_t row = 0; row < r.size(); ++row) out.push_back(decision_of(r, row));
  return out;
}

std::vector<stored_record> records_of(const rows& r) {
  std::vector<stored_record> out;
  for (std::size_t row = 0; row < r.size(); ++row) {
    out.push_back({.position = r.integer(row, 0),
                   .subject = std::string(r.bytes(row, 1)),
                   .number = r.integer(row, 2),
                   .body = std::string(r.bytes(row, 3))});
  }
  return out;
}

std::vector<stored_policy> policies_of(const rows& r) {
  std::vector<stored_policy> out;
  for (std::size_t row = 0; row < r.size(); ++row) {
    out.push_back({.digest = digest_of(r.bytes(row, 0)),
                   .id = policy_id(r.bytes(row, 1)),
                   .version = std::string(r.bytes(row, 2)),
                   .number = r.integer(row, 3),
                   .suspended = r.maybe_text(row, 4),
                   .document = std::string(r.bytes(row, 5))});
  }
  return out;
}

}  // namespace leeway::postgres
