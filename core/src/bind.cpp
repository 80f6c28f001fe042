#include "tokenbill/bind.h"

#include <algorithm>

#include "tokenbill/format.h"
#include "tokenbill/media.h"

namespace tokenbill {

namespace {
constexpr std::string_view origin_ids[] = {"user", "default", "assumption", "seller", "derived"};
constexpr std::string_view status_ids[] = {"ok", "unpriced", "impossible", "unsuitable"};

/// "x > below(t)" is "x >= t".
/// A trillionth is far below a token and far above what rounding loses when prompts are divided into steps.
double just_below(double threshold) { return threshold * (1 - 1e-12); }

bool has(const Model& model, std::string_view capability) {
  return std::find(model.capabilities.begin(), model.capabilities.end(), capability) != model.capabilities.end();
}

std::optional<double> lifetime(const Model& model, std::string_view id) {
  if (!model.cache) return std::nullopt;
  const auto found = model.cache->lifetime_minutes.find(id);
  if (found == model.cache->lifetime_minutes.end()) return std::nullopt;
  return found->second;
}

struct CacheChoice {
  bool on = false;
  bool stored = false;
  double lifetime_minutes = 0;
  TokenClass write_class = TokenClass::cache_write;
  std::string notice;
};

TokenClass write_class_of(std::string_view lifetime_id) {
  if (lifetime_id == "5m") return TokenClass::cache_write_5m;
  if (lifetime_id == "30m") return TokenClass::cache_write_30m;
  if (lifetime_id == "1h") return TokenClass::cache_write_1h;
  return TokenClass::cache_write;
}

CacheChoice choose_cache(const Model& model, const PriceRow& row, std::string_view wanted) {
  CacheChoice choice;
  if (wanted == "off") return choice;
  if (!model.cache || model.cache->lifetime_minutes.empty()) {
    choice.notice = model.name + " has no prefix cache in the catalog: the prompt is priced without one.";
    return choice;
  }
  choice.on = true;
  if (wanted == "stored") {
    if (row.cache_storage_usd_per_mtok_hour) {
      choice.stored = true;
      return choice;
    }
    choice.notice = model.name + " sells no cache by the hour: priced as the seller caches by itself.";
  } else if (wanted != "automatic") {
    if (const auto minutes = lifetime(model, wanted)) {
      choice.lifetime_minutes = *minutes;
      choice.write_class = write_class_of(wanted);
      return choice;
    }
    choice.notice = model.name + " does not offer this lifetime: priced as the seller caches by itself.";
  }
  for (const std::string_view id : {"automatic", "5m", "30m", "1h"}) {
    if (const auto minutes = lifetime(model, id)) {
      choice.lifetime_minutes = *minutes;
      choice.write_class = write_class_of(id);
      return choice;
    }
  }
  return choice;
}

const Fee* fee_of(const PriceRow& row, std::string_view id) {
  const auto found = std::find_if(row.fees.begin(), row.fees.end(), [&](const Fee& fee) { return fee.id == id; });
  return found == row.fees.end() ? nullptr : &*found;
}

constexpr std::string_view service_kinds[] = {"vector_store", "response_cache", "observability", "guardrail"};

/// A fee that every request pays. A search that is sold by the request (a grounded prompt) is not one.
bool is_paid_by_request(const Fee& fee) { return fee.per == "request" && fee.id != "web_search"; }
}  // namespace

std::string_view origin_id(Origin origin) { return origin_ids[static_cast<std::size_t>(origin)]; }
std::string_view status_id(Status status) { return status_ids[static_cast<std::size_t>(status)]; }

PriceInputs::PriceInputs(const Plan& plan, std::string_view prefix) {
  // One pass over the inputs, reading the ids that price_input_id writes: "price.<class>[.peak][.tier<level>]".
  const std::string price = std::string(prefix) + "price.";
  for (std::size_t i = 0; i < plan.inputs().size(); ++i) {
    std::string_view id = plan.inputs()[i].id;
    if (!id.starts_with(price)) continue;
    id.remove_prefix(price.size());
    std::size_t level = 0;
    if (const std::size_t tier = id.rfind(".tier"); tier != std::string_view::npos) {
      level = static_cast<std::size_t>(id.back() - '0');
      id = id.substr(0, tier);
    }
    const bool peak = id.ends_with(".peak");
    if (peak) id.remove_suffix(std::string_view(".peak").size());
    if (const auto token_class = token_class_of(id)) slots_.push_back({i, *token_class, level, peak});
  }
  static_assert(max_context_tiers < 10, "the level of a tier is one digit of the id");
  for (std::size_t level = 1; level <= max_context_tiers; ++level)
    thresholds_[level - 1] = plan.input_index(std::string(prefix) + threshold_input_id(level));
}

void PriceInputs::fill(const PriceRow& row, const Window* window, TokenClass cache_write_class,
                       std::vector<Known>& inputs) const {
  for (std::size_t i = 0; i < max_context_tiers; ++i) {
    if (thresholds_[i] == inputs.size()) break;
    const bool exists = i < row.context_tiers.size();
    const double threshold = exists ? row.context_tiers[i].threshold : no_threshold;
    inputs[thresholds_[i]] = {exists && row.context_tiers[i].inclusive ? just_below(threshold) : threshold, true};
  }
  std::array<std::array<Prices, 2>, max_context_tiers + 1> by_level;
  for (std::size_t level = 0; level <= row.context_tiers.size() && level <= max_context_tiers; ++level) {
    by_level[level][0] = prices_at_level(row, nullptr, level);
    by_level[level][1] = window != nullptr ? prices_at_level(row, window, level) : by_level[level][0];
  }
  for (const Slot& slot : slots_) {
    const std::size_t level = std::min(slot.level, row.context_tiers.size());
    const TokenClass priced = slot.token_class == TokenClass::cache_write ? cache_write_class : slot.token_class;
    const auto price = resolve(by_level[level][slot.peak ? 1 : 0], priced);
    inputs[slot.input] = {price.value_or(0), price.has_value()};
  }
}

// ---- shape

namespace {
/// The roles whose model a parameter names.
struct NamedRole {
  Role role;
  std::string_view parameter;
};
constexpr NamedRole named_roles[] = {
    {Role::route_1, "route_1_model"}, {Role::route_2, "route_2_model"}, {Role::route_3, "route_3_model"},
    {Role::route_4, "route_4_model"}, {Role::route_5, "route_5_model"}, {Role::route_6, "route_6_model"},
    {Role::route_7, "route_7_model"}, {Role::route_8, "route_8_model"}, {Role::fallback, "fallback_model"}};

bool is_service_kind(std::string_view what) {
  return std::any_of(std::begin(service_kinds), std::end(service_kinds), [&](std::string_view k) { return k == what; });
}

std::optional<Error> check_references(const Catalog& catalog, const Scenario& scenario) {
  for (const Parameter& parameter : parameters()) {
    if (parameter.kind != ParameterKind::reference || parameter.what == "date" || parameter.what == "currency" ||
        parameter.what == "gpu" || parameter.what == "open_model")  // of the hardware list: selfhost.h
      continue;
    const std::string_view name = scenario.reference(parameter.id);
    if (name.empty()) continue;
    const auto at_parameter = [&](Error error) {
      error.where = std::string(parameter.id);
      return error;
    };
    const bool defaulted = !scenario.references.contains(parameter_index(parameter.id));
    if (is_service_kind(parameter.what)) {
      const Result<const Service*> service = catalog.find_service(name);
      if (!service) return at_parameter(service.error());
      if ((*service)->kind != parameter.what)
        return Error{Code::unsupported, std::string(parameter.id),
                     (*service)->name + " is a service for \"" + (*service)->kind + "\", expected one for \"" +
                         std::string(parameter.what) + "\".",
                     "Choose another service."};
      continue;
    }
    const Result<const Model*> model = catalog.find_model(name);
    if (!model && defaulted) continue;  // a small price list may not have it: unknown where it is needed
    if (!model) return at_parameter(model.error());
    if (model_kind_id((*model)->kind) != parameter.what)
      return Error{Code::unsupported, std::string(parameter.id),
                   (*model)->name + " is a model for " + std::string(model_kind_id((*model)->kind)) +
                       ", expected one for " + std::string(parameter.what) + ".",
                   "Choose another model."};
  }
  return std::nullopt;
}
}  // namespace

std::uint8_t tiers_of(const Model& model) {
  std::size_t most = 0;
  for (const PriceRow& row : model.prices) most = std::max(most, row.context_tiers.size());
  return static_cast<std::uint8_t>(std::min(most, max_context_tiers));
}

Result<MonthShape> shape_of(const Catalog& catalog, const Scenario& scenario, const Model* chosen) {
  if (auto error = check_references(catalog, scenario)) return *std::move(error);
  static constexpr std::string_view histories[] = {"given", "full", "window", "cap", "summary"};
  MonthShape shape;
  const auto history = std::find(std::begin(histories), std::end(histories), scenario.choice("history"));
  shape.history = static_cast<History>(history - std::begin(histories));
  shape.tiers = chosen != nullptr ? tiers_of(*chosen) : 0;
  shape.subagents = scenario.value("subagents_per_conversation").value_or(0) > 0;
  shape.caps = scenario.value("token_cap") || scenario.value("usd_cap");
  const auto with = [&](Role role) {
    shape.roles = static_cast<std::uint16_t>(shape.roles | 1u << static_cast<unsigned>(role));
  };
  const std::string_view routing = scenario.choice("routing");
  for (const NamedRole& named : named_roles) {
    const std::string_view name = scenario.reference(named.parameter);
    const bool routed = named.role != Role::fallback;
    if (name.empty() || (routed && routing == "off")) continue;
    if (routing == "cascade" && routed && named.role != Role::route_1) continue;
    with(named.role);
    shape.tiers = std::max(shape.tiers, tiers_of(**catalog.find_model(name)));
  }
  if (scenario.value("batch_share_ratio").value_or(0) > 0) with(Role::batch);
  return shape;
}

// ---- binding

namespace {
/// What a model must be able to do where a parameter is above 0.
struct Need {
  std::string_view parameter, capability, sentence;
};
constexpr Need needs[] = {{"image_input_tokens", "image_input", "It does not read images."},
                          {"images_per_request", "image_input", "It does not read images."},
                          {"audio_input_tokens", "audio_input", "It does not listen to audio."},
                          {"audio_input_seconds", "audio_input", "It does not listen to audio."},
                          {"video_input_tokens", "video_input", "It does not watch video."},
                          {"video_input_seconds", "video_input", "It does not watch video."},
                          {"image_output_tokens", "image_output", "It does not produce images."},
                          {"audio_output_tokens", "audio_output", "It does not speak."},
                          {"audio_output_seconds", "audio_output", "It does not speak."}};
}  // namespace

Binder::Wishes::Wishes(const Scenario& scenario)
    : tier(service_tier_of(scenario.choice("service_tier")).value_or(ServiceTier::standard)),
      caching(scenario.choice("caching")),
      geography(scenario.choice("geography")),
      image_detail(scenario.choice("image_detail")),
      reasoning_kept(scenario.choice("reasoning_kept")),
      same_text(scenario.choice("same_text") == "same_text"),
      peak_share(scenario.value("peak_share_ratio")),
      container("container_" + std::string(scenario.choice("code_container"))) {
  const auto number = [&](std::string_view id) { return scenario.value(id).value_or(0); };
  images = number("images_per_request") > 0;
  pages = number("pdf_pages_per_request") > 0;
  const double left = 1 - number("image_shrink_ratio");
  image_width = std::max(1.0, number("image_width") * left);
  image_height = std::max(1.0, number("image_height") * left);
  days = number("days_per_month");
  for (std::size_t i = 0; i < std::size(needs); ++i)
    if (number(needs[i].parameter) > 0) required.push_back(i);
}

Binder::FeeSlots::FeeSlots(const Plan& plan) {
  static constexpr std::string_view ids[] = {"fee.web_search",
                                             "fee.web_search.free",
                                             "fee.file_search",
                                             "fee.file_search.free",
                                             "fee.session",
                                             "fee.session.free",
                                             "fee.code",
                                             "fee.code.free",
                                             "fee.code.minimum",
                                             "fee.file_storage",
                                             "fee.file_storage.free",
                                             "platform_minimum",
                                             "judge.price.input",
                                             "judge.price.output",
                                             "summary.price.input",
                                             "summary.price.output"};
  std::size_t* const members[] = {
      &search,      &search_free,  &file_search,   &file_search_free, &session,           &session_free,
      &code,        &code_free,    &code_minimum,  &file_storage,     &file_storage_free, &platform_minimum,
      &judge_input, &judge_output, &summary_input, &summary_output};
  static_assert(std::size(ids) == std::size(members));
  for (std::size_t i = 0; i < std::size(ids); ++i) *members[i] = plan.input_index(ids[i]);
}

Binder::RoleSlots::RoleSlots(const Plan& plan, Role of) : role(of), prices(plan, role_prefix(of)) {
  // In the order of the members.
  static constexpr std::string_view ids[] = {"token_factor",         "cache_on",
                                             "cache_stored",         "cache_step_tokens",
                                             "cache_minimum_tokens", "cache_lifetime_hours",
                                             "price.cache_storage",  peak_share_input_id,
                                             "geography_factor",     "fee.request",
                                             "platform_share",       "tool_prompt_tokens",
                                             "image_tokens_each",    "pdf_page_tokens",
                                             "audio_input_rate",     "audio_output_rate",
                                             "video_rate",           "reasoning_sent_again"};
  std::size_t* const members[] = {&token_factor,   &cache_on,      &cache_stored,  &cache_step, &cache_minimum,
                                  &cache_lifetime, &cache_storage, &peak_share,    &geography,  &request_fee,
                                  &platform_share, &tool_prompt,   &image_each,    &pdf_page,   &audio_input,
                                  &audio_output,   &video,         &reasoning_kept};
  static_assert(std::size(ids) == std::size(members));
  const std::string prefix(role_prefix(of));
  for (std::size_t i = 0; i < std::size(ids); ++i) *members[i] = plan.input_index(prefix + std::string(ids[i]));
}

/// What is being put together for one model.
struct Binder::Draft {
  const Binder& binder;
  const Model& chosen;
  bool with_details;
  Binding& binding;
  std::uint8_t source = 0;  ///< of the prices that are put now

