#include "tokenbill/usage_import.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "order.h"
#include "text.h"
#include "tokenbill/bind.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/format.h"
#include "tokenbill/plans.h"
#include "usage_models.h"
#include "usage_record.h"
#include "usage_text.h"

namespace tokenbill {

namespace {
constexpr std::size_t most_problems = 20;
constexpr std::size_t most_days = 4000;
constexpr std::size_t most_names = 5000;
constexpr std::int64_t day_seconds = 86400;

/// Months are written "2026-11"; 0 = no time is told.
using MonthId = std::int32_t;

constexpr bool in = true, out = false;
constexpr bool is_input[] = {
#define TOKENBILL_CLASS(id, label, direction, category) direction,
#include "tokenbill/token_classes.def"
#undef TOKENBILL_CLASS
};

double sum_of(const Usage& tokens, bool input) {
  double sum = 0;
  for (std::size_t i = 0; i < token_class_count; ++i) sum += is_input[i] == input ? tokens[i] : 0;
  return sum;
}

const Fee* fee_for(const PriceRow& row, bool (*fits)(const Fee&)) {
  const auto found = std::find_if(row.fees.begin(), row.fees.end(), fits);
  return found == row.fees.end() ? nullptr : &*found;
}
bool is_for_search(const Fee& fee) { return fee.id == "web_search"; }
bool is_for_request(const Fee& fee) { return fee.per == "request" && fee.id != "web_search"; }

/// The request plan at fixed prices: what a sum of requests costs that all have them.
class Pricer {
 public:
  Pricer() : plan_(request_plan(2)) {}

  struct Cost {
    std::optional<double> usd;
    double fees = 0;
  };
  [[nodiscard]] Cost cost(const PriceRow& row, const Window* window, std::size_t level, const Usage& tokens,
                          double factor, double searches, double requests) const {
    PriceRow flat;
    flat.prices = prices_at_level(row, window, level);
    std::vector<Known> values(plan_->inputs().size());
    PriceInputs(*plan_).fill(flat, nullptr, TokenClass::cache_write, values);
    const auto put = [&](const std::string& id, double value) { values[plan_->input_index(id)] = {value, true}; };
    put(std::string(peak_share_input_id), 0);
    put("multiplier", factor);
    for (std::size_t i = 0; i < token_class_count; ++i)
      put("usage." + std::string(info(static_cast<TokenClass>(i)).id), tokens[i]);
    const auto put_fee = [&](const std::string& id, double quantity, const Fee* fee) {
      put(id + ".quantity", quantity);
      values[plan_->input_index(id + ".usd")] = {fee != nullptr ? fee->usd : 0, fee != nullptr || quantity == 0};
    };
    put_fee("fee.0", searches, fee_for(row, is_for_search));
    const Fee* each = fee_for(row, is_for_request);
    put_fee("fee.1", each != nullptr ? requests : 0, each);
    Cost cost;
    const Result<Evaluation> evaluation = evaluate(*plan_, values);
    if (!evaluation) return cost;
    const Known total = evaluation->of(plan_->find("total")->node),
                fees = evaluation->of(plan_->find("fees_usd")->node);
    if (total.known) cost.usd = total.value;
    if (fees.known) cost.fees = fees.value;
    return cost;
  }

