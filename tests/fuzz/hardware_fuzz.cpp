// parse_hardware and parse_hardware_files: never crash; what they accept is found by its names, has finite prices in
// order, and comes through the bundle unchanged.

#include "fuzz/fuzz_support.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

void expect_sound(const Hardware& hardware) {
  for (const Error& error : hardware.left_out) expect_clean(error);
  for (const Gpu& gpu : hardware.gpus) {
    const Result<const Gpu*> found = hardware.find_gpu(gpu.id);
    EXPECT(found.ok() && *found == &gpu);
    for (std::size_t i = 0; i < rent_term_count; ++i) {
      const auto range = rent_range(hardware, gpu, static_cast<RentTerm>(i), [](const RentOffer&) { return true; });
      if (!range) continue;
      EXPECT(range->offers > 0 && range->low.usd_per_gpu_hour > 0 && std::isfinite(range->high.usd_per_gpu_hour));
      EXPECT(range->low.usd_per_gpu_hour <= range->median.usd_per_gpu_hour);
      EXPECT(range->median.usd_per_gpu_hour <= range->high.usd_per_gpu_hour);
    }
  }
  for (const OpenModel& model : hardware.models) {
    const Result<const OpenModel*> found = hardware.find_open_model(model.hugging_face);
    EXPECT(found.ok() && *found == &model);
  }
  for (const Error& finding : check_hardware(hardware, Catalog{})) expect_clean(finding);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const Result<Hardware> bundle = parse_hardware(text);
  if (bundle.ok()) {
    expect_sound(*bundle);
  } else {
    expect_clean(bundle.error());
  }
  const NamedText file{"fuzz.json", text};
  const Result<Hardware> hardware = parse_hardware_files({&file, 1});
  if (!hardware.ok()) {
    expect_clean(hardware.error());
    return 0;
  }
  EXPECT(is_hardware_file(file));
  expect_sound(*hardware);
  if (!hardware->left_out.empty()) return 0;
  const Result<std::string> bundled = hardware_text({&file, 1});
  EXPECT(bundled.ok());
  const Result<Hardware> back = parse_hardware(*bundled);
  EXPECT(back.ok());
  EXPECT(back->left_out.empty());
  EXPECT(back->as_of == hardware->as_of);
  EXPECT(back->gpus.size() == hardware->gpus.size() && back->models.size() == hardware->models.size());
  EXPECT(back->rent.size() == hardware->rent.size() && back->training.size() == hardware->training.size());
  return 0;
}
