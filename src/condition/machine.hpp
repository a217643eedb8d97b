// SPDX-License-Identifier: Apache-2.0
// Runs the quick form of a program on a frame.
#pragma once

#include "condition/quick.hpp"
#include "condition/quick_code.hpp"

#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>
#include <leeway/model/value.hpp>

#include <array>
#include <cstddef>

namespace leeway::condition {

/// A scalar that may not be known.
template <class Content>
struct cell {
  Content content{};
  bool known{};
};

/// Evaluates instructions on one frame. Not shared between threads.
///
/// A typed function is called for an instruction of that type alone. What is not known is told by
/// the cell, by nullptr or by `unknown`. Where an operation has several operands, each is evaluated
/// even if one before it is not known, as the general evaluator does.
class machine {
 public:
  machine(const environment& env, const frame& f) : env_(env), frame_(f), facts_(f.begin()) {}

  /// A fact holds, inside a list or a map, what is not of the declared type: nothing that was
  /// computed counts, and only the general evaluator tells what it comes to.
  bool irregular() const { return irregular_; }

  /// A fact that may have no instruction of its own.
  const value* fact(const node& n) const;
  truth boolean(const instruction* i);
  cell<std::int64_t> integer(const instruction* i);
  cell<double> number(const instruction* i);
  cell<exact_money> amount(const instruction* i);
  cell<leeway::ratio> share(const instruction* i);
  cell<instant> moment(const instruction* i);
  cell<leeway::duration> span(const instruction* i);
  cell<civil_date> day(const instruction* i);
  /// Of any type: borrowed, or in `scratch`.
  const value* any(const instruction* i, value& scratch);

 private:
  template <class Content>
  cell<Content> run(const instruction* i);
  template <class Content>
  cell<Content> borrowed(const instruction* i);
  template <class Content>
  cell<Content> chosen(const instruction* i);
  template <class Content>
  cell<Content> extreme(const instruction* i, int wanted);
  template <class Content>
  cell<Content> extreme_item(const instruction* i, int wanted);
  template <class Content>
  cell<Content> total(const instruction* i, Content none);
  template <class Content>
  cell<Content> common(const instruction* i);
  template <class Content>
  truth relate(const instruction* i);
  template <class Content>
  cell<Content> content_of(const value* v);
  const value* bound(slot s, value_kind kind) const;

  truth test(const instruction* i);
  truth test_values(const instruction* i);
  truth truth_of(const value* v);
  truth connective(const instruction* i, truth decisive);
  truth facts_related(const instruction* i) const;
  truth fact_related(const instruction* i) const;
  truth quantifier(const instruction* i, truth decisive);
  truth exactly_one(const instruction* i);
  template <class Body>
  bool each(const instruction* i, Body body);
  cell<std::int64_t> size(const instruction* i);
  cell<std::int64_t> count(const instruction* i);
  cell<std::int64_t> between(const instruction* i);
  cell<civil_date> civil(const instruction* i);
  cell<exact_money> scaled(const instruction* i);

  /// What any() finds of an instruction that computes nothing by its type.
  const value* held(const instruction* i, value& scratch);
  const value* row(const instruction* i, value& scratch);
  const value* called(const instruction* i, value& scratch);
  const value* by_general(const instruction* i, value& scratch);
  const value* computed_value(const instruction* i, value& scratch);

  /// Enters the program of a reference: it has macro variables of its own.
  class inside {
   public:
    inside(machine& m, const instruction* i) : machine_(m), added_(i->locals) {
      machine_.base_ += added_;
    }
    ~inside() { machine_.base_ -= added_; }
    inside(const inside&) = delete;
    inside& operator=(const inside&) = delete;

   private:
    machine& machine_;
    std::size_t added_;
  };

  const environment& env_;
  const frame& frame_;
  const binding* facts_;
  bool irregular_{};
  std::size_t base_{};
  // Each macro is a level, so there are no more variables than levels.
  std::array<const value*, deepest_evaluation> locals_;
};

}  // namespace leeway::condition
