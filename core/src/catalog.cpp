#include "tokenbill/catalog.h"

#include <algorithm>
#include <span>
#include <utility>

#include "text.h"

namespace tokenbill {

namespace {

constexpr std::int64_t day_seconds = 86400;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, and back. Years are counted from March, so that
// the leap day is a year's last; 400 years have 146097 days.
constexpr std::int64_t days_of(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Date {
  std::int64_t year;
  int month;
  int day;
};

constexpr Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_div(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

static_assert(days_of(1970, 1, 1) == 0 && days_of(2000, 3, 1) == 11017 && days_of(2026, 11, 22) == 20779);
static_assert(date_of(20779).year == 2026 && date_of(20779).month == 11 && date_of(20779).day == 22);

// The text as a pattern: '0' stands for a digit, every other character for itself.
bool matches(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) number = number * 10 + (text[i] - '0');
  return number;
}

std::string padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

constexpr bool in = true;
constexpr bool out = false;
constexpr std::array<TokenClassInfo, token_class_count> classes = {{
#define TOKENBILL_CLASS(id, label, direction, category) {#id, label, direction, Category::category},
#include "tokenbill/token_classes.def"
#undef TOKENBILL_CLASS
}};

// Whose price stands in for a class in the end; the class itself where none does.
TokenClass stand_in(TokenClass token_class) {
  if (token_class == TokenClass::input || token_class == TokenClass::output) return token_class;
  return info(token_class).is_input ? TokenClass::input : TokenClass::output;
}

constexpr std::array<std::string_view, 5> tier_ids = {"standard", "batch", "flex", "fast", "ultrafast"};
constexpr std::array<std::string_view, 4> status_ids = {"list", "promotional", "announced", "cancelled"};
constexpr std::array<std::string_view, 6> kind_ids = {"chat", "embedding", "rerank", "image", "audio", "video"};
static_assert(tier_ids.size() == static_cast<std::size_t>(ServiceTier::count_));
constexpr std::array<std::string_view, 5> algorithm_ids = {"patch28", "patch32", "tile512", "tile768", "fixed"};
constexpr std::array<std::string_view, 5> detail_ids = {"auto", "low", "medium", "high", "original"};
static_assert(detail_ids.size() == image_detail_count);

constexpr std::array<std::string_view, metric_count> metric_ids = {
#define TOKENBILL_METRIC(id, label) #id,
#include "tokenbill/metrics.def"
#undef TOKENBILL_METRIC
};
constexpr std::array<std::string_view, metric_count> metric_labels = {
#define TOKENBILL_METRIC(id, label) label,
#include "tokenbill/metrics.def"
#undef TOKENBILL_METRIC
};

bool is_name_of(const Model& model, std::string_view name) {
  return model.id == name || std::find(model.aliases.begin(), model.aliases.end(), name) != model.aliases.end();
}

std::string nearest_models(const Catalog& catalog, std::string_view name) {
  if (name.size() > NearestNames::longest) return {};
  NearestNames nearest(name);
  for (const Model& model : catalog.models) {
    std::size_t distance = std::min(nearest.distance(model.key), nearest.distance(model.id));
    for (const std::string& alias : model.aliases) distance = std::min(distance, nearest.distance(alias));
    nearest.offer(model.key, distance);
  }
  return nearest.text();
}

std::string nearest_services(const Catalog& catalog, std::string_view name) {
  if (name.size() > NearestNames::longest) return {};
  NearestNames nearest(name);
  for (const Service& service : catalog.services)
    nearest.offer(service.key, std::min(nearest.distance(service.key), nearest.distance(service.id)));
  return nearest.text();
}

// Whether a row of prices holds at a moment.
bool holds(PriceStatus status, const std::optional<Moment>& from, const std::optional<Moment>& until, Moment moment) {
  return status != PriceStatus::cancelled && !(from && moment < *from) && !(until && moment >= *until);
}

void overlay(Prices& prices, const Prices& above) {
  for (std::size_t i = 0; i < token_class_count; ++i)
    if (above[i]) prices[i] = above[i];
}

}  // namespace

Result<Moment> parse_moment(std::string_view text) {
  const bool with_time = matches(text, "0000-00-00T00:00:00Z");
  const Error malformed{Code::bad_value, "", join({"expected a date, found ", in_quotes(text), "."}),
                        "Write 2026-11-22, or 2026-11-22T16:00:00Z with a time (UTC, 1970 to 9999)."};
  if (!with_time && !matches(text, "0000-00-00")) return malformed;
  const auto date = date_moment(digits_at(text, 0, 4), digits_at(text, 5, 2), digits_at(text, 8, 2));
  if (!date) return malformed;
  Moment moment = *date;
  if (with_time) {
    const int hour = digits_at(text, 11, 2);
    const int minute = digits_at(text, 14, 2);
    const int second = digits_at(text, 17, 2);
    if (hour > 23 || minute > 59 || second > 59) return malformed;
    moment.seconds += hour * 3600 + minute * 60 + second;
  }
  return moment;
}

std::optional<Moment> date_moment(int year, int month, int day) {
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const std::int64_t days = days_of(year, month, day);
  if (date_of(days).day != day) return std::nullopt;  // the 31st of a month with 30 days
  return Moment{days * day_seconds};
}

std::string moment_text(Moment moment) {
  const std::int64_t days = day_number(moment);
  const Date date = date_of(days);
  std::string text = join({padded(date.year, 4), "-", padded(date.month, 2), "-", padded(date.day, 2)});
  const std::int64_t second = moment.seconds - days * day_seconds;
  if (second == 0) return text;
  return join(
      {text, "T", padded(second / 3600, 2), ":", padded(second / 60 % 60, 2), ":", padded(second % 60, 2), "Z"});
}

std::int64_t day_number(Moment m) { return floor_div(m.seconds, day_seconds); }

int weekday(Moment moment) {
  const std::int64_t days = day_number(moment) + 3;  // 1970-01-01 was a Thursday
  return static_cast<int>(days - floor_div(days, 7) * 7);
}

const TokenClassInfo& info(TokenClass token_class) { return classes[static_cast<std::size_t>(token_class)]; }

std::optional<TokenClass> token_class_of(std::string_view id) {
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (classes[i].id == id) return static_cast<TokenClass>(i);
  return std::nullopt;
}

std::optional<double> resolve(const Prices& prices, TokenClass token_class) {
  const auto price = [&](TokenClass c) { return prices[static_cast<std::size_t>(c)]; };
  // A cached image costs what cached text costs, and only where there is no such price what an image costs.
  const auto media_read = [&](TokenClass media) {
    return price(TokenClass::cache_read) ? price(TokenClass::cache_read) : resolve(prices, media);
  };
  if (price(token_class)) return price(token_class);
  switch (token_class) {
    case TokenClass::cache_read_image:
      return media_read(TokenClass::input_image);
    case TokenClass::cache_read_audio:
      return media_read(TokenClass::input_audio);
    case TokenClass::cache_read_video:
      return media_read(TokenClass::input_video);
    case TokenClass::cache_write:
      // Named without a lifetime: the shortest one that the seller prices.
      for (const TokenClass lifetime :
           {TokenClass::cache_write_5m, TokenClass::cache_write_30m, TokenClass::cache_write_1h})
        if (price(lifetime)) return price(lifetime);
      break;
    case TokenClass::cache_write_5m:
    case TokenClass::cache_write_30m:
    case TokenClass::cache_write_1h:
      if (price(TokenClass::cache_write)) return price(TokenClass::cache_write);
      break;
    default:
      break;
  }
  const TokenClass other = stand_in(token_class);
  return other == token_class ? std::nullopt : resolve(prices, other);
}

std::string_view service_tier_id(ServiceTier tier) { return tier_ids[static_cast<std::size_t>(tier)]; }

std::optional<ServiceTier> service_tier_of(std::string_view id) {
  const std::size_t index = index_of(tier_ids, id);
  if (index == tier_ids.size()) return std::nullopt;
  return static_cast<ServiceTier>(index);
}

std::string_view price_status_id(PriceStatus status) { return status_ids[static_cast<std::size_t>(status)]; }
std::string_view model_kind_id(ModelKind kind) { return kind_ids[static_cast<std::size_t>(kind)]; }
std::string_view image_algorithm_id(ImageAlgorithm algorithm) {
  return algorithm_ids[static_cast<std::size_t>(algorithm)];
}
std::string_view image_detail_id(ImageDetail detail) { return detail_ids[static_cast<std::size_t>(detail)]; }
std::string_view metric_id(Metric metric) { return metric_ids[static_cast<std::size_t>(metric)]; }
std::string_view metric_label(Metric metric) { return metric_labels[static_cast<std::size_t>(metric)]; }

std::optional<Metric> metric_of(std::string_view id) {
  const std::size_t index = index_of(metric_ids, id);
  if (index == metric_ids.size()) return std::nullopt;
  return static_cast<Metric>(index);
}

Result<const Model*> Catalog::find_model(std::string_view name) const {
  const Model* found = nullptr;
  std::string sellers_of_it;
  for (const Model& model : models) {
    if (model.key == name) return &model;
    // An alias may stand behind the seller as well.
    const std::string& seller = sellers[model.seller].id;
    if (name.size() > seller.size() && name.starts_with(seller) && name[seller.size()] == '/' &&
        is_name_of(model, name.substr(seller.size() + 1)))
      return &model;
    if (!is_name_of(model, name)) continue;
    found = &model;
    sellers_of_it += join({sellers_of_it.empty() ? "" : ", ", model.key});
  }
  if (found != nullptr && sellers_of_it == found->key) return found;
  if (found != nullptr) {
    return Error{Code::unknown_model, "model", join({"several sellers have a model ", in_quotes(name), "."}),
                 join({"Name the seller as well: ", sellers_of_it, "."})};
  }
  const std::string near = nearest_models(*this, name);
  return Error{Code::unknown_model, "model", join({"no model is called ", in_quotes(name), "."}),
               near.empty() ? std::string("Write seller/model, for example openai/gpt-4o.")
                            : join({"Did you mean ", near, "?"})};
}

Result<const Service*> Catalog::find_service(std::string_view name) const {
  const Service* found = nullptr;
  std::string keys;
  for (const Service& service : services) {
    if (service.key == name) return &service;
    if (service.id != name) continue;
    found = &service;
    keys += join({keys.empty() ? "" : ", ", service.key});
  }
  if (found != nullptr && keys == found->key) return found;
  if (found != nullptr) {
    return Error{Code::bad_value, "service", join({"several vendors have a service ", in_quotes(name), "."}),
                 join({"Name the vendor as well: ", keys, "."})};
  }
  const std::string near = nearest_services(*this, name);
  return Error{Code::bad_value, "service", join({"no service is called ", in_quotes(name), "."}),
               near.empty() ? std::string("Write vendor/service, for example pinecone/standard.")
                            : join({"Did you mean ", near, "?"})};
}

const PriceRow* row_at(const Model& model, ServiceTier tier, Moment moment) {
  for (const PriceRow& row : model.prices)
    if (row.tier == tier && holds(row.status, row.from, row.until, moment)) return &row;
  return nullptr;
}

const ServiceRow* row_at(const Service& service, Moment moment) {
  for (const ServiceRow& row : service.rows)
    if (holds(row.status, row.from, row.until, moment)) return &row;
  return nullptr;
}

const Window* window_at(const Seller& seller, const PriceRow& row, Moment moment) {
  for (const Window& window : row.windows) {
    // Days, times and holidays are those of the clock on the wall in the window's zone.
    const Moment local{moment.seconds + std::int64_t{window.zone_minutes} * 60};
    const std::int64_t day = day_number(local);
    const std::int64_t minute = (local.seconds - day * day_seconds) / 60;
    if ((window.days >> weekday(local) & 1) == 0) continue;
    if (minute < window.from_minute || minute >= window.to_minute) continue;
    const auto calendar = seller.calendars.find(window.except);
    const bool holiday =
        calendar != seller.calendars.end() && std::binary_search(calendar->second.begin(), calendar->second.end(), day);
    if (!holiday) return &window;
  }
  return nullptr;
}

double window_share_of_week(const PriceRow& row) {
  int minutes = 0;
  for (const Window& window : row.windows)
    for (int day = 0; day < 7; ++day)
      if ((window.days >> day & 1) != 0) minutes += window.to_minute - window.from_minute;
  constexpr int week = 7 * 24 * 60;
  return static_cast<double>(std::min(minutes, week)) / week;
}

Prices prices_at_level(const PriceRow& row, const Window* window, std::size_t level) {
  Prices prices = row.prices;
  if (window != nullptr) overlay(prices, window->prices);
  for (std::size_t i = 0; i < std::min(level, row.context_tiers.size()); ++i)
    overlay(prices, row.context_tiers[i].prices);
  return prices;
}

}  // namespace tokenbill
