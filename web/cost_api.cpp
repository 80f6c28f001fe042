#include "cost_api.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "questions.h"
#include "tokenbill/engine.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"
#include "tokenbill/json_value.h"

namespace {

using namespace tokenbill;

/// What one page or worker holds: the prices and the responses not yet released.
struct Session {
  std::optional<Engine> engine;
  std::optional<Catalog> catalog;
  std::optional<CatalogParts> parts;  ///< of a price list that is being read
  std::map<std::uint32_t, std::string> responses;
  std::map<std::uint32_t, std::unique_ptr<Job>> jobs;  ///< those still running; a finished one leaves its response
  std::uint32_t next_handle = 1;
};

Session& session() {
  static Session only;
  return only;
}

/// A request of the operations on a scenario, taken apart.
struct Request {
  Scenario scenario;
  Moment today;
  std::string item;  ///< of explain
  std::string id;    ///< of set
  std::string text;  ///< of set
  JsonValue document;
};

Error no_prices() {
  return {Code::unsupported, "prices", "No prices are loaded.", "Call load_prices with pricing-v1.json first."};
}

Error bad_request(std::string message) { return {Code::bad_value, "request", std::move(message), "See docs/abi.md."}; }

Result<Request> parse_request(std::string_view text) {
  Result<JsonValue> document = parse_json(text, "request", {2u << 20, 40});
  if (!document) return document.error();
  const auto text_of = [&](std::string_view key) -> std::string {
    const JsonValue* value = document->find(key);
    return value != nullptr && value->kind == JsonValue::Kind::string ? value->text : std::string();
  };
  Request request;
  const JsonValue* scenario = document->find("scenario");
  if (scenario == nullptr) return bad_request("expected a key \"scenario\" with a scenario document.");
  std::vector<Error> problems;
  request.scenario = read_scenario(*scenario, "scenario", problems);
  if (!problems.empty()) return problems.front();
  if (document->find("today") != nullptr) {
    Result<Moment> today = parse_moment(text_of("today"));
    if (!today) return today.error();
    request.today = *today;
  } else if (session().catalog) {
    request.today = session().catalog->as_of;
  }
  request.item = text_of("item");
  request.id = text_of("id");
  request.text = text_of("text");
  request.document = std::move(document).value();
  return request;
}

/// Keeps what is sound of a scenario document, and tells what is not.
std::string check_scenario(std::string_view text) {
  const Result<JsonValue> document = parse_json(text, "request", {2u << 20, 40});
  if (!document) return error_json(document.error());
  const JsonValue* wanted = document->find("scenario");
  if (wanted == nullptr) return error_json(bad_request("expected a key \"scenario\" with a scenario document."));
  std::vector<Error> problems;
  const Scenario kept = read_scenario(*wanted, "scenario", problems);
  JsonWriter w;
  w.begin_object().key("scenario").raw(scenario_text(kept)).key("problems").begin_array();
  for (const Error& problem : problems) write_error(w, problem);
  w.end_array().end_object();
  return w.take();
}

std::string add_prices(std::string_view text) {
  std::optional<CatalogParts>& parts = session().parts;
  if (!parts) parts.emplace();
  if (std::optional<Error> error = parts->add(text)) {
    parts.reset();
    return error_json(*error);
  }
  return "{}";
}

/// Without a text: those that were added in parts.
std::string load_prices(std::string_view text) {
  std::optional<CatalogParts> parts = std::exchange(session().parts, std::nullopt);
  Result<Catalog> catalog = text.empty() && parts ? parts->finish() : parse_catalog(text);
  if (!catalog) return error_json(catalog.error());
  session().catalog = std::move(catalog).value();
  return loaded_json(*session().catalog);
}

std::string on_scenario(std::uint32_t op, std::string_view text) {
  Session& s = session();
  Result<Request> request = parse_request(text);
  if (!request) return error_json(request.error());
  if (op == TB_SET) {
    if (auto error = request->scenario.set(request->id, request->text)) return error_json(*error);
    JsonWriter w;
    w.begin_object().key("scenario").raw(scenario_text(request->scenario)).end_object();
    return w.take();
  }
  if (!s.catalog) return error_json(no_prices());
  if (op == TB_ESTIMATE) {
    Result<Bill> bill = s.engine->estimate(*s.catalog, request->scenario, request->today);
    if (!bill) return error_json(bill.error());
    if (auto notice = age_notice(*s.catalog, request->today))
      bill->notices.insert(bill->notices.begin(), *std::move(notice));
    return bill_json(*s.catalog, request->scenario, *bill);
  }
  if (op == TB_COMPARE) {
    Result<Comparison> comparison = s.engine->compare(*s.catalog, request->scenario, request->today);
    return comparison ? comparison_json(*comparison) : error_json(comparison.error());
  }
  if (op != TB_EXPLAIN)
    return answer_question(op, *s.engine, *s.catalog, request->scenario, request->today, request->document);
  Result<Explanation> explanation = s.engine->explain(*s.catalog, request->scenario, request->today, request->item);
  return explanation ? explanation_json(*explanation) : error_json(explanation.error());
}

std::optional<Error> start_engine() {
  Session& s = session();
  if (s.engine) return std::nullopt;
  Result<Engine> engine = Engine::create();
  if (!engine) return engine.error();
  s.engine.emplace(std::move(engine).value());
  return std::nullopt;
}

std::uint32_t new_handle() {
  Session& s = session();
  const std::uint32_t handle = s.next_handle;
  s.next_handle = s.next_handle == UINT32_MAX ? 1 : s.next_handle + 1;
  return handle;
}

/// Turns a job into its response.
void finish(std::uint32_t handle) {
  Session& s = session();
  const auto found = s.jobs.find(handle);
  s.responses[handle] = found->second->response();
  s.jobs.erase(found);
}

Job* job(std::uint32_t handle) {
  const auto found = session().jobs.find(handle);
  return found == session().jobs.end() ? nullptr : found->second.get();
}

std::string run(std::uint32_t op, std::string_view text) {
  Session& s = session();
  if (auto error = start_engine()) return error_json(*error);
  switch (op) {
    case TB_LOAD_PRICES:
      return load_prices(text);
    case TB_ADD_PRICES:
      return add_prices(text);
    case TB_DESCRIBE:
      return describe_json();
    case TB_CHECK_SCENARIO:
      return check_scenario(text);
    case TB_CATALOG:
      if (s.catalog) return catalog_json(*s.catalog);
      return error_json(no_prices());
    case TB_ESTIMATE:
    case TB_COMPARE:
    case TB_EXPLAIN:
    case TB_SET:
    case TB_FORECAST:
    case TB_LEVERS:
    case TB_SOLVE:
    case TB_TURNS:
    case TB_SERIES:
    case TB_SWEEP:
    case TB_SWEEP_SHADER:
    case TB_SWEEP_FINISH:
    case TB_DECIDE:
    case TB_EXPLAIN_OWN:
    case TB_RANGE:
    case TB_USAGE:
      return on_scenario(op, text);
    case TB_LOAD_HARDWARE:
      return load_hardware(text);
    default:
      return error_json(
          {Code::unsupported, "op", "There is no operation " + std::to_string(op) + ".", "See docs/abi.md."});
  }
}

}  // namespace

