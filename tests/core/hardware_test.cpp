#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/bundled.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

constexpr std::string_view gpu_json =
    R"({"id":"g1","name":"G 1","aliases":["Gee One"],"vendor":"nvidia","memory_gb":80,"memory_gb_per_second":3350,)"
    R"("tflops":{"bf16":989,"fp8":1978},"source":"s","checked":"2026-11-20"})";
constexpr std::string_view offer_json =
    R"({"gpu":"g1","gpus":8,"instance":"m8","usd_per_hour":{"on_demand":16},"source":"s","checked":"2026-11-20"})";
constexpr std::string_view model_json =
    R"({"id":"m-1","name":"M 1","hugging_face":"acme/M-1","parameters_b":{"total":8.03,"active":8.03},)"
    R"("layers":32,"full_attention_layers":32,"attention":"gqa","hidden":4096,"attention_heads":32,"kv_heads":8,)"
    R"("head_dim":128,"dense_intermediate":14336,"vocab":128256,"native_bits":{"other":16},)"
    R"("kv_bytes_per_token":131072,"source":"s","checked":"2026-11-20"})";
constexpr std::string_view training_json =
    R"({"job":"lora","precision":"bf16","gpus":["g1"],"layout":"dense","flops_per_parameter":4,)"
    R"("utilisation":{"low":0.28,"likely":0.3,"high":0.43},"measured_rows":6,"source":"s","checked":"2026-11-20"})";

/// The object with these members on top of its own; one whose value is empty is left out.
std::string with(std::string_view usual, std::string_view members) {
  const Result<JsonValue> object = parse_json(usual, "usual");
  const Result<JsonValue> given = parse_json("{" + std::string(members) + "}", "members");
  REQUIRE(object.ok());
  REQUIRE(given.ok());
  JsonWriter writer;
  writer.begin_object();
  for (const auto& [key, value] : object->members)
    if (given->find(key) == nullptr) writer.key(key).value(value);
  for (const auto& [key, value] : given->members)
    if (value.kind != JsonValue::Kind::null) writer.key(key).value(value);
  writer.end_object();
  return writer.take();
}

std::string gpus_file(std::string_view gpus) {
  return R"({"format":"tokenbill-gpus/1","gpus":[)" + std::string(gpus) + "]}";
}
std::string rent_file(std::string_view offers, std::string_view id = "acme") {
  return R"({"format":"tokenbill-rent/1","id":")" + std::string(id) + R"(","name":"Acme","offers":[)" +
         std::string(offers) + "]}";
}
std::string models_file(std::string_view models) {
  return R"({"format":"tokenbill-open-models/1","models":[)" + std::string(models) + "]}";
}
std::string training_file(std::string_view rows) {
  return R"({"format":"tokenbill-training/1","training":[)" + std::string(rows) + "]}";
}

Hardware load(const std::vector<std::string>& texts) {
  std::vector<NamedText> files;
  for (const std::string& text : texts) files.push_back({"h.json", text});
  Result<Hardware> hardware = parse_hardware_files(files);
  if (!hardware.ok()) FAIL(to_text(hardware.error()));
  return std::move(hardware).value();
}

Hardware sound(const std::vector<std::string>& texts) {
  Hardware hardware = load(texts);
  for (const Error& error : hardware.left_out) FAIL(to_text(error));
  return hardware;
}

/// The first error; what it is about must have been left out.
Error error_of(const std::string& text) {
  const Hardware hardware = load({text});
  CHECK(hardware.gpus.empty());
  CHECK(hardware.models.empty());
  CHECK(hardware.training.empty());
  for (const RentProvider& provider : hardware.rent) CHECK(provider.offers.empty());
  REQUIRE(!hardware.left_out.empty());
  CHECK(hardware.left_out[0].where.starts_with("h.json:1:"));
  return hardware.left_out[0];
}
Error gpu_error(std::string_view members) { return error_of(gpus_file(with(gpu_json, members))); }
Error offer_error(std::string_view members) { return error_of(rent_file(with(offer_json, members))); }
Error model_error(std::string_view members) { return error_of(models_file(with(model_json, members))); }
Error training_error(std::string_view members) { return error_of(training_file(with(training_json, members))); }

/// A catalog with one chat model, acme/m-1, and one that embeds.
Catalog small_catalog() {
  const std::string text = R"({"format":"tokenbill-provider/1","id":"acme","name":"A","kind":"reseller","models":[
    {"id":"m-1","name":"M","kind":"chat","retires":"2026-12-01","prices":[{"tier":"standard","status":"list",
     "usd_per_mtok":{"input":1,"output":2},"source":"s","checked":"2026-11-20"}]},
    {"id":"m-2","name":"M","kind":"chat","prices":[{"tier":"standard","status":"list","from":"2026-11-10",
     "usd_per_mtok":{"input":1,"output":2},"source":"s","checked":"2026-11-20"}]},
    {"id":"e-1","name":"E","kind":"embedding","prices":[{"tier":"standard","status":"list",
     "usd_per_mtok":{"input":1},"source":"s","checked":"2026-11-20"}]}]})";
  const NamedText file{"acme.json", text};
  Result<Catalog> catalog = parse_providers({&file, 1});
  REQUIRE(catalog.ok());
  REQUIRE(catalog->left_out.empty());
  return std::move(catalog).value();
}

/// What the plausibility rules say of the usual four with these members.
std::vector<Error> findings(std::string_view gpu, std::string_view offer, std::string_view model,
                            std::string_view training = "") {
  return check_hardware(sound({gpus_file(with(gpu_json, gpu)), rent_file(with(offer_json, offer)),
                               models_file(with(model_json, model)), training_file(with(training_json, training))}),
                        small_catalog());
}

