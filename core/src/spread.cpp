#include "tokenbill/spread.h"

#include "beta_fit.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

std::string_view form_id(Form form) {
  switch (form) {
    case Form::log_normal:
      return "log_normal";
    case Form::beta:
      return "beta";
    case Form::normal:
      return "normal";
  }
  return "";
}

Spread::Spread(const Parameter& parameter, const InputRange& range, std::optional<double> likely)
    : form_(form_of(parameter, range)), least_(parameter.min), most_(parameter.max) {
  const double tail = (1 - range.level) / 2;
  std::optional<BetaFit> fit;
  if (form_ == Form::beta) {
    fit = fit_beta(range);
    if (!fit) form_ = Form::normal;
  }
  median_ = fit ? fit->median : median_of(form_, range);
  const bool own = likely && *likely > range.low && *likely < range.high &&
                   !(*likely >= median_ * (1 - 1e-9) && *likely <= median_ * (1 + 1e-9));
  if (own) {
    median_ = *likely;
    if (fit) form_ = Form::normal;
  }
  if (form_ == Form::beta) {
    a_ = fit->a;
    b_ = fit->b;
    low_ = range.low;
    high_ = range.high;
    tail_ = tail;
    log_beta_ = log_beta(a_, b_);
    return;
  }
  const auto scaled = [&](double x) { return form_ == Form::log_normal ? log_of(x) : x; };
  const double z = -normal_quantile(tail);
  centre_ = scaled(median_);
  below_ = (centre_ - scaled(range.low)) / z;
  above_ = (scaled(range.high) - centre_) / z;
}

double Spread::quantile(double u) const {
  double value = 0;
  if (form_ == Form::beta) {
    const double from = u < tail_ ? 0 : u <= 1 - tail_ ? low_ : high_;
    const double to = u < tail_ ? low_ : u <= 1 - tail_ ? high_ : 1;
    value = zero_of([&](double x) { return beta_below(a_, b_, x, log_beta_) - u; }, from, to, 1e-11);
  } else {
    const double z = normal_quantile(u);
    value = centre_ + z * (z < 0 ? below_ : above_);
    if (form_ == Form::log_normal) value = exp_of(std::clamp(value, -690.0, 690.0));
  }
  return std::clamp(value, least_, most_);
}

}  // namespace tokenbill
