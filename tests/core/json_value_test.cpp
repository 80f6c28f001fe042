#include "tokenbill/json_value.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

using namespace tokenbill;
using namespace std::string_literals;

namespace {

bool accepted(std::string_view text) { return parse_json(text, "t").ok(); }

Error refused(std::string_view text, const JsonLimits& limits = {}) {
  const Result<JsonValue> result = parse_json(text, "t", limits);
  REQUIRE(!result.ok());
  CHECK(result.error().code == Code::bad_json);
  CHECK(!result.error().message.empty());
  return result.error();
}

double number_of(std::string_view text) {
  const Result<JsonValue> result = parse_json(text, "t");
  REQUIRE(result.ok());
  REQUIRE(result->kind == JsonValue::Kind::number);
  return result->number;
}

std::string text_of(std::string_view text) {
  const Result<JsonValue> result = parse_json(text, "t");
  REQUIRE(result.ok());
  REQUIRE(result->kind == JsonValue::Kind::string);
  return result->text;
}

std::string written(double number) {
  JsonWriter writer;
  writer.value(number);
  return writer.take();
}

std::string rewritten(std::string_view text) {
  const Result<JsonValue> result = parse_json(text, "t");
  REQUIRE(result.ok());
  JsonWriter writer;
  writer.value(*result);
  return writer.take();
}

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

std::uint64_t bits(double number) {
  std::uint64_t pattern = 0;
  std::memcpy(&pattern, &number, sizeof pattern);
  return pattern;
}

}  // namespace

TEST_CASE("every form that RFC 8259 allows is read") {
  const std::string_view documents[] = {
      "null",
      "true",
      "false",
      "0",
      "-0",
      "\"\"",
      "[]",
      "{}",
      " [ ] ",
      "\t\r\n{ }\n",
      "[1,2]",
      "[ 1 , 2 ]",
      "[[],[[]]]",
      R"({"a":1})",
      R"({"":0})",
      R"({"a":{"b":[{"c":null}]}})",
      "1",
      "12",
      "-1",
      "0.5",
      "-0.5",
      "1e5",
      "1E5",
      "1e+5",
      "1e-5",
      "1.5e+05",
      "0e0",
      "0e+1",
      "123456789012345678901234567890",
      "-9223372036854775809",
      "18446744073709551616",
      "0.00000000000000000000000000000000000001",
      "1.7976931348623157e308",
      "5e-324",
      R"("\"\\\/\b\f\n\r\t")",
      R"("\u0041\u00e9\u20ac")",
      R"("\ud83d\ude00")",
      R"("\uD83D\uDE00")",
      "\"\x7f\"",
      "\"\xc3\xa9\"",
      "\"\xe2\x82\xac\"",
      "\"\xf0\x9f\x98\x80\"",
      "\"\xef\xbf\xbf\"",
      "\"\xf4\x8f\xbf\xbf\"",
      R"("\uffff")",
      R"(["a","a"])",
      "[true,false,null]",
      R"({"a":0,"b":0,"A":0})",
      "[-0.0]",
      "\"\xed\x9f\xbf\"",
      "\"\xee\x80\x80\"",
      "\"\xe2\x80\xa8\"",
  };
  for (std::string_view document : documents) {
    CAPTURE(document);
    CHECK(accepted(document));
  }
}

