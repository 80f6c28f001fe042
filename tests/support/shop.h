#pragma once
// Catalogs and scenarios for tests, in few words.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/engine.h"
#include "tokenbill/scenario.h"

using Given = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using Listed = std::initializer_list<std::pair<tokenbill::TokenClass, double>>;

/// Equal but for the rounding of a few operations: 1e-12 relative.
[[nodiscard]] bool same(double a, double b);
[[nodiscard]] bool same(const std::optional<double>& a, double b);

[[nodiscard]] tokenbill::Prices prices_of(Listed prices);
/// USD per million tokens, in force always.
[[nodiscard]] tokenbill::PriceRow row_of(Listed prices, tokenbill::ServiceTier tier = tokenbill::ServiceTier::standard);
/// The chat model "acme/<id>" with one standard row; it can do everything, and has no cache and no limits.
[[nodiscard]] tokenbill::Model model_of(std::string id, Listed prices);
[[nodiscard]] tokenbill::Model model_of(std::string id, double input, double output);
/// A cache without minimum, with these lifetimes in minutes.
[[nodiscard]] tokenbill::PrefixCache cache_of(std::initializer_list<std::pair<std::string, double>> lifetimes);
/// A catalog of the seller "acme".
[[nodiscard]] tokenbill::Catalog catalog_of(std::vector<tokenbill::Model> models);

/// A scenario for the model "acme/<id>" with the table's defaults.
[[nodiscard]] tokenbill::Scenario scenario_of(std::string_view id, Given given = {});
/// The same in which nothing is paid but inference, no request fails, and each conversation is one request.
[[nodiscard]] tokenbill::Scenario bare(std::string_view id, Given given = {});

inline constexpr tokenbill::Moment today{1795305600};  // 2026-11-22

/// The one engine of the tests.
[[nodiscard]] const tokenbill::Engine& engine();
[[nodiscard]] tokenbill::Bill bill_of(const tokenbill::Catalog& catalog, const tokenbill::Scenario& scenario);
/// Of an item of the bill, a figure or an input; absent where it is unknown or there is none.
[[nodiscard]] std::optional<double> amount_of(const tokenbill::Bill& bill, std::string_view id);
/// Absent where it is unknown.
[[nodiscard]] std::optional<double> usd_a_month(const tokenbill::Catalog& catalog, const tokenbill::Scenario& scenario);
