/** Seconds to load the starter's U-Net with adapters over all its linear layers, and milliseconds of a call. */
import { openAdapter, type ModelShapes } from '../../src/core/adapters';
import { bytesSource } from '../../src/core/formats';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import { importCheckpoint } from '../../src/core/packs';
import { memoryPacks } from '../../src/core/packs/testing/memory-packs';
import { gaussian } from '../../src/core/weights/testing/numbers';
import { factorName, type PlacedAdapter } from '../../src/engine/models/adapters';
import type { ModelSource } from '../../src/engine/models/model-source';
import { openPackSource } from '../../src/engine/models/pack-source';
import { createNodePorts, createNodeRuntime } from '../../workers/testing/node-ports';
import { createWordTokenizer } from '../../workers/testing/word-tokenizer';
import { STARTER_MODEL } from '../lib/paths.mjs';
import { openSources } from '../../src/core/testing/open-sources';

const CALLS = 15;
const CELLS = 16;

type Parts = Record<string, readonly number[]>;

interface Setting {
  name: string;
  /** A file each: what it holds for a layer [out, in]. */
  files: ((out: number, inner: number) => Parts)[];
  isMerged?: boolean;
}

const lora =
  (rank: number) =>
  (out: number, inner: number): Parts => ({ 'lora_down.weight': [rank, inner], 'lora_up.weight': [out, rank] });

const SETTINGS: readonly Setting[] = [
  { name: 'none', files: [] },
  { name: 'LoRA of rank 16', files: [lora(16)] },
  { name: 'LoRA of rank 128', files: [lora(128)] },
  { name: '3 LoRAs of rank 128', files: [lora(128), lora(128), lora(128)] },
  {
    name: 'DoRA of rank 16',
    files: [(out, inner) => ({ ...lora(16)(out, inner), dora_scale: [out, 1] })],
    isMerged: true,
  },
  { name: 'a whole difference', files: [(out, inner) => ({ diff: [out, inner] })], isMerged: true },
];

/** @returns lines of a table */
export async function* measureAdapterCost(): AsyncGenerator<string> {
  const store = memoryPacks();
  const { sources } = await openSources(STARTER_MODEL);
  const onProgress = (): void => undefined;
  await importCheckpoint({ sources, id: 'x', name: 'Starter', plan: 'q8', draft: store.create('x'), onProgress });
  const source = await openPackSource({
    open: store.open('x'),
    runtime: createNodeRuntime(),
    ports: createNodePorts({ createTokenizer: () => Promise.resolve(createWordTokenizer()) }),
    baseUrl: '',
  });
  await row(SETTINGS[0], source); // what runs first is slow
  yield '| adapter | MB of factors | seconds to load | ms a call |';
  yield '| --- | --- | --- | --- |';
  for (const setting of SETTINGS) yield await row(setting, source);
}

async function row({ name, files, isMerged = false }: Setting, source: ModelSource): Promise<string> {
  const shapes: ModelShapes = source.shapes?.() ?? new Map();
  const placed: PlacedAdapter[] = [];
  let bytes = 0;
  for (const [place, partsOf] of files.entries()) {
    const file = fileOf(shapes, partsOf);
    bytes += file.length;
    const adapter = await openAdapter(bytesSource(`${place}`, file), { model: shapes });
    const use = { id: `${place}`, revision: '', denoiser: 0.5, text: 0.5, adapter };
    placed.push({ place, use, ...(isMerged && { merged: 0.5 }) });
  }
  const start = performance.now();
  const { session } = await source.open('unet', { adapters: placed });
  const loaded = performance.now() - start;
  const calls: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const began = performance.now();
    await session.run({ ...inputs(source), ...factors(placed) });
    calls.push(performance.now() - began);
  }
  await session.dispose();
  const median = calls.sort((a, b) => a - b)[Math.floor(CALLS / 2)];
  return `| ${name} | ${(bytes / 1e6).toFixed(1)} | ${(loaded / 1000).toFixed(2)} | ${median.toFixed(0)} |`;
}

const factors = (placed: readonly PlacedAdapter[]) =>
  Object.fromEntries(
    placed.map(({ place, use }) => [factorName(place), { data: Float32Array.of(use.denoiser), dims: [1] }]),
  );

function inputs({ traits: { inChannels, texts } }: ModelSource) {
  const width = texts.reduce((sum, text) => sum + text.width, 0);
  const dims = [2, inChannels, CELLS, CELLS];
  return {
    sample: { data: gaussian(2 * inChannels * CELLS ** 2, 1), dims },
    timestep: { data: Float32Array.of(500), dims: [1] },
    encoder_hidden_states: { data: gaussian(2 * 77 * width, 2), dims: [2, 77, width] },
  };
}

/** Random numbers for every linear layer of the U-Net's transformers. */
function fileOf(shapes: ModelShapes, partsOf: Setting['files'][number]): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  const parts: Float32Array[] = [];
  let end = 0;
  for (const [name, [out, inner, ...kernel]] of shapes.get('unet') ?? []) {
    if (kernel.length > 0 || !/transformer_blocks\..*\.weight$/.test(name) || !inner) continue;
    for (const [part, shape] of Object.entries(partsOf(out, inner))) {
      const values = gaussian(shape[0] * shape[1], parts.length + 1).map((value) => Math.abs(value) / 100);
      const key = `lora_unet_${name.replace(/\.weight$/, '').replaceAll('.', '_')}.${part}`;
      header[key] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
      end += values.byteLength;
      parts.push(values);
    }
  }
  const data = new Float32Array(end / 4);
  let at = 0;
  for (const values of parts) {
    data.set(values, at);
    at += values.length;
  }
  return safetensorsBytes(header, new Uint8Array(data.buffer));
}
