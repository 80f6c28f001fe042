// tokenbill prices: the catalog with source and age; validation; what changed against another one.

#include <cstdio>
#include <map>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
std::string price_text(const PriceRow* row, TokenClass token_class) {
  const auto price = row != nullptr ? resolve(row->prices, token_class) : std::nullopt;
  return price ? exact_text(*price) : "unknown";
}

void print_catalog(const Catalog& catalog, const std::string& only, Moment now) {
  std::printf("%zu models of %zu sellers, prices as of %s\n", catalog.models.size(), catalog.sellers.size(),
              moment_text(catalog.as_of).c_str());
  Table table({{"model", false},
               {"input", true},
               {"cache read", true},
               {"output", true},
               {"status", false},
               {"checked", false},
               {"days", true}});
  for (const Model& model : catalog.models) {
    if (!only.empty() && model.key.find(only) == std::string::npos) continue;
    const PriceRow* row = row_at(model, ServiceTier::standard, now);
    table.row({model.key, price_text(row, TokenClass::input), price_text(row, TokenClass::cache_read),
               price_text(row, TokenClass::output),
               row != nullptr ? std::string(price_status_id(row->status)) : "none today",
               row != nullptr ? moment_text(row->checked) : "",
               row != nullptr ? number_text(static_cast<double>(day_number(now) - day_number(row->checked))) : ""});
  }
  std::printf("USD per million tokens\n%s", table.text().c_str());
}

/// One line for each thing that is wrong or improbable.
int print_findings(const Catalog& catalog, const Hardware& hardware) {
  std::vector<Error> findings = catalog.left_out;
  findings.insert(findings.end(), hardware.left_out.begin(), hardware.left_out.end());
  for (Error& finding : check_catalog(catalog)) findings.push_back(std::move(finding));
  for (Error& finding : check_hardware(hardware, catalog)) findings.push_back(std::move(finding));
  for (const Error& finding : findings) std::printf("%s\n", to_text(finding).c_str());
  std::printf("%zu models of %zu sellers, %zu GPUs, %zu open models, %zu findings\n", catalog.models.size(),
              catalog.sellers.size(), hardware.gpus.size(), hardware.models.size(), findings.size());
  return findings.empty() ? fine : gate_failed;
}

/// One line per price of today that differs.
int print_difference(const Catalog& ours, const Catalog& theirs, Moment now) {
  std::map<std::string, const Model*> other;
  for (const Model& model : theirs.models) other[model.key] = &model;
  std::size_t changes = 0;
  for (const Model& model : ours.models) {
    const auto found = other.find(model.key);
    if (found == other.end()) {
      std::printf("only here: %s\n", model.key.c_str());
      ++changes;
      continue;
    }
    for (std::size_t t = 0; t < static_cast<std::size_t>(ServiceTier::count_); ++t) {
      const auto tier = static_cast<ServiceTier>(t);
      const PriceRow* mine = row_at(model, tier, now);
      const PriceRow* yours = row_at(*found->second, tier, now);
      for (std::size_t c = 0; c < token_class_count; ++c) {
        const auto a = mine != nullptr ? mine->prices[c] : std::nullopt;
        const auto b = yours != nullptr ? yours->prices[c] : std::nullopt;
        if (a == b) continue;
        std::printf("%s %s %s: %s here, %s there\n", model.key.c_str(), std::string(service_tier_id(tier)).c_str(),
                    std::string(info(static_cast<TokenClass>(c)).id).c_str(), a ? exact_text(*a).c_str() : "none",
                    b ? exact_text(*b).c_str() : "none");
        ++changes;
      }
    }
    other.erase(found);
  }
  for (const auto& [key, model] : other) {
    std::printf("only there: %s\n", key.c_str());
    ++changes;
  }
  std::printf("%zu differences\n", changes);
  return fine;
}
}  // namespace

void add_prices(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("prices", "The prices of all models, in USD per million tokens; validates them; what changed");
  command->footer(
      "tokenbill prices --only anthropic\n"
      "tokenbill prices --check --prices pricing-v1.json\n"
      "tokenbill prices --diff older-prices.json");
  struct Options {
    bool check = false;
    std::string diff;
    std::string only;
    std::string date;
  };
  auto options = std::make_shared<Options>();
  command->add_flag("--check", options->check, "Validate prices and hardware: exit 1 and a line for each finding");
  command->add_option("--diff", options->diff, "Compare today's prices with another price file")
      ->type_name(value::file);
  command->add_option("--only", options->only, "Models whose key contains this text: a seller, say")
      ->type_name(value::seller);
  command->add_option("--date", options->date, "Prices in force on this date, YYYY-MM-DD; today unless given")
      ->type_name(value::date);
  command->callback([options, &session] {
    session.run = [options, &session] {
      const Result<Moment> now = options->date.empty() ? Result<Moment>(today()) : parse_moment(options->date);
      if (!now) return report(session, now.error());
      const Result<Catalog> catalog = session.catalog();
      if (!catalog) return report(session, catalog.error());
      if (options->check) {
        const Result<Hardware> hardware = session.hardware();
        if (!hardware) return report(session, hardware.error());
        return print_findings(*catalog, *hardware);
      }
      if (!options->diff.empty()) {
        const Result<std::string> text = read_text(options->diff);
        if (!text) return report(session, text.error());
        const Result<Catalog> other = parse_catalog(*text, options->diff);
        if (!other) return report(session, other.error());
        return print_difference(*catalog, *other, *now);
      }
      if (session.json)
        std::printf("%s\n", catalog_json(*catalog).c_str());
      else
        print_catalog(*catalog, options->only, *now);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
