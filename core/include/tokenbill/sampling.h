#pragma once
// Values for inputs that nobody knows exactly: a low-discrepancy sequence, scrambled by a seed, through the
// distributions of their ranges.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tokenbill/result.h"
#include "tokenbill/scenario.h"
#include "tokenbill/spread.h"

namespace tokenbill {

inline constexpr std::size_t max_uncertain_inputs = 40;
inline constexpr std::size_t max_draws = std::size_t{1} << 20;

/// What counts as uncertain: only what the scenario gives a range, or also defaults whose documents give one
/// (typical_ranges.def), where the scenario does not set the parameter.
enum class Assumptions : std::uint8_t { given, typical };

struct UncertainInput {
  std::size_t parameter = 0;  ///< index into the table
  InputRange range;
  double likely = 0;  ///< the value in force
  bool typical = false;
  std::string_view source;  ///< of a typical range
  Spread spread;
};
/// In the order of the table of parameters.
[[nodiscard]] std::vector<UncertainInput> uncertain_inputs(const Scenario& scenario, Assumptions assumptions);

/// splitmix64 (Steele, Lea, Flood 2014): the next number of a stream, and the stream moved on.
[[nodiscard]] std::uint64_t next_random(std::uint64_t& state);

/// The Sobol' sequence with the direction numbers of Joe and Kuo (sobol_directions.def), each dimension scrambled as
/// Owen proposed by the hash of Laine and Karras as Burley gives it ("Practical Hash-based Owen Scrambling", JCGT 9,
/// 2020), whose seeds are drawn by splitmix64 from one of 64 bits. Any 2^m first points have one in each 2^-m of every
/// dimension. Same bits on every platform.
class SobolSequence {
 public:
  static constexpr std::size_t most_dimensions = 2 * max_uncertain_inputs;
  /// @param dimensions  1 to most_dimensions
  SobolSequence(std::size_t dimensions, std::uint64_t seed);
  /// Numbers of one dimension from `first` on, in (0, 1): odd multiples of 2^-33.
  void fill(std::size_t dimension, std::uint32_t first, std::span<double> out) const;

 private:
  std::vector<std::uint32_t> directions_;  ///< 32 for each dimension
  std::vector<std::uint32_t> seeds_;
};

/// `count` values of each input, one column each: those of dimension `first_dimension` + i of the sequence.
[[nodiscard]] std::vector<std::vector<double>> independent_draws(std::span<const UncertainInput> inputs,
                                                                 const SobolSequence& sequence,
                                                                 std::size_t first_dimension, std::size_t count);
/// Values of all inputs with the scenario's rank correlations: normal numbers of the correlation 2 sin(pi rank / 6),
/// turned into values of each input's own distribution (a Gaussian copula). Any part of them can be had by itself.
class Draws {
 public:
  /// @error too_large (more than max_uncertain_inputs), inconsistent: the correlations contradict each other, that is
  ///        their matrix is not positive definite; the message names the pair at which this is found
  static Result<Draws> create(const Scenario& scenario, std::span<const UncertainInput> inputs, std::uint64_t seed);
  /// Values of one input, from the draw `first` on.
  void fill(std::size_t input, std::size_t first, std::span<double> out) const;
  /// One column of `count` values for each input. @pre count <= max_draws
  [[nodiscard]] std::vector<std::vector<double>> columns(std::size_t count) const;

 private:
  /// How much of another input's normal number is in that of an input.
  struct Part {
    std::size_t input = 0;
    double weight = 0;
  };
  Draws(std::span<const UncertainInput> inputs, std::uint64_t seed);
  SobolSequence sequence_;
  std::vector<Quantiles> quantiles_;
  std::vector<std::vector<Part>> parts_;  ///< by input, itself last; empty: it depends on no other
};

}  // namespace tokenbill