/// The one finding, as a line.
std::string only(const std::vector<Error>& errors) {
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == Code::inconsistent);
  return to_text(errors[0]);
}

const OpenModel& bundled_model(std::string_view name) {
  const Result<const OpenModel*> model = bundled_hardware().find_open_model(name);
  if (!model.ok()) FAIL(to_text(model.error()));
  return **model;
}

}  // namespace

TEST_CASE("everything that a file of GPUs can say is read") {
  const Hardware hardware = sound({gpus_file(
      R"({"id":"g2","name":"G 2","aliases":["Gee Two"],"vendor":"amd","memory_gb":192,"usable_gib":191,"memory_gb_per_second":5300,)"
      R"("tflops":{"bf16":1307,"fp8":2615,"fp4":3000,"int8":2614},"fp16_only":true,"power_watts":750,"all_in_kw":1.79,)"
      R"("link_gb_per_second":448,"scale_up_gpus":8,"purchase_usd":{"low":15000,"high":20000,"source":"p"},)"
      R"("owner_usd_per_hour":{"hyperscaler":1.12,"neocloud":1.4},"rent_36_months_usd_per_hour":1.55,)"
      R"("source":"s","checked":"2026-11-21","note":"n"})")});
  REQUIRE(hardware.gpus.size() == 1);
  const Gpu& gpu = hardware.gpus[0];
  CHECK(hardware.as_of == *parse_moment("2026-11-21"));
  CHECK(gpu.id == "g2");
  CHECK(gpu.name == "G 2");
  CHECK(gpu.aliases == std::vector<std::string>{"Gee Two"});
  CHECK(gpu.vendor == "amd");
  CHECK(gpu.memory_gb == 192);
  CHECK(gpu.usable_gib == 191);
  CHECK(gpu.memory_gb_per_second == 5300);
  CHECK(gpu.peak(Precision::bf16) == 1307);
  CHECK(gpu.peak(Precision::fp8) == 2615);
  CHECK(gpu.peak(Precision::fp4) == 3000);
  CHECK(gpu.peak(Precision::int8) == 2614);
  CHECK(gpu.fp16_only);
  CHECK(gpu.power_watts == 750);
  CHECK(gpu.all_in_kw == 1.79);
  CHECK(gpu.link_gb_per_second == 448);
  CHECK(gpu.scale_up_gpus == 8);
  CHECK(gpu.purchase_low_usd == 15000);
  CHECK(gpu.purchase_high_usd == 20000);
  CHECK(gpu.purchase_source == "p");
  CHECK(gpu.owner_hyperscaler_usd_per_hour == 1.12);
  CHECK(gpu.owner_neocloud_usd_per_hour == 1.4);
  CHECK(gpu.rent_36_months_usd_per_hour == 1.55);
  CHECK(gpu.source == "s");
  CHECK(gpu.checked == *parse_moment("2026-11-21"));
  CHECK(gpu.note == "n");
}

TEST_CASE("what is not known of a GPU is absent, never zero") {
  const Hardware hardware = sound({gpus_file(with(gpu_json, R"("tflops":null)"))});
  const Gpu& gpu = hardware.gpus.at(0);
  for (std::size_t i = 0; i < precision_count; ++i) CHECK_FALSE(gpu.tflops[i]);
  CHECK_FALSE(gpu.usable_gib);
  CHECK_FALSE(gpu.power_watts);
  CHECK_FALSE(gpu.all_in_kw);
  CHECK_FALSE(gpu.link_gb_per_second);
  CHECK_FALSE(gpu.scale_up_gpus);
  CHECK_FALSE(gpu.purchase_low_usd);
  CHECK_FALSE(gpu.owner_neocloud_usd_per_hour);
  CHECK_FALSE(gpu.rent_36_months_usd_per_hour);
  CHECK_FALSE(gpu.fp16_only);
}

TEST_CASE("everything that a file of rent can say is read") {
  const Hardware hardware = sound({rent_file(
      R"({"gpu":"g1","gpus":8,"instance":"m8","regions":["eu","us"],"tier":"community","includes_host":false,)"
      R"("usd_per_hour":{"on_demand":16,"spot":6,"reserved_6_months":14,"reserved_12_months":12,"reserved_36_months":8},)"
      R"("source":"s","checked":"2026-11-20","note":"n"},)" +
      std::string(offer_json))});
  REQUIRE(hardware.rent.size() == 1);
  CHECK(hardware.rent[0].id == "acme");
  CHECK(hardware.rent[0].name == "Acme");
  REQUIRE(hardware.rent[0].offers.size() == 2);
  const RentOffer& offer = hardware.rent[0].offers[0];
  CHECK(offer.gpu == "g1");
  CHECK(offer.gpus == 8);
  CHECK(offer.instance == "m8");
  CHECK(offer.regions == std::vector<std::string>{"eu", "us"});
  CHECK(offer.tier == RentTier::community);
  CHECK_FALSE(offer.includes_host);
  CHECK(offer.usd_per_gpu_hour(RentTerm::on_demand) == 2);
  CHECK(offer.usd_per_gpu_hour(RentTerm::spot) == 0.75);
  CHECK(offer.usd_per_gpu_hour(RentTerm::reserved_6_months) == 1.75);
  CHECK(offer.usd_per_gpu_hour(RentTerm::reserved_12_months) == 1.5);
  CHECK(offer.usd_per_gpu_hour(RentTerm::reserved_36_months) == 1);
  CHECK(offer.note == "n");
  const RentOffer& plain = hardware.rent[0].offers[1];
  CHECK(plain.tier == RentTier::listed);
  CHECK(plain.includes_host);
  CHECK(plain.regions.empty());
  CHECK_FALSE(plain.usd_per_gpu_hour(RentTerm::spot));
}

