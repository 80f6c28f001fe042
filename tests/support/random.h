#pragma once
// Random scenarios and small made-up catalogs, the same on every platform: the standard library's distributions differ
// between libraries, so there are none of them here, and no function of the C library.

#include <cstdint>
#include <string>
#include <string_view>

#include "tokenbill/catalog.h"
#include "tokenbill/scenario.h"

/// splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// 0 to count - 1.
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>((next() >> 32) * count >> 32); }
  /// In [0, 1), a multiple of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  /// A whole number from 1 to `most`, small ones as often as large ones.
  double count(double most);
  /// As prices are written: three digits, 0.001 to 99.9.
  double price();

 private:
  std::uint64_t state_;
};

/// One seller with 2 to 5 chat models. They have context tiers (> and >=), batch and dated rows, peak windows, caches
/// of several lifetimes, fees, regions, tokenizers, and now and then no price for a class, or none at all.
[[nodiscard]] tokenbill::Catalog random_catalog(Random& random);

/// A scenario that a person could have written: a model of the catalog, and any of the parameters within its range.
[[nodiscard]] tokenbill::Scenario random_scenario(Random& random, const tokenbill::Catalog& catalog);

/// The moment at which random scenarios without a date are priced.
inline constexpr tokenbill::Moment random_today{1795305600};  // 2026-11-22
