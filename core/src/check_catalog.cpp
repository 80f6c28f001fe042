// What no seller does: mistakes of typing and copying, found by comparing prices with each other.

#include <algorithm>
#include <array>
#include <utility>

#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {

// The cheapest and the dearest token ever sold lie far inside; a figure per thousand tokens, or per token, does not.
constexpr double lowest_usd_per_mtok = 0.001;
constexpr double highest_usd_per_mtok = 1500;
// Within one model: between its rows, and between what is read from the cache and what is not.
constexpr double most_times_between_rows = 100;
constexpr double most_times_cheaper_read = 150;
constexpr double most_times_dearer_output = 100;

// By metric, the most that one of it costs: far above every price found, and below any given for a thousand or a
// million of it as if it were for one.
struct MostUsd {
  Metric metric;
  double usd;
};
constexpr std::array<MostUsd, metric_count> most_usd_per_one = {{{Metric::storage_gb, 20},
                                                                 {Metric::read_units, 0.001},
                                                                 {Metric::write_units, 0.001},
                                                                 {Metric::vector_dimensions, 0.00001},
                                                                 {Metric::memory_gb_hours, 5},
                                                                 {Metric::commands, 0.001},
                                                                 {Metric::traces, 0.1},
                                                                 {Metric::text_units, 0.05},
                                                                 {Metric::seats, 1000}}};

class Checker {
 public:
  explicit Checker(std::vector<Error>& findings) : findings_(findings) {}

  void model(const Model& model) {
    if (model.max_output_tokens && model.context_tokens && *model.max_output_tokens > *model.context_tokens)
      add(model.key, "more output is possible than the context window holds.", "Check max_output_tokens.");
    if (model.released && model.retires && *model.retires <= *model.released)
      add(model.key, "the model retires before it is released.", "Check both dates.");
    counting(model);
    for (std::size_t i = 0; i < model.prices.size(); ++i) {
      const PriceRow& row = model.prices[i];
      const std::string where = join({model.key, " /prices/", std::to_string(i)});
      this->row(model, row, where);
      for (std::size_t k = 0; k < i; ++k) neighbours(model.prices[k], k, row, where);
    }
  }

  void service(const Service& service) {
    for (std::size_t i = 0; i < service.rows.size(); ++i) {
      const ServiceRow& row = service.rows[i];
      const std::string where = join({service.key, " /prices/", std::to_string(i)});
      if (row.base_usd > 0 && row.minimum_usd > 0 && row.minimum_usd <= row.base_usd)
        add(where, "the minimum has no effect: the base alone reaches it.", "Check both, or remove the minimum.");
      for (const MostUsd& most : most_usd_per_one) {
        const std::optional<ServiceRate>& rate = row.rates[static_cast<std::size_t>(most.metric)];
        if (!rate || rate->usd <= most.usd) continue;
        add(where,
            join({"one of ", metric_id(most.metric), " costs ", exact_text(rate->usd), " USD, expected at most ",
                  exact_text(most.usd), "."}),
            R"(Is it for a thousand or a million? Say so in "per".)");
      }
    }
  }

 private:
  // A rule of counting for something that the model does not take or give.
  void counting(const Model& model) {
    const auto needs = [&](bool has_rule, std::string_view rule, std::string_view capability) {
      if (!has_rule) return;
      for (const std::string& known : model.capabilities)
        if (known == capability) return;
      add(model.key, join({"the model has ", rule, " but not the capability ", capability, "."}),
          "Add the capability, or remove the rule.");
    };
    needs(model.image_tokens.has_value(), "image_tokens", "image_input");
    needs(model.audio_input_tokens_per_second.has_value(), "audio_input_tokens_per_second", "audio_input");
    needs(model.audio_output_tokens_per_second.has_value(), "audio_output_tokens_per_second", "audio_output");
    needs(model.video_tokens_per_second.has_value(), "video_tokens_per_second", "video_input");
    needs(model.tool_prompt_tokens.has_value(), "tool_prompt_tokens", "tools");
    needs(model.keeps_reasoning, "keeps_reasoning", "reasoning");
    if (model.video_tokens_per_second && model.audio_input_tokens_per_second &&
        *model.video_tokens_per_second <= *model.audio_input_tokens_per_second)
      add(model.key, "a second of video is no more tokens than a second of its sound.",
          "video_tokens_per_second holds the frame and the sound together.");
  }

  void add(std::string_view where, std::string message, std::string_view hint) {
    findings_.push_back({Code::inconsistent, std::string(where), std::move(message), std::string(hint)});
  }

  void row(const Model& model, const PriceRow& row, std::string_view where) {
    level(model, row, row.prices, where);
    for (std::size_t i = 1; i <= row.context_tiers.size(); ++i) {
      const ContextTier& tier = row.context_tiers[i - 1];
      const std::string at = join({where, "/context_tiers/", std::to_string(i - 1)});
      const Prices prices = prices_at_level(row, nullptr, i);
      level(model, row, prices, at);
      if (model.context_tokens &&
          (tier.inclusive ? tier.threshold > *model.context_tokens : tier.threshold >= *model.context_tokens))
        add(at, "no prompt reaches the threshold: it lies at or beyond the context window.", "Check both.");
      if (row.note.empty() && cheaper_somewhere(prices, prices_at_level(row, nullptr, i - 1)))
        add(at, "a longer prompt is cheaper than a shorter one.", "Check the order, or say why in the note.");
    }
    for (std::size_t i = 0; i < row.windows.size(); ++i)
      level(model, row, prices_at_level(row, &row.windows[i], 0), join({where, "/windows/", std::to_string(i)}));
    if (!row.windows.empty() && !row.context_tiers.empty() && row.note.empty())
      add(where, "the row has windows and context tiers; where both apply, the tier's price holds.",
          "Say so in the note.");
  }

