#pragma once
// Records of usage, as sellers and gateways export them, added up while they stream through and priced at the prices of
// their own day. Memory is constant: it grows with the number of models, days and service tiers, not of records.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/result.h"
#include "tokenbill/usage.h"

namespace tokenbill {

struct UsageOptions {
  std::string model;           ///< of records that name none; empty = they have no price
  Moment today;                ///< of records without a time
  std::optional<double> days;  ///< that the records cover; by default from the first one's day to the last one's
};

/// What could not be read, and why.
struct UsageProblem {
  std::string file;
  std::uint64_t line = 0;  ///< 1-based, where it begins
  std::string message;
};

/// Sizes of single requests: quantiles within 0.8 % of the exact ones, in constant memory.
class SizeDistribution {
 public:
  void add(double tokens, double times = 1);
  [[nodiscard]] double count() const { return count_; }
  /// @param share  0 to 1; absent where nothing was added
  [[nodiscard]] std::optional<double> quantile(double share) const;
  [[nodiscard]] std::optional<double> mean() const;

 private:
  static constexpr std::size_t parts = 64;  ///< of an octave
  static constexpr std::size_t octaves = 50;
  std::vector<double> counts_;
  double zeros_ = 0, count_ = 0, sum_ = 0, least_ = 0, most_ = 0;
};

/// What was used of one model at one price. Absent amounts are unknown.
struct UsageLine {
  std::string model;  ///< key of the catalog; as written where it is not in it
  const Model* known = nullptr;
  ServiceTier tier = ServiceTier::standard;
  std::string month;        ///< "2026-11"; empty where the records tell no time
  std::string prices_from;  ///< source of the prices
  double requests = 0;
  double failed = 0;
  Usage tokens{};
  double reasoning_tokens = 0;
  double web_searches = 0;
  std::optional<double> usd;                ///< at the prices of its day
  std::optional<double> paid_usd;           ///< as the records say; absent where none does
  double paid_requests = 0;                 ///< that say what was paid
  double cliff_usd = 0;                     ///< of usd, what the long-context tier costs above the base price
  double peak_usd = 0;                      ///< of usd, what peak hours cost above the others
  double fees_usd = 0;                      ///< of usd, for web searches and by the request
  std::optional<double> saved_by_tier_usd;  ///< what the standard tier would have cost above usd
  std::string reason;                       ///< why usd is unknown
};

struct UsageDay {
  std::int64_t day = 0;  ///< since 1970-01-01
  double requests = 0, prompt_tokens = 0, output_tokens = 0, read_tokens = 0;
};

/// Of one calendar month (UTC).
struct UsageMonth {
  std::string month;  ///< "2026-10"; empty: records without a time
  double requests = 0;
  std::optional<double> usd;  ///< at list prices; unknown where any line is
  double known_usd = 0;
  std::optional<double> paid_usd;  ///< as the records say; absent where none does
};

struct UsageReport {
  std::uint64_t bytes = 0, lines = 0;
  std::uint64_t records = 0;           ///< with tokens
  std::uint64_t without_usage = 0;     ///< records that count no tokens and no money
  std::uint64_t cost_only = 0;         ///< with money and no tokens: lines of a cost report
  std::uint64_t repeated = 0;          ///< left out: the same id as one just before
  std::uint64_t kept_answers = 0;      ///< left out of what is priced: answered from a gateway's cache
  std::uint64_t broken = 0;            ///< could not be read
  std::vector<UsageProblem> problems;  ///< the first of them
  std::vector<std::string> notices;

  double requests = 0, failed = 0;
  bool requests_known = true;  ///< false: some rows are sums that do not say of how many requests
  Usage tokens{};
  double reasoning_tokens = 0, web_searches = 0;
  double prompt_tokens = 0, output_tokens = 0;  ///< all classes of either direction
  std::vector<UsageLine> lines_by_price;        ///< dearest first, unknown ones last
  std::vector<UsageMonth> by_month;             ///< ascending; records without a time last
  std::optional<double> usd;                    ///< unknown where any line is
  double known_usd = 0;                         ///< of the lines that have a price
  double unpriced_requests = 0;
  std::optional<double> paid_usd;         ///< of records with tokens
  double repriced_of_paid_usd = 0;        ///< usd of the lines of which every request says what was paid
  std::optional<double> cost_report_usd;  ///< of records without tokens
  std::optional<Moment> first, last;
  std::optional<double> days;         ///< that the records cover
  SizeDistribution prompts, outputs;  ///< of single requests
  std::vector<UsageDay> by_day;       ///< ascending; the first 4000 days met
};

/// Takes text in pieces of any size: JSON lines, JSON documents and lists, server-sent events, and tables separated by
/// commas, semicolons or tabs. What is broken is counted and told, and does not stop the rest.
class UsageImport {
 public:
  /// @param catalog  outlives it
  UsageImport(const Catalog& catalog, UsageOptions options);
  ~UsageImport();
  UsageImport(UsageImport&&) noexcept;

  /// A file begins; its name stands in problems. The one before has ended.
  void begin(std::string name);
  void feed(std::string_view bytes);
  /// The last file has ended.
  void finish();
  /// What there is so far, priced.
  [[nodiscard]] UsageReport report() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tokenbill