TEST_CASE("everything that a file of open models can say is read") {
  const Hardware hardware = sound({models_file(
      R"({"id":"m-2","name":"M 2","hugging_face":"acme/M-2","aliases":["Em Two"],)"
      R"("parameters_b":{"total":671,"active":37,"routed_experts":653},"layers":61,"full_attention_layers":31,)"
      R"("window_layers":30,"window_tokens":128,"compression":[{"layers":60,"ratio":4},{"layers":1}],)"
      R"("attention":"mla_sparse","hidden":7168,"attention_heads":128,"kv_heads":127,"head_dim":192,)"
      R"("full_kv_heads":2,"full_head_dim":512,)"
      R"("latent":{"q_rank":1536,"kv_rank":512,"qk_nope_dim":129,"qk_rope_dim":64,"v_head_dim":130},)"
      R"("index":{"heads":65,"head_dim":131,"top_k":2048},)"
      R"("experts":{"count":256,"per_token":8,"shared":1,"layers":58,"intermediate":2049},"dense_intermediate":18432,)"
      R"("feed_forward_matrices":2,"vocab":129280,"tied_embeddings":true,"native_bits":{"experts":4.25,"other":8},)"
      R"("context_tokens":163840,"kv_bytes_per_token":70272,"fixed_state_mib":46.8,"hosted":["acme/m-2"],)"
      R"("hosted_note":"h","source":"s","checked":"2026-11-20","note":"n"})")});
  REQUIRE(hardware.models.size() == 1);
  const OpenModel& m = hardware.models[0];
  CHECK(m.id == "m-2");
  CHECK(m.hugging_face == "acme/M-2");
  CHECK(m.aliases == std::vector<std::string>{"Em Two"});
  CHECK(m.total_parameters_b == 671);
  CHECK(m.active_parameters_b == 37);
  CHECK(m.routed_expert_parameters_b == 653);
  CHECK(m.layers == 61);
  CHECK(m.full_attention_layers == 31);
  CHECK(m.window_layers == 30);
  CHECK(m.window_tokens == 128);
  REQUIRE(m.compression.size() == 2);
  CHECK(m.compression[0].layers == 60);
  CHECK(m.compression[0].ratio == 4);
  CHECK_FALSE(m.compression[1].ratio);
  CHECK(m.attention == Attention::mla_sparse);
  CHECK(m.hidden == 7168);
  CHECK(m.attention_heads == 128);
  CHECK(m.kv_heads == 127);
  CHECK(m.head_dim == 192);
  CHECK(m.full_kv_heads == 2);
  CHECK(m.full_head_dim == 512);
  REQUIRE(m.latent);
  CHECK(m.latent->q_rank == 1536);
  CHECK(m.latent->kv_rank == 512);
  CHECK(m.latent->qk_nope_dim == 129);
  CHECK(m.latent->qk_rope_dim == 64);
  CHECK(m.latent->v_head_dim == 130);
  REQUIRE(m.index);
  CHECK(m.index->heads == 65);
  CHECK(m.index->head_dim == 131);
  CHECK(m.index->top_k == 2048);
  REQUIRE(m.experts);
  CHECK(m.experts->count == 256);
  CHECK(m.experts->per_token == 8);
  CHECK(m.experts->shared == 1);
  CHECK(m.experts->layers == 58);
  CHECK(m.experts->intermediate == 2049);
  CHECK(m.dense_intermediate == 18432);
  CHECK(m.feed_forward_matrices == 2);
  CHECK(m.vocab == 129280);
  CHECK(m.tied_embeddings);
  CHECK(m.native_expert_bits == 4.25);
  CHECK(m.native_bits == 8);
  CHECK(m.context_tokens == 163840);
  CHECK(m.kv_bytes_per_token == 70272);
  CHECK(m.fixed_state_mib == 46.8);
  CHECK(m.hosted == std::vector<std::string>{"acme/m-2"});
  CHECK(m.hosted_note == "h");
  CHECK(m.note == "n");
}

TEST_CASE("everything that a file of training can say is read") {
  const Hardware hardware = sound({training_file(with(training_json, R"("layout":"experts","note":"n")"))});
  REQUIRE(hardware.training.size() == 1);
  const TrainingEfficiency& t = hardware.training[0];
  CHECK(t.job == TrainingJob::lora);
  CHECK(t.precision == Precision::bf16);
  CHECK(t.gpus == std::vector<std::string>{"g1"});
  CHECK(t.has_experts);
  CHECK(t.flops_per_parameter == 4);
  CHECK(t.low_ratio == 0.28);
  CHECK(t.likely_ratio == 0.3);
  CHECK(t.high_ratio == 0.43);
  CHECK(t.measured_rows == 6);
  CHECK(t.note == "n");
}

