#include <doctest/doctest.h>

#include <array>
#include <string>

#include "support/test_data.h"
#include "tokenbill/result.h"

using namespace tokenbill;

namespace {

constexpr std::array codes = {
#define TOKENBILL_ERROR(name, meaning) Code::name,
#include "tokenbill/errors.def"
#undef TOKENBILL_ERROR
};

}  // namespace

TEST_CASE("docs/errors.md lists exactly the codes of the program, with their meanings, in their order") {
  const std::string_view document = test_file("errors.md");
  REQUIRE(!document.empty());
  std::string expected;
  for (Code code : codes) {
    expected += "| `";
    expected += code_name(code);
    expected += "` | ";
    expected += code_meaning(code);
    expected += " |\n";
  }
  const std::size_t table = document.find("|---|---|\n");
  REQUIRE(table != std::string_view::npos);
  CHECK(document.substr(table + 10) == expected);
}

TEST_CASE("a code's name and meaning belong to it") {
  CHECK(code_name(Code::bad_json) == "bad_json");
  CHECK(code_name(Code::unsupported) == "unsupported");
  CHECK(code_meaning(Code::unknown_model) == "The catalog has no model of this name.");
  CHECK(code_name(static_cast<Code>(200)) == "unknown");
}

TEST_CASE("an error is one line: where, message, hint") {
  CHECK(to_text({Code::bad_value, "date", "expected a date.", "Write 2026-11-22."}) ==
        "date: expected a date. Write 2026-11-22.");
  CHECK(to_text({Code::bad_value, "", "expected a date.", ""}) == "expected a date.");
}
