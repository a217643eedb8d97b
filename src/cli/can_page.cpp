// SPDX-License-Identifier: Apache-2.0
#include "cli/can_page.hpp"

#include "base/utf8.hpp"
#include "cli/terminal.hpp"
#include "cli/words.hpp"
#include "engine/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace leeway::cli {
namespace {

std::string range_in_words(const amount_range& range) {
  if (!range.to) return "from " + range.from.to_string() + " on";
  if (range.from == *range.to) return range.from.to_string();
  return range.from.to_string() + " to " + range.to->to_string();
}

/// Whether the approved amounts are all from the smallest on.
bool is_plain(const std::vector<amount_range>& ranges) {
  return ranges.size() == 1 && ranges.front().from.minor() <= 1;
}

std::string ranges_in_words(const capability& c) {
  if (is_plain(c.ranges)) return reach_in_words(c.largest);
  std::vector<std::string> parts;
  for (const auto& range : c.ranges) parts.push_back(range_in_words(range));
  return joined(parts, ", ");
}

/// `up to 49.99 USD`, `50.00 USD, which is due`, `yes`, `not alone`, `no`.
std::string allowance(const capability& c) {
  if (!c.allowed) {
    if (c.beyond_outcome == outcome::deny) return "no";
    return c.questions.empty() ? "not alone" : "not yet";
  }
  switch (c.mode) {
    case amount_mode::no_amount: return "yes";
    case amount_mode::fixed: return c.amount ? c.amount->to_string() + ", fixed" : "yes";
    case amount_mode::due: return c.amount ? c.amount->to_string() + ", which is due" : "yes";
    case amount_mode::any: break;
  }
  return ranges_in_words(c);
}

paint colour_of(const capability& c) {
  if (c.allowed) return paint::green;
  return c.beyond_outcome == outcome::deny ? paint::red : paint::yellow;
}

/// Whether a finding only waits for facts: the questions tell that, and beside a denial it is moot.
bool only_waits(const capability& c, const finding& f) {
  // Of what cannot be computed the questions do not tell why.
  if (f.code == reason_code::condition_error) return false;
  return f.outcome == outcome::escalate && !f.missing.empty() &&
         (!c.questions.empty() || c.beyond_outcome == outcome::deny);
}

/// What is worth telling an agent, denials first: nothing lifts them.
std::vector<const finding*> by_weight(const capability& c) {
  std::vector<const finding*> out;
  for (const outcome o : {outcome::deny, outcome::escalate}) {
    for (const auto& f : c.in_the_way) {
      if (f.outcome == o && !only_waits(c, f)) out.push_back(&f);
    }
  }
  return out;
}

class page {
 public:
  explicit page(const terminal& on) : on_(on) {}

  void head(const policy& p, const request& r) {
    std::vector<std::string> roles;
    for (const auto& role : r.agent.all_roles()) roles.push_back(printable(role.str()));
    text_ += fmt::format(
        "{}\n", on_.painted(fmt::format("what {} ({}) may do{} at {}", printable(r.agent.id.str()),
                                        roles.empty() ? "no role" : joined(roles, ", "), whom(r),
                                        r.at.to_string()),
                            paint::bold));
    text_ += on_.painted(fmt::format("under {} version {}", printable(p.id().str()),
                                     printable(p.version())),
                         paint::dim) +
             '\n';
  }

  void one(const policy& p, const capability& c) {
    const auto name =
        printable(c.title.empty() ? c.action.str() : c.title + " (" + c.action.str() + ")");
    text_ += fmt::format("\n{}: {}\n", on_.painted(name, paint::bold),
                         on_.painted(allowance(c), colour_of(c)));
    owed(c);
    obstacles(c);
    for (const auto& q : engine::in_asking_order(p.impl(), c.questions)) question(q);
    for (const auto& a : c.approvals) line("with the " + approval_in_words(a));
    for (const auto& o : c.obligations) obligation_line(o);
    for (const auto& l : c.limits) note_limit(l, c.action);
  }