TEST_CASE("an error in a hardware file says where, what was found and expected, and what to do") {
  CHECK(to_text(gpu_error(R"("memory_gb":null)")) ==
        "h.json:1:38 /gpus/0: the key \"memory_gb\" is missing. Add it: a number.");
  const Error far = gpu_error(R"("memory_gb":80000)");
  CHECK(far.code == Code::out_of_range);
  CHECK(far.where.ends_with("/gpus/0/memory_gb"));
  CHECK(far.message == "expected 1 to 10000 GB, found 80000.");
  CHECK(far.hint == "Check the unit and the decimal point.");
  const Error unknown = gpu_error(R"("tflops":{"bf16":1,"fp_8":2})");
  CHECK(unknown.code == Code::unknown_key);
  CHECK(unknown.where.ends_with("/gpus/0/tflops/fp_8"));
  CHECK(unknown.hint == "Did you mean \"fp8\"?");
  CHECK(gpu_error(R"("tflops":{})").hint == "Add one, or remove \"tflops\".");
  CHECK(gpu_error(R"("id":"G 1")").hint == "Use small letters and digits with single - or _ between them.");
  CHECK(gpu_error(R"("vendor":"intel")").message == "expected one of nvidia, amd; found \"intel\".");
  CHECK(gpu_error(R"("aliases":["a","a"])").message == "\"a\" stands in the list twice.");
  CHECK(gpu_error(R"("aliases":[""])").code == Code::out_of_range);
  CHECK(gpu_error(R"("aliases":["G1"])").message == "\"g1\" is the name of two entries.");
  CHECK(gpu_error(R"("purchase_usd":{"low":2,"high":1,"source":"s"})").message ==
        "the lowest price is above the highest.");
  CHECK(gpu_error(R"("power_watts":0)").code == Code::out_of_range);
  CHECK(gpu_error(R"("checked":"2026-11-31")").code == Code::bad_value);

  CHECK(offer_error(R"("usd_per_hour":{})").message == "expected at least one figure, found none.");
  CHECK(offer_error(R"("usd_per_hour":{"on_demand":0})").message ==
        "expected more than 0 to 10000 USD per hour, found 0.");
  CHECK(offer_error(R"("gpus":1.5)").message == "expected a whole number, 1 to 1000 GPUs, found 1.5.");
  CHECK(offer_error(R"("tier":"comunity")").hint == "Did you mean \"community\"?");
  CHECK(offer_error(R"("includes_host":"no")").code == Code::wrong_type);
  CHECK(offer_error(R"("source":null)").code == Code::missing_key);

  CHECK(model_error(R"("window_layers":1)").message == R"(expected "window_layers" and "window_tokens" together.)");
  CHECK(model_error(R"("window_layers":1,"window_tokens":128)").message ==
        "more layers have attention than there are layers.");
  CHECK(model_error(R"("compression":[{"layers":31,"ratio":4}])").message ==
        R"(the layers in "compression" do not add up to all layers.)");
  CHECK(model_error(R"("attention":"mla")").message == R"(attention of the kind "mla" needs "kv_rank".)");
  CHECK(model_error(R"("attention":"mla_sparse","latent":{"kv_rank":512,"qk_rope_dim":64})").message ==
        R"(attention of the kind "mla_sparse" needs "index".)");
  CHECK(model_error(R"("attention":"compressed")").message ==
        R"(attention of the kind "compressed" needs "compression".)");
  CHECK(model_error(R"("attention":"full")").code == Code::bad_value);
  CHECK(model_error(R"("parameters_b":{"total":8,"active":8,"routed_experts":1})").hint == "Give all three, or none.");
  CHECK(model_error(R"("feed_forward_matrices":4)").code == Code::out_of_range);
  CHECK(model_error(R"("hugging_face":"a b")").code == Code::bad_value);

  CHECK(training_error(R"("utilisation":{"low":0.5,"likely":0.4,"high":0.6})").message ==
        "low, likely and high do not ascend.");
  CHECK(training_error(R"("utilisation":{"low":40,"likely":50,"high":60})").code == Code::out_of_range);
  CHECK(training_error(R"("gpus":[])").code == Code::out_of_range);
  CHECK(training_error(R"("job":"qlora")").code == Code::bad_value);
}

TEST_CASE("what is bad is left out, and the rest loads") {
  const Hardware hardware =
      load({gpus_file(std::string(gpu_json) + "," + with(gpu_json, R"("id":"g2","aliases":["X"],"memory_gb":0)") + "," +
                      with(gpu_json, R"("id":"g3","aliases":null)")),
            rent_file(with(offer_json, R"("gpus":0)") + "," + std::string(offer_json)), "{", rent_file(offer_json),
            gpus_file(gpu_json), R"({"format":"tokenbill-gpus/2"})", R"({"format":"tokenbill-provider/1"})"});
  CHECK(hardware.gpus.size() == 2);
  REQUIRE(hardware.rent.size() == 1);
  CHECK(hardware.rent[0].offers.size() == 1);
  REQUIRE(hardware.left_out.size() == 7);
  CHECK(hardware.left_out[0].where.ends_with("/gpus/1/memory_gb"));
  CHECK(hardware.left_out[1].where.ends_with("/offers/0/gpus"));
  CHECK(hardware.left_out[2].code == Code::bad_json);
  CHECK(hardware.left_out[3].message == "\"acme\" has two files.");
  CHECK(hardware.left_out[4].message == "a second file of the format \"tokenbill-gpus/1\".");
  CHECK(hardware.left_out[4].hint == "Put its entries into the first one.");
  CHECK(hardware.left_out[5].hint == "Use a version of the program that reads this format.");
  CHECK(hardware.left_out[6].hint == "Open a document of this kind.");
}

TEST_CASE("a file that cannot be read alone is an error; no file is no hardware") {
  const NamedText file{"h.json", "[]"};
  const Result<Hardware> hardware = parse_hardware_files({&file, 1});
  REQUIRE(!hardware.ok());
  CHECK(hardware.error().code == Code::wrong_type);
  CHECK(sound({}).gpus.empty());
}

