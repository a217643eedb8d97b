// SPDX-License-Identifier: Apache-2.0
#include "condition/necessary.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace leeway::condition {

namespace {

bool can_be_indexed(const value& v) {
  return v.is(value_kind::string) || v.is(value_kind::integer) || v.is(value_kind::boolean);
}

/// Gathers tests, up to a bound: what is looked up need not know all of them, and a short condition
/// may name values that name values that ...
class gatherer {
 public:
  void all_of(const node& n, bool holds, std::vector<equality>& out) {
    if (!goes_on()) return;
    const operation together = holds ? operation::logic_and : operation::logic_or;
    if (n.what == together) {
      for (const node_ptr& side : n.args) all_of(*side, holds, out);
    } else if (n.what == operation::logic_not) {
      all_of(*n.args[0], !holds, out);
    } else if (n.what == operation::reference) {
      all_of(n.definition->root(), holds, out);
    } else if (auto one = test(n, holds)) {
      values_ += one->any_of.size();
      out.push_back(std::move(*one));
    }
  }

 private:
  static constexpr std::size_t most_nodes = 2000;
  static constexpr std::size_t most_values = 64;

  bool goes_on() { return ++nodes_ <= most_nodes && values_ < most_values; }

  /// `fact == constant`, `fact != constant` when it is denied, `fact in [constants]`.
  static std::optional<equality> of_call(const node& n, bool holds) {
    if (n.args.size() != 2) return std::nullopt;
    const std::string_view name = n.function->name;
    const bool exchanged = is_constant(*n.args[0]);
    const node& fact = *n.args[exchanged ? 1 : 0];
    const node& constant = *n.args[exchanged ? 0 : 1];
    if (fact.what != operation::fact || !is_constant(constant)) return std::nullopt;
    if (name == (holds ? "==" : "!=")) {
      if (!can_be_indexed(*constant.constant)) return std::nullopt;
      return equality{fact.index, {*constant.constant}};
    }
    const bool listed =
        name == "in" && holds && !exchanged && constant.constant->is(value_kind::list);
    if (!listed) return std::nullopt;
    const value::list_type& items = constant.constant->as_list();
    if (items.size() > most_values) return std::nullopt;
    if (!std::all_of(items.begin(), items.end(), can_be_indexed)) return std::nullopt;
    return equality{fact.index, items};
  }

  /// All sides of a disjunction ask one fact.
  std::optional<equality> of_sides(const node& n, bool holds) {
    std::optional<equality> all;
    for (const node_ptr& side : n.args) {
      auto one = test(*side, holds);
      if (!one || (all && all->fact != one->fact)) return std::nullopt;
      if (!all) {
        all = std::move(one);
      } else {
        std::move(one->any_of.begin(), one->any_of.end(), std::back_inserter(all->any_of));
      }
      if (all->any_of.size() > most_values) return std::nullopt;
    }
    return all;
  }

  /// What a test comes to when it stands alone: equality with one of several constants.
  std::optional<equality> test(const node& n, bool holds) {
    if (!goes_on()) return std::nullopt;
    switch (n.what) {
      case operation::fact:
        if (!n.static_type.is(value_kind::boolean)) return std::nullopt;
        return equality{n.index, {value(holds)}};
      case operation::logic_not: return test(*n.args[0], !holds);
      case operation::reference: return test(n.definition->root(), holds);
      case operation::call: return of_call(n, holds);
      case operation::logic_or: return holds ? of_sides(n, holds) : std::nullopt;
      case operation::logic_and: return holds ? std::nullopt : of_sides(n, holds);
      default: return std::nullopt;
    }
  }

  std::size_t nodes_{};
  std::size_t values_{};
};

}  // namespace

std::vector<equality> necessary_equalities(const node& root) {
  std::vector<equality> out;
  if (root.static_type.is(value_kind::boolean)) gatherer().all_of(root, true, out);
  return out;
}

}  // namespace leeway::condition
