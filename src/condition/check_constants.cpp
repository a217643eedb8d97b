// SPDX-License-Identifier: Apache-2.0
// What is known when the policy is loaded: literals in calls, and folding.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace leeway::condition {

namespace {

constexpr std::size_t longest_pattern = 1000;
constexpr std::int64_t pattern_memory = 1 << 20;

/// The errors of base carry their remedy behind a semicolon; here it stands by itself.
struct told {
  std::string message{};
  std::string remedy{};
};

told split(const std::string& message, std::string otherwise) {
  const auto at = message.find("; ");
  if (at == std::string::npos) return {message, std::move(otherwise)};
  return {message.substr(0, at), message.substr(at + 2)};
}

}  // namespace

bool checker::settle_literals(const tree& t, node& n) {
  const std::string& name = t.text;
  if (n.function->run == nullptr) return exact_literal(t, n);
  if (name == "matches") return compile_pattern(t, n);
  if (name == "round") {
    static const std::vector<std::string> modes = {"half_even", "half_up", "half_down", "up",
                                                   "down",      "ceiling", "floor"};
    return one_of(t, n, modes, "rounding");
  }
  if (name == "start_of" || (name == "started_periods" && n.args.size() == 3)) {
    static const std::vector<std::string> units = {"day", "week", "month", "quarter", "year"};
    return one_of(t, n, units, "unit", n.args.size() - 1);
  }
  if (name.starts_with("get") && n.args.size() == 2 && is_constant(*n.args[1])) {
    const auto zone = time_zone::find(n.args[1]->constant->as_string());
    if (zone) return true;
    auto [message, remedy] = split(zone.error().message, "name a zone such as `America/Denver`");
    report(zone.error().code, std::move(message), std::move(remedy), *t.children[1]);
    return false;
  }
  return true;
}

bool checker::one_of(const tree& t, const node& n, const std::vector<std::string>& words,
                     const std::string& kind, std::size_t at) {
  const tree& where = *t.children[at];
  std::string choices = "write ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    choices += (i == 0 ? "`" : i + 1 == words.size() ? " or `" : ", `") + words[i] + "`";
  }
  if (!is_constant(*n.args[at])) {
    report("literal_needed", "the " + kind + " of `" + t.text + "` must be a literal",
           std::move(choices), where);
    return false;
  }
  const std::string& word = n.args[at]->constant->as_string();
  if (std::find(words.begin(), words.end(), word) != words.end()) return true;
  std::string near = suggestion(word, words);
  report("unknown_" + kind, "`" + word + "` is not a " + kind,
         near.empty() ? std::move(choices) : std::move(near), where);
  return false;
}

bool checker::exact_literal(const tree& t, node& n) {
  const tree& where = *t.children[0];
  const std::string code(env_.money_currency().code());
  const bool is_money = t.text == "money";
  if (!is_constant(*n.args[0])) {
    report("literal_needed", "the argument of `" + t.text + "` must be a literal",
           is_money ? "write `money('50 " + code + "')`; keep an amount in a `money` fact"
                    : "write `ratio('12.5%')`, or `ratio(a, b)` and `percent(n)` of `int`s",
           where);
    return false;
  }
  const std::string& written = n.args[0]->constant->as_string();
  const auto refuse = [&](const error& e, std::string remedy) {
    auto [message, own_remedy] = split(e.message, std::move(remedy));
    report(e.code, std::move(message), std::move(own_remedy), where);
    return false;
  };
  if (is_money) {
    const auto amount = money::parse(written);
    if (!amount) return refuse(amount.error(), "write it as `money('50.00 " + code + "')`");
    if (amount->cur() != env_.money_currency()) {
      return refuse(
          {"money_currency", "`" + written + "` is not in the policy's currency, `" + code + "`"},
          "write the amount in `" + code + "`");
    }
    n.constant = value(*amount);
  } else {
    const auto share = ratio::parse(written);
    if (!share)
      return refuse(share.error(),
                    "write it as `ratio('12.5%')`, `ratio('0.125')` or `ratio('1/8')`");
    n.constant = value(*share);
  }
  n.what = operation::constant;
  n.args.clear();
  return true;
}

bool checker::compile_pattern(const tree& t, node& n) {
  const tree& where = *t.children[1];
  if (!is_constant(*n.args[1])) {
    report("literal_needed", "the pattern of `matches` must be a literal",
           "write it as a string; for plain text use `contains`", where);
    return false;
  }
  const std::string& pattern = n.args[1]->constant->as_string();
  if (pattern.size() > longest_pattern) {
    report("bad_pattern",
           "the pattern is longer than " + std::to_string(longest_pattern) + " bytes",
           "split it into several", where);
    return false;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory);
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    report("bad_pattern", "the pattern of `matches` is malformed: " + compiled->error(),
           "patterns are those of RE2: no look-around, no back references", where);
    return false;
  }
  n.pattern = std::move(compiled);
  return true;
}

node_ptr checker::fold(node_ptr n, const tree& t) {
  if (n->what == operation::constant) {
    n->folded = true;
    return n;
  }
  if (n->static_type.is_nothing()) return n;
  const bool known = std::all_of(n->args.begin(), n->args.end(),
                                 [](const node_ptr& a) { return is_constant(*a); });
  if (!known) return n;
  auto out = compute(*n);
  if (!out) {
    return failing(std::move(n), t, out.error());
  }
  node_ptr folded = constant(std::move(*out), n->static_type);
  folded->folded = true;
  return folded;
}

computed checker::compute(const node& n) const {
  std::vector<const value*> args;
  for (const node_ptr& a : n.args) args.push_back(&*a->constant);
  if (n.what == operation::call) return n.function->run({env_, n}, args);
  if (n.what == operation::make_list) {
    value::list_type items;
    for (const value* a : args) items.push_back(*a);
    return value::list(std::move(items));
  }
  value::map_type entries;
  for (std::size_t i = 0; i + 1 < args.size(); i += 2) entries.emplace_back(*args[i], *args[i + 1]);
  return value::map(std::move(entries));
}

node_ptr checker::failing(node_ptr n, const tree& t, const std::string& why) {
  static constexpr std::array<std::string_view, 3> literals = {"timestamp", "duration", "date"};
  const bool literal = t.kind == tree_kind::call && t.children.size() == 1 &&
                       std::find(literals.begin(), literals.end(), t.text) != literals.end() &&
                       n->args[0]->static_type.is(value_kind::string);
  if (literal) {
    const std::string example = t.text == "date"       ? "date('2026-01-31')"
                                : t.text == "duration" ? "duration('90m')"
                                                       : "timestamp('2026-01-31T12:00:00Z')";
    auto [message, remedy] = split(why, "write it as `" + example + "`");
    if (t.text == "duration") {
      auto meant = duration_remedy(n->args[0]->constant->as_string());
      if (!meant.empty()) remedy = std::move(meant);
    }
    report("bad_" + t.text, std::move(message), std::move(remedy), *t.children[0]);
    return refused();
  }
  report("constant_fails", "this can never be computed: " + why, "correct the constants", t.offset,
         t.length, true);
  return n;
}

}  // namespace leeway::condition
