/** What LoRAs cost a U-Net as it is published, of random weights: CPU time to load it with them and of a call, with and without in one run. */
import { openAdapter, type ModelShapes } from '../../src/core/adapters';
import { familyShapes } from '../../src/core/adapters/model-shapes';
import { familyConfigs, type BenchFamily } from '../../src/core/bench';
import { bytesSource } from '../../src/core/formats';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import { floatToHalf } from '../../src/core/math/half';
import type { DtypePlanId } from '../../src/core/packs';
import { callInputs } from '../../src/engine/bench/call-inputs';
import { createRandomSource } from '../../src/engine/bench/random-source';
import { factorName, type PlacedAdapter } from '../../src/engine/models/adapters';
import { createNodeRuntime } from '../../workers/testing/node-ports';

const CALLS = 2;

/** Of this process, which has one thread for it: other work on the machine does not count. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const STRENGTHS = [0.5, 0.8, 0.3];

export interface FullSize {
  family: Extract<BenchFamily, 'sd15' | 'sdxl'>;
  /** How its matrices are stored. */
  plan: DtypePlanId;
  /** Of the picture's side, in pixels. */
  side: number;
  /** Of each LoRA, of each setting. */
  settings: readonly (readonly number[])[];
}

/** @returns lines of a table */
export async function* measureFullSize({ family, plan, side, settings }: FullSize): AsyncGenerator<string> {
  const shapes = familyShapes(family);
  const runtime = createNodeRuntime();
  const configs = familyConfigs(family);
  const source = createRandomSource({ configs, plan, activations: 'float32', runtime });
  const inputs = callInputs('unet', source.traits, { width: side, height: side, batch: 2 });
  yield `${family}, ${plan}, ${side} pixels, batch 2`;
  yield '| ranks | MB of factors (float16) | CPU seconds to load | CPU ms a call, each another strength |';
  yield '| --- | --- | --- | --- |';
  for (const ranks of settings) {
    const placed: PlacedAdapter[] = [];
    let bytes = 0;
    for (const [place, rank] of ranks.entries()) {
      const file = fileOf(shapes, rank);
      bytes += file.length;
      const adapter = await openAdapter(bytesSource(`${place}`, file), { model: shapes });
      placed.push({ place, use: { id: `${place}`, revision: '', denoiser: 1, text: 1, adapter } });
    }
    const start = cpuMs();
    const { session } = await source.open('unet', { adapters: placed });
    const loaded = (cpuMs() - start) / 1000;
    const calls: number[] = [];
    for (let call = 0; call <= CALLS; call++) {
      const factors = placed.map(({ place }) => [
        factorName(place),
        { data: Float32Array.of(STRENGTHS[call % STRENGTHS.length]), dims: [1] },
      ]);
      const began = cpuMs();
      await session.run({ ...inputs, ...Object.fromEntries(factors) });
      if (call > 0) calls.push(cpuMs() - began); // the first makes room
    }
    await session.dispose();
    const shown = calls.map((ms) => ms.toFixed(0)).join(', ');
    yield `| ${ranks.join(', ') || 'none'} | ${(bytes / 1e6).toFixed(0)} | ${loaded.toFixed(1)} | ${shown} |`;
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
