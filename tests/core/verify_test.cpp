#include "tokenbill/verify.h"

#include <doctest/doctest.h>

#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {
CaseResult run(const std::string& kind, const std::string& inputs, const std::string& expected,
               const std::string& tolerance = "0") {
  Model model = model_of("small", {{TokenClass::input, 2}, {TokenClass::cache_read, 0.2}, {TokenClass::output, 10}});
  model.prices[0].until = parse_moment("2026-06-01").value();
  PriceRow later = row_of({{TokenClass::input, 1}, {TokenClass::output, 5}});
  later.from = model.prices[0].until;
  model.prices.push_back(later);
  const std::string text = R"({"schema":"golden-cases/1","cases":[{"id":"A","title":"a case","kind":")" + kind +
                           R"(","inputs":)" + inputs + R"(,"expected":)" + expected + R"(,"tolerance_abs":")" +
                           tolerance + R"("}]})";
  Result<std::vector<CaseResult>> results = verify_cases(text, "cases", catalog_of({model}));
  REQUIRE(results.ok());
  REQUIRE(results->size() == 1);
  return results->front();
}
}  // namespace

TEST_CASE("a request is priced at the rates of the case") {
  // 2000 at 2.5 and 500 at 10 per million: 0.005 and 0.005.
  const std::string inputs = R"({"rates_per_mtok":{"input":"2.5","output":"10"},"usage":{"input":2000,"output":500}})";
  CHECK(run("request", inputs, R"({"input_usd":"0.005","output_usd":"0.005","total_usd":"0.01"})").verdict ==
        Verdict::passed);
  const CaseResult wrong = run("request", inputs, R"({"total_usd":"0.011"})");
  CHECK(wrong.verdict == Verdict::failed);
  CHECK(wrong.detail == "total_usd: expected 0.011, found 0.01");
  CHECK(run("request", inputs, R"({"total_usd":"0.0105"})", "0.001").verdict == Verdict::passed);
  CHECK(run("request", inputs, R"({"total":"0.01"})").verdict == Verdict::failed);  // no such figure
}

TEST_CASE("a request with seller, model and moment is priced by the row in force then") {
  const auto at = [](const std::string& moment) {
    return R"({"seller":"acme","model":"small","at":")" + moment + R"(","usage":{"input":1000000,"output":1000000}})";
  };
  CHECK(run("request", at("2026-05-31T23:59:59Z"), R"({"total_usd":"12"})").verdict == Verdict::passed);
  CHECK(run("request", at("2026-06-01T00:00:00Z"), R"({"total_usd":"6"})").verdict == Verdict::passed);
  const CaseResult nobody = run("request", R"({"seller":"acme","model":"smal","at":"2026-06-01","usage":{"input":1}})",
                                R"({"total_usd":"6"})");
  CHECK(nobody.verdict == Verdict::failed);
  CHECK(nobody.detail.find("acme/small") != std::string::npos);
}

TEST_CASE("tiers, multiplier and fees of a case: the multiplier leaves fees alone") {
  // 11 tokens are above 10: 11 at 4 per million, times 1.5; three searches at 10 per thousand and 2 hours at 0.08.
  const std::string inputs =
      R"({"rates_per_mtok":{"input":2,"output":10},"context_tiers":[{"above":10,"rates_per_mtok":{"input":4}}],
    "usage":{"input":11},"multiplier":"1.5","fees":[{"name":"search","count":3,"usd_per_1000":"10"}],
    "unit_fees":[{"name":"hour","quantity":"2","usd_per_unit":"0.08"}]})";
  CHECK(run("request", inputs, R"({"input_usd":"0.000066","fees_usd":"0.19","total_usd":"0.190066"})").verdict ==
        Verdict::passed);
  const std::string at_ten =
      R"({"rates_per_mtok":{"input":2},"context_tiers":[{"above":10,"rates_per_mtok":{"input":4}}],"usage":{"input":10}})";
  CHECK(run("request", at_ten, R"({"total_usd":"0.00002"})").verdict == Verdict::passed);
  const std::string inclusive =
      R"({"rates_per_mtok":{"input":2},"context_tiers":[{"above":10,"inclusive":true,"rates_per_mtok":{"input":4}}],"usage":{"input":10}})";
  CHECK(run("request", inclusive, R"({"total_usd":"0.00004"})").verdict == Verdict::passed);
}

TEST_CASE("a seller's usage stands for the classes, and must agree with them") {
  const std::string reported =
      R"("provider_usage":{"prompt_tokens":1000,"completion_tokens":0,"prompt_tokens_details":{"cached_tokens":400}})";
  const std::string rates = R"("rates_per_mtok":{"input":1,"cache_read":0.5})";
  CHECK(run("request", "{" + rates + "," + reported + "}", R"({"total_usd":"0.0008"})").verdict == Verdict::passed);
  CHECK(run("request", "{" + rates + "," + reported + R"(,"usage":{"input":1000}})", R"({"total_usd":"0.0008"})")
            .verdict == Verdict::failed);
}

TEST_CASE("a missing price fails the case with the word unknown, and is never zero") {
  const CaseResult result =
      run("request", R"({"rates_per_mtok":{"input":1},"usage":{"input":5,"output":5}})", R"({"total_usd":"0.000005"})");
  CHECK(result.verdict == Verdict::failed);
  CHECK(result.detail.find("unknown") != std::string::npos);
}

TEST_CASE("kinds that cannot be run are skipped and named") {
  const CaseResult result = run("arith", "{}", "{}");
  CHECK(result.verdict == Verdict::skipped);
  CHECK(result.detail.find("arith") != std::string::npos);
}

TEST_CASE("a file of another form is refused") {
  const auto refused = [](std::string_view text) { return verify_cases(text, "cases", Catalog{}).error().code; };
  CHECK(refused(R"({"schema":"golden-cases/2","cases":[]})") == Code::bad_format);
  CHECK(refused(R"({"schema":"golden-cases/1"})") == Code::missing_key);
  CHECK(refused("{") == Code::bad_json);
}
