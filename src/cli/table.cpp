// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include "cli/terminal.hpp"
#include "cli/words.hpp"

#include <leeway/base/diagnostic.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace leeway::cli {
namespace {

constexpr std::size_t request_width = 18;
constexpr std::size_t action_width = 24;
constexpr std::size_t amount_width = 14;
constexpr std::size_t outcome_width = 8;
constexpr std::size_t next_width = 34;

// What comes from outside is made safe to print first.
std::string cell(std::string_view text, std::size_t width) {
  return padded(cut(printable(text), width), width);
}

std::string needs_in_words(const decision& d) {
  std::string out;
  for (const need& n : d.needs) {
    if (!out.empty()) out += " + ";
    if (n.what == need::kind::fact) {
      out += n.fact + '?';
      continue;
    }
    std::string roles;
    for (const role_id& r : n.any_of) roles += (roles.empty() ? "" : " or ") + r.str();
    out += n.distinct ? "another " + roles : roles;
  }
  return out;
}

std::string next_in_short(const decision& d) {
  if (d.outcome == outcome::escalate) return needs_in_words(d);
  if (d.outcome == outcome::deny) {
    bool amount = d.offer && d.offer->amount;
    return amount ? "offer " + d.offer->amount->to_string() : "stop";
  }
  std::string out;
  for (const obligation& o : d.obligations) {
    if (o.certain) out += (out.empty() ? "" : ", ") + o.id;
  }
  return out.empty() ? "do it" : "do it, with " + out;
}

// The finding that carries the outcome; of several, the first in the decision's fixed order.
const finding* deciding(const decision& d) {
  auto speaks = [&](const finding& f) { return !f.lifted && f.outcome == d.outcome; };
  auto found = std::ranges::find_if(d.findings, speaks);
  return found == d.findings.end() ? nullptr : &*found;
}

}  // namespace

std::string table_head(const terminal& on) {
  auto head = cell("request", request_width) + "  " + cell("action", action_width) + "  " +
              cell("amount", amount_width) + "  " + cell("decision", outcome_width) + "  " +
              cell("next", next_width) + "  what spoke";
  return on.painted(head, paint::bold) + '\n';
}

std::string table_row(const request& r, const decision& d, const terminal& on,
                      const std::optional<desk_place>& at) {
  const bool as_decided = !at || at->is_as_decided(d.outcome);
  const auto& decided = d.amount ? d.amount : r.action.amount;
  const auto& amount = at && at->amount ? at->amount : decided;
  const finding* why = deciding(d);
  std::string spoke;
  if (why != nullptr) {
    spoke = std::string(to_string(why->code));
    if (!why->rule.empty()) spoke += ' ' + printable(why->rule.str());
  }
  return cell(r.id.str(), request_width) + "  " + cell(r.action.kind.str(), action_width) + "  " +
         cell(amount ? amount->to_string() : "-", amount_width) + "  " +
         on.painted(cell(as_decided ? to_string(d.outcome) : to_string(at->state), outcome_width),
                    colour_of(d, at)) +
         "  " + cell(as_decided ? next_in_short(d) : next_in_words(*at), next_width) + "  " +
         spoke + (at && at->repeated ? " (decided before)" : "") + '\n';
}

}  // namespace leeway::cli
