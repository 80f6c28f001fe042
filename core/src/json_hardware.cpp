#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "json_reader.h"
#include "order.h"
#include "text.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {

using Kind = JsonValue::Kind;

constexpr std::string_view bundle_format = "tokenbill-hardware/1";
constexpr std::string_view gpus_format = "tokenbill-gpus/1";
constexpr std::string_view rent_format = "tokenbill-rent/1";
constexpr std::string_view models_format = "tokenbill-open-models/1";
constexpr std::string_view training_format = "tokenbill-training/1";
constexpr std::array file_formats = {gpus_format, rent_format, models_format, training_format};

constexpr Size text_size{1, 300};
constexpr Size many{1, 1000};
constexpr Size few{1, 32};
constexpr std::size_t most_offers = 20000;  // of all providers

constexpr Range count_range{1, 1e6, "", Numbers::whole};
constexpr Range none_range{0, 1e6, "", Numbers::whole};
constexpr Range billions_range{0, 1e5, "billion parameters", Numbers::positive};
constexpr Range token_range{1, 1e9, "tokens", Numbers::whole};
constexpr Range bits_range{0, 32, "bits a weight", Numbers::positive};
constexpr Range hour_range{0, 10000, "USD per hour", Numbers::positive};
constexpr Range ratio_range{0, 1, "", Numbers::positive};

constexpr std::array<std::string_view, 2> vendors = {"nvidia", "amd"};
constexpr std::array<std::string_view, 2> layouts = {"dense", "experts"};

// The ids of an enum, for choices.
template <class Enum, std::size_t count>
std::array<std::string_view, count> ids_of(std::string_view (*id)(Enum)) {
  std::array<std::string_view, count> ids;
  for (std::size_t i = 0; i < count; ++i) ids[i] = id(static_cast<Enum>(i));
  return ids;
}

struct HardwareDraft {
  Hardware hardware;
  std::set<std::string, std::less<>> gpu_names;    ///< ids and aliases, in small letters
  std::set<std::string, std::less<>> model_names;  ///< likewise, and names on Hugging Face
  std::set<std::string, std::less<>> providers;
  std::size_t offers = 0;
};

// What ends every entry: where its figures were read, and when.
template <class Item>
void read_origin(JsonReport& report, JsonObject& object, HardwareDraft& draft, Item& item) {
  const std::size_t before = report.count;
  object.text("source", item.source, Need::required, text_size);
  object.day("checked", item.checked, Need::required);
  object.text("note", item.note, Need::optional, text_size);
  if (report.count == before) draft.hardware.as_of = std::max(draft.hardware.as_of, item.checked);
}

// Reads the object under a key, if there is one.
template <class Read>
void read_inner(JsonReport& report, JsonObject& object, std::string_view key, const Read& read,
                Need need = Need::optional) {
  const JsonValue* member = object.get(key, Kind::object, need);
  if (member == nullptr) return;
  const JsonStep step(report, key);
  JsonObject fields(report, *member);
  read(fields);
  if (member->members.empty())
    report.add(Code::missing_key, *member, "expected at least one figure, found none.",
               join({"Add one, or remove ", in_quotes(key), "."}));
  fields.finish();
}

std::vector<std::string> read_texts(JsonReport& report, JsonObject& object, std::string_view key, Need need) {
  std::vector<std::string> texts;
  const std::span<const JsonValue> items = object.list(key, need, few);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const JsonStep step(report, key, i);
    if (!expect_kind(report, items[i], Kind::string)) continue;
    if (items[i].text.empty() || items[i].text.size() > text_size.most) {
      report.add(Code::out_of_range, items[i], "expected a text of 1 to 300 characters.", "Fill it in, or shorten it.");
    } else if (std::find(texts.begin(), texts.end(), items[i].text) != texts.end()) {
      report.add(Code::inconsistent, items[i], join({in_quotes(items[i].text), " stands in the list twice."}),
                 "Keep one of them.");
    } else {
      texts.push_back(items[i].text);
    }
  }
  return texts;
}

bool read_flag(JsonObject& object, std::string_view key, bool otherwise) {
  const JsonValue* member = object.get(key, Kind::boolean, Need::optional);
  return member != nullptr ? member->boolean : otherwise;
}

