#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "json_reader.h"
#include "order.h"
#include "text.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {

using Kind = JsonValue::Kind;

constexpr std::string_view provider_format = "tokenbill-provider/1";
constexpr std::string_view services_format = "tokenbill-services/1";
constexpr std::string_view bundle_format = "tokenbill-prices/1";

constexpr Range price_range{0, 10000, "USD per million tokens"};
constexpr Range token_range{1, 1e9, "tokens", Numbers::whole};
constexpr Size text_size{1, 300};
constexpr std::size_t most_models = 10000;
constexpr std::size_t most_rows = 20000;  // of all models, those passed on included
constexpr std::size_t most_services = 1000;
constexpr Range rate_range{0, 1e6, "tokens", Numbers::positive};
constexpr Size some{1, 1000};
constexpr Size few{1, 32};

constexpr std::array<std::string_view, 3> seller_kinds = {"developer", "cloud", "reseller"};
constexpr std::array<std::string_view, 6> model_kinds = {"chat", "embedding", "rerank", "image", "audio", "video"};
constexpr std::array<std::string_view, 9> capabilities = {"image_input",  "audio_input",  "video_input",
                                                          "image_output", "audio_output", "reasoning",
                                                          "tools",        "caching",      "open_weights"};
constexpr std::array<std::string_view, 3> cache_kinds = {"automatic", "explicit", "both"};
constexpr std::array<std::string_view, 4> lifetimes = {"automatic", "5m", "30m", "1h"};
constexpr std::array<std::string_view, 5> tiers = {"standard", "batch", "flex", "fast", "ultrafast"};
constexpr std::array<std::string_view, 4> statuses = {"list", "promotional", "announced", "cancelled"};
constexpr std::array<std::string_view, 7> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 11> fee_units = {"request", "search",    "call", "image",  "second", "minute",
                                                        "hour",    "character", "page", "gb_day", "session"};
constexpr std::array<std::string_view, 5> image_algorithms = {"patch28", "patch32", "tile512", "tile768", "fixed"};
constexpr std::array<std::string_view, 4> service_kinds = {"vector_store", "response_cache", "observability",
                                                           "guardrail"};

/// Models of other sellers that a seller passes on, until all sellers have been read.
struct Resale {
  std::vector<const JsonValue*> models;
  std::string pointer;
  double price_factor = 1;
  double platform_share_ratio = 0;
  double minimum_fee_usd = 0;
  std::vector<Geography> geographies;
  std::string source;
  Moment checked;
  std::string note;
};

struct SellerDraft {
  std::string_view document;  ///< for Error::where
  Seller seller;
  std::vector<Model> models;
  std::vector<Resale> resales;
};

struct CatalogDraft {
  std::vector<SellerDraft> sellers;
  std::vector<Service> services;
  std::set<std::string, std::less<>> names;          ///< "seller/", "seller/model" and "seller/alias"
  std::set<std::string, std::less<>> service_names;  ///< "vendor/" and "vendor/service"
  std::size_t models = 0;
  std::size_t rows = 0;
  Moment as_of;
};

bool take_name(JsonReport& report, CatalogDraft& draft, const JsonValue& at, std::string name) {
  if (draft.names.insert(name).second) return true;
  report.add(Code::inconsistent, at, join({in_quotes(name), " stands in the catalog twice."}),
             "Ids and aliases of one seller must differ.");
  return false;
}

bool take_service_name(JsonReport& report, CatalogDraft& draft, const JsonValue& at, std::string name) {
  if (draft.service_names.insert(name).second) return true;
  report.add(Code::inconsistent, at, join({in_quotes(name), " stands among the services twice."}),
             "Ids of one vendor's services must differ, and a vendor has one file.");
  return false;
}

void refuse_repeated(JsonReport& report, const JsonValue& value) {
  report.add(Code::inconsistent, value, join({in_quotes(value.text), " stands in the list twice."}),
             "Keep one of them.");
}

enum class Emptiness : bool { refused, allowed };

// Not to be told from a price of 0 by the eye: a table without a price is refused where it would be without effect.
void read_prices(JsonReport& report, JsonObject& object, Emptiness emptiness, Prices& prices,
                 std::optional<double>* storage) {
  constexpr std::string_view key = "usd_per_mtok";
  const JsonValue* member = object.get(key, Kind::object, Need::required);
  if (member == nullptr) return;
  const JsonStep step(report, key);
  JsonObject table(report, *member);
  for (std::size_t i = 0; i < token_class_count; ++i)
    table.number(info(static_cast<TokenClass>(i)).id, prices[i], Need::optional, price_range);
  if (storage != nullptr)
    table.number("cache_storage_per_hour", *storage, Need::optional, {0, 10000, "USD per million tokens and hour"});
  if (member->members.empty() && emptiness == Emptiness::refused)
    report.add(Code::missing_key, *member, "expected at least one price, found none.",
               "Add a price or remove the entry.");
  table.finish();
}

// "01:00" as minutes after midnight; "24:00" is the end of the day.
bool read_time(JsonReport& report, JsonObject& object, std::string_view key, int& minutes) {
  const JsonValue* member = object.get(key, Kind::string, Need::required);
  if (member == nullptr) return false;
  const std::string& text = member->text;
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 99;
  };
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (text.size() == 5 && text[2] == ':' && hour <= 24 && minute <= 59 && hour * 60 + minute <= 1440) {
    minutes = hour * 60 + minute;
    return true;
  }
  const JsonStep step(report, key);
  report.add(Code::bad_value, *member, join({"expected a time of day, found ", in_quotes(text), "."}),
             "Write hours and minutes: 09:30; 24:00 is the end of the day.");
  return false;
}

