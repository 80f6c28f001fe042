#include "tokenbill/engine.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bill_lines.h"
#include "explanation.h"
#include "order.h"
#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// The nodes that the items above 0 stand on. A product is 0 whatever its other factor is, and of two branches only the
/// one that is reached counts.
std::vector<char> nodes_in_use(const Plan& plan, const Evaluation& evaluation) {
  std::vector<char> used(plan.nodes().size());
  for (const Term& term : plan.terms())
    if (const Known value = evaluation.of(term.node); value.value != 0 || !value.known) used[term.node] = 1;
  for (std::size_t i = used.size(); i-- > 0;) {
    const Node& node = plan.nodes()[i];
    if (!used[i] || node.op == Op::input || node.op == Op::constant) continue;
    const auto zero = [&](NodeId arg) { return evaluation.of(arg).known && evaluation.of(arg).value == 0; };
    const bool cut = node.op == Op::mul && (zero(node.args[0]) || zero(node.args[1]));
    for (std::size_t k = 0; k < node.args.size(); ++k) {
      const NodeId arg = node.args[k];
      if (arg == no_node || (cut && !zero(arg)) || (node.op == Op::add && zero(arg))) continue;
      if (node.op == Op::above && k >= 2 &&
          (evaluation.of(node.args[0]).value > evaluation.of(node.args[1]).value) != (k == 2))
        continue;
      used[arg] = 1;
    }
  }
  return used;
}

/// "The largest part of the bill is Output with 50 %, followed by Input with 40 %."
std::string dominating_sentence(const std::vector<BillItem>& items) {
  std::vector<std::pair<double, Category>> shares;
  for (const BillItem& item : items) {
    if (!item.share) return "";
    const auto found =
        std::find_if(shares.begin(), shares.end(), [&](const auto& s) { return s.second == item.category; });
    if (found == shares.end())
      shares.emplace_back(*item.share, item.category);
    else
      found->first += *item.share;
  }
  sort_stably(shares, [](const auto& a, const auto& b) { return a.first > b.first; });
  if (shares.empty() || !(shares[0].first > 0)) return "";
  std::string text = "The largest part of the bill is " + std::string(category_label(shares[0].second)) + " with " +
                     percent_text(shares[0].first);
  if (shares.size() > 1 && shares[1].first >= 0.05)
    text += ", followed by " + std::string(category_label(shares[1].second)) + " with " + percent_text(shares[1].first);
  return text + ".";
}
}  // namespace

Result<Engine> Engine::create() {
  Engine engine;
  if (auto error = engine.build({})) return *std::move(error);
  return engine;
}

std::optional<Error> Engine::build(const MonthShape& shape) const {
  Result<Plan> built = month_plan(shape);
  if (!built) return built.error();
  auto month = std::make_shared<Month>(Month{shape, std::move(built).value(), {}});
  const auto node = [&](std::string_view id) {
    const Named* named = month->plan.find(id);
    return named != nullptr ? named->node : no_node;
  };
  Nodes& nodes = month->nodes;
  nodes.total = node("total");
  nodes.per_request = node("total_per_request");
  nodes.per_conversation = node("total_per_conversation");
  nodes.per_day = node("total_per_day");
  nodes.per_year = node("total_per_year");
  nodes.inference = node("inference_per_month");
  nodes.inference_per_request = node("inference_per_request");
  nodes.requests = node("requests_per_month");
  nodes.cacheable = node("cacheable_tokens");
  nodes.hit = node("hit_ratio");
  nodes.break_even_hit = node("cache_break_even_hit_ratio");
  for (std::size_t i = 0; i < role_count; ++i) {
    const std::string prefix(role_prefix(static_cast<Role>(i)));
    nodes.prompt[i] = node(prefix + "prompt_size");
    nodes.output[i] = node(prefix + "output_size");
  }
  if (months_.size() >= most_plans) months_.pop_back();
  months_.insert(months_.begin(), std::move(month));
  return std::nullopt;
}

// Every shape is built by a test: what cannot be built here does not exist.
std::shared_ptr<const Engine::Month> Engine::month(const MonthShape& shape) const {
  const auto found =
      std::find_if(months_.begin(), months_.end(), [&](const auto& month) { return month->shape == shape; });
  if (found == months_.end())
    static_cast<void>(build(shape));
  else
    std::rotate(months_.begin(), found, found + 1);
  return months_.front();
}

