#include "widgets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
bool pressable(const Look& look, const char* id, std::string_view words, ImU32 colour, bool always_underlined) {
  const ImVec2 size = text_size(words);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(id, {std::max(size.x, 1.0F), size.y});
  const bool pointed = ImGui::IsItemHovered();
  if (pointed) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const bool hovered = pointed || is_walked_to();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddText(at, hovered ? look.colours().accent : colour, words.data(), words.data() + words.size());
  if (hovered || always_underlined) {
    const float y = at.y + size.y - look.px(1);
    list->AddLine({at.x, y}, {at.x + size.x, y}, hovered ? look.colours().accent : with_alpha(colour, 0.4F), 1.0F);
  }
  return clicked;
}

double to_position(const Parameter& p, const UsualSpan& span, double value) {
  if (p.scale == Scale::linear) return (value - span.low) / (span.high - span.low);
  // The left end of a logarithmic slider is the minimum itself (mostly 0), which no logarithm reaches.
  if (value < span.low) return 0;
  return std::log(value / span.low) / std::log(span.high / span.low);
}

double from_position(const Parameter& p, const UsualSpan& span, double position) {
  if (p.scale == Scale::linear) {
    const double steps = std::round((span.low + (span.high - span.low) * position) / p.step);
    // Through text, so that 3 steps of 0.1 are 0.3 and not 0.30000000000000004.
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.12g", steps * p.step);
    return std::clamp(std::strtod(digits.data(), nullptr), p.min, p.max);
  }
  if (position <= 0.001) return p.min;
  const double value = span.low * std::pow(span.high / span.low, position);
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.1e", value);  // two digits are as fine as a hand can point
  return std::clamp(std::strtod(digits.data(), nullptr), p.min, p.max);
}

int grow(ImGuiInputTextCallbackData* data) {
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    auto* words = static_cast<std::string*>(data->UserData);
    words->resize(static_cast<std::size_t>(data->BufTextLen));
    data->Buf = words->data();
  }
  return 0;
}

bool input(const char* id, std::string& words, float width, const char* hint) {
  ImGui::SetNextItemWidth(width);
  return ImGui::InputTextWithHint(id, hint, words.data(), words.capacity() + 1,
                                  ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_AutoSelectAll, grow, &words);
}
}  // namespace

void text(std::string_view words) { ImGui::TextUnformatted(words.data(), words.data() + words.size()); }

void text(std::string_view words, ImU32 colour) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  text(words);
  ImGui::PopStyleColor();
}

std::vector<std::string_view> lines_of(std::string_view words, float width) {
  // Dear ImGui also breaks after a point, which would tear numbers apart.
  std::vector<std::string_view> lines;
  std::size_t begin = 0;
  while (begin < words.size()) {
    std::size_t end = begin;
    for (std::size_t at = begin;;) {
      const std::size_t next = std::min(words.find_first_of(" \n", at), words.size());
      if (end != begin && text_size(words.substr(begin, next - begin)).x > width) break;
      end = next;
      if (next == words.size() || words[next] == '\n') break;
      at = next + 1;
    }
    // One word that is wider than the line, such as an address, is cut where the line ends.
    while (text_size(words.substr(begin, end - begin)).x > width && end > begin + 1) {
      --end;
      while (end > begin + 1 && (static_cast<unsigned char>(words[end]) & 0xc0U) == 0x80U) --end;
    }
    lines.push_back(words.substr(begin, end - begin));
    begin = end < words.size() && (words[end] == ' ' || words[end] == '\n') ? end + 1 : end;
  }
  return lines;
}

void paragraph(std::string_view words, ImU32 colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = std::round(ImGui::GetTextLineHeight() * 1.15F);
  float top = at.y;
  for (const std::string_view line : lines_of(words, width)) {
    ImGui::GetWindowDrawList()->AddText({at.x, top}, colour, line.data(), line.data() + line.size());
    top += height;
  }
  ImGui::Dummy({width, std::max(1.0F, top - at.y)});
}

