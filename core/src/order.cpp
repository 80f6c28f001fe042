#include "order.h"

#include <algorithm>

namespace tokenbill {

std::vector<std::uint32_t> sorted_order(std::size_t count, Before before, const void* context) {
  std::vector<std::uint32_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (before(context, a, b)) return true;
    return !before(context, b, a) && a < b;
  });
  return order;
}

}  // namespace tokenbill
