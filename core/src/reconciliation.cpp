#include "tokenbill/reconciliation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "order.h"
#include "text.h"
#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// Items of the bill that records of usage can speak of.
bool is_comparable(std::string_view id) {
  for (const std::string_view start :
       {"input.", "output.", "failures.billed", "fees.request", "fees.web_search", "channel."})
    if (id.starts_with(start)) return true;
  return false;
}

std::optional<double> comparable(const Bill& bill) {
  if (bill.items.empty()) return std::nullopt;
  double sum = 0;
  for (const BillItem& item : bill.items) {
    if (!is_comparable(item.id)) continue;
    if (!item.usd_per_month) return std::nullopt;
    sum += *item.usd_per_month;
  }
  return sum;
}

/// A mean or a monthly sum: whole numbers from 100 on, three digits below.
std::string mean_text(double value) { return value >= 100 ? number_text(std::round(value)) : brief_text(value); }

double tokens_of(const UsageReport& report, TokenClass token_class) {
  return report.tokens[static_cast<std::size_t>(token_class)];
}

/// Sets what the table of parameters allows; values beyond its range are cut off at its ends.
class Setter {
 public:
  explicit Setter(Scenario& scenario) : scenario_(scenario) {}
  void number(std::string_view id, double value) {
    for (const Parameter& parameter : parameters()) {
      if (parameter.id != id) continue;
      value = std::clamp(value, parameter.min, parameter.max);
      if (parameter.kind == ParameterKind::number && value == parameter.default_value) return unset(id);
    }
    static_cast<void>(scenario_.set_number(id, value));
  }
  void text(std::string_view id, std::string_view value) { static_cast<void>(scenario_.set(id, value)); }
  void unset(std::string_view id) { text(id, ""); }

 private:
  Scenario& scenario_;
};

struct ModelShare {
  const Model* model;
  double requests = 0, usd = 0;
};

std::vector<ModelShare> shares_of_models(const UsageReport& report) {
  std::vector<ModelShare> shares;
  for (const UsageLine& line : report.lines_by_price) {
    if (line.known == nullptr || line.known->kind != ModelKind::chat) continue;
    auto share = std::find_if(shares.begin(), shares.end(), [&](const ModelShare& s) { return s.model == line.known; });
    if (share == shares.end()) share = shares.insert(shares.end(), {line.known});
    share->requests += line.requests;
    share->usd += line.usd.value_or(0);
  }
  sort_stably(shares, [](const ModelShare& a, const ModelShare& b) { return a.usd > b.usd; });
  return shares;
}

/// The value that a share of the days lies below.
double day_quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= values.size()) return values.back();
  return values[below] + (at - static_cast<double>(below)) * (values[below + 1] - values[below]);
}

class Reconciler {
 public:
  Reconciler(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
             const UsageReport& report)
      : engine_(engine), catalog_(catalog), today_(today), report_(report), before_(scenario), now_(scenario) {}

  Result<Reconciliation> run(std::optional<double> paid_usd);

 private:
  [[nodiscard]] Result<Bill> bill() const { return engine_.estimate(catalog_, now_, today_); }
  [[nodiscard]] std::optional<double> figure(std::string_view id) const {
    const Result<Bill> now = bill();
    if (!now) return std::nullopt;
    for (const Figure& each : now->figures)
      if (each.id == id) return each.value;
    return std::nullopt;
  }
  [[nodiscard]] std::string was(std::string_view id) const {
    const auto value = now_.value(id);
    return value ? mean_text(*value) : "none";
  }
  /// A cause: what `change` does to the scenario. Left out where it changes nothing.
  template <class Change>
  std::optional<Error> step(std::string_view id, std::string_view label, const Change& change) {
    const Scenario old = now_;
    const std::string words = change(Setter(now_));
    if (now_ == old) return std::nullopt;
    const Result<Bill> next = bill();
    if (!next) return next.error();
    const std::optional<double> amount = comparable(*next);
    const std::optional<double> added = amount && amount_ ? std::optional(*amount - *amount_) : std::nullopt;
    // What moves nothing is no cause. Its fraction of a cent goes with the next one: amount_ stays.
    if (added && *added > -least_usd() && *added < least_usd()) return std::nullopt;
    out_.steps.push_back({id, label, added, words});
    amount_ = amount;
    return std::nullopt;
  }
  /// USD a month below which a difference has no line of its own: half a cent, and less where the whole is small.
  [[nodiscard]] double least_usd() const {
    constexpr double half_a_cent = 0.005, share = 1e-4, rounding = 1e-9;
    return report_.usd ? std::clamp(share * *report_.usd * scale_, rounding, half_a_cent) : half_a_cent;
  }
  [[nodiscard]] std::string sentence(double end) const;
  std::optional<Error> adopt();
  void add_ranges();
  std::string adopt_models(Setter set);
  std::string adopt_prompt(Setter set);
  std::string adopt_cache(Setter set);

