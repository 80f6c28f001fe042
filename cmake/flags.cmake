# What the code is compiled with, as targets to link.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)

set(gnu_like $<CXX_COMPILER_ID:GNU,Clang,AppleClang>)

# cost_math: what the numbers depend on. No contraction into fused operations and no fast-math, for every
# compiler and target; without it the same scenario would give other last digits elsewhere.
add_library(cost_math INTERFACE)
target_compile_features(cost_math INTERFACE cxx_std_20)
target_compile_options(cost_math INTERFACE $<${gnu_like}:-ffp-contract=off> $<$<CXX_COMPILER_ID:MSVC>:/fp:precise>)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^i[3-6]86$")
  target_compile_options(cost_math INTERFACE -msse2 -mfpmath=sse)  # x87 would round twice
endif()

# cost_warnings: on for all our code, never for what others include from us.
add_library(cost_warnings INTERFACE)
target_compile_options(cost_warnings INTERFACE
  $<${gnu_like}:-Wall;-Wextra;-Wconversion;-Wshadow;-Wsign-conversion;-Wnon-virtual-dtor;-Wold-style-cast;-Woverloaded-virtual;-Wimplicit-fallthrough;-Wdouble-promotion>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wlogical-op>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,14>>:-Wno-restrict>  # wrong about std::string (GCC bug 105329)
  $<$<CXX_COMPILER_ID:MSVC>:/W4;/permissive->)
if(TOKENBILL_WERROR)
  target_compile_options(cost_warnings INTERFACE $<${gnu_like}:-Werror> $<$<CXX_COMPILER_ID:MSVC>:/WX>)
endif()

# cost_target: what the chosen build (sanitizers, fuzzing, WebAssembly) asks of every file and every link.
add_library(cost_target INTERFACE)
# Where the sources lie is no part of a program: two folders give the same bytes (tests/reproducible.sh).
target_compile_options(cost_target INTERFACE $<$<AND:$<CONFIG:Release>,${gnu_like}>:-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.>)
if(EMSCRIPTEN)
  # All browsers of the last five years have these; without them each conversion to an integer is a function.
  target_compile_options(cost_target INTERFACE -fno-exceptions -fno-rtti -mnontrapping-fptoint -msign-ext -mbulk-memory)
  target_link_options(cost_target INTERFACE -fno-exceptions)
  target_compile_definitions(cost_target INTERFACE JSON_NOEXCEPTION)
  if(TOKENBILL_LTO)
    target_compile_options(cost_target INTERFACE -flto)
    target_link_options(cost_target INTERFACE -flto)
  endif()
endif()
if(TOKENBILL_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(cost_target INTERFACE ${sanitizers})
  target_link_options(cost_target INTERFACE ${sanitizers})
endif()
if(TOKENBILL_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "TOKENBILL_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++")
  endif()
  target_compile_options(cost_target INTERFACE -fsanitize=fuzzer-no-link)
endif()

# cost_hardening: for the native programs, the OpenSSF set, as far as the compiler knows it.
# The core is left out on purpose: it reads untrusted text under sanitizers and fuzzers, and its inner loop is measured.
add_library(cost_hardening INTERFACE)
if(NOT EMSCRIPTEN AND NOT TOKENBILL_SANITIZE AND NOT MSVC)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fstrict-flex-arrays=3 -ftrivial-auto-var-init=zero -fcf-protection=full)
    string(MAKE_C_IDENTIFIER "has${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(cost_hardening INTERFACE ${flag})
    endif()
  endforeach()
  target_compile_options(cost_hardening INTERFACE
    $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=3> -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    target_link_options(cost_hardening INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
  endif()
endif()
