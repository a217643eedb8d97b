// SPDX-License-Identifier: Apache-2.0
// The forms a field of a policy document takes, on top of the strict object reader.
#pragma once

#include "base/json/object_reader.hpp"

#include <leeway/base/time.hpp>
#include <leeway/base/window.hpp>
#include <leeway/policy/document.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::policy_detail {

/// Whether a list of names may be left out.
enum class presence { optional, required };

/// Whether `text` may be the id of anything: 1 to 64 of [A-Za-z0-9_.-].
bool is_id(std::string_view text);
/// Whether `text` is an identifier of the condition language and none of its reserved words.
bool is_identifier(std::string_view text);
/// Whether `text` reads as an attempt at an amount of money, and so is no expression: `50 usd`,
/// `$50`, `1,000.00 USD`.
bool looks_like_money(std::string_view text);
/// `text` in backticks, cut when it is long.
std::string ticked(std::string_view text);
/// "`a`, `b` or `c`".
std::string one_of_these(const std::vector<std::string>& names);

/// Reads one object of a policy document. Like its base it collects, and never stops.
class fields : public json::object_reader {
 public:
  using json::object_reader::object_reader;

  /// The required id of an entry; empty when it has none that is usable.
  std::string id(std::string_view key = "id");
  /// Free text: any string that is not blank.
  std::string words(std::string_view key);
  /// An expression; empty when it is left out. Refuses a blank one.
  expression condition(std::string_view key, presence wanted = presence::optional);
  /// One name, or an array of names; at least one when required, none twice.
  std::vector<std::string> names(std::string_view key, presence wanted);
  /// The same, where an empty array has a meaning of its own.
  std::vector<std::string> names_or_none(std::string_view key, presence wanted);
  template <class Id>
  std::vector<Id> ids(std::string_view key, presence wanted) {
    std::vector<Id> out;
    for (std::string& name : names(key, wanted)) out.emplace_back(std::move(name));
    return out;
  }
  std::optional<quantity> amount(std::string_view key);
  /// A date; null is the same as leaving it out.
  std::optional<civil_date> date(std::string_view key);
  std::optional<leeway::window> period(std::string_view key, presence wanted);
  /// One of a few words. Reports any other, and answers nothing.
  std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& words);
  provenance origin();

  /// Reports that `found` is not one of a few words.
  void not_one_of(const json::node& found, std::string pointer,
                  const std::vector<std::string>& words, std::string_view remedy = {});
  /// Reports on any node of the document.
  void complain(const json::node& where, std::string pointer, std::string code, std::string message,
                std::string remedy = {});
  /// Names in a node that is one string or an array of them.
  std::vector<std::string> names_of(const json::node& found, const std::string& pointer,
                                    bool empty_allowed = false);
};

}  // namespace leeway::policy_detail
