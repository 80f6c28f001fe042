// Filled in by scripts/build_site.mjs; empty text where the file was not built.

declare const __WASM_ALL_INTEGRITY__: string;
declare const __WASM_USAGE_INTEGRITY__: string;
/** Subresource integrity of core.wasm, for `fetch(url, { integrity })`. */
declare const __WASM_INTEGRITY__: string;
/** Subresource integrity of pricing-v1.json. */
declare const __PRICES_INTEGRITY__: string;
/** Subresource integrity of embed.js, for the snippets of embed.html. */
declare const __EMBED_INTEGRITY__: string;
