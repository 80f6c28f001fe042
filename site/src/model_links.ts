// Where docs/model.md, which the page has as model.html, tells how a figure, an item or an input comes about.

/** Sections by the ids, or beginnings of ids, that they tell about; the first that fits counts. */
const sections: readonly (readonly [section: string, ids: string])[] = [
  ['users-success-margin', 'total_per_user total_per_light total_per_heavy total_per_accepted total_per_success inference_per_success success_per unsolved_ sold_per revenue_ profit_ loss_ margin_ break_even_price target_price affordable_ price_per user_cap_'],
  ['tax-and-currency', 'tax total_in_currency'],
  ['totals', 'total'],
  ['demand', 'conversations_per requests_per cut_conversations request_cap token_cap usd_cap'],
  ['response-cache', 'served_ratio response_cache helpers.response_cache retrieval.response_cache'],
  ['trimming-and-caps', 'cut_answers output_cap'],
  ['failures', 'delivered_requests billed_failures failures.'],
  ['routing', 'chosen_share chosen_cost route_1_cost cascade_ routing_'],
  ['images-audio-video', 'image_tokens pdf_page_tokens audio_ video_rate media. fee.transcription fee.speech fee.image fee.video'],
  ['tokens-of-a-request', 'static_tokens retrieved_tokens prompt_text answer_tokens billed_reasoning output_size token_factor tool_prompt'],
  ['prefix-cache', 'helpers.keep_warm keep_warm input.cache_storage price.cache_storage cacheable_ arrivals_in derived_hit hit_ratio warm_ratio cached_ratio cache_break_even cache_on cache_stored cache_step cache_minimum cache_lifetime cache_hit changing_line long_gap planned_turns'],
  ['conversations', 'history_growth prompt_size average_prompt conversation_ cache_read_ cache_write_ uncached_ helpers.summary summary. turn_input retrieved_sent reasoning_sent'],
  ['token-charges', 'input. output.'],
  ['helper-requests', 'helpers. judge classifier. compressor. guard. embedding.'],
  ['tools-and-fees', 'searches_per fees. fee.request fee.web fee.code fee.file fee.session'],
  ['commitments', 'capacity_ on_demand commitment.'],
  ['channel', 'channel. platform_'],
  ['inference', 'inference_'],
  ['services', 'index_gb read_units retrieval.vector_store vector_store.'],
  ['guardrails', 'retrieval.guardrail guardrail. stopped_'],
  ['retrieval', 'index_ retrieval. rerank. fee.rerank'],
  ['around-inference', 'overheads growth_on_all evaluation_by monitoring_by'],
  ['infrastructure', 'infrastructure. observability.'],
  ['people', 'people.'],
  ['contingency', 'contingency.'],
  ['one-time-work', 'one_time.'],
  ['latency', 'tokens_to_read reading_speed answer_seconds first_visible peak_requests peak_connections peak_tokens'],
  ['own-capacity', 'own_ own. replicas_ gpus_at gpu. utilisation offered. base_is_owned replica. step. memory. request. prompt. draft_ factor_'],
  ['fine-tuned-small-model', 'training model_is_tuned'],
  ['rate-card', 'charge_factor price context_tier. peak_share geography_'],
];

/** Sections by group of the table of parameters. */
const groups: Readonly<Record<string, string>> = {
  demand: 'demand', prompt: 'tokens-of-a-request', response_cache: 'response-cache', routing: 'routing', conversation: 'conversations',
  tools: 'tools-and-fees', retrieval: 'retrieval', media: 'images-audio-video', trimming: 'trimming-and-caps', caching: 'prefix-cache',
  failures: 'failures', price: 'rate-card', commitment: 'commitments', overheads: 'around-inference', infrastructure: 'infrastructure',
  own: 'own-capacity', tuning: 'fine-tuned-small-model', people: 'people', contingency: 'contingency', one_time: 'one-time-work', currency: 'tax-and-currency', time: 'forecast', budget: 'budgets',
  value: 'users-success-margin', latency: 'latency',
};

/** The section for an id; `group` is that of a parameter. Of another model's figures the role stands before the id. */
export function modelSection(id: string, group?: string): string | undefined {
  if (group !== undefined) return groups[group];
  const own = id.replace(/^(route_\d|batch|fallback)\./, '');
  return sections.find(([, ids]) => ids.split(' ').some((beginning) => own.startsWith(beginning)))?.[0];
}

export const modelLink = (id: string, group?: string): string => {
  const section = modelSection(id, group);
  return section === undefined ? 'model.html' : `model.html#${section}`;
};
