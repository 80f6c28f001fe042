// Published measurements of throughput, read from CSV and predicted row by row.

#include <algorithm>
#include <array>

#include "order.h"
#include "text.h"
#include "tokenbill/json_value.h"
#include "tokenbill/numeric.h"
#include "tokenbill/plans.h"
#include "tokenbill/throughput.h"

namespace tokenbill {

namespace {
namespace fitted {
#define TOKENBILL_FITTED(id, value, unit, belongs_to, meaning) constexpr double id = value;
#define TOKENBILL_BAND(id, low, high)
#include "tokenbill/throughput.def"
#undef TOKENBILL_BAND
#undef TOKENBILL_FITTED
}  // namespace fitted

namespace bands {
#define TOKENBILL_FITTED(id, value, unit, belongs_to, meaning)
#define TOKENBILL_BAND(id, low, high) constexpr Band id = {low, high};
#include "tokenbill/throughput.def"
#undef TOKENBILL_BAND
#undef TOKENBILL_FITTED
}  // namespace bands

// --------------------------------------------------------------------------------------------------------------- CSV

constexpr std::size_t most_columns = 1000;
constexpr std::size_t most_rows = 200000;

/// RFC 4180, strictly: fields between commas, lines that end in LF or CRLF; a field in quotes may hold commas, line
/// ends and doubled quotes. Blank lines are passed over.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view name) : text_(text), name_(name) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = line_start_ = 3;
  }
  /// The next line that is not blank; false at the end and after an error.
  bool next(std::vector<std::string>& fields, std::size_t most_fields);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::size_t line() const { return record_line_; }
  [[nodiscard]] Error problem(std::size_t line, std::size_t column, std::string message, std::string hint) const {
    return {Code::bad_value, join({name_, ":", std::to_string(line), ":", std::to_string(column)}), std::move(message),
            std::move(hint)};
  }

 private:
  bool fail(std::string message, std::string hint) {
    error_ = problem(line_, at_ - line_start_ + 1, std::move(message), std::move(hint));
    return false;
  }
  [[nodiscard]] bool at_line_end() const {
    return text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }
  void pass_line_end() {
    at_ += text_[at_] == '\r' ? std::size_t{2} : std::size_t{1};
    new_line();
  }
  void new_line() {
    ++line_;
    line_start_ = at_;
  }
  bool quoted(std::string& field);

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t record_line_ = 1;
  std::optional<Error> error_;
};

bool CsvReader::quoted(std::string& field) {
  const std::size_t line = line_, column = at_ - line_start_ + 1;
  ++at_;
  for (;;) {
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) {
      error_ = problem(line, column, "expected a quote that closes this field; found the end of the file.",
                       "Close it, or double a quote that belongs to the text.");
      return false;
    }
    for (std::size_t i = at_; i < end; ++i)
      if (text_[i] == '\n') {
        ++line_;
        line_start_ = i + 1;
      }
    field.append(text_, at_, end - at_);
    at_ = end + 1;
    if (at_ == text_.size() || text_[at_] != '"') return true;
    field += '"';
    ++at_;
  }
}

