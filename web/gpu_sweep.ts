// Runs a sweep's shader by WebGPU. The values are 32-bit: they colour cells and are counted, and the cells whose amount
// is shown are computed anew by the core. Whatever goes wrong comes back as a sentence, and the workers take over.

import skeleton from '../shaders/sweep.wgsl';
import { bucket_count, group_words, near_words, Screening, type Kept } from './screening';
import type { SweepShader } from './sweep';

export { skeleton };

export interface GpuSweep {
  /** As in SweepResult, in 32 bits; NaN where there is no figure, where 32 bits cannot tell, or not yet. Empty where not wanted. */
  readonly cells: Float32Array;
  /** For the core to finish. */
  readonly kept: Kept;
  readonly done: number;
  /** What computed it: "swiftshader, a software adapter". */
  readonly adapter: string;
  readonly ms: number;
}

export interface GpuOptions {
  /** Adapters that compute on the processor are refused unless the reader asks for this back end by name. */
  readonly allow_software: boolean;
  /** Whether the value of every cell is wanted. */
  readonly cells: boolean;
  /** How many of the lowest cells to find. */
  readonly lowest: number;
  readonly cancelled?: () => boolean;
  readonly progress?: (share: number) => void;
  /** For tests: another implementation than the browser's. */
  readonly gpu?: GPU;
  /** For tests: cells of every dispatch; else they grow until one takes about `dispatch_ms`. */
  readonly chunk?: number;
}

const workgroup = 256;
/** Cells of a workgroup. */
const together = 8 * workgroup;
/** Short enough that a cancel is heard and the page's own drawing is not held up. */
const dispatch_ms = 30;
/** How long a failed reading waits for the device to say why. */
const lost_ms = 100;
const first_cells = 1 << 16;
/** 16 MiB in each of three buffers. */
const most_dispatched = 1 << 22;
/** No more cells are kept anywhere (docs/sweep.md). */
const most_kept = 2 ** 24;
/** More cells than these are not computed anew: then their ranks are left to the workers. */
const most_near = 1 << 18;
/** As many near cells come back with their number; more are fetched. */
const near_at_once = 1024;
/** A 32-bit count holds no more. */
const most_counted = 2 ** 32 - 1;

/** Its message is the whole sentence. */
class Refusal extends Error {}

function nameOf(info: GPUAdapterInfo, software: boolean): string {
  const name = info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ') || 'unnamed adapter';
  return software ? `${name}, a software adapter` : name;
}

export async function gpuSweep(shader: SweepShader, options: GpuOptions): Promise<GpuSweep | { readonly reason: string }> {
  const gpu = options.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) return { reason: 'This browser has no WebGPU.' };
  let device: GPUDevice | null = null;
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { reason: 'WebGPU found no graphics adapter.' };
    const { info } = adapter;
    const software = info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`);
    if (software && !options.allow_software) return { reason: 'The only graphics adapter is a software one, which is no faster than the worker.' };
    device = await adapter.requestDevice();
    return await new Run(device, shader, options).all(nameOf(info, software));
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.message };
    return { reason: `WebGPU failed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    device?.destroy();
  }
}

type Name = 'shape' | 'axis_values' | 'values' | 'errors' | 'groups' | 'histogram' | 'near';

class Run {
  #failed: string | null = null;
  readonly #steps: readonly number[];
  readonly #total: number;
  /** Cells of a dispatch. */
  readonly #most: number;
  readonly #most_near: number;
  #buffers!: Readonly<Record<Name, GPUBuffer>>;
  #readback!: GPUBuffer;
  #group!: GPUBindGroup;
  #main!: GPUComputePipeline;
  #collect!: GPUComputePipeline;

