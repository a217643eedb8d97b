# SPDX-License-Identifier: Apache-2.0
# cmake -DPROGRAM=<file> -DARGS=<list> -DSTATUS=<number> -DEXPECTED=<file> -P RunAndCompare.cmake
# Runs the program and fails unless it exits with STATUS and prints exactly the expected text.

execute_process(
  COMMAND "${PROGRAM}" ${ARGS}
  OUTPUT_VARIABLE actual
  ERROR_VARIABLE errors
  RESULT_VARIABLE status)
file(READ "${EXPECTED}" expected)
if(NOT status EQUAL STATUS)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}\n${actual}${errors}")
endif()
if(NOT actual STREQUAL expected)
  message(FATAL_ERROR "expected (${EXPECTED}):\n${expected}\n--- but got:\n${actual}${errors}")
endif()
