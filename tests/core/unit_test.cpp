#include "tokenbill/unit.h"

#include <doctest/doctest.h>

using namespace tokenbill;

TEST_CASE("a unit has an id for programs and a text for people") {
  CHECK(unit_id(units::ratio) == "ratio");
  CHECK(unit_text(units::ratio).empty());
  CHECK(unit_id(units::usd / units::month) == "usd/month");
  CHECK(unit_text(units::usd / units::month) == "USD per month");
  CHECK(unit_id(units::token / units::request) == "token/request");
  CHECK(unit_text(units::token / units::request) == "tokens per request");
  CHECK(unit_id(units::usd / units::mtok / units::hour) == "usd/mtok/hour");
  CHECK(unit_text(units::usd / units::mtok) == "USD per million tokens");
}

TEST_CASE("a unit with nothing above the line starts with 1") {
  CHECK(unit_id(units::ratio / units::day) == "1/day");
  CHECK(unit_text(units::ratio / units::day) == "per day");
}

TEST_CASE("powers of a unit are written one by one") {
  CHECK(unit_id(units::usd * units::usd / units::day) == "usd*usd/day");
}

TEST_CASE("dividing by a unit undoes multiplying by it") {
  const Unit price = units::usd / units::mtok;
  CHECK(price * units::mtok == units::usd);
  CHECK(price / price == units::ratio);
}
