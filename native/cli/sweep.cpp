// tokenbill sweep: a grid of scenarios.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>

#include "command.h"
#include "files.h"
#include "sweep_csv.h"
#include "sweep_pool.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_ranges.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill::cli {

namespace {
/// From so many cells on, --json leaves their values out.
constexpr std::uint64_t max_printed_cells = std::uint64_t{1} << 20;
constexpr int bar_width = 20;  ///< of the progress

struct SweepOptions {
  ScenarioOptions scenario;
  std::vector<std::string> axes, models;
  std::string output = "total", against;
  int top = 5;
  unsigned threads = 0;
  DrawOptions draws;
  std::string csv_path;
};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a handler of a signal may set it");

/// Until it goes out of scope, Ctrl-C asks the sweep to stop instead of ending the program.
class Interrupt {
 public:
  Interrupt() : before_(std::signal(SIGINT, [](int) { interrupted = true; })) {}
  ~Interrupt() { std::signal(SIGINT, before_); }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  void (*before_)(int);
};

std::string count_text(std::uint64_t count) { return number_text(static_cast<double>(count)); }

/// Runs the sweep on all cores, with a line of progress on a terminal. @param seconds  receives the time it took
SweepResult run(const SweepProgram& program, unsigned threads, double& seconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun = Clock::now();
  const Interrupt interrupt;
  const auto since = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  const std::uint64_t cells = program.sweep().cells();
  bool told = false;
  PoolOptions options;
  options.threads = threads;
  options.cancelled = &interrupted;
  if (isatty(STDERR_FILENO) != 0)
    options.progress = [&](std::uint64_t done) {
      if (since() < 1) return;  // who waits no longer than that needs no bar
      told = true;
      const double rate = static_cast<double>(done) / since();
      const std::string gone = bar(static_cast<double>(done) / static_cast<double>(cells), bar_width);
      const auto width = std::count_if(gone.begin(), gone.end(), [](char c) { return (c & 0xc0) != 0x80; });
      const std::string rest(static_cast<std::size_t>(bar_width - width), ' ');
      std::fprintf(stderr, "\r%s%s %s of %s cells, %s a second, %s s left \x1b[K", gone.c_str(), rest.c_str(),
                   count_text(done).c_str(), count_text(cells).c_str(), number_text(std::round(rate)).c_str(),
                   number_text(std::ceil(static_cast<double>(cells - done) / rate)).c_str());
    };
  SweepResult result = run_on_all_cores(program, options);
  if (told) std::fprintf(stderr, "\r\x1b[K");
  seconds = since();
  return result;
}

std::string value_text(const Sweep::Output& output, double value) {
  return output.unit.power[0] == 1 ? usd_text(value) : number_text(value);
}
std::string heading(const Sweep::Output& output) {
  return output.id + (output.unit == units::ratio ? "" : ", " + unit_text(output.unit));
}

/// Cells, one a row: a name, where they lie, and a value for each column.
class CellTable {
 public:
  CellTable(const Sweep& sweep, std::size_t figures) : sweep_(sweep), table_(columns(sweep, figures)) {}
  void row(std::string name, std::uint64_t cell, std::initializer_list<double> values) {
    std::vector<std::string> texts{std::move(name)};
    if (sweep_.by_model()) texts.push_back(sweep_.models[sweep_.model_of(cell)]);
    // What is drawn has no place in the table: there are many of them, and any draw is as good as its neighbour.
    const std::vector<double> point = sweep_.point(cell);
    for (std::size_t k = 0; k < sweep_.axes.size(); ++k) texts.push_back(number_text(point[k]));
    std::size_t figure = 0;
    for (const double value : values) texts.push_back(value_text(sweep_.outputs[figure++], value));
    table_.row(std::move(texts));
  }
  [[nodiscard]] std::string text() const { return table_.text(); }