// A name finds one thing only, whatever its case.
void take_names(JsonReport& report, const JsonValue& at, std::set<std::string, std::less<>>& taken,
                std::vector<std::string> names) {
  std::vector<std::string> added;
  for (std::string& name : names) {
    name = lower_case(name);
    if (taken.insert(name).second) {
      added.push_back(name);
      continue;
    }
    report.add(Code::inconsistent, at, join({in_quotes(name), " is the name of two entries."}),
               "Ids and aliases differ from each other, and not by their case alone.");
    // The entry is left out, so its other names stay free.
    for (const std::string& other : added) taken.erase(other);
    return;
  }
}

void read_gpu(JsonReport& report, const JsonValue& value, HardwareDraft& draft) {
  const std::size_t before = report.count;
  JsonObject object(report, value);
  Gpu gpu;
  object.id("id", gpu.id, Need::required, IdStyle::slug);
  object.text("name", gpu.name, Need::required, text_size);
  gpu.aliases = read_texts(report, object, "aliases", Need::optional);
  std::size_t vendor = 0;
  object.choice("vendor", vendor, Need::required, vendors);
  gpu.vendor = vendors[vendor];
  object.number("memory_gb", gpu.memory_gb, Need::required, {1, 10000, "GB"});
  object.number("usable_gib", gpu.usable_gib, Need::optional, {1, 10000, "GiB"});
  object.number("memory_gb_per_second", gpu.memory_gb_per_second, Need::required, {1, 1e6, "GB a second"});
  read_inner(report, object, "tflops", [&](JsonObject& fields) {
    for (std::size_t i = 0; i < precision_count; ++i)
      fields.number(precision_id(static_cast<Precision>(i)), gpu.tflops[i], Need::optional, {1, 1e6, "TFLOPS"});
  });
  gpu.fp16_only = read_flag(object, "fp16_only", false);
  object.number("power_watts", gpu.power_watts, Need::optional, {1, 10000, "W"});
  object.number("all_in_kw", gpu.all_in_kw, Need::optional, {0, 100, "kW", Numbers::positive});
  object.number("link_gb_per_second", gpu.link_gb_per_second, Need::optional, {1, 1e5, "GB a second"});
  object.number("scale_up_gpus", gpu.scale_up_gpus, Need::optional, count_range);
  read_inner(report, object, "purchase_usd", [&](JsonObject& fields) {
    constexpr Range price{0, 1e6, "USD", Numbers::positive};
    fields.number("low", gpu.purchase_low_usd, Need::required, price);
    fields.number("high", gpu.purchase_high_usd, Need::required, price);
    fields.text("source", gpu.purchase_source, Need::required, text_size);
    if (gpu.purchase_low_usd && gpu.purchase_high_usd && *gpu.purchase_low_usd > *gpu.purchase_high_usd)
      report.add(Code::inconsistent, fields.value(), "the lowest price is above the highest.", "Are they swapped?");
  });
  read_inner(report, object, "owner_usd_per_hour", [&](JsonObject& fields) {
    fields.number("hyperscaler", gpu.owner_hyperscaler_usd_per_hour, Need::optional, hour_range);
    fields.number("neocloud", gpu.owner_neocloud_usd_per_hour, Need::optional, hour_range);
  });
  object.number("rent_36_months_usd_per_hour", gpu.rent_36_months_usd_per_hour, Need::optional, hour_range);
  read_origin(report, object, draft, gpu);
  object.finish();
  if (report.count == before) {
    std::vector<std::string> names = gpu.aliases;
    names.insert(names.begin(), gpu.id);
    take_names(report, value, draft.gpu_names, std::move(names));
  }
  if (report.count == before) draft.hardware.gpus.push_back(std::move(gpu));
}

