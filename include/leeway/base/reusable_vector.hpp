// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_REUSABLE_VECTOR_HPP
#define LEEWAY_BASE_REUSABLE_VECTOR_HPP

#include <algorithm>
#include <compare>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace leeway {

/// A vector that keeps its elements, and so their memory, when it is cleared: a decision that is
/// used again for the next request allocates nothing once it is warm. Reads like std::vector and
/// converts to and from it; elements beyond `size()` are never seen.
///
/// An element is made new by its member `clear()` where it has one, else by assignment of `T{}`.
/// Iterators, references and thread-safety are those of std::vector; `clear()` invalidates.
template <class T>
class reusable_vector {
 public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using iterator = T*;
  using const_iterator = const T*;

  reusable_vector() = default;
  // Stands where a std::vector is asked for, and the other way round.
  // NOLINTBEGIN(google-explicit-constructor)
  reusable_vector(std::initializer_list<T> items) : items_(items), size_(items_.size()) {}
  reusable_vector(std::vector<T> items) : items_(std::move(items)), size_(items_.size()) {}
  operator std::vector<T>() const { return std::vector<T>(begin(), end()); }
  // NOLINTEND(google-explicit-constructor)
  reusable_vector(const reusable_vector& other)
      : items_(other.begin(), other.end()), size_(other.size_) {}
  reusable_vector(reusable_vector&& other) noexcept
      : items_(std::move(other.items_)), size_(std::exchange(other.size_, 0)) {}
  reusable_vector& operator=(const reusable_vector& other) {
    if (this != &other) assign(other.begin(), other.end());
    return *this;
  }
  reusable_vector& operator=(reusable_vector&& other) noexcept {
    items_ = std::move(other.items_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  ~reusable_vector() = default;

  iterator begin() { return items_.data(); }
  iterator end() { return items_.data() + size_; }
  const_iterator begin() const { return items_.data(); }
  const_iterator end() const { return items_.data() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T& front() { return items_[0]; }
  const T& front() const { return items_[0]; }
  T& back() { return items_[size_ - 1]; }
  const T& back() const { return items_[size_ - 1]; }

  /// No elements; their memory stays.
  void clear() { size_ = 0; }
  void reserve(std::size_t n) { items_.reserve(n); }
  /// One more element, as if default constructed.
  T& next() {
    if (size_ == items_.size()) {
      items_.emplace_back();
    } else {
      renew(items_[size_]);
    }
    return items_[size_++];
  }
  void push_back(const T& item) {
    if (size_ == items_.size()) {
      items_.push_back(item);
    } else {
      items_[size_] = item;
    }
    ++size_;
  }
  void push_back(T&& item) {
    if (size_ == items_.size()) {
      items_.push_back(std::move(item));
    } else {
      items_[size_] = std::move(item);
    }
    ++size_;
  }
  void pop_back() { --size_; }
  /// Takes elements out; those behind them move up.
  iterator erase(const_iterator first, const_iterator last) {
    T* to = begin() + (first - begin());
    T* from = begin() + (last - begin());
    // Swapped, not moved: what is taken out keeps its memory for later.
    T* kept = to;
    for (; from != end(); ++from, ++kept) std::swap(*kept, *from);
    size_ = static_cast<std::size_t>(kept - begin());
    return to;
  }
  iterator erase(const_iterator at) { return erase(at, at + 1); }
  /// Adds a range before `at`.
  template <class Iterator>
  iterator insert(const_iterator at, Iterator first, Iterator last) {
    const std::ptrdiff_t where = at - begin();
    const auto before = static_cast<std::ptrdiff_t>(size_);
    for (; first != last; ++first) push_back(*first);
    std::rotate(begin() + where, begin() + before, end());
    return begin() + where;
  }
  template <class Iterator>
  void assign(Iterator first, Iterator last) {
    clear();
    for (; first != last; ++first) push_back(*first);
  }
  void swap(reusable_vector& other) noexcept {
    items_.swap(other.items_);
    std::swap(size_, other.size_);
  }

  friend bool operator==(const reusable_vector& a, const reusable_vector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend auto operator<=>(const reusable_vector& a, const reusable_vector& b) {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  static void renew(T& item) {
    if constexpr (requires { item.clear(); }) {
      item.clear();
    } else {
      item = T{};
    }
  }

  std::vector<T> items_{};  ///< of which the first `size_` are seen
  std::size_t size_{};
};

}  // namespace leeway

#endif
