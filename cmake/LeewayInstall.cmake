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

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/leewayConfig.cmake.in" "${PROJECT_BINARY_DIR}/leewayConfig.cmake"
  INSTALL_DESTINATION "${leeway_package_dir}")
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/leewayConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/leewayConfig.cmake"
              "${PROJECT_BINARY_DIR}/leewayConfigVersion.cmake"
        DESTINATION "${leeway_package_dir}")