bool read_zone(JsonReport& report, JsonObject& object, int& minutes) {
  const JsonValue* member = object.get("zone", Kind::string, Need::required);
  if (member == nullptr) return false;
  const std::string& text = member->text;
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 99;
  };
  const int hour = digit(1) * 10 + digit(2);
  const int minute = digit(4) * 10 + digit(5);
  if (text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' && hour <= 14 && minute <= 59) {
    minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
    return true;
  }
  const JsonStep step(report, "zone");
  report.add(Code::bad_value, *member, join({"expected an offset from UTC, found ", in_quotes(text), "."}),
             "Write +00:00 for UTC, +08:00 for Beijing. Zones with summer time are two rows.");
  return false;
}

void read_window(JsonReport& report, const JsonValue& value, const Seller& seller, Window& window) {
  JsonObject object(report, value);
  const std::span<const JsonValue> day_list = object.list("days", Need::required, {1, days.size()});
  for (std::size_t i = 0; i < day_list.size(); ++i) {
    const JsonStep step(report, "days", i);
    const std::size_t day = read_choice(report, day_list[i], days);
    if (day == days.size()) continue;
    if ((window.days >> day & 1) != 0) refuse_repeated(report, day_list[i]);
    window.days = static_cast<std::uint8_t>(window.days | 1u << day);
  }
  const bool from = read_time(report, object, "from", window.from_minute);
  const bool to = read_time(report, object, "to", window.to_minute);
  if (from && to && window.from_minute >= window.to_minute) {
    report.add(Code::inconsistent, value, "the window ends before it begins.",
               "A window lies within one day; write two for one that spans midnight.");
  }
  (void)read_zone(report, object, window.zone_minutes);
  object.id("except", window.except, Need::optional, IdStyle::slug);
  if (!window.except.empty() && seller.calendars.find(window.except) == seller.calendars.end()) {
    report.add(Code::bad_value, value, join({"the seller has no calendar ", in_quotes(window.except), "."}),
               "Add it to \"calendars\", or remove \"except\".");
  }
  read_prices(report, object, Emptiness::refused, window.prices, nullptr);
  object.finish();
}

// Whether two windows share a moment of the week, holidays aside.
bool overlap(const Window& a, const Window& b) {
  constexpr int day_minutes = 1440;
  constexpr int week = 7 * day_minutes;
  for (int i = 0; i < 7; ++i) {
    for (int k = 0; k < 7; ++k) {
      if ((a.days >> i & 1) == 0 || (b.days >> k & 1) == 0) continue;
      // From the beginning of the one to that of the other, in UTC and around the week.
      const int apart =
          (k * day_minutes + b.from_minute - b.zone_minutes) - (i * day_minutes + a.from_minute - a.zone_minutes);
      const int forth = ((apart % week) + week) % week;
      if (forth < a.to_minute - a.from_minute || (week - forth) % week < b.to_minute - b.from_minute) return true;
    }
  }
  return false;
}

/// When a row holds, and how firmly: what rows of models and of services have in common.
struct Period {
  const std::optional<Moment>& from;
  const std::optional<Moment>& until;
  PriceStatus status;
};

bool overlap(const Period& a, const Period& b) {
  if (a.status == PriceStatus::cancelled || b.status == PriceStatus::cancelled) return false;
  return !(a.until && b.from && *a.until <= *b.from) && !(b.until && a.from && *b.until <= *a.from);
}

Period period_of(const PriceRow& row) { return {row.from, row.until, row.status}; }
Period period_of(const ServiceRow& row) { return {row.from, row.until, row.status}; }

void read_period(JsonReport& report, const JsonValue& value, JsonObject& object, std::optional<Moment>& from,
                 std::optional<Moment>& until, PriceStatus& status) {
  object.moment("from", from, Need::optional);
  object.moment("until", until, Need::optional);
  if (from && until && *from >= *until) {
    report.add(Code::inconsistent, value, R"(the row ends ("until") before it begins ("from").)", "Check both dates.");
  }
  std::size_t index = 0;
  object.choice("status", index, Need::required, statuses);
  status = static_cast<PriceStatus>(index);
  const bool endless = status == PriceStatus::promotional && !until;
  const bool without_start = status >= PriceStatus::announced && !from;
  if (endless || without_start) {
    report.add(
        Code::missing_key, value,
        join({"a row with the status ", in_quotes(statuses[index]), " needs ", endless ? R"("until".)" : R"("from".)"}),
        "Add the date.");
  }
}

void read_fee(JsonReport& report, const JsonValue& value, Fee& fee) {
  JsonObject object(report, value);
  object.id("id", fee.id, Need::required, IdStyle::slug);
  object.text("name", fee.name, Need::required, text_size);
  std::size_t per = 0;
  object.choice("per", per, Need::required, fee_units);
  fee.per = fee_units[per];
  object.number("usd", fee.usd, Need::required, {0, 10000, "USD"});
  object.number("free_per_month", fee.free_per_month, Need::optional, {0, 1e9, "", Numbers::positive});
  object.number("free_per_day", fee.free_per_day, Need::optional, {0, 1e9, "", Numbers::positive});
  object.number("minimum", fee.minimum, Need::optional, {0, 1e6, "", Numbers::positive});
  object.finish();
}