TEST_CASE("a name finds one GPU only, and the names of one that was left out stay free") {
  const Hardware hardware = load(
      {gpus_file(with(gpu_json, R"("aliases":["One"])") + "," + with(gpu_json, R"("id":"g2","aliases":["Two","ONE"])") +
                 "," + with(gpu_json, R"("id":"g3","aliases":["two"])"))});
  REQUIRE(hardware.left_out.size() == 1);
  CHECK(hardware.left_out[0].message == "\"one\" is the name of two entries.");
  REQUIRE(hardware.gpus.size() == 2);
  CHECK((*hardware.find_gpu("Two"))->id == "g3");
}

TEST_CASE("GPUs and open models are found by id or alias, whatever the case; the error lists what is near") {
  const Hardware& hardware = bundled_hardware();
  CHECK((*hardware.find_gpu("h100-sxm"))->id == "h100-sxm");
  CHECK((*hardware.find_gpu("H100 sxm5 80gb"))->id == "h100-sxm");
  const Result<const Gpu*> gpu = hardware.find_gpu("H100");
  REQUIRE(!gpu.ok());
  CHECK(gpu.error().code == Code::bad_value);
  CHECK(gpu.error().where == "gpu");
  CHECK(gpu.error().message == "no GPU is called \"H100\".");
  CHECK(gpu.error().hint == "Did you mean h100-nvl, h100-pcie, h100-sxm?");
  CHECK(hardware.find_gpu("abacus").error().hint == "Write an id, for example h100-sxm.");
  CHECK(hardware.find_gpu(std::string(10000, 'x')).error().hint == "Write an id, for example h100-sxm.");

  CHECK(bundled_model("llama-3.1-8b").id == "llama-3.1-8b");
  CHECK(bundled_model("LLAMA-3-8b").id == "llama-3.1-8b");
  CHECK(bundled_model("meta-llama/Llama-3.3-70B-instruct").id == "llama-3.3-70b");
  const Result<const OpenModel*> model = hardware.find_open_model("llama-3.1-8");
  REQUIRE(!model.ok());
  CHECK(model.error().code == Code::unknown_model);
  CHECK(model.error().where == "open_model");
  CHECK(model.error().hint.find("llama-3.1-8b") != std::string::npos);
}

TEST_CASE("every GPU and every model that measurements of serving name is known") {
  for (const std::string_view gpu :
       {"A100-40GB", "A100-80GB-PCIe", "A100-80GB-SXM", "B200",         "B300",      "GB200",       "GB300",
        "H100-PCIe", "H100-SXM",       "H20",           "H200",         "L40S",      "MI250",       "MI300X",
        "MI325X",    "RTX-3090",       "RTX-4090",      "RTX-6000-Ada", "RTX-A6000", "RTX-PRO-6000"}) {
    CAPTURE(gpu);
    CHECK(bundled_hardware().find_gpu(gpu).ok());
  }
  for (const std::string_view model : {"DeepSeek-R1",   "Gemma-2-9B",       "Kimi-K2.5",
                                       "Llama-2-70B",   "Llama-2-7B",       "Llama-3.1-405B",
                                       "Llama-3.1-70B", "Llama-3.1-8B",     "Llama-3.3-70B",
                                       "Llama-4-Scout", "Llama-4-Maverick", "MiniMax-M2.5",
                                       "MiniMax-M3",    "Mistral-7B",       "Mixtral-8x7B",
                                       "Phi-4",         "Qwen2.5-14B",      "Qwen2.5-72B",
                                       "Qwen2.5-7B",    "Qwen3-235B-A22B",  "Qwen3-30B-A3B",
                                       "Qwen3-32B",     "Qwen3-8B",         "Qwen3.5-397B-A17B",
                                       "gpt-oss-120b",  "gpt-oss-20b",      "Nemotron-3-Nano-30B-A3B"}) {
    CAPTURE(model);
    CHECK(bundled_hardware().find_open_model(model).ok());
  }
}

