// The reference sweep in this browser: cells a second by the workers and by the graphics processor (docs/performance.md).

import axes from '../bench/reference_axes.json';
import scenario from '../bench/reference_sweep.json';
import type { SweepRequest, SweepShader } from '../../web/sweep';
import { Core, op } from '../../web/tokenbill';
import { fetchText } from './fetch_text';
import { SweepRunner, type Backend } from './sweep_runner';

const rounds = 3;
/** A back end that needs longer for a run is measured by one. */
const slow_ms = 10_000;
/** bench.html?steps=4 takes as many values of each axis, for a slow machine. */
const steps = Math.min(8, Math.max(2, Math.round(Number(new URLSearchParams(location.search).get('steps'))) || 8));
const request = { scenario, today: scenario.date, output: 'total', axes: axes.map((axis) => ({ ...axis, steps })), cells: false } as SweepRequest;
const cells = request.axes.reduce((product, axis) => product * axis.steps, 1);
const element = <Type extends HTMLElement>(id: string): Type => document.getElementById(id) as Type;

interface Measured {
  readonly backend: Backend;
  readonly by: string;
  readonly cells_per_second: number | null;
  readonly note: string;
}

element('cells').textContent = `${steps ** axes.length}`.replace(/\B(?=(\d{3})+$)/g, '\u202f');
element('steps').textContent = `${steps}`;

async function start(): Promise<{ readonly runner: SweepRunner; readonly operations: number }> {
  const [core, prices] = await Promise.all([Core.load('core-all.wasm', __WASM_ALL_INTEGRITY__), fetchText('pricing-v1.json')]);
  core.loadPrices(prices);
  const { wgsl } = core.call<SweepShader>(op.sweep_shader, request);
  // What is read from an axis is no operation.
  const operations = [...wgsl.matchAll(/^ {2}let v\d+ = (?!x\[)/gm)].length;
  return { runner: new SweepRunner(core, () => prices), operations };
}

/** The median of three runs, after one that compiles. */
async function measure(runner: SweepRunner, backend: Backend, tell: (text: string) => void): Promise<Measured> {
  const times: number[] = [];
  let by = '';
  for (let round = 0; round <= rounds; round += 1) {
    tell(`run ${round + 1} of ${rounds + 1}`);
    const outcome = await runner.run(request, backend, ({ share }) => tell(`run ${round + 1} of ${rounds + 1}, ${Math.round(share * 100)} %`));
    if ('problem' in outcome) return { backend, by, cells_per_second: null, note: outcome.problem };
    if (outcome.backend !== backend) return { backend, by, cells_per_second: null, note: outcome.note };
    by = outcome.adapter;
    if (round > 0 || outcome.ms > slow_ms) times.push(outcome.ms);
    if (outcome.ms > slow_ms) break;
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  return { backend, by, cells_per_second: Math.round((cells / median) * 1000), note: '' };
}

async function run(): Promise<void> {
  const button = element<HTMLButtonElement>('run');
  const state = element('state');
  button.disabled = true;
  const results: Measured[] = [];
  try {
    state.textContent = 'Loading.';
    const { runner, operations } = await start();
    for (const backend of ['worker', 'webgpu'] as const) {
      const row = element(backend);
      const show = (...texts: string[]) => texts.forEach((text, i) => { row.children[i + 1]!.textContent = text; });
      const found = await measure(runner, backend, (text) => { state.textContent = `${backend === 'worker' ? 'Workers' : 'Graphics processor'}: ${text}.`; });
      results.push(found);
      const rate = found.cells_per_second;
      if (rate === null) show('none', '', found.note);
      else show(Number((rate / 1e6).toPrecision(3)).toString(), Number(((rate * operations) / 1e9).toPrecision(3)).toString(), found.by);
    }
    state.textContent = `Each cell has ${operations} operations${results[1]!.cells_per_second === null ? '' : ', and on the graphics processor as many bounds'}. Done.`;
    element('result').textContent = JSON.stringify({ browser: navigator.userAgent, cells, operations, results }, null, 1);
    element('result').hidden = false;
  } catch (error) {
    state.textContent = `The benchmark did not run: ${error instanceof Error ? error.message : String(error)}`;
  }
  button.disabled = false;
}

element('run').addEventListener('click', () => void run());
