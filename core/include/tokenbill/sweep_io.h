#pragma once
// The documents of a sweep (docs/sweep.md): what is asked, and the answer as bytes for programs that draw it or as
// JSON.

#include <cstdint>
#include <string>

#include "tokenbill/json_value.h"
#include "tokenbill/result.h"
#include "tokenbill/screened.h"
#include "tokenbill/series.h"
#include "tokenbill/sweep.h"
#include "tokenbill/sweep_run.h"

namespace tokenbill {

/// Reads "axes", "output", "against", "models" and what read_draws reads of a request; other keys belong to others.
/// Ranges are checked by compile_sweep.
/// @error missing_key, wrong_type, bad_value, out_of_range
[[nodiscard]] Result<SweepSpec> read_sweep_spec(const JsonValue& request);
/// Reads "cells" and "lowest". @param sweep  compiled from the request @error wrong_type, out_of_range, too_large
[[nodiscard]] Result<SweepAsk> read_sweep_ask(const JsonValue& request, const Sweep& sweep);
/// Reads "axis" and "figures". @error as above
[[nodiscard]] Result<SeriesSpec> read_series_spec(const JsonValue& request);
/// "id=from:to:steps", with ":log" for a logarithmic scale, or "id=1,2,4"; numbers as for Scenario::set. @error
/// bad_value
[[nodiscard]] Result<SweepAxis> parse_axis(std::string_view text);

/// Axes, output, counts and extremes as JSON; with the values of axes and cells where `with_values`.
[[nodiscard]] std::string sweep_json(const Sweep& sweep, const SweepResult& result, bool with_values);

inline constexpr std::uint32_t sweep_magic = 0x57534254;  ///< "TBSW" in a file
inline constexpr std::uint32_t sweep_version = 1;
/// Little-endian: u32 magic, version, bytes of the JSON text (a multiple of 8, padded with spaces), number of axes; the
/// JSON text of sweep_json; then f64: the values of each axis, and the cells.
[[nodiscard]] std::string sweep_bytes(const Sweep& sweep, const SweepResult& result);

/// Hands over what a worker kept of its items since the last time, for another one of the same sweep: bytes whose form
/// belongs to this version alone.
[[nodiscard]] std::string part_bytes(SweepJob& job);
/// Merges a part. @error bad_format where it is not one of this sweep; then nothing is merged
[[nodiscard]] std::optional<Error> merge_part(SweepJob& job, std::string_view bytes);

/// What the page's shader driver needs: {"wgsl", "axes": [{"id", "values"}], "nodes"}; `wgsl` is the function,
/// or the whole module where a skeleton is given. @error as cost_function and place
[[nodiscard]] Result<std::string> sweep_shader_json(const Sweep& sweep, std::string_view skeleton);

/// Reads "kept", what the shader's reductions gave. @error missing_key, bad_value, unsupported (as cost_function)
[[nodiscard]] Result<Screened> read_screened(const JsonValue& request, const Sweep& sweep);
/// {"header": as sweep_json, "unsure": [value or null]}
[[nodiscard]] std::string finished_json(const Sweep& sweep, const Finished& finished);

}  // namespace tokenbill
