// SPDX-License-Identifier: Apache-2.0
// What a desk costs beside a client that sends the same SQL and evaluates nothing, how it grows
// with callers, and that what is stored already does not slow it down. Every write waits for the
// disk. Names say `store/first/second`; `ratio` is the first's rate by the second's, of one round.
//
//   leeway_desk_bench --benchmark_repetitions=21 --benchmark_filter=sqlite
//
// Files are made where temporary files are (TMPDIR). LEEWAY_BENCH_RECORDS: how much a full store
// holds, 1,000,000 unless told.
#include "bench/desk/comparisons.hpp"
#include "bench/desk/rounds.hpp"
#include "bench/desk/workload.hpp"
#include "desk/postgres/server.hpp"

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace {

/// Of `--name=N`, which the library takes away later.
std::size_t number_in(int argc, char** argv, std::string_view name, std::size_t otherwise) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view one = argv[i];
    if (one.starts_with(name)) return std::stoul(std::string(one.substr(name.size())));
  }
  return otherwise;
}

std::size_t records_wanted() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else runs yet
  const char* told = std::getenv("LEEWAY_BENCH_RECORDS");
  return told == nullptr ? 1'000'000 : std::stoul(told);
}

int run(int argc, char** argv) {
  using namespace leeway_bench;
  if (const std::string why = disk_folder::unfit(); !why.empty()) {
    std::cerr << "leeway_desk_bench: " << why << "; set TMPDIR to a folder on a disk\n";
    return EXIT_FAILURE;
  }
  const std::size_t rounds = number_in(argc, argv, "--benchmark_repetitions=", 1);
  const leeway::test::own_server server(leeway::test::own_server::disk::durable);
  const std::string url = server.missing() ? std::string() : server.url();
  add_sqlite_comparisons(rounds);
  if (!url.empty()) add_postgres_comparisons(url, rounds);
  add_growth_comparisons(url, records_wanted());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  benchmark::AddCustomContext("folder", std::filesystem::temp_directory_path().string());
  benchmark::AddCustomContext("sqlite", sqlite3_libversion());
  benchmark::AddCustomContext(
      "postgres",
      url.empty() ? *server.missing() : leeway::test::query_one(url, "SHOW server_version_num"));
  benchmark::RunSpecifiedBenchmarks();
  end_comparisons();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "leeway_desk_bench: " << e.what() << "\n";
    return EXIT_FAILURE;
  }
}
