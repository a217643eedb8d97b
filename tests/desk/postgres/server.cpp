// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/server.hpp"

#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace leeway::test {
namespace {

/// Calls the script, and waits for it.
void call(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), LEEWAY_POSTGRESQL_SCRIPT);
  std::vector<char*> argv;
  for (std::string& one : arguments) argv.push_back(one.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  int status = -1;
  if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0 ||
      waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error("the script `server` failed at " + arguments[1]);
  }
}

std::optional<std::string> first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

std::string url_of(const std::string& folder, const std::string& database) {
  return "postgresql:///" + database + "?host=" + folder + "&user=leeway";
}

/// `postgresql:///NAME?host=...` as it is made here.
std::string with_database(const std::string& url, const std::string& name) {
  const auto begin = url.find('/', url.find("://") + 3) + 1;
  const auto end = std::min(url.find('?', begin), url.size());
  return url.substr(0, begin) + name + url.substr(end);
}

std::string unique_name(const char* prefix) {
  static std::atomic<unsigned> made{0};
  return prefix + std::to_string(getpid()) + "_" + std::to_string(++made);
}

}  // namespace

own_server::own_server(disk waits)
    : folder_(std::filesystem::temp_directory_path() / unique_name("leeway-postgresql-own-")) {
  std::vector<std::string> arguments{"start", folder_, "--for", std::to_string(getpid())};
  if (waits == disk::durable) arguments.emplace_back("--durable");
  call(std::move(arguments));
  missing_ = first_line(folder_ + "/missing");
}

own_server::~own_server() {
  try {
    call({"remove", folder_});
  } catch (const std::exception&) {
    // The script's watch on this process tries again.
    return;
  }
}

std::string own_server::url() const { return url_of(folder_, "postgres"); }

void own_server::start() { call({"start", folder_}); }
void own_server::stop_immediately() { call({"stop", folder_, "immediate"}); }
void own_server::kill() { call({"kill", folder_}); }
void own_server::keep_copy() { call({"keep", folder_}); }
void own_server::restore_copy() { call({"restore", folder_}); }

std::optional<std::string> shared_server() {
  if (const char* folder = std::getenv("LEEWAY_TEST_POSTGRESQL")) {
    if (auto url = first_line(std::string(folder) + "/url")) return url;
    if (first_line(std::string(folder) + "/missing")) return std::nullopt;
  }
  // A test program run by hand.
  static const own_server mine;
  if (mine.missing()) return std::nullopt;
  return mine.url();
}

fresh_database::fresh_database(const std::string& server_url)
    : server_(server_url), name_(unique_name("t")), url_(with_database(server_url, name_)) {
  query(server_, "CREATE DATABASE " + name_);
}

fresh_database::~fresh_database() {
  try {
    query(server_, "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    return;  // the server was killed; its data go with it
  }
}

std::vector<std::string> query(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()),
                                                              PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  std::vector<std::string> out;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    out.emplace_back(PQgetvalue(result.get(), row, 0));
  }
  return out;
}

std::string query_one(const std::string& url, const std::string& sql) {
  const std::vector<std::string> all = query(url, sql);
  return all.empty() ? std::string() : all.front();
}

std::string with_host(const std::string& url, const std::string& host) {
  const auto begin = url.find("host=") + 5;
  const auto end = std::min(url.find('&', begin), url.size());
  return url.substr(0, begin) + host + url.substr(end);
}

}  // namespace leeway::test