 private:
  Result<Plan> plan_;
};
}  // namespace

void SizeDistribution::add(double tokens, double times) {
  if (!(tokens >= 0)) return;
  if (count_ == 0) least_ = most_ = tokens;
  least_ = std::min(least_, tokens);
  most_ = std::max(most_, tokens);
  count_ += times;
  sum_ += tokens * times;
  if (tokens < 1) {
    zeros_ += times;
    return;
  }
  // The exponent and the six bits behind it: 64 bins an octave, without a logarithm.
  std::uint64_t bits = 0;
  static_assert(sizeof bits == sizeof tokens);
  std::memcpy(&bits, &tokens, sizeof bits);
  const auto bin = static_cast<std::size_t>((bits >> 46) - (std::uint64_t{1023} << 6));
  if (counts_.empty()) counts_.resize(parts * octaves);
  counts_[std::min(bin, counts_.size() - 1)] += times;
}

std::optional<double> SizeDistribution::mean() const {
  return count_ > 0 ? std::optional(sum_ / count_) : std::nullopt;
}

std::optional<double> SizeDistribution::quantile(double share) const {
  if (!(count_ > 0)) return std::nullopt;
  const double wanted = share * count_;
  double seen = zeros_;
  if (seen >= wanted && zeros_ > 0) return std::max(0.0, least_ < 1 ? least_ : 0.0);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen < wanted || counts_[i] == 0) continue;
    const double octave = std::ldexp(1.0, static_cast<int>(i / parts));
    const double middle = octave * (1 + (static_cast<double>(i % parts) + 0.5) / static_cast<double>(parts));
    return std::clamp(middle, least_, most_);
  }
  return most_;
}

struct UsageImport::State {
  State(const Catalog& c, UsageOptions o)
      : catalog(c),
        options(std::move(o)),
        models(c),
        cutter([this](const UsageFields& fields, std::uint64_t line) { take(fields, line); },
               [this](std::uint64_t line, std::string message) { refuse(line, std::move(message)); }) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Requests with the same prices, and of the same month.
  struct Group {
    ServiceTier tier;
    const PriceRow* row;
    const Window* window;
    std::size_t level;
    MonthId month;
    UsageLine sum;
  };
  /// A model as records name it.
  struct Name {
    std::string provider, model, geography;
    const Model* known = nullptr;
    double factor = 1;
    std::vector<Group> groups;
    std::size_t last = 0;  ///< group
  };

  void take(const UsageFields& fields, std::uint64_t line) {
    UsageWalk(fields).each([&](const UsageRecord& record, const Error* problem) {
      if (problem != nullptr)
        refuse(line, problem->where + ": " + problem->message);
      else
        add(record);
    });
  }

  void refuse(std::uint64_t line, std::string message) {
    ++report.broken;
    if (report.problems.size() < most_problems) report.problems.push_back({file, line, std::move(message)});
  }

  void note(std::string text) {
    if (std::find(report.notices.begin(), report.notices.end(), text) == report.notices.end())
      report.notices.push_back(std::move(text));
  }

  /// Whether the id was that of one of the last records. What agents log while an answer streams repeats it.
  bool is_repeated(std::string_view id) {
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    if (std::find(recent.begin(), recent.end(), hash) != recent.end()) return true;
    recent[next_recent++ % recent.size()] = hash;
    return false;
  }

  Name* name_of(const UsageRecord& record) {
    std::string_view model = record.model.empty() ? std::string_view(options.model) : record.model;
    const auto same = [&](const Name& name) {
      return name.model == model && name.provider == record.provider && name.geography == record.geography;
    };
    if (last_name < names.size() && same(*names[last_name])) return names[last_name].get();
    std::string key;
    key.append(record.provider).append(1, '\n').append(model).append(1, '\n').append(record.geography);
    const auto found = index.find(key);
    if (found != index.end()) {
      last_name = found->second;
      return names[last_name].get();
    }
    if (names.size() == most_names) {
      note("More than " + number_text(most_names) + " names of models: the rest is counted as one.");
      last_name = most_names - 1;
      return names[last_name].get();
    }
    auto name = std::make_unique<Name>();
    name->provider = record.provider;
    name->model = model;
    name->geography = record.geography;
    name->known = models.find(record.provider, model);
    if (name->known != nullptr) {
      name->factor = 1 + name->known->platform_share_ratio;
      // Amazon's own endpoints say where by the model's name: all but the global ones are in a region.
      const bool on_bedrock = catalog.sellers[name->known->seller].id == "amazon-bedrock";
      const bool in_a_region = on_bedrock && model.find("global.") == std::string_view::npos;
      for (const Geography& geography : name->known->geographies)
        if (geography.id == (in_a_region ? std::string_view("regional") : record.geography))
          name->factor *= geography.factor;
    }
    last_name = names.size();
    index.emplace(std::move(key), last_name);
    names.push_back(std::move(name));
    return names[last_name].get();
  }

