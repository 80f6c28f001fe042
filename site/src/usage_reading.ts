// Reads records of usage piece by piece into core-usage.wasm and compares them with scenarios. Runs in a worker of its own, or
// on the page where there are no workers.

import { answerOr, Core, op } from '../../web/tokenbill';
import type { CoreFailure, Scenario, UsageReport } from '../../web/types';

export interface ToRead {
  readonly files: readonly File[];
  readonly scenario: Scenario;
  readonly today: string;
  /** Of records that name none; "" = they have no price. */
  readonly default_model: string;
  /** That the records cover; null = from the first one's day to the last one's. */
  readonly days: number | null;
}

export interface ToCompare {
  readonly scenario: Scenario;
  readonly today: string;
  readonly paid_usd: number | null;
}

export interface ReadSoFar {
  readonly bytes: number;
  readonly of: number;
  readonly ms: number;
  readonly report: UsageReport;
}

export interface ReadUsage {
  readonly report: UsageReport;
  readonly bytes: number;
  /** `bytes` is less where it was cancelled: then the report is of what was read until then. */
  readonly of: number;
}

export type Compared = UsageReport | CoreFailure;

const piece = 2 ** 20;
const told_every_ms = 200;

export class UsageReading {
  #prices = '';

  constructor(readonly core: Core) {}

  /** @param prices  a price list's text */
  use(prices: string): void {
    if (prices === this.#prices) return;
    this.core.loadPrices(prices);
    this.#prices = prices;
  }

  /** @throws with a sentence where the core refuses the request or a file cannot be read */
  async read({ files, ...request }: ToRead, cancelled: () => boolean, told: (so_far: ReadSoFar) => void): Promise<ReadUsage> {
    const decoder = new TextDecoder();
    const started = performance.now();
    const of = files.reduce((sum, file) => sum + file.size, 0);
    const job = this.core.startJob(op.usage, request);
    if (job.items() === 0) {
      const { message, hint } = (JSON.parse(decoder.decode(job.take())) as { error: CoreFailure }).error;
      throw new Error(`${message} ${hint}`.trim());
    }
    let bytes = 0;
    let last = started;
    try {
      for (const [i, file] of files.entries()) {
        if (cancelled()) break;
        job.run(i, i + 1);
        const before = bytes;
        for await (const { text, at } of piecesOf(file)) {
          job.merge(text);
          bytes = before + at;
          if (cancelled()) break;
          if (performance.now() - last < told_every_ms) continue;
          last = performance.now();
          told({ bytes, of, ms: last - started, report: JSON.parse(decoder.decode(job.soFar())) as UsageReport });
        }
      }
    } catch (error) {
      job.take();
      throw error;
    }
    job.cancel();
    return { report: JSON.parse(decoder.decode(job.take())) as UsageReport, bytes, of };
  }

  /** What was read last. */
  compare(request: ToCompare): Compared {
    const { paid_usd, ...rest } = request;
    return answerOr(() => this.core.call<UsageReport>(op.usage, paid_usd === null ? rest : request));
  }
}

/** @throws with a sentence: browsers only say that a fetch failed, whatever the server answered */
export async function loadReading(): Promise<UsageReading> {
  try {
    return new UsageReading(await Core.load('core-usage.wasm', __WASM_USAGE_INTEGRITY__));
  } catch (error) {
    throw new Error(`The program that reads them, core-usage.wasm, did not load (${error instanceof Error ? error.message : String(error)}). Check the connection, then try again.`);
  }
}

interface Piece {
  readonly text: Uint8Array<ArrayBuffer>;
  /** Bytes of the file up to the piece's end. */
  readonly at: number;
}

/** What gzip packed is unpacked on the way. */
async function* piecesOf(file: File): AsyncGenerator<Piece> {
  let at = 0;
  try {
    const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    if (first !== 0x1f || second !== 0x8b) {
      for (; at < file.size; at = Math.min(file.size, at + piece)) {
        yield { text: new Uint8Array(await file.slice(at, at + piece).arrayBuffer()), at: Math.min(file.size, at + piece) };
      }
      return;
    }
    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({ transform(chunk, out) {
      at += chunk.length;
      out.enqueue(chunk);
    } });
    const reader = file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream('gzip')).getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield { text: next.value, at };
    } finally {
      reader.cancel().catch(() => {});
    }
  } catch (error) {
    throw new Error(`${file.name} cannot be read any more from byte ${at} on: it was changed, moved or damaged, or is not a file. Open it again. (${error instanceof Error ? error.message : String(error)})`);
  }
}
