// One request as a seller's invoice counts it: exclusive token classes, fees.

#include <vector>

#include "tokenbill/plans.h"

namespace tokenbill {

Result<Plan> request_plan(std::size_t fees) {
  PlanBuilder p;
  const Unit tokens = units::token / units::request;
  const Unit usd = units::usd / units::request;

  std::vector<TokenClass> classes;
  std::vector<Expr> usage;
  Expr prompt = p.constant(0, tokens);
  for (std::size_t i = 0; i < token_class_count; ++i) {
    const auto token_class = static_cast<TokenClass>(i);
    classes.push_back(token_class);
    usage.push_back(
        p.input("usage." + std::string(info(token_class).id), std::string(info(token_class).label), tokens));
    if (info(token_class).is_input) prompt = prompt + usage.back();
  }
  prompt = p.name("prompt_size", "Prompt, all input tokens", tokens, prompt);

  const RateCard rates(p, "", max_context_tiers, classes);
  const Expr multiplier = p.input("multiplier", "Factor on token charges", units::ratio);
  Expr input = p.constant(0, usd);
  Expr output = p.constant(0, usd);
  for (std::size_t i = 0; i < token_class_count; ++i) {
    const TokenClassInfo& about = info(classes[i]);
    const Expr charge =
        p.term(("tokens." + std::string(about.id)).c_str(), std::string(about.label).c_str(), about.category, usd,
               RateCard::charge(usage[i], rates.price_for(classes[i], prompt)) * multiplier);
    (about.is_input ? input : output) = (about.is_input ? input : output) + charge;
  }
  input = p.name("input_usd", "Input", usd, input);
  output = p.name("output_usd", "Output", usd, output);

  Expr fee_sum = p.constant(0, usd);
  for (std::size_t i = 0; i < fees; ++i) {
    const std::string id = "fee." + std::to_string(i);
    const Expr quantity = p.input(id + ".quantity", "Quantity", units::unit / units::request);
    const Expr price = p.input(id + ".usd", "Price of one", units::usd / units::unit);
    fee_sum = fee_sum + p.term(id.c_str(), "Fee", Category::tools, usd, quantity * price);
  }
  fee_sum = p.name("fees_usd", "Fees", usd, fee_sum);
  p.name("total", "Total", usd, input + output + fee_sum);
  return p.build();
}

}  // namespace tokenbill
