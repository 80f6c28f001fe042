#include "session.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "panels/panels.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_value.h"

namespace tokenbill::desktop {

namespace {
constexpr std::string_view format = "tokenbill-desktop/1";

std::string text_of(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->kind == JsonValue::Kind::string ? value->text : std::string();
}

double number_of(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value != nullptr && value->kind == JsonValue::Kind::number ? value->number : 0;
}

const std::vector<JsonValue>& list_of(const JsonValue& object, std::string_view key) {
  static const std::vector<JsonValue> none;
  const JsonValue* value = object.find(key);
  return value != nullptr ? value->items : none;
}
}  // namespace

std::string session_path() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path folder;
  if (state != nullptr && *state == '/')
    folder = state;
  else if (home != nullptr && *home == '/')
    folder = std::filesystem::path(home) / ".local" / "state";
  else
    return "";
  return (folder / "tokenbill" / "desktop.json").string();
}

std::string session_text(const App& app, const View& view) {
  JsonWriter json;
  json.begin_object();
  json.member("format", format);
  json.member("theme", view.look.theme == Theme::dark ? "dark" : "light");
  json.member("scale", static_cast<double>(view.look.scale));
  json.member("form_width", static_cast<double>(view.form_width));
  json.member("explain_width", static_cast<double>(view.explain_width));
  for (const Page& page : pages())
    if (page.tab == view.tab) json.member("tab", page.id);
  json.member("active", static_cast<double>(app.active()));
  json.key("recent").begin_array();
  for (const std::string& path : app.recent()) json.value(path);
  json.end_array();
  json.key("scenarios").begin_array();
  for (const Document& document : app.documents()) {
    json.begin_object();
    json.member("path", document.path);
    // As texts, since each is a document of its own that any version can read or refuse.
    json.member("scenario", scenario_text(document.scenario));
    if (document.is_modified()) json.member("saved", scenario_text(document.saved));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

Result<Session> parse_session(std::string_view text, std::string_view name) {
  const Result<JsonValue> document = parse_json(text, name);
  if (!document) return document.error();
  if (text_of(*document, "format") != format)
    return Error{Code::bad_format, std::string(name),
                 "Expected the format " + std::string(format) + ", found " + text_of(*document, "format") + ".", ""};
  Session session;
  session.theme = text_of(*document, "theme") == "dark" ? Theme::dark : Theme::light;
  session.scale = static_cast<float>(number_of(*document, "scale"));
  session.form_width = static_cast<float>(number_of(*document, "form_width"));
  session.explain_width = static_cast<float>(number_of(*document, "explain_width"));
  session.tab = text_of(*document, "tab");
  session.active = static_cast<std::size_t>(std::clamp(number_of(*document, "active"), 0.0, 1e6));
  for (const JsonValue& path : list_of(*document, "recent")) session.recent.push_back(path.text);
  for (const JsonValue& item : list_of(*document, "scenarios")) {
    Result<Scenario> scenario = parse_scenario(text_of(item, "scenario"), name);
    if (!scenario) return scenario.error();
    Document one;
    one.scenario = one.saved = std::move(scenario).value();
    one.path = text_of(item, "path");
    if (const std::string saved = text_of(item, "saved"); !saved.empty()) {
      Result<Scenario> before = parse_scenario(saved, name);
      if (!before) return before.error();
      one.saved = std::move(before).value();
    }
    session.documents.push_back(std::move(one));
  }
  return session;
}

}  // namespace tokenbill::desktop
