// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_RESULT_HPP
#define LEEWAY_BASE_RESULT_HPP

#include <cassert>
#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace leeway {

/// Why an operation that may be expected to fail did fail.
struct error {
  /// Stable, documented, snake_case: for programs. Example: `money_decimals`.
  std::string code{};
  /// For people: starts lower-case, no full stop, user input in backticks, then a remedy.
  std::string message{};

  friend bool operator==(const error&, const error&) = default;
};

/// A failure on its way into a result; made with fail().
template <class E>
struct failure {
  E value;
};

/// Wraps an error so that it converts to any result with that error type: `return
/// fail(std::move(e));`
template <class E>
[[nodiscard]] failure<std::decay_t<E>> fail(E&& e) {
  return {std::forward<E>(e)};
}

/// `return fail("money_syntax", "...");`
[[nodiscard]] inline failure<error> fail(std::string code, std::string message) {
  return {error{std::move(code), std::move(message)}};
}

namespace detail {

template <class T>
inline constexpr bool is_failure = false;
template <class E>
inline constexpr bool is_failure<failure<E>> = true;

template <class E>
[[noreturn]] void throw_no_value(const E& e) {
  if constexpr (requires {
                  { e.message } -> std::convertible_to<std::string>;
                }) {
    throw std::logic_error("result holds no value: " + std::string(e.message));
  } else {
    throw std::logic_error("result holds no value");
  }
}

}  // namespace detail

/// A value, or the error that prevented it. Business outcomes (deny, escalate) are values, not
/// errors.
///
/// `operator*`, `operator->` need a value and error() needs an error: checked by assert only.
/// `value()` on an error is a programmer error and throws std::logic_error with the message; use it
/// in tests, examples and main. As thread-safe as T and E. Example: `auto m = money::parse(text);
/// if (!m) return fail(m.error());`
template <class T, class E = error>
class [[nodiscard]] result {
 public:
  using value_type = T;
  using error_type = E;

  /// From a value, or anything that converts to one.
  template <class U = T>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, result> &&
             !detail::is_failure<std::remove_cvref_t<U>>)
  result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  /// From `fail(...)`.
  template <class G>
    requires std::convertible_to<G, E>
  result(failure<G> f) : state_(std::in_place_index<1>, std::move(f.value)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& operator*() & noexcept { return held(); }
  [[nodiscard]] const T& operator*() const& noexcept { return held(); }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(held()); }
  [[nodiscard]] T* operator->() noexcept { return &held(); }
  [[nodiscard]] const T* operator->() const noexcept { return &held(); }

  [[nodiscard]] T& value() & {
    require();
    return held();
  }
  [[nodiscard]] const T& value() const& {
    require();
    return held();
  }
  [[nodiscard]] T&& value() && {
    require();
    return std::move(held());
  }

  [[nodiscard]] E& error() & noexcept {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const E& error() const& noexcept {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] E&& error() && noexcept {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  /// The value, or `other` when there is none.
  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? held() : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  [[nodiscard]] T value_or(U&& other) && {
    return has_value() ? std::move(held()) : static_cast<T>(std::forward<U>(other));
  }

 private:
  T& held() noexcept {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& held() const noexcept {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  void require() const {
    if (!has_value()) detail::throw_no_value(*std::get_if<1>(&state_));
  }

  std::variant<T, E> state_;
};

/// Success without a value, or an error. `return {};` is success.
template <class E>
class [[nodiscard]] result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  result() = default;

  template <class G>
    requires std::convertible_to<G, E>
  result(failure<G> f) : error_(std::move(f.value)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  void operator*() const noexcept { assert(has_value()); }
  void value() const {
    if (error_) detail::throw_no_value(*error_);
  }

  [[nodiscard]] E& error() & noexcept {
    assert(error_);
    return *error_;
  }
  [[nodiscard]] const E& error() const& noexcept {
    assert(error_);
    return *error_;
  }
  [[nodiscard]] E&& error() && noexcept {
    assert(error_);
    return std::move(*error_);
  }

 private:
  std::optional<E> error_{};
};

}  // namespace leeway

#endif
