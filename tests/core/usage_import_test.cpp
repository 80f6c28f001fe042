#include "tokenbill/usage_import.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "support/bundled.h"
#include "support/shop.h"

using namespace tokenbill;

namespace {
UsageReport read(const Catalog& catalog, std::string_view text, UsageOptions options = {{}, today, {}}) {
  UsageImport import(catalog, std::move(options));
  import.begin("usage");
  import.feed(text);
  import.finish();
  return import.report();
}

UsageReport read(std::string_view text) { return read(bundled_prices(), text); }

/// One record, of this model, at this price. Prices are those of the sellers' lists on the record's day.
void costs(std::string_view text, std::string_view model, double usd) {
  CAPTURE(text);
  const UsageReport report = read(text);
  for (const UsageProblem& problem : report.problems) CAPTURE(problem.message);
  REQUIRE(report.broken == 0);
  REQUIRE(report.records == 1);
  REQUIRE(report.lines_by_price.size() == 1);
  CHECK(report.lines_by_price[0].model == model);
  CHECK(report.lines_by_price[0].reason == "");
  REQUIRE(report.usd);
  CHECK(*report.usd == doctest::Approx(usd).epsilon(1e-9));
}

double tokens(const UsageReport& report, TokenClass token_class) {
  return report.tokens[static_cast<std::size_t>(token_class)];
}
}  // namespace

