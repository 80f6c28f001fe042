// Draws, shares of variance whose values are known, and the range of bills that can be worked by hand.

#include "tokenbill/sensitivity.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "support/bits.h"
#include "support/bundled.h"
#include "support/random.h"
#include "support/shop.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_ranges.h"

using namespace tokenbill;

namespace {
double at(const SobolSequence& sequence, std::uint32_t index, std::size_t dimension) {
  double number = 0;
  sequence.fill(dimension, index, {&number, 1});
  return number;
}
constexpr double pi = 3.14159265358979323846;

/// A function of one point, for many.
template <class Function>
auto each(const Function& f) {
  return [f](Columns columns) {
    std::vector<double> values;
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      std::vector<double> point;
      for (const std::vector<double>& column : columns) point.push_back(column[i]);
      values.push_back(f(std::span<const double>(point)));
    }
    return values;
  };
}

/// Uniform numbers of both matrices of a design.
struct Design {
  std::vector<std::vector<double>> a, b;
  Design(std::size_t inputs, std::size_t count, std::uint64_t seed) : a(inputs), b(inputs) {
    const SobolSequence sequence(2 * inputs, seed);
    for (std::size_t j = 0; j < inputs; ++j) {
      for (std::size_t i = 0; i < count; ++i) {
        a[j].push_back(at(sequence, static_cast<std::uint32_t>(i), j));
        b[j].push_back(at(sequence, static_cast<std::uint32_t>(i), inputs + j));
      }
    }
  }
};

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return values[x] < values[y]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<double>(i);
  return rank;
}
double rank_correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const std::vector<double> rx = ranks(x);
  const std::vector<double> ry = ranks(y);
  const double n = static_cast<double>(x.size());
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (rx[i] - ry[i]) * (rx[i] - ry[i]);
  return 1 - 6 * sum / (n * (n * n - 1));
}

std::uint64_t hash_of(const std::vector<std::vector<double>>& columns) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::vector<double>& column : columns) {
    for (const double value : column) {
      std::uint64_t bits = bits_of(value);
      for (int i = 0; i < 8; ++i, bits >>= 8) hash = (hash ^ (bits & 0xff)) * 0x100000001b3u;
    }
  }
  return hash;
}

Ranges ranges_of(const Catalog& catalog, const Scenario& scenario, RangeSpec spec = {}) {
  Result<Ranges> found = find_ranges(engine(), catalog, scenario, today, spec);
  if (!found) FAIL(to_text(found.error()));
  return std::move(found).value();
}
RangeSpec only_given() {
  RangeSpec spec;
  spec.assumptions = Assumptions::given;
  return spec;
}
const Driver& driver(const Ranges& ranges, std::string_view id) {
  for (const Driver& one : ranges.drivers)
    if (one.id == id) return one;
  FAIL("no driver " << std::string(id));
  return ranges.drivers.front();
}
Catalog shop() { return catalog_of({model_of("m", 2.5, 10)}); }
}  // namespace

TEST_CASE("every dimension of the sequence has one point in each equal part") {
  const SobolSequence sequence(SobolSequence::most_dimensions, 7);
  for (std::size_t d = 0; d < SobolSequence::most_dimensions; ++d) {
    std::set<int> met;
    for (std::uint32_t i = 0; i < 1024; ++i) {
      const double u = at(sequence, i, d);
      CHECK(u > 0);
      CHECK(u < 1);
      met.insert(static_cast<int>(u * 1024));
    }
    CAPTURE(d);
    CHECK(met.size() == 1024);
  }
}

TEST_CASE("two dimensions of the sequence fill the square evenly") {
  // The first pair of Joe and Kuo's numbers is a net: each of 16 by 16 squares has 4 of 1024 points.
  const SobolSequence sequence(2, 3);
  int squares[16][16] = {};
  for (std::uint32_t i = 0; i < 1024; ++i)
    ++squares[static_cast<int>(at(sequence, i, 0) * 16)][static_cast<int>(at(sequence, i, 1) * 16)];
  for (const auto& row : squares)
    for (const int n : row) CHECK(n == 4);
}

