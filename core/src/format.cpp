#include "tokenbill/format.h"

// Formats compiled into calls: the run-time formatter would bring every type and spelling into core.wasm.
#include <fmt/compile.h>

namespace tokenbill {

namespace {
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

// Fixed notation with so many decimals, trailing zeros cut.
std::string trimmed(double value, int decimals) {
  std::string text = fmt::format(FMT_COMPILE("{:.{}f}"), value, decimals);
  if (text.find('.') == std::string::npos) return text;
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

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
  if (!(value > -1e15 && value < 1e15)) return fmt::format(FMT_COMPILE("{:.5e}"), value);
  const auto whole = static_cast<double>(static_cast<long long>(value));
  if (whole == value) return grouped(trimmed(value, 0));
  return grouped(trimmed(value, decimals_for(value, 6)));
}

std::string usd_text(double value) {
  const double magnitude = value < 0 ? -value : value;
  if (magnitude >= 1e15) return fmt::format(FMT_COMPILE("{:.5e}"), value);
  if (magnitude >= 0.095 || magnitude == 0) return grouped(fmt::format(FMT_COMPILE("{:.2f}"), value));
  return trimmed(value, decimals_for(value, 3));
}

std::string quantity_text(double value, const Unit& unit) {
  const auto power = [&](Dimension d) { return unit.power[static_cast<std::size_t>(d)]; };
  return power(Dimension::usd) == 1 && power(Dimension::mtok) == 0 ? usd_text(value) : number_text(value);
}

std::string percent_text(double ratio) { return trimmed(ratio * 100, ratio < 0.1 ? 1 : 0) + "\u202f%"; }

std::string exact_text(double value) { return value == 0 ? std::string("0") : fmt::format(FMT_COMPILE("{}"), value); }

}  // namespace tokenbill
