#include "support/bundled.h"

#include <utility>

#include "support/test_data.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {
template <class List>
List read(Result<List> parsed) {
  return parsed ? std::move(parsed).value() : List{};
}
}  // namespace

const Catalog& bundled_prices() {
  static const Catalog catalog = read(parse_catalog(test_file("pricing-v1.json")));
  return catalog;
}

const Hardware& bundled_hardware() {
  static const Hardware hardware = read(parse_hardware(test_file("hardware-v1.json")));
  return hardware;
}
