# Writes OUTPUT, a C++ file with the texts of FILES, for tests/support/test_data.h.
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "     R\"tokenbill(${piece})tokenbill\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND rows "    {\"${name}\", std::string_view(\"\"\n${pieces}     , ${length})},\n")
endforeach()
file(WRITE "${OUTPUT}"
"// Written by cmake/embed_test_data.cmake. Do not edit.
#include \"support/test_data.h\"

static constexpr TestFile files[] = {
${rows}    {\"\", \"\"},
};

std::span<const TestFile> test_files() { return {files, sizeof files / sizeof files[0] - 1}; }
")
