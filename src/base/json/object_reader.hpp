// SPDX-License-Identifier: Apache-2.0
// Reads the fields of one object strictly: every codec uses this and nothing else.
#ifndef LEEWAY_SRC_BASE_JSON_OBJECT_READER_HPP
#define LEEWAY_SRC_BASE_JSON_OBJECT_READER_HPP

#include "base/json/node.hpp"

#include <leeway/base/diagnostic.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace leeway::json {

/// What null stands for: a value like any other, or the same as leaving the key out.
enum class null_is : std::uint8_t { value, absence };

/// Reads the fields of one object, collecting diagnostics; it never stops at the first.
///
/// `required_*` report `missing_key` when the key is absent; `optional_*` do not. Both report
/// `wrong_type` for a value of another type; null is one, unless an optional key may be null
/// instead of absent. All return nullopt / nullptr then. `finish()` reports the
/// keys nobody asked for. Where the node is no object that is reported once, by the constructor,
/// and every getter then returns nothing, silently.
///
/// Keeps references to the document, the node, the list and the keys asked for, which are names in
/// the source or keys of the document: a local helper, not to be stored.
class object_reader {
 public:
  object_reader(const document& doc, const node& object, std::string pointer, diagnostics& out);

  /// Whether the node is an object.
  [[nodiscard]] bool valid() const noexcept { return valid_; }
  [[nodiscard]] const document& doc() const noexcept { return doc_; }
  [[nodiscard]] const node& object() const noexcept { return object_; }
  /// The pointer of this object.
  [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }
  [[nodiscard]] diagnostics& out() const noexcept { return out_; }
  /// The RFC 6901 pointer of a field of this object.
  [[nodiscard]] std::string pointer_of(std::string_view key) const;

  /// Whether the key is there, whatever its value. Touches it: it is known from now on.
  [[nodiscard]] bool has(std::string_view key);
  /// Whether the key is there with the value null. Touches it.
  [[nodiscard]] bool is_null(std::string_view key);