TEST_CASE("the layouts hold what published caches of each kind of attention are computed from") {
  struct Row {
    std::string_view model;
    Attention attention;
    std::optional<double> kv_bytes_per_token;  // published, in 2-byte numbers
    double full;                               // layers
    double window;
    double entry;  // numbers of one token in one layer
  };
  const std::vector<Row> rows = {
      {"Llama-2-7B", Attention::mha, 524288, 32, 0, 2 * 32 * 128},
      {"Llama-3.1-8B", Attention::gqa, 131072, 32, 0, 2 * 8 * 128},
      {"Llama-3.1-70B", Attention::gqa, 327680, 80, 0, 2 * 8 * 128},
      {"Falcon-7B", Attention::mqa, 8192, 32, 0, 2 * 64},
      {"Mistral-Small-24B", Attention::gqa, 163840, 40, 0, 2 * 8 * 128},
      {"gpt-oss-120b", Attention::gqa, 73728, 18, 18, 2 * 8 * 64},
      {"Gemma-3-27B", Attention::gqa, 507904, 10, 52, 2 * 16 * 128},
      {"Gemma-4-26B-A4B", Attention::gqa, 245760, 5, 25, 2 * 8 * 256},
      {"Qwen3.5-397B-A17B", Attention::gqa, 30720, 15, 0, 2 * 2 * 256},
      {"Nemotron-3-Nano-30B-A3B", Attention::gqa, 6144, 6, 0, 2 * 2 * 128},
      {"DeepSeek-V3", Attention::mla, 70272, 61, 0, 512 + 64},
      {"Kimi-K2.5", Attention::mla, 70272, 61, 0, 512 + 64},
      {"DeepSeek-V3.2", Attention::mla_sparse, 70272, 61, 0, 512 + 64},
      {"GLM-5", Attention::mla_sparse, 89856, 78, 0, 512 + 64},
      {"DeepSeek-V4-Pro", Attention::compressed, std::nullopt, 0, 61, 512},
  };
  for (const Row& row : rows) {
    CAPTURE(row.model);
    const OpenModel& m = bundled_model(row.model);
    CHECK(m.attention == row.attention);
    CHECK(m.kv_bytes_per_token == row.kv_bytes_per_token);
    CHECK(m.full_attention_layers == row.full);
    CHECK(m.window_layers == row.window);
    const bool latent = m.attention == Attention::mla || m.attention == Attention::mla_sparse;
    const double entry = latent                                 ? *m.latent->kv_rank + m.latent->qk_rope_dim
                         : m.attention == Attention::compressed ? m.head_dim
                                                                : 2 * m.kv_heads * m.head_dim;
    CHECK(entry == row.entry);
    if (row.kv_bytes_per_token) CHECK(2 * (row.full + row.window) * entry == *row.kv_bytes_per_token);
  }
  CHECK(bundled_model("Qwen3.5-397B-A17B").fixed_state_mib == 183.2);
  CHECK(bundled_model("gpt-oss-20b").window_tokens == 128);
  const OpenModel& v4 = bundled_model("DeepSeek-V4-Flash");
  REQUIRE(v4.compression.size() == 3);
  CHECK(v4.window_tokens == 128);
}

TEST_CASE("the bundle holds what it was written from, in an order that the files do not change") {
  const std::string gpus = gpus_file(gpu_json);
  const std::string a = rent_file(offer_json, "a");
  const std::string b = rent_file(offer_json, "b");
  const std::string models = models_file(model_json);
  const std::string training = training_file(training_json);
  const auto text = [](const std::vector<std::string>& texts) {
    std::vector<NamedText> files;
    for (const std::string& t : texts) files.push_back({"h.json", t});
    Result<std::string> result = hardware_text(files);
    REQUIRE(result.ok());
    return std::move(result).value();
  };
  const std::string bundle = text({gpus, a, b, models, training});
  CHECK(bundle == text({training, b, models, a, gpus}));
  CHECK(bundle.starts_with(R"({"format":"tokenbill-hardware/1","as_of":"2026-11-20","gpus":[{"id":"g1",)"));
  CHECK(bundle.ends_with("]}\n"));
  const Result<Hardware> hardware = parse_hardware(bundle);
  REQUIRE(hardware.ok());
  CHECK(hardware->left_out.empty());
  CHECK(hardware->as_of == *parse_moment("2026-11-20"));
  CHECK(hardware->gpus.size() == 1);
  REQUIRE(hardware->rent.size() == 2);
  CHECK(hardware->rent[1].id == "b");
  CHECK(hardware->models.size() == 1);
  CHECK(hardware->training.size() == 1);
  CHECK(check_hardware(*hardware, small_catalog()).empty());
  // A part without a file is an empty list.
  CHECK(parse_hardware(text({gpus}))->gpus.size() == 1);
  const std::string bad = gpus_file(with(gpu_json, R"("memory_gb":0)"));
  const NamedText file{"h.json", bad};
  CHECK(!hardware_text({&file, 1}).ok());
}

TEST_CASE("a bundle that is none is an error, and says why") {
  CHECK(parse_hardware("{").error().code == Code::bad_json);
  CHECK(parse_hardware(R"({"format":"tokenbill-prices/1"})").error().message ==
        R"(expected "format": "tokenbill-hardware/1", found the text "tokenbill-prices/1".)");
  const Error missing = parse_hardware(R"({"format":"tokenbill-hardware/1","as_of":"2026-11-20"})").error();
  CHECK(missing.code == Code::missing_key);
  CHECK(missing.message == "the key \"rent\" is missing.");
}

TEST_CASE("a file says whether it belongs to the hardware") {
  const auto belongs = [](const std::string& text) { return is_hardware_file({"f", text}); };
  CHECK(belongs(gpus_file("")));
  CHECK(belongs(rent_file("")));
  CHECK(belongs(models_file("")));
  CHECK(belongs(training_file("")));
  CHECK(belongs(R"({"format":"tokenbill-rent/2"})"));
  CHECK_FALSE(belongs(R"({"format":"tokenbill-provider/1"})"));
  CHECK_FALSE(belongs("{}"));
  CHECK_FALSE(belongs("{"));
}

TEST_CASE("plausibility: sound hardware has no findings") { CHECK(findings("", "", "").empty()); }

TEST_CASE("plausibility of GPUs") {
  CHECK(only(findings(R"("tflops":{"bf16":989,"fp8":494})", "", "")) ==
        "gpus/g1: fp8 is slower than bf16: 494 and 989 TFLOPS. Are they swapped? Peaks are those without sparsity.");
  CHECK(only(findings(R"("tflops":{"bf16":989,"fp8":1978,"fp4":1000})", "", "")).find("fp4 is slower than fp8") !=
        std::string::npos);
  CHECK(only(findings(R"("power_watts":700,"all_in_kw":0.5)", "", "")) ==
        "gpus/g1: all_in_kw is less than the power of the card alone. One is in kilowatts, the other in watts.");
  CHECK(only(findings(R"("usable_gib":141)", "", "")).find("more memory is usable") != std::string::npos);
}

