// Inputs that are ranges: how they are written, which distribution they stand for, and that both survive a document.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "beta_fit.h"
#include "support/bits.h"
#include "support/random.h"
#include "support/shop.h"
#include "support/thinning.h"
#include "tokenbill/json_io.h"
#include "tokenbill/numeric.h"
#include "tokenbill/spread.h"

using namespace tokenbill;

namespace {
const Parameter& parameter(std::string_view id) { return parameters()[parameter_index(id)]; }

InputRange range_of(const Scenario& scenario, std::string_view id) {
  const auto found = scenario.ranges.find(parameter_index(id));
  REQUIRE(found != scenario.ranges.end());
  return found->second;
}

Error refused(std::string_view id, std::string_view text) {
  Scenario scenario;
  const Scenario before = scenario;
  const std::optional<Error> error = scenario.set(id, text);
  CAPTURE(std::string(text));
  REQUIRE(error);
  CHECK(scenario == before);
  return *error;
}

Error refused_document(const std::string& rest) {
  const Result<Scenario> read = parse_scenario(R"({"format": "tokenbill-scenario/1", )" + rest + "}");
  CAPTURE(rest);
  REQUIRE_FALSE(read);
  return read.error();
}
}  // namespace

TEST_CASE("logarithm and exponential hold for every size") {
  for (double x = 1e-12; x < 1e12; x *= 1.7) {
    CAPTURE(x);
    CHECK(std::abs(log_of(x) - std::log(x)) <= 1e-15 * (1 + std::abs(std::log(x))));
  }
  for (double x = -600; x < 600; x += 7.3) {
    CAPTURE(x);
    CHECK(std::abs(exp_of(x) - std::exp(x)) <= 1e-13 * std::exp(x));
  }
}

TEST_CASE("the quantiles of the normal distribution are Wichura's") {
  struct Row {
    double p, z;
  };
  // Of the doubles written, by another implementation of the algorithm and by arbitrary precision.
  for (const Row& row :
       {Row{1e-300, -37.0470962993612}, Row{1e-10, -6.361340902404056}, Row{1e-5, -4.2648907939228256},
        Row{0.01, -2.3263478740408408}, Row{0.05, -1.6448536269514726}, Row{0.3, -0.5244005127080407}, Row{0.5, 0},
        Row{0.77, 0.7388468491852137}, Row{0.95, 1.6448536269514715}, Row{0.9999, 3.7190164854557084}}) {
    CAPTURE(row.p);
    CHECK(std::abs(normal_quantile(row.p) - row.z) <= 4e-16 * std::abs(row.z) * 4);
  }
}

TEST_CASE("the gamma and the incomplete beta function have their known values") {
  for (double z = 0.01; z < 1e5; z *= 1.9) {
    CAPTURE(z);
    CHECK(std::abs(log_gamma(z) - std::lgamma(z)) <= 2e-14 * std::max(1.0, std::abs(std::lgamma(z))));
  }
  const auto below = [](double a, double b, double x) {
    return beta_below(a, b, x, log_gamma(a) + log_gamma(b) - log_gamma(a + b));
  };
  for (const double x : {0.01, 0.2, 0.5, 0.9}) {
    CHECK(below(1, 1, x) == doctest::Approx(x).epsilon(1e-13));
    CHECK(below(2, 1, x) == doctest::Approx(x * x).epsilon(1e-13));
    CHECK(below(1, 3, x) == doctest::Approx(1 - (1 - x) * (1 - x) * (1 - x)).epsilon(1e-13));
    CHECK(below(0.5, 0.5, x) == doctest::Approx(2 / 3.14159265358979323846 * std::asin(std::sqrt(x))).epsilon(1e-12));
  }
  // P(Bin(10, 0.3) >= 4) = I_0.3(4, 7)
  CHECK(below(4, 7, 0.3) == doctest::Approx(0.3503892816).epsilon(1e-10));
}

