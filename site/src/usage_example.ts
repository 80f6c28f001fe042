// Records as an application logs them, to try the import with: a support chat over twelve days, with the mistakes that such
// files have. Answers of two sellers, whose rules for counting differ.

const days = 12;
const questions_a_day = [5, 6, 4, 7, 5, 3, 6];

/** @param today  the last day that has prices, YYYY-MM-DD */
export function exampleRecords(today: string): string {
  const last = Date.parse(`${today}T00:00:00Z`);
  const lines: string[] = [];
  let number = 0;
  for (let day = 0; day < days; day += 1) {
    for (let i = 0; i < questions_a_day[day % questions_a_day.length]!; i += 1) {
      number += 1;
      const timestamp = new Date(last - (days - day) * 86_400_000 + (8 + i * 1.5) * 3_600_000).toISOString();
      // Spread without chance: the same records on every day.
      const size = (number * 37) % 100;
      const answer = 180 + ((number * 53) % 90) * 6;
      const cached = i === 0 ? 0 : 1536;
      lines.push(JSON.stringify(number % 4 === 0
        ? { timestamp, id: `msg_${1000 + number}`, model: 'claude-sonnet-4-6',
          usage: { input_tokens: 420 + size * 9, cache_creation_input_tokens: cached ? 0 : 1536, cache_read_input_tokens: cached, output_tokens: answer } }
        : { timestamp, id: `chatcmpl-${1000 + number}`, model: 'gpt-5.4-mini', usage: {
          prompt_tokens: 1960 + size * 12, completion_tokens: answer + (number % 3) * 110,
          prompt_tokens_details: { cached_tokens: cached }, completion_tokens_details: { reasoning_tokens: (number % 3) * 110 } } }));
    }
  }
  // The last line was cut off, as happens when a log is copied while it is written.
  return `${lines.join('\n')}\n${lines[0]!.slice(0, 90)}\n`;
}
