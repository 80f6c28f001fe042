#pragma once
// A record of usage, read: whose, when, how many tokens of which class, and what was paid for it.

#include <cstdint>
#include <optional>
#include <string_view>

#include "tokenbill/catalog.h"
#include "tokenbill/result.h"
#include "tokenbill/usage.h"
#include "usage_fields.h"

namespace tokenbill {

/// Texts are those of the fields it was read from.
struct UsageRecord {
  bool has_tokens = false;
  Usage tokens{};
  double reasoning_tokens = 0;  ///< of the output, whatever class they are in
  double requests = 1;          ///< a row of a report stands for many
  bool is_sum = false;          ///< of many requests: sizes of single ones are not known
  double web_searches = 0;
  std::string_view model, provider, id, geography;
  std::optional<std::int64_t> at;  ///< seconds since 1970
  std::optional<ServiceTier> tier;
  std::string_view tier_text;      ///< as written, where it is none of ours
  std::optional<double> paid_usd;  ///< as the record says
  bool failed = false;
  bool kept_answer = false;  ///< given again by a gateway without asking the model
  std::string_view line_item;
};

/// The usage in the fields' object, as usage_of_response. @param reasoning  set to the reasoning part of the output
[[nodiscard]] Result<Usage> read_usage(const UsageFields& fields, std::uint32_t object, double& reasoning);

/// Seconds since 1970 of what records write: seconds, milliseconds, microseconds, "2026-11-22T02:30:00.5+01:00",
/// "2026-11-22 02:30:00 UTC", "2026/11/22". Absent if it is none of these.
[[nodiscard]] std::optional<std::int64_t> read_time(std::string_view text);

/// Walks through what the fields hold: one record, or lists of them in "data", "results" and the like. For each calls
/// take(const UsageRecord&, const Error* problem); the problem says why its tokens cannot be read.
class UsageWalk {
 public:
  explicit UsageWalk(const UsageFields& fields) : fields_(fields) {}
  template <class Take>
  void each(const Take& take) const {
    if (!fields_.fields().empty()) each(0, std::nullopt, take);
  }

 private:
  template <class Take>
  void each(std::uint32_t at, std::optional<std::int64_t> time, const Take& take) const {
    const auto& all = fields_.fields();
    if (all[at].kind == UsageField::Kind::array) {
      for (std::uint32_t i = at + 1; i < all[at].end; i = all[i].end) each(i, time, take);
      return;
    }
    if (all[at].kind != UsageField::Kind::object) return;
    if (all[at].keys.has(UsageKey::list)) {
      if (const std::uint32_t list = list_in(at); list != UsageFields::none) {
        const auto own = time_in(at);
        each(list, own ? own : time, take);
        return;
      }
    }
    UsageRecord record;
    const std::optional<Error> problem = read(at, time, record);
    take(static_cast<const UsageRecord&>(record), problem ? &*problem : nullptr);
  }

  [[nodiscard]] std::uint32_t list_in(std::uint32_t object) const;
  [[nodiscard]] std::optional<std::int64_t> time_in(std::uint32_t object) const;
  [[nodiscard]] std::optional<Error> read(std::uint32_t object, std::optional<std::int64_t> time,
                                          UsageRecord& record) const;

  const UsageFields& fields_;
};

}  // namespace tokenbill
