#include "tokenbill/selfhost.h"

#include <algorithm>
#include <array>

#include "explanation.h"
#include "order.h"
#include "tokenbill/format.h"
#include "tokenbill/plans.h"
#include "tokenbill/sweep.h"
#include "tokenbill/throughput.h"

namespace tokenbill {

namespace {
/// Values of a plan's inputs, filled in by id.
class Values {
 public:
  explicit Values(const Plan& plan) : plan_(&plan), inputs_(plan.inputs().size(), Known{0, false}) {}
  void put(std::string_view id, std::optional<double> value) {
    const std::size_t at = plan_->input_index(id);
    if (at < inputs_.size()) inputs_[at] = {value.value_or(0), value.has_value()};
  }
  /// What the scenario gives; an absent optional one is unknown.
  void put_parameters(const Scenario& scenario) {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (const std::size_t at = parameter_index(plan_->inputs()[i].id); at < parameters().size()) {
        const std::optional<double> value = scenario.value(plan_->inputs()[i].id);
        inputs_[i] = {value.value_or(0), value.has_value()};
      }
  }
  [[nodiscard]] std::optional<Error> evaluate(Evaluation& evaluation) const {
    return evaluate_into(*plan_, inputs_, evaluation);
  }
  void take(std::vector<Known> inputs) { inputs_ = std::move(inputs); }
  [[nodiscard]] Known of(std::size_t input) const { return inputs_[input]; }

 private:
  const Plan* plan_;
  std::vector<Known> inputs_;
};

std::optional<double> figure_of(const Plan& plan, const Evaluation& evaluation, std::string_view id) {
  const Named* named = plan.find(id);
  if (named == nullptr) return std::nullopt;
  const Known value = evaluation.of(named->node);
  return value.known ? std::optional(value.value) : std::nullopt;
}

/// What the feature asks of whoever serves it, in a month.
struct Demand {
  double requests = 0;                                             ///< that are answered or fail and are billed
  double prompt_tokens = 0, cached_tokens = 0, output_tokens = 0;  ///< of a request, mean
};

/// Where the prompts of a conversation come from does not matter to a GPU: what counts is how many tokens are computed,
/// held and written.
Result<Demand> demand_of(const Engine::Priced& priced, double token_factor) {
  const auto of = [&](std::string_view id) { return priced.figure(id); };
  const auto requests = of("delivered_requests"), failed = of("billed_failures"), prompt = of("average_prompt_tokens"),
             image = of("image_tokens"), output = of("output_size"), cached = of("cached_ratio");
  if (!requests || !prompt || !image || !output)
    return Error{Code::unsupported, priced.binding.model->key,
                 "How many tokens a request has is not known: " + priced.reason, "Choose another model."};
  Demand demand;
  demand.requests = *requests + failed.value_or(0);
  demand.prompt_tokens = std::max(1.0, (*prompt + *image) * token_factor);
  demand.cached_tokens = *prompt * token_factor * cached.value_or(0);
  demand.output_tokens = std::max(1.0, *output * token_factor);
  return demand;
}

/// What an hour of one GPU costs; absent = unknown.
struct Rents {
  std::optional<double> base, peak, spot, training;
  std::string source;
};

/// One model on own capacity: the GPUs that could carry it, what each costs in a month of any volume.
class Capacity {
 public:
  Capacity(const Hardware& hardware, const Plan& replica_plan, const Plan& fleet_plan, const Scenario& scenario,
           const OpenModel& model, const Demand& demand, bool tuned)
      : hardware_(hardware),
        replica_plan_(replica_plan),
        fleet_plan_(fleet_plan),
        scenario_(scenario),
        model_(model),
        demand_(demand),
        tuned_(tuned) {}

  /// Sizes a replica on every GPU that may be used. @error a reference that names nothing
  /// @param like  only the cheapest few deployments of this one; nullptr = all
  [[nodiscard]] std::optional<Error> size(const Capacity* like);
  [[nodiscard]] double requests() const { return demand_.requests; }
  [[nodiscard]] const std::string& rent_source(std::size_t deployment) const { return rents_[deployment].source; }
  /// Rent of a GPU that the cheapest deployment pays by the hour.
  [[nodiscard]] std::optional<double> rent(double requests) const {
    const auto first = cheapest(requests);
    return first ? rents_[first->deployment].peak : std::nullopt;
  }
  /// The cheapest deployment for so many requests a month, `this->demand` otherwise; absent where none serves.
  struct Cheapest {
    std::size_t deployment;
    double usd_per_month;
  };
  [[nodiscard]] std::optional<Cheapest> cheapest(double requests) const;
  /// The table of deployments, and the bill of the first.
  [[nodiscard]] OwnCapacity report(double requests);
  [[nodiscard]] std::optional<double> month(std::size_t deployment, double requests, Evaluation& evaluation) const;
  [[nodiscard]] Replica replica_of(const Deployment& deployment) const;
  [[nodiscard]] Values replica_values(const Deployment& deployment, double concurrency, Error& problem) const;
  [[nodiscard]] const std::vector<Deployment>& deployments() const { return deployments_; }

 private:
  void size_one(const Gpu& gpu, double gpus);
  /// After all are sized: what each costs.
  void finish();
  [[nodiscard]] Values fleet_values(const Deployment& deployment, const Rents& rents) const;
  void put_load(Values& values, double requests) const;

