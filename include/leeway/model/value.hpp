// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/time.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace leeway {

/// What kind of thing a `value` holds. The numbers are stable.
enum class value_kind : std::uint8_t {
  boolean = 1,
  integer = 2,
  number = 3,
  string = 4,
  timestamp = 5,
  duration = 6,
  date = 7,
  money = 8,
  ratio = 9,
  list = 10,
  map = 11,
};

/// The field's name for a kind, as a policy writes it: `bool`, `int`, `double`, `string`, ...
std::string_view to_string(value_kind kind);

/// One fact or one result of a condition: a typed, immutable value. There is no null: a fact that
/// is not known is absent, never a value. Copies are cheap (lists and maps are shared).
///
/// Money is held exactly (`exact_money`): the result of `money('10 USD') * ratio('1/3')` is a third
/// of ten dollars until something rounds it.
///
/// Thread-safety: const access from several threads is safe.
class value {
 public:
  using list_type = std::vector<value>;
  /// Map keys are strings, integers or booleans (Common Expression Language); kept sorted by key.
  using map_type = std::vector<std::pair<value, value>>;

  // A literal or a fact of a request stands where a value is asked for, so these convert.
  // NOLINTBEGIN(google-explicit-constructor)
  value(bool v) : data_(v) {}
  value(int v) : data_(static_cast<std::int64_t>(v)) {}
  value(std::int64_t v) : data_(v) {}
  value(double v) : data_(v) {}
  value(const char* v) : data_(std::string(v)) {}
  value(std::string v) : data_(std::move(v)) {}
  value(std::string_view v) : data_(std::string(v)) {}
  value(instant v) : data_(v) {}
  value(leeway::duration v) : data_(v) {}
  value(civil_date v) : data_(v) {}
  value(leeway::money v) : data_(exact_money(v)) {}
  value(exact_money v) : data_(v) {}
  value(leeway::ratio v) : data_(v) {}
  // NOLINTEND(google-explicit-constructor)
  static value list(list_type items);
  /// Sorts by key; a repeated key keeps the last (callers that must refuse one check before).
  static value map(map_type entries);

  value_kind kind() const {
    // INVARIANT: the alternatives of `data_` stand in the order of value_kind, which begins at 1.
    return static_cast<value_kind>(data_.index() + 1);
  }
  bool is(value_kind k) const { return kind() == k; }

  /// Typed access. Precondition: `is(...)` of that kind; otherwise throws std::logic_error.
  bool as_bool() const { return held<bool>("bool"); }
  std::int64_t as_int() const { return held<std::int64_t>("int"); }
  double as_double() const { return held<double>("double"); }
  const std::string& as_string() const { return held<std::string>("string"); }
  instant as_timestamp() const { return held<instant>("timestamp"); }
  leeway::duration as_duration() const { return held<leeway::duration>("duration"); }
  civil_date as_date() const { return held<civil_date>("date"); }
  const exact_money& as_money() const { return held<exact_money>("money"); }
  leeway::ratio as_ratio() const { return held<leeway::ratio>("ratio"); }
  const list_type& as_list() const { return *held<shared_list>("list"); }
  const map_type& as_map() const { return *held<shared_map>("map"); }

  /// Becomes a string, in the memory of the one it was before.
  void assign(std::string_view text) {
    if (auto* const mine = std::get_if<std::string>(&data_)) {
      mine->assign(text);
    } else {
      data_.emplace<std::string>(text);
    }
  }

  /// Becomes a copy of another, in place: what is of the same kind as before is only written over.
  void assign(const value& other) {
    if (rewritten<std::int64_t>(other) || rewritten<bool>(other) || rewritten<std::string>(other) ||
        rewritten<exact_money>(other)) {
      return;
    }
    data_ = other.data_;
  }

  /// Looks a key up in a map value; nullptr when there is no such row.
  const value* find(const value& key) const;

  /// Structural equality: same kind and equal content. Never equal across kinds.
  friend bool operator==(const value& a, const value& b);
  /// A total order by kind then content, for sorting (NaN sorts last); not the language's `<`.
  static std::strong_ordering order(const value& a, const value& b);

  /// As a person reads it, in the policy's notation: `62.00 USD`, `3`, `'gold'`, `[1, 2]`.
  std::string to_string() const;

 private:
  using shared_list = std::shared_ptr<const list_type>;
  using shared_map = std::shared_ptr<const map_type>;
  struct unchecked {};
  value(unchecked, shared_list v) : data_(std::move(v)) {}
  value(unchecked, shared_map v) : data_(std::move(v)) {}

  [[noreturn]] static void not_a(const char* kind);
  template <class Content>
  const Content& held(const char* kind) const {
    const Content* const content = std::get_if<Content>(&data_);
    if (content == nullptr) [[unlikely]]
      not_a(kind);
    return *content;
  }

  // Whether both are of this kind, and this one now says what the other does.
  template <class Content>
  bool rewritten(const value& other) {
    Content* const mine = std::get_if<Content>(&data_);
    if (mine == nullptr) return false;
    const Content* const theirs = std::get_if<Content>(&other.data_);
    if (theirs == nullptr) return false;
    *mine = *theirs;
    return true;
  }

  std::variant<bool, std::int64_t, double, std::string, instant, leeway::duration, civil_date,
               exact_money, leeway::ratio, shared_list, shared_map>
      data_;
};

/// Named facts of one thing (an agent, a contact, a subject ...), in name order.
using attributes = std::map<std::string, value, std::less<>>;

}  // namespace leeway
