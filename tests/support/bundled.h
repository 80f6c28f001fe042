#pragma once
// The price list and the hardware list of the project, as the build bundles them.

#include "tokenbill/catalog.h"
#include "tokenbill/hardware.h"

/// Empty where the build has none, or cannot read it, which other tests tell.
[[nodiscard]] const tokenbill::Catalog& bundled_prices();
[[nodiscard]] const tokenbill::Hardware& bundled_hardware();
