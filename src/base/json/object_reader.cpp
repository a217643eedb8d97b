// SPDX-License-Identifier: Apache-2.0
#include "base/json/object_reader.hpp"

#include <algorithm>
#include <span>

namespace leeway::json {
namespace {

// How many members are marked where they stand; of the others the keys are compared.
constexpr std::size_t marked = 64;

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out = "`";
  out.append(text.substr(0, most));
  if (text.size() > most) out += "...";
  return out += '`';
}

std::string list_of(const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys) {
    out.append(out.empty() ? "" : ", ").append(quoted(key));
  }
  return out;
}

std::string remedy_for(std::string_view unknown, const std::vector<std::string>& known) {
  if (known.empty()) return {};
  std::string out = suggestion(unknown, known);
  return out.append(out.empty() ? "" : " ").append("known here: ").append(list_of(known));
}

std::string found_instead(std::string_view wanted, const node& found) {
  const std::string_view is = found.is(kind::boolean) ? found.raw() : described(found.type());
  return std::string{"expected "}.append(wanted).append(", found ").append(is);
}

}  // namespace

object_reader::object_reader(const document& doc, const node& object, std::string pointer,
                             diagnostics& out)
    : doc_{doc},
      object_{object},
      pointer_{std::move(pointer)},
      out_{out},
      valid_{object.is(kind::object)} {
  if (!valid_) {
    report(object, pointer_, "wrong_type", found_instead("an object", object));
  }
}

bool object_reader::key_list::contains(std::string_view key) const {
  const auto is_it = [key](std::string_view one) { return same_key(one, key); };
  return std::any_of(few_.begin(), few_.begin() + static_cast<std::ptrdiff_t>(count_), is_it) ||
         std::ranges::any_of(more_, is_it);
}

std::vector<std::string> object_reader::key_list::without_repeats() const {
  std::vector<std::string> out;
  const auto take = [&out](std::string_view key) {
    if (std::ranges::find(out, key) == out.end()) out.emplace_back(key);
  };
  std::for_each_n(few_.begin(), count_, take);
  std::ranges::for_each(more_, take);
  return out;
}

std::string object_reader::pointer_of(std::string_view key) const {
  return pointer_to(pointer_, key);
}

const node* object_reader::get(std::string_view key, lookup wanted) {
  if (!valid_) return nullptr;
  asked_.add(key);
  const std::span<const member> members = object_.members();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!same_key(members[i].key, key)) continue;
    if (i < marked) marks_ |= std::uint64_t{1} << i;
    const node& found = members[i].value;
    return wanted == lookup::or_null && found.is(kind::null) ? nullptr : &found;
  }
  if (wanted == lookup::required) {
    report(object_, pointer_, "missing_key", "missing key " + quoted(key));
  }
  return nullptr;
}

bool object_reader::was_asked_for(const member& one) const {
  const auto i = static_cast<std::size_t>(&one - object_.members().data());
  return i < marked ? (marks_ >> i & 1U) != 0 : asked_.contains(one.key);
}

const node* object_reader::get(std::string_view key, lookup wanted, kind type,
                               std::string_view what) {
  const node* found = get(key, wanted);
  if (found == nullptr || found->is(type)) return found;
  wrong_type(key, *found, what);
  return nullptr;
}

void object_reader::wrong_type(std::string_view key, const node& found, std::string_view what) {
  std::string remedy;
  if (found.is(kind::null)) remedy = "leave " + quoted(key) + " out instead, if it may be absent";
  report(found, pointer_of(key), "wrong_type", found_instead(what, found), std::move(remedy));
}

void object_reader::refused(std::string_view key, const node& found, std::string_view what,
                            std::string code, std::string message, std::string remedy) {
  if (code.empty()) code = "invalid_value";
  if (message.empty()) {
    message = std::string{"expected "}.append(what).append(", found ") + quoted(found.string());
  }
  report(found, pointer_of(key), std::move(code), std::move(message), std::move(remedy));
}

bool object_reader::has(std::string_view key) { return get(key, lookup::optional) != nullptr; }

bool object_reader::is_null(std::string_view key) {
  const node* found = get(key, lookup::optional);
  return found != nullptr && found->is(kind::null);
}

