// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

/// Stops the fuzzer at an input that breaks a promise.
inline void must(bool kept) {
  if (!kept) std::abort();
}