namespace {
std::string limit_problem(const Model& model, double prompt, double output, bool is_chosen) {
  const std::string who = is_chosen ? "" : model.name + ": ";
  if (model.context_tokens && prompt + output > *model.context_tokens)
    return who + "A prompt of " + number_text(prompt) + " tokens and an answer of " + number_text(output) + " need " +
           number_text(prompt + output) + " tokens; the model's context holds " + number_text(*model.context_tokens) +
           ".";
  if (model.max_output_tokens && output > *model.max_output_tokens)
    return who + "An answer of " + number_text(output) + " tokens is longer than the model's limit of " +
           number_text(*model.max_output_tokens) + ".";
  return "";
}
}  // namespace

// Completes the status of a binding that was evaluated: impossible requests are refused, missing prices are told.
void Engine::settle(const Month& month, Binding& binding, Evaluation& evaluation) {
  if (binding.status != Status::ok) return;
  const Named* cap = month.shape.caps ? month.plan.find("usd_cap_requests") : nullptr;
  const bool uncapped = cap != nullptr && binding.inputs[month.plan.input_index("usd_cap_given")].value > 0 &&
                        !evaluation.of(cap->node).known;
  if (uncapped && !evaluation.of(month.nodes.total).known) {
    binding.status = Status::unpriced;
    binding.reason = "A price that the cap on the cost of a conversation needs is not known.";
    return;
  }
  for (std::size_t i = 0; i < role_count; ++i) {
    if (month.nodes.prompt[i] == no_node || binding.models[i] == nullptr) continue;
    if (!evaluation.of(month.nodes.prompt[i]).known) {
      if (uncapped) continue;  // nobody sends it
      binding.status = Status::unpriced;
      binding.reason = "How many tokens " + binding.models[i]->name +
                       " counts for these images, pages, sounds or films is not known.";
      return;
    }
    std::string problem = limit_problem(*binding.models[i], evaluation.of(month.nodes.prompt[i]).value,
                                        evaluation.of(month.nodes.output[i]).value, i == 0);
    if (problem.empty()) continue;
    binding.status = Status::impossible;
    binding.reason = std::move(problem);
    return;
  }
  if (!evaluation.of(month.nodes.total).known) {
    for (const Term& term : month.plan.terms()) {
      if (evaluation.of(term.node).known) continue;
      binding.status = Status::unpriced;
      binding.reason = "The price that \"" + term.label + "\" needs is not known.";
      break;
    }
  }
}

// What the figures themselves say: a cache that costs more than it saves, a limit of the seller or a long-context cliff
// that was crossed.
void Engine::add_notices(const Month& month, const Scenario& scenario, const Binding& binding,
                         const Evaluation& evaluation, std::vector<Notice>& notices) {
  const Plan& plan = month.plan;
  const Nodes& nodes = month.nodes;
  const auto limit = [&](std::string_view parameter, NodeId node, std::string_view text, std::string_view what) {
    const std::optional<double> most = scenario.value(parameter);
    const Known found = evaluation.of(node);
    const Unit& unit = parameters()[parameter_index(parameter)].unit;
    if (most && found.known && found.value > *most)
      notices.push_back({"limit", std::string(text) + quantity_text(found.value, unit) + std::string(what) +
                                      ", more than the seller's limit of " + quantity_text(*most, unit) + "."});
  };
  limit("spending_limit_usd_per_month", nodes.inference, "Inference is ", " USD a month");
  limit("rate_limit_tokens_per_minute", plan.find("peak_tokens_per_minute")->node, "The busiest minute has ",
        " prompt tokens");
  const Known cacheable = evaluation.of(nodes.cacheable);
  const Known hit = evaluation.of(nodes.hit);
  const Known needed = evaluation.of(nodes.break_even_hit);
  const bool given = month.shape.history == History::given;
  if (given && cacheable.value > 0 && hit.known && needed.known && hit.value < needed.value)
    notices.push_back({"caching", "The cache costs more than it saves: " + percent_text(hit.value) +
                                      " of the requests find the prefix, and it pays from " +
                                      percent_text(needed.value) + " on."});
  const bool cache_on = binding.inputs[plan.input_index("cache_on")].value > 0;
  const auto cached = [&](std::string_view id) { return evaluation.of(plan.find(id)->node).value > 0; };
  if (cache_on && cacheable.value == 0 && !cached("conversation_read_tokens") && !cached("conversation_write_tokens"))
    notices.push_back(
        {"caching",
         "Nothing is cached: what repeats at the start of the prompts is shorter than the model's minimum of " +
             number_text(binding.model->cache->minimum_tokens) + " tokens."});

  const double prompt = evaluation.of(nodes.prompt[0]).value;
  const ContextTier* crossed = nullptr;
  for (const ContextTier& tier : binding.row->context_tiers)
    if (prompt > tier.threshold || (tier.inclusive && prompt == tier.threshold)) crossed = &tier;
  if (crossed == nullptr) return;
  if (!given || month.shape.subagents) {
    notices.push_back({"cliff", "The longest prompt of a conversation has " + number_text(prompt) +
                                    " tokens: requests " + (crossed->inclusive ? "not below " : "above ") +
                                    number_text(crossed->threshold) + " are billed at the long-context price, whole."});
    return;
  }
  // The same request with just as much text less as brings it back below the step.
  const std::size_t text_input = plan.input_index("prompt_tokens");
  const double last_cheap = crossed->inclusive ? crossed->threshold - 1 : crossed->threshold;
  const double cut = (prompt - last_cheap) / (binding.token_factor > 0 ? binding.token_factor : 1);
  std::vector<Known> inputs = binding.inputs;
  std::string text = "The prompt of " + number_text(prompt) + " tokens is " +
                     (crossed->inclusive ? "not below " : "above ") + number_text(crossed->threshold) +
                     ": the whole request is billed at the long-context price.";
  if (cut < inputs[text_input].value) {
    inputs[text_input].value -= cut;
    Evaluation shorter;
    if (!evaluate_into(plan, inputs, shorter) && shorter.of(nodes.inference_per_request).known)
      text += " With " + number_text(last_cheap) + " tokens a request would cost " +
              usd_text(shorter.of(nodes.inference_per_request).value) + " USD instead of " +
              usd_text(evaluation.of(nodes.inference_per_request).value) + ".";
  }
  notices.push_back({"cliff", std::move(text)});
}

