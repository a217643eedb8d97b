// SPDX-License-Identifier: Apache-2.0
// Says in our words why the event parser stopped: it tells only where.
#ifndef LEEWAY_SRC_BASE_JSON_EXPLAIN_HPP
#define LEEWAY_SRC_BASE_JSON_EXPLAIN_HPP

#include "base/json/cursor.hpp"
#include "base/json/node.hpp"

#include <leeway/base/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace leeway::json {

/// An array or object that is not finished yet.
struct frame {
  kind type{kind::array};
  std::size_t start{};  ///< of its opening bracket
  std::size_t count{};  ///< of its items or members that are complete
  bool has_key{false};  ///< a member's key was read, its value not yet
  std::size_t first{};  ///< for the reader: where its children begin among those that wait
};

/// What the parser complained about, as far as it says.
enum class complaint : std::uint8_t { syntax, incomplete, too_deep, exponent, surrogate, too_many };

/// How far the reading came.
struct progress {
  cursor after{{}, false};    ///< behind the last token that was delivered
  std::vector<frame> open{};  ///< outermost first
  bool has_root{false};       ///< the document's value is complete
};

/// Where the parser stopped, and under which rules.
struct stop {
  std::size_t offset{};
  complaint why{complaint::syntax};
  bool comments{false};
  std::size_t max_depth{};
  std::size_t max_values{};
};

/// A refusal of the document, in our words.
struct refusal {
  source_span span{};
  std::string code{"syntax_error"};
  std::string message{};
  std::string remedy{};
};

/// Explains the stop. Moves `state.after`, nothing else.
[[nodiscard]] refusal explain(const document& doc, progress& state, const stop& where);

}  // namespace leeway::json

#endif