 private:
  static std::vector<Column> columns(const Sweep& sweep, std::size_t figures) {
    std::vector<Column> columns{{"", false}};
    if (sweep.by_model()) columns.push_back({"model", false});
    for (const SweepAxis& axis : sweep.axes) columns.push_back({axis.id, true});
    for (std::size_t k = 0; k < figures; ++k) columns.push_back({heading(sweep.outputs[k]), true});
    return columns;
  }
  const Sweep& sweep_;
  Table table_;
};

void print_models(const Sweep& sweep, const SweepTotal& total, int top) {
  std::uint64_t points = 0;
  for (const std::uint64_t wins : total.wins) points += wins;
  std::vector<std::size_t> order(sweep.models.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (total.wins[a] != total.wins[b]) return total.wins[a] > total.wins[b];
    return total.models[a].mean < total.models[b].mean;
  });
  Table table(
      {{"model", false}, {"cheapest in", true}, {"5 %", true}, {"median", true}, {"mean", true}, {"95 %", true}});
  int shown = 0;
  for (const std::size_t m : order) {
    const Distribution& model = total.models[m];
    if (model.count == 0 || shown++ >= top) continue;
    const auto at = [&](double share) { return value_text(sweep.outputs.front(), *model.histogram.percentile(share)); };
    table.row({sweep.models[m],
               points > 0 ? percent_text(static_cast<double>(total.wins[m]) / static_cast<double>(points)) : "",
               at(0.05), at(0.5), value_text(sweep.outputs.front(), model.mean), at(0.95)});
  }
  std::printf("\n%s", table.text().c_str());
  if (!sweep.left_out.empty())
    std::printf("%s models are left out: they cannot serve, or a price is not known (--json tells why).\n",
                count_text(sweep.left_out.size()).c_str());
}

void print_sweep(const Sweep& sweep, const SweepResult& result, const SweepOptions& options, double seconds) {
  const Sweep::Output& output = sweep.outputs.front();
  const SweepTotal& total = result.total;
  const std::string of = sweep.by_model() ? count_text(sweep.models.size()) + " models" : sweep.models.front();
  std::printf("%s of %s, %s cells", output.label.c_str(), of.c_str(), count_text(result.of).c_str());
  if (sweep.samples > 0)
    std::printf(", %s draws of %s inputs", count_text(sweep.samples).c_str(), count_text(sweep.drawn.size()).c_str());
  if (result.partial) std::printf(", PARTIAL: stopped after %s", count_text(total.done).c_str());
  std::printf(" (%s a second)\n",
              number_text(std::round(static_cast<double>(total.done) / std::max(seconds, 1e-6))).c_str());
  if (total.impossible > 0)
    std::printf("%s cells exceed a limit of the model and have no price.\n", count_text(total.impossible).c_str());
  if (total.unknown > 0) std::printf("%s cells have no such figure.\n", count_text(total.unknown).c_str());
  if (!total.all.minimum) return;
  if (!sweep.axes.empty()) {
    CellTable cells(sweep, 1);
    int rank = 0;
    for (const SweepCell& cell : total.lowest) {
      ++rank;
      cells.row(rank == 1 ? "lowest" : std::to_string(rank) + ".", cell.cell, {cell.value});
    }
    cells.row("highest", total.all.maximum->cell, {total.all.maximum->value});
    std::printf("\n%s", cells.text().c_str());
  }
  const auto at = [&](double share) { return value_text(output, *total.all.histogram.percentile(share)); };
  std::printf("\nhalf of the cells lie below %s, one in twenty below %s, one in twenty above %s; mean %s\n",
              at(0.5).c_str(), at(0.05).c_str(), at(0.95).c_str(), value_text(output, total.all.mean).c_str());
  if (!total.frontier.empty()) {
    std::printf("\nno other cell has less of both:\n");
    CellTable frontier(sweep, 2);
    constexpr std::size_t most = 30;
    const std::size_t shown = std::min(most, total.frontier.size());
    for (std::size_t i = 0; i < shown; ++i) {
      // Evenly picked, both ends included.
      const FrontierCell& cell = total.frontier[shown < 2 ? 0 : i * (total.frontier.size() - 1) / (shown - 1)];
      frontier.row("", cell.cell, {cell.value, cell.against});
    }
    std::printf("%s", frontier.text().c_str());
    if (shown < total.frontier.size())
      std::printf("%s of %s cells of the frontier; --json has all.\n", count_text(shown).c_str(),
                  count_text(total.frontier.size()).c_str());
  }
  if (sweep.by_model()) print_models(sweep, total, options.top);
}