std::optional<double> Engine::Priced::figure(std::string_view id) const {
  if (status == Status::unsuitable || status == Status::impossible || evaluation.values.empty()) return std::nullopt;
  return figure_of(*plan, evaluation, id);
}

void Engine::Priced::put(std::string_view id, double value) {
  const std::size_t at = plan->input_index(id);
  if (at < binding.inputs.size()) binding.inputs[at] = {value, true};
}

Result<Engine::Priced> Engine::price(const Catalog& catalog, const Scenario& scenario, Moment today) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Result<MonthShape> shape = shape_of(catalog, scenario, *chosen);
  if (!shape) return shape.error();
  Priced priced;
  const std::shared_ptr<const Month> held = month(*shape);
  priced.plan = &held->plan;
  priced.held = held;
  Binder(*priced.plan, catalog, scenario, today).bind_into(**chosen, **chosen, false, priced.binding);
  priced.status = priced.binding.status;
  priced.reason = priced.binding.reason;
  if (priced.binding.row != nullptr && priced.status == Status::ok)
    if (auto error = reprice(priced)) return *std::move(error);
  return priced;
}

std::optional<Error> Engine::reprice(Priced& priced) const {
  if (auto error = evaluate_into(*priced.plan, priced.binding.inputs, priced.evaluation)) return error;
  return reprice(priced, {});
}

std::optional<Error> Engine::reprice(Priced& priced, std::span<const NodeId> nodes) const {
  if (auto error = evaluate_again(*priced.plan, nodes, priced.binding.inputs, priced.evaluation)) return error;
  priced.binding.status = Status::ok;
  priced.binding.reason.clear();
  settle(*static_cast<const Month*>(priced.held.get()), priced.binding, priced.evaluation);
  priced.status = priced.binding.status;
  priced.reason = priced.binding.reason;
  return std::nullopt;
}

