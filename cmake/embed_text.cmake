# Writes OUTPUT, a C++ file with the text of FILE as `std::string_view FUNCTION()`, declared in HEADER.
# The text is cut into short raw literals that the compiler joins: some compilers limit the length of one.
# A cut inside a UTF-8 character does no harm, since the pieces are joined byte by byte.
file(READ "${FILE}" text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(APPEND pieces "    R\"tokenbill(${piece})tokenbill\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
if(pieces STREQUAL "")
  set(pieces "    \"\"\n")
endif()
file(WRITE "${OUTPUT}"
"// Written by cmake/embed_text.cmake. Do not edit.
#include \"${HEADER}\"

std::string_view ${FUNCTION}() {
  static constexpr char text[] =
${pieces};
  return {text, sizeof text - 1};
}
")