TEST_CASE("a range is written as people write it") {
  Scenario scenario;
  struct Row {
    std::string_view id, text;
    double low, high, level;
  };
  for (const Row& row :
       {Row{"prompt_tokens", "4k to 9k", 4000, 9000, 0.9}, Row{"prompt_tokens", "4k~9k@80", 4000, 9000, 0.8},
        Row{"prompt_tokens", " 4 000 \u2013 9 000 @ 95 % ", 4000, 9000, 0.95},
        Row{"failure_ratio", "2 % to 5 %", 0.02, 0.05, 0.9}, Row{"failure_ratio", "0~5%", 0, 0.05, 0.9},
        Row{"cache_hit_ratio", "0.5 to 0.9@99.9", 0.5, 0.9, 0.999}}) {
    CAPTURE(std::string(row.text));
    REQUIRE_FALSE(scenario.set(row.id, row.text));
    const InputRange range = range_of(scenario, row.id);
    CHECK(range.low == row.low);
    CHECK(range.high == row.high);
    CHECK(range.level == doctest::Approx(row.level).epsilon(1e-15));
    CHECK(*scenario.value(row.id) > row.low);
    CHECK(*scenario.value(row.id) < row.high);
  }
  REQUIRE_FALSE(scenario.set("prompt_tokens", "4k to 9k"));
  CHECK(*scenario.value("prompt_tokens") == 6000);  // the geometric mean
}

TEST_CASE("a plain number drops the range, and so does the default") {
  Scenario scenario;
  for (const std::string_view text : {"5000", ""}) {
    REQUIRE_FALSE(scenario.set("prompt_tokens", "4k to 9k"));
    REQUIRE_FALSE(scenario.set("prompt_tokens", text));
    CHECK(scenario.ranges.empty());
  }
  REQUIRE_FALSE(scenario.set("prompt_tokens", "4k to 9k"));
  REQUIRE_FALSE(scenario.set_number("prompt_tokens", 5000));
  CHECK(scenario.ranges.empty());
}

TEST_CASE("a range that cannot be is refused, and nothing changes") {
  CHECK(refused("prompt_tokens", "9k to 4k").code == Code::inconsistent);
  CHECK(refused("prompt_tokens", "4k to 4k").code == Code::inconsistent);
  CHECK(refused("prompt_tokens", "4k to 9G").code == Code::bad_value);
  CHECK(refused("prompt_tokens", "4k to ").code == Code::bad_value);
  CHECK(refused("prompt_tokens", "4k to 9k@").code == Code::bad_value);
  CHECK(refused("prompt_tokens", "4k to 9k@5").code == Code::out_of_range);
  CHECK(refused("prompt_tokens", "4k to 9k@100").code == Code::out_of_range);
  CHECK(refused("prompt_tokens", "4k to 1e9").code == Code::out_of_range);
  CHECK(refused("prompt_tokens", "-1 to 5").code == Code::out_of_range);
  CHECK(refused("failure_ratio", "2 to 5").code == Code::out_of_range);
  CHECK(refused("prompt_tokens", "1,000 to 5,000").code == Code::bad_value);
  CHECK(refused("caching", "off to 5m").code == Code::bad_value);
  Scenario scenario;
  CHECK(scenario.set_range("caching", {0, 1})->code == Code::wrong_type);
  CHECK(scenario.set_range("embedding_model", {0, 1})->code == Code::wrong_type);
  CHECK(scenario.set_range("no_such", {0, 1})->code == Code::unknown_parameter);
  CHECK(scenario.set_range("prompt_tokens", {1000, 2000}, 3000.0)->code == Code::inconsistent);
  CHECK(scenario == Scenario());
}

TEST_CASE("quantiles from the table of a beta distribution are those that are searched for") {
  const Parameter& share = parameter("cache_hit_ratio");
  for (const InputRange& range : {InputRange{0.3, 0.8}, InputRange{0.01, 0.99}, InputRange{0.001, 0.004},
                                  InputRange{0.9, 0.999}, InputRange{0.5, 0.52}, InputRange{0.05, 0.6, 0.5}}) {
    CAPTURE(range.low);
    const Spread spread(share, range);
    REQUIRE(spread.form() == Form::beta);
    const Quantiles quantiles(spread);
    double before = 0;
    for (std::uint32_t i = 0; i < 20000; i += std::uint32_t{thinning}) {
      // Dense at both ends as well.
      const double u = i < 100 ? (i + 0.5) / 4294967296.0 : i > 19900 ? 1 - (20000 - i) / 4294967296.0 : i / 20000.0;
      const double value = quantiles.at(u);
      REQUIRE(value >= before - 1e-10);
      REQUIRE(std::abs(value - spread.quantile(u)) < 1e-7);
      before = value;
    }
  }
}