  void put(std::size_t input, double value, Origin origin) { put(input, Known{value, true}, origin); }
  void put(std::size_t input, Known value, Origin origin) {
    if (input == binding.inputs.size()) return;  // a part that this plan does not have
    binding.inputs[input] = value;
    binding.origins[input] = origin;
    if (with_details && origin == Origin::seller) binding.source_of_input[input] = source;
  }
  void note(std::string_view kind, std::string text) {
    if (with_details) binding.notices.push_back({kind, std::move(text)});
  }
  void refuse(Status status, std::string reason) {
    if (binding.status != Status::ok) return;
    binding.status = status;
    binding.reason = std::move(reason);
  }
};

std::uint8_t Binder::add_source(InputSource source) {
  shared_sources_.push_back(source);
  return static_cast<std::uint8_t>(shared_sources_.size());
}

void Binder::put_shared(std::string_view id, Known value, Origin origin, std::uint8_t source) {
  const std::size_t at = plan_.input_index(id);
  if (at == plan_.inputs().size()) return;
  shared_values_[at] = value;
  shared_origins_[at] = origin;
  shared_source_of_input_[at] = source;
}

Binder::Binder(const Plan& month_plan, const Catalog& catalog, const Scenario& scenario, Moment date)
    : plan_(month_plan),
      catalog_(catalog),
      scenario_(scenario),
      date_(scenario.date.value_or(date)),
      wishes_(scenario),
      fees_(month_plan),
      shared_values_(month_plan.inputs().size(), Known{0, false}),
      shared_origins_(month_plan.inputs().size(), Origin::derived),
      shared_source_of_input_(month_plan.inputs().size(), 0) {
  for (std::size_t i = 0; i < role_count; ++i) {
    const auto role = static_cast<Role>(i);
    if (plan_.input_index(std::string(role_prefix(role)) + "token_factor") != plan_.inputs().size())
      roles_.emplace_back(plan_, role);
  }
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& parameter = parameters()[i];
    const std::size_t at = plan_.input_index(parameter.id);
    if (at == plan_.inputs().size()) continue;
    const bool given = scenario_.values[i].has_value();
    const bool needed = parameter.kind != ParameterKind::optional_number;
    shared_values_[at] = {scenario_.values[i].value_or(parameter.default_value), given || needed};
    const bool assumed = parameter.source.starts_with("assumption");
    shared_origins_[at] = given     ? Origin::user
                          : !needed ? Origin::derived
                          : assumed ? Origin::assumption
                                    : Origin::defaulted;
  }
  bind_flags();
  bind_helpers();
  bind_services();
  for (const NamedRole& named : named_roles)
    if (const std::string_view name = scenario_.reference(named.parameter); !name.empty())
      if (const Result<const Model*> model = catalog_.find_model(name); model)
        role_models_[static_cast<std::size_t>(named.role)] = *model;
}

