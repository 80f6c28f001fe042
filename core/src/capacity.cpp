#include "capacity.h"

#include <algorithm>

#include "bill_lines.h"
#include "order.h"
#include "tokenbill/format.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
WeightFormat weight_format_of(std::string_view option) {
  return option == "bf16"  ? WeightFormat::bf16
         : option == "fp8" ? WeightFormat::fp8
         : option == "fp4" ? WeightFormat::fp4
                           : WeightFormat::native;
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
}  // namespace

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
  replica.memory_ratio = scenario_.value("engine_memory_ratio");
  replica.draft_tokens = scenario_.value("draft_tokens").value_or(0);
  replica.acceptance = scenario_.value("draft_acceptance_ratio").value_or(0);
  replica.draft_share = scenario_.value("draft_cost_ratio").value_or(0);
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
      if (demand_.has_tokens_of(like->demand_))
        deployments_.push_back(known);
      else
        size_one(*known.gpu, known.gpus);
      if (scenario_.value("gpu_usd_per_hour") == like->scenario_.value("gpu_usd_per_hour"))
        rents_.push_back(like->rents_[like->cheapest_first_[i]]);
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
  for (std::size_t i = 0; i < deployments_.size(); ++i) {
    const Gpu* gpu = deployments_[i].gpu;
    if (rents_.size() <= i)  // looked up once for each GPU
      rents_.push_back(i > 0 && deployments_[i - 1].gpu == gpu ? rents_.back() : rents_of(hardware_, *gpu, scenario_));
    fleets_.push_back({fleet_values(deployments_[i], rents_[i]), {}});
  }
  std::vector<std::pair<double, std::size_t>> costs;
  for (std::size_t i = 0; i < deployments_.size(); ++i)
    if (const auto usd = month(i, demand_.requests)) costs.emplace_back(*usd, i);
  sort_stably(costs, [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [usd, i] : costs) cheapest_first_.push_back(i);
}

std::optional<double> Capacity::month(std::size_t deployment, double requests) {
  if (!deployments_[deployment].reason.empty()) return std::nullopt;
  auto& [inputs, evaluation] = fleets_[deployment];
  inputs.put(requests_input_, requests);
  inputs.put(input_tokens_input_, requests * demand_.prompt_tokens);
  inputs.put(output_tokens_input_, requests * demand_.output_tokens);
  const bool first = evaluation.values.empty();
  if (first ? inputs.evaluate(evaluation) : evaluate_again(fleet_plan_, moved_by_load_, inputs.inputs(), evaluation))
    return std::nullopt;
  return amount(evaluation.of(total_));
}

// At the same number of requests at once, a replica that writes more gives each of them back sooner.
std::optional<Capacity::Spread> Capacity::spread(std::size_t deployment, double requests) {
  const Deployment& d = deployments_[deployment];
  if (!month(deployment, requests)) return std::nullopt;
  Values inputs = fleets_[deployment].inputs;
  Evaluation evaluation;
  const auto at = [&](double output) -> std::optional<double> {
    inputs.put(seconds_input_, d.request_seconds * d.output_tokens_per_second / output);
    if (inputs.evaluate(evaluation)) return std::nullopt;
    return amount(evaluation.of(total_));
  };
  const std::optional<double> low = at(d.output_high), high = at(d.output_low);
  return low && high ? std::optional(Spread{*low, *high}) : std::nullopt;
}

std::optional<Capacity::Cheapest> Capacity::cheapest(double requests) {
  std::optional<Cheapest> best;
  for (std::size_t i = 0; i < deployments_.size(); ++i)
    if (const std::optional<double> usd = month(i, requests); usd && (!best || *usd < best->usd_per_month))
      best = {i, *usd};
  return best;
}

OwnCapacity Capacity::report(double requests) {
  OwnCapacity own;
  own.model = &model_;
  std::vector<std::size_t> order(deployments_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    Deployment& d = deployments_[i];
    d.rent_source = rents_[i].source;
    d.usd_per_month = month(i, requests);
    if (!d.reason.empty()) continue;
    if (!d.usd_per_month) {
      d.reason = "No price of it is known for this way of paying: give one.";
      continue;
    }
    d.replicas = figure_of(fleet_plan_, evaluation(i), "replicas_at_peak");
    d.gpus_at_peak = figure_of(fleet_plan_, evaluation(i), "gpus_at_peak");
    d.utilisation = figure_of(fleet_plan_, evaluation(i), "utilisation");
    d.usd_per_mtok = figure_of(fleet_plan_, evaluation(i), "own_usd_per_mtok");
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
  own.per_month = deployments_[first].usd_per_month;
  own.items = items_of(fleet_plan_, evaluation(first), own.per_month, requests);
  own.figures = figures_of(fleet_plan_, evaluation(first));
  Evaluation evaluation;
  Error problem;
  Values replica = replica_values(deployments_[first], deployments_[first].concurrency, problem);
  if (!replica.evaluate(evaluation)) {
    const auto of = [&](std::string_view id) { return figure_of(replica_plan_, evaluation, id).value_or(0); };
    own.memory = {of("memory.capacity_gib"), of("memory.usable_gib"), of("memory.weights_gib"),
                  of("memory.reserve_gib"),  of("memory.room_gib"),   of("memory.request_gib")};
    const std::vector<Figure> of_replica = figures_of(replica_plan_, evaluation);
    own.figures.insert(own.figures.end(), of_replica.begin(), of_replica.end());
  }
  if (scenario_.value("utilisation_ratio"))
    own.notices.push_back({"assumption", "The utilisation was typed in: load, peaks and whole replicas do not count."});
  return own;
}

}  // namespace tokenbill
