#pragma once
// Worked cases ("golden-cases/1") run through the code that prices scenarios.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/result.h"

namespace tokenbill {

enum class Verdict : std::uint8_t { passed, failed, skipped };

struct CaseResult {
  std::string id;
  std::string title;
  std::string kind;
  Verdict verdict{};
  std::vector<std::pair<std::string, std::optional<double>>> figures;  ///< found; absent = unknown
  std::string detail;  ///< of a failure: each figure expected and found; of a skipped case: why
};

/// Runs the cases of kinds request, image_tokens and conversation; others are skipped and named. Rates given in a case
/// stand in for the catalog's; a request with seller, model and `at` and without rates takes the row in force then.
/// Two figures agree within `tolerance_abs`, or within 1e-12 relative where that is 0.
[[nodiscard]] Result<std::vector<CaseResult>> verify_cases(std::string_view text, std::string_view name,
                                                           const Catalog& catalog);

}  // namespace tokenbill
