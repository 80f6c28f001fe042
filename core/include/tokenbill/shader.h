#pragma once
// A folded tape as one function of the shading language WGSL, each operation spelled as op.def says. The function is
// placed into the skeleton shaders/sweep.wgsl, which is the only other WGSL of the project.

#include <string>
#include <string_view>

#include "tokenbill/result.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

/// `fn cost(x: array<f32, axis_count>) -> f32` and the constant `axis_count`. In 32-bit numbers: for colours and ranks,
/// never for an amount on screen. A cell without a figure gives `no_figure`, a constant of the skeleton.
/// @error unsupported where a constant is beyond the 32-bit range, and for a sweep of several models or of draws
[[nodiscard]] Result<std::string> cost_function(const Sweep& sweep);

/// The line of the skeleton that the function replaces.
inline constexpr std::string_view cost_marker = "// {{cost}}";
/// @error bad_format where the skeleton has no such line
[[nodiscard]] Result<std::string> place(std::string_view skeleton, std::string_view function);

/// How far a 32-bit value may lie from the exact one, relative: each operation rounds by at most 3 units of the last
/// place (division and exp are the coarse ones), and the operands were rounded before. It holds where no threshold and
/// no rounding up or down lies within it, and where nothing nearly cancels in an `excess` or a `complement`.
[[nodiscard]] double shader_bound(const Sweep& sweep);

}  // namespace tokenbill