void paragraph(std::string_view words) { paragraph(words, ImGui::GetColorU32(ImGuiCol_Text)); }

ImVec2 text_size(std::string_view words) { return ImGui::CalcTextSize(words.data(), words.data() + words.size()); }

bool text_at(ImVec2 place, ImU32 colour, std::string_view words, float width) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (text_size(words).x <= width) {
    list->AddText(place, colour, words.data(), words.data() + words.size());
    return false;
  }
  const float dots = text_size("…").x;
  std::size_t length = words.size();
  while (length > 0 && text_size(words.substr(0, length)).x + dots > width) {
    --length;
    while (length > 0 && (static_cast<unsigned char>(words[length]) & 0xc0U) == 0x80U) --length;  // not inside a letter
  }
  const std::string cut = std::string(words.substr(0, length)) + "…";
  list->AddText(place, colour, cut.data(), cut.data() + cut.size());
  return true;
}

void tip(const Look& look, std::string_view words) {
  if (words.empty() || !ImGui::IsItemHovered()) return;
  ImGui::PushFont(look.fonts.body);
  ImGui::BeginTooltip();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, look.px(3)});
  for (const std::string_view line : lines_of(words, look.px(400))) text(line.empty() ? " " : line);
  ImGui::PopStyleVar();
  ImGui::EndTooltip();
  ImGui::PopFont();
}

bool is_walked_to() { return ImGui::IsItemFocused() && ImGui::GetIO().NavVisible; }

bool door(const Look& look, const char* id, std::string_view words) {
  return pressable(look, id, words, ImGui::GetColorU32(ImGuiCol_Text), false);
}

bool link(const Look& look, const char* id, std::string_view words) {
  return pressable(look, id, words, look.colours().accent, true);
}

bool chip(const Look& look, const char* words, bool chosen) {
  ImGui::PushStyleColor(ImGuiCol_Button, chosen ? look.colours().accent_soft : look.colours().paper);
  ImGui::PushStyleColor(ImGuiCol_Border, chosen ? look.colours().accent : look.colours().line);
  const bool pressed = ImGui::Button(words);
  ImGui::PopStyleColor(2);
  return pressed;
}

void error_text(const Look& look, const Error& error) {
  paragraph(sentence(error.message), look.colours().error);
  if (!error.hint.empty()) paragraph(error.hint);
}

void aside(const Look& look, std::string_view words, ImU32 colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Indent(look.px(14));
  paragraph(words);
  ImGui::Unindent(look.px(14));
  ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + look.px(2)},
                                            {at.x + look.px(3), ImGui::GetItemRectMax().y - look.px(2)}, colour);
}

Dimmed::~Dimmed() {
  float* since = ImGui::GetStateStorage()->GetFloatRef(ImGui::GetID("out of date since"), 0);
  const auto now = static_cast<float>(ImGui::GetTime());
  if (is_new_ || *since == 0.0F) *since = is_new_ ? 0 : now;
  if (is_new_ || now - *since < 0.1F) return;
  const ImVec2 from = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  ImGui::GetWindowDrawList()->AddRectFilled(from, {from.x + size.x, from.y + size.y},
                                            with_alpha(look_.colours().paper, 0.45F));
}

bool unfolds(const Look& look, const char* id, std::string_view words) {
  const bool open = ImGui::TreeNodeEx(
      id, ImGuiTreeNodeFlags_SpanAvailWidth | ImGuiTreeNodeFlags_FramePadding | ImGuiTreeNodeFlags_NoTreePushOnOpen,
      "%.*s", static_cast<int>(words.size()), words.data());
  if (open) ImGui::Dummy({0, look.px(2)});
  return open;
}

bool key_pressed(ImGuiKey key) {
#if IMGUI_VERSION_NUM < 18700
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key));
#else
  return ImGui::IsKeyPressed(key);