void Binder::bind_flags() {
  const auto set = [&](std::string_view id, bool on) { put_shared(id, {on ? 1.0 : 0.0, true}, Origin::derived); };
  const auto given = [&](std::string_view id) { return scenario_.values[parameter_index(id)].has_value(); };
  set("price_factor", true);
  set("planned_turns", false);  // turn by turn, it is another number than that of the turns looked at
  set("planned_turns_given", false);
  set("cache_hit_given", given("cache_hit_ratio"));
  set("long_gap_given", given("long_gap_ratio"));
  set("turn_input_given", given("turn_input_tokens"));
  set("request_cap_given", given("request_cap"));
  set("token_cap_given", given("token_cap"));
  set("usd_cap_given", given("usd_cap"));
  set("reading_speed_given", given("reading_tokens_per_second"));
  set("keep_warm_always", scenario_.choice("keep_warm_when") == "always");
  set("output_cap_given", given("output_cap_tokens"));
  set("changing_line_placed", given("tokens_before_changing_line"));
  set("retrieved_sent_again", scenario_.choice("retrieved_kept") == "yes");
  set("response_cache_on", scenario_.choice("response_cache") != "off");
  set("response_cache_semantic", scenario_.choice("response_cache") == "semantic");
  set("evaluation_by_runs", scenario_.choice("evaluation_basis") == "runs");
  set("monitoring_by_samples", scenario_.choice("monitoring_basis") == "sampled");
  const std::string_view reading = scenario_.choice("overhead_reading");
  set("overheads_compound", reading == "compound");
  set("growth_on_all", reading != "add");
  const std::string_view price_per = scenario_.choice("price_per");
  set("price_per_user", price_per == "user");
  set("price_per_conversation", price_per == "conversation");
  set("price_per_success", price_per == "success");
  set("price_per_request", price_per == "request");

  // Routing counts only where there is another model to route to: one that is named, or one that is told by its cost.
  const std::string_view routing = scenario_.choice("routing");
  const bool first_named = !scenario_.reference("route_1_model").empty();
  const bool first_told = !first_named && given("route_1_cost_ratio");
  set("routing_shares", routing == "shares");
  set("routing_cascade", routing == "cascade" && (first_named || first_told));
  set("route_1_cost_given", first_told);
  if (routing == "shares" && !first_named && !first_told) put_shared("route_1_share_ratio", {0, true}, Origin::derived);
  if (routing == "cascade" && !first_named && !first_told)
    shared_notices_.push_back(
        {"assumption", "A cascade needs a first model: name it, or tell its cost. Priced without."});
  if (routing == "shares") {
    double sum = first_named || first_told ? scenario_.value("route_1_share_ratio").value_or(0) : 0;
    for (const NamedRole& named : named_roles) {
      if (named.role == Role::route_1 || named.role == Role::fallback) continue;
      if (!scenario_.reference(named.parameter).empty())
        sum += scenario_.value(std::string(role_prefix(named.role).substr(0, 7)) + "_share_ratio").value_or(0);
    }
    if (!(sum > 0))
      shared_notices_.push_back({"assumption", "No other model takes a share: the chosen one answers all requests."});
    else if (sum > 1 + 1e-9)
      shared_problem_ = "The shares of the other models add up to " + percent_text(sum) + ", more than all requests.";
  }
}

