// What core-usage.wasm has beside the operations of core.wasm: reading records of usage and comparing them with
// scenarios.

#include <optional>
#include <utility>

#include "cost_api.h"
#include "questions.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/json_usage.h"
#include "tokenbill/reconciliation.h"
#include "tokenbill/usage_import.h"

namespace tokenbill {

namespace {
/// Usage with the prices it is read with: its lines point into them, and other prices may be loaded meanwhile.
struct PricedUsage {
  PricedUsage(const Catalog& prices, UsageOptions options) : catalog(prices), import(catalog, std::move(options)) {}
  Catalog catalog;
  UsageImport import;
};
/// The usage that was read last, to be compared with scenarios.
std::unique_ptr<PricedUsage>& kept_usage() {
  static std::unique_ptr<PricedUsage> only;
  return only;
}

/// Reads records of usage: run() begins a file, merge() gives its next bytes, and a step or a cancel ends it.
class UsageJob final : public Job {
 public:
  UsageJob(const Catalog& catalog, UsageOptions options)
      : usage_(std::make_unique<PricedUsage>(catalog, std::move(options))) {}
  bool step(double /*cells*/) override {
    cancel();
    return false;
  }
  double progress() const override { return 0; }  // who gives the bytes knows how many there are
  void cancel() override {
    usage_->import.finish();
    response_ = so_far();
    kept_usage() = std::move(usage_);
  }
  std::string response() const override { return response_; }
  double items() const override { return 1; }
  void run(double first, double /*end*/) override { usage_->import.begin(number_text(first)); }
  std::string part() override { return {}; }  // one reader has it all
  std::string so_far() const override { return usage_json(usage_->import.report(), nullptr); }
  bool merge(std::string_view bytes) override {
    usage_->import.feed(bytes);
    return true;
  }

 private:
  std::unique_ptr<PricedUsage> usage_;
  std::string response_;
};

std::optional<double> number(const JsonValue& document, std::string_view key) {
  const JsonValue* value = document.find(key);
  return value != nullptr && value->kind == JsonValue::Kind::number ? std::optional(value->number) : std::nullopt;
}

Error not_here() {
  return {Code::unsupported, "op",
          "core-usage.wasm reads usage; other sections' operations are those of core-all.wasm.", "See docs/abi.md."};
}
}  // namespace

Result<std::unique_ptr<Job>> start_job(std::uint32_t op, const Engine& /*engine*/, const Catalog& catalog,
                                       const Scenario& /*scenario*/, Moment today, const JsonValue& document) {
  if (op != TB_USAGE) return not_here();
  const JsonValue* model = document.find("default_model");
  UsageOptions options{model != nullptr ? model->text : std::string(), today, number(document, "days")};
  if (options.days && !(*options.days > 0)) options.days.reset();
  return std::unique_ptr<Job>(std::make_unique<UsageJob>(catalog, std::move(options)));
}

std::string load_hardware(std::string_view /*text*/) { return error_json(not_here()); }

std::string answer_question(std::uint32_t op, const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                            Moment today, const JsonValue& document) {
  if (op != TB_USAGE) return error_json(not_here());
  if (kept_usage() == nullptr)
    return error_json({Code::unsupported, "usage", "No usage has been read.", "Read it with a job first."});
  const UsageReport report = kept_usage()->import.report();
  const Result<Reconciliation> found =
      reconcile(engine, catalog, scenario, today, report, number(document, "paid_usd"));
  return found ? usage_json(report, &*found) : error_json(found.error());
}

}  // namespace tokenbill
