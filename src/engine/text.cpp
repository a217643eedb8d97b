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

std::string comparison(const finding& f) {
  if (!f.actual || !f.bound) return {};
  auto out = f.actual->to_string() + " against " + f.relation +
             (f.relation.empty() ? "" : " ") + f.bound->to_string();
  return f.detail.empty() || f.part != finding_part::authority ? out : out + " " + f.detail;
}

std::string decisive_atom(const finding& f) {
  std::string out;
  for (const auto& a : f.atoms) {
    if (!out.empty()) out += "; ";
    out += a.expression + " (" + (a.actual.empty() ? "unknown" : "is " + a.actual) + ")";
  }
  return out;
}

}  // namespace

std::string text(const finding& f) {
  std::string out = f.because.empty() ? std::string(meaning(f.code)) : f.because;
  if (f.code == reason_code::signoff_not_valid) return f.detail;
  if (!f.because.empty() && f.outcome != outcome::approve) {
    out += " (" + std::string(meaning(f.code)) + ")";
  }
  auto compared = comparison(f);
  auto atoms = decisive_atom(f);
  if (!compared.empty()) {
    out += ": " + compared;
  } else if (!atoms.empty()) {
    out += ": " + atoms;
  } else if (!f.detail.empty()) {
    out += ": " + f.detail;
  }
  if (!f.missing.empty()) out += "; not known: " + joined(f.missing);
  if (f.lifted) out += "; lifted by discretion";
  return out;
}

}  // namespace leeway
