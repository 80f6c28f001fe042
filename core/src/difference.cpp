#include "tokenbill/difference.h"

#include <algorithm>
#include <utility>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// Shares as people say them: "80 %"; other numbers without a unit, such as factors, as they are.
std::string number_of(double value, const Parameter& parameter) {
  const bool is_share = parameter.unit == units::ratio && parameter.max == 1;
  return is_share ? percent_text(value) : quantity_text(value, parameter.unit);
}

/// Sellers share names: the key tells whose model it is.
std::string model_text(const Model& model) { return model.name + " (" + model.key + ")"; }

/// What a parameter stands at, for people: its option's label, its number with range and unit, the name it refers to.
std::string setting_text(const Priceable& of, std::size_t index) {
  const Scenario& scenario = *of.scenario;
  const Parameter& parameter = parameters()[index];
  if (parameter.kind == ParameterKind::reference) {
    const std::string_view named = scenario.reference(parameter.id);
    if (named.empty()) return "none";
    const Result<const Model*> model = of.catalog->find_model(named);
    return model ? model_text(**model) : std::string(named);
  }
  const std::optional<double> value = scenario.value(parameter.id);
  if (!value) return "not given";
  if (parameter.kind == ParameterKind::choice) {
    const std::string_view id = scenario.choice(parameter.id);
    for (const Option& option : parameter.options)
      if (option.id == id) return std::string(option.label);
    return std::string(id);
  }
  const std::string number = with_unit(number_of(*value, parameter), parameter.unit);
  const auto range = scenario.ranges.find(index);
  if (range == scenario.ranges.end()) return number;
  return number + " (" + number_of(range->second.low, parameter) + " to " + number_of(range->second.high, parameter) +
         ", " + percent_text(range->second.level) + ")";
}

std::string correlations_text(const Scenario& scenario) {
  std::string text;
  for (const Correlation& c : scenario.correlations)
    text += (text.empty() ? "" : ", ") + std::string(parameters()[c.a].id) + " and " +
            std::string(parameters()[c.b].id) + " " + number_text(c.rank);
  return text.empty() ? "none" : text;
}

std::string date_text(const Bill& bill) { return moment_text(bill.date); }

void add_input(std::vector<InputChange>& changes, std::string_view id, std::string_view label, std::string before,
               std::string after) {
  if (before != after) changes.push_back({id, label, std::move(before), std::move(after)});
}

std::vector<InputChange> changed_inputs(const Priceable& before, const Bill& old_bill, const Priceable& after,
                                        const Bill& bill) {
  std::vector<InputChange> changes;
  const Scenario &old_scenario = *before.scenario, &scenario = *after.scenario;
  add_input(changes, "name", "Name", old_scenario.name.empty() ? "none" : old_scenario.name,
            scenario.name.empty() ? "none" : scenario.name);
  add_input(changes, "model", "Model", model_text(*old_bill.model), model_text(*bill.model));
  add_input(changes, "date", "Date", date_text(old_bill), date_text(bill));
  add_input(changes, "prices", "Price list of", moment_text(before.catalog->as_of), moment_text(after.catalog->as_of));
  for (std::size_t i = 0; i < parameters().size(); ++i)
    add_input(changes, parameters()[i].id, parameters()[i].label, setting_text(before, i), setting_text(after, i));
  add_input(changes, "correlations", "Inputs that move together", correlations_text(old_scenario),
            correlations_text(scenario));
  return changes;
}

std::vector<InputChange> changed_prices(const Bill& old_bill, const Bill& bill) {
  std::vector<InputChange> changes;
  for (const BillInput& input : bill.inputs) {
    const auto old = std::find_if(old_bill.inputs.begin(), old_bill.inputs.end(),
                                  [&](const BillInput& other) { return other.id == input.id; });
    if (input.origin != Origin::seller || old == old_bill.inputs.end() || old->value == input.value) continue;
    const auto text = [](const BillInput& of) {
      return of.value ? with_unit(quantity_text(*of.value, of.unit), of.unit) : "unknown";
    };
    changes.push_back({input.id, input.label, text(*old), text(input)});
  }
  return changes;
}

AmountChange change(std::string_view id, std::string_view label, std::optional<double> before,
                    std::optional<double> after, bool is_new) {
  AmountChange c{id, label, before, after, {}, {}, ""};
  if (is_new) {
    c.difference = after;
    if (after) c.words = "new";
    return c;
  }
  if (!before || !after) return c;
  c.difference = *after - *before;
  if (*before > 0) c.ratio = *after / *before;
  const bool same = *before == *after;
  c.words = same ? "the same" : !c.ratio ? "new" : *after == 0 ? "gone" : ratio_text(c.ratio);
  return c;
}

