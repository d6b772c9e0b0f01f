/** Adapters merged into matrices that a pack keeps in 8 or 4 bits, or beside them, over the starter's U-Net, whose are wide enough for that. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openAdapter } from '../src/core/adapters';
import { bytesSource } from '../src/core/formats';
import { safetensorsBytes } from '../src/core/formats/testing/safetensors-bytes';
import { importCheckpoint, type DtypePlanId } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import { gaussian, relativeError } from '../src/core/weights/testing/numbers';
import type { DeviceReport } from '../src/engine/api';
import { factorName, type PlacedAdapter } from '../src/engine/models/adapters';
import type { ModelSource } from '../src/engine/models/model-source';
import { openPackSource } from '../src/engine/models/pack-source';
import { STARTER_MODEL } from '../tools/lib/paths.mjs';
import { openSources } from '../src/core/testing/open-sources';
import { addedTo, plainSource, widenedTensors } from './testing/plain-network';
import { createNodePorts, createNodeRuntime, PUBLIC_FOLDER } from './testing/node-ports';

/** Size of the differences, as a share of the weights' own: as small as a LoRA's, and lost were they rounded to 4 bits again. */
const SIZE = 0.01;
/** Tolerance for sums in another order. */
const MAX_RELATIVE_ERROR = 1e-5;

const runtime = createNodeRuntime();
const { sources } = await openSources(STARTER_MODEL);
const store = memoryPacks();

/** A difference to every matrix of the attention layers. */
function difference(shapes: NonNullable<ReturnType<NonNullable<ModelSource['shapes']>>>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, shape] of shapes.get('unet') ?? []) {
    if (shape.length !== 2 || !/attn\d\.to_\w+(\.0)?\.weight$/.test(name)) continue;
    const values = gaussian(shape[0] * shape[1], parts.length + 1).map((value) => (value * SIZE) / Math.sqrt(shape[1]));
    const bytes = new Uint8Array(values.buffer);
    header[`unet.${name.replace(/weight$/, 'diff')}`] = {
      dtype: 'F32',
      shape,
      data_offsets: [end, end + bytes.length],
    };
    parts.push(bytes);
    end += bytes.length;
  }
  expect(parts.length).toBeGreaterThan(10);
  const data = new Uint8Array(end);
  let at = 0;
  for (const bytes of parts) {
    data.set(bytes, at);
    at += bytes.length;
  }
  return safetensorsBytes(header, data);
}

async function importStarter(plan: DtypePlanId): Promise<void> {
  const onProgress = (): void => undefined;
  await importCheckpoint({ sources, id: plan, name: 'Starter', plan, draft: store.create(plan), onProgress });
}

const openStarter = (plan: DtypePlanId, device: DeviceReport): Promise<ModelSource> =>
  openPackSource({ open: store.open(plan), runtime: { ...runtime, device }, ports: createNodePorts(), baseUrl: '' });

async function placedOn(source: ModelSource, lora?: Uint8Array): Promise<PlacedAdapter> {
  const shapes = source.shapes?.() ?? new Map();
  const adapter = await openAdapter(bytesSource('small', lora ?? difference(shapes)), { model: shapes });
  expect(adapter.unused).toEqual([]);
  const use = { id: 'small', revision: '1', denoiser: 1, text: 1, adapter };
  return lora ? { place: 0, use } : { place: 0, use, merged: 1 };
}

async function answer(source: ModelSource, adapters: readonly PlacedAdapter[]): Promise<Float32Array> {
  const { session } = await source.open('unet', { adapters });
  const { inChannels } = source.traits;
  const width = source.traits.texts.reduce((sum, text) => sum + text.width, 0);
  const outputs = await session.run({
    sample: { data: gaussian(inChannels * 64, 1), dims: [1, inChannels, 8, 8] },
    timestep: { data: Float32Array.of(500), dims: [1] },
    encoder_hidden_states: { data: gaussian(77 * width, 2), dims: [1, 77, width] },
    ...(adapters.length > 0 && { [factorName(0)]: { data: Float32Array.of(1), dims: [1] } }),
  });
  await session.dispose();
  return outputs['out_sample'];
}

describe.each(['q8', 'q4'] as const)('a small difference to matrices of %s', (plan) => {
  const answers: Record<'packed' | 'wide', { plain: Float32Array; changed: Float32Array }> = {} as never;

  beforeAll(async () => {
    await importStarter(plan);
    for (const [name, device] of [
      ['packed', runtime.device],
      ['wide', { ...runtime.device, packedMatrices: false }],
    ] as const) {
      const source = await openStarter(plan, device);
      const placed = await placedOn(source);
      answers[name] = { plain: await answer(source, []), changed: await answer(source, [placed]) };
    }
  });

  it('is there whole: nothing is rounded again', () => {
    const { packed, wide } = answers;
    expect([...packed.plain], 'they are packed').not.toEqual([...wide.plain]);
    expect(relativeError(packed.changed, wide.changed)).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(relativeError(wide.changed, wide.plain)).toBeGreaterThan(100 * MAX_RELATIVE_ERROR);
  });
});

/** How much further an answer may be with a LoRA than the same weights, widened, with its differences added. */
const MAX_MORE = 1e-3;

describe('the built-in LoRA, at full strength', () => {
  const PLANS = ['float32', 'q8', 'q4'] as const;
  type Plan = (typeof PLANS)[number];
  /** Exactly merged into each pack's widened weights; and beside the pack's own. */
  const [exact, beside] = [new Map<Plan, Float32Array>(), new Map<Plan, Float32Array>()];
  const of = (answers: Map<Plan, Float32Array>, plan: Plan): Float32Array =>
    answers.get(plan) ?? expect.fail(`${plan} was not answered`);

  beforeAll(async () => {
    const lora = await readFile(
      fileURLToPath(new URL('models/starter-add-ons/starter-ink.safetensors', PUBLIC_FOLDER)),
    );
    await importStarter('float32');
    for (const plan of PLANS) {
      const source = await openStarter(plan, runtime.device);
      const placed = await placedOn(source, lora);
      const tensors = await widenedTensors(store.open(plan), source.shapes?.().get('unet') ?? new Map());
      exact.set(plan, await answer(plainSource(source, runtime, await addedTo(tensors, placed.use.adapter, 1)), []));
      beside.set(plan, await answer(source, [placed]));
    }
  });

  it.each(['q8', 'q4'] as const)('beside matrices of %s adds nothing to their error under it', (plan) => {
    const whole = of(exact, 'float32');
    const own = relativeError(of(exact, plan), whole); // 0.033 and 0.077; without the LoRA 0.026 and 0.072
    expect(own).toBeGreaterThan(MAX_MORE);
    expect(relativeError(of(beside, plan), whole)).toBeLessThan(own + MAX_MORE);
    expect(relativeError(of(beside, plan), of(exact, plan))).toBeLessThan(MAX_RELATIVE_ERROR);
  });
});
