// A month of own capacity: from the load of a day through waiting to replicas, from replicas to GPU hours, from GPU
// hours to money. Utilisation comes out of it; whoever types one is told so. What one replica serves is an input here:
// replica_plan.cpp computes it.

#include "parts.h"
#include "tokenbill/parameter.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
const Unit per_month = units::usd / units::month;
const Unit per_gpu_hour = units::usd / units::unit / units::hour;
const Unit requests_per_second = units::request / units::second;
const Unit hours_per_day = units::hour / units::day;
const Unit gpu_hours_per_month = units::unit * units::hour / units::month;
const Unit usd_per_mtok = units::usd / units::mtok;

class Fleet {
 public:
  Result<Plan> build();

 private:
  Expr in(const char* id) { return parameter_input(p, id); }
  Expr flag(const char* id, const char* label) { return p.input(id, label, units::ratio); }
  Expr add(const char* id, const char* label, Category category, Expr value) {
    const Expr term = p.term(id, label, category, per_month, value);
    sum_ = sum_.builder() == nullptr ? term : sum_ + term;
    return term;
  }
  Expr replicas_for(const char* id, const char* label, Expr load);
  void load();
  void replicas();
  void prices();
  void gpu_hours();
  void bill();
  void adaptation();
  void unit_costs();

  PlanBuilder p;
  Expr sum_;
  Expr days_, active_, requests_;
  Expr peak_, peak_hours_, quiet_;
  Expr seconds_, concurrency_, gpus_;
  Expr at_peak_, at_quiet_, at_night_;
  Expr busy_, needed_, always_on_, spare_, utilisation_;
  Expr base_price_, peak_price_, serving_;
};

Result<Plan> Fleet::build() {
  days_ = in("days_per_month");
  active_ = in("active_hours_per_day");
  load();
  replicas();
  prices();
  gpu_hours();
  bill();
  adaptation();
  unit_costs();
  return p.build();
}

// The day has three levels: peak hours, other hours with traffic, and a night without. Peak hours that would carry more
// than the whole day are cut short.
void Fleet::load() {
  requests_ = p.input("offered.requests_per_month", "Requests a month to own capacity", units::request / units::month);
  const Expr multiple = in("peak_multiple");
  const Expr mean = p.name("own_requests_per_second", "Requests a second in hours with traffic", requests_per_second,
                           requests_ / days_ / active_ / p.constant(3600, units::second / units::hour));
  peak_ =
      p.name("own_peak_requests_per_second", "Requests a second in peak hours", requests_per_second, mean * multiple);
  peak_hours_ =
      p.name("own_peak_hours", "Peak hours of a day", hours_per_day, min(in("peak_hours_per_day"), active_ / multiple));
  // A billionth more: what rounding leaves over is no traffic.
  quiet_ =
      p.name("own_quiet_requests_per_second", "Requests a second in the other hours with traffic", requests_per_second,
             excess(mean * active_, peak_ * peak_hours_ * p.constant(1 + 1e-9)) /
                 max(excess(active_, peak_hours_), p.constant(1e-6, hours_per_day)));
}

// Requests in work are arrivals times their time (Little's law); random arrivals need a reserve of some square roots of
// that. Source: Halfin and Whitt, Operations Research 29 (1981): of s servers with load a, s = a + b sqrt(a), the share
// that waits is 1 / (1 + b F(b) / f(b)), F and f of the normal distribution: 22 % for b = 1, 5 % for 1.7.
Expr Fleet::replicas_for(const char* id, const char* label, Expr load) {
  const Expr in_work = load * seconds_;
  const Expr places = in_work + in("waiting_reserve") * root(in_work);
  const Expr full = concurrency_ * complement(in("replica_headroom_ratio"));
  return p.name(id, label, units::ratio, max(ceil(places / full), in("least_replicas")));
}

void Fleet::replicas() {
  concurrency_ = p.input("replica.concurrency", "Requests that a replica works on at once", units::ratio);
  seconds_ = p.input("replica.seconds", "Time of a request on a full replica", units::second / units::request);
  gpus_ = p.input("replica.gpus", "GPUs of a replica", units::unit);
  at_peak_ = replicas_for("replicas_at_peak", "Replicas in peak hours", peak_);
  at_quiet_ = min(at_peak_, replicas_for("replicas_in_other_hours", "Replicas in other hours with traffic", quiet_));
  at_night_ = min(at_quiet_, in("least_replicas"));
}

