#include "presets.h"

#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {
Error wrong_preset(std::string_view message) {
  return {Code::bad_format, "presets.json", std::string(message), "Restore the file from the source code."};
}
}  // namespace

Result<std::vector<Preset>> parse_presets(std::string_view text) {
  const Result<JsonValue> document = parse_json(text, "presets.json");
  if (!document) return document.error();
  const JsonValue* format = document->find("format");
  if (format == nullptr || format->text != "tokenbill-presets/1")
    return wrong_preset("Expected the format tokenbill-presets/1.");
  const JsonValue* list = document->find("presets");
  if (list == nullptr || list->items.empty()) return wrong_preset("Expected at least one preset.");
  std::vector<Preset> presets;
  for (const JsonValue& item : list->items) {
    const auto text_of = [&](std::string_view key) {
      const JsonValue* value = item.find(key);
      return value != nullptr ? value->text : std::string();
    };
    Preset preset{text_of("id"), text_of("name"), text_of("description"), {}};
    const JsonValue* scenario = item.find("scenario");
    if (preset.id.empty() || preset.name.empty() || scenario == nullptr)
      return wrong_preset("A preset needs an id, a name and a scenario.");
    std::vector<Error> problems;
    preset.scenario = read_scenario(*scenario, "presets.json", problems);
    if (!problems.empty()) return problems.front();
    presets.push_back(std::move(preset));
  }
  return presets;
}

}  // namespace tokenbill
