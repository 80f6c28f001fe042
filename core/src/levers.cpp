#include "tokenbill/levers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
enum Id : std::size_t { caching, batch, flex, routing, trimming, output_cap, response_cache, smaller_picture, count };
using Set = std::uint32_t;  ///< bit i: lever i is on
constexpr Set only(std::size_t lever) { return Set{1} << lever; }
constexpr bool has(Set set, std::size_t lever) { return (set >> lever & 1u) != 0; }

struct About {
  std::string_view id, label;
};
constexpr std::array<About, count> about = {{{"caching", "Prefix cache"},
                                             {"batch", "Batch"},
                                             {"flex", "Flex"},
                                             {"routing", "Routing"},
                                             {"trimming", "Shorter prompts"},
                                             {"output_cap", "Cap on answers"},
                                             {"response_cache", "Response cache"},
                                             {"smaller_picture", "Smaller pictures"}}};

/// Parameters that one lever sets, and to what.
using Settings = std::vector<std::pair<std::string_view, std::string>>;

/// Turns levers of a scenario on and off.
class Switchboard {
 public:
  explicit Switchboard(const Scenario& scenario) : scenario_(scenario) {
    const auto number = [&](std::string_view id) { return scenario.value(id).value_or(0); };
    const std::string_view tier = scenario.choice("service_tier");
    const auto set = [&](std::size_t lever, bool on, Settings on_values, Settings off_values) {
      on_[lever] = on;
      turn_on_[lever] = std::move(on_values);
      turn_off_[lever] = std::move(off_values);
    };
    const std::string_view caching_now = scenario.choice("caching");
    set(caching, caching_now != "off", {{"caching", caching_now == "off" ? "automatic" : std::string(caching_now)}},
        {{"caching", ""}});
    // A faster tier is no lever: without batch and flex it stays.
    const std::string other = tier == "batch" || tier == "flex" ? "" : std::string(tier);
    set(batch, tier == "batch", {{"service_tier", "batch"}}, {{"service_tier", other}});
    set(flex, tier == "flex", {{"service_tier", "flex"}}, {{"service_tier", other}});
    const std::string_view routing_now = scenario.choice("routing");
    set(routing, routing_now != "off", {{"routing", routing_now == "off" ? "shares" : std::string(routing_now)}},
        {{"routing", ""}});
    const double trim = number("prompt_trim_ratio");
    set(trimming, trim > 0, {{"prompt_trim_ratio", exact_text(trim > 0 ? trim : 0.3)}}, {{"prompt_trim_ratio", ""}});
    const std::optional<double> cap = scenario.value("output_cap_tokens");
    set(output_cap, cap.has_value(),
        {{"output_cap_tokens", exact_text(std::max(1.0, cap.value_or(number("output_tokens"))))}},
        {{"output_cap_tokens", ""}});
    const std::string_view cache = scenario.choice("response_cache");
    set(response_cache, cache != "off", {{"response_cache", cache == "off" ? "exact" : std::string(cache)}},
        {{"response_cache", ""}});
    const double shrink = number("image_shrink_ratio");
    set(smaller_picture, shrink > 0, {{"image_shrink_ratio", exact_text(shrink > 0 ? shrink : 0.5)}},
        {{"image_shrink_ratio", ""}});
  }

  [[nodiscard]] Set now() const {
    Set set = 0;
    for (std::size_t i = 0; i < count; ++i)
      if (on_[i]) set |= only(i);
    return set;
  }
  [[nodiscard]] bool on(std::size_t lever) const { return on_[lever]; }
  [[nodiscard]] const Settings& turn(std::size_t lever) const {
    return on_[lever] ? turn_off_[lever] : turn_on_[lever];
  }
  [[nodiscard]] Scenario with(Set set) const {
    Scenario scenario = scenario_;
    for (const bool turning_on : {false, true})  // of two for the same parameter the one that is on wins
      for (std::size_t i = count; i-- > 0;)
        if (has(set, i) == turning_on)
          for (const auto& [id, text] : turning_on ? turn_on_[i] : turn_off_[i])
            static_cast<void>(scenario.set(id, text));
    return scenario;
  }
  /// Why a lever has nothing to act on; empty if it has.
  [[nodiscard]] std::string pointless(std::size_t lever) const {
    const auto number = [&](std::string_view id) { return scenario_.value(id).value_or(0); };
    const auto named = [&](std::string_view id) { return !scenario_.reference(id).empty(); };
    const bool first = named("route_1_model") || scenario_.value("route_1_cost_ratio");
    bool others = false;
    for (char n = '2'; n <= '8'; ++n) others = others || named(std::string("route_") + n + "_model");
    if (lever == routing && !first && (!others || scenario_.choice("routing") == "cascade"))
      return "Name a cheaper model, or tell its cost, under \"Several models\".";
    if (lever == smaller_picture && !(number("images_per_request") > 0)) return "No images of a size are sent.";
    if (lever == caching && !(number("static_prefix_tokens") > 0) && !(number("tools") > 0) &&
        !(number("subagents_per_conversation") > 0) && scenario_.choice("history") == "given")
      return "Nothing of the prompt repeats: tell how much of it never changes, or that earlier turns are sent again.";
    if (lever == flex && on_[batch]) return "Batch is in use: a request is sent one way or the other.";
    if (lever == batch && on_[flex]) return "Flex is in use: a request is sent one way or the other.";
    return "";
  }
  [[nodiscard]] std::string setting(std::size_t lever) const {
    const Scenario on = with(only(lever));
    const auto share = [&](std::string_view id) { return percent_text(on.value(id).value_or(0)); };
    const auto option = [&](std::string_view id) {
      const Parameter& parameter = parameters()[parameter_index(id)];
      return std::string(parameter.options[static_cast<std::size_t>(on.value(id).value_or(0))].label);
    };
    switch (lever) {
      case caching:
        return option("caching");
      case batch:
      case flex:
        return option("service_tier");
      case routing:
        return on.choice("routing") == "cascade" ? option("routing")
                                                 : share("route_1_share_ratio") + " to the first other model";
      case trimming:
        return share("prompt_trim_ratio") + " of the prompt cut";
      case output_cap:
        return "at most " + number_text(on.value("output_cap_tokens").value_or(0)) + " tokens";
      case response_cache:
        return share("response_cache_hit_ratio") + " answered from it";
      default:
        return share("image_shrink_ratio") + " off width and height";
    }
  }

