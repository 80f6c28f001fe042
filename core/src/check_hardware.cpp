// What no card, price list or model does: mistakes of typing and copying, found by comparing figures with each other.

#include <algorithm>
#include <utility>

#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {

// Below and above, a price is per minute, per month, or of another number of GPUs than it says.
constexpr double lowest_usd_per_gpu_hour = 0.05;
constexpr double highest_usd_per_gpu_hour = 40;
// A layout gives the number of parameters but for norms and biases, which it does not name.
constexpr double most_apart = 0.02;
constexpr double giga = 1e9;

class Checker {
 public:
  Checker(const Hardware& hardware, const Catalog& catalog, std::vector<Error>& findings)
      : hardware_(hardware), catalog_(catalog), findings_(findings) {}

  void gpu(const Gpu& gpu) {
    const std::string where = join({"gpus/", gpu.id});
    const auto slower = [&](Precision narrow, Precision wide) {
      const std::optional<double> fast = gpu.peak(narrow);
      const std::optional<double> slow = gpu.peak(wide);
      if (fast && slow && *fast < *slow)
        add(where,
            join({precision_id(narrow), " is slower than ", precision_id(wide), ": ", exact_text(*fast), " and ",
                  exact_text(*slow), " TFLOPS."}),
            "Are they swapped? Peaks are those without sparsity.");
    };
    slower(Precision::fp8, Precision::bf16);
    slower(Precision::fp4, Precision::fp8);
    slower(Precision::int8, Precision::bf16);
    if (gpu.power_watts && gpu.all_in_kw && *gpu.all_in_kw * 1000 < *gpu.power_watts)
      add(where, "all_in_kw is less than the power of the card alone.", "One is in kilowatts, the other in watts.");
    // As sold, memory is told in powers of ten or of two; it never has more than that many GiB.
    if (gpu.usable_gib && *gpu.usable_gib > gpu.memory_gb * 1.01)
      add(where, "more memory is usable than there is.", "Check usable_gib and memory_gb.");
  }

  void provider(const RentProvider& provider) {
    for (std::size_t i = 0; i < provider.offers.size(); ++i) {
      const std::string where = join({"rent/", provider.id, " /offers/", std::to_string(i)});
      offer(provider.offers[i], where);
      for (std::size_t k = 0; k < i; ++k) twice(provider.offers[k], k, provider.offers[i], where);
    }
  }

  void model(const OpenModel& model) {
    const std::string where = join({"models/", model.id});
    if (model.active_parameters_b > model.total_parameters_b)
      add(where, "a token passes more parameters than there are.", "Are active and total swapped?");
    experts(model, where);
    parameters(model, where);
    if (const std::optional<double> bytes = kv_bytes(model); bytes && model.kv_bytes_per_token)
      expect(where, "kv_bytes_per_token", *model.kv_bytes_per_token, *bytes, "bytes", 1e-9);
    for (const std::string& key : model.hosted) hosted(key, where);
  }

  void training(const TrainingEfficiency& training, std::size_t index) {
    const std::string where = join({"training/", std::to_string(index)});
    for (const std::string& id : training.gpus) {
      const Gpu* gpu = find(id);
      if (gpu == nullptr) {
        unknown_gpu(id, where);
      } else if (!gpu->peak(training.precision)) {
        add(where, join({"the GPU ", in_quotes(id), " has no peak at ", precision_id(training.precision), "."}),
            "A share of a peak needs one: check the precision, or add the peak.");
      }
    }
  }

 private:
  void add(std::string_view where, std::string message, std::string_view hint) {
    findings_.push_back({Code::inconsistent, std::string(where), std::move(message), std::string(hint)});
  }

  [[nodiscard]] const Gpu* find(std::string_view id) const {
    for (const Gpu& gpu : hardware_.gpus)
      if (gpu.id == id) return &gpu;
    return nullptr;
  }

  void unknown_gpu(std::string_view id, std::string_view where) {
    const Result<const Gpu*> near = hardware_.find_gpu(id);
    add(where, join({"no GPU has the id ", in_quotes(id), "."}),
        near.ok() ? join({"Its id is ", in_quotes((*near)->id), "."}) : near.error().hint);
  }

  void offer(const RentOffer& offer, std::string_view where) {
    if (find(offer.gpu) == nullptr) unknown_gpu(offer.gpu, where);
    for (std::size_t i = 0; i < rent_term_count; ++i) {
      const auto term = static_cast<RentTerm>(i);
      const std::optional<double> price = offer.usd_per_gpu_hour(term);
      if (!price) continue;
      if (*price < lowest_usd_per_gpu_hour || *price > highest_usd_per_gpu_hour)
        add(where,
            join({rent_term_id(term), " is ", exact_text(*price), " USD per GPU and hour, expected ",
                  exact_text(lowest_usd_per_gpu_hour), " to ", exact_text(highest_usd_per_gpu_hour), "."}),
            "usd_per_hour is the price of the whole machine: check it and the number of GPUs.");
      const std::optional<double> on_demand = offer.usd_per_gpu_hour(RentTerm::on_demand);
      // Of a median, each figure may come from other offers.
      if (on_demand && *price > *on_demand && offer.tier != RentTier::market)
        add(where, join({rent_term_id(term), " is dearer than on_demand."}), "Are they swapped?");
    }
  }

