#include "tokenbill/json_ranges.h"

#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {
void put(JsonWriter& w, std::string_view key, const std::optional<double>& value) {
  w.key(key);
  if (value)
    w.value(*value);
  else
    w.null();
}

void put_unit(JsonWriter& w, const Unit& unit) { w.member("unit", unit_id(unit)).member("unit_text", unit_text(unit)); }

/// A whole number of a request. @param most up to 2^53
std::optional<Error> read_whole(const JsonValue& request, std::string_view key, double most, double& out) {
  const JsonValue* value = request.find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != JsonValue::Kind::number)
    return Error{Code::wrong_type, std::string(key), join({"expected a number, found ", kind_name(value->kind), "."}),
                 ""};
  if (!(value->number >= 0 && value->number <= most && round_down(value->number) == value->number))
    return Error{
        Code::out_of_range, std::string(key),
        join({"expected a whole number of at most ", number_text(most), ", found ", exact_text(value->number), "."}),
        ""};
  out = value->number;
  return std::nullopt;
}
}  // namespace

Result<Assumptions> parse_assumptions(std::string_view text) {
  if (text == "given") return Assumptions::given;
  if (text == "typical") return Assumptions::typical;
  return Error{Code::bad_value, "assumptions",
               join({"expected \"given\" or \"typical\", found ", in_quotes(text), "."}), ""};
}

std::optional<Error> read_draws(const JsonValue& request, std::size_t most, std::size_t& samples, std::uint64_t& seed,
                                Assumptions& assumptions) {
  if (const JsonValue* value = request.find("assumptions"); value != nullptr) {
    if (value->kind != JsonValue::Kind::string)
      return Error{Code::wrong_type, "assumptions", join({"expected a text, found ", kind_name(value->kind), "."}), ""};
    const Result<Assumptions> read = parse_assumptions(value->text);
    if (!read) return read.error();
    assumptions = *read;
  }
  auto count = static_cast<double>(samples);
  auto start = static_cast<double>(seed);
  if (auto error = read_whole(request, "samples", static_cast<double>(most), count)) return error;
  if (auto error = read_whole(request, "seed", 9007199254740992.0, start)) return error;
  samples = static_cast<std::size_t>(count);
  seed = static_cast<std::uint64_t>(start);
  return std::nullopt;
}

Result<RangeSpec> read_range_spec(const JsonValue& request) {
  RangeSpec spec;
  if (const JsonValue* value = request.find("output"); value != nullptr) {
    if (value->kind != JsonValue::Kind::string)
      return Error{Code::wrong_type, "output", join({"expected a text, found ", kind_name(value->kind), "."}), ""};
    spec.output = value->text;
  }
  if (auto error = read_draws(request, max_samples, spec.samples, spec.seed, spec.assumptions))
    return *std::move(error);
  return spec;
}

std::string ranges_json(const Ranges& r) {
  JsonWriter w;
  w.begin_object().member("output", r.output).member("label", r.label);
  put_unit(w, r.unit);
  w.member("model", r.model).member("samples", r.samples).member("seed", static_cast<double>(r.seed));
  w.member("assumptions", r.assumptions == Assumptions::given ? "given" : "typical");
  put(w, "point", r.point);
  put(w, "point_share", r.point_share);
  w.member("low", r.outcome.low()).member("likely", r.outcome.likely()).member("high", r.outcome.high());
  w.member("mean", r.outcome.mean).member("deviation", r.outcome.deviation);
  w.key("percentiles").begin_object();
  for (std::size_t i = 0; i < told_percentiles.size(); ++i)
    w.member(std::to_string(told_percentiles[i]), r.outcome.percentiles[i]);
  w.end_object();
  w.key("histogram").begin_object().member("from", r.histogram_from).member("to", r.histogram_to);
  w.key("shares").begin_array();
  for (const double share : r.histogram) w.value(share);
  w.end_array().end_object();
  w.member("impossible", r.impossible).member("correlated", r.correlated);
  w.key("inputs").begin_array();
  for (const Driver& d : r.drivers) {
    w.begin_object().member("id", d.id).member("label", d.label);
    put_unit(w, d.unit);
    w.member("low", d.range.low).member("likely", d.likely).member("high", d.range.high).member("level", d.range.level);
    w.member("form", form_id(d.form)).member("origin", d.typical ? "typical" : "user").member("source", d.source);
    put(w, "at_low", d.at_low);
    put(w, "at_high", d.at_high);
    put(w, "swing", d.swing);
    put(w, "first_order", d.first_order);
    put(w, "total", d.total);
    put(w, "elasticity", d.elasticity);
    w.end_object();
  }
  w.end_array();
  for (const bool items : {true, false}) {
    w.key(items ? "items" : "figures").begin_array();
    for (const FigureRange& f : r.figures) {
      if (f.item != items) continue;
      w.begin_object().member("id", f.id).member("label", f.label);
      if (!items) put_unit(w, f.unit);
      put(w, "point", f.point);
      const bool any = f.outcome.count > 0;
      put(w, "low", any ? std::optional(f.outcome.low()) : std::nullopt);
      put(w, "likely", any ? std::optional(f.outcome.likely()) : std::nullopt);
      put(w, "high", any ? std::optional(f.outcome.high()) : std::nullopt);
      w.end_object();
    }
    w.end_array();
  }
  w.member("sentence", r.sentence).end_object();
  return w.take();
}

}  // namespace tokenbill
