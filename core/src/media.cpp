#include "tokenbill/media.h"

#include <algorithm>

#include "tokenbill/plans.h"

namespace tokenbill {

std::optional<ImageDetail> image_detail_of(std::string_view id) {
  for (std::size_t i = 0; i < image_detail_count; ++i)
    if (image_detail_id(static_cast<ImageDetail>(i)) == id) return static_cast<ImageDetail>(i);
  return std::nullopt;
}

const ImageNumbers& numbers_of(const ImageTokenRule& rule, std::string_view detail) {
  static constexpr ImageNumbers none;
  const ImageDetail asked = image_detail_of(detail).value_or(ImageDetail::automatic);
  for (const ImageDetail candidate : {asked, ImageDetail::automatic})
    if (const std::optional<ImageNumbers>& numbers = rule.details[static_cast<std::size_t>(candidate)]) return *numbers;
  return none;
}

std::optional<double> image_tokens(const Model& model, std::string_view detail, double width, double height) {
  if (!model.image_tokens) return std::nullopt;
  const ImageNumbers& n = numbers_of(*model.image_tokens, detail);
  width = std::max(1.0, width);
  height = std::max(1.0, height);
  switch (model.image_tokens->algorithm) {
    case ImageAlgorithm::patch28:
      return image_tokens_patch28(width, height, n.max_edge, n.max_patches).tokens;
    case ImageAlgorithm::patch32:
      return image_tokens_patch32(width, height, n.max_edge, n.max_patches, n.multiplier).tokens;
    case ImageAlgorithm::tile512:
      return image_tokens_tile512(width, height, n.base_tokens, n.tile_tokens, n.tile_tokens == 0).tokens;
    case ImageAlgorithm::tile768:
      return image_tokens_tile768(width, height, n.tile_tokens).tokens;
    case ImageAlgorithm::fixed:
      return n.tokens;
  }
  return std::nullopt;
}

std::optional<double> pdf_page_tokens(const Model& model) {
  if (model.pdf_page_tokens) return model.pdf_page_tokens;
  if (!model.image_tokens) return std::nullopt;
  switch (model.image_tokens->algorithm) {
    case ImageAlgorithm::patch28:
    case ImageAlgorithm::patch32:
    case ImageAlgorithm::tile512:
      return image_tokens(model, "auto", pdf_page_width, pdf_page_height);
    case ImageAlgorithm::tile768:
    case ImageAlgorithm::fixed:
      break;  // these sellers count pages by a figure of their own
  }
  return std::nullopt;
}

}  // namespace tokenbill