TEST_CASE("all dimensions together integrate a product far better than chance") {
  const std::size_t k = 40;
  const SobolSequence sequence(k, 11);
  double sum = 0;
  for (std::uint32_t i = 0; i < 8192; ++i) {
    double product = 1;
    for (std::size_t d = 0; d < k; ++d) product *= 1 + (at(sequence, i, d) - 0.5) / 4;
    sum += product;
  }
  CHECK(std::abs(sum / 8192 - 1) < 1e-3);
}

TEST_CASE("a seed gives the same draws everywhere, another seed others") {
  Scenario scenario;
  REQUIRE_FALSE(scenario.set("prompt_tokens", "4k to 9k"));
  REQUIRE_FALSE(scenario.set("cache_hit_ratio", "0.3 to 0.8"));
  REQUIRE_FALSE(scenario.set("failure_ratio", "0 to 0.1"));
  REQUIRE_FALSE(scenario.correlate("prompt_tokens", "failure_ratio", -0.4));
  const auto inputs = uncertain_inputs(scenario, Assumptions::typical);
  const auto draws = Draws::create(scenario, inputs, 42);
  REQUIRE(draws.ok());
  const auto one = draws->columns(512);
  CHECK(hash_of(one) == hash_of(Draws::create(scenario, inputs, 42)->columns(512)));
  CHECK(hash_of(one) != hash_of(Draws::create(scenario, inputs, 43)->columns(512)));
  // A part of them is the same by itself.
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    std::vector<double> part(100);
    draws->fill(k, 333, part);
    CHECK(std::equal(part.begin(), part.end(), one[k].begin() + 333));
  }
  // The same bits with every compiler, at every optimisation, and as WebAssembly.
  CHECK(hash_of(one) == 8452362445608837594u);
}

TEST_CASE("typical ranges count where the scenario does not say, and hold their default") {
  const Scenario nothing;
  const auto all = uncertain_inputs(nothing, Assumptions::typical);
  CHECK(all.size() >= 10);
  for (const UncertainInput& input : all) {
    const Parameter& p = parameters()[input.parameter];
    CAPTURE(std::string(p.id));
    CHECK(input.typical);
    CHECK_FALSE(input.source.empty());
    CHECK(p.kind == ParameterKind::number);
    CHECK(input.range.low >= p.min);
    CHECK(input.range.low < input.range.high);
    CHECK(input.range.high <= p.max);
    CHECK(input.likely == p.default_value);
    CHECK(input.likely >= input.range.low);
    CHECK(input.likely <= input.range.high);
  }
  CHECK(uncertain_inputs(nothing, Assumptions::given).empty());
  Scenario some;
  REQUIRE_FALSE(some.set("staging_ratio", "0.25"));
  CHECK(uncertain_inputs(some, Assumptions::typical).size() == all.size() - 1);
}

TEST_CASE("draws have the rank correlation that is asked for") {
  for (const double wanted : {0.6, -0.8, 0.2}) {
    Scenario scenario;
    REQUIRE_FALSE(scenario.set("prompt_tokens", "4k to 9k"));
    REQUIRE_FALSE(scenario.set("output_tokens", "100 to 900"));
    REQUIRE_FALSE(scenario.set("cache_hit_ratio", "0.3 to 0.8"));
    REQUIRE_FALSE(scenario.correlate("output_tokens", "cache_hit_ratio", wanted));
    const auto inputs = uncertain_inputs(scenario, Assumptions::given);
    const auto draws = Draws::create(scenario, inputs, 5);
    REQUIRE(draws.ok());
    const auto drawn = draws->columns(8192);
    CHECK(std::abs(rank_correlation(drawn[1], drawn[2]) - wanted) < 0.005);
    CHECK(std::abs(rank_correlation(drawn[0], drawn[1])) < 0.01);
    // Each alone is as before.
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<double> sorted = drawn[k];
      std::sort(sorted.begin(), sorted.end());
      CHECK(sorted[8192 / 20] == doctest::Approx(inputs[k].range.low).epsilon(0.01));
      CHECK(sorted[8192 * 19 / 20] == doctest::Approx(inputs[k].range.high).epsilon(0.01));
    }
  }
}

