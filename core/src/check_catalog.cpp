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

class Checker {
 public:
  explicit Checker(std::vector<Error>& findings) : findings_(findings) {}

  void model(const Model& model) {
    if (model.max_output_tokens && model.context_tokens && *model.max_output_tokens > *model.context_tokens)
      add(model.key, "more output is possible than the context window holds.", "Check max_output_tokens.");
    if (model.released && model.retires && *model.retires <= *model.released)
      add(model.key, "the model retires before it is released.", "Check both dates.");
    for (std::size_t i = 0; i < model.prices.size(); ++i) {
      const PriceRow& row = model.prices[i];
      const std::string where = join({model.key, " /prices/", std::to_string(i)});
      this->row(model, row, where);
      for (std::size_t k = 0; k < i; ++k) neighbours(model.prices[k], k, row, where);
    }
  }

 private:
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
  return findings;
}

}  // namespace tokenbill
