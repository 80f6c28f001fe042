// Every cell of a sweep is what the bill of that cell's scenario says, bit for bit.

#include "tokenbill/sweep.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "support/random.h"
#include "support/shop.h"
#include "tokenbill/json_io.h"
#include "tokenbill/sweep_io.h"

using namespace tokenbill;

namespace {

SweepAxis axis(std::string id, double from, double to, std::uint32_t steps, Scale scale = Scale::linear) {
  return {std::move(id), from, to, steps, scale};
}

Result<Sweep> compile(const Catalog& catalog, const Scenario& scenario, std::vector<SweepAxis> axes,
                      std::string output = "total", Moment moment = today) {
  const SweepSpec spec{std::move(axes), std::move(output)};
  const Result<MonthShape> shape = sweep_shape(catalog, scenario, spec);
  if (!shape) return shape.error();
  return compile_sweep(engine().plan(*shape), catalog, scenario, moment, spec);
}

SweepResult run(const Result<Sweep>& sweep, std::uint64_t step = max_sweep_cells) {
  if (!sweep) {
    FAIL_CHECK(to_text(sweep.error()));
    return {};
  }
  SweepJob job(*sweep);
  while (job.step(step)) {
  }
  return job.result();
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

/// What the engine says of one cell; NaN where it gives no amount.
double estimated(const Catalog& catalog, Scenario scenario, const Sweep& sweep, std::size_t cell) {
  const std::vector<double> point = sweep.point(cell);
  for (std::size_t k = 0; k < point.size(); ++k) {
    const auto error = scenario.set_number(sweep.axes[k].id, point[k]);
    if (error) FAIL_CHECK(to_text(*error));
  }
  const Bill bill = bill_of(catalog, scenario);
  if (bill.items.empty()) return unknown_number;
  return amount_of(bill, sweep.outputs.front().id).value_or(unknown_number);
}

/// How many of the cells differ from the engine's amounts.
int differences(const Catalog& catalog, const Scenario& scenario, const Sweep& sweep, const SweepResult& result,
                std::size_t every = 1) {
  int count = 0;
  for (std::size_t cell = 0; cell < result.cells.size(); cell += every) {
    const double expected = estimated(catalog, scenario, sweep, cell);
    const double found = result.cells[cell];
    if (std::isnan(expected) ? !std::isnan(found) : !same_bits(expected, found)) {
      ++count;
      INFO(sweep.outputs.front().id << " in cell " << cell << " on " << sweep.axes[0].id << " of "
                                    << scenario_text(scenario));
      CHECK(found == expected);
    }
  }
  return count;
}

Model tiered() {
  Model model = model_of("tiered", 2.5, 10);
  ContextTier tier;
  tier.threshold = 200000;
  tier.prices = prices_of({{TokenClass::input, 5}, {TokenClass::output, 15}});
  model.prices[0].context_tiers.push_back(tier);
  return model;
}

}  // namespace

TEST_CASE("the ends of an axis are exact, and its values ascend") {
  for (const SweepAxis& a :
       {axis("x", 0.1, 0.7, 7), axis("x", 0.3, 700000.7, 1000, Scale::log), axis("x", 1e-9, 1e9, 65536, Scale::log)}) {
    const std::vector<double> values = axis_values(a);
    REQUIRE(values.size() == a.steps);
    CHECK(values.front() == a.from);
    CHECK(values.back() == a.to);
    for (std::size_t i = 1; i < values.size(); ++i) REQUIRE(values[i] > values[i - 1]);
  }
}

TEST_CASE("the values of an axis are those that people would write") {
  CHECK(axis_values(axis("x", 0, 1, 11)) == std::vector<double>{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1});
  CHECK(axis_values(axis("x", 0.01, 10000, 7, Scale::log)) == std::vector<double>{0.01, 0.1, 1, 10, 100, 1000, 10000});
  const std::vector<double> doubled = axis_values(axis("x", 1, 1024, 11, Scale::log));
  for (std::size_t i = 0; i < doubled.size(); ++i) CHECK(doubled[i] == static_cast<double>(1 << i));
}

TEST_CASE("each cell is the estimate of its scenario") {
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10)});
  const Scenario scenario = scenario_of("plain");
  const auto sweep = compile(
      catalog, scenario, {axis("prompt_tokens", 0, 90000, 13), axis("conversations_per_day", 1, 1e6, 70, Scale::log)});
  const SweepResult result = run(sweep);
  REQUIRE(result.cells.size() == 910);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
  CHECK(sweep->tape.size() < 60);
}