 private:
  const Scenario& scenario_;
  std::array<bool, count> on_{};
  std::array<Settings, count> turn_on_, turn_off_;
};

/// Totals of a month by set of levers, each priced once.
class Totals {
 public:
  Totals(const Engine& engine, const Catalog& catalog, const Switchboard& board, Moment today)
      : engine_(engine), catalog_(catalog), board_(board), today_(today), known_(std::size_t{1} << count) {}

  /// Absent = unknown, or the model cannot serve it so; why stands in reason().
  std::optional<double> of(Set set) {
    Entry& entry = known_[set];
    if (entry.done) return entry.usd;
    entry.done = true;
    const Result<Engine::Priced> priced = engine_.price(catalog_, board_.with(set), today_);
    if (!priced) {
      if (!error_) error_ = priced.error();
    } else {
      entry.usd = priced->figure("total");
      entry.reason = priced->reason;
    }
    return entry.usd;
  }
  [[nodiscard]] const std::string& reason(Set set) const { return known_[set].reason; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  struct Entry {
    bool done = false;
    std::optional<double> usd;
    std::string reason;
  };
  const Engine& engine_;
  const Catalog& catalog_;
  const Switchboard& board_;
  Moment today_;
  std::vector<Entry> known_;
  std::optional<Error> error_;
};

std::optional<double> less(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  return *a - *b;
}

int size_of(Set set) {
  int n = 0;
  for (; set != 0; set &= set - 1) ++n;
  return n;
}

/// The mean of a lever's saving over all orders in which the levers of `players` are turned on:
/// sum over sets without it of |S|! (n - |S| - 1)! / n! (v(S) - v(S + lever)).
std::optional<double> fair_share(Totals& totals, Set players, std::size_t lever) {
  const int n = size_of(players);
  const Set others = players & ~only(lever);
  double sum = 0;
  for (Set set = others;; set = (set - 1) & others) {
    const std::optional<double> saved = less(totals.of(set), totals.of(set | only(lever)));
    if (!saved) return std::nullopt;
    double weight = 1.0 / n;  // |S|! (n - |S| - 1)! / n! = 1 / (n C(n - 1, |S|))
    const int size = size_of(set);
    for (int i = 1; i <= size; ++i) weight = weight * i / (n - i);
    sum += weight * *saved;
    if (set == 0) break;
  }
  return sum;
}

std::string conflict_text(std::string_view label, std::string_view other, double alone, double with) {
  if (with <= 0) return std::string(label) + " saves nothing once " + std::string(other) + " is in use.";
  return std::string(label) + " saves " + usd_text(with) + " instead of " + usd_text(alone) + " USD once " +
         std::string(other) + " is in use.";
}
}  // namespace

Result<Levers> find_levers(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today) {
  const Switchboard board(scenario);
  Totals totals(engine, catalog, board, today);
  const Set now = board.now();
  Levers result;
  result.without_usd = totals.of(0);
  result.now_usd = totals.of(now);
  if (totals.error()) return *totals.error();

  Set usable = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Lever lever;
    lever.id = about[i].id;
    lever.label = about[i].label;
    lever.on = board.on(i);
    lever.turn = board.turn(i);
    lever.setting = board.setting(i);
    lever.reason = board.pointless(i);
    if (lever.reason.empty() && !totals.of(only(i))) lever.reason = totals.reason(only(i));
    lever.applicable = lever.reason.empty();
    if (lever.applicable) usable |= only(i);
    result.levers.push_back(std::move(lever));
  }
  result.all_usd = totals.of(usable | now);
  for (std::size_t i = 0; i < count; ++i) {
    Lever& lever = result.levers[i];
    if (!lever.applicable) continue;
    lever.alone_usd = less(totals.of(0), totals.of(only(i)));
    lever.on_top_usd = less(totals.of(now & ~only(i)), totals.of(now | only(i)));
    lever.fair_usd = fair_share(totals, now | only(i), i);
    for (std::size_t j = 0; j < count; ++j) {
      if (j == i || !result.levers[j].applicable) continue;
      const std::optional<double> with = less(totals.of(only(j)), totals.of(only(i) | only(j)));
      // One that takes more than half of another's saving is told.
      if (with && lever.alone_usd && *lever.alone_usd > 0 && *with < 0.5 * *lever.alone_usd)
        lever.conflicts.push_back(
            {about[j].id, conflict_text(about[i].label, about[j].label, *lever.alone_usd, *with)});
    }
  }
  if (totals.error()) return *totals.error();
  return result;
}

}  // namespace tokenbill