bool CsvReader::next(std::vector<std::string>& fields, std::size_t most_fields) {
  fields.clear();
  if (error_) return false;
  while (at_ < text_.size() && at_line_end()) pass_line_end();
  if (at_ == text_.size()) return false;
  record_line_ = line_;
  for (;;) {
    if (fields.size() == most_fields)
      return fail(join({"expected ", std::to_string(most_fields), " fields at most; found another."}),
                  "A comma inside a field needs quotes around the field.");
    std::string& field = fields.emplace_back();
    if (at_ < text_.size() && text_[at_] == '"') {
      if (!quoted(field)) return false;
      if (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
        return fail("expected a comma or the end of the line after a field in quotes; found more text.",
                    "Double a quote that belongs to the text.");
    } else {
      std::size_t end = at_;
      while (end < text_.size() && text_[end] != ',' && text_[end] != '\n' && text_[end] != '\r' && text_[end] != '"')
        ++end;
      field.assign(text_, at_, end - at_);
      at_ = end;
      if (at_ < text_.size() && text_[at_] == '"')
        return fail("expected a comma or the end of the line; found a quote inside a field.",
                    "Put the whole field in quotes and double those inside.");
      if (at_ < text_.size() && text_[at_] == '\r' && !at_line_end())
        return fail("expected a line that ends in LF or CRLF; found CR alone.", "Save the file with other line ends.");
    }
    if (at_ == text_.size()) return true;
    if (at_line_end()) {
      pass_line_end();
      return true;
    }
    ++at_;  // the comma
  }
}

enum class Column : std::uint8_t {
  id,
  model,
  gpu,
  gpu_count,
  precision,
  engine,
  load_mode,
  input_len,
  output_len,
  concurrency,
  last_needed = concurrency,
  group,
  checkpoint,
  tp,
  pp,
  dp,
  ep,
  engine_version,
  measured_date,
  request_rate,
  output_tok_s_per_gpu,
  total_tok_s,
  ttft_ms,
  ttft_stat,
  tpot_ms,
  notes,
  count_
};
constexpr std::size_t column_count = static_cast<std::size_t>(Column::count_);
constexpr std::array<std::string_view, column_count> column_names = {"id",
                                                                     "model",
                                                                     "gpu",
                                                                     "gpu_count",
                                                                     "precision",
                                                                     "engine",
                                                                     "load_mode",
                                                                     "input_len",
                                                                     "output_len",
                                                                     "concurrency",
                                                                     "group",
                                                                     "checkpoint",
                                                                     "tp",
                                                                     "pp",
                                                                     "dp",
                                                                     "ep",
                                                                     "engine_version",
                                                                     "measured_date",
                                                                     "request_rate",
                                                                     "output_tok_s_per_gpu",
                                                                     "total_tok_s",
                                                                     "ttft_ms",
                                                                     "ttft_stat",
                                                                     "tpot_ms",
                                                                     "notes"};

using Places = std::array<std::size_t, column_count>;

Result<Places> places_of(const CsvReader& reader, const std::vector<std::string>& header) {
  Places places;
  for (std::size_t c = 0; c < column_count; ++c) {
    const auto found = std::find(header.begin(), header.end(), column_names[c]);
    places[c] = static_cast<std::size_t>(found - header.begin());
    if (found == header.end()) {
      if (c > static_cast<std::size_t>(Column::last_needed)) continue;
      std::vector<std::string_view> there(header.begin(), header.end());
      return reader.problem(
          reader.line(), 1, join({"expected a column ", in_quotes(column_names[c]), "; it is not among the names."}),
          there.size() > 60 ? std::string("The first line names the columns.") : name_hint(column_names[c], there));
    }
    if (std::find(found + 1, header.end(), column_names[c]) != header.end())
      return reader.problem(reader.line(), 1,
                            join({"expected one column ", in_quotes(column_names[c]), "; found two of that name."}),
                            "Remove or rename one.");
  }
  return places;
}

// --------------------------------------------------------------------------------------------------- strings of a file

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first number with a point in the text, as far as the two parts before and after its first point.
struct Version {
  double major = 0, minor = 0;
};
std::optional<Version> version_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    double parts[2] = {0, 0};
    std::size_t part = 0;
    bool digits_before = false;
    for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); ++i) {
      if (text[i] == '.') {
        part += digits_before ? 1 : 0;
        digits_before = false;
      } else {
        if (part < 2) parts[part] = std::min(parts[part] * 10 + (text[i] - '0'), 1e9);
        digits_before = true;
      }
    }
    if (part > 1 || (part == 1 && digits_before)) return Version{parts[0], parts[1]};
  }
  return std::nullopt;
}

