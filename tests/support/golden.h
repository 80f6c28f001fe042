#pragma once
// Files with expected text. UPDATE_GOLDEN=1 in the environment writes what the program gives instead of comparing.

#include <string>
#include <string_view>

/// Whether the files are to be rewritten.
[[nodiscard]] bool updating_golden();
/// Writes tests/golden/<name>; false where there are no files, as under WebAssembly.
bool write_golden(std::string_view name, std::string_view text);
