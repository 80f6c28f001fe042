// Several open scenarios, their files, price files, and what is kept from one run to the next.

#include <algorithm>
#include <filesystem>

#include "copies.h"
#include "files.h"
#include "fixture.h"
#include "session.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"

namespace tokenbill::desktop {

namespace {
std::string text_in(const std::string& path) {
  const Result<std::string> text = read_file(path);
  REQUIRE(text.ok());
  return *text;
}
}  // namespace

TEST_CASE("a copy of a scenario has its own history and its own file") {
  const auto app = new_app();
  app->set_text("prompt_tokens", "1234");
  app->duplicate();
  CHECK(app->documents().size() == 2);
  CHECK(app->active() == 1);
  CHECK_FALSE(app->can_undo());
  app->set_text("prompt_tokens", "4321");
  app->update();
  REQUIRE(app->months().size() == 2);
  CHECK(*app->months()[1] > *app->months()[0]);
  CHECK(app->months()[1] == app->bill()->per_month);
  app->show(0);
  app->update();
  CHECK(app->scenario().value("prompt_tokens") == 1234.0);
  CHECK(app->bill()->per_month == app->months()[0]);
  app->undo();
  CHECK(app->scenario().value("prompt_tokens") != 1234.0);
  CHECK(app->documents()[1].scenario.value("prompt_tokens") == 4321.0);
}

TEST_CASE("what is closed can be reopened with its changes, and the last one makes room for a fresh start") {
  const auto app = new_app();
  app->set_text("prompt_tokens", "1234");
  app->duplicate();
  app->close(0);
  REQUIRE(app->documents().size() == 1);
  CHECK(app->active() == 0);
  CHECK(app->can_reopen());
  app->close(0);
  REQUIRE(app->documents().size() == 1);
  CHECK(app->scenario() == app->presets().front().scenario);
  app->reopen();
  app->reopen();
  CHECK_FALSE(app->can_reopen());
  CHECK(app->documents().size() == 3);
  CHECK(app->scenario().value("prompt_tokens") == 1234.0);
  CHECK(app->can_undo());
  app->close(99);
  app->show(99);
  CHECK(app->documents().size() == 3);
}

TEST_CASE("a file is opened once; the untouched example makes room for it") {
  const Folder folder;
  const auto app = new_app();
  Scenario scenario = app->scenario();
  scenario.name = "One";
  REQUIRE_FALSE(write_file(folder.file("one.json"), scenario_text(scenario)).has_value());
  scenario.name = "Two";
  REQUIRE_FALSE(write_file(folder.file("two.json"), scenario_text(scenario)).has_value());
  app->open(folder.file("one.json"));
  CHECK(app->documents().size() == 1);
  app->open(folder.file("two.json"));
  CHECK(app->documents().size() == 2);
  app->open(folder.file("one.json"));
  CHECK(app->documents().size() == 2);
  CHECK(app->document().title() == "One");
  REQUIRE(app->recent().size() == 2);
  CHECK(app->recent()[0] == folder.file("one.json"));

  // Opened again after a change: the file's state comes back, and the change is one step of undo away.
  app->set_text("prompt_tokens", "777");
  app->open(folder.file("one.json"));
  CHECK(app->scenario().value("prompt_tokens") != 777.0);
  app->undo();
  CHECK(app->scenario().value("prompt_tokens") == 777.0);
}

TEST_CASE("ranges and references count as changes") {
  const auto app = new_app();
  const Scenario before = app->scenario();
  app->set_text("prompt_tokens", "1k to 3k");
  CHECK(app->is_modified());
  CHECK(app->scenario().ranges.size() == 1);
  app->undo();
  CHECK(app->scenario() == before);
  app->set_text("embedding_model", "openai/text-embedding-3-small");
  CHECK(app->is_modified());
  app->undo();
  CHECK_FALSE(app->is_modified());
}

TEST_CASE("the state of a file before is kept beside it") {
  const Folder folder;
  const auto app = new_app();
  const std::string path = folder.file("mine.json");
  app->save(path);
  CHECK_FALSE(file_exists(path + "~"));
  const std::string first = text_in(path);
  app->set_text("prompt_tokens", "777");
  app->save(path);
  REQUIRE(app->problem() == nullptr);
  CHECK(text_in(path + "~") == first);
  CHECK(text_in(path) == scenario_text(app->scenario()));
  app->save(path);
  CHECK(text_in(path + "~") == first);
}

TEST_CASE("one process at a time keeps what is open") {
  const Folder folder;
  const std::string path = folder.file("desktop.json");
  {
    const FileLock first(path);
    CHECK(first.held());
    CHECK_FALSE(FileLock(path).held());
  }
  CHECK(FileLock(path).held());
  CHECK_FALSE(FileLock("").held());
}

TEST_CASE("a damaged file is set aside, never overwritten") {
  const Folder folder;
  const auto app = new_app();
  const std::string path = folder.file("mine.json");
  for (const char* damaged : {"{\"format\": \"tokenbill-scen", "something else"}) {
    REQUIRE_FALSE(write_file(path, damaged).has_value());
    app->open(path);
    CHECK(app->problem() != nullptr);
    app->save(path);
    CHECK(app->problem() == nullptr);
    CHECK(app->message().find(".damaged") != std::string::npos);
    CHECK(text_in(path) == scenario_text(app->scenario()));
  }
  CHECK(text_in(path + ".damaged").find("tokenbill-scen") != std::string::npos);
  CHECK(text_in(path + ".damaged-2") == "something else");
}

TEST_CASE("a price file is taken with its date, and one that cannot be read leaves the prices as they are") {
  const Folder folder;
  const auto app = new_app();
  app->update();
  const std::size_t models = app->catalog().models.size();
  std::string prices(embedded_prices());
  const std::size_t date = prices.find("2026-");
  REQUIRE(date != std::string::npos);
  prices.replace(date, 10, "2026-12-24");
  REQUIRE_FALSE(write_file(folder.file("prices.json"), prices).has_value());
  app->open(folder.file("prices.json"));
  REQUIRE(app->problem() == nullptr);
  app->update();
  CHECK(moment_text(app->catalog().as_of) == "2026-12-24");
  CHECK(app->catalog().models.size() == models);
  CHECK(app->prices_name() == folder.file("prices.json"));
  CHECK(app->bill()->per_month.has_value());

  REQUIRE_FALSE(write_file(folder.file("bad.json"), "{\"format\":\"tokenbill-prices/1\",\"providers\":3}").has_value());
  app->open(folder.file("bad.json"));
  CHECK(app->problem() != nullptr);
  CHECK(app->prices_name() == folder.file("prices.json"));
  app->open(folder.file("prices.json"));

  prices.replace(date, 10, "2020-01-01");
  REQUIRE_FALSE(write_file(folder.file("old.json"), prices).has_value());
  app->open(folder.file("old.json"));
  CHECK(app->message().find("older") != std::string::npos);
}

TEST_CASE("what is open is the same after a session was written and read") {
  const auto app = new_app();
  View view;
  view.look.theme = Theme::dark;
  view.tab = Tab::ranges;
  view.form_width = 400;
  app->set_text("prompt_tokens", "1k to 3k");
  app->duplicate();
  app->set_name("Quotes \" and \\ and \n lines");
  app->show(0);
  const std::string text = session_text(*app, view);
  Result<Session> session = parse_session(text, "session");
  REQUIRE(session.ok());
  CHECK(session->theme == Theme::dark);
  CHECK(session->tab == "ranges");
  CHECK(session->form_width == 400);
  REQUIRE(session->documents.size() == 2);
  const auto next = new_app();
  next->restore(session->documents, session->active, session->recent);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(next->documents()[i].scenario == app->documents()[i].scenario);
    CHECK(next->documents()[i].saved == app->documents()[i].saved);
    CHECK(next->documents()[i].is_modified());
  }
  CHECK(next->active() == 0);
  CHECK(session_text(*next, view) == text);
}

