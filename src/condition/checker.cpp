// SPDX-License-Identifier: Apache-2.0
#include "condition/checker.hpp"

#include "condition/check.hpp"

#include <utility>

namespace leeway::condition {

namespace {

void collect(const node& n, slots& out) {
  if (n.what == operation::fact || n.what == operation::has_fact) out.insert(n.index);
  if (n.what == operation::reference) {
    const auto& reads = n.definition->reads();
    out.insert(reads.begin(), reads.end());
  }
  for (const node_ptr& a : n.args) collect(*a, out);
}

}  // namespace

node_ptr checker::check(const tree& t) {
  node_ptr out = dispatch(t);
  out->offset = t.offset;
  out->length = t.length;
  measure(*out, options_);
  if (out->depth > deepest_evaluation && !deep_) {
    deep_ = true;
    report("too_deep", "the expression is nested too deep through `values`",
           "name fewer values through each other", t);
  }
  return out;
}

node_ptr checker::dispatch(const tree& t) {
  switch (t.kind) {
    case tree_kind::literal: return constant(*t.constant, type(t.constant->kind()));
    case tree_kind::name:
    case tree_kind::select: return selection(t);
    case tree_kind::index: return index(t);
    case tree_kind::call:
    case tree_kind::member_call: return call(t);
    case tree_kind::unary: return unary(t);
    case tree_kind::binary: return binary(t);
    case tree_kind::logic_and: return logic(t, operation::logic_and);
    case tree_kind::logic_or: return logic(t, operation::logic_or);
    case tree_kind::conditional: return conditional(t);
    case tree_kind::list: return list(t);
    case tree_kind::map: return map(t);
    case tree_kind::macro: return macro(t);
    case tree_kind::invalid:
      for (const tree_ptr& child : t.children) check(*child);
      return refused();
  }
  return refused();
}

node_ptr check(const tree& root, std::string_view source, const environment& env,
               const compile_options& options, issues& found) {
  return checker(source, env, options, found).check(root);
}

std::vector<slot> facts_read(const node& root) {
  slots out;
  collect(root, out);
  return {out.begin(), out.end()};
}

}  // namespace leeway::condition
