#pragma once

#include <string>

#include "tokenbill/plan.h"

/// A plan as text, one figure a line: "id [unit] = formula in ids". A formula that several figures use and that has no
/// name stands on a line of its own as #1, #2, …
[[nodiscard]] std::string plan_text(const tokenbill::Plan& plan);
