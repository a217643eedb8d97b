// SPDX-License-Identifier: Apache-2.0
#include "condition/trace.hpp"

#include "base/utf8.hpp"
#include "condition/evaluator.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace leeway::condition {

namespace {

std::string shortened(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  text.resize(utf8::beginning(text, longest).size());
  return text + "...";
}

// The name between `(` and `,` of `.exists(name, `; the parser keeps the position only.
std::string variable_in(std::string_view between) {
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  std::size_t end = between.rfind(',');
  if (end == std::string_view::npos) return "item";
  while (end > 0 && !is_name(between[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_name(between[begin - 1])) --begin;
  return begin == end ? "item" : std::string(between.substr(begin, end - begin));
}

class tracer {
 public:
  tracer(const program& p, const environment& env, const frame& f, const trace_limits& limits,
         std::size_t& nodes)
      : program_(&p), env_(env), frame_(f), limits_(limits), nodes_(nodes) {}

  traced visit(const node& n, std::size_t depth) {
    ++nodes_;
    const outcome own = run(n);
    traced out;
    out.text = source(n);
    tell(own, out);
    if (depth < limits_.depth) {
      descend(n, own, depth + 1, out);
    } else if (!n.args.empty() || n.what == operation::reference) {
      out.left_out = std::max<std::size_t>(1, n.args.size());
    }
    return out;
  }

 private:
  outcome run(const node& n) const { return evaluator(env_, frame_, locals_).run(n); }

  std::string source(const node& n) const {
    return shortened(program_->text().substr(n.offset, n.length), limits_.text);
  }

  void tell(const outcome& o, traced& out) const {
    if (o.known()) {
      out.found = shortened(o.get().to_string(), limits_.text);
      if (o.get().is(value_kind::boolean)) out.truth = o.get().as_bool();
      return;
    }
    out.status = o.why().missing.empty() ? evaluation::state::failed : evaluation::state::unknown;
    out.error = shortened(o.why().error, limits_.text);
  }

  bool full(const traced& out) const {
    return out.parts.size() >= limits_.parts || nodes_ >= limits_.nodes;
  }

  void add(const node& n, bool decides, std::size_t depth, traced& out) {
    if (n.what == operation::constant) return;  // its text is its value
    if (full(out)) {
      ++out.left_out;
      return;
    }
    out.parts.push_back(visit(n, depth));
    out.parts.back().decides = decides;
  }

  void descend(const node& n, const outcome& own, std::size_t depth, traced& out) {
    switch (n.what) {
      case operation::logic_and:
      case operation::logic_or: return connective(n, own, depth, out);
      case operation::conditional: return conditional(n, depth, out);
      case operation::reference: return reference(n, depth, out);
      default: break;
    }
    if (is_macro(n)) return macro(n, own, depth, out);
    for (const node_ptr& a : n.args) add(*a, true, depth, out);
  }

  // A side that did not decide may well fail, where another guards it: `has(x) && x > 3`.
  void connective(const node& n, const outcome& own, std::size_t depth, traced& out) {
    const bool decisive = n.what == operation::logic_or;
    for (const node_ptr& a : n.args) {
      const outcome side = run(*a);
      bool decides = true;
      if (!own.known()) decides = !side.known();
      if (own.is(decisive)) decides = side.is(decisive);
      add(*a, decides, depth, out);
    }
  }

  void conditional(const node& n, std::size_t depth, traced& out) {
    const outcome test = run(*n.args[0]);
    add(*n.args[0], true, depth, out);
    if (!test.known()) return;
    add(*n.args[test.get().as_bool() ? 1 : 2], true, depth, out);
  }

  void reference(const node& n, std::size_t depth, traced& out) {
    if (full(out)) {
      ++out.left_out;
      return;
    }
    // The definition has a text of its own, and its own macro variables.
    tracer inside(*n.definition, env_, frame_, limits_, nodes_);
    out.parts.push_back(inside.visit(n.definition->root(), depth));
  }

  // The items that made the macro what it is: those that hold of a true `exists`, those that do not
  // of a false `all`, those that are not known of an unknown one.
  static bool decides(const node& n, const outcome& own, const outcome& side) {
    if (!own.known()) return !side.known();
    switch (n.what) {
      case operation::all:
      case operation::exists: {
        const bool decisive = n.what == operation::exists;
        return own.is(decisive) ? side.is(decisive) : true;
      }
      case operation::exists_one: return side.is(true) || own.is(false);
      default: return true;
    }
  }

  void macro(const node& n, const outcome& own, std::size_t depth, traced& out) {
    add(*n.args[0], true, depth, out);
    const outcome range = run(*n.args[0]);
    if (!range.known()) return;
    const std::size_t after = n.args[0]->offset + n.args[0]->length;
    const std::string name =
        variable_in(std::string_view(program_->text()).substr(after, n.args[1]->offset - after));
    std::size_t told = 0;
    for (const value* item : items_of(range.get())) {
      locals_.push_back(item);
      const node& body = n.what == operation::transform ? *n.args.back() : *n.args[1];
      const bool passed_over = n.args.size() == 3 && run(*n.args[1]).is(false);
      if (!passed_over && decides(n, own, run(body))) {
        if (told < limits_.items && !full(out)) {
          ++told;
          out.parts.push_back(visit(body, depth));
          out.parts.back().item = name + " = " + shortened(item->to_string(), limits_.text);
        } else {
          ++out.left_out;
        }
      }
      locals_.pop_back();
    }
  }

  const program* program_;
  const environment& env_;
  const frame& frame_;
  const trace_limits& limits_;
  std::size_t& nodes_;
  std::vector<const value*> locals_{};
};

}  // namespace

traced trace(const program& p, const environment& env, const frame& f, const trace_limits& limits) {
  std::size_t nodes = 0;
  try {
    return tracer(p, env, f, limits, nodes).visit(p.root(), 0);
  } catch (const std::logic_error& slip) {
    // As in evaluate(): only a faulty caller binds what is not declared.
    traced out;
    out.text = shortened(p.text(), limits.text);
    out.status = evaluation::state::failed;
    out.error = std::string("a fact does not hold what is declared: ") + slip.what();
    return out;
  }
}

}  // namespace leeway::condition
