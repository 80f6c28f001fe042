#include "tokenbill/engine.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tokenbill/explain.h"
#include "tokenbill/format.h"

namespace tokenbill {

namespace {
std::optional<double> amount(Known known) { return known.known ? std::optional(known.value) : std::nullopt; }

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
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (shares.empty() || !(shares[0].first > 0)) return "";
  std::string text = "The largest part of the bill is " + std::string(category_label(shares[0].second)) + " with " +
                     percent_text(shares[0].first);
  if (shares.size() > 1 && shares[1].first >= 0.05)
    text += ", followed by " + std::string(category_label(shares[1].second)) + " with " + percent_text(shares[1].first);
  return text + ".";
}
}  // namespace

Result<Engine> Engine::create() {
  Result<Plan> plan = month_plan();
  if (!plan) return plan.error();
  return Engine(std::move(plan).value());
}

Engine::Engine(Plan plan) : plan_(std::move(plan)) {
  const auto node = [&](std::string_view id) { return plan_.find(id)->node; };
  nodes_ = {node("total"),
            node("total_per_request"),
            node("total_per_conversation"),
            node("total_per_day"),
            node("total_per_year"),
            node("inference_per_month"),
            node("inference_per_request"),
            node("requests_per_month"),
            node("prompt_size"),
            node("output_size"),
            node("cacheable_tokens"),
            node("hit_ratio"),
            node("cache_break_even_hit_ratio")};
}

std::string Engine::limit_problem(const Model& model, const Evaluation& evaluation) const {
  const double prompt = evaluation.of(nodes_.prompt).value;
  const double output = evaluation.of(nodes_.output).value;
  if (model.context_tokens && prompt + output > *model.context_tokens)
    return "A prompt of " + number_text(prompt) + " tokens and an answer of " + number_text(output) + " need " +
           number_text(prompt + output) + " tokens; the model's context holds " + number_text(*model.context_tokens) +
           ".";
  if (model.max_output_tokens && output > *model.max_output_tokens)
    return "An answer of " + number_text(output) + " tokens is longer than the model's limit of " +
           number_text(*model.max_output_tokens) + ".";
  return "";
}

// Completes the status of a binding that was evaluated: impossible requests are refused, missing prices are told.
void Engine::settle(Binding& binding, Evaluation& evaluation) const {
  if (binding.status != Status::ok) return;
  if (std::string problem = limit_problem(*binding.model, evaluation); !problem.empty()) {
    binding.status = Status::impossible;
    binding.reason = std::move(problem);
  } else if (!evaluation.of(nodes_.inference).known) {
    for (const Term& term : plan_.terms()) {
      if (evaluation.of(term.node).known) continue;
      binding.status = Status::unpriced;
      binding.reason = "The price that \"" + term.label + "\" needs is not known.";
      break;
    }
  }
}

// What the figures themselves say: a cache that costs more than it saves, a long-context cliff that was crossed.
void Engine::add_notices(const Binding& binding, const Evaluation& evaluation, std::vector<Notice>& notices) const {
  const Known cacheable = evaluation.of(nodes_.cacheable);
  const Known hit = evaluation.of(nodes_.hit);
  const Known needed = evaluation.of(nodes_.break_even_hit);
  if (cacheable.value > 0 && hit.known && needed.known && hit.value < needed.value)
    notices.push_back({"caching", "The cache costs more than it saves: " + percent_text(hit.value) +
                                      " of the requests find the prefix, and it pays from " +
                                      percent_text(needed.value) + " on."});
  const bool cache_on = binding.inputs[plan_.input_index("cache_on")].value > 0;
  if (cache_on && cacheable.value == 0)
    notices.push_back(
        {"caching", "Nothing is cached: the unchanging start of the prompt is shorter than the model's minimum of " +
                        number_text(binding.model->cache->minimum_tokens) + " tokens."});

  const double prompt = evaluation.of(nodes_.prompt).value;
  const ContextTier* crossed = nullptr;
  for (const ContextTier& tier : binding.row->context_tiers)
    if (prompt > tier.threshold || (tier.inclusive && prompt == tier.threshold)) crossed = &tier;
  if (crossed == nullptr) return;
  // The same request with just as much text less as brings it back below the step.
  const std::size_t text_input = plan_.input_index("prompt_tokens");
  const double last_cheap = crossed->inclusive ? crossed->threshold - 1 : crossed->threshold;
  const double cut = (prompt - last_cheap) / (binding.token_factor > 0 ? binding.token_factor : 1);
  std::vector<Known> inputs = binding.inputs;
  std::string text = "The prompt of " + number_text(prompt) + " tokens is " +
                     (crossed->inclusive ? "not below " : "above ") + number_text(crossed->threshold) +
                     ": the whole request is billed at the long-context price.";
  if (cut < inputs[text_input].value) {
    inputs[text_input].value -= cut;
    Evaluation shorter;
    if (!evaluate_into(plan_, inputs, shorter) && shorter.of(nodes_.inference_per_request).known)
      text += " With " + number_text(last_cheap) + " tokens a request would cost " +
              usd_text(shorter.of(nodes_.inference_per_request).value) + " USD instead of " +
              usd_text(evaluation.of(nodes_.inference_per_request).value) + ".";
  }
  notices.push_back({"cliff", std::move(text)});
}