void read_offer(JsonReport& report, const JsonValue& value, HardwareDraft& draft, RentOffer& offer) {
  JsonObject object(report, value);
  object.id("gpu", offer.gpu, Need::required, IdStyle::slug);
  object.number("gpus", offer.gpus, Need::required, {1, 1000, "GPUs", Numbers::whole});
  object.text("instance", offer.instance, Need::required, text_size);
  offer.regions = read_texts(report, object, "regions", Need::optional);
  // Without a tier it is the first one.
  const auto ids = ids_of<RentTier, rent_tier_count>(rent_tier_id);
  std::size_t tier = ids.size();
  object.choice("tier", tier, Need::optional, std::span(ids).subspan(1));
  if (tier < ids.size() - 1) offer.tier = static_cast<RentTier>(tier + 1);
  offer.includes_host = read_flag(object, "includes_host", true);
  read_inner(
      report, object, "usd_per_hour",
      [&](JsonObject& fields) {
        for (std::size_t i = 0; i < rent_term_count; ++i)
          fields.number(rent_term_id(static_cast<RentTerm>(i)), offer.usd_per_hour[i], Need::optional, hour_range);
      },
      Need::required);
  read_origin(report, object, draft, offer);
  object.finish();
}

// Reads one provider; its bad offers are left out, and all of them where the provider itself cannot be told.
void read_provider(JsonReport& report, const JsonValue& value, HardwareDraft& draft, bool has_format) {
  const std::size_t errors_before = report.count;
  JsonObject object(report, value);
  if (has_format) object.allow("format");
  RentProvider provider;
  object.id("id", provider.id, Need::required, IdStyle::slug);
  object.text("name", provider.name, Need::required, text_size);
  if (report.count == errors_before && !draft.providers.insert(provider.id).second)
    report.add(Code::inconsistent, value, join({in_quotes(provider.id), " has two files."}),
               "Keep one file for each provider.");
  const bool known = report.count == errors_before;
  const std::span<const JsonValue> offers = object.list("offers", Need::required, many);
  for (std::size_t i = 0; known && i < offers.size(); ++i) {
    const JsonStep step(report, "offers", i);
    const std::size_t before = report.count;
    RentOffer offer;
    read_offer(report, offers[i], draft, offer);
    if (report.count != before) continue;
    if (++draft.offers > most_offers) {
      report.add(Code::too_large, offers[i], "there are too many offers.", "Keep at most 20,000.");
      break;
    }
    provider.offers.push_back(std::move(offer));
  }
  object.finish();
  if (known) draft.hardware.rent.push_back(std::move(provider));
}

void read_layers(JsonReport& report, const JsonValue& value, JsonObject& object, OpenModel& model) {
  object.number("layers", model.layers, Need::required, count_range);
  object.number("full_attention_layers", model.full_attention_layers, Need::required, none_range);
  object.number("window_layers", model.window_layers, Need::optional, count_range);
  object.number("window_tokens", model.window_tokens, Need::optional, token_range);
  if ((model.window_layers > 0) != model.window_tokens.has_value())
    report.add(Code::missing_key, value, R"(expected "window_layers" and "window_tokens" together.)",
               "Give both, or neither.");
  if (model.full_attention_layers + model.window_layers > model.layers)
    report.add(Code::inconsistent, value, "more layers have attention than there are layers.", "Check the three.");
  const std::span<const JsonValue> list = object.list("compression", Need::optional, few);
  double compressed = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonStep step(report, "compression", i);
    JsonObject fields(report, list[i]);
    CompressedLayers& part = model.compression.emplace_back();
    fields.number("layers", part.layers, Need::required, count_range);
    fields.number("ratio", part.ratio, Need::optional, token_range);
    fields.finish();
    compressed += part.layers;
  }
  if (!list.empty() && compressed != model.layers)
    report.add(Code::inconsistent, value, R"(the layers in "compression" do not add up to all layers.)",
               "Layers with the window alone have an entry without a ratio.");
}

