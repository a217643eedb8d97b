// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/backend.hpp"

#include <leeway/desk/memory_store.hpp>

namespace leeway::desk_test {
namespace {

class memory_place final : public place {
 public:
  std::shared_ptr<store> open() override { return made_; }
  bool is_durable() const override { return false; }
  bool is_shared() const override { return true; }

 private:
  const std::shared_ptr<store> made_ = make_memory_store();
};

const added memory("Memory", [] { return std::make_unique<memory_place>(); });

}  // namespace
}  // namespace leeway::desk_test
