// SPDX-License-Identifier: Apache-2.0
#include "desk/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

namespace leeway::sqlite {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

std::string code_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return "store_full";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return "store_busy";
    case SQLITE_CONSTRAINT: return "store_conflict";
    case SQLITE_CORRUPT: return "store_damaged";
    case SQLITE_NOTADB: return "store_unknown_format";
    default: return "store_failed";
  }
}

// After a write or a sync that failed nobody knows what is on the disk: trying again may succeed
// falsely. Only opening the file again tells.
harm harm_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return harm::task;
    default: return harm::store;
  }
}

}  // namespace

std::int64_t to_column(instant t) {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(t.seconds(), billion, &out) ||
      __builtin_add_overflow(out, std::int64_t{t.nanos()}, &out)) {
    return t.seconds() < 0 ? std::numeric_limits<std::int64_t>::min()
                           : std::numeric_limits<std::int64_t>::max();
  }
  return out;
}

instant to_instant(std::int64_t column) {
  if (column == std::numeric_limits<std::int64_t>::min()) return instant::min();
  if (column == std::numeric_limits<std::int64_t>::max()) return instant::max();
  std::int64_t seconds = column / billion;
  std::int64_t nanos = column % billion;
  if (nanos < 0) {
    nanos += billion;
    --seconds;
  }
  return instant::make(seconds, static_cast<std::int32_t>(nanos)).value_or(instant::min());
}

statement::~statement() {
  if (of_ == nullptr) return;
  sqlite3_reset(of_);
  sqlite3_clear_bindings(of_);
}
/// What could not be bound would be NULL, which finds nothing.
void statement::bound(int code) {
  if (code != SQLITE_OK && of_ != nullptr) on_->fail_with(code);
}
statement& statement::bind(std::int64_t v) {
  bound(sqlite3_bind_int64(of_, next_++, v));
  return *this;
}
statement& statement::bind(std::string_view text) {
  // A null pointer would bind NULL, and an empty text is one.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  bound(sqlite3_bind_text64(of_, next_++, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}
statement& statement::bind(const digest& d) {
  bound(sqlite3_bind_blob(of_, next_++, d.bytes().data(), digest::size, SQLITE_STATIC));
  return *this;
}
statement& statement::bind(const std::optional<std::int64_t>& v) { return v ? bind(*v) : null(); }
statement& statement::null() {
  bound(sqlite3_bind_null(of_, next_++));
  return *this;
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(of_, column) == SQLITE_NULL;
}
std::int64_t statement::integer(int column) const { return sqlite3_column_int64(of_, column); }
std::string statement::text(int column) const {
  if (is_null(column)) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(of_, column));
  if (text == nullptr) {
    // A text that is there is none only where memory ran out.
    on_->fail_with(SQLITE_NOMEM);
    return {};
  }
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(of_, column))};
}
digest statement::digest_at(int column) const {
  std::array<std::uint8_t, digest::size> bytes{};
  if (is_null(column)) return digest(bytes);
  const void* blob = sqlite3_column_blob(of_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(of_, column));
  if (blob != nullptr) std::memcpy(bytes.data(), blob, std::min(size, bytes.size()));
  if (blob == nullptr) on_->fail_with(SQLITE_NOMEM);
  return digest(bytes);
}

connection::~connection() {
  for (const auto& [sql, one] : statements_) sqlite3_finalize(one);
  sqlite3_close_v2(db_);
}

result<void> connection::open(const std::string& file) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    fail_with(code);
    return fail(*failure_);
  }
  return {};
}

result<void> connection::execute(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  fail_with(code);
  return fail(*failure_);
}

statement connection::use(const char* sql) {
  sqlite3_stmt*& one = statements_[sql];
  if (one == nullptr) {
    const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &one, nullptr);
    if (code != SQLITE_OK) fail_with(code);
  }
  return {*this, one};
}

bool connection::command(const char* sql) {
  const statement s = use(sql);
  const int code = s.of_ == nullptr ? SQLITE_NOMEM : sqlite3_step(s.of_);
  if (code != SQLITE_DONE) fail_with(code);
  return code == SQLITE_DONE;
}

bool connection::step(statement& s) {
  if (failure_) return false;
  const int code = s.of_ == nullptr ? SQLITE_NOMEM : sqlite3_step(s.of_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail_with(code);
  return false;
}

void connection::forgive() {
  if (harm_ == harm::store) return;
  failure_.reset();
  harm_ = harm::none;
}

void connection::refuse(error why) {
  if (failure_) return;
  failure_ = std::move(why);
  harm_ = std::max(harm_, harm::task);
}

void connection::fail_with(int code) {
  if (failure_) return;
  harm_ = std::max(harm_, harm_of(code));  // first, lest memory lacks for the message
  const char* told = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
  failure_ = error{code_of(code), std::string("SQLite says: ") + told};
}

}  // namespace leeway::sqlite
