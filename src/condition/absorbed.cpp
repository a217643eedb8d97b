// SPDX-License-Identifier: Apache-2.0
#include "condition/absorbed.hpp"

#include "condition/node.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace leeway::condition {

namespace {

using node = program::node;

/// What may fail, why, and the part that a guard would ask about.
struct risk {
  const node* where{};
  const node* asked{};
  std::string_view why{};
};

bool is_zero(const value& v) {
  if (v.is(value_kind::integer)) return v.as_int() == 0;
  if (v.is(value_kind::money)) return v.as_money().is_zero();
  return v.is(value_kind::ratio) && v.as_ratio().num() == 0;
}

std::optional<risk> risk_of_call(const node& n) {
  // What fails on constants alone is told as such.
  if (std::ranges::all_of(n.args, [](const auto& a) { return is_constant(*a); })) {
    return std::nullopt;
  }
  const std::string_view name = n.function->name;
  const bool two = n.args.size() == 2;
  if ((name == "/" || name == "%") && two && !n.static_type.is(value_kind::number)) {
    if (is_constant(*n.args[1]) && !is_zero(*n.args[1]->constant)) return std::nullopt;
    return risk{&n, n.args[1].get(), "a division by zero"};
  }
  static constexpr std::array<std::string_view, 6> readers = {"int",       "double",   "bool",
                                                              "timestamp", "duration", "date"};
  const bool reads = n.args.size() == 1 && n.args[0]->static_type.is(value_kind::string) &&
                     std::ranges::find(readers, name) != readers.end();
  if (reads && !is_constant(*n.args[0]))
    return risk{&n, n.args[0].get(), "a text that cannot be read"};
  const bool extreme = (name == "min" || name == "max") && n.args.size() == 1;
  if (extreme && !is_constant(*n.args[0])) return risk{&n, n.args[0].get(), "an empty list"};
  return std::nullopt;
}

/// Whether it is a table of the policy, or rows of one: that a row may be missing is known, and
/// looked after where the table is read.
bool is_of_table(const node& n) {
  if (n.table || n.what == operation::dated_row) return true;
  return (n.what == operation::field || n.what == operation::index) && is_of_table(*n.args[0]);
}

using definitions = std::set<const program*>;

/// The first thing in `n` that may fail on facts that are known. Connectives in it answer for
/// themselves. `safe`: definitions that were gone through before, and may not.
std::optional<risk> risk_in(const node& n, definitions& safe) {
  if (n.what == operation::logic_and || n.what == operation::logic_or) return std::nullopt;
  for (const auto& a : n.args) {
    if (auto found = risk_in(*a, safe)) return found;
  }
  switch (n.what) {
    case operation::call: return risk_of_call(n);
    case operation::field:
      if (is_of_table(*n.args[0])) return std::nullopt;
      return risk{&n, n.args[0].get(), "a field that is not there"};
    case operation::index: {
      if (n.args[0]->static_type.is(value_kind::list)) {
        return risk{&n, n.args[0].get(), "an item that is not there"};
      }
      if (is_of_table(*n.args[0])) return std::nullopt;
      if (is_constant(*n.args[0]) && is_constant(*n.args[1])) return std::nullopt;
      const std::size_t asked = is_constant(*n.args[1]) ? 0 : 1;
      return risk{&n, n.args[asked].get(), "a row that is not there"};
    }
    case operation::reference: {
      if (safe.contains(n.definition.get())) return std::nullopt;
      const auto inner = risk_in(n.definition->root(), safe);
      if (inner) return risk{&n, nullptr, inner->why};
      safe.insert(n.definition.get());
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

class finder {
 public:
  finder(std::string_view text, issues& out) : text_(text), out_(out) {}

  void visit(const node& n) {
    if (n.what == operation::logic_and || n.what == operation::logic_or) connective(n);
    for (const auto& a : n.args) visit(*a);
  }

 private:
  std::string_view text_of(const node& n) const { return text_.substr(n.offset, n.length); }

  void connective(const node& n) {
    for (const auto& side : n.args) {
      const auto found = risk_in(*side, safe_);
      if (!found || guarded(n, *side, *found)) continue;
      const std::string part(text_of(*found->where).substr(0, 60));
      out_.push_back(
          {.warning = true,
           .code = "lint_absorbed_error",
           .message = "`" + part + "` may fail (" + std::string(found->why) +
                      "), and that goes unseen where another part of " +
                      (n.what == operation::logic_and ? "`&&` is false" : "`||` is true"),
           .remedy = "ask first whether it can be computed, or give it a rule of its own",
           .offset = side->offset,
           .length = side->length});
    }
  }

  /// Whether a text names another: `n` is not named in `name`.
  static bool names(std::string_view text, std::string_view other) {
    const auto goes_on = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    for (std::size_t at = text.find(other); at != std::string_view::npos;
         at = text.find(other, at + 1)) {
      const std::size_t end = at + other.size();
      const bool begins = at == 0 || !goes_on(other.front()) || !goes_on(text[at - 1]);
      const bool ends = end == text.size() || !goes_on(other.back()) || !goes_on(text[end]);
      if (begins && ends) return true;
    }
    return false;
  }

  /// Whether another side asks about what may fail.
  bool guarded(const node& n, const node& side, const risk& found) const {
    if (found.asked == nullptr || is_constant(*found.asked)) return false;
    const std::string_view asked = text_of(*found.asked);
    return std::ranges::any_of(n.args, [&](const auto& other) {
      return other.get() != &side && names(text_of(*other), asked);
    });
  }

  std::string_view text_;
  issues& out_;
  definitions safe_{};
};

}  // namespace

issues absorbed_errors(const program& code) {
  issues out;
  finder(code.text(), out).visit(code.root());
  return out;
}

}  // namespace leeway::condition