  constructor(readonly device: GPUDevice, readonly shader: SweepShader, readonly options: GpuOptions) {
    void device.lost.then((why) => { this.#failed ??= `The graphics device was lost: ${why.message || why.reason}.`; });
    device.addEventListener('uncapturederror', ({ error }) => { this.#failed ??= `WebGPU failed: ${error.message}`; });
    this.#steps = shader.axes.map((axis) => axis.values.length);
    this.#total = this.#steps.reduce((product, n) => product * n, 1);
    if (options.cells && this.#total > most_kept) throw new Refusal(`The value of every cell is wanted, of at most ${most_kept} cells; the sweep has ${this.#total}.`);
    const { limits } = device;
    if (Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX) < workgroup || limits.maxStorageBuffersPerShaderStage < 7)
      throw new Refusal('The graphics adapter is too small for a sweep.');
    const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
    this.#most = Math.min(this.#total, most_dispatched, limits.maxComputeWorkgroupsPerDimension * together, Math.floor(bytes / 4));
    this.#most_near = Math.min(most_near, Math.floor(bytes / 4 / near_words) - 1);
  }

  async all(adapter: string): Promise<GpuSweep> {
    const started = performance.now();
    await this.#prepare();
    const { options } = this;
    const screening = new Screening(options.lowest);
    const cells = new Float32Array(options.cells ? this.#total : 0).fill(NaN);
    let done = 0;
    let counted = 0;
    let chunk = Math.min(options.chunk ?? first_cells, this.#most);
    while (done < this.#total && !options.cancelled?.()) {
      const count = Math.min(chunk, this.#total - done);
      const begun = performance.now();
      if (counted + count > most_counted) {
        await this.#takeHistogram(screening);
        counted = 0;
      }
      await this.#dispatch(screening, cells, done, count);
      done += count;
      counted += count;
      const growth = Math.min(4, Math.max(0.25, dispatch_ms / Math.max(0.1, performance.now() - begun)));
      if (options.chunk === undefined) chunk = Math.min(this.#most, Math.max(together, Math.floor(chunk * growth)));
      options.progress?.(done / this.#total);
    }
    await this.#takeHistogram(screening);
    return { cells, kept: screening.kept(), done, adapter, ms: performance.now() - started };
  }

  async #prepare(): Promise<void> {
    const { device, shader } = this;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code: shader.wgsl });
    const mistake = (await module.getCompilationInfo()).messages.find((message) => message.type === 'error');
    if (mistake) throw new Refusal(`The shader was refused in line ${mistake.lineNum}: ${mistake.message}`);
    const axes = shader.axes.flatMap((axis) => axis.values);
    const sizes: Record<Name, number> = { shape: 4 * (3 + 2 * this.#steps.length), axis_values: 8 * axes.length, values: 4 * this.#most, errors: 4 * this.#most,
      groups: 4 * group_words * Math.ceil(this.#most / together), histogram: 4 * bucket_count, near: 4 * (1 + near_words * this.#most_near) };
    const names = Object.keys(sizes) as Name[];
    const usage = buffer_usage.storage | buffer_usage.copy_src | buffer_usage.copy_dst;
    this.#buffers = Object.fromEntries(names.map((name) => [name, device.createBuffer({ size: sizes[name], usage })])) as unknown as Record<Name, GPUBuffer>;
    this.#readback = device.createBuffer({ size: Math.max(sizes.values + sizes.groups, sizes.near, sizes.histogram), usage: buffer_usage.map_read | buffer_usage.copy_dst });
    device.queue.writeBuffer(this.#buffers.axis_values, 0, new Float32Array(axes.flatMap((value) => {
      const narrow = Math.fround(value);
      return [narrow, Math.abs(value - narrow) * (1 + 1e-6)];
    })));
    const group_layout = device.createBindGroupLayout({ entries: names.map((_, binding) =>
      ({ binding, visibility: shader_stage_compute, buffer: { type: binding < 2 ? 'read-only-storage' as const : 'storage' as const } })) });
    this.#group = device.createBindGroup({ layout: group_layout, entries: names.map((name, binding) => ({ binding, resource: { buffer: this.#buffers[name] } })) });
    const layout = device.createPipelineLayout({ bindGroupLayouts: [group_layout] });
    [this.#main, this.#collect] = await Promise.all(['main', 'collect'].map((entryPoint) =>
      device.createComputePipelineAsync({ layout, compute: { module, entryPoint } }))) as [GPUComputePipeline, GPUComputePipeline];
    const refused = (await device.popErrorScope()) ?? (await device.popErrorScope());
    if (refused) throw new Refusal(`WebGPU refused the sweep: ${refused.message}`);
  }

  /** Computes cells [first, first + count), and hands on which of them the core has to compute anew. */
  async #dispatch(screening: Screening, cells: Float32Array, first: number, count: number): Promise<void> {
    const group_count = Math.ceil(count / together);
    this.#shape(first, count, screening);
    const wanted: [Name, number][] = [['groups', 4 * group_words * group_count]];
    if (this.options.cells) wanted.push(['values', 4 * count]);
    const [groups, values] = await this.#read(wanted, this.#main, group_count);
    screening.addGroups(groups!, count);
    if (values) {
      new Float32Array(values).forEach((value, i) => { if (value >= 0) cells[first + i] = value; });
    }
    this.#shape(first, count, screening);
    this.device.queue.writeBuffer(this.#buffers.near, 0, new Uint32Array(1));
    const words = (found: number) => 4 * (1 + near_words * found);
    let [near] = await this.#read([['near', words(Math.min(near_at_once, this.#most_near))]], this.#collect, group_count);
    const found = new Uint32Array(near!)[0]!;
    if (found > Math.min(near_at_once, this.#most_near)) [near] = await this.#read([['near', words(Math.min(found, this.#most_near))]]);
    screening.addNear(near!.slice(4, words(Math.min(found, this.#most_near))), first);
    if (found > this.#most_near || screening.waiting > most_near)
      throw new Refusal('More cells are too close together than can be ranked by 32-bit numbers.');
  }

  #shape(first: number, count: number, { low, high }: Screening): void {
    const shape = new Uint32Array(3 + 2 * this.#steps.length);
    shape[0] = count;
    new Float32Array(shape.buffer).set([low, high], 1);
    shape.set(this.#steps, 3);
    for (let k = this.#steps.length; k > 0; k -= 1) {
      const steps = this.#steps[k - 1]!;
      shape[2 + this.#steps.length + k] = first % steps;
      first = Math.floor(first / steps);
    }
    this.device.queue.writeBuffer(this.#buffers.shape, 0, shape);
  }

  async #takeHistogram(screening: Screening): Promise<void> {
    const [histogram] = await this.#read([['histogram', 4 * bucket_count]]);
    screening.addHistogram(histogram!);
    this.device.queue.writeBuffer(this.#buffers.histogram, 0, new Uint32Array(bucket_count));
  }

  /** Runs a pipeline, where one is given, and reads the beginnings of buffers. */
  async #read(wanted: readonly (readonly [Name, number])[], pipeline?: GPUComputePipeline, group_count = 0): Promise<ArrayBuffer[]> {
    const encoder = this.device.createCommandEncoder();
    if (pipeline) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, this.#group);
      pass.dispatchWorkgroups(group_count);
      pass.end();
    }
    let size = 0;
    for (const [name, bytes] of wanted) {
      encoder.copyBufferToBuffer(this.#buffers[name], 0, this.#readback, size, bytes);
      size += bytes;
    }
    this.device.queue.submit([encoder.finish()]);
    const unread = await this.#readback.mapAsync(map_mode_read, 0, size).then(() => null, (error: unknown) => error);
    // The device tells why in a promise of its own, which may settle a moment later.
    if (unread !== null) await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, lost_ms))]);
    if (this.#failed) throw new Refusal(this.#failed);
    if (unread !== null) throw unread;
    const all = this.#readback.getMappedRange(0, size);
    let at = 0;
    const parts = wanted.map(([, bytes]) => all.slice(at, (at += bytes)));
    this.#readback.unmap();
    return parts;
  }
}

// The numbers of GPUBufferUsage, GPUMapMode and GPUShaderStage, which are globals in a browser and not elsewhere.
const buffer_usage = { map_read: 0x1, copy_src: 0x4, copy_dst: 0x8, storage: 0x80 } as const;
const map_mode_read = 0x1;
const shader_stage_compute = 0x4;
