/** Parts of a model in files of their own: a denoiser, text encoders, an autoencoder. */
import { asApiLink, type ApiLink, type ApiPrompt } from '../../convert/prompt';
import { nodeSpec } from '../../nodes';
import { CLIP_TYPES, TWO_CLIP_TYPES } from '../../nodes/loaders';
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, ModelValue } from '../values';

export const SINGLE_FILE_RUNNERS: Runners = {
  load_denoiser: (at) => {
    const base = at.file('diffusion_models', 'unet_name');
    return [{ type: 'MODEL', model: at.wire('load_model', 'model', { model: base }), base }];
  },
  load_text_encoder: (at) => [textEncoders(at, ['clip_name'], CLIP_TYPES[0])],
  load_text_encoders: (at) => [textEncoders(at, ['clip_name1', 'clip_name2'], TWO_CLIP_TYPES[0])],
  load_autoencoder: (at) => [autoencoderFile(at, 'vae_name')],
};

/** One that is not here leaves the model's own in its place, which is said when it develops. */
export function autoencoderFile(at: Place, input: string): AutoencoderValue {
  const name = at.text(input);
  const file = at.walk.inventory.find('vae', name);
  return { type: 'VAE', ...(file === undefined ? { missing: name } : { file }) };
}

/** In place of those of the model that is sampled with these texts: what the files lack, and what is not here, is that model's own. */
function textEncoders(at: Place, inputs: readonly string[], runs: string) {
  const type = at.text('type');
  if (type !== runs) throw at.stop(`text encoders of the type ${type} are for models that do not run here.`);
  const { base } = modelOfTexts(at);
  const model = inputs.reduce(
    (before, input, i) => {
      const name = at.text(input);
      const file = at.walk.inventory.find('text_encoders', name);
      const settings = file === undefined ? { missing: name } : { file };
      return at.wire('use_text_encoders', 'model', settings, { model: before }, `encoder ${i + 1}`);
    },
    at.wire('load_model', 'model', { model: base }, {}, 'model'),
  );
  return { type: 'CLIP', model, skip: 1 } as const;
}

/** The model of the first node below that has one joined to it. */
function modelOfTexts(at: Place): ModelValue {
  const { prompt } = at.walk;
  const below = [at.id];
  for (const id of below) {
    const root = id === at.id ? undefined : rootOf(prompt, id);
    const value = root && at.walk.values(root.id)[root.slot];
    if (value?.type === 'MODEL') return value;
    below.push(...consumersOf(prompt, id).filter((one) => !below.includes(one)));
  }
  throw at.stop('no model is sampled with its texts, which would say what they are read for.');
}

const consumersOf = (prompt: ApiPrompt, id: string): string[] =>
  Object.entries(prompt).flatMap(([other, { inputs }]) =>
    Object.values(inputs).some((value) => asApiLink(value)?.[0] === id) ? [other] : [],
  );

/** Up the models that are joined, to the loader. */
function rootOf(prompt: ApiPrompt, start: string): { id: string; slot: number } | undefined {
  const seen = new Set<string>();
  let found: { id: string; slot: number } | undefined;
  for (let at: string | undefined = start; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const next: ApiLink | undefined = Object.hasOwn(prompt, at) ? modelLink(prompt, at) : undefined;
    if (next) found = { id: next[0], slot: next[1] };
    at = next?.[0];
  }
  return found;
}

function modelLink(prompt: ApiPrompt, id: string): ApiLink | undefined {
  const { class_type: type, inputs } = prompt[id];
  const name = Object.entries(nodeSpec(type)?.inputs ?? {}).find(
    ([, input]) => input.kind === 'socket' && input.type === 'MODEL',
  )?.[0];
  return name === undefined || !Object.hasOwn(inputs, name) ? undefined : asApiLink(inputs[name]);
}
