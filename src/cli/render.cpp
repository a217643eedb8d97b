// SPDX-License-Identifier: Apache-2.0
#include "cli/render.hpp"

#include "cli/terminal.hpp"
#include "cli/words.hpp"
#include "engine/asking.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace leeway::cli {
namespace {

template <class Names>
std::string named(const Names& names, std::string_view between) {
  std::vector<std::string> parts;
  for (const auto& name : names) {
    if constexpr (requires { name.str(); }) {
      parts.push_back(printable(name.str()));
    } else {
      parts.push_back(printable(name));
    }
  }
  return joined(parts, between);
}

std::string next_in_words(const decision& d) {
  const bool amount = d.offer && d.offer->amount;
  switch (d.next) {
    case next_step::do_it: return "do it";
    case next_step::ask_facts: return "ask for the facts below, then propose again";
    case next_step::get_approval: return "get the approval below";
    case next_step::offer_less:
      return amount ? "offer " + d.offer->amount->to_string() + " instead" : "offer less";
    case next_step::stop: return "stop: this cannot be done as proposed";
    case next_step::offer_due:
      return d.due ? "offer " + d.due->to_string() + ", which is due" : "offer what is due";
  }
  return {};
}

/// `approved as dec-..., held until ...`
std::string place_in_words(const decision& d, const desk_place& at) {
  std::string out =
      std::string(to_string(at.state)) + (at.repeated ? "; " : " as ") + printable(at.id.view());
  if (at.repeated) {
    out += fmt::format(" was decided at {}, as {}", d.at.to_string(), to_string(d.outcome));
  }
  if (at.due) {
    out += at.state == decision_state::approved  ? ", held until "
           : at.state == decision_state::settled ? ", to be reviewed by "
                                                 : ", due by ";
    out += at.due->to_string();
  }
  return out;
}

std::string heading(const finding& f, const std::string& words) {
  std::string out = fmt::format("{} {}", to_string(f.outcome), to_string(f.code));
  if (!f.rule.empty()) out += ' ' + printable(f.rule.str());
  out += ": " + printable(words);
  if (!f.source.empty()) out += " [" + printable(f.source) + ']';
  return out;
}

class page {
 public:
  explicit page(const terminal& on) : on_(on) {}

  void answer(const request& r, const decision& d, const std::optional<desk_place>& at) {
    std::string what = printable(r.action.kind.str());
    if (r.action.amount) what += ' ' + r.action.amount->to_string();
    text_ += fmt::format("{}  {}  {}\n", on_.painted(headline_of(d, at), colour_of(d, at)), what,
                         on_.painted("request " + printable(d.request.str()), paint::dim));
    const bool as_decided = !at || at->is_as_decided(d.outcome);
    text_ += fmt::format("next: {}\n", as_decided ? next_in_words(d) : next_in_words(*at));
    if (at) text_ += fmt::format("desk: {}\n", place_in_words(d, *at));
    if (at && at->supersedes_unknown) {
      text_ += fmt::format("supersedes {}, which was not decided here: is the name right?\n",
                           printable(r.supersedes.str()));
    }
    if (d.basis == basis::discretion) {
      text_ += fmt::format("outside the lines, by discretion {}: a manager will review it\n",
                           printable(d.discretion.str()));
    }
  }

  void section(std::string_view title) {
    text_ += fmt::format("\n{}\n", on_.painted(title, paint::bold));
  }
  void line(std::string_view text) { text_ += fmt::format("  {}\n", text); }
  void inner(std::string_view text) { text_ += fmt::format("      {}\n", text); }

  void reason(const finding& f) {
    line(fmt::format("- {}", heading(f, sentence(f))));
    for (const std::string& one : evidence(f)) inner(printable(one));
    if (!f.remedy.empty()) inner("remedy: " + printable(f.remedy));
  }

  std::string text() && { return std::move(text_); }