  const Engine& engine_;
  const Catalog& catalog_;
  Moment today_;
  const UsageReport& report_;
  const Scenario& before_;
  Scenario now_;
  std::optional<double> amount_;  ///< of now_
  double scale_ = 0;              ///< from the records to a month
  Reconciliation out_;
};

std::string Reconciler::adopt_models(Setter set) {
  const std::vector<ModelShare> shares = shares_of_models(report_);
  if (shares.empty()) return {};
  double all = 0;
  for (const ModelShare& share : shares) all += share.requests;
  set.text("routing", "off");
  set.unset("fallback_model");
  now_.model = shares.front().model->key;
  std::string words = shares.front().model->name;
  // Others that matter share the requests; what is too little to be seen is left to the rest.
  int route = 0;
  for (std::size_t i = 1; i < shares.size() && route < 8 && all > 0; ++i) {
    const double ratio = shares[i].requests / all;
    if (ratio < 0.005) continue;
    ++route;
    const std::string id = "route_" + std::to_string(route);
    set.text("routing", "shares");
    set.text(id + "_model", shares[i].model->key);
    set.unset(id + "_cost_ratio");
    set.number(id + "_share_ratio", ratio);
    words += ", " + shares[i].model->name + " " + percent_text(ratio);
  }
  for (++route; route <= 8; ++route) {
    const std::string id = "route_" + std::to_string(route);
    set.unset(id + "_model");
    set.unset(id + "_share_ratio");
  }
  const Result<const Model*> old = catalog_.find_model(before_.model);
  if (!old) return words + " instead of " + before_.model;
  // Sellers share names.
  const Model& front = *shares.front().model;
  const bool is_other_of_name = (*old)->name == front.name && (*old)->key != front.key;
  return words + " instead of " + (*old)->name + (is_other_of_name ? " of " + (*old)->key : "");
}

std::string Reconciler::adopt_prompt(Setter set) {
  const double requests = report_.requests;
  const auto per_request = [&](std::initializer_list<TokenClass> classes) {
    double sum = 0;
    for (const TokenClass token_class : classes) sum += tokens_of(report_, token_class);
    return sum / requests;
  };
  const double images = per_request({TokenClass::input_image, TokenClass::cache_read_image});
  const double audio = per_request({TokenClass::input_audio, TokenClass::cache_read_audio});
  const double video = per_request({TokenClass::input_video, TokenClass::cache_read_video});
  const double text = report_.prompt_tokens / requests - images - audio - video;
  const std::optional<double> mean = figure("average_prompt_tokens");
  const std::string old = mean ? mean_text(*mean) : "unknown";
  // Each request as it was sent: earlier turns, passages, tools and shortening are in the measured prompt.
  set.text("history", "given");
  for (const std::string_view id :
       {"turn_input_tokens", "prompt_trim_ratio", "compressor_model", "request_cap", "token_cap", "usd_cap",
        "subagents_per_conversation", "web_fetches_per_request", "images_per_request", "pdf_pages_per_request",
        "audio_input_seconds", "video_input_seconds", "changing_line_tokens", "tokens_before_changing_line"})
    set.unset(id);
  set.number("search_result_tokens", 0);
  set.number("image_input_tokens", images);
  set.number("audio_input_tokens", audio);
  set.number("video_input_tokens", video);
  set.number("static_prefix_tokens", 0);
  set.number("prompt_tokens", text);
  // What tools and passages bring comes on top of the prompt.
  if (const auto reached = figure("average_prompt_tokens"); reached && *reached > text)
    set.number("prompt_tokens", std::max(0.0, text - (*reached - text)));
  if (const auto prefix = before_.value("static_prefix_tokens"))
    set.number("static_prefix_tokens", std::min(*prefix, now_.value("prompt_tokens").value_or(0)));
  return mean_text(text) + " tokens a request instead of " + old;
}

