// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"

#include "base/utf8.hpp"

#include <nlohmann/json.hpp>

namespace leeway::json {
namespace {

using nlohmann::ordered_json;

// Valid UTF-8 in any case: U+FFFD for each byte that is not.
std::string mended(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = utf8::first_error(text);
    out.append(text.substr(0, good));
    if (good == text.size()) break;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
  return out;
}

void set(ordered_json& out, const char* key, std::string_view text) {
  if (!text.empty()) out[key] = mended(text);
}

}  // namespace

ordered_json to_json(const node& value) {
  switch (value.type()) {
    case kind::null: return nullptr;
    case kind::boolean: return value.boolean();
    case kind::integer: return value.integer();
    case kind::number: return value.number();
    case kind::string: return value.string();
    case kind::array: {
      ordered_json out = ordered_json::array();
      for (const node& one : value.items()) out.push_back(to_json(one));
      return out;
    }
    case kind::object: break;
  }
  ordered_json out = ordered_json::object();
  // push_back, because operator[] would search for the key, and keys are known to be unique.
  auto& members = out.get_ref<ordered_json::object_t&>();
  members.reserve(value.members().size());
  for (const member& one : value.members()) {
    members.std::vector<ordered_json::object_t::value_type>::emplace_back(one.key,
                                                                          to_json(one.value));
  }
  return out;
}

ordered_json to_json(const diagnostic& one) {
  ordered_json out = ordered_json::object();
  out["severity"] = to_string(one.level);
  set(out, "code", one.code);
  set(out, "message", one.message);
  set(out, "remedy", one.remedy);
  set(out, "file", one.file);
  set(out, "pointer", one.pointer);
  if (one.place.line != 0) {
    out["line"] = one.place.line;
    out["column"] = one.place.column;
    out["offset"] = one.span.offset;
    out["length"] = one.span.length;
  }
  return out;
}

ordered_json to_json(const diagnostics& all) {
  ordered_json out = ordered_json::array();
  for (const diagnostic& one : all) out.push_back(to_json(one));
  return out;
}

std::string dump(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string dump_pretty(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace leeway::json