#endif
}

void beside_if_it_fits(const Look& look, float gap, float width) {
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  if (ImGui::GetItemRectMax().x + look.px(gap) + width <= right) ImGui::SameLine(0, look.px(gap));
}

void heading(const Look& look, std::string_view words) {
  ImGui::PushFont(look.fonts.bold);
  text(words);
  ImGui::PopFont();
  hairline(look);
}

void hairline(const Look& look) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::GetWindowDrawList()->AddLine({at.x, at.y - look.px(3)}, {at.x + width, at.y - look.px(3)}, look.colours().line,
                                      1.0F);
  ImGui::Dummy({width, look.px(1)});
}

void splitter(const Look& look, const char* id, ImVec2 from, float height, float& size, float direction, float low,
              float high) {
  const float half = look.px(4);
  ImGui::SetCursorScreenPos({from.x - half, from.y});
  ImGui::InvisibleButton(id, {2 * half, height});
  const bool active = ImGui::IsItemActive();
  const bool hovered = ImGui::IsItemHovered();
  if (active) size += direction * ImGui::GetIO().MouseDelta.x / look.scale;
  size = std::clamp(size, low, std::max(low, high));
  if (active || hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  const ImU32 colour = active || hovered ? look.colours().accent : look.colours().line;
  ImGui::GetWindowDrawList()->AddLine({from.x, from.y}, {from.x, from.y + height}, colour,
                                      active || hovered ? look.px(2) : 1.0F);
}

UsualSpan usual_span(const Parameter& p, double value) {
  if (p.scale == Scale::linear) {
    const double usual = p.id.ends_with("_ratio") && p.max > 1 ? 1 : p.max;
    return {p.min, std::max(usual, value)};
  }
  const double high =
      std::min(p.max, p.default_value > 0 ? std::max(p.default_value * 200, p.step * 200) : p.step * 10000);
  return {std::max(p.min, std::min(p.step, high / 10)), std::max(high, value)};
}

std::optional<SliderMove> slider(const Look& look, const Parameter& parameter, double value, float width) {
  const Palette& c = look.colours();
  UsualSpan span = usual_span(parameter, value);
  const float height = ImGui::GetFrameHeight();
  const float knob = look.px(7);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = at.x + knob;
  const float length = std::max(1.0F, width - 2 * knob);
  ImGui::InvisibleButton("slider", {std::max(1.0F, width), height});
  const bool active = ImGui::IsItemActive();
  const bool hovered = ImGui::IsItemHovered();

  // The span may follow the value; while the knob is held it stays as it was, or the knob would run away from the
  // pointer.
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const ImGuiID held = ImGui::GetID("held");
  if (ImGui::IsItemActivated()) storage->SetFloat(held, static_cast<float>(span.high));
  if (active) span.high = std::max(static_cast<double>(storage->GetFloat(held)), span.low * 2);

  std::optional<SliderMove> move;
  if (active) {
    const double position = std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - left) / length), 0.0, 1.0);
    const double wanted = from_position(parameter, span, position);
    if (wanted != value || ImGui::IsItemActivated()) move = SliderMove{wanted, ImGui::IsItemActivated()};
  }
  const float x = left + length * static_cast<float>(std::clamp(to_position(parameter, span, value), 0.0, 1.0));
  const float y = at.y + height / 2;
  const float thick = look.px(4);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({left - knob, y - thick / 2}, {left + length + knob, y + thick / 2}, c.line, thick / 2);
  list->AddRectFilled({left - knob, y - thick / 2}, {x, y + thick / 2}, with_alpha(c.accent, 0.55F), thick / 2);
  list->AddCircleFilled({x, y}, knob, c.paper, 24);
  list->AddCircleFilled({x, y}, active || hovered ? knob : knob - look.px(1), c.accent, 24);
  return move;
}

