// Runs a sweep's shader by WebGPU. The values are 32-bit: they colour cells, and no amount on screen comes from them.
// Whatever goes wrong comes back as a sentence, and the worker takes over.

import skeleton from '../shaders/sweep.wgsl';
import type { SweepShader } from './sweep';

export { skeleton };

export interface GpuSweep {
  /** As in SweepResult, in 32 bits; NaN where there is no figure, or not yet. */
  readonly cells: Float32Array;
  readonly done: number;
  /** What computed it: "swiftshader, a software adapter". */
  readonly adapter: string;
  readonly ms: number;
}

export interface GpuOptions {
  /** Adapters that compute on the processor are refused unless the reader asks for this back end by name. */
  readonly allow_software: boolean;
  readonly cancelled?: () => boolean;
  readonly progress?: (share: number) => void;
  /** For tests: another implementation than the browser's. */
  readonly gpu?: GPU;
  /** For tests: cells of every dispatch; else they grow until one takes about `dispatch_ms`. */
  readonly chunk?: number;
}

const workgroup = 256;
const no_figure = -1;
/** Short enough that a cancel is heard and the page's own drawing is not held up. */
const dispatch_ms = 30;
/** How long a failed reading waits for the device to say why. */
const lost_ms = 100;
const first_cells = 1 << 16;
/** 16 MiB in each of two buffers. */
const most_dispatched = 1 << 22;
/** Every cell is read back, so no more than are kept anywhere (docs/sweep.md). */
const most_cells = 2 ** 24;

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
    return await run(device, shader, nameOf(info, software), options);
  } catch (error) {
    return { reason: `WebGPU failed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    device?.destroy();
  }
}

async function run(device: GPUDevice, shader: SweepShader, adapter: string, options: GpuOptions): Promise<GpuSweep | { readonly reason: string }> {
  const started = performance.now();
  let failed: string | null = null;
  void device.lost.then((why) => { failed ??= `The graphics device was lost: ${why.message || why.reason}.`; });
  device.addEventListener('uncapturederror', ({ error }) => { failed ??= `WebGPU failed: ${error.message}`; });

  const steps = shader.axes.map((axis) => axis.values.length);
  const total = steps.reduce((product, n) => product * n, 1);
  if (total > most_cells) return { reason: `The graphics processor hands back every cell, at most ${most_cells}; the sweep has ${total}.` };
  const { limits } = device;
  if (Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX) < workgroup || limits.maxStorageBuffersPerShaderStage < 3)
    return { reason: 'The graphics adapter is too small for a sweep.' };
  const most = Math.min(total, most_dispatched, limits.maxComputeWorkgroupsPerDimension * workgroup, Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / 4));

  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: shader.wgsl });
  const mistake = (await module.getCompilationInfo()).messages.find((message) => message.type === 'error');
  if (mistake) {
    return { reason: `The shader was refused in line ${mistake.lineNum}: ${mistake.message}` };
  }
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });

  const usage = buffer_usage;
  const shape = device.createBuffer({ size: 4 * (2 + steps.length), usage: usage.storage | usage.copy_dst });
  const axes = new Float32Array(shader.axes.flatMap((axis) => axis.values));
  const axis_values = device.createBuffer({ size: axes.byteLength, usage: usage.storage | usage.copy_dst });
  const output = device.createBuffer({ size: most * 4, usage: usage.storage | usage.copy_src });
  const readback = device.createBuffer({ size: most * 4, usage: usage.map_read | usage.copy_dst });
  device.queue.writeBuffer(axis_values, 0, axes);
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [shape, axis_values, output]
    .map((buffer, binding) => ({ binding, resource: { buffer } })) });
  const refused = (await device.popErrorScope()) ?? (await device.popErrorScope());
  if (refused) return { reason: `WebGPU refused the sweep: ${refused.message}` };

  const cells = new Float32Array(total).fill(NaN);
  let done = 0;
  let chunk = Math.min(options.chunk ?? first_cells, most);
  while (done < total && !options.cancelled?.()) {
    const count = Math.min(chunk, total - done);
    const begun = performance.now();
    device.queue.writeBuffer(shape, 0, new Uint32Array([done, count, ...steps]));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(count / workgroup));
    pass.end();
    encoder.copyBufferToBuffer(output, 0, readback, 0, count * 4);
    device.queue.submit([encoder.finish()]);
    const unread = await readback.mapAsync(map_mode_read, 0, count * 4).then(() => null, (error: unknown) => error);
    // The device tells why in a promise of its own, which may settle a moment later.
    if (unread !== null) await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, lost_ms))]);
    if (failed) return { reason: failed };
    if (unread !== null) throw unread;
    const part = new Float32Array(readback.getMappedRange(0, count * 4));
    for (let i = 0; i < count; i += 1) {
      const value = part[i]!;
      cells[done + i] = value === no_figure ? NaN : value;
    }
    readback.unmap();
    done += count;
    const growth = Math.min(4, Math.max(0.25, dispatch_ms / Math.max(0.1, performance.now() - begun)));
    if (options.chunk === undefined) chunk = Math.min(most, Math.max(workgroup, Math.floor(chunk * growth)));
    options.progress?.(done / total);
  }
  return { cells, done, adapter, ms: performance.now() - started };
}

// The numbers of GPUBufferUsage and GPUMapMode, which are globals in a browser and not elsewhere.
const buffer_usage = { map_read: 0x1, copy_src: 0x4, copy_dst: 0x8, storage: 0x80 } as const;
const map_mode_read = 0x1;
