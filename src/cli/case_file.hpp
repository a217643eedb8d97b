// SPDX-License-Identifier: Apache-2.0
// Policy test cases: a request with what is expected of its decision, one a line.
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/model/request.hpp>
#include <leeway/policy/document.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {

/// What a case expects; what it does not mention may be anything.
struct expectation {
  using roles = std::set<std::string>;
  std::vector<leeway::outcome> outcomes{};       ///< any of these; never empty
  std::optional<std::set<roles>> approvals{};    ///< exactly these, each by any one of its roles
  std::optional<std::set<std::string>> facts{};  ///< exactly these are asked for
  std::optional<std::optional<money>> due{};     ///< nothing in it: nothing is due
  std::optional<std::optional<money>> offer{};   ///< nothing in it: no amount is offered
  std::vector<std::string> obligations{};        ///< these at least
  std::vector<std::string> codes{};              ///< these at least
  std::optional<std::string> basis{};
  std::optional<std::string> next{};
};

struct test_case {
  std::string name{};                   ///< its `name`, else its id
  std::vector<std::string> overlays{};  ///< files, beside the file of cases
  leeway::request request{};
  expectation expect{};
};

/// Reads one case. `id` may be left out and is then `fallback_id`; `name`, `why`, `source` and
/// `note_for_reader` are for the reader of the file; every other key is a request's.
result<test_case, diagnostics> read_case(std::string_view text, std::string_view file,
                                         std::string_view fallback_id);

/// The request of a case, when `text` is one: an object with `expect`. What only a case has is
/// dropped unread. Nothing: it is no case.
std::optional<result<request, diagnostics>> request_of_case(std::string_view text,
                                                            std::string_view file,
                                                            std::string_view fallback_id);

/// Where a decision is not what was expected.
struct difference {
  std::string what{};
  std::string expected{};
  std::string found{};
};

std::vector<difference> differences(const expectation& expect, const decision& d);

/// What an expectation names that its policy does not have, with what was probably meant.
std::vector<std::string> slips(const expectation& expect, const policy_document& policy);

}  // namespace leeway::cli
