// parse_json: never crashes; whatever it accepts is written and read back as the same document.

#include <algorithm>

#include "fuzz/fuzz_support.h"

using namespace tokenbill;

namespace {

// Same value apart from positions and the spelling of numbers.
void expect_same(const JsonValue& a, const JsonValue& b, int depth) {
  EXPECT(depth <= 32);
  EXPECT(a.line >= 1 && a.column >= 1);
  EXPECT(a.kind == b.kind && a.boolean == b.boolean && a.number == b.number);
  EXPECT(std::isfinite(a.number) && !(a.number == 0 && std::signbit(a.number)));
  EXPECT(a.kind == JsonValue::Kind::number || a.text == b.text);
  EXPECT(a.items.size() == b.items.size() && a.members.size() == b.members.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) expect_same(a.items[i], b.items[i], depth + 1);
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    EXPECT(a.members[i].key == b.members[i].key);
    EXPECT(a.find(a.members[i].key) == &a.members[i].value);  // else the key stands there twice
    expect_same(a.members[i].value, b.members[i].value, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const Result<JsonValue> value = parse_json(text, "fuzz");
  if (!value.ok()) {
    EXPECT(value.error().code == Code::bad_json);
    expect_clean(value.error());
    return 0;
  }
  JsonWriter writer;
  writer.value(*value);
  const std::string written = writer.take();
  const Result<JsonValue> back = parse_json(written, "back");
  EXPECT(back.ok());
  expect_same(*value, *back, 0);
  JsonWriter again;
  again.value(*back);
  EXPECT(again.take() == written);
  return 0;
}
