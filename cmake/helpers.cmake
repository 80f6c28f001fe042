# tokenbill_sources(VARIABLE pattern...): the files that match, sorted; asked again at every build.
function(tokenbill_sources variable)
  file(GLOB found CONFIGURE_DEPENDS ${ARGN})
  list(SORT found)
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# tokenbill_embed(TARGET file.cpp): compiles a text file into TARGET.
#   tokenbill_embed(TARGET FILE text FUNCTION name HEADER header.h)
# HEADER declares `std::string_view name();`. The text is taken again whenever FILE changes.
function(tokenbill_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE;FUNCTION;HEADER" "")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFILE=${arg_FILE} -DFUNCTION=${arg_FUNCTION} -DHEADER=${arg_HEADER}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${arg_FILE} ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    COMMENT "Embedding ${arg_FUNCTION}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
