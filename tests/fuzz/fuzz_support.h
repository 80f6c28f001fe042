#pragma once
// What the fuzzers share: a check that ends the run, and the rule that errors are clean text.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tokenbill/json_value.h"

#define EXPECT(condition)                                                           \
  do {                                                                              \
    if (!(condition)) {                                                             \
      std::fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                 \
    }                                                                               \
  } while (false)

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void expect_clean(const std::string& text) {
  tokenbill::JsonWriter writer;
  writer.value(text);
  const auto back = tokenbill::parse_json(writer.take(), "back");
  EXPECT(text.find('\0') != std::string::npos || back.ok());
  // Bytes that are not UTF-8 would have come back as replacement characters.
  EXPECT(!back.ok() || back->text == text);
}

/// An error has a known code and a message of bounded length, and is UTF-8: views show it as it is.
inline void expect_clean(const tokenbill::Error& error) {
  EXPECT(tokenbill::code_name(error.code) != "unknown");
  EXPECT(!error.message.empty());
  EXPECT(error.message.size() < 4000 && error.hint.size() < 8000);
  expect_clean(error.message);
  expect_clean(error.hint);
}
