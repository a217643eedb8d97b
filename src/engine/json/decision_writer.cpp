// SPDX-License-Identifier: Apache-2.0
#include "engine/json/texts.hpp"

#include <leeway/engine/json.hpp>

#include <string>

namespace leeway::engine_json {

void write(text_writer& to, const deciding_atom& a) {
  to.begin_object();
  put_text(to, "expression", a.expression);
  put_any(to, "actual", a.actual.to_string());
  put_any(to, "bound", a.bound.to_string());
  to.key("result");
  if (a.result) {
    to.boolean(*a.result);
  } else {
    to.null();
  }
  to.end_object();
}

void write_head(text_writer& to, const finding& f) {
  put_text(to, "code", to_string(f.code));
  put_text(to, "outcome", to_string(f.outcome));
  put_text(to, "part", to_string(f.part));
  put_any(to, "rule", f.rule.view());
  put_any(to, "overlay", f.overlay.view());
}

void write(text_writer& to, const finding& f) {
  to.begin_object();
  write_head(to, f);
  put_text(to, "text", text(f));
  put_any(to, "source", f.source);
  put_any(to, "actual", f.actual);
  if (f.bound) {
    // `under 50.00 USD`
    const std::string how = f.relation.empty() ? std::string{} : f.relation + ' ';
    put_text(to, "bound", how + f.bound->to_string());
  }
  put_any(to, "remedy", f.remedy);
  if (!f.atoms.empty()) put_list(to, "atoms", f.atoms);
  if (!f.missing.empty()) put_names(to, "missing", f.missing);
  if (f.lifted) put_truth(to, "lifted", true);
  put_any(to, "detail", f.detail);
  to.end_object();
}

namespace {

void write(text_writer& to, const need& n) {
  to.begin_object();
  if (n.what == need::kind::approval) {
    to.key("approval");
    to.begin_object();
    put_names(to, "any_of", n.any_of);
    put_truth(to, "distinct", n.distinct);
    to.end_object();
  } else {
    put_text(to, "fact", n.fact);
    put_any(to, "ask", n.ask);
  }
  put_names(to, "rules", n.rules);
  to.end_object();
}

}  // namespace

void write(text_writer& to, const limit& l) {
  to.begin_object();
  put_text(to, "id", l.id.view());
  put_truth(to, "hard", l.hard);
  put_any(to, "limit", l.amount);
  put_any(to, "used", l.used);
  put_any(to, "left", l.left);
  put_any(to, "count", l.count);
  put_any(to, "count_used", l.count_used);
  put_any(to, "count_left", l.count_left);
  put_any(to, "resets", l.resets);
  to.end_object();
}

void write(text_writer& to, const obligation& o) {
  to.begin_object();
  put_text(to, "id", o.id);
  put_any(to, "to", o.to);
  put_any(to, "by", o.by);
  put_any(to, "text", o.text);
  put_any(to, "rule", o.rule.view());
  put_truth(to, "certain", o.certain);
  to.end_object();
}

namespace {

void write(text_writer& to, const offer& o) {
  to.begin_object();
  put_or_null(to, "amount", o.amount);
  put_list(to, "alternatives", o.alternatives,
           [](text_writer& out, const offer::alternative& other) {
             out.begin_object();
             put_text(out, "kind", other.kind.view());
             put_any(out, "amount", other.amount);
             out.end_object();
           });
  to.end_object();
}

void write(text_writer& to, const policy_reference& p) {
  to.begin_object();
  put_text(to, "id", p.id.view());
  put_text(to, "version", p.version);
  put_text(to, "digest", p.digest.to_string());
  to.end_object();
}

}  // namespace

void write(text_writer& to, const decision& d) {
  to.begin_object();
  put_text(to, "decision", d.id().view());
  put_text(to, "request", d.request.view());
  put_text(to, "outcome", to_string(d.outcome));
  put_text(to, "next", to_string(d.next));
  to.key("policy");
  write(to, d.policy);
  put_text(to, "at", d.at.to_string());
  put_list(to, "needs", d.needs, [](text_writer& out, const need& n) { write(out, n); });
  put_list(to, "reasons", d.findings);
  to.key("offer");
  if (d.offer) {
    write(to, *d.offer);
  } else {
    to.null();
  }
  put_or_null(to, "due", d.due);
  put_list(to, "obligations", d.obligations);
  put_list(to, "limits", d.limits);
  put_text(to, "basis", to_string(d.basis));
  put_truth(to, "ratification", d.ratification);
  put_any(to, "discretion", d.discretion.view());
  to.key("protection");
  if (d.protection.empty()) {
    to.null();
  } else {
    to.text(d.protection);
  }
  to.end_object();
}

}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const decision& d) {
  constexpr std::size_t usual = 2000;
  std::string out;
  out.reserve(usual);
  append_json(d, out);
  return out;
}

void append_json(const decision& d, std::string& out) {
  json::text_writer to(out);
  engine_json::write(to, d);
  to.finish();
}

}  // namespace leeway
