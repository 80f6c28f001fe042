#pragma once
// The application with the prices and presets that are compiled in, at a fixed date.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "app.h"
#include "embedded_claims.h"
#include "embedded_hardware.h"
#include "embedded_presets.h"
#include "embedded_prices.h"

namespace tokenbill::desktop {

/// A folder that is gone when the test ends.
struct Folder {
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "tokenbill-desktop-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    name = path;
  }
  ~Folder() { std::filesystem::remove_all(name); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const char* base) const { return (name / base).string(); }
  std::filesystem::path name;
};

inline std::unique_ptr<App> new_app() {
  Result<std::unique_ptr<App>> app =
      App::create({std::string(embedded_prices()), "built in", std::string(embedded_presets()),
                   std::string(embedded_hardware()), std::string(embedded_claims()), *parse_moment("2026-11-22")});
  REQUIRE(app.ok());
  (*app)->update();
  return std::move(app).value();
}

}  // namespace tokenbill::desktop
