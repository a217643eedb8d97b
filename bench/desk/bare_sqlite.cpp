// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/bare_sqlite.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace leeway_bench {
namespace {

// --- Listening

/// Reads the values that SQLite put in the place of parameters.
class expanded {
 public:
  expanded(std::string_view sql, std::string_view with_values) : sql_(sql), told_(with_values) {}

  std::vector<sqlite_value> values(std::size_t count) {
    std::vector<sqlite_value> out(count);
    std::size_t last = 0;
    for (; !sql_.empty(); sql_.remove_prefix(1), told_.remove_prefix(1)) {
      if (sql_.front() != '?') continue;
      const std::size_t place = number_behind().value_or(last + 1);
      out.at(place - 1) = literal();
      last = std::max(last, place);
      // The loop takes one more of each.
      if (sql_.size() == 1) break;
    }
    return out;
  }

 private:
  /// Of `?7`; leaves its last character.
  std::optional<std::size_t> number_behind() {
    std::size_t digits = 0;
    while (digits + 1 < sql_.size() && is_digit(sql_[digits + 1])) ++digits;
    if (digits == 0) return std::nullopt;
    const std::size_t out = std::stoul(std::string(sql_.substr(1, digits)));
    sql_.remove_prefix(digits);
    return out;
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// Leaves its last character, too.
  sqlite_value literal() {
    if (told_.starts_with("NULL")) return skip(3), std::monostate{};
    if (told_.starts_with("x'")) return blob();
    if (told_.starts_with("'")) return text();
    std::size_t size = told_.starts_with("-") ? 1 : 0;
    while (size < told_.size() && is_digit(told_[size])) ++size;
    const std::int64_t out = std::stoll(std::string(told_.substr(0, size)));
    skip(size - 1);
    return out;
  }
  sqlite_value text() {
    std::string out;
    std::size_t i = 1;
    for (; told_.at(i) != '\'' || (i + 1 < told_.size() && told_[i + 1] == '\''); ++i) {
      if (told_[i] == '\'') ++i;
      out += told_[i];
    }
    skip(i);
    return out;
  }
  sqlite_value blob() {
    sqlite_blob out;
    std::size_t i = 2;
    for (; told_.at(i) != '\''; i += 2) {
      const std::string byte(told_.substr(i, 2));
      out.push_back(static_cast<unsigned char>(std::stoi(byte, nullptr, 16)));
    }
    skip(i);
    return out;
  }
  void skip(std::size_t size) { told_.remove_prefix(size); }

  std::string_view sql_;
  std::string_view told_;
};

struct listener {
  std::mutex mutex{};
  std::vector<sqlite_statement> heard{};
};
listener& ear() {
  static listener one;
  return one;
}

extern "C" int hear(unsigned /*event*/, void* /*context*/, void* statement, void* /*text*/) {
  auto* const run = static_cast<sqlite3_stmt*>(statement);
  sqlite_statement one{.sql = sqlite3_sql(run)};
  if (const auto count = static_cast<std::size_t>(sqlite3_bind_parameter_count(run)); count > 0) {
    char* const text = sqlite3_expanded_sql(run);
    one.values = expanded(one.sql, text).values(count);
    sqlite3_free(text);
  }
  const std::lock_guard lock(ear().mutex);
  ear().heard.push_back(std::move(one));
  return 0;
}

extern "C" int attend(sqlite3* db, const char** /*error*/, const sqlite3_api_routines* /*all*/) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, hear, nullptr);
}

}  // namespace

std::vector<sqlite_statement> statements_of(const std::function<void()>& work) {
  const auto entry = reinterpret_cast<void (*)()>(attend);
  sqlite3_auto_extension(entry);
  work();
  sqlite3_cancel_auto_extension(entry);
  return std::exchange(ear().heard, {});
}

// --- Speaking

bare_sqlite::bare_sqlite(const std::string& file) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &db_, flags, nullptr) != SQLITE_OK) {
    throw std::runtime_error("cannot open " + file);
  }
}

bare_sqlite::~bare_sqlite() {
  for (const auto& [sql, one] : statements_) sqlite3_finalize(one);
  sqlite3_close_v2(db_);
}

sqlite3_stmt* bare_sqlite::prepared(const std::string& sql) {
  sqlite3_stmt*& one = statements_[sql];
  if (one == nullptr && sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &one,
                                           nullptr) != SQLITE_OK) {
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
  }
  return one;
}

void bare_sqlite::run(std::span<const sqlite_statement> all) {
  for (const sqlite_statement& one : all) run(one);
}

void bare_sqlite::run(const sqlite_statement& one) {
  sqlite3_stmt* const s = prepared(one.sql);
  int place = 0;
  for (const sqlite_value& value : one.values) {
    ++place;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(s, place, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(s, place, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<sqlite_blob>(&value)) {
      sqlite3_bind_blob64(s, place, blob->data(), blob->size(), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(s, place);
    }
  }
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(s);
  sqlite3_reset(s);
  if (code != SQLITE_DONE) throw std::runtime_error(one.sql + ": " + sqlite3_errmsg(db_));
}

std::string bare_sqlite::told(const char* sql) {
  sqlite3_stmt* const s = prepared(sql);
  std::string out;
  if (sqlite3_step(s) == SQLITE_ROW) {
    if (const auto* text = sqlite3_column_text(s, 0)) out = reinterpret_cast<const char*>(text);
  }
  sqlite3_reset(s);
  return out;
}

}  // namespace leeway_bench