int sweep(const SweepOptions& options, const Session& session) {
  const Result<Question> question = prepare(options.scenario, session);
  if (!question) return report(session, question.error());
  SweepSpec spec;
  spec.output = options.output;
  spec.against = options.against;
  spec.models = options.models;
  spec.samples = options.draws.samples;
  spec.seed = options.draws.seed;
  const Result<Assumptions> assumptions = options.draws.parsed_assumptions();
  if (!assumptions) return report(session, assumptions.error());
  spec.assumptions = *assumptions;
  for (const std::string& text : options.axes) {
    Result<SweepAxis> axis = parse_axis(text);
    if (!axis) return report(session, axis.error());
    spec.axes.push_back(std::move(axis).value());
  }
  const Result<MonthShape> shape = sweep_shape(question->catalog, question->scenario, spec);
  if (!shape) return report(session, shape.error());
  Result<Sweep> compiled =
      compile_sweep(question->engine.plan(*shape), question->catalog, question->scenario, today(), spec);
  if (!compiled) return report(session, compiled.error());
  SweepAsk ask;
  ask.lowest = static_cast<std::size_t>(options.top);
  ask.cells = !options.csv_path.empty() || (session.json && compiled->cells() <= max_printed_cells);
  if (ask.cells && compiled->cells() > max_kept_cells)
    return report(session, Error{Code::too_large, "--csv",
                                 "A file of more than " + number_text(static_cast<double>(max_kept_cells)) +
                                     " cells would be too large, found " + count_text(compiled->cells()) + ".",
                                 "Take fewer steps, or leave the file out: the summary needs no memory."});
  const SweepProgram program(std::move(compiled).value(), ask);
  double seconds = 0;
  const SweepResult result = run(program, options.threads, seconds);
  if (options.csv_path == "-") {
    std::printf("%s", sweep_csv(program.sweep(), result).c_str());
    return fine;
  }
  if (!options.csv_path.empty())
    if (auto error = write_file(options.csv_path, sweep_csv(program.sweep(), result))) return report(session, *error);
  if (session.json)
    std::printf("%s\n", sweep_json(program.sweep(), result, true).c_str());
  else
    print_sweep(program.sweep(), result, options, seconds);
  return fine;
}
}  // namespace

void add_sweep(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("sweep", "A grid: what a figure would be while parameters run along axes");
  command->footer(
      "tokenbill sweep scenario.json --axis prompt_tokens=500:50000:20:log --axis output_tokens=100:2000:20\n"
      "tokenbill sweep --preset chatbot --axis turns_per_conversation=1,5,10 --models all --csv cells.csv");
  auto options = std::make_shared<SweepOptions>();
  options->scenario.add_to(*command);
  command
      ->add_option("--axis", options->axes,
                   "id=from:to:steps, with :log for equal ratios, or id=1,2,4; once for each axis")
      ->type_name(value::axis)
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--output", options->output, "The figure: an id of the bill; total unless given")
      ->type_name(value::figure);
  command->add_option("--against", options->against, "A second figure: prints the cells that no other beats in both")
      ->type_name(value::figure);
  command->add_option("--models", options->models, "Models to try in every cell: keys with commas between, or all")
      ->delimiter(',')
      ->type_name(value::models);
  options->draws.add_to(
      *command,
      "Draw all inputs that have a range so often in every cell, 0 (none) unless given; axes are then optional");
  command
      ->add_option("--top", options->top,
                   "How many of the lowest cells, and of the models, to print: 1 to 1000, 5 unless given")
      ->type_name(value::count)
      ->check(CLI::Range(1, 1000));
  command->add_option("--threads", options->threads, "How many cores to use, 1 to 1024; all of them unless given")
      ->type_name(value::count)
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--csv", options->csv_path,
                   "Write all cells to this file, - for standard output instead of the summary")
      ->type_name(value::file);
  command->callback([options, &session] { session.run = [options, &session] { return sweep(*options, session); }; });
}

}  // namespace tokenbill::cli
