// SPDX-License-Identifier: Apache-2.0
#include "engine/json/texts.hpp"

#include <leeway/engine/json.hpp>

#include <string>

namespace leeway::engine_json {
namespace {

void write(text_writer& to, const expression_part& p) {
  to.begin_object();
  put_text(to, "text", p.text);
  put_any(to, "item", p.item);
  // A condition's truth, another value as text, or null: not known.
  to.key("value");
  if (p.truth) {
    to.boolean(*p.truth);
  } else if (p.status == expression_part::state::known) {
    to.text(p.found);
  } else {
    to.null();
  }
  put_any(to, "error", p.error);
  if (!p.decides) put_truth(to, "decides", false);
  if (!p.parts.empty()) {
    put_list(to, "parts", p.parts,
             [](text_writer& out, const expression_part& part) { write(out, part); });
  }
  if (p.left_out != 0) {
    to.key("left_out");
    to.number(p.left_out);
  }
  to.end_object();
}

void put_readings(text_writer& to, std::string_view key, const std::vector<reading>& all) {
  put_list(to, key, all, [](text_writer& out, const reading& r) {
    out.begin_object();
    put_text(out, "of", r.of);
    out.key("tree");
    write(out, r.tree);
    out.end_object();
  });
}

void write(text_writer& to, const decision& d, const spoken_part& s) {
  to.begin_object();
  to.key("reason");
  to.number(s.finding);
  write_head(to, d.findings[s.finding]);
  put_readings(to, "readings", s.readings);
  to.end_object();
}

void write(text_writer& to, const silent_part& s) {
  to.begin_object();
  put_text(to, "part", to_string(s.part));
  put_any(to, "rule", s.rule.view());
  put_any(to, "text", s.because);
  put_any(to, "source", s.source);
  put_any(to, "why", s.why);
  if (!s.atoms.empty()) {
    put_list(to, "atoms", s.atoms,
             [](text_writer& out, const deciding_atom& a) { engine_json::write(out, a); });
  }
  put_readings(to, "readings", s.readings);
  to.end_object();
}

void write(text_writer& to, const remedy_hint& r) {
  to.begin_object();
  put_any(to, "rule", r.rule.view());
  put_text(to, "text", r.text);
  to.end_object();
}

void write(text_writer& to, const release& r) {
  to.begin_object();
  put_text(to, "rule", r.rule.view());
  put_text(to, "at", r.at.to_string());
  to.end_object();
}

void write_explanation(text_writer& to, const explanation& e) {
  to.begin_object();
  put_text(to, "answer", e.answer);
  to.key("decision");
  engine_json::write(to, e.decision);
  put_list(to, "spoken", e.spoken,
           [&](text_writer& out, const spoken_part& s) { write(out, e.decision, s); });
  put_list(to, "silent", e.silent, [](text_writer& out, const silent_part& s) { write(out, s); });
  put_readings(to, "due", e.due);
  to.key("what_would_change_it");
  to.begin_object();
  put_list(to, "questions", e.questions);
  put_list(to, "approvals", e.approvals);
  put_list(to, "remedies", e.remedies,
           [](text_writer& out, const remedy_hint& r) { write(out, r); });
  put_list(to, "releases", e.releases, [](text_writer& out, const release& r) { write(out, r); });
  to.end_object();
  to.end_object();
}

}  // namespace
}  // namespace leeway::engine_json

namespace leeway {

std::string to_json(const explanation& e) {
  std::string out;
  json::text_writer to(out);
  engine_json::write_explanation(to, e);
  to.finish();
  return out;
}

}  // namespace leeway