// Models that help, and media paid by the unit: their prices do not depend on the chosen model.
void Binder::bind_helpers() {
  struct Helper {
    std::string_view id, parameter;
  };
  static constexpr Helper helpers[] = {{"summary", "summary_model"},       {"classifier", "classifier_model"},
                                       {"compressor", "compressor_model"}, {"guard", "guard_model"},
                                       {"judge", "judge_model"},           {"embedding", "embedding_model"},
                                       {"rerank", "rerank_model"}};
  const auto row_of = [&](const Model& model) {
    const PriceRow* row = row_at(model, ServiceTier::standard, date_);
    return row;
  };
  for (const Helper& helper : helpers) {
    const std::string before = std::string(helper.id) + ".";
    const std::string_view name = scenario_.reference(helper.parameter);
    put_shared(before + "token_factor", {1, true}, Origin::derived);
    if (name.empty()) {
      // No model is named: nobody is asked. A summary and a judgement are then the chosen model's work.
      if (helper.id == "judge") judge_is_chosen_ = true;
      if (helper.id == "summary") summary_is_chosen_ = true;
      put_shared(before + "price.input", {0, true}, Origin::derived);
      put_shared(before + "price.output", {0, true}, Origin::derived);
      continue;
    }
    const Result<const Model*> model = catalog_.find_model(name);
    const PriceRow* row = model ? row_of(**model) : nullptr;
    if (row == nullptr) continue;  // unknown
    const Prices prices = prices_at_level(*row, nullptr, 0);
    const std::uint8_t source = add_source({row, row->source, row->checked, row->note, TokenClass::cache_write});
    const auto put = [&](std::string_view id, TokenClass token_class) {
      const auto price = resolve(prices, token_class);
      put_shared(before + std::string(id), {price.value_or(0), price.has_value()}, Origin::seller, source);
    };
    put("price.input", TokenClass::input);
    put("price.output", TokenClass::output);
    if (helper.id == "embedding") put_shared("embedding.price.output", {0, true}, Origin::derived);
    if (helper.id == "rerank") {
      put_shared("rerank.price.output", {0, true}, Origin::derived);
      if (fee_of(*row, "rerank") != nullptr) put_shared("rerank.price.input", {0, true}, Origin::derived);
    }
  }

  struct Paid {
    std::string_view id, parameter, fee;
  };
  static constexpr Paid paid[] = {{"fee.rerank", "rerank_model", "rerank"},
                                  {"fee.transcription", "transcription_model", "transcription"},
                                  {"fee.speech", "speech_model", "speech"},
                                  {"fee.image_generation", "image_model", "image"},
                                  {"fee.video_generation", "video_model", "video"}};
  for (const Paid& item : paid) {
    const std::string_view name = scenario_.reference(item.parameter);
    if (name.empty()) {
      // Ranking is left out where no model is named; for the others a quantity without a model has no price.
      if (item.id == "fee.rerank") put_shared(item.id, {0, true}, Origin::derived);
      continue;
    }
    const Result<const Model*> model = catalog_.find_model(name);
    const PriceRow* row = model ? row_of(**model) : nullptr;
    if (row == nullptr) continue;
    const std::uint8_t source = add_source({row, row->source, row->checked, row->note, TokenClass::cache_write});
    const Fee* fee = fee_of(*row, item.fee);
    if (fee != nullptr)
      put_shared(item.id, {fee->usd, true}, Origin::seller, source);
    else if (const Fee* hour = fee_of(*row, "audio_hour"); item.id == "fee.transcription" && hour != nullptr)
      put_shared(item.id, {hour->usd / 60, true}, Origin::seller, source);
    else if (item.id == "fee.rerank")
      put_shared(item.id, {0, true}, Origin::seller, source);  // paid by the token
  }
}