TEST_CASE("correlations that contradict each other are refused with the pair") {
  Scenario scenario;
  for (const std::string_view id : {"prompt_tokens", "output_tokens", "reasoning_tokens"})
    REQUIRE_FALSE(scenario.set(id, "100 to 900"));
  REQUIRE_FALSE(scenario.correlate("prompt_tokens", "output_tokens", 0.9));
  REQUIRE_FALSE(scenario.correlate("output_tokens", "reasoning_tokens", 0.9));
  REQUIRE_FALSE(scenario.correlate("prompt_tokens", "reasoning_tokens", -0.9));
  const auto drawn = Draws::create(scenario, uncertain_inputs(scenario, Assumptions::given), 1);
  REQUIRE_FALSE(drawn);
  CHECK(drawn.error().code == Code::inconsistent);
  CHECK(drawn.error().message.find("Hidden reasoning") != std::string::npos);
}

TEST_CASE("percentiles, mean and deviation are those of the sorted values") {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i * 2.0);
  values.push_back(unknown_number);
  const Outcome outcome = outcome_of(values);
  CHECK(outcome.count == 101);
  for (std::size_t p = 0; p < told_percentiles.size(); ++p)
    CHECK(outcome.percentiles[p] == doctest::Approx(told_percentiles[p] * 2.0));
  CHECK(outcome.mean == doctest::Approx(100));
  CHECK(outcome.deviation == doctest::Approx(2 * std::sqrt(858.5)));
  CHECK(outcome_of(std::vector<double>{1, 2}).percentiles[3] == 1.5);
  CHECK(outcome_of(std::vector<double>{}).count == 0);
}

TEST_CASE("shares of variance of Ishigami's function") {
  const Design design(3, 4096, 1);
  const VarianceShares shares =
      variance_shares(design.a, design.b, each([](std::span<const double> u) {
                        const auto x = [&](std::size_t i) { return pi * (2 * u[i] - 1); };
                        const double s = std::sin(x(1));
                        return std::sin(x(0)) + 7 * s * s + 0.1 * x(2) * x(2) * x(2) * x(2) * std::sin(x(0)) + 20;
                      }));
  const double first[] = {0.3139, 0.4424, 0};
  const double total[] = {0.5576, 0.4424, 0.2437};
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(std::abs(shares.first[i] - first[i]) < 0.01);
    CHECK(std::abs(shares.total[i] - total[i]) < 0.01);
  }
}

TEST_CASE("shares of variance of Sobol's g-function") {
  const std::vector<double> a = {0, 1, 4.5, 9, 99, 99};
  const Design design(a.size(), 4096, 2);
  const VarianceShares shares = variance_shares(design.a, design.b, each([&](std::span<const double> u) {
                                                  double product = 1;
                                                  for (std::size_t i = 0; i < a.size(); ++i)
                                                    product *= (std::abs(4 * u[i] - 2) + a[i]) / (1 + a[i]);
                                                  return product;
                                                }));
  double whole = 1;
  for (const double one : a) whole *= 1 + 1 / (3 * (1 + one) * (1 + one));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double own = 1 / (3 * (1 + a[i]) * (1 + a[i]));
    CAPTURE(i);
    CHECK(std::abs(shares.first[i] - own / (whole - 1)) < 0.01);
    CHECK(std::abs(shares.total[i] - own * whole / (1 + own) / (whole - 1)) < 0.01);
  }
}