TEST_CASE("plausibility of rent") {
  CHECK(only(findings("", R"("gpu":"g2")", "")) == "rent/acme /offers/0: no GPU has the id \"g2\". Did you mean g1?");
  CHECK(only(findings("", R"("gpu":"gee-one")", "")).find("no GPU has the id") != std::string::npos);
  CHECK(only(findings("", R"("usd_per_hour":{"on_demand":0.3})", "")) ==
        "rent/acme /offers/0: on_demand is 0.0375 USD per GPU and hour, expected 0.05 to 40. usd_per_hour is the price "
        "of "
        "the whole machine: check it and the number of GPUs.");
  CHECK(only(findings("", R"("gpus":1,"usd_per_hour":{"spot":41})", "")).find("spot is 41 USD") != std::string::npos);
  CHECK(only(findings("", R"("usd_per_hour":{"on_demand":16,"spot":17})", "")) ==
        "rent/acme /offers/0: spot is dearer than on_demand. Are they swapped?");
  CHECK(only(findings("", R"("usd_per_hour":{"on_demand":16,"reserved_12_months":17})", ""))
            .find("reserved_12_months is dearer than on_demand") != std::string::npos);
  CHECK(findings("", R"("tier":"market","usd_per_hour":{"on_demand":16,"spot":17})", "").empty());

  const auto twice = [](std::string_view first, std::string_view second) {
    return check_hardware(
        sound({gpus_file(gpu_json), rent_file(with(offer_json, first) + "," + with(offer_json, second))}),
        small_catalog());
  };
  CHECK(
      only(twice("", R"("usd_per_hour":{"on_demand":15})")) ==
      "rent/acme /offers/1: on_demand stands in offer 0 as well: 16 and 15 USD per hour. Keep one of them, or name the "
      "instances apart.");
  CHECK(twice(R"("regions":["a","b"])", R"("regions":["b"])").size() == 1);
  CHECK(twice(R"("regions":["a"])", R"("regions":["b"])").empty());
  CHECK(twice("", R"("instance":"m9")").empty());
  CHECK(twice("", R"("checked":"2026-11-21")").empty());
  CHECK(twice("", R"("usd_per_hour":{"spot":5})").empty());
}

TEST_CASE("plausibility of open models") {
  CHECK(only(findings("", "", R"("parameters_b":{"total":8.5,"active":8.03})")) ==
        "models/m-1: total is 8.5 billion parameters, the layout gives 8.03. Check both.");
  CHECK(findings("", "", R"("parameters_b":{"total":8.15,"active":8.15})").empty());  // within 2 %
  CHECK(only(findings("", "", R"("parameters_b":{"total":8.03,"active":9})")) ==
        "models/m-1: a token passes more parameters than there are. Are active and total swapped?");
  CHECK(only(findings("", "", R"("kv_bytes_per_token":131073)"))
            .starts_with("models/m-1: kv_bytes_per_token is 131073 bytes, the layout gives "));
  CHECK(findings("", "", R"("kv_heads":16)").size() == 2);  // parameters and cache
  CHECK(only(findings("", "", R"("attention":"mla","latent":{"kv_rank":512,"qk_rope_dim":64})"))
            .starts_with("models/m-1: kv_bytes_per_token is 131072 bytes, the layout gives 36"));
  // Where the layout does not tell the parameters, nothing is said of them.
  CHECK(findings("", "", R"("full_attention_layers":8,"kv_bytes_per_token":null,"parameters_b":{"total":9,"active":9})")
            .empty());

  const auto experts = [](std::string_view parameters, std::string_view numbers) {
    return findings("", "",
                    R"("dense_intermediate":null,"native_bits":{"experts":16,"other":16},"experts":{)" +
                        std::string(numbers) + R"("layers":32,"intermediate":14336},"parameters_b":{)" +
                        std::string(parameters) + "}");
  };
  constexpr std::string_view eight = R"("count":8,"per_token":2,)";
  CHECK(experts(R"("total":47.49,"active":13.67,"routed_experts":45.097)", eight).empty());
  CHECK(only(experts(R"("total":47.49,"active":20,"routed_experts":45.097)", eight)) ==
        "models/m-1: active is 20 billion parameters, the layout gives 13.6673. Check both.");
  const std::vector<Error> wrong = experts(R"("total":47.49,"active":13.67,"routed_experts":40)", eight);
  REQUIRE(wrong.size() == 3);  // what stands on it is wrong as well
  CHECK(wrong[0].message == "routed_experts is 40 billion parameters, the layout gives 45.0972.");
  CHECK(only(experts(R"("total":47.49,"active":47.49,"routed_experts":45.097)", R"("count":8,"per_token":9,)"))
            .find("a token passes more experts") != std::string::npos);

  CHECK(findings("", "", R"("hosted":["acme/m-1"])").empty());
  CHECK(only(findings("", "", R"("hosted":["acme/m-9"])"))
            .starts_with("models/m-1: hosted: the catalog has no model \"acme/m-9\". Did you mean acme/m-1"));
  CHECK(only(findings("", "", R"("hosted":["m-1"])")) ==
        "models/m-1: hosted: the catalog has no model \"m-1\". Its key is \"acme/m-1\".");
  CHECK(only(findings("", "", R"("hosted":["acme/e-1"])")) ==
        "models/m-1: hosted: \"acme/e-1\" is of the kind embedding, expected chat. Name the model that answers.");
}

