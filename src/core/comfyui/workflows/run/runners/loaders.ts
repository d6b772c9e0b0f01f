/** Models by their files, and what is put on them. */
import type { Place, Runners } from '../graph-walk';
import type { ClipValue, ModelValue } from '../values';

export const LOADER_RUNNERS: Runners = {
  load_checkpoint: (at) => checkpoint(at, 'ckpt_name'),
  load_lora: (at) => {
    const parts = { model: at.take('model', 'MODEL'), clip: at.take('clip', 'CLIP') };
    const added = addLora(at, parts, {
      file: () => at.file('loras', 'lora_name'),
      denoiser: at.number('strength_model'),
      text: at.number('strength_clip'),
    });
    return [added.model, added.clip];
  },
  load_lora_of_model: (at) => {
    const before = at.take('model', 'MODEL');
    const strength = at.number('strength_model');
    if (strength === 0) return [before];
    const adapter = at.file('loras', 'lora_name');
    const model = at.wire('add_adapter', 'model', { adapter, denoiser: strength, text: 0 }, { model: before.model });
    return [{ ...before, model }];
  },
  load_upscaler: (at) => [{ type: 'UPSCALE_MODEL', id: at.file('upscale_models', 'model_name') }],
  load_control: (at) => [{ type: 'CONTROL_NET', id: at.file('controlnet', 'control_net_name') }],
};

/** @param name  of the input that names its file */
export function checkpoint(at: Place, name: string) {
  const base = at.file('checkpoints', name);
  const model = at.wire('load_model', 'model', { model: base });
  return [
    { type: 'MODEL', model, base },
    { type: 'CLIP', model, skip: 1 },
    { type: 'VAE', model, base },
  ] as const;
}

export interface Loaded {
  model: ModelValue;
  clip: ClipValue;
}

interface Lora {
  file(): string;
  denoiser: number;
  text: number;
}

/** One operation where model and text encoders have gone the same way so far. @param ending  of its id */
export function addLora(at: Place, { model, clip }: Loaded, { file, denoiser, text }: Lora, ending = ''): Loaded {
  if (denoiser === 0 && text === 0) return { model, clip };
  const adapter = file();
  if (model.model.node === clip.model.node) {
    const both = at.wire('add_adapter', 'model', { adapter, denoiser, text }, { model: model.model }, ending);
    return { model: { ...model, model: both }, clip: { ...clip, model: both } };
  }
  const add = (settings: object, before: typeof model.model, part: string) =>
    at.wire(
      'add_adapter',
      'model',
      { adapter, denoiser: 0, text: 0, ...settings },
      { model: before },
      `${ending} ${part}`.trim(),
    );
  return {
    model: denoiser === 0 ? model : { ...model, model: add({ denoiser }, model.model, 'of the denoiser') },
    clip: text === 0 ? clip : { ...clip, model: add({ text }, clip.model, 'of the text') },
  };
}