  const Hardware& hardware_;
  const Plan& replica_plan_;
  const Plan& fleet_plan_;
  const Scenario& scenario_;
  const OpenModel& model_;
  Demand demand_;
  bool tuned_;
  std::vector<Deployment> deployments_;
  // One for each deployment:
  std::vector<Rents> rents_;
  std::vector<Values> fleets_;               ///< inputs of the month
  std::vector<std::size_t> cheapest_first_;  ///< those that can serve and have a price
};

WeightFormat weight_format_of(std::string_view option) {
  return option == "bf16"  ? WeightFormat::bf16
         : option == "fp8" ? WeightFormat::fp8
         : option == "fp4" ? WeightFormat::fp4
                           : WeightFormat::native;
}

Replica Capacity::replica_of(const Deployment& deployment) const {
  Replica replica;
  replica.model = &model_;
  replica.gpu = deployment.gpu;
  replica.serving = serving_of(scenario_.choice("serving_engine"), deployment.gpu->vendor);
  replica.weights = weight_format_of(scenario_.choice("weight_format"));
  replica.kv_bits = scenario_.choice("kv_format") == "fp8" ? 8 : 16;
  replica.prompt_tokens = demand_.prompt_tokens;
  replica.cached_tokens = std::min(demand_.cached_tokens, demand_.prompt_tokens);
  replica.output_tokens = demand_.output_tokens;
  lay_out(replica, deployment.gpus);
  return replica;
}

Values Capacity::replica_values(const Deployment& deployment, double concurrency, Error& problem) const {
  Values values(replica_plan_);
  Result<std::vector<Known>> inputs = replica_inputs(replica_plan_, replica_of(deployment));
  if (inputs)
    values.take(std::move(inputs).value());
  else
    problem = inputs.error();
  values.put("concurrency", concurrency);
  values.put("request_rate", 0);
  return values;
}

// The most requests at once that still meet both limits of latency: more only make everything slower, so halving finds
// it.
void Capacity::size_one(const Gpu& gpu, double gpus) {
  Deployment d;
  d.model = &model_;
  d.gpu = &gpu;
  d.gpus = gpus;
  Error problem;
  Values values = replica_values(d, 1, problem);
  if (!problem.message.empty()) {
    d.reason = problem.message;
    deployments_.push_back(std::move(d));
    return;
  }
  Evaluation evaluation;
  const auto at = [&](double concurrency) {
    values.put("concurrency", concurrency);
    if (auto error = values.evaluate(evaluation)) d.reason = error->message;
  };
  const auto of = [&](std::string_view id) { return figure_of(replica_plan_, evaluation, id).value_or(0); };
  at(1);
  const double first_limit = scenario_.value("first_token_limit_seconds").value_or(0);
  const double token_limit = scenario_.value("token_limit_seconds").value_or(0);
  const auto meets = [&] { return of("replica.first_token") <= first_limit && of("replica.token") <= token_limit; };
  // A service needs room for a whole request beside what the engine keeps for itself.
  const bool fits = of("replica.fits") > 0 && of("memory.room_gib") >= of("memory.request_gib");
  d.most_requests = fits ? of("replica.most_requests") : 0;
  if (!d.reason.empty()) {
  } else if (!fits) {
    d.reason = "It does not fit: " + brief_text(of("memory.weights_gib")) + " GiB of weights and " +
               brief_text(of("memory.request_gib")) + " GiB for a request in " + brief_text(of("memory.usable_gib")) +
               " GiB of each GPU.";
  } else if (!meets()) {
    d.reason = "Too slow even for one request at a time: " + brief_text(of("replica.first_token")) +
               " s to the first token, " + brief_text(of("replica.token")) + " s for each after it.";
  } else {
    double low = 1, high = std::max(1.0, d.most_requests);
    at(high);
    if (!meets()) {
      while (high - low > 1) {
        const double middle = round_down((low + high) / 2);
        at(middle);
        (meets() ? low : high) = middle;
      }
      high = low;
    }
    d.concurrency = high;
    at(d.concurrency);
    d.first_token_seconds = of("replica.first_token");
    d.token_seconds = of("replica.token");
    d.request_seconds = of("replica.request_seconds");
    d.output_tokens_per_second = of("replica.output_per_gpu");
    d.prompt_share = of("replica.prompt_share");
    d.weights_gb = of("replica.weights_gb");
    const Replica replica = replica_of(d);
    const Band output = band(Measured::output, replica), first = band(Measured::first_token, replica);
    d.output_low = d.output_tokens_per_second * output.low;
    d.output_high = d.output_tokens_per_second * output.high;
    d.first_token_low = d.first_token_seconds * first.low;
    d.first_token_high = d.first_token_seconds * first.high;
    if (tuned_ && scenario_.choice("training_method") == "adapter")
      d.request_seconds /= 1 - scenario_.value("adapter_penalty_ratio").value_or(0);
  }
  deployments_.push_back(std::move(d));
}

/// The share of a GPU's peak that training such a model with such a GPU has reached; the nearest measured kind.
std::optional<double> training_ratio(const Hardware& hardware, bool adapter, const Gpu& gpu, const OpenModel& model) {
  const TrainingEfficiency* nearest = nullptr;
  int most = -1;
  for (const TrainingEfficiency& measured : hardware.training) {
    if ((measured.job == TrainingJob::lora) != adapter || measured.precision != Precision::bf16) continue;
    const bool same_gpu = std::find(measured.gpus.begin(), measured.gpus.end(), gpu.id) != measured.gpus.end();
    const int likeness = (same_gpu ? 2 : 0) + (measured.has_experts == model.experts.has_value() ? 1 : 0);
    if (likeness > most) {
      most = likeness;
      nearest = &measured;
    }
  }
  return nearest != nullptr ? std::optional(nearest->likely_ratio) : std::nullopt;
}

Rents rents_of(const Hardware& hardware, const Gpu& gpu, const Scenario& scenario) {
  const auto median = [&](RentTerm term) -> std::optional<double> {
    const std::optional<RentRange> range = rent_range(hardware, gpu, term);
    return range ? std::optional(range->median.usd_per_gpu_hour) : std::nullopt;
  };
  const std::string_view payment = scenario.choice("gpu_payment");
  const std::optional<double> typed = scenario.value("gpu_usd_per_hour");
  Rents rents;
  rents.peak = typed ? typed : median(RentTerm::on_demand);
  rents.training = rents.peak;
  rents.spot = median(RentTerm::spot);
  if (!rents.spot) rents.spot = rents.peak;
  if (payment == "reserved_12" || payment == "reserved_36") {
    const RentTerm term = payment == "reserved_12" ? RentTerm::reserved_12_months : RentTerm::reserved_36_months;
    rents.base = typed ? typed : median(term);
  } else {
    rents.base = rents.peak;
  }
  if (typed) {
    rents.source = "given by you";
  } else if (const std::optional<RentRange> range = rent_range(hardware, gpu, RentTerm::on_demand)) {
    rents.source = "median of " + number_text(static_cast<double>(range->offers)) + " offers, " +
                   usd_text(range->low.usd_per_gpu_hour) + " to " + usd_text(range->high.usd_per_gpu_hour) +
                   " USD an hour";
  }
  return rents;
}

void Capacity::put_load(Values& values, double requests) const {
  values.put("offered.requests_per_month", requests);
  values.put("offered.input_tokens_per_month", requests * demand_.prompt_tokens);
  values.put("offered.output_tokens_per_month", requests * demand_.output_tokens);
}

Values Capacity::fleet_values(const Deployment& d, const Rents& rents) const {
  Values values(fleet_plan_);
  values.put_parameters(scenario_);
  values.put("replica.concurrency", d.concurrency);
  values.put("replica.seconds", d.request_seconds);
  values.put("replica.gpus", d.gpus);
  values.put("replica.prompt_share", d.prompt_share);
  values.put("replica.weights_gb", d.weights_gb);
  const std::string_view payment = scenario_.choice("gpu_payment");
  values.put("gpu.base", rents.base);
  values.put("gpu.peak", rents.peak);
  values.put("gpu.spot", rents.spot);
  values.put("gpu.training", rents.training);
  values.put("base_is_owned", payment == "owned");
  values.put("replicas_follow_load", scenario_.choice("scaling") == "load");
  values.put("utilisation_given", scenario_.value("utilisation_ratio").has_value());
  if (!scenario_.value("utilisation_ratio")) values.put("utilisation_ratio", 1);
  if (!scenario_.value("gpu_purchase_usd") && d.gpu->purchase_low_usd)
    values.put("gpu_purchase_usd",
               (*d.gpu->purchase_low_usd + d.gpu->purchase_high_usd.value_or(*d.gpu->purchase_low_usd)) / 2);
  if (!scenario_.value("gpu_kilowatts")) {
    // Around a GPU stands more than the card: where no figure is published, the share that is usual for servers.
    constexpr double all_in_per_card = 2.4;
    values.put("gpu_kilowatts", d.gpu->all_in_kw     ? d.gpu->all_in_kw
                                : d.gpu->power_watts ? std::optional(*d.gpu->power_watts / 1000 * all_in_per_card)
                                                     : std::nullopt);
  }
  values.put("model_is_tuned", tuned_);
  values.put("training_by_seller", scenario_.choice("training_method") == "seller");
  const bool adapter = scenario_.choice("training_method") == "adapter";
  values.put("training.flops_per_token", (adapter ? 4 : 6) * model_.active_parameters_b);
  values.put("training.gpu_tflops", d.gpu->peak(Precision::bf16));
  if (!scenario_.value("training_utilisation_ratio"))
    values.put("training_utilisation_ratio", training_ratio(hardware_, adapter, *d.gpu, model_));
  return values;
}

std::optional<Error> Capacity::size(const Capacity* like) {
  constexpr std::size_t few = 8;
  if (like != nullptr) {
    for (std::size_t i = 0; i < like->cheapest_first_.size() && i < few; ++i) {
      const Deployment& known = like->deployments_[like->cheapest_first_[i]];
      size_one(*known.gpu, known.gpus);
    }
    finish();
    return std::nullopt;
  }
  const std::string_view named = scenario_.reference(tuned_ ? "small_gpu" : "own_gpu");
  std::vector<const Gpu*> gpus;
  if (!named.empty()) {
    const Result<const Gpu*> gpu = hardware_.find_gpu(named);
    if (!gpu) {
      Error error = gpu.error();
      error.where = tuned_ ? "small_gpu" : "own_gpu";
      return error;
    }
    gpus.push_back(*gpu);
  } else {
    for (const Gpu& gpu : hardware_.gpus) gpus.push_back(&gpu);
  }
  const std::optional<double> given = scenario_.value("gpus_per_replica");
  for (const Gpu* gpu : gpus) {
    if (given) {
      size_one(*gpu, *given);
      continue;
    }
    if (named.empty() && gpu->fp16_only) {
      Deployment d;
      d.model = &model_;
      d.gpu = gpu;
      d.reason = "It has no bfloat16, which present engines want. Name it to reckon with it all the same.";
      deployments_.push_back(std::move(d));
      continue;
    }
    // Cards without fast links are joined by fours at most. A second node only where one does not hold the model; of
    // those that do not fit, the largest says why.
    constexpr double fast_link_gb_per_second = 100;
    const double most = gpu->link_gb_per_second.value_or(0) >= fast_link_gb_per_second ? 16 : 4;
    bool fits = false;
    for (double count = 1; count <= most && !(count > 8 && fits); count *= 2) {
      size_one(*gpu, count);
      fits = deployments_.back().most_requests >= 1;
      if (!fits && count < most) deployments_.pop_back();
    }
  }
  finish();
  return std::nullopt;
}

void Capacity::finish() {
  for (const Deployment& deployment : deployments_) {
    rents_.push_back(rents_of(hardware_, *deployment.gpu, scenario_));
    fleets_.push_back(fleet_values(deployment, rents_.back()));
  }
  Evaluation evaluation;
  std::vector<std::pair<double, std::size_t>> costs;
  for (std::size_t i = 0; i < deployments_.size(); ++i)
    if (const auto usd = month(i, demand_.requests, evaluation)) costs.emplace_back(*usd, i);
  sort_stably(costs, [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [usd, i] : costs) cheapest_first_.push_back(i);
}

std::optional<double> Capacity::month(std::size_t deployment, double requests, Evaluation& evaluation) const {
  const Deployment& d = deployments_[deployment];
  if (!d.reason.empty()) return std::nullopt;
  Values values = fleets_[deployment];
  put_load(values, requests);
  if (values.evaluate(evaluation)) return std::nullopt;
  return figure_of(fleet_plan_, evaluation, "own_total");
}

std::optional<Capacity::Cheapest> Capacity::cheapest(double requests) const {
  std::optional<Cheapest> best;
  Evaluation evaluation;
  for (std::size_t i = 0; i < deployments_.size(); ++i)
    if (const std::optional<double> usd = month(i, requests, evaluation); usd && (!best || *usd < best->usd_per_month))
      best = {i, *usd};
  return best;
}

std::vector<BillItem> items_of(const Plan& plan, const Evaluation& evaluation, std::optional<double> total,
                               double requests) {
  std::vector<BillItem> items;
  for (const Term& term : plan.terms()) {
    const Known usd = evaluation.of(term.node);
    BillItem item{term.id, term.label, term.category, std::nullopt, std::nullopt, std::nullopt};
    if (usd.known) item.usd_per_month = usd.value;
    if (usd.known && requests > 0) item.usd_per_request = usd.value / requests;
    if (usd.known && total && *total > 0) item.share = usd.value / *total;
    items.push_back(item);
  }
  return items;
}

void add_figures(const Plan& plan, const Evaluation& evaluation, std::vector<Figure>& figures) {
  for (const Named& named : plan.named()) {
    const bool is_term =
        std::any_of(plan.terms().begin(), plan.terms().end(), [&](const Term& t) { return t.node == named.node; });
    if (plan.nodes()[named.node].op == Op::input || is_term) continue;
    const Known value = evaluation.of(named.node);
    figures.push_back({named.id, named.label, value.known ? std::optional(value.value) : std::nullopt, named.unit});
  }
}

OwnCapacity Capacity::report(double requests) {
  OwnCapacity own;
  own.model = &model_;
  Evaluation evaluation;
  std::vector<std::size_t> order(deployments_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    Deployment& d = deployments_[i];
    d.rent_source = rents_[i].source;
    d.usd_per_month = month(i, requests, evaluation);
    if (!d.reason.empty()) continue;
    if (!d.usd_per_month) {
      d.reason = "No price of it is known for this way of paying: give one.";
      continue;
    }
    d.replicas = figure_of(fleet_plan_, evaluation, "replicas_at_peak");
    d.gpus_at_peak = figure_of(fleet_plan_, evaluation, "gpus_at_peak");
    d.utilisation = figure_of(fleet_plan_, evaluation, "utilisation");
    d.usd_per_mtok = figure_of(fleet_plan_, evaluation, "own_usd_per_mtok");
  }
  sort_stably(order, [&](std::size_t a, std::size_t b) {
    const Deployment &x = deployments_[a], &y = deployments_[b];
    if (x.reason.empty() != y.reason.empty()) return x.reason.empty();
    return x.reason.empty() && *x.usd_per_month < *y.usd_per_month;
  });
  for (const std::size_t i : order) own.deployments.push_back(deployments_[i]);
  if (order.empty() || !own.deployments.front().reason.empty()) {
    own.problem = Error{Code::impossible, model_.id, "No GPU of the list can serve " + model_.name + " like this.",
                        "Allow more time or fewer bits, or name another model."};
    return own;
  }
  const std::size_t first = order.front();
  own.per_month = month(first, requests, evaluation);
  own.items = items_of(fleet_plan_, evaluation, own.per_month, requests);
  add_figures(fleet_plan_, evaluation, own.figures);
  Error problem;
  Values replica = replica_values(deployments_[first], deployments_[first].concurrency, problem);
  if (!replica.evaluate(evaluation)) {
    const auto of = [&](std::string_view id) { return figure_of(replica_plan_, evaluation, id).value_or(0); };
    own.memory = {of("memory.capacity_gib"), of("memory.usable_gib"), of("memory.weights_gib"),
                  of("memory.reserve_gib"),  of("memory.room_gib"),   of("memory.request_gib")};
    add_figures(replica_plan_, evaluation, own.figures);
  }
  if (scenario_.value("utilisation_ratio"))
    own.notices.push_back({"assumption", "The utilisation was typed in: load, peaks and whole replicas do not count."});
  return own;
}

enum ChoiceId : std::size_t { api, hosted, capacity, own, small, hybrid, choice_count };
constexpr std::array<std::string_view, choice_count> choice_ids = {"api", "hosted", "capacity",
                                                                   "own", "small",  "hybrid"};
constexpr std::array<std::string_view, choice_count> choice_labels = {
    "The chosen model, by the token", "The same open model, hosted",
    "Provisioned capacity",           "Own capacity",
    "A fine-tuned small model",       "Hybrid"};
using Costs = std::array<std::optional<double>, choice_count>;

/// A month bought by the token, priced again for other traffic.
class ByToken {
 public:
  ByToken(const Engine& engine, Engine::Priced priced)
      : engine_(engine), priced_(std::move(priced)), conversations_(value_of("conversations_per_day")) {}
  struct Month {
    double inference;
    double tools;  ///< of it: helper requests and fees, which stay whoever serves the model
    double capacity_tokens;
  };
  [[nodiscard]] std::optional<Month> at(double factor, double capacity_units = 0) {
    priced_.put("conversations_per_day", conversations_ * factor);
    priced_.put("capacity_units", capacity_units);
    if (engine_.reprice(priced_)) return std::nullopt;
    const auto inference = priced_.figure("inference_per_month");
    if (priced_.status != Status::ok || !inference) return std::nullopt;
    Month month{*inference, 0, priced_.figure("capacity_tokens_needed").value_or(0)};
    for (const Term& term : priced_.plan->terms())
      if (term.category == Category::tools && priced_.evaluation.of(term.node).known)
        month.tools += priced_.evaluation.of(term.node).value;
    return month;
  }
  [[nodiscard]] const Engine::Priced& priced() const { return priced_; }

 private:
  [[nodiscard]] double value_of(std::string_view id) const {
    const std::size_t at = priced_.plan->input_index(id);
    return at < priced_.binding.inputs.size() ? priced_.binding.inputs[at].value : 0;
  }
  const Engine& engine_;
  Engine::Priced priced_;
  double conversations_;
};

/// The open model that a scenario names, or the one behind its chosen model; nullptr where that is not open.
Result<const OpenModel*> open_model_of(const Hardware& hardware, const Scenario& scenario, const Model& chosen,
                                       std::string_view parameter) {
  const std::string_view named = scenario.reference(parameter);
  if (!named.empty()) {
    Result<const OpenModel*> model = hardware.find_open_model(named);
    if (model) return *model;
    Error error = model.error();
    error.where = std::string(parameter);
    return error;
  }
  const OpenModel* behind = nullptr;
  if (parameter == "own_model")
    for (const OpenModel& model : hardware.models)
      for (const std::string& key : model.hosted)
        if (key == chosen.key || key == chosen.resold_from) behind = &model;
  return behind;
}

/// Tokens of the open model for one of the chosen model; 1 where it is not known.
double tokens_of(const Catalog& catalog, const OpenModel& model, const Model& chosen) {
  if (!chosen.tokenizer_ratio || !(*chosen.tokenizer_ratio > 0)) return 1;
  for (const std::string& key : model.hosted)
    if (const Result<const Model*> host = catalog.find_model(key); host && (*host)->tokenizer_ratio)
      return *(*host)->tokenizer_ratio / *chosen.tokenizer_ratio;
  return 1;
}

/// All ways to buy, for one scenario at any traffic.
class Market {
 public:
  Market(const Engine& engine, const Catalog& catalog, const Hardware& hardware, const Scenario& scenario, Moment today)
      : engine_(engine), catalog_(catalog), hardware_(hardware), scenario_(scenario), today_(today) {}
  /// @param like  looks only at the GPUs of this one's cheapest deployments: for scenarios that differ little
  [[nodiscard]] std::optional<Error> open(const Plan& replica_plan, const Plan& fleet_plan, const Market* like);
  /// What each choice costs in a month with so many times the scenario's traffic.
  [[nodiscard]] Costs costs(double factor);
  [[nodiscard]] bool allowed(std::size_t choice) const { return excluded(choice).empty(); }
  [[nodiscard]] std::string excluded(std::size_t choice) const;
  /// Of those that are allowed the cheapest; choice_count if none has a price.
  [[nodiscard]] std::size_t best(const Costs& costs) const;

  std::optional<ByToken> by_token;
  std::vector<std::pair<const Model*, ByToken>> hosts;  ///< of the same open model
  const OpenModel* own_model = nullptr;
  const OpenModel* small_model = nullptr;
  std::optional<Capacity> own_capacity, small_capacity;
  Demand demand;

 private:
  const Engine& engine_;
  const Catalog& catalog_;
  const Hardware& hardware_;
  const Scenario& scenario_;
  Moment today_;
};

std::string Market::excluded(std::size_t choice) const {
  const bool own_gpus = choice == own || choice == small || choice == hybrid;
  const bool leaves = choice != own && !(choice == small && scenario_.value("small_escalation_ratio").value_or(0) == 0);
  if (leaves && scenario_.choice("data_must_stay") == "yes") return "The data must stay on own capacity.";
  if (own_gpus && scenario_.choice("gpu_people") == "no") return "There is nobody to run GPUs.";
  const double wait = scenario_.value("first_token_seconds").value_or(0);
  const double speed = scenario_.value("tokens_per_second").value_or(1);
  if (!own_gpus && (wait > scenario_.value("first_token_limit_seconds").value_or(wait) ||
                    1 / speed > scenario_.value("token_limit_seconds").value_or(1)))
    return "It is slower than the limits that you set.";
  return "";
}

std::size_t Market::best(const Costs& costs) const {
  std::size_t best = choice_count;
  for (std::size_t i = 0; i < choice_count; ++i)
    if (costs[i] && allowed(i) && (best == choice_count || *costs[i] < *costs[best])) best = i;
  return best;
}

std::optional<Error> Market::open(const Plan& replica_plan, const Plan& fleet_plan, const Market* like) {
  Result<Engine::Priced> priced = engine_.price(catalog_, scenario_, today_);
  if (!priced) return priced.error();
  if (priced->status != Status::ok) return Error{Code::unpriced, scenario_.model, priced->reason, ""};
  const Model& chosen = *priced->binding.model;
  const Result<const OpenModel*> open = open_model_of(hardware_, scenario_, chosen, "own_model");
  if (!open) return open.error();
  own_model = *open;
  const Result<const OpenModel*> tuned = open_model_of(hardware_, scenario_, chosen, "small_model");
  if (!tuned) return tuned.error();
  small_model = *tuned;

  const auto capacity_for = [&](const OpenModel& model, bool is_tuned, std::optional<Capacity>& place,
                                const std::optional<Capacity>* known) -> std::optional<Error> {
    const Result<Demand> wanted = demand_of(*priced, tokens_of(catalog_, model, chosen));
    if (!wanted) return wanted.error();
    demand = *wanted;
    place.emplace(hardware_, replica_plan, fleet_plan, scenario_, model, *wanted, is_tuned);
    return place->size(known != nullptr && known->has_value() ? &**known : nullptr);
  };
  if (small_model != nullptr)
    if (auto error =
            capacity_for(*small_model, true, small_capacity, like != nullptr ? &like->small_capacity : nullptr))
      return error;
  if (own_model != nullptr) {
    if (auto error = capacity_for(*own_model, false, own_capacity, like != nullptr ? &like->own_capacity : nullptr))
      return error;
    for (const Model* host : hosted_at(*own_model, catalog_, priced->binding.date)) {
      if (host == &chosen) continue;
      Scenario there = scenario_;
      there.model = host->key;
      Result<Engine::Priced> at_host = engine_.price(catalog_, there, today_);
      if (!at_host || at_host->status != Status::ok) continue;
      hosts.emplace_back(host, ByToken(engine_, std::move(at_host).value()));
    }
  } else if (small_model == nullptr) {
    const Result<Demand> wanted = demand_of(*priced, 1);
    if (!wanted) return wanted.error();
    demand = *wanted;
  }
  by_token.emplace(engine_, std::move(priced).value());
  // The cheapest host first: it is the one that is shown.
  sort_stably(hosts, [](const auto& a, const auto& b) {
    return a.second.priced().figure("inference_per_month").value_or(0) <
           b.second.priced().figure("inference_per_month").value_or(0);
  });
  return std::nullopt;
}

Costs Market::costs(double factor) {
  Costs costs;
  const auto month = by_token->at(factor);
  if (!month) return costs;
  costs[api] = month->inference;
  for (auto& [model, host] : hosts)
    if (const auto there = host.at(factor); there && (!costs[hosted] || there->inference < *costs[hosted]))
      costs[hosted] = there->inference;
  const auto number = [&](std::string_view id) { return scenario_.value(id).value_or(0); };
  if (number("capacity_units") > 0) {
    const double per_unit = number("capacity_tokens_per_minute") * number("days_per_month") * 24 * 60 *
                            number("capacity_utilisation_ratio");
    if (const auto provisioned = by_token->at(factor, round_up(month->capacity_tokens / per_unit)))
      costs[capacity] = provisioned->inference;
  }
  // Whoever serves the model, tools and helper requests are paid as before.
  if (own_capacity) {
    if (const auto cheapest = own_capacity->cheapest(own_capacity->requests() * factor))
      costs[own] = cheapest->usd_per_month + month->tools;
    const double share = number("own_share_ratio");
    const auto cheapest = own_capacity->cheapest(own_capacity->requests() * factor * share);
    const auto rest = by_token->at(factor * (1 - share));
    if (cheapest && rest) costs[hybrid] = cheapest->usd_per_month + rest->inference - rest->tools + month->tools;
  }
  if (small_capacity) {
    const double passed_on = number("small_escalation_ratio");
    const auto cheapest = small_capacity->cheapest(small_capacity->requests() * factor);
    const auto rest = by_token->at(factor * passed_on);
    if (cheapest && rest) costs[small] = cheapest->usd_per_month + rest->inference - rest->tools + month->tools;
  }
  return costs;
}

/// Halves a span of factors until both ends are alike; the end where `holds` is still what it is at `low`.
template <class Holds>
double last_where(double low, double high, Holds holds) {
  for (int i = 0; i < 60 && high / low > 1 + 1e-9; ++i) {
    // The geometric middle without a logarithm would need a root; the arithmetic one converges as well.
    const double middle = low + (high - low) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

constexpr std::size_t curve_points = 121;
constexpr double curve_from = 0.01, curve_to = 10000;

/// A choice within a sentence: "own capacity (Llama 3.3 70B on 4 x H100)".
std::string choice_text(const Decision& decision, std::string_view id, bool with_what = true) {
  for (const Choice& choice : decision.choices) {
    if (choice.id != id) continue;
    std::string text = choice.label;
    text[0] = static_cast<char>(text[0] | 0x20);  // labels begin with a plain capital letter
    return choice.what.empty() || !with_what ? text : text + " (" + choice.what + ")";
  }
  return "";
}

std::string deployment_text(const OwnCapacity& own) {
  if (own.deployments.empty() || !own.deployments.front().reason.empty()) return own.model->name;
  const Deployment& d = own.deployments.front();
  return own.model->name + " on " + number_text(d.gpus_at_peak.value_or(d.gpus)) + " × " + d.gpu->name;
}

/// Where an input of the replica comes from, as far as it is not computed.
std::string replica_input_source(std::string_view id, const Deployment& deployment) {
  if (id.starts_with("gpu_")) return deployment.gpu->source;
  if (id.starts_with("model_")) return deployment.model->source;
  if (id.starts_with("factor_")) return "fitted on published measurements, docs/throughput.md";
  return "";
}

/// What is moved to see whether the choice changes.
constexpr std::string_view moved[] = {"conversations_per_day", "prompt_tokens",  "output_tokens",
                                      "gpu_usd_per_hour",      "peak_multiple",  "server_people_fte",
                                      "spare_replicas",        "discount_ratio", "small_escalation_ratio"};

/// The value of a parameter after a move by `factor`; absent where it cannot be moved so far.
std::optional<double> moved_value(std::string_view id, double from, double factor) {
  // A discount is moved by what it leaves of the price.
  const double to = id == "discount_ratio" ? 1 - (1 - from) / factor : from * factor;
  const Parameter& parameter = parameters()[parameter_index(id)];
  if (to < parameter.min || to > parameter.max) return std::nullopt;
  return to;
}

class Flips {
 public:
  Flips(const Engine& engine, const Catalog& catalog, const Hardware& hardware, const Scenario& scenario, Moment today,
        const Plan& replica_plan, const Plan& fleet_plan, const Market& market, std::size_t best)
      : engine_(engine),
        catalog_(catalog),
        hardware_(hardware),
        scenario_(scenario),
        today_(today),
        replica_plan_(replica_plan),
        fleet_plan_(fleet_plan),
        market_(market),
        best_(best) {}
  /// The smallest move of each input that changes the choice, the smallest of all first.
  [[nodiscard]] std::vector<Flip> find() const {
    struct Found {
      double size;
      Flip flip;
    };
    std::vector<Found> found;
    for (const std::string_view id : moved) {
      const std::optional<double> from = now(id);
      if (!from || (!(*from > 0) && id != "discount_ratio")) continue;
      std::optional<Found> nearest;
      for (const bool up : {true, false}) {
        double inside = 1;
        for (const double step : {1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0}) {
          const std::size_t then = best_at(id, *from, up ? step : 1 / step);
          if (then == choice_count) break;
          if (then == best_) {
            inside = step;
            continue;
          }
          const double last =
              last_where(inside, step, [&](double f) { return best_at(id, *from, up ? f : 1 / f) == best_; });
          const double beyond = last * (1 + 1e-6);
          const std::size_t choice = best_at(id, *from, up ? beyond : 1 / beyond);
          if (choice < choice_count && (!nearest || last < nearest->size))
            nearest = Found{last, {id, *from, *moved_value(id, *from, up ? beyond : 1 / beyond), choice_ids[choice]}};
          break;
        }
      }
      if (nearest) found.push_back(*nearest);
    }
    sort_stably(found, [](const Found& a, const Found& b) { return a.size < b.size; });
    std::vector<Flip> flips;
    for (const Found& one : found)
      if (flips.size() < 3) flips.push_back(one.flip);
    return flips;
  }

 private:
  [[nodiscard]] std::optional<double> now(std::string_view id) const {
    if (const auto value = scenario_.value(id)) return value;
    // A rent is that of one GPU: where none is named, another one would take its place.
    if (id != "gpu_usd_per_hour" || !market_.own_capacity || scenario_.reference("own_gpu").empty())
      return std::nullopt;
    return market_.own_capacity->rent(market_.own_capacity->requests());
  }
  /// The best choice after a move; choice_count where there is none or it cannot be moved so far.
  [[nodiscard]] std::size_t best_at(std::string_view id, double from, double factor) const {
    const std::optional<double> to = moved_value(id, from, factor);
    Scenario there = scenario_;
    if (!to || there.set_number(id, *to)) return choice_count;
    Market market(engine_, catalog_, hardware_, there, today_);
    if (market.open(replica_plan_, fleet_plan_, &market_)) return choice_count;
    return market.best(market.costs(1));
  }

  const Engine& engine_;
  const Catalog& catalog_;
  const Hardware& hardware_;
  const Scenario& scenario_;
  Moment today_;
  const Plan& replica_plan_;
  const Plan& fleet_plan_;
  const Market& market_;
  std::size_t best_;
};

std::string verdict(const Decision& decision, std::size_t best, const Costs& costs, const Market& market) {
  if (best == choice_count) return "Nothing that is allowed has a price.";
  std::size_t next = choice_count;
  for (std::size_t i = 0; i < choice_count; ++i)
    if (i != best && costs[i] && market.allowed(i) && (next == choice_count || *costs[i] < *costs[next])) next = i;
  std::string text =
      "The cheapest is " + choice_text(decision, choice_ids[best]) + " at " + usd_text(*costs[best]) + " USD a month";
  if (next == choice_count)
    text += ", and all that is left.";
  else
    text += "; next comes " + choice_text(decision, choice_ids[next]) + " with " + usd_text(*costs[next]) + ".";
  // From where own capacity pays for good: a staircase may pay for a while before.
  if (market.own_capacity && costs[own] && best != own && best != hybrid) {
    const Crossing* last = nullptr;
    for (const std::string_view other : {choice_ids[best], choice_ids[api]})
      if (last == nullptr)
        for (const Crossing& crossing : decision.crossings)
          if ((crossing.below == other && crossing.above == "own") ||
              (crossing.below == "own" && crossing.above == other))
            last = &crossing;
    if (last != nullptr && last->above == "own" && last->requests_per_month > decision.here)
      text += " Own capacity costs less than " + choice_text(decision, last->below, false) + " from " +
              brief_text(last->requests_per_month) + " requests a month on, " +
              brief_text(last->requests_per_month / decision.here) + " times as many.";
  }
  for (const Flip& flip : decision.flips) {
    const Parameter& parameter = parameters()[parameter_index(flip.parameter)];
    text += " With \"" + std::string(parameter.label) + "\" at " + brief_text(flip.to) + " instead of " +
            brief_text(flip.from) + " it would be " + choice_text(decision, flip.choice, false) + ".";
  }
  return text;
}
}  // namespace

Result<SelfHost> SelfHost::create() {
  Result<Plan> replica = replica_plan();
  if (!replica) return replica.error();
  Result<Plan> fleet = fleet_plan();
  if (!fleet) return fleet.error();
  return SelfHost(std::move(replica).value(), std::move(fleet).value());
}

Result<Decision> SelfHost::decide(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                  const Scenario& scenario, Moment today) const {
  Market market(engine, catalog, hardware, scenario, today);
  if (auto error = market.open(replica_, fleet_, nullptr)) return *std::move(error);

  Decision decision;
  const Costs costs = market.costs(1);
  decision.here = market.demand.requests;
  if (market.own_capacity) {
    decision.own = market.own_capacity->report(market.own_capacity->requests());
  } else {
    decision.own.problem = Error{
        Code::unsupported, "own_model",
        market.by_token->priced().binding.model->name + " is not among the open models, so nobody else can run it.",
        "Name an open model that is good enough in its place."};
  }
  if (market.small_capacity) decision.small = market.small_capacity->report(market.small_capacity->requests());

  std::array<std::string, choice_count> what;
  what[api] = market.by_token->priced().binding.model->name;
  if (!market.hosts.empty()) what[hosted] = market.hosts.front().first->key;
  if (market.own_capacity) what[own] = deployment_text(decision.own);
  if (decision.small) what[small] = deployment_text(*decision.small);
  what[hybrid] = percent_text(scenario.value("own_share_ratio").value_or(0)) + " on own capacity";
  const bool provisioned = scenario.value("capacity_units").value_or(0) > 0;
  for (std::size_t i = 0; i < choice_count; ++i) {
    if ((i == capacity && !provisioned) || (i == small && !decision.small)) continue;
    Choice choice{
        choice_ids[i], std::string(choice_labels[i]), what[i], costs[i], market.excluded(i), market.allowed(i), {}};
    if (!costs[i] && choice.reason.empty())
      choice.reason = i == hosted ? "Nobody in the price list sells it by the token."
                      : decision.own.problem && (i == own || i == hybrid) ? decision.own.problem->message
                                                                          : "It cannot serve, or a price is not known.";
    decision.choices.push_back(std::move(choice));
  }

  // Curves, and every place where own capacity meets the price by the token. Between two points a staircase may cross
  // more than once: points stand closer together than replicas are added up to forty of them.
  constexpr std::size_t between = 4;
  if (decision.here > 0) {
    const SweepAxis axis{"", curve_from, curve_to, static_cast<std::uint32_t>((curve_points - 1) * between + 1),
                         Scale::log};
    const std::vector<double> factors = axis_values(axis);
    Costs before;
    for (std::size_t k = 0; k < factors.size(); ++k) {
      const Costs at = market.costs(factors[k]);
      if (k % between == 0) {
        decision.requests_per_month.push_back(decision.here * factors[k]);
        for (Choice& choice : decision.choices)
          choice.curve.push_back(at[static_cast<std::size_t>(
              std::find(choice_ids.begin(), choice_ids.end(), choice.id) - choice_ids.begin())]);
      }
      for (const auto& [mine, other] : {std::pair(own, api), std::pair(own, hosted), std::pair(small, api)}) {
        if (k == 0 || !before[mine] || !before[other] || !at[mine] || !at[other]) continue;
        const bool was = *before[mine] < *before[other];
        if (was == (*at[mine] < *at[other])) continue;
        const double where = last_where(factors[k - 1], factors[k], [&, mine = mine, other = other](double f) {
          const Costs there = market.costs(f);
          return there[mine] && there[other] && (*there[mine] < *there[other]) == was;
        });
        decision.crossings.push_back({decision.here * where, market.costs(where)[other].value_or(0),
                                      choice_ids[was ? mine : other], choice_ids[was ? other : mine]});
      }
      before = at;
    }
  }
  const std::size_t best = market.best(costs);
  if (best < choice_count) {
    decision.best = choice_ids[best];
    decision.flips = Flips(engine, catalog, hardware, scenario, today, replica_, fleet_, market, best).find();
  }
  decision.verdict = verdict(decision, best, costs, market);
  return decision;
}

Result<Explanation> SelfHost::explain(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                      const Scenario& scenario, Moment today, std::string_view item) const {
  const Plan& plan = fleet_.find(item) != nullptr ? fleet_ : replica_;
  const Named* named = plan.find(item);
  if (named == nullptr)
    return Error{Code::unknown_item, std::string(item), "Own capacity has no figure of this name.",
                 "own_total, utilisation and replica.first_token are some; the result lists all."};
  Market market(engine, catalog, hardware, scenario, today);
  if (auto error = market.open(replica_, fleet_, nullptr)) return *std::move(error);
  const std::optional<Capacity>& capacity = market.own_capacity ? market.own_capacity : market.small_capacity;
  const auto first = capacity ? capacity->cheapest(capacity->requests()) : std::nullopt;
  if (!first) return Error{Code::impossible, "own_model", "There is no own capacity that could serve.", ""};
  const Deployment& deployment = capacity->deployments()[first->deployment];
  Evaluation evaluation;
  if (&plan == &fleet_) {
    static_cast<void>(capacity->month(first->deployment, capacity->requests(), evaluation));
  } else {
    Error problem;
    if (auto error = capacity->replica_values(deployment, deployment.concurrency, problem).evaluate(evaluation))
      return *std::move(error);
  }
  return explanation_of(plan, evaluation, *named, [&](const Named& one) {
    Use use;
    use.id = one.id;
    use.label = one.label;
    use.unit = one.unit;
    const Known value = evaluation.of(one.node);
    if (value.known) use.value = value.value;
    use.is_input = plan.nodes()[one.node].op == Op::input;
    use.origin = use.is_input ? Origin::assumption : Origin::derived;
    if (const std::size_t at = parameter_index(one.id); use.is_input && at < parameters().size()) {
      const bool given = scenario.values[at].has_value();
      use.origin = given ? Origin::user : Origin::defaulted;
      use.source = given ? "entered by you" : std::string(parameters()[at].source);
      use.note = parameters()[at].help;
    } else if (one.id.starts_with("gpu.")) {
      use.origin = Origin::seller;
      use.source = capacity->rent_source(first->deployment);
    } else if (use.is_input) {
      use.source = replica_input_source(one.id, deployment);
    }
    return use;
  });
}

}  // namespace tokenbill
