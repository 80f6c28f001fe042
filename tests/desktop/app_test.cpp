// State, commands and undo of the desktop application.

#include <filesystem>

#include "files.h"
#include "fixture.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

namespace tokenbill::desktop {

TEST_CASE("the application starts with the first preset and its bill") {
  const auto app = new_app();
  CHECK(app->active_preset() == &app->presets().front());
  REQUIRE(app->bill() != nullptr);
  CHECK(app->bill()->per_month.has_value());
  CHECK_FALSE(app->can_undo());
  CHECK_FALSE(app->is_modified());
}

TEST_CASE("every preset can be priced and explained") {
  const auto app = new_app();
  for (const Preset& preset : app->presets()) {
    CAPTURE(preset.id);
    app->use_preset(preset.id);
    app->update();
    REQUIRE(app->bill() != nullptr);
    CHECK(app->bill()->status == Status::ok);
    REQUIRE(app->explanation().has_value());
    CHECK(app->explanation()->ok());
  }
}

TEST_CASE("the figures are the engine's, to the last bit") {
  const auto app = new_app();
  app->set_text("prompt_tokens", "12.5k");
  app->update();
  const Result<Engine> engine = Engine::create();
  REQUIRE(engine.ok());
  const Result<Bill> bill = engine->estimate(app->catalog(), app->scenario(), app->today());
  REQUIRE(bill.ok());
  CHECK(app->report() == bill_json(app->catalog(), app->scenario(), *bill));
}

TEST_CASE("nothing is calculated again without a change") {
  const auto app = new_app();
  const int before = app->calculations();
  app->update();
  app->select({Selection::Kind::figure, "output.text"});
  app->update();
  app->set_text("prompt_tokens", std::to_string(static_cast<int>(*app->scenario().value("prompt_tokens"))));
  app->update();
  CHECK(app->calculations() == before);
  app->set_text("prompt_tokens", "777");
  app->update();
  CHECK(app->calculations() == before + 1);
}

TEST_CASE("a change is one step of undo, and redo brings it back") {
  const auto app = new_app();
  const std::string before = scenario_text(app->scenario());
  const double month = *app->bill()->per_month;
  app->set_text("output_tokens", "2k");
  app->update();
  const double dearer = *app->bill()->per_month;
  CHECK(dearer > month);
  app->undo();
  app->update();
  CHECK(scenario_text(app->scenario()) == before);
  CHECK(*app->bill()->per_month == month);
  CHECK_FALSE(app->can_undo());
  app->redo();
  app->update();
  CHECK(*app->bill()->per_month == dearer);
  CHECK_FALSE(app->can_redo());
}

TEST_CASE("several inputs at once are one step of undo, or none of them") {
  const auto app = new_app();
  const std::string before = scenario_text(app->scenario());
  app->set_texts({{"prompt_tokens", "1234"}, {"caching", "off"}});
  CHECK(app->scenario().value("prompt_tokens") == 1234);
  CHECK(app->scenario().choice("caching") == "off");
  app->undo();
  CHECK(scenario_text(app->scenario()) == before);
  CHECK_FALSE(app->can_undo());
  app->set_texts({{"prompt_tokens", "1234"}, {"output_tokens", "many"}});
  CHECK(scenario_text(app->scenario()) == before);
  CHECK(app->input_problem("output_tokens") != nullptr);
  CHECK_FALSE(app->can_undo());
  app->set_texts({{"output_tokens", "700"}});
  CHECK(app->input_problem("output_tokens") == nullptr);
}

TEST_CASE("every reading of a claim is recomputed as its scenario is, whatever is shown, and opens with a way back") {
  const auto app = new_app();
  const std::string before = scenario_text(app->scenario());
  (void)app->questions().claims(app->claims());
  app->questions().finish();
  const Answer<ClaimFigures>& answer = app->questions().claims(app->claims());
  REQUIRE(answer.is_new());
  REQUIRE(answer.value->ok());
  const ClaimFigures& figures = **answer.value;
  REQUIRE(figures.size() == app->claims().size());
  std::size_t readings = 0;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const Claim& claim = app->claims()[i];
    CAPTURE(claim.id);
    REQUIRE(figures[i].size() == claim.readings.size());
    for (std::size_t r = 0; r < claim.readings.size(); ++r) {
      CHECK(figures[i][r].value.has_value());
      app->use_scenario(claim.readings[r].scenario);
      app->update();
      REQUIRE(app->bill() != nullptr);
      CHECK(figure_of(*app->bill(), claim.readings[r].figure).value == figures[i][r].value);
      ++readings;
    }
  }
  CHECK(readings > 50);
  CHECK(app->questions().claims(app->claims()).is_new());  // another scenario asks nothing anew
  while (app->can_undo()) app->undo();
  CHECK(scenario_text(app->scenario()) == before);
}

