#include "tokenbill/json_usage.h"

#include "tokenbill/json_io.h"
#include "tokenbill/json_value.h"

namespace tokenbill {

namespace {
void write_tokens(JsonWriter& w, const Usage& tokens) {
  w.key("tokens").begin_object();
  for (std::size_t i = 0; i < token_class_count; ++i)
    if (tokens[i] != 0) w.member(info(static_cast<TokenClass>(i)).id, tokens[i]);
  w.end_object();
}

void write_sizes(JsonWriter& w, std::string_view key, const SizeDistribution& sizes) {
  w.key(key).begin_object().member("requests", sizes.count()).member("mean", sizes.mean());
  w.member("p5", sizes.quantile(0.05)).member("median", sizes.quantile(0.5));
  w.member("p95", sizes.quantile(0.95)).member("p99", sizes.quantile(0.99)).end_object();
}

void write_line(JsonWriter& w, const UsageLine& line) {
  w.begin_object().member("model", line.model).member("known", line.known != nullptr);
  w.member("name", line.known != nullptr ? line.known->name : line.model);
  w.member("service_tier", service_tier_id(line.tier)).key("month");
  line.month.empty() ? w.null() : w.value(line.month);
  w.member("requests", line.requests).member("failed", line.failed);
  write_tokens(w, line.tokens);
  w.member("reasoning_tokens", line.reasoning_tokens).member("web_searches", line.web_searches);
  w.member("usd", line.usd).member("paid_usd", line.paid_usd).member("cliff_usd", line.cliff_usd);
  w.member("peak_usd", line.peak_usd).member("fees_usd", line.fees_usd);
  w.member("saved_by_tier_usd", line.saved_by_tier_usd).member("source", line.prices_from).key("problem");
  line.reason.empty() ? w.null() : w.value(line.reason);
  w.end_object();
}

void write_reconciliation(JsonWriter& w, const Reconciliation& reconciliation) {
  w.begin_object().member("days_in_month", reconciliation.days_in_month);
  w.member("estimated_usd_per_month", reconciliation.estimated).key("steps").begin_array();
  for (const ReconciliationStep& step : reconciliation.steps)
    w.begin_object()
        .member("id", step.id)
        .member("label", step.label)
        .member("usd_per_month", step.usd_per_month)
        .member("words", step.words)
        .end_object();
  w.end_array().member("measured_usd_per_month", reconciliation.measured);
  w.member("paid_usd_per_month", reconciliation.paid);
  w.member("paid_above_list_usd_per_month", reconciliation.paid_above_list);
  w.member("sentence", reconciliation.sentence).key("notices").begin_array();
  for (const std::string& notice : reconciliation.notices) w.value(notice);
  w.end_array().key("adopted").raw(scenario_text(reconciliation.adopted)).key("changes").begin_array();
  for (const InputChange& change : reconciliation.changes)
    w.begin_object()
        .member("id", change.id)
        .member("label", change.label)
        .member("before", change.before)
        .member("after", change.after)
        .end_object();
  w.end_array().end_object();
}
}  // namespace

std::string usage_json(const UsageReport& report, const Reconciliation* reconciliation) {
  JsonWriter w;
  w.begin_object().key("read").begin_object();
  w.member("bytes", report.bytes).member("lines", report.lines).member("records", report.records);
  w.member("without_usage", report.without_usage).member("cost_only", report.cost_only);
  w.member("repeated", report.repeated).member("kept_answers", report.kept_answers).member("broken", report.broken);
  w.key("problems").begin_array();
  for (const UsageProblem& problem : report.problems)
    w.begin_object()
        .member("file", problem.file)
        .member("line", problem.line)
        .member("message", problem.message)
        .end_object();
  w.end_array().key("notices").begin_array();
  for (const std::string& notice : report.notices) w.value(notice);
  w.end_array().end_object();

  w.key("first");
  report.first ? w.value(moment_text(*report.first)) : w.null();
  w.key("last");
  report.last ? w.value(moment_text(*report.last)) : w.null();
  w.member("days", report.days).key("requests");
  report.requests_known ? w.value(report.requests) : w.null();
  w.member("failed", report.failed);
  write_tokens(w, report.tokens);
  w.member("prompt_tokens", report.prompt_tokens).member("output_tokens", report.output_tokens);
  w.member("reasoning_tokens", report.reasoning_tokens).member("web_searches", report.web_searches);
  w.member("usd", report.usd).member("known_usd", report.known_usd);
  w.member("unpriced_requests", report.unpriced_requests).member("paid_usd", report.paid_usd);
  w.member("cost_report_usd", report.cost_report_usd);
  write_sizes(w, "prompts", report.prompts);
  write_sizes(w, "outputs", report.outputs);
  w.key("by_month").begin_array();
  for (const UsageMonth& month : report.by_month) {
    w.begin_object().key("month");
    month.month.empty() ? w.null() : w.value(month.month);
    w.member("requests", month.requests).member("usd", month.usd).member("known_usd", month.known_usd);
    w.member("paid_usd", month.paid_usd).end_object();
  }
  w.end_array().key("lines").begin_array();
  for (const UsageLine& line : report.lines_by_price) write_line(w, line);
  w.end_array().key("reconciliation");
  if (reconciliation != nullptr)
    write_reconciliation(w, *reconciliation);
  else
    w.null();
  w.end_object();
  return w.take();
}

}  // namespace tokenbill