  void add(const UsageRecord& record) {
    if (!record.has_tokens) {
      if (record.paid_usd && (*record.paid_usd != 0 || !record.line_item.empty())) {
        ++report.cost_only;
        report.cost_report_usd = report.cost_report_usd.value_or(0) + *record.paid_usd;
        add_time(record.at);
      } else {
        ++report.without_usage;
      }
      return;
    }
    if (!record.id.empty() && !record.is_sum && is_repeated(record.id)) {
      ++report.repeated;
      return;
    }
    if (record.kept_answer) {
      ++report.kept_answers;
      return;
    }
    ++report.records;
    Name& name = *name_of(record);
    const MonthId month = add_time(record.at);
    const double prompt = sum_of(record.tokens, true), output = sum_of(record.tokens, false);
    Group& group = group_of(name, record, month, prompt);
    UsageLine& sum = group.sum;
    sum.requests += record.requests;
    if (record.failed) sum.failed += record.requests;
    for (std::size_t i = 0; i < token_class_count; ++i) sum.tokens[i] += record.tokens[i];
    sum.reasoning_tokens += record.reasoning_tokens;
    sum.web_searches += record.web_searches;
    if (record.paid_usd) {
      sum.paid_usd = sum.paid_usd.value_or(0) + *record.paid_usd;
      sum.paid_requests += record.requests;
    }
    if (record.is_sum) {
      if (record.requests == 0) report.requests_known = false;
    } else {
      report.prompts.add(prompt);
      report.outputs.add(output);
    }
    if (day_now != nullptr && record.at) {
      day_now->requests += record.requests;
      day_now->prompt_tokens += prompt;
      day_now->output_tokens += output;
      day_now->read_tokens += record.tokens[static_cast<std::size_t>(TokenClass::cache_read)];
    }
  }

  MonthId add_time(std::optional<std::int64_t> at) {
    if (!at) {
      ++without_time;
      return 0;
    }
    const Moment moment{*at};
    if (!report.first || moment < *report.first) report.first = moment;
    if (!report.last || moment > *report.last) report.last = moment;
    const std::int64_t day = day_number(moment);
    if (day != last_day) {
      last_day = day;
      const std::string text = moment_text(Moment{day * day_seconds});
      last_month = (text[0] - '0') * 100000 + (text[1] - '0') * 10000 + (text[2] - '0') * 1000 + (text[3] - '0') * 100 +
                   (text[5] - '0') * 10 + (text[6] - '0');
      const auto found = days.find(day);
      day_now = found != days.end() ? &found->second : days.size() < most_days ? &days[day] : nullptr;
      if (day_now != nullptr) day_now->day = day;
    }
    return last_month;
  }