TEST_CASE("rows without a value are left out, and what does not vary has no shares") {
  const Design design(2, 256, 3);
  const VarianceShares some = variance_shares(
      design.a, design.b, each([](std::span<const double> u) { return u[0] > 0.9 ? unknown_number : u[0] + u[1]; }));
  CHECK(std::isfinite(some.variance));
  CHECK(some.total[0] > 0.3);
  const VarianceShares none = variance_shares(design.a, design.b, each([](std::span<const double>) { return 5.0; }));
  CHECK(none.variance == 0);
}

TEST_CASE("a bill that is one input times a constant has that input's range") {
  const Scenario scenario = bare("m", {{"prompt_tokens", "4k to 9k"}, {"output_tokens", "0"}});
  const Ranges ranges = ranges_of(shop(), scenario, only_given());
  // 10,000 a day for 30 days at 2.5 USD for a million tokens
  CHECK(ranges.outcome.low() == doctest::Approx(3000).epsilon(0.002));
  CHECK(ranges.outcome.likely() == doctest::Approx(4500).epsilon(0.002));
  CHECK(ranges.outcome.high() == doctest::Approx(6750).epsilon(0.002));
  CHECK(same(ranges.point, 4500));
  CHECK(std::abs(*ranges.point_share - 0.5) < 0.002);
  CHECK(ranges.impossible == 0);
  REQUIRE(ranges.drivers.size() == 1);
  CHECK(same(ranges.drivers[0].at_low, 3000));
  CHECK(same(ranges.drivers[0].at_high, 6750));
  CHECK(same(ranges.drivers[0].elasticity, 1));
  CHECK(std::abs(*ranges.drivers[0].first_order - 1) < 0.01);
  CHECK(std::abs(*ranges.drivers[0].total - 1) < 0.01);
  CHECK(ranges.sentence == "Nearly all of the spread comes from \u201cPrompt\u201d.");
  for (const FigureRange& figure : ranges.figures) {
    if (figure.id == "input.uncached") CHECK(figure.outcome.high() == doctest::Approx(6750).epsilon(0.002));
    if (figure.id == "output.text") CHECK(figure.outcome.high() == 0);
  }
}

TEST_CASE("a tornado has the widest swing first, and shares follow it where inputs add up") {
  // Input 300,000 * 1,000 to 3,000 * 2.5 / 1e6 = 750 to 2,250 USD; output 300,000 * 400 to 600 * 10 / 1e6 = 1,200 to
  // 1,800 USD.
  const Scenario scenario = bare("m", {{"output_tokens", "400 to 600"}, {"prompt_tokens", "1k to 3k"}});
  const Ranges ranges = ranges_of(shop(), scenario, only_given());
  REQUIRE(ranges.drivers.size() == 2);
  CHECK(ranges.drivers[0].id == "prompt_tokens");
  CHECK(same(ranges.drivers[0].swing, 1500));
  CHECK(ranges.drivers[1].id == "output_tokens");
  CHECK(same(ranges.drivers[1].swing, 600));
  const double input_usd = 0.75 * std::sqrt(3e6);
  const double output_usd = 3 * std::sqrt(240000);
  CHECK(same(ranges.point, input_usd + output_usd));
  CHECK(same(ranges.drivers[0].elasticity, input_usd / (input_usd + output_usd)));
  // Variances of two log-normal amounts: m^2 (e^(s^2) - 1) e^(s^2)
  const auto variance = [](double median, double ratio) {
    const double s = std::log(ratio) / 2 / 1.6448536269514722;
    return median * median * (std::exp(s * s) - 1) * std::exp(s * s);
  };
  const double of_input = variance(input_usd, 3);
  const double of_output = variance(output_usd, 1.5);
  CHECK(std::abs(*ranges.drivers[0].first_order - of_input / (of_input + of_output)) < 0.02);
  CHECK(std::abs(*ranges.drivers[1].total - of_output / (of_input + of_output)) < 0.02);
  CHECK(ranges.sentence.find("of 10 USD of the spread come from \u201cPrompt\u201d") != std::string::npos);
}

