#include "tokenbill/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace tokenbill {

namespace {
/// A positive number by its shortest decimal digits: 0.d1 d2 d3 ... times 10 to the power of `point`.
/// The library's formatter as a whole would bring every type and spelling into core.wasm; its conversion is all of it
/// that is needed.
struct Decimal {
  std::string digits;  ///< without zeros at the end; empty for 0
  int point = 0;

  explicit Decimal(double magnitude) {
    if (!(magnitude > 0)) return;
    const auto shortest = fmt::detail::dragonbox::to_decimal(magnitude);
    auto rest = shortest.significand;
    for (; rest > 0; rest /= 10) digits.insert(digits.begin(), static_cast<char>('0' + rest % 10));
    point = static_cast<int>(digits.size()) + shortest.exponent;
    trim();
  }

  /// Half a unit is rounded up, as people do.
  void keep(int count) {
    if (count >= static_cast<int>(digits.size())) return;
    const bool up = count >= 0 && digits[static_cast<std::size_t>(count)] >= '5';
    digits.resize(static_cast<std::size_t>(std::max(count, 0)));
    if (up) {
      std::size_t at = digits.size();
      while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
      if (at > 0) {
        ++digits[at - 1];
      } else {
        digits.insert(digits.begin(), '1');
        ++point;
      }
    }
    trim();
  }

  void trim() {
    while (digits.ends_with('0')) digits.pop_back();
  }
};

/// In fixed notation, with at least so many decimals.
std::string plain(const Decimal& decimal, std::size_t decimals) {
  const auto whole = static_cast<std::size_t>(std::max(decimal.point, 0));
  std::string text = decimal.digits.substr(0, std::min(whole, decimal.digits.size()));
  text.append(whole - text.size(), '0');
  if (text.empty()) text = "0";
  std::string fraction;
  if (decimal.point < 0 && !decimal.digits.empty()) fraction.append(static_cast<std::size_t>(-decimal.point), '0');
  if (decimal.digits.size() > whole) fraction += decimal.digits.substr(whole);
  if (fraction.size() < decimals) fraction.append(decimals - fraction.size(), '0');
  return fraction.empty() ? text : text + "." + fraction;
}

/// d.ddde+XX
std::string scientific(const Decimal& decimal) {
  std::string text = decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  const int size = exponent < 0 ? -exponent : exponent;
  return text + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + std::to_string(size);
}

double magnitude_of(double value) { return value < 0 ? -value : value; }
std::string sign_of(double value) { return value < 0 ? "-" : ""; }

// Fixed notation rounded to so many decimals, and as many at least.
std::string fixed(double value, int decimals, std::size_t at_least) {
  Decimal decimal(magnitude_of(value));
  decimal.keep(decimal.point + decimals);
  return (decimal.digits.empty() ? "" : sign_of(value)) + plain(decimal, at_least);
}

// Far beyond what a bill holds: six digits and the power of ten.
std::string huge(double value) {
  Decimal decimal(magnitude_of(value));
  decimal.keep(6);
  return sign_of(value) + scientific(decimal);
}

// Groups the integer digits of a plain decimal text by thousands.
std::string grouped(std::string text) {
  std::size_t end = text.find('.');
  if (end == std::string::npos) end = text.size();
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = end; at > begin + 3;) {
    at -= 3;
    text.insert(at, "\u202f");
  }
  return text;
}

// Fixed notation with so many decimals at most.
std::string trimmed(double value, int decimals) { return fixed(value, decimals, 0); }

// Decimals that show `digits` significant digits of a positive number.
int decimals_for(double value, int digits) {
  int decimals = digits - 1;
  double magnitude = value < 0 ? -value : value;
  while (magnitude >= 10 && decimals > 0) {
    magnitude /= 10;
    --decimals;
  }
  while (magnitude < 1 && magnitude > 0 && decimals < 20) {
    magnitude *= 10;
    ++decimals;
  }
  return decimals;
}
}  // namespace

std::string number_text(double value) {
  if (!(value > -1e15 && value < 1e15)) return huge(value);
  const auto whole = static_cast<double>(static_cast<long long>(value));
  if (whole == value) return grouped(trimmed(value, 0));
  return grouped(trimmed(value, decimals_for(value, 6)));
}

std::string brief_text(double value) {
  Decimal decimal(magnitude_of(value));
  decimal.keep(3);
  return sign_of(value) + grouped(plain(decimal, 0));
}

std::string usd_text(double value) {
  const double magnitude = value < 0 ? -value : value;
  if (magnitude >= 1e15) return huge(value);
  if (magnitude >= 0.095 || magnitude == 0) return grouped(fixed(value, 2, 2));
  return trimmed(value, decimals_for(value, 3));
}

std::string quantity_text(double value, const Unit& unit) {
  const auto power = [&](Dimension d) { return unit.power[static_cast<std::size_t>(d)]; };
  return power(Dimension::usd) == 1 && power(Dimension::mtok) == 0 ? usd_text(value) : number_text(value);
}

std::string percent_text(double ratio) { return trimmed(ratio * 100, ratio < 0.1 ? 1 : 0) + "\u202f%"; }

std::string ratio_text(const std::optional<double>& ratio) {
  if (!ratio) return "";
  if (magnitude_of(*ratio - 1) < 0.0005) return "the same";
  if (*ratio >= 2) return grouped(*ratio >= 20 ? fixed(*ratio, 0, 0) : fixed(*ratio, 1, 1)) + "× dearer";
  if (*ratio > 1) return percent_text(*ratio - 1) + " dearer";
  if (*ratio == 0) return "free";
  if (*ratio < 0.005) return grouped(fixed(1 / *ratio, 0, 0)) + "× cheaper";
  return percent_text(1 - *ratio) + " cheaper";
}

std::string exact_text(double value) {
  if (value == 0) return "0";
  if (!(magnitude_of(value) <= std::numeric_limits<double>::max()))
    return value != value ? "nan" : sign_of(value) + "inf";
  const Decimal decimal(magnitude_of(value));
  const bool short_enough = decimal.point > -4 && decimal.point <= 16;
  return sign_of(value) + (short_enough ? plain(decimal, 0) : scientific(decimal));
}

}  // namespace tokenbill
