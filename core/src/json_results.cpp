#include "tokenbill/json_results.h"

#include "tokenbill/format.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {
void checked_or_null(JsonWriter& w, const std::optional<Moment>& checked) {
  w.key("checked");
  checked ? w.value(moment_text(*checked)) : w.null();
}

void write_use(JsonWriter& w, const Use& use) {
  w.member("id", use.id).member("label", use.label);
  w.member("value", use.value);
  w.member("unit_text", unit_text(use.unit)).member("kind", use.is_input ? "input" : "figure");
  w.member("origin", origin_id(use.origin)).member("source", use.source);
  checked_or_null(w, use.checked);
  w.member("note", use.note).key("disagreements").begin_array();
  for (const Use::Other& other : use.disagreements)
    w.begin_object()
        .member("source", other.source)
        .member("value", other.value)
        .member("note", other.note)
        .end_object();
  w.end_array();
}

void write_strings(JsonWriter& w, std::string_view key, const std::vector<std::string>& texts) {
  w.key(key).begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
}
}  // namespace

void write_error(JsonWriter& w, const Error& error) {
  w.begin_object()
      .member("code", code_name(error.code))
      .member("where", error.where)
      .member("message", error.message)
      .member("hint", error.hint)
      .end_object();
}

namespace {
void write_notices(JsonWriter& w, const std::vector<Notice>& notices) {
  w.key("notices").begin_array();
  for (const Notice& notice : notices)
    w.begin_object().member("kind", notice.kind).member("text", notice.text).end_object();
  w.end_array();
}

void write_items(JsonWriter& w, const std::vector<BillItem>& items) {
  w.key("items").begin_array();
  for (const BillItem& item : items) {
    w.begin_object().member("id", item.id).member("label", item.label).member("category", category_id(item.category));
    w.member("usd_per_month", item.usd_per_month);
    w.member("usd_per_request", item.usd_per_request);
    w.member("share", item.share);
    w.key("problem");
    item.usd_per_month ? w.null() : w.value("The price that it needs is not known.");
    w.end_object();
  }
  w.end_array();
}

void write_figures(JsonWriter& w, const std::vector<Figure>& figures) {
  w.key("figures").begin_array();
  for (const Figure& figure : figures) {
    w.begin_object().member("id", figure.id).member("label", figure.label);
    w.member("value", figure.value);
    w.member("unit", unit_id(figure.unit)).member("unit_text", unit_text(figure.unit)).end_object();
  }
  w.end_array();
}

void write_numbers(JsonWriter& w, std::string_view key, const std::vector<std::optional<double>>& values) {
  w.key(key).begin_array();
  for (const std::optional<double>& value : values) value ? w.value(*value) : w.null();
  w.end_array();
}

void date_or_null(JsonWriter& w, std::string_view key, const std::optional<Moment>& date) {
  w.key(key);
  date ? w.value(moment_text(*date)) : w.null();
}
}  // namespace

std::string describe_json() {
  JsonWriter w;
  w.begin_object().key("groups").begin_array();
  for (const ParameterGroup& group : parameter_groups())
    w.begin_object().member("id", group.id).member("label", group.label).end_object();
  w.end_array().key("parameters").begin_array();
  for (const Parameter& p : parameters()) {
    w.begin_object().member("id", p.id).member("group", p.group).member("label", p.label);
    if (p.kind == ParameterKind::reference) {
      w.member("kind", "reference").member("default", p.default_text).member("what", p.what);
    } else if (p.kind == ParameterKind::choice) {
      w.member("kind", "choice").member("default", p.options[static_cast<std::size_t>(p.default_value)].id);
      w.key("options").begin_array();
      for (const Option& option : p.options)
        w.begin_object().member("id", option.id).member("label", option.label).end_object();
      w.end_array();
    } else {
      w.member("kind", p.kind == ParameterKind::number ? "number" : "optional_number");
      w.member("unit", unit_id(p.unit)).member("unit_text", unit_text(p.unit));
      w.member("min", p.min).member("max", p.max).member("default", p.default_value).member("step", p.step);
      w.member("scale", p.scale == Scale::log ? "log" : "linear");
    }
    w.member("main", p.main).member("help", p.help).member("source", p.source).end_object();
  }
  w.end_array().key("categories").begin_array();
#define TOKENBILL_CATEGORY(name, label)                \
  w.begin_object()                                     \
      .member("id", category_id(Category::name))       \
      .member("label", category_label(Category::name)) \
      .end_object();
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
  w.end_array().end_object();
  return w.take();
}