TEST_CASE("a session that is cut off anywhere, or is something else, is refused") {
  const auto app = new_app();
  const std::string text = session_text(*app, View());
  for (std::size_t length = 0; length + 2 < text.size(); length += 37)
    CHECK_FALSE(parse_session(text.substr(0, length), "session").ok());
  CHECK_FALSE(parse_session("{\"format\":\"tokenbill-scenario/1\"}", "session").ok());
}

TEST_CASE("copies have the amounts of the bill, and what would break a table is escaped") {
  const auto app = new_app();
  app->set_name("a|b*c");
  app->update();
  const std::string month = usd_text(*app->bill()->per_month);
  CHECK(bill_as_text(*app).find("Total\t" + month) != std::string::npos);
  const std::string markdown = bill_as_markdown(*app);
  CHECK(markdown.find("a\\|b\\*c") != std::string::npos);
  CHECK(markdown.find("**Total** | " + month) != std::string::npos);
  const std::string csv = bill_as_csv(*app);
  CHECK(csv.find("Total," + exact_text(*app->bill()->per_month) + ",") != std::string::npos);
  const std::string models = models_as_csv(*app);
  CHECK(static_cast<std::size_t>(std::count(models.begin(), models.end(), '\n')) == app->comparison()->rows.size() + 1);
}

}  // namespace tokenbill::desktop
