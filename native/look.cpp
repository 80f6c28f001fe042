#include "look.h"

#include <algorithm>
#include <cmath>

#include "files.h"

namespace tokenbill::desktop {

namespace {
constexpr ImU32 colour_of(unsigned rgb) {
  return 0xff000000U | (rgb & 0xffU) << 16U | (rgb & 0xff00U) | (rgb >> 16U & 0xffU);
}

constexpr Palette palettes[] = {
    {
#define TOKENBILL_COLOUR(name, light, dark) colour_of(light),
#include "colours.def"
#undef TOKENBILL_COLOUR
    },
    {
#define TOKENBILL_COLOUR(name, light, dark) colour_of(dark),
#include "colours.def"
#undef TOKENBILL_COLOUR
    },
};

// Families whose digits have one width, in order of preference.
struct Family {
  const char* regular;
  const char* bold;
};
constexpr Family families[] = {
    {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"},
    {"Inter-Regular.ttf", "Inter-SemiBold.ttf"},
    {"Inter.ttf", nullptr},
    {"LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"},
    {"Verdana.ttf", "Verdana Bold.ttf"},
    {"verdana.ttf", "verdanab.ttf"},
};
constexpr const char* folders[] = {
    "/usr/share/fonts/truetype/dejavu/",     "/usr/share/fonts/dejavu/",
    "/usr/share/fonts/dejavu-sans-fonts/",   "/usr/share/fonts/TTF/",
    "/usr/share/fonts/truetype/inter/",      "/usr/share/fonts/inter/",
    "/usr/share/fonts/truetype/liberation/", "/usr/local/share/fonts/",
    "/System/Library/Fonts/Supplemental/",   "C:/Windows/Fonts/",
};

// Latin with its extensions, and the signs of formulas and amounts: narrow blank, dashes, quotes, ellipsis, minus,
// comparisons, arrows, marks.
constexpr ImWchar ranges[] = {0x0020, 0x017f, 0x2009, 0x2009, 0x2010, 0x2027, 0x202f, 0x203a, 0x2070,
                              0x209c, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x21ba, 0x21bb, 0x2212, 0x2212,
                              0x2248, 0x2248, 0x2260, 0x2265, 0x25a0, 0x25ff, 0x2713, 0x2717, 0};

bool read_font(const char* name, std::string& text) {
  if (name == nullptr) return false;
  for (const char* folder : folders) {
    Result<std::string> file = read_file(std::string(folder) + name);
    if (!file) continue;
    text = std::move(file).value();
    return true;
  }
  return false;
}

// The built-in pixel font is sharp only at whole multiples of its size.
ImFont* pixel_font(float size) {
  ImFontConfig config;
  config.SizePixels = std::max(13.0F, std::round(size / 13.0F) * 13.0F);
  return ImGui::GetIO().Fonts->AddFontDefault(&config);
}

// It has only Latin-1: the signs that it lacks become ones that it has.
void stand_in(ImFont* font) {
  font->AddRemapChar(0x202f, ' ');
  font->AddRemapChar(0x2212, '-');
  font->AddRemapChar(0x2026, '.');
  font->AddRemapChar(0x2265, '>');
}
}  // namespace

const Palette& palette(Theme theme) { return palettes[static_cast<std::size_t>(theme)]; }

ImVec4 vec4(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

ImU32 with_alpha(ImU32 colour, float alpha) {
  return (colour & 0x00ffffffU) | static_cast<ImU32>(std::lround(alpha * 255.0F)) << 24U;
}

ImU32 Look::hue(Category category) const {
  const Palette& p = colours();
  static constexpr ImU32 Palette::*hues[] = {
#define TOKENBILL_CATEGORY(name, label) &Palette::name,
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
  };
  return p.*hues[static_cast<std::size_t>(category)];
}

float Look::px(float length) const { return std::max(1.0F, std::round(length * scale)); }

void Look::apply() {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  font_files_.assign(2, {});
  font_problem.clear();
  const Family* found = nullptr;
  for (const Family& family : families) {
    if (!read_font(family.regular, font_files_[0])) continue;
    found = &family;
    break;
  }
  if (found != nullptr) {
    if (!read_font(found->bold, font_files_[1])) font_files_[1] = font_files_[0];
    const auto add = [&](std::string& file, float size) {
      ImFontConfig config;
      config.FontDataOwnedByAtlas = false;
      return io.Fonts->AddFontFromMemoryTTF(file.data(), static_cast<int>(file.size()), px(size), &config, ranges);
    };
    fonts.body = add(font_files_[0], 16);
    fonts.bold = add(font_files_[1], 16);
    fonts.small = add(font_files_[0], 14);
    fonts.title = add(font_files_[1], 20);
    fonts.big = add(font_files_[1], 48);
  } else {
    font_problem =
        "No font was found (DejaVu Sans, Inter): some signs show as \"?\". Install the package fonts-dejavu-core.";
    fonts.body = fonts.bold = fonts.small = pixel_font(13 * scale);
    fonts.title = pixel_font(20 * scale);
    fonts.big = pixel_font(48 * scale);
    io.Fonts->Build();
    for (ImFont* font : {fonts.body, fonts.title, fonts.big}) stand_in(font);
  }
  io.FontDefault = fonts.body;

  const Palette& c = colours();
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.WindowPadding = {px(16), px(12)};
  style.FramePadding = {px(8), px(4)};
  style.ItemSpacing = {px(8), px(8)};
  style.ItemInnerSpacing = {px(6), px(4)};
  style.CellPadding = {px(8), px(4)};
  style.ScrollbarSize = px(12);
  style.GrabMinSize = px(12);
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 1;
  style.FrameRounding = style.PopupRounding = style.GrabRounding = px(3);
  style.WindowRounding = px(4);
  style.ScrollbarRounding = px(6);
  style.WindowTitleAlign = {0, 0.5F};
  style.DisabledAlpha = 0.45F;

  const auto set = [&](ImGuiCol id, ImU32 colour) { style.Colors[id] = vec4(colour); };
  const ImU32 none = 0;
  theme == Theme::light ? ImGui::StyleColorsLight(&style) : ImGui::StyleColorsDark(&style);
  set(ImGuiCol_Text, c.ink);
  set(ImGuiCol_TextDisabled, c.muted);
  set(ImGuiCol_WindowBg, c.paper);
  set(ImGuiCol_ChildBg, none);
  set(ImGuiCol_PopupBg, c.paper);
  set(ImGuiCol_Border, c.line);
  set(ImGuiCol_BorderShadow, none);
  set(ImGuiCol_FrameBg, c.paper);
  set(ImGuiCol_FrameBgHovered, c.surface);
  set(ImGuiCol_FrameBgActive, c.surface);
  set(ImGuiCol_TitleBg, c.surface);
  set(ImGuiCol_TitleBgActive, c.surface);
  set(ImGuiCol_ScrollbarBg, none);
  set(ImGuiCol_ScrollbarGrab, with_alpha(c.line_strong, 0.45F));
  set(ImGuiCol_ScrollbarGrabHovered, with_alpha(c.line_strong, 0.7F));
  set(ImGuiCol_ScrollbarGrabActive, c.line_strong);
  set(ImGuiCol_CheckMark, c.accent);
  set(ImGuiCol_Button, c.paper);
  set(ImGuiCol_ButtonHovered, c.accent_soft);
  set(ImGuiCol_ButtonActive, c.accent_soft);
  set(ImGuiCol_Header, c.accent_soft);
  set(ImGuiCol_HeaderHovered, with_alpha(c.accent, theme == Theme::light ? 0.08F : 0.12F));
  set(ImGuiCol_HeaderActive, c.accent_soft);
  set(ImGuiCol_Separator, c.line);
  set(ImGuiCol_TableHeaderBg, c.paper);
  set(ImGuiCol_TableBorderStrong, c.line);
  set(ImGuiCol_TableBorderLight, c.line);
  set(ImGuiCol_TableRowBg, none);
  set(ImGuiCol_TableRowBgAlt, none);
  set(ImGuiCol_TextSelectedBg, with_alpha(c.accent, 0.3F));
  set(ImGuiCol_ModalWindowDimBg, with_alpha(palette(Theme::dark).paper, 0.45F));
}

}  // namespace tokenbill::desktop