void read_context_tiers(JsonReport& report, JsonObject& object, std::vector<ContextTier>& out) {
  const std::span<const JsonValue> list = object.list("context_tiers", Need::optional, {1, max_context_tiers});
  const JsonStep step(report, "context_tiers");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonStep item(report, i);
    JsonObject tier_object(report, list[i]);
    ContextTier tier;
    std::optional<double> above;
    std::optional<double> from;
    tier_object.number("above", above, Need::optional, token_range);
    tier_object.number("from", from, Need::optional, token_range);
    if ((list[i].find("above") == nullptr) == (list[i].find("from") == nullptr)) {
      report.add(Code::missing_key, list[i], R"(expected either "above" or "from".)",
                 R"("above": 200000 is > 200000 tokens, "from": 200000 is >= 200000.)");
    }
    tier.inclusive = from.has_value();
    tier.threshold = above ? *above : from.value_or(0);
    if (!out.empty() && tier.threshold <= out.back().threshold) {
      report.add(Code::inconsistent, list[i], "the thresholds of the context tiers do not ascend.", "Sort them.");
    }
    read_prices(report, tier_object, Emptiness::refused, tier.prices, nullptr);
    tier_object.finish();
    out.push_back(tier);
  }
}

void read_row(JsonReport& report, const JsonValue& value, const Seller& seller, PriceRow& row) {
  JsonObject object(report, value);
  std::size_t tier = 0;
  object.choice("tier", tier, Need::required, tiers);
  row.tier = static_cast<ServiceTier>(tier);
  read_period(report, value, object, row.from, row.until, row.status);
  read_prices(report, object, Emptiness::allowed, row.prices, &row.cache_storage_usd_per_mtok_hour);
  read_context_tiers(report, object, row.context_tiers);
  const std::span<const JsonValue> windows = object.list("windows", Need::optional, few);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const JsonStep step(report, "windows", i);
    read_window(report, windows[i], seller, row.windows.emplace_back());
    for (std::size_t k = 0; k < i; ++k) {
      if (!overlap(row.windows[k], row.windows[i])) continue;
      report.add(Code::inconsistent, windows[i], join({"the window overlaps with window ", std::to_string(k), "."}),
                 "At most one price may hold at a moment.");
    }
  }
  const std::span<const JsonValue> fees = object.list("fees", Need::optional, few);
  for (std::size_t i = 0; i < fees.size(); ++i) {
    const JsonStep step(report, "fees", i);
    read_fee(report, fees[i], row.fees.emplace_back());
    for (std::size_t k = 0; k < i; ++k)
      if (row.fees[k].id == row.fees[i].id)
        report.add(Code::inconsistent, fees[i], "two fees have this id.", "Rename one.");
  }
  const JsonValue* prices = value.find("usd_per_mtok");
  if (prices != nullptr && prices->kind == Kind::object && prices->members.empty() && row.fees.empty())
    report.add(Code::missing_key, value, "the row has neither a price nor a fee.", "Add one, or remove the row.");
  object.text("source", row.source, Need::required, text_size);
  object.day("checked", row.checked, Need::required);
  object.text("note", row.note, Need::optional, text_size);
  const std::span<const JsonValue> others = object.list("disagreements", Need::optional, few);
  for (std::size_t i = 0; i < others.size(); ++i) {
    const JsonStep step(report, "disagreements", i);
    JsonObject other(report, others[i]);
    Disagreement& disagreement = row.disagreements.emplace_back();
    std::optional<double> storage;  // read and checked, but nobody shows it
    other.text("source", disagreement.source, Need::required, text_size);
    read_prices(report, other, Emptiness::refused, disagreement.prices, &storage);
    other.text("note", disagreement.note, Need::required, text_size);
    other.finish();
  }
  object.finish();
}

void read_cache(JsonReport& report, JsonObject& object, std::optional<PrefixCache>& out) {
  const JsonValue* member = object.get("cache", Kind::object, Need::optional);
  if (member == nullptr) return;
  const JsonStep step(report, "cache");
  JsonObject fields(report, *member);
  PrefixCache cache;
  std::size_t kind = 0;
  fields.choice("kind", kind, Need::required, cache_kinds);
  cache.automatic = cache_kinds[kind] != "explicit";
  cache.explicit_markers = cache_kinds[kind] != "automatic";
  fields.number("minimum_tokens", cache.minimum_tokens, Need::optional, token_range);
  fields.number("step_tokens", cache.step_tokens, Need::optional, token_range);
  if (const JsonValue* table = fields.get("lifetime_minutes", Kind::object, Need::optional)) {
    const JsonStep inner(report, "lifetime_minutes");
    JsonObject minutes(report, *table);
    for (std::string_view lifetime : lifetimes) {
      std::optional<double> found;
      minutes.number(lifetime, found, Need::optional, {1, 1e9, "minutes", Numbers::whole});
      if (found) cache.lifetime_minutes.emplace(lifetime, *found);
    }
    if (table->members.empty())
      report.add(Code::missing_key, *table, "expected a lifetime, found none.",
                 R"(Add one, or remove "lifetime_minutes".)");
    minutes.finish();
  }
  fields.finish();
  out = std::move(cache);
}

