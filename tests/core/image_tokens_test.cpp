// Expected figures are those that the sellers publish for their own examples, or worked from their rules in a comment.

#include <doctest/doctest.h>

#include "tokenbill/plans.h"

using namespace tokenbill;

TEST_CASE("patches of 28 pixels: an image that fits is not scaled") {
  CHECK(image_tokens_patch28(200, 200, 1568, 1568).tokens == 64);      // 8 * 8
  CHECK(image_tokens_patch28(1000, 1000, 1568, 1568).tokens == 1296);  // 36 * 36
  CHECK(image_tokens_patch28(1092, 1092, 1568, 1568).tokens == 1521);  // 39 * 39
  CHECK(image_tokens_patch28(1920, 1080, 2576, 4784).tokens == 2691);  // 69 * 39
  CHECK(image_tokens_patch28(2000, 1500, 2576, 4784).tokens == 3888);  // 72 * 54
  CHECK(image_tokens_patch28(1000, 1000, 1568, 1568).width == 1000);
}

TEST_CASE("patches of 28 pixels: a larger image is scaled to the largest size that fits") {
  const ImageTokens hd = image_tokens_patch28(1920, 1080, 1568, 1568);
  CHECK(hd.tokens == 1560);
  CHECK(hd.width == 1456);
  CHECK(hd.height == 819);
  const ImageTokens uhd = image_tokens_patch28(3840, 2160, 2576, 4784);
  CHECK(uhd.tokens == 4784);
  CHECK(uhd.width == 2576);
  CHECK(uhd.height == 1449);
  const ImageTokens photo = image_tokens_patch28(2000, 1500, 1568, 1568);
  CHECK(photo.tokens == 1564);
  CHECK(photo.width == 1270);
  CHECK(photo.height == 952);  // 952.5, to even
}

TEST_CASE("patches of 28 pixels: a tall image costs what the wide one costs") {
  const ImageTokens wide = image_tokens_patch28(3840, 2160, 1568, 1568);
  const ImageTokens tall = image_tokens_patch28(2160, 3840, 1568, 1568);
  CHECK(tall.tokens == wide.tokens);
  CHECK(tall.width == wide.height);
  CHECK(tall.height == wide.width);
}

TEST_CASE("patches of 28 pixels: the padded side counts, not the side") {
  CHECK(image_tokens_patch28(28, 28, 1568, 1568).tokens == 1);
  CHECK(image_tokens_patch28(29, 28, 1568, 1568).tokens == 2);
  CHECK(image_tokens_patch28(1, 1, 1568, 1568).tokens == 1);
}

TEST_CASE("patches of 28 pixels: every size keeps both limits") {
  for (double width = 1; width < 9000; width = width * 1.7 + 1)
    for (double height = 1; height < 9000; height = height * 1.6 + 1) {
      const double w = static_cast<int>(width);
      const double h = static_cast<int>(height);
      CAPTURE(w);
      CAPTURE(h);
      const ImageTokens image = image_tokens_patch28(w, h, 1568, 1568);
      CHECK(image.tokens >= 1);
      CHECK(image.tokens <= 1568);
      CHECK(image.width <= 1568);
      CHECK(image.height <= 1568);
      CHECK(image.width <= w);
      CHECK(image.height <= h);
    }
}

TEST_CASE("patches of 32 pixels: the multiplier rounds up") {
  const ImageTokens image = image_tokens_patch32(1024, 1024, 2048, 2500, 1.2);
  CHECK(image.patches == 1024);
  CHECK(image.tokens == 1229);  // 1228.8
}

TEST_CASE("patches of 32 pixels: more patches than the budget are scaled to whole rows and columns") {
  const ImageTokens image = image_tokens_patch32(2048, 2048, 2048, 2500, 1.2);
  CHECK(image.width == 1600);
  CHECK(image.height == 1600);
  CHECK(image.patches == 2500);
  CHECK(image.tokens == 3000);
}

TEST_CASE("patches of 32 pixels: without a budget every patch counts") {
  CHECK(image_tokens_patch32(4096, 4096, 0, 0, 1).tokens == 16384);
}

TEST_CASE("patches of 32 pixels: the budget is never exceeded") {
  for (double width = 40; width < 12000; width = width * 1.37 + 3)
    for (double height = 40; height < 12000; height = height * 1.41 + 5) {
      const double w = static_cast<int>(width);
      const double h = static_cast<int>(height);
      if (w > 30 * h || h > 30 * w) continue;
      CAPTURE(w);
      CAPTURE(h);
      CHECK(image_tokens_patch32(w, h, 2048, 1536, 1).patches <= 1536);
    }
}

TEST_CASE("tiles: an image costs the base and each tile of 512") {
  const ImageTokens square = image_tokens_tile512(1024, 1024, 85, 170, false);  // scaled to 768: 2 * 2 tiles
  CHECK(square.patches == 4);
  CHECK(square.tokens == 765);
  const ImageTokens small = image_tokens_tile512(500, 400, 85, 170, false);
  CHECK(small.patches == 1);
  CHECK(small.tokens == 255);
}

TEST_CASE("tiles: an image is fitted into 2,048 pixels before its short side is") {
  const ImageTokens tall = image_tokens_tile512(2048, 4096, 85, 170, false);  // 1024 x 2048, then 768 x 1536
  CHECK(tall.patches == 6);
  CHECK(tall.tokens == 1105);
}

TEST_CASE("tiles: low detail costs the base alone") {
  CHECK(image_tokens_tile512(4096, 8192, 85, 170, true).tokens == 85);
}

TEST_CASE("tiles of 768: a small image is one tile, a larger one as many as cover it") {
  CHECK(image_tokens_tile768(384, 384, 258).tokens == 258);
  CHECK(image_tokens_tile768(385, 384, 258).tokens == 258);  // one tile of 768 covers it
  CHECK(image_tokens_tile768(768, 768, 258).tokens == 258);
  CHECK(image_tokens_tile768(769, 768, 258).tokens == 516);
  CHECK(image_tokens_tile768(1920, 1080, 258).tokens == 1548);  // 3 * 2 tiles
}