std::string Reconciler::adopt_cache(Setter set) {
  const double requests = report_.requests;
  const double read = tokens_of(report_, TokenClass::cache_read) / requests;
  const double five = tokens_of(report_, TokenClass::cache_write_5m) / requests;
  const double hour = tokens_of(report_, TokenClass::cache_write_1h) / requests;
  const double half = tokens_of(report_, TokenClass::cache_write_30m) / requests;
  const double written = tokens_of(report_, TokenClass::cache_write) / requests + five + hour + half;
  const auto old = figure("cached_ratio");
  const double prompt = report_.prompt_tokens / requests;
  const std::string words = percent_text(prompt > 0 ? read / prompt : 0) +
                            " of the prompt read from the cache instead of " + (old ? percent_text(*old) : "unknown");
  for (const std::string_view id : {"long_gap_ratio", "keep_warm_per_hour"}) set.unset(id);
  if (read + written <= 0) {
    set.text("caching", "off");
    set.unset("cache_hit_ratio");
    return words;
  }
  const Result<const Model*> model = catalog_.find_model(now_.model);
  const std::optional<PrefixCache> cache = model ? (*model)->cache : std::nullopt;
  const bool by_marker = cache && cache->explicit_markers && !cache->automatic;
  set.text("caching", hour > five && by_marker ? "1h" : by_marker ? "5m" : "automatic");
  // A prefix that is found with this chance has the measured reads and writes on average.
  double prefix = std::max(read + written, cache ? cache->minimum_tokens : 0);
  if (const double size = cache ? cache->step_tokens : 1; size > 1)
    prefix = static_cast<double>(static_cast<std::int64_t>((prefix + size - 1) / size)) * size;
  set.number("static_prefix_tokens", prefix);
  if (now_.value("prompt_tokens").value_or(0) < prefix) set.number("prompt_tokens", prefix);
  set.number("cache_hit_ratio", prefix > 0 ? read / prefix : 0);
  return words;
}

std::optional<Error> Reconciler::adopt() {
  const double requests = report_.requests;
  const bool counted = report_.requests_known && requests > 0;
  const double per_month = requests * scale_;
  if (!counted) {
    out_.notices.push_back(
        "The records do not say how many requests they stand for: tokens of a request are not known, "
        "and nothing is adopted.");
    return std::nullopt;
  }
  if (report_.days) {
    if (auto error = step("requests", "Requests", [&](Setter set) {
          const double old = figure("requests_per_month").value_or(0);
          const double conversations = now_.value("conversations_per_day").value_or(0);
          if (old > 0) {
            set.number("conversations_per_day", conversations * per_month / old);
          } else {
            const double days = now_.value("days_per_month").value_or(30);
            set.number("turns_per_conversation", 1);
            set.number("conversations_per_day", per_month / days);
          }
          return mean_text(per_month) + " a month instead of " + mean_text(old);
        }))
      return error;
  }
  if (auto error = step("models", "Models", [&](Setter set) { return adopt_models(set); })) return error;
  if (auto error = step("prompt", "Length of prompts", [&](Setter set) { return adopt_prompt(set); })) return error;
  if (auto error = step("cache", "Prefix cache", [&](Setter set) { return adopt_cache(set); })) return error;
  // What the output is but reasoning; both are priced alike unless the seller says otherwise.
  const double media_out = tokens_of(report_, TokenClass::output_audio) + tokens_of(report_, TokenClass::output_image) +
                           tokens_of(report_, TokenClass::output_video);
  const double visible = std::max(0.0, report_.output_tokens - report_.reasoning_tokens - media_out) / requests;
  if (auto error = step("output", "Length of answers", [&](Setter set) {
        const std::string old = was("output_tokens");
        set.number("output_tokens", visible);
        set.unset("output_cap_tokens");
        set.number("image_output_tokens", tokens_of(report_, TokenClass::output_image) / requests);
        set.number("audio_output_tokens", tokens_of(report_, TokenClass::output_audio) / requests);
        return mean_text(visible) + " tokens an answer instead of " + old;
      }))
    return error;
  if (auto error = step("reasoning", "Hidden reasoning", [&](Setter set) {
        const std::string old = was("reasoning_tokens");
        const double reasoning = report_.reasoning_tokens / requests;
        set.number("reasoning_tokens", reasoning);
        return mean_text(reasoning) + " tokens an answer instead of " + old;
      }))
    return error;
  std::array<double, static_cast<std::size_t>(ServiceTier::count_)> tiers{};
  for (const UsageLine& line : report_.lines_by_price) tiers[static_cast<std::size_t>(line.tier)] += line.requests;
  if (auto error = step("tier", "Service tier", [&](Setter set) {
        const double batch = tiers[static_cast<std::size_t>(ServiceTier::batch)] / requests;
        tiers[static_cast<std::size_t>(ServiceTier::batch)] = 0;
        const auto most = std::max_element(tiers.begin(), tiers.end());
        // Where all of it went by batch, that is the tier; else a share of the standard one.
        const auto tier = batch >= 1 ? ServiceTier::batch : static_cast<ServiceTier>(most - tiers.begin());
        set.text("service_tier", service_tier_id(tier));
        set.number("batch_share_ratio", batch >= 1 ? 0 : batch);
        return percent_text(batch) + " by batch, the rest at the tier \"" + std::string(service_tier_id(tier)) + "\"";
      }))
    return error;
  if (auto error = step("failures", "Failures and repetitions", [&](Setter set) {
        for (const std::string_view id :
             {"failure_ratio", "failed_output_ratio", "broken_answer_ratio", "regeneration_ratio"})
          set.number(id, 0);
        return std::string("each try is a record of its own") +
               (report_.failed > 0 ? ", " + percent_text(report_.failed / requests) + " of them failed" : "");
      }))
    return error;
  if (auto error = step("fees", "Web searches", [&](Setter set) {
        const std::string old = was("web_searches_per_request");
        const double searches = report_.web_searches / requests;
        set.number("web_searches_per_request", searches);
        return mean_text(searches) + " a request instead of " + old;
      }))
    return error;
  // Hours: the share of the tokens at the prices of a window, where the records tell the hour.
  double at_peak = 0, all_peak = 0;
  bool has_peak = false;
  for (const UsageLine& line : report_.lines_by_price) {
    if (line.known == nullptr || line.known->key != now_.model || !line.usd) continue;
    all_peak += line.requests;
    if (line.peak_usd != 0) {
      at_peak += line.requests;
      has_peak = true;
    }
  }
  if (has_peak && all_peak > 0)
    if (auto error = step("hours", "Peak hours", [&](Setter set) {
          set.number("peak_share_ratio", at_peak / all_peak);
          return percent_text(at_peak / all_peak) + " of the requests in peak hours";
        }))
      return error;
  add_ranges();
  return std::nullopt;
}

