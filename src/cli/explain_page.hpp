// SPDX-License-Identifier: Apache-2.0
// An explanation as an agent and an auditor read it.
#pragma once

#include <leeway/engine/explanation.hpp>
#include <leeway/model/request.hpp>

#include <string>

namespace leeway::cli {

class terminal;

/// The answer first, then what would change it, then why. Trees and silent entries are shown where
/// the explanation has them. Ends in a newline; texts from outside are made safe to print.
std::string explanation_page(const policy& p, const request& r, const explanation& e,
                             const terminal& on);

/// Whether an action pays exactly one amount: what is fixed, or what is due.
bool is_exact(const policy& under, const action_kind& kind);
/// `Team lead (team_lead)`, or the role alone where it has no title.
std::string role_in_words(const approver& a);
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
/// `[section 2, G1]`; empty when there is neither.
std::string place_in_words(const std::string& source, const std::string& rule);

}  // namespace leeway::cli