bool is_older(const std::optional<Version>& version, double major, double minor) {
  return version && (version->major < major || (version->major == major && version->minor < minor));
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

struct Stored {
  WeightFormat format = WeightFormat::native;
  double gguf_bits = 16;
};
std::optional<Stored> stored_as(std::string_view precision) {
  struct Named {
    std::string_view name;
    Stored stored;
  };
  static constexpr Named all[] = {{"fp16", {WeightFormat::bf16}},
                                  {"float16", {WeightFormat::bf16}},
                                  {"half", {WeightFormat::bf16}},
                                  {"bf16", {WeightFormat::bf16}},
                                  {"bfloat16", {WeightFormat::bf16}},
                                  {"fp8", {WeightFormat::fp8}},
                                  {"fp8_e4m3", {WeightFormat::fp8}},
                                  {"int8", {WeightFormat::fp8}},
                                  {"w8a8", {WeightFormat::fp8}},
                                  {"fp4", {WeightFormat::fp4}},
                                  {"nvfp4", {WeightFormat::fp4}},
                                  {"mxfp4", {WeightFormat::fp4}},
                                  {"int4", {WeightFormat::int4}},
                                  {"awq", {WeightFormat::int4}},
                                  {"gptq", {WeightFormat::int4}},
                                  {"w4a16", {WeightFormat::int4}},
                                  // Sizes of published files over their parameters.
                                  {"q2_k", {WeightFormat::gguf, 3.0}},
                                  {"q3_k_m", {WeightFormat::gguf, 3.9}},
                                  {"q4_0", {WeightFormat::gguf, 4.55}},
                                  {"q4_k_s", {WeightFormat::gguf, 4.6}},
                                  {"q4_k_m", {WeightFormat::gguf, 4.83}},
                                  {"q4_k", {WeightFormat::gguf, 4.83}},
                                  {"q5_k_m", {WeightFormat::gguf, 5.7}},
                                  {"q6_k", {WeightFormat::gguf, 6.6}},
                                  {"q8_0", {WeightFormat::gguf, 8.5}}};
  const std::string lower = lower_case(precision);
  for (const Named& one : all)
    if (one.name == lower) return one.stored;
  return std::nullopt;
}

/// What MLPerf's rules and data sets say of a checkpoint: mean lengths, and limits of the time for a token.
/// Source: MLPerf Inference rules (limits); means of its data sets.
struct MlperfTask {
  std::string_view checkpoint;  ///< its name begins so
  double prompt_tokens, output_tokens;
  double server_seconds, interactive_seconds;
};
constexpr MlperfTask mlperf_tasks[] = {{"llama2-70b", 294, 294.45, 0.2, 0.04},
                                       {"llama3.1-405b", 9400, 684.68, 0.175, 0.08},
                                       {"llama3.1-8b", 778, 73, 0.1, 0.03},
                                       {"mixtral-8x7b", 310, 144.84, 0.2, 0.2},
                                       {"deepseek-r1", 800, 3886.23, 0.08, 0.08}};
const MlperfTask* mlperf_task(std::string_view checkpoint) {
  std::string name = lower_case(checkpoint.substr(0, 100));
  if (name.starts_with("llama3_1")) name.replace(0, 8, "llama3.1");
  for (const MlperfTask& task : mlperf_tasks)
    if (name.starts_with(task.checkpoint)) return &task;
  return nullptr;
}

enum class LoadMode : std::uint8_t {
  closed_loop,
  static_batch,
  single_stream,
  offline_max,
  poisson_rate,
  prefill_only,
  mlperf_offline,
  mlperf_server,
  mlperf_interactive,
  count_
};
constexpr std::string_view load_modes[] = {"closed_loop",    "static_batch",  "single_stream",
                                           "offline_max",    "poisson_rate",  "prefill_only",
                                           "mlperf_offline", "mlperf_server", "mlperf_interactive"};

Band output_band(LoadMode mode, Serving serving, bool experts) {
  switch (mode) {
    case LoadMode::offline_max:
      return experts ? bands::offline_experts : bands::offline_dense;
    case LoadMode::mlperf_interactive:
      return bands::mlperf_interactive;
    case LoadMode::mlperf_offline:
    case LoadMode::mlperf_server:
      return bands::mlperf;
    case LoadMode::static_batch:
      if (serving == Serving::rocm || serving == Serving::rocm_2024) return bands::static_rocm;
      return experts ? bands::static_experts : bands::static_dense;
    case LoadMode::prefill_only:
      return bands::prefill;
    case LoadMode::poisson_rate:
      return bands::poisson;
    case LoadMode::single_stream:
      return bands::single_stream;
    case LoadMode::closed_loop:
    case LoadMode::count_:
      break;
  }
  return experts ? bands::closed_experts : bands::closed_dense;
}
Band first_token_band(LoadMode mode, bool experts) {
  if (mode == LoadMode::prefill_only) return bands::first_token_prefill;
  if (mode == LoadMode::poisson_rate) return bands::first_token_poisson;
  return experts ? bands::first_token_experts : bands::first_token_dense;
}

/// How many requests an engine works on at once for each rank that splits them, where a file does not say.
double scheduled(Serving serving) {
  switch (serving) {
    case Serving::tensorrt_llm:
      return 4096;
    case Serving::tensorrt_llm_2024:
    case Serving::sglang:
    case Serving::rocm:
      return 1024;
    case Serving::llama_cpp:
      return 1;
    default:
      return 256;
  }
}

// ------------------------------------------------------------------------------------------------------------ one row

/// A run of the replica plan at a concurrency, in the lengths that the file names.
struct Run {
  double first_token = 0;  ///< without waiting for memory
  double token = 0;
  double queue = 0;
  double output_per_gpu = 0;
};

class RowVerifier {
 public:
  RowVerifier(const Hardware& hardware, const Plan& plan, const Places& places)
      : hardware_(hardware), plan_(plan), places_(places) {}
  ThroughputRow verify(const std::vector<std::string>& fields);

 private:
  [[nodiscard]] std::string_view text(Column column) const {
    const std::size_t at = places_[static_cast<std::size_t>(column)];
    return at < fields_->size() ? std::string_view((*fields_)[at]) : std::string_view();
  }
  std::optional<double> number(Column column, double low, double high);
  /// Why the row cannot be predicted; empty where it can.
  std::string predict(ThroughputRow& row, LoadMode mode);
  std::string describe(ThroughputRow& row);
  std::string read_load(LoadMode mode);
  std::string read_layout(LoadMode mode);
  void complete_gpu(LoadMode mode);
  [[nodiscard]] double figure(std::string_view id) const {
    const Named* named = plan_.find(id);
    return named != nullptr ? evaluation_.of(named->node).value : 0;
  }
  bool evaluate(double concurrency);
  std::optional<Run> run(double concurrency);
  template <class GoOn>
  std::optional<double> search(double low, double high, int halvings, GoOn go_on);
  void read_measured(ThroughputRow& row, LoadMode mode);

  const Hardware& hardware_;
  const Plan& plan_;
  const Places& places_;
  const std::vector<std::string>* fields_ = nullptr;
  std::string bad_number_;

  Replica replica_;
  Gpu changed_gpu_;
  double gpus_ = 1;
  double prompt_ = 1, output_ = 1;  ///< as the file names them
  double rate_ = 0;
  std::optional<double> concurrency_;
  double token_limit_ = 0.2;
  std::vector<Known> inputs_;
  Evaluation evaluation_;
};

std::optional<double> RowVerifier::number(Column column, double low, double high) {
  std::string_view written = text(column);
  while (written.starts_with(' ')) written.remove_prefix(1);
  while (written.ends_with(' ')) written.remove_suffix(1);
  if (written.empty()) return std::nullopt;
  const Result<JsonValue> read = parse_json(written.size() > 60 ? std::string_view() : written, "number");
  const bool is_number = read && read->kind == JsonValue::Kind::number;
  if (is_number && read->number >= low && read->number <= high) return read->number;
  if (bad_number_.empty())
    bad_number_ = join({column_names[static_cast<std::size_t>(column)],
                        is_number ? " is out of range: " : " is no number: ", in_quotes(written), "."});
  return std::nullopt;
}

constexpr double most_tokens = 1e8, most_requests = 1e7, most_gpus = 1e5;

std::string RowVerifier::describe(ThroughputRow& row) {
  Result<const OpenModel*> model = hardware_.find_open_model(row.model);
  if (!model && !text(Column::checkpoint).empty()) model = hardware_.find_open_model(text(Column::checkpoint));
  if (!model) return join({"The model is not known: ", in_quotes(row.model), "."});
  const Result<const Gpu*> gpu = hardware_.find_gpu(row.gpu);
  row.model_parameters_b = (*model)->total_parameters_b;
  row.has_experts = (*model)->routed_expert_parameters_b > 0;
  if (!gpu) return join({"The GPU is not known: ", in_quotes(row.gpu), "."});
  const std::optional<Stored> stored = stored_as(row.precision);
  if (!stored) return join({"The precision is not known: ", in_quotes(row.precision), "."});
  replica_ = Replica();
  replica_.model = *model;
  replica_.gpu = *gpu;
  replica_.weights = stored->format;
  replica_.gguf_bits = stored->gguf_bits;
  replica_.serving = serving_of(row.engine, text(Column::engine_version), text(Column::measured_date), (*gpu)->vendor);
  row.serving = serving_id(replica_.serving);
  return "";
}

std::string RowVerifier::read_load(LoadMode mode) {
  std::optional<double> prompt = number(Column::input_len, 1, most_tokens);
  std::optional<double> output = number(Column::output_len, 0, most_tokens);
  const bool by_concurrency =
      mode == LoadMode::closed_loop || mode == LoadMode::static_batch || mode == LoadMode::single_stream;
  if (by_concurrency || mode == LoadMode::prefill_only)
    concurrency_ = number(Column::concurrency, 0.001, most_requests);
  rate_ = mode == LoadMode::poisson_rate ? number(Column::request_rate, 0, 1e6).value_or(0) : 0;
  if (!bad_number_.empty()) return bad_number_;
  token_limit_ = 0.2;
  if (mode == LoadMode::mlperf_offline || mode == LoadMode::mlperf_server || mode == LoadMode::mlperf_interactive) {
    if (const MlperfTask* task = mlperf_task(text(Column::checkpoint))) {
      if (!prompt) prompt = task->prompt_tokens;
      if (!output) output = task->output_tokens;
      token_limit_ = mode == LoadMode::mlperf_interactive ? task->interactive_seconds : task->server_seconds;
    }
  }
  constexpr double short_prompt = 64;  // of a single stream, where nothing is said
  if (mode == LoadMode::single_stream && !prompt) prompt = short_prompt;
  if (mode == LoadMode::prefill_only && !output) output = 1;
  if (!prompt || !output) return "The length of prompt or output is not given.";
  if (mode == LoadMode::poisson_rate && !(rate_ > 0)) return "The rate of requests is not given.";
  if (by_concurrency && !concurrency_) return "The concurrency is not given.";
  // Lengths drawn between 0.8 and 1 of the nominal ones: engines work on their mean, figures are published in nominal
  // ones.
  const bool drawn = text(Column::notes).find("0.8-1.0") != std::string_view::npos;
  const double mean = drawn ? 0.9 : 1;
  prompt_ = *prompt;
  output_ = std::max(*output, 1.0);
  replica_.prompt_tokens = prompt_ * mean;
  replica_.output_tokens = std::max(output_ * mean, 1.0);
  replica_.lengths_vary = drawn || mode == LoadMode::poisson_rate;
  return "";
}

// Where the file does not say how GPUs share the model: latent attention splits requests; else as few GPUs share each
// layer as hold the weights in 60 % of their memory, and the rest are copies.
std::string RowVerifier::read_layout(LoadMode mode) {
  gpus_ = number(Column::gpu_count, 1, most_gpus).value_or(1);
  std::optional<double> tensor = number(Column::tp, 1, most_gpus);
  double stages = number(Column::pp, 1, most_gpus).value_or(1);
  double data = number(Column::dp, 1, most_gpus).value_or(1);
  double expert = number(Column::ep, 0, most_gpus).value_or(1);
  if (!bad_number_.empty()) return bad_number_;
  const OpenModel& model = *replica_.model;
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  constexpr double node = 8;
  if (!tensor) {
    stages = data = 1;
    tensor = 1;
    if (mode == LoadMode::prefill_only) {
    } else if (latent) {
      data = expert = std::min(gpus_, node);
    } else {
      replica_.tensor_parallel = replica_.pipeline_parallel = replica_.attention_parallel = replica_.copies = 1;
      Result<std::vector<Known>> inputs = replica_inputs(plan_, replica_);
      if (!inputs) return inputs.error().message;
      inputs_ = std::move(inputs).value();
      if (!evaluate(1)) return "The size of the weights cannot be computed.";
      const double held = figure("replica.expert_bytes") + figure("replica.held_bytes");
      const double capacity = replica_.gpu->memory_gb * 1073741824;
      while (held / *tensor > 0.6 * capacity && *tensor < std::min(gpus_, node)) *tensor *= 2;
      data = gpus_ / *tensor;
      expert = 1;
    }
  }
  const bool splits_requests = model.routed_expert_parameters_b > 0 && data > 1 && (expert > 1 || latent);
  replica_.tensor_parallel = *tensor;
  replica_.pipeline_parallel = stages;
  replica_.attention_parallel = splits_requests ? data : 1;
  replica_.copies = std::max(gpus_ / (*tensor * stages * replica_.attention_parallel), 1.0);
  return "";
}

// Decoding seldom waits for arithmetic, so that a GPU without a published rate is taken as one that never waits.
void RowVerifier::complete_gpu(LoadMode mode) {
  if (replica_.gpu->peak(Precision::bf16) || mode == LoadMode::prefill_only) return;
  constexpr double never_waits = 1e4;
  changed_gpu_ = *replica_.gpu;
  changed_gpu_.tflops[static_cast<std::size_t>(Precision::bf16)] = never_waits;
  replica_.gpu = &changed_gpu_;
}

bool RowVerifier::evaluate(double concurrency) {
  const auto put = [&](std::string_view id, double value) {
    if (const std::size_t at = plan_.input_index(id); at < inputs_.size()) inputs_[at] = {value, true};
  };
  put("concurrency", concurrency);
  put("request_rate", rate_);
  if (evaluate_into(plan_, inputs_, evaluation_)) return false;
  const Named* last = plan_.find("replica.output_per_gpu");
  return last != nullptr && evaluation_.of(last->node).known;
}

std::optional<Run> RowVerifier::run(double concurrency) {
  if (!evaluate(concurrency)) return std::nullopt;
  Run run;
  run.first_token = figure("replica.first_token_in_work");
  run.token = figure("replica.token");
  const double in_work = figure("replica.in_work");
  const double seconds = run.first_token + (output_ - 1) * run.token;
  run.queue = std::max(figure("replica.asked") / in_work - 1, 0.0) * seconds;
  run.output_per_gpu = in_work * output_ / seconds / figure("replica.gpu_count");
  return run;
}

/// Halves the span as often as told: upwards where `go_on` of a run in its middle. Returns the lower end.
template <class GoOn>
std::optional<double> RowVerifier::search(double low, double high, int halvings, GoOn go_on) {
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    const std::optional<Run> here = run(middle);
    if (!here) return std::nullopt;
    (go_on(*here, middle) ? low : high) = middle;
  }
  return low;
}