  void budgets() {
    if (budgets_.empty()) return;
    text_ += fmt::format("\n{}\n", on_.painted("budgets, before any of this", paint::bold));
    for (const auto& [id, states] : budgets_) {
      for (const auto& [figure, actions] : states) {
        const bool one = states.size() == 1;
        line(fmt::format("{}: {}{}", id, figure,
                         one ? "" : fmt::format(" (for {})", fmt::join(actions, ", "))));
      }
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  static std::string whom(const request& r) {
    std::string out;
    if (!r.customer.id.empty()) out += " for customer " + printable(r.customer.id.str());
    if (!r.contact.id.empty()) out += " in contact " + printable(r.contact.id.str());
    return out;
  }

  void line(std::string_view text) { text_ += fmt::format("    {}\n", text); }

  void owed(const capability& c) {
    if (!c.due || c.mode == amount_mode::due) return;
    line(c.due->to_string() + " is due" + (c.below_due_denied ? "; not less" : ""));
  }

  void obstacles(const capability& c) {
    for (const auto* f : by_weight(c)) {
      std::string out = c.allowed ? "not more: " : "why not: ";
      out += sentence_in_words(*f);
      const auto place = place_in_words(f->source, f->rule.str());
      if (!place.empty()) out += ' ' + on_.painted(place, paint::dim);
      line(out);
      if (!c.allowed) {
        for (const auto& one : evidence(*f)) line("    " + printable(one));
      }
      if (!f->remedy.empty()) line("    remedy: " + printable(f->remedy));
    }
  }

  void question(const open_question& q) { line(question_in_words(q)); }

  void obligation_line(const obligation& o) { line("along with it: " + obligation_in_words(o)); }

  // Most budgets stand the same for every action: those are told once, at the end.
  void note_limit(const limit& l, const action_kind& action) {
    budgets_[printable(l.id.str())][limit_in_words(l)].push_back(printable(action.str()));
  }

  const terminal& on_;
  std::string text_{};
  /// By id and figures: the actions that it stands so for.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> budgets_{};
};

// -------------------------------------------------------------------------------- the table

constexpr std::string_view heads[] = {"action", "largest", "what stands in the way of more",
                                      "who can"};

std::string obstacle_cell(const capability& c) {
  const auto all = by_weight(c);
  if (all.empty()) return c.questions.empty() ? "-" : "facts that are not known";
  const auto& f = *all.front();
  auto out = sentence_in_words(f);
  if (!f.rule.empty()) out += " [" + printable(f.rule.str()) + ']';
  if (all.size() > 1) out += fmt::format(" and {} more", all.size() - 1);
  return out;
}

std::string helper_cell(const capability& c) {
  std::vector<std::string> parts;
  constexpr std::size_t most = 3;
  for (const auto& q : c.questions) {
    if (parts.size() == most) break;
    parts.push_back(printable(q.fact) + '?');
  }
  if (c.questions.size() > most) {
    parts.push_back(fmt::format("{} more facts", c.questions.size() - most));
  }
  for (const auto& a : c.approvals) {
    const auto& nearest = a.any_of.front();
    auto out = (a.distinct ? "another " : "") + printable(nearest.role.str());
    const auto reach = reach_in_words(nearest.up_to);
    if (!reach.empty()) out += ' ' + reach;
    parts.push_back(out);
  }
  return parts.empty() ? "-" : joined(parts, " + ");
}

}  // namespace

std::string can_page(const policy& p, const request& r, const std::vector<capability>& all,
                     const terminal& on) {
  page out(on);
  out.head(p, r);
  for (const auto& c : all) out.one(p, c);
  out.budgets();
  return std::move(out).text();
}

std::string can_table(const std::vector<capability>& all, const terminal& on) {
  constexpr std::size_t widest[] = {28, 32, 56};
  std::vector<std::vector<std::string>> rows;
  std::size_t widths[3] = {utf8::size(heads[0]), utf8::size(heads[1]), utf8::size(heads[2])};
  for (const auto& c : all) {
    rows.push_back({printable(c.action.str()), allowance(c), obstacle_cell(c), helper_cell(c)});
    for (std::size_t i = 0; i < std::size(widest); ++i) {
      rows.back()[i] = cut(rows.back()[i], widest[i]);
      widths[i] = std::max(widths[i], utf8::size(rows.back()[i]));
    }
  }
  const auto cell = [&](std::string_view text, std::size_t column) {
    return padded(text, widths[column] + 2);
  };
  std::string head;
  for (std::size_t i = 0; i < 3; ++i) head += cell(heads[i], i);
  std::string out = on.painted(head + std::string(heads[3]), paint::bold) + '\n';
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += cell(rows[i][0], 0) + on.painted(cell(rows[i][1], 1), colour_of(all[i])) +
           cell(rows[i][2], 2) + rows[i][3] + '\n';
  }
  return out;
}

}  // namespace leeway::cli
