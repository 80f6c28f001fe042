#pragma once
// The catalog's model that a record means: sellers, gateways and libraries spell the same one in many ways.

#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"

namespace tokenbill {

/// Names of models as records write them: "anthropic/claude-sonnet-4.6", "us.anthropic.claude-sonnet-4-6-v1:0",
/// "models/gemini-3.6-flash", "gpt-5.5-2026-04-23", "Claude Sonnet 4.6". Keeps references to the catalog.
class UsageModels {
 public:
  explicit UsageModels(const Catalog& catalog);
  /// @param provider  who answered, as written; empty where the record does not say. Nullptr if no model is meant.
  [[nodiscard]] const Model* find(std::string_view provider, std::string_view name) const;

 private:
  struct Name {
    std::string plain;
    int rank;  ///< how directly it names the model: id, alias, its own name, the id without its date
    const Model* model;
  };
  /// @param seller  whose model it must be; empty = anybody's, its maker's before others
  [[nodiscard]] const Model* best(std::string_view plain, std::string_view seller) const;

  const Catalog& catalog_;
  std::vector<Name> names_;  ///< sorted
};

}  // namespace tokenbill
