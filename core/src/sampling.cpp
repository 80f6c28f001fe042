#include "tokenbill/sampling.h"

#include <algorithm>
#include <array>
#include <bit>
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

void SobolSequence::fill(std::size_t dimension, std::uint32_t first, std::span<double> out) const {
  const std::uint32_t* directions = directions_.data() + dimension * 32;
  // From one index to the next a bit is set and all below it are cleared.
  std::array<std::uint32_t, 32> step{};
  for (std::size_t k = 0; k < 32; ++k) step[k] = directions[k] ^ (k > 0 ? step[k - 1] : 0);
  std::uint32_t x = 0;
  for (std::uint32_t k = 0; k < 32; ++k)
    if ((first >> k & 1u) != 0) x ^= directions[k];
  std::uint32_t index = first;
  for (double& number : out) {
    number = (static_cast<double>(scrambled(x, seeds_[dimension])) + 0.5) / 4294967296.0;
    x ^= step[static_cast<std::size_t>(std::countr_one(index)) % 32];
    ++index;
  }
}

std::vector<std::vector<double>> independent_draws(std::span<const UncertainInput> inputs,
                                                   const SobolSequence& sequence, std::size_t first_dimension,
                                                   std::size_t count) {
  std::vector<std::vector<double>> columns(inputs.size(), std::vector<double>(count));
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    sequence.fill(first_dimension + j, 0, columns[j]);
    const Quantiles quantiles(inputs[j].spread);
    for (double& value : columns[j]) value = quantiles.at(value);
  }
  return columns;
}

Draws::Draws(std::span<const UncertainInput> inputs, std::uint64_t seed)
    : sequence_(std::max<std::size_t>(inputs.size(), 1), seed), parts_(inputs.size()) {
  for (const UncertainInput& input : inputs) quantiles_.emplace_back(input.spread);
}

Result<Draws> Draws::create(const Scenario& scenario, std::span<const UncertainInput> inputs, std::uint64_t seed) {
  if (inputs.size() > max_uncertain_inputs)
    return Error{Code::too_large, "ranges",
                 join({"at most ", number_text(max_uncertain_inputs), " inputs may have a range, found ",
                       number_text(static_cast<double>(inputs.size())), "."}),
                 "Give those a plain number that matter least."};
  Draws draws(inputs, seed);
  if (scenario.correlations.empty()) return draws;
  const Result<Matrix> lower = cholesky(scenario, inputs);
  if (!lower) return lower.error();
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    if ((*lower)[j][j] == 1) continue;
    for (std::size_t k = 0; k <= j; ++k)
      if ((*lower)[j][k] != 0) draws.parts_[j].push_back({k, (*lower)[j][k]});
  }
  return draws;
}

void Draws::fill(std::size_t input, std::size_t first, std::span<double> out) const {
  const auto from = static_cast<std::uint32_t>(first);
  const Quantiles& quantiles = quantiles_[input];
  if (parts_[input].empty()) {
    sequence_.fill(input, from, out);
    for (double& value : out) value = quantiles.at(value);
    return;
  }
  constexpr double edge = 1.1641532182693481e-10;  // 2^-33
  std::fill(out.begin(), out.end(), 0.0);
  std::vector<double> of_part(out.size());
  for (const Part& part : parts_[input]) {
    sequence_.fill(part.input, from, of_part);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += part.weight * normal_quantile(of_part[i]);
  }
  for (double& value : out) value = quantiles.at(std::clamp(normal_below(value), edge, 1 - edge));
}

std::vector<std::vector<double>> Draws::columns(std::size_t count) const {
  std::vector<std::vector<double>> columns(quantiles_.size(), std::vector<double>(count));
  for (std::size_t j = 0; j < columns.size(); ++j) fill(j, 0, columns[j]);
  return columns;
}

}  // namespace tokenbill
