// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/model/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// One side of the part of a condition that decided: a typed value where there is one, rendered as
/// text only when it is asked for. A plain value.
struct atom_side {
  /// Stands before the value: the relation of a bound (`>=`, `in`, `contains`); empty: none.
  std::string sign{};
  /// The value; absent: it is not known, or there is none.
  std::optional<value> content{};
  /// What is told where there is no value (`unknown`, `present`, an error), or after it.
  std::string note{};

  /// As a person reads it: `>= 3`, `62.00 USD`, `unknown`. Long values are shortened.
  [[nodiscard]] std::string to_string() const;
  /// As default constructed; the memory stays.
  void clear();

  friend bool operator==(const atom_side&, const atom_side&) = default;
};

/// The part of a condition that decided, with what was found and what it was held against.
struct deciding_atom {
  std::string expression{};      ///< `contact.hours_late >= 3`
  atom_side actual{};            ///< `2`, or `unknown`
  atom_side bound{};             ///< `>= 3`
  std::optional<bool> result{};  ///< absent: unknown

  /// As default constructed; the memory stays.
  void clear();

  friend bool operator==(const deciding_atom&, const deciding_atom&) = default;
};

}  // namespace leeway
