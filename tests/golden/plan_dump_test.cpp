// The formulas as text: a change of a formula is a change of the file that a reader can judge.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/golden.h"
#include "support/plan_text.h"
#include "support/shop.h"
#include "support/test_data.h"
#include "tokenbill/plans.h"

using namespace tokenbill;

namespace {
// Line by line, so that a failure names the figure.
void check_equal(std::string_view expected, std::string_view found) {
  while (!expected.empty() || !found.empty()) {
    const auto line = [](std::string_view& text) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string first(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      return first;
    };
    const std::string a = line(expected);
    const std::string b = line(found);
    if (a != b) {
      CHECK(b == a);
      return;
    }
  }
}

void check_golden(std::string_view name, const Plan& plan) {
  const std::string found = plan_text(plan);
  if (updating_golden()) {
    CHECK(write_golden(name, found));
    MESSAGE("rewritten: tests/golden/" << std::string(name) << "; build again to compare with it");
    return;
  }
  const std::string_view expected = test_file(name);
  REQUIRE_FALSE(expected.empty());
  check_equal(expected, found);
}
}  // namespace

TEST_CASE("the month plan is the one in month_plan.txt (UPDATE_GOLDEN=1 rewrites it)") {
  check_golden("month_plan.txt", engine().plan());
}

TEST_CASE("the conversation plan is the one in conversation_plan.txt (UPDATE_GOLDEN=1 rewrites it)") {
  const Result<Plan> plan = conversation_plan(ConversationCache::append_only);
  REQUIRE(plan.ok());
  check_golden("conversation_plan.txt", *plan);
}

TEST_CASE("the replica plan is the one in replica_plan.txt (UPDATE_GOLDEN=1 rewrites it)") {
  const Result<Plan> plan = replica_plan();
  REQUIRE(plan.ok());
  check_golden("replica_plan.txt", *plan);
}

TEST_CASE("the fleet plan is the one in fleet_plan.txt (UPDATE_GOLDEN=1 rewrites it)") {
  const Result<Plan> plan = fleet_plan();
  REQUIRE(plan.ok());
  check_golden("fleet_plan.txt", *plan);
}
