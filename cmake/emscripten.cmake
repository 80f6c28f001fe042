# Toolchain file for WebAssembly: the Emscripten that is on the PATH, be it a distribution's (3.1.6 or later) or an SDK.
find_program(EM_CONFIG em-config NO_CMAKE_FIND_ROOT_PATH)
if(NOT EM_CONFIG)
  message(FATAL_ERROR "Emscripten is not on the PATH: install the package emscripten, or source emsdk_env.sh of an SDK.")
endif()
execute_process(COMMAND ${EM_CONFIG} EMSCRIPTEN_ROOT OUTPUT_VARIABLE EMSCRIPTEN_ROOT_PATH OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)

find_program(TOKENBILL_NODE NAMES node nodejs NO_CMAKE_FIND_ROOT_PATH)
set(CMAKE_CROSSCOMPILING_EMULATOR ${TOKENBILL_NODE};--no-warnings;${CMAKE_CURRENT_LIST_DIR}/../tests/web/run_wasi.mjs)
