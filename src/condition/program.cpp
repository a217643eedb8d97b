// SPDX-License-Identifier: Apache-2.0
#include "condition/program.hpp"

#include "condition/checker.hpp"
#include "condition/necessary.hpp"
#include "condition/parser.hpp"
#include "condition/quick_code.hpp"
#include "condition/remedies.hpp"

#include <algorithm>
#include <utility>

namespace leeway::condition {

namespace {

// More is noise, and a hostile document must not cost memory without bound.
constexpr std::size_t most_issues = 50;

bool has_error(const issues& found) {
  return std::any_of(found.begin(), found.end(), [](const issue& i) { return !i.warning; });
}

void check_result(const node& root, const tree& written, const std::vector<type>& wanted,
                  std::string_view text, const compile_options& options, issues& found) {
  const type& result = root.static_type;
  const bool fits = wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                                  [&](const type& w) { return result.fits(w); });
  if (!fits) {
    std::string names;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      names += (i == 0 ? "" : i + 1 == wanted.size() ? " or " : ", ");
      names += "`" + wanted[i].to_string() + "`";
    }
    const bool condition = wanted.size() == 1 && wanted[0].is(value_kind::boolean);
    found.push_back({.code = "wrong_result",
                     .message = "expected " + names + ", found `" + result.to_string() + "`",
                     .remedy = condition ? condition_remedy({written, result, text})
                                         : "write an expression of that type",
                     .offset = root.offset,
                     .length = root.length});
  }
  if (fits && root.amount == amount_use::linear && !options.amount_allowed_as_result) {
    found.push_back({.code = "amount_not_linear",
                     .message = "the proposed amount cannot be the result here",
                     .remedy = "compare it, as in `action.amount <= ...`",
                     .offset = root.offset,
                     .length = root.length});
  }
  if (root.cost > options.max_cost) {
    found.push_back({.code = "too_costly",
                     .message = "the expression may take " + std::to_string(root.cost) +
                                " steps, more than " + std::to_string(options.max_cost),
                     .remedy = "go over one list of the request at a time",
                     .offset = 0,
                     .length = text.size()});
  }
}

void tidy(issues& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const issue& a, const issue& b) { return a.offset < b.offset; });
  const auto same = [](const issue& a, const issue& b) {
    return a.offset == b.offset && a.code == b.code && a.message == b.message;
  };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  if (found.size() > most_issues) found.resize(most_issues);
}

}  // namespace

program::program(std::string text, type result, std::shared_ptr<const node> root,
                 std::shared_ptr<const quick_code> quick, std::vector<slot> reads,
                 bool reads_amount, std::vector<equality> necessary)
    : text_(std::move(text)),
      result_(std::move(result)),
      root_(std::move(root)),
      quick_(std::move(quick)),
      reads_(std::move(reads)),
      reads_amount_(reads_amount),
      least_frame_(reads_.empty() ? 0 : reads_.back() + std::size_t{1}),
      necessary_(std::move(necessary)) {}

compiled compile(std::string_view text, const environment& env, const std::vector<type>& wanted,
                 const compile_options& options) {
  compiled out;
  if (text.size() > options.max_length) {
    out.found.push_back({.code = "too_long",
                         .message = "the expression is longer than " +
                                    std::to_string(options.max_length) + " bytes",
                         .remedy = "name parts of it under `values`",
                         .offset = options.max_length,
                         .length = text.size() - options.max_length});
    return out;
  }
  const tree_ptr written = parse(text, options, out.found);
  node_ptr root = check(*written, text, env, options, out.found);
  if (!has_error(out.found)) check_result(*root, *written, wanted, text, options, out.found);
  // Errors come before lints when there are too many, since they decide.
  tidy(out.found);
  if (has_error(out.found)) return out;
  type result = root->static_type;
  std::vector<slot> reads = facts_read(*root);
  const bool reads_amount =
      std::any_of(reads.begin(), reads.end(), [&](slot s) { return env.at(s).amount; });
  auto necessary = necessary_equalities(*root);
  auto quick = std::make_shared<const quick_code>(lay_out(*root, env));
  out.code = std::make_shared<const program>(
      std::string(text), std::move(result), std::shared_ptr<const node>(std::move(root)),
      std::move(quick), std::move(reads), reads_amount, std::move(necessary));
  return out;
}

}  // namespace leeway::condition
