/** The starter as a pack, loaded weight by weight: against the same graphs over its float weights. */
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { Checkpoint } from '../../core/checkpoints';
import { AppError } from '../../core/errors';
import type { BuiltGraph, GraphForm } from '../../core/graph';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
  timestepWave,
} from '../../core/networks';
import { DTYPE_PLANS, importCheckpoint, openWeights, type DtypePlanId } from '../../core/packs';
import type { ComponentId } from '../../core/networks/components';
import { memoryPacks } from '../../core/packs/testing/memory-packs';
import { lazyGraph } from '../../core/weights';
import { fillGraph } from '../../core/weights/testing/fill-graph';
import { gaussian, relativeError } from '../../core/weights/testing/numbers';
import type { NamedTensor } from '../../engine/ports';
import { openSources } from '../../core/testing/open-sources';
import { STARTER_MODEL } from '../../core/testing/starter-model';
import { createOrtSession, type Ort } from './ort-session';

const { sources } = await openSources(STARTER_MODEL);
const store = memoryPacks();

interface Case {
  weights: string;
  build(config: unknown, form: GraphForm): BuiltGraph;
  inputs(config: unknown): Record<string, NamedTensor>;
  /** Largest relative error that a plan may leave, of the whole output. */
  limits: Record<DtypePlanId, number>;
}

const normal = (seed: number, ...dims: number[]): NamedTensor => ({
  data: gaussian(
    dims.reduce((product, n) => product * n, 1),
    seed,
  ),
  dims,
});

const CASES: Partial<Record<ComponentId, Case>> = {
  text_encoder: {
    weights: 'text_encoder/model.safetensors',
    build: (config, form) => buildClipText(readClipTextConfig('config.json', config), form),
    inputs: () => ({
      input_ids: { data: Int32Array.from({ length: 77 }, (_, i) => [2046, 320, 556, 732][i] ?? 2047), dims: [1, 77] },
    }),
    limits: { float32: 1e-5, float16: 1e-5, q8: 0.012, q4: 0.012, smallest: 0.03 },
  },
  unet: {
    weights: 'unet/diffusion_pytorch_model.safetensors',
    build: (config, form) => buildUnet(readUnetConfig('config.json', config), form),
    inputs: (json) => ({
      sample: normal(1, 2, 32, 8, 8),
      timestep_wave: { data: timestepWave(500, readUnetConfig('config.json', json)), dims: [1, 96] },
      encoder_hidden_states: normal(2, 2, 77, 192),
    }),
    limits: { float32: 1e-5, float16: 1e-5, q8: 0.03, q4: 0.1, smallest: 0.1 },
  },
  vae_decoder: {
    weights: 'vae/diffusion_pytorch_model.safetensors',
    build: (config, form) => buildAutoencoderDecoder(readAutoencoderConfig('config.json', config), form),
    inputs: () => ({ latent: normal(3, 1, 32, 8, 8) }),
    limits: { float32: 1e-5, float16: 1e-5, q8: 0.016, q4: 0.016, smallest: 0.03 },
  },
};

async function run(graph: Parameters<typeof createOrtSession>[2], inputs: Record<string, NamedTensor>) {
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], graph);
  try {
    return Object.values(await session.run(inputs))[0];
  } finally {
    await session.dispose();
  }
}

/** What the float weights give, by component. */
const direct = new Map<string, Float32Array>();

describe.each(Object.keys(DTYPE_PLANS) as DtypePlanId[])('a pack of plan %s', (plan) => {
  beforeAll(async () => {
    const draft = store.create(plan);
    const onProgress = () => undefined;
    await importCheckpoint({ sources, id: plan, name: 'Starter', plan, draft, onProgress, shardBytes: 1 << 22 });
  });

  it.each(Object.entries(CASES))(
    'gives %s the numbers of the float weights, as near as it keeps them',
    async (id, test) => {
      const weights = await openWeights(store.open(plan), id as ComponentId);
      const form: GraphForm = { target: 'portable', activations: 'float32', storedForm: weights.storedForm };
      const inputs = test.inputs(weights.config);
      let expected = direct.get(id);
      if (!expected) {
        const source = sources.filter(({ name }) => name === test.weights);
        const graph = test.build(weights.config, { target: 'portable', activations: 'float32' });
        expected = await run(await fillGraph(graph, await Checkpoint.open(source)), inputs);
        direct.set(id, expected);
      }
      const error = relativeError(
        await run(lazyGraph(test.build(weights.config, form), weights.read), inputs),
        expected,
      );
      expect(error).toBeLessThan(test.limits[plan]);
      // Half precision is what the smallest plan chooses for tensors as small as these of the decoder.
      const isPacked = plan.startsWith('q') || (plan === 'smallest' && id !== 'vae_decoder');
      if (isPacked) expect(error).toBeGreaterThan(1e-3); // else nothing was rounded
      // Without storedForm a graph asks for all matrices as floats: those that are packed are widened.
      const plain = test.build(weights.config, { target: 'portable', activations: 'float32' });
      const widened = relativeError(await run(lazyGraph(plain, weights.read), inputs), expected);
      expect(widened).toBeLessThan(test.limits[plan]);
      if (!isPacked) expect(widened).toBe(error);
    },
  );
});

describe('createOrtSession over lazy weights', () => {
  it('hands on what a weight throws, and makes the next session all the same', async () => {
    const store = memoryPacks();
    await importCheckpoint({
      sources,
      id: 'x',
      name: 'X',
      plan: 'float16',
      draft: store.create('x'),
      onProgress: () => undefined,
    });
    const weights = await openWeights(store.open('x'), 'vae_decoder');
    const { build, inputs } = CASES.vae_decoder as Case;
    const graph = build(weights.config, { target: 'portable', activations: 'float32' });
    let count = 0;
    const failing = lazyGraph(graph, (weight) => {
      if (count++ === 5) throw new AppError('bad-file', 'the fifth weight');
      return weights.read(weight);
    });
    await expect(run(failing, {})).rejects.toMatchObject({ code: 'bad-file', message: 'the fifth weight' });
    const short = lazyGraph(graph, (weight) => weights.read(weight).subarray(4));
    await expect(run(short, {})).rejects.toThrow(/bytes instead of .* not of one model/);
    expect(await run(lazyGraph(graph, weights.read), inputs(weights.config))).toHaveLength(3 * 128 * 128);
  });
});
