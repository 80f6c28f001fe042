# The libraries of others, from the system's packages (names in scripts/install.sh).
#   tokenbill::json  nlohmann/json      tokenbill::fmt  fmt      tokenbill::doctest  doctest
if(EMSCRIPTEN)
  # Header-only, and never with the host's whole include folder on the path: that would mix two C libraries.
  set(links ${CMAKE_BINARY_DIR}/headers)
  file(MAKE_DIRECTORY ${links})
  foreach(name nlohmann fmt doctest)
    find_path(${name}_parent NAMES ${name} PATHS ${TOKENBILL_HEADERS} /usr/include /usr/local/include /opt/homebrew/include
      NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    if(${name}_parent)
      file(CREATE_LINK ${${name}_parent}/${name} ${links}/${name} SYMBOLIC)
    elseif(NOT name STREQUAL "doctest" OR TOKENBILL_TESTS)
      message(FATAL_ERROR "The headers of ${name} were not found. Install its development package, or give the folder that holds ${name}/ as -DTOKENBILL_HEADERS=DIR.")
    endif()
  endforeach()
  foreach(name json fmt doctest)
    add_library(tokenbill_${name} INTERFACE)
    target_include_directories(tokenbill_${name} SYSTEM INTERFACE ${links})
    add_library(tokenbill::${name} ALIAS tokenbill_${name})
  endforeach()
  target_compile_definitions(tokenbill_fmt INTERFACE
    FMT_HEADER_ONLY=1 FMT_OPTIMIZE_SIZE=1 FMT_STATIC_THOUSANDS_SEPARATOR=',')  # small, and no locale
  target_compile_definitions(tokenbill_doctest INTERFACE
    DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS DOCTEST_CONFIG_NO_POSIX_SIGNALS DOCTEST_CONFIG_NO_MULTITHREADING)
else()
  find_package(nlohmann_json REQUIRED)
  add_library(tokenbill::json ALIAS nlohmann_json::nlohmann_json)
  find_package(fmt REQUIRED)
  add_library(tokenbill::fmt ALIAS fmt::fmt)
  find_package(Threads REQUIRED)
  find_package(CLI11 REQUIRED)
  if(TOKENBILL_TESTS)
    find_package(doctest REQUIRED)
    add_library(tokenbill::doctest ALIAS doctest::doctest)
  endif()
endif()