  [[nodiscard]] std::optional<std::string> required_string(std::string_view key);
  [[nodiscard]] std::optional<std::string> optional_string(std::string_view key,
                                                           null_is null = null_is::value);
  [[nodiscard]] std::optional<bool> required_boolean(std::string_view key);
  [[nodiscard]] std::optional<bool> optional_boolean(std::string_view key,
                                                     null_is null = null_is::value);
  [[nodiscard]] std::optional<std::int64_t> required_int64(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> optional_int64(std::string_view key,
                                                           null_is null = null_is::value);
  /// An integer too.
  [[nodiscard]] std::optional<double> required_number(std::string_view key);
  [[nodiscard]] std::optional<double> optional_number(std::string_view key,
                                                      null_is null = null_is::value);
  /// The array or object node itself.
  [[nodiscard]] const node* required_array(std::string_view key);
  [[nodiscard]] const node* optional_array(std::string_view key, null_is null = null_is::value);
  [[nodiscard]] const node* required_object(std::string_view key);
  [[nodiscard]] const node* optional_object(std::string_view key, null_is null = null_is::value);
  /// Of whatever type.
  [[nodiscard]] const node* required_any(std::string_view key);
  [[nodiscard]] const node* optional_any(std::string_view key, null_is null = null_is::value);
  /// An array of strings only; each item of another type is reported, at its place.
  [[nodiscard]] std::optional<std::vector<std::string>> required_strings(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::string>> optional_strings(
      std::string_view key, null_is null = null_is::value);

  /// A required string that `parse` turns into a T. `parse(std::string_view)` returns a
  /// `result<T>`-like value (tests true, `*`, and `.error()` with `code`, `message` and maybe
  /// `remedy`) or a `std::optional<T>`; what it refuses is reported on the value. `what` names the
  /// type for messages, with its article: "an amount of money such as \"49.99 USD\"".
  template <class T, class Parse>
  [[nodiscard]] std::optional<T> parsed(std::string_view key, Parse&& parse,
                                        std::string_view what) {
    return parsed_node<T>(required_any(key), key, std::forward<Parse>(parse), what);
  }
  /// The same for an optional key.
  template <class T, class Parse>
  [[nodiscard]] std::optional<T> optional_parsed(std::string_view key, Parse&& parse,
                                                 std::string_view what,
                                                 null_is null = null_is::value) {
    return parsed_node<T>(optional_any(key, null), key, std::forward<Parse>(parse), what);
  }

  /// Reports an error on the value of `key`, or on the object when the key is absent.
  void fail_at(std::string_view key, std::string code, std::string message,
               std::string remedy = {});
  /// Reports an error on the object itself.
  void fail_here(std::string code, std::string message, std::string remedy = {});

  /// Makes a key known that this object may have but nobody reads here.
  void ignore(std::string_view key) { (void)get(key, lookup::optional); }
  /// Whether anybody asked for this member of the object.
  [[nodiscard]] bool was_asked_for(const member& one) const;
  /// Reports every key nobody asked for, as `unknown_key`. Call it once, last.
  void finish();

 private:
  // Keys in the order they were asked for, maybe with repeats. Most objects have few.
  class key_list {
   public:
    void add(std::string_view key) {
      if (count_ < few_.size()) {
        few_[count_++] = key;
      } else {
        more_.push_back(key);
      }
    }
    [[nodiscard]] bool contains(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> without_repeats() const;

   private:
    std::array<std::string_view, 24> few_{};
    std::size_t count_{};
    std::vector<std::string_view> more_{};
  };

  // Reports on a node or a member of the object, cheaply once the list is full.
  template <class Where>
  void report(const Where& where, std::string pointer, std::string code, std::string message,
              std::string remedy = {}) {
    out_.add(out_.full() ? diagnostic{.code = std::move(code)}
                         : doc_.at(where, std::move(pointer), std::move(code), std::move(message),
                                   std::move(remedy)));
  }
  enum class lookup : std::uint8_t { required, optional, or_null };
  static lookup optional(null_is null) {
    return null == null_is::absence ? lookup::or_null : lookup::optional;
  }
  const node* get(std::string_view key, lookup wanted);
  const node* get(std::string_view key, lookup wanted, kind type, std::string_view what);
  std::optional<double> number_of(std::string_view key, const node* found);
  std::optional<std::vector<std::string>> strings(std::string_view key, const node* array);
  void wrong_type(std::string_view key, const node& found, std::string_view what);
  void refused(std::string_view key, const node& found, std::string_view what, std::string code,
               std::string message, std::string remedy);

  template <class T, class Parse>
  std::optional<T> parsed_node(const node* found, std::string_view key, Parse&& parse,
                               std::string_view what) {
    if (found == nullptr) return std::nullopt;
    if (!found->is(kind::string)) {
      wrong_type(key, *found, what);
      return std::nullopt;
    }
    auto outcome = std::forward<Parse>(parse)(found->string());
    if (outcome) return T{*std::move(outcome)};
    if constexpr (requires { outcome.error().message; }) {
      refused(key, *found, what, code_of(outcome.error()), std::string{outcome.error().message},
              remedy_of(outcome.error()));
    } else {
      refused(key, *found, what, {}, {}, {});
    }
    return std::nullopt;
  }

  template <class Error>
  static std::string code_of(const Error& error) {
    if constexpr (requires { std::string{error.code}; }) {
      return std::string{error.code};
    } else if constexpr (requires { std::string{to_string(error.code)}; }) {
      return std::string{to_string(error.code)};
    } else {
      return {};
    }
  }
  template <class Error>
  static std::string remedy_of(const Error& error) {
    if constexpr (requires { std::string{error.remedy}; }) {
      return std::string{error.remedy};
    } else {
      return {};
    }
  }

  const document& doc_;
  const node& object_;
  std::string pointer_;
  diagnostics& out_;
  bool valid_{};
  key_list asked_{};
  std::uint64_t marks_{};  // which of the first 64 members were asked for
};

}  // namespace leeway::json

#endif