void read_attention(JsonReport& report, const JsonValue& value, JsonObject& object, OpenModel& model) {
  const auto ids = ids_of<Attention, static_cast<std::size_t>(Attention::count_)>(attention_id);
  std::size_t kind = ids.size();
  object.choice("attention", kind, Need::required, ids);
  object.number("hidden", model.hidden, Need::required, count_range);
  object.number("attention_heads", model.attention_heads, Need::required, count_range);
  object.number("kv_heads", model.kv_heads, Need::required, count_range);
  object.number("head_dim", model.head_dim, Need::required, count_range);
  object.number("full_kv_heads", model.full_kv_heads, Need::optional, count_range);
  object.number("full_head_dim", model.full_head_dim, Need::optional, count_range);
  read_inner(report, object, "latent", [&](JsonObject& fields) {
    Latent& latent = model.latent.emplace();
    fields.number("q_rank", latent.q_rank, Need::optional, count_range);
    fields.number("kv_rank", latent.kv_rank, Need::optional, count_range);
    fields.number("qk_nope_dim", latent.qk_nope_dim, Need::optional, count_range);
    fields.number("qk_rope_dim", latent.qk_rope_dim, Need::required, count_range);
    fields.number("v_head_dim", latent.v_head_dim, Need::optional, count_range);
  });
  read_inner(report, object, "index", [&](JsonObject& fields) {
    AttentionIndex& index = model.index.emplace();
    fields.number("heads", index.heads, Need::required, count_range);
    fields.number("head_dim", index.head_dim, Need::required, count_range);
    fields.number("top_k", index.top_k, Need::required, token_range);
  });
  read_inner(report, object, "partial", [&](JsonObject& fields) {
    PartialAttention& partial = model.partial.emplace();
    fields.number("layers", partial.layers, Need::required, count_range);
    fields.number("tokens", partial.tokens, Need::required, token_range);
    partial.chosen = read_flag(fields, "chosen", false);
  });
  if (model.partial && model.partial->layers > model.full_attention_layers)
    report.add(Code::inconsistent, value, R"("partial" has more layers than keep every token.)", "Check the two.");
  if (kind == ids.size()) return;
  model.attention = static_cast<Attention>(kind);
  const auto needs = [&](bool needed, bool there, std::string_view key) {
    if (needed && !there)
      report.add(Code::missing_key, value,
                 join({"attention of the kind ", in_quotes(ids[kind]), " needs ", in_quotes(key), "."}),
                 "Add it, or correct the kind.");
  };
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  needs(latent, model.latent && model.latent->kv_rank, "kv_rank");
  needs(model.attention == Attention::mla_sparse, model.index.has_value(), "index");
  needs(model.attention == Attention::compressed, !model.compression.empty(), "compression");
}

void read_model(JsonReport& report, const JsonValue& value, HardwareDraft& draft) {
  const std::size_t before = report.count;
  JsonObject object(report, value);
  OpenModel model;
  object.id("id", model.id, Need::required, IdStyle::model);
  object.text("name", model.name, Need::required, text_size);
  object.id("hugging_face", model.hugging_face, Need::required, IdStyle::model);
  model.aliases = read_texts(report, object, "aliases", Need::optional);
  read_inner(
      report, object, "parameters_b",
      [&](JsonObject& fields) {
        fields.number("total", model.total_parameters_b, Need::required, billions_range);
        fields.number("active", model.active_parameters_b, Need::required, billions_range);
        fields.number("routed_experts", model.routed_expert_parameters_b, Need::optional, billions_range);
      },
      Need::required);
  read_layers(report, value, object, model);
  read_attention(report, value, object, model);
  read_inner(report, object, "experts", [&](JsonObject& fields) {
    Experts& experts = model.experts.emplace();
    fields.number("count", experts.count, Need::required, count_range);
    fields.number("per_token", experts.per_token, Need::required, count_range);
    fields.number("shared", experts.shared, Need::optional, count_range);
    fields.number("layers", experts.layers, Need::required, count_range);
    fields.number("intermediate", experts.intermediate, Need::required, count_range);
  });
  object.number("dense_intermediate", model.dense_intermediate, Need::optional, count_range);
  object.number("feed_forward_matrices", model.feed_forward_matrices, Need::optional, {2, 3, "", Numbers::whole});
  object.number("vocab", model.vocab, Need::required, {1, 1e7, "tokens", Numbers::whole});
  model.tied_embeddings = read_flag(object, "tied_embeddings", false);
  read_inner(
      report, object, "native_bits",
      [&](JsonObject& fields) {
        fields.number("experts", model.native_expert_bits, Need::optional, bits_range);
        fields.number("other", model.native_bits, Need::required, bits_range);
      },
      Need::required);
  object.number("context_tokens", model.context_tokens, Need::optional, token_range);
  object.number("kv_bytes_per_token", model.kv_bytes_per_token, Need::optional, {1, 1e9, "bytes"});
  object.number("fixed_state_mib", model.fixed_state_mib, Need::optional, {0, 1e6, "MiB", Numbers::positive});
  model.hosted = read_texts(report, object, "hosted", Need::optional);
  object.text("hosted_note", model.hosted_note, Need::optional, text_size);
  const bool routed = model.routed_expert_parameters_b > 0;
  if (routed != model.experts.has_value() || routed != model.native_expert_bits.has_value())
    report.add(Code::missing_key, value,
               R"(expected "experts", its parameters ("routed_experts") and its bits ("native_bits") together.)",
               "Give all three, or none.");
  read_origin(report, object, draft, model);
  object.finish();
  if (report.count == before) {
    std::vector<std::string> names = model.aliases;
    names.push_back(model.id);
    names.push_back(model.hugging_face);
    take_names(report, value, draft.model_names, std::move(names));
  }
  if (report.count == before) draft.hardware.models.push_back(std::move(model));
}

