#include "support/own.h"

#include <doctest/doctest.h>

#include <utility>

#include "support/bundled.h"
#include "support/shop.h"

using namespace tokenbill;

const SelfHost& self_host() {
  static const Result<SelfHost> only = SelfHost::create();
  REQUIRE(only.ok());
  return *only;
}

Decision decided(const Scenario& scenario, const Hardware& hardware) {
  Result<Decision> decision = self_host().decide(engine(), bundled_prices(), hardware, scenario, today);
  if (!decision) FAIL(to_text(decision.error()));
  return std::move(decision).value();
}

const Choice* choice_of(const Decision& decision, std::string_view id) {
  for (const Choice& one : decision.choices)
    if (one.id == id) return &one;
  return nullptr;
}

double cost(const Decision& decision, std::string_view id) {
  const Choice* one = choice_of(decision, id);
  REQUIRE_MESSAGE(one != nullptr, std::string(id));
  REQUIRE_MESSAGE(one->usd_per_month.has_value(), one->reason);
  return *one->usd_per_month;
}
