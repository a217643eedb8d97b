// SPDX-License-Identifier: Apache-2.0
// Interchange: requests, decisions and records as JSON text.
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/explanation.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// Reads one request (JSON). Strict: unknown and duplicate keys, wrong types, bad money, dates and
/// UTF-8 are all reported at once, with place. In `agent`, `customer`, `contact`, `subject` and
/// `action` every other key is an attribute; null is "unknown", the same as leaving it out.
result<request, diagnostics> parse_request(std::string_view text,
                                           std::string_view file = "request");

/// Reads a request whose `action` may be left out, or say less than what is proposed, and whose
/// `id` may be left out: for `can`, which asks about every action.
result<request, diagnostics> parse_open_request(std::string_view text,
                                                std::string_view file = "request");

/// A request in its canonical interchange form (RFC 8785, one line). Reading it back gives an equal
/// request.
std::string to_json(const request& r);

/// A decision as interchange JSON (one line, keys in the documented order).
std::string to_json(const decision& d);
/// The same at the end of a text, whose memory is used again.
void append_json(const decision& d, std::string& out);

/// An explanation as interchange JSON (one line, keys in the documented order).
std::string to_json(const explanation& e);

/// What an agent may do as interchange JSON: an array, in one line.
std::string to_json(const std::vector<capability>& all);

/// The canonical core of a decision (RFC 8785): outcome, needs, codes, rule ids, values, due,
/// obligations, usage, policy digest, semantics number, time-zone data version. What replay
/// compares.
std::string canonical_core(const decision& d);

/// One self-contained line (`leeway-record/1`, RFC 8785): request, usage seen, decision core,
/// policy digest. No line end.
std::string to_record(const request& r, const decision& d);
/// The same with what a desk has to add, a canonical JSON object, as the member `desk`.
std::string to_record(const request& r, const decision& d, std::string_view of_desk);

/// What stands in the record of a decision.
struct recorded_decision {
  leeway::request request{};
  leeway::usage usage{};
  policy_reference policy{};
  std::string core{};  ///< canonical
};

/// Reads the record of a decision back. Errors: the line is none, or of other semantics.
result<recorded_decision, diagnostics> parse_record(std::string_view line,
                                                    std::string_view file = "record");

/// What replaying one record came to.
struct replay_result {
  bool exact{};
  std::string record_id{};  ///< the recorded request's id
  std::string pointer{};    ///< first difference, as a JSON pointer into the core
  std::string recorded{};   ///< what the record says there
  std::string replayed{};   ///< what deciding again gives
};

/// Decides a recorded request again under the policy with the recorded digest, which `find` looks
/// up (nullptr: not available), and compares the cores. Errors: the line is no record, the policy
/// is missing, the semantics number is another.
result<replay_result, diagnostics> replay_record(
    std::string_view line, std::string_view file,
    const std::function<const leeway::policy*(const digest&)>& find);

}  // namespace leeway
