// SPDX-License-Identifier: Apache-2.0
// What names a condition may use, with their types; and the frame that holds their values.
#pragma once

#include "condition/calendar.hpp"
#include "condition/type.hpp"

#include <leeway/base/currency.hpp>
#include <leeway/base/time.hpp>
#include <leeway/model/value.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::condition {

class program;

/// Index of a declared name in a frame.
using slot = std::uint32_t;

/// A declared fact, measure or built-in name (`contact.minutes_late`, `usage.waivers_6m`, `at`).
struct declaration {
  std::string path{};  ///< dotted, as written
  type static_type{value_kind::boolean};
  bool optional{};                  ///< absence is known: `has()` is demanded before use
  bool amount{};                    ///< this is the proposed amount: only linear use, see checker
  bool counted{};                   ///< a count: never negative
  bool protected_attribute{};       ///< no condition may read it (fairness)
  bool always{};                    ///< every request has it: never unknown, never absent
  std::optional<value> left_out{};  ///< of `always`: what it is when the request does not say
  std::vector<value> one_of{};      ///< the only values (of a list: items) there are; empty: any
};

/// What a dated table holds from a day on, up to a day (exclusive). Absent: without end.
struct dated_rows {
  std::optional<civil_date> from{};
  std::optional<civil_date> until{};
  value rows{value::map({})};
  /// "from 2026-04-01", "until 2026-04-01", "from 2019-04-01 until 2026-04-01"; "" when always.
  std::string span() const;
};

/// A table whose rows depend on a day, read as `tables.<name>[day]`.
struct dated_table {
  std::string name{};
  std::vector<dated_rows> entries{};  ///< INVARIANT: by date, none overlaps another
  std::uint64_t extent{1};            ///< of the widest rows; set where the table is defined
  /// What holds on that day; nullptr when nothing does.
  const dated_rows* on(civil_date day) const;
};

/// The names in scope. Built once per policy, then only read; share freely between threads after.
class environment {
 public:
  environment(currency money_currency, time_zone zone) : currency_(money_currency), zone_(zone) {}

  /// Declares a name. Declaring the same path again replaces its declaration (same slot).
  slot declare(declaration d);
  /// Declares `values.<name>`: reading it evaluates `definition`.
  void define_value(std::string name, std::shared_ptr<const program> definition);
  /// Declares `tables.<name>`, a constant map (rows may be maps again). A missing row is an
  /// evaluation error, which counts as unknown.
  void define_table(std::string name, type table_type, value rows);
  /// Declares a table whose first key is a date; `row_type` is what a day yields. A day that no
  /// entry covers is an evaluation error, which counts as unknown.
  void define_dated_table(type row_type, dated_table rows);
  /// Which days are worked: Monday to Friday without holidays when it is not said.
  void set_calendar(working_calendar calendar) { calendar_ = std::move(calendar); }

  const declaration* find(std::string_view path) const;
  std::optional<slot> slot_of(std::string_view path) const;
  const declaration& at(slot s) const { return declarations_[s]; }
  std::size_t size() const { return declarations_.size(); }
  const std::shared_ptr<const program>* find_value(std::string_view name) const;
  struct table {
    type table_type;
    value rows;
    std::uint64_t extent{1};                     ///< see `node::extent`
    std::shared_ptr<const dated_table> dated{};  ///< then `table_type` is what a day yields
  };
  const table* find_table(std::string_view name) const;
  /// The slot of the proposed amount (`declaration.amount`), when one is declared.
  std::optional<slot> amount_slot() const;
  /// Every dotted name in scope (facts, `values.x`, `tables.y`), for "did you mean".
  std::vector<std::string> names() const;

  currency money_currency() const { return currency_; }
  const time_zone& zone() const { return zone_; }
  const working_calendar& calendar() const { return calendar_; }

 private:
  currency currency_;
  time_zone zone_;
  working_calendar calendar_{};
  std::vector<declaration> declarations_{};
  std::map<std::string, slot, std::less<>> by_path_{};
  std::map<std::string, std::shared_ptr<const program>, std::less<>> values_{};
  std::map<std::string, table, std::less<>> tables_{};
};

/// What is known of one name at the instant of a decision.
struct binding {
  enum class state : std::uint8_t { unknown, absent, known };
  state status{state::unknown};  ///< absent only for names declared optional
  const value* content{};        ///< INVARIANT: of known, and of nothing else, there is one
};

/// The same with a value of its own, which outlives the frame it was kept from.
struct kept_binding {
  binding::state status{binding::state::unknown};
  std::optional<value> content{};
};

/// The values of all names of an environment, by slot: its own, or borrowed from what lives longer
/// (a request, a policy). A plain data holder; not shared while written. A copy borrows what this
/// one borrows, and has the rest as its own.
class frame {
 public:
  frame() = default;
  explicit frame(const environment& env) { reset(env); }
  frame(const frame& other) : bindings_(other.bindings_), own_(other.own_) { rebind(other); }
  frame& operator=(const frame& other) {
    if (this == &other) return *this;
    bindings_ = other.bindings_;
    own_ = other.own_;
    rebind(other);
    return *this;
  }
  frame(frame&&) noexcept = default;
  frame& operator=(frame&&) noexcept = default;
  ~frame() = default;

  const binding& at(slot s) const { return bindings_[s]; }
  const binding* begin() const { return bindings_.data(); }
  std::size_t size() const { return bindings_.size(); }
  void set(slot s, const value& v) {
    own_[s].assign(v);
    set_known(s);
  }
  void set(slot s, value&& v) {
    own_[s] = std::move(v);
    set_known(s);
  }
  /// A text, into the memory of the one before.
  void set_text(slot s, std::string_view v) {
    own_[s].assign(v);
    set_known(s);
  }
  /// `v` must live, and stay as it is, for as long as it is read here.
  void borrow(slot s, const value& v) { bindings_[s] = {binding::state::known, &v}; }
  /// What is borrowed becomes the frame's own.
  void own(slot s) {
    if (bindings_[s].content != nullptr) set(s, *bindings_[s].content);
  }
  /// The value that `s` had of its own when it last had one.
  const value& last_own(slot s) const { return own_[s]; }
  /// That one holds again.
  void set_known(slot s) { bindings_[s] = {binding::state::known, &own_[s]}; }
  void set_absent(slot s) { bindings_[s] = {binding::state::absent, nullptr}; }
  void set_unknown(slot s) { bindings_[s] = {}; }
  kept_binding keep(slot s) const {
    const binding& b = bindings_[s];
    return {b.status, b.content == nullptr ? std::nullopt : std::optional<value>(*b.content)};
  }
  void restore(slot s, const kept_binding& b) {
    if (b.content) {
      set(s, *b.content);
    } else {
      bindings_[s] = {b.status, nullptr};
    }
  }
  /// Everything unknown, for another use; the memory stays.
  void reset(const environment& env) {
    bindings_.assign(env.size(), {});
    own_.resize(env.size(), value(false));
  }

 private:
  void rebind(const frame& other) {
    for (std::size_t i = 0; i < bindings_.size(); ++i) {
      if (bindings_[i].content == &other.own_[i]) bindings_[i].content = &own_[i];
    }
  }

  std::vector<binding> bindings_{};
  std::vector<value> own_{};  ///< by slot; of what is borrowed or not known: from an earlier use
};

}  // namespace leeway::condition
