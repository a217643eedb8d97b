// SPDX-License-Identifier: Apache-2.0
#include "reference/core.hpp"

namespace leeway::reference {
namespace {

std::string listed(const name_set& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : "|") + name;
  return out;
}

std::string to_text(const wanted& w) {
  const auto what =
      w.fact.empty() ? (w.distinct ? "distinct " : "") + listed(w.any_of) : "fact " + w.fact;
  return what + " (" + listed(w.rules) + ")";
}

std::string to_text(const spoken& s) {
  std::string out = std::string(to_string(s.part)) + " " + s.rule + " " +
                    std::string(to_string(s.code)) + " " + std::string(to_string(s.outcome));
  if (!s.overlay.empty()) out += " overlay=" + s.overlay;
  if (s.lifted) out += " lifted";
  if (!s.actual.empty()) out += " actual=" + s.actual;
  if (!s.bound.empty()) out += " bound=" + s.relation + " " + s.bound;
  if (!s.missing.empty()) out += " missing=" + listed(s.missing);
  for (const auto& n : s.needs) out += " [" + to_text(n) + "]";
  return out;
}

wanted wanted_of(const need& n) {
  wanted out{.fact = n.fact, .distinct = n.distinct};
  for (const auto& role : n.any_of) out.any_of.insert(role.str());
  for (const auto& rule : n.rules) out.rules.insert(rule.str());
  return out;
}

spoken spoken_of(const finding& f) {
  spoken out{.part = f.part,
             .rule = f.rule.str(),
             .code = f.code,
             .outcome = f.outcome,
             .overlay = f.overlay.str(),
             .lifted = f.lifted,
             .relation = f.relation,
             .missing = {f.missing.begin(), f.missing.end()}};
  if (f.actual) out.actual = f.actual->to_string();
  if (f.bound) out.bound = f.bound->to_string();
  for (const auto& n : f.needs) out.needs.insert(wanted_of(n));
  return out;
}

}  // namespace

std::string to_text(const limit& l) {
  auto shown = [](const auto& x) {
    if constexpr (requires { x->to_string(); })
      return x ? x->to_string() : std::string("?");
    else
      return x ? std::to_string(*x) : std::string("?");
  };
  return l.id.str() + (l.hard ? " hard" : " soft") + " amount " + shown(l.amount) + " used " +
         shown(l.used) + " left " + shown(l.left) + " count " + shown(l.count) + " used " +
         shown(l.count_used) + " left " + shown(l.count_left) + " resets " + shown(l.resets);
}

core core_of(const decision& d) {
  core out{.outcome = d.outcome,
           .amount = d.amount,
           .due = d.due,
           .basis = d.basis,
           .ratification = d.ratification,
           .discretion = d.discretion.str()};
  for (const auto& n : d.needs) out.needs.insert(wanted_of(n));
  for (const auto& f : d.findings) out.findings.insert(spoken_of(f));
  for (const auto& o : d.obligations) {
    out.obligations.insert(o.rule.str() + ": " + o.id + (o.certain ? "" : " perhaps"));
  }
  for (const auto& l : d.limits) out.limits.insert(to_text(l));
  return out;
}

std::string to_text(const core& c) {
  std::string out = std::string(to_string(c.outcome)) + " amount " +
                    (c.amount ? c.amount->to_string() : "-") + " due " +
                    (c.due ? c.due->to_string() : "-") + " basis " +
                    std::string(to_string(c.basis)) + (c.ratification ? " ratification" : "") +
                    (c.discretion.empty() ? "" : " by " + c.discretion) + "\n";
  for (const auto& n : c.needs) out += "  need " + to_text(n) + "\n";
  for (const auto& f : c.findings) out += "  " + to_text(f) + "\n";
  for (const auto& o : c.obligations) out += "  oblige " + o + "\n";
  for (const auto& l : c.limits) out += "  limit " + l + "\n";
  return out;
}

}  // namespace leeway::reference
