// The price list for the widget: the same format, reduced to well-known models and to rows that are not over, so that a
// page which embeds the widget loads a third of the bytes. The widget loads the whole list where this one is not enough.
// The services and what models count come along, so that the widget computes what the page computes.

/**
 * @param {object} bundle pricing-v1.json
 * @param {readonly string[]} keys "seller/model"
 * @return {{prices: object, missing: string[]}} missing: keys that the bundle does not have
 */
export function embedPrices(bundle, keys) {
  const wanted = new Set(keys);
  const found = new Set();
  const day = Date.parse(`${bundle.as_of}T00:00:00Z`);
  const over = (row) => row.status === "cancelled" || (row.until !== undefined && Date.parse(row.until) <= day);
  const providers = bundle.providers.map(({ resells, ...provider }) => ({
    ...provider,
    models: (provider.models ?? []).filter((model) => wanted.has(`${provider.id}/${model.id}`)).map((model) => {
      found.add(`${provider.id}/${model.id}`);
      return { ...model, prices: model.prices.filter((row) => !over(row)) };
    }),
  })).filter((provider) => provider.models.length > 0);
  return { prices: { ...bundle, providers }, missing: [...wanted].filter((key) => !found.has(key)) };
}
