#pragma once

#include <cstdint>
#include <cstring>

/// The bits of a number (std::bit_cast, which not every library has).
[[nodiscard]] inline std::uint64_t bits_of(double number) {
  std::uint64_t bits;
  static_assert(sizeof bits == sizeof number);
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}
