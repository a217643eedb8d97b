// SPDX-License-Identifier: Apache-2.0
// The static types of the condition language.
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/model/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leeway::condition {

/// A static type: a kind, and for lists and maps what they hold. Immutable, cheap to copy.
class type {
 public:
  /// A type without parameters. Precondition: not list or map.
  type(value_kind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor)
  static type list_of(type element);
  static type map_of(type key, type element);
  /// The type of `[]` and `{}` before anything is known of their elements: fits any list or map.
  static type empty_list();
  static type empty_map();
  /// The type of no value at all: of an element of an empty literal, and of what the checker has
  /// already refused. Stands where any type is asked for. Never the type of a compiled program.
  static type nothing();

  /// Reads `bool`, `int`, `double`, `string`, `timestamp`, `duration`, `date`, `money`, `ratio`,
  /// `list<T>`, `map<K, V>` (K: string, int or bool), as policies write it.
  static result<type> parse(std::string_view text);

  value_kind kind() const { return kind_; }
  bool is(value_kind k) const { return kind_ == k; }
  /// Of a list: its items; of a map: its values. nullptr for an empty literal's.
  const type* element() const { return element_.get(); }
  const type* key() const { return key_.get(); }
  type element_or_nothing() const;
  type key_or_nothing() const;
  bool is_nothing() const { return kind_ == value_kind{}; }
  /// Whether it can be the key of a map: string, int or bool.
  bool can_be_key() const {
    return is(value_kind::string) || is(value_kind::integer) || is(value_kind::boolean);
  }

  std::string to_string() const;
  friend bool operator==(const type& a, const type& b);
  /// Whether a value of this type can stand where `wanted` is asked for (equal, or an empty
  /// literal's type for a list or map).
  bool fits(const type& wanted) const;

 private:
  value_kind kind_;
  std::shared_ptr<const type> key_{};
  std::shared_ptr<const type> element_{};
};

/// The one type both stand for: equal ones, or the fuller of two where one is an empty literal's.
/// Nothing when they differ.
std::optional<type> join(const type& a, const type& b);

}  // namespace leeway::condition
