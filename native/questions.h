#pragma once
// What panels ask beyond the bill: answered in the background, once for each state of the scenario, and only where a
// panel that is shown asks.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "background.h"
#include "claims.h"
#include "tokenbill/catalog.h"
#include "tokenbill/engine.h"
#include "tokenbill/forecast.h"
#include "tokenbill/hardware.h"
#include "tokenbill/levers.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"
#include "tokenbill/selfhost.h"
#include "tokenbill/sensitivity.h"
#include "tokenbill/series.h"

namespace tokenbill::desktop {

/// The state that is asked about.
struct Subject {
  std::shared_ptr<const Catalog> catalog;
  Scenario scenario;
  Moment today;
  int calculation = 0;  ///< grows with each state
};

/// What a published figure comes to in one reading; the value is absent where a price is unknown.
struct ClaimFigure {
  std::optional<double> value;
  Unit unit;
};
/// By claim and reading.
using ClaimFigures = std::vector<std::vector<ClaimFigure>>;

template <class T>
struct Answer {
  std::optional<Result<T>> value;  ///< the newest there is; of an earlier state while the next one is being worked out
  std::string asked;               ///< the state, and what else the question names, for which it was last asked
  std::string given;               ///< that of `value`

  [[nodiscard]] bool is_new() const { return value && given == asked; }
};

class Questions {
 public:
  /// @error as parse_hardware and SelfHost::create
  [[nodiscard]] static Result<std::unique_ptr<Questions>> create(std::string_view hardware);

  void set_wake(std::function<void()> wake) { background_.set_wake(std::move(wake)); }
  [[nodiscard]] const std::shared_ptr<const Subject>& subject() const { return subject_; }
  void about(Subject subject) { subject_ = std::make_shared<const Subject>(std::move(subject)); }
  /// Takes over what was found. False where there was nothing new.
  bool deliver() { return background_.deliver(); }
  /// Blocks until everything that was asked is answered.
  void finish() { background_.finish(); }

  [[nodiscard]] const Answer<Forecast>& forecast();
  [[nodiscard]] const Answer<Levers>& levers();
  [[nodiscard]] const Answer<Decision>& decision();
  /// How a figure of own capacity comes about; `item` as SelfHost::explain takes it.
  [[nodiscard]] const Answer<Explanation>& own_figure(const std::string& item);
  /// The conversation, request by request: as many as the scenario's conversation has.
  [[nodiscard]] const Answer<Turns>& turns();
  [[nodiscard]] const Answer<Ranges>& ranges(const RangeSpec& spec);
  /// The published figures, recomputed at the prices in use, whatever the scenario. They have to live as
  /// long as this.
  [[nodiscard]] const Answer<ClaimFigures>& claims(const std::vector<Claim>& claims);
  [[nodiscard]] const Hardware& hardware() const { return *hardware_; }

 private:
  Questions(Hardware hardware, SelfHost self_host);
  template <class T>
  const Answer<T>& ask(const char* kind, Answer<T>& answer, const std::string& detail,
                       std::function<Result<T>(const Engine&, const Subject&)> work);
  /// @param asked  all that the answer depends on
  template <class T>
  const Answer<T>& ask_once(const char* kind, Answer<T>& answer, std::string asked,
                            std::function<Result<T>(const Engine&, const Subject&)> work);

  std::shared_ptr<const Subject> subject_;
  std::shared_ptr<const Catalog> priced_;  ///< for which claims were last asked
  int price_lists_ = 0;
  std::shared_ptr<const Hardware> hardware_;
  std::shared_ptr<const SelfHost> self_host_;
  /// Answers refer to plans of the engine that gave them, which keeps only so many: one for each kind of question.
  std::map<std::string, std::shared_ptr<const Engine>, std::less<>> engines_;

  Answer<Forecast> forecast_;
  Answer<Levers> levers_;
  Answer<Decision> decision_;
  Answer<Explanation> own_figure_;
  Answer<Turns> turns_;
  Answer<Ranges> ranges_;
  Answer<ClaimFigures> claims_;

  Background background_;  ///< last, so that its thread ends before what it refers to
};

}  // namespace tokenbill::desktop
