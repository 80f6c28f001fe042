#include "usage_models.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "text.h"

namespace tokenbill {

namespace {
/// Ids of sellers, by the names that others give them.
struct Alias {
  std::string_view name, seller;
};
constexpr Alias seller_names[] = {
    {"aws", "amazon-bedrock"},
    {"aws-bedrock", "amazon-bedrock"},
    {"bedrock", "amazon-bedrock"},
    {"bedrock-converse", "amazon-bedrock"},
    {"amazon", "amazon-bedrock"},
    {"azure-openai", "azure"},
    {"azure-ai", "azure"},
    {"az-ai-openai", "azure"},
    {"dashscope", "alibaba"},
    {"qwen", "alibaba"},
    {"fireworks-ai", "fireworks"},
    {"gcp-vertex-ai", "vertex"},
    {"google-vertex", "vertex"},
    {"vertex-ai", "vertex"},
    {"vertexai", "vertex"},
    {"vertex-ai-anthropic", "vertex"},
    {"gcp-gemini", "google"},
    {"gemini", "google"},
    {"google-ai-studio", "google"},
    {"google-genai", "google"},
    {"google-generative-ai", "google"},
    {"mistral-ai", "mistral"},
    {"mistralai", "mistral"},
    {"moonshotai", "moonshot"},
    {"together-ai", "together"},
    {"togetherai", "together"},
    {"x-ai", "xai"},
    {"z-ai", "zai"},
};

/// In small letters, with "-" for what else separates words and versions.
std::string plain_name(std::string_view name) {
  std::string plain = lower_case(name);
  for (char& c : plain)
    if (c == '.' || c == '_' || c == ' ' || c == ':' || c == '@') c = '-';
  return plain;
}

bool are_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes "-20250929", "-2026-04-23", "-latest", "-v1", "-v1-0" off the end; false where nothing of the kind is there.
bool shorten(std::string_view& name) {
  for (const std::string_view end :
       {"-latest", "-free", "-beta", "-nitro", "-floor", "-extended", "-thinking", "-online"})
    if (name.size() > end.size() && name.ends_with(end)) {
      name.remove_suffix(end.size());
      return true;
    }
  const auto last = [&](std::string_view of) { return of.substr(of.rfind('-') + 1); };
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const std::string_view tail = last(name);
  std::string_view before = name.substr(0, dash);
  if (are_digits(tail) && tail.size() == 8) {
    name = before;
    return true;
  }
  const auto is_version = [](std::string_view text) {
    return text.size() > 1 && text.front() == 'v' && are_digits(text.substr(1));
  };
  if (is_version(tail)) {
    name = before;
    return true;
  }
  if (are_digits(tail) && is_version(last(before))) {  // v1:0
    name = before.substr(0, before.rfind('-'));
    return true;
  }
  // 2026-04-23
  if (name.size() > 11 && tail.size() == 2 && are_digits(tail) && last(before).size() == 2 &&
      are_digits(last(before))) {
    const std::string_view year_in = before.substr(0, before.rfind('-'));
    if (const std::string_view year = last(year_in); year.size() == 4 && are_digits(year)) {
      name = year_in.substr(0, year_in.size() - 5);
      return true;
    }
  }
  return false;
}

std::string_view last_segment(std::string_view name) { return name.substr(name.rfind('/') + 1); }
}  // namespace

UsageModels::UsageModels(const Catalog& catalog) : catalog_(catalog) {
  for (const Model& model : catalog.models) {
    const auto add = [&](std::string_view name, int rank) {
      names_.push_back({plain_name(name), rank, &model});
      if (const std::string_view last = last_segment(name); last.size() < name.size())
        names_.push_back({plain_name(last), rank, &model});
    };
    add(model.id, 0);
    for (const std::string& alias : model.aliases) add(alias, 1);
    add(model.name, 2);
    const std::string plain = plain_name(last_segment(model.id));
    std::string_view shorter = plain;
    for (int rank = 3; shorten(shorter); ++rank) names_.push_back({std::string(shorter), rank, &model});
  }
  std::stable_sort(names_.begin(), names_.end(), [](const Name& a, const Name& b) { return a.plain < b.plain; });
}

const Model* UsageModels::best(std::string_view plain, std::string_view seller) const {
  const auto first = std::lower_bound(names_.begin(), names_.end(), plain,
                                      [](const Name& a, std::string_view b) { return a.plain < b; });
  const Model* found = nullptr;
  int found_cost = 0;
  for (auto name = first; name != names_.end() && name->plain == plain; ++name) {
    const Seller& of = catalog_.sellers[name->model->seller];
    if (!seller.empty() && of.id != seller) continue;
    const int distance = !name->model->resold_from.empty() ? 3
                         : of.kind == "developer"          ? 0
                         : of.kind == "cloud"              ? 1
                                                           : 2;
    const int cost = distance * 100 + name->rank;
    if (found != nullptr && cost >= found_cost) continue;
    found = name->model;
    found_cost = cost;
  }
  return found;
}

const Model* UsageModels::find(std::string_view provider, std::string_view name) const {
  if (name.empty() || name.size() > 200) return nullptr;
  const auto seller_of = [&](std::string_view text) -> std::string {
    std::string plain = plain_name(text);
    for (const Alias& alias : seller_names)
      if (alias.name == plain) return std::string(alias.seller);
    for (const Seller& seller : catalog_.sellers)
      if (seller.id == plain || lower_case(seller.name) == lower_case(text)) return seller.id;
    return {};
  };
  std::string seller = seller_of(provider);
  // A gateway is no seller of its own here: what it passes on is priced as its maker prices it.
  if (seller == "openrouter") seller.clear();
  for (std::string_view rest = name; seller.empty();) {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) break;
    seller = seller_of(rest.substr(0, slash));
    if (seller == "openrouter") seller.clear();
    rest.remove_prefix(slash + 1);
  }
  // From what was written to what remains of it: whole, without the places in front, without regions, dates, versions.
  const std::string plain = plain_name(name);
  std::vector<std::string_view> readings{plain};
  std::string_view tail = plain;
  for (std::size_t slash = tail.find('/'); slash != std::string_view::npos; slash = tail.find('/')) {
    tail.remove_prefix(slash + 1);
    readings.push_back(tail);
  }
  const auto without = [&](std::initializer_list<std::string_view> starts) {
    for (const std::string_view start : starts) {
      if (!tail.starts_with(start)) continue;
      tail.remove_prefix(start.size());
      readings.push_back(tail);
      return true;
    }
    return false;
  };
  const auto add_shorter = [&] {
    for (std::string_view shorter = tail; shorten(shorter);) readings.push_back(shorter);
  };
  if (without({"us-gov-", "us-", "eu-", "apac-", "global-", "jp-", "au-", "ca-"}) && seller.empty())
    seller = "amazon-bedrock";
  add_shorter();
  if (without({"anthropic-", "amazon-", "meta-", "mistral-", "cohere-", "deepseek-", "openai-", "qwen-"}))
    add_shorter();
  for (const std::string_view of : {std::string_view(seller), std::string_view()})
    for (const std::string_view reading : readings)
      if (const Model* found = best(reading, of)) return found;
  return nullptr;
}

}  // namespace tokenbill
