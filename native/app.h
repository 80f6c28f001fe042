#pragma once
// What the desktop application knows and can do. No window, no drawing: panels read it and ask for changes.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  enum class Kind : unsigned char { figure, model, own };
  Kind kind = Kind::figure;
  /// Of a figure, item or input; or the key of a model; or a figure of own capacity, as SelfHost::explain takes it.
  std::string id = "total";

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

/// One scenario of those that are open, with its own history.
struct Document {
  Scenario scenario;
  Scenario saved;    ///< as it was opened or saved
  std::string path;  ///< empty where there is no file yet
  std::vector<Scenario> undo, redo;
  std::map<std::string, Error, std::less<>> input_problems;

  [[nodiscard]] bool is_modified() const { return scenario != saved; }
  /// What people call it: its name, or that of its file.
  [[nodiscard]] std::string title() const;
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

  [[nodiscard]] const std::vector<Document>& documents() const { return documents_; }
  [[nodiscard]] std::size_t active() const { return active_; }  ///< index into documents()
  [[nodiscard]] const Document& document() const { return documents_[active_]; }
  [[nodiscard]] const Scenario& scenario() const { return document().scenario; }
  [[nodiscard]] const std::string& path() const { return document().path; }
  [[nodiscard]] bool is_modified() const { return document().is_modified(); }
  /// The month of each open scenario, in the order of documents(); absent where it is unknown.
  [[nodiscard]] const std::vector<std::optional<double>>& months() const { return months_; }
  /// Paths of files that were opened or saved, the newest first.
  [[nodiscard]] const std::vector<std::string>& recent() const { return recent_; }
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
  /// What was done last, in a sentence; empty where there is nothing to tell.
  [[nodiscard]] const std::string& message() const { return message_; }
  /// Of a file that could not be opened or saved; shown until it is dismissed.
  [[nodiscard]] const Error* problem() const { return problem_ ? &*problem_ : nullptr; }
  /// Grows with every calculation, so that a view knows when its texts are old.
  [[nodiscard]] int calculations() const { return calculations_; }
  [[nodiscard]] bool can_undo() const { return !document().undo.empty(); }
  [[nodiscard]] bool can_redo() const { return !document().redo.empty(); }

  // Commands that change the scenario: each is one step of undo.
  void set_text(std::string_view id, std::string_view text);
  /// Several inputs at once, as Scenario::set takes them: one step of undo, or none of them where one is refused.
  void set_texts(const std::vector<std::pair<std::string, std::string>>& texts);
  /// A slider moved; all moves until the next `begins` are one step of undo.
  void slide(std::string_view id, double value, bool begins);
  void reset(std::string_view id);
  void choose_model(std::string_view key);
  /// Values of several inputs, and a model unless it is empty, as one step. Nothing changes where one is refused.
  void adopt(const std::vector<std::pair<std::string, double>>& values, std::string_view model = {});
  void set_name(std::string_view name);
  void set_date(std::string_view text);  ///< "" = today
  void use_preset(std::string_view id);
  /// A scenario that is not a file of the reader's takes the place of the one that is shown.
  void use_scenario(const Scenario& scenario);
  void undo();
  void redo();
  /// What was done so far cannot be undone: it is where the reader starts.
  void forget_history();

  // Commands for open scenarios.
  /// A copy of the one that is shown, which is shown then.
  void duplicate();
  void show(std::size_t document);
  /// What was changed and not saved can be brought back by reopen(). The last one becomes the first preset.
  void close(std::size_t document);
  void reopen();
  [[nodiscard]] bool can_reopen() const { return !closed_.empty(); }

  // Commands for files.
  /// A scenario becomes one more open one, or is shown where it is open already; a price file takes the place of the
  /// prices in use. What is neither is told, and nothing changes.
  void open(const std::string& path);
  /// The file's last state is kept beside it under its name with a tilde; one that cannot be read as a scenario is set
  /// aside under another name first.
  void save(const std::string& path);
  /// What an earlier run had open. Precondition: documents are not empty
  void restore(std::vector<Document> documents, std::size_t active, std::vector<std::string> recent);
  /// Something outside the scenario could not be done.
  void report_problem(Error problem) { problem_ = std::move(problem); }
  void tell(std::string message) { message_ = std::move(message); }

  // Other commands.
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
  void add(Document document);
  void remember_file(const std::string& path);
  void use_prices(Catalog catalog, const std::string& name);
  [[nodiscard]] Document& doc() { return documents_[active_]; }

  Engine engine_;
  std::shared_ptr<const Catalog> catalog_;
  std::vector<Preset> presets_;
  std::vector<Claim> claims_;
  std::unique_ptr<Questions> questions_;
  std::unique_ptr<SweepTask> sweep_ = std::make_unique<SweepTask>();
  std::string prices_name_;
  Moment today_;

  std::vector<Document> documents_;  ///< never empty
  std::size_t active_ = 0;
  std::vector<Document> closed_;  ///< the newest last
  std::vector<std::string> recent_;
  std::vector<std::optional<double>> months_;
  bool sliding_ = false;  ///< the newest step of undo belongs to the slider that is being moved
  std::string message_;
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