TEST_CASE("responses of sellers cost what their lists say") {
  SUBCASE("OpenAI, chat") {
    costs(R"({"id":"chatcmpl-1","object":"chat.completion","created":1793491200,"model":"gpt-5.5-2026-04-23",
      "choices":[{"message":{"role":"assistant","content":"prompt_tokens: 5"}}],
      "usage":{"prompt_tokens":2000,"completion_tokens":500,"total_tokens":2500,"prompt_tokens_details":{"cached_tokens":1024},
      "completion_tokens_details":{"reasoning_tokens":300}},"service_tier":"default"})",
          "openai/gpt-5.5", (976 * 5 + 1024 * 0.5 + 500 * 30) / 1e6);
  }
  SUBCASE("OpenAI, responses, with what was written to the cache, in a promotion") {
    costs(
        R"({"id":"resp_1","object":"response","created_at":1793491200,"model":"gpt-5.6-sol","usage":{"input_tokens":5000,
      "input_tokens_details":{"cached_tokens":3000,"cache_write_tokens":1500},"output_tokens":70,
      "output_tokens_details":{"reasoning_tokens":64},"total_tokens":5070}})",
        "openai/gpt-5.6-sol", (500 * 4 + 3000 * 0.4 + 1500 * 5 + 70 * 20) / 1e6);
  }
  SUBCASE("OpenAI, responses: a search is an item of the output, and other items are none") {
    costs(R"({"object":"response","created_at":1793491200,"model":"gpt-5.5","output":[{"type":"reasoning","summary":[]},
      {"type":"web_search_call","status":"completed"},{"type":"web_search_call","status":"completed"},
      {"type":"message","content":[{"type":"output_text","text":"web_search_call"}]}],
      "usage":{"input_tokens":1000,"output_tokens":100,"total_tokens":1100}})",
          "openai/gpt-5.5", (1000 * 5 + 100 * 30) / 1e6 + 2 * 0.01);
  }
  SUBCASE("Gemini, grounded: each query is a search") {
    const UsageReport report =
        read(bundled_prices(), R"({"candidates":[{"content":{"parts":[{"text":"webSearchQueries"}]},
      "groundingMetadata":{"webSearchQueries":["rates of exchange","rates today"],"groundingChunks":[{"web":{"uri":"u"}}]}}],
      "usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":50,"totalTokenCount":1050},"modelVersion":"gemini-2.5-flash"})");
    CHECK(report.web_searches == 2);
    CHECK(report.prompt_tokens == 1000);
  }
  SUBCASE("OpenAI, beyond the price step of long prompts") {
    costs(R"({"model":"gpt-5.5","created":1793491200,"usage":{"prompt_tokens":272001,"completion_tokens":10}})",
          "openai/gpt-5.5", (272001 * 10 + 10 * 45) / 1e6);
  }
  SUBCASE("OpenAI, results of a batch") {
    costs(
        R"({"id":"batch_req_1","custom_id":"row-1","response":{"status_code":200,"request_id":"r","body":{"id":"chatcmpl-2",
      "created":1793491200,"model":"gpt-5.5","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}},
      "error":null})",
        "openai/gpt-5.5", (1000 * 2.5 + 100 * 15) / 1e6);
  }
  SUBCASE("OpenAI, spoken") {
    costs(
        R"({"model":"gpt-realtime-2","usage":{"input_tokens":300,"output_tokens":200,"input_token_details":{"cached_tokens":120,
      "text_tokens":100,"audio_tokens":200,"cached_tokens_details":{"text_tokens":20,"audio_tokens":100}},
      "output_token_details":{"text_tokens":50,"audio_tokens":150}}})",
        "openai/gpt-realtime-2", (80 * 4 + 20 * 0.4 + 100 * 32 + 100 * 0.4 + 50 * 24 + 150 * 64) / 1e6);
  }
  SUBCASE("OpenAI, pictures") {
    costs(R"({"created":1793491200,"model":"gpt-image-1.5","usage":{"input_tokens":50,"output_tokens":1056,
      "input_tokens_details":{"text_tokens":10,"image_tokens":40}}})",
          "openai/gpt-image-1.5", (10 * 5 + 40 * 8 + 1056 * 32) / 1e6);
  }
  SUBCASE("Anthropic, with lifetimes of the cache, a search and a place") {
    costs(R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[],"usage":{
      "input_tokens":200,"cache_read_input_tokens":8000,"cache_creation_input_tokens":5000,"cache_creation":
      {"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":4000},"output_tokens":400,"service_tier":"standard",
      "server_tool_use":{"web_search_requests":2},"inference_geo":"us"}})",
          "anthropic/claude-sonnet-4-6", 1.1 * (200 * 3 + 8000 * 0.3 + 1000 * 3.75 + 4000 * 6 + 400 * 15) / 1e6 + 0.02);
  }
  SUBCASE("Anthropic, iterations that the top level leaves out") {
    costs(R"({"model":"claude-opus-5-5","usage":{"input_tokens":10,"output_tokens":1,"speed":"fast","iterations":[
      {"type":"message","input_tokens":10,"output_tokens":1},
      {"type":"compaction","input_tokens":700,"cache_read_input_tokens":90,"output_tokens":50}]}})",
          "anthropic/claude-opus-5-5", (710 * 8 + 90 * 0.4 + 51 * 40) / 1e6);
  }
  SUBCASE("Anthropic, results of a batch") {
    costs(R"({"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_2","model":"claude-haiku-5-5","usage":
      {"input_tokens":100001,"output_tokens":10}}}})",
          "anthropic/claude-haiku-5-5", (100001 * 0.25 + 10 * 1.25) / 1e6);
  }
  SUBCASE("Anthropic, as its agent logs it") {
    costs(
        R"({"parentUuid":"p","sessionId":"s","type":"assistant","timestamp":"2026-11-02T10:00:00.123Z","requestId":"req_1",
      "message":{"id":"msg_3","model":"claude-sonnet-4-6","usage":{"input_tokens":4,"cache_creation_input_tokens":1000,
      "cache_read_input_tokens":20000,"output_tokens":300,"output_tokens_details":{"thinking_tokens":100}}}})",
        "anthropic/claude-sonnet-4-6", (4 * 3 + 1000 * 3.75 + 20000 * 0.3 + 300 * 15) / 1e6);
  }
  SUBCASE("Gemini, with thoughts, a tool's text and a cached part") {
    costs(
        R"({"candidates":[],"usageMetadata":{"promptTokenCount":3000,"cachedContentTokenCount":2048,"candidatesTokenCount":100,
      "thoughtsTokenCount":900,"toolUsePromptTokenCount":50,"totalTokenCount":4050},"modelVersion":"gemini-3.6-flash",
      "createTime":"x","responseId":"r1","timestamp":"2026-11-01T00:00:00Z"})",
        "google/gemini-3.6-flash", (1002 * 0.75 + 2048 * 0.075 + 1000 * 3.75) / 1e6);
  }
  SUBCASE("Gemini, as its Python library writes it, by modality") {
    costs(R"({"model":"models/gemini-2.5-pro","usage_metadata":{"prompt_token_count":1000,"candidates_token_count":20,
      "prompt_tokens_details":[{"modality":"TEXT","token_count":742},{"modality":"IMAGE","token_count":258}],
      "cached_content_token_count":null}})",
          "google/gemini-2.5-pro", (1000 * 1.25 + 20 * 10) / 1e6);
  }
  SUBCASE("DeepSeek, at a peak hour of a Monday") {
    costs(
        R"({"model":"deepseek-v4-pro","created":1793584800,"usage":{"prompt_tokens":1000,"prompt_cache_hit_tokens":600,
      "prompt_cache_miss_tokens":400,"completion_tokens":20,"total_tokens":1020}})",
        "deepseek/deepseek-v4-pro", (400 * 1.32 + 600 * 0.044 + 20 * 3.96) / 1e6);
  }
  SUBCASE("DeepSeek, on a Sunday") {
    costs(
        R"({"model":"deepseek-v4-pro","created":1793498400,"usage":{"prompt_tokens":1000,"prompt_cache_hit_tokens":600,
      "prompt_cache_miss_tokens":400,"completion_tokens":20,"total_tokens":1020}})",
        "deepseek/deepseek-v4-pro", (400 * 0.66 + 600 * 0.022 + 20 * 1.98) / 1e6);
  }
  SUBCASE("Mistral") {
    costs(
        R"({"id":"c","model":"mistral-large-latest","created":1793491200,"usage":{"prompt_tokens":100,"completion_tokens":10,
      "total_tokens":110,"num_cached_tokens":64}})",
        "mistral/mistral-large-2512", (36 * 0.5 + 64 * 0.05 + 10 * 1.5) / 1e6);
  }
  SUBCASE("xAI, whose answer does not contain the reasoning, at its price step") {
    costs(
        R"({"model":"grok-4.5","created":1793491200,"usage":{"prompt_tokens":200000,"completion_tokens":10,"total_tokens":200110,
      "prompt_tokens_details":{"cached_tokens":100000},"completion_tokens_details":{"reasoning_tokens":100}}})",
        "xai/grok-4.5", (100000 * 4 + 100000 * 0.6 + 110 * 12) / 1e6);
  }
  SUBCASE("Amazon Bedrock, Converse, in a region") {
    costs(
        R"({"modelId":"us.anthropic.claude-sonnet-4-6-v1:0","usage":{"inputTokens":100,"outputTokens":10,"totalTokens":1110,
      "cacheReadInputTokens":600,"cacheWriteInputTokens":400}})",
        "amazon-bedrock/anthropic.claude-sonnet-4-6-v1:0", 1.1 * (100 * 3 + 600 * 0.3 + 400 * 3.75 + 10 * 15) / 1e6);
  }
  SUBCASE("Amazon Bedrock, log of invocations, global") {
    costs(R"({"schemaType":"ModelInvocationLog","timestamp":"2026-11-01T08:00:00Z","requestId":"r",
      "modelId":"arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-sonnet-4-6-v1:0",
      "input":{"inputContentType":"application/json","inputTokenCount":100,"cacheReadInputTokenCount":50},
      "output":{"outputContentType":"application/json","outputTokenCount":10,"outputBodyJson":{"usage":{"input_tokens":1}}}})",
          "amazon-bedrock/anthropic.claude-sonnet-4-6-v1:0", (100 * 3 + 50 * 0.3 + 10 * 15) / 1e6);
  }
  SUBCASE("Perplexity, with reasoning, citations and searches beside the answer") {
    costs(R"({"model":"sonar-deep-research","created":1793491200,"usage":{"prompt_tokens":20,"completion_tokens":1000,
      "total_tokens":1020,"citation_tokens":500,"num_search_queries":3,"reasoning_tokens":7000}})",
          "perplexity/sonar-deep-research", (20 * 2 + 1000 * 8 + 7000 * 3 + 500 * 2) / 1e6 + 0.015);
  }
  SUBCASE("Cohere, the units that are billed") {
    costs(R"({"model":"command-a","usage":{"billed_units":{"input_tokens":50,"output_tokens":5},
      "tokens":{"input_tokens":900,"output_tokens":8}}})",
          "cohere/command-a-03-2025", (50 * 2.5 + 5 * 10) / 1e6);
  }
}

