/** The last latent that a tiny pipeline makes: what its decoder is given. */
import type { ModelEntry } from '../../src/core/catalog';
import type { Pixels } from '../../src/core/image';
import type { GenerationRequest } from '../../src/core/recipe/request';
import fixture from '../../src/engine/fixtures/pipelines/cases.json';
import { Model } from '../../src/engine/models/model';
import type { ModelSource } from '../../src/engine/models/model-source';
import type { EventListener, PictureInputs } from '../../src/engine/api';
import { paintWith, type PaintingWith } from '../../src/engine/testing/paint-with';
import { createNodePorts } from './node-ports';

/** A case of tools/fixtures/make_pipelines.py. */
export type TinyCase = (typeof fixture.cases)[number];

/** What of the case is asked for. */
export type TinyRequest = Pick<TinyCase, 'prompt' | 'negativePrompt' | 'steps' | 'cfgScale' | 'seed' | 'schedule'>;

const { width, height } = fixture;

export const TINY_ENTRY: ModelEntry = {
  id: 'tiny',
  name: 'Tiny',
  description: '',
  licence: { name: 'none', url: 'about:blank' },
  source: { kind: 'bundled', path: '' },
  downloadBytes: 0,
  defaults: { sampler: 'euler', schedule: 'normal', steps: 4, cfgScale: 5, width, height },
  size: { min: 4, max: 768, step: 4 },
  suggestions: [],
};

export function tinyCase(name: string): TinyCase {
  const found = fixture.cases.find((one) => one.name === name);
  if (!found) throw new RangeError(`no case "${name}"`);
  return found;
}

/** Changes beside the request's own settings. */
type Changes = Partial<
  GenerationRequest &
    Omit<PictureInputs, 'controls'> &
    Pick<PaintingWith, 'controls' | 'change'> & { isTight: boolean; onEvent: EventListener }
>;

/** @returns the scaled latent; nothing stays loaded */
export async function paintTiny(asked: TinyRequest, source: ModelSource, changes: Changes = {}): Promise<number[]> {
  const [latent] = await paintAll([asked], source, changes);
  return latent;
}

/** One after another by one model. @returns the scaled latents; nothing stays loaded */
export async function paintAll(
  all: readonly TinyRequest[],
  source: ModelSource,
  { isTight, images, adapters, embeddings, controls, change, onEvent, ...changes }: Changes = {},
): Promise<number[][]> {
  let latent: number[] = [];
  const heard = listenedTo(source, (given) => (latent = [...given]));
  const device = { provider: 'wasm', adapter: 'node' } as const;
  const model = new Model({ entry: TINY_ENTRY, source: heard, device, now: () => 0, isTight });
  const inputs = {
    ...(images && { images }),
    ...(adapters && { adapters }),
    ...(embeddings && { embeddings }),
    ...(controls && { controls }),
    ...(change && { change }),
    ...(onEvent && { onEvent }),
  };
  const latents: number[][] = [];
  try {
    for (const asked of all) {
      await paintWith({ ...requestOf(asked), ...changes }, { model, ports: createNodePorts(), ...inputs });
      latents.push(latent.map((value) => (value - source.traits.shiftFactor) * source.traits.scalingFactor));
    }
  } finally {
    await model.dispose();
  }
  return latents;
}

type PictureChanges = Partial<GenerationRequest> &
  Pick<PictureInputs, 'images'> &
  Pick<PaintingWith, 'upscalers' | 'controls'>;

/** @returns the finished picture; nothing stays loaded */
export async function paintTinyPicture(
  asked: TinyRequest,
  source: ModelSource,
  { images, upscalers, controls, ...changes }: PictureChanges = {},
  onEvent?: EventListener,
): Promise<Pixels> {
  const device = { provider: 'wasm', adapter: 'node' } as const;
  const model = new Model({ entry: TINY_ENTRY, source, device, now: () => 0 });
  try {
    const request = { ...requestOf(asked), ...changes };
    const inputs = { ...(images && { images }), ...(upscalers && { upscalers }), ...(controls && { controls }) };
    return (await paintWith(request, { model, ports: createNodePorts(), onEvent, ...inputs })).pixels;
  } finally {
    await model.dispose();
  }
}

const requestOf = ({ prompt, negativePrompt, steps, cfgScale, seed, schedule }: TinyRequest): GenerationRequest => ({
  model: 'tiny',
  prompt,
  negativePrompt,
  steps,
  cfgScale,
  seed,
  sampler: 'euler',
  schedule: schedule as GenerationRequest['schedule'],
  noise: 'cpu',
  width,
  height,
});

/** Keeps what the decoder is given. */
function listenedTo(source: ModelSource, heard: (latent: Float32Array) => void): ModelSource {
  return {
    ...source,
    open: async (component, shape) => {
      const opened = await source.open(component, shape);
      const { session, bytes } = opened;
      if (component !== 'vae_decoder') return opened;
      const run: typeof session.run = (inputs) => {
        heard(inputs['latent_sample'].data as Float32Array);
        return session.run(inputs);
      };
      return { session: { run, dispose: () => session.dispose() }, bytes };
    },
  };
}
