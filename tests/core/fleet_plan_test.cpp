// A month of own capacity: replicas from random arrivals, hours, money.

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "tokenbill/evaluate.h"
#include "tokenbill/parameter.h"
#include "tokenbill/plans.h"

using namespace tokenbill;

namespace {
const Plan& plan() {
  static const Result<Plan> only = fleet_plan();
  REQUIRE(only.ok());
  return *only;
}

using Inputs = std::map<std::string, double>;

/// One GPU a replica at 2 USD an hour that works on 10 requests at once for 2 s each, a million requests a month.
Inputs usual() {
  return {{"offered.requests_per_month", 1e6},
          {"offered.input_tokens_per_month", 1e9},
          {"offered.output_tokens_per_month", 2e8},
          {"replica.concurrency", 10},
          {"replica.seconds", 2},
          {"replica.gpus", 1},
          {"replica.prompt_share", 0.25},
          {"replica.weights_gb", 16},
          {"gpu.base", 2},
          {"gpu.peak", 2},
          {"gpu.spot", 1},
          {"gpu.training", 2},
          {"base_is_owned", 0},
          {"replicas_follow_load", 0},
          {"utilisation_given", 0},
          {"utilisation_ratio", 1},
          {"model_is_tuned", 0},
          {"training_by_seller", 0},
          {"training.flops_per_token", 48},
          {"training.gpu_tflops", 1000},
          {"training_utilisation_ratio", 0.4}};
}

struct Month {
  Evaluation evaluation;
  [[nodiscard]] double operator[](std::string_view id) const {
    const Named* named = plan().find(id);
    REQUIRE_MESSAGE(named != nullptr, std::string(id));
    const Known value = evaluation.of(named->node);
    CHECK_MESSAGE(value.known, std::string(id));
    return value.value;
  }
};

Month month(const Inputs& changes) {
  Inputs given = usual();
  for (const auto& [id, value] : changes) given[id] = value;
  std::vector<Known> inputs;
  for (const PlanInput& input : plan().inputs()) {
    const auto found = given.find(input.id);
    const std::size_t at = parameter_index(input.id);
    REQUIRE_MESSAGE((found != given.end() || at < parameters().size()), input.id);
    inputs.push_back({found != given.end() ? found->second : parameters()[at].default_value, true});
  }
  Result<Evaluation> evaluation = evaluate(plan(), inputs);
  REQUIRE(evaluation.ok());
  return {std::move(evaluation).value()};
}

bool near(double found, double expected, double relative = 1e-9) {
  return std::abs(found - expected) <= relative * std::abs(expected);
}

/// Share of arrivals that wait, with `places` places and `in_work` requests in work on average (Erlang C).
double share_that_waits(int places, double in_work) {
  double blocked = 1;
  for (int k = 1; k <= places; ++k) blocked = in_work * blocked / (k + in_work * blocked);
  const double busy = in_work / places;
  return blocked / (1 - busy * (1 - blocked));
}
}  // namespace

TEST_CASE("the day's load has a peak, other hours, and no more in all than the month") {
  // 1e6 / 30 / 24 / 3600 a second, three times that for two hours, the rest in the other 22.
  const Month m = month({});
  const double mean = 1e6 / 30 / 24 / 3600;
  CHECK(near(m["own_requests_per_second"], mean));
  CHECK(near(m["own_peak_requests_per_second"], 3 * mean));
  CHECK(near(m["own_quiet_requests_per_second"], mean * (24 - 6) / 22));
  // A peak of four times the mean cannot last twelve of 24 hours: it would be more than the whole day.
  const Month long_peak = month({{"peak_multiple", 4}, {"peak_hours_per_day", 12}});
  CHECK(near(long_peak["own_peak_hours"], 6));
  CHECK(long_peak["own_quiet_requests_per_second"] == 0);
}

TEST_CASE("replicas: requests in work, a reserve for random arrivals, whole replicas") {
  // At the peak 1.157 requests a second of 2 s: 2.315 in work, and its root 1.521: 3.836 places of 9.
  CHECK(month({})["replicas_at_peak"] == 1);
  // Ten times as many: 23.15 + 4.811 = 27.96 of 9 places each.
  CHECK(month({{"offered.requests_per_month", 1e7}})["replicas_at_peak"] == 4);
  CHECK(month({{"offered.requests_per_month", 1e7}, {"waiting_reserve", 0}})["replicas_at_peak"] == 3);
  CHECK(month({{"offered.requests_per_month", 1e7}, {"replica_headroom_ratio", 0}})["replicas_at_peak"] == 3);
  CHECK(month({{"offered.requests_per_month", 0}})["replicas_at_peak"] == 1);
  CHECK(month({{"offered.requests_per_month", 0}, {"least_replicas", 0}})["replicas_at_peak"] == 0);
}