TEST_CASE("the two ends of a range are the quantiles of its distribution") {
  struct Row {
    std::string_view id;
    InputRange range;
    Form form;
  };
  for (const Row& row :
       {Row{"prompt_tokens", {4000, 9000, 0.9}, Form::log_normal},
        Row{"prompt_tokens", {1, 1e6, 0.5}, Form::log_normal},
        Row{"contingency_ratio", {0.1, 0.5, 0.9}, Form::log_normal}, Row{"prompt_tokens", {0, 9000, 0.9}, Form::normal},
        Row{"cache_hit_ratio", {0.05, 0.4, 0.9}, Form::beta}, Row{"cache_hit_ratio", {0.001, 0.999, 0.9}, Form::beta},
        Row{"cache_hit_ratio", {0.9, 0.99, 0.95}, Form::beta}, Row{"cache_hit_ratio", {0.3, 0.31, 0.8}, Form::beta},
        Row{"cache_hit_ratio", {0.3, 0.301, 0.9}, Form::normal},  // too narrow for a beta distribution
        Row{"cache_hit_ratio", {0, 0.5, 0.9}, Form::normal}, Row{"cache_hit_ratio", {0.5, 1, 0.9}, Form::normal}}) {
    const Spread spread(parameter(row.id), row.range);
    CAPTURE(row.range.low);
    CAPTURE(row.range.high);
    CHECK(form_id(spread.form()) == form_id(row.form));
    const double tail = (1 - row.range.level) / 2;
    const double near = 1e-9 * row.range.high;
    CHECK(std::abs(spread.quantile(tail) - row.range.low) <= near);
    CHECK(std::abs(spread.quantile(1 - tail) - row.range.high) <= near);
    CHECK(std::abs(spread.quantile(0.5) - spread.median()) <= near);
    CHECK(spread.median() == likely_value(parameter(row.id), row.range));
    double before = parameter(row.id).min;
    for (double u = 1e-6; u < 1; u += 0.01) {
      const double value = spread.quantile(u);
      CHECK(value >= before);
      CHECK(value <= parameter(row.id).max);
      before = value;
    }
  }
}

TEST_CASE("the smallest numbers there are make a range as well") {
  Scenario scenario;
  for (const std::string_view id : {"prompt_tokens", "cache_hit_ratio"}) {
    for (const std::string_view text : {"5e-324 to 1e-320", "1e-310 to 0.5", "1e-300 to 1e-290"}) {
      CAPTURE(std::string(id));
      CAPTURE(std::string(text));
      REQUIRE_FALSE(scenario.set(id, text));
      const Spread spread(parameter(id), range_of(scenario, id), scenario.value(id));
      for (const double u : {1e-9, 0.05, 0.5, 0.95, 1 - 1e-9}) {
        CHECK(spread.quantile(u) >= 0);
        CHECK(spread.quantile(u) <= parameter(id).max);
      }
    }
  }
}

