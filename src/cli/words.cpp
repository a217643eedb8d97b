// SPDX-License-Identifier: Apache-2.0
#include "cli/words.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace leeway::cli {

std::string_view headline(outcome o) {
  switch (o) {
    case outcome::approve: return "APPROVE";
    case outcome::escalate: return "ESCALATE";
    case outcome::deny: return "DENY";
  }
  return "";
}

paint colour_of(outcome o) {
  switch (o) {
    case outcome::approve: return paint::green;
    case outcome::escalate: return paint::yellow;
    case outcome::deny: return paint::red;
  }
  return paint::bold;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string on_one_line(const std::string& text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_blank) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return printable(out);
}

std::string cut(std::string_view text, std::size_t width) {
  if (utf8::size(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end) {
    if (utf8::is_continuation(text[end])) continue;
    if (++kept == width) break;
  }
  return std::string(text.substr(0, end)) + '~';
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t taken = utf8::size(text);
  if (taken < width) out.append(width - taken, ' ');
  return out;
}

bool is_exact(const policy& under, const action_kind& kind) {
  const auto& all = under.document().actions;
  const auto found = std::ranges::find(all, kind, &action_definition::id);
  return found != all.end() && found->amount != amount_mode::any;
}

std::string reach_in_words(const amount_reach& reach) {
  if (reach.unlimited) return "without a limit";
  return reach.amount ? "up to " + reach.amount->to_string() : std::string{};
}

namespace {

/// `Team lead (team_lead)`, or the role alone where it has no title.
std::string role_in_words(const approver& a) {
  const auto id = printable(a.role.str());
  return a.title.empty() ? id : printable(a.title) + " (" + id + ")";
}

}  // namespace

std::string approval_in_words(const approval_choice& a) {
  constexpr std::size_t most = 4;
  std::vector<std::string> names;
  for (const auto& role : a.any_of) {
    if (names.size() == most) break;
    const auto reach = reach_in_words(role.up_to);
    names.push_back(role_in_words(role) + (reach.empty() ? "" : ", " + reach));
  }
  auto out =
      (a.distinct ? "approval of another person: " : "approval of ") + joined(names, "; or ");
  if (a.any_of.size() > most) out += fmt::format("; or {} more roles", a.any_of.size() - most);
  return out;
}

std::string sentence_in_words(const finding& f) {
  const bool bare = f.because.empty() && f.code == reason_code::not_delegated;
  return bare ? "this is not the agent's own to decide" : printable(sentence(f));
}

bool is_about_history(const open_question& q) { return q.fact == "history"; }

std::string question_in_words(const open_question& q) {
  if (is_about_history(q) && !q.about.empty()) return printable(q.about);
  if (is_about_history(q)) return "find out what was granted before";
  return q.ask.empty() ? "find out " + printable(q.fact)
                       : "ask: " + printable(q.ask) + " (" + printable(q.fact) + ")";
}

std::string obligation_in_words(const obligation& o) {
  std::string out = o.text.empty() ? printable(o.id) : printable(o.text);
  const bool goes_on = !o.to.empty() || !o.by.empty();
  if (goes_on && out.ends_with('.')) out.pop_back();
  if (!o.to.empty()) out += ", to " + printable(o.to);
  if (!o.by.empty()) out += ", by " + printable(o.by);
  if (!o.certain) out += " (it may apply)";
  return out;
}

std::string limit_in_words(const limit& l) {
  std::vector<std::string> parts;
  if (l.amount) {
    parts.push_back(l.left ? l.left->to_string() + " left of " + l.amount->to_string()
                           : "up to " + l.amount->to_string());
  }
  if (l.count) {
    parts.push_back(l.count_left ? fmt::format("{} left of {} times", *l.count_left, *l.count)
                                 : fmt::format("up to {} times", *l.count));
  }
  if (!l.used && !l.count_used) parts.emplace_back("what was used is not known");
  if (l.resets) parts.push_back("more from " + l.resets->to_string());
  return joined(parts, ", ");
}

std::string place_in_words(const std::string& source, const std::string& rule) {
  if (source.empty() && rule.empty()) return {};
  const bool both = !source.empty() && !rule.empty();
  return '[' + printable(source) + (both ? ", " : "") + printable(rule) + ']';
}

}  // namespace leeway::cli
