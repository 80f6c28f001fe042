#pragma once
// What was read from records of usage, as the document that command line and page share (docs/abi.md).

#include <string>

#include "tokenbill/reconciliation.h"
#include "tokenbill/usage_import.h"

namespace tokenbill {

/// @param reconciliation  nullptr = there is no scenario to compare with
[[nodiscard]] std::string usage_json(const UsageReport& report, const Reconciliation* reconciliation);

}  // namespace tokenbill