void pointing_down(const Look& look, ImVec2 top_right) {
  const ImVec2 middle{top_right.x - look.px(14), top_right.y + ImGui::GetFrameHeight() / 2};
  const float arm = look.px(4);
  ImGui::GetWindowDrawList()->AddTriangleFilled({middle.x - arm, middle.y - arm / 2},
                                                {middle.x + arm, middle.y - arm / 2}, {middle.x, middle.y + arm},
                                                look.colours().muted);
}

bool begin_choice(const Look& look, const char* id, std::string_view chosen, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::SetNextItemWidth(width);
  const ImVec2 inside{at.x + ImGui::GetStyle().FramePadding.x, at.y + ImGui::GetStyle().FramePadding.y};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool open = ImGui::BeginCombo(id, "", ImGuiComboFlags_NoArrowButton);
  // Drawn into the list of the window around it, since an open list is a window of its own.
  const ImU32 ink = look.colours().ink;
  const float room = width - look.px(32);
  const std::string words(chosen);
  if (open) {
    list->AddText(inside, ink, words.c_str());
  } else {
    text_at(inside, ink, words, room);
    pointing_down(look, {at.x + width, at.y});
  }
  return open;
}

void choose_total(const Look& look, std::string& id) {
  constexpr std::array<std::pair<const char*, const char*>, 5> totals{
      {{"total", "Total a month"},
       {"inference_per_month", "Inference a month"},
       {"total_per_request", "Total for a request"},
       {"total_per_conversation", "Total for a conversation"},
       {"total_per_year", "Total a year"}}};
  const auto chosen = std::find_if(totals.begin(), totals.end(), [&](const auto& total) { return id == total.first; });
  if (!begin_choice(look, "##total", chosen == totals.end() ? std::string_view(id) : chosen->second, look.px(210)))
    return;
  for (const auto& total : totals)
    if (ImGui::Selectable(total.second, id == total.first)) id = total.first;
  ImGui::EndCombo();
}

bool field(const char* id, std::string& words, float width, const char* hint) {
  input(id, words, width, hint);
  return ImGui::IsItemDeactivatedAfterEdit();
}

bool search_field(const char* id, std::string& words, float width, const char* hint) {
  return input(id, words, width, hint);
}

namespace {
/// Where the digits before the decimal point end. Behind it may follow decimals, a sign or a letter.
std::size_t end_of_whole(std::string_view number) {
  constexpr std::string_view whole = "0123456789<+-\u2212\u202f";  // the bytes of minus and narrow blank as well
  std::size_t end = std::min(number.find_first_not_of(whole), number.size());
  if (number.substr(0, end).ends_with("\u202f")) end -= std::string_view("\u202f").size();
  return end;
}
}  // namespace

void Column::measure(std::string_view number) {
  const std::size_t point = end_of_whole(number);
  if (point == 0) {  // a word
    word_ = std::max(word_, text_size(number).x);
    return;
  }
  whole_ = std::max(whole_, text_size(number.substr(0, point)).x);
  fraction_ = std::max(fraction_, text_size(number.substr(point)).x);
}

void Column::draw(float right, float top, ImU32 colour, std::string_view number) const {
  const std::size_t point = end_of_whole(number);
  const float x = point > 0 ? right - fraction_ - text_size(number.substr(0, point)).x : right - text_size(number).x;
  text_at({std::floor(x), top}, colour, number);
}

std::string sentence(std::string_view words) {
  std::string whole(words);
  if (!whole.empty() && whole[0] >= 'a' && whole[0] <= 'z') whole[0] = static_cast<char>(whole[0] - 'a' + 'A');
  return whole;
}

std::string lower(std::string_view words) {
  std::string all(words);
  for (char& letter : all)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return all;
}

bool matches(std::string_view query, std::string_view searched) {
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find(' ', at), query.size());
    if (searched.find(query.substr(at, end - at)) == std::string_view::npos) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace tokenbill::desktop
