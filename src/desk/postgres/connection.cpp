// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace leeway::postgres {
namespace {

using std::chrono::milliseconds;

/// Waits until the socket can be read (or written, if wanted). False: the deadline passed.
bool wait_for(int socket, bool writing, deadline until) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
    if (writing) one.events |= POLLOUT;
    const auto most = std::min<milliseconds::rep>(left.count(), 60'000);
    const int ready = poll(&one, 1, static_cast<int>(most));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // libpq will say what is wrong with the socket
  }
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  // libpq indents its hints.
  constexpr std::string_view hint = "\n\t";
  for (auto at = text.find(hint); at != std::string::npos; at = text.find(hint, at)) {
    text.replace(at, hint.size(), "; ");
  }
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string field(const PGresult* r, int what) {
  const char* text = PQresultErrorField(r, what);
  return text == nullptr ? std::string() : std::string(text);
}

sql_error error_of(const PGresult* r) {
  sql_error out{.what = trouble::refused,
                .sqlstate = field(r, PG_DIAG_SQLSTATE),
                .message = field(r, PG_DIAG_MESSAGE_PRIMARY)};
  // Of a constraint the detail is the row: what a request tells of a customer is for no log.
  const std::string detail = field(r, PG_DIAG_MESSAGE_DETAIL);
  if (!detail.empty() && !out.sqlstate.starts_with("23")) {
    out.message += ": " + detail;
  }
  out.message = one_line(std::move(out.message));
  // Who is thrown out in the middle of a commit learns nothing about it. 40003 says so itself.
  const std::string severity = field(r, PG_DIAG_SEVERITY_NONLOCALIZED);
  const bool unknown = severity == "FATAL" || severity == "PANIC" || out.sqlstate.empty() ||
                       out.sqlstate == "40003" || out.sqlstate.starts_with("08");
  if (unknown) out.what = trouble::lost;
  return out;
}

/// Why there is no connection. libpq tells a server's SQLSTATE in the text alone, when it is asked
/// for all of it: `...: FATAL:  57P03: the database system is starting up` and LOCATION behind.
sql_error error_of_opening(const PGconn* c) {
  sql_error out{.what = trouble::lost, .message = PQerrorMessage(c)};
  out.message.resize(std::min(out.message.size(), out.message.find("\nLOCATION:")));
  constexpr std::string_view mark = "FATAL:  ";
  const auto at = out.message.rfind(mark);
  if (at != std::string::npos && out.message.substr(at + mark.size() + 5, 2) == ": ") {
    out.sqlstate = out.message.substr(at + mark.size(), 5);
    out.message.erase(at + mark.size(), 7);
  }
  out.message = one_line(std::move(out.message));
  return out;
}

void ignore_notice(void* /*argument*/, const PGresult* /*notice*/) {}

}  // namespace

// --- Rows

rows::rows(pg_result* owned) : result_(owned) {}

void rows::freed::operator()(pg_result* r) const { PQclear(r); }

std::size_t rows::size() const { return static_cast<std::size_t>(PQntuples(result_.get())); }

bool rows::is_null(std::size_t row, std::size_t column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
}

std::string_view rows::bytes(std::size_t row, std::size_t column) const {
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  if (r >= PQntuples(result_.get()) || c >= PQnfields(result_.get())) {
    throw std::logic_error("no such row or column");
  }
  return {PQgetvalue(result_.get(), r, c),
          static_cast<std::size_t>(PQgetlength(result_.get(), r, c))};
}

std::string_view rows::value(std::size_t row, std::size_t column, std::size_t size) const {
  const std::string_view out = bytes(row, column);
  if (out.size() != size) throw std::logic_error("a column has another type than is read");
  return out;
}

std::int64_t rows::integer(std::size_t row, std::size_t column) const {
  std::uint64_t out = 0;
  for (const char c : value(row, column, 8)) out = out << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(out);
}

bool rows::boolean(std::size_t row, std::size_t column) const {
  return value(row, column, 1).front() != '\0';
}

std::optional<std::int64_t> rows::maybe_integer(std::size_t row, std::size_t column) const {
  if (is_null(row, column)) return std::nullopt;
  return integer(row, column);
}

std::optional<std::string> rows::maybe_text(std::size_t row, std::size_t column) const {
  if (is_null(row, column)) return std::nullopt;
  return std::string(bytes(row, column));
}

// --- Connecting

void connection::finished::operator()(pg_conn* c) const { PQfinish(c); }

attempt<connection> connection::open(const std::string& url, deadline until) {
  handle opened(PQconnectStart(url.c_str()));
  if (opened == nullptr) throw std::bad_alloc();
  PGconn* const c = opened.get();
  if (PQstatus(c) == CONNECTION_BAD) return fail(error_of_opening(c));
  PQsetNoticeReceiver(c, ignore_notice, nullptr);
  PQsetErrorVerbosity(c, PQERRORS_VERBOSE);

  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) return fail(error_of_opening(c));
    if (!wait_for(PQsocket(c), next == PGRES_POLLING_WRITING, until)) {
      return fail(sql_error{.what = trouble::late, .message = "the server did not answer in time"});
    }
    next = PQconnectPoll(c);
  }
  if (PQsetnonblocking(c, 1) != 0 || PQenterPipelineMode(c) != 1) return fail(error_of_opening(c));
  return connection(std::move(opened));
}

// --- Statements

attempt<rows> connection::run(const call& one, deadline until) {
  auto all = run(std::span(&one, 1), until);
  if (!all) return fail(std::move(all).error());
  return std::move(all->front());
}

