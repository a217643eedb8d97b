// SPDX-License-Identifier: Apache-2.0
// Any bytes are compiled as an expression, or refused with what is wrong and where; what compiles
// is evaluated, explained and traced without failure, whatever is known.
#include "condition/trace.hpp"
#include "fuzz/quick_form.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using namespace leeway::condition;

const std::vector<frame>& frames() {
  static const std::vector<frame> out = [] {
    std::vector<frame> all = {names().full(), names().blank(), names().full()};
    for (slot s = 0; s < names().env().size(); s += 2) all[2].set_unknown(s);
    return all;
  }();
  return out;
}

void check_issues(const issues& found, std::string_view text) {
  must(found.size() <= 50);
  for (const issue& one : found) {
    must(!one.code.empty() && !one.message.empty() && !one.remedy.empty());
    must(one.offset <= text.size() && one.length <= text.size() - one.offset);
    must(one.message.size() + one.remedy.size() < 4000 + 4 * text.size());
  }
}

evaluation evaluate_and_check(const program& code, const frame& f) {
  const environment& env = names().env();
  evaluation out = evaluate(code, env, f);
  must(names().shown(out) == names().shown(evaluate(code, env, f)));
  must(out.is_known() == out.result.has_value());
  check_quick(code, f, out);
  must(!out.error.starts_with("a fact does not hold what is declared"));
  must(trace(code, env, f).status == out.status);
  leeway::reusable_vector<leeway::deciding_atom> atoms;
  explain(code, env, f, atoms);
  std::vector<std::int64_t> amounts;
  if (code.reads_amount() && f.at(*env.amount_slot()).status == binding::state::known) {
    amount_candidates(code, env, f, amounts);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const compiled out = names().build(text, {}, {.amount_allowed_as_result = true});
  check_issues(out.found, text);
  if (!out.code) {
    bool error = false;
    for (const issue& one : out.found) error = error || !one.warning;
    must(error);
    return 0;
  }
  const evaluation late = evaluate_and_check(*out.code, frames()[0]);
  for (std::size_t i = 1; i < frames().size(); ++i) {
    const evaluation early = evaluate_and_check(*out.code, frames()[i]);
    // What is known stays so when more is known.
    if (early.is_known()) must(names().shown(early) == names().shown(late));
  }
  return 0;
}
