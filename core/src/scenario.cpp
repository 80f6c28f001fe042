#include "tokenbill/scenario.h"

#include <algorithm>
#include <utility>

#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/json_value.h"

namespace tokenbill {

namespace {

Error unknown_parameter(std::string_view id) {
  std::vector<std::string_view> ids;
  for (const Parameter& parameter : parameters()) ids.push_back(parameter.id);
  std::string hint = nearest_hint(id, ids);
  if (hint.empty()) hint = "The table of parameters lists all of them.";
  return {Code::unknown_parameter, std::string(id), join({"there is no parameter ", in_quotes(id), "."}),
          std::move(hint)};
}

std::string range_text(const Parameter& parameter) {
  const std::string unit = unit_text(parameter.unit);
  return join({exact_text(parameter.min), " to ", exact_text(parameter.max), unit.empty() ? "" : " ", unit});
}

std::optional<Error> check_number(const Parameter& parameter, double value) {
  if (value >= parameter.min && value <= parameter.max) return std::nullopt;
  const bool percent = parameter.unit == units::ratio && value > parameter.max && value <= parameter.max * 100;
  return Error{Code::out_of_range, std::string(parameter.id),
               join({"expected ", range_text(parameter), ", found ", exact_text(value), "."}),
               percent ? join({"For percent write ", exact_text(value), " % or ", exact_text(value / 100), "."})
                       : std::string("Use a value in this range.")};
}

std::vector<std::string_view> option_ids(const Parameter& parameter) {
  std::vector<std::string_view> ids;
  for (const Option& option : parameter.options) ids.push_back(option.id);
  return ids;
}

std::string reference_hint(const Parameter& parameter) {
  if (parameter.what == "date") return "Write a date as 2026-11-22.";
  if (parameter.what == "currency") return "Write three capital letters, such as EUR.";
  return "Write the key of an entry of the price list.";
}

// Its form only: whether the price list has such an entry is found out when the scenario is priced.
std::optional<Error> check_reference(const Parameter& parameter, std::string_view text) {
  constexpr std::size_t most = 200;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  bool sound = text.size() <= most && std::none_of(text.begin(), text.end(), is_control);
  if (parameter.what == "currency") sound = text.size() == 3 && std::all_of(text.begin(), text.end(), is_capital);
  if (parameter.what == "date") sound = parse_moment(text).ok();
  if (sound) return std::nullopt;
  return Error{Code::bad_value, std::string(parameter.id),
               join({"expected ",
                     parameter.what == "date"       ? "a date"
                     : parameter.what == "currency" ? "a currency"
                                                    : "a key of at most 200 bytes",
                     ", found ", in_quotes(text.substr(0, most)), "."}),
               reference_hint(parameter)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits from `at` on.
std::size_t digit_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// A number as people write it, turned into one as JSON wants it; empty if it is none. `both` is set to the two
// readings of an ambiguous text.
//   text = [sign] digits {separator digits} [mark digits] [exponent] [k|M|B|%]
std::string json_number(std::string_view written, bool percent_allowed, std::string& both) {
  // Blanks, narrow and not breaking ones included, as one byte.
  std::string text;
  for (std::size_t at = 0; at < written.size();) {
    const std::string_view sequence = written.substr(at, std::max<std::size_t>(utf8_length(written, at), 1));
    if (sequence == "\u00a0" || sequence == "\u2009" || sequence == "\u202f" || sequence == "\t") {
      text += ' ';
    } else {
      text += sequence;
    }
    at += sequence.size();
  }
  const auto trim = [&text] {
    while (text.ends_with(' ')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  };
  trim();
  int exponent = 0;
  const char last = text.empty() ? ' ' : text.back();
  if (last == 'k' || last == 'K') exponent = 3;
  if (last == 'm' || last == 'M') exponent = 6;
  if (last == 'b' || last == 'B') exponent = 9;
  if (last == '%' && percent_allowed) exponent = -2;
  if (exponent != 0) {
    text.pop_back();
    trim();
  }

  std::string digits;
  std::size_t at = 0;
  if (text.starts_with('-') || text.starts_with('+')) ++at;
  if (text.starts_with('-')) digits = "-";
  std::size_t run = digit_run(text, at);
  std::string whole = text.substr(at, run);
  at += run;
  // Separated groups of three: one kind of separator, or one comma or point that turns out to be the decimal mark.
  const char separator = at < text.size() && run >= 1 && run <= 3 ? text[at] : '\0';
  std::size_t groups = 0;
  std::string fraction;
  const std::size_t first_separator = at;
  if (separator == ' ' || separator == ',' || separator == '.' || separator == '\'' || separator == '_') {
    while (at < text.size() && text[at] == separator && digit_run(text, at + 1) == 3) {
      whole += text.substr(at + 1, 3);
      at += 4;
      ++groups;
    }
  }
  if (groups == 1 && (separator == '.' || separator == ',')) {
    const bool other_mark = at < text.size() && (text[at] == '.' || text[at] == ',') && text[at] != separator;
    if (!other_mark) {
      // 1.234 is a decimal, as in JSON and in every program. 1,234 is 1234 to some and 1.234 to others, unless
      // another reading is impossible, as in 0,234.
      if (separator == ',' && whole[0] != '0') {
        const std::string head = whole.substr(0, whole.size() - 3);
        both = join({digits, whole, " or ", digits, head, ".", whole.substr(whole.size() - 3)});
        return {};
      }
      whole.resize(whole.size() - 3);
      at = first_separator;
      groups = 0;
    }
  }
  if (at < text.size() && (text[at] == '.' || text[at] == ',') && !(groups != 0 && text[at] == separator)) {
    run = digit_run(text, at + 1);
    if (run == 0) return {};
    fraction = text.substr(at + 1, run);
    at += run + 1;
  }
  if (whole.empty() && fraction.empty()) return {};
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  digits += whole.empty() ? "0" : whole;
  if (!fraction.empty()) digits += join({".", fraction});
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E') && exponent == 0) {
    digits += 'e';
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) digits += text[at++];
    run = digit_run(text, at);
    if (run == 0) return {};
    digits += text.substr(at, run);
    at += run;
  }
  if (at != text.size()) return {};
  if (exponent != 0) digits += join({"e", std::to_string(exponent)});
  return digits;
}

// A number of a parameter as people write it.
Result<double> read_number(const Parameter& parameter, std::string_view text, bool percent_allowed) {
  const std::string id(parameter.id);
  std::string both;
  const std::string number = text.size() > 400 ? "" : json_number(text, percent_allowed, both);
  if (!both.empty())
    return Error{Code::bad_value, id, join({in_quotes(text), " may be ", both, "."}), "Write it without a comma."};
  if (number.empty())
    return Error{Code::bad_value, id,
                 join({"expected a number, ", range_text(parameter), ", found ", in_quotes(text), "."}),
                 "Write 1500, 1.5k, 2M, 3e6 or 1 000; a share also as 30 %; a range as 4k to 9k."};
  const Result<JsonValue> parsed = parse_json(number, id);
  if (!parsed.ok())  // beyond the range of a number
    return Error{Code::out_of_range, id, join({"expected ", range_text(parameter), ", found ", in_quotes(text), "."}),
                 "Check the exponent."};
  return parsed->number;
}

// Where "4k to 9k" is cut: position and length of what stands between the two; npos where it is no range.
std::pair<std::size_t, std::size_t> range_mark(std::string_view text) {
  for (const std::string_view mark : {" to ", "~", "\u2013"})
    if (const std::size_t at = text.find(mark); at != std::string_view::npos) return {at, mark.size()};
  return {std::string_view::npos, 0};
}

Error wrong_kind(const Parameter& parameter, std::string_view found) {
  if (parameter.kind == ParameterKind::reference)
    return {Code::wrong_type, std::string(parameter.id), join({"expected a text; found ", found, "."}),
            reference_hint(parameter)};
  return {Code::wrong_type, std::string(parameter.id),
          join({"expected one of ", list_text(option_ids(parameter)), "; found ", found, "."}),
          "Write the option's id."};
}

}  // namespace

std::optional<double> Scenario::value(std::string_view id) const {
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return std::nullopt;
  if (index < values.size() && values[index]) return values[index];
  const Parameter& parameter = parameters()[index];
  if (parameter.kind == ParameterKind::optional_number) return std::nullopt;
  return parameter.default_value;
}

std::string_view Scenario::choice(std::string_view id) const {
  const std::optional<double> index = value(id);
  if (!index) return {};
  const std::vector<Option>& options = parameters()[parameter_index(id)].options;
  // A value that no option has can only have been put there by hand.
  if (!(*index >= 0 && *index < static_cast<double>(options.size()))) return {};
  return options[static_cast<std::size_t>(*index)].id;
}

std::string_view Scenario::reference(std::string_view id) const {
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return {};
  const auto found = references.find(index);
  return found == references.end() ? parameters()[index].default_text : std::string_view(found->second);
}

std::optional<Error> Scenario::set(std::string_view id, std::string_view text) {
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return unknown_parameter(id);
  const Parameter& parameter = parameters()[index];
  values.resize(parameters().size());
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    values[index].reset();
    references.erase(index);
    ranges.erase(index);
    return std::nullopt;
  }
  if (parameter.kind == ParameterKind::reference) {
    if (std::optional<Error> error = check_reference(parameter, text)) return error;
    references[index] = text;
    return std::nullopt;
  }
  if (parameter.kind == ParameterKind::choice) {
    const std::vector<std::string_view> ids = option_ids(parameter);
    const std::size_t option = index_of(ids, text);
    if (option == ids.size()) {
      return Error{Code::bad_value, std::string(id),
                   join({"expected one of ", list_text(ids), "; found ", in_quotes(text), "."}),
                   nearest_hint(text, ids)};
    }
    values[index] = static_cast<double>(option);
    return std::nullopt;
  }
  const bool share = parameter.unit == units::ratio;
  if (const auto [at, size] = range_mark(text); at != std::string_view::npos) {
    InputRange range;
    std::string_view high_text = text.substr(at + size);
    if (const std::size_t level = high_text.find('@'); level != std::string_view::npos) {
      std::string percent(high_text.substr(level + 1));
      if (percent.find('%') == std::string::npos) percent += '%';
      const Result<double> read = read_number(parameter, percent, true);
      if (!read) return read.error();
      range.level = *read;
      high_text = high_text.substr(0, level);
    }
    const Result<double> low = read_number(parameter, text.substr(0, at), share);
    if (!low) return low.error();
    const Result<double> high = read_number(parameter, high_text, share);
    if (!high) return high.error();
    range.low = *low;
    range.high = *high;
    return set_range(id, range);
  }
  const Result<double> number = read_number(parameter, text, share);
  return number ? set_number(id, *number) : number.error();
}

std::optional<Error> Scenario::set_number(std::string_view id, double value) {
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return unknown_parameter(id);
  const Parameter& parameter = parameters()[index];
  if (parameter.kind == ParameterKind::reference || parameter.kind == ParameterKind::choice)
    return wrong_kind(parameter, "a number");
  if (std::optional<Error> error = check_number(parameter, value)) return error;
  values.resize(parameters().size());
  values[index] = value == 0 ? 0 : value;  // not -0
  ranges.erase(index);
  return std::nullopt;
}

std::optional<Error> Scenario::set_range(std::string_view id, const InputRange& range, std::optional<double> likely) {
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return unknown_parameter(id);
  const Parameter& parameter = parameters()[index];
  if (parameter.kind == ParameterKind::reference || parameter.kind == ParameterKind::choice)
    return wrong_kind(parameter, "a range");
  for (const double end : {range.low, range.high})
    if (std::optional<Error> error = check_number(parameter, end)) return error;
  if (!(range.low < range.high))
    return Error{Code::inconsistent, std::string(id),
                 join({"a range must end above where it begins, found ", exact_text(range.low), " to ",
                       exact_text(range.high), "."}),
                 "Write the smaller number first."};
  if (!(range.level >= InputRange::least_level && range.level <= InputRange::most_level))
    return Error{Code::out_of_range, std::string(id),
                 join({"expected a level of 10 to 99.9 percent, found ", exact_text(range.level * 100), "."}),
                 "90 is usual: of ten values nine lie in the range."};
  if (likely && !(*likely >= range.low && *likely <= range.high))
    return Error{Code::inconsistent, std::string(id),
                 join({"the value ", exact_text(*likely), " lies outside its range, ", exact_text(range.low), " to ",
                       exact_text(range.high), "."}),
                 "Leave the value out, or move the range."};
  const double value = likely ? *likely : likely_value(parameter, range);
  values.resize(parameters().size());
  values[index] = value == 0 ? 0 : value;
  ranges[index] = range;
  if (range.low == 0) ranges[index].low = 0;
  return std::nullopt;
}

std::optional<Error> Scenario::correlate(std::string_view a, std::string_view b, double rank) {
  Correlation pair{parameter_index(a), parameter_index(b), rank == 0 ? 0 : rank};
  for (const auto& [id, index] : {std::pair(a, pair.a), std::pair(b, pair.b)}) {
    if (index >= parameters().size()) return unknown_parameter(id);
    const Parameter& parameter = parameters()[index];
    if (parameter.kind == ParameterKind::reference || parameter.kind == ParameterKind::choice)
      return wrong_kind(parameter, "a correlation");
  }
  if (!(rank > -1 && rank < 1))
    return Error{Code::out_of_range, std::string(a),
                 join({"expected a rank correlation above -1 and below 1, found ", exact_text(rank), "."}), ""};
  if (pair.a > pair.b) std::swap(pair.a, pair.b);
  std::size_t at = 0;
  while (at < correlations.size() &&
         (correlations[at].a < pair.a || (correlations[at].a == pair.a && correlations[at].b < pair.b)))
    ++at;
  if (pair.a == pair.b || (at < correlations.size() && correlations[at].a == pair.a && correlations[at].b == pair.b))
    return Error{Code::inconsistent, std::string(a), join({"is correlated with ", in_quotes(b), " twice."}),
                 "A pair of two different inputs stands once."};
  correlations.insert(correlations.begin() + static_cast<std::ptrdiff_t>(at), pair);
  return std::nullopt;
}

}  // namespace tokenbill