  Group& group_of(Name& name, const UsageRecord& record, MonthId month, double prompt) {
    const Moment at = record.at ? Moment{*record.at} : options.today;
    ServiceTier tier = record.tier.value_or(ServiceTier::standard);
    const PriceRow* row = nullptr;
    const Window* window = nullptr;
    std::size_t level = 0;
    if (!record.tier_text.empty())
      note("Service tier " + in_quotes(record.tier_text) + " is not known here: priced as standard.");
    if (name.known != nullptr) {
      row = row_at(*name.known, tier, at);
      if (row == nullptr && tier != ServiceTier::standard) {
        row = row_at(*name.known, ServiceTier::standard, at);
        if (row != nullptr)
          note(name.known->key + " has no price for the service tier \"" + std::string(service_tier_id(tier)) +
               "\": priced as standard.");
        tier = ServiceTier::standard;
      }
      if (row != nullptr) {
        const bool to_the_hour = record.at && !record.is_sum && *record.at % day_seconds != 0;
        if (!row->windows.empty() && to_the_hour)
          window = window_at(catalog.sellers[name.known->seller], *row, at);
        else if (!row->windows.empty())
          note(name.known->key + " has peak hours, and records do not tell the hour: priced outside of them.");
        if (!row->context_tiers.empty()) {
          if (record.is_sum)
            note(name.known->key +
                 " has dearer prices for long prompts, and sums do not tell how long each was: priced "
                 "at the base price.");
          else
            for (const ContextTier& step : row->context_tiers)
              if (step.inclusive ? prompt >= step.threshold : prompt > step.threshold) ++level;
        }
      }
    }
    const auto same = [&](const Group& group) {
      return group.row == row && group.level == level && group.window == window && group.month == month &&
             group.tier == tier;
    };
    if (name.last < name.groups.size() && same(name.groups[name.last])) return name.groups[name.last];
    for (std::size_t i = 0; i < name.groups.size(); ++i)
      if (same(name.groups[i])) {
        name.last = i;
        return name.groups[i];
      }
    name.last = name.groups.size();
    name.groups.push_back({tier, row, window, level, month, {}});
    return name.groups.back();
  }

  void price(const Name& name, const Group& group, UsageLine& line) const {
    line.known = name.known;
    line.model = name.known != nullptr ? name.known->key : name.model;
    line.tier = group.tier;
    if (group.month != 0) {
      line.month = std::to_string(group.month / 100) + "-";
      if (group.month % 100 < 10) line.month += '0';
      line.month += std::to_string(group.month % 100);
    }
    if (name.known == nullptr) {
      line.reason = name.model.empty() ? "the records name no model" : "the price list has no such model";
      return;
    }
    if (group.row == nullptr) {
      line.reason = "no price is known for its date";
      return;
    }
    line.prices_from = group.row->source;
    Usage tokens = group.sum.tokens;
    auto& pictures = tokens[static_cast<std::size_t>(TokenClass::output_image)];
    if (name.known->kind == ModelKind::image && pictures == 0)  // unless told apart, such a model's output is pictures
      std::swap(pictures, tokens[static_cast<std::size_t>(TokenClass::output)]);

    const auto cost = [&](const PriceRow& row, const Window* window, std::size_t level) {
      return pricer.cost(row, window, level, tokens, name.factor, group.sum.web_searches, group.sum.requests);
    };
    const Pricer::Cost paid = cost(*group.row, group.window, group.level);
    line.usd = paid.usd;
    line.fees_usd = paid.fees;
    if (!paid.usd) {
      line.reason = "a price of some of its tokens or fees is not known";
      return;
    }
    if (group.level > 0)
      if (const auto base = cost(*group.row, group.window, 0).usd) line.cliff_usd = *paid.usd - *base;
    if (group.window != nullptr)
      if (const auto base = cost(*group.row, nullptr, group.level).usd) line.peak_usd = *paid.usd - *base;
    if (group.tier != ServiceTier::standard) {
      const Moment at = group.row->from.value_or(options.today);
      const PriceRow* standard = row_at(*name.known, ServiceTier::standard, at);
      if (standard == nullptr) standard = row_at(*name.known, ServiceTier::standard, options.today);
      if (standard != nullptr && group.level <= standard->context_tiers.size())
        if (const auto base = cost(*standard, nullptr, group.level).usd) line.saved_by_tier_usd = *base - *paid.usd;
    }
  }

  const Catalog& catalog;
  UsageOptions options;
  UsageModels models;
  UsageText cutter;
  Pricer pricer;
  std::string file;
  UsageReport report;  ///< what is added up record by record
  std::uint64_t lines_before = 0, without_time = 0;
  std::vector<std::unique_ptr<Name>> names;
  std::map<std::string, std::size_t, std::less<>> index;
  std::size_t last_name = 0;
  std::array<std::uint64_t, 32> recent{};
  std::size_t next_recent = 0;
  std::map<std::int64_t, UsageDay> days;
  UsageDay* day_now = nullptr;
  std::int64_t last_day = INT64_MIN;
  MonthId last_month = 0;
};

