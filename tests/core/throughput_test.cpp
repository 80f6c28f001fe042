#include "tokenbill/throughput.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/bundled.h"
#include "support/random.h"
#include "support/test_data.h"
#include "tokenbill/json_value.h"
#include "tokenbill/plans.h"

using namespace tokenbill;

namespace {
const Plan& plan() {
  static const Result<Plan> built = replica_plan();
  REQUIRE(built.ok());
  return *built;
}

const OpenModel& open_model(std::string_view id) {
  const Result<const OpenModel*> found = bundled_hardware().find_open_model(id);
  REQUIRE_MESSAGE(found.ok(), std::string(id));
  return **found;
}
const Gpu& card(std::string_view id) {
  const Result<const Gpu*> found = bundled_hardware().find_gpu(id);
  REQUIRE_MESSAGE(found.ok(), std::string(id));
  return **found;
}
bool has_lists() { return !bundled_hardware().gpus.empty(); }

Replica replica_of(const OpenModel& model, const Gpu& gpu, double gpus = 1) {
  Replica replica;
  replica.model = &model;
  replica.gpu = &gpu;
  replica.prompt_tokens = 1000;
  replica.output_tokens = 500;
  lay_out(replica, gpus);
  return replica;
}

/// The plan with the inputs of a replica.
class Solved {
 public:
  explicit Solved(const Replica& replica, double concurrency = 1, double rate = 0) {
    Result<std::vector<Known>> inputs = replica_inputs(plan(), replica);
    REQUIRE(inputs.ok());
    inputs_ = std::move(inputs).value();
    inputs_[plan().input_index("request_rate")] = {rate, true};
    at(concurrency);
  }
  Solved& at(double concurrency) {
    inputs_[plan().input_index("concurrency")] = {concurrency, true};
    REQUIRE_FALSE(evaluate_into(plan(), inputs_, evaluation_));
    return *this;
  }
  [[nodiscard]] double of(std::string_view id) const {
    const Named* named = plan().find(id);
    REQUIRE_MESSAGE(named != nullptr, std::string(id));
    const Known value = evaluation_.of(named->node);
    REQUIRE_MESSAGE(value.known, std::string(id));
    return value.value;
  }

 private:
  std::vector<Known> inputs_;
  Evaluation evaluation_;
};

bool close(double found, double expected, double relative = 1e-9) {
  const double difference = found > expected ? found - expected : expected - found;
  return difference <= relative * expected;
}

void check_all(const Solved& solved, std::initializer_list<std::pair<std::string_view, double>> figures) {
  for (const auto& figure : figures) {
    CAPTURE(std::string(figure.first));
    CHECK(close(solved.of(figure.first), figure.second));
  }
}

/// Fields of a line without line ends inside fields.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

constexpr std::string_view header =
    "id,model,gpu,gpu_count,precision,engine,load_mode,input_len,output_len,concurrency";
std::string csv_of(std::string_view row, std::string_view more_columns = "") {
  return std::string(header) + std::string(more_columns) + "\n" + std::string(row) + "\n";
}
ThroughputRow row_of_csv(std::string_view row, std::string_view more_columns = "") {
  const Result<ThroughputReport> report = verify_throughput(bundled_hardware(), csv_of(row, more_columns));
  REQUIRE(report.ok());
  REQUIRE(report->rows.size() == 1);
  return report->rows[0];
}
Error csv_error(std::string_view csv) {
  const Result<ThroughputReport> report = verify_throughput(bundled_hardware(), csv, "runs.csv");
  REQUIRE_FALSE(report.ok());
  return report.error();
}
}  // namespace

