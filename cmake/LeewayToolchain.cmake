# SPDX-License-Identifier: Apache-2.0
# What every target of this build shares: language, speed-ups, sanitizers, warnings.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET default)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  # Each public header is compiled alone, so that none leans on what its includer happened to include.
  if(NOT DEFINED CMAKE_VERIFY_INTERFACE_HEADER_SETS)
    set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ${LEEWAY_BUILD_TESTS})
  endif()
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
  endif()
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(LEEWAY_CCACHE ccache)
  mark_as_advanced(LEEWAY_CCACHE)
  if(LEEWAY_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${LEEWAY_CCACHE}")
  endif()
endif()

if(LEEWAY_FAST_LINKER)
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=mold LEEWAY_HAS_MOLD)
  if(LEEWAY_HAS_MOLD)
    add_link_options(-fuse-ld=mold)
  else()
    check_linker_flag(CXX -fuse-ld=lld LEEWAY_HAS_LLD)
    if(LEEWAY_HAS_LLD)
      add_link_options(-fuse-ld=lld)
    endif()
  endif()
endif()

if(LEEWAY_SANITIZE)
  add_compile_options(-fsanitize=${LEEWAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LEEWAY_SANITIZE} -fno-sanitize-recover=all)
endif()

# Not exported: a user of the library chooses their own warnings.
add_library(leeway_warnings INTERFACE)
target_compile_options(
  leeway_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                            -Wold-style-cast $<$<BOOL:${LEEWAY_WERROR}>:-Werror>)
# g++ 12 sees overlaps in optimised strings that are none (GCC bug 105651).
set(leeway_false_restrict
    "$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>,$<NOT:$<CONFIG:Debug>>")
target_compile_options(leeway_warnings INTERFACE "$<$<AND:${leeway_false_restrict}>:-Wno-restrict>")
# libstdc++ 12's stable_sort calls a function that it deprecates itself; clang says so at our call.
target_compile_options(
  leeway_warnings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
