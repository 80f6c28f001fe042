#pragma once
// The operations that core-all.wasm has beside those of core.wasm, which the first screen and the widget load: what a
// section asks when it is first opened. Each module links one definition of answer_question.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tokenbill/engine.h"
#include "tokenbill/json_value.h"

namespace tokenbill {

/// The response to an operation (TB_FORECAST and after) on a scenario.
/// @param document  the request, for what the operation wants beside the scenario
[[nodiscard]] std::string answer_question(std::uint32_t op, const Engine& engine, const Catalog& catalog,
                                          const Scenario& scenario, Moment today, const JsonValue& document);

/// Keeps the list of hardware for the questions about own capacity: the text of hardware-v1.json.
[[nodiscard]] std::string load_hardware(std::string_view text);

/// Work in steps, or in items that several workers share.
class Job {
 public:
  virtual ~Job() = default;
  /// Works on about so many cells. True: there is more to do.
  virtual bool step(double cells) = 0;
  [[nodiscard]] virtual double progress() const = 0;  ///< 0 to 1
  virtual void cancel() = 0;
  [[nodiscard]] virtual std::string response() const = 0;  ///< after the last step or a cancel
  [[nodiscard]] virtual double items() const = 0;
  virtual void run(double first, double end) = 0;  ///< items [first, end)
  virtual std::string part() = 0;                  ///< what its items gave since the last part
  /// The response as if it ended here; it goes on.
  [[nodiscard]] virtual std::string so_far() const = 0;
  virtual bool merge(std::string_view part) = 0;  ///< false: it is not a part of this job
};
/// @error unsupported: this operation does not run as a job; and what the operation refuses
[[nodiscard]] Result<std::unique_ptr<Job>> start_job(std::uint32_t op, const Engine& engine, const Catalog& catalog,
                                                     const Scenario& scenario, Moment today, const JsonValue& document);

}  // namespace tokenbill