void RowVerifier::read_measured(ThroughputRow& row, LoadMode mode) {
  bad_number_.clear();
  const auto positive = [&](Column column) -> std::optional<double> {
    const std::optional<double> value = number(column, 0, 1e15);
    return value && *value > 0 ? value : std::nullopt;
  };
  const std::string_view statistic = text(Column::ttft_stat);
  const bool tail = statistic.starts_with('p') && statistic != "p50";
  const std::optional<double> first_token_ms = positive(Column::ttft_ms), token_ms = positive(Column::tpot_ms);
  if (first_token_ms && !tail) row.first_token_measured = *first_token_ms / 1000;
  if (token_ms) row.token_measured = *token_ms / 1000;
  row.measured = positive(Column::output_tok_s_per_gpu);
  if (mode != LoadMode::prefill_only) return;
  row.measured.reset();
  const std::optional<double> total = positive(Column::total_tok_s), prompt = positive(Column::input_len);
  const double gpus = row.reason.empty() ? replica_.copies * replica_.tensor_parallel * replica_.pipeline_parallel *
                                               replica_.attention_parallel
                                         : positive(Column::gpu_count).value_or(1);
  if (total)
    row.measured = *total / gpus;
  else if (prompt && first_token_ms)
    row.measured = *prompt / (*first_token_ms / 1000) / gpus;
}

