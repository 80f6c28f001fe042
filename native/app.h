#pragma once
// What the desktop application knows and can do. No window, no drawing: panels read it and ask for changes.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims.h"
#include "presets.h"
#include "questions.h"
#include "sweep_task.h"
#include "tokenbill/catalog.h"
#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill::desktop {

/// What the explain panel shows.
struct Selection {
  enum class Kind : unsigned char { figure, model };
  Kind kind = Kind::figure;
  std::string id = "total";  ///< of a figure, item or input; or the key of a model

  friend bool operator==(const Selection&, const Selection&) = default;
};

struct Sources {
  std::string prices;       ///< text of a price bundle
  std::string prices_name;  ///< what people call it: a path, or "built in"
  std::string presets;      ///< text of site/presets.json
  std::string hardware;     ///< text of the list of GPUs and open models
  std::string claims;       ///< text of claims/claims.json
  Moment today;
};

/// State and commands. Every figure is the engine's; it is calculated again only by update(), and only after a change.
class App {
 public:
  /// Starts with the first preset. @error as parse_catalog, parse_presets, parse_claims and Questions::create
  [[nodiscard]] static Result<std::unique_ptr<App>> create(Sources sources);
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] const Catalog& catalog() const { return *catalog_; }
  [[nodiscard]] const std::string& prices_name() const { return prices_name_; }
  [[nodiscard]] const std::vector<Preset>& presets() const { return presets_; }
  [[nodiscard]] const std::vector<Claim>& claims() const { return claims_; }
  [[nodiscard]] Moment today() const { return today_; }
  /// What takes longer than a frame: the panel that is shown asks, and draws what is there.
  [[nodiscard]] Questions& questions() const { return *questions_; }
  [[nodiscard]] SweepTask& sweep() const { return *sweep_; }
  /// Blocks until all that was asked in the background is there.
  void finish();

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const std::string& path() const { return path_; }  ///< empty where there is no file yet
  [[nodiscard]] bool is_modified() const;                          ///< since it was opened or saved
  /// Whether a parameter was given a value other than its default.
  [[nodiscard]] bool is_changed(const Parameter& parameter) const;
  /// Why the text last typed for a parameter was refused; nullptr if it was not.
  [[nodiscard]] const Error* input_problem(std::string_view id) const;
  /// The preset that the scenario is, as long as nothing of it was changed; nullptr otherwise.
  [[nodiscard]] const Preset* active_preset() const;

  [[nodiscard]] const Bill* bill() const { return bill_ ? &*bill_ : nullptr; }
  [[nodiscard]] const Comparison* comparison() const { return comparison_ ? &*comparison_ : nullptr; }
  /// Why there is no bill; nullptr if there is one.
  [[nodiscard]] const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
  [[nodiscard]] const Selection& selection() const { return selection_; }
  /// Of the selected figure. Absent before the first update().
  [[nodiscard]] const std::optional<Result<Explanation>>& explanation() const { return explanation_; }
  [[nodiscard]] bool can_go_back() const { return !visited_.empty(); }
  /// The row of the comparison of this model; nullptr if there is none.
  [[nodiscard]] const ComparisonRow* row_of(std::string_view key) const;
  /// Of a file that could not be opened or saved; shown until it is dismissed.
  [[nodiscard]] const Error* problem() const { return problem_ ? &*problem_ : nullptr; }
  /// Grows with every calculation, so that a view knows when its texts are old.
  [[nodiscard]] int calculations() const { return calculations_; }
  [[nodiscard]] bool can_undo() const { return !undo_.empty(); }
  [[nodiscard]] bool can_redo() const { return !redo_.empty(); }

  // Commands that change the scenario: each is one step of undo.
  void set_text(std::string_view id, std::string_view text);
  /// A slider moved; all moves until the next `begins` are one step of undo.
  void slide(std::string_view id, double value, bool begins);
  void reset(std::string_view id);
  void choose_model(std::string_view key);
  /// Values of several inputs, and a model unless it is empty, as one step. Nothing changes where one is refused.
  void adopt(const std::vector<std::pair<std::string, double>>& values, std::string_view model = {});
  void set_name(std::string_view name);
  void set_date(std::string_view text);  ///< "" = today
  void use_preset(std::string_view id);
  void undo();
  void redo();
  /// What was done so far cannot be undone: it is where the reader starts.
  void forget_history();

  // Other commands.
  void open(const std::string& path);
  void save(const std::string& path);
  void select(Selection selection);
  void go_back();
  /// Writes a file that was exported.
  void write(const std::string& path, std::string_view text);
  void dismiss_problem() { problem_.reset(); }

  /// Calculates what changed since the last call.
  void update();
  /// The bill as JSON, the same document as `tokenbill estimate --json` prints.
  [[nodiscard]] std::string report() const;

 private:
  struct Parts {
    Engine engine;
    Catalog catalog;
    std::vector<Preset> presets;
    std::vector<Claim> claims;
    std::unique_ptr<Questions> questions;
  };
  App(Parts parts, Sources sources);
  void change(const std::function<std::optional<Error>(Scenario&)>& edit, std::string_view id);
  void replace(Scenario scenario);
  void remember(Scenario before);

  Engine engine_;
  std::shared_ptr<const Catalog> catalog_;
  std::vector<Preset> presets_;
  std::vector<Claim> claims_;
  std::unique_ptr<Questions> questions_;
  std::unique_ptr<SweepTask> sweep_ = std::make_unique<SweepTask>();
  std::string prices_name_;
  Moment today_;

  Scenario scenario_;
  Scenario saved_;
  std::string path_;
  std::vector<Scenario> undo_, redo_;
  bool sliding_ = false;  ///< the newest step of undo belongs to the slider that is being moved
  std::map<std::string, Error, std::less<>> input_problems_;
  std::optional<Error> problem_;

  Selection selection_;
  std::vector<Selection> visited_;

  bool scenario_is_new_ = true;
  bool selection_is_new_ = true;
  int calculations_ = 0;
  std::optional<Bill> bill_;
  std::optional<Comparison> comparison_;
  std::optional<Error> failure_;
  std::optional<Result<Explanation>> explanation_;
};

/// What panels ask for while they draw; carried out after the frame, so that all of a frame shows one state.
using Commands = std::vector<std::function<void(App&)>>;

}  // namespace tokenbill::desktop
