#include "claims.h"

#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {
Error wrong_claim(std::string_view message) {
  return {Code::bad_format, "claims.json", std::string(message), "Restore the file from the source code."};
}

std::string text_of(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr ? value->text : std::string();
}

const std::vector<JsonValue>& list_of(const JsonValue& object, std::string_view key) {
  static const std::vector<JsonValue> none;
  const JsonValue* value = object.find(key);
  return value != nullptr ? value->items : none;
}
}  // namespace

Result<std::vector<Claim>> parse_claims(std::string_view text) {
  const Result<JsonValue> document = parse_json(text, "claims.json");
  if (!document) return document.error();
  if (text_of(*document, "format") != "tokenbill-claims/1")
    return wrong_claim("Expected the format tokenbill-claims/1.");
  std::vector<Claim> claims;
  for (const JsonValue& item : list_of(*document, "claims")) {
    Claim claim;
    claim.id = text_of(item, "id");
    claim.title = text_of(item, "title");
    for (const JsonValue& source : list_of(item, "sources")) claim.sources.push_back(source.text);
    claim.printed = text_of(item, "printed");
    if (const JsonValue* usd = item.find("printed_usd")) claim.printed_usd = usd->number;
    claim.verdict = text_of(item, "verdict");
    claim.reason = text_of(item, "reason");
    if (claim.id.empty() || claim.verdict.empty()) return wrong_claim("A claim needs an id and a verdict.");
    for (const JsonValue& reading : list_of(item, "recomputed")) {
      const JsonValue* scenario = reading.find("scenario");
      if (scenario == nullptr) return wrong_claim("A reading of " + claim.id + " has no scenario.");
      std::vector<Error> problems;
      claim.readings.push_back({text_of(reading, "label"), text_of(reading, "text"), text_of(reading, "figure"),
                                read_scenario(*scenario, "claims.json", problems)});
      if (!problems.empty()) return problems.front();
    }
    claims.push_back(std::move(claim));
  }
  if (claims.empty()) return wrong_claim("Expected at least one claim.");
  return claims;
}

Figure figure_of(const Bill& bill, std::string_view id) {
  for (const Figure& figure : bill.figures)
    if (figure.id == id) return figure;
  for (const BillItem& item : bill.items)
    if (item.id == id) return {item.id, item.label, item.usd_per_month, units::usd / units::month};
  return {};
}

}  // namespace tokenbill
