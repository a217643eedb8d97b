// SPDX-License-Identifier: Apache-2.0
// Findings as sentences, rendered on demand.
#include <leeway/engine/decision.hpp>

#include <string>

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

std::string comparison(const finding& f) {
  if (!f.actual || !f.bound) return {};
  auto words = words_for(f);
  bool total = f.part == finding_part::authority && f.detail == in_total;
  auto out = std::string(total ? "in total " : words.actual) + f.actual->to_string() + ", " +
             std::string(words.bound);
  if (f.part == finding_part::entitlement) return out + f.bound->to_string();
  return out + (f.relation.empty() ? "" : f.relation + " ") + f.bound->to_string();
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

std::string atom_text(const deciding_atom& a) {
  if (!a.result) return a.expression + " is not known";
  // A fact that stands alone says its value itself; of a comparison the values found are told.
  const std::string actual = a.actual.to_string();
  bool bare = actual == "true" || actual == "false";
  auto out = a.expression + (*a.result ? " is true" : " is false");
  if (bare || actual.empty()) return out;
  return out + " (found " + actual + other_side(a) + ")";
}

}  // namespace

std::string sentence(const finding& f) {
  if (f.code == reason_code::signoff_not_valid && !f.detail.empty()) return f.detail;
  return f.because.empty() ? std::string(meaning(f.code)) : f.because;
}

std::vector<std::string> evidence(const finding& f) {
  std::vector<std::string> out;
  bool approves = f.outcome == outcome::approve && !f.lifted;
  auto compared = comparison(f);
  bool plain_authority = approves && f.part == finding_part::authority;
  if (!compared.empty() && !plain_authority) out.push_back(compared);
  if (!approves || f.code == reason_code::requirement_not_met) {
    for (const auto& a : f.atoms) out.push_back(atom_text(a));
  }
  if (f.code == reason_code::approval_given) {
    out.push_back("approved by " + f.detail);
  } else if (!f.detail.empty() && f.code != reason_code::obligation &&
             f.code != reason_code::signoff_not_valid && f.detail != in_total) {
    out.push_back(f.detail);
  }
  if (!f.missing.empty()) out.push_back("not known: " + joined(f.missing));
  if (f.lifted) out.emplace_back("lifted by discretion");
  if (!f.overlay.empty() && !approves) out.push_back("by overlay " + f.overlay.str());
  return out;
}

std::string text(const finding& f) {
  auto out = sentence(f);
  auto lines = evidence(f);
  if (lines.empty()) return out;
  out += out.ends_with('.') ? " (" : ": ";
  bool closes = out.ends_with('(');
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "" : "; ") + lines[i];
  return closes ? out + ")" : out;
}

}  // namespace leeway