TEST_CASE("turning a saving on or off is one step of undo") {
  const auto app = new_app();
  int turned = 0;
  for (const char* preset : {"chatbot", "agent", "vision"}) {
    app->use_preset(preset);
    app->update();
    const std::string before = scenario_text(app->scenario());
    (void)app->questions().levers();
    app->questions().finish();
    const Levers levers = **app->questions().levers().value;
    for (std::size_t i = 0; i < levers.levers.size(); ++i) {
      if (!levers.levers[i].applicable) continue;
      CAPTURE(levers.levers[i].label);
      std::vector<std::pair<std::string, std::string>> texts;
      for (const auto& [id, text] : levers.levers[i].turn) texts.emplace_back(std::string(id), text);
      app->set_texts(texts);
      app->update();
      (void)app->questions().levers();
      app->questions().finish();
      const Answer<Levers>& after = app->questions().levers();
      REQUIRE(after.is_new());
      CHECK((*after.value)->levers[i].on != levers.levers[i].on);
      app->undo();
      CHECK(scenario_text(app->scenario()) == before);
      app->update();
      ++turned;
    }
  }
  CHECK(turned > 10);
}

TEST_CASE("a name, a range alone is a change as well") {
  const auto app = new_app();
  app->set_text("own_model", "llama-3.3-70b");
  CHECK(app->scenario().reference("own_model") == "llama-3.3-70b");
  CHECK(app->can_undo());
  CHECK(app->is_modified());
  const double likely = *app->scenario().value("prompt_tokens");
  app->set_text("prompt_tokens", "1k to 3k");
  app->set_text("prompt_tokens", std::to_string(static_cast<int>(likely)));
  const int before = app->calculations();
  app->update();
  CHECK(app->calculations() == before + 1);
  CHECK(app->scenario().ranges.empty());
}

TEST_CASE("all moves of a slider until it is taken anew are one step of undo") {
  const auto app = new_app();
  const auto before = app->scenario().value("prompt_tokens");
  app->slide("prompt_tokens", *before, true);
  for (const double value : {3000.0, 3500.0, 4000.0}) app->slide("prompt_tokens", value, false);
  app->slide("prompt_tokens", 5000, true);
  CHECK(app->scenario().value("prompt_tokens") == 5000);
  app->undo();
  CHECK(app->scenario().value("prompt_tokens") == 4000);
  app->undo();
  CHECK(app->scenario().value("prompt_tokens") == before);
  CHECK_FALSE(app->can_undo());
}

TEST_CASE("undo in the middle of a slider's move does not lose the moves that follow") {
  const auto app = new_app();
  app->slide("prompt_tokens", 3000, true);
  app->undo();
  app->slide("prompt_tokens", 3100, false);
  CHECK(app->can_undo());
}

TEST_CASE("a text that is no number leaves the scenario as it was and says why") {
  const auto app = new_app();
  const std::string before = scenario_text(app->scenario());
  app->set_text("prompt_tokens", "a lot");
  REQUIRE(app->input_problem("prompt_tokens") != nullptr);
  CHECK_FALSE(app->input_problem("prompt_tokens")->message.empty());
  CHECK(scenario_text(app->scenario()) == before);
  CHECK_FALSE(app->can_undo());
  app->set_text("prompt_tokens", "1500");
  CHECK(app->input_problem("prompt_tokens") == nullptr);
}

TEST_CASE("a parameter taken back has its default again and is not marked as changed") {
  const auto app = new_app();
  const Parameter& parameter = parameters()[parameter_index("conversations_per_day")];
  app->set_text(parameter.id, "123");
  CHECK(app->is_changed(parameter));
  app->reset(parameter.id);
  CHECK_FALSE(app->is_changed(parameter));
  CHECK(app->scenario().value(parameter.id) == parameter.default_value);
}

