// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/leeway.hpp>

#include <cstdint>
#include <string_view>

namespace leeway_bench {

/// What goodwill-20 reads of a request, found in the maps when it is first asked for and kept.
/// A fact that is missing is noted: then nothing may be approved.
class facts {
 public:
  explicit facts(const leeway::request& r) : request_(r) {}

  std::int64_t agent_tier() { return integer(tier_, request_.agent.attributes, "tier"); }
  std::int64_t tenure_days() {
    return integer(tenure_, request_.customer.attributes, "tenure_days");
  }
  std::int64_t credits_count() {
    return integer(count_, request_.customer.attributes, "credits_90d_count");
  }
  std::int64_t hours_past_cutoff() {
    return integer(hours_, request_.contact.attributes, "hours_past_cutoff");
  }
  bool suspended() { return boolean(suspended_, request_.agent.attributes, "suspended"); }
  bool fraud_flag() { return boolean(fraud_, request_.customer.attributes, "fraud_flag"); }
  std::string_view customer_tier() {
    const leeway::value* v = found(customer_tier_, request_.customer.attributes, "tier");
    return v == nullptr ? std::string_view{} : std::string_view(v->as_string());
  }
  /// In cents. The policy's facts are in one currency, so cents are enough to compare.
  std::int64_t credits_cents() {
    const leeway::value* v = found(credits_, request_.customer.attributes, "credits_90d");
    return v == nullptr ? 0 : v->as_money().num();
  }
  std::int64_t amount_cents() const { return request_.action.amount->minor(); }

  [[nodiscard]] bool missing() const { return missing_; }

 private:
  struct slot {
    const leeway::value* value{};
    bool looked{};
  };

  const leeway::value* found(slot& s, const leeway::attributes& in, std::string_view name) {
    if (s.looked) return s.value;
    s.looked = true;
    const auto it = in.find(name);
    if (it == in.end()) {
      missing_ = true;
      return nullptr;
    }
    return s.value = &it->second;
  }
  std::int64_t integer(slot& s, const leeway::attributes& in, std::string_view name) {
    const leeway::value* v = found(s, in, name);
    return v == nullptr ? 0 : v->as_int();
  }
  bool boolean(slot& s, const leeway::attributes& in, std::string_view name) {
    const leeway::value* v = found(s, in, name);
    return v != nullptr && v->as_bool();
  }

  const leeway::request& request_;
  slot tier_{};
  slot suspended_{};
  slot fraud_{};
  slot customer_tier_{};
  slot tenure_{};
  slot count_{};
  slot credits_{};
  slot hours_{};
  bool missing_{};
};

/// goodwill-20 written by hand: the outcome and nothing else.
leeway::outcome handwritten(const leeway::request& r);

}  // namespace leeway_bench
