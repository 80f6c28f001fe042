#include "tokenbill/selfhost.h"

#include <algorithm>
#include <array>

#include "explanation.h"
#include "flips.h"
#include "market.h"
#include "tokenbill/format.h"
#include "tokenbill/plans.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

namespace {
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

/// How old the price of the host that is shown is, and which ones do not count.
std::string note_of_hosts(const Market& market) {
  std::string note;
  if (!market.hosts.empty()) {
    const auto& [model, month] = market.hosts.front();
    note = "Price checked on " + moment_text(month.priced().binding.row->checked) + ".";
    if (model->retires) note += " It is retired on " + moment_text(*model->retires) + ".";
  }
  for (const Model* host : market.stale_hosts)
    note += (note.empty() ? "" : " ") + host->key + " does not count: its price was last checked on " +
            moment_text(row_at(*host, ServiceTier::standard, market.by_token->priced().binding.date)->checked) + ".";
  return note;
}

std::size_t index_of(std::string_view choice) {
  return static_cast<std::size_t>(std::find(choice_ids.begin(), choice_ids.end(), choice) - choice_ids.begin());
}

std::string deployment_text(const OwnCapacity& own) {
  if (own.deployments.empty() || !own.deployments.front().reason.empty()) return own.model->name;
  const Deployment& d = own.deployments.front();
  return own.model->name + " on " + number_text(d.gpus_at_peak.value_or(d.gpus)) + " × " + d.gpu->name;
}

/// Where an input of the replica comes from, as far as it is not computed.
std::string replica_input_source(std::string_view id, const Deployment& deployment, const EngineMemory& memory) {
  if (id.starts_with("factor_reserve_") || id == "factor_memory" || id == "factor_free_memory")
    return std::string(memory.source);
  if (id.starts_with("gpu_")) return deployment.gpu->source;
  if (id.starts_with("model_")) return deployment.model->source;
  if (id.starts_with("factor_")) return "fitted on published measurements, docs/throughput.md";
  return "";
}

std::string verdict(const Decision& decision, std::size_t best, const Costs& costs, const Market& market) {
  if (best == choice_count) return "Nothing that is allowed has a price.";
  std::size_t next = choice_count;
  for (std::size_t i = 0; i < choice_count; ++i)
    if (i != best && costs[i] && market.allowed(i) && (next == choice_count || *costs[i] < *costs[next])) next = i;
  std::string text =
      "The cheapest is " + choice_text(decision, choice_ids[best]) + " at " + usd_text(*costs[best]) + " USD a month";
  if (next == choice_count)
    text += ", the only way that is left.";
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
  const Offers offers{engine, catalog, hardware, replica_, fleet_, today};
  Market market(offers, scenario);
  if (auto error = market.open()) return *std::move(error);

  Decision decision;
  Market::OnGpus on_gpus;
  const Costs costs = market.costs(1, every_choice, &on_gpus);
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
    Choice choice;
    choice.id = choice_ids[i];
    choice.label = choice_labels[i];
    choice.what = what[i];
    choice.usd_per_month = costs[i];
    choice.reason = market.excluded(i);
    choice.allowed = market.allowed(i);
    choice.usd_on_gpus = on_gpus.usd[i];
    choice.usd_low = on_gpus.low[i];
    choice.usd_high = on_gpus.high[i];
    if (i == hosted) choice.note = note_of_hosts(market);
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
    constexpr unsigned crossed = 1u << own | 1u << hosted | 1u << small;
    Costs before;
    for (std::size_t k = 0; k < factors.size(); ++k) {
      const bool drawn = k % between == 0;
      const Costs at = market.costs(factors[k], drawn ? every_choice : crossed, drawn ? &on_gpus : nullptr);
      if (drawn) {
        decision.requests_per_month.push_back(decision.here * factors[k]);
        for (Choice& choice : decision.choices) {
          const std::size_t i = index_of(choice.id);
          choice.curve.push_back(at[i]);
          if (i != own && i != small && i != hybrid) continue;
          choice.curve_low.push_back(on_gpus.low[i]);
          choice.curve_high.push_back(on_gpus.high[i]);
        }
      }
      for (const auto& [mine, other] : {std::pair(own, api), std::pair(own, hosted), std::pair(small, api)}) {
        if (k == 0 || !before[mine] || !before[other] || !at[mine] || !at[other]) continue;
        const bool was = *before[mine] < *before[other];
        if (was == (*at[mine] < *at[other])) continue;
        const double where = last_where(factors[k - 1], factors[k], [&, mine = mine, other = other](double f) {
          const Costs there = market.costs(f, 1u << mine | 1u << other);
          return there[mine] && there[other] && (*there[mine] < *there[other]) == was;
        });
        decision.crossings.push_back({decision.here * where, market.costs(where, 1u << other)[other].value_or(0),
                                      choice_ids[was ? mine : other], choice_ids[was ? other : mine]});
      }
      before = at;
    }
  }
  const std::size_t best = market.best(costs);
  if (best < choice_count) {
    decision.best = choice_ids[best];
    decision.flips = find_flips(market, best);
  }
  decision.verdict = verdict(decision, best, costs, market);
  return decision;
}

Result<Explanation> SelfHost::explain(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                      const Scenario& scenario, Moment today, std::string_view item) const {
  // "small/own_total": the choice before the figure.
  const std::size_t slash = item.find('/');
  const std::string_view choice = slash == std::string_view::npos ? std::string_view() : item.substr(0, slash);
  const std::string_view whole_item = item;
  if (!choice.empty()) item.remove_prefix(slash + 1);
  const bool known_choice = choice.empty() || choice == "own" || choice == "small" || choice == "hybrid";
  const Plan& plan = fleet_.find(item) != nullptr ? fleet_ : replica_;
  const Named* named = plan.find(item);
  if (named == nullptr || !known_choice)
    return Error{Code::unknown_item, std::string(whole_item), "Own capacity has no figure of this name.",
                 "own_total, small/own_total and replica.first_token are some; the result lists all."};
  const Offers offers{engine, catalog, hardware, replica_, fleet_, today};
  Market market(offers, scenario);
  if (auto error = market.open()) return *std::move(error);
  const bool of_small = choice == "small" || (choice.empty() && !market.own_capacity);
  std::optional<Capacity>& capacity = of_small ? market.small_capacity : market.own_capacity;
  const double share = choice == "hybrid" ? scenario.value("own_share_ratio").value_or(0) : 1;
  const auto first = capacity ? capacity->cheapest(capacity->requests() * share) : std::nullopt;
  if (!first) return Error{Code::impossible, "own_model", "There is no own capacity that could serve.", ""};
  const Deployment& deployment = capacity->deployments()[first->deployment];
  Evaluation evaluation;
  if (&plan == &fleet_) {
    evaluation = capacity->evaluation(first->deployment);
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
      use.source = replica_input_source(one.id, deployment, engine_memory(capacity->replica_of(deployment)));
    }
    return use;
  });
}

}  // namespace tokenbill