void read_tokenizer(JsonReport& report, JsonObject& object, Model& model) {
  const JsonValue* member = object.get("tokenizer", Kind::object, Need::optional);
  if (member == nullptr) return;
  const JsonStep step(report, "tokenizer");
  JsonObject fields(report, *member);
  fields.text("family", model.tokenizer_family, Need::required, text_size);
  fields.number("ratio", model.tokenizer_ratio, Need::optional, {0, 10, "tokens per o200k token", Numbers::positive});
  fields.text("note", model.tokenizer_note, Need::optional, text_size);
  fields.finish();
}

void read_geographies(JsonReport& report, JsonObject& object, std::vector<Geography>& out) {
  const std::span<const JsonValue> list = object.list("geographies", Need::optional, few);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonStep step(report, "geographies", i);
    JsonObject fields(report, list[i]);
    Geography& geography = out.emplace_back();
    fields.id("id", geography.id, Need::required, IdStyle::slug);
    fields.text("name", geography.name, Need::required, text_size);
    fields.number("factor", geography.factor, Need::required, {0, 10, "", Numbers::positive});
    fields.text("source", geography.source, Need::required, text_size);
    fields.day("checked", geography.checked, Need::required);
    fields.finish();
  }
}

// Each algorithm has numbers of its own; all of them that it cannot do without are required.
void read_image_numbers(JsonReport& report, const JsonValue& value, ImageAlgorithm algorithm, ImageNumbers& numbers) {
  constexpr Range edge_range{1, 1e6, "pixels", Numbers::whole};
  constexpr Range patch_range{1, 1e6, "patches", Numbers::whole};
  JsonObject object(report, value);
  switch (algorithm) {
    case ImageAlgorithm::patch28:
      object.number("max_edge", numbers.max_edge, Need::required, edge_range);
      object.number("max_patches", numbers.max_patches, Need::required, patch_range);
      break;
    case ImageAlgorithm::patch32:
      object.number("max_edge", numbers.max_edge, Need::optional, edge_range);
      object.number("max_patches", numbers.max_patches, Need::optional, patch_range);
      object.number("multiplier", numbers.multiplier, Need::required, {0, 100, "tokens a patch", Numbers::positive});
      break;
    case ImageAlgorithm::tile512:
      object.number("base_tokens", numbers.base_tokens, Need::required, {0, 1e6, "tokens"});
      object.number("tile_tokens", numbers.tile_tokens, Need::required, {0, 1e6, "tokens"});
      break;
    case ImageAlgorithm::tile768:
      object.number("tile_tokens", numbers.tile_tokens, Need::required, rate_range);
      break;
    case ImageAlgorithm::fixed:
      object.number("tokens", numbers.tokens, Need::required, rate_range);
      break;
  }
  object.finish();
}

void read_image_rule(JsonReport& report, JsonObject& object, std::optional<ImageTokenRule>& out) {
  const JsonValue* member = object.get("image_tokens", Kind::object, Need::optional);
  if (member == nullptr) return;
  const JsonStep step(report, "image_tokens");
  JsonObject fields(report, *member);
  ImageTokenRule rule;
  std::size_t algorithm = image_algorithms.size();
  fields.choice("algorithm", algorithm, Need::required, image_algorithms);
  const bool known = algorithm < image_algorithms.size();
  if (known) rule.algorithm = static_cast<ImageAlgorithm>(algorithm);
  for (std::size_t i = 0; i < image_detail_count; ++i) {
    const auto detail = static_cast<ImageDetail>(i);
    const Need need = detail == ImageDetail::automatic ? Need::required : Need::optional;
    const JsonValue* numbers = fields.get(image_detail_id(detail), Kind::object, need);
    if (numbers == nullptr || !known) continue;
    const JsonStep inner(report, image_detail_id(detail));
    read_image_numbers(report, *numbers, rule.algorithm, rule.details[i].emplace());
  }
  fields.finish();
  out = rule;
}

// What a model counts apart from text, with one source for all of it.
void read_counting(JsonReport& report, JsonObject& object, Model& model) {
  const JsonValue* member = object.get("counting", Kind::object, Need::optional);
  if (member == nullptr) return;
  const JsonStep step(report, "counting");
  JsonObject fields(report, *member);
  read_image_rule(report, fields, model.image_tokens);
  fields.number("audio_input_tokens_per_second", model.audio_input_tokens_per_second, Need::optional, rate_range);
  fields.number("audio_output_tokens_per_second", model.audio_output_tokens_per_second, Need::optional, rate_range);
  fields.number("video_tokens_per_second", model.video_tokens_per_second, Need::optional, rate_range);
  fields.number("pdf_page_tokens", model.pdf_page_tokens, Need::optional, rate_range);
  fields.number("tool_prompt_tokens", model.tool_prompt_tokens, Need::optional, rate_range);
  const JsonValue* keeps = fields.get("keeps_reasoning", Kind::boolean, Need::optional);
  model.keeps_reasoning = keeps != nullptr && keeps->boolean;
  if (!model.image_tokens && !model.audio_input_tokens_per_second && !model.audio_output_tokens_per_second &&
      !model.video_tokens_per_second && !model.pdf_page_tokens && !model.tool_prompt_tokens && keeps == nullptr)
    report.add(Code::missing_key, *member, "expected a rule or a number of tokens, found none.",
               R"(Add one, or remove "counting".)");
  fields.text("source", model.counting_source, Need::required, text_size);
  fields.day("checked", model.counting_checked, Need::required);
  fields.text("note", model.counting_note, Need::optional, text_size);
  fields.finish();
}