UsageImport::UsageImport(const Catalog& catalog, UsageOptions options)
    : state_(std::make_unique<State>(catalog, std::move(options))) {}
UsageImport::~UsageImport() = default;
UsageImport::UsageImport(UsageImport&&) noexcept = default;

void UsageImport::begin(std::string name) {
  finish();
  state_->file = std::move(name);
}

void UsageImport::feed(std::string_view bytes) {
  state_->report.bytes += bytes.size();
  state_->cutter.feed(bytes);
}

void UsageImport::finish() {
  state_->cutter.finish();
  state_->lines_before += state_->cutter.lines();
  state_->cutter.begin();
}

namespace {
/// Adds a line to its month.
void add_to_month(std::vector<UsageMonth>& months, const UsageLine& line) {
  auto month = std::find_if(months.begin(), months.end(), [&](const UsageMonth& m) { return m.month == line.month; });
  if (month == months.end()) month = months.insert(months.end(), {line.month, 0, 0.0, 0, {}});
  month->requests += line.requests;
  month->known_usd += line.usd.value_or(0);
  if (!line.usd)
    month->usd.reset();
  else if (month->usd)
    *month->usd += *line.usd;
  if (line.paid_usd) month->paid_usd = month->paid_usd.value_or(0) + *line.paid_usd;
}
}  // namespace

UsageReport UsageImport::report() const {
  const State& state = *state_;
  UsageReport report = state.report;
  report.lines = state.lines_before + state.cutter.lines();
  bool all_known = true;
  double usd = 0;
  for (const auto& name : state.names) {
    for (const State::Group& group : name->groups) {
      UsageLine line = group.sum;
      state.price(*name, group, line);
      report.requests += line.requests;
      report.failed += line.failed;
      for (std::size_t i = 0; i < token_class_count; ++i) report.tokens[i] += line.tokens[i];
      report.reasoning_tokens += line.reasoning_tokens;
      report.web_searches += line.web_searches;
      if (line.usd) {
        usd += *line.usd;
      } else {
        all_known = false;
        report.unpriced_requests += line.requests;
      }
      if (line.paid_usd) report.paid_usd = report.paid_usd.value_or(0) + *line.paid_usd;
      if (line.paid_usd && line.usd && line.paid_requests == line.requests) report.repriced_of_paid_usd += *line.usd;
      add_to_month(report.by_month, line);
      report.lines_by_price.push_back(std::move(line));
    }
  }
  report.known_usd = usd;
  if (all_known && !report.lines_by_price.empty()) report.usd = usd;
  report.prompt_tokens = sum_of(report.tokens, true);
  report.output_tokens = sum_of(report.tokens, false);
  sort_stably(report.by_month, [](const UsageMonth& a, const UsageMonth& b) {
    return !a.month.empty() && (b.month.empty() || a.month < b.month);
  });
  sort_stably(report.lines_by_price,
              [](const UsageLine& a, const UsageLine& b) { return a.usd.value_or(-1) > b.usd.value_or(-1); });
  for (const auto& [day, sums] : state.days) report.by_day.push_back(sums);
  if (state.options.days)
    report.days = state.options.days;
  else if (report.first && report.last)
    report.days = static_cast<double>(day_number(*report.last) - day_number(*report.first) + 1);
  if (state.without_time > 0)
    report.notices.push_back((state.without_time == 1
                                  ? std::string("1 record tells no time: it is priced at the prices of ")
                                  : number_text(static_cast<double>(state.without_time)) +
                                        " records tell no time: they are priced at the prices of ") +
                             moment_text(state.options.today) + ".");
  return report;
}

}  // namespace tokenbill