std::string RowVerifier::predict(ThroughputRow& row, LoadMode mode) {
  if (mode == LoadMode::count_) return join({"The load mode is not known: ", in_quotes(row.load_mode), "."});
  if (std::string reason = describe(row); !reason.empty()) return reason;
  complete_gpu(mode);
  if (std::string reason = read_load(mode); !reason.empty()) return reason;
  if (std::string reason = read_layout(mode); !reason.empty()) return reason;
  // What was measured must fit as the engine is set by default; benchmarks set theirs to take more.
  for (const bool tuned : {false, true}) {
    replica_.tuned_memory = tuned;
    Result<std::vector<Known>> inputs = replica_inputs(plan_, replica_);
    if (!inputs) return inputs.error().message;
    inputs_ = std::move(inputs).value();
    if (!tuned && evaluate(1)) row.fits_by_default = figure("memory.room_gib") >= figure("memory.request_gib");
  }

  const double ranks = replica_.copies * replica_.attention_parallel;
  const double gpus = ranks * replica_.tensor_parallel * replica_.pipeline_parallel;
  const bool limited = mode == LoadMode::mlperf_server || mode == LoadMode::mlperf_interactive;
  const bool open_loop = mode == LoadMode::poisson_rate;
  constexpr double run_requests = 200;  // of an open-loop benchmark
  std::optional<double> concurrency = concurrency_.value_or(1);
  if (mode == LoadMode::offline_max || mode == LoadMode::mlperf_offline) {
    concurrency = scheduled(replica_.serving) * ranks;
  } else if (open_loop) {  // Little's law: as many as arrive in the time of one
    concurrency = search(1, run_requests, 12, [&](const Run& here, double middle) {
      return rate_ * (here.first_token + here.token * (output_ - 1) + here.queue) > middle;
    });
  } else if (limited) {  // the most within the limit of the time for a token
    const double limit = fitted::mean_to_limit * token_limit_;
    concurrency = search(ranks, scheduled(replica_.serving) * ranks, 16,
                         [&](const Run& here, double) { return here.token <= limit; });
  }
  const std::optional<Run> found = concurrency ? run(*concurrency) : std::nullopt;
  if (!found) return "The formulas have no finite result here.";

  double output = found->output_per_gpu;
  const double first_token = found->first_token + found->queue;
  if (open_loop) {  // with the run's ramp and drain, as throughput is published
    const double window = std::max(run_requests / rate_, run_requests * output_ / (output * gpus));
    const double drain = (found->first_token + found->token * (output_ - 1)) * fitted::run_tail;
    output = run_requests * output_ / (window + drain) / gpus;
  }
  if (limited) output *= fitted::random_arrivals;
  if (mode == LoadMode::prefill_only)
    output = (concurrency_ ? prompt_ / first_token * replica_.copies : prompt_ / figure("prompt.busy")) / gpus;

  const Band band = output_band(mode, replica_.serving, row.has_experts);
  const Band first_band = first_token_band(mode, row.has_experts);
  constexpr double gib = 1073741824;
  row.concurrency = *concurrency;
  row.predicted = output;
  row.low = output * band.low;
  row.high = output * band.high;
  row.first_token_predicted = first_token;
  row.first_token_low = first_token * first_band.low;
  row.first_token_high = first_token * first_band.high;
  row.token_predicted = found->token;
  row.weights_bytes = figure("memory.weights_gib") * gib;
  row.request_bytes = figure("memory.request_gib") * gib;
  row.room_bytes = figure("memory.room_gib") * gib;
  row.most_requests = figure("replica.places");
  row.fits = figure("replica.fits") > 0;
  return "";
}