void Binder::bind_services() {
  for (const std::string_view id : service_ids) {
    const std::string before = std::string(id) + ".";
    const std::string_view name = scenario_.reference(id);
    const Result<const Service*> service =
        name.empty() ? Result<const Service*>(static_cast<const Service*>(nullptr)) : catalog_.find_service(name);
    const ServiceRow* row = service && *service != nullptr ? row_at(**service, date_) : nullptr;
    const bool known = name.empty() || row != nullptr;
    const Origin origin = row != nullptr ? Origin::seller : Origin::derived;
    const std::uint8_t source =
        row != nullptr ? add_source({nullptr, row->source, row->checked, row->note, TokenClass::cache_write}) : 0;
    put_shared(before + "base", {row != nullptr ? row->base_usd : 0, known}, origin, source);
    put_shared(before + "minimum", {row != nullptr ? row->minimum_usd : 0, known}, origin, source);
    for (std::size_t i = 0; i < metric_count; ++i) {
      const std::string metric(metric_id(static_cast<Metric>(i)));
      ServiceRate rate;
      if (row != nullptr && row->rates[i]) rate = *row->rates[i];
      put_shared(before + "usd." + metric, {rate.usd, known}, origin, source);
      put_shared(before + "included." + metric, {rate.included, known}, origin, source);
    }
  }
}

