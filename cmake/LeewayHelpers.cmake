# SPDX-License-Identifier: Apache-2.0

# leeway_add_subdirectories(<parent> <dir>...)
#
# Adds each <parent>/<dir>.
function(leeway_add_subdirectories parent)
  foreach(dir IN LISTS ARGN)
    set(path "${PROJECT_SOURCE_DIR}/${parent}/${dir}")
    add_subdirectory("${path}" "${PROJECT_BINARY_DIR}/${parent}/${dir}")
  endforeach()
endfunction()


# leeway_add_module(<name>
#   SOURCES <file>...        relative to the calling directory
#   HEADERS <file>...        public headers, relative to include/
#   LINK_PUBLIC <target>...
#   LINK_PRIVATE <target>...)
#
# A static library leeway_<name>, alias leeway::<name>. Sources see src/ as a private include path, so a
# private header is included as "<name>/x.hpp".
function(leeway_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LINK_PUBLIC;LINK_PRIVATE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "leeway_add_module(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target leeway_${name})
  set(include_dir "${PROJECT_SOURCE_DIR}/include")
  list(TRANSFORM arg_HEADERS PREPEND "${include_dir}/")
  # Nothing of a header-only library is linked, so users of the installed package need not have it.
  list(TRANSFORM arg_LINK_PRIVATE REPLACE "^(Boost::headers|Boost::boost|nlohmann_json::.*)$"
       "$<BUILD_INTERFACE:\\1>")

  add_library(${target} STATIC ${arg_SOURCES})
  add_library(leeway::${name} ALIAS ${target})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${include_dir}" FILES ${arg_HEADERS})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(
    ${target}
    PUBLIC ${arg_LINK_PUBLIC}
    PRIVATE ${arg_LINK_PRIVATE} $<BUILD_INTERFACE:leeway_warnings>)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY LEEWAY_MODULES ${target})
endfunction()

# leeway_add_program(<target> SOURCES <file>... LINK <target>...)
#
# An installed program. Sources see src/ as a private include path.
function(leeway_add_program target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${target} PRIVATE ${arg_LINK} leeway_warnings)
  set_property(GLOBAL APPEND PROPERTY LEEWAY_PROGRAMS ${target})
endfunction()

# What the thread sanitizer builds (tests labelled "threads") and what the fuzz preset builds.
add_custom_target(leeway_threads)
add_custom_target(leeway_fuzzers)

# leeway_add_test(<target>
#   SOURCES <file>...
#   LINK <target>...
#   LABELS <label>...        for ctest -L; "threads" marks what the thread sanitizer must see
#   TIMEOUT <seconds>        per test, 60 unless told; four times as much under sanitizers
#   PROPERTIES <name> <value>...  of each test, as of set_tests_properties)
#
# A GoogleTest program (gtest_main and gmock are linked); every TEST in it becomes a test of ctest, named
# <target>/Suite.Claim. Tests see src/ and tests/ as include paths and run in the root of the sources.
function(leeway_add_test target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LINK;LABELS;PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "leeway_add_test(${target}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(LEEWAY_SANITIZE)
    math(EXPR arg_TIMEOUT "4 * ${arg_TIMEOUT}")
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(
    ${target} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(
    ${target} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest GTest::gtest_main leeway_warnings)
  set(properties TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  if("threads" IN_LIST arg_LABELS)
    add_dependencies(leeway_threads ${target})
  endif()
  gtest_discover_tests(
    ${target}
    TEST_PREFIX "${target}/"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES ${properties})
endfunction()

# leeway_add_fuzzer(<target> SOURCES <file>... LINK <target>... CORPUS <dir>
#   DICTIONARY <file>        words that libFuzzer puts in
#   MAX_LENGTH <bytes>       of an input; libFuzzer's own choice unless told)
#
# A libFuzzer program, and a test of ctest that runs it for LEEWAY_FUZZ_SECONDS. New inputs go to the
# build directory, what breaks a promise to <target>.found-* there; CORPUS and DICTIONARY (relative to the
# calling directory, which the program knows as LEEWAY_FUZZ_FOLDER) are read only.
set(LEEWAY_FUZZ_SECONDS 30 CACHE STRING "How long ctest runs each fuzzer")
function(leeway_add_fuzzer target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS;DICTIONARY;MAX_LENGTH" "SOURCES;LINK")
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(
    ${target} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_compile_definitions(${target} PRIVATE "LEEWAY_FUZZ_FOLDER=\"${CMAKE_CURRENT_SOURCE_DIR}\"")
  target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE ${arg_LINK} leeway_warnings)
  add_dependencies(leeway_fuzzers ${target})
  set(found "${CMAKE_CURRENT_BINARY_DIR}/${target}.corpus")
  file(MAKE_DIRECTORY "${found}")
  set(options "-artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${target}.found-")
  if(arg_DICTIONARY)
    list(APPEND options "-dict=${CMAKE_CURRENT_SOURCE_DIR}/${arg_DICTIONARY}")
  endif()
  if(arg_MAX_LENGTH)
    list(APPEND options "-max_len=${arg_MAX_LENGTH}")
  endif()
  set(seeds "")
  if(arg_CORPUS)
    set(seeds "${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS}")
  endif()
  if(LEEWAY_BUILD_TESTS)
    math(EXPR limit "${LEEWAY_FUZZ_SECONDS} + 120")
    add_test(NAME fuzz/${target}
             COMMAND ${target} -max_total_time=${LEEWAY_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=2048
                     -print_final_stats=1 ${options} "${found}" ${seeds})
    set_tests_properties(fuzz/${target} PROPERTIES LABELS fuzz TIMEOUT ${limit})
  endif()
endfunction()

# leeway_add_example(<name> [ARGS <argument>...] [STATUS <number>] [LINK <target>...])
#
# The program of <name>.cpp. When <name>.expected is beside it, a test of ctest runs the program in the
# root of the sources and compares what it prints; it must end with STATUS (0 unless given).
function(leeway_add_example name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "STATUS" "ARGS;LINK")
  if(NOT DEFINED arg_STATUS)
    set(arg_STATUS 0)
  endif()
  set(target example_${name})
  add_executable(${target} ${name}.cpp)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name})
  target_link_libraries(${target} PRIVATE leeway::leeway leeway_warnings ${arg_LINK})
  set(expected "${CMAKE_CURRENT_SOURCE_DIR}/${name}.expected")
  if(LEEWAY_BUILD_TESTS AND EXISTS "${expected}")
    add_test(NAME example/${name}
             COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:${target}>" "-DARGS=${arg_ARGS}"
                     "-DSTATUS=${arg_STATUS}" "-DEXPECTED=${expected}" -P "${PROJECT_SOURCE_DIR}/cmake/RunAndCompare.cmake"
             WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(example/${name} PROPERTIES LABELS example TIMEOUT 60)
  endif()
endfunction()
