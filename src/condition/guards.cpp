// SPDX-License-Identifier: Apache-2.0
#include "condition/guards.hpp"

#include "condition/checker.hpp"
#include "condition/node.hpp"

namespace leeway::condition {
namespace {

class collector {
 public:
  explicit collector(guard_pairs& out) : out_(out) {}

  void add(const program& code) {
    if (seen_.insert(&code).second) add(code.root());
  }

 private:
  void add(const node& n) {
    if (n.what == operation::reference) add(*n.definition);
    if (n.what == operation::logic_and || n.what == operation::conditional) guard(n);
    for (const node_ptr& a : n.args) add(*a);
  }

  void guard(const node& n) {
    std::set<slot> known;
    for (std::size_t i = 0; i < n.args.size(); ++i) {
      const auto reads = facts_read(*n.args[i]);
      for (const slot second : reads) {
        if (known.contains(second)) continue;
        for (const slot first : known) out_.emplace(first, second);
      }
      // The sides of `?:` do not wait for each other.
      if (n.what == operation::logic_and || i == 0) known.insert(reads.begin(), reads.end());
    }
  }

  guard_pairs& out_;
  std::set<const program*> seen_{};
};

}  // namespace

void add_guards(const program& code, guard_pairs& out) { collector(out).add(code); }

}  // namespace leeway::condition
