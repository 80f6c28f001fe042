#include "tokenbill/format.h"

#include <doctest/doctest.h>

#include <limits>

using namespace tokenbill;

TEST_CASE("whole numbers are grouped by thousands and keep all digits") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(7) == "7");
  CHECK(number_text(999) == "999");
  CHECK(number_text(1000) == "1\u202f000");
  CHECK(number_text(1500000) == "1\u202f500\u202f000");
  CHECK(number_text(123456789012345.0) == "123\u202f456\u202f789\u202f012\u202f345");
}

TEST_CASE("other numbers have six significant digits, without trailing zeros") {
  CHECK(number_text(0.0125) == "0.0125");
  CHECK(number_text(2.5) == "2.5");
  CHECK(number_text(1.0 / 3) == "0.333333");
  CHECK(number_text(30.0 / 0.9) == "33.3333");
  CHECK(number_text(1234.5678) == "1\u202f234.57");
  CHECK(number_text(0.000001234567) == "0.00000123457");
  CHECK(number_text(999999.5) == "1\u202f000\u202f000");
}

TEST_CASE("very large numbers are written with a power of ten") {
  CHECK(number_text(1e15) == "1e+15");
  CHECK(number_text(1.2345678e18) == "1.23457e+18");
}

TEST_CASE("a negative number keeps its sign before the groups") {
  CHECK(number_text(-1234) == "-1\u202f234");
  CHECK(number_text(-0.5) == "-0.5");
}

TEST_CASE("amounts have cents from ten cents on") {
  CHECK(usd_text(0) == "0.00");
  CHECK(usd_text(15000) == "15\u202f000.00");
  CHECK(usd_text(1234567.891) == "1\u202f234\u202f567.89");
  CHECK(usd_text(0.1) == "0.10");
  CHECK(usd_text(22250.004) == "22\u202f250.00");
}

TEST_CASE("small amounts keep three significant digits") {
  CHECK(usd_text(0.05) == "0.05");
  CHECK(usd_text(0.0125) == "0.0125");
  CHECK(usd_text(0.00027) == "0.00027");
  CHECK(usd_text(0.0000025) == "0.0000025");
  CHECK(usd_text(0.000000123456) == "0.000000123");
}

TEST_CASE("an amount that rounds up to ten cents is not shown as nine and a half") {
  CHECK(usd_text(0.0999) == "0.10");
}

TEST_CASE("percentages have one decimal below ten and none above") {
  CHECK(percent_text(0.5) == "50\u202f%");
  CHECK(percent_text(0.125) == "13\u202f%");
  CHECK(percent_text(0.055) == "5.5\u202f%");
  CHECK(percent_text(0) == "0\u202f%");
  CHECK(percent_text(1) == "100\u202f%");
  CHECK(percent_text(0.09999) == "10\u202f%");
}

TEST_CASE("the exact text reads back to the same number") {
  CHECK(exact_text(0.1) == "0.1");
  CHECK(exact_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(exact_text(15000) == "15000");
  CHECK(exact_text(1.25) == "1.25");
}

TEST_CASE("a cost against another one is told in words") {
  CHECK(ratio_text(3.14) == "3.1× dearer");
  CHECK(ratio_text(2.0) == "2.0× dearer");
  CHECK(ratio_text(25.4) == "25× dearer");
  CHECK(ratio_text(1.25) == "25\u202f% dearer");
  CHECK(ratio_text(1.0004) == "the same");
  CHECK(ratio_text(0.38) == "62\u202f% cheaper");
  CHECK(ratio_text(0.001) == "1\u202f000× cheaper");
  CHECK(ratio_text(0.0) == "free");
  CHECK(ratio_text(std::nullopt).empty());
}