TEST_CASE("both sides of a context tier") {
  const Catalog catalog = catalog_of({tiered()});
  const Scenario scenario = scenario_of("tiered");
  const auto sweep =
      compile(catalog, scenario, {axis("output_tokens", 100, 500, 3), axis("prompt_tokens", 199990, 200010, 21)});
  const SweepResult result = run(sweep);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
  CHECK(result.cells[10] < result.cells[11] * 0.6);  // 200000 and 200001
}

TEST_CASE("cells beyond the model's limits are marked and never priced") {
  Model model = model_of("small", 1, 2);
  model.context_tokens = 1000;
  model.max_output_tokens = 300;
  const Catalog catalog = catalog_of({model});
  const Scenario scenario = scenario_of("small");
  const auto sweep = compile(catalog, scenario, {axis("prompt_tokens", 0, 1000, 11), axis("output_tokens", 0, 400, 5)});
  const SweepResult result = run(sweep);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
  // Rows 0 to 700 have four cells with at most 300 tokens; above, the context allows three, two and one.
  CHECK(result.total.impossible == 55 - (8 * 4 + 3 + 2 + 1));
  REQUIRE(result.total.all.maximum);
  CHECK(std::isfinite(result.total.all.maximum->value));
  const auto never = compile(catalog, scenario, {axis("prompt_tokens", 2000, 3000, 2)});
  REQUIRE(!never.ok());
  CHECK(never.error().code == Code::impossible);
}

TEST_CASE("stepped and unstepped runs give the same bits, and tell how far they are") {
  const Catalog catalog = catalog_of({tiered()});
  const auto sweep = compile(catalog, scenario_of("tiered"),
                             {axis("failure_ratio", 0, 0.5, 7), axis("prompt_tokens", 1, 300000, 131, Scale::log)});
  const SweepResult whole = run(sweep);
  for (const std::size_t step : {std::size_t{1}, std::size_t{64}, std::size_t{100}}) {
    SweepJob job(*sweep);
    double before = 0;
    while (job.step(step)) {
      CHECK(job.progress() > before);
      before = job.progress();
    }
    CHECK(job.progress() == 1);
    REQUIRE(job.result().cells.size() == whole.cells.size());
    for (std::size_t i = 0; i < whole.cells.size(); ++i) REQUIRE(same_bits(job.result().cells[i], whole.cells[i]));
    CHECK(job.result().total.all.minimum->cell == whole.total.all.minimum->cell);
    CHECK(job.result().total.all.maximum->value == whole.total.all.maximum->value);
  }
}

TEST_CASE("a cancelled job keeps what is done and is marked partial") {
  const Catalog catalog = catalog_of({tiered()});
  const auto sweep = compile(catalog, scenario_of("tiered"),
                             {axis("failure_ratio", 0, 0.5, 70), axis("prompt_tokens", 1, 300000, 1310)});
  const SweepResult whole = run(sweep);
  SweepJob job(*sweep);
  CHECK(job.step(200));
  job.cancel();
  CHECK_FALSE(job.step(200));
  const SweepResult& part = job.result();
  CHECK(part.partial);
  REQUIRE(part.total.done >= 200);
  REQUIRE(part.total.done < part.cells.size());
  std::vector<double> expected(part.cells.size(), unknown_number);
  std::uint64_t filled = 0;
  for (const SweepJob::Span& span : job.filled()) {
    filled += span.count;
    const auto first = static_cast<std::ptrdiff_t>(span.first);
    std::copy_n(whole.cells.begin() + first, static_cast<std::ptrdiff_t>(span.count), expected.begin() + first);
  }
  CHECK(filled == part.total.done);
  for (std::size_t i = 0; i < part.cells.size(); ++i) REQUIRE(same_bits(part.cells[i], expected[i]));
  CHECK(job.progress() < 1);
}

TEST_CASE("the extremes are the first cells with the least and the largest value") {
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10)});
  // A month does not depend on the number of steps of a cache that is off.
  const auto sweep = compile(catalog, scenario_of("plain"),
                             {axis("static_prefix_tokens", 0, 1000, 4), axis("prompt_tokens", 100, 900, 3)});
  const SweepResult result = run(sweep);
  CHECK(result.total.all.minimum->cell == 0);
  CHECK(result.total.all.maximum->cell == 2);
  CHECK(result.cells[2] == result.cells[5]);
}

