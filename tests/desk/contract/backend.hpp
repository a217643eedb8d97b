// SPDX-License-Identifier: Apache-2.0
// The stores that the contract suite runs against. Each is made known by a source of its own.
#ifndef LEEWAY_TESTS_DESK_CONTRACT_BACKEND_HPP
#define LEEWAY_TESTS_DESK_CONTRACT_BACKEND_HPP

#include <leeway/desk/store.hpp>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace leeway::desk_test {

/// One store that a test has to itself, and what may be done to it from outside.
class place {
 public:
  virtual ~place() = default;
  /// Opens the store; again, what was there before is there. Throws where it cannot.
  virtual std::shared_ptr<store> open() = 0;
  /// Whether what was written is there when it is opened again.
  virtual bool is_durable() const { return true; }
  /// Whether several may have it open at once.
  virtual bool is_shared() const { return false; }
};

struct backend {
  std::string name{};
  std::function<std::unique_ptr<place>()> make{};  ///< nullptr: it cannot run here
};

inline void PrintTo(const backend& b, std::ostream* out) { *out << b.name; }

/// All of them; the function of each source adds its own.
std::vector<backend>& backends();

/// `static const added here{"Memory", ...};`
struct added {
  added(std::string name, std::function<std::unique_ptr<place>()> make) {
    backends().push_back({std::move(name), std::move(make)});
  }
};

}  // namespace leeway::desk_test

#endif