Result<Bill> Engine::estimate(const Catalog& catalog, const Scenario& scenario, Moment today) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Result<MonthShape> shape = shape_of(catalog, scenario, *chosen);
  if (!shape) return shape.error();
  const std::shared_ptr<const Month> held = this->month(*shape);
  const Month& month = *held;
  const Plan& plan = month.plan;
  const Nodes& nodes = month.nodes;
  const Binder binder(plan, catalog, scenario, today);
  Binding binding = binder.bind(**chosen, **chosen);

  Bill bill;
  bill.model = binding.model;
  bill.seller = binding.seller;
  bill.date = binding.date;
  Evaluation evaluation;
  if (binding.row != nullptr) {
    if (auto error = evaluate_into(plan, binding.inputs, evaluation)) return *std::move(error);
    settle(month, binding, evaluation);
  }
  bill.status = binding.status;
  bill.notices = std::move(binding.notices);
  if (bill.status != Status::ok) {
    const Code code = bill.status == Status::unpriced     ? Code::unpriced
                      : bill.status == Status::impossible ? Code::impossible
                                                          : Code::unsupported;
    bill.problem = Error{code, bill.model->key, binding.reason,
                         bill.status == Status::impossible
                             ? "Shorten the prompt or the answer, or choose a model with a larger context."
                         : bill.status == Status::unpriced
                             ? "Choose another date, service tier or model; the total stays unknown until then."
                             : "Choose another model; the comparison lists those that can serve."};
  }
  if (binding.row == nullptr || bill.status == Status::impossible || bill.status == Status::unsuitable) return bill;

  add_notices(month, scenario, binding, evaluation, bill.notices);
  const auto of = [&](NodeId node) { return amount(evaluation.of(node)); };
  if (bill.status == Status::ok) {
    bill.per_month = of(nodes.total);
    bill.per_request = of(nodes.per_request);
    bill.per_conversation = of(nodes.per_conversation);
    bill.per_day = of(nodes.per_day);
    bill.per_year = of(nodes.per_year);
  }
  bill.inference_per_month = of(nodes.inference);
  bill.inference_per_request = of(nodes.inference_per_request);

  bill.items = items_of(plan, evaluation, bill.per_month, evaluation.of(nodes.requests).value);
  bill.sentence = dominating_sentence(bill.items);
  bill.figures = figures_of(plan, evaluation);
  const std::vector<char> in_use = nodes_in_use(plan, evaluation);
  for (std::size_t i = 0; i < plan.inputs().size(); ++i) {
    const PlanInput& input = plan.inputs()[i];
    if (!in_use[input.node]) continue;
    // Price levels that this model does not have repeat the level below: only those in use are listed.
    const bool tier_input = input.id.find(".tier") != std::string::npos || input.id.starts_with("context_tier.");
    const bool peak_input = input.id.find(".peak") != std::string::npos;
    if ((tier_input && binding.row->context_tiers.empty()) || (peak_input && binding.window == nullptr)) continue;
    const Use use = describe(month, binding, evaluation, binder.prices(), *plan.name_of(input.node));
    bill.inputs.push_back({input.id, input.label, use.value, input.unit, use.origin, use.source, use.checked});
  }
  return bill;
}

Result<Comparison> Engine::compare(const Catalog& catalog, const Scenario& scenario, Moment today) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Result<MonthShape> others = shape_of(catalog, scenario, nullptr);
  if (!others) return others.error();
  // One plan for each number of context tiers that models have.
  std::array<std::optional<Binder>, max_context_tiers + 1> binders;
  std::array<std::shared_ptr<const Month>, max_context_tiers + 1> held;
  Comparison comparison;
  comparison.baseline = *chosen;
  comparison.rows.reserve(catalog.models.size());
  Binding binding;
  Evaluation evaluation;
  for (const Model& model : catalog.models) {
    MonthShape shape = *others;
    shape.tiers = std::max(shape.tiers, tiers_of(model));
    std::shared_ptr<const Month>& of_shape = held[shape.tiers];
    if (!of_shape) of_shape = this->month(shape);
    const Month& month = *of_shape;
    const Nodes& nodes = month.nodes;
    std::optional<Binder>& binder = binders[shape.tiers];
    if (!binder) binder.emplace(month.plan, catalog, scenario, today);
    binder->bind_into(model, **chosen, false, binding);
    comparison.date = binding.date;
    ComparisonRow row;
    row.model = &model;
    row.seller = binding.seller;
    row.row = binding.row;
    row.token_factor = binding.token_factor;
    if (binding.row != nullptr && binding.status == Status::ok) {
      if (auto error = evaluate_into(month.plan, binding.inputs, evaluation)) return *std::move(error);
      settle(month, binding, evaluation);
      if (binding.status == Status::ok) {
        const auto of = [&](NodeId node) { return amount(evaluation.of(node)); };
        row.usd_per_month = of(nodes.total);
        row.inference_usd_per_month = of(nodes.inference);
        row.usd_per_request = of(nodes.per_request);
        row.inference_usd_per_request = of(nodes.inference_per_request);
      }
    }
    row.status = binding.status;
    row.reason = std::move(binding.reason);
    comparison.rows.push_back(std::move(row));
  }
  sort_stably(comparison.rows, [](const ComparisonRow& a, const ComparisonRow& b) {
    if (a.usd_per_month.has_value() != b.usd_per_month.has_value()) return a.usd_per_month.has_value();
    if (!a.usd_per_month) return a.status < b.status;
    if (*a.usd_per_month != *b.usd_per_month) return *a.usd_per_month < *b.usd_per_month;
    return a.model->key < b.model->key;
  });
  const auto base = std::find_if(comparison.rows.begin(), comparison.rows.end(),
                                 [&](const ComparisonRow& row) { return row.model == comparison.baseline; });
  const std::optional<double> reference = base->usd_per_month;
  int rank = 0;
  for (ComparisonRow& row : comparison.rows) {
    if (!row.usd_per_month) break;
    row.rank = ++rank;
    if (reference && *reference > 0) row.ratio_to_baseline = *row.usd_per_month / *reference;
  }
  return comparison;
}

