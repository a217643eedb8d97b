// SPDX-License-Identifier: Apache-2.0
#include "desk/contract/backend.hpp"
#include "desk/postgres/server.hpp"

#include <leeway/desk/postgres_store.hpp>

#include <stdexcept>

namespace leeway::desk_test {
namespace {

class postgres_place final : public place {
 public:
  std::shared_ptr<store> open() override {
    // The tests' clock is not the server's.
    auto made = open_postgres_store(
        {.url = database_.url(), .patience = std::chrono::seconds(30), .tells_clock = false});
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
  }
  bool is_shared() const override { return true; }

 private:
  const test::fresh_database database_{*test::shared_server()};
};

const added postgres("PostgreSQL", []() -> std::unique_ptr<place> {
  if (!test::shared_server()) return nullptr;
  return std::make_unique<postgres_place>();
});

}  // namespace
}  // namespace leeway::desk_test
