// SPDX-License-Identifier: Apache-2.0
// Values that say their own type, as other programs exchange them: docs/formats/eval.md.
#pragma once

#include "base/json/node.hpp"
#include "condition/type.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/model/value.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace leeway::cli {

/// Reads values and types of one document, reporting what is wrong with them at its place.
class typed_reader {
 public:
  typed_reader(const json::document& doc, diagnostics& out) : doc_(doc), out_(out) {}

  /// `{"int": "1"}`, `{"list": [{"string": "a"}]}` ...
  std::optional<value> value_at(const json::node& from, const std::string& pointer);
  /// `"int"`, `"list<int>"`, `{"list": "int"}`, `{"map": ["string", "int"]}`.
  std::optional<condition::type> type_at(const json::node& from, const std::string& pointer);

 private:
  std::optional<value> scalar(std::string_view kind, const json::node& from,
                              const std::string& pointer);
  std::optional<value> list(const json::node& from, const std::string& pointer);
  std::optional<value> map(const json::node& from, const std::string& pointer);
  std::nullopt_t refuse(const json::node& at, const std::string& pointer, std::string message,
                        std::string remedy = {});

  const json::document& doc_;
  diagnostics& out_;
};

/// Whether a value says its type by this word: `int`, `list` ...
bool is_value_kind(std::string_view word);

/// A value in the same form.
nlohmann::ordered_json typed(const value& v);

/// The static type of a value; nothing when its items are not of one type.
std::optional<condition::type> type_of(const value& v);

}  // namespace leeway::cli