TEST_CASE("gateways and libraries count in ways of their own") {
  SUBCASE("LiteLLM: the prompt contains the cached part, and the details are in the metadata") {
    costs(
        R"({"request_id":"r1","call_type":"acompletion","api_key":"k","spend":0.0123,"total_tokens":6220,"prompt_tokens":6200,
      "completion_tokens":20,"startTime":"2026-11-01T12:00:00.000Z","endTime":"2026-11-01T12:00:03.000Z","model":
      "claude-sonnet-4-6","model_id":"4f5c","model_group":"smart","custom_llm_provider":"anthropic","metadata":{"status":
      "success","usage_object":{"prompt_tokens":6200,"completion_tokens":20,"total_tokens":6220,"prompt_tokens_details":
      {"cached_tokens":5000},"cache_creation_input_tokens":1000,"cache_read_input_tokens":5000}},"status":"success"})",
        "anthropic/claude-sonnet-4-6", (200 * 3 + 5000 * 0.3 + 1000 * 3.75 + 20 * 15) / 1e6);
  }
  SUBCASE("LangChain") {
    costs(
        R"({"response_metadata":{"model_name":"claude-sonnet-4-6"},"usage_metadata":{"input_tokens":1000,"output_tokens":20,
      "total_tokens":1020,"input_token_details":{"cache_read":600,"cache_creation":300}}})",
        "anthropic/claude-sonnet-4-6", (100 * 3 + 600 * 0.3 + 300 * 3.75 + 20 * 15) / 1e6);
  }
  SUBCASE("Langfuse: classes that do not overlap") {
    costs(
        R"({"id":"o1","traceId":"t","type":"GENERATION","startTime":"2026-11-01T12:00:00Z","model":"gpt-5.5","promptTokens":1000,
      "completionTokens":80,"totalTokens":1080,"usage":{"input":1000,"output":80,"total":1080,"unit":"TOKENS"},"usageDetails":
      {"input":400,"input_cached_tokens":600,"output":50,"output_reasoning_tokens":30,"total":1080},"costDetails":
      {"input":0.002,"output":0.0024,"total":0.0047},"calculatedTotalCost":0.0047,"input":"prompt","output":"answer"})",
        "openai/gpt-5.5", (400 * 5 + 600 * 0.5 + 80 * 30) / 1e6);
  }
  SUBCASE("Vercel's library: the input contains the cached part") {
    costs(R"({"model":"gpt-5.5","usage":{"inputTokens":1000,"outputTokens":80,"totalTokens":1080,"reasoningTokens":30,
      "cachedInputTokens":600}})",
          "openai/gpt-5.5", (400 * 5 + 600 * 0.5 + 80 * 30) / 1e6);
  }
  SUBCASE("OpenRouter: the names of models have dots, and the record says what was paid") {
    const UsageReport report = read(R"({"id":"gen-1","model":"anthropic/claude-sonnet-4.6","provider":"Anthropic",
      "created":1793491200,"usage":{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1010,"cost":0.00321,
      "prompt_tokens_details":{"cached_tokens":900}}})");
    REQUIRE(report.usd);
    CHECK(*report.usd == doctest::Approx((100 * 3 + 900 * 0.3 + 10 * 15) / 1e6));
    CHECK(report.paid_usd == 0.00321);
    CHECK(report.lines_by_price[0].model == "anthropic/claude-sonnet-4-6");
  }
  SUBCASE("what telemetry calls it") {
    costs(R"({"name":"chat gpt-5.5","startTime":"2026-11-01T12:00:00Z","attributes":{"gen_ai.system":"openai",
      "gen_ai.request.model":"gpt-5","gen_ai.response.model":"gpt-5.5-2026-04-23","gen_ai.usage.input_tokens":1000,
      "gen_ai.usage.output_tokens":10,"gen_ai.usage.cache_read.input_tokens":512}})",
          "openai/gpt-5.5", (488 * 5 + 512 * 0.5 + 10 * 30) / 1e6);
  }
}