TEST_CASE("the reserve keeps the share that waits where Erlang's formula has it") {
  // Halfin and Whitt: 22.3 % for b = 1, 5.3 % for b = 1.7 of many places; a little more of few.
  for (const double in_work : {5.0, 20.0, 100.0, 1000.0}) {
    for (const auto& [reserve, share] : {std::pair(1.0, 0.223), std::pair(1.7, 0.053)}) {
      const Month m = month({{"waiting_reserve", reserve},
                             {"replica_headroom_ratio", 0},
                             {"replica.concurrency", 1},
                             {"peak_multiple", 1},
                             {"replica.seconds", 2},
                             {"offered.requests_per_month", in_work / 2 * 30 * 24 * 3600}});
      const int places = static_cast<int>(m["replicas_at_peak"]);
      CHECK(places == static_cast<int>(std::ceil(in_work + reserve * std::sqrt(in_work) - 1e-9)));
      CHECK(share_that_waits(places, in_work) < share + 0.03);
      CHECK(share_that_waits(places - 1, in_work) > share * 0.75);
    }
  }
}

TEST_CASE("fixed replicas run day and night; utilisation is what the requests fill") {
  const Month m = month({{"offered.requests_per_month", 1e7}});  // 4 replicas, 1 spare
  CHECK(near(m["own_gpu_hours"], 4 * 24 * 30));
  CHECK(near(m["own_spare_gpu_hours"], 24 * 30));
  CHECK(near(m["own_busy_gpu_hours"], 1e7 * 2 / 10 / 3600));
  CHECK(near(m["utilisation"], 1e7 * 2 / 10 / 3600 / (4 * 24 * 30)));
  CHECK(m["gpus_at_peak"] == 5);
  CHECK(near(m["own.gpus_busy"] + m["own.gpus_idle"], 4 * 24 * 30 * 2));
  CHECK(near(m["own.gpus_busy"], 1e7 * 2 / 10 / 3600 * 2));
  CHECK(near(m["own.gpus_spare"], 24 * 30 * 2));
  CHECK(near(month({{"replica.gpus", 8}, {"offered.requests_per_month", 1e7}})["own_gpus_per_month"],
             8 * m["own_gpus_per_month"]));
}

TEST_CASE("replicas that follow the load: peak, other hours, night, starts") {
  // 8 hours of traffic: 17.36 requests a second at the peak, 34.7 in work + 5.9: 5 replicas of 9 places; the other
  // hours (8 - 2 * 3 hours' worth in 6 hours) 1.93 a second: 3.86 + 1.96 in work: 1.
  const Month m = month({{"offered.requests_per_month", 5e6},
                         {"active_hours_per_day", 8},
                         {"replicas_follow_load", 1},
                         {"cold_start_minutes", 30},
                         {"gpu.peak", 3}});
  CHECK(m["replicas_at_peak"] == 5);
  CHECK(m["replicas_in_other_hours"] == 1);
  CHECK(near(m["own_gpu_hours"], 30 * (5 * 2 + 1 * 6 + 1 * 16 + 4 * 0.5)));
  CHECK(near(m["own_base_gpu_hours"], 30 * 24));
  CHECK(near(m["own.gpus_busy"] + m["own.gpus_idle"], 30 * 24 * 2 + 30 * 10 * 3));
  const Month off = month({{"offered.requests_per_month", 5e6},
                           {"active_hours_per_day", 8},
                           {"replicas_follow_load", 1},
                           {"least_replicas", 0},
                           {"cold_start_minutes", 0}});
  CHECK(near(off["own_gpu_hours"], 30 * (5 * 2 + 1 * 6)));
  CHECK(off["own_base_gpu_hours"] == 0);
  // Half of the peak on spot, with an interruption a day of 30 minutes each.
  const Month spot = month({{"offered.requests_per_month", 5e6},
                            {"active_hours_per_day", 8},
                            {"replicas_follow_load", 1},
                            {"cold_start_minutes", 30},
                            {"gpu.peak", 3},
                            {"spot_share_ratio", 0.5},
                            {"spot_interruptions_per_day", 1}});
  CHECK(near(spot["own_peak_price"], 0.5 * 3 + 0.5 * 1 * (1 + 30.0 / 1440)));
}

TEST_CASE("a typed utilisation replaces load and whole replicas") {
  const Month m = month({{"offered.requests_per_month", 1e7}, {"utilisation_given", 1}, {"utilisation_ratio", 0.5}});
  CHECK(near(m["own_gpu_hours"], 1e7 * 2 / 10 / 3600 / 0.5));
  CHECK(near(m["utilisation"], 0.5));
}

