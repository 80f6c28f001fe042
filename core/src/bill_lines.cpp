#include "bill_lines.h"

#include <algorithm>

namespace tokenbill {

std::optional<double> amount(Known known) { return known.known ? std::optional(known.value) : std::nullopt; }

std::optional<double> figure_of(const Plan& plan, const Evaluation& evaluation, std::string_view id) {
  const Named* named = plan.find(id);
  return named != nullptr ? amount(evaluation.of(named->node)) : std::nullopt;
}

std::vector<const Named*> figures_beside_lines(const Plan& plan) {
  std::vector<const Named*> figures;
  for (const Named& named : plan.named()) {
    const bool is_term =
        std::any_of(plan.terms().begin(), plan.terms().end(), [&](const Term& t) { return t.node == named.node; });
    if (!is_term && plan.nodes()[named.node].op != Op::input) figures.push_back(&named);
  }
  return figures;
}

std::vector<Figure> figures_of(const Plan& plan, const Evaluation& evaluation) {
  std::vector<Figure> figures;
  for (const Named* named : figures_beside_lines(plan))
    figures.push_back({named->id, named->label, amount(evaluation.of(named->node)), named->unit});
  return figures;
}

std::vector<BillItem> items_of(const Plan& plan, const Evaluation& evaluation, std::optional<double> total,
                               double requests) {
  std::vector<BillItem> items;
  for (const Term& term : plan.terms()) {
    BillItem item{term.id, term.label, term.category, amount(evaluation.of(term.node)), std::nullopt, std::nullopt};
    if (item.usd_per_month && requests > 0) item.usd_per_request = *item.usd_per_month / requests;
    if (item.usd_per_month && total && *total > 0) item.share = *item.usd_per_month / *total;
    items.push_back(item);
  }
  return items;
}

}  // namespace tokenbill