void read_model(JsonReport& report, const JsonValue& value, const Seller& seller, Model& model) {
  JsonObject object(report, value);
  object.id("id", model.id, Need::required, IdStyle::model);
  model.key = join({seller.id, "/", model.id});
  object.text("name", model.name, Need::required, text_size);
  std::size_t kind = 0;
  object.choice("kind", kind, Need::required, model_kinds);
  model.kind = static_cast<ModelKind>(kind);
  const std::span<const JsonValue> aliases = object.list("aliases", Need::optional, some);
  for (std::size_t i = 0; i < aliases.size(); ++i) {
    const JsonStep step(report, "aliases", i);
    if (expect_kind(report, aliases[i], Kind::string) && check_id(report, aliases[i], aliases[i].text, IdStyle::model))
      model.aliases.push_back(aliases[i].text);
  }
  object.day("released", model.released, Need::optional);
  object.day("retires", model.retires, Need::optional);
  object.number("context_tokens", model.context_tokens, Need::optional, token_range);
  object.number("max_output_tokens", model.max_output_tokens, Need::optional, token_range);
  const std::span<const JsonValue> abilities = object.list("capabilities", Need::optional, {1, capabilities.size()});
  for (std::size_t i = 0; i < abilities.size(); ++i) {
    const JsonStep step(report, "capabilities", i);
    const std::size_t ability = read_choice(report, abilities[i], capabilities);
    if (ability == capabilities.size()) continue;
    for (const std::string& known : model.capabilities)
      if (known == capabilities[ability]) refuse_repeated(report, abilities[i]);
    model.capabilities.emplace_back(capabilities[ability]);
  }
  read_tokenizer(report, object, model);
  read_cache(report, object, model.cache);
  read_counting(report, object, model);
  read_geographies(report, object, model.geographies);
  const std::span<const JsonValue> rows = object.list("prices", Need::required, some);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const JsonStep step(report, "prices", i);
    read_row(report, rows[i], seller, model.prices.emplace_back());
    for (std::size_t k = 0; k < i; ++k) {
      if (model.prices[k].tier != model.prices[i].tier ||
          !overlap(period_of(model.prices[k]), period_of(model.prices[i])))
        continue;
      report.add(Code::inconsistent, rows[i],
                 join({"the row overlaps in time with row ", std::to_string(k), " of the same tier."}),
                 R"(Let the earlier one end ("until") where the later one begins ("from").)");
    }
  }
  object.finish();
}

void read_calendars(JsonReport& report, JsonObject& object, Seller& seller) {
  const JsonValue* member = object.get("calendars", Kind::object, Need::optional);
  if (member == nullptr) return;
  const JsonStep step(report, "calendars");
  for (const auto& [name, dates] : member->members) {
    const JsonStep inner(report, name);
    if (!check_id(report, dates, name, IdStyle::slug) || !expect_kind(report, dates, Kind::array)) continue;
    std::vector<std::int64_t>& calendar = seller.calendars[name];
    for (std::size_t i = 0; i < dates.items.size(); ++i) {
      const JsonStep item(report, i);
      if (const std::optional<Moment> date = read_moment(report, dates.items[i], true))
        calendar.push_back(day_number(*date));
    }
    sort_stably(calendar, std::less<std::int64_t>());
    if (dates.items.empty() || std::adjacent_find(calendar.begin(), calendar.end()) != calendar.end())
      report.add(Code::inconsistent, dates, "the calendar is empty or has a date twice.", "Keep each date once.");
  }
}

void read_resale(JsonReport& report, const JsonValue& value, std::vector<Resale>& out) {
  const std::size_t errors_before = report.count;
  JsonObject object(report, value);
  Resale resale;
  resale.pointer = report.pointer + "/models";
  const std::span<const JsonValue> models = object.list("models", Need::required, {1, most_models});
  for (std::size_t i = 0; i < models.size(); ++i) {
    const JsonStep step(report, "models", i);
    if (expect_kind(report, models[i], Kind::string)) resale.models.push_back(&models[i]);
  }
  object.number("price_factor", resale.price_factor, Need::required, {0, 10, "", Numbers::positive});
  object.number("platform_share_ratio", resale.platform_share_ratio, Need::optional, {0, 1});
  object.number("minimum_fee_usd", resale.minimum_fee_usd, Need::optional, {0, 1000, "USD"});
  read_geographies(report, object, resale.geographies);
  object.text("source", resale.source, Need::required, text_size);
  object.day("checked", resale.checked, Need::required);
  object.text("note", resale.note, Need::optional, text_size);
  object.finish();
  if (report.count == errors_before) out.push_back(std::move(resale));
}