ThroughputRow RowVerifier::verify(const std::vector<std::string>& fields) {
  fields_ = &fields;
  bad_number_.clear();
  ThroughputRow row;
  row.id = text(Column::id);
  row.model = text(Column::model);
  row.gpu = text(Column::gpu);
  row.engine = text(Column::engine);
  row.precision = text(Column::precision);
  row.load_mode = text(Column::load_mode);
  row.group = text(Column::group);
  if (row.group.empty()) row.group = join({row.model, "|", row.gpu, "|", row.engine});
  replica_ = Replica();
  concurrency_.reset();
  const auto mode = static_cast<LoadMode>(index_of(load_modes, row.load_mode));
  row.reason = predict(row, mode);
  if (!row.reason.empty()) row.concurrency = concurrency_.value_or(0);
  read_measured(row, mode);
  return row;
}
}  // namespace

Serving serving_of(std::string_view engine, std::string_view version, std::string_view date, std::string_view vendor) {
  const std::string lower = lower_case(engine.substr(0, 200));
  for (const std::string_view name : {"llama.cpp", "llamacpp", "ollama"})
    if (lower.find(name) != std::string::npos) return Serving::llama_cpp;
  const bool dated = date.size() >= 4 && std::all_of(date.begin(), date.begin() + 4, is_digit);
  const std::string_view year = dated ? date.substr(0, 4) : std::string_view();
  const bool by_2024 = dated && year != "0000" && year <= "2024";
  if (vendor == "amd") {
    const std::string_view month = date.size() > 4 ? date.substr(4, 3) : std::string_view();
    return by_2024 && month < "-10" ? Serving::rocm_2024 : Serving::rocm;
  }
  const std::optional<Version> number = version_in(version.substr(0, 200));
  if (lower.starts_with("tensorrt") || has_word(lower, "nim")) {
    // Other numbers than those that begin with "v" are of TensorRT or NIM.
    const bool old = by_2024 || (version.starts_with('v') && is_older(number, 0, 13));
    return old ? Serving::tensorrt_llm_2024 : Serving::tensorrt_llm;
  }
  if (lower == "sglang") return Serving::sglang;
  return by_2024 || is_older(number, 0, 6) ? Serving::vllm_2024 : Serving::vllm;
}