TEST_CASE("rows of every load, engine, precision, GPU and model give the figures of the reference") {
  const std::string_view text = test_file("throughput_cases.csv");
  REQUIRE_FALSE(text.empty());
  if (!has_lists()) return;
  const Result<ThroughputReport> report = verify_throughput(bundled_hardware(), text, "throughput_cases.csv");
  REQUIRE(report.ok());

  std::vector<std::vector<std::string>> table;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    table.push_back(fields_of(text.substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(table.size() == report->rows.size() + 1);
  REQUIRE(report->rows.size() > 40);
  const auto expected = [&](std::size_t row, std::string_view column) {
    const auto found = std::find(table[0].begin(), table[0].end(), column);
    REQUIRE(found != table[0].end());
    return table[row + 1][static_cast<std::size_t>(found - table[0].begin())];
  };
  for (std::size_t i = 0; i < report->rows.size(); ++i) {
    const ThroughputRow& row = report->rows[i];
    CAPTURE(row.id);
    CAPTURE(row.group);
    CHECK(row.reason.empty());
    REQUIRE(row.predicted);
    const auto number = [&](std::string_view column) {
      const Result<JsonValue> value = parse_json(expected(i, column), "number");
      REQUIRE(value.ok());
      return value->number;
    };
    CHECK(close(*row.predicted, number("output")));
    CHECK(close(*row.low, number("low")));
    CHECK(close(*row.high, number("high")));
    CHECK(close(*row.first_token_predicted * 1000, number("first_token_ms")));
    CHECK(close(*row.token_predicted * 1000, number("token_ms")));
    CHECK(close(row.concurrency, number("at_once")));
    CHECK(close(*row.weights_bytes, number("weights_bytes")));
    CHECK(close(*row.request_bytes, number("request_bytes")));
    CHECK(close(*row.most_requests, number("most_requests")));
    CHECK(row.serving == expected(i, "serving"));
    CHECK(row.fits);  // it was measured
    CHECK(row.fits_by_default);
  }
}

TEST_CASE("a step is made of the terms of the reference") {
  if (!has_lists()) return;
  SUBCASE("latent attention, 4-bit experts, tensor parallel") {
    Replica replica = replica_of(open_model("deepseek-r1"), card("b200"));
    replica.serving = Serving::tensorrt_llm;
    replica.weights = WeightFormat::fp4;
    replica.tensor_parallel = 4;
    replica.attention_parallel = 1;
    replica.prompt_tokens = replica.output_tokens = 1024 * 0.9;
    const Solved solved(replica, 8);
    check_all(solved, {{"step.weights", 0.003707999492437696},
                       {"step.matrix", 9.506312699966099e-05},
                       {"step.weights_and_matrix", 0.0037582972445428754},
                       {"step.cache_and_attention", 7.210704504964998e-05},
                       {"step.layers", 0.0061225210711685265},
                       {"step.links", 5.981022308309618e-05},
                       {"step.activations", 2.2574783226028004e-05},
                       {"step.host", 0.0006589696903541477},
                       {"step.seconds", 0.010694280057424323},
                       {"prompt.alone", 0.08626177463763776},
                       {"prompt.work", 0.020667652721460303},
                       {"request.prompts_of_others", 0.12273850836373415},
                       {"request.steps_seconds", 9.845154220864831}});
  }
  SUBCASE("chunks, ranks that split the requests, as many as fit") {
    Replica replica = replica_of(open_model("llama-4-maverick"), card("b200"));
    replica.serving = Serving::tensorrt_llm;
    replica.weights = WeightFormat::fp4;
    replica.tensor_parallel = 1;
    replica.attention_parallel = 4;
    replica.prompt_tokens = replica.output_tokens = 1024;
    replica.lengths_vary = false;
    replica.tuned_memory = true;
    const Solved solved(replica, 4 * 4096);
    CHECK(solved.of("replica.in_work") == 2204);
    check_all(solved, {{"step.weights", 0.009523272477840908},
                       {"step.matrix", 0.006334103338176462},
                       {"step.cache_and_attention", 0.015438875753678546},
                       {"step.links", 0.009261479977176391},
                       {"step.host", 0.0026958563782543588},
                       {"prompt.work", 0.007733580803716597}});
  }
  SUBCASE("GGUF weights of llama.cpp, one request") {
    Replica replica = replica_of(open_model("llama-3.1-70b"), card("a100-80gb-pcie"));
    replica.serving = Serving::llama_cpp;
    replica.weights = WeightFormat::gguf;
    replica.gguf_bits = 4.83;
    replica.prompt_tokens = 64;
    replica.output_tokens = 1024;
    replica.lengths_vary = false;
    const Solved solved(replica);
    check_all(solved, {{"step.weights", 0.03787241060644531},
                       {"step.seconds", 0.045036324939457514},
                       {"prompt.alone", 0.13322828823846478}});
    CHECK(solved.of("request.prompts_of_others") == 0);
  }
}

TEST_CASE("the plan has the figures that own capacity asks for, and replica_inputs fills in every input") {
  for (const char* id :
       {"replica.fits", "replica.most_requests", "replica.first_token", "replica.token", "replica.request_seconds",
        "replica.output_per_gpu", "replica.prompt_share", "replica.weights_gb", "memory.capacity_gib",
        "memory.usable_gib", "memory.weights_gib", "memory.reserve_gib", "memory.room_gib", "memory.request_gib"})
    CHECK_MESSAGE(plan().find(id) != nullptr, id);
  if (!has_lists()) return;
  const Result<std::vector<Known>> inputs =
      replica_inputs(plan(), replica_of(open_model("llama-3.1-8b"), card("h100-sxm")));
  REQUIRE(inputs.ok());
  for (std::size_t i = 0; i < inputs->size(); ++i) {
    const std::string& id = plan().inputs()[i].id;
    CAPTURE(id);
    CHECK((*inputs)[i].known == (id != "concurrency" && id != "request_rate"));
  }
}

TEST_CASE("what is kept of a request, by kind of attention, against published sizes") {
  if (!has_lists()) return;
  // In 2-byte numbers, recurrent state left out. GiB of a sequence of 8192 and of 131072 tokens, rounded to 4 digits
  // after the point: ai-dynamo/aiconfigurator@095f58a5 and the models' own configurations.
  struct Row {
    const char* model;
    double short_gib, long_gib;
  };
  constexpr Row rows[] = {{"llama-2-7b", 4.0, 64.0},    // a key and a value for each head
                          {"falcon-7b", 0.0625, 1.0},   // for one head
                          {"llama-3.1-8b", 1.0, 16.0},  // for groups of heads
                          {"llama-3.1-405b", 3.9375, 63.0},
                          {"llama-4-scout", 1.5, 24.0},  // chunks, kept in full
                          {"mistral-7b", 1.0, 16.0},
                          {"qwen3-235b-a22b", 1.4688, 23.5},
                          {"qwen3.5-27b", 0.5, 8.0},  // every fourth layer
                          {"qwen3.5-397b-a17b", 0.2344, 3.75},
                          {"deepseek-r1", 0.5361, 8.5781},  // one latent for all heads
                          {"kimi-k2.5", 0.5361, 8.5781},
                          {"deepseek-v3.2", 0.5976, 9.561},  // and a key of the index
                          {"glm-5", 0.7641, 12.2256},
                          {"deepseek-v4-pro", 0.0879, 1.0501},  // one entry for 4 or 128 tokens
                          {"deepseek-v4-flash", 0.0606, 0.7326},
                          {"minimax-m3", 0.9375, 15.0},     // read in part, kept in full
                          {"gpt-oss-20b", 0.1904, 3.0029},  // every second layer has a window
                          {"gpt-oss-120b", 0.2856, 4.5044},
                          {"gemma-3-27b", 1.0312, 10.4062},  // five of six layers
                          {"gemma-2-9b", 1.9688, 21.6562},
                          {"gemma-4-26b-a4b", 0.3516, 2.6953},  // other heads in layers without a window
                          {"nemotron-3-nano-30b-a3b", 0.0469, 0.75}};
  for (const Row& row : rows) {
    CAPTURE(row.model);
    OpenModel model = open_model(row.model);
    model.fixed_state_mib.reset();
    Replica replica = replica_of(model, card("h100-sxm"));
    replica.kv_bits = 16;
    for (const auto& [tokens, gib] : {std::pair(8192.0, row.short_gib), std::pair(131072.0, row.long_gib)}) {
      replica.prompt_tokens = tokens - 1;
      replica.output_tokens = 1;
      const double found = Solved(replica).of("memory.request_gib");
      CHECK(found > gib - 6e-5);
      CHECK(found < gib + 6e-5);
    }
  }
}

TEST_CASE("formulas of the cache that sizing tools had wrong") {
  if (!has_lists()) return;
  const auto gib = [](const OpenModel& model, double tokens, double tensor = 1, double attention = 1) {
    Replica replica = replica_of(model, card("h200"));
    replica.kv_bits = 16;
    replica.tensor_parallel = tensor;
    replica.attention_parallel = attention;
    replica.prompt_tokens = tokens - 1;
    replica.output_tokens = 1;
    return Solved(replica).of("memory.request_gib");
  };
  const auto all_heads = [](const OpenModel& m, double tokens) {
    return m.layers * 2 * m.kv_heads * m.head_dim * 2 * tokens / 1073741824;
  };
  // unslothai/unsloth issue 4757: the formula of plain attention gave too much for windows and hybrids, and too little
  // for latent attention where it was taken as hidden / heads.
  CHECK(all_heads(open_model("gemma-3-27b"), 131072) > 5.5 * gib(open_model("gemma-3-27b"), 131072));
  CHECK(all_heads(open_model("qwen3.5-27b"), 131072) > 3 * gib(open_model("qwen3.5-27b"), 131072));
  CHECK(all_heads(open_model("deepseek-r1"), 8192) > 50 * gib(open_model("deepseek-r1"), 8192));
  // A latent lies whole on every tensor parallel rank; only ranks that split the requests share it out.
  const double whole = gib(open_model("kimi-k2.5"), 8192);
  CHECK(gib(open_model("kimi-k2.5"), 8192, 8) == whole);
  CHECK(gib(open_model("kimi-k2.5"), 8192, 1, 8) == whole);
  // Key heads that do not divide are copied: 8 heads on 16 GPUs are one each, not a half; 4 on 8 likewise.
  CHECK(close(gib(open_model("llama-3.1-70b"), 8192, 8), gib(open_model("llama-3.1-70b"), 8192) / 8));
  CHECK(close(gib(open_model("llama-3.1-70b"), 8192, 16), gib(open_model("llama-3.1-70b"), 8192) / 8));
  CHECK(close(gib(open_model("qwen3-30b-a3b"), 8192, 8), gib(open_model("qwen3-30b-a3b"), 8192) / 4));
  // Recurrent state is there however short the sequence.
  CHECK(gib(open_model("qwen3.5-397b-a17b"), 2) > 183.0 / 1024);
}

TEST_CASE("the bits of weights follow the precision and the model") {
  if (!has_lists()) return;
  const auto gb = [](const char* model, WeightFormat format, double bits = 16) {
    Replica replica = replica_of(open_model(model), card("b200"), 8);
    replica.weights = format;
    replica.gguf_bits = bits;
    return Solved(replica).of("replica.weights_gb");
  };
  const OpenModel& llama = open_model("llama-3.1-8b");
  CHECK(close(gb("llama-3.1-8b", WeightFormat::bf16), 2 * llama.total_parameters_b));
  CHECK(gb("llama-3.1-8b", WeightFormat::native) == gb("llama-3.1-8b", WeightFormat::bf16));
  CHECK(close(gb("llama-3.1-8b", WeightFormat::gguf, 8), llama.total_parameters_b));
  // Experts in MXFP4 stay in it, and all else in 16 bits.
  CHECK(close(gb("gpt-oss-120b", WeightFormat::native), 114.662 * 4.25 / 8 + (116.789 - 114.662) * 2));
  CHECK(gb("gpt-oss-120b", WeightFormat::fp8) == gb("gpt-oss-120b", WeightFormat::native));
  CHECK(gb("gpt-oss-120b", WeightFormat::fp4) == gb("gpt-oss-120b", WeightFormat::native));
  // Tables of the vocabulary stay in 16 bits beside weights in 8.
  const double table = 129280 * 7168 / 1e9;
  CHECK(close(gb("deepseek-r1", WeightFormat::native), 671.025 + 2 * table, 1e-4));
  CHECK(gb("deepseek-r1", WeightFormat::fp8) == gb("deepseek-r1", WeightFormat::native));
  CHECK(close(gb("kimi-k2.5", WeightFormat::native), gb("kimi-k2.5", WeightFormat::int4)));
}

TEST_CASE("the key-value cache has 8 bits where the engine keeps it so by itself, or as told") {
  if (!has_lists()) return;
  const auto gib = [](Serving serving, WeightFormat format, std::optional<double> bits = std::nullopt) {
    Replica replica = replica_of(open_model("llama-3.1-8b"), card("h100-sxm"));
    replica.serving = serving;
    replica.weights = format;
    replica.kv_bits = bits;
    return Solved(replica).of("memory.request_gib");
  };
  const double wide = gib(Serving::vllm, WeightFormat::bf16);
  CHECK(gib(Serving::vllm, WeightFormat::fp8) == wide);
  CHECK(gib(Serving::sglang, WeightFormat::fp8) == wide);
  CHECK(gib(Serving::tensorrt_llm, WeightFormat::fp8) == wide / 2);
  CHECK(gib(Serving::rocm, WeightFormat::fp8) == wide / 2);
  CHECK(gib(Serving::tensorrt_llm, WeightFormat::bf16) == wide);
  CHECK(gib(Serving::tensorrt_llm, WeightFormat::int4) == wide);
  CHECK(gib(Serving::tensorrt_llm, WeightFormat::fp8, 16) == wide);
  CHECK(gib(Serving::vllm, WeightFormat::bf16, 8) == wide / 2);
}

TEST_CASE("a faster GPU or link never gives less, and more requests at once never less of each GPU") {
  if (!has_lists()) return;
  struct Case {
    const char* model;
    const char* gpu;
    double gpus;
    Serving serving;
    WeightFormat weights;
    double prompt, output;
  };
  constexpr Case cases[] = {{"llama-3.1-8b", "h100-sxm", 1, Serving::vllm, WeightFormat::bf16, 1000, 500},
                            {"llama-3.3-70b", "h100-pcie", 4, Serving::vllm, WeightFormat::fp8, 8000, 200},
                            {"llama-3.3-70b", "mi300x", 2, Serving::rocm, WeightFormat::bf16, 500, 2000},
                            {"deepseek-r1", "b200", 8, Serving::sglang, WeightFormat::fp4, 4000, 1000},
                            {"deepseek-r1", "h200", 16, Serving::tensorrt_llm, WeightFormat::native, 1000, 1000},
                            {"gpt-oss-120b", "rtx-pro-6000", 1, Serving::tensorrt_llm, WeightFormat::native, 3000, 1},
                            {"qwen3-30b-a3b", "rtx-4090", 4, Serving::vllm, WeightFormat::int4, 100, 1000},
                            {"llama-2-7b", "rtx-3090", 1, Serving::llama_cpp, WeightFormat::gguf, 500, 500},
                            {"llama-3.1-405b", "a100-80gb-sxm", 16, Serving::vllm_2024, WeightFormat::fp8, 2000, 300},
                            {"deepseek-v4-pro", "b300", 8, Serving::vllm, WeightFormat::native, 60000, 1000},
                            {"gemma-3-27b", "l40s", 2, Serving::rocm_2024, WeightFormat::bf16, 20000, 100}};
  for (const Case& one : cases) {
    CAPTURE(one.model);
    CAPTURE(one.gpu);
    Gpu gpu = card(one.gpu);
    Replica replica = replica_of(open_model(one.model), gpu, one.gpus);
    replica.serving = one.serving;
    replica.weights = one.weights;
    replica.gguf_bits = 4.83;
    replica.prompt_tokens = one.prompt;
    replica.output_tokens = one.output;
    const auto never_less = [&](auto&& change) {
      for (const double concurrency : {1.0, 7.0, 64.0, 1000.0}) {
        double before = 0;
        for (const double factor : {0.25, 0.5, 1.0, 1.3, 2.0, 8.0}) {
          Gpu changed = gpu;
          change(changed, factor);
          Replica there = replica;
          there.gpu = &changed;
          const double output = Solved(there, concurrency).of("replica.output_per_gpu");
          CHECK(output >= before * (1 - 1e-12));
          before = output;
        }
      }
    };
    never_less([](Gpu& g, double factor) { g.memory_gb_per_second *= factor; });
    never_less([](Gpu& g, double factor) {
      for (std::optional<double>& peak : g.tflops)
        if (peak) *peak *= factor;
    });
    never_less([](Gpu& g, double factor) { g.link_gb_per_second = g.link_gb_per_second.value_or(32) * factor; });
    never_less([](Gpu& g, double factor) { g.link_gb_per_second = 100 * factor; });

    Solved solved(replica);
    double before = 0;
    const double most = solved.of("replica.places");
    for (double concurrency = 1; concurrency <= most && concurrency < 5000; concurrency += 1 + concurrency / 8) {
      const double output = solved.at(concurrency).of("replica.output_per_gpu");
      CHECK(output >= before * (1 - 1e-12));
      before = output;
    }
    // Beyond the memory nothing changes but the wait.
    const double full = solved.at(most).of("replica.output_per_gpu");
    CHECK(solved.at(most * 3).of("replica.output_per_gpu") == full);
    CHECK(solved.of("replica.queue") > 0);
    CHECK(solved.of("replica.request_seconds") > 2 * solved.of("replica.first_token_in_work"));
  }
}

TEST_CASE("tokens found in the prefix cache are held, not computed") {
  if (!has_lists()) return;
  Replica replica = replica_of(open_model("llama-3.3-70b"), card("h100-sxm"), 4);
  replica.prompt_tokens = 8000;
  const Solved none(replica, 16);
  replica.cached_tokens = 7000;
  const Solved most(replica, 16);
  CHECK(most.of("memory.request_gib") == none.of("memory.request_gib"));
  CHECK(most.of("step.seconds") == none.of("step.seconds"));
  CHECK(most.of("prompt.computed_tokens") == 1000);
  CHECK(most.of("prompt.busy") < none.of("prompt.busy") / 6);
  CHECK(most.of("prompt.busy") > none.of("prompt.busy") / 8);
  CHECK(most.of("replica.first_token") < none.of("replica.first_token"));
  CHECK(most.of("replica.output_per_gpu") > none.of("replica.output_per_gpu"));
  replica.cached_tokens = 1e9;  // no more than there are
  const Solved all(replica, 16);
  CHECK(all.of("prompt.computed_tokens") == 0);
  CHECK(all.of("replica.first_token") > 0);
  CHECK(all.of("replica.first_token") < most.of("replica.first_token"));
}

TEST_CASE("what does not fit is told, and the share of prompts is between nothing and all") {
  if (!has_lists()) return;
  CHECK(Solved(replica_of(open_model("llama-3.1-405b"), card("h100-sxm"), 4)).of("replica.fits") == 0);
  CHECK(Solved(replica_of(open_model("llama-3.1-405b"), card("h100-sxm"), 4)).of("replica.most_requests") == 0);
  CHECK(Solved(replica_of(open_model("llama-3.1-405b"), card("h100-sxm"), 16)).of("replica.fits") == 1);
  Replica replica = replica_of(open_model("llama-3.1-8b"), card("h100-sxm"));
  const double even = Solved(replica, 32).of("replica.prompt_share");
  replica.prompt_tokens = 20000;
  CHECK(Solved(replica, 32).of("replica.prompt_share") > even);
  replica.output_tokens = 1;
  CHECK(Solved(replica, 32).of("replica.prompt_share") == 1);
  CHECK(even > 0);
}

TEST_CASE("what vLLM leaves for requests on an H100, as measured by llm-d-planner at 90 %") {
  if (!has_lists()) return;
  struct Measured {
    std::string_view model;
    WeightFormat weights;
    double gpus, room_gib;
  };
  constexpr Measured measured[] = {
      {"llama-3.1-8b", WeightFormat::bf16, 1, 51.4},  {"qwen3-32b", WeightFormat::bf16, 1, 4.45},
      {"qwen3-32b", WeightFormat::bf16, 2, 34.5},     {"gpt-oss-20b", WeightFormat::native, 1, 50.3},
      {"gpt-oss-120b", WeightFormat::native, 1, 3.3}, {"llama-3.3-70b", WeightFormat::fp8, 2, 32.0}};
  for (const Measured& one : measured) {
    CAPTURE(std::string(one.model));
    Replica replica = replica_of(open_model(one.model), card("h100-sxm"), one.gpus);
    replica.weights = one.weights;
    replica.memory_ratio = 0.9;
    CHECK(std::abs(Solved(replica).of("memory.room_gib") - one.room_gib) < 1.5);
  }
}

TEST_CASE("each engine takes memory by its own rule, unless told otherwise") {
  if (!has_lists()) return;
  Replica replica = replica_of(open_model("llama-3.1-8b"), card("h100-sxm"));
  const auto room = [&](Serving serving, std::optional<double> ratio = {}) {
    replica.serving = serving;
    replica.memory_ratio = ratio;
    return Solved(replica).of("memory.room_gib");
  };
  const double weights = Solved(replica).of("memory.weights_gib");
  CHECK(close(room(Serving::llama_cpp), 80 - weights - 1));
  CHECK(close(room(Serving::tensorrt_llm), 0.9 * (80 - weights - 1.4)));
  CHECK(close(room(Serving::tensorrt_llm, 0.5), 0.5 * (80 - weights - 1.4)));
  CHECK(close(room(Serving::vllm), 0.92 * 80 - weights - 5.2 - 0.13));
  CHECK(close(room(Serving::vllm, 0.8), 0.8 * 80 - weights - 5.2 - 0.13));
  // 512 MiB, 1.5 for each of 8192 tokens, 2 for each of 256 requests, 128 for the GPU.
  CHECK(close(room(Serving::sglang), 80 - weights - (512 + 12288 + 512 + 128) / 1024.0));
  CHECK(close(room(Serving::sglang, 0.7), 0.7 * 80 - weights));
  for (const Serving serving :
       {Serving::vllm, Serving::sglang, Serving::tensorrt_llm, Serving::llama_cpp, Serving::rocm}) {
    replica.serving = serving;
    CHECK_FALSE(engine_memory(replica).source.empty());
  }
}

TEST_CASE("speculative decoding: tokens of a step, what it saves for one request, what it costs for many") {
  if (!has_lists()) return;
  Replica replica = replica_of(open_model("llama-3.3-70b"), card("h100-sxm"), 4);
  const Solved plain(replica);
  for (const double acceptance : {0.0, 0.3, 0.7, 0.9})
    for (const double drafts : {1.0, 2.0, 5.0, 8.0}) {
      replica.draft_tokens = drafts;
      replica.acceptance = acceptance;
      double power = acceptance;
      for (int i = 0; i < drafts; ++i) power *= acceptance;
      CHECK(close(Solved(replica).of("step.tokens"), (1 - power) / (1 - acceptance)));
    }
  replica.acceptance = 1;
  CHECK(Solved(replica).of("step.tokens") == 9);
  // Off is off, whatever else is said of drafts.
  replica.draft_tokens = 0;
  replica.draft_share = 0.5;
  for (const char* id : {"replica.token", "replica.output_per_gpu", "memory.weights_gib"})
    CHECK(Solved(replica).of(id) == plain.of(id));
  replica.draft_tokens = 3;
  replica.acceptance = 0.7;
  replica.draft_share = 0.05;
  // Leviathan et al., theorem 3.8: by (1 - a^(k+1)) / (1 - a) / (k c + 1), where checking costs no more than a step.
  const double gain = plain.of("replica.token") / Solved(replica).of("replica.token");
  CHECK(gain > 2);
  CHECK(gain < (1 - 0.7 * 0.7 * 0.7 * 0.7) / 0.3 / 1.15 * 1.001);
  CHECK(close(Solved(replica).of("memory.weights_gib"), plain.of("memory.weights_gib") * 1.05));
  // A draft that is always wrong costs time.
  replica.acceptance = 0;
  CHECK(Solved(replica).of("replica.token") > plain.of("replica.token"));
  // With many requests a step multiplies as long as it reads, and later longer: the gain shrinks, then it is a loss.
  Replica busy = replica_of(open_model("llama-3.1-8b"), card("a100-80gb-sxm"));
  busy.prompt_tokens = busy.output_tokens = 100;
  Replica checked = busy;
  checked.draft_tokens = 3;
  checked.acceptance = 0.7;
  checked.draft_share = 0.05;
  double before = 1e9;
  for (const double at_once : {1.0, 16.0, 128.0, 1024.0}) {
    const double now =
        Solved(checked, at_once).of("replica.output_per_gpu") / Solved(busy, at_once).of("replica.output_per_gpu");
    CHECK(now < before);
    before = now;
  }
  CHECK(before < 1);
}

TEST_CASE("requests at random wait for prompts the longer the more they fill") {
  if (!has_lists()) return;
  const Replica replica = replica_of(open_model("llama-3.1-8b"), card("h100-sxm"));
  double before = 0;
  for (const double rate : {0.5, 2.0, 8.0, 16.0}) {
    const Solved solved(replica, 8, rate);
    CHECK(solved.of("prompt.wait") > before);
    before = solved.of("prompt.wait");
  }
}

TEST_CASE("GPUs share a model as their number and its attention want") {
  if (!has_lists()) return;
  struct Row {
    const char* model;
    double gpus, tensor, pipeline, attention;
  };
  constexpr Row rows[] = {{"llama-3.3-70b", 1, 1, 1, 1},   {"llama-3.3-70b", 4, 4, 1, 1},
                          {"llama-3.3-70b", 8, 8, 1, 1},   {"llama-3.3-70b", 16, 8, 2, 1},
                          {"llama-3.3-70b", 12, 6, 2, 1},  {"llama-3.3-70b", 9, 3, 3, 1},
                          {"llama-3.3-70b", 11, 1, 11, 1}, {"deepseek-r1", 8, 1, 1, 8},
                          {"deepseek-r1", 16, 1, 2, 8},    {"llama-3.3-70b", 0, 1, 1, 1}};
  for (const Row& row : rows) {
    CAPTURE(row.gpus);
    const Replica replica = replica_of(open_model(row.model), card("h100-sxm"), row.gpus);
    CHECK(replica.tensor_parallel == row.tensor);
    CHECK(replica.pipeline_parallel == row.pipeline);
    CHECK(replica.attention_parallel == row.attention);
  }
}

TEST_CASE("the generation of an engine follows its version and the date") {
  CHECK(serving_of("vllm", "nvidia") == Serving::vllm);
  CHECK(serving_of("vllm", "amd") == Serving::rocm);
  CHECK(serving_of("sglang", "nvidia") == Serving::sglang);
  CHECK(serving_of("tensorrt_llm", "nvidia") == Serving::tensorrt_llm);
  CHECK(serving_of("llama_cpp", "amd") == Serving::llama_cpp);

  CHECK(serving_of("vLLM", "", "2025-10", "nvidia") == Serving::vllm);
  CHECK(serving_of("vLLM", "", "", "nvidia") == Serving::vllm);
  CHECK(serving_of("vLLM", "", "2024-11", "nvidia") == Serving::vllm_2024);
  CHECK(serving_of("vLLM", "0.5.4", "", "nvidia") == Serving::vllm_2024);
  CHECK(serving_of("vLLM", "vLLM 0.6.5.dev964", "", "nvidia") == Serving::vllm);
  CHECK(serving_of("vLLM", "0.10.1", "", "nvidia") == Serving::vllm);
  CHECK(serving_of("Something new", "", "", "nvidia") == Serving::vllm);
  CHECK(serving_of("SGLang", "0.4.1", "2024-12", "nvidia") == Serving::sglang);
  CHECK(serving_of("TensorRT-LLM", "v0.5-0.6.1", "", "nvidia") == Serving::tensorrt_llm_2024);
  CHECK(serving_of("TensorRT-LLM", "v0.13", "", "nvidia") == Serving::tensorrt_llm);
  CHECK(serving_of("TensorRT-LLM", "", "2024", "nvidia") == Serving::tensorrt_llm_2024);
  CHECK(serving_of("TensorRT-LLM", "NIM 1.8.0", "", "nvidia") == Serving::tensorrt_llm);
  CHECK(serving_of("NVIDIA NIM", "", "2025", "nvidia") == Serving::tensorrt_llm);
  CHECK(serving_of("Nimble", "", "", "nvidia") == Serving::vllm);
  CHECK(serving_of("vLLM", "", "2024", "amd") == Serving::rocm_2024);
  CHECK(serving_of("vLLM", "", "2024-09-30", "amd") == Serving::rocm_2024);
  CHECK(serving_of("vLLM", "", "2024-10-01", "amd") == Serving::rocm);
  CHECK(serving_of("vLLM", "", "", "amd") == Serving::rocm);
  CHECK(serving_of("llama.cpp", "", "2024-05", "amd") == Serving::llama_cpp);
  CHECK(serving_of("Ollama", "0.3", "", "nvidia") == Serving::llama_cpp);
  for (std::size_t i = 0; i < serving_count; ++i) CHECK_FALSE(serving_id(static_cast<Serving>(i)).empty());
}

TEST_CASE("what is not known of GPU or model is an error that names it") {
  if (!has_lists()) return;
  Gpu gpu = card("h100-sxm");
  gpu.tflops = {};
  const Result<std::vector<Known>> inputs = replica_inputs(plan(), replica_of(open_model("llama-3.1-8b"), gpu));
  REQUIRE_FALSE(inputs.ok());
  CHECK(inputs.error().code == Code::unsupported);
  CHECK(inputs.error().message == "How fast NVIDIA H100 SXM multiplies in 16 bits is not known.");
  OpenModel model = open_model("deepseek-r1");
  model.latent.reset();
  CHECK_FALSE(replica_inputs(plan(), replica_of(model, card("h100-sxm"))).ok());
}

TEST_CASE("bands lie around the figure, and the constants have a meaning") {
  if (!has_lists()) return;
  for (const char* model : {"llama-3.1-8b", "gpt-oss-120b"}) {
    const Replica replica = replica_of(open_model(model), card("h100-sxm"));
    for (const Measured what : {Measured::output, Measured::first_token}) {
      CHECK(band(what, replica).low < 1);
      CHECK(band(what, replica).high > 1);
    }
  }
  CHECK(fitted_constants().size() == 37);
  for (const FittedConstant& constant : fitted_constants()) {
    CHECK(constant.value > 0);
    CHECK_FALSE(constant.meaning.empty());
  }
}

TEST_CASE("layers that attend to a part of the tokens are read from the list of open models") {
  if (!has_lists()) return;
  const OpenModel& chunks = open_model("llama-4-scout");
  REQUIRE(chunks.partial);
  CHECK(chunks.partial->layers == 36);
  CHECK(chunks.partial->tokens == 8192);
  CHECK_FALSE(chunks.partial->chosen);
  const OpenModel& blocks = open_model("minimax-m3");
  REQUIRE(blocks.partial);
  CHECK(blocks.partial->chosen);
  CHECK_FALSE(open_model("llama-3.1-8b").partial);
}

TEST_CASE("a row is measured, predicted and compared") {
  if (!has_lists()) return;
  const ThroughputRow row = row_of_csv("a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,500,32,1500,100,mean,2",
                                       ",output_tok_s_per_gpu,ttft_ms,ttft_stat,unheard_of");
  CHECK(row.measured == 1500);
  CHECK(row.first_token_measured == 0.1);
  CHECK(row.group == "Llama-3.1-8B|H100-SXM|vLLM");
  CHECK(row.serving == "vllm");
  REQUIRE(row.predicted);
  CHECK(*row.low < *row.predicted);
  CHECK(*row.high > *row.predicted);
  CHECK(row.fits);
  // Percentiles are not compared with a mean.
  CHECK_FALSE(row_of_csv("a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,500,32,100,p95", ",ttft_ms,ttft_stat")
                  .first_token_measured);
  // Names may be written in any case, in quotes, by alias; a row that was not measured is predicted all the same.
  const ThroughputRow other = row_of_csv(R"(b,"llama-3.1-8b","h100-sxm",1,BF16,vLLM,closed_loop,1000,500,32)");
  CHECK(other.predicted == row.predicted);
  CHECK_FALSE(other.measured);
}

TEST_CASE("a row that cannot be predicted says why") {
  if (!has_lists()) return;
  struct Row {
    const char* row;
    const char* reason;
  };
  constexpr Row rows[] = {
      {"a,Nobody-7B,H100-SXM,1,bf16,vLLM,closed_loop,1000,500,32", "The model is not known: \"Nobody-7B\"."},
      {"a,Llama-3.1-8B,Abacus,1,bf16,vLLM,closed_loop,1000,500,32", "The GPU is not known: \"Abacus\"."},
      {"a,Llama-3.1-8B,H100-SXM,1,fp3,vLLM,closed_loop,1000,500,32", "The precision is not known: \"fp3\"."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,someday,1000,500,32", "The load mode is not known: \"someday\"."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,,500,32", "The length of prompt or output is not given."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,,32", "The length of prompt or output is not given."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,500,", "The concurrency is not given."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,poisson_rate,1000,500,", "The rate of requests is not given."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,many,500,32", "input_len is no number: \"many\"."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,-5,500,32", "input_len is out of range: \"-5\"."},
      {"a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,1e99,32", "output_len is out of range: \"1e99\"."},
      {"a,Llama-3.1-8B,H100-SXM,0,bf16,vLLM,closed_loop,1000,500,32", "gpu_count is out of range: \"0\"."},
      {"a,Llama-3.1-8B,RTX-6000-Ada,1,fp16,llama.cpp,prefill_only,1000,0,1",
       "How fast NVIDIA RTX 6000 Ada multiplies in 16 bits is not known."}};
  for (const Row& row : rows) {
    const ThroughputRow found = row_of_csv(row.row);
    CHECK(found.reason == row.reason);
    CHECK_FALSE(found.predicted);
  }
}

TEST_CASE("errors of a CSV file say line, column, what was found and what to do") {
  const std::string sound = csv_of("a,b,c,1,d,e,f,1,1,1");
  CHECK(csv_error("").where == "runs.csv:1:1");
  CHECK(csv_error("").message == "expected a line with the names of columns; the file is empty.");
  CHECK(csv_error("\n\r\n").message == "expected a line with the names of columns; the file is empty.");
  const Error missing = csv_error("id,model,gpu,gpu_count,precision,engine,load_mode,input_len,output_len\n");
  CHECK(missing.code == Code::bad_value);
  CHECK(missing.message == "expected a column \"concurrency\"; it is not among the names.");
  CHECK(csv_error("id,modle,gpu\n").message == "expected a column \"model\"; it is not among the names.");
  CHECK(csv_error("id,modle,gpu\n").hint == "Did you mean \"modle\"?");
  CHECK(csv_error(std::string(header) + ",gpu\n").message == "expected one column \"gpu\"; found two of that name.");
  CHECK(csv_error(sound + "short,row\n").where == "runs.csv:3:1");
  CHECK(csv_error(sound + "short,row\n").message == "expected 10 fields as in the first line; found 2.");
  CHECK(csv_error(sound + "1,2,3,4,5,6,7,8,9,10,11\n").message == "expected 10 fields at most; found another.");
  CHECK(csv_error(sound + "a,b\"c,1\n").where == "runs.csv:3:4");
  CHECK(csv_error(sound + "a,b\"c,1\n").message ==
        "expected a comma or the end of the line; found a quote inside a field.");
  CHECK(csv_error(sound + "a,\"b\"c,1\n").message ==
        "expected a comma or the end of the line after a field in quotes; found more text.");
  CHECK(csv_error(sound + "a,\"b,1\n\n").where == "runs.csv:3:3");
  CHECK(csv_error(sound + "a,\"b,1\n\n").message ==
        "expected a quote that closes this field; found the end of the file.");
  CHECK(csv_error(sound + "a,b\rc\n").message == "expected a line that ends in LF or CRLF; found CR alone.");
  for (const Error& error : {missing, csv_error(sound + "a,b\rc\n")}) CHECK_FALSE(error.hint.empty());
}

TEST_CASE("what a CSV file may be: CRLF, a byte order mark, quotes, blank lines, no last line end") {
  if (!has_lists()) return;
  std::string text = "\xef\xbb\xbf" + std::string(header) + "\r\n\r\n\"a \"\"b\"\"\r\nc, d\",Llama-3.1-8B,H100-SXM,1," +
                     "bf16,vLLM,closed_loop, 1000 ,500,32";
  const Result<ThroughputReport> report = verify_throughput(bundled_hardware(), text);
  REQUIRE(report.ok());
  REQUIRE(report->rows.size() == 1);
  CHECK(report->rows[0].id == "a \"b\"\r\nc, d");
  CHECK(report->rows[0].predicted);
  CHECK_FALSE(report->has_closed_loop);  // none that was measured
  CHECK_FALSE(report->median_abs_error);
}

TEST_CASE("no text crashes the reader") {
  const std::string_view text = test_file("throughput_cases.csv");
  REQUIRE(text.size() > 3000);
  Random random(20261122);
  const std::string_view bits[] = {",", "\"", "\n", "\r", "1e308", "-1", "0", "", "nan", "\xff", "1e-300", "99999999"};
  for (int round = 0; round < 300; ++round) {
    std::string changed(text.substr(0, 3000));
    const std::uint32_t changes = 1 + random.below(6);
    for (std::uint32_t i = 0; i < changes; ++i) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(changed.size()));
      changed.replace(at, random.below(8), bits[random.below(static_cast<std::uint32_t>(std::size(bits)))]);
    }
    const Result<ThroughputReport> report = verify_throughput(bundled_hardware(), changed);
    if (!report) {
      CHECK_FALSE(report.error().message.empty());
      continue;
    }
    for (const ThroughputRow& row : report->rows) {
      CHECK(row.predicted.has_value() == row.reason.empty());
      if (row.predicted) CHECK(*row.predicted < 1e15);
    }
  }
  const std::string large(3000000, 'x');
  const Result<ThroughputReport> report =
      verify_throughput(bundled_hardware(), csv_of(large + "," + large + ",g,1,p,e,m,1,1,1"));
  REQUIRE(report.ok());
  CHECK(report->rows[0].reason.size() < 1000);
  CHECK_FALSE(verify_throughput(bundled_hardware(), std::string(3000000, ',')).ok());
}