TEST_CASE("plausibility of training") {
  CHECK(only(findings("", "", "", R"("gpus":["g9"])")).find("training/0: no GPU has the id \"g9\".") !=
        std::string::npos);
  CHECK(only(findings("", "", "", R"("precision":"fp4")")) ==
        "training/0: the GPU \"g1\" has no peak at fp4. A share of a peak needs one: check the precision, or add the "
        "peak.");
}

TEST_CASE("rent ranges from the cheapest to the dearest firm offer, each with whose it is") {
  const auto offer = [](std::string_view instance, std::string_view usd, std::string_view more = "") {
    return with(offer_json, R"("instance":")" + std::string(instance) + R"(","usd_per_hour":{"on_demand":)" +
                                std::string(usd) + "}" + std::string(more));
  };
  const Hardware hardware =
      sound({gpus_file(std::string(gpu_json) + "," + with(gpu_json, R"("id":"g2","aliases":null)")),
             rent_file(offer("a", "24") + "," + offer("b", "16") + "," + offer("other", "8", R"(,"gpu":"g2")") + "," +
                           offer("c", "4", R"(,"tier":"marketplace")") + "," + offer("d", "2", R"(,"tier":"market")"),
                       "one"),
             rent_file(offer("a", "32") + "," + offer("s", "20", R"(,"tier":"secure","gpus":4)") + "," +
                           with(offer_json, R"("instance":"e","usd_per_hour":{"spot":3})"),
                       "two")});
  const Gpu& gpu = hardware.gpus[0];
  const std::optional<RentRange> range = rent_range(hardware, gpu, RentTerm::on_demand);
  REQUIRE(range);
  CHECK(range->offers == 4);
  CHECK(range->low.usd_per_gpu_hour == 2);
  CHECK(range->low.provider->id == "one");
  CHECK(range->low.offer->instance == "b");
  CHECK(range->median.usd_per_gpu_hour == 3);  // of 2, 3, 4 and 5
  CHECK(range->median.offer->instance == "a");
  CHECK(range->high.usd_per_gpu_hour == 5);
  CHECK(range->high.provider->id == "two");
  CHECK(range->high.offer->instance == "s");
  const std::optional<RentRange> all =
      rent_range(hardware, gpu, RentTerm::on_demand, [](const RentOffer&) { return true; });
  REQUIRE(all);
  CHECK(all->offers == 6);
  CHECK(all->low.usd_per_gpu_hour == 0.25);
  CHECK(rent_range(hardware, gpu, RentTerm::spot)->low.usd_per_gpu_hour == 0.375);
  CHECK_FALSE(rent_range(hardware, gpu, RentTerm::reserved_12_months));
  CHECK(rent_range(hardware, hardware.gpus[1], RentTerm::on_demand)->offers == 1);
}

TEST_CASE("the newest price of a machine counts, by term, tier and region") {
  const auto range = [](std::string_view newer) {
    const Hardware hardware =
        sound({gpus_file(gpu_json),
               rent_file(with(offer_json, R"("usd_per_hour":{"on_demand":16,"spot":6})") + "," +
                         with(with(offer_json, R"("usd_per_hour":{"on_demand":24},"checked":"2026-11-21")"), newer))});
    return std::pair(*rent_range(hardware, hardware.gpus[0], RentTerm::on_demand),
                     *rent_range(hardware, hardware.gpus[0], RentTerm::spot));
  };
  CHECK(range("").first.low.usd_per_gpu_hour == 3);
  CHECK(range("").first.offers == 1);
  CHECK(range("").second.low.usd_per_gpu_hour == 0.75);  // the newer one does not say what spot costs
  CHECK(range(R"("instance":"m9")").first.offers == 2);
  CHECK(range(R"("gpus":4)").first.offers == 2);
  CHECK(range(R"("tier":"secure")").first.offers == 2);
  CHECK(range(R"("regions":["eu"])").first.offers == 2);
  CHECK(range(R"("checked":"2026-11-19")").first.low.usd_per_gpu_hour == 2);
}

TEST_CASE("of the hosted models those count that are on sale") {
  const Catalog catalog = small_catalog();
  OpenModel model;
  model.hosted = {"acme/m-2", "acme/m-1", "acme/m-9"};
  const auto keys = [&](std::string_view day) {
    std::vector<std::string> found;
    for (const Model* sold : hosted_at(model, catalog, *parse_moment(day))) found.push_back(sold->key);
    return found;
  };
  CHECK(keys("2026-11-01") == std::vector<std::string>{"acme/m-1"});  // the other one has no price yet
  CHECK(keys("2026-11-22") == std::vector<std::string>{"acme/m-1", "acme/m-2"});
  CHECK(keys("2026-12-01") == std::vector<std::string>{"acme/m-2"});  // and the first one has retired
}

TEST_CASE("the bundled hardware loads in full and agrees with the bundled prices") {
  CHECK(bundled_hardware().left_out.empty());
  for (const Error& finding : check_hardware(bundled_hardware(), bundled_prices())) FAIL_CHECK(to_text(finding));
  const std::optional<RentRange> h100 =
      rent_range(bundled_hardware(), **bundled_hardware().find_gpu("h100-sxm"), RentTerm::on_demand);
  REQUIRE(h100);
  CHECK(h100->low.usd_per_gpu_hour == 1.49);
  CHECK(h100->low.provider->id == "vast-ai");
  CHECK(h100->high.usd_per_gpu_hour == 12.29);
  CHECK(h100->high.provider->id == "azure");
  CHECK(hosted_at(bundled_model("Llama-3.3-70B"), bundled_prices(), *parse_moment("2026-11-22")).size() == 6);
}
