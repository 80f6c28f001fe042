#include "tokenbill/sampling.h"

#include <algorithm>
#include <array>
#include <optional>

#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {
struct TypicalRange {
  std::string_view id;
  double low, high;
  std::string_view source;
};
constexpr TypicalRange typical_ranges[] = {
#define TOKENBILL_TYPICAL_RANGE(id, low, high, source) {#id, low, high, source},
#include "tokenbill/typical_ranges.def"
#undef TOKENBILL_TYPICAL_RANGE
};

/// One dimension's polynomial and first numbers.
struct Direction {
  std::uint8_t degree;
  std::uint8_t coefficients;
  std::array<std::uint16_t, 9> first;
};
constexpr Direction direction_table[] = {
#define TOKENBILL_SOBOL(degree, coefficients, ...) {degree, coefficients, {__VA_ARGS__}},
#include "sobol_directions.def"
#undef TOKENBILL_SOBOL
};
static_assert(std::size(direction_table) + 1 == SobolSequence::most_dimensions);

constexpr std::uint32_t reversed(std::uint32_t x) {
  x = (x >> 16) | (x << 16);
  x = ((x & 0x00ff00ffu) << 8) | ((x & 0xff00ff00u) >> 8);
  x = ((x & 0x0f0f0f0fu) << 4) | ((x & 0xf0f0f0f0u) >> 4);
  x = ((x & 0x33333333u) << 2) | ((x & 0xccccccccu) >> 2);
  return ((x & 0x55555555u) << 1) | ((x & 0xaaaaaaaau) >> 1);
}

// Each bit is turned over or not, as the bits above it say.
constexpr std::uint32_t scrambled(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x ^= x * 0x3d20adeau;
  x += seed;
  x *= (seed >> 16) | 1u;
  x ^= x * 0x05526c56u;
  x ^= x * 0x53a22864u;
  return reversed(x);
}

/// The chance of a standard normal number below z: 1/2 + phi(z) (z + z^3 / 3 + z^5 / (3 * 5) + ...), Marsaglia 2004.
double normal_below(double z) {
  if (z > 8) return 1;
  if (z < -8) return 0;
  double sum = z;
  double term = z;
  for (double odd = 3; odd < 400; odd += 2) {
    term *= z * z / odd;
    const double before = sum;
    sum += term;
    if (sum == before) break;
  }
  return 0.5 + sum * 0.39894228040143267794 * decay_of(z * z / 2);
}

/// sin x for |x| <= pi / 6.
constexpr double sine(double x) {
  double sum = 1;
  for (int k = 15; k > 1; k -= 2) sum = 1 - sum * x * x / (k * (k - 1));
  return x * sum;
}

using Matrix = std::vector<std::vector<double>>;

/// L with L L' = the matrix; the matrix is that of the normal numbers.
Result<Matrix> cholesky(const Scenario& scenario, std::span<const UncertainInput> inputs) {
  const std::size_t n = inputs.size();
  Matrix m(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) m[i][i] = 1;
  for (const Correlation& pair : scenario.correlations) {
    std::size_t a = n;
    std::size_t b = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (inputs[i].parameter == pair.a) a = i;
      if (inputs[i].parameter == pair.b) b = i;
    }
    if (a == n || b == n) continue;
    m[a][b] = m[b][a] = 2 * sine(3.14159265358979323846 * pair.rank / 6);
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t strongest = i;
    double most = 0;
    for (std::size_t j = 0; j < i; ++j) {
      if (m[i][j] * m[i][j] > most) {
        most = m[i][j] * m[i][j];
        strongest = j;
      }
    }
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = m[i][j];
      for (std::size_t k = 0; k < j; ++k) rest -= m[i][k] * m[j][k];
      if (i != j) {
        m[i][j] = rest / m[j][j];
        continue;
      }
      if (!(rest > 1e-9)) {
        const auto label = [&](std::size_t k) { return parameters()[inputs[k].parameter].label; };
        return Error{Code::inconsistent, "correlations",
                     join({"the correlations contradict each other: with the others, ", in_quotes(label(strongest)),
                           " and ", in_quotes(label(i)), " cannot be correlated so."}),
                     "Weaken that of this pair, or one of the others of either."};
      }
      m[i][i] = root_of(rest);
    }
  }
  return m;
}
}  // namespace