TEST_CASE("errors of closed loops stand apart from those of other loads") {
  if (!has_lists()) return;
  const std::string closed = "a,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,closed_loop,1000,500,32,2000\n";
  const std::string fixed = "b,Llama-3.1-8B,H100-SXM,1,bf16,vLLM,static_batch,1000,500,32,1\n";
  const std::string columns = std::string(header) + ",output_tok_s_per_gpu\n";
  const Result<ThroughputReport> both = verify_throughput(bundled_hardware(), columns + closed + fixed);
  REQUIRE(both.ok());
  CHECK(both->has_closed_loop);
  CHECK(*both->median_abs_error < 1);
  CHECK(*both->other_median_abs_error > 100);
  CHECK(*both->inside_band <= 0.5);
  const Result<ThroughputReport> alone = verify_throughput(bundled_hardware(), columns + fixed);
  REQUIRE(alone.ok());
  CHECK_FALSE(alone->has_closed_loop);
  CHECK(alone->median_abs_error == alone->other_median_abs_error);
}

TEST_CASE("quantiles lie between two values by a straight line") {
  CHECK_FALSE(quantile({}, 0.5));
  CHECK(quantile({3}, 0.9) == 3);
  CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(quantile({4, 1, 3, 2}, 0) == 1);
  CHECK(quantile({4, 1, 3, 2}, 1) == 4);
  CHECK(absolute_error(8, 10) == doctest::Approx(0.2));
  CHECK_FALSE(absolute_error(8, 0));
}
