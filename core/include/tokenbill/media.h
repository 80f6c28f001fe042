#pragma once
// What a model counts for pictures and pages: the rules of the catalog, applied. Tokens; sizes in pixels.
// Source: cost model, images, audio, video, documents.

#include <optional>
#include <string_view>

#include "tokenbill/catalog.h"

namespace tokenbill {

/// "auto", "low", "medium", "high", "original"; absent for any other text.
[[nodiscard]] std::optional<ImageDetail> image_detail_of(std::string_view id);

/// The numbers that hold for a detail: a detail that the rule does not have, or that nobody has, is its "auto".
[[nodiscard]] const ImageNumbers& numbers_of(const ImageTokenRule& rule, std::string_view detail);

/// Tokens of one image of this size; absent where the model's rule is not known. A side below 1 pixel counts as 1.
[[nodiscard]] std::optional<double> image_tokens(const Model& model, std::string_view detail, double width,
                                                 double height);

/// A page as sellers that read its picture see it: 150 dots per inch of A4.
inline constexpr double pdf_page_width = 1240;
inline constexpr double pdf_page_height = 1754;

/// Tokens that the picture of one PDF page adds to those of its text: the seller's figure where it lists one, else
/// (patches and tiles of 512 only) the image rule at the size above; absent where neither is known.
[[nodiscard]] std::optional<double> pdf_page_tokens(const Model& model);

}  // namespace tokenbill