TEST_CASE("a likely value inside a range is the median, one at its end is not") {
  const Parameter& p = parameter("contingency_ratio");
  const Spread off(p, {0, 0.5}, 0.15);
  CHECK(off.median() == 0.15);
  CHECK(off.quantile(0.5) == 0.15);
  CHECK(off.quantile(0.95) == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(off.quantile(0.05) == doctest::Approx(0).epsilon(1e-12));
  CHECK(off.quantile(0.001) == 0);
  const Spread log_off(parameter("staging_ratio"), {0.1, 0.5}, 0.25);
  CHECK(log_off.quantile(0.05) == doctest::Approx(0.1).epsilon(1e-12));
  CHECK(log_off.quantile(0.5) == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(log_off.quantile(0.95) == doctest::Approx(0.5).epsilon(1e-12));
  const Spread end(parameter("evaluation_ratio"), {0.1, 0.2}, 0.1);
  CHECK(end.median() == doctest::Approx(std::sqrt(0.02)).epsilon(1e-12));
}

TEST_CASE("a scenario with ranges reads back bit for bit") {
  Random random(421);
  for (int i = 0; i < 300; ++i) {
    Scenario scenario;
    for (int k = 0; k < 6; ++k) {
      const Parameter& p = parameters()[random.below(static_cast<std::uint32_t>(parameters().size()))];
      if (p.kind == ParameterKind::choice || p.kind == ParameterKind::reference) continue;
      const double a = random.between(p.min, p.max);
      const double b = random.between(p.min, p.max);
      if (!(a < b)) continue;
      const std::optional<double> likely =
          random.chance(0.5) ? std::optional(std::min(b, random.between(a, b))) : std::nullopt;
      REQUIRE_FALSE(scenario.set_range(p.id, {a, b, random.chance(0.5) ? 0.9 : random.between(0.1, 0.99)}, likely));
    }
    if (random.chance(0.5)) (void)scenario.correlate("output_tokens", "prompt_tokens", random.between(-0.9, 0.9));
    if (random.chance(0.5)) (void)scenario.correlate("failure_ratio", "prompt_tokens", 0.25);
    const std::string text = scenario_text(scenario);
    CAPTURE(text);
    const Result<Scenario> again = parse_scenario(text);
    REQUIRE(again.ok());
    CHECK(*again == scenario);
    CHECK(scenario_text(*again) == text);
  }
}

TEST_CASE("a document may give a range alone, and its median is the value") {
  const Result<Scenario> read = parse_scenario(
      R"({"format": "tokenbill-scenario/1", "parameters": {"output_tokens": 300},
          "ranges": {"prompt_tokens": {"low": 4000, "high": 9000}, "output_tokens": {"low": 100, "high": 800, "level": 0.8}},
          "correlations": [["prompt_tokens", "output_tokens", 0.6]]})");
  REQUIRE(read.ok());
  CHECK(*read->value("prompt_tokens") == 6000);
  CHECK(*read->value("output_tokens") == 300);
  CHECK(range_of(*read, "output_tokens").level == 0.8);
  REQUIRE(read->correlations.size() == 1);
  CHECK(read->correlations[0].a < read->correlations[0].b);
}

TEST_CASE("a document's range that cannot be is refused with its place") {
  CHECK(refused_document(R"("ranges": {"prompt_tokens": {"low": 9, "high": 4}})").code == Code::inconsistent);
  CHECK(refused_document(R"("ranges": {"prompt_tokens": {"low": 9}})").code == Code::missing_key);
  CHECK(refused_document(R"("ranges": {"prompt_tokens": {"low": 1, "high": 4, "levle": 0.9}})").code ==
        Code::unknown_key);
  CHECK(refused_document(R"("ranges": {"prompt_tokens": {"low": 1, "high": 4, "level": 90}})").code ==
        Code::out_of_range);
  CHECK(refused_document(R"("ranges": {"caching": {"low": 1, "high": 4}})").code == Code::wrong_type);
  CHECK(refused_document(R"("ranges": {"prompt": {"low": 1, "high": 4}})").code == Code::unknown_parameter);
  CHECK(refused_document(R"("parameters": {"prompt_tokens": 10}, "ranges": {"prompt_tokens": {"low": 1, "high": 4}})")
            .code == Code::inconsistent);
  CHECK(refused_document(R"("correlations": [["prompt_tokens", "output_tokens"]])").code == Code::wrong_type);
  CHECK(refused_document(R"("correlations": [["prompt_tokens", "output_tokens", 1]])").code == Code::out_of_range);
  CHECK(refused_document(R"("correlations": [["prompt_tokens", "prompt_tokens", 0.5]])").code == Code::inconsistent);
  CHECK(refused_document(
            R"("correlations": [["prompt_tokens", "output_tokens", 0.5], ["output_tokens", "prompt_tokens", 0.5]])")
            .code == Code::inconsistent);
  const Error error = refused_document(R"("ranges": {"prompt_tokens": {"low": 9, "high": 4}})");
  CHECK(error.where.find("/ranges/prompt_tokens") != std::string::npos);
}
