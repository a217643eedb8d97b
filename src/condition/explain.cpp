// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"
#include "condition/evaluator.hpp"
#include "condition/machine.hpp"
#include "condition/quick.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace leeway::condition {

namespace {

constexpr std::size_t longest_text = 160;
// More nobody reads, and a short condition may name values that name values that ...
constexpr std::size_t most_atoms = 100;

/// Adds a text, or so much of it as anybody reads.
void add(std::string& to, std::string_view text) {
  to += utf8::beginning(text, longest_text);
  if (text.size() > longest_text) to += "...";
}

bool is_relation(const node& n) {
  if (n.what != operation::call) return false;
  const std::string_view name = n.function->name;
  return name == "==" || name == "!=" || name[0] == '<' || name[0] == '>';
}

/// Goes over the dated rows that a value is read from: at the end of a chain of keys, or of what is
/// computed with one.
template <class Visit>
void each_dated_row(const node& n, Visit visit) {
  if (n.what == operation::dated_row) visit(n);
  // The body of a macro reads another row for each item.
  if (is_macro(n)) return;
  for (const node_ptr& a : n.args) each_dated_row(*a, visit);
}

void say(atom_side& side, std::string_view note) { side.note.assign(note); }

/// Tells what decided, by the quick form where it may.
class explainer {
 public:
  explainer(const program& p, const environment& env, const frame& f, machine* quick,
            reusable_vector<deciding_atom>& out)
      : explainer(p, env, f, quick, out, out.size() + most_atoms) {}

  void condition(const node& n) {
    if (out_.size() == end_) return;
    switch (n.what) {
      case operation::logic_and:
      case operation::logic_or: return connective(n);
      case operation::logic_not:
        if (is_leaf(*n.args[0])) return leaf(n, *n.args[0]);
        return condition(*n.args[0]);
      case operation::conditional: return conditional(n);
      case operation::reference:
        return explainer(*n.definition, env_, frame_, quick_, out_, end_)
            .condition(n.definition->root());
      default: return leaf(n, n);
    }
  }

 private:
  explainer(const program& p, const environment& env, const frame& f, machine* quick,
            reusable_vector<deciding_atom>& out, std::size_t end)
      : program_(&p), env_(env), frame_(f), quick_(quick), out_(out), end_(end) {}

  // -- values -----------------------------------------------------------------------------------

  outcome slowly(const node& n) const { return evaluator(env_, frame_).run(n); }
  const instruction* step(const node& n) const { return &program_->quick().steps[n.quick]; }

  /// Nullptr: not known.
  const value* found(const node& n, value& scratch) const {
    if (n.what == operation::constant) return n.constant ? &*n.constant : nullptr;
    if (quick_ != nullptr && n.what == operation::fact) return quick_->fact(n);
    if (quick_ != nullptr && n.quick != node::nowhere) return quick_->any(step(n), scratch);
    outcome o = slowly(n);
    if (!o.known()) return nullptr;
    scratch = std::move(o).take();
    return &scratch;
  }

  truth truth_of(const node& n) const {
    if (quick_ != nullptr && n.quick != node::nowhere) return quick_->boolean(step(n));
    value scratch(false);
    const value* const v = found(n, scratch);
    if (v == nullptr || !v->is(value_kind::boolean)) return truth::unknown;
    return v->as_bool() ? truth::yes : truth::no;
  }

  /// Why a node is not known: a fact is missing, or it cannot be computed.
  void say_why(const node& n, std::string& to) const {
    const bool missing_fact =
        n.what == operation::fact && frame_.at(n.index).status == binding::state::unknown;
    if (missing_fact) {
      to += "unknown";
      return;
    }
    const outcome o = slowly(n);
    if (o.known() || !o.why().missing.empty()) {
      to += "unknown";
      return;
    }
    to += "error: ";
    add(to, o.why().error);
  }

  /// Which entries of dated tables a value was read from: " (tables.cap from 2026-04-01)".
  void say_held(const node& n, std::string& to) const {
    const std::size_t start = to.size();
    each_dated_row(n, [&](const node& row) {
      value scratch(false);
      const value* const day = found(*row.args[0], scratch);
      if (day == nullptr) return;
      const dated_rows* const entry = row.dated->on(day->as_date());
      if (entry == nullptr || entry->span().empty()) return;
      const std::string note = "tables." + row.dated->name + " " + entry->span();
      if (to.find(note, start) != std::string::npos) return;
      to.append(to.size() == start ? " (" : ", ").append(note);
    });
    if (to.size() != start) to += ')';
  }

  void show(const node& n, atom_side& side) const {
    value scratch(false);
    if (const value* const v = found(n, scratch)) {
      side.content = *v;
      say_held(n, side.note);
    } else {
      say_why(n, side.note);
    }
  }

  /// As text, where a side is put together from several values.
  void add_shown(const node& n, std::string& to) const {
    value scratch(false);
    if (const value* const v = found(n, scratch)) {
      add(to, v->to_string());
      say_held(n, to);
    } else {
      say_why(n, to);
    }
  }