 private:
  const terminal& on_;
  std::string text_{};
};

void put_needs(page& out, const policy& under, const decision& d) {
  if (d.needs.empty()) return;
  out.section("needs");
  for (const need& n : engine::in_asking_order(under.impl(), d.needs)) {
    out.line("- " + describe(n));
  }
}

/// Less than is due is never offered.
std::string amounts_to_offer(const decision& d) {
  const auto& most = *d.offer->amount;
  if (!d.due || d.due->is_zero()) return "up to " + most.to_string();
  if (*d.due == most) return "exactly " + most.to_string() + ", which is due";
  return fmt::format("from {}, which is due, to {}", d.due->to_string(), most.to_string());
}

void put_offer(page& out, const policy& under, const decision& d) {
  if (!d.offer || (!d.offer->amount && d.offer->alternatives.empty())) return;
  out.section("you may offer now");
  if (d.offer->amount) out.line("- " + amounts_to_offer(d));
  for (const auto& other : d.offer->alternatives) {
    std::string line = "- " + printable(other.kind.str());
    if (other.amount) {
      line += (is_exact(under, other.kind) ? " " : " up to ") + other.amount->to_string();
    }
    out.line(line);
  }
}

void put_obligations(page& out, const decision& d) {
  if (d.obligations.empty()) return;
  out.section("must be done along with it");
  for (const obligation& o : d.obligations) {
    std::string line = "- " + printable(o.id);
    if (!o.to.empty()) line += ", to " + printable(o.to);
    if (!o.by.empty()) line += ", by " + printable(o.by);
    if (!o.text.empty()) line += ": " + printable(o.text);
    if (!o.certain) line += " (may apply)";
    out.line(line);
  }
}

std::string figures(const limit& l) {
  std::vector<std::string> parts;
  if (l.amount) parts.push_back("up to " + l.amount->to_string());
  if (l.used) parts.push_back("used " + l.used->to_string());
  if (l.left) parts.push_back("left " + l.left->to_string());
  if (l.count) parts.push_back(fmt::format("up to {} times", *l.count));
  if (l.count_used) parts.push_back(fmt::format("used {} times", *l.count_used));
  if (l.count_left) parts.push_back(fmt::format("left {} times", *l.count_left));
  if (!l.used && !l.count_used) parts.emplace_back("what was used is not known");
  if (l.resets) parts.push_back("frees up at " + l.resets->to_string());
  return joined(parts, ", ");
}

/// What decided comes first; what merely agreed comes last.
std::vector<const finding*> by_weight(const reusable_vector<finding>& findings) {
  std::vector<const finding*> out;
  for (const outcome o : {outcome::deny, outcome::escalate, outcome::approve}) {
    for (const finding& f : findings) {
      if ((f.lifted ? outcome::approve : f.outcome) == o) out.push_back(&f);
    }
  }
  return out;
}

void put_limits(page& out, const decision& d) {
  if (d.limits.empty()) return;
  out.section("limits before this");
  for (const limit& l : d.limits) {
    out.line(fmt::format("- {}: {}", printable(l.id.str()), figures(l)));
  }
}

}  // namespace

std::string describe(const need& n) {
  std::string out;
  if (n.what == need::kind::approval) {
    out = "approval of " + named(n.any_of, " or ");
    if (n.distinct) out += ", by another person";
  } else {
    out = "the fact " + printable(n.fact);
    if (!n.ask.empty()) out += ": ask \"" + printable(n.ask) + '"';
  }
  if (!n.rules.empty()) out += " (" + named(n.rules, ", ") + ')';
  return out;
}

std::string describe(const finding& f) { return heading(f, text(f)); }

bool desk_place::is_as_decided(outcome o) const {
  switch (state) {
    case decision_state::approved: return o == outcome::approve;
    case decision_state::waiting:
    case decision_state::asking: return o == outcome::escalate;
    case decision_state::denied: return o == outcome::deny;
    default: return false;
  }
}

std::string headline_of(const decision& d, const std::optional<desk_place>& at) {
  if (!at || at->is_as_decided(d.outcome)) return std::string(headline(d.outcome));
  if (at->state == decision_state::approved) return std::string(headline(outcome::approve));
  std::string out(to_string(at->state));
  for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
  return out;
}

paint colour_of(const decision& d, const std::optional<desk_place>& at) {
  if (!at || at->is_as_decided(d.outcome)) return colour_of(d.outcome);
  return at->state == decision_state::approved ? paint::green : paint::red;
}

std::string next_in_words(const desk_place& at) {
  const std::string amount = at.amount ? at.amount->to_string() : std::string();
  switch (at.state) {
    case decision_state::approved:
      return amount.empty() ? "do it, as granted" : "do it, for " + amount + ", as granted";
    case decision_state::settled:
      return "nothing: " + (amount.empty() ? "it was done" : amount + " is charged");
    case decision_state::voided: return "stop: it was voided";
    case decision_state::expired: return "stop: the hold ran out";
    case decision_state::declined: return "stop: an approver declined it";
    case decision_state::superseded: return "stop: another request took its place";
    default: return "stop";
  }
}

std::string render(const policy& under, const request& r, const decision& d, const terminal& on,
                   const std::optional<desk_place>& at) {
  page out(on);
  out.answer(r, d, at);
  if (d.due) out.line("due to the customer: " + d.due->to_string());
  out.section("why");
  for (const finding* f : by_weight(d.findings)) out.reason(*f);
  const bool as_decided = !at || at->is_as_decided(d.outcome);
  if (as_decided) {
    put_needs(out, under, d);
    put_offer(out, under, d);
  }
  if (as_decided || at->next == next_step::do_it) put_obligations(out, d);
  put_limits(out, d);
  if (!d.protection.empty()) {
    out.section("protection");
    out.line(printable(d.protection));
  }
  out.section("policy");
  out.line(fmt::format("{} version {}, {}", printable(d.policy.id.str()),
                       printable(d.policy.version), d.policy.digest.to_string()));
  return std::move(out).text();
}

}  // namespace leeway::cli
