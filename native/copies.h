#pragma once
// The bill and the comparison in forms to paste or to save elsewhere.

#include <string>

#include "app.h"

namespace tokenbill::desktop {

/// Lines with tabs between the columns, for a spreadsheet or a mail.
[[nodiscard]] std::string bill_as_text(const App& app);
/// A table of GitHub's Markdown.
[[nodiscard]] std::string bill_as_markdown(const App& app);
/// CSV with amounts in full precision; unknown ones have an empty field.
[[nodiscard]] std::string bill_as_csv(const App& app);
[[nodiscard]] std::string models_as_csv(const App& app);
/// The scenario on the web page: its whole state is in the fragment, which no browser sends to a server.
/// @param page  address of the page
[[nodiscard]] std::string link_to_page(const App& app, const std::string& page);

}  // namespace tokenbill::desktop