TEST_CASE("whatever RFC 8259 does not allow is refused, with a position and a hint") {
  const std::string documents[] = {
      "",
      " ",
      "\n",
      "[",
      "]",
      "{",
      "}",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[1,,2]",
      "[1 2]",
      "[1}",
      "{]",
      R"({"a")",
      R"({"a":)",
      R"({"a":1)",
      R"({"a":1,})",
      R"({,"a":1})",
      R"({"a" 1})",
      R"({"a"::1})",
      R"({1:1})",
      R"({a:1})",
      R"({'a':1})",
      R"({"a":1 "b":2})",
      R"({"a":1}{})",
      "[]]",
      "[][]",
      "1 2",
      "null null",
      "nul",
      "nulll",
      "True",
      "NULL",
      "nan",
      "NaN",
      "Infinity",
      "-Infinity",
      "inf",
      "undefined",
      "-",
      "+1",
      "01",
      "-01",
      "00",
      "1.",
      ".5",
      "-.5",
      "1.e5",
      "1e",
      "1e+",
      "1e-",
      "1ee5",
      "1e5.5",
      "0x10",
      "1_000",
      "1,000",
      "1 000",
      "1a",
      "--1",
      "1+1",
      "\"",
      "\"a",
      "'a'",
      R"("\x41")",
      R"("\u12")",
      R"("\u12g4")",
      R"("\")",
      R"("\a")",
      "\"\n\"",
      "\"\t\"",
      "\"\x1f\"",
      "\"\x01\"",
      "// a\n1",
      "/* a */ 1",
      "1 // a",
      "# a\n1",
      "\xef\xbb\xbf[]",
      "\xef\xbb\xbf",
      "\xfe\xff[]",
      "\xff\xfe[]",
      "\"\x80\"",
      "\"\xc0\xaf\"",
      "\"\xc1\xbf\"",
      "\"\xe0\x80\xaf\"",
      "\"\xf0\x80\x80\xaf\"",
      "\"\xf4\x90\x80\x80\"",
      "\"\xf5\x80\x80\x80\"",
      "\"\xff\"",
      "\"\xc3\"",
      "\"\xe2\x82\"",
      "\"\xed\xa0\x80\"",
      "\"\xed\xbf\xbf\"",
      "\xc3\xa9",
      "[\xe2\x80\x8b]",
      "\x0c[]",
      "[]\x0b",
      "\xc2\xa0[]",
      R"("\ud800")",
      R"("\ud800a")",
      R"("\ud800\u0041")",
      R"("\udc00")",
      R"("\udc00\ud800")",
      R"("\ud800\ud800")",
      R"("\ud800\)",
      "*",
      "@",
      "<html></html>",
      "[1;2]",
      "[\"a\":1]",
      "{\"a\":1:2}",
      "\x1b[0m",
      "[1]x",
      "tru",
      "[fals]",
      "truefalse",
  };
  for (const std::string& document : documents) {
    CAPTURE(document);
    const Result<JsonValue> result = parse_json(document, "t");
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == Code::bad_json);
    CHECK(result.error().where.starts_with("t:"));
    CHECK(!result.error().hint.empty());
  }
}

TEST_CASE("every beginning of a document is refused, and so is every document with a byte behind it") {
  const std::string_view whole = R"({"a":[1,-2.5e3,"x\u00e9",true,null,{}],"b":{"c":"d"}})";
  REQUIRE(accepted(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(accepted(whole.substr(0, length)));
  }
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const bool blank = byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
    CHECK(accepted(std::string(whole) + static_cast<char>(byte)) == blank);
  }
}

TEST_CASE("NUL is refused wherever it stands, for the parser underneath takes it for the end") {
  CHECK(refused("[1]\0[2]"s).message.find("NUL") != std::string::npos);
  CHECK(refused("[1]\0"s).where == "t:1:4");
  refused("\0"s);
  refused("[\0]"s);
  refused("\"a\0b\""s);
  CHECK(refused(R"(["a\u0000"])").where == "t:1:2");
  CHECK(refused(R"({"a\u0000":1})").message.find("NUL") != std::string::npos);
  CHECK(refused("[1]\n\xff").where == "t:2:1");
}