/// What differs from day to day is a range: of the days from 5 % to 95 %. The first and the last one may be cut.
void Reconciler::add_ranges() {
  std::vector<UsageDay> days = report_.by_day;
  if (days.size() >= 7) days = std::vector<UsageDay>(days.begin() + 1, days.end() - 1);
  days.erase(std::remove_if(days.begin(), days.end(), [](const UsageDay& day) { return !(day.requests > 0); }),
             days.end());
  if (days.size() < 5) return;
  const auto range = [&](std::string_view id, double factor, const auto& value_of) {
    std::vector<double> values;
    for (const UsageDay& day : days) values.push_back(value_of(day) * factor);
    const auto likely = now_.value(id);
    const double low = day_quantile(values, 0.05), high = day_quantile(values, 0.95);
    if (!likely || !(low > 0) || !(low < *likely && *likely < high)) return;
    static_cast<void>(now_.set_range(id, {low, high, InputRange::usual_level}, likely));
  };
  const auto conversations = now_.value("conversations_per_day");
  const double per_day = report_.days ? report_.requests / *report_.days : 0;
  if (conversations && per_day > 0)
    range("conversations_per_day", *conversations / per_day, [](const UsageDay& day) { return day.requests; });
  const auto prompt = now_.value("prompt_tokens");
  const double mean = report_.prompt_tokens / report_.requests;
  if (prompt && mean > 0)
    range("prompt_tokens", *prompt / mean, [](const UsageDay& day) { return day.prompt_tokens / day.requests; });
  const auto answer = now_.value("output_tokens");
  const double output = report_.output_tokens / report_.requests;
  if (answer && output > 0)
    range("output_tokens", *answer / output, [](const UsageDay& day) { return day.output_tokens / day.requests; });
}

std::string Reconciler::sentence(double end) const {
  const double difference = end - *out_.estimated;
  const auto size = [](const std::optional<double>& usd) { return usd ? std::fabs(*usd) : 0; };
  if (size(difference) <= least_usd()) return "A month costs " + usd_text(end) + " USD, as estimated.";
  std::string words = "A month costs " + usd_text(end) + " USD instead of " + usd_text(*out_.estimated) + ": " +
                      usd_text(size(difference)) + (difference < 0 ? " USD less." : " USD more.");
  const ReconciliationStep* most = nullptr;
  for (const ReconciliationStep& each : out_.steps)
    if (size(each.usd_per_month) > size(most != nullptr ? most->usd_per_month : std::nullopt)) most = &each;
  if (size(out_.paid_above_list) > size(most != nullptr ? most->usd_per_month : std::nullopt))
    return words + " Most of it: what was paid " + (*out_.paid_above_list > 0 ? "above" : "below") + " list prices.";
  if (most != nullptr)
    words += " Most of it: " + lower_case(most->label.substr(0, 1)) + std::string(most->label.substr(1)) +
             (most->words.empty() ? "" : ", " + most->words) + ".";
  return words;
}