attempt<std::vector<rows>> connection::run(std::span<const call> calls, deadline until) {
  if (broken_ || busy_) {
    return broken({.what = trouble::lost, .message = "the connection is broken"});
  }
  busy_ = true;
  std::vector<step> steps;
  if (!send(calls, steps)) return lost();
  if (auto sent = flush(until); !sent) return fail(std::move(sent).error());
  return receive(steps, until);
}

/// Queues everything, with what is not prepared yet before its first use.
bool connection::send(std::span<const call> calls, std::vector<step>& steps) {
  PGconn* const c = handle_.get();
  std::set<const statement*> preparing;
  for (const call& one : calls) {
    const auto& types = one.with.types();
    const int n = static_cast<int>(types.size());
    if (!prepared_.contains(one.what) && preparing.insert(one.what).second) {
      if (PQsendPrepare(c, one.what->name, one.what->sql, n, types.data()) != 1) return false;
      steps.push_back({.prepares = one.what});
    }
    const auto values = one.with.pointers();
    const auto formats = one.with.formats();
    if (PQsendQueryPrepared(c, one.what->name, n, values.data(), one.with.lengths().data(),
                            formats.data(), 1) != 1) {
      return false;
    }
    steps.push_back({});
  }
  return PQpipelineSync(c) == 1;
}

attempt<std::vector<rows>> connection::receive(const std::vector<step>& steps, deadline until) {
  std::vector<rows> out;
  std::optional<sql_error> first;
  for (const step& one : steps) {
    auto got = next_result(until);
    if (!got) return fail(std::move(got).error());
    rows answer(*got);
    const ExecStatusType status = PQresultStatus(*got);
    if (status == PGRES_FATAL_ERROR && !first) first = error_of(*got);
    if (status != PGRES_PIPELINE_ABORTED && status != PGRES_FATAL_ERROR) {
      if (one.prepares != nullptr) {
        prepared_.insert(one.prepares);
      } else {
        out.push_back(std::move(answer));
      }
    }
    if (first && first->what == trouble::lost) return broken(*std::move(first));
    // The end of this statement's results.
    if (auto end = next_result(until); !end) return fail(std::move(end).error());
  }
  // The synchronisation point, which has no end of its own.
  auto end = next_result(until);
  if (!end) return fail(std::move(end).error());
  const rows freed(*end);
  busy_ = false;
  if (first) return fail(*std::move(first));
  return out;
}

attempt<void> connection::run_script(const std::string& sql, deadline until) {
  if (broken_ || busy_) {
    return broken({.what = trouble::lost, .message = "the connection is broken"});
  }
  busy_ = true;
  PGconn* const c = handle_.get();
  // Several statements in one text need the simple protocol.
  if (PQexitPipelineMode(c) != 1 || PQsendQuery(c, sql.c_str()) != 1) return lost();
  if (auto sent = flush(until); !sent) return sent;
  std::optional<sql_error> first;
  while (true) {
    auto got = next_result(until);
    if (!got) return fail(std::move(got).error());
    if (*got == nullptr) break;
    const rows answer(*got);
    if (PQresultStatus(*got) == PGRES_FATAL_ERROR && !first) first = error_of(*got);
  }
  if (first && first->what == trouble::lost) return broken(*std::move(first));
  if (PQenterPipelineMode(c) != 1) return lost();
  busy_ = false;
  if (first) return fail(*std::move(first));
  return {};
}

attempt<void> connection::roll_back(deadline until) {
  if (!in_transaction()) return {};
  return run_script("ROLLBACK", until);
}

attempt<void> connection::flush(deadline until) {
  PGconn* const c = handle_.get();
  while (true) {
    const int left = PQflush(c);
    if (left == 0) return {};
    if (left < 0) return lost();
    if (!wait_for(PQsocket(c), true, until)) return late();
    // The server may not read on before its own answers are taken.
    if (PQconsumeInput(c) != 1) return lost();
  }
}

/// The next result; nothing at the end of a statement's.
attempt<pg_result*> connection::next_result(deadline until) {
  PGconn* const c = handle_.get();
  while (PQisBusy(c) != 0) {
    if (!wait_for(PQsocket(c), false, until)) return late();
    if (PQconsumeInput(c) != 1) return lost();
  }
  pg_result* const out = PQgetResult(c);
  if (out == nullptr && PQstatus(c) == CONNECTION_BAD) return lost();
  return out;
}

// --- What is left of it

failure<sql_error> connection::broken(sql_error why) {
  broken_ = true;
  return fail(std::move(why));
}

failure<sql_error> connection::lost() {
  return broken({.what = trouble::lost, .message = one_line(PQerrorMessage(handle_.get()))});
}

failure<sql_error> connection::late() {
  return broken({.what = trouble::late, .message = "the server did not answer in time"});
}

bool connection::is_usable() {
  PGconn* const c = handle_.get();
  if (broken_ || busy_ || PQstatus(c) != CONNECTION_OK || in_transaction()) return false;
  pollfd one{.fd = PQsocket(c), .events = POLLIN, .revents = 0};
  if (poll(&one, 1, 0) == 0) return true;
  // Something came unasked: the end, or what announces it. To look further would be to guess; a new
  // connection costs little.
  broken_ = true;
  return false;
}

bool connection::in_transaction() const {
  return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE;
}

int connection::server_process() const { return PQbackendPID(handle_.get()); }

}  // namespace leeway::postgres
