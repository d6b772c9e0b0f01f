/** LoRAs of random numbers on a U-Net of random weights: what it costs to load it with them, a call, and another strength. */
import { openAdapter, type ModelShapes } from '../../src/core/adapters';
import { modelShapes } from '../../src/core/adapters/model-shapes';
import { familyConfigs, type BenchFamily } from '../../src/core/bench';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';
import { bytesSource } from '../../src/core/formats';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import { floatToHalf } from '../../src/core/math/half';
import { openNetwork } from '../../src/core/networks';
import type { DtypePlanId } from '../../src/core/packs';
import { callInputs } from '../../src/engine/bench/call-inputs';
import { createRandomSource } from '../../src/engine/bench/random-source';
import { factorName, type PlacedAdapter } from '../../src/engine/models/adapters';
import type { Runtime } from '../../src/engine/ports';

/** A call that makes room and compiles, one as it was, and one with other strengths. */
const STRENGTHS = [0.5, 0.5, 0.8];

export interface FullSize {
  family: Extract<BenchFamily, 'sd15' | 'sdxl'>;
  /** What is changed in the published config of its U-Net. Widths and attention stay. */
  changed?: Readonly<Record<string, unknown>>;
  /** How its matrices are stored. */
  plan: DtypePlanId;
  /** Side of the picture, in pixels. */
  side: number;
  batch: 1 | 2;
  /** Rank of each LoRA, for each setting. */
  settings: readonly (readonly number[])[];
}

/** @param cpuMs  of all processes that compute, since any moment @returns lines of a table */
export async function* measureSettings(
  { family, changed = {}, plan, side, batch, settings }: FullSize,
  { runtime, cpuMs }: { runtime: Runtime; cpuMs: () => number | Promise<number> },
): AsyncGenerator<string> {
  const config = { file: `${family}'s config.json`, config: { ...FAMILY_CONFIGS[family].unet, ...changed } };
  const configs = { ...familyConfigs(family), unet: openNetwork('unet', config) };
  const shapes = modelShapes([['unet', config]]);
  const activations = runtime.device.halfPrecision ? 'float16' : 'float32';
  const source = createRandomSource({ configs, plan, activations, runtime });
  const inputs = callInputs('unet', source.traits, { width: side, height: side, batch });
  const other = Object.entries(changed).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  yield `${[family, plan, activations, `${side} pixels`, `batch ${batch}`, ...other].join(', ')}, on ${runtime.device.adapter}`;
  yield '| ranks | MB of factors (float16) | CPU s to load | the same, wall | CPU ms a call | with other strengths | ms to make these | CPU s to put others in their places | the same, wall |';
  yield `${'| --- '.repeat(9)}|`;
  for (const ranks of settings) {
    const placed: PlacedAdapter[] = [];
    let bytes = 0;
    for (const [place, rank] of ranks.entries()) {
      const file = fileOf(shapes, rank);
      bytes += file.length;
      const adapter = await openAdapter(bytesSource(`${place}`, file), { model: shapes });
      placed.push({ place, use: { id: `${place}`, revision: '', denoiser: 1, text: 1, adapter } });
    }
    const [start, startedAt] = [await cpuMs(), performance.now()];
    const { session, swap } = await source.open('unet', { adapters: placed });
    const wall = (performance.now() - startedAt) / 1000;
    const loaded = ((await cpuMs()) - start) / 1000;
    const calls: number[] = [];
    let making = 0;
    for (const strength of STRENGTHS) {
      const before = performance.now();
      const factors = placed.map(({ place }) => [factorName(place), { data: Float32Array.of(strength), dims: [1] }]);
      making = performance.now() - before;
      const began = await cpuMs();
      await session.run({ ...inputs, ...Object.fromEntries(factors) });
      calls.push((await cpuMs()) - began);
    }
    const [swapStart, swapStartedAt] = [await cpuMs(), performance.now()];
    const isSwapped = (await swap?.(placed)) !== undefined;
    const swapWall = (performance.now() - swapStartedAt) / 1000;
    const swapCpu = ((await cpuMs()) - swapStart) / 1000;
    await session.dispose();
    const swapped = isSwapped ? `${swapCpu.toFixed(1)} | ${swapWall.toFixed(1)}` : '– | –';
    const [, again, another] = calls.map((ms) => ms.toFixed(0));
    yield `| ${ranks.join(', ') || 'none'} | ${(bytes / 1e6).toFixed(0)} | ${loaded.toFixed(1)} | ${wall.toFixed(1)} | ${again} | ${another} | ${making.toFixed(2)} | ${swapped} |`;
  }
}

/** One of this rank over every linear layer of the U-Net's transformers, in float16 as they are published. */
function fileOf(shapes: ModelShapes, rank: number): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, [out, inner, ...kernel]] of shapes.get('unet') ?? []) {
    if (kernel.length > 0 || !inner || !/transformer_blocks\..*\.weight$/.test(name)) continue;
    const key = `lora_unet_${name.replace(/\.weight$/, '').replaceAll('.', '_')}`;
    for (const [part, shape] of [
      ['lora_down.weight', [rank, inner]],
      ['lora_up.weight', [out, rank]],
    ] as const) {
      const next = end + 2 * shape[0] * shape[1];
      header[`${key}.${part}`] = { dtype: 'F16', shape, data_offsets: [end, next] };
      end = next;
    }
  }
  const pattern = floatToHalf(Float32Array.from({ length: 997 }, (_, i) => (i - 498) / 1e5));
  const data = new Uint16Array(end / 2);
  for (let at = 0; at < data.length; at += pattern.length) data.set(pattern.subarray(0, data.length - at), at);
  return safetensorsBytes(header, new Uint8Array(data.buffer));
}
