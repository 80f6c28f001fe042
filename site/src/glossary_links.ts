// Inputs whose name or help uses a word of the field: where the glossary explains it.

const terms: Readonly<Record<string, readonly [place: string, text: string]>> = {
  turns_per_conversation: ['turn', 'What is a turn?'],
  prompt_tokens: ['token', 'What is a token?'],
  output_tokens: ['token', 'What is a token?'],
  reasoning_tokens: ['reasoning-tokens', 'What are reasoning tokens?'],
  history: ['window-and-summary', 'What are a window and a summary?'],
  static_prefix_tokens: ['prefix-cache', 'What is a prefix cache?'],
  caching: ['prefix-cache', 'What is a prefix cache?'],
  cache_hit_ratio: ['cache-hit', 'What is a cache hit?'],
  long_gap_ratio: ['ttl', 'What is a cache’s lifetime?'],
  tools: ['tool-call', 'What is a tool call?'],
  service_tier: ['service-tier', 'What is a service tier?'],
  batch_share_ratio: ['batch', 'What is a batch?'],
  embedding_model: ['embedding', 'What is an embedding?'],
  rerank_model: ['retrieval', 'What is a rerank model?'],
  first_token_seconds: ['time-to-the-first-token', 'What is the time to the first token?'],
  weight_format: ['quantisation', 'What is quantisation?'],
  kv_format: ['key-value-cache', 'What is a key-value cache?'],
  contingency_ratio: ['contingency', 'What is a contingency?'],
};

/** The address and the words of a link, or null. */
export function explained(id: string): { readonly href: string; readonly text: string } | null {
  const term = terms[id];
  return term ? { href: `docs/glossary.html#${term[0]}`, text: term[1] } : null;
}

export const explained_inputs = Object.keys(terms);
