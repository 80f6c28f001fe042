#pragma once
// A folded tape as one function of the shading language WGSL, each operation spelled as op.def says. The function is
// placed into the skeleton shaders/sweep.wgsl, which is the only other WGSL of the project.

#include <string>
#include <string_view>

#include "tokenbill/result.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

/// `fn cost(x: array<vec2f, axis_count>) -> vec2f` and the constant `axis_count`; each pair is a value in 32 bits and
/// how far it may lie from the exact one (bounded.h). For colours, counts and ranks, never for an amount on screen. A
/// cell without a figure, or whose figure 32 bits cannot tell, gives `impossible`, `unknown` or `unsure`, constants of
/// the skeleton.
/// @error unsupported where a constant is beyond the 32-bit range, and for a sweep of several models or of draws
[[nodiscard]] Result<std::string> cost_function(const Sweep& sweep);

/// The line of the skeleton that the function replaces.
inline constexpr std::string_view cost_marker = "// {{cost}}";
/// @error bad_format where the skeleton has no such line
[[nodiscard]] Result<std::string> place(std::string_view skeleton, std::string_view function);

}  // namespace tokenbill