TEST_CASE("exports as tables") {
  SUBCASE("OpenRouter's activity") {
    const UsageReport report = read(
        "generation_id,created_at,cost_total,cost_web_search,cost_cache,tokens_prompt,tokens_completion,tokens_"
        "reasoning,"
        "tokens_cached,model_permaslug,provider_name,variant,cancelled\n"
        "gen-a,2026-11-01T10:00:00Z,0.0096,0,0,1000,200,30,600,openai/gpt-5.5-20260423,OpenAI,standard,false\n"
        "gen-b,2026-11-02T10:00:00Z,0.0012,0,0,100,10,0,0,anthropic/"
        "claude-4.6-sonnet-20260217,Anthropic,standard,false\n");
    CHECK(report.records == 2);
    CHECK(report.paid_usd == doctest::Approx(0.0108));
    CHECK(report.days == 2.0);
    REQUIRE(report.lines_by_price.size() == 2);
    CHECK(report.lines_by_price[0].model == "openai/gpt-5.5");
    CHECK(*report.lines_by_price[0].usd == doctest::Approx((400 * 5 + 600 * 0.5 + 200 * 30) / 1e6));
  }
  SUBCASE("Anthropic's usage, a row a day") {
    const UsageReport report = read(
        "\xEF\xBB\xBFusage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_"
        "cache,"
        "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
        "usage_output_tokens,web_search_count,inference_geo,speed\r\n"
        "2026-11-05,claude-opus-5-5,App,Default,standard,\xE2\x89\xA4 200k,46981,15969,100,2000,16932,3,global,\r\n"
        "2026-11-06,claude-opus-5-5,App,Default,batch,\xE2\x89\xA4 200k,1000,0,0,0,100,0,global,\r\n");
    CHECK(report.broken == 0);
    CHECK(report.records == 2);
    CHECK_FALSE(report.requests_known);
    REQUIRE(report.usd);
    CHECK(*report.usd == doctest::Approx((46981 * 4 + 15969 * 5 + 100 * 8 + 2000 * 0.2 + 16932 * 20) / 1e6 + 0.03 +
                                         (1000 * 2 + 100 * 10) / 1e6));
  }
  SUBCASE("OpenAI's usage, a row of many requests") {
    const UsageReport report = read(
        "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,batch,input_tokens,"
        "output_tokens,input_cached_tokens\n"
        "1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,p,470,gpt-5.5-2026-04-23,False,"
        "\"1,412,010\",97560,600000\n"
        "1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,p,30,gpt-5.5-2026-04-23,True,1000,"
        "10,0\n");
    CHECK(report.broken == 0);
    CHECK(report.requests == 500);
    CHECK(report.prompts.count() == 0);  // of no single request is the size known
    REQUIRE(report.usd);
    CHECK(*report.usd == doctest::Approx((812010 * 5 + 600000 * 0.5 + 97560 * 30 + 1000 * 2.5 + 10 * 15) / 1e6));
  }
  SUBCASE("Helicone: the prompt is without its cached part") {
    const UsageReport report = read(
        "request_created_at;request_model;provider;response_status;prompt_tokens;completion_tokens;"
        "prompt_cache_read_tokens;prompt_cache_write_tokens;total_tokens;cost\n"
        "2026-11-01T10:00:00Z;claude-sonnet-4-6;ANTHROPIC;200;100;10;600;300;110;0.00176\n"
        "2026-11-01T10:00:01Z;claude-sonnet-4-6;ANTHROPIC;529;100;0;0;0;100;0\n");
    CHECK(report.records == 2);
    CHECK(report.failed == 1);
    REQUIRE(report.usd);
    CHECK(*report.usd == doctest::Approx((100 * 3 + 600 * 0.3 + 300 * 3.75 + 10 * 15 + 100 * 3) / 1e6));
  }
  SUBCASE("Langfuse, JSON in a cell that goes over two lines") {
    const UsageReport report = read(
        "id\tstartTime\tprovidedModelName\tusageDetails\tinput\n"
        "o1\t2026-11-01T10:00:00Z\tgpt-5.5\t\"{\"\"input\"\":400,\n\"\"input_cached_tokens\"\":600,\"\"output\"\":80}"
        "\"\t\"a\tb\"\n"
        "o2\t2026-11-01T10:00:00Z\tgpt-5.5\t\"{\"\"input\"\":10,\"\"output\"\":1}\"\thello\n");
    CHECK(report.broken == 0);
    CHECK(report.records == 2);
    CHECK(tokens(report, TokenClass::input) == 410);
    CHECK(tokens(report, TokenClass::cache_read) == 600);
  }
  SUBCASE("a table without any column that counts is refused with its columns") {
    const UsageReport report = read("name,colour\nx,red\n");
    CHECK(report.records == 0);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].message.find("name,colour") != std::string::npos);
  }
  SUBCASE("rows with other than the header's cells are counted, with their lines") {
    const UsageReport report =
        read("model,input_tokens,output_tokens\ngpt-5.5,10,1\ngpt-5.5,10\ngpt-5.5,10,1,7\ngpt-5.5,20,2\n");
    CHECK(report.records == 2);
    CHECK(report.broken == 2);
    REQUIRE(report.problems.size() == 2);
    CHECK(report.problems[0].line == 3);
    CHECK(report.problems[1].line == 4);
    CHECK(tokens(report, TokenClass::input) == 30);
  }
}