Result<ThroughputReport> verify_throughput(const Hardware& hardware, std::string_view csv, std::string_view name) {
  const Result<Plan> plan = replica_plan();
  if (!plan) return plan.error();
  CsvReader reader(csv, name);
  std::vector<std::string> fields;
  if (!reader.next(fields, most_columns)) {
    if (reader.error()) return *reader.error();
    return reader.problem(1, 1, "expected a line with the names of columns; the file is empty.",
                          "docs/formats.md lists the columns.");
  }
  const std::size_t columns = fields.size();
  const Result<Places> places = places_of(reader, fields);
  if (!places) return places.error();

  ThroughputReport report;
  RowVerifier verifier(hardware, *plan, *places);
  while (reader.next(fields, columns)) {
    if (fields.size() != columns)
      return reader.problem(reader.line(), 1,
                            join({"expected ", std::to_string(columns), " fields as in the first line; found ",
                                  std::to_string(fields.size()), "."}),
                            "An empty field still has its comma.");
    if (report.rows.size() == most_rows)
      return Error{Code::too_large, std::string(name), join({"found more than ", std::to_string(most_rows), " rows."}),
                   "Split the file."};
    report.rows.push_back(verifier.verify(fields));
  }
  if (reader.error()) return *reader.error();

  std::vector<double> closed, others, first_token;
  double inside = 0, measured = 0, first_inside = 0;
  const auto within = [](double value, std::optional<double> low, std::optional<double> high) {
    return low && high && value >= *low && value <= *high;
  };
  for (const ThroughputRow& row : report.rows) {
    if (const auto error = absolute_error(row.predicted, row.measured)) {
      (row.load_mode == load_modes[0] ? closed : others).push_back(*error);
      measured += 1;
      inside += within(*row.measured, row.low, row.high) ? 1 : 0;
    }
    if (const auto error = absolute_error(row.first_token_predicted, row.first_token_measured)) {
      first_token.push_back(*error);
      first_inside += within(*row.first_token_measured, row.first_token_low, row.first_token_high) ? 1 : 0;
    }
  }
  report.has_closed_loop = !closed.empty();
  const std::vector<double>& main = closed.empty() ? others : closed;
  report.median_abs_error = quantile(main, 0.5);
  report.p90_abs_error = quantile(main, 0.9);
  report.other_median_abs_error = quantile(others, 0.5);
  report.other_p90_abs_error = quantile(others, 0.9);
  report.first_token_median_abs_error = quantile(first_token, 0.5);
  if (measured > 0) report.inside_band = inside / measured;
  if (!first_token.empty()) report.first_token_inside_band = first_inside / static_cast<double>(first_token.size());
  return report;
}

}  // namespace tokenbill
