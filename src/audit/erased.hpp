// SPDX-License-Identifier: Apache-2.0
// Memory for secrets.
#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstddef>

namespace leeway::audit {

/// Bytes that are overwritten when they go, in a way that no compiler leaves out. Not copied, so
/// that there is one place to erase.
template <class T, std::size_t Size>
class erased {
 public:
  erased() = default;
  ~erased() { OPENSSL_cleanse(bytes_.data(), sizeof(bytes_)); }
  erased(const erased&) = delete;
  erased& operator=(const erased&) = delete;

  [[nodiscard]] std::array<T, Size>& bytes() noexcept { return bytes_; }
  [[nodiscard]] const std::array<T, Size>& bytes() const noexcept { return bytes_; }

 private:
  std::array<T, Size> bytes_{};
};

/// Overwrites what a string or a vector holds when the scope ends.
template <class Container>
class eraser {
 public:
  explicit eraser(Container& of) : of_(of) {}
  ~eraser() { OPENSSL_cleanse(of_.data(), of_.size()); }
  eraser(const eraser&) = delete;
  eraser& operator=(const eraser&) = delete;

 private:
  Container& of_;
};

}  // namespace leeway::audit
