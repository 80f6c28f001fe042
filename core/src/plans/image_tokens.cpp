// How many tokens an image is, by each seller's published rule. Integer geometry on doubles, exact below 2^53.
// std::sqrt is correctly rounded by IEEE-754, so it gives the same bits everywhere.

#include <algorithm>
#include <cmath>

#include "tokenbill/numeric.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
double cells(double pixels, double cell) { return round_up(pixels / cell); }

/// a * b / c rounded to the nearest integer, ties to even; at least 1.
double scaled_ties_to_even(double a, double b, double c) {
  const double product = a * b;
  const double down = round_down(product / c);
  const double twice_rest = 2 * (product - down * c);
  const bool up = twice_rest > c || (twice_rest == c && round_down(down / 2) * 2 != down);
  return std::max(1.0, up ? down + 1 : down);
}

/// Both sides times numerator / denominator, rounded down, at least 1 pixel.
void shrink(double& width, double& height, double numerator, double denominator) {
  width = std::max(1.0, round_down(width * numerator / denominator));
  height = std::max(1.0, round_down(height * numerator / denominator));
}
}  // namespace

ImageTokens image_tokens_patch28(double width, double height, double max_edge, double max_tokens) {
  const bool wide = width >= height;
  const double long_side = std::max(width, height);
  const double short_side = std::min(width, height);
  const auto fits = [&](double w, double h) {
    const double columns = cells(w, 28);
    const double rows = cells(h, 28);
    return columns * 28 <= max_edge && rows * 28 <= max_edge && columns * rows <= max_tokens;
  };
  double best_long = long_side;
  double best_short = short_side;
  if (!fits(long_side, short_side)) {
    // The longest side that fits; at most a few thousand candidates.
    best_long = std::min(long_side, max_edge);
    best_short = scaled_ties_to_even(best_long, short_side, long_side);
    while (best_long > 1 && !fits(best_long, best_short)) {
      best_long -= 1;
      best_short = scaled_ties_to_even(best_long, short_side, long_side);
    }
  }
  const double patches = cells(best_long, 28) * cells(best_short, 28);
  return {patches, wide ? best_long : best_short, wide ? best_short : best_long, patches};
}

ImageTokens image_tokens_patch32(double width, double height, double max_dimension, double patch_budget,
                                 double multiplier) {
  const double longest = std::max(width, height);
  if (max_dimension > 0 && longest > max_dimension) shrink(width, height, max_dimension, longest);
  double patches = cells(width, 32) * cells(height, 32);
  if (patch_budget > 0 && patches > patch_budget) {
    const double fit = std::sqrt(1024 * patch_budget / (width * height));
    const double columns = width * fit / 32;
    const double rows = height * fit / 32;
    const double factor = fit * std::min(round_down(columns) / columns, round_down(rows) / rows);
    width = std::max(1.0, round_down(width * factor));
    height = std::max(1.0, round_down(height * factor));
    patches = cells(width, 32) * cells(height, 32);
  }
  return {round_up(patches * multiplier), width, height, patches};
}

ImageTokens image_tokens_tile512(double width, double height, double base_tokens, double tile_tokens, bool low) {
  if (low) return {base_tokens, width, height, 0};
  if (const double longest = std::max(width, height); longest > 2048) shrink(width, height, 2048, longest);
  if (const double shortest = std::min(width, height); shortest > 768) shrink(width, height, 768, shortest);
  const double tiles = cells(width, 512) * cells(height, 512);
  return {base_tokens + tiles * tile_tokens, width, height, tiles};
}

ImageTokens image_tokens_tile768(double width, double height, double tile_tokens) {
  const double tiles = width <= 384 && height <= 384 ? 1 : cells(width, 768) * cells(height, 768);
  return {tiles * tile_tokens, width, height, tiles};
}

}  // namespace tokenbill
