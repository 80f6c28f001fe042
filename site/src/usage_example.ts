// A table to try the import with: sums by day and model, as a gateway or a warehouse keeps them, of a support chat that is asked
// less on weekends, is moved to a smaller model step by step, and whose last row was cut off.

const days = 14;
const columns = ['date', 'model', 'requests', 'prompt_tokens', 'cached_tokens', 'completion_tokens', 'reasoning_tokens'];

interface Use { readonly model: string; readonly share: (day: number) => number; readonly prompt: number; readonly cached: number; readonly answer: number; readonly reasoning: number }

const uses: readonly Use[] = [
  { model: 'claude-sonnet-4-6', share: (day) => 0.9 - 0.02 * day, prompt: 2870, cached: 0.31, answer: 385, reasoning: 0 },
  { model: 'gpt-5.4-mini', share: (day) => 0.1 + 0.02 * day, prompt: 2640, cached: 0.42, answer: 430, reasoning: 150 },
];

/** @param today  the day after the last one, YYYY-MM-DD */
export function exampleRecords(today: string): string {
  const end = Date.parse(`${today}T00:00:00Z`);
  const rows = Array.from({ length: days }, (_, day) => {
    const date = new Date(end - (days - day) * 86_400_000);
    const weekend = date.getUTCDay() % 6 === 0;
    // Uneven without chance: the same table on every day.
    const uneven = 0.94 + ((day * 37) % 12) / 100;
    return uses.map(({ model, share, prompt, cached, answer, reasoning }) => {
      const requests = Math.round((weekend ? 14_000 : 27_500) * uneven * share(day));
      const prompts = Math.round(requests * prompt * (2 - uneven));
      return [date.toISOString().slice(0, 10), model, requests, prompts, Math.round(prompts * cached), Math.round(requests * (answer * uneven + reasoning)), requests * reasoning].join(',');
    });
  }).flat();
  return [columns.join(','), ...rows, rows.at(-1)!.slice(0, 22), ''].join('\n');
}
