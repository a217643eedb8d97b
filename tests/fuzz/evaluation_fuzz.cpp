// SPDX-License-Identifier: Apache-2.0
// Bytes choose a well-typed expression and what is known. It compiles; evaluating, explaining and
// tracing it are total and agree; what is known stays so when more is known; and between the
// amounts at which something may change, nothing changes.
#include "condition/trace.hpp"
#include "condition/typed_writer.hpp"
#include "fuzz/quick_form.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using namespace leeway::condition;

class bytes {
 public:
  bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  std::size_t below(std::size_t n) { return at_ == end_ ? 0 : *at_++ % n; }
  std::int64_t number() {
    std::uint64_t out = 0;
    for (int i = 0; i < 4; ++i) out = out << 8U | below(256);
    return static_cast<std::int64_t>(out);
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

bool same(const evaluation& a, const evaluation& b) {
  return a.status == b.status && names().shown(a) == names().shown(b);
}

evaluation evaluate_and_check(const program& code, const frame& f) {
  const environment& env = names().env();
  evaluation out = evaluate(code, env, f);
  must(same(out, evaluate(code, env, f)));
  must(!out.error.starts_with("a fact does not hold what is declared"));
  must(out.is_known() == out.result.has_value());
  check_quick(code, f, out);
  must((out.status == evaluation::state::unknown) == !out.missing.empty());
  if (out.is_known()) must(out.result->kind() == code.result_type().kind());
  for (const slot s : out.missing) {
    must(f.at(s).status == binding::state::unknown);
    must(std::ranges::binary_search(code.reads(), s));
  }
  const traced root = trace(code, env, f);
  must(root.status == out.status);
  if (code.result_type().is(leeway::value_kind::boolean)) {
    must((root.truth == true) == out.is_true() && (root.truth == false) == out.is_false());
    leeway::reusable_vector<leeway::deciding_atom> atoms;
    explain(code, env, f, atoms);
  }
  return out;
}

/// With everything known nothing is unknown, and what was known before is unchanged.
void check_knowing_more(const program& code, const frame& some, const frame& full) {
  const evaluation late = evaluate_and_check(code, full);
  must(late.status != evaluation::state::unknown);
  const evaluation early = evaluate_and_check(code, some);
  if (early.is_known()) must(late.is_known() && same(early, late));
  if (early.status == evaluation::state::failed) must(late.status == early.status);
}

void check_amounts(const program& code, frame f, std::int64_t amount) {
  const environment& env = names().env();
  std::vector<std::int64_t> changes;
  const slot s = *env.amount_slot();
  const auto proposed = [&](std::int64_t minor) {
    f.set(s, leeway::money(minor, env.money_currency()));
    return evaluate(code, env, f);
  };
  (void)proposed(amount);
  amount_candidates(code, env, f, changes);
  std::ranges::sort(changes);
  const auto above = std::ranges::lower_bound(changes, amount);
  if (above != changes.end() && *above == amount) return;
  const std::int64_t first = above == changes.begin() ? 0 : *std::prev(above) + 1;
  const std::int64_t last = above == changes.end() ? amount + 1000 : *above - 1;
  const evaluation here = proposed(amount), low = proposed(first), high = proposed(last);
  // An amount can be so large that something overflows: then there is no answer, at any place.
  if (!here.is_known() || !low.is_known() || !high.is_known()) return;
  if (first <= amount) must(same(here, low));
  must(same(here, high));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes from(data, size);
  const environment& env = names().env();
  test::typed_writer writer(env, [&](std::size_t n) { return from.below(n); });
  const bool amount = from.below(3) == 0;
  // Where adding overflows there is no answer, and so no amount next to which it changes.
  if (amount) writer.stay_moderate();
  const int depth = 1 + static_cast<int>(from.below(5));
  const type wanted = amount ? type(leeway::value_kind::boolean) : writer.any_type();
  const std::string text = writer.expression(wanted, depth, amount);
  // To see what a finding is about.
  if (std::getenv("LEEWAY_FUZZ_SHOW") != nullptr) std::fprintf(stderr, "%s\n", text.c_str());
  const compiled out = names().build(text, {wanted}, {.list_limit = 10});
  if (!out.code) {
    for (const issue& one : out.found) {
      const bool allowed = one.warning || test::may_be_refused_for(one.code);
      if (!allowed) {
        std::fprintf(stderr, "%s\n%s: %s\n", text.c_str(), one.code.c_str(), one.message.c_str());
      }
      must(allowed);
    }
    return 0;
  }
  const std::int64_t proposed = from.number() % 2'000'000;
  const frame full = writer.known();
  check_knowing_more(*out.code, writer.partly(full), full);
  evaluate_and_check(*out.code, names().blank());
  if (out.code->reads_amount()) check_amounts(*out.code, full, proposed);
  return 0;
}