std::optional<std::string> object_reader::required_string(std::string_view key) {
  const node* found = get(key, lookup::required, kind::string, "a string");
  return found != nullptr ? std::optional<std::string>{found->string()} : std::nullopt;
}

std::optional<std::string> object_reader::optional_string(std::string_view key, null_is null) {
  const node* found = get(key, optional(null), kind::string, "a string");
  return found != nullptr ? std::optional<std::string>{found->string()} : std::nullopt;
}

std::optional<bool> object_reader::required_boolean(std::string_view key) {
  const node* found = get(key, lookup::required, kind::boolean, "true or false");
  return found != nullptr ? std::optional{found->boolean()} : std::nullopt;
}

std::optional<bool> object_reader::optional_boolean(std::string_view key, null_is null) {
  const node* found = get(key, optional(null), kind::boolean, "true or false");
  return found != nullptr ? std::optional{found->boolean()} : std::nullopt;
}

std::optional<std::int64_t> object_reader::required_int64(std::string_view key) {
  const node* found = get(key, lookup::required, kind::integer, "an integer");
  return found != nullptr ? std::optional{found->integer()} : std::nullopt;
}

std::optional<std::int64_t> object_reader::optional_int64(std::string_view key, null_is null) {
  const node* found = get(key, optional(null), kind::integer, "an integer");
  return found != nullptr ? std::optional{found->integer()} : std::nullopt;
}

std::optional<double> object_reader::number_of(std::string_view key, const node* found) {
  if (found == nullptr) return std::nullopt;
  if (found->is_numeric()) return found->number();
  wrong_type(key, *found, "a number");
  return std::nullopt;
}

std::optional<double> object_reader::required_number(std::string_view key) {
  return number_of(key, get(key, lookup::required));
}

std::optional<double> object_reader::optional_number(std::string_view key, null_is null) {
  return number_of(key, get(key, optional(null)));
}

const node* object_reader::required_array(std::string_view key) {
  return get(key, lookup::required, kind::array, "an array");
}

const node* object_reader::optional_array(std::string_view key, null_is null) {
  return get(key, optional(null), kind::array, "an array");
}

const node* object_reader::required_object(std::string_view key) {
  return get(key, lookup::required, kind::object, "an object");
}

const node* object_reader::optional_object(std::string_view key, null_is null) {
  return get(key, optional(null), kind::object, "an object");
}

const node* object_reader::required_any(std::string_view key) { return get(key, lookup::required); }

const node* object_reader::optional_any(std::string_view key, null_is null) {
  return get(key, optional(null));
}

std::optional<std::vector<std::string>> object_reader::strings(std::string_view key,
                                                               const node* array) {
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> out;
  out.reserve(array->items().size());
  for (std::size_t i = 0; i < array->items().size(); ++i) {
    const node& item = array->items()[i];
    if (item.is(kind::string)) {
      out.emplace_back(item.string());
    } else {
      report(item, pointer_to(pointer_of(key), i), "wrong_type", found_instead("a string", item));
    }
  }
  if (out.size() != array->items().size()) return std::nullopt;
  return out;
}

std::optional<std::vector<std::string>> object_reader::required_strings(std::string_view key) {
  return strings(key, get(key, lookup::required, kind::array, "an array of strings"));
}

std::optional<std::vector<std::string>> object_reader::optional_strings(std::string_view key,
                                                                        null_is null) {
  return strings(key, get(key, optional(null), kind::array, "an array of strings"));
}

void object_reader::fail_at(std::string_view key, std::string code, std::string message,
                            std::string remedy) {
  const node* found = object_.find(key);
  if (found == nullptr) return fail_here(std::move(code), std::move(message), std::move(remedy));
  report(*found, pointer_of(key), std::move(code), std::move(message), std::move(remedy));
}

void object_reader::fail_here(std::string code, std::string message, std::string remedy) {
  report(object_, pointer_, std::move(code), std::move(message), std::move(remedy));
}

void object_reader::finish() {
  if (!valid_) return;
  for (const member& one : object_.members()) {
    if (was_asked_for(one)) continue;
    std::string remedy;
    if (!out_.full()) remedy = remedy_for(one.key, asked_.without_repeats());
    report(one, pointer_of(one.key), "unknown_key", "unknown key " + quoted(one.key),
           std::move(remedy));
  }
}

}  // namespace leeway::json
