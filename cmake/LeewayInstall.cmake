# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)

set(leeway_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/leeway")
install(
  TARGETS leeway_umbrella ${leeway_modules}
  EXPORT leewayTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  EXPORT leewayTargets
  NAMESPACE leeway::
  DESTINATION "${leeway_package_dir}")

get_property(leeway_programs GLOBAL PROPERTY LEEWAY_PROGRAMS)
if(leeway_programs)
  install(TARGETS ${leeway_programs} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

install(FILES "${PROJECT_SOURCE_DIR}/docs/schema/leeway-overlay-1.schema.json"
              "${PROJECT_SOURCE_DIR}/docs/schema/leeway-policy-1.schema.json"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/leeway")

# Static libraries are linked again by their users, so the package finds what the modules link: the
# targets below, as far as a module names them.
set(leeway_package_of_Boost::json "find_dependency(boost_json 1.81 CONFIG)")
set(leeway_package_of_Boost::headers "find_dependency(Boost 1.81 CONFIG)")
set(leeway_package_of_nlohmann_json::nlohmann_json "find_dependency(nlohmann_json 3.11 CONFIG)")
set(leeway_package_of_fmt::fmt "find_dependency(fmt 9 CONFIG)")
set(leeway_package_of_OpenSSL::Crypto "find_dependency(OpenSSL 3)")
set(leeway_package_of_Threads::Threads "find_dependency(Threads)")
set(leeway_package_of_SQLite::SQLite3 "find_dependency(SQLite3 3.40)")
set(leeway_package_of_PostgreSQL::PostgreSQL "find_dependency(PostgreSQL)")
set(leeway_package_of_PkgConfig::re2 "leeway_find_pkg_config_module(re2)")
set(leeway_find_dependencies "")
foreach(module IN LISTS leeway_modules)
  get_target_property(links ${module} LINK_LIBRARIES)
  foreach(link IN LISTS links)
    if(link MATCHES "^(\\$<|leeway)")
      continue()
    endif()
    if(NOT DEFINED leeway_package_of_${link})
      message(FATAL_ERROR "${module} links ${link}: say in cmake/LeewayInstall.cmake how it is found")
    endif()
    list(APPEND leeway_find_dependencies "${leeway_package_of_${link}}")
  endforeach()
endforeach()
list(REMOVE_DUPLICATES leeway_find_dependencies)
list(SORT leeway_find_dependencies)
list(JOIN leeway_find_dependencies "\n" leeway_find_dependencies)

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/leewayConfig.cmake.in" "${PROJECT_BINARY_DIR}/leewayConfig.cmake"
  INSTALL_DESTINATION "${leeway_package_dir}")
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/leewayConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/leewayConfig.cmake"
              "${PROJECT_BINARY_DIR}/leewayConfigVersion.cmake"
        DESTINATION "${leeway_package_dir}")