TEST_CASE("inputs that are correlated widen or narrow a sum") {
  Scenario scenario = bare("m", {{"output_tokens", "400 to 900"}, {"prompt_tokens", "1k to 3k"}});
  const Ranges apart = ranges_of(shop(), scenario, only_given());
  REQUIRE_FALSE(scenario.correlate("prompt_tokens", "output_tokens", 0.9));
  const Ranges together = ranges_of(shop(), scenario, only_given());
  CHECK(together.correlated);
  CHECK_FALSE(apart.correlated);
  CHECK(together.outcome.deviation > apart.outcome.deviation * 1.2);
}

TEST_CASE("draws that the model cannot serve are counted and left out") {
  Model model = model_of("m", 2.5, 10);
  model.context_tokens = 10000;
  const Scenario scenario = bare("m", {{"prompt_tokens", "6k to 12k"}});
  const Ranges ranges = ranges_of(catalog_of({model}), scenario, only_given());
  CHECK(ranges.impossible > 200);
  CHECK(ranges.impossible < ranges.samples / 2);
  CHECK_FALSE(driver(ranges, "prompt_tokens").at_high.has_value());
  const Scenario too_long = bare("m", {{"prompt_tokens", "60k to 120k"}});
  const Result<Ranges> none = find_ranges(engine(), catalog_of({model}), too_long, today, only_given());
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::impossible);
}

TEST_CASE("a bill without ranges has one value") {
  const Ranges ranges = ranges_of(shop(), bare("m"), only_given());
  CHECK(ranges.drivers.empty());
  CHECK(same(ranges.point, 4500 / 3.0 + 1500));
  CHECK(ranges.outcome.low() == *ranges.point);
  CHECK(ranges.outcome.high() == *ranges.point);
  CHECK(ranges.sentence == "No input of this figure has a range.");
}

TEST_CASE("what is asked wrongly is refused") {
  const auto code = [&](RangeSpec spec, const Scenario& scenario) {
    const Result<Ranges> found = find_ranges(engine(), shop(), scenario, today, spec);
    REQUIRE_FALSE(found);
    return found.error().code;
  };
  RangeSpec spec;
  spec.output = "nothing";
  CHECK(code(spec, bare("m")) == Code::unknown_item);
  spec = {};
  spec.samples = 8;
  CHECK(code(spec, bare("m")) == Code::out_of_range);
  spec = {};
  Scenario other = bare("m");
  other.model = "acme/none";
  CHECK(code(spec, other) == Code::unknown_model);
}

TEST_CASE("the figures of the real bill are those of the engine at every draw") {
  const Catalog& catalog = bundled_prices();
  if (catalog.models.empty()) return;
  Scenario scenario;
  for (const auto& [id, text] : Given{{"prompt_tokens", "1k to 9k"},
                                      {"static_prefix_tokens", "500 to 3k"},
                                      {"turns_per_conversation", "2 to 9"},
                                      {"cache_hit_ratio", "0.3 to 0.9"},
                                      {"chunks_per_request", "0 to 8"},
                                      {"image_width", "300 to 1500"},
                                      {"images_per_request", "0 to 2"},
                                      {"days_per_month", "20 to 31"},
                                      {"caching", "automatic"},
                                      {"history", "full"}})
    REQUIRE_FALSE(scenario.set(id, text));
  RangeSpec spec;
  spec.samples = 64;
  const Ranges ranges = ranges_of(catalog, scenario, spec);
  const Result<Bill> bill = engine().estimate(catalog, scenario, today);
  REQUIRE(bill.ok());
  REQUIRE(bill->per_month);
  CHECK(bits_of(*ranges.point) == bits_of(*bill->per_month));
  std::size_t items = 0;
  for (const FigureRange& figure : ranges.figures) items += figure.item ? 1 : 0;
  CHECK(items == bill->items.size());
  // The totals of the draws, one by one through the engine.
  std::vector<UncertainInput> inputs;
  for (const UncertainInput& input : uncertain_inputs(scenario, spec.assumptions))
    if (std::any_of(ranges.drivers.begin(), ranges.drivers.end(),
                    [&](const Driver& d) { return d.id == parameters()[input.parameter].id; }))
      inputs.push_back(input);
  const auto draws = Draws::create(scenario, inputs, spec.seed);
  REQUIRE(draws.ok());
  const auto drawn = draws->columns(spec.samples);
  std::vector<double> totals;
  for (std::size_t i = 0; i < spec.samples; ++i) {
    Scenario one = scenario;
    for (std::size_t k = 0; k < inputs.size(); ++k)
      REQUIRE_FALSE(one.set_number(parameters()[inputs[k].parameter].id, drawn[k][i]));
    const std::optional<double> usd = usd_a_month(catalog, one);
    totals.push_back(usd.value_or(unknown_number));
  }
  const Outcome expected = outcome_of(totals);
  CHECK(expected.count == ranges.outcome.count);
  for (std::size_t p = 0; p < told_percentiles.size(); ++p)
    CHECK(bits_of(expected.percentiles[p]) == bits_of(ranges.outcome.percentiles[p]));
}