Result<Bill> Engine::estimate(const Catalog& catalog, const Scenario& scenario, Moment today) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Binder binder(plan_, catalog, scenario, today);
  Binding binding = binder.bind(**chosen, **chosen);

  Bill bill;
  bill.model = binding.model;
  bill.seller = binding.seller;
  bill.date = binding.date;
  Evaluation evaluation;
  if (binding.row != nullptr) {
    if (auto error = evaluate_into(plan_, binding.inputs, evaluation)) return *std::move(error);
    settle(binding, evaluation);
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

  add_notices(binding, evaluation, bill.notices);
  const auto of = [&](NodeId node) { return amount(evaluation.of(node)); };
  bill.per_month = of(nodes_.total);
  bill.per_request = of(nodes_.per_request);
  bill.per_conversation = of(nodes_.per_conversation);
  bill.per_day = of(nodes_.per_day);
  bill.per_year = of(nodes_.per_year);
  bill.inference_per_month = of(nodes_.inference);
  bill.inference_per_request = of(nodes_.inference_per_request);

  const Known requests = evaluation.of(nodes_.requests);
  for (const Term& term : plan_.terms()) {
    BillItem item{term.id, term.label, term.category, of(term.node), std::nullopt, std::nullopt};
    if (item.usd_per_month && requests.value > 0) item.usd_per_request = *item.usd_per_month / requests.value;
    if (item.usd_per_month && bill.per_month && *bill.per_month > 0) item.share = *item.usd_per_month / *bill.per_month;
    bill.items.push_back(item);
  }
  bill.sentence = dominating_sentence(bill.items);
  for (const Named& named : plan_.named()) {
    const bool is_input = plan_.nodes()[named.node].op == Op::input;
    const bool is_term =
        std::any_of(plan_.terms().begin(), plan_.terms().end(), [&](const Term& t) { return t.node == named.node; });
    if (!is_input && !is_term) bill.figures.push_back({named.id, named.label, of(named.node), named.unit});
  }
  for (std::size_t i = 0; i < plan_.inputs().size(); ++i) {
    const PlanInput& input = plan_.inputs()[i];
    // Price levels that this model does not have repeat the level below: only those in use are listed.
    const bool tier_input = input.id.find(".tier") != std::string::npos || input.id.starts_with("context_tier.");
    const bool peak_input = input.id.find(".peak") != std::string::npos;
    if ((tier_input && binding.row->context_tiers.empty()) || (peak_input && binding.window == nullptr)) continue;
    const Use use = describe(binding, evaluation, binder.prices(), *plan_.name_of(input.node));
    bill.inputs.push_back({input.id, input.label, use.value, input.unit, use.origin, use.source, use.checked});
  }
  return bill;
}