// Source of the owner's price: capital less its residual value over the hours of its life, power with all that stands
// around a GPU, space, support. The catalog's power figure includes cooling, so that nothing is multiplied by it again.
void Fleet::prices() {
  const Expr zero = p.constant(0);
  const Expr hours_per_year = p.constant(8760, units::hour / units::year);
  const Expr bought = in("gpu_purchase_usd");
  const Expr capital = p.name("own_capital_per_hour", "Purchase, for a GPU hour", per_gpu_hour,
                              bought * complement(in("residual_ratio")) / (in("hardware_life_years") * hours_per_year));
  const Expr power = p.name("own_power_per_hour", "Power and cooling, for a GPU hour", per_gpu_hour,
                            in("gpu_kilowatts") * in("electricity_usd_per_kwh"));
  const Expr space =
      p.name("own_space_per_hour", "Space in a data centre, for a GPU hour", per_gpu_hour,
             in("gpu_kilowatts") * in("hosting_usd_per_kw_month") / p.constant(730, units::hour / units::month));
  const Expr support = p.name("own_support_per_hour", "Support and spare parts, for a GPU hour", per_gpu_hour,
                              bought * in("hardware_support_ratio") / p.constant(1, units::year) / hours_per_year);
  const Expr owned =
      p.name("own_owner_per_hour", "An hour of a GPU of one's own", per_gpu_hour, capital + power + space + support);
  base_price_ = p.name("own_base_price", "An hour of a GPU that always runs", per_gpu_hour,
                       above(flag("base_is_owned", "GPUs are bought"), zero, owned,
                             p.input("gpu.base", "Rent of a GPU that always runs", per_gpu_hour)));
  // GPUs of one's own cannot be given back for the night, so that hours beyond the base are rented.
  const Expr spot = in("spot_share_ratio");
  const Expr lost =
      p.constant(1) + in("spot_interruptions_per_day") * in("cold_start_minutes") / p.constant(24 * 60, units::minute);
  peak_price_ = p.name("own_peak_price", "An hour of a GPU that is started for the load", per_gpu_hour,
                       mix(spot, p.input("gpu.spot", "Spot rent of a GPU", per_gpu_hour) * lost,
                           p.input("gpu.peak", "Rent of a GPU by the hour", per_gpu_hour)));
}

// The day in layers: replicas that run day and night, those that run while there is traffic, those that run at the
// peak. Each layer is kept day and night where that costs less than starting it, so that more traffic never costs less.
void Fleet::gpu_hours() {
  const Expr day = p.constant(24, hours_per_day);
  const Expr zero = p.constant(0);
  const Expr none = p.constant(0, hours_per_day);
  const Expr follows = flag("replicas_follow_load", "Replicas are started and stopped with the load");
  // What is started is paid for while it starts, once a day.
  const Expr starting =
      in("cold_start_minutes") / p.constant(60, units::minute / units::hour) * p.constant(1, units::ratio / units::day);
  Expr running = at_night_ * day;
  Expr always = running;
  const auto layer = [&](Expr replicas, Expr hours) {
    const Expr started = min(hours + starting, day);
    const Expr kept = above(day * base_price_, started * peak_price_, none, day);
    running = running + replicas * max(kept, started);
    always = always + replicas * kept;
  };
  layer(excess(at_quiet_, at_night_), active_);
  layer(excess(at_peak_, at_quiet_), peak_hours_);
  running = above(follows, zero, running, at_peak_ * day);
  always = above(follows, zero, always, at_peak_ * day);
  busy_ = p.name("own_busy_gpu_hours", "GPU hours that the requests fill", gpu_hours_per_month,
                 requests_ * seconds_ / concurrency_ / p.constant(3600, units::second / units::hour) * gpus_);
  const Expr typed = in("utilisation_ratio");
  needed_ = p.name(
      "own_gpu_hours", "GPU hours in service", gpu_hours_per_month,
      above(flag("utilisation_given", "Utilisation given by you"), zero, busy_ / typed, running * days_ * gpus_));
  utilisation_ =
      p.name("utilisation", "Utilisation of the GPUs in service", units::ratio, min(busy_ / needed_, p.constant(1)));
  always_on_ = p.name("own_base_gpu_hours", "GPU hours that run day and night", gpu_hours_per_month,
                      min(always * days_ * gpus_, needed_));
  spare_ = p.name("own_spare_gpu_hours", "GPU hours of spare replicas", gpu_hours_per_month,
                  in("spare_replicas") * day * days_ * gpus_);
  p.name("gpus_at_peak", "GPUs at the peak, spares included", units::unit, (at_peak_ + in("spare_replicas")) * gpus_);
}

