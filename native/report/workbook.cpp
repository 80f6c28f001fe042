// The report as a workbook: sheets of inputs, of formulas and of the bill, so that a changed input moves the bill.

#include "report.h"

#ifdef TOKENBILL_XLSXWRITER

#include <xlsxwriter.h>

#include <algorithm>
#include <map>

#include "tokenbill/format.h"
#include "tokenbill/parameter.h"
#include "tokenbill/spreadsheet.h"
#include "words.h"

namespace tokenbill {

namespace {
constexpr const char* inputs_name = "Inputs";
constexpr const char* formulas_name = "Calculation";
constexpr std::size_t most_characters = 32767;  // that a cell holds

std::string cell_name(const char* sheet, lxw_row_t row, char column) {
  return std::string(sheet) + "!$" + column + "$" + std::to_string(row + 1);
}

struct Formats {
  lxw_format *title, *head, *head_right, *text, *quiet, *wrap, *number, *money, *small_money, *money_bold, *bold,
      *share, *input, *input_share, *warn;

  explicit Formats(lxw_workbook* book) {
    const auto make = [&](const char* number_format = nullptr) {
      lxw_format* format = workbook_add_format(book);
      format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
      if (number_format != nullptr) format_set_num_format(format, number_format);
      return format;
    };
    text = make();
    quiet = make();
    format_set_font_color(quiet, 0x585c63);
    title = make();
    format_set_bold(title);
    format_set_font_size(title, 14);
    head = make();
    format_set_font_color(head, 0x585c63);
    format_set_bottom(head, LXW_BORDER_THIN);
    head_right = make();
    format_set_font_color(head_right, 0x585c63);
    format_set_bottom(head_right, LXW_BORDER_THIN);
    format_set_align(head_right, LXW_ALIGN_RIGHT);
    wrap = make();
    format_set_text_wrap(wrap);
    number = make("General");
    format_set_align(number, LXW_ALIGN_RIGHT);
    money = make("#,##0.00");
    small_money = make("#,##0.00######");
    money_bold = make("#,##0.00");
    format_set_bold(money_bold);
    format_set_top(money_bold, LXW_BORDER_THIN);
    bold = make();
    format_set_bold(bold);
    format_set_top(bold, LXW_BORDER_THIN);
    share = make("0.0%");
    // Blue on yellow is what readers of financial models take for an input.
    for (lxw_format** format : {&input, &input_share}) {
      *format = make(format == &input ? "#,##0.##########" : "0.0###%");
      format_set_font_color(*format, 0x0000c0);
      format_set_bg_color(*format, 0xfff8dc);
      format_set_align(*format, LXW_ALIGN_RIGHT);
    }
    warn = make();
    format_set_font_color(warn, 0x8a4b00);
    format_set_text_wrap(warn);
  }
};

/// A sheet with a place to write next.
struct Sheet {
  lxw_worksheet* sheet;
  lxw_row_t row = 0;

  void text(lxw_col_t column, std::string_view words, lxw_format* format) {
    worksheet_write_string(sheet, row, column, std::string(words.substr(0, most_characters)).c_str(), format);
  }
  void number(lxw_col_t column, const std::optional<double>& value, lxw_format* format) {
    if (value)
      worksheet_write_number(sheet, row, column, *value, format);
    else
      text(column, "unknown", format);
  }
  /// The value stands in the file as well, for programs that show it without calculating.
  void formula(lxw_col_t column, const std::string& words, const std::optional<double>& value, lxw_format* format) {
    if (value)
      worksheet_write_formula_num(sheet, row, column, ("=" + words).c_str(), format, *value);
    else
      worksheet_write_formula_str(sheet, row, column, ("=" + words).c_str(), format, "#N/A");
  }
  void head(std::initializer_list<const char*> words, std::initializer_list<bool> right, const Formats& formats) {
    lxw_col_t column = 0;
    auto is_right = right.begin();
    for (const char* word : words) text(column++, word, *is_right++ ? formats.head_right : formats.head);
    ++row;
  }
  void widths(std::initializer_list<double> of) {
    lxw_col_t column = 0;
    for (const double width : of) {
      worksheet_set_column(sheet, column, column, width, nullptr);
      ++column;
    }
  }
};

std::string bounds_words(const FollowedInput& followed, const PlanInput& input) {
  const std::string unit = unit_text(input.unit);
  return (followed.low_is_excluded ? "above " : "") + number_text(followed.low) + " to " + number_text(followed.high) +
         (unit.empty() ? "" : " " + unit);
}

class Workbook {
 public:
  Workbook(const Report& report, const Engine::Priced& priced, std::vector<FollowedInput> followed, lxw_workbook* book)
      : report_(report),
        plan_(*priced.plan),
        priced_(priced),
        followed_(std::move(followed)),
        formats_(book),
        bill_{workbook_add_worksheet(book, "Bill")},
        inputs_{workbook_add_worksheet(book, inputs_name)},
        formulas_{workbook_add_worksheet(book, formulas_name)},
        models_{workbook_add_worksheet(book, "Models")},
        notes_{workbook_add_worksheet(book, "Notes")} {
    for (Sheet* sheet : {&bill_, &inputs_, &formulas_, &models_, &notes_}) {
      worksheet_gridlines(sheet->sheet, LXW_HIDE_ALL_GRIDLINES);
      worksheet_set_landscape(sheet->sheet);
      worksheet_set_paper(sheet->sheet, 9);  // A4
      worksheet_fit_to_pages(sheet->sheet, 1, 0);
    }
  }