std::string bill_json(const Catalog& catalog, const Scenario& scenario, const Bill& bill) {
  JsonWriter w;
  w.begin_object().key("scenario").raw(scenario_text(scenario));
  w.member("date", moment_text(bill.date)).member("prices_as_of", moment_text(catalog.as_of));
  w.key("model")
      .begin_object()
      .member("key", bill.model->key)
      .member("name", bill.model->name)
      .member("seller", bill.seller->name)
      .end_object();
  w.member("status", status_id(bill.status)).key("problem");
  bill.problem ? write_error(w, *bill.problem) : void(w.null());
  w.key("totals").begin_object();
  w.member("per_request", bill.per_request);
  w.member("per_conversation", bill.per_conversation);
  w.member("per_day", bill.per_day);
  w.member("per_month", bill.per_month);
  w.member("per_year", bill.per_year);
  w.member("inference_per_month", bill.inference_per_month);
  w.member("inference_per_request", bill.inference_per_request);
  w.end_object();
  write_items(w, bill.items);
  write_figures(w, bill.figures);
  w.key("inputs").begin_array();
  for (const BillInput& input : bill.inputs) {
    w.begin_object().member("id", input.id).member("label", input.label);
    w.member("value", input.value);
    w.member("unit_text", unit_text(input.unit))
        .member("origin", origin_id(input.origin))
        .member("source", input.source);
    checked_or_null(w, input.checked);
    w.end_object();
  }
  w.end_array();
  write_notices(w, bill.notices);
  w.member("sentence", bill.sentence).end_object();
  return w.take();
}

