// SPDX-License-Identifier: Apache-2.0
// Evaluation of single nodes: what `evaluate`, `explain` and `amount_candidates` share.
#pragma once

#include "condition/node.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leeway::condition {

/// Why a node has no value: facts that are unknown, an error, or both.
struct trouble {
  std::vector<slot> missing{};
  std::string error{};
  std::vector<slot> involved{};
};

/// The value of a node, owned or borrowed from the program, the frame or a list under iteration; or
/// the trouble in its way. A borrowed value lives as long as what it is borrowed from.
class outcome {
 public:
  static outcome borrow(const value& v) {
    outcome out;
    out.borrowed_ = &v;
    return out;
  }
  static outcome own(value v) {
    outcome out;
    out.owned_ = std::move(v);
    return out;
  }
  static outcome stop(trouble t) {
    outcome out;
    out.why_ = std::make_unique<trouble>(std::move(t));
    return out;
  }

  bool known() const { return why_ == nullptr; }
  const value& get() const { return owned_ ? *owned_ : *borrowed_; }
  bool is(bool truth) const {
    return known() && get().is(value_kind::boolean) && get().as_bool() == truth;
  }
  value take() && {
    if (owned_) return std::move(*owned_);
    return *borrowed_;
  }
  trouble& why() { return *why_; }
  const trouble& why() const { return *why_; }

 private:
  outcome() = default;
  const value* borrowed_{};
  std::optional<value> owned_{};
  std::unique_ptr<trouble> why_{};
};

/// Evaluates nodes of one program on one frame. Not shared between threads.
class evaluator {
 public:
  evaluator(const environment& env, const frame& f) : env_(env), frame_(f) {}
  /// Inside macros, whose variables stand for `locals`, the outermost first.
  evaluator(const environment& env, const frame& f, std::vector<const value*> locals)
      : env_(env), frame_(f), locals_(std::move(locals)) {}

  outcome run(const node& n);

 private:
  void add_needs_of_both_sides(const node& n, trouble& of_test);
  outcome fact(const node& n) const;
  outcome has_fact(const node& n) const;
  outcome call(const node& n);
  outcome lookup(const node& n);
  outcome dated_row(const node& n);
  outcome connective(const node& n);
  outcome make(const node& n);
  outcome quantifier(const node& n);
  outcome exists_one(const node& n);
  outcome collect(const node& n);
  outcome reference(const node& n);

  const environment& env_;
  const frame& frame_;
  std::vector<const value*> locals_{};
};

/// What a macro goes over: the items of a list, the keys of a map. They live as long as `range`.
std::vector<const value*> items_of(const value& range);

/// What an outcome is to a caller.
evaluation to_evaluation(outcome o);

}  // namespace leeway::condition
