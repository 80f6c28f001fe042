// Which inputs have no effect unless another one says so. The form folds them away; the core decides nothing by this table.

import { valueOf } from './page';
import type { Description, Parameter, Scenario } from '../../web/types';

/** What another input must be. Of several needs one is enough. */
type Need = { readonly id: string } & (
  | { readonly is: readonly string[] } | { readonly not: string } | { readonly above: number } | { readonly given: true });

const is = (id: string, ...options: string[]): Need => ({ id, is: options });
const not = (id: string, option: string): Need => ({ id, not: option });
const some = (id: string): Need => ({ id, above: 0 });
const given = (id: string): Need => ({ id, given: true });

const own_groups: readonly string[] = ['own', 'tuning'];
/** Inputs of own capacity change no figure of the bill: they stand in the section on own GPUs alone. */
export const belongsToOwn = (p: Pick<Parameter, 'group'> | undefined): boolean => p !== undefined && own_groups.includes(p.group);

const shared = is('routing', 'shares');
const routed = not('routing', 'off');
const bought = is('gpu_payment', 'owned');
const tuned = [given('small_model')];
const judged = [is('evaluation_basis', 'runs'), is('monitoring_basis', 'sampled')];

const needs: Readonly<Record<string, readonly Need[]>> = {
  response_cache_hit_ratio: [not('response_cache', 'off')], response_cache_wrong_ratio: [not('response_cache', 'off')],
  response_cache_lookup_usd: [not('response_cache', 'off')], response_cache_service: [not('response_cache', 'off')],
  response_cache_storage_gb: [given('response_cache_service')],

  route_1_model: [routed], route_1_share_ratio: [shared], route_1_cost_ratio: [routed],
  route_2_model: [shared], route_2_share_ratio: [given('route_2_model')],
  route_3_model: [given('route_2_model')], route_3_share_ratio: [given('route_3_model')],
  route_4_model: [given('route_3_model')], route_4_share_ratio: [given('route_4_model')],
  route_5_model: [given('route_4_model')], route_5_share_ratio: [given('route_5_model')],
  route_6_model: [given('route_5_model')], route_6_share_ratio: [given('route_6_model')],
  route_7_model: [given('route_6_model')], route_7_share_ratio: [given('route_7_model')],
  route_8_model: [given('route_7_model')], route_8_share_ratio: [given('route_8_model')],
  misrouted_ratio: [shared], escalation_ratio: [is('routing', 'cascade')],
  classifier_model: [routed], classifier_input_tokens: [given('classifier_model')], classifier_output_tokens: [given('classifier_model')],
  fallback_ratio: [given('fallback_model')], fallback_refund_ratio: [given('fallback_model')],

  turn_input_tokens: [not('history', 'given'), some('subagents_per_conversation')],
  kept_exchanges: [is('history', 'window')], history_limit_tokens: [is('history', 'cap')],
  summary_every_turns: [is('history', 'summary')], summary_tokens: [is('history', 'summary')],
  summary_prompt_tokens: [is('history', 'summary')], summary_model: [is('history', 'summary')],
  reasoning_kept: [not('history', 'given'), some('subagents_per_conversation')],
  turn_gap_minutes: [not('caching', 'off')], long_gap_ratio: [not('caching', 'off')],
  subagent_turns: [some('subagents_per_conversation')], subagent_prompt_tokens: [some('subagents_per_conversation')],

  tool_schema_tokens: [some('tools')], failed_searches_ratio: [some('web_searches_per_request')], search_result_tokens: [some('web_searches_per_request')],
  page_tokens: [some('web_fetches_per_request')], code_container: [some('code_minutes_per_conversation')],

  chunk_tokens: [some('chunks_per_request'), some('documents')], retrieved_kept: [not('history', 'given')],
  chunks_per_document: [some('documents')], chunk_overlap_ratio: [some('documents')], index_rebuilds_per_year: [some('documents')],
  documents_changed_ratio: [some('documents')],
  embedding_model: [some('chunks_per_request'), some('documents'), is('response_cache', 'semantic')],
  query_tokens: [some('chunks_per_request'), is('response_cache', 'semantic')],
  embedding_dimensions: [given('vector_store')], record_metadata_bytes: [given('vector_store')], namespaces: [given('vector_store')],
  rerank_model: [some('chunks_per_request')], reranked_documents: [given('rerank_model')], guard_prompt_tokens: [given('guard_model')],

  image_width: [some('images_per_request')], image_height: [some('images_per_request')], image_detail: [some('images_per_request')],
  image_shrink_ratio: [some('images_per_request')], pdf_page_text_tokens: [some('pdf_pages_per_request')],
  transcription_minutes_per_request: [given('transcription_model')], speech_characters_per_request: [given('speech_model')],
  generated_images_per_request: [given('image_model')], generated_video_seconds_per_request: [given('video_model')],

  cut_answer_repeated_ratio: [given('output_cap_tokens')],
  keep_warm_per_hour: [not('caching', 'off')], keep_warm_when: [some('keep_warm_per_hour')],
  cache_hit_ratio: [not('caching', 'off')], changing_line_tokens: [not('caching', 'off')],
  tokens_before_changing_line: [some('changing_line_tokens')],

  retries: [some('failure_ratio'), some('broken_answer_ratio')], billed_failure_ratio: [some('failure_ratio')], failed_output_ratio: [some('failure_ratio')],
  capacity_unit_usd_per_month: [some('capacity_units')], capacity_tokens_per_minute: [some('capacity_units')],
  capacity_output_weight: [some('capacity_units')], capacity_cached_weight: [some('capacity_units')],
  capacity_utilisation_ratio: [some('capacity_units')],

  evaluation_ratio: [is('evaluation_basis', 'share')], evaluation_runs_per_month: [is('evaluation_basis', 'runs')],
  evaluation_cases: [is('evaluation_basis', 'runs')], judge_model: judged, judge_input_tokens: judged, judge_output_tokens: judged,
  monitoring_ratio: [is('monitoring_basis', 'share')], monitored_ratio: [is('monitoring_basis', 'sampled')],
  review_minutes: [some('reviewed_ratio')], reviewer_usd_per_hour: [some('reviewed_ratio')],
  observability_seats: [given('observability')], traced_ratio: [given('observability')],
  connections_per_instance: [some('web_instance_usd_per_month')],

  currency_rate: [given('currency_code')], currency_date: [given('currency_code')],
  replatform_months: [some('price_decline_ratio')], budget_period: [given('budget_usd')], days_passed: [given('spent_usd')],
  heavy_user_ratio: [given('active_users')], heavy_user_multiple: [given('active_users')],
  user_cap_usd_per_month: [given('active_users')], over_cap_cost_ratio: [given('user_cap_usd_per_month')],

  peak_hours_per_day: [is('scaling', 'load')], cold_start_minutes: [is('scaling', 'load')], spot_share_ratio: [is('scaling', 'load')],
  spot_interruptions_per_day: [some('spot_share_ratio')],
  draft_acceptance_ratio: [some('draft_tokens')], draft_cost_ratio: [some('draft_tokens')],
  gpu_purchase_usd: [bought], hardware_life_years: [bought], residual_ratio: [bought], hardware_support_ratio: [bought],
  gpu_kilowatts: [bought], electricity_usd_per_kwh: [bought], hosting_usd_per_kw_month: [bought],
  small_gpu: tuned, training_method: tuned, training_tokens: tuned, training_epochs: tuned, failed_training_ratio: tuned,
  training_data_usd: tuned, training_evaluation_usd: tuned, trainings_per_year: tuned, small_escalation_ratio: tuned,
  training_utilisation_ratio: [not('training_method', 'seller')], training_usd_per_mtok: [is('training_method', 'seller')],
  adapter_penalty_ratio: [is('training_method', 'adapter')],
};

