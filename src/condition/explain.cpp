// SPDX-License-Identifier: Apache-2.0
#include "condition/evaluator.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace leeway::condition {

namespace {

constexpr std::size_t longest_text = 160;

std::string shortened(std::string text) {
  if (text.size() <= longest_text) return text;
  std::size_t cut = longest_text;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  text.resize(cut);
  return text + "...";
}

bool is_relation(const node& n) {
  if (n.what != operation::call) return false;
  const std::string_view name = n.function->name;
  return name == "==" || name == "!=" || name[0] == '<' || name[0] == '>';
}

/// The sign of a comparison whose sides are exchanged.
std::string_view mirrored(std::string_view sign) {
  if (sign == "<") return ">";
  if (sign == "<=") return ">=";
  if (sign == ">") return "<";
  if (sign == ">=") return "<=";
  return sign;
}

/// The dated rows that a value is read from: at the end of a chain of keys, or of what is computed
/// with one.
void dated_rows_in(const node& n, std::vector<const node*>& out) {
  if (n.what == operation::dated_row) out.push_back(&n);
  // The body of a macro reads another row for each item.
  if (n.what >= operation::all) return;
  for (const node_ptr& a : n.args) dated_rows_in(*a, out);
}

class explainer {
 public:
  explainer(const program& p, const environment& env, const frame& f, std::vector<atom>& out)
      : program_(p), env_(env), frame_(f), out_(out) {}

  void condition(const node& n) {
    switch (n.what) {
      case operation::logic_and:
      case operation::logic_or: return connective(n);
      case operation::logic_not:
        if (is_leaf(*n.args[0])) return leaf(n, *n.args[0]);
        return condition(*n.args[0]);
      case operation::conditional: return conditional(n);
      case operation::reference:
        return explainer(*n.definition, env_, frame_, out_).condition(n.definition->root());
      default: return leaf(n, n);
    }
  }

 private:
  outcome run(const node& n) const { return evaluator(env_, frame_).run(n); }
  std::string source(const node& n) const {
    return shortened(program_.text().substr(n.offset, n.length));
  }
  std::string shown(const node& n) const {
    const outcome o = run(n);
    if (o.known()) return shortened(o.get().to_string()) + held(n);
    return o.why().missing.empty() ? "error: " + shortened(o.why().error) : "unknown";
  }

  /// Which entries of dated tables a value was read from: " (tables.cap from 2026-04-01)".
  std::string held(const node& n) const {
    std::vector<const node*> read;
    dated_rows_in(n, read);
    std::string out;
    for (const node* one : read) {
      const outcome day = run(*one->args[0]);
      if (!day.known()) continue;
      const dated_rows* entry = one->dated->on(day.get().as_date());
      if (entry == nullptr || entry->span().empty()) continue;
      const std::string note = "tables." + one->dated->name + " " + entry->span();
      if (out.find(note) != std::string::npos) continue;
      out += (out.empty() ? " (" : ", ") + note;
    }
    return out.empty() ? out : out + ")";
  }

  static bool is_leaf(const node& n) {
    return n.what != operation::logic_and && n.what != operation::logic_or &&
           n.what != operation::logic_not && n.what != operation::conditional &&
           n.what != operation::reference;
  }

  void connective(const node& n) {
    const bool decisive = n.what == operation::logic_or;
    const outcome whole = run(n);
    for (const node_ptr& a : n.args) {
      const outcome side = run(*a);
      if (!whole.known()) {
        // What keeps it open; the sides that are known do not decide anything.
        if (!side.known()) condition(*a);
      } else if (!whole.is(decisive)) {
        condition(*a);
      } else if (side.is(decisive)) {
        return condition(*a);
      }
    }
  }

  void conditional(const node& n) {
    condition(*n.args[0]);
    const outcome test = run(*n.args[0]);
    if (test.known()) condition(*n.args[test.get().as_bool() ? 1 : 2]);
  }

  /// `whole` is `core` or its negation.
  void leaf(const node& whole, const node& core) {
    atom a;
    a.expression = source(whole);
    const outcome truth = run(whole);
    a.status = truth.known()                 ? evaluation::state::known
               : truth.why().missing.empty() ? evaluation::state::failed
                                             : evaluation::state::unknown;
    a.result = truth.is(true);
    describe(core, a);
    out_.push_back(std::move(a));
  }

  void describe(const node& n, atom& a) const {
    if (is_relation(n)) return comparison(n, a);
    switch (n.what) {
      case operation::call:
        if (n.function->name == "in") return membership(n, a);
        return call(n, a);
      case operation::has_fact:
      case operation::has_field: {
        const outcome there = run(n);
        a.actual = !there.known() ? "unknown" : there.is(true) ? "present" : "absent";
        a.bound = "present";
        return;
      }
      case operation::all:
      case operation::exists:
      case operation::exists_one: {
        a.actual = shown(*n.args[0]);
        const std::size_t after = n.args[0]->offset + n.args[0]->length;
        const std::string rest = program_.text().substr(after, n.offset + n.length - after);
        const std::size_t name = rest.find_first_not_of(").( \n\t");
        a.bound = shortened(name == std::string::npos ? rest : rest.substr(name));
        return;
      }
      default: a.actual = shown(n); a.bound = "true";
    }
  }

  void comparison(const node& n, atom& a) const {
    const bool swapped = n.args[0]->what == operation::constant;
    const node& actual = *n.args[swapped ? 1 : 0];
    const node& bound = *n.args[swapped ? 0 : 1];
    a.actual = shown(actual);
    a.bound =
        std::string(swapped ? mirrored(n.function->name) : n.function->name) + " " + shown(bound);
  }

  void membership(const node& n, atom& a) const {
    if (n.args[0]->what == operation::constant) {
      a.actual = shown(*n.args[1]);
      a.bound = "contains " + shown(*n.args[0]);
      return;
    }
    a.actual = shown(*n.args[0]);
    a.bound = "in " + shown(*n.args[1]);
  }

  void call(const node& n, atom& a) const {
    a.actual = n.args.empty() ? "" : shown(*n.args[0]);
    a.bound = std::string(n.function->name) + "(";
    for (std::size_t i = 1; i < n.args.size(); ++i) {
      a.bound += (i > 1 ? ", " : "") + shown(*n.args[i]);
    }
    a.bound += ")";
  }

  const program& program_;
  const environment& env_;
  const frame& frame_;
  std::vector<atom>& out_;
};

}  // namespace

std::vector<atom> explain(const program& p, const environment& env, const frame& f) {
  std::vector<atom> out;
  if (!p.result_type().is(value_kind::boolean)) return out;
  try {
    explainer(p, env, f, out).condition(p.root());
  } catch (const std::logic_error&) {
    // As in evaluate(): only a faulty caller binds what is not declared.
    out.clear();
    out.push_back({.expression = p.text(), .actual = "error", .status = evaluation::state::failed});
  }
  return out;
}

}  // namespace leeway::condition
