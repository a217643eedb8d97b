// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_page.hpp"

#include "cli/terminal.hpp"
#include "cli/tree.hpp"
#include "cli/words.hpp"
#include "engine/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace leeway::cli {
namespace {

class page {
 public:
  page(const policy& p, const request& r, const explanation& e, const terminal& on)
      : policy_(p), request_(r), e_(e), d_(e.decision), on_(on) {}

  std::string text() && {
    head();
    changes();
    reasons();
    along_with_it();
    due();
    limits();
    silent();
    foot();
    return std::move(text_);
  }

 private:
  void section(std::string_view title) {
    text_ += fmt::format("\n{}\n", on_.painted(title, paint::bold));
  }
  void line(std::string_view text) { text_ += fmt::format("  - {}\n", text); }
  void inner(std::string_view text) { text_ += fmt::format("      {}\n", text); }

  void head() {
    std::string what = printable(request_.action.kind.str());
    const auto& amount = d_.amount ? d_.amount : request_.action.amount;
    if (amount) what += ' ' + amount->to_string();
    text_ += fmt::format("{}  {}  {}\n", on_.painted(headline(d_.outcome), colour_of(d_.outcome)),
                         what, on_.painted("request " + printable(d_.request.str()), paint::dim));
    text_ += fmt::format("{}\n", printable(e_.answer));
  }

  // ---------------------------------------------------------------- what would change it

  void changes() {
    const bool offers = d_.offer && (d_.offer->amount || !d_.offer->alternatives.empty());
    if (e_.questions.empty() && e_.approvals.empty() && e_.remedies.empty() &&
        e_.releases.empty() && !offers) {
      return;
    }
    section("what would change it");
    for (const auto& q : engine::in_asking_order(policy_.impl(), e_.questions)) question(q);
    for (const auto& a : e_.approvals) line(approval_in_words(a));
    for (const auto& hint : e_.remedies) {
      line(printable(hint.text) + dimmed(place_in_words({}, hint.rule.str())));
    }
    if (offers) offer_lines(*d_.offer);
    for (const auto& free : e_.releases) {
      line(fmt::format("wait: {} begins to free up at {}", printable(free.rule.str()),
                       free.at.to_string()));
    }
  }

  void question(const open_question& q) {
    std::string out = question_in_words(q);
    if (!q.about.empty() && !is_about_history(q)) out += ", " + printable(q.about);
    std::vector<std::string> ids;
    for (const auto& id : q.rules) ids.push_back(id.str());
    line(out + dimmed(place_in_words({}, joined(ids, ", "))));
  }

  void offer_lines(const offer& o) {
    if (o.amount) line("offer " + o.amount->to_string() + " instead: you may do that now");
    for (const auto& other : o.alternatives) {
      std::string out = "or do " + printable(other.kind.str());
      if (other.amount)
        out += (is_exact(policy_, other.kind) ? " " : " up to ") + other.amount->to_string();
      line(out + " instead");
    }
  }

  // ---------------------------------------------------------------- why

  // That nothing is due is why more than that is denied.
  outcome weight_of(const finding& f) const {
    if (f.code == reason_code::requirement_not_met) return d_.outcome;
    return f.lifted ? outcome::approve : f.outcome;
  }

  void reasons() {
    for (const outcome o : {outcome::deny, outcome::escalate, outcome::approve}) {
      bool begun = false;
      for (const auto& one : e_.spoken) {
        const auto& f = d_.findings[one.finding];
        if (weight_of(f) != o) continue;
        if (!begun) section(title_of(o));
        begun = true;
        reason(f, one.readings);
      }
    }
  }

  static std::string_view title_of(outcome o) {
    switch (o) {
      case outcome::deny: return "what forbids it";
      case outcome::escalate: return "what stands in the way";
      case outcome::approve: return "what allows it, or agrees";
    }
    return "";
  }

  void reason(const finding& f, const std::vector<reading>& readings) {
    line(sentence_in_words(f) + dimmed(place_in_words(f.source, f.rule.str())));
    for (const auto& one : evidence(f)) inner(printable(one));
    // How what is due came about has a place of its own.
    if (f.part != finding_part::entitlement || e_.due.empty()) trees(readings);
  }

  std::string dimmed(const std::string& text) const {
    return text.empty() ? text : ' ' + on_.painted(text, paint::dim);
  }

  void trees(const std::vector<reading>& readings) {
    for (const auto& r : readings) trees_.add(r.of + ": ", r.tree, 6, text_);
  }

  // ---------------------------------------------------------------- the rest

  void along_with_it() {
    if (d_.obligations.empty()) return;
    section("to be done along with it");
    for (const obligation& o : d_.obligations) {
      line(obligation_in_words(o) + dimmed(place_in_words({}, o.rule.str())));
    }
  }

  void due() {
    if (!d_.due) return;
    section("owed to the customer");
    line(d_.due->to_string());
    trees(e_.due);
  }

  void limits() {
    if (d_.limits.empty()) return;
    section("budgets, before this");
    for (const limit& l : d_.limits) {
      line(fmt::format("{}: {}", printable(l.id.str()), limit_in_words(l)));
    }
  }

  void silent() {
    if (e_.silent.empty()) return;
    section("what was silent");
    for (const auto& one : e_.silent) {
      std::string what = one.because.empty() ? std::string(to_string(one.part)) : one.because;
      line(printable(what) + dimmed(place_in_words(one.source, one.rule.str())));
      inner(printable(one.why));
      if (one.readings.empty()) {
        for (const auto& a : one.atoms) inner(atom(a));
      }
      trees(one.readings);
    }
  }

  static std::string atom(const deciding_atom& a) {
    auto out = on_one_line(a.expression);
    if (!a.result) return out + " is not known";
    out += *a.result ? " is true" : " is false";
    const std::string actual = a.actual.to_string();
    const bool bare = actual == "true" || actual == "false" || actual.empty();
    return bare ? out : out + " (found " + printable(actual) + ")";
  }

  void foot() {
    if (d_.basis == basis::discretion) {
      section("outside the lines");
      line("by discretion " + printable(d_.discretion.str()) +
           (d_.ratification ? "; a manager reviews it afterwards" : ""));
    }
    if (!d_.protection.empty()) {
      section("protection");
      line(printable(d_.protection));
    }
    const auto& title = policy_.document().title;
    text_ += '\n' +
             on_.painted(fmt::format("decided under {}{} version {} at {}",
                                     title.empty() ? "" : printable(title) + ", ",
                                     printable(d_.policy.id.str()), printable(d_.policy.version),
                                     d_.at.to_string()),
                         paint::dim) +
             '\n';
  }

  const policy& policy_;
  const request& request_;
  const explanation& e_;
  const decision& d_;
  const terminal& on_;
  std::string text_{};
  tree_printer trees_{on_};
};

}  // namespace

std::string explanation_page(const policy& p, const request& r, const explanation& e,
                             const terminal& on) {
  return page(p, r, e, on).text();
}

}  // namespace leeway::cli
