/** The starter's text encoder and U-Net out of a pack, loaded weight by weight, against the same weights given whole. */
import { Checkpoint } from '../../src/core/checkpoints';
import { bytesSource } from '../../src/core/formats';
import type { BuiltGraph, GraphForm, Target } from '../../src/core/graph';
import { buildClipText, buildUnet, readClipTextConfig, readUnetConfig, timestepWave } from '../../src/core/models';
import { importCheckpoint, openWeights, type DtypePlanId } from '../../src/core/packs';
import { memoryPacks } from '../../src/core/packs/testing/memory-packs';
import { fillGraph, lazyGraph } from '../../src/core/weights';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';

const FILES = {
  text_encoder: 'text_encoder/model.safetensors',
  unet: 'unet/diffusion_pytorch_model.safetensors',
};
const OTHERS = [
  'vae/diffusion_pytorch_model.safetensors',
  'tokenizer/tokenizer.json',
  'tokenizer/tokenizer_config.json',
  'scheduler/scheduler_config.json',
  'model_index.json',
  ...['text_encoder', 'unet', 'vae'].map((id) => `${id}/config.json`),
];

/** @returns by component: relative error of the whole output */
export async function packErrors(
  runtime: Runtime,
  plan: DtypePlanId,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Record<string, number>> {
  const paths = [...Object.values(FILES), ...OTHERS];
  const sources = await Promise.all(paths.map(async (path) => bytesSource(path, await read(path))));
  const store = memoryPacks();
  const draft = store.create(plan);
  await importCheckpoint({ sources, id: plan, name: 'Starter', plan, draft, onProgress: () => undefined });
  const errors: Record<string, number> = {};
  for (const [id, file] of Object.entries(FILES) as [keyof typeof FILES, string][]) {
    const weights = await openWeights(store.open(plan), id);
    const { build, inputs } = graphOf(id, weights.config, runtime.target);
    const checkpoint = await Checkpoint.open(sources.filter(({ name }) => name === file));
    const expected = await run(runtime, await fillGraph(build(), checkpoint), inputs);
    const actual = await run(runtime, lazyGraph(build(weights.storedForm), weights.read), inputs);
    errors[id] = relativeError(actual, expected);
  }
  return errors;
}

interface Subject {
  build(storedForm?: GraphForm['storedForm']): BuiltGraph;
  inputs: Record<string, NamedTensor>;
}

function graphOf(id: keyof typeof FILES, json: unknown, target: Target): Subject {
  const form = (storedForm: GraphForm['storedForm']): GraphForm => ({ target, activations: 'float32', storedForm });
  if (id === 'text_encoder') {
    const config = readClipTextConfig('config.json', json);
    const ids = Int32Array.from({ length: 77 }, (_, i) => [2046, 320, 556, 732][i] ?? 2047); // "a red apple"
    const inputs = { input_ids: { data: ids, dims: [1, 77] } };
    return { build: (storedForm) => buildClipText(config, form(storedForm)), inputs };
  }
  const config = readUnetConfig('config.json', json);
  const inputs = {
    sample: { data: gaussian(32 * 64, 1), dims: [1, 32, 8, 8] },
    timestep_wave: { data: timestepWave(500, config), dims: [1, 96] },
    encoder_hidden_states: { data: gaussian(77 * 192, 2), dims: [1, 77, 192] },
  };
  return { build: (storedForm) => buildUnet(config, form(storedForm)), inputs };
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
