// tokenbill estimate: the bill.

#include <algorithm>
#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
void print_bill(const Bill& bill) {
  std::printf("%s (%s), prices of %s\n", bill.model->name.c_str(), bill.seller->name.c_str(),
              moment_text(bill.date).c_str());
  if (bill.problem) std::printf("%s\n", to_text(*bill.problem).c_str());
  if (bill.items.empty()) return;
  std::printf("\n  %s USD a month\n", usd_or_unknown(bill.per_month).c_str());
  std::printf("  %s a request · %s a conversation · %s a day · %s a year\n", usd_or_unknown(bill.per_request).c_str(),
              usd_or_unknown(bill.per_conversation).c_str(), usd_or_unknown(bill.per_day).c_str(),
              usd_or_unknown(bill.per_year).c_str());
  std::printf("  of which inference: %s a month, %s a request\n", usd_or_unknown(bill.inference_per_month).c_str(),
              usd_or_unknown(bill.inference_per_request).c_str());
  if (!bill.sentence.empty()) std::printf("  %s\n", bill.sentence.c_str());
  Table table({{"item", false}, {"USD a month", true}, {"USD a request", true}, {"share", true}, {"", false}});
  for (const BillItem& item : bill.items) {
    if (item.usd_per_month && *item.usd_per_month == 0) continue;  // --json has them
    const double share = item.share.value_or(0);
    table.row({std::string(item.label), usd_or_unknown(item.usd_per_month), usd_or_unknown(item.usd_per_request),
               item.share ? percent_text(share) : "", bar(share, 12)});
  }
  table.row({"Total", usd_or_unknown(bill.per_month), usd_or_unknown(bill.per_request),
             bill.per_month ? percent_text(1) : "", ""});
  std::printf("\n%s", table.text().c_str());
  for (const Notice& notice : bill.notices) std::printf("note: %s\n", notice.text.c_str());
}
}  // namespace

void add_estimate(CLI::App& app, Session& session) {
  const auto answer = [](const Question& question, const Session& asked) {
    const auto& [scenario, catalog, engine] = question;
    Result<Bill> bill = engine.estimate(catalog, scenario, today());
    if (!bill) return report(asked, bill.error());
    if (auto notice = age_notice(catalog, today())) bill->notices.insert(bill->notices.begin(), *std::move(notice));
    if (asked.json)
      std::printf("%s\n", bill_json(catalog, scenario, *bill).c_str());
    else
      print_bill(*bill);
    return bill->status == Status::impossible || bill->status == Status::unsuitable ? bad_input : fine;
  };
  add_question(app, session, "estimate", "The bill in USD: each item, per request, conversation, day, month and year",
               answer)
      ->footer(
          "tokenbill estimate scenario.json\n"
          "tokenbill estimate --preset chatbot --set conversations_per_day=2k\n"
          "tokenbill claims E2 --scenario | tokenbill estimate -");
}

}  // namespace tokenbill::cli