TEST_CASE("a number is the nearest double to its text") {
  CHECK(number_of("0.1") == 0.1);
  CHECK(number_of("9007199254740993") == 9007199254740992.0);  // 2^53 + 1: a tie, to even
  CHECK(number_of("9007199254740993.0000001") == 9007199254740994.0);
  CHECK(number_of("18446744073709551615") == 18446744073709551616.0);
  CHECK(number_of("-9223372036854775808") == -9223372036854775808.0);
  CHECK(number_of("123456789012345678901234567890") == 123456789012345678901234567890.0);
  CHECK(number_of("2.2250738585072011e-308") == 2.2250738585072011e-308);
  CHECK(number_of("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(number_of("4.9e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(number_of("0e999999999999") == 0);
  CHECK(number_of("0.000e-999999999999") == 0);
  CHECK(number_of("100000000000000000000000000000000000000e-38") == 1);
}

TEST_CASE("minus zero is zero") {
  for (std::string_view text : {"-0", "-0.0", "-0e5"}) {
    CAPTURE(text);
    CHECK(bits(number_of(text)) == 0);
  }
}

TEST_CASE("a number beyond the range of a double is refused instead of becoming infinite or free") {
  for (std::string_view text : {"1e400", "-1e400", "1e9999999999", "1.8e308", "-1.8e308", "1e-400", "-1e-400",
                                "4e-9999999999", "0.00001e-323", "123e-10000000"}) {
    CAPTURE(text);
    CHECK(refused(text).where == "t:1:1");
  }
  CHECK(refused("1" + repeated("0", 400)).message.find("larger") != std::string::npos);
  CHECK(refused("0." + repeated("0", 400) + "1").message.find("nearer to 0") != std::string::npos);
  CHECK(refused("{\"a\":[0,\n  1e400]}").where == "t:2:3 /a/0");
}

TEST_CASE("text keeps every character") {
  CHECK(text_of(R"("\u0041\u00e9\u20ac\ud83d\ude00")") == "A\u00e9\u20ac\U0001F600");
  CHECK(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(text_of("\"\xf4\x8f\xbf\xbf\"") == "\xf4\x8f\xbf\xbf");
}

TEST_CASE("a key that stands twice in one object is refused, with both its names spelled alike or not") {
  const Error error = refused("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}");
  CHECK(error.where == "t:3:7 /a");
  CHECK(error.message.find("\"a\"") != std::string::npos);
  CHECK(refused(R"({"a":1,"\u0061":2})").where == "t:1:17 /a");
  CHECK(refused(R"([{"x":{"k":1,"k":1}}])").where == "t:1:18 /0/x/k");
  CHECK(refused(R"({"":1,"":1})").where == "t:1:10 /");
  CHECK(accepted(R"([{"a":1},{"a":1}])"));
  CHECK(accepted(R"({"a":{"a":1}})"));
}

TEST_CASE("an object with very many keys is read in reasonable time, and its duplicate is found") {
  std::string text = "{";
  for (int i = 0; i < 100000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  CHECK(accepted(text + "\"last\":0}"));
  CHECK_FALSE(accepted(text + "\"k7\":0}"));
}

TEST_CASE("32 levels are read, 33 are refused, and a million do not exhaust the stack") {
  CHECK(accepted(repeated("[", 32) + repeated("]", 32)));
  CHECK(refused(repeated("[", 33) + repeated("]", 33)).where.starts_with("t:1:33"));
  CHECK(accepted(repeated("{\"a\":", 31) + "{}" + repeated("}", 31)));
  CHECK_FALSE(accepted(repeated("{\"a\":", 32) + "{}" + repeated("}", 32)));
  refused(repeated("[", 1000000));
  refused(repeated("{\"a\":", 1000000));
  CHECK(accepted("[" + repeated("[],", 1000) + "[]]"));
}

TEST_CASE("limits of size hold to the byte and to the value") {
  JsonLimits limits;
  limits.max_bytes = 10;
  CHECK(parse_json("[1,2,3,45]", "t", limits).ok());
  CHECK(refused("[1,2,3,456]", limits).message.find("11 bytes") != std::string::npos);
  limits = {};
  limits.max_values = 4;
  CHECK(parse_json("[1,2,3]", "t", limits).ok());
  CHECK_FALSE(parse_json("[1,2,3,4]", "t", limits).ok());
}

TEST_CASE("values know their line and column, and numbers their spelling") {
  const Result<JsonValue> root = parse_json("{\n  \"a\" : [10, \"x,:\\\"\", -2.50 ],\r\n\t\"b\":{}}", "t");
  REQUIRE(root.ok());
  const JsonValue& a = root->members[0].value;
  CHECK(root->line == 1);
  CHECK(root->column == 1);
  CHECK(a.line == 2);
  CHECK(a.column == 9);
  CHECK(a.items[0].column == 10);
  CHECK(a.items[1].column == 14);
  CHECK(a.items[2].column == 23);
  CHECK(a.items[2].text == "-2.50");
  const JsonValue* b = root->find("b");
  REQUIRE(b != nullptr);
  CHECK(b->line == 3);
  CHECK(b->column == 6);
  CHECK(root->find("c") == nullptr);
  CHECK(json_where("file", *b, "/b") == "file:3:6 /b");
}

TEST_CASE("objects keep the order of their keys") {
  CHECK(rewritten(R"({"z":1,"a":2,"m":{"y":[],"b":{}}})") == R"({"z":1,"a":2,"m":{"y":[],"b":{}}})");
}

TEST_CASE("syntax errors say where") {
  CHECK(refused("{\"a\": tru}").where == "t:1:10 /a");
  CHECK(refused("[1,\n2,\n,3]").where == "t:3:1 /1");
  CHECK(refused("").message.find("end of input") != std::string::npos);
  CHECK(refused("[" + std::string(1 << 20, 'x') + "]").message.size() < 200);
}

TEST_CASE("writing escapes what JSON, scripts and terminals would stumble over") {
  JsonWriter writer;
  writer.value("a\"b\\c\n\t\x01\x1f\x7f\u00e9\u2028\u2029</script>");
  CHECK(writer.take() == "\"a\\\"b\\\\c\\n\\u0009\\u0001\\u001f\\u007f\u00e9\\u2028\\u2029</script>\"");
}

TEST_CASE("bytes that are not UTF-8 are written as replacement characters") {
  JsonWriter writer;
  writer.value("a\xff\xed\xa0\x80z\xc3");
  const std::string text = writer.take();
  CHECK(text == "\"a\\ufffd\\ufffd\\ufffd\\ufffdz\\ufffd\"");
  CHECK(accepted(text));
}

TEST_CASE("numbers are written in the shortest form that reads back, non-finite ones as null") {
  CHECK(written(0.1) == "0.1");
  CHECK(written(-0.0) == "0");
  CHECK(written(1000000) == "1000000");
  CHECK(written(1e300) == "1e+300");
  CHECK(written(std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
}

TEST_CASE("a hundred thousand random doubles survive writing and reading bit for bit") {
  std::uint64_t state = 0x9e3779b97f4a7c15u;
  int tried = 0;
  for (int i = 0; i < 100000; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    double number = 0;
    std::memcpy(&number, &state, sizeof number);
    if (!(number >= -std::numeric_limits<double>::max() && number <= std::numeric_limits<double>::max())) continue;
    ++tried;
    const Result<JsonValue> back = parse_json(written(number), "t");
    REQUIRE(back.ok());
    REQUIRE(bits(back->number) == bits(number));
  }
  CHECK(tried > 90000);
}

TEST_CASE("commas stand between values and members, and nowhere else") {
  JsonWriter writer;
  writer.begin_object()
      .member("a", 1)
      .member("b", "x")
      .key("c")
      .begin_array()
      .value(true)
      .null()
      .begin_object()
      .end_object();
  writer.begin_array().end_array().raw("[1]").end_array().member("d", false).end_object();
  CHECK(writer.take() == R"({"a":1,"b":"x","c":[true,null,{},[],[1]],"d":false})");
}
