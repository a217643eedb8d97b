// SPDX-License-Identifier: Apache-2.0
// The one way JSON comes in: strict RFC 8259, with places.
#ifndef LEEWAY_SRC_BASE_JSON_READER_HPP
#define LEEWAY_SRC_BASE_JSON_READER_HPP

#include "base/json/node.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>

#include <cstddef>
#include <string_view>

namespace leeway::json {

/// What a document may be.
struct read_options {
  /// Allow `//` and `/* */` comments (policy documents).
  bool comments{false};
  /// How deep arrays and objects may nest; never more than `depth_ceiling`.
  std::size_t max_depth{64};
  /// How long a document may be.
  std::size_t max_bytes{std::size_t{16} << 20U};
  /// How many values a document may hold: a value takes up to 150 times the memory of its text.
  std::size_t max_values{std::size_t{1} << 20U};
  /// How many diagnostics are kept.
  std::size_t max_errors{diagnostics::default_limit};
};

/// Reading, destroying and walking a document recurse by its depth, so no option exceeds this.
inline constexpr std::size_t depth_ceiling = 512;

/// Reads one JSON document. `file` is its name in diagnostics.
///
/// Refuses what RFC 8259 refuses, and also: a byte order mark, lone surrogates, duplicate keys,
/// numbers that fit neither int64 nor a finite double, and what is over the limits. An integer
/// beyond int64 is taken, as a number, only when it is the canonical form of a double (1e19 as its
/// 20 digits). The first syntax error ends the reading; duplicate keys and numbers that do not fit
/// are all reported, sorted by place. Codes: `document_too_large`, `too_many_values`,
/// `byte_order_mark`, `invalid_utf8`, `unexpected_end`, `syntax_error`, `trailing_comma`,
/// `trailing_content`, `control_character`, `invalid_escape`, `lone_surrogate`,
/// `comment_not_allowed`, `nested_too_deeply`, `number_does_not_fit`, `duplicate_key` (and its note
/// `first_key`). Throws nothing but std::bad_alloc. Thread-safe.
[[nodiscard]] result<document, diagnostics> read(std::string_view text, std::string_view file,
                                                 read_options options = {});

}  // namespace leeway::json

#endif