  void twice(const RentOffer& other, std::size_t index, const RentOffer& offer, std::string_view where) {
    const bool same_machine = other.gpu == offer.gpu && other.gpus == offer.gpus && other.instance == offer.instance &&
                              other.tier == offer.tier && other.checked == offer.checked;
    if (!same_machine) return;
    const bool region =
        other.regions.empty()
            ? offer.regions.empty()
            : std::any_of(offer.regions.begin(), offer.regions.end(), [&](const std::string& name) {
                return std::find(other.regions.begin(), other.regions.end(), name) != other.regions.end();
              });
    for (std::size_t i = 0; region && i < rent_term_count; ++i) {
      if (!other.usd_per_hour[i] || !offer.usd_per_hour[i]) continue;
      add(where,
          join({rent_term_id(static_cast<RentTerm>(i)), " stands in offer ", std::to_string(index), " as well: ",
                exact_text(*other.usd_per_hour[i]), " and ", exact_text(*offer.usd_per_hour[i]), " USD per hour."}),
          "Keep one of them, or name the instances apart.");
    }
  }

  void expect(std::string_view where, std::string_view what, double found, double expected, std::string_view unit,
              double tolerance) {
    if (found >= expected * (1 - tolerance) && found <= expected * (1 + tolerance)) return;
    add(where, join({what, " is ", exact_text(found), " ", unit, ", the layout gives ", number_text(expected), "."}),
        "Check both.");
  }

  void experts(const OpenModel& model, std::string_view where) {
    if (!model.experts) return;
    const Experts& e = *model.experts;
    if (e.per_token > e.count || e.layers > model.layers) {
      add(where, "a token passes more experts, or layers with experts, than there are.", "Check \"experts\".");
      return;
    }
    const double routed = e.layers * e.count * model.feed_forward_matrices * model.hidden * e.intermediate / giga;
    expect(where, "routed_experts", model.routed_expert_parameters_b, routed, "billion parameters", most_apart);
    const double idle = model.routed_expert_parameters_b * (1 - e.per_token / e.count);
    expect(where, "active", model.active_parameters_b, model.total_parameters_b - idle, "billion parameters",
           most_apart);
  }

  // All that a token passes but the routed experts; absent where the layers are of kinds whose parameters the layout
  // does not tell.
  [[nodiscard]] static std::optional<double> other_parameters(const OpenModel& model) {
    const bool uniform = model.full_attention_layers + model.window_layers == model.layers && !model.full_kv_heads;
    if (!uniform || model.attention == Attention::compressed) return std::nullopt;
    const double expert_layers = model.experts ? model.experts->layers : 0;
    if (expert_layers < model.layers && !model.dense_intermediate) return std::nullopt;
    const double h = model.hidden;
    double attention = 0;
    if (model.latent) {
      const Latent& l = *model.latent;
      if (!l.q_rank || !l.kv_rank || !l.qk_nope_dim || !l.v_head_dim) return std::nullopt;
      attention = h * *l.q_rank + *l.q_rank * model.attention_heads * (*l.qk_nope_dim + l.qk_rope_dim) +
                  h * (*l.kv_rank + l.qk_rope_dim) +
                  *l.kv_rank * model.attention_heads * (*l.qk_nope_dim + *l.v_head_dim) +
                  model.attention_heads * *l.v_head_dim * h;
      if (model.index)
        attention +=
            *l.q_rank * model.index->heads * model.index->head_dim + h * (model.index->head_dim + model.index->heads);
    } else {
      attention = 2 * h * model.head_dim * (model.attention_heads + model.kv_heads);
    }
    double total = model.layers * attention + model.vocab * h * (model.tied_embeddings ? 1 : 2);
    if (model.experts) {
      const Experts& e = *model.experts;
      total += e.layers * h * (e.count + e.shared * model.feed_forward_matrices * e.intermediate);
    }
    if (expert_layers < model.layers)
      total += (model.layers - expert_layers) * model.feed_forward_matrices * h * *model.dense_intermediate;
    return total / giga;
  }

  void parameters(const OpenModel& model, std::string_view where) {
    if (const std::optional<double> other = other_parameters(model))
      expect(where, "total", model.total_parameters_b, *other + model.routed_expert_parameters_b, "billion parameters",
             most_apart);
  }

  // In 2-byte numbers, as if every layer held the whole sequence in the shape of layers with a window.
  [[nodiscard]] static std::optional<double> kv_bytes(const OpenModel& model) {
    const double layers = model.full_attention_layers + model.window_layers;
    switch (model.attention) {
      case Attention::compressed:
        return std::nullopt;
      case Attention::mla:
      case Attention::mla_sparse:
        return 2 * layers * (*model.latent->kv_rank + model.latent->qk_rope_dim);
      default:
        return 2 * 2 * layers * model.kv_heads * model.head_dim;
    }
  }

  void hosted(const std::string& key, std::string_view where) {
    const auto found = std::find_if(catalog_.models.begin(), catalog_.models.end(),
                                    [&](const Model& model) { return model.key == key; });
    if (found == catalog_.models.end()) {
      const Result<const Model*> near = catalog_.find_model(key);
      add(where, join({"hosted: the catalog has no model ", in_quotes(key), "."}),
          near.ok() ? join({"Its key is ", in_quotes((*near)->key), "."}) : near.error().hint);
    } else if (found->kind != ModelKind::chat) {
      add(where, join({"hosted: ", in_quotes(key), " is of the kind ", model_kind_id(found->kind), ", expected chat."}),
          "Name the model that answers.");
    }
  }

  const Hardware& hardware_;
  const Catalog& catalog_;
  std::vector<Error>& findings_;
};

}  // namespace

std::vector<Error> check_hardware(const Hardware& hardware, const Catalog& catalog) {
  std::vector<Error> findings;
  Checker checker(hardware, catalog, findings);
  for (const Gpu& gpu : hardware.gpus) checker.gpu(gpu);
  for (const RentProvider& provider : hardware.rent) checker.provider(provider);
  for (const OpenModel& model : hardware.models) checker.model(model);
  for (std::size_t i = 0; i < hardware.training.size(); ++i) checker.training(hardware.training[i], i);
  return findings;
}

}  // namespace tokenbill