TEST_CASE("reports of sellers' interfaces: buckets in pages") {
  const UsageReport usage = read(R"({
    "object": "page",
    "data": [
      {"object": "bucket", "start_time": 1793491200, "end_time": 1793577600, "results": [
        {"object": "organization.usage.completions.result", "input_tokens": 1000, "output_tokens": 500,
         "input_cached_tokens": 800, "num_model_requests": 5, "model": "gpt-5.5", "batch": false},
        {"object": "organization.usage.completions.result", "input_tokens": 300, "output_tokens": 200,
         "num_model_requests": 3, "model": "gpt-5.5", "batch": true}]},
      {"object": "bucket", "start_time": 1793577600, "end_time": 1793664000, "results": []}
    ],
    "has_more": false
  })");
  CHECK(usage.broken == 0);
  CHECK(usage.requests == 8);
  REQUIRE(usage.usd);
  CHECK(*usage.usd == doctest::Approx((200 * 5 + 800 * 0.5 + 500 * 30 + 300 * 2.5 + 200 * 15) / 1e6));
  CHECK(usage.first == Moment{1793491200});

  const UsageReport anthropic =
      read(R"({"data":[{"starting_at":"2026-11-01T00:00:00Z","ending_at":"2026-11-02T00:00:00Z",
    "results":[{"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500},
    "cache_read_input_tokens":200,"output_tokens":500,"server_tool_use":{"web_search_requests":10},"model":"claude-sonnet-4-6",
    "service_tier":"batch","context_window":"0-200k"}]}],"has_more":false,"next_page":null})");
  REQUIRE(anthropic.usd);
  CHECK(*anthropic.usd == doctest::Approx((1500 * 1.5 + 1000 * 3 + 500 * 1.875 + 200 * 0.15 + 500 * 7.5) / 1e6 + 0.1));

  const UsageReport costs = read(R"({"data":[{"start_time":1793491200,"results":[{"object":"organization.costs.result",
    "amount":{"value":0.06,"currency":"usd"},"line_item":"GPT-5.5, input"},{"object":"organization.costs.result",
    "amount":{"value":"1.5","currency":"usd"},"line_item":null}]}]})");
  CHECK(costs.records == 0);
  CHECK(costs.cost_only == 2);
  CHECK(*costs.cost_report_usd == doctest::Approx(1.56));

  const UsageReport cents = read(R"({"data":[{"starting_at":"2026-11-01T00:00:00Z","results":[{"currency":"USD",
    "amount":"123.78945","cost_type":"tokens","description":"Claude Sonnet 4.6 Usage - Input Tokens"}]}]})");
  CHECK(*cents.cost_report_usd == doctest::Approx(1.2378945));
}

