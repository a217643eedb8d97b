# SPDX-License-Identifier: Apache-2.0
# Everything comes from the system's packages; nothing is downloaded. What the modules link,
# LeewayInstall.cmake has found again for users of the installed package.

find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED)       # Boost::headers
find_package(boost_json 1.81 CONFIG REQUIRED)  # Boost::json; Debian ships it beside, not as a component
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(OpenSSL 3 REQUIRED)               # OpenSSL::Crypto
if(LEEWAY_WITH_SQLITE)
  find_package(SQLite3 3.40 REQUIRED)          # SQLite::SQLite3
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2) # PkgConfig::re2; Debian's has no CMake package

# Decided anew each time, so that a libpq installed later is found.
if(LEEWAY_WITH_POSTGRESQL STREQUAL "AUTO")
  find_package(PostgreSQL 14 QUIET)
  set(LEEWAY_POSTGRESQL ${PostgreSQL_FOUND})
elseif(LEEWAY_WITH_POSTGRESQL)
  find_package(PostgreSQL 14 REQUIRED)         # PostgreSQL::PostgreSQL
  set(LEEWAY_POSTGRESQL TRUE)
else()
  set(LEEWAY_POSTGRESQL FALSE)
endif()
if(NOT LEEWAY_POSTGRESQL)
  message(STATUS "Without PostgreSQL: desks are kept in memory and in SQLite only (libpq-dev brings it)")
endif()

if(LEEWAY_BUILD_CLI)
  find_package(CLI11 2 CONFIG REQUIRED)
  find_package(fmt 9 CONFIG REQUIRED)
endif()
if(LEEWAY_BUILD_TESTS)
  find_package(GTest 1.12 CONFIG REQUIRED)
  find_package(date 3 CONFIG REQUIRED)  # date::date-tz, an independent reading of the zones
  find_path(LEEWAY_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)
endif()
if(LEEWAY_BUILD_BENCH)
  find_package(benchmark 1.7 CONFIG REQUIRED)
endif()
