// SPDX-License-Identifier: Apache-2.0
// Findings as sentences, rendered on demand.
#include "engine/rules.hpp"

#include <leeway/engine/decision.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leeway {
namespace {

constexpr std::string_view in_total = "in total";

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

// How the quantity and its bound are introduced, by what spoke.
struct wording {
  std::string_view actual;
  std::string_view bound;
};

wording words_for(const finding& f) {
  switch (f.part) {
    case finding_part::budget:
      if (f.code == reason_code::usage_unknown) return {"with this one at least ", "allowed "};
      return {"with this one ", "allowed "};
    case finding_part::entitlement: return {"proposed ", "due "};
    case finding_part::discretion: return {"would come to ", "allowed "};
    default: return {"proposed ", "allowed "};
  }
}

// INVARIANT: what was found and its bound are known.
void append_comparison(std::string& out, const finding& f) {
  const wording words = words_for(f);
  const bool total = f.part == finding_part::authority && f.detail == in_total;
  out.append(total ? "in total " : words.actual).append(f.actual->to_string()).append(", ");
  out.append(words.bound);
  if (f.part != finding_part::entitlement && !f.relation.empty()) out.append(f.relation) += ' ';
  out.append(f.bound->to_string());
}

/// Whether the expression says the bound itself: `3`, or `money('30 USD')` for `30.00 USD`.
bool spells(const std::string& expression, const std::string& bound) {
  if (expression.find(bound) != std::string::npos) return true;
  const std::size_t point = bound.find(".00 ");
  return point != std::string::npos &&
         expression.find(bound.substr(0, point) + bound.substr(point + 3)) != std::string::npos;
}

/// What a comparison's other side came to, where it is a fact, a value or a row of a table.
std::string other_side(const deciding_atom& a) {
  const std::string whole = a.bound.to_string();
  const std::size_t space = whole.find(' ');
  if (space == std::string::npos || whole.find_first_of("=!<>") != 0) return {};
  const std::string bound = whole.substr(space + 1);
  return spells(a.expression, bound) ? std::string{} : ", against " + bound;
}

void append_atom(std::string& out, const deciding_atom& a) {
  out.append(a.expression);
  out.append(!a.result ? " is not known" : *a.result ? " is true" : " is false");
  if (!a.result) return;
  // A fact that stands alone says its value itself; of a comparison the values found are told.
  const std::string actual = a.actual.to_string();
  const bool bare = actual == "true" || actual == "false";
  if (bare || actual.empty()) return;
  out.append(" (found ").append(actual).append(other_side(a)) += ')';
}

std::string_view sentence_of(const finding& f) {
  if (f.code == reason_code::signoff_not_valid && !f.detail.empty()) return f.detail;
  return f.because.empty() ? meaning(f.code) : std::string_view(f.because);
}

/// Whether it turns on what fails, of which nothing may be unknown. Of an obligation the code does
/// not say so: where it fails, the detail is the error and not its id.
bool cannot_be_computed(const finding& f) {
  if (f.missing.empty()) return false;
  return f.code == reason_code::condition_error ||
         (f.code == reason_code::obligation && f.detail.starts_with(engine::failed_obligation));
}

void append_missing(std::string& out, const finding& f) {
  if (!cannot_be_computed(f)) {
    out.append("not known: ").append(joined(f.missing));
    return;
  }
  std::string_view error = f.detail;
  if (f.code == reason_code::obligation) error.remove_prefix(engine::failed_obligation.size());
  out.append("cannot be worked out from ").append(joined(f.missing));
  if (!error.empty()) out.append(": ").append(error);
}

/// Tells each line of the evidence; `next()` is the text that the next line is appended to.
template <class Next>
void tell_evidence(const finding& f, const Next& next) {
  const bool approves = f.outcome == outcome::approve && !f.lifted;
  const bool plain_authority = approves && f.part == finding_part::authority;
  if (f.actual && f.bound && !plain_authority) append_comparison(next(), f);
  if (!approves || f.code == reason_code::requirement_not_met) {
    for (const deciding_atom& a : f.atoms) append_atom(next(), a);
  }
  if (f.code == reason_code::approval_given) {
    next().append("approved by ").append(f.detail);
  } else if (!f.detail.empty() && f.code != reason_code::obligation &&
             f.code != reason_code::signoff_not_valid && f.detail != in_total &&
             !cannot_be_computed(f)) {
    next().append(f.detail);
  }
  if (!f.missing.empty()) append_missing(next(), f);
  if (f.lifted) next().append("lifted by discretion");
  if (!f.overlay.empty() && !approves) next().append("by overlay ").append(f.overlay.view());
}

}  // namespace

std::string sentence(const finding& f) { return std::string(sentence_of(f)); }

std::vector<std::string> evidence(const finding& f) {
  std::vector<std::string> out;
  tell_evidence(f, [&out]() -> std::string& { return out.emplace_back(); });
  return out;
}

std::string text(const finding& f) {
  constexpr std::size_t usual = 160;
  std::string out;
  out.reserve(usual);
  out.append(sentence_of(f));
  bool first = true;
  const bool closes = out.ends_with('.');
  tell_evidence(f, [&]() -> std::string& {
    out.append(!first ? "; " : closes ? " (" : ": ");
    first = false;
    return out;
  });
  if (closes && !first) out += ')';
  return out;
}

}  // namespace leeway