  void write() {
    find_roots();
    write_inputs();
    write_formulas();
    write_bill();
    write_models();
    write_notes();
  }

 private:
  [[nodiscard]] std::optional<double> value_of(NodeId node) const {
    const Known value = priced_.evaluation.of(node);
    return value.known ? std::optional<double>(value.value) : std::nullopt;
  }
  [[nodiscard]] std::string cell_of(NodeId node) const {
    const Node& one = plan_.nodes()[node];
    if (one.op == Op::constant) return exact_text(one.value);
    if (one.op == Op::input) return cell_name(inputs_name, input_rows_.at(node), 'B');
    return cell_name(formulas_name, formula_rows_.at(node), 'B');
  }

  void root(std::string_view id) {
    if (const Named* named = plan_.find(id)) roots_.push_back(named->node);
  }
  void find_roots() {
    for (const Term& term : plan_.terms()) roots_.push_back(term.node);
    for (const char* id : {"total", "total_per_request", "total_per_conversation", "total_per_day", "total_per_year",
                           "requests_per_month", "prompt_size", "output_size"})
      root(id);
    // What the reader sees on the way belongs to the workbook, too.
    for (const Figure& figure : report_.bill.figures) root(figure.id);
    nodes_ = spreadsheet_nodes(plan_, priced_.evaluation, roots_);
    std::vector<bool> reached(plan_.nodes().size(), false);
    for (const NodeId node : roots_) reached[node] = true;
    for (std::size_t i = reached.size(); i-- > 0;) {
      if (!reached[i]) continue;
      const Node& node = plan_.nodes()[i];
      for (int k = 0; k < arity(node.op); ++k) reached[node.args[static_cast<std::size_t>(k)]] = true;
    }
    for (std::size_t i = 0; i < plan_.inputs().size(); ++i)
      if (reached[plan_.inputs()[i].node]) used_inputs_.push_back(i);
  }