TEST_CASE("an owner pays capital less its rest, power, space and support by the hour") {
  const Month m = month({{"base_is_owned", 1},
                         {"gpu_purchase_usd", 35040},
                         {"hardware_life_years", 4},
                         {"residual_ratio", 0.25},
                         {"gpu_kilowatts", 1.7},
                         {"electricity_usd_per_kwh", 0.1},
                         {"hosting_usd_per_kw_month", 146},
                         {"hardware_support_ratio", 0.05}});
  CHECK(near(m["own_capital_per_hour"], 0.75));  // 26,280 over 35,040 hours
  CHECK(near(m["own_power_per_hour"], 0.17));
  CHECK(near(m["own_space_per_hour"], 0.34));  // 1.7 * 146 / 730
  CHECK(near(m["own_support_per_hour"], 0.2));
  CHECK(near(m["own_base_price"], 1.46));
  CHECK(near(m["own_gpus_per_month"], 2 * 24 * 30 * 1.46));
}

TEST_CASE("the items sum to the total, which is shared out between input and output by time") {
  const Month m = month({{"server_people_fte", 0.5}, {"person_usd_per_year", 120000}, {"own_compliance_usd", 300}});
  double sum = 0;
  for (const Term& term : plan().terms()) sum += m[term.id];
  CHECK(near(m["own_total"], sum));
  CHECK(near(m["own.people"], 5000));
  CHECK(near(m["own.compliance"], 300));
  CHECK(near(m["own.storage"], 16 * 2 * 0.1));
  CHECK(near(m["own.egress"], 2e8 * 44e-9 * 0.09));
  CHECK(near(m["own_usd_per_mtok_input"], sum * 0.25 / 1000));
  CHECK(near(m["own_usd_per_mtok_output"], sum * 0.75 / 200));
  CHECK(near(m["own_usd_per_mtok"], sum / 1200));
  CHECK(near(m["own_usd_per_mtok_full"], 1e6 * 2 / 10 / 3600 * 2 / 1200));
}

TEST_CASE("training: 6 N D, or 4 N D with an adapter, over what the GPU sustains") {
  // 8e9 parameters: 48e9 operations a token, 1e9 tokens read three times, at 400e12 a second: 100 hours.
  const Inputs tuned = {{"model_is_tuned", 1},        {"training_tokens", 1e9},    {"training_epochs", 3},
                        {"failed_training_ratio", 1}, {"training_data_usd", 6000}, {"training_evaluation_usd", 100},
                        {"trainings_per_year", 6},    {"amortisation_months", 12}};
  const Month m = month(tuned);
  CHECK(near(m["training_gpu_hours"], 100));
  CHECK(near(m["training_run_usd"], 400));  // 100 hours of 2 USD, and as many thrown away
  CHECK(near(m["training_usd"], 500));
  CHECK(near(m["training.repeated"], 500 * 6 / 12.0));
  CHECK(near(m["training.first"], 6500 / 12.0));
  Inputs by_seller = tuned;
  by_seller["training_by_seller"] = 1;
  by_seller["training_usd_per_mtok"] = 3;
  CHECK(near(month(by_seller)["training_run_usd"], 9000));
  CHECK(month({})["training.first"] == 0);
}

TEST_CASE("more requests never lower the month, however it is scaled and paid") {
  std::mt19937_64 random(20261122);
  const auto between = [&](double low, double high) {
    return low * std::pow(high / low, std::uniform_real_distribution<double>(0, 1)(random));
  };
  for (int round = 0; round < 400; ++round) {
    Inputs inputs = {{"active_hours_per_day", between(1, 24)},
                     {"peak_multiple", between(1, 20)},
                     {"peak_hours_per_day", between(0.1, 24)},
                     {"replica.seconds", between(0.05, 100)},
                     {"replica.concurrency", std::floor(between(1, 300))},
                     {"replica.gpus", std::floor(between(1, 16))},
                     {"waiting_reserve", between(0.01, 4)},
                     {"least_replicas", static_cast<double>(round % 3)},
                     {"spare_replicas", static_cast<double>(round % 2)},
                     {"replicas_follow_load", static_cast<double>(round / 2 % 2)},
                     {"spot_share_ratio", round % 5 == 0 ? 0.5 : 0},
                     {"gpu.base", between(0.2, 10)}};
    inputs["gpu.peak"] = inputs["gpu.base"] * between(1, 2);
    double before = 0;
    for (double requests = 10; requests < 1e10; requests *= between(1.01, 3)) {
      inputs["offered.requests_per_month"] = requests;
      const double total = month(inputs)["own_total"];
      CHECK(total >= before * (1 - 1e-12));
      before = total;
    }
  }
}