// Reads one seller; its bad models are left out, and all of it where the seller itself cannot be told.
void read_seller(JsonReport& report, const JsonValue& value, bool has_format, CatalogDraft& draft) {
  const std::size_t errors_before = report.count;
  JsonObject object(report, value);
  if (has_format) object.allow("format");
  SellerDraft seller_draft;
  seller_draft.document = report.name;
  Seller& seller = seller_draft.seller;
  object.id("id", seller.id, Need::required, IdStyle::slug);
  object.text("name", seller.name, Need::required, text_size);
  std::size_t kind = 0;
  object.choice("kind", kind, Need::required, seller_kinds);
  seller.kind = seller_kinds[kind];
  if (seller.id.find('/') != std::string::npos)
    report.add(Code::bad_value, value, "the id of a seller contains a slash.", "Use letters, digits and -.");
  if (report.count == errors_before) (void)take_name(report, draft, value, seller.id + "/");
  const bool known = report.count == errors_before;

  read_calendars(report, object, seller);
  const std::span<const JsonValue> models = object.list("models", Need::required, {0, most_models});
  for (std::size_t i = 0; known && i < models.size(); ++i) {
    const JsonStep step(report, "models", i);
    const std::size_t before = report.count;
    Model model;
    read_model(report, models[i], seller, model);
    if (report.count == before) (void)take_name(report, draft, models[i], model.key);
    for (const std::string& alias : model.aliases)
      if (report.count == before) (void)take_name(report, draft, models[i], join({seller.id, "/", alias}));
    if (report.count != before) continue;
    if (++draft.models > most_models || (draft.rows += model.prices.size()) > most_rows) {
      report.add(Code::too_large, models[i], "the catalog has too many models or rows of prices.", "Split it.");
      break;
    }
    seller_draft.models.push_back(std::move(model));
  }
  const std::span<const JsonValue> resales = object.list("resells", Need::optional, some);
  for (std::size_t i = 0; i < resales.size(); ++i) {
    const JsonStep step(report, "resells", i);
    read_resale(report, resales[i], seller_draft.resales);
  }
  object.finish();
  if (known) draft.sellers.push_back(std::move(seller_draft));
}

void read_rate(JsonReport& report, const JsonValue& value, ServiceRow& row) {
  JsonObject object(report, value);
  std::array<std::string_view, metric_count> metrics;
  for (std::size_t i = 0; i < metric_count; ++i) metrics[i] = metric_id(static_cast<Metric>(i));
  std::size_t metric = metric_count;
  object.choice("metric", metric, Need::required, metrics);
  ServiceRate rate;
  double per = 1;
  object.number("usd", rate.usd, Need::required, {0, 1e6, "USD"});
  object.number("per", per, Need::optional, {0, 1e12, "", Numbers::positive});
  object.number("included", rate.included, Need::optional, {0, 1e15, "", Numbers::positive});
  object.finish();
  rate.usd /= per;
  if (metric == metric_count) return;
  std::optional<ServiceRate>& place = row.rates[metric];
  if (place)
    report.add(Code::inconsistent, value, join({"the row has two rates for ", in_quotes(metrics[metric]), "."}),
               "Keep one of them.");
  place = rate;
}

void read_service_row(JsonReport& report, const JsonValue& value, ServiceRow& row) {
  constexpr Range usd_a_month{0, 1e7, "USD per month"};
  JsonObject object(report, value);
  read_period(report, value, object, row.from, row.until, row.status);
  object.number("base_usd", row.base_usd, Need::optional, usd_a_month);
  object.number("minimum_usd", row.minimum_usd, Need::optional, usd_a_month);
  const std::span<const JsonValue> rates = object.list("rates", Need::optional, {1, metric_count});
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const JsonStep step(report, "rates", i);
    read_rate(report, rates[i], row);
  }
  // A service that costs nothing says so; one whose price was forgotten does not pass for it.
  if (value.find("rates") == nullptr && value.find("base_usd") == nullptr)
    report.add(Code::missing_key, value, R"(expected "base_usd" or "rates", found neither.)",
               R"(Write what a month costs; "base_usd": 0 is free.)");
  object.text("source", row.source, Need::required, text_size);
  object.day("checked", row.checked, Need::required);
  object.text("note", row.note, Need::optional, text_size);
  object.finish();
}

void read_service(JsonReport& report, const JsonValue& value, std::string_view vendor, Service& service) {
  JsonObject object(report, value);
  object.id("id", service.id, Need::required, IdStyle::slug);
  service.key = join({vendor, "/", service.id});
  object.text("name", service.name, Need::required, text_size);
  std::size_t kind = 0;
  object.choice("kind", kind, Need::required, service_kinds);
  service.kind = service_kinds[kind];
  const std::span<const JsonValue> rows = object.list("prices", Need::required, some);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const JsonStep step(report, "prices", i);
    read_service_row(report, rows[i], service.rows.emplace_back());
    for (std::size_t k = 0; k < i; ++k) {
      if (!overlap(period_of(service.rows[k]), period_of(service.rows[i]))) continue;
      report.add(Code::inconsistent, rows[i], join({"the row overlaps in time with row ", std::to_string(k), "."}),
                 R"(Let the earlier one end ("until") where the later one begins ("from").)");
    }
  }
  object.finish();
}

