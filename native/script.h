#pragma once
// A session without hands: commands from a file, one a line, each in a frame of its own. For tests and for pictures.

#include <string>
#include <string_view>
#include <vector>

#include "app.h"
#include "view.h"

namespace tokenbill::desktop {

/// Lines as these; empty ones and those after # are left out:
///   preset ID · set INPUT VALUE · model KEY · name WORDS · select FIGURE · tab ID · do ACTION (actions.h)
///   open PATH · save PATH · sweep x|y|columns|rows INPUT FROM TO · sweep size|models|output WORD · sweep run · cancel
///   wait (until all that panels have asked is there) · report PATH · sweep-report PATH · link PATH · picture PATH
///   frames N (pass)
class Script {
 public:
  /// @error bad_value with the line, for a word that no line begins with
  [[nodiscard]] static Result<Script> parse(std::string_view text, std::string_view name);
  [[nodiscard]] bool ended() const { return next_ == lines_.size() && rest_ == 0; }
  /// Runs the next line. @return why it could not be done
  [[nodiscard]] std::optional<Error> step(App& app, View& view);

 private:
  struct Line {
    int number = 0;
    std::string word, rest;
  };
  std::string name_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
  int rest_ = 0;  ///< frames to let pass
};

}  // namespace tokenbill::desktop