void Fleet::bill() {
  const Expr rent = always_on_ * base_price_ + excess(needed_, always_on_) * peak_price_;
  add("own.gpus_busy", "GPUs while they work", Category::gpus, rent * utilisation_);
  add("own.gpus_idle", "GPUs while they wait", Category::gpus, rent * complement(utilisation_));
  add("own.gpus_spare", "Spare replicas", Category::gpus, spare_ * base_price_);
  serving_ = p.name("own_gpus_per_month", "All GPUs", per_month, sum_);
  // Text leaves as about four characters a token, in events of some 40 bytes around it.
  const Expr out =
      p.input("offered.output_tokens_per_month", "Output tokens of own capacity", units::token / units::month);
  add("own.storage", "Storage of weights", Category::infrastructure,
      p.input("replica.weights_gb", "Size of the weights", units::unit) * in("weight_copies") *
          in("storage_usd_per_gb_month"));
  add("own.egress", "Traffic out", Category::infrastructure,
      out * p.constant(44e-9, units::unit / units::token) * in("egress_usd_per_gb"));
  add("own.monitoring", "Monitoring of servers", Category::infrastructure, in("server_monitoring_usd"));
  add("own.compliance", "Compliance and audits", Category::infrastructure, in("own_compliance_usd"));
  add("own.people", "People for the servers", Category::people,
      in("server_people_fte") * in("person_usd_per_year") / p.constant(12, units::month / units::year));
}

// Source: 6 N D floating-point operations for a full training run of N parameters on D tokens, 4 N D where only an
// adapter is trained, since the weights need no gradients.
void Fleet::adaptation() {
  const Expr tokens = p.name("training_tokens_read", "Tokens that one training run reads", units::token,
                             in("training_tokens") * in("training_epochs"));
  const Expr run_hours =
      p.name("training_gpu_hours", "GPU hours of one training run", units::unit * units::hour,
             p.input("training.flops_per_token", "Billions of operations for a token of training",
                     units::ratio / units::token) *
                 tokens /
                 (p.input("training.gpu_tflops", "Peak of the training GPU, trillions of operations a second",
                          units::ratio / units::unit / units::second) *
                  p.constant(1000) * in("training_utilisation_ratio")) /
                 p.constant(3600, units::second / units::hour));
  const Expr tuned = flag("model_is_tuned", "The model is fine-tuned");
  const Expr by_seller = p.constant(1e-6, units::mtok / units::token) * tokens * in("training_usd_per_mtok");
  const Expr by_gpu = run_hours * p.input("gpu.training", "Rent of a GPU for training", per_gpu_hour);
  const Expr failed = p.constant(1) + in("failed_training_ratio");
  const Expr compute =
      p.name("training_run_usd", "Compute of one training run, failed ones included", units::usd,
             above(flag("training_by_seller", "Trained by a seller"), p.constant(0), by_seller, by_gpu * failed));
  const Expr run =
      p.name("training_usd", "One training with its evaluation", units::usd, compute + in("training_evaluation_usd"));
  add("training.repeated", "Training again", Category::gpus,
      tuned * run * in("trainings_per_year") / p.constant(12, units::month));
  add("training.first", "Data and first training, spread", Category::one_time,
      tuned * (in("training_data_usd") + run) / in("amortisation_months"));
}

void Fleet::unit_costs() {
  const Expr total = p.name("own_total", "Own capacity, all of it", per_month, sum_);
  const Expr prompt_share =
      p.input("replica.prompt_share", "Share of a replica's time that goes into prompts", units::ratio);
  const Expr per_mtok = p.constant(1e6, units::token / units::mtok);
  const Expr input =
      p.input("offered.input_tokens_per_month", "Input tokens of own capacity", units::token / units::month) / per_mtok;
  const Expr output =
      p.input("offered.output_tokens_per_month", "Output tokens of own capacity", units::token / units::month) /
      per_mtok;
  p.name("own_usd_per_mtok_input", "A million input tokens", usd_per_mtok, total * prompt_share / input);
  p.name("own_usd_per_mtok_output", "A million output tokens", usd_per_mtok, total * complement(prompt_share) / output);
  p.name("own_usd_per_mtok", "A million tokens, input and output", usd_per_mtok, total / (input + output));
  p.name("own_usd_per_mtok_full", "A million tokens on GPUs that are never idle, GPUs alone", usd_per_mtok,
         busy_ * base_price_ / (input + output));
  p.name("own_usd_per_request", "A request", units::usd / units::request, total / requests_);
}

}  // namespace

Result<Plan> fleet_plan() { return Fleet().build(); }

}  // namespace tokenbill
