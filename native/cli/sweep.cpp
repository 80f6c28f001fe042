// tokenbill sweep: a grid of scenarios.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>

#include "command.h"
#include "files.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/sweep.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill::cli {

namespace {
struct SweepOptions {
  ScenarioOptions scenario;
  std::vector<std::string> axes;
  std::string output = "total";
  int top = 5;
  std::string csv_path;
};

volatile std::sig_atomic_t interrupted = 0;

/// Until it goes out of scope, Ctrl-C asks the sweep to stop instead of ending the program.
class Interrupt {
 public:
  Interrupt() : before_(std::signal(SIGINT, [](int) { interrupted = 1; })) {}
  ~Interrupt() { std::signal(SIGINT, before_); }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  void (*before_)(int);
};

/// Runs the job, with a line of progress on a terminal four times a second. Returns the seconds it took.
double run(SweepJob& job) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t cells_a_step = 1 << 16;
  const bool shows = isatty(STDERR_FILENO) != 0;
  const Clock::time_point begun = Clock::now();
  Clock::time_point told = begun;
  const Interrupt interrupt;
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  bool told_once = false;
  while (job.step(cells_a_step)) {
    if (interrupted != 0) job.cancel();
    if (!shows || Clock::now() - told < std::chrono::milliseconds(250)) continue;
    told = Clock::now();
    told_once = true;
    const double rate = static_cast<double>(job.result().done) / seconds();
    const double left = static_cast<double>(job.result().cells.size() - job.result().done) / rate;
    std::fprintf(stderr, "\r%s of %s cells, %s a second, %s s left \x1b[K",
                 number_text(static_cast<double>(job.result().done)).c_str(),
                 number_text(static_cast<double>(job.result().cells.size())).c_str(),
                 number_text(std::round(rate)).c_str(), number_text(std::ceil(left)).c_str());
  }
  if (told_once) std::fprintf(stderr, "\r\x1b[K");
  return seconds();
}

std::string csv(const Sweep& sweep, const SweepResult& result) {
  std::string text;
  for (const SweepAxis& axis : sweep.axes) text += axis.id + ",";
  text += sweep.output + "\r\n";
  for (std::size_t cell = 0; cell < result.done; ++cell) {
    for (const double value : sweep.point(cell)) text += exact_text(value) + ",";
    // A cell without a figure stays empty: it is not 0.
    if (!std::isnan(result.cells[cell])) text += exact_text(result.cells[cell]);
    text += "\r\n";
  }
  return text;
}

/// The cells with the lowest values, lowest first; ties by place.
std::vector<std::size_t> lowest(const SweepResult& result, std::size_t count) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < result.done; ++i)
    if (!std::isnan(result.cells[i])) cells.push_back(i);
  const auto before = [&](std::size_t a, std::size_t b) {
    return result.cells[a] != result.cells[b] ? result.cells[a] < result.cells[b] : a < b;
  };
  count = std::min(count, cells.size());
  std::partial_sort(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count), cells.end(), before);
  cells.resize(count);
  return cells;
}

void print_sweep(const Sweep& sweep, const SweepResult& result, const SweepOptions& options, double seconds) {
  const auto value_text = [&](double value) { return sweep.unit.power[0] == 1 ? usd_text(value) : number_text(value); };
  std::printf("%s of %s, %s cells", sweep.label.c_str(), sweep.model.c_str(),
              number_text(static_cast<double>(result.cells.size())).c_str());
  if (result.partial) std::printf(", PARTIAL: stopped after %s", number_text(static_cast<double>(result.done)).c_str());
  std::printf(" (%s a second)\n",
              number_text(std::round(static_cast<double>(result.done) / std::max(seconds, 1e-6))).c_str());
  if (result.impossible > 0)
    std::printf("%s cells exceed a limit of the model and have no price.\n",
                number_text(static_cast<double>(result.impossible)).c_str());
  if (result.unknown > 0)
    std::printf("%s cells have no such figure.\n", number_text(static_cast<double>(result.unknown)).c_str());
  if (!result.minimum) return;
  std::vector<Column> columns;
  columns.push_back({"", false});
  for (const SweepAxis& axis : sweep.axes) columns.push_back({axis.id, true});
  columns.push_back({sweep.output + (sweep.unit == units::ratio ? "" : ", " + unit_text(sweep.unit)), true});
  Table table(columns);
  const auto row = [&](std::string name, std::size_t cell) {
    std::vector<std::string> texts{std::move(name)};
    for (const double value : sweep.point(cell)) texts.push_back(number_text(value));
    texts.push_back(value_text(result.cells[cell]));
    table.row(std::move(texts));
  };
  int rank = 0;
  for (const std::size_t cell : lowest(result, static_cast<std::size_t>(options.top))) {
    ++rank;
    row(rank == 1 ? "lowest" : std::to_string(rank) + ".", cell);
  }
  row("highest", result.maximum->cell);
  std::printf("\n%s", table.text().c_str());
}

int sweep(const SweepOptions& options, const Session& session) {
  const Result<Question> question = prepare(options.scenario, session);
  if (!question) return report(session, question.error());
  SweepSpec spec;
  spec.output = options.output;
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
  SweepJob job(std::move(compiled).value());
  const double seconds = run(job);
  if (!options.csv_path.empty())
    if (auto error = write_file(options.csv_path, csv(job.sweep(), job.result()))) return report(session, *error);
  if (session.json)
    std::printf("%s\n", sweep_json(job.sweep(), job.result(), true).c_str());
  else
    print_sweep(job.sweep(), job.result(), options, seconds);
  return fine;
}
}  // namespace

void add_sweep(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("sweep", "A grid: what a figure would be while parameters run along axes");
  auto options = std::make_shared<SweepOptions>();
  options->scenario.add_to(*command);
  command->add_option("--axis", options->axes, "id=from:to:steps, with :log for equal ratios; once for each axis")
      ->required()
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--output", options->output, "The figure: total, or another id of the bill");
  command->add_option("--top", options->top, "How many of the lowest cells to print")->check(CLI::Range(1, 1000));
  command->add_option("--csv", options->csv_path, "Write all cells to this file");
  command->callback([options, &session] { session.run = [options, &session] { return sweep(*options, session); }; });
}

}  // namespace tokenbill::cli
