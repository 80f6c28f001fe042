#include "tokenbill/sweep_io.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "tokenbill/format.h"
#include "tokenbill/json_ranges.h"
#include "tokenbill/shader.h"

namespace tokenbill {

namespace {
Error bad_axis(std::string where, std::string message) {
  return {Code::bad_value, std::move(where), std::move(message),
          "An axis is {\"id\", \"from\", \"to\", \"steps\", \"scale\"} or {\"id\", \"values\"}."};
}

/// Ends and steps of an axis with listed values.
void settle_listed(SweepAxis& axis) {
  if (axis.listed.empty()) return;
  axis.from = axis.listed.front();
  axis.to = axis.listed.back();
  axis.steps = static_cast<std::uint32_t>(axis.listed.size());
}

Result<SweepAxis> read_axis(const JsonValue& value, const std::string& where) {
  if (value.kind != JsonValue::Kind::object) return bad_axis(where, "expected an object.");
  SweepAxis axis;
  for (const auto& [key, member] : value.members) {
    const bool is_number = member.kind == JsonValue::Kind::number;
    const bool is_text = member.kind == JsonValue::Kind::string;
    if (key == "id" && is_text) {
      axis.id = member.text;
    } else if (key == "from" && is_number) {
      axis.from = member.number;
    } else if (key == "to" && is_number) {
      axis.to = member.number;
    } else if (key == "steps" && is_number) {
      if (!(member.number >= 2 && member.number <= max_sweep_steps) || round_down(member.number) != member.number)
        return Error{Code::out_of_range, where + "/steps",
                     "An axis has 2 to " + std::to_string(max_sweep_steps) + " steps, found " + member.text + ".", ""};
      axis.steps = static_cast<std::uint32_t>(member.number);
    } else if (key == "values" && member.kind == JsonValue::Kind::array) {
      for (const JsonValue& item : member.items) {
        if (item.kind != JsonValue::Kind::number) return bad_axis(where + "/values", "expected numbers.");
        axis.listed.push_back(item.number);
      }
    } else if (key == "scale" && is_text && (member.text == "linear" || member.text == "log")) {
      axis.scale = member.text == "log" ? Scale::log : Scale::linear;
    } else {
      return bad_axis(where + "/" + key, "expected one of the keys of an axis with a value of its type.");
    }
  }
  if (axis.id.empty()) return bad_axis(where, "expected the key \"id\".");
  settle_listed(axis);
  return axis;
}

/// Where a cell lies.
void write_at(JsonWriter& w, const Sweep& sweep, std::uint64_t cell) {
  if (sweep.by_model()) w.member("model", sweep.models[sweep.model_of(cell)]);
  w.key("at").begin_object();
  const std::vector<double> point = sweep.point(cell);
  for (std::size_t k = 0; k < point.size(); ++k)
    w.member(k < sweep.axes.size() ? sweep.axes[k].id : sweep.drawn[k - sweep.axes.size()], point[k]);
  w.end_object();
}

void write_cell(JsonWriter& w, const Sweep& sweep, const SweepCell& cell) {
  w.begin_object().member("cell", cell.cell).member("value", cell.value);
  write_at(w, sweep, cell.cell);
  w.end_object();
}

void write_cell(JsonWriter& w, std::string_view name, const Sweep& sweep, const std::optional<SweepCell>& cell) {
  w.key(name);
  if (cell)
    write_cell(w, sweep, *cell);
  else
    w.null();
}

void write_output(JsonWriter& w, std::string_view name, const Sweep::Output& output) {
  w.key(name).begin_object();
  w.member("id", output.id).member("label", output.label).member("unit_text", unit_text(output.unit)).end_object();
}

/// Mean, spread and percentiles of the cells; nothing where no cell has a value.
void write_distribution(JsonWriter& w, const Distribution& distribution) {
  w.member("count", distribution.count);
  if (distribution.count == 0) return;
  w.member("mean", distribution.mean).member("deviation", root_of(distribution.variance));
  w.key("percentiles").begin_object();
  for (const int percent : {5, 10, 25, 50, 75, 90, 95})
    w.member(std::to_string(percent), *distribution.histogram.percentile(percent / 100.0));
  w.end_object();
}

/// The value below which each whole percent of the cells lies, from the least to the greatest.
void write_curve(JsonWriter& w, const Distribution& distribution) {
  if (distribution.count == 0) return;
  const double least = distribution.minimum->value, greatest = distribution.maximum->value;
  w.key("curve").begin_array().value(least);
  for (int percent = 1; percent < 100; ++percent)
    w.value(std::clamp(*distribution.histogram.percentile(percent / 100.0), least, greatest));
  w.value(greatest).end_array();
}

void write_values(JsonWriter& w, std::span<const double> values) {
  w.key("values").begin_array();
  for (const double value : values) w.value(value);
  w.end_array();
}

// The bytes of a sweep are those in memory.
static_assert(std::endian::native == std::endian::little);

void put_numbers(std::string& out, std::span<const double> numbers) {
  const std::size_t at = out.size();
  out.resize(at + numbers.size_bytes());
  std::memcpy(out.data() + at, numbers.data(), numbers.size_bytes());
}
template <class Number>
void put(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}
}  // namespace

Result<SweepSpec> read_sweep_spec(const JsonValue& request) {
  SweepSpec spec;
  JsonValue none;
  none.kind = JsonValue::Kind::array;
  const JsonValue* axes = request.find("axes");
  if (auto error = read_draws(request, max_draws, spec.samples, spec.seed, spec.assumptions)) return *std::move(error);
  if (axes == nullptr && spec.samples > 0) {
    axes = &none;
  }
  if (axes == nullptr || axes->kind != JsonValue::Kind::array)
    return Error{Code::missing_key, "request", "expected a key \"axes\" with a list of axes.", "See docs/sweep.md."};
  for (std::size_t i = 0; i < axes->items.size(); ++i) {
    Result<SweepAxis> axis = read_axis(axes->items[i], "/axes/" + std::to_string(i));
    if (!axis) return axis.error();
    spec.axes.push_back(std::move(axis).value());
  }
  if (const JsonValue* output = request.find("output"); output != nullptr) {
    if (output->kind != JsonValue::Kind::string)
      return Error{Code::wrong_type, "/output", "expected the id of a figure.", "\"total\" is one."};
    spec.output = output->text;
  }
  if (const JsonValue* against = request.find("against"); against != nullptr) {
    if (against->kind != JsonValue::Kind::string)
      return Error{Code::wrong_type, "/against", "expected the id of a second figure.", ""};
    spec.against = against->text;
  }
  if (const JsonValue* models = request.find("models"); models != nullptr) {
    if (models->kind != JsonValue::Kind::array)
      return Error{Code::wrong_type, "/models", "expected a list of keys of models.", "[\"all\"] means every model."};
    for (const JsonValue& model : models->items) {
      if (model.kind != JsonValue::Kind::string)
        return Error{Code::wrong_type, "/models", "expected a list of keys of models.", ""};
      spec.models.push_back(model.text);
    }
  }
  return spec;
}

Result<SweepAsk> read_sweep_ask(const JsonValue& request, const Sweep& sweep) {
  SweepAsk ask;
  ask.cells = !sweep.by_model() && sweep.cells() <= max_kept_cells;
  if (const JsonValue* cells = request.find("cells"); cells != nullptr) {
    if (cells->kind != JsonValue::Kind::boolean)
      return Error{Code::wrong_type, "/cells", "expected true or false: whether the value of every cell is wanted.",
                   ""};
    if (cells->boolean && sweep.cells() > max_kept_cells)
      return Error{
          Code::too_large, "axes",
          "The values of more than " + number_text(static_cast<double>(max_kept_cells)) + " cells cannot be kept.",
          "Take fewer steps, or leave \"cells\" out."};
    ask.cells = cells->boolean;
  }
  if (const JsonValue* lowest = request.find("lowest"); lowest != nullptr) {
    if (lowest->kind != JsonValue::Kind::number || !(lowest->number >= 0 && lowest->number <= 1000))
      return Error{Code::out_of_range, "/lowest", "expected a number of cells from 0 to 1000.", ""};
    ask.lowest = static_cast<std::size_t>(lowest->number);
  }
  return ask;
}

Result<SeriesSpec> read_series_spec(const JsonValue& request) {
  const JsonValue* axis = request.find("axis");
  const JsonValue* figures = request.find("figures");
  if (axis == nullptr || figures == nullptr || figures->kind != JsonValue::Kind::array)
    return Error{Code::missing_key, "request", "expected keys \"axis\" and \"figures\", a list of ids.",
                 "See docs/abi.md."};
  Result<SweepAxis> read = read_axis(*axis, "/axis");
  if (!read) return read.error();
  SeriesSpec spec{std::move(read).value(), {}};
  for (const JsonValue& figure : figures->items) {
    if (figure.kind != JsonValue::Kind::string)
      return Error{Code::wrong_type, "/figures", "expected ids of figures.", "\"total\" is one."};
    spec.figures.push_back(figure.text);
  }
  return spec;
}

Result<SweepAxis> parse_axis(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return Error{Code::bad_value, std::string(text), std::string(what),
                 "An axis is written id=from:to:steps, id=from:to:steps:log or id=1,2,4."};
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return wrong("expected a parameter and its values.");
  SweepAxis axis;
  axis.id = text.substr(0, equals);
  std::vector<std::string_view> parts;
  for (std::size_t at = equals + 1;;) {
    const std::size_t colon = text.find(':', at);
    parts.push_back(text.substr(at, colon == std::string_view::npos ? colon : colon - at));
    if (colon == std::string_view::npos) break;
    at = colon + 1;
  }
  // Numbers are read as the form reads them: 1.5k, 30 %.
  const auto number = [&](std::string_view part) -> Result<double> {
    Scenario scenario;
    if (auto error = scenario.set(axis.id, part)) return *std::move(error);
    const std::optional<double> value = scenario.value(axis.id);
    if (part.empty() || !value) return wrong("expected numbers.");
    return *value;
  };
  if (parts.size() == 1 && parts[0].find(',') != std::string_view::npos) {
    for (std::size_t at = 0; at <= parts[0].size();) {
      const std::size_t comma = std::min(parts[0].find(',', at), parts[0].size());
      const Result<double> value = number(parts[0].substr(at, comma - at));
      if (!value) return value.error();
      axis.listed.push_back(*value);
      at = comma + 1;
    }
    settle_listed(axis);
    return axis;
  }
  if (parts.size() < 3 || parts.size() > 4) return wrong("expected from, to and steps.");
  const Result<double> from = number(parts[0]);
  if (!from) return from.error();
  const Result<double> to = number(parts[1]);
  if (!to) return to.error();
  axis.from = *from;
  axis.to = *to;
  std::uint64_t steps = 0;
  for (const char c : parts[2]) {
    if (c < '0' || c > '9' || steps > max_sweep_steps) return wrong("expected a whole number of steps.");
    steps = steps * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (parts[2].empty() || steps > max_sweep_steps)
    return wrong("expected 2 to " + std::to_string(max_sweep_steps) + " steps.");
  axis.steps = static_cast<std::uint32_t>(steps);
  if (parts.size() == 4) {
    if (parts[3] != "log" && parts[3] != "linear") return wrong("expected \"log\" or \"linear\" after the steps.");
    axis.scale = parts[3] == "log" ? Scale::log : Scale::linear;
  }
  return axis;
}

std::string sweep_json(const Sweep& sweep, const SweepResult& result, bool with_values) {
  JsonWriter w;
  w.begin_object().member("model", sweep.models.front()).key("axes").begin_array();
  for (std::size_t k = 0; k < sweep.axes.size(); ++k) {
    const SweepAxis& axis = sweep.axes[k];
    const Parameter& parameter = parameters()[parameter_index(axis.id)];
    w.begin_object()
        .member("id", axis.id)
        .member("label", parameter.label)
        .member("unit_text", unit_text(parameter.unit))
        .member("scale", axis.scale == Scale::log ? "log" : "linear")
        .member("steps", axis.steps);
    if (with_values) write_values(w, sweep.columns[k].values);
    w.end_object();
  }
  const SweepTotal& total = result.total;
  w.end_array();
  if (sweep.samples > 0) {
    w.member("samples", sweep.samples).key("drawn").begin_array();
    for (const std::string& id : sweep.drawn) w.value(id);
    w.end_array();
  }
  write_output(w, "output", sweep.outputs.front());
  if (sweep.outputs.size() > 1) write_output(w, "against", sweep.outputs[1]);
  w.member("cells", result.of)
      .member("done", total.done)
      .member("partial", total.done < result.of)
      .member("impossible", total.impossible)
      .member("unknown", total.unknown)
      .member("nodes", sweep.tape.size());
  write_cell(w, "minimum", sweep, total.all.minimum);
  write_cell(w, "maximum", sweep, total.all.maximum);
  write_distribution(w, total.all);
  write_curve(w, total.all);
  w.key("lowest").begin_array();
  for (const SweepCell& cell : total.lowest) write_cell(w, sweep, cell);
  w.end_array();
  if (sweep.outputs.size() > 1) {
    w.key("frontier").begin_array();
    for (const FrontierCell& cell : total.frontier) {
      w.begin_object().member("cell", cell.cell).member("value", cell.value);
      w.member("against", cell.against);
      write_at(w, sweep, cell.cell);
      w.end_object();
    }
    w.end_array();
  }
  if (sweep.by_model()) {
    w.key("models").begin_array();
    for (std::size_t m = 0; m < sweep.models.size(); ++m) {
      w.begin_object().member("key", sweep.models[m]).member("wins", total.wins[m]);
      write_cell(w, "minimum", sweep, total.models[m].minimum);
      write_cell(w, "maximum", sweep, total.models[m].maximum);
      write_distribution(w, total.models[m]);
      w.end_object();
    }
    w.end_array();
  }
  if (!sweep.left_out.empty()) {
    w.key("left_out").begin_array();
    for (const Sweep::LeftOut& one : sweep.left_out)
      w.begin_object().member("key", one.model).member("reason", one.reason).end_object();
    w.end_array();
  }
  if (with_values && !result.cells.empty()) write_values(w, result.cells);
  w.end_object();
  return w.take();
}

std::string sweep_bytes(const Sweep& sweep, const SweepResult& result) {
  std::string header = sweep_json(sweep, result, false);
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string out;
  std::size_t numbers = result.cells.size();
  for (std::size_t k = 0; k < sweep.axes.size(); ++k) numbers += sweep.columns[k].values.size();
  out.reserve(16 + header.size() + numbers * sizeof(double));
  put(out, sweep_magic);
  put(out, sweep_version);
  put(out, static_cast<std::uint32_t>(header.size()));
  put(out, static_cast<std::uint32_t>(sweep.axes.size()));
  out += header;
  for (std::size_t k = 0; k < sweep.axes.size(); ++k) put_numbers(out, sweep.columns[k].values);
  put_numbers(out, result.cells);
  return out;
}

namespace {
constexpr std::uint32_t part_magic = 0x50534254;  // "TBSP"

void put_distribution(std::string& out, const Distribution& distribution) {
  put(out, distribution.count);
  for (const std::optional<SweepCell>& cell : {distribution.minimum, distribution.maximum}) {
    put(out, std::uint64_t{cell.has_value()});
    put(out, cell.value_or(SweepCell{}));
  }
  put(out, static_cast<std::uint64_t>(distribution.histogram.first()));
  put(out, static_cast<std::uint64_t>(distribution.histogram.counts().size()));
  for (const std::uint64_t count : distribution.histogram.counts()) put(out, count);
}

/// Reads what put() wrote; after the end everything is 0 and `sound` is false.
class PartReader {
 public:
  explicit PartReader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  T take() {
    T value{};
    if (bytes_.size() < sizeof value) {
      sound = false;
      bytes_ = {};
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  /// So many things of a size as there can be.
  std::size_t count(std::size_t size) {
    const auto wanted = take<std::uint64_t>();
    if (wanted <= bytes_.size() / size) return static_cast<std::size_t>(wanted);
    sound = false;
    return 0;
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }
  bool sound = true;

 private:
  std::string_view bytes_;
};

void take_distribution(PartReader& in, Distribution& distribution) {
  distribution.count = in.take<std::uint64_t>();
  for (std::optional<SweepCell>* cell : {&distribution.minimum, &distribution.maximum}) {
    const bool given = in.take<std::uint64_t>() != 0;
    const auto value = in.take<SweepCell>();
    if (given) *cell = value;
  }
  const auto first = in.take<std::uint64_t>();
  std::vector<std::uint64_t> counts(in.count(sizeof(std::uint64_t)));
  for (std::uint64_t& count : counts) count = in.take<std::uint64_t>();
  // Beyond the last bucket of the largest number there is none.
  if (first + counts.size() > Histogram::bucket(std::numeric_limits<double>::max()) + std::uint64_t{1}) {
    in.sound = false;
    return;
  }
  distribution.histogram = Histogram::of(static_cast<std::uint32_t>(first), std::move(counts));
}
}  // namespace

std::string part_bytes(SweepJob& job) {
  const SweepTotal& total = job.share();
  std::string out;
  put(out, part_magic);
  put(out, static_cast<std::uint32_t>(total.models.size()));
  put(out, job.program().items());
  put(out, total.done);
  put(out, total.impossible);
  put(out, total.unknown);
  put_distribution(out, total.all);
  for (const Distribution& model : total.models) put_distribution(out, model);
  for (const std::uint64_t wins : total.wins) put(out, wins);
  const auto put_all = [&](const auto& list) {
    put(out, static_cast<std::uint64_t>(list.size()));
    for (const auto& one : list) put(out, one);
  };
  put_all(total.lowest);
  put_all(total.frontier);
  put_all(total.moments);
  put(out, static_cast<std::uint64_t>(job.filled().size()));
  for (const SweepJob::Span& span : job.filled()) {
    put(out, span);
    put_numbers(out, std::span(job.result().cells)
                         .subspan(static_cast<std::size_t>(span.first), static_cast<std::size_t>(span.count)));
  }
  job.hand_over();
  return out;
}

std::optional<Error> merge_part(SweepJob& job, std::string_view bytes) {
  const Error foreign{Code::bad_format, "part", "These bytes are not a part of this sweep.",
                      "Every worker must be given the same request and prices."};
  PartReader in(bytes);
  SweepTotal total = job.program().nothing();
  if (in.take<std::uint32_t>() != part_magic || in.take<std::uint32_t>() != total.models.size() ||
      in.take<std::uint64_t>() != job.program().items())
    return foreign;
  total.done = in.take<std::uint64_t>();
  total.impossible = in.take<std::uint64_t>();
  total.unknown = in.take<std::uint64_t>();
  take_distribution(in, total.all);
  for (Distribution& model : total.models) take_distribution(in, model);
  for (std::uint64_t& wins : total.wins) wins = in.take<std::uint64_t>();
  const auto take_all = [&](auto& list) {
    using One = typename std::remove_reference_t<decltype(list)>::value_type;
    list.resize(in.count(sizeof(One)));
    for (One& one : list) one = in.template take<One>();
  };
  take_all(total.lowest);
  take_all(total.frontier);
  take_all(total.moments);
  struct Filled {
    std::uint64_t first;
    std::vector<double> values;
  };
  std::vector<Filled> filled(in.count(sizeof(SweepJob::Span)));
  for (Filled& one : filled) {
    one.first = in.take<std::uint64_t>();
    one.values.resize(in.count(sizeof(double)));
    for (double& value : one.values) value = in.take<double>();
  }
  if (!in.sound || !in.at_end()) return foreign;
  job.merge(total);
  for (const Filled& one : filled) job.merge_cells(one.first, one.values);
  return std::nullopt;
}

Result<std::string> sweep_shader_json(const Sweep& sweep, std::string_view skeleton) {
  Result<std::string> text = cost_function(sweep);
  if (!text) return text.error();
  if (!skeleton.empty()) {
    Result<std::string> whole = place(skeleton, *text);
    if (!whole) return whole.error();
    text = std::move(whole);
  }
  JsonWriter w;
  w.begin_object().member("wgsl", *text).member("nodes", sweep.tape.size());
  w.key("axes").begin_array();
  for (std::size_t k = 0; k < sweep.axes.size(); ++k) {
    w.begin_object().member("id", sweep.axes[k].id);
    write_values(w, sweep.columns[k].values);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

namespace {
/// A number from 0 to `most`; absent where something else stands there.
std::optional<double> amount(const JsonValue* value, double most) {
  if (value == nullptr || value->kind != JsonValue::Kind::number) return std::nullopt;
  if (!(value->number >= 0 && value->number <= most)) return std::nullopt;
  return value->number;
}
/// Likewise a whole one.
std::optional<std::uint64_t> whole(const JsonValue* value, double most) {
  const std::optional<double> number = amount(value, most);
  if (!number || round_down(*number) != *number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}
/// Whole numbers, ascending.
std::optional<std::vector<std::uint64_t>> ascending(const JsonValue* list, double most) {
  if (list == nullptr || list->kind != JsonValue::Kind::array) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  for (const JsonValue& item : list->items) {
    const std::optional<std::uint64_t> number = whole(&item, most);
    if (!number || (!numbers.empty() && *number <= numbers.back())) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}
}  // namespace

Result<Screened> read_screened(const JsonValue& request, const Sweep& sweep) {
  const auto wrong = [](std::string_view key, std::string_view expected) {
    return Error{Code::bad_value, "/kept/" + std::string(key), "expected " + std::string(expected) + ".",
                 "See docs/sweep.md: what a graphics processor keeps."};
  };
  const JsonValue* kept = request.find("kept");
  if (kept == nullptr || kept->kind != JsonValue::Kind::object)
    return Error{Code::missing_key, "request", "expected a key \"kept\" with what a graphics processor kept.",
                 "See docs/sweep.md."};
  if (sweep.columns.size() != sweep.axes.size())
    return Error{Code::unsupported, "", "A graphics processor runs sweeps of one model over axes, without draws.",
                 "Run the sweep on the processor."};
  Screened screened;
  const auto cells = static_cast<double>(sweep.cells());
  for (const auto& [key, count] : {std::pair<std::string_view, std::uint64_t*>{"done", &screened.done},
                                   {"impossible", &screened.impossible},
                                   {"unknown", &screened.unknown},
                                   {"count", &screened.count}}) {
    const std::optional<std::uint64_t> number = whole(kept->find(key), cells);
    if (!number) return wrong(key, "a number of cells, at most all of them");
    *count = *number;
  }
  constexpr double finite = std::numeric_limits<double>::max();
  for (const auto& [key, number] :
       {std::pair<std::string_view, double*>{"mean", &screened.mean}, {"deviations", &screened.deviations}}) {
    const std::optional<double> value = amount(kept->find(key), finite);
    if (!value) return wrong(key, "a number of at least 0");
    *number = *value;
  }
  for (const auto& [key, list] : {std::pair<std::string_view, std::vector<std::uint64_t>*>{"near", &screened.near},
                                  {"unsure", &screened.unsure}}) {
    std::optional<std::vector<std::uint64_t>> found = ascending(kept->find(key), cells - 1);
    if (!found) return wrong(key, "cells, ascending");
    *list = *std::move(found);
  }
  const JsonValue* buckets = kept->find("buckets");
  if (buckets == nullptr || buckets->kind != JsonValue::Kind::array) return wrong("buckets", "a list");
  std::uint64_t counted = 0;
  for (const JsonValue& bucket : buckets->items) {
    const bool pair = bucket.kind == JsonValue::Kind::array && bucket.items.size() == 2;
    const std::optional<double> value = pair ? amount(&bucket.items[0], finite) : std::nullopt;
    const std::optional<std::uint64_t> times = pair ? whole(&bucket.items[1], cells) : std::nullopt;
    if (!value || !times) return wrong("buckets", "pairs of a value and how often it occurs");
    screened.histogram.add(*value, *times);
    counted += *times;
  }
  if (counted != screened.count) return wrong("buckets", "as many values as there are cells with one");
  if (screened.count + screened.impossible + screened.unknown + screened.unsure.size() != screened.done)
    return wrong("done", "each cell counted once");
  return screened;
}

std::string finished_json(const Sweep& sweep, const Finished& finished) {
  JsonWriter w;
  w.begin_object().key("header").raw(sweep_json(sweep, finished.result, false)).key("unsure").begin_array();
  for (const double value : finished.unsure) {
    if (value == value)
      w.value(value);
    else
      w.null();
  }
  w.end_array().end_object();
  return w.take();
}

}  // namespace tokenbill
