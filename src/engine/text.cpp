// SPDX-License-Identifier: Apache-2.0
// Findings as sentences, rendered on demand.
#include <leeway/engine/decision.hpp>

#include <string>

namespace leeway {
namespace {

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
    case finding_part::budget: return {"with this one ", "allowed "};
    case finding_part::entitlement: return {"proposed ", "due "};
    case finding_part::discretion: return {"would come to ", "allowed "};
    default: return {"proposed ", "allowed "};
  }
}

std::string comparison(const finding& f) {
  if (!f.actual || !f.bound) return {};
  auto words = words_for(f);
  bool total = f.part == finding_part::authority && f.detail == "in total";
  auto out = std::string(total ? "in total " : words.actual) + f.actual->to_string() + ", " +
             std::string(words.bound);
  if (f.part == finding_part::entitlement) return out + f.bound->to_string();
  return out + (f.relation.empty() ? "" : f.relation + " ") + f.bound->to_string();
}

std::string atom_text(const deciding_atom& a) {
  if (!a.result) return a.expression + " is not known";
  // A fact that stands alone says its value itself; of a comparison the value found is told.
  bool bare = a.actual == "true" || a.actual == "false";
  auto out = a.expression + (*a.result ? " is true" : " is false");
  return bare || a.actual.empty() ? out : out + " (found " + a.actual + ")";
}

std::string decisive_atoms(const finding& f) {
  std::vector<std::string> parts;
  for (const auto& a : f.atoms) parts.push_back(atom_text(a));
  return joined(parts);
}

void append(std::string& out, const std::string& clause) {
  if (clause.empty()) return;
  if (!out.empty()) out += out.ends_with('.') ? " - " : "; ";
  out += clause;
}

}  // namespace

std::string text(const finding& f) {
  if (f.code == reason_code::signoff_not_valid) return f.detail;
  auto out = f.because.empty() ? std::string(meaning(f.code)) : f.because;
  auto compared = comparison(f);
  bool approves = f.outcome == outcome::approve && !f.lifted;
  if (!compared.empty() && !(approves && f.part == finding_part::authority)) append(out, compared);
  if (!approves) append(out, decisive_atoms(f));
  bool told = !compared.empty() && f.part == finding_part::authority;
  if (!f.detail.empty() && !told && f.code != reason_code::obligation) {
    append(out, f.code == reason_code::approval_given ? "approved by " + f.detail : f.detail);
  }
  if (!f.missing.empty()) append(out, "not known: " + joined(f.missing));
  if (f.lifted) append(out, "lifted by discretion");
  return out;
}

}  // namespace leeway
