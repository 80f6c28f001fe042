#pragma once
// How the window looks: colours, fonts, sizes.

#include <imgui.h>

#include <array>
#include <string>
#include <vector>

#include "tokenbill/plan.h"

namespace tokenbill::desktop {

enum class Theme : unsigned char { light, dark };

struct Palette {
#define TOKENBILL_COLOUR(name, light, dark) ImU32 name;
#include "colours.def"
#undef TOKENBILL_COLOUR
};
[[nodiscard]] const Palette& palette(Theme theme);

struct Fonts {
  ImFont* body = nullptr;
  ImFont* bold = nullptr;
  ImFont* small = nullptr;
  ImFont* title = nullptr;
  ImFont* big = nullptr;
};

inline constexpr std::array<float, 5> scales{1.0F, 1.25F, 1.5F, 1.75F, 2.0F};

class Look {
 public:
  Theme theme = Theme::light;
  float scale = 1;
  Fonts fonts;
  std::string font_problem;  ///< a sentence where no real font was found; empty otherwise

  [[nodiscard]] const Palette& colours() const { return palette(theme); }
  [[nodiscard]] ImU32 hue(Category category) const;
  /// A length of the design, as pixels of the screen; whole, so that hairlines stay sharp.
  [[nodiscard]] float px(float length) const;

  /// Builds fonts and style for theme and scale. Call between frames; the platform then has to take the fonts anew.
  void apply();

 private:
  std::vector<std::string> font_files_;  ///< texts that the fonts refer to
};

[[nodiscard]] ImVec4 vec4(ImU32 colour);
[[nodiscard]] ImU32 with_alpha(ImU32 colour, float alpha);

}  // namespace tokenbill::desktop