  std::string_view text(std::size_t offset, std::size_t length) const {
    return std::string_view(program_->text()).substr(offset, length);
  }

  // -- conditions -------------------------------------------------------------------------------

  static bool is_leaf(const node& n) {
    return n.what != operation::logic_and && n.what != operation::logic_or &&
           n.what != operation::logic_not && n.what != operation::conditional &&
           n.what != operation::reference;
  }

  void connective(const node& n) {
    const truth decisive = n.what == operation::logic_or ? truth::yes : truth::no;
    const truth whole = truth_of(n);
    for (const node_ptr& a : n.args) {
      if (out_.size() == end_) return;
      if (whole == truth::unknown) {
        // What keeps it open; the sides that are known do not decide anything.
        if (truth_of(*a) == truth::unknown) condition(*a);
      } else if (whole != decisive) {
        condition(*a);
      } else if (truth_of(*a) == decisive) {
        return condition(*a);
      }
    }
  }

  void conditional(const node& n) {
    condition(*n.args[0]);
    const truth test = truth_of(*n.args[0]);
    if (test != truth::unknown) condition(*n.args[test == truth::yes ? 1 : 2]);
  }

  /// `whole` is `core` or its negation.
  void leaf(const node& whole, const node& core) {
    deciding_atom& a = out_.next();
    add(a.expression, text(whole.offset, whole.length));
    const truth t = truth_of(whole);
    if (t != truth::unknown) a.result = t == truth::yes;
    describe(core, a);
  }

  void describe(const node& n, deciding_atom& a) const {
    if (is_relation(n)) return comparison(n, a);
    switch (n.what) {
      case operation::call:
        if (n.function->name == "in") return membership(n, a);
        return call(n, a);
      case operation::has_fact:
      case operation::has_field: {
        const truth there = truth_of(n);
        say(a.actual, there == truth::unknown ? "unknown"
                      : there == truth::yes   ? "present"
                                              : "absent");
        return say(a.bound, "present");
      }
      case operation::all:
      case operation::exists:
      case operation::exists_one: {
        show(*n.args[0], a.actual);
        const std::size_t after = n.args[0]->offset + n.args[0]->length;
        const std::string_view rest = text(after, n.offset + n.length - after);
        const std::size_t name = rest.find_first_not_of(").( \n\t");
        return add(a.bound.note, name == std::string_view::npos ? rest : rest.substr(name));
      }
      default: show(n, a.actual); a.bound.content = value(true);
    }
  }

  void comparison(const node& n, deciding_atom& a) const {
    const bool swapped = n.args[0]->what == operation::constant;
    show(*n.args[swapped ? 1 : 0], a.actual);
    a.bound.sign.assign(swapped ? mirrored(n.function->name) : n.function->name);
    show(*n.args[swapped ? 0 : 1], a.bound);
  }

  void membership(const node& n, deciding_atom& a) const {
    const bool constant = n.args[0]->what == operation::constant;
    show(*n.args[constant ? 1 : 0], a.actual);
    a.bound.sign.assign(constant ? "contains" : "in");
    show(*n.args[constant ? 0 : 1], a.bound);
  }

  void call(const node& n, deciding_atom& a) const {
    if (!n.args.empty()) show(*n.args[0], a.actual);
    std::string& bound = a.bound.note;
    bound.append(n.function->name).append("(");
    for (std::size_t i = 1; i < n.args.size(); ++i) {
      if (i > 1) bound += ", ";
      add_shown(*n.args[i], bound);
    }
    bound += ')';
  }

  const program* program_;
  const environment& env_;
  const frame& frame_;
  machine* quick_;
  reusable_vector<deciding_atom>& out_;
  std::size_t end_;
};

void shrink(reusable_vector<deciding_atom>& atoms, std::size_t size) {
  while (atoms.size() > size) atoms.pop_back();
}

/// False: the facts are such that the quick form does not answer for them.
bool explain_quickly(const program& p, const environment& env, const frame& f,
                     reusable_vector<deciding_atom>& out) {
  if (f.size() < p.least_frame()) return false;
  try {
    machine quick(env, f);
    explainer(p, env, f, &quick, out).condition(p.root());
    return !quick.irregular();
  } catch (const std::logic_error&) {
    return false;
  }
}

}  // namespace

void explain_in_general(const program& p, const environment& env, const frame& f,
                        reusable_vector<deciding_atom>& out) {
  if (!p.result_type().is(value_kind::boolean)) return;
  const std::size_t before = out.size();
  try {
    explainer(p, env, f, nullptr, out).condition(p.root());
  } catch (const std::logic_error&) {
    // As in evaluate(): only a faulty caller binds what is not declared.
    shrink(out, before);
    deciding_atom& all = out.next();
    all.expression = p.text();
    say(all.actual, "error");
  }
}

void explain(const program& p, const environment& env, const frame& f,
             reusable_vector<deciding_atom>& out) {
  if (!p.result_type().is(value_kind::boolean)) return;
  const std::size_t before = out.size();
  if (explain_quickly(p, env, f, out)) return;
  shrink(out, before);
  explain_in_general(p, env, f, out);
}

}  // namespace leeway::condition
