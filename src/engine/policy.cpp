// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.hpp"
#include "engine/advice.hpp"
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
  decision out;
  decide(r, used, options, out);
  return out;
}

void policy::decide(const request& r, const usage& used, const decide_options& options,
                    decision& into) const {
  engine::decide_traced(*impl_, r, used, options, nullptr, suspension_ ? &*suspension_ : nullptr,
                        into);
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

/// The text of a document; errors name the file.
result<std::string, diagnostics> text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  constexpr std::size_t step = std::size_t{1} << 20U;
  const std::size_t most = policy_detail::document_limits.max_bytes;
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
    return not_loaded(path, "document_too_large", "longer than 64 MiB", "split the document");
  }
  return text;
}

}  // namespace

result<policy, diagnostics> load_policy(const std::string& path) {
  auto text = text_of(path);
  if (!text) return fail(std::move(text).error());
  return parse_policy(*text, path);
}

result<overlay, diagnostics> load_overlay(const std::string& path) {
  auto text = text_of(path);
  if (!text) return fail(std::move(text).error());
  return parse_overlay(*text, path);
}

result<policy, diagnostics> compile_policy(const policy_document& document) {
  diagnostics found;
  auto compiled = policy_detail::check_policy(document, policy_detail::locator(), found);
  if (compiled == nullptr || found.has_errors()) return fail(std::move(found));
  return policy(std::move(compiled), std::move(found));
}

overlay::overlay(std::shared_ptr<const policy_detail::loaded_overlay> impl)
    : impl_(std::move(impl)) {}

overlay::overlay(policy_id of, overlay_definition content) {
  auto impl = std::make_shared<policy_detail::loaded_overlay>();
  impl->of = std::move(of);
  impl->content = std::move(content);
  impl_ = std::move(impl);
}

const rule_id& overlay::id() const { return impl_->content.id; }
const std::string& overlay::version() const { return impl_->content.version; }
const policy_id& overlay::of() const { return impl_->of; }
const overlay_definition& overlay::definition() const { return impl_->content; }
const std::string& overlay::file() const { return impl_->source.file(); }

result<overlay, diagnostics> parse_overlay(std::string_view text, std::string_view file) {
  auto loaded =
      std::make_shared<policy_detail::loaded_overlay>(policy_detail::load_overlay(text, file));
  if (loaded->found.has_errors()) {
    loaded->found.sort();
    return fail(std::move(loaded->found));
  }
  return overlay(std::move(loaded));
}

result<policy, diagnostics> with_overlays(const policy& base,
                                          const std::vector<overlay>& overlays) {
  if (overlays.empty()) return base;
  policy_document document = base.document();
  // What is wrong with an overlay that the policy has itself has no file: it was checked before.
  std::vector<const json::document*> sources(document.overlays.size(), nullptr);
  for (const overlay& one : overlays) {
    document.overlays.push_back(one.definition());
    const bool from_file = !one.impl().source.text().empty();
    sources.push_back(from_file ? &one.impl().source : nullptr);
  }
  const policy_detail::locator where(std::move(sources));
  diagnostics found;
  const std::size_t own = base.document().overlays.size();
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    if (overlays[i].of() == base.id()) continue;
    found.add(where.at("/overlays/" + std::to_string(own + i) + "/for", "other_policy",
                       "an overlay for the policy `" + overlays[i].of().str() + "`, not for `" +
                           base.id().str() + "`",
                       "give it along with the policy it is for"));
  }
  if (found.has_errors()) return fail(std::move(found));
  auto compiled = policy_detail::check_policy(document, where, found);
  found.sort();
  if (compiled == nullptr || found.has_errors()) return fail(std::move(found));
  diagnostics warnings = base.warnings();
  for (const diagnostic& one : found) {
    if (!one.file.empty() || one.pointer.starts_with("/overlays/")) warnings.add(one);
  }
  policy out(std::move(compiled), std::move(warnings));
  return base.suspension() ? out.suspended(*base.suspension()) : out;
}

}  // namespace leeway
