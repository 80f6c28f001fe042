// parse_catalog and parse_providers: never crash; whatever they accept resolves to finite prices, and a sound provider
// file comes through the bundle unchanged.

#include "fuzz/fuzz_support.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

constexpr std::int64_t some_moments[] = {0, 1786896000, 1795392000, 253402300799};

void expect_sound(const Prices& prices) {
  for (std::size_t i = 0; i < token_class_count; ++i) {
    const std::optional<double> price = resolve(prices, static_cast<TokenClass>(i));
    EXPECT(!price || (std::isfinite(*price) && *price >= 0));
  }
}

void expect_sound(const Catalog& catalog) {
  for (const Error& error : catalog.left_out) expect_clean(error);
  for (const Model& model : catalog.models) {
    EXPECT(model.seller < catalog.sellers.size());
    const Seller& seller = catalog.sellers[model.seller];
    EXPECT(model.key == seller.id + "/" + model.id);
    const Result<const Model*> found = catalog.find_model(model.key);
    EXPECT(found.ok() && *found == &model);
    for (const PriceRow& row : model.prices) {
      const double share = window_share_of_week(row);
      EXPECT(share >= 0 && share <= 1);
      for (std::size_t level = 0; level <= row.context_tiers.size(); ++level) {
        expect_sound(prices_at_level(row, nullptr, level));
        for (const Window& window : row.windows) expect_sound(prices_at_level(row, &window, level));
      }
      for (std::int64_t seconds : some_moments) (void)window_at(seller, row, Moment{seconds});
    }
    for (std::int64_t seconds : some_moments)
      for (int tier = 0; tier < static_cast<int>(ServiceTier::count_); ++tier) {
        const PriceRow* row = row_at(model, static_cast<ServiceTier>(tier), Moment{seconds});
        EXPECT(row == nullptr || row->status != PriceStatus::cancelled);
      }
  }
  for (const Error& finding : check_catalog(catalog)) expect_clean(finding);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const Result<Catalog> bundle = parse_catalog(text);
  if (bundle.ok()) {
    expect_sound(*bundle);
  } else {
    expect_clean(bundle.error());
  }
  const NamedText file{"fuzz.json", text};
  const Result<Catalog> catalog = parse_providers({&file, 1});
  if (!catalog.ok()) {
    expect_clean(catalog.error());
    return 0;
  }
  expect_sound(*catalog);
  if (!catalog->left_out.empty()) return 0;
  const Result<std::string> bundled = bundle_text({&file, 1});
  EXPECT(bundled.ok());
  const Result<Catalog> back = parse_catalog(*bundled);
  EXPECT(back.ok());
  EXPECT(back->left_out.empty());
  EXPECT(back->as_of == catalog->as_of);
  EXPECT(back->models.size() == catalog->models.size());
  for (std::size_t i = 0; i < back->models.size(); ++i) {
    const Model& a = catalog->models[i];
    const Model& b = back->models[i];
    EXPECT(a.key == b.key && a.prices.size() == b.prices.size());
    for (std::size_t k = 0; k < a.prices.size(); ++k) EXPECT(a.prices[k].prices == b.prices[k].prices);
  }
  return 0;
}
