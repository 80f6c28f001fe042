#pragma once
// Small pieces that several panels share.

#include <imgui.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "look.h"
#include "tokenbill/engine.h"
#include "tokenbill/parameter.h"
#include "tokenbill/result.h"
#include "words.h"

namespace tokenbill::desktop {

/// Text without formatting and without the copy that a C string would need.
void text(std::string_view words);
void text(std::string_view words, ImU32 colour);
/// Broken at blanks only, so that a line of it fits into the width.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view words, float width);
/// Broken into lines at the right edge.
void paragraph(std::string_view words);
void paragraph(std::string_view words, ImU32 colour);
[[nodiscard]] ImVec2 text_size(std::string_view words);
/// At a place, cut with an ellipsis where it is wider than `width`. Returns whether it was cut.
bool text_at(ImVec2 place, ImU32 colour, std::string_view words, float width = 1e9F);
/// A tooltip of readable width for the item before.
void tip(const Look& look, std::string_view words);

/// Whether the item before is the one that the keys have walked to.
[[nodiscard]] bool is_walked_to();

/// A figure or name that opens something: underlined under the pointer. True when it was clicked.
[[nodiscard]] bool door(const Look& look, const char* id, std::string_view words);
/// The same in the colour of what can be acted on.
[[nodiscard]] bool link(const Look& look, const char* id, std::string_view words);

/// A button of a row of choices, marked where it is the chosen one. True when it was pressed.
[[nodiscard]] bool chip(const Look& look, const char* words, bool chosen);
/// What is wrong and what to do.
void error_text(const Look& look, const Error& error);
/// A paragraph beside a bar of colour, for what is to know.
void aside(const Look& look, std::string_view words, ImU32 colour);
/// Pales what is drawn in the current window while this lives, once it has been out of date for a tenth of a second.
class Dimmed {
 public:
  Dimmed(const Look& look, bool is_new) : look_(look), is_new_(is_new) {}
  ~Dimmed();
  Dimmed(const Dimmed&) = delete;
  Dimmed& operator=(const Dimmed&) = delete;

 private:
  const Look& look_;
  bool is_new_;
};
/// A head that opens and closes what follows it. True while it is open.
[[nodiscard]] bool unfolds(const Look& look, const char* id, std::string_view words);
/// Went down in this frame, or repeats.
[[nodiscard]] bool key_pressed(ImGuiKey key);

/// Stays on the line of the item before, `gap` behind it, where `width` still fits there.
void beside_if_it_fits(const Look& look, float gap, float width);

/// Bold words above a hairline.
void heading(const Look& look, std::string_view words);
void hairline(const Look& look);
/// A bar to drag between two areas; `size` is the length in the design that it changes, by `direction`.
void splitter(const Look& look, const char* id, ImVec2 from, float height, float& size, float direction, float low,
              float high);

/// What a slider covers, and a sweep begins with: a parameter's bounds are far apart (0 to a billion), so it is what is
/// usual and what is set.
struct UsualSpan {
  double low = 0, high = 0;
};
[[nodiscard]] UsualSpan usual_span(const Parameter& parameter, double value);

struct SliderMove {
  double value = 0;
  bool begins = false;  ///< the knob was just taken
};
/// A thin track with a knob, linear or logarithmic by the parameter's scale.
[[nodiscard]] std::optional<SliderMove> slider(const Look& look, const Parameter& parameter, double value, float width);

/// Begins a list to choose from, as ImGui::BeginCombo.
[[nodiscard]] bool begin_choice(const Look& look, const char* id, std::string_view chosen, float width);
/// A list of the bill's totals, of which `id` is one.
void choose_total(const Look& look, std::string& id);
/// The sign that a field opens a list, inside its right end.
void pointing_down(const Look& look, ImVec2 top_right);

/// A text field of one line. True when the reader has finished a change.
[[nodiscard]] bool field(const char* id, std::string& words, float width, const char* hint = "");
/// True at each change.
[[nodiscard]] bool search_field(const char* id, std::string& words, float width, const char* hint);

/// A column of numbers whose decimal points stand below each other.
class Column {
 public:
  void measure(std::string_view number);
  [[nodiscard]] float width() const { return std::max(whole_ + fraction_, word_); }
  /// Draws a number so that its column ends at `right`. Words such as "unknown" end there too.
  void draw(float right, float top, ImU32 colour, std::string_view number) const;

 private:
  float whole_ = 0;
  float fraction_ = 0;
  float word_ = 0;
};

/// With a capital at the beginning.
[[nodiscard]] std::string sentence(std::string_view words);
[[nodiscard]] std::string lower(std::string_view words);
/// Whether every word of the query occurs; both in lower case.
[[nodiscard]] bool matches(std::string_view query, std::string_view searched);

}  // namespace tokenbill::desktop