extern "C" {

uint32_t tb_abi_version(void) { return 1; }

void* tb_alloc(size_t size) { return std::malloc(size > 0 ? size : 1); }
void tb_free(void* memory) { std::free(memory); }

uint32_t tb_call(uint32_t op, const char* request, size_t size) {
  std::string response = run(op, {request, size});
  const std::uint32_t handle = new_handle();
  session().responses[handle] = std::move(response);
  return handle;
}

const char* tb_result_ptr(uint32_t handle) {
  const auto found = session().responses.find(handle);
  return found == session().responses.end() ? nullptr : found->second.data();
}

size_t tb_result_len(uint32_t handle) {
  const auto found = session().responses.find(handle);
  return found == session().responses.end() ? 0 : found->second.size();
}

void tb_release(uint32_t handle) {
  session().responses.erase(handle);
  session().jobs.erase(handle);
}

uint32_t tb_job_start(uint32_t op, const char* request, size_t size) {
  Session& s = session();
  const std::uint32_t handle = new_handle();
  const auto refuse = [&](const Error& error) {
    s.responses[handle] = error_json(error);
    return handle;
  };
  if (auto error = start_engine()) return refuse(*error);
  if (!s.catalog) return refuse(no_prices());
  const Result<Request> read = parse_request({request, size});
  if (!read) return refuse(read.error());
  Result<std::unique_ptr<Job>> started =
      start_job(op, *s.engine, *s.catalog, read->scenario, read->today, read->document);
  if (!started) return refuse(started.error());
  s.jobs.emplace(handle, std::move(started).value());
  return handle;
}

uint32_t tb_job_step(uint32_t handle, double cells) {
  Job* running = job(handle);
  if (running == nullptr) return 0;
  if (running->step(cells >= 1 ? cells : 1)) return 1;
  finish(handle);
  return 0;
}

double tb_job_progress(uint32_t handle) {
  const Job* running = job(handle);
  return running == nullptr ? 1 : running->progress();
}

void tb_job_cancel(uint32_t handle) {
  Job* running = job(handle);
  if (running == nullptr) return;
  running->cancel();
  finish(handle);
}

double tb_job_items(uint32_t handle) {
  const Job* running = job(handle);
  return running == nullptr ? 0 : running->items();
}

void tb_job_run(uint32_t handle, double first, double end) {
  if (Job* running = job(handle); running != nullptr) running->run(first, end);
}

uint32_t tb_job_part(uint32_t handle) {
  Job* running = job(handle);
  const std::uint32_t part = new_handle();
  session().responses[part] = running == nullptr ? std::string() : running->part();
  return part;
}

uint32_t tb_job_so_far(uint32_t handle) {
  const Job* running = job(handle);
  const std::uint32_t response = new_handle();
  session().responses[response] = running == nullptr ? std::string() : running->so_far();
  return response;
}

uint32_t tb_job_merge(uint32_t handle, const char* part, size_t size) {
  Job* running = job(handle);
  return running != nullptr && running->merge({part, size}) ? 1 : 0;
}

}  // extern "C"