TEST_CASE("what is broken is counted with its line, and does not stop the rest") {
  const std::string good = R"({"model":"gpt-5.5","usage":{"prompt_tokens":10,"completion_tokens":1}})";
  const UsageReport report = read(good + "\n{\"model\":\"gpt\n\n" + good +
                                  "\nnothing\n{\"usage\":{\"prompt_tokens\":1,"
                                  "\"prompt_tokens_details\":{\"cached_tokens\":2}}}\n{\"hello\":1}\n" +
                                  good);
  CHECK(report.records == 3);
  CHECK(report.broken == 3);
  CHECK(report.without_usage == 1);
  REQUIRE(report.problems.size() == 3);
  CHECK(report.problems[0].line == 2);
  CHECK(report.problems[1].line == 5);
  CHECK(report.problems[1].message.find("nothing") != std::string::npos);
  CHECK(report.problems[2].line == 6);
  CHECK(report.problems[2].message.find("exceed") != std::string::npos);
  CHECK(report.lines == 8);

  // The first line is broken: what follows is read all the same.
  CHECK(read("{\"model\":\n" + good + "\n" + good + "\n").records == 2);
  CHECK(read("[" + good + ",\n" + good + ",\n{\"model\":").records == 2);
  // More problems than are kept are still counted.
  std::string many;
  for (int i = 0; i < 100; ++i) many += "{]\n";
  CHECK(read(good + "\n" + many).broken == 100);
  CHECK(read(good + "\n" + many).problems.size() == 20);
}

TEST_CASE("JSON in all its dresses: lists, values over many lines, streams, logs") {
  const std::string one = R"({"model":"gpt-5.5","usage":{"prompt_tokens":10,"completion_tokens":1}})";
  CHECK(read("[" + one + "," + one + "]").records == 2);
  CHECK(read("[]").records == 0);
  CHECK(read("\n\n [\n  " + one + ",\n  " + one + "\n ]\n").records == 2);
  CHECK(read("{\n  \"model\": \"gpt-5.5\",\n  \"usage\": {\n \"prompt_tokens\": 10, \"completion_tokens\": 1 }\n}\n" +
             one)
            .records == 2);
  CHECK(read("data: " + one + "\n\ndata: [DONE]\n").records == 1);
  CHECK(read("event: message\ndata: " + one + "\n\n").records == 1);
  CHECK(read("2026-11-01 INFO usage " + one + "\n2026-11-01 INFO usage " + one + "\n").records == 2);
  CHECK(read(R"({"prompt_tokens":10,"completion_tokens":1})").records == 1);
  CHECK(read("").records == 0);
  CHECK(read("{\"model\":\"openai\\/gpt-5.5\",\"usage\":{\"prompt_tokens\":10}}").lines_by_price.at(0).model ==
        "openai/gpt-5.5");
}

TEST_CASE("pieces of any size give the same as the whole") {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    const std::string n = std::to_string(i);
    text += R"({"id":"r)" + n +
            R"(","model":"gpt-5.5","created":1793491200,"text":"a \"quoted\" {brace} \\","usage":{"prompt_tokens":)" +
            std::to_string(1000 + i) + R"(,"completion_tokens":)" + n + "}}\n";
    if (i % 7 == 0) text += "{broken\n";
  }
  const std::string list =
      "[" + text.substr(0, text.find('\n')) + ",\n {\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":7}}]";
  const std::string table =
      "model,input_tokens,output_tokens,note\ngpt-5.5,10,1,\"a\nb\"\ngpt-5.5,20,2,\"x,\"\"y\"\"\"\n";
  for (const std::string& whole : {text, list, table}) {
    const UsageReport expected = read(whole);
    CHECK(expected.records > 1);
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{64}, std::size_t{1000}}) {
      UsageImport import(bundled_prices(), {{}, today, {}});
      import.begin("usage");
      for (std::size_t at = 0; at < whole.size(); at += size) import.feed(std::string_view(whole).substr(at, size));
      import.finish();
      const UsageReport report = import.report();
      CAPTURE(size);
      CHECK(report.records == expected.records);
      CHECK(report.broken == expected.broken);
      CHECK(report.lines == expected.lines);
      CHECK(report.tokens == expected.tokens);
      CHECK(report.usd == expected.usd);
      REQUIRE(report.problems.size() == expected.problems.size());
      for (std::size_t i = 0; i < report.problems.size(); ++i)
        CHECK(report.problems[i].line == expected.problems[i].line);
    }
  }
}

