#include "tokenbill/verify.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "order.h"
#include "tokenbill/bind.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/format.h"
#include "tokenbill/json_value.h"
#include "tokenbill/plans.h"
#include "tokenbill/usage.h"

namespace tokenbill {

namespace {
using Figures = std::map<std::string, std::optional<double>, std::less<>>;

/// A number given as a JSON number or as decimal text.
std::optional<double> number_of(const JsonValue* value) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == JsonValue::Kind::number) return value->number;
  if (value->kind != JsonValue::Kind::string) return std::nullopt;
  const Result<JsonValue> read = parse_json(value->text, "number");
  if (!read || read->kind != JsonValue::Kind::number) return std::nullopt;
  return read->number;
}

std::string text_of(const JsonValue* value) {
  return value != nullptr && value->kind == JsonValue::Kind::string ? value->text : std::string();
}

Error case_error(std::string where, std::string message) {
  return {Code::bad_value, std::move(where), std::move(message), "See the golden-cases/1 form in docs/formats.md."};
}

std::optional<Error> read_prices(const JsonValue* object, std::string_view where, Prices& prices) {
  if (object == nullptr || object->kind != JsonValue::Kind::object)
    return case_error(std::string(where), "expected an object of prices by token class.");
  for (const auto& [key, value] : object->members) {
    const auto token_class = token_class_of(key);
    const auto price = number_of(&value);
    if (!token_class) return case_error(std::string(where), "\"" + key + "\" is no token class.");
    if (!price || *price < 0)
      return case_error(std::string(where) + "/" + key, "expected a price of at least 0 USD per million tokens.");
    prices[static_cast<std::size_t>(*token_class)] = *price;
  }
  return std::nullopt;
}

/// The row of a case that brings its own rates.
Result<PriceRow> row_of_case(const JsonValue& inputs) {
  PriceRow row;
  if (auto error = read_prices(inputs.find("rates_per_mtok"), "rates_per_mtok", row.prices)) return *std::move(error);
  if (const JsonValue* tiers = inputs.find("context_tiers")) {
    if (tiers->items.size() > max_context_tiers)
      return case_error("context_tiers", "expected at most " + std::to_string(max_context_tiers) + " tiers.");
    for (const JsonValue& tier : tiers->items) {
      ContextTier context_tier;
      const auto threshold = number_of(tier.find("above"));
      if (!threshold) return case_error("context_tiers/above", "expected a number of tokens.");
      context_tier.threshold = *threshold;
      const JsonValue* inclusive = tier.find("inclusive");
      context_tier.inclusive = inclusive != nullptr && inclusive->boolean;
      if (auto error = read_prices(tier.find("rates_per_mtok"), "context_tiers/rates_per_mtok", context_tier.prices))
        return *std::move(error);
      row.context_tiers.push_back(std::move(context_tier));
    }
    sort_stably(row.context_tiers,
                [](const ContextTier& a, const ContextTier& b) { return a.threshold < b.threshold; });
  }
  return row;
}

struct FeeLine {
  double quantity;
  double usd;
};

Result<std::vector<FeeLine>> fees_of_case(const JsonValue& inputs) {
  std::vector<FeeLine> fees;
  struct Form {
    std::string_view list, quantity, usd;
    double divisor;
  };
  for (const Form& form :
       {Form{"fees", "count", "usd_per_1000", 1000}, Form{"unit_fees", "quantity", "usd_per_unit", 1}}) {
    const JsonValue* list = inputs.find(form.list);
    if (list == nullptr) continue;
    for (const JsonValue& fee : list->items) {
      const auto quantity = number_of(fee.find(form.quantity));
      const auto usd = number_of(fee.find(form.usd));
      if (!quantity || !usd)
        return case_error(std::string(form.list),
                          "expected \"" + std::string(form.quantity) + "\" and \"" + std::string(form.usd) + "\".");
      fees.push_back({*quantity, *usd / form.divisor});
    }
  }
  return fees;
}