TEST_CASE("a saved scenario opens as the same scenario") {
  const Folder folder;
  const auto app = new_app();
  app->set_text("output_tokens", "1234");
  app->set_name("Näme with \"quotes\"");
  app->set_date("2026-10-01");
  CHECK(app->is_modified());
  const std::string text = scenario_text(app->scenario());
  app->save(folder.file("scenario.json"));
  REQUIRE(app->problem() == nullptr);
  CHECK_FALSE(app->is_modified());
  app->use_preset("agent");
  app->open(folder.file("scenario.json"));
  REQUIRE(app->problem() == nullptr);
  CHECK(scenario_text(app->scenario()) == text);
  CHECK(app->path() == folder.file("scenario.json"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.name), {}) == 1);  // no temporary file is left
}

TEST_CASE("a file that is no scenario is refused with a sentence, and nothing changes") {
  const Folder folder;
  const auto app = new_app();
  const std::string before = scenario_text(app->scenario());
  app->open(folder.file("absent.json"));
  REQUIRE(app->problem() != nullptr);
  CHECK(app->problem()->where == folder.file("absent.json"));
  REQUIRE_FALSE(
      write_file(folder.file("bad.json"), "{\"format\": \"tokenbill-scenario/1\", \"modell\": 1}").has_value());
  app->dismiss_problem();
  app->open(folder.file("bad.json"));
  REQUIRE(app->problem() != nullptr);
  CHECK_FALSE(app->problem()->message.empty());
  CHECK(scenario_text(app->scenario()) == before);
  CHECK_FALSE(app->can_undo());
}

TEST_CASE("saving where nothing can be written keeps the change unsaved and says why") {
  const auto app = new_app();
  app->set_text("output_tokens", "1234");
  app->save("/nowhere/at/all/scenario.json");
  REQUIRE(app->problem() != nullptr);
  CHECK(app->is_modified());
  CHECK(app->path().empty());
}

TEST_CASE("replacing a file keeps its mode and the link that leads to it") {
  const Folder folder;
  REQUIRE_FALSE(write_file(folder.file("real.json"), "old").has_value());
  std::filesystem::permissions(folder.file("real.json"),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_symlink("real.json", folder.file("link.json"));
  REQUIRE_FALSE(write_file(folder.file("link.json"), "new").has_value());
  CHECK(std::filesystem::is_symlink(folder.file("link.json")));
  CHECK(*read_file(folder.file("real.json")) == "new");
  CHECK(std::filesystem::status(folder.file("real.json")).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a model that cannot serve has a reason, and the others stay comparable") {
  const auto app = new_app();
  app->set_text("prompt_tokens", "5M");
  app->update();
  REQUIRE(app->bill() != nullptr);
  CHECK(app->bill()->status == Status::impossible);
  CHECK_FALSE(app->bill()->per_month.has_value());
  REQUIRE(app->comparison() != nullptr);
  for (const ComparisonRow& row : app->comparison()->rows)
    if (row.status != Status::ok) CHECK_FALSE(row.reason.empty());
}

TEST_CASE("a model that the price list does not have is told, and undo leads back") {
  const auto app = new_app();
  app->choose_model("nobody/nothing");
  app->update();
  CHECK(app->bill() == nullptr);
  REQUIRE(app->failure() != nullptr);
  CHECK_FALSE(app->failure()->message.empty());
  app->undo();
  app->update();
  CHECK(app->bill() != nullptr);
}

TEST_CASE("going back explains what was explained before") {
  const auto app = new_app();
  app->select({Selection::Kind::figure, "output.text"});
  app->select({Selection::Kind::model, "openai/gpt-4o"});
  app->update();
  CHECK(app->selection().kind == Selection::Kind::model);
  app->go_back();
  app->update();
  CHECK(app->selection().id == "output.text");
  REQUIRE(app->explanation().has_value());
  REQUIRE(app->explanation()->ok());
  CHECK((*app->explanation())->subject.id == "output.text");
  app->go_back();
  CHECK_FALSE(app->can_go_back());
}

TEST_CASE("presets of another form are refused") {
  CHECK_FALSE(parse_presets("[]").ok());
  CHECK_FALSE(parse_presets(R"({"format": "tokenbill-presets/2", "presets": []})").ok());
  CHECK_FALSE(parse_presets(R"({"format": "tokenbill-presets/1", "presets": [{"id": "a", "name": "A"}]})").ok());
}

}  // namespace tokenbill::desktop
