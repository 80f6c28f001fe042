#pragma once
// All JSON documents of the formats (docs/formats.md).

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/hardware.h"
#include "tokenbill/json_value.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

struct NamedText {
  std::string_view name;  ///< file name, prefix of Error::where
  std::string_view text;
};

/// Reads the price bundle. A bad model is reported in Catalog::left_out and left out while the rest loads; an
/// unreadable document is an error. Size limit 8 MiB.
[[nodiscard]] Result<Catalog> parse_catalog(std::string_view text, std::string_view name = "pricing-v1.json");
/// Reads a price bundle in parts, so that a caller with one thread can answer others between them. Each part is a
/// bundle with the same "as_of" and some of the sellers and services, in the bundle's order; what a seller passes on
/// may be in any part. The catalog is the one that parse_catalog makes of the whole, but the positions of what is left
/// out are those in the parts.
class CatalogParts {
 public:
  CatalogParts();
  ~CatalogParts();
  CatalogParts(CatalogParts&&) noexcept;
  CatalogParts& operator=(CatalogParts&&) noexcept;
  /// @error as parse_catalog; the parts before stay as they are
  [[nodiscard]] std::optional<Error> add(std::string_view text, std::string_view name = "pricing-v1.json");
  /// Ends the reading: nothing may be added afterwards. @error missing_key where no part was added
  [[nodiscard]] Result<Catalog> finish();

 private:
  struct Draft;
  std::unique_ptr<Draft> draft_;
};
/// Reads provider files (docs/formats.md) in any order; sellers are sorted by id. As parse_catalog, where a file that
/// cannot be read is left out as well (an error if none can); `as_of` is the newest `checked` date.
[[nodiscard]] Result<Catalog> parse_providers(std::span<const NamedText> files);
/// Plausibility rules of the catalog, on top of the format, whose own rules parse_providers applies. Each finding is
/// one Error: a per-thousand figure in a per-million field, a price far from the same model's other prices, input and
/// output swapped, a cache read dearer than input, a cache write that is neither 1, 1.25 nor 2 times input, a batch
/// dearer and a fast tier cheaper than standard, a longer context that is cheaper, a threshold beyond the context
/// window. A row with a note may depart from the customs of pricing, but not from what is possible.
[[nodiscard]] std::vector<Error> check_catalog(const Catalog& catalog);
/// The bundle's text from provider files, minified, deterministic. Precondition: parse_providers and check_catalog
/// found nothing.
[[nodiscard]] Result<std::string> bundle_text(std::span<const NamedText> files);

/// Reads the hardware bundle, as parse_catalog reads that of the prices: a bad GPU, offer, model or figure is reported
/// in Hardware::left_out and left out while the rest loads.
[[nodiscard]] Result<Hardware> parse_hardware(std::string_view text, std::string_view name = "hardware-v1.json");
/// Reads the files of pricing/hardware in any order: one each of GPUs, models and training, any number of providers
/// that rent machines. A file that cannot be read is left out as well (an error if none can).
[[nodiscard]] Result<Hardware> parse_hardware_files(std::span<const NamedText> files);
/// Plausibility rules on top of the format. Each finding is one Error: an offer of a GPU that nobody described, a price
/// of a GPU that nobody asks for, spot or reserved dearer than on demand, the same offer twice, a faster format that is
/// slower, parameters or bytes of a cache that the layout does not give, a hosted model that the catalog does not have.
[[nodiscard]] std::vector<Error> check_hardware(const Hardware& hardware, const Catalog& catalog);
/// The bundle's text from the files, minified, deterministic. Precondition: parse_hardware_files found nothing.
[[nodiscard]] Result<std::string> hardware_text(std::span<const NamedText> files);
/// Whether a file says that it belongs to the hardware, so that folders of both kinds can be read together.
[[nodiscard]] bool is_hardware_file(const NamedText& file);

/// Reads a scenario; size limit 1 MiB. Every error names the parameter and its range; the first one is returned.
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view text, std::string_view name = "scenario");
/// Reads a scenario that is part of another document: what is sound is kept, every problem is added to `problems`.
[[nodiscard]] Scenario read_scenario(const JsonValue& value, std::string_view name, std::vector<Error>& problems);
/// Only what was given; reading it back gives the same scenario bit for bit.
[[nodiscard]] std::string scenario_text(const Scenario& scenario);
/// The same as one value of another document.
void write_scenario(JsonWriter& writer, const Scenario& scenario);

}  // namespace tokenbill
