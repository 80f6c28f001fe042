#include "copies.h"

#include <cstdint>
#include <cstdlib>
#include <memory>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>

#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_value.h"
#include "widgets.h"

namespace tokenbill::desktop {

namespace {
// What a spreadsheet would take for a formula becomes a text by an apostrophe.
std::string csv_field(std::string_view words) {
  std::string text(words);
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(const std::optional<double>& value) { return value ? exact_text(*value) : ""; }

std::string markdown_field(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\|*_`<>[]#").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string base64_url(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8U | (k < count ? static_cast<unsigned char>(bytes[at + k]) : 0U);
    for (std::size_t k = 0; k <= count; ++k) text += letters[group >> (18U - 6U * k) & 63U];
  }
  return text;
}

// The page wants a bare stream; zlib's has two bytes before it and a check sum of four behind.
std::string deflate(const std::string& text) {
  int size = 0;
  std::string copy = text;
  const std::unique_ptr<unsigned char, decltype(&std::free)> packed(
      stbi_zlib_compress(reinterpret_cast<unsigned char*>(copy.data()), static_cast<int>(copy.size()), &size, 8),
      &std::free);
  if (packed == nullptr || size < 6) return "";
  return {reinterpret_cast<const char*>(packed.get()) + 2, static_cast<std::size_t>(size - 6)};
}

template <class Row>
void for_each_line(const App& app, const Row& row) {
  const Bill* bill = app.bill();
  if (bill == nullptr) return;
  for (const BillItem& item : bill->items)
    if (item.usd_per_month != 0.0) row(item.label, item.usd_per_month, item.usd_per_request, item.share);
  row("Total", bill->per_month, bill->per_request, bill->per_month ? std::optional<double>(1) : std::nullopt);
}
}  // namespace

std::string bill_as_text(const App& app) {
  std::string copied;
  for_each_line(app, [&](std::string_view label, const auto& month, const auto& request, const auto& share) {
    copied += std::string(label) + "\t" + usd_or_unknown(month) + "\t" + usd_or_unknown(request) + "\t" +
              percent_or_unknown(share) + "\n";
  });
  return copied;
}

std::string bill_as_markdown(const App& app) {
  const Bill* bill = app.bill();
  if (bill == nullptr) return "";
  std::string table = "**" + markdown_field(app.document().title()) + "** on " + markdown_field(bill->model->name) +
                      ", prices of " + moment_text(bill->date) + "\n\n";
  table += "| | USD a month | USD a request | share |\n|:--|--:|--:|--:|\n";
  for_each_line(app, [&](std::string_view label, const auto& month, const auto& request, const auto& share) {
    const char* bold = label == "Total" ? "**" : "";
    table += "| " + std::string(bold) + markdown_field(label) + bold + " | " + usd_or_unknown(month) + " | " +
             usd_or_unknown(request) + " | " + percent_or_unknown(share) + " |\n";
  });
  return table;
}

std::string bill_as_csv(const App& app) {
  std::string table = "line,usd_per_month,usd_per_request,share\r\n";
  for_each_line(app, [&](std::string_view label, const auto& month, const auto& request, const auto& share) {
    table += csv_field(label) + "," + csv_number(month) + "," + csv_number(request) + "," + csv_number(share) + "\r\n";
  });
  return table;
}

std::string models_as_csv(const App& app) {
  std::string table = "rank,model,name,seller,status,usd_per_month,usd_per_request,ratio_to_chosen,reason\r\n";
  if (app.comparison() == nullptr) return table;
  for (const ComparisonRow& row : app.comparison()->rows)
    table += (row.rank > 0 ? std::to_string(row.rank) : "") + "," + csv_field(row.model->key) + "," +
             csv_field(row.model->name) + "," + csv_field(row.seller->name) + "," +
             (row.status == Status::ok ? "can serve" : "cannot serve") + "," + csv_number(row.usd_per_month) + "," +
             csv_number(row.usd_per_request) + "," + csv_number(row.ratio_to_baseline) + "," + csv_field(row.reason) +
             "\r\n";
  return table;
}

std::string link_to_page(const App& app, const std::string& page) {
  // A scenario's text is an object; the link holds it as a member.
  const std::string state = "{\"scenario\":" + scenario_text(app.scenario()) + "}";
  return page + "#1" + base64_url(deflate(state));
}

}  // namespace tokenbill::desktop
