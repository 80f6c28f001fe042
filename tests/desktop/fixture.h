#pragma once
// The application with the prices and presets that are compiled in, at a fixed date.

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "app.h"
#include "embedded_claims.h"
#include "embedded_hardware.h"
#include "embedded_presets.h"
#include "embedded_prices.h"

namespace tokenbill::desktop {

inline std::unique_ptr<App> new_app() {
  Result<std::unique_ptr<App>> app =
      App::create({std::string(embedded_prices()), "built in", std::string(embedded_presets()),
                   std::string(embedded_hardware()), std::string(embedded_claims()), *parse_moment("2026-11-22")});
  REQUIRE(app.ok());
  (*app)->update();
  return std::move(app).value();
}

}  // namespace tokenbill::desktop