// Reads the services of one vendor; bad ones are left out, and all of them where the vendor itself cannot be told.
void read_vendor(JsonReport& report, const JsonValue& value, bool has_format, CatalogDraft& draft) {
  const std::size_t errors_before = report.count;
  JsonObject object(report, value);
  if (has_format) object.allow("format");
  std::string vendor;
  std::string name;  // read and checked, but services say in their names whose they are
  object.id("id", vendor, Need::required, IdStyle::slug);
  object.text("name", name, Need::required, text_size);
  if (report.count == errors_before) (void)take_service_name(report, draft, value, vendor + "/");
  const bool known = report.count == errors_before;
  const std::span<const JsonValue> services = object.list("services", Need::required, {1, most_services});
  for (std::size_t i = 0; known && i < services.size(); ++i) {
    const JsonStep step(report, "services", i);
    const std::size_t before = report.count;
    Service service;
    read_service(report, services[i], vendor, service);
    if (report.count == before) (void)take_service_name(report, draft, services[i], service.key);
    if (report.count != before) continue;
    if (draft.services.size() == most_services) {
      report.add(Code::too_large, services[i], "the catalog has too many services.", "Keep at most 1,000.");
      break;
    }
    draft.services.push_back(std::move(service));
  }
  object.finish();
}

void scale(Prices& prices, double factor) {
  for (std::optional<double>& price : prices)
    if (price) *price *= factor;
}

// The model as another seller passes it on.
Model resold(const Model& original, const Seller& from, Seller& to, const Resale& resale) {
  Model model = original;
  model.id = original.key;
  model.key = join({to.id, "/", original.key});
  model.aliases.clear();
  model.geographies = resale.geographies;  // this seller's own: those of the original hold at the original only
  model.resold_from = original.key;
  model.platform_share_ratio = resale.platform_share_ratio;
  model.minimum_fee_usd = resale.minimum_fee_usd;
  model.resale_source = resale.source;
  model.resale_checked = resale.checked;
  model.resale_note = resale.note;
  for (PriceRow& row : model.prices) {
    scale(row.prices, resale.price_factor);
    if (row.cache_storage_usd_per_mtok_hour) *row.cache_storage_usd_per_mtok_hour *= resale.price_factor;
    for (ContextTier& tier : row.context_tiers) scale(tier.prices, resale.price_factor);
    for (Fee& fee : row.fees) fee.usd *= resale.price_factor;
    for (Disagreement& other : row.disagreements) scale(other.prices, resale.price_factor);
    for (Window& window : row.windows) {
      scale(window.prices, resale.price_factor);
      if (window.except.empty()) continue;
      // The calendar comes along under a name that no calendar of the file can have.
      const auto calendar = from.calendars.find(window.except);
      window.except = join({from.id, " ", window.except});
      to.calendars.emplace(window.except, calendar->second);
    }
  }
  return model;
}

Catalog finish_catalog(CatalogDraft& draft, std::vector<Error> errors) {
  struct Place {
    std::size_t seller;
    std::size_t model;
  };
  std::map<std::string_view, Place> originals;
  for (std::size_t s = 0; s < draft.sellers.size(); ++s)
    for (std::size_t m = 0; m < draft.sellers[s].models.size(); ++m)
      originals.emplace(draft.sellers[s].models[m].key, Place{s, m});

  std::vector<std::vector<Model>> passed_on(draft.sellers.size());
  for (std::size_t s = 0; s < draft.sellers.size(); ++s) {
    SellerDraft& to = draft.sellers[s];
    JsonReport report{to.document, errors};
    for (const Resale& resale : to.resales) {
      draft.as_of = std::max(draft.as_of, resale.checked);
      for (const JsonValue* name : resale.models) {
        report.pointer = resale.pointer;
        const auto original = originals.find(name->text);
        if (original == originals.end() || original->second.seller == s) {
          report.add(Code::unknown_model, *name, join({"no other seller has the model ", in_quotes(name->text), "."}),
                     "Name it as seller/id, where it has prices of its own.");
          continue;
        }
        const SellerDraft& from = draft.sellers[original->second.seller];
        const Model& model = from.models[original->second.model];
        if (!take_name(report, draft, *name, join({to.seller.id, "/", model.key}))) continue;
        if (++draft.models > most_models || (draft.rows += model.prices.size()) > most_rows) {
          report.add(Code::too_large, *name, "the catalog has too many models or rows of prices.", "Split it.");
          break;
        }
        passed_on[s].push_back(resold(model, from.seller, to.seller, resale));
      }
    }
  }

  Catalog catalog;
  for (std::size_t s = 0; s < draft.sellers.size(); ++s) {
    for (std::vector<Model>* models : {&draft.sellers[s].models, &passed_on[s]}) {
      for (Model& model : *models) {
        model.seller = static_cast<std::uint32_t>(s);
        for (const PriceRow& row : model.prices) draft.as_of = std::max(draft.as_of, row.checked);
        for (const Geography& geography : model.geographies) draft.as_of = std::max(draft.as_of, geography.checked);
        draft.as_of = std::max(draft.as_of, model.counting_checked);
        catalog.models.push_back(std::move(model));
      }
    }
    catalog.sellers.push_back(std::move(draft.sellers[s].seller));
  }
  for (const Service& service : draft.services)
    for (const ServiceRow& row : service.rows) draft.as_of = std::max(draft.as_of, row.checked);
  catalog.services = std::move(draft.services);
  catalog.as_of = draft.as_of;
  catalog.left_out = std::move(errors);
  return catalog;
}