/// The amount of a line. A bill that has lines and not this one does not pay for it; one without lines has no price.
std::optional<double> line_of(const Bill& bill, std::string_view id) {
  for (const BillItem& item : bill.items)
    if (item.id == id) return item.usd_per_month;
  return bill.items.empty() ? std::nullopt : std::optional(0.0);
}

std::vector<AmountChange> changed_items(const std::optional<Bill>& before, const Bill& after) {
  std::vector<AmountChange> changes;
  const auto add = [&](const BillItem& item) {
    const std::optional<double> old = before ? line_of(*before, item.id) : std::nullopt;
    const std::optional<double> now = line_of(after, item.id);
    const bool nothing = (!before || old == 0.0) && now == 0.0;
    if (!nothing) changes.push_back(change(item.id, item.label, old, now, !before));
  };
  for (const BillItem& item : after.items) add(item);
  if (!before) return changes;
  for (const BillItem& item : before->items) {
    const bool told =
        std::any_of(after.items.begin(), after.items.end(), [&](const BillItem& other) { return other.id == item.id; });
    if (!told) add(item);
  }
  return changes;
}

std::string sentence_of(const AmountChange& month, bool is_new) {
  if (is_new)
    return month.after ? "New: a month costs " + usd_text(*month.after) + " USD."
                       : "New, and what a month costs is not known.";
  if (!month.before && !month.after) return "What a month costs is not known, neither before nor now.";
  if (!month.after) return "A month cost " + usd_text(*month.before) + " USD; what it costs now is not known.";
  if (!month.before) return "A month costs " + usd_text(*month.after) + " USD; what it cost before is not known.";
  if (*month.difference == 0) return "A month costs " + usd_text(*month.after) + " USD, as before.";
  const bool more = *month.difference > 0;
  return "A month costs " + usd_text(*month.after) + " USD instead of " + usd_text(*month.before) + ": " +
         usd_text(more ? *month.difference : -*month.difference) + (more ? " USD more" : " USD less") +
         (month.ratio ? ", " + month.words : "") + ".";
}
}  // namespace

Result<Difference> find_difference(const Engine& engine, const std::optional<Priceable>& before,
                                   const Priceable& after) {
  Difference found;
  if (before) {
    Result<Bill> bill = engine.estimate(*before->catalog, *before->scenario, before->today);
    if (!bill) return bill.error();
    found.before = std::move(bill).value();
  }
  Result<Bill> bill = engine.estimate(*after.catalog, *after.scenario, after.today);
  if (!bill) return bill.error();
  found.after = std::move(bill).value();

  if (before) {
    found.inputs = changed_inputs(*before, *found.before, after, found.after);
    found.prices = changed_prices(*found.before, found.after);
  }
  found.items = changed_items(found.before, found.after);
  const auto total = [&](std::string_view id, std::string_view label, std::optional<double> Bill::*amount) {
    const std::optional<double> old = found.before ? (*found.before).*amount : std::nullopt;
    return change(id, label, old, found.after.*amount, !before);
  };
  found.per_month = total("per_month", "Total a month", &Bill::per_month);
  found.per_request = total("per_request", "Total a request", &Bill::per_request);
  found.per_conversation = total("per_conversation", "Total a conversation", &Bill::per_conversation);
  found.sentence = sentence_of(found.per_month, !before);
  return found;
}

std::vector<Notice> broken_limits(const Difference& difference, const DifferenceLimits& limits) {
  std::vector<Notice> broken;
  const AmountChange& month = difference.per_month;
  if (limits.usd_per_month) {
    const std::string budget = "the budget of " + usd_text(*limits.usd_per_month) + " USD a month.";
    if (!month.after)
      broken.push_back({"budget", "What a month costs is not known, so it is not within " + budget});
    else if (*month.after > *limits.usd_per_month)
      broken.push_back({"budget", "A month costs " + usd_text(*month.after) + " USD, above " + budget});
  }
  if (limits.increase_ratio && difference.before) {
    const std::string limit = percent_text(*limits.increase_ratio) + " that a month may become dearer.";
    if (!month.before || !month.after)
      broken.push_back({"increase", "What a month costs is not known, so it is not within the " + limit});
    else if (*month.after > *month.before * (1 + *limits.increase_ratio))
      broken.push_back({"increase", "A month is " + (month.ratio ? ratio_text(month.ratio) : "no longer free") +
                                        ", more than the " + limit});
  }
  return broken;
}

}  // namespace tokenbill