TEST_CASE("a figure that does not exist in a cell is unknown there") {
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10)});
  const Scenario scenario = scenario_of("plain");
  const auto sweep =
      compile(catalog, scenario, {axis("conversations_per_day", 0, 100, 3), axis("prompt_tokens", 0, 100, 2)},
              "total_per_request");
  const SweepResult result = run(sweep);
  CHECK(result.total.unknown == 2);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
}

TEST_CASE("an optional number is given along its axis") {
  Model model = model_of("cached", {{TokenClass::input, 3}, {TokenClass::output, 15}, {TokenClass::cache_read, 0.3}});
  model.cache = cache_of({{"automatic", 5}});
  const Catalog catalog = catalog_of({model});
  const Scenario scenario = scenario_of("cached", {{"caching", "automatic"}, {"static_prefix_tokens", "1500"}});
  const auto sweep =
      compile(catalog, scenario, {axis("cache_hit_ratio", 0, 1, 21), axis("static_prefix_tokens", 0, 3000, 16)});
  const SweepResult result = run(sweep);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
  CHECK(result.cells[20 * 16 + 10] < result.cells[10]);
}

TEST_CASE("random sweeps agree with the bill, whatever the plan folds to") {
  Random random(20261122);
  static constexpr std::string_view outputs[] = {"total", "inference_per_request", "output.text", "total_per_day",
                                                 "delivered_requests"};
  int compiled = 0;
  for (int round = 0; round < 300; ++round) {
    const Catalog catalog = random_catalog(random);
    const Scenario scenario = random_scenario(random, catalog);
    std::vector<SweepAxis> axes;
    const std::uint32_t count = 1 + random.below(3);
    while (axes.size() < count) {
      const Parameter& p = parameters()[random.below(static_cast<std::uint32_t>(parameters().size()))];
      if (p.kind == ParameterKind::choice || p.kind == ParameterKind::reference) continue;
      bool taken = false;
      for (const SweepAxis& a : axes) taken = taken || a.id == p.id;
      if (taken) continue;
      const double top = p.max > 1e6 ? 1e6 : p.max;
      const bool log = p.min == 0 && random.chance(0.5);
      const double from = log ? top * 1e-6 : p.min;
      axes.push_back(
          axis(std::string(p.id), from, top, 2 + random.below(count == 1 ? 200 : 6), log ? Scale::log : Scale::linear));
    }
    const auto sweep = compile(catalog, scenario, axes, std::string(outputs[random.below(5)]), random_today);
    if (!sweep) {
      const Code code = sweep.error().code;
      INFO(to_text(sweep.error()));
      CHECK((code == Code::unpriced || code == Code::impossible || code == Code::unsupported ||
             code == Code::unknown_model));
      continue;
    }
    ++compiled;
    const SweepResult result = run(sweep, 50);
    REQUIRE(differences(catalog, scenario, *sweep, result, result.cells.size() > 100 ? 7 : 1) == 0);
  }
  CHECK(compiled > 55);
}

TEST_CASE("what cannot be swept is refused with the reason") {
  Model deaf = model_of("deaf", 1, 2);
  deaf.capabilities.clear();
  Model partial = model_of("partial", {{TokenClass::output, 2}});
  const Catalog catalog = catalog_of({model_of("plain", 1, 2), deaf, partial});
  const Scenario plain = scenario_of("plain");
  const auto code = [&](const Scenario& scenario, std::vector<SweepAxis> axes, std::string output = "total") {
    const auto sweep = compile(catalog, scenario, std::move(axes), std::move(output));
    CHECK(!sweep.ok());
    if (sweep.ok()) return Code::bad_json;
    CHECK(sweep.error().message.size() > 10);
    return sweep.error().code;
  };
  const SweepAxis prompt = axis("prompt_tokens", 1, 10, 3);
  CHECK(code(plain, {}) == Code::out_of_range);
  CHECK(code(plain, {axis("prompt_token", 1, 10, 3)}) == Code::unknown_parameter);
  CHECK(code(plain, {axis("caching", 0, 1, 2)}) == Code::wrong_type);
  CHECK(code(plain, {prompt, prompt}) == Code::inconsistent);
  CHECK(code(plain, {axis("failure_ratio", 0, 2, 3)}) == Code::out_of_range);
  CHECK(code(plain, {axis("failure_ratio", 0.5, 0.1, 3)}) == Code::out_of_range);
  CHECK(code(plain, {axis("failure_ratio", 0, 0.1, 1)}) == Code::out_of_range);
  CHECK(code(plain, {axis("prompt_tokens", 0, 10, 3, Scale::log)}) == Code::out_of_range);
  CHECK(code(plain, {axis("prompt_tokens", 0, unknown_number, 3)}) == Code::out_of_range);
  CHECK(code(plain, {axis("prompt_tokens", 0, 10, 65536), axis("output_tokens", 0, 10, 65536),
                     axis("failure_ratio", 0, 0.1, 65536)}) == Code::too_large);
  CHECK(code(plain, {prompt}, "totals") == Code::unknown_item);
  SweepSpec mixed{{prompt}};
  mixed.models = {"all", "test/plain"};
  CHECK(sweep_shape(catalog, plain, mixed).error().code == Code::inconsistent);
  CHECK(code(scenario_of("gone"), {prompt}) == Code::unknown_model);
  CHECK(code(scenario_of("deaf"), {axis("audio_input_tokens", 0, 10, 3)}) == Code::unsupported);
  CHECK(code(scenario_of("partial"), {prompt}) == Code::unpriced);
  CHECK(code(plain, {axis("web_searches_per_request", 0, 2, 3)}) == Code::unpriced);
}