// Any other file is read, and refused, as a provider file.
bool is_services_file(const JsonValue& document) { return claims_format(document, services_format); }

}  // namespace

struct CatalogParts::Draft {
  CatalogDraft catalog;
  std::vector<Error> errors;
  // The documents and their names are kept until the resold models are found, for the positions of errors.
  std::deque<std::string> names;
  std::deque<JsonValue> documents;
  Moment as_of;
};

CatalogParts::CatalogParts() : draft_(std::make_unique<Draft>()) {}
CatalogParts::~CatalogParts() = default;
CatalogParts::CatalogParts(CatalogParts&&) noexcept = default;
CatalogParts& CatalogParts::operator=(CatalogParts&&) noexcept = default;

std::optional<Error> CatalogParts::add(std::string_view text, std::string_view name) {
  Result<JsonValue> read = parse_json(text, name);
  if (!read.ok()) return read.error();
  if (std::optional<Error> error = check_format(*read, name, bundle_format)) return error;
  std::vector<Error> errors;
  const JsonValue& document = draft_->documents.emplace_back(std::move(read).value());
  JsonReport report{draft_->names.emplace_back(name), errors};
  JsonObject object(report, document);
  object.allow("format");
  object.day("as_of", draft_->as_of, Need::required);
  const JsonValue* providers = object.get("providers", Kind::array, Need::required);
  const JsonValue* vendors = object.get("services", Kind::array, Need::optional);
  object.finish();
  if (!errors.empty()) {
    draft_->documents.pop_back();
    return std::move(errors.front());
  }
  for (std::size_t i = 0; i < providers->items.size(); ++i) {
    const JsonStep step(report, "providers", i);
    read_seller(report, providers->items[i], false, draft_->catalog);
  }
  for (std::size_t i = 0; vendors != nullptr && i < vendors->items.size(); ++i) {
    const JsonStep step(report, "services", i);
    read_vendor(report, vendors->items[i], false, draft_->catalog);
  }
  for (Error& error : errors) draft_->errors.push_back(std::move(error));
  return std::nullopt;
}

Result<Catalog> CatalogParts::finish() {
  if (draft_->documents.empty())
    return Error{Code::missing_key, "prices", "no part of the price list was read.", "Add its parts first."};
  Catalog catalog = finish_catalog(draft_->catalog, std::move(draft_->errors));
  catalog.as_of = draft_->as_of;
  return catalog;
}

Result<Catalog> parse_catalog(std::string_view text, std::string_view name) {
  CatalogParts parts;
  if (std::optional<Error> error = parts.add(text, name)) return *std::move(error);
  return parts.finish();
}

Result<Catalog> parse_providers(std::span<const NamedText> files) {
  CatalogDraft draft;
  std::vector<Error> errors;
  // The documents are kept until the resold models are found, for the positions of errors.
  std::vector<JsonValue> documents;
  documents.reserve(files.size());
  for (const NamedText& file : files) {
    Result<JsonValue> document = parse_json(file.text, file.name);
    const bool services = document.ok() && is_services_file(*document);
    std::optional<Error> error = document.ok()
                                     ? check_format(*document, file.name, services ? services_format : provider_format)
                                     : document.error();
    if (error) {
      errors.push_back(*std::move(error));
      continue;
    }
    documents.push_back(std::move(document).value());
    JsonReport report{file.name, errors};
    if (services) {
      read_vendor(report, documents.back(), true, draft);
    } else {
      read_seller(report, documents.back(), true, draft);
    }
  }
  if (errors.size() == files.size() && documents.empty() && !errors.empty()) return std::move(errors.front());
  sort_stably(draft.sellers, [](const SellerDraft& a, const SellerDraft& b) { return a.seller.id < b.seller.id; });
  // By vendor, and there in file order: whatever stands before the slash.
  const auto vendor = [](const Service& service) {
    return std::string_view(service.key).substr(0, service.key.size() - service.id.size());
  };
  sort_stably(draft.services, [&](const Service& a, const Service& b) { return vendor(a) < vendor(b); });
  return finish_catalog(draft, std::move(errors));
}

Result<std::string> bundle_text(std::span<const NamedText> files) {
  const Result<Catalog> catalog = parse_providers(files);
  if (!catalog.ok()) return catalog.error();
  if (!catalog->left_out.empty()) return catalog->left_out.front();
  // By id: the order of the files does not matter.
  std::map<std::string, JsonValue> providers;
  std::map<std::string, JsonValue> vendors;
  for (const NamedText& file : files) {
    Result<JsonValue> document = parse_json(file.text, file.name);
    if (!document.ok()) return document.error();
    std::string id = document->find("id")->text;
    (is_services_file(*document) ? vendors : providers).emplace(std::move(id), std::move(document).value());
  }
  JsonWriter writer;
  writer.begin_object().member("format", bundle_format).member("as_of", moment_text(catalog->as_of));
  const auto write_all = [&](std::string_view name, const std::map<std::string, JsonValue>& documents) {
    writer.key(name).begin_array();
    for (const auto& [id, document] : documents) write_bundled(writer, document);
    writer.end_array();
  };
  write_all("providers", providers);
  if (!vendors.empty()) write_all("services", vendors);
  writer.end_object();
  return writer.take() + "\n";
}

}  // namespace tokenbill