TEST_CASE("the same request again is counted once, and a gateway's own answers not at all") {
  const std::string one =
      R"({"requestId":"r","message":{"id":"msg_1","model":"claude-sonnet-4-6","usage":{"input_tokens":5,"output_tokens":1}}})";
  const std::string two =
      R"({"requestId":"s","message":{"id":"msg_2","model":"claude-sonnet-4-6","usage":{"input_tokens":5,"output_tokens":1}}})";
  const UsageReport report = read(one + "\n" + one + "\n" + two + "\n" + one + "\n");
  CHECK(report.records == 2);
  CHECK(report.repeated == 2);
  const UsageReport kept =
      read(R"({"model":"gpt-5.5","cache_hit":"True","spend":0,"prompt_tokens":100,"completion_tokens":5})");
  CHECK(kept.records == 0);
  CHECK(kept.kept_answers == 1);
}

TEST_CASE("what has no price is unknown and never nothing") {
  const UsageReport report = read(
      "{\"model\":\"my-own-model\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1}}\n"
      "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1}}\n"
      "{\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1}}\n");
  CHECK_FALSE(report.usd);
  CHECK(report.known_usd == doctest::Approx(530e-6));
  CHECK(report.unpriced_requests == 2);
  REQUIRE(report.lines_by_price.size() == 3);
  CHECK(report.lines_by_price[0].usd);
  CHECK(report.lines_by_price[1].reason != "");
  CHECK(report.lines_by_price[2].reason != "");
  // A model for records that name none.
  const UsageReport named =
      read(bundled_prices(), R"({"prompt_tokens":100,"completion_tokens":1})", {"openai/gpt-5.5", today, {}});
  CHECK(named.usd == doctest::Approx(530e-6));
}

TEST_CASE("each month has its sum; one with an unpriced line is unknown, and records without a time stand last") {
  const UsageReport report = read(
      "{\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1}}\n"
      "{\"created\":\"2026-11-02T00:00:00Z\",\"model\":\"my-own\",\"usage\":{\"prompt_tokens\":100,\"completion_"
      "tokens\":1}}\n"
      "{\"created\":\"2026-11-03T00:00:00Z\",\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":200,\"completion_"
      "tokens\":2}}\n"
      "{\"created\":\"2026-10-31T23:59:59Z\",\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":100,\"completion_"
      "tokens\":1}}\n"
      "{\"created\":\"2026-10-01T00:00:00Z\",\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":100,\"completion_"
      "tokens\":1}}\n");
  REQUIRE(report.by_month.size() == 3);
  CHECK(report.by_month[0].month == "2026-10");
  CHECK(report.by_month[0].requests == 2);
  CHECK(report.by_month[0].usd == doctest::Approx(2 * 530e-6));
  CHECK(report.by_month[1].month == "2026-11");
  CHECK_FALSE(report.by_month[1].usd);
  CHECK(report.by_month[1].known_usd == doctest::Approx(2 * 530e-6));
  CHECK(report.by_month[2].month.empty());
  CHECK(report.by_month[2].usd == doctest::Approx(530e-6));
}

TEST_CASE("members in another order, under other names or escaped are not taken for those of the record before") {
  const UsageReport report = read(
      R"({"model":"gpt-5.5","usage":{"prompt_tokens":1000,"completion_tokens":10}})"
      "\n"
      R"({"usage":{"completion_tokens":20,"prompt_tokens":3000},"model":"gpt-5.5"})"
      "\n"
      R"({"modelx":"x","usage":{"prompt_tokensx":7,"completion_token":7,"prompt_tokens":500,"completion_tokens":5},"model":"gpt-5.5"})"
      "\n"
      R"({"mode\"":"x","model":"gpt-5.5","usage":{"prompt_tokens":100,"completion_tokens":1}})"
      "\n");
  CHECK(report.records == 4);
  CHECK(report.broken == 0);
  CHECK(report.prompt_tokens == 4600);
  CHECK(report.output_tokens == 36);
  CHECK(report.lines_by_price.size() == 1);
}