Result<Comparison> Engine::compare(const Catalog& catalog, const Scenario& scenario, Moment today) const {
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Binder binder(plan_, catalog, scenario, today);
  Comparison comparison;
  comparison.baseline = *chosen;
  comparison.rows.reserve(catalog.models.size());
  Binding binding;
  Evaluation evaluation;
  for (const Model& model : catalog.models) {
    binder.bind_into(model, **chosen, false, binding);
    comparison.date = binding.date;
    ComparisonRow row;
    row.model = &model;
    row.seller = binding.seller;
    row.row = binding.row;
    row.token_factor = binding.token_factor;
    if (binding.row != nullptr && binding.status == Status::ok) {
      if (auto error = evaluate_into(plan_, binding.inputs, evaluation)) return *std::move(error);
      settle(binding, evaluation);
      if (binding.status == Status::ok) {
        const auto of = [&](NodeId node) { return amount(evaluation.of(node)); };
        row.usd_per_month = of(nodes_.total);
        row.inference_usd_per_month = of(nodes_.inference);
        row.usd_per_request = of(nodes_.per_request);
        row.inference_usd_per_request = of(nodes_.inference_per_request);
      }
    }
    row.status = binding.status;
    row.reason = std::move(binding.reason);
    comparison.rows.push_back(std::move(row));
  }
  std::stable_sort(comparison.rows.begin(), comparison.rows.end(), [](const ComparisonRow& a, const ComparisonRow& b) {
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

Use Engine::describe(const Binding& binding, const Evaluation& evaluation, const PriceInputs& prices,
                     const Named& named) const {
  Use use;
  use.id = named.id;
  use.label = named.label;
  use.value = amount(evaluation.of(named.node));
  use.unit = named.unit;
  const Node& node = plan_.nodes()[named.node];
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
  if (use.origin == Origin::seller && binding.row != nullptr) {
    use.source = binding.row->source;
    use.checked = binding.row->checked;
    use.note = binding.row->note;
    const auto slot = std::find_if(prices.slots().begin(), prices.slots().end(),
                                   [&](const PriceInputs::Slot& s) { return s.input == node.input; });
    if (slot != prices.slots().end() && slot->level == 0 && !slot->peak) {
      const TokenClass priced =
          slot->token_class == TokenClass::cache_write ? binding.cache_write_class : slot->token_class;
      if (const auto own = binding.row->prices[static_cast<std::size_t>(priced)]; !own && use.value)
        use.note = "The seller lists no price of its own for this class; another one stands in. " + use.note;
      for (const Disagreement& other : binding.row->disagreements)
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
  const Named* named = plan_.find(item);
  if (named == nullptr) {
    std::string known;
    for (const Term& term : plan_.terms()) known += (known.empty() ? "" : ", ") + term.id;
    return Error{Code::unknown_item, std::string(item), "The bill has no figure of this name.",
                 "Items are: total, " + known + ". Every figure and input of the bill can be explained as well."};
  }
  const Binder binder(plan_, catalog, scenario, today);
  Binding binding = binder.bind(**chosen, **chosen);
  Evaluation evaluation;
  if (binding.row != nullptr) {
    if (auto error = evaluate_into(plan_, binding.inputs, evaluation)) return *std::move(error);
    settle(binding, evaluation);
  }
  if (binding.row == nullptr || binding.status == Status::impossible || binding.status == Status::unsuitable)
    return Error{binding.status == Status::impossible ? Code::impossible : Code::unpriced, binding.model->key,
                 binding.reason, ""};

  Explanation explanation;
  explanation.subject = describe(binding, evaluation, binder.prices(), *named);
  if (plan_.nodes()[named->node].op == Op::input) return explanation;
  FormulaText text = formula_text(plan_, evaluation, named->node);
  explanation.formula = std::move(text.names);
  explanation.numbers =
      std::move(text.numbers) + " = " +
      (explanation.subject.value ? quantity_text(*explanation.subject.value, named->unit) : std::string("unknown"));
  for (const NodeId use : text.uses)
    explanation.uses.push_back(describe(binding, evaluation, binder.prices(), *plan_.name_of(use)));
  for (const std::string& condition : text.conditions)
    explanation.note += (explanation.note.empty() ? "" : "; ") + condition;
  if (!explanation.note.empty()) explanation.note += ".";
  return explanation;
}

}  // namespace tokenbill
