// SPDX-License-Identifier: Apache-2.0
// Reads a `leeway-policy/1` document strictly; remembers where everything stands.
#pragma once

#include "base/json/node.hpp"
#include "base/json/reader.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/policy/document.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::policy_detail {

/// What a policy document may be: its owner's own, so larger than what a caller sends.
inline constexpr json::read_options document_limits{
    .comments = true, .max_bytes = std::size_t{64} << 20U, .max_values = std::size_t{1} << 22U};

/// A document that was read, with its source for placing later diagnostics. `content` holds what
/// could be understood even when `found` has errors, so that checking can go on and report more.
struct loaded_document {
  policy_document content{};
  json::document source{};
  diagnostics found{};
};

/// Reads structure, keys, types, money, dates, windows. References and conditions are checked by
/// `check_policy`, which works on documents built in C++ too.
loaded_document load_document(std::string_view text, std::string_view file);

/// An overlay that was read from a file of its own.
struct loaded_overlay {
  overlay_definition content{};
  policy_id of{};  ///< `for`: the policy it is for
  json::document source{};
  diagnostics found{};
};

/// Reads a `leeway-overlay/1` document, like `load_document`.
loaded_overlay load_overlay(std::string_view text, std::string_view file);

/// Turns "what is wrong with the thing at this JSON pointer" into a diagnostic: with place and
/// caret when there is a source, with the pointer alone when the document was built in C++.
class locator {
 public:
  locator() = default;
  explicit locator(const json::document& source) : source_(&source) {}
  /// Of a policy whose overlays have files of their own: what is wrong at `/overlays/i/...` is
  /// placed in `overlays[i]`. nullptr: it has none.
  explicit locator(std::vector<const json::document*> overlays) : overlays_(std::move(overlays)) {}

  /// On the value at `pointer`, or on the nearest enclosing value that exists.
  diagnostic at(std::string_view pointer, std::string code, std::string message,
                std::string remedy = {}) const;
  /// On the key of the value at `pointer`, where it has one: for what is wrong with a name.
  diagnostic at_key(std::string_view pointer, std::string code, std::string message,
                    std::string remedy = {}) const;
  /// Inside the string at `pointer`: bytes [offset, offset + length) of its decoded text.
  diagnostic inside(std::string_view pointer, std::size_t offset, std::size_t length,
                    std::string code, std::string message, std::string remedy = {}) const;
  /// The pointer of the value at `pointer`, or of the nearest enclosing one that exists.
  std::string nearest(std::string_view pointer) const;
  /// False for a source that is not a JSON object.
  bool readable() const;

 private:
  /// Where a pointer leads: into which document, and the pointer there.
  struct place {
    const json::document* source{};
    std::string_view pointer{};
    std::string_view prefix{};  ///< what was cut off
  };
  place place_of(std::string_view pointer) const;

  const json::document* source_{};
  std::vector<const json::document*> overlays_{};
};

}  // namespace leeway::policy_detail