Result<Figures> run_request(const JsonValue& inputs, const Catalog& catalog) {
  Usage usage;
  usage.fill(0);
  bool has_usage = false;
  if (const JsonValue* given = inputs.find("usage")) {
    has_usage = true;
    for (const auto& [key, value] : given->members) {
      const auto token_class = token_class_of(key);
      const auto count = number_of(&value);
      if (!token_class) return case_error("usage", "\"" + key + "\" is no token class.");
      if (!count || *count < 0) return case_error("usage/" + key, "expected a number of tokens of at least 0.");
      usage[static_cast<std::size_t>(*token_class)] = *count;
    }
  }
  if (const JsonValue* reported = inputs.find("provider_usage")) {
    const JsonValue* inner = reported->find("usage");  // a whole response, or its usage object
    JsonWriter text;
    text.value(inner != nullptr ? *inner : *reported);
    const Result<Usage> mapped = usage_of_response(text.take());
    if (!mapped) return mapped.error();
    if (has_usage && *mapped != usage)
      return case_error("provider_usage", "does not map to the classes that \"usage\" gives.");
    usage = *mapped;
    has_usage = true;
  }
  if (!has_usage) return case_error("usage", "expected tokens by class in \"usage\", or \"provider_usage\".");

  // The row: of the case, or of the catalog at that moment.
  PriceRow own;
  const PriceRow* row = nullptr;
  const Window* window = nullptr;
  double platform_factor = 1;
  if (inputs.find("rates_per_mtok") != nullptr) {
    Result<PriceRow> read = row_of_case(inputs);
    if (!read) return read.error();
    own = std::move(read).value();
    row = &own;
  } else {
    const std::string seller = text_of(inputs.find("seller"));
    const std::string key = (seller.empty() ? "" : seller + "/") + text_of(inputs.find("model"));
    const Result<const Model*> model = catalog.find_model(key);
    if (!model) return model.error();
    const JsonValue* at = inputs.find("at") != nullptr ? inputs.find("at") : inputs.find("at_utc");
    const Result<Moment> moment = at != nullptr ? parse_moment(text_of(at)) : Result<Moment>(catalog.as_of);
    if (!moment) return moment.error();
    ServiceTier tier = ServiceTier::standard;
    if (const JsonValue* wanted = inputs.find("service_tier")) {
      const auto known = service_tier_of(text_of(wanted));
      if (!known) return case_error("service_tier", "expected standard, batch, flex, fast or ultrafast.");
      tier = *known;
    }
    row = row_at(**model, tier, *moment);
    if (row == nullptr)
      return Error{Code::unpriced, key,
                   "No price is known for " + moment_text(*moment) + " (" + std::string(service_tier_id(tier)) + ").",
                   ""};
    window = window_at(catalog.sellers[(*model)->seller], *row, *moment);
    platform_factor = 1 + (*model)->platform_share_ratio;
  }
  const Result<std::vector<FeeLine>> fees = fees_of_case(inputs);
  if (!fees) return fees.error();

  const Result<Plan> plan = request_plan(fees->size());
  if (!plan) return plan.error();
  std::vector<Known> values(plan->inputs().size());
  PriceInputs(*plan).fill(*row, window, TokenClass::cache_write, values);
  const auto put = [&](const std::string& id, double value) { values[plan->input_index(id)] = {value, true}; };
  put(std::string(peak_share_input_id), window != nullptr ? 1 : 0);
  put("multiplier", number_of(inputs.find("multiplier")).value_or(1) * platform_factor);
  for (std::size_t i = 0; i < token_class_count; ++i)
    put("usage." + std::string(info(static_cast<TokenClass>(i)).id), usage[i]);
  for (std::size_t i = 0; i < fees->size(); ++i) {
    put("fee." + std::to_string(i) + ".quantity", (*fees)[i].quantity);
    put("fee." + std::to_string(i) + ".usd", (*fees)[i].usd);
  }
  const Result<Evaluation> evaluation = evaluate(*plan, values);
  if (!evaluation) return evaluation.error();
  Figures figures;
  for (const auto& [figure, id] : {std::pair("input_usd", "input_usd"),
                                   {"output_usd", "output_usd"},
                                   {"fees_usd", "fees_usd"},
                                   {"total_usd", "total"}}) {
    const Known value = evaluation->of(plan->find(id)->node);
    figures[figure] = value.known ? std::optional(value.value) : std::nullopt;
  }
  return figures;
}

Result<Figures> run_image(const JsonValue& inputs, const Catalog&) {
  const auto need = [&](std::string_view key) { return number_of(inputs.find(key)); };
  const auto width = need("width");
  const auto height = need("height");
  if (!width || !height || *width < 1 || *height < 1)
    return case_error("width", "expected width and height of at least 1 pixel.");
  const std::string algorithm = text_of(inputs.find("algorithm"));
  ImageTokens image;
  if (algorithm == "patch28") {
    if (!need("max_edge") || !need("max_tokens"))
      return case_error("max_edge", "patch28 needs max_edge and max_tokens.");
    image = image_tokens_patch28(*width, *height, *need("max_edge"), *need("max_tokens"));
  } else if (algorithm == "patch32") {
    image = image_tokens_patch32(*width, *height, need("max_dimension").value_or(0), need("patch_budget").value_or(0),
                                 need("multiplier").value_or(1));
  } else if (algorithm == "tile512") {
    if (!need("base_tokens") || !need("tile_tokens"))
      return case_error("base_tokens", "tile512 needs base_tokens and tile_tokens.");
    image = image_tokens_tile512(*width, *height, *need("base_tokens"), *need("tile_tokens"),
                                 text_of(inputs.find("detail")) == "low");
  } else if (algorithm == "tile768") {
    image = image_tokens_tile768(*width, *height, need("tile_tokens").value_or(258));
  } else {
    return case_error("algorithm", "expected patch28, patch32, tile512 or tile768, found \"" + algorithm + "\".");
  }
  return Figures{{"tokens", image.tokens},
                 {"width", image.width},
                 {"height", image.height},
                 {"patches", image.patches},
                 {"tiles", image.patches}};
}