TEST_CASE("the same where a parameter moves the plan by itself") {
  const Catalog& catalog = bundled_prices();
  if (catalog.models.empty()) return;
  Scenario scenario;
  for (const auto& [id, text] : Given{{"prompt_tokens", "1k to 9k"},
                                      {"route_1_model", "openai/gpt-4o-mini"},
                                      {"routing", "shares"},
                                      {"route_1_share_ratio", "0.4 to 0.8"},
                                      {"output_cap_tokens", "100 to 900"}})
    REQUIRE_FALSE(scenario.set(id, text));
  RangeSpec spec;
  spec.samples = 32;
  spec.assumptions = Assumptions::given;
  const Ranges ranges = ranges_of(catalog, scenario, spec);
  CHECK(bits_of(*ranges.point) == bits_of(*usd_a_month(catalog, scenario)));
  for (const Driver& one : ranges.drivers) {
    CAPTURE(std::string(one.id));
    for (const bool high : {false, true}) {
      Scenario end = scenario;
      REQUIRE_FALSE(end.set_number(one.id, high ? one.range.high : one.range.low));
      CHECK(bits_of(high ? *one.at_high : *one.at_low) == bits_of(*usd_a_month(catalog, end)));
    }
    REQUIRE(one.elasticity);
    const double x = *scenario.value(one.id);
    const auto usd = [&](double value) {
      Scenario moved = scenario;
      REQUIRE_FALSE(moved.set_number(one.id, value));
      return *usd_a_month(catalog, moved);
    };
    const double expected = (usd(x * 1.0001) - usd(x * 0.9999)) / 0.0002 / *ranges.point;
    CHECK(std::abs(*one.elasticity - expected) < 1e-4);
  }
}

TEST_CASE("the request of ranges is read strictly") {
  const auto read = [](std::string_view text) { return read_range_spec(*parse_json(text, "request")); };
  const Result<RangeSpec> all =
      read(R"({"output": "total_per_request", "samples": 256, "seed": 9, "assumptions": "given", "scenario": {}})");
  REQUIRE(all.ok());
  CHECK(all->output == "total_per_request");
  CHECK(all->samples == 256);
  CHECK(all->seed == 9);
  CHECK(all->assumptions == Assumptions::given);
  CHECK(read("{}")->samples == 4096);
  CHECK(read(R"({"samples": 1.5})").error().code == Code::out_of_range);
  CHECK(read(R"({"samples": "many"})").error().code == Code::wrong_type);
  CHECK(read(R"({"assumptions": "none"})").error().code == Code::bad_value);
  CHECK(read(R"({"output": 5})").error().code == Code::wrong_type);
}