Binding Binder::bind(const Model& model, const Model& chosen) const {
  Binding binding;
  bind_into(model, chosen, true, binding);
  return binding;
}

void Binder::bind_into(const Model& model, const Model& chosen, bool with_details, Binding& b) const {
  b.model = &model;
  b.seller = &catalog_.sellers[model.seller];
  b.date = date_;
  b.row = nullptr;
  b.window = nullptr;
  b.models = role_models_;
  b.models[0] = &model;
  b.inputs = shared_values_;
  b.origins = shared_origins_;
  b.status = Status::ok;
  b.reason.clear();
  b.notices.clear();
  b.sources.clear();
  if (with_details) {
    b.sources = shared_sources_;
    b.source_of_input = shared_source_of_input_;
    b.notices = shared_notices_;
  }
  Draft draft{*this, chosen, with_details, b};

  // A realtime model listens and speaks, and reads and writes text besides.
  const bool speaks = model.kind == ModelKind::audio && has(model, "audio_input") && has(model, "audio_output");
  if (model.kind != ModelKind::chat && !speaks)
    draft.refuse(Status::unsuitable,
                 "It is a model for " + std::string(model_kind_id(model.kind)) + ", it does not answer prompts.");
  for (const std::size_t need : wishes_.required)
    if (!has(model, needs[need].capability)) draft.refuse(Status::unsuitable, std::string(needs[need].sentence));
  if (!shared_problem_.empty()) draft.refuse(Status::unsuitable, shared_problem_);

  // An old example may still be priced on a model that is gone; as an alternative it is none.
  if (&model != &chosen && model.retires && *model.retires <= date_)
    draft.refuse(Status::unsuitable, "The seller has retired it on " + moment_text(*model.retires) + ".");

  const ServiceTier tier = wishes_.tier;
  for (const RoleSlots& at : roles_) {
    const bool own = at.role == Role::chosen || at.role == Role::batch;
    const Model* answering = own ? &model : role_models_[static_cast<std::size_t>(at.role)];
    if (answering == nullptr) continue;
    b.models[static_cast<std::size_t>(at.role)] = answering;
    bind_role(at, *answering, at.role == Role::batch ? ServiceTier::batch : tier, draft);
    if (at.role == Role::chosen && b.row == nullptr) return;
  }
  if (!with_details) return;
  const PriceRow& row = *b.row;
  if (row.status == PriceStatus::promotional && row.until)
    draft.note("promotion_ends", "The price is promotional until " + moment_text(*row.until) + " (exclusive).");
  for (const PriceRow& other : model.prices)
    if (other.tier == tier && other.from && *other.from > date_ && other.status != PriceStatus::cancelled)
      draft.note("announced_price", "Another price is announced from " + moment_text(*other.from) + " on.");
  if (!row.disagreements.empty())
    draft.note("disagreement", "Sources disagree about this price; the explanation of a price shows what others say.");
  if (model.retires)
    draft.note("retires", "The seller " + std::string(*model.retires <= date_ ? "has retired" : "retires") +
                              " this model on " + moment_text(*model.retires) + ".");
  if (!row.note.empty()) draft.note("price_note", row.note);
}

