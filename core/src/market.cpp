#include "market.h"

#include "order.h"
#include "tokenbill/numeric.h"
#include "tokenbill/parameter.h"

namespace tokenbill {

namespace {
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
}  // namespace

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

namespace {
/// Whether a parameter is of own capacity alone: prices by the token do not know it.
bool is_of_own(std::string_view parameter) {
  const std::string_view group = parameters()[parameter_index(parameter)].group;
  return group == "own" || group == "tuning";
}

/// Whether nobody has seen this price for so long that it must not be the cheapest.
bool is_stale(const Model& host, Moment date) {
  constexpr std::int64_t most_days = 180;
  const PriceRow* row = row_at(host, ServiceTier::standard, date);
  return row != nullptr && day_number(date) - day_number(row->checked) > most_days;
}
}  // namespace

std::optional<Error> Market::open(const Market* like, std::string_view moved) {
  const bool same_prices = like != nullptr && is_of_own(moved);
  if (same_prices) {
    by_token = like->by_token;
    hosts = like->hosts;
    if (!by_token->at(1)) return Error{Code::unpriced, scenario_.model, by_token->priced().reason, ""};
  } else {
    Result<Engine::Priced> found = offers_.engine.price(offers_.catalog, scenario_, offers_.today);
    if (!found) return found.error();
    if (found->status != Status::ok) return Error{Code::unpriced, scenario_.model, found->reason, ""};
    by_token.emplace(offers_.engine, std::move(found).value());
  }
  const Engine::Priced& priced = by_token->priced();
  const Model& chosen = *priced.binding.model;
  const Result<const OpenModel*> open = open_model_of(offers_.hardware, scenario_, chosen, "own_model");
  if (!open) return open.error();
  own_model = *open;
  const Result<const OpenModel*> tuned = open_model_of(offers_.hardware, scenario_, chosen, "small_model");
  if (!tuned) return tuned.error();
  small_model = *tuned;

  const auto capacity_for = [&](const OpenModel& model, bool is_tuned, std::optional<Capacity>& place,
                                const std::optional<Capacity>* known) -> std::optional<Error> {
    const Result<Demand> wanted = demand_of(priced, tokens_of(offers_.catalog, model, chosen));
    if (!wanted) return wanted.error();
    demand = *wanted;
    place.emplace(offers_.hardware, offers_.replica_plan, offers_.fleet_plan, scenario_, model, *wanted, is_tuned);
    return place->size(known != nullptr && known->has_value() ? &**known : nullptr);
  };
  if (small_model != nullptr)
    if (auto error =
            capacity_for(*small_model, true, small_capacity, like != nullptr ? &like->small_capacity : nullptr))
      return error;
  if (own_model != nullptr) {
    if (auto error = capacity_for(*own_model, false, own_capacity, like != nullptr ? &like->own_capacity : nullptr))
      return error;
    if (!same_prices) price_hosts();
  } else if (small_model == nullptr) {
    const Result<Demand> wanted = demand_of(priced, 1);
    if (!wanted) return wanted.error();
    demand = *wanted;
  }
  return std::nullopt;
}

void Market::price_hosts() {
  const Engine::Priced& priced = by_token->priced();
  for (const Model* host : hosted_at(*own_model, offers_.catalog, priced.binding.date)) {
    if (host == priced.binding.model) continue;
    if (is_stale(*host, priced.binding.date)) {
      stale_hosts.push_back(host);
      continue;
    }
    Scenario there = scenario_;
    there.model = host->key;
    Result<Engine::Priced> at_host = offers_.engine.price(offers_.catalog, there, offers_.today);
    if (!at_host || at_host->status != Status::ok) continue;
    hosts.emplace_back(host, ByToken(offers_.engine, std::move(at_host).value()));
  }
  // The cheapest host first: it is the one that is shown.
  sort_stably(hosts, [](const auto& a, const auto& b) {
    return a.second.priced().figure("inference_per_month").value_or(0) <
           b.second.priced().figure("inference_per_month").value_or(0);
  });
}

Costs Market::costs(double factor, unsigned wanted, OnGpus* on_gpus) {
  const auto wants = [&](ChoiceId choice) { return (wanted >> choice & 1) != 0; };
  Costs costs;
  const auto month = by_token->at(factor);
  if (!month) return costs;
  costs[api] = month->inference;
  if (wants(hosted))
    for (auto& [model, host] : hosts)
      if (const auto there = host.at(factor); there && (!costs[hosted] || there->inference < *costs[hosted]))
        costs[hosted] = there->inference;
  const auto number = [&](std::string_view id) { return scenario_.value(id).value_or(0); };
  if (wants(capacity) && number("capacity_units") > 0) {
    const double per_unit = number("capacity_tokens_per_minute") * number("days_per_month") * 24 * 60 *
                            number("capacity_utilisation_ratio");
    if (const auto provisioned = by_token->at(factor, round_up(month->capacity_tokens / per_unit)))
      costs[capacity] = provisioned->inference;
  }
  // Whoever serves the model, tools and helper requests are paid as before. What GPUs do not serve is bought by the
  // token.
  const auto with_gpus = [&](ChoiceId choice, std::optional<Capacity>& gpu_capacity, double served, double bought) {
    if (!gpu_capacity || !wants(choice)) return;
    const double requests = gpu_capacity->requests() * factor * served;
    const auto cheapest = gpu_capacity->cheapest(requests);
    double rest_usd = month->tools;
    if (choice != own) {
      const auto rest = by_token->at(factor * bought);
      if (!rest) return;
      rest_usd = rest->inference - rest->tools + month->tools;
    }
    if (!cheapest) return;
    costs[choice] = cheapest->usd_per_month + rest_usd;
    if (on_gpus == nullptr) return;
    on_gpus->usd[choice] = cheapest->usd_per_month;
    if (const auto spread = gpu_capacity->spread(cheapest->deployment, requests)) {
      on_gpus->low[choice] = spread->low + rest_usd;
      on_gpus->high[choice] = spread->high + rest_usd;
    }
  };
  const double share = number("own_share_ratio");
  with_gpus(own, own_capacity, 1, 0);
  with_gpus(hybrid, own_capacity, share, 1 - share);
  with_gpus(small, small_capacity, 1, number("small_escalation_ratio"));
  return costs;
}

}  // namespace tokenbill