  // First what may be changed and counts now, then prices, what may be changed and does not count yet, and the rest.
  void write_inputs() {
    Sheet& s = inputs_;
    s.widths({44, 16, 26, 13, 46, 12, 34, 34});
    s.text(0, "Inputs", formats_.title);
    ++s.row;
    s.text(0, "Change a yellow cell, and the bill follows. The others are set by choices: change those in Tokenbill.",
           formats_.quiet);
    s.row += 2;
    std::map<std::size_t, const FollowedInput*> bounds;
    for (const FollowedInput& followed : followed_) bounds[followed.input] = &followed;
    const auto is_price = [&](std::size_t input) { return priced_.binding.origins[input] == Origin::seller; };
    const auto counts = [&](std::size_t input) { return told_of(input) != nullptr; };
    const auto rank = [&](std::size_t input) {
      if (is_price(input)) return 1;
      return !bounds.contains(input) ? 3 : counts(input) ? 0 : 2;
    };
    std::stable_sort(used_inputs_.begin(), used_inputs_.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    constexpr const char* sections[] = {"What the bill stands on", "Prices, which you can change as well",
                                        "What else you can change: it does not count as long as other inputs are 0",
                                        "Set by choices and by the model"};
    int section = -1;
    for (const std::size_t input : used_inputs_) {
      if (rank(input) != section) {
        section = rank(input);
        ++s.row;
        s.text(0, sections[section], formats_.bold);
        ++s.row;
        s.head({"Input", "Value", "Unit", "Origin", "Source", "Checked", "May be", "Name on the command line"},
               {false, true, false, false, false, false, false, false}, formats_);
      }
      write_input(input, bounds.contains(input) ? bounds[input] : nullptr, section);
    }
    worksheet_freeze_panes(s.sheet, 3, 1);
  }

  /// What the bill says of an input; nullptr where it does not stand on it.
  [[nodiscard]] const BillInput* told_of(std::size_t input) const {
    const auto found = std::find_if(report_.bill.inputs.begin(), report_.bill.inputs.end(),
                                    [&](const BillInput& one) { return one.id == plan_.inputs()[input].id; });
    return found == report_.bill.inputs.end() ? nullptr : &*found;
  }

  void write_input(std::size_t index, const FollowedInput* followed, int section) {
    Sheet& s = inputs_;
    const PlanInput& input = plan_.inputs()[index];
    const Known value = priced_.binding.inputs[index];
    input_rows_[input.node] = s.row;
    s.text(0, input.label, formats_.text);
    const bool is_share = input.unit == units::ratio && input.id.ends_with("_ratio");
    lxw_format* format = section == 3 ? formats_.number : is_share ? formats_.input_share : formats_.input;
    if (value.known)
      worksheet_write_number(s.sheet, s.row, 1, value.value, format);
    else
      worksheet_write_formula_str(s.sheet, s.row, 1, "=NA()", format, "#N/A");
    s.text(2, unit_text(input.unit), formats_.quiet);
    const BillInput* told = told_of(index);
    s.text(3, origin_words(priced_.binding.origins[index]), formats_.quiet);
    if (told != nullptr) {
      s.text(4, told->source, formats_.quiet);
      if (told->checked) s.text(5, moment_text(*told->checked), formats_.quiet);
    }
    if (followed != nullptr) {
      s.text(6, bounds_words(*followed, input), formats_.quiet);
      lxw_data_validation rule{};
      rule.validate = LXW_VALIDATION_TYPE_DECIMAL;
      rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
      rule.minimum_number = followed->low;
      rule.maximum_number = followed->high;
      std::string message = "Between these the formulas hold: " + bounds_words(*followed, input) + ".";
      rule.error_message = message.data();
      worksheet_data_validation_cell(s.sheet, s.row, 1, &rule);
    } else if (!value.known) {
      s.text(6, "unknown: enter it if you know it", formats_.warn);
    }
    s.text(7, input.id, formats_.quiet);
    ++s.row;
  }

  void write_formulas() {
    Sheet& s = formulas_;
    s.widths({58, 20, 30, 40});
    s.text(0, "How the bill is calculated, step by step", formats_.title);
    ++s.row;
    s.text(0,
           "Each step is a formula of the steps above it and of the inputs. Those without a name only keep formulas "
           "short.",
           formats_.quiet);
    s.row += 2;
    s.head({"Step", "Value", "Unit", "Name"}, {false, true, false, false}, formats_);
    const CellOf cell = [this](NodeId node) { return cell_of(node); };
    for (const NodeId node : nodes_) {
      const Named* named = plan_.name_of(node);
      s.text(0, named != nullptr ? named->label : "step", named != nullptr ? formats_.text : formats_.quiet);
      s.formula(1, spreadsheet_formula(plan_, priced_.evaluation, nodes_, node, cell), value_of(node), formats_.number);
      const Unit unit = named != nullptr ? named->unit : plan_.units()[node];
      s.text(2, unit_text(unit), formats_.quiet);
      if (named != nullptr) s.text(3, named->id, formats_.quiet);
      formula_rows_[node] = s.row;
      ++s.row;
    }
    worksheet_freeze_panes(s.sheet, 4, 1);
  }

  // "" where the model's limits are kept. The core refuses such a scenario; here the total becomes #N/A.
  [[nodiscard]] std::string limit_formula() const {
    const Model& model = *report_.bill.model;
    const Named *prompt = plan_.find("prompt_size"), *output = plan_.find("output_size");
    if (prompt == nullptr || output == nullptr) return "TRUE";
    const std::string p = cell_of(prompt->node), o = cell_of(output->node);
    std::string formula;
    if (model.context_tokens) formula = p + "+" + o + "<=" + exact_text(*model.context_tokens);
    if (model.max_output_tokens)
      formula = (formula.empty() ? "" : "AND(" + formula + ",") + o + "<=" + exact_text(*model.max_output_tokens) +
                (formula.empty() ? "" : ")");
    return formula.empty() ? "TRUE" : formula;
  }

  void write_total(const char* words, std::string_view id, const std::optional<double>& value,
                   const std::string& fits) {
    const Named* named = plan_.find(id);
    if (named == nullptr) return;
    bill_.text(0, words, formats_.text);
    bill_.formula(1, "IF(" + fits + "," + cell_of(named->node) + ",NA())", value, formats_.small_money);
    ++bill_.row;
  }

  void write_bill() {
    Sheet& s = bill_;
    const Bill& bill = report_.bill;
    s.widths({44, 20, 18, 10, 60});
    s.text(0, report_.title, formats_.title);
    ++s.row;
    s.text(
        0,
        "on " + bill.model->name + ", sold by " + bill.seller->name + ", with the prices of " + moment_text(bill.date),
        formats_.quiet);
    s.row += 2;
    const lxw_row_t fits_row = s.row;
    s.text(0, "The request fits the model", formats_.text);
    worksheet_write_formula_str(s.sheet, s.row, 1, ("=IF(" + limit_formula() + ",\"yes\",\"no\")").c_str(),
                                formats_.number, "yes");
    ++s.row;
    const std::string fits = cell_name("Bill", fits_row, 'B') + "=\"yes\"";
    write_total("USD a month", "total", bill.per_month, fits);
    write_total("USD a year", "total_per_year", bill.per_year, fits);
    write_total("USD a day", "total_per_day", bill.per_day, fits);
    write_total("USD a conversation", "total_per_conversation", bill.per_conversation, fits);
    write_total("USD a request", "total_per_request", bill.per_request, fits);
    if (bill.problem) {
      s.text(0, bill.problem->message + " " + bill.problem->hint, formats_.warn);
      ++s.row;
    }
    ++s.row;
    s.head({"In the order of calculation", "USD a month", "USD a request", "share"}, {false, true, true, true},
           formats_);
    const Named* total = plan_.find("total");
    const Named* requests = plan_.find("requests_per_month");
    const std::string of_total = cell_of(total->node);
    for (std::size_t i = 0; i < plan_.terms().size(); ++i) {
      const Term& term = plan_.terms()[i];
      const BillItem& item = bill.items[i];
      const std::string month = "B" + std::to_string(s.row + 1);
      s.text(0, term.label, formats_.text);
      s.formula(1, cell_of(term.node), item.usd_per_month, formats_.money);
      if (requests != nullptr)
        s.formula(2, month + "/" + cell_of(requests->node), item.usd_per_request, formats_.small_money);
      s.formula(3, month + "/" + of_total, item.share, formats_.share);
      // Lines of 0 are folded away; they come back where an input brings them to life.
      if (item.usd_per_month == 0.0) {
        lxw_row_col_options folded{};
        folded.hidden = LXW_TRUE;
        folded.level = 1;
        worksheet_set_row_opt(s.sheet, s.row, LXW_DEF_ROW_HEIGHT, nullptr, &folded);
      }
      ++s.row;
    }
    lxw_row_col_options after{};
    after.collapsed = LXW_TRUE;
    worksheet_set_row_opt(s.sheet, s.row, LXW_DEF_ROW_HEIGHT, nullptr, &after);
    s.text(0, "Total", formats_.bold);
    s.formula(1, of_total, bill.per_month, formats_.money_bold);
    s.text(2, "", formats_.bold);
    s.text(3, "", formats_.bold);
    s.row += 2;
    for (const Notice& notice : bill.notices) {
      worksheet_merge_range(s.sheet, s.row, 0, s.row, 4, notice.text.c_str(), formats_.warn);
      ++s.row;
    }
  }

  void write_models() {
    Sheet& s = models_;
    s.widths({6, 34, 30, 34, 16, 16, 22});
    s.text(0, "Other models for the same work", formats_.title);
    ++s.row;
    s.text(0, "As of " + moment_text(report_.today) + ". These figures do not follow the inputs.", formats_.quiet);
    s.row += 2;
    s.head({"#", "Model", "Seller", "Key", "USD a month", "USD a request", "Against this one"},
           {true, false, false, false, true, true, false}, formats_);
    for (const ComparisonRow& row : report_.comparison.rows) {
      if (row.status != Status::ok) break;
      worksheet_write_number(s.sheet, s.row, 0, row.rank, formats_.number);
      s.text(1, row.model->name, formats_.text);
      s.text(2, row.seller->name, formats_.text);
      s.text(3, row.model->key, formats_.quiet);
      s.number(4, row.usd_per_month, formats_.money);
      s.number(5, row.usd_per_request, formats_.small_money);
      s.text(6, row.model == report_.comparison.baseline ? "chosen" : ratio_text(row.ratio_to_baseline),
             formats_.quiet);
      ++s.row;
    }
    worksheet_freeze_panes(s.sheet, 4, 0);
  }

  void write_notes() {
    Sheet& s = notes_;
    s.widths({110});
    s.text(0, "Notes", formats_.title);
    s.row += 2;
    const std::string notes[] = {
        "The sheet Bill follows the yellow cells of the sheet Inputs. Each of those was tried: between its bounds, the "
        "formulas of this workbook are those that Tokenbill calculates with. Beyond them, or with another model, date, "
        "service tier or feature, other formulas hold: make a new workbook from the changed scenario.",
        "Where several inputs are changed at once, two things can still end: the model's context, which the sheet Bill "
        "watches, and volumes of 0, for which amounts for a request do not exist.",
        "What is not known stands as #N/A, and so does everything that depends on it: it never counts as 0. Enter the "
        "value where you know it.",
        "Prices are list prices with the source and the date on which they were checked. The models of the sheet "
        "Models "
        "are of the day on which this workbook was made.",
        "Made by Tokenbill " TOKENBILL_VERSION " on " + moment_text(report_.today) + "; price list as of " +
            moment_text(report_.prices_as_of) + "."};
    for (const std::string& note : notes) {
      s.text(0, note, formats_.wrap);
      ++s.row;
    }
    ++s.row;
    s.text(0, "Sources", formats_.bold);
    ++s.row;
    for (const std::string& source : report_.sources) {
      s.text(0, source, formats_.wrap);
      ++s.row;
    }
  }

  const Report& report_;
  const Plan& plan_;
  const Engine::Priced& priced_;
  std::vector<FollowedInput> followed_;
  Formats formats_;
  Sheet bill_, inputs_, formulas_, models_, notes_;
  std::vector<NodeId> roots_, nodes_;
  std::vector<std::size_t> used_inputs_;
  std::map<NodeId, lxw_row_t> input_rows_, formula_rows_;
};
}  // namespace

std::optional<Error> write_workbook(const Report& report, const Engine& engine, const Catalog& catalog,
                                    const Scenario& scenario, const std::string& path) {
  Result<Engine::Priced> priced = engine.price(catalog, scenario, report.today);
  if (!priced) return priced.error();
  Result<std::vector<FollowedInput>> followed = followed_inputs(engine, catalog, scenario, report.today);
  if (!followed) return followed.error();
  lxw_workbook* book = workbook_new(path.c_str());
  if (book == nullptr) return Error{Code::bad_value, path, "The workbook cannot be written.", ""};
  // The same workbook twice is the same file.
  lxw_doc_properties properties{};
  std::string title = report.title;
  properties.title = title.data();
  properties.created = static_cast<time_t>(report.today.seconds);
  workbook_set_properties(book, &properties);
  Workbook(report, *priced, std::move(followed).value(), book).write();
  const lxw_error error = workbook_close(book);
  if (error != LXW_NO_ERROR)
    return Error{Code::bad_value, path, "The workbook cannot be written: " + std::string(lxw_strerror(error)) + ".",
                 ""};
  return std::nullopt;
}

}  // namespace tokenbill

#else

namespace tokenbill {

std::optional<Error> write_workbook(const Report&, const Engine&, const Catalog&, const Scenario&,
                                    const std::string& path) {
  return Error{Code::unsupported, path, "This program was built without the library that writes workbooks.",
               "Install libxlsxwriter and build again, or write a report as .html or .md."};
}

}  // namespace tokenbill

#endif
