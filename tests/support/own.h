#pragma once
// Decisions on own capacity for tests, on the bundled prices.

#include <string_view>

#include "tokenbill/selfhost.h"

/// The one SelfHost of the tests.
[[nodiscard]] const tokenbill::SelfHost& self_host();
/// Fails the test where there is none.
[[nodiscard]] tokenbill::Decision decided(const tokenbill::Scenario& scenario, const tokenbill::Hardware& hardware);
/// nullptr where it is not among the choices.
[[nodiscard]] const tokenbill::Choice* choice_of(const tokenbill::Decision& decision, std::string_view id);
/// USD a month of a choice; fails the test where it has no price.
[[nodiscard]] double cost(const tokenbill::Decision& decision, std::string_view id);