TEST_CASE("names of models as others write them") {
  const auto model = [](std::string_view name, std::string_view provider = "") {
    std::string text = R"({"model":")" + std::string(name) + R"(","provider":")" + std::string(provider) +
                       R"(","usage":{"prompt_tokens":1}})";
    const UsageReport report = read(text);
    REQUIRE(report.lines_by_price.size() == 1);
    return report.lines_by_price[0].known != nullptr ? report.lines_by_price[0].model : std::string("none");
  };
  CHECK(model("Claude Sonnet 4.6") == "anthropic/claude-sonnet-4-6");
  CHECK(model("anthropic/claude-3.7-sonnet:thinking") == "anthropic/claude-3-7-sonnet-20250219");
  CHECK(model("claude-opus-4-1-20250805") == "anthropic/claude-opus-4-1");
  CHECK(model("openrouter/openai/gpt-5.5") == "openai/gpt-5.5");
  CHECK(model("azure/gpt-5.6-sol") == "azure/gpt-5.6-sol");
  CHECK(model("gpt-5.6-sol", "azure_openai") == "azure/gpt-5.6-sol");
  CHECK(model("gpt-4o-2024-05-13") == "openai/gpt-4o-2024-05-13");
  CHECK(model("gpt-4o-2024-08-06") == "openai/gpt-4o");
  CHECK(model("models/gemini-3.6-flash") == "google/gemini-3.6-flash");
  CHECK(model("vertex_ai/claude-sonnet-4-6", "vertex_ai") == "vertex/claude-sonnet-4-6");
  CHECK(model("claude-sonnet-4-6@20260217", "google-vertex") == "vertex/claude-sonnet-4-6");
  CHECK(model("bedrock/eu.anthropic.claude-opus-4-8-v1:0") == "amazon-bedrock/anthropic.claude-opus-4-8-v1:0");
  CHECK(model("accounts/fireworks/models/deepseek-v4-pro", "fireworks_ai") == "fireworks/deepseek-v4-pro");
  CHECK(model("gpt") == "none");
  CHECK(model("sonnet") == "none");
}

TEST_CASE("times as records write them decide the price") {
  const auto first = [](std::string_view time) {
    return read(R"({"model":"gpt-5.5","timestamp":)" + std::string(time) + R"(,"usage":{"prompt_tokens":1}})").first;
  };
  const Moment noon{1793534400};  // 2026-11-01T12:00:00Z
  CHECK(first("1793534400") == noon);
  CHECK(first("1793534400.25") == noon);
  CHECK(first("1793534400123") == noon);
  CHECK(first("1793534400123456") == noon);
  CHECK(first("1793534400123456789") == noon);
  CHECK(first("\"1793534400\"") == noon);
  CHECK(first("\"2026-11-01T12:00:00Z\"") == noon);
  CHECK(first("\"2026-11-01T14:00:00.5+02:00\"") == noon);
  CHECK(first("\"2026-11-01 04:30:00-0730\"") == noon);
  CHECK(first("\"2026-11-01 12:00:00 UTC\"") == noon);
  CHECK(first("\"2026-11-01 12:00\"") == noon);
  CHECK(first("\"2026/11/1\"") == Moment{1793491200});
  CHECK(first("20261101") == Moment{1793491200});
  for (const char* none :
       {"\"yesterday\"", "\"2026-13-01\"", "\"2026-02-30\"", "12", "-5", "\"11/01/2026\"", "1e300", "null"}) {
    CAPTURE(none);
    CHECK_FALSE(first(none));
  }
}

TEST_CASE("causes that only records show: price steps, peak hours, tiers") {
  const UsageReport report = read(
      "{\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":300000,\"completion_tokens\":100}}\n"
      "{\"model\":\"gpt-5.5\",\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100},\"service_tier\":\"flex\"}"
      "\n");
  double cliffs = 0, saved = 0;
  for (const UsageLine& line : report.lines_by_price) {
    cliffs += line.cliff_usd;
    saved += line.saved_by_tier_usd.value_or(0);
  }
  CHECK(cliffs == doctest::Approx((300000 * 5 + 100 * 15) / 1e6));
  CHECK(saved == doctest::Approx((1000 * 2.5 + 100 * 15) / 1e6));
}

TEST_CASE("sizes of requests: quantiles within 0.8 % of the sorted ones") {
  SizeDistribution sizes;
  std::vector<double> all;
  std::uint64_t state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double size = std::floor(std::pow(2.0, 3 + static_cast<double>(state >> 44) / 1048576 * 17));
    all.push_back(size);
    sizes.add(size);
  }
  std::sort(all.begin(), all.end());
  for (const double share : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}) {
    CAPTURE(share);
    const double exact = all[static_cast<std::size_t>(share * 20000) - 1];
    CHECK(std::abs(*sizes.quantile(share) - exact) <= 0.008 * exact);
  }
  CHECK_FALSE(SizeDistribution().quantile(0.5));
  SizeDistribution zeros;
  zeros.add(0);
  CHECK(zeros.quantile(0.5) == 0.0);
}