void Binder::bind_role(const RoleSlots& at, const Model& model, ServiceTier tier, Draft& draft) const {
  Binding& b = draft.binding;
  const bool first = at.role == Role::chosen;
  // Tokens are counted as the chosen model counts them; for the same text another tokenizer needs more or fewer.
  double factor = 1;
  if (wishes_.same_text && &model != &draft.chosen)
    factor = model.tokenizer_ratio.value_or(1) / draft.chosen.tokenizer_ratio.value_or(1);
  draft.put(at.token_factor, factor, Origin::derived);
  if (first) b.token_factor = factor;

  const PriceRow* found = row_at(model, tier, date_);
  if (found == nullptr && !first && at.role != Role::batch && tier != ServiceTier::standard) {
    found = row_at(model, ServiceTier::standard, date_);
    if (found != nullptr)
      draft.note("assumption", model.name + " has no price for the service tier \"" +
                                   std::string(service_tier_id(tier)) + "\": priced at its standard tier.");
  }
  if (first) b.row = found;
  if (found == nullptr) {
    const std::string who = first ? "" : model.name + ": ";
    if (tier != ServiceTier::standard && row_at(model, ServiceTier::standard, date_) != nullptr)
      draft.refuse(Status::unsuitable,
                   who + "No price is listed for the service tier \"" + std::string(service_tier_id(tier)) + "\".");
    else
      draft.refuse(Status::unpriced, who + "No price is known for " + moment_text(date_) + ".");
    return;
  }
  const PriceRow& row = *found;
  const CacheChoice cache = choose_cache(model, row, wishes_.caching);
  if (draft.with_details) {
    b.sources.push_back({&row, row.source, row.checked, row.note, cache.write_class});
    draft.source = static_cast<std::uint8_t>(b.sources.size());
  }
  if (!cache.notice.empty()) draft.note("not_offered", cache.notice);
  draft.put(at.cache_on, cache.on ? 1 : 0, Origin::derived);
  draft.put(at.cache_stored, cache.stored ? 1 : 0, Origin::derived);
  draft.put(at.cache_lifetime, cache.lifetime_minutes / 60, Origin::seller);
  draft.put(at.cache_step, model.cache ? std::max(1.0, model.cache->step_tokens) : 1, Origin::seller);
  const double minimum = model.cache ? model.cache->minimum_tokens : 0;
  draft.put(at.cache_minimum, minimum > 0 ? just_below(minimum) : 0, Origin::seller);
  draft.put(at.cache_storage, row.cache_storage_usd_per_mtok_hour.value_or(0), Origin::seller);

  // Peak prices: the share of tokens inside the windows, as given or as flat traffic has it.
  const Window* window = row.windows.empty() ? nullptr : &row.windows.front();
  if (first) b.window = window;
  const std::optional<double>& peak = wishes_.peak_share;
  const double peak_share = window == nullptr ? 0 : peak.value_or(window_share_of_week(row));
  draft.put(at.peak_share, peak_share, peak ? Origin::user : Origin::derived);
  if (window != nullptr && draft.with_details)
    draft.note("assumption", catalog_.sellers[model.seller].name + " has peak hours: " + percent_text(peak_share) +
                                 " of the tokens are priced at peak prices.");

  at.prices.fill(row, window, cache.write_class, b.inputs);
  for (const PriceInputs::Slot& slot : at.prices.slots()) {
    b.origins[slot.input] = Origin::seller;
    if (draft.with_details) b.source_of_input[slot.input] = draft.source;
  }

  // Geography: a factor on token charges where the seller lists one; no factor listed = no extra charge known.
  double geography = 1;
  if (const std::string_view wanted = wishes_.geography; wanted != "global") {
    const auto listed = std::find_if(model.geographies.begin(), model.geographies.end(),
                                     [&](const Geography& g) { return g.id == wanted; });
    if (listed != model.geographies.end())
      geography = listed->factor;
    else if (draft.with_details)
      draft.note("assumption", model.name + ": no extra charge is listed for this region; priced as anywhere.");
  }
  draft.put(at.geography, geography, Origin::seller);

  // What the model counts apart from text. Where a picture's tokens are not known, neither is their price.
  const auto count = [&](std::size_t input, std::optional<double> value) {
    draft.put(input, Known{value.value_or(0), value.has_value()}, Origin::seller);
  };
  count(at.tool_prompt, model.tool_prompt_tokens.value_or(0));
  if (wishes_.images)
    count(at.image_each, image_tokens(model, wishes_.image_detail, wishes_.image_width, wishes_.image_height));
  if (wishes_.pages) count(at.pdf_page, pdf_page_tokens(model));
  count(at.audio_input, model.audio_input_tokens_per_second);
  count(at.audio_output, model.audio_output_tokens_per_second);
  count(at.video, model.video_tokens_per_second);
  const std::string_view kept = wishes_.reasoning_kept;
  draft.put(at.reasoning_kept, (kept == "model" ? model.keeps_reasoning : kept == "yes") ? 1 : 0,
            kept == "model" ? Origin::seller : Origin::user);

  // Where a seller has several, by how much it searches, say, the first one stands for them.
  const auto request_fee = std::find_if(row.fees.begin(), row.fees.end(), is_paid_by_request);
  draft.put(at.request_fee, request_fee != row.fees.end() ? request_fee->usd : 0, Origin::seller);
  if (draft.with_details && std::count_if(row.fees.begin(), row.fees.end(), is_paid_by_request) > 1)
    draft.note("assumption",
               "The seller charges one of several fees for each request; priced with \"" + request_fee->name + "\".");
  draft.put(at.platform_share, model.platform_share_ratio, Origin::seller);
  if (!first) return;
  draft.put(fees_.platform_minimum, model.minimum_fee_usd, Origin::seller);
  bind_fees(row, draft);
  // The chosen model sums up and judges where no other is named.
  const Prices prices = prices_at_level(row, nullptr, 0);
  const auto price = [&](std::size_t input, TokenClass token_class) {
    const auto usd = resolve(prices, token_class);
    draft.put(input, Known{usd.value_or(0), usd.has_value()}, Origin::seller);
  };
  if (judge_is_chosen_) {
    price(fees_.judge_input, TokenClass::input);
    price(fees_.judge_output, TokenClass::output);
  }
  if (summary_is_chosen_) {
    price(fees_.summary_input, TokenClass::input);
    price(fees_.summary_output, TokenClass::output);
  }
}

