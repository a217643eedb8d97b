// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/backend.hpp"
#include "desk/contract/temporary_folder.hpp"

#include <leeway/desk/open.hpp>

#include <stdexcept>

namespace leeway::desk_test {
namespace {

class sqlite_place final : public place {
 public:
  std::shared_ptr<store> open() override {
    auto made = open_store("sqlite:" + folder_.file("desk.db"));
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
  }

 private:
  temporary_folder folder_{};
};

const added sqlite("Sqlite", [] { return std::make_unique<sqlite_place>(); });

}  // namespace
}  // namespace leeway::desk_test
