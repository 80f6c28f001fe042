#include "questions.h"

#include <algorithm>
#include <utility>

#include "tokenbill/json_io.h"

namespace tokenbill::desktop {

Result<std::unique_ptr<Questions>> Questions::create(std::string_view hardware) {
  Result<Hardware> parsed = parse_hardware(hardware, "hardware compiled in");
  if (!parsed) return parsed.error();
  Result<SelfHost> self_host = SelfHost::create();
  if (!self_host) return self_host.error();
  return std::unique_ptr<Questions>(new Questions(std::move(parsed).value(), std::move(self_host).value()));
}

Questions::Questions(Hardware hardware, SelfHost self_host)
    : hardware_(std::make_shared<const Hardware>(std::move(hardware))),
      self_host_(std::make_shared<const SelfHost>(std::move(self_host))) {}

template <class T>
const Answer<T>& Questions::ask(const char* kind, Answer<T>& answer, const std::string& detail,
                                std::function<Result<T>(const Engine&, const Subject&)> work) {
  if (subject_ == nullptr) return answer;
  return ask_once(kind, answer, std::to_string(subject_->calculation) + " " + detail, std::move(work));
}

template <class T>
const Answer<T>& Questions::ask_once(const char* kind, Answer<T>& answer, std::string asked,
                                     std::function<Result<T>(const Engine&, const Subject&)> work) {
  if (answer.asked == asked) return answer;
  answer.asked = std::move(asked);
  std::shared_ptr<const Engine>& engine = engines_[kind];
  if (engine == nullptr) {
    Result<Engine> made = Engine::create();
    if (!made) {
      answer.value = made.error();
      answer.given = answer.asked;
      return answer;
    }
    engine = std::make_shared<const Engine>(std::move(made).value());
  }
  background_.ask(kind,
                  [&answer, engine, given = answer.asked, subject = subject_, work = std::move(work)]() -> Delivery {
                    auto found = std::make_shared<Result<T>>(work(*engine, *subject));
                    return [&answer, found, given] {
                      answer.value = std::move(*found);
                      answer.given = given;
                    };
                  });
  return answer;
}

const Answer<Forecast>& Questions::forecast() {
  return ask<Forecast>("forecast", forecast_, "", [](const Engine& engine, const Subject& s) {
    return tokenbill::forecast(engine, *s.catalog, s.scenario, s.today);
  });
}

const Answer<Levers>& Questions::levers() {
  return ask<Levers>("levers", levers_, "", [](const Engine& engine, const Subject& s) {
    return find_levers(engine, *s.catalog, s.scenario, s.today);
  });
}

const Answer<Decision>& Questions::decision() {
  return ask<Decision>("decision", decision_, "",
                       [hardware = hardware_, self_host = self_host_](const Engine& engine, const Subject& s) {
                         return self_host->decide(engine, *s.catalog, *hardware, s.scenario, s.today);
                       });
}

const Answer<Explanation>& Questions::own_figure(const std::string& item) {
  return ask<Explanation>("own figure", own_figure_, item,
                          [hardware = hardware_, self_host = self_host_, item](const Engine& engine, const Subject& s) {
                            return self_host->explain(engine, *s.catalog, *hardware, s.scenario, s.today, item);
                          });
}

const Answer<Turns>& Questions::turns() {
  return ask<Turns>("turns", turns_, "", [](const Engine& engine, const Subject& s) {
    const double planned = s.scenario.value("turns_per_conversation").value_or(1);
    const auto count = static_cast<int>(std::clamp(planned, 1.0, static_cast<double>(max_turns)));
    return turn_by_turn(engine, *s.catalog, s.scenario, s.today, count);
  });
}

const Answer<Ranges>& Questions::ranges(const RangeSpec& spec) {
  const std::string detail = spec.output + " " + std::to_string(spec.samples) + " " + std::to_string(spec.seed) + " " +
                             std::to_string(static_cast<int>(spec.assumptions));
  return ask<Ranges>("ranges", ranges_, detail, [spec](const Engine& engine, const Subject& s) {
    return find_ranges(engine, *s.catalog, s.scenario, s.today, spec);
  });
}

const Answer<ClaimFigures>& Questions::claims(const std::vector<Claim>& claims) {
  if (subject_ == nullptr) return claims_;
  // Another price list is another object; an address alone could be used again.
  if (priced_ != subject_->catalog) ++price_lists_;
  priced_ = subject_->catalog;
  return ask_once<ClaimFigures>("claims", claims_, std::to_string(price_lists_),
                                [&claims](const Engine& engine, const Subject& s) -> Result<ClaimFigures> {
                                  ClaimFigures figures;
                                  for (const Claim& claim : claims) {
                                    figures.emplace_back();
                                    for (const Claim::Reading& reading : claim.readings) {
                                      const Result<Bill> bill = engine.estimate(*s.catalog, reading.scenario, s.today);
                                      const Figure figure = bill ? figure_of(*bill, reading.figure) : Figure{};
                                      figures.back().push_back({figure.value, figure.unit});
                                    }
                                  }
                                  return figures;
                                });
}

}  // namespace tokenbill::desktop
