/** Packs of the starter in all plans and at several prices of a bit: their bytes, and what each component's output is off by. */
import * as ort from 'onnxruntime-web';
import { elementCount } from '../../src/core/graph';
import { readUnetConfig, timestepWave } from '../../src/core/networks';
import { importCheckpoint, openWeights, type DtypePlanId, type Pack } from '../../src/core/packs';
import { lazyGraph } from '../../src/core/weights';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import { openSources } from '../../src/core/testing/open-sources';
import type { NamedTensor } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { STARTER_MODEL } from '../lib/paths.mjs';
import { createFolderPack, openFolderPack } from '../pack/folder-packs';
import { STARTER_GRAPHS, type StarterComponent } from './starter-graphs';

export interface BytesCase {
  name: string;
  plan: DtypePlanId;
  bitPrice?: number;
}

/** The starter's tensors are small: at the price that full sizes take, all of it would have 6 bits or more. */
export const BYTES_CASES: BytesCase[] = [
  { name: 'float16', plan: 'float16' },
  { name: 'q8', plan: 'q8' },
  { name: 'q4', plan: 'q4' },
  { name: 'smallest, as shipped', plan: 'smallest' },
  ...[1e-10, 4e-10, 1e-9, 2e-9, 6e-9, 1e-5].map((bitPrice): BytesCase => ({
    name: `smallest, a bit costs ${bitPrice.toExponential(0)}`,
    plan: 'smallest',
    bitPrice,
  })),
];

export interface BytesFound {
  megabytes: number;
  /** Bits that a number takes on average, with scales. */
  bits: number;
  /** Share of the numbers by the form that they are stored in. */
  forms: Record<string, number>;
  /** Relative L2 of a component's whole output, weights widened. */
  errors: Record<string, number>;
}

const INPUTS: Record<StarterComponent, (config: unknown) => Record<string, NamedTensor>> = {
  text_encoder: () => ({
    input_ids: { data: Int32Array.from({ length: 77 }, (_, i) => [2046, 320, 556, 732][i] ?? 2047), dims: [1, 77] },
  }),
  unet: (json) => ({
    sample: normal(1, 2, 32, 8, 8),
    timestep_wave: { data: timestepWave(500, readUnetConfig('config.json', json)), dims: [1, 96] },
    encoder_hidden_states: normal(2, 2, 77, 192),
  }),
  vae_decoder: () => ({ latent: normal(3, 1, 32, 8, 8) }),
};

const normal = (seed: number, ...dims: number[]): NamedTensor => ({ data: gaussian(elementCount(dims), seed), dims });

const expected = new Map<string, Float32Array>();

/** @param folder  where the pack is left */
export async function packStarter({ name, plan, bitPrice }: BytesCase, folder: string): Promise<Pack> {
  const { sources, dispose } = await openSources(STARTER_MODEL);
  const draft = await createFolderPack(folder);
  const id = name.replaceAll(/[^a-z0-9]+/g, '-');
  const pack = await importCheckpoint({ sources, id, name, plan, draft, onProgress: () => undefined, bitPrice });
  await dispose();
  return pack;
}

/** @param folder  where the pack is left; the first case is what the others are held against */
export async function measureBytes(one: BytesCase, folder: string): Promise<BytesFound> {
  const pack = await packStarter(one, folder);
  const errors: Record<string, number> = {};
  const open = await openFolderPack(folder);
  for (const [component, { build }] of Object.entries(STARTER_GRAPHS)) {
    const weights = await openWeights(open, component as StarterComponent);
    const graph = build(weights.config, { target: 'portable', activations: 'float32' });
    const session = await createOrtSession(ort as unknown as Ort, ['wasm'], lazyGraph(graph, weights.read));
    const [output] = Object.values(await session.run(INPUTS[component as StarterComponent](weights.config)));
    await session.dispose();
    const whole = expected.get(component) ?? output;
    expected.set(component, whole);
    errors[component] = relativeError(output, whole);
  }
  open.dispose();
  return { ...sizesOf(pack), errors };
}

function sizesOf({ components }: Pack): Omit<BytesFound, 'errors'> {
  const stored = Object.values(components).flatMap(({ weights }) => Object.values(weights));
  const count = stored.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const bytes = stored.reduce((sum, { data, scales }) => sum + data.byteLength + (scales?.byteLength ?? 0), 0);
  const forms: Record<string, number> = {};
  for (const { form, shape } of stored) forms[form] = (forms[form] ?? 0) + elementCount(shape) / count;
  return { megabytes: bytes / 1e6, bits: (8 * bytes) / count, forms };
}