void read_training(JsonReport& report, const JsonValue& value, HardwareDraft& draft) {
  const std::size_t before = report.count;
  JsonObject object(report, value);
  TrainingEfficiency training;
  const auto jobs = ids_of<TrainingJob, static_cast<std::size_t>(TrainingJob::count_)>(training_job_id);
  const auto precisions = ids_of<Precision, precision_count>(precision_id);
  std::size_t job = 0;
  std::size_t precision = 0;
  std::size_t layout = 0;
  object.choice("job", job, Need::required, jobs);
  object.choice("precision", precision, Need::required, precisions);
  training.gpus = read_texts(report, object, "gpus", Need::required);
  object.choice("layout", layout, Need::required, layouts);
  training.job = static_cast<TrainingJob>(job);
  training.precision = static_cast<Precision>(precision);
  training.has_experts = layouts[layout] == "experts";
  object.number("flops_per_parameter", training.flops_per_parameter, Need::required, {1, 10, "FLOPs"});
  read_inner(
      report, object, "utilisation",
      [&](JsonObject& fields) {
        fields.number("low", training.low_ratio, Need::required, ratio_range);
        fields.number("likely", training.likely_ratio, Need::required, ratio_range);
        fields.number("high", training.high_ratio, Need::required, ratio_range);
        if (training.low_ratio > training.likely_ratio || training.likely_ratio > training.high_ratio)
          report.add(Code::inconsistent, fields.value(), "low, likely and high do not ascend.", "Sort them.");
      },
      Need::required);
  object.number("measured_rows", training.measured_rows, Need::required, count_range);
  read_origin(report, object, draft, training);
  object.finish();
  if (report.count == before) draft.hardware.training.push_back(std::move(training));
}

// The items of one list of a document; what is bad among them is left out.
using ReadItem = void (*)(JsonReport& report, const JsonValue& value, HardwareDraft& draft);
void read_items(JsonReport& report, std::span<const JsonValue> items, std::string_view key, HardwareDraft& draft,
                ReadItem read) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const JsonStep step(report, key, i);
    read(report, items[i], draft);
  }
}

struct List {
  std::string_view key;
  std::string_view format;  ///< of the file that has it
  ReadItem read;
};
constexpr std::array<List, 3> lists = {{{"gpus", gpus_format, read_gpu},
                                        {"models", models_format, read_model},
                                        {"training", training_format, read_training}}};

// One file of pricing/hardware, whose format is known to be sound.
void read_file(JsonReport& report, const JsonValue& document, HardwareDraft& draft) {
  if (claims_format(document, rent_format)) return read_provider(report, document, draft, true);
  for (const List& list : lists) {
    if (!claims_format(document, list.format)) continue;
    JsonObject object(report, document);
    object.allow("format");
    read_items(report, object.list(list.key, Need::required, many), list.key, draft, list.read);
    object.finish();
  }
}

Hardware finish(HardwareDraft& draft, std::vector<Error> errors) {
  sort_stably(draft.hardware.rent, [](const RentProvider& a, const RentProvider& b) { return a.id < b.id; });
  draft.hardware.left_out = std::move(errors);
  return std::move(draft.hardware);
}

