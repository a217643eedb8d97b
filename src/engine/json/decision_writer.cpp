// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"
#include "engine/json/trees.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/json.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <utility>

namespace leeway::engine_json {
namespace {

using model_json::utf8_text;
using nlohmann::ordered_json;

template <class Printable>
ordered_json or_null(const std::optional<Printable>& thing) {
  return thing ? ordered_json(thing->to_string()) : ordered_json();
}

}  // namespace

ordered_json atom_tree(const deciding_atom& a) {
  ordered_json out = ordered_json::object();
  out["expression"] = utf8_text(a.expression);
  put_text(out, "actual", a.actual.to_string());
  put_text(out, "bound", a.bound.to_string());
  out["result"] = a.result ? ordered_json(*a.result) : ordered_json();
  return out;
}

namespace {

/// `under 50.00 USD`.
std::string bound_in_words(const finding& f) {
  std::string out = f.relation;
  if (!out.empty()) out += ' ';
  return out += utf8_text(f.bound->to_string());
}

}  // namespace

ordered_json reason_tree(const finding& f) {
  ordered_json out = ordered_json::object();
  put_head(out, f);
  out["text"] = utf8_text(text(f));
  put_text(out, "source", f.source);
  if (f.actual) out["actual"] = utf8_text(f.actual->to_string());
  if (f.bound) out["bound"] = bound_in_words(f);
  put_text(out, "remedy", f.remedy);
  if (!f.atoms.empty()) out["atoms"] = list_tree<ordered_json>(f.atoms, atom_tree);
  if (!f.missing.empty()) out["missing"] = names_tree<ordered_json>(f.missing);
  if (f.lifted) out["lifted"] = true;
  put_text(out, "detail", f.detail);
  return out;
}

namespace {

ordered_json need_tree(const need& n) {
  ordered_json out = ordered_json::object();
  if (n.what == need::kind::approval) {
    ordered_json approval = ordered_json::object();
    approval["any_of"] = names_tree<ordered_json>(n.any_of);
    approval["distinct"] = n.distinct;
    out["approval"] = std::move(approval);
  } else {
    out["fact"] = utf8_text(n.fact);
    put_text(out, "ask", n.ask);
  }
  out["rules"] = names_tree<ordered_json>(n.rules);
  return out;
}

}  // namespace

ordered_json limit_tree(const limit& l) {
  ordered_json out = ordered_json::object();
  put_limit(out, l, "limit");
  return out;
}

ordered_json obligation_tree(const obligation& o) {
  ordered_json out = ordered_json::object();
  out["id"] = utf8_text(o.id);
  put_text(out, "to", o.to);
  put_text(out, "by", o.by);
  put_text(out, "text", o.text);
  put_text(out, "rule", o.rule.str());
  out["certain"] = o.certain;
  return out;
}

namespace {

ordered_json offer_tree(const offer& o) {
  ordered_json out = ordered_json::object();
  out["amount"] = or_null(o.amount);
  out["alternatives"] = list_tree<ordered_json>(o.alternatives, [](const offer::alternative& a) {
    ordered_json one = ordered_json::object();
    one["kind"] = utf8_text(a.kind.str());
    put(one, "amount", a.amount);
    return one;
  });
  return out;
}

ordered_json policy_tree(const policy_reference& p) {
  ordered_json out = ordered_json::object();
  out["id"] = utf8_text(p.id.str());
  out["version"] = utf8_text(p.version);
  out["digest"] = p.digest.to_string();
  return out;
}

}  // namespace

ordered_json decision_tree(const decision& d) {
  ordered_json out = ordered_json::object();
  out["decision"] = utf8_text(d.id().str());
  out["request"] = utf8_text(d.request.str());
  out["outcome"] = std::string(to_string(d.outcome));
  out["next"] = std::string(to_string(d.next));
  out["policy"] = policy_tree(d.policy);
  out["at"] = d.at.to_string();
  out["needs"] = list_tree<ordered_json>(d.needs, need_tree);
  out["reasons"] = list_tree<ordered_json>(d.findings, reason_tree);
  out["offer"] = d.offer ? offer_tree(*d.offer) : ordered_json();
  out["due"] = or_null(d.due);
  out["obligations"] = list_tree<ordered_json>(d.obligations, obligation_tree);
  out["limits"] = list_tree<ordered_json>(d.limits, limit_tree);
  out["basis"] = std::string(to_string(d.basis));
  out["ratification"] = d.ratification;
  put_text(out, "discretion", d.discretion.str());
  out["protection"] = d.protection.empty() ? ordered_json() : ordered_json(utf8_text(d.protection));
  return out;
}

}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const decision& d) { return json::dump(engine_json::decision_tree(d)); }

}  // namespace leeway
