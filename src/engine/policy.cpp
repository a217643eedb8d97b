// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"
#include "engine/binder.hpp"
#include "engine/evaluate.hpp"
#include "engine/usage.hpp"
#include "policy/compiled.hpp"
#include "policy/loader.hpp"

#include <leeway/engine/policy.hpp>

#include <fstream>
#include <ios>
#include <string>
#include <utility>

namespace leeway {

policy::policy(std::shared_ptr<const policy_detail::compiled_policy> impl, diagnostics warnings)
    : impl_(std::move(impl)), warnings_(std::make_shared<const diagnostics>(std::move(warnings))) {}

const policy_id& policy::id() const { return impl_->document.id; }
const std::string& policy::version() const { return impl_->document.version; }
const leeway::digest& policy::digest() const { return impl_->content_digest; }
const policy_document& policy::document() const { return impl_->document; }
currency policy::money_currency() const { return impl_->money_currency; }
const time_zone& policy::zone() const { return impl_->zone; }

bool policy::in_force(instant as_of) const {
  return !suspension_ && !impl_->document.suspended && impl_->in_dates(as_of);
}

policy policy::suspended(std::string why) const {
  policy out = *this;
  out.suspension_ = std::move(why);
  return out;
}

decision policy::decide(const request& r, const usage& used, const decide_options& options) const {
  return engine::decide_traced(*impl_, r, used, options, nullptr,
                               suspension_ ? &*suspension_ : nullptr);
}

decision policy::decide(const request& r, const decide_options& options) const {
  return decide(r, usage_of(r), options);
}

diagnostics policy::check(const request& r) const {
  auto found = engine::bind(*impl_, r).found;
  engine::advise(*impl_, r, found);
  return found;
}

const std::vector<silenced_lint>& policy::silenced() const { return impl_->silenced; }

std::vector<usage_key> policy::usage_needed(const request& r) const {
  return engine::usage_needed(*impl_, r);
}

usage policy::usage_of(const request& r) const { return engine::usage_of(*impl_, r); }

history_entry policy::entry_of(const request& r, const decision& d) const {
  return engine::entry_of(*impl_, r, d);
}

result<policy, diagnostics> parse_policy(std::string_view text, std::string_view file) {
  auto loaded = policy_detail::load_document(text, file);
  diagnostics found = std::move(loaded.found);
  policy_detail::locator where(loaded.source);
  auto compiled = policy_detail::check_policy(loaded.content, where, found);
  found.sort();
  if (compiled == nullptr || found.has_errors()) return fail(std::move(found));
  return policy(std::move(compiled), std::move(found));
}

namespace {

failure<diagnostics> not_loaded(const std::string& path, std::string code, std::string message,
                                std::string remedy) {
  return fail(diagnostics(diagnostic{.code = std::move(code),
                                     .message = std::move(message),
                                     .remedy = std::move(remedy),
                                     .file = path}));
}

}  // namespace

result<policy, diagnostics> load_policy(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  constexpr std::size_t step = std::size_t{1} << 20U;
  const std::size_t most = json::read_options{}.max_bytes;
  std::string text;
  // A device may have no end, so no more is read than would be taken.
  while (in && text.size() <= most) {
    const std::size_t before = text.size();
    text.resize(before + step);
    in.read(text.data() + before, static_cast<std::streamsize>(step));
    text.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) {
    return not_loaded(path, "cannot_read", "cannot read `" + path + "`",
                      "check that the file exists and may be read");
  }
  if (text.size() > most) {
    return not_loaded(path, "document_too_large", "longer than 16 MiB", "split the policy");
  }
  return parse_policy(text, path);
}

result<policy, diagnostics> compile_policy(const policy_document& document) {
  diagnostics found;
  auto compiled = policy_detail::check_policy(document, policy_detail::locator(), found);
  if (compiled == nullptr || found.has_errors()) return fail(std::move(found));
  return policy(std::move(compiled), std::move(found));
}

}  // namespace leeway
