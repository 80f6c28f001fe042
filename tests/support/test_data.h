#pragma once

#include <span>
#include <string_view>

/// A file that the tests read, compiled in: a WebAssembly test program has no files.
/// Taken are tests/golden/*.{json,case,txt}, tests/data/*, site/presets.json, claims/claims.json, docs/errors.md and
/// pricing-v1.json.
struct TestFile {
  std::string_view name;  ///< without folder: "presets.json"
  std::string_view text;
};

[[nodiscard]] std::span<const TestFile> test_files();

/// The text of the file of that name; empty where there is none.
[[nodiscard]] inline std::string_view test_file(std::string_view name) {
  for (const TestFile& file : test_files())
    if (file.name == name) return file.text;
  return {};
}
