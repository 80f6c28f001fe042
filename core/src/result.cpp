#include "tokenbill/result.h"

#include <array>

namespace tokenbill {

namespace {

struct CodeText {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array codes = {
#define TOKENBILL_ERROR(name, meaning) CodeText{#name, meaning},
#include "tokenbill/errors.def"
#undef TOKENBILL_ERROR
};

const CodeText& code_text(Code code) {
  static constexpr CodeText unknown{"unknown", ""};
  const auto index = static_cast<std::size_t>(code);
  return index < codes.size() ? codes[index] : unknown;
}

}  // namespace

std::string_view code_name(Code code) { return code_text(code).name; }
std::string_view code_meaning(Code code) { return code_text(code).meaning; }

std::string to_text(const Error& error) {
  std::string text = error.where;
  if (!text.empty()) text += ": ";
  text += error.message;
  if (!error.hint.empty()) {
    text += ' ';
    text += error.hint;
  }
  return text;
}

}  // namespace tokenbill