TEST_CASE("a missing price that no cell needs does no harm") {
  const Catalog catalog = catalog_of({model_of("partial", {{TokenClass::output, 2}})});
  const Scenario scenario = scenario_of("partial", {{"prompt_tokens", "0"}});
  const auto sweep = compile(catalog, scenario, {axis("output_tokens", 0, 1000, 5)});
  const SweepResult result = run(sweep);
  CHECK(differences(catalog, scenario, *sweep, result) == 0);
}

TEST_CASE("an axis is written as text") {
  const auto log = parse_axis("prompt_tokens=1k:0.5M:64:log");
  REQUIRE(log.ok());
  CHECK(log->id == "prompt_tokens");
  CHECK(log->from == 1000);
  CHECK(log->to == 500000);
  CHECK(log->steps == 64);
  CHECK(log->scale == Scale::log);
  for (const char* text :
       {"", "prompt_tokens", "prompt_tokens=1:2", "prompt_tokens=1:2:x", "prompt_tokens=1:2:99999999999999999999",
        "prompt_tokens=:2:3", "prompt_tokens=1:2:3:cubic", "prompt_tokens=1:2:3:log:5", "nothing=1:2:3"}) {
    CAPTURE(text);
    CHECK(!parse_axis(text).ok());
  }
}

TEST_CASE("the values of an axis may be listed") {
  const auto listed = parse_axis("failure_ratio=0,5 %,0.1");
  REQUIRE(listed.ok());
  CHECK(axis_values(*listed) == std::vector<double>{0, 0.05, 0.1});
  CHECK(listed->steps == 3);
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10)});
  const Scenario scenario = scenario_of("plain");
  const auto sweep = compile(catalog, scenario, {*listed, axis("prompt_tokens", 0, 100, 2)});
  CHECK(differences(catalog, scenario, *sweep, run(sweep)) == 0);
  SweepAxis falling = *listed;
  falling.listed = {0, 0.2, 0.1};
  const auto refused = compile(catalog, scenario, {falling});
  REQUIRE(!refused.ok());
  CHECK(refused.error().code == Code::out_of_range);
}

TEST_CASE("the bytes of a result hold header, axes and cells") {
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10)});
  const auto sweep =
      compile(catalog, scenario_of("plain"), {axis("prompt_tokens", 0, 1000, 3), axis("output_tokens", 0, 100, 2)});
  const SweepResult result = run(sweep);
  const std::string bytes = sweep_bytes(*sweep, result);
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
  };
  CHECK(bytes.substr(0, 4) == "TBSW");
  CHECK(word(4) == sweep_version);
  CHECK(word(8) % 8 == 0);
  CHECK(word(12) == 2);
  REQUIRE(bytes.size() == 16 + word(8) + (3 + 2 + 6) * 8);
  const auto header = parse_json(std::string_view(bytes).substr(16, word(8)), "header");
  REQUIRE(header.ok());
  CHECK(header->find("cells")->number == 6);
  CHECK(header->find("maximum")->find("at")->find("prompt_tokens")->number == 1000);
  double last = 0;
  std::memcpy(&last, bytes.data() + bytes.size() - 8, 8);
  CHECK(last == result.cells.back());
}
