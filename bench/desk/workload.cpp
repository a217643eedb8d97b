// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/workload.hpp"

#include <leeway/base/clock.hpp>
#include <leeway/engine/policy.hpp>

#include <linux/magic.h>
#include <sys/vfs.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace leeway_bench {

using namespace leeway;

namespace {

policy goodwill() {
  auto loaded = parse_policy(R"({"format": "leeway-policy/1", "id": "goodwill", "version": "1",
    "currency": "USD",
    "roles": [{"id": "agent", "escalate_to": ["lead"]}, {"id": "lead"}],
    "actions": [{"id": "waiver"}],
    "grants": [{"id": "G1", "to": "agent", "for": ["waiver"], "up_to": "50 USD"},
               {"id": "G2", "to": "lead", "for": ["*"], "up_to": "500 USD"}],
    "measures": [{"id": "waivers", "kinds": ["waiver"], "per": ["customer.id"], "window": "P90D",
                  "take": "count"}],
    "rules": [{"id": "R1", "for": "waiver", "when": "usage.waivers > 1000000000",
               "then": "deny", "because": "enough is enough", "source": "handbook"}],
    "budgets": [
      {"id": "B1", "per": ["customer.id"], "for": ["*"], "window": "P90D",
       "amount": "900000000 USD", "beyond": "deny"},
      {"id": "B2", "per": ["agent.id"], "for": ["*"], "window": "calendar day",
       "amount": "900000000 USD", "beyond": "deny"},
      {"id": "B3", "per": ["agent.team"], "for": ["*"], "window": "calendar month",
       "amount": "900000000 USD", "beyond": "deny"}],
    "deadlines": {"settle": "P7D"}})");
  if (!loaded) throw std::runtime_error(render(loaded.error()));
  return *std::move(loaded);
}

}  // namespace

charged of_caller(std::size_t caller) {
  const std::string n = std::to_string(caller);
  return {.customer = "customer-" + n, .agent = "agent-" + n, .team = "team-" + n};
}
charged in_one_team(std::size_t caller) {
  charged out = of_caller(caller);
  out.team = "everybody";
  return out;
}

std::unique_ptr<desk> open_desk(std::shared_ptr<store> books) {
  auto made = desk::open(std::move(books));
  if (!made) throw std::runtime_error(render(made.error()));
  if (const auto done = (*made)->publish(goodwill()); !done) {
    throw std::runtime_error(render(done.error()));
  }
  return *std::move(made);
}

request proposal(const std::string& id, const charged& whose) {
  request r{.id = id, .at = now()};
  r.agent = {.id = whose.agent, .role = "agent", .team = whose.team};
  r.customer = {.id = whose.customer, .segment = "retail"};
  r.contact = {.id = "contact-" + id, .channel = "phone", .reason = "late_fee"};
  r.action = {.kind = "waiver", .amount = usd(7)};
  return r;
}

void approve(desk& d, const std::string& id, const charged& whose) {
  const auto answered = d.decide(proposal(id, whose));
  if (!answered) throw std::runtime_error(render(answered.error()));
  if (answered->decision.outcome != outcome::approve) throw std::runtime_error("not approved");
}

std::string new_id() {
  static std::atomic<std::size_t> last{0};
  std::string number = std::to_string(++last);
  return "request-" + number.insert(0, 8 - std::min<std::size_t>(number.size(), 8), '0');
}

std::shared_ptr<store> opened(result<std::shared_ptr<store>> store) {
  if (!store) throw std::runtime_error(store.error().code + ": " + store.error().message);
  return *std::move(store);
}

disk_folder::disk_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "leeway-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

disk_folder::~disk_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string disk_folder::unfit() {
  const std::filesystem::path path = std::filesystem::temp_directory_path();
  struct statfs of{};
  if (::statfs(path.c_str(), &of) != 0) return path.string() + " cannot be read";
  if (of.f_type == TMPFS_MAGIC) return path.string() + " is memory, not a disk";
  return {};
}

}  // namespace leeway_bench