Result<Reconciliation> Reconciler::run(std::optional<double> paid_usd) {
  if (report_.records == 0)
    return Error{Code::unsupported, "usage", "No record of usage was read, so there is nothing to compare.",
                 "Look at what could not be read."};
  const Result<Bill> first = bill();
  if (!first) return first.error();
  out_.estimated = amount_ = comparable(*first);

  const double days_per_month = before_.value("days_per_month").value_or(30);
  out_.days_in_month = days_per_month >= 28 ? days_per_month : 30;
  if (report_.days) {
    scale_ = out_.days_in_month / *report_.days;
    if (*report_.days < 7)
      out_.notices.push_back("The records cover " + number_text(*report_.days) +
                             (*report_.days == 1 ? " day" : " days") + ", taken for a month as it is.");
  } else {
    const double month = figure("requests_per_month").value_or(0);
    scale_ = report_.requests > 0 ? month / report_.requests : 0;
    out_.notices.push_back("The records tell no time: as many requests a month are taken as the scenario has.");
  }
  if (auto error = adopt()) return *std::move(error);

  if (report_.usd) out_.measured = *report_.usd * scale_;
  if (!report_.usd && report_.known_usd > 0)
    out_.notices.push_back(
        "Some records have no price here, so what all of them cost is not known; those with a price "
        "cost " +
        usd_text(report_.known_usd * scale_) + " USD a month.");
  // What one price for all requests hides: those beyond a price step, then days, models and sizes beside the mean.
  double cliffs = 0;
  for (const UsageLine& line : report_.lines_by_price) cliffs += line.cliff_usd;
  std::optional<double> rest;
  if (out_.measured && amount_) rest = *out_.measured - *amount_;
  const bool mean_is_below = [&] {
    const Result<const Model*> model = catalog_.find_model(now_.model);
    const PriceRow* row = model ? row_at(**model, ServiceTier::standard, today_) : nullptr;
    const double mean = report_.requests > 0 ? report_.prompt_tokens / report_.requests : 0;
    return row == nullptr || row->context_tiers.empty() || mean < row->context_tiers.front().threshold;
  }();
  if (cliffs > 0 && mean_is_below) {
    out_.steps.push_back(
        {"cliffs", "Prompts beyond a price step", cliffs * scale_, "the seller's dearer prices for long prompts"});
    if (rest) *rest -= cliffs * scale_;
  }
  if (!rest || *rest > least_usd() || *rest < -least_usd())
    out_.steps.push_back({"rest", "What averages hide", rest,
                          rest ? "requests, models and days beside the mean; prices that changed meanwhile"
                               : "unknown: a price is missing, of the records or of the scenario"});

  // Without times the records' share of the month is an assumption, which an invoice's sum must not be scaled by.
  if (paid_usd && !report_.days)
    out_.notices.push_back("What was paid is left out: the records tell no time. Give the days that they cover.");
  else if (paid_usd)
    out_.paid = *paid_usd * scale_;
  else if (report_.cost_report_usd)
    out_.paid = *report_.cost_report_usd * scale_;
  else if (report_.paid_usd)
    out_.paid = *report_.paid_usd * scale_;
  if (out_.paid && out_.measured) out_.paid_above_list = *out_.paid - *out_.measured;

  const auto& end = out_.paid ? out_.paid : out_.measured;
  if (out_.estimated && end) {
    out_.sentence = sentence(*end);
  } else {
    out_.sentence = "What a month costs is not known on one side: a price is missing.";
  }
  out_.adopted = std::move(now_);
  const Priceable old{&catalog_, &before_, today_};
  Result<Difference> difference = find_difference(engine_, old, {&catalog_, &out_.adopted, today_});
  if (!difference) return difference.error();
  out_.changes = std::move(difference->inputs);
  return std::move(out_);
}
}  // namespace

Result<Reconciliation> reconcile(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                                 const UsageReport& report, std::optional<double> paid_usd) {
  return Reconciler(engine, catalog, scenario, today, report).run(paid_usd);
}

}  // namespace tokenbill
