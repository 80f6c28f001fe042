#pragma once
// The table of parameters (parameters.def) as data.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tokenbill/unit.h"

namespace tokenbill {

struct Option {
  std::string_view id;
  std::string_view label;
};

/// A reference names an entry of the catalog (or a date, or a currency); it is a text, every other value a number.
enum class ParameterKind : unsigned char { number, optional_number, choice, reference };
enum class Scale : unsigned char { linear, log };

struct Parameter {
  std::string_view id;
  std::string_view group;
  std::string_view label;
  ParameterKind kind{};
  Unit unit;
  double min = 0;
  double max = 0;
  double default_value = 0;  ///< of an optional number: where a slider starts
  double step = 0;
  Scale scale = Scale::linear;
  bool main = false;  ///< one of the first inputs of the form
  std::string_view help;
  std::string_view source;        ///< of the default
  std::vector<Option> options;    ///< of a choice; the default is options[default_value]
  std::string_view what;          ///< of a reference: chat, embedding, rerank, audio, image, video, date, currency,
                                  ///< gpu, open_model, or a kind of service
  std::string_view default_text;  ///< of a reference; may be empty
};

struct ParameterGroup {
  std::string_view id;
  std::string_view label;
};

[[nodiscard]] std::span<const Parameter> parameters();
[[nodiscard]] std::span<const ParameterGroup> parameter_groups();  ///< in the order of the form
/// Index into parameters(); parameters().size() if there is none.
[[nodiscard]] std::size_t parameter_index(std::string_view id);

}  // namespace tokenbill