std::vector<UncertainInput> uncertain_inputs(const Scenario& scenario, Assumptions assumptions) {
  std::vector<UncertainInput> inputs;
  const auto add = [&](std::size_t index, const InputRange& range, bool typical, std::string_view source) {
    const Parameter& parameter = parameters()[index];
    const double likely = scenario.value(parameter.id).value_or(likely_value(parameter, range));
    inputs.push_back({index, range, likely, typical, source, Spread(parameter, range, likely)});
  };
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    if (const auto given = scenario.ranges.find(i); given != scenario.ranges.end()) {
      add(i, given->second, false, {});
      continue;
    }
    if (assumptions == Assumptions::given || (i < scenario.values.size() && scenario.values[i])) continue;
    for (const TypicalRange& typical : typical_ranges)
      if (typical.id == parameters()[i].id) add(i, {typical.low, typical.high}, true, typical.source);
  }
  return inputs;
}

std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

SobolSequence::SobolSequence(std::size_t dimensions, std::uint64_t seed) {
  std::uint64_t state = seed;
  for (std::size_t d = 0; d < dimensions; ++d) {
    seeds_.push_back(static_cast<std::uint32_t>(next_random(state) >> 32));
    std::array<std::uint32_t, 32> v{};
    if (d == 0) {
      for (std::size_t k = 0; k < 32; ++k) v[k] = 1u << (31 - k);
    } else {
      const Direction& row = direction_table[d - 1];
      const std::size_t s = row.degree;
      for (std::size_t k = 0; k < s; ++k) v[k] = std::uint32_t{row.first[k]} << (31 - k);
      for (std::size_t k = s; k < 32; ++k) {
        v[k] = v[k - s] ^ (v[k - s] >> s);
        for (std::size_t j = 1; j < s; ++j)
          if ((row.coefficients >> (s - 1 - j) & 1u) != 0) v[k] ^= v[k - j];
      }
    }
    directions_.insert(directions_.end(), v.begin(), v.end());
  }
}

double SobolSequence::at(std::uint32_t index, std::size_t dimension) const {
  std::uint32_t x = 0;
  for (std::size_t k = dimension * 32; index != 0; index >>= 1, ++k)
    if ((index & 1u) != 0) x ^= directions_[k];
  return (static_cast<double>(scrambled(x, seeds_[dimension])) + 0.5) / 4294967296.0;
}

std::vector<std::vector<double>> independent_draws(std::span<const UncertainInput> inputs,
                                                   const SobolSequence& sequence, std::size_t first_dimension,
                                                   std::size_t count) {
  std::vector<std::vector<double>> columns(inputs.size());
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    columns[j].reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      columns[j].push_back(inputs[j].spread.quantile(sequence.at(static_cast<std::uint32_t>(i), first_dimension + j)));
  }
  return columns;
}

Result<std::vector<std::vector<double>>> draws(const Scenario& scenario, std::span<const UncertainInput> inputs,
                                               std::size_t count, std::uint64_t seed) {
  if (inputs.size() > max_uncertain_inputs)
    return Error{Code::too_large, "ranges",
                 join({"at most ", number_text(max_uncertain_inputs), " inputs may have a range, found ",
                       number_text(static_cast<double>(inputs.size())), "."}),
                 "Give those a plain number that matter least."};
  if (count > max_draws)
    return Error{Code::too_large, "samples", join({"at most ", number_text(max_draws), " samples are drawn."}), ""};
  if (inputs.empty()) return std::vector<std::vector<double>>();
  const SobolSequence sequence(inputs.size(), seed);
  if (scenario.correlations.empty()) return independent_draws(inputs, sequence, 0, count);
  const Result<Matrix> lower = cholesky(scenario, inputs);
  if (!lower) return lower.error();
  std::vector<std::vector<double>> columns(inputs.size(), std::vector<double>(count));
  std::vector<double> z(inputs.size());
  constexpr double edge = 1.1641532182693481e-10;  // 2^-33
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      const double u = sequence.at(static_cast<std::uint32_t>(i), j);
      z[j] = normal_quantile(u);
      double mixed = 0;
      for (std::size_t k = 0; k <= j; ++k) mixed += (*lower)[j][k] * z[k];
      const bool alone = (*lower)[j][j] == 1;
      columns[j][i] = inputs[j].spread.quantile(alone ? u : std::clamp(normal_below(mixed), edge, 1 - edge));
    }
  }
  return columns;
}

}  // namespace tokenbill
