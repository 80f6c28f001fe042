#include "tokenbill/parameter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "order.h"

namespace tokenbill {

namespace {

constexpr ParameterGroup groups[] = {
    {"demand", "Demand"},
    {"prompt", "Prompt and answer"},
    {"response_cache", "Response cache"},
    {"routing", "Several models"},
    {"conversation", "Conversations and agents"},
    {"tools", "Tools"},
    {"retrieval", "Retrieval and guardrails"},
    {"media", "Images, audio, video"},
    {"trimming", "Trimming and caps"},
    {"caching", "Prefix cache"},
    {"failures", "Failures"},
    {"price", "Price and channel"},
    {"commitment", "Commitments and capacity"},
    {"overheads", "Around inference"},
    {"infrastructure", "Infrastructure"},
    {"people", "People"},
    {"contingency", "Contingency"},
    {"one_time", "One-time work"},
    {"currency", "Tax and currency"},
    {"time", "Growth and prices"},
    {"budget", "Budget"},
    {"value", "Users, success and margin"},
    {"latency", "Latency"},
    {"own", "Own capacity"},
    {"tuning", "Fine-tuned small model"},
};

/// A line of parameters.def: of a choice, `options` and `default_option` are set and the figures are not; of a
/// reference, `options` is what it names and `default_option` the key.
struct Row {
  std::string_view id;
  std::string_view group;
  std::string_view label;
  ParameterKind kind;
  Unit unit;
  double min;
  double max;
  double default_value;
  double step;
  Scale scale;
  bool main;
  std::string_view help;
  std::string_view source;
  std::string_view default_option;
  std::string_view options;
};

constexpr Row rows[] = {
#define TOKENBILL_NUMBER(id, group, label, unit, min, max, default, step, scale, main, help, source)           \
  {#id,    #group, label, ParameterKind::number, unit, min, max, default, step, Scale::scale, main != 0, help, \
   source, {},     {}},
#define TOKENBILL_OPTIONAL(id, group, label, unit, min, max, default, step, scale, main, help, source) \
  {                                                                                                    \
      #id,    #group,       label,     ParameterKind::optional_number,                                 \
      unit,   min,          max,       default,                                                        \
      step,   Scale::scale, main != 0, help,                                                           \
      source, {},           {}},
#define TOKENBILL_CHOICE(id, group, label, default, options, help, source)                               \
  {#id,    #group,  label,  ParameterKind::choice, units::ratio, 0, 0, 0, 1, Scale::linear, false, help, \
   source, default, options},
#define TOKENBILL_REFERENCE(id, group, label, what, default, help, source)                                 \
  {#id,    #group,  label, ParameterKind::reference, units::ratio, 0, 0, 0, 1, Scale::linear, false, help, \
   source, default, #what},
#include "tokenbill/parameters.def"
#undef TOKENBILL_NUMBER
#undef TOKENBILL_OPTIONAL
#undef TOKENBILL_CHOICE
#undef TOKENBILL_REFERENCE
};

// A group or option that does not exist would be a parameter without a place or a default: refused when compiling.
constexpr bool sound() {
  for (const Row& row : rows) {
    bool grouped = false;
    for (const ParameterGroup& group : groups) grouped = grouped || group.id == row.group;
    if (!grouped) return false;
    if (row.kind == ParameterKind::choice) {
      if (row.options.find(row.default_option) == std::string_view::npos) return false;
    } else if (row.kind == ParameterKind::reference) {
      if (row.options.empty()) return false;
    } else if (!(row.min <= row.default_value && row.default_value <= row.max && row.step > 0)) {
      return false;
    }
  }
  return true;
}
static_assert(sound());

std::vector<Option> options_of(std::string_view text) {
  std::vector<Option> options;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const std::string_view option = text.substr(0, end);
    const std::size_t equals = option.find('=');
    options.push_back({option.substr(0, equals), option.substr(equals + 1)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return options;
}

std::vector<Parameter> make_table() {
  std::vector<Parameter> table;
  table.reserve(std::size(rows));
  for (const Row& row : rows) {
    Parameter parameter{row.id,   row.group, row.label, row.kind, row.unit,   row.min, row.max, row.default_value,
                        row.step, row.scale, row.main,  row.help, row.source, {},      {},      {}};
    if (row.kind == ParameterKind::reference) {
      parameter.what = row.options;
      parameter.default_text = row.default_option;
    }
    if (row.kind == ParameterKind::choice) {
      parameter.options = options_of(row.options);
      parameter.max = static_cast<double>(parameter.options.size() - 1);
      for (std::size_t i = 0; i < parameter.options.size(); ++i)
        if (parameter.options[i].id == row.default_option) parameter.default_value = static_cast<double>(i);
    }
    table.push_back(std::move(parameter));
  }
  return table;
}

}  // namespace

std::span<const Parameter> parameters() {
  static const std::vector<Parameter> table = make_table();
  return table;
}

std::span<const ParameterGroup> parameter_groups() { return groups; }

std::size_t parameter_index(std::string_view id) {
  const std::span<const Parameter> table = parameters();
  static const std::vector<std::uint32_t> by_id =
      sorted_order(table.size(), [&](std::uint32_t a, std::uint32_t b) { return table[a].id < table[b].id; });
  const auto found = std::lower_bound(by_id.begin(), by_id.end(), id,
                                      [&](std::uint32_t at, std::string_view wanted) { return table[at].id < wanted; });
  return found == by_id.end() || table[*found].id != id ? table.size() : *found;
}

}  // namespace tokenbill