// Which of the formats the document says to have; the first one where it has none of them, which is then refused.
std::string_view format_of(const JsonValue& document) {
  for (const std::string_view format : file_formats)
    if (claims_format(document, format)) return format;
  return gpus_format;
}

}  // namespace

bool is_hardware_file(const NamedText& file) {
  const Result<JsonValue> document = parse_json(file.text, file.name);
  return document.ok() && std::any_of(file_formats.begin(), file_formats.end(),
                                      [&](std::string_view format) { return claims_format(*document, format); });
}

Result<Hardware> parse_hardware(std::string_view text, std::string_view name) {
  const Result<JsonValue> document = parse_json(text, name);
  if (!document.ok()) return document.error();
  if (std::optional<Error> error = check_format(*document, name, bundle_format)) return *std::move(error);
  std::vector<Error> errors;
  JsonReport report{name, errors};
  JsonObject object(report, *document);
  object.allow("format");
  Moment as_of;
  object.day("as_of", as_of, Need::required);
  const JsonValue* rent = object.get("rent", Kind::array, Need::required);
  std::array<const JsonValue*, lists.size()> found{};
  for (std::size_t i = 0; i < lists.size(); ++i) found[i] = object.get(lists[i].key, Kind::array, Need::required);
  object.finish();
  if (!errors.empty()) return std::move(errors.front());
  HardwareDraft draft;
  for (std::size_t i = 0; i < lists.size(); ++i)
    read_items(report, found[i]->items, lists[i].key, draft, lists[i].read);
  read_items(report, rent->items, "rent", draft, [](JsonReport& to, const JsonValue& value, HardwareDraft& into) {
    read_provider(to, value, into, false);
  });
  draft.hardware.as_of = as_of;
  return finish(draft, std::move(errors));
}

Result<Hardware> parse_hardware_files(std::span<const NamedText> files) {
  HardwareDraft draft;
  std::vector<Error> errors;
  std::set<std::string_view> seen;  // formats of which there is one file
  bool any = false;
  for (const NamedText& file : files) {
    const Result<JsonValue> document = parse_json(file.text, file.name);
    const std::string_view format = document.ok() ? format_of(*document) : gpus_format;
    std::optional<Error> error =
        document.ok() ? check_format(*document, file.name, format) : std::optional<Error>(document.error());
    if (error) {
      errors.push_back(*std::move(error));
      continue;
    }
    JsonReport report{file.name, errors};
    if (format != rent_format && !seen.insert(format).second) {
      report.add(Code::inconsistent, *document, join({"a second file of the format ", in_quotes(format), "."}),
                 "Put its entries into the first one.");
      continue;
    }
    any = true;
    read_file(report, *document, draft);
  }
  if (!any && !errors.empty()) return std::move(errors.front());
  return finish(draft, std::move(errors));
}

Result<std::string> hardware_text(std::span<const NamedText> files) {
  const Result<Hardware> hardware = parse_hardware_files(files);
  if (!hardware.ok()) return hardware.error();
  if (!hardware->left_out.empty()) return hardware->left_out.front();
  // By format and id: the order of the files does not matter.
  std::map<std::string, JsonValue, std::less<>> providers;
  std::map<std::string_view, JsonValue> others;
  for (const NamedText& file : files) {
    Result<JsonValue> document = parse_json(file.text, file.name);
    if (!document.ok()) return document.error();
    const std::string_view format = format_of(*document);
    if (format == rent_format) {
      std::string id = document->find("id")->text;
      providers.emplace(std::move(id), std::move(document).value());
    } else {
      others.emplace(format, std::move(document).value());
    }
  }
  JsonWriter writer;
  writer.begin_object().member("format", bundle_format).member("as_of", moment_text(hardware->as_of));
  for (const List& list : lists) {
    writer.key(list.key);
    if (const auto found = others.find(list.format); found != others.end()) {
      writer.value(*found->second.find(list.key));
    } else {
      writer.begin_array().end_array();
    }
  }
  writer.key("rent").begin_array();
  for (const auto& [id, document] : providers) write_bundled(writer, document);
  writer.end_array().end_object();
  return writer.take() + "\n";
}

}  // namespace tokenbill
