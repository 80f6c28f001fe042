#include "usage_record.h"

#include <algorithm>
#include <array>
#include <string>

#include "text.h"

namespace tokenbill {

namespace {
constexpr std::uint32_t none = UsageFields::none;
using Kind = UsageField::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A moment that a number stands for: seconds, or a finer unit where the number is too large for them.
std::optional<std::int64_t> time_of(double number) {
  if (!(number > 0)) return std::nullopt;
  if (number >= 19700101 && number <= 99991231) {  // a date, digit by digit
    const auto date = static_cast<int>(number);
    const auto moment = date_moment(date / 10000, date / 100 % 100, date % 100);
    return moment ? std::optional(moment->seconds) : std::nullopt;
  }
  for (const double finer : {1e17, 1e14, 1e11}) {
    if (number < finer) continue;
    number /= finer == 1e17 ? 1e9 : finer == 1e14 ? 1e6 : 1e3;
    break;
  }
  if (number < 1e8 || number > 2.5e11) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

/// Reads digits at the beginning and takes them off; -1 where there are other than `count`.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

struct Found {
  std::uint32_t at = none;
  std::size_t depth = 0;
  bool detailed = false;
};

bool has_tokens(const UsageFields& fields, std::uint32_t at) {
  const UsageField& field = fields.fields()[at];
  for (const UsageKey key :
       {UsageKey::gemini_prompt, UsageKey::gemini_output, UsageKey::prompt_tokens, UsageKey::completion_tokens,
        UsageKey::input_tokens, UsageKey::output_tokens, UsageKey::uncached_input})
    if (field.keys.has(key) && fields.number(at, key)) return true;
  const auto child = [&](UsageKey key, UsageKey within) {
    const std::uint32_t found = fields.find(at, key);
    return found != none && fields.fields()[found].kind == Kind::object && fields.fields()[found].keys.has(within);
  };
  if (field.keys.has(UsageKey::input) && child(UsageKey::input, UsageKey::input_tokens)) return true;
  // "input" and "output" are common names: they count tokens where they are numbers in a place for usage.
  const bool place = at == 0 || field.key == UsageKey::usage || field.key == UsageKey::usage_details;
  return place && (fields.number(at, UsageKey::input) || fields.number(at, UsageKey::output)) &&
         (field.keys.has(UsageKey::input) || field.keys.has(UsageKey::output));
}

bool any_tokens(const UsageFields& fields, std::uint32_t at) {
  for (std::uint32_t i = at + 1; i < fields.fields()[at].end; i = fields.fields()[i].end)
    if (fields.fields()[i].kind == Kind::number && fields.fields()[i].number > 0) return true;
  return false;
}

/// The object that holds the usage: the details that gateways keep of it, else the outermost.
void find_usage(const UsageFields& fields, std::uint32_t at, std::size_t depth, Found& best) {
  const auto& all = fields.fields();
  if (has_tokens(fields, at)) {
    const bool detailed = all[at].key == UsageKey::usage_details && any_tokens(fields, at);
    if (best.at == none || (detailed && !best.detailed) || (detailed == best.detailed && depth < best.depth))
      best = {at, depth, detailed};
  }
  for (std::uint32_t i = at + 1; i < all[at].end; i = all[i].end)
    if (all[i].kind == Kind::object) find_usage(fields, i, depth + 1, best);
}

/// Searches that a response lists instead of counting them: OpenAI's items of the output, the queries of Gemini's
/// candidates. Each argument is an array's index or none.
double listed_searches(const UsageFields& fields, std::uint32_t output, std::uint32_t candidates) {
  const auto& all = fields.fields();
  const auto items = [&](std::uint32_t list, const auto& counts) {
    double found = 0;
    for (std::uint32_t i = list + 1; i < all[list].end; i = all[i].end)
      if (counts(i)) ++found;
    return found;
  };
  if (output != none)
    return items(output, [&](std::uint32_t i) {
      return all[i].kind == Kind::object && fields.text(i, UsageKey::type) == "web_search_call";
    });
  double searches = 0;
  if (candidates != none)
    for (std::uint32_t i = candidates + 1; i < all[candidates].end; ++i)
      if (all[i].key == UsageKey::search_queries && all[i].kind == Kind::array)
        searches += items(i, [&](std::uint32_t k) { return all[k].kind == Kind::text; });
  return searches;
}

/// The outermost member of this key that is of a simple kind, outside of lists.
struct Nearest {
  std::uint32_t at = none;
  std::size_t depth = 1000;
};
template <class Fits>
void find_outermost(const UsageFields& fields, std::uint32_t at, std::size_t depth, UsageKey key, const Fits& fits,
                    Nearest& best) {
  const auto& all = fields.fields();
  if (depth >= best.depth) return;
  if (all[at].keys.has(key)) {
    for (std::uint32_t i = at + 1; i < all[at].end; i = all[i].end) {
      if (all[i].key != key || !fits(all[i])) continue;
      best = {i, depth};
      return;
    }
  }
  for (std::uint32_t i = at + 1; i < all[at].end; i = all[i].end)
    if (all[i].kind == Kind::object) find_outermost(fields, i, depth + 1, key, fits, best);
}

/// As find_outermost, but first in the objects around the usage, from the inside out.
template <class Fits>
std::uint32_t find_around(const UsageFields& fields, std::uint32_t root, std::uint32_t usage, UsageKey key,
                          const Fits& fits) {
  const auto& all = fields.fields();
  std::uint32_t found = none;
  // The objects around the usage are those that begin before it and end behind it; the last one met is the innermost.
  for (std::uint32_t i = root; i <= usage && usage != none;) {
    if (all[i].kind != Kind::object || all[i].end <= usage) {
      i = i == root && all[i].kind == Kind::object ? i + 1 : all[i].end;
      continue;
    }
    if (all[i].keys.has(key))
      for (std::uint32_t m = i + 1; m < all[i].end; m = all[m].end)
        if (all[m].key == key && fits(all[m])) {
          found = m;
          break;
        }
    ++i;
  }
  if (found != none) return found;
  Nearest nearest;
  find_outermost(fields, root, 0, key, fits, nearest);
  return nearest.at;
}

constexpr auto is_array = [](const UsageField& field) { return field.kind == Kind::array; };
constexpr auto is_text = [](const UsageField& field) { return field.kind == Kind::text && !field.text.empty(); };
constexpr auto is_number = [](const UsageField& field) {
  return field.kind == Kind::number || (field.kind == Kind::text && read_number(field.text));
};
double number_of(const UsageField& field) {
  return field.kind == Kind::text ? read_number(field.text).value_or(0) : field.number;
}
std::optional<std::int64_t> time_of(const UsageField& field) {
  return field.kind == Kind::number ? time_of(field.number)
         : field.kind == Kind::text ? read_time(field.text)
                                    : std::nullopt;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// Sellers' names of service tiers, for ours.
std::optional<ServiceTier> tier_of(std::string_view name) {
  if (const auto own = service_tier_of(name)) return own;
  if (is_one_of(name, {"default", "auto", "on_demand", "on-demand", "standard_only"})) return ServiceTier::standard;
  if (is_one_of(name, {"priority"})) return ServiceTier::fast;
  return std::nullopt;
}
}  // namespace

std::optional<std::int64_t> read_time(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (const auto number = read_number(text)) return time_of(*number);
  const int year = take_digits(text, 4);
  const char separator = text.empty() ? '\0' : text.front();
  if (year < 0 || (separator != '-' && separator != '/')) return std::nullopt;
  const auto one_or_two = [&] {
    text.remove_prefix(1);
    const int two = take_digits(text, 2);
    return two >= 0 ? two : take_digits(text, 1);
  };
  const int month = one_or_two();
  if (month < 0 || text.empty() || text.front() != separator) return std::nullopt;
  const int day = one_or_two();
  const auto date = date_moment(year, month, day);
  if (!date) return std::nullopt;
  std::int64_t seconds = date->seconds;
  if (text.empty()) return seconds;
  if (text.front() != 'T' && text.front() != ' ' && text.front() != 't') return std::nullopt;
  text.remove_prefix(1);
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 24 || !take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  if (take(text, ':')) second = take_digits(text, 2);
  if (second < 0 || second > 60) return std::nullopt;
  seconds += hour * 3600 + minute * 60 + second;
  if (take(text, '.') || take(text, ','))
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  while (take(text, ' ')) {
  }
  if (text.empty() || text == "Z" || text == "z" || text == "UTC" || text == "GMT") return seconds;
  const bool behind = text.front() == '+';
  if (!behind && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const int zone_hour = take_digits(text, 2);
  take(text, ':');
  const int zone_minute = text.empty() ? 0 : take_digits(text, 2);
  if (zone_hour < 0 || zone_minute < 0) return std::nullopt;
  const int zone = zone_hour * 3600 + zone_minute * 60;
  return seconds + (behind ? -zone : zone);
}

std::uint32_t UsageWalk::list_in(std::uint32_t object) const {
  const auto& all = fields_.fields();
  for (std::uint32_t i = object + 1; i < all[object].end; i = all[i].end) {
    if (all[i].key != UsageKey::list || all[i].kind != Kind::array) continue;
    // Of objects: of texts or numbers, as embeddings have them, it is none of records. An empty one says: no records.
    if (all[i].end == i + 1 || all[i + 1].kind == Kind::object) return i;
  }
  return none;
}

std::optional<std::int64_t> UsageWalk::time_in(std::uint32_t object) const {
  const auto& all = fields_.fields();
  for (std::uint32_t i = object + 1; i < all[object].end; i = all[i].end)
    if (all[i].key == UsageKey::time)
      if (const auto time = time_of(all[i])) return time;
  return std::nullopt;
}

std::optional<Error> UsageWalk::read(std::uint32_t object, std::optional<std::int64_t> time,
                                     UsageRecord& record) const {
  const auto& all = fields_.fields();
  Found usage;
  find_usage(fields_, object, 0, usage);
  const auto around = [&](UsageKey key, const auto& fits) {
    return fields_.has(key) ? find_around(fields_, object, usage.at, key, fits) : none;
  };
  const auto text = [&](UsageKey key) {
    const std::uint32_t at = around(key, is_text);
    return at == none ? std::string_view() : all[at].text;
  };
  const auto outermost = [&](UsageKey key, const auto& fits) {
    if (!fields_.has(key)) return none;
    Nearest nearest;
    find_outermost(fields_, object, 0, key, fits, nearest);
    return nearest.at;
  };

  record.model = text(UsageKey::model);
  if (record.model.empty()) record.model = text(UsageKey::requested_model);
  if (record.model.empty()) record.model = text(UsageKey::model_id);
  record.provider = text(UsageKey::provider);
  record.id = text(UsageKey::id);
  record.geography = text(UsageKey::geography);
  const auto is_time = [](const UsageField& field) { return time_of(field).has_value(); };
  if (const std::uint32_t at = outermost(UsageKey::time, is_time); at != none)
    record.at = time_of(all[at]);
  else
    record.at = time;

  // The service tier. A batch's results name the requests by ids of the customer's.
  const std::string_view tier = text(UsageKey::tier), speed = text(UsageKey::speed);
  const std::uint32_t batch = outermost(UsageKey::batch, [](const UsageField& field) {
    return (field.kind == Kind::boolean || field.kind == Kind::number)
               ? field.number != 0
               : is_one_of(field.text, {"true", "True", "TRUE"});
  });
  if (batch != none || outermost(UsageKey::batch_id, is_text) != none)
    record.tier = ServiceTier::batch;
  else if (speed == "fast")
    record.tier = ServiceTier::fast;
  else if (!tier.empty() && !(record.tier = tier_of(tier)))
    record.tier_text = tier;

  if (const std::uint32_t at = outermost(UsageKey::status, [](const UsageField&) { return true; }); at != none) {
    const UsageField& status = all[at];
    record.failed = status.kind == Kind::number
                        ? status.number >= 400
                        : is_one_of(lower_case(status.text),
                                    {"failure", "failed", "error", "errored", "canceled", "cancelled", "expired"});
  }
  if (const std::uint32_t at = outermost(UsageKey::served_from_cache, [](const UsageField&) { return true; });
      at != none)
    record.kept_answer = all[at].kind == Kind::boolean
                             ? all[at].number != 0
                             : is_one_of(all[at].text, {"true", "True", "TRUE", "hit", "HIT"});

  // What was paid. Anthropic's report of costs counts in cents, which its kind of cost gives away; OpenAI's in an
  // object.
  const auto is_paid = [](const UsageField& field) { return is_number(field); };
  if (const std::uint32_t at = around(UsageKey::cost, is_paid); at != none) {
    record.paid_usd = number_of(all[at]);
  } else if (const std::uint32_t ticks = around(UsageKey::cost_ticks, is_paid); ticks != none) {
    record.paid_usd = number_of(all[ticks]) / 1e10;
  } else if (const std::uint32_t value = outermost(UsageKey::amount_value, is_paid);
             value != none && outermost(UsageKey::currency, is_text) != none) {
    record.paid_usd = number_of(all[value]);
  } else if (const std::uint32_t amount = outermost(UsageKey::amount, is_paid);
             amount != none && outermost(UsageKey::currency, is_text) != none) {
    record.paid_usd = number_of(all[amount]) / 100;
  } else if (const std::uint32_t usd = fields_.find(object, UsageKey::usage);
             usd != none && usage.at == object && all[usd].kind == Kind::number) {
    record.paid_usd = all[usd].number;  // OpenRouter's activity: "usage" is the money
  }
  if (record.paid_usd && !(*record.paid_usd >= -1e12 && *record.paid_usd <= 1e12)) record.paid_usd.reset();
  record.line_item = text(UsageKey::line_item);
  if (record.line_item.empty()) record.line_item = text(UsageKey::cost_type);

  if (const std::uint32_t at = outermost(UsageKey::web_searches, is_number); at != none)
    record.web_searches = std::max(0.0, number_of(all[at]));
  else
    record.web_searches =
        listed_searches(fields_, outermost(UsageKey::output, is_array), outermost(UsageKey::candidates, is_array));
  if (const std::uint32_t at = outermost(UsageKey::requests, is_number); at != none) {
    record.requests = std::max(0.0, number_of(all[at]));
    record.is_sum = true;
  }
  if (usage.at == none) return std::nullopt;
  // Reports of a day without a number of requests are sums too: Anthropic's, whose classes have names of their own.
  if (all[usage.at].keys.has(UsageKey::uncached_input) && !record.is_sum) {
    record.is_sum = true;
    record.requests = 0;
  }
  Result<Usage> tokens = read_usage(fields_, usage.at, record.reasoning_tokens);
  if (!tokens) return tokens.error();
  record.tokens = *tokens;
  record.has_tokens = true;
  return std::nullopt;
}

}  // namespace tokenbill