Use Engine::describe(const Month& month, const Binding& binding, const Evaluation& evaluation,
                     const PriceInputs& prices, const Named& named) {
  Use use;
  use.id = named.id;
  use.label = named.label;
  use.value = amount(evaluation.of(named.node));
  use.unit = named.unit;
  const Node& node = month.plan.nodes()[named.node];
  if (node.op != Op::input) {
    use.origin = Origin::derived;
    return use;
  }
  use.is_input = true;
  use.origin = binding.origins[node.input];
  if (const std::size_t parameter = parameter_index(named.id); parameter < parameters().size()) {
    use.source = use.origin == Origin::user ? "entered by you" : std::string(parameters()[parameter].source);
    use.note = parameters()[parameter].help;
    return use;
  }
  const std::uint8_t place = use.origin == Origin::seller ? binding.source_of_input[node.input] : std::uint8_t{0};
  if (place > 0) {
    const InputSource& from = binding.sources[place - 1u];
    use.source = from.source;
    use.checked = from.checked;
    use.note = from.note;
    const auto slot = std::find_if(prices.slots().begin(), prices.slots().end(),
                                   [&](const PriceInputs::Slot& s) { return s.input == node.input; });
    if (slot != prices.slots().end() && slot->level == 0 && !slot->peak && from.row != nullptr) {
      const TokenClass priced =
          slot->token_class == TokenClass::cache_write ? from.cache_write_class : slot->token_class;
      if (const auto own = from.row->prices[static_cast<std::size_t>(priced)]; !own && use.value)
        use.note = "The seller lists no price of its own for this class; another one stands in. " + use.note;
      for (const Disagreement& other : from.row->disagreements)
        if (const auto value = other.prices[static_cast<std::size_t>(priced)])
          use.disagreements.push_back({other.source, *value, other.note});
    }
  }
  if (named.id == "token_factor")
    use.note = "Tokenizers differ: the same text is more or fewer tokens. " + binding.model->tokenizer_note;
  return use;
}

Result<Explanation> Engine::explain(const Catalog& catalog, const Scenario& scenario, Moment today,
                                    std::string_view item) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Result<MonthShape> shape = shape_of(catalog, scenario, *chosen);
  if (!shape) return shape.error();
  const std::shared_ptr<const Month> held = this->month(*shape);
  const Month& month = *held;
  const Plan& plan = month.plan;
  const Named* named = plan.find(item);
  if (named == nullptr) {
    std::string known;
    for (const Term& term : plan.terms()) known += (known.empty() ? "" : ", ") + term.id;
    return Error{Code::unknown_item, std::string(item), "The bill has no figure of this name.",
                 "Items are: total, " + known + ". Every figure and input of the bill can be explained as well."};
  }
  const Binder binder(plan, catalog, scenario, today);
  Binding binding = binder.bind(**chosen, **chosen);
  Evaluation evaluation;
  if (binding.row != nullptr) {
    if (auto error = evaluate_into(plan, binding.inputs, evaluation)) return *std::move(error);
    settle(month, binding, evaluation);
  }
  if (binding.row == nullptr || binding.status == Status::impossible || binding.status == Status::unsuitable)
    return Error{binding.status == Status::impossible ? Code::impossible : Code::unpriced, binding.model->key,
                 binding.reason, ""};

  return explanation_of(plan, evaluation, *named,
                        [&](const Named& one) { return describe(month, binding, evaluation, binder.prices(), one); });
}

}  // namespace tokenbill