std::string comparison_json(const Comparison& comparison) {
  JsonWriter w;
  w.begin_object().member("date", moment_text(comparison.date)).member("baseline", comparison.baseline->key);
  w.key("models").begin_array();
  for (const ComparisonRow& row : comparison.rows) {
    const Model& model = *row.model;
    w.begin_object().member("key", model.key).member("name", model.name);
    w.member("seller", row.seller->id)
        .member("seller_name", row.seller->name)
        .member("kind", model_kind_id(model.kind));
    write_strings(w, "capabilities", model.capabilities);
    w.member("context_tokens", model.context_tokens);
    w.member("status", status_id(row.status)).key("reason");
    row.reason.empty() ? w.null() : w.value(row.reason);
    w.key("rank");
    row.rank > 0 ? w.value(static_cast<double>(row.rank)) : w.null();
    w.member("usd_per_month", row.usd_per_month);
    w.member("inference_usd_per_month", row.inference_usd_per_month);
    w.member("usd_per_request", row.usd_per_request);
    w.member("inference_usd_per_request", row.inference_usd_per_request);
    w.member("ratio_to_baseline", row.ratio_to_baseline);
    w.member("token_factor", row.token_factor);
    const auto price = [&](TokenClass token_class) -> std::optional<double> {
      if (row.row == nullptr) return std::nullopt;
      return resolve(row.row->prices, token_class);
    };
    w.member("input_usd_per_mtok", price(TokenClass::input));
    w.member("cache_read_usd_per_mtok", price(TokenClass::cache_read));
    w.member("output_usd_per_mtok", price(TokenClass::output));
    w.key("price_status");
    row.row != nullptr ? w.value(price_status_id(row.row->status)) : w.null();
    w.key("price_until");
    row.row != nullptr&& row.row->until ? w.value(moment_text(*row.row->until)) : w.null();
    w.member("source", row.row != nullptr ? row.row->source : std::string());
    checked_or_null(w, row.row != nullptr ? std::optional(row.row->checked) : std::nullopt);
    w.member("note", row.row != nullptr ? row.row->note : std::string());
    w.member("disagreements", static_cast<double>(row.row != nullptr ? row.row->disagreements.size() : 0));
    w.key("resold_from");
    model.resold_from.empty() ? w.null() : w.value(model.resold_from);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

std::string explanation_json(const Explanation& explanation) {
  JsonWriter w;
  w.begin_object();
  write_use(w, explanation.subject);
  w.member("formula", explanation.formula).member("numbers", explanation.numbers).member("condition", explanation.note);
  w.key("uses").begin_array();
  for (const Use& use : explanation.uses) {
    w.begin_object();
    write_use(w, use);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

std::string forecast_json(const Forecast& forecast) {
  JsonWriter w;
  w.begin_object().key("months").begin_array();
  for (const ForecastMonth& month : forecast.months) {
    w.begin_object().member("month", static_cast<double>(month.month)).member("date", moment_text(month.date));
    w.member("conversations_per_day", month.conversations_per_day).member("price_factor", month.price_factor);
    w.member("usd", month.usd);
    w.member("cumulative_usd", month.cumulative_usd);
    write_notices(w, month.notices);
    w.end_object();
  }
  w.end_array();
  w.member("total_usd", forecast.total_usd);
  w.key("budget");
  if (!forecast.budget) return w.null().end_object().take();
  const Budget& budget = *forecast.budget;
  w.begin_object().member("usd", budget.usd).member("period", budget.monthly ? "month" : "forecast");
  w.key("levels").begin_array();
  for (const BudgetLevel& level : budget.levels) {
    w.begin_object().member("share", level.share).member("usd", level.usd);
    date_or_null(w, "date", level.date);
    w.member("day", level.day);
    w.end_object();
  }
  w.end_array().key("breaks_month");
  budget.breaks_month ? w.value(static_cast<double>(*budget.breaks_month)) : w.null();
  w.member("month_end_usd", budget.month_end_usd);
  w.member("run_rate_usd_per_day", budget.run_rate_usd_per_day);
  w.member("run_rate_from", budget.from_spending ? "spent" : "plan").end_object().end_object();
  return w.take();
}

std::string gate_json(const Gate& gate) {
  JsonWriter w;
  w.begin_object().member("verdict", gate_verdict_id(gate.verdict)).member("sentence", gate.sentence);
  w.member("budget_usd_per_month", gate.spec.usd_per_month);
  w.member("budget_usd_per_request", gate.spec.usd_per_request);
  w.key("percentile");
  gate.spec.percentile ? w.value(*gate.spec.percentile) : w.null();
  w.member("forecast", gate.spec.forecast);
  w.member("usd_per_month", gate.usd_per_month);
  w.member("left_usd", gate.left_usd);
  w.member("share", gate.share);
  w.key("scenarios").begin_array();
  for (const GateLine& line : gate.lines) {
    w.begin_object().member("name", line.name).member("model", line.model).member("date", moment_text(line.date));
    w.member("status", status_id(line.status)).key("problem");
    line.problem ? write_error(w, *line.problem) : void(w.null());
    w.member("usd_per_month", line.usd_per_month);
    w.member("usd_per_request", line.usd_per_request);
    w.member("request_verdict", gate_verdict_id(line.request_verdict)).member("note", line.note).end_object();
  }
  w.end_array().end_object();
  return w.take();
}

namespace {
void write_change(JsonWriter& w, const AmountChange& change) {
  w.begin_object().member("id", change.id).member("label", change.label);
  w.member("before_usd", change.before);
  w.member("after_usd", change.after);
  w.member("difference_usd", change.difference);
  w.member("ratio", change.ratio);
  w.member("words", change.words).end_object();
}

void write_changes(JsonWriter& w, std::string_view key, const std::vector<InputChange>& changes) {
  w.key(key).begin_array();
  for (const InputChange& change : changes) {
    w.begin_object().member("id", change.id).member("label", change.label);
    w.member("before", change.before).member("after", change.after).end_object();
  }
  w.end_array();
}

void write_side(JsonWriter& w, std::string_view key, const Bill& bill) {
  w.key(key).begin_object().member("model", bill.model->key).member("date", moment_text(bill.date));
  w.member("status", status_id(bill.status)).key("problem");
  bill.problem ? write_error(w, *bill.problem) : void(w.null());
  w.end_object();
}
}  // namespace

std::string difference_json(const Difference& difference, const std::vector<Notice>& broken) {
  JsonWriter w;
  w.begin_object().member("sentence", difference.sentence);
  if (difference.before)
    write_side(w, "before", *difference.before);
  else
    w.key("before").null();
  write_side(w, "after", difference.after);
  write_changes(w, "inputs", difference.inputs);
  write_changes(w, "prices", difference.prices);
  w.key("items").begin_array();
  for (const AmountChange& item : difference.items) write_change(w, item);
  w.end_array().key("totals").begin_array();
  for (const AmountChange* total : {&difference.per_month, &difference.per_request, &difference.per_conversation})
    write_change(w, *total);
  w.end_array().key("broken_limits").begin_array();
  for (const Notice& limit : broken)
    w.begin_object().member("kind", limit.kind).member("text", limit.text).end_object();
  w.end_array().end_object();
  return w.take();
}

std::string levers_json(const Levers& levers) {
  JsonWriter w;
  w.begin_object();
  w.member("without_usd", levers.without_usd);
  w.member("now_usd", levers.now_usd);
  w.member("all_usd", levers.all_usd);
  w.key("levers").begin_array();
  for (const Lever& lever : levers.levers) {
    w.begin_object().member("id", lever.id).member("label", lever.label).member("on", lever.on);
    w.member("applicable", lever.applicable).member("reason", lever.reason).member("setting", lever.setting);
    w.key("turn").begin_object();
    for (const auto& [id, text] : lever.turn) w.member(id, text);
    w.end_object();
    w.member("alone_usd", lever.alone_usd);
    w.member("on_top_usd", lever.on_top_usd);
    w.member("fair_usd", lever.fair_usd);
    w.key("conflicts").begin_array();
    for (const LeverConflict& conflict : lever.conflicts)
      w.begin_object().member("with", conflict.with).member("text", conflict.text).end_object();
    w.end_array().end_object();
  }
  w.end_array().end_object();
  return w.take();
}

std::string solution_json(const Solution& solution) {
  JsonWriter w;
  w.begin_object().member("parameter", solution.parameter).member("figure", solution.figure);
  w.member("at_most", solution.at_most).member("status", solution_status_id(solution.status));
  w.member("value", solution.value);
  w.member("figure_value", solution.figure_value);
  w.end_object();
  return w.take();
}

std::string turns_json(const Turns& turns) {
  JsonWriter w;
  w.begin_object().key("turns").begin_array();
  for (const Turn& turn : turns.turns) {
    w.begin_object().member("turn", static_cast<double>(turn.turn));
    w.member("read_tokens", turn.read_tokens).member("write_tokens", turn.write_tokens);
    w.member("uncached_tokens", turn.uncached_tokens).member("output_tokens", turn.output_tokens);
    w.member("usd", turn.usd);
    w.member("cumulative_usd", turn.cumulative_usd);
    w.key("by_category").begin_object();
    for (const auto& [category, usd] : turn.by_category) w.member(category_id(category), usd);
    w.end_object().end_object();
  }
  w.end_array().key("problem");
  turns.problem ? write_error(w, *turns.problem) : void(w.null());
  w.end_object();
  return w.take();
}

std::string series_json(const Series& series) {
  JsonWriter w;
  w.begin_object().member("parameter", series.parameter).key("values").begin_array();
  for (const double value : series.values) w.value(value);
  w.end_array().key("figures").begin_object();
  for (std::size_t i = 0; i < series.ids.size(); ++i) {
    write_numbers(w, series.ids[i], series.figures[i]);
  }
  w.end_object().end_object();
  return w.take();
}

namespace {
void write_deployment(JsonWriter& w, const Deployment& d) {
  w.begin_object().member("gpu", d.gpu->id).member("gpu_name", d.gpu->name).member("gpus_per_replica", d.gpus);
  w.member("reason", d.reason);
  if (d.reason.empty()) {
    w.member("concurrency", d.concurrency).member("most_requests", d.most_requests);
    w.member("first_token_seconds", d.first_token_seconds);
    w.member("first_token_low", d.first_token_low).member("first_token_high", d.first_token_high);
    w.member("token_seconds", d.token_seconds).member("request_seconds", d.request_seconds);
    w.member("output_tokens_per_second", d.output_tokens_per_second);
    w.member("output_low", d.output_low).member("output_high", d.output_high);
    w.member("replicas", d.replicas);
    w.member("gpus_at_peak", d.gpus_at_peak);
    w.member("utilisation", d.utilisation);
    w.member("usd_per_month", d.usd_per_month);
    w.member("usd_per_mtok", d.usd_per_mtok);
    w.member("rent_source", d.rent_source);
  }
  w.end_object();
}

void write_own(JsonWriter& w, const OwnCapacity& own) {
  w.begin_object().key("model");
  if (own.model != nullptr)
    w.begin_object().member("id", own.model->id).member("name", own.model->name).end_object();
  else
    w.null();
  w.key("problem");
  own.problem ? write_error(w, *own.problem) : void(w.null());
  w.member("per_month", own.per_month);
  w.key("deployments").begin_array();
  for (const Deployment& deployment : own.deployments) write_deployment(w, deployment);
  w.end_array().key("memory").begin_object();
  w.member("capacity", own.memory.capacity).member("usable", own.memory.usable).member("weights", own.memory.weights);
  w.member("reserve", own.memory.reserve).member("room", own.memory.room).member("request", own.memory.of_a_request);
  w.end_object();
  write_items(w, own.items);
  write_figures(w, own.figures);
  write_notices(w, own.notices);
  w.end_object();
}
}  // namespace

std::string decision_json(const Decision& decision) {
  JsonWriter w;
  w.begin_object().member("verdict", decision.verdict).key("best");
  decision.best.empty() ? w.null() : w.value(decision.best);
  w.member("requests_per_month", decision.here).key("choices").begin_array();
  for (const Choice& choice : decision.choices) {
    w.begin_object().member("id", choice.id).member("label", choice.label).member("what", choice.what);
    w.member("usd_per_month", choice.usd_per_month);
    w.member("allowed", choice.allowed).member("reason", choice.reason).member("note", choice.note);
    w.member("usd_on_gpus", choice.usd_on_gpus).member("usd_low", choice.usd_low).member("usd_high", choice.usd_high);
    write_numbers(w, "curve", choice.curve);
    write_numbers(w, "curve_low", choice.curve_low);
    write_numbers(w, "curve_high", choice.curve_high);
    w.end_object();
  }
  w.end_array().key("volumes").begin_array();
  for (const double volume : decision.requests_per_month) w.value(volume);
  w.end_array().key("crossings").begin_array();
  for (const Crossing& crossing : decision.crossings)
    w.begin_object()
        .member("requests_per_month", crossing.requests_per_month)
        .member("usd_per_month", crossing.usd_per_month)
        .member("below", crossing.below)
        .member("above", crossing.above)
        .end_object();
  w.end_array().key("flips").begin_array();
  for (const Flip& flip : decision.flips)
    w.begin_object()
        .member("parameter", flip.parameter)
        .member("from", flip.from)
        .member("to", flip.to)
        .member("choice", flip.choice)
        .end_object();
  w.end_array().key("own");
  write_own(w, decision.own);
  w.key("small");
  decision.small ? write_own(w, *decision.small) : void(w.null());
  w.end_object();
  return w.take();
}

std::string hardware_json(const Hardware& hardware) {
  JsonWriter w;
  w.begin_object().member("as_of", moment_text(hardware.as_of)).key("gpus").begin_array();
  for (const Gpu& gpu : hardware.gpus) w.begin_object().member("key", gpu.id).member("name", gpu.name).end_object();
  w.end_array().key("open_models").begin_array();
  for (const OpenModel& model : hardware.models)
    w.begin_object().member("key", model.id).member("name", model.name).end_object();
  w.end_array().key("left_out").begin_array();
  for (const Error& error : hardware.left_out) write_error(w, error);
  w.end_array().end_object();
  return w.take();
}

std::string catalog_json(const Catalog& catalog) {
  JsonWriter w;
  w.begin_object().member("as_of", moment_text(catalog.as_of)).key("sellers").begin_array();
  for (const Seller& seller : catalog.sellers)
    w.begin_object().member("id", seller.id).member("name", seller.name).member("kind", seller.kind).end_object();
  w.end_array().key("models").begin_array();
  for (const Model& model : catalog.models) {
    w.begin_object().member("key", model.key).member("name", model.name);
    w.member("seller", catalog.sellers[model.seller].id).member("kind", model_kind_id(model.kind));
    write_strings(w, "capabilities", model.capabilities);
    w.member("context_tokens", model.context_tokens);
    w.end_object();
  }
  w.end_array().key("services").begin_array();
  for (const Service& service : catalog.services)
    w.begin_object().member("key", service.key).member("name", service.name).member("kind", service.kind).end_object();
  w.end_array().end_object();
  return w.take();
}

std::string loaded_json(const Catalog& catalog) {
  JsonWriter w;
  w.begin_object().member("as_of", moment_text(catalog.as_of));
  w.member("sellers", static_cast<double>(catalog.sellers.size()))
      .member("models", static_cast<double>(catalog.models.size()));
  w.key("left_out").begin_array();
  for (const Error& error : catalog.left_out) write_error(w, error);
  w.end_array().end_object();
  return w.take();
}

std::string error_json(const Error& error) {
  JsonWriter w;
  w.begin_object().key("error");
  write_error(w, error);
  w.end_object();
  return w.take();
}

std::optional<Notice> age_notice(const Catalog& catalog, Moment today) {
  const std::int64_t days = day_number(today) - day_number(catalog.as_of);
  if (days < 14) return std::nullopt;
  return Notice{"stale_prices",
                "The prices are " + number_text(static_cast<double>(days)) + " days old (as of " +
                    moment_text(catalog.as_of) + ")" +
                    (days < 45 ? "; a few may have changed." : ": check them before you rely on a figure.")};
}

}  // namespace tokenbill
