// Words for what records of usage come to, on the page and in what is copied from it.

import type { Catalog, UsageLine, UsageReport } from '../../web/types';
import type { Format } from './format';

/** Token classes in the order in which they are shown, with a short word for each. */
const classes: Readonly<Record<string, string>> = {
  input: 'uncached input', cache_read: 'cache read', cache_write: 'cache write', cache_write_5m: 'cache write, 5 min', cache_write_30m: 'cache write, 30 min', cache_write_1h: 'cache write, 1 h',
  input_image: 'image input', input_audio: 'audio input', input_video: 'video input', cache_read_image: 'cache read, image', cache_read_audio: 'cache read, audio', cache_read_video: 'cache read, video',
  output: 'output', output_reasoning: 'reasoning', output_citation: 'citations', output_image: 'image output', output_audio: 'audio output', output_video: 'video output',
};

export const classWords = (id: string): string => classes[id] ?? id.replaceAll('_', ' ');

/** Those with tokens. */
export function classesOf(tokens: Readonly<Record<string, number>>): readonly string[] {
  const known = Object.keys(classes);
  return [...known.filter((id) => (tokens[id] ?? 0) > 0), ...Object.keys(tokens).filter((id) => !known.includes(id))];
}

export function sellerOf({ model, known }: Pick<UsageLine, 'model' | 'known'>, catalog: Catalog | null): string {
  const id = known ? catalog?.models.find((one) => one.key === model)?.seller : undefined;
  return catalog?.sellers.find((one) => one.id === id)?.name ?? '';
}

/** Records that do not count, by what kept them from it. */
export function leftOutWords({ read }: Pick<UsageReport, 'read'>, format: Pick<Format, 'number'>): string[] {
  const words = (count: number, one: string, many: string): string => (count > 0 ? `${format.number(count)} ${count === 1 ? one : many}` : '');
  return [
    words(read.broken, 'could not be read', 'could not be read'),
    words(read.without_usage, 'counts neither tokens nor money', 'count neither tokens nor money'),
    words(read.repeated, 'is the same request again', 'are the same requests again'),
    words(read.kept_answers, 'was answered from the gateway’s cache', 'were answered from the gateway’s cache'),
  ].filter(Boolean);
}
