// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_BASE_ID_HPP
#define LEEWAY_BASE_ID_HPP

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace leeway {

/// An identifier that cannot be mistaken for another kind of identifier: an agent_id does not
/// convert to a customer_id. Ids are opaque text, compared byte by byte; empty means "not given".
/// Order is that of the bytes. As thread-safe as std::string. Example: `agent_id a = "a-17";`
template <class Tag>
class strong_id {
 public:
  strong_id() = default;
  strong_id(const char* text) : text_(text) {}
  strong_id(std::string text) noexcept : text_(std::move(text)) {}
  strong_id(std::string_view text) : text_(text) {}

  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  friend bool operator==(const strong_id& a, const strong_id& b) noexcept {
    return a.text_ == b.text_;
  }
  friend std::strong_ordering operator<=>(const strong_id& a, const strong_id& b) noexcept {
    return a.text_ <=> b.text_;
  }

 private:
  std::string text_{};
};

/// Who proposes.
using agent_id = strong_id<struct agent_id_tag>;
/// Who it is for.
using customer_id = strong_id<struct customer_id_tag>;
/// The conversation.
using contact_id = strong_id<struct contact_id_tag>;
/// What the contact is about: an account, a booking, a property.
using subject_id = strong_id<struct subject_id_tag>;
/// The request; also its idempotency key.
using request_id = strong_id<struct request_id_tag>;
/// The decision on a request.
using decision_id = strong_id<struct decision_id_tag>;
/// A policy, in all its versions.
using policy_id = strong_id<struct policy_id_tag>;
/// A role of a policy.
using role_id = strong_id<struct role_id_tag>;
/// A kind of action from a policy's catalogue.
using action_kind = strong_id<struct action_kind_tag>;
/// A grant, rule, budget, entitlement, measure or discretion entry of a policy.
using rule_id = strong_id<struct rule_id_tag>;

}  // namespace leeway

template <class Tag>
struct std::hash<leeway::strong_id<Tag>> {
  std::size_t operator()(const leeway::strong_id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};

#endif
