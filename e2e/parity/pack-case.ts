/** The starter's components out of a pack, loaded weight by weight, against the same weights given whole, in float32. */
import { Checkpoint } from '../../src/core/checkpoints';
import { bytesSource, type ByteSource } from '../../src/core/formats';
import type { Activations } from '../../src/core/graph';
import { readUnetConfig, timestepWave } from '../../src/core/networks';
import { importCheckpoint, openWeights, type DtypePlanId } from '../../src/core/packs';
import { memoryPacks } from '../../src/core/packs/testing/memory-packs';
import { lazyGraph } from '../../src/core/weights';
import { fillGraph } from '../../src/core/weights/testing/fill-graph';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { STARTER_GRAPHS, type StarterGraph } from '../../tools/quantisation/starter-graphs';

/** Relative errors of a component's whole output. */
export interface PackErrors {
  /** Against the whole weights: what storing them and half precision do together. */
  whole: number;
  /** Against the same pack with float32 activations: what half precision does; 0 where the activations are float32. */
  half: number;
}

interface Subject extends StarterGraph {
  inputs(config: unknown): Record<string, NamedTensor>;
}

const WORDS = [2046, 320, 556, 732]; // "a red apple"
const PADDING = 2047;

const SUBJECTS = {
  text_encoder: {
    ...STARTER_GRAPHS.text_encoder,
    inputs: () => ({
      input_ids: { data: Int32Array.from({ length: 77 }, (_, i) => WORDS[i] ?? PADDING), dims: [1, 77] },
    }),
  },
  unet: {
    ...STARTER_GRAPHS.unet,
    inputs: (json) => ({
      sample: { data: gaussian(32 * 64, 1), dims: [1, 32, 8, 8] },
      timestep_wave: { data: timestepWave(500, readUnetConfig('config.json', json)), dims: [1, 96] },
      encoder_hidden_states: { data: gaussian(77 * 192, 2), dims: [1, 77, 192] },
    }),
  },
  vae_decoder: {
    ...STARTER_GRAPHS.vae_decoder,
    inputs: () => ({ latent: { data: gaussian(32 * 64, 3), dims: [1, 32, 8, 8] } }),
  },
} satisfies Record<string, Subject>;

const OTHERS = [
  'tokenizer/tokenizer.json',
  'tokenizer/tokenizer_config.json',
  'scheduler/scheduler_config.json',
  'model_index.json',
  ...['text_encoder', 'unet', 'vae'].map((id) => `${id}/config.json`),
];

interface Asked {
  plan: DtypePlanId;
  activations: Activations;
  /** Kernels of convolutions stay in 8 bits. */
  packsKernels?: boolean;
  read: (path: string) => Promise<Uint8Array>;
}

/** What the whole weights give, by component: the same for every plan. */
const direct = new Map<string, Float32Array>();

export async function packErrors(
  runtime: Runtime,
  { plan, activations, packsKernels = false, read }: Asked,
): Promise<Record<string, PackErrors>> {
  const paths = [...Object.values(SUBJECTS).map(({ weights }) => weights), ...OTHERS];
  const sources = await Promise.all(paths.map(async (path) => bytesSource(path, await read(path))));
  const store = memoryPacks();
  const draft = store.create(plan);
  await importCheckpoint({ sources, id: plan, name: 'Starter', plan, draft, onProgress: () => undefined });
  const errors: Record<string, PackErrors> = {};
  for (const [id, subject] of Object.entries(SUBJECTS) as [keyof typeof SUBJECTS, Subject][]) {
    const { config, storedForm, read: readWeight } = await openWeights(store.open(plan), id);
    const packed = (type: Activations): Promise<Float32Array> => {
      const form = { target: runtime.target, activations: type, storedForm, packsKernels };
      return run(runtime, lazyGraph(subject.build(config, form), readWeight), subject.inputs(config));
    };
    const expected = direct.get(id) ?? (await runWhole(runtime, { subject, config, sources }));
    direct.set(id, expected);
    const full = await packed('float32');
    const actual = activations === 'float32' ? full : await packed(activations);
    errors[id] = { whole: relativeError(actual, expected), half: relativeError(actual, full) };
  }
  return errors;
}

interface Whole {
  subject: Subject;
  config: unknown;
  sources: readonly ByteSource[];
}

async function runWhole(runtime: Runtime, { subject, config, sources }: Whole): Promise<Float32Array> {
  const graph = subject.build(config, { target: runtime.target, activations: 'float32' });
  const checkpoint = await Checkpoint.open(sources.filter(({ name }) => name === subject.weights));
  return run(runtime, await fillGraph(graph, checkpoint), subject.inputs(config));
}

async function run(
  runtime: Runtime,
  graph: Parameters<Runtime['createSession']>[0],
  inputs: Record<string, NamedTensor>,
): Promise<Float32Array> {
  const session = await runtime.createSession(graph);
  try {
    return Object.values(await session.run(inputs))[0];
  } finally {
    await session.dispose();
  }
}
