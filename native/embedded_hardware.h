#pragma once

#include <string_view>

/// The text of hardware-v1.json as it was when the program was built, for use without any file at hand.
[[nodiscard]] std::string_view embedded_hardware();