// Fees of the chosen model's seller that are paid by the thing. A fee that is not listed is unknown: it matters where
// the scenario has such things.
void Binder::bind_fees(const PriceRow& row, Draft& draft) const {
  const auto put = [&](std::size_t price, std::size_t free, const Fee* fee, double per_unit) {
    draft.put(price, Known{fee != nullptr ? fee->usd / per_unit : 0, fee != nullptr}, Origin::seller);
    const double included = fee != nullptr ? (fee->free_per_month + fee->free_per_day * wishes_.days) * per_unit : 0;
    draft.put(free, included, Origin::seller);
  };
  put(fees_.search, fees_.search_free, fee_of(row, "web_search"), 1);
  put(fees_.file_search, fees_.file_search_free, fee_of(row, "file_search"), 1);
  put(fees_.session, fees_.session_free, fee_of(row, "session_runtime"), 60);
  // A container is charged by the hour, or by the minute and its memory.
  const Fee* code = fee_of(row, "code_execution");
  double per_unit = 60;
  if (code == nullptr) {
    code = fee_of(row, wishes_.container);
    per_unit = 1;
  }
  put(fees_.code, fees_.code_free, code, per_unit);
  draft.put(fees_.code_minimum, code != nullptr ? code->minimum * per_unit : 0, Origin::seller);
  const Fee* storage = fee_of(row, "file_storage");
  draft.put(fees_.file_storage, Known{storage != nullptr ? storage->usd : 0, storage != nullptr}, Origin::seller);
  // The allowance is listed in gigabyte-days of a month of 30 days.
  draft.put(fees_.file_storage_free, storage != nullptr ? storage->free_per_month / 30 : 0, Origin::seller);
}

}  // namespace tokenbill
