// tokenbill verify: worked cases through the code that prices scenarios.

#include "tokenbill/verify.h"

#include <cstdio>

#include "command.h"
#include "files.h"
#include "tokenbill/json_value.h"

namespace tokenbill::cli {

namespace {
constexpr std::string_view verdict_ids[] = {"passed", "failed", "skipped"};

int print_results(const Session& session, const std::vector<CaseResult>& results) {
  std::size_t counts[3] = {};
  for (const CaseResult& result : results) ++counts[static_cast<std::size_t>(result.verdict)];
  if (session.json) {
    JsonWriter w;
    w.begin_object().key("cases").begin_array();
    for (const CaseResult& result : results) {
      w.begin_object().member("id", result.id).member("kind", result.kind);
      w.member("verdict", verdict_ids[static_cast<std::size_t>(result.verdict)]).member("detail", result.detail);
      w.key("figures").begin_object();
      for (const auto& [id, value] : result.figures) {
        w.key(id);
        value ? w.value(*value) : w.null();
      }
      w.end_object().end_object();
    }
    w.end_array();
    for (std::size_t i = 0; i < 3; ++i) w.member(verdict_ids[i], static_cast<double>(counts[i]));
    w.end_object();
    std::printf("%s\n", w.take().c_str());
  } else {
    for (const CaseResult& result : results)
      std::printf("%-7s %s  %s%s%s\n", std::string(verdict_ids[static_cast<std::size_t>(result.verdict)]).c_str(),
                  result.id.c_str(), result.title.c_str(), result.detail.empty() ? "" : ": ", result.detail.c_str());
    if (counts[2] > 0) std::printf("%zu skipped: of kinds that are not run here, named above\n", counts[2]);
    std::printf("%zu passed, %zu failed\n", counts[0], counts[1]);
  }
  return counts[1] == 0 ? fine : gate_failed;
}
}  // namespace

void add_verify(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("verify", "Run worked cases of the golden-cases/1 form");
  auto path = std::make_shared<std::string>();
  command->add_option("CASES", *path, "File of cases")->required();
  command->callback([path, &session] {
    session.run = [path, &session] {
      const Result<std::string> text = read_file(*path);
      if (!text) return report(session, text.error());
      const Result<Catalog> catalog = session.catalog();
      if (!catalog) return report(session, catalog.error());
      const Result<std::vector<CaseResult>> results = verify_cases(*text, *path, *catalog);
      if (!results) return report(session, results.error());
      return print_results(session, *results);
    };
  });
}

}  // namespace tokenbill::cli
