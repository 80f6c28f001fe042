// tokenbill selfhost: GPUs, what they cost, how fast they answer, and which way of buying is the cheapest.

#include <cstdio>

#include "command.h"
#include "embedded_hardware.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/selfhost.h"

namespace tokenbill::cli {

namespace {
constexpr std::size_t shown_deployments = 8;

std::string seconds_text(double seconds) {
  return seconds < 1 ? brief_text(seconds * 1000) + " ms" : brief_text(seconds) + " s";
}

void print_own(const OwnCapacity& own) {
  if (own.problem) {
    std::printf("%s\n", to_text(*own.problem).c_str());
    for (const Deployment& d : own.deployments)
      std::printf("  %s x %s: %s\n", number_text(d.gpus).c_str(), d.gpu->name.c_str(), d.reason.c_str());
    return;
  }
  std::printf("%s on own capacity: %s USD a month\n\n", own.model->name.c_str(), usd_or_unknown(own.per_month).c_str());
  Table bill({{"", false}, {"USD a month", true}});
  for (const BillItem& item : own.items)
    if (!item.usd_per_month || *item.usd_per_month > 0)
      bill.row({std::string(item.label), usd_or_unknown(item.usd_per_month)});
  std::printf("%s\n", bill.text().c_str());
  Table table({{"GPUs of a replica", false},
               {"at once", true},
               {"first token", true},
               {"measured between", false},
               {"per token", true},
               {"tokens/s and GPU", true},
               {"measured between", false},
               {"GPUs", true},
               {"busy", true},
               {"USD a month", true}});
  std::size_t shown = 0;
  for (const Deployment& d : own.deployments) {
    if (!d.reason.empty() || shown++ == shown_deployments) break;
    table.row({number_text(d.gpus) + " x " + d.gpu->name, number_text(d.concurrency),
               seconds_text(d.first_token_seconds),
               seconds_text(d.first_token_low) + " to " + seconds_text(d.first_token_high),
               seconds_text(d.token_seconds), brief_text(d.output_tokens_per_second),
               brief_text(d.output_low) + " to " + brief_text(d.output_high), number_text(d.gpus_at_peak.value_or(0)),
               percent_text(d.utilisation.value_or(0)), usd_or_unknown(d.usd_per_month)});
  }
  std::printf("%s\n", table.text().c_str());
  const Deployment& first = own.deployments.front();
  std::printf("Rent: %s\n", first.rent_source.c_str());
  std::printf(
      "Memory of a GPU: %.1f GiB, usable %.1f; weights %.1f, reserve %.1f, room for requests %.1f (%.3f each)\n",
      own.memory.capacity, own.memory.usable, own.memory.weights, own.memory.reserve, own.memory.room,
      own.memory.of_a_request);
  for (const Notice& notice : own.notices) std::printf("%s\n", notice.text.c_str());
}

/// "29 231 to 34 919"; a little more or less throughput may need the same whole replicas.
std::string spread_text(const Choice& choice) {
  if (!choice.usd_low || !choice.usd_high) return "";
  const std::string low = usd_text(*choice.usd_low), high = usd_text(*choice.usd_high);
  return low == high ? "the same" : low + " to " + high;
}

void print_decision(const Decision& decision) {
  std::printf("%s\n\n", decision.verdict.c_str());
  Table choices({{"", false}, {"", false}, {"USD a month", true}, {"with measured throughput", false}, {"", false}});
  for (const Choice& choice : decision.choices)
    choices.row({(choice.id == decision.best ? "> " : "  ") + choice.label, choice.what,
                 choice.usd_per_month ? usd_text(*choice.usd_per_month) : "unknown", spread_text(choice),
                 choice.reason.empty() ? choice.note : choice.reason});
  std::printf("%s\n", choices.text().c_str());
  if (!decision.crossings.empty()) {
    Table crossings({{"from requests a month", true}, {"USD a month", true}, {"is cheaper", false}, {"than", false}});
    const auto label = [&](std::string_view id) {
      for (const Choice& choice : decision.choices)
        if (choice.id == id) return choice.label;
      return std::string(id);
    };
    for (const Crossing& crossing : decision.crossings)
      crossings.row({brief_text(crossing.requests_per_month), usd_text(crossing.usd_per_month), label(crossing.above),
                     label(crossing.below)});
    std::printf("%s\n", crossings.text().c_str());
  }
  print_own(decision.own);
  if (decision.small) {
    std::printf("\n");
    print_own(*decision.small);
  }
}
}  // namespace

void add_selfhost(CLI::App& app, Session& session) {
  add_question(app, session, "selfhost", "Own capacity: GPUs, cost, latency, and from which volume it pays",
               [](const Question& question, const Session& asked) {
                 const Result<Hardware> hardware = asked.hardware();
                 if (!hardware) return report(asked, hardware.error());
                 const Result<SelfHost> self_host = SelfHost::create();
                 if (!self_host) return report(asked, self_host.error());
                 const Result<Decision> decision =
                     self_host->decide(question.engine, question.catalog, *hardware, question.scenario, today());
                 if (!decision) return report(asked, decision.error());
                 if (asked.json)
                   std::printf("%s\n", decision_json(*decision).c_str());
                 else
                   print_decision(*decision);
                 return fine;
               })
      ->footer("tokenbill selfhost --preset chatbot --set open_model=llama-3.3-70b");
}

}  // namespace tokenbill::cli
