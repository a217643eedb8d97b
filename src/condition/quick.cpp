// SPDX-License-Identifier: Apache-2.0
#include "condition/quick.hpp"

#include "condition/machine.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace leeway::condition {

namespace {

// What the quick form leaves to the general evaluator: frames of another environment, and facts
// that hold what is not declared.
[[gnu::noinline]] truth general_truth(const program& p, const environment& env, const frame& f) {
  const evaluation e = evaluate(p, env, f);
  return e.is_true() ? truth::yes : e.is_false() ? truth::no : truth::unknown;
}

[[gnu::noinline]] const value* general_value(const program& p, const environment& env,
                                             const frame& f, value& scratch) {
  evaluation e = evaluate(p, env, f);
  if (!e.is_known()) return nullptr;
  scratch = std::move(*e.result);
  return &scratch;
}

}  // namespace

truth quick_truth(const program& p, const environment& env, const frame& f) {
  if (!p.result_type().is(value_kind::boolean)) return truth::unknown;
  if (f.size() < p.least_frame()) return general_truth(p, env, f);
  try {
    machine m(env, f);
    const truth out = m.boolean(p.quick().steps.data());
    if (!m.irregular()) [[likely]]
      return out;
  } catch (const std::logic_error&) {  // as in evaluate()
    return general_truth(p, env, f);
  }
  return general_truth(p, env, f);
}

const value* quick_value(const program& p, const environment& env, const frame& f, value& scratch) {
  if (f.size() < p.least_frame()) return general_value(p, env, f, scratch);
  try {
    machine m(env, f);
    const value* out = m.any(p.quick().steps.data(), scratch);
    if (!m.irregular()) [[likely]]
      return out;
  } catch (const std::logic_error&) {  // as in evaluate()
    return general_value(p, env, f, scratch);
  }
  return general_value(p, env, f, scratch);
}

}  // namespace leeway::condition