  // One set of prices that hold together.
  void level(const Model& model, const PriceRow& row, const Prices& prices, std::string_view where) {
    for (std::size_t i = 0; i < token_class_count; ++i) {
      const std::optional<double> price = prices[i];
      if (!price || *price == 0 || (*price >= lowest_usd_per_mtok && *price <= highest_usd_per_mtok)) continue;
      add(where,
          join({info(static_cast<TokenClass>(i)).id, " costs ", exact_text(*price),
                " USD per million tokens, expected ", exact_text(lowest_usd_per_mtok), " to ",
                exact_text(highest_usd_per_mtok), "."}),
          "Is it per thousand tokens, or per token?");
    }
    const auto price = [&](TokenClass c) { return prices[static_cast<std::size_t>(c)].value_or(0); };
    const double input = price(TokenClass::input);
    const double output = price(TokenClass::output);
    const double read = price(TokenClass::cache_read);
    if (input <= 0) return;
    const bool explained = !row.note.empty();
    if (model.kind == ModelKind::chat && output > 0) {
      if (output < input && !explained)
        add(where, "output is cheaper than input.", "Are they swapped? If not, say why in the note.");
      if (output > input * most_times_dearer_output)
        add(where, "output costs more than 100 times as much as input.", "Check the units.");
    }
    if (read > input)
      add(where, "reading from the cache costs more than not caching.", "Are cache_read and another price swapped?");
    if (read > 0 && read * most_times_cheaper_read < input)
      add(where, "a cache read costs less than a 150th of input.", "Check the units.");
    constexpr std::array writes = {TokenClass::cache_write, TokenClass::cache_write_5m, TokenClass::cache_write_30m,
                                   TokenClass::cache_write_1h};
    for (TokenClass write : writes) {
      if (price(write) == 0 || explained || times(price(write), input, 1) || times(price(write), input, 1.25) ||
          times(price(write), input, 2)) {
        continue;
      }
      add(where,
          join({info(write).id, " costs ", exact_text(price(write) / input),
                " times as much as input, expected 1, 1.25 or 2."}),
          "If that is right, say so in the note.");
    }
  }

  // Prices are rounded by their sellers.
  static bool times(double price, double input, double factor) {
    const double expected = input * factor;
    return price > expected * 0.99 && price < expected * 1.01;
  }

  static bool cheaper_somewhere(const Prices& prices, const Prices& than) {
    for (std::size_t i = 0; i < token_class_count; ++i)
      if (prices[i] && than[i] && *prices[i] < *than[i]) return true;
    return false;
  }

  static bool meet(const PriceRow& a, const PriceRow& b) {
    return !(a.until && b.from && *a.until <= *b.from) && !(b.until && a.from && *b.until <= *a.from);
  }

  void neighbours(const PriceRow& other, std::size_t index, const PriceRow& row, std::string_view where) {
    for (std::size_t i = 0; i < token_class_count; ++i) {
      const double a = other.prices[i].value_or(0);
      const double b = row.prices[i].value_or(0);
      if (a <= 0 || b <= 0 || (a <= b * most_times_between_rows && b <= a * most_times_between_rows)) continue;
      add(where,
          join({info(static_cast<TokenClass>(i)).id, " costs ", exact_text(b), ", in row ", std::to_string(index),
                " it costs ", exact_text(a), " USD per million tokens."}),
          "One of them is probably in another unit.");
    }
    if (!meet(other, row) || other.status == PriceStatus::cancelled || row.status == PriceStatus::cancelled) return;
    const auto is_dear = [](ServiceTier t) { return t == ServiceTier::fast || t == ServiceTier::ultrafast; };
    const auto compare = [&](const PriceRow& standard, const PriceRow& tier) {
      if (standard.tier != ServiceTier::standard || !tier.note.empty() || tier.tier == ServiceTier::standard) return;
      const bool wrong = is_dear(tier.tier) ? cheaper_somewhere(tier.prices, standard.prices)
                                            : cheaper_somewhere(standard.prices, tier.prices);
      if (wrong)
        add(where,
            join({"the tier ", service_tier_id(tier.tier), " is ", is_dear(tier.tier) ? "cheaper" : "dearer",
                  " than standard."}),
            "If that is right, say so in the note.");
    };
    compare(other, row);
    compare(row, other);
  }

  std::vector<Error>& findings_;
};

}  // namespace

std::vector<Error> check_catalog(const Catalog& catalog) {
  std::vector<Error> findings;
  Checker checker(findings);
  for (const Model& model : catalog.models)
    if (model.resold_from.empty()) checker.model(model);  // others are what they are passed on from
  for (const Service& service : catalog.services) checker.service(service);
  return findings;
}

}  // namespace tokenbill
