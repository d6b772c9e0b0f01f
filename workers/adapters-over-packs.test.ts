/**
 * Adapters over packs of 8 and 4 bits. A pack's own error under an adapter is that of its weights, widened, with the exact differences
 * added, against the weights as they were, with theirs: beside or within packed weights an adapter adds nothing to that. The networks
 * that are compared with hold plain float32 tensors, and no adapter.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openAdapter, type Adapter, type TensorShapes } from '../src/core/adapters';
import { bytesSource } from '../src/core/formats';
import { importCheckpoint, type DtypePlanId } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import { gaussian, relativeError } from '../src/core/weights/testing/numbers';
import { factorName, placedAdapter } from '../src/engine/models/adapters';
import type { ModelSource } from '../src/engine/models/model-source';
import { openPackSource } from '../src/engine/models/pack-source';
import { ADAPTER_KINDS, adapterFile, type AdapterKindName } from './testing/adapter-kinds';
import { madeModel, type MadeFamily } from './testing/made-model';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { addedTo, plainSource, widenedTensors, type PlainTensors } from './testing/plain-network';
import { createWordTokenizer } from './testing/word-tokenizer';

/** What an adapter may add to the pack's own error. */
const MAX_MORE = 1e-3;
/** Sums in another order: 1.7e-6 at most in 204 cases. */
const MAX_APART = 1e-5;
/** An adapter changes the answer by more than this: else there would be nothing to see. */
const MIN_EFFECT = 0.02;

const runtime = createNodeRuntime();
const ports = createNodePorts({ createClipTokenizer: () => Promise.resolve(createWordTokenizer()) });

const PLANS = ['q8', 'q4'] as const satisfies readonly DtypePlanId[];
type Plan = (typeof PLANS)[number];

interface Made {
  shapes: TensorShapes;
  packs: Record<Plan, ModelSource>;
  /** Tensors of the U-Net as they are read out of each pack. */
  tensors: Record<Plan | 'float32', PlainTensors>;
}

async function packed(family: MadeFamily, plan: DtypePlanId) {
  const store = memoryPacks();
  const [sources, draft] = [await madeModel(family), store.create('x')];
  await importCheckpoint({ sources, id: 'x', name: 'Made', plan, draft, onProgress: () => undefined });
  const open = store.open('x');
  const source = await openPackSource({ open, runtime, ports, baseUrl: '' });
  const shapes: TensorShapes = source.shapes?.().get('unet') ?? new Map();
  return { source, shapes, tensors: await widenedTensors(open, shapes) };
}

async function make(family: MadeFamily): Promise<Made> {
  const [q8, q4, float32] = [await packed(family, 'q8'), await packed(family, 'q4'), await packed(family, 'float32')];
  return {
    shapes: q8.shapes,
    packs: { q8: q8.source, q4: q4.source },
    tensors: { q8: q8.tensors, q4: q4.tensors, float32: float32.tensors },
  };
}

async function answer(source: ModelSource, use?: { adapter: Adapter; strength: number }): Promise<Float32Array> {
  const { adapter, strength = 1 } = use ?? {};
  const placed =
    adapter && placedAdapter({ id: 'a', revision: '', denoiser: strength, text: strength, adapter }, 'unet', 0);
  const { session } = await source.open('unet', { adapters: placed ? [placed] : [] });
  const { inChannels, texts } = source.traits;
  const width = texts.reduce((sum, text) => sum + text.width, 0);
  const outputs = await session.run({
    sample: { data: gaussian(2 * inChannels * 64, 1), dims: [2, inChannels, 8, 8] },
    timestep: { data: Float32Array.of(500), dims: [1] },
    encoder_hidden_states: { data: gaussian(2 * 77 * width, 2), dims: [2, 77, width] },
    ...(texts.length > 1 && {
      text_embeds: { data: gaussian(2 * 32, 3), dims: [2, 32] },
      time_ids: { data: Float32Array.of(64, 64, 0, 0, 64, 64, 64, 64, 0, 0, 64, 64), dims: [2, 6] },
    }),
    ...(placed && { [factorName(0)]: { data: Float32Array.of(strength), dims: [1] } }),
  });
  await session.dispose();
  return outputs['out_sample'];
}

const STRENGTHS = [1, -1, 0.5];
const ALL = Object.keys(ADAPTER_KINDS) as AdapterKindName[];
/** For SDXL: beside the weights, merged into them, and merged by what they are. */
const SOME = ['LoCon, rank 16', 'LoRA, rank 128', 'LoKr, whole (merged)', 'DoRA of rows'] satisfies AdapterKindName[];

describe.each([
  ['sd15', ALL],
  ['sdxl', SOME],
] as const)('over packs of a made %s', (family, kinds) => {
  let made: Made;
  let plain: Float32Array;

  beforeAll(async () => {
    made = await make(family);
    plain = await answer(plainSource(made.packs.q8, runtime, made.tensors.float32));
  });

  it.each(kinds.map((kind, i) => [kind, STRENGTHS[i % STRENGTHS.length]] as const))(
    '%s at strength %d adds nothing to what the pack rounds',
    async (kind, strength) => {
      const { shapes, packs, tensors } = made;
      const file = adapterFile(shapes, ADAPTER_KINDS[kind]);
      const adapter = await openAdapter(bytesSource('made', file), { model: new Map([['unet', shapes]]) });
      expect([adapter.unused, adapter.layers.size > 4]).toEqual([[], true]);
      const merged = async (plan: Plan | 'float32') =>
        answer(plainSource(packs.q8, runtime, await addedTo(tensors[plan], adapter, strength)));
      const whole = await merged('float32');
      expect(relativeError(whole, plain)).toBeGreaterThan(MIN_EFFECT);
      for (const plan of PLANS) {
        const [exact, ours] = [await merged(plan), await answer(packs[plan], { adapter, strength })];
        const own = relativeError(exact, whole);
        expect(own).toBeGreaterThan(MAX_MORE); // there is something rounded
        expect(relativeError(ours, whole)).toBeLessThan(own + MAX_MORE);
        expect(relativeError(ours, exact)).toBeLessThan(MAX_APART);
      }
    },
  );
});