/** Inputs that the table names on either side: a test holds them against the table of parameters. */
export const named_inputs: readonly string[] = [...new Set(Object.entries(needs).flatMap(([id, all]) => [id, ...all.map((need) => need.id)]))];

function holds(need: Need, scenario: Scenario, find: (id: string) => Parameter | undefined): boolean {
  const p = find(need.id);
  if (!p) return true;
  const value = valueOf(scenario, p);
  if ('is' in need) return need.is.includes(String(value));
  if ('not' in need) return value !== need.not;
  if ('above' in need) return Number(value) > need.above;
  return value !== null && value !== '';
}

/** What has to be set elsewhere before an input counts, in words; null where it counts as things stand. */
export function idle(id: string, scenario: Scenario, { parameters }: Description): string | null {
  const all = needs[id];
  const find = (one: string) => parameters.find((p) => p.id === one);
  if (!all || all.some((need) => holds(need, scenario, find))) return null;
  const said = (need: Need): string => {
    const p = find(need.id)!;
    const label = (option: string) => `“${p.options?.find((one) => one.id === option)?.label ?? option}”`;
    if ('is' in need) return `“${p.label}” is ${need.is.map(label).join(' or ')}`;
    if ('not' in need) return `“${p.label}” is not ${label(need.not)}`;
    return `“${p.label}” is ${'above' in need ? 'above 0' : 'given'}`;
  };
  return `Counts only when ${all.map(said).join(', or ')}.`;
}
