#include "sweep_csv.h"

#include <cmath>

#include "tokenbill/format.h"

namespace tokenbill {

std::string sweep_csv(const Sweep& sweep, const SweepResult& result) {
  std::string text;
  if (sweep.by_model()) text += "model,";
  for (const SweepAxis& axis : sweep.axes) text += axis.id + ",";
  for (const std::string& id : sweep.drawn) text += id + ",";
  text += sweep.outputs.front().id + "\r\n";
  for (std::size_t cell = 0; cell < result.cells.size(); ++cell) {
    if (result.partial && std::isnan(result.cells[cell])) continue;
    if (sweep.by_model()) text += sweep.models[sweep.model_of(cell)] + ",";
    for (const double value : sweep.point(cell)) text += exact_text(value) + ",";
    // A cell without a figure stays empty: it is not 0.
    if (!std::isnan(result.cells[cell])) text += exact_text(result.cells[cell]);
    text += "\r\n";
  }
  return text;
}

}  // namespace tokenbill
