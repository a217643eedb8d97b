// SPDX-License-Identifier: Apache-2.0
// What the pages and tables say in the same words. Texts from outside are made safe to print.
#pragma once

#include "cli/terminal.hpp"

#include <leeway/engine/capability.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::cli {

/// `APPROVE`, `ESCALATE`, `DENY`.
std::string_view headline(outcome o);
paint colour_of(outcome o);

std::string joined(const std::vector<std::string>& parts, std::string_view between);
/// A text from the policy, which may break it over lines.
std::string on_one_line(const std::string& text);
/// Cut to a width in code points; the last one tells that there was more.
std::string cut(std::string_view text, std::size_t width);
/// With blanks behind it up to a width; what is longer stays as it is.
std::string padded(std::string_view text, std::size_t width);

/// Whether an action pays exactly one amount: what is fixed, or what is due.
bool is_exact(const policy& under, const action_kind& kind);
/// `up to 250.00 USD`, `without a limit`; empty when it cannot be said.
std::string reach_in_words(const amount_reach& reach);
/// Who could approve, in a line: the nearest first, and from where on further ones are left out.
std::string approval_in_words(const approval_choice& a);
/// The policy's sentence, else what the code means, without words that are not an agent's.
std::string sentence_in_words(const finding& f);
/// Whether a question is for what was granted before, and not for one fact.
bool is_about_history(const open_question& q);
/// What to ask or find out.
std::string question_in_words(const open_question& q);
/// What must be done, for whom and by when.
std::string obligation_in_words(const obligation& o);
/// What is left of a budget, and when more is: `30.00 USD left of 150.00 USD, more from ...`.
std::string limit_in_words(const limit& l);
/// `[section 2, G1]`; empty when there is neither.
std::string place_in_words(const std::string& source, const std::string& rule);

}  // namespace leeway::cli