Result<Figures> run_conversation(const JsonValue& inputs, const Catalog&) {
  const std::string cache = text_of(inputs.find("prefix_cache"));
  if (!cache.empty() && cache != "append_only" && cache != "static_prefix_only" && cache != "none")
    return case_error("prefix_cache", "expected append_only, static_prefix_only or none, found \"" + cache + "\".");
  const Result<Plan> plan = conversation_plan(cache == "static_prefix_only" ? ConversationCache::static_prefix_only
                                                                            : ConversationCache::append_only);
  if (!plan) return plan.error();
  Prices prices;
  if (inputs.find("rates_per_mtok") != nullptr)
    if (auto error = read_prices(inputs.find("rates_per_mtok"), "rates_per_mtok", prices)) return *std::move(error);
  std::vector<Known> values(plan->inputs().size());
  for (const auto& [input, key] :
       {std::pair("static_prefix", "static_prefix"), {"user", "user"}, {"answer", "answer"}, {"turns", "turns"}}) {
    const auto value = number_of(inputs.find(key));
    if (!value) return case_error(key, "expected a number.");
    values[plan->input_index(input)] = {*value, true};
  }
  values[plan->input_index("kept")] = {number_of(inputs.find("keep_last_exchanges")).value_or(1e9), true};
  for (const TokenClass token_class :
       {TokenClass::input, TokenClass::cache_read, TokenClass::cache_write, TokenClass::output}) {
    const auto price = resolve(prices, token_class);
    values[plan->input_index(price_input_id(token_class, 0, false))] = {price.value_or(0), price.has_value()};
  }
  const Result<Evaluation> evaluation = evaluate(*plan, values);
  if (!evaluation) return evaluation.error();
  Figures figures;
  for (const char* id : {"input_tokens", "output_tokens", "last_prompt_tokens", "cache_read_tokens",
                         "cache_write_tokens", "uncached_usd", "cached_usd"}) {
    const Known value = evaluation->of(plan->find(id)->node);
    figures[id] = value.known ? std::optional(value.value) : std::nullopt;
  }
  return figures;
}

/// Empty when every expected figure was found.
std::string differences(const JsonValue& expected, const Figures& figures, double tolerance) {
  std::string text;
  const auto tell = [&](const std::string& line) { text += (text.empty() ? "" : "; ") + line; };
  for (const auto& [key, value] : expected.members) {
    const auto wanted = number_of(&value);
    const auto found = figures.find(key);
    if (!wanted)
      tell(key + ": expected a number in the case");
    else if (found == figures.end())
      tell(key + ": no such figure");
    else if (!found->second)
      tell(key + ": expected " + exact_text(*wanted) + ", found unknown (a price is missing)");
    else if (!(std::fabs(*found->second - *wanted) <= (tolerance > 0 ? tolerance : 1e-12 * std::fabs(*wanted))))
      tell(key + ": expected " + exact_text(*wanted) + ", found " + exact_text(*found->second));
  }
  return text;
}
}  // namespace

Result<std::vector<CaseResult>> verify_cases(std::string_view text, std::string_view name, const Catalog& catalog) {
  const Result<JsonValue> document = parse_json(text, name);
  if (!document) return document.error();
  if (text_of(document->find("schema")) != "golden-cases/1")
    return Error{Code::bad_format, std::string(name), "expected \"schema\": \"golden-cases/1\".",
                 "Only this form can be verified."};
  const JsonValue* cases = document->find("cases");
  if (cases == nullptr || cases->kind != JsonValue::Kind::array)
    return Error{Code::missing_key, std::string(name), "expected an array \"cases\".", ""};
  std::vector<CaseResult> results;
  for (const JsonValue& one : cases->items) {
    CaseResult result;
    result.id = text_of(one.find("id"));
    result.title = text_of(one.find("title"));
    result.kind = text_of(one.find("kind"));
    const JsonValue* inputs = one.find("inputs");
    const JsonValue* expected = one.find("expected");
    using Runner = Result<Figures> (*)(const JsonValue&, const Catalog&);
    const Runner runner = result.kind == "request"        ? run_request
                          : result.kind == "image_tokens" ? run_image
                          : result.kind == "conversation" ? run_conversation
                                                          : Runner(nullptr);
    if (runner == nullptr) {
      result.verdict = Verdict::skipped;
      result.detail = "kind " + result.kind + " is not run here";
    } else if (inputs == nullptr || expected == nullptr) {
      result.verdict = Verdict::failed;
      result.detail = "the case lacks inputs or expected figures";
    } else if (const Result<Figures> figures = runner(*inputs, catalog); !figures) {
      result.verdict = Verdict::failed;
      result.detail = to_text(figures.error());
    } else {
      result.figures.assign(figures->begin(), figures->end());
      result.detail = differences(*expected, *figures, number_of(one.find("tolerance_abs")).value_or(0));
      result.verdict = result.detail.empty() ? Verdict::passed : Verdict::failed;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace tokenbill
