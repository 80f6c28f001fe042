#pragma once
// Sorting. All of the core sorts through one instance of std::sort: each instance costs one to three kilobytes of
// core.wasm.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tokenbill {

using Before = bool (*)(const void* context, std::uint32_t a, std::uint32_t b);
/// 0 .. count - 1 in the order of `before`; equal ones keep their order.
[[nodiscard]] std::vector<std::uint32_t> sorted_order(std::size_t count, Before before, const void* context);

/// @param before  of two indices: whether the first one's item comes first
template <class Less>
[[nodiscard]] std::vector<std::uint32_t> sorted_order(std::size_t count, const Less& before) {
  return sorted_order(
      count,
      [](const void* context, std::uint32_t a, std::uint32_t b) { return (*static_cast<const Less*>(context))(a, b); },
      &before);
}

/// Sorts items; equal ones keep their order.
template <class Item, class Less>
void sort_stably(std::vector<Item>& items, const Less& before) {
  const std::vector<std::uint32_t> order =
      sorted_order(items.size(), [&](std::uint32_t a, std::uint32_t b) { return before(items[a], items[b]); });
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const std::uint32_t at : order) sorted.push_back(std::move(items[at]));
  items = std::move(sorted);
}

}  // namespace tokenbill
