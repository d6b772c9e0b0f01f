/** Models by their files, and what is put on them. */
import type { Place, Runners } from '../graph-walk';

export const LOADER_RUNNERS: Runners = {
  load_checkpoint: (at) => {
    const base = at.file('checkpoints', 'ckpt_name');
    const model = at.wire('load_model', 'model', { model: base });
    return [
      { type: 'MODEL', model, base },
      { type: 'CLIP', model, skip: 1 },
      { type: 'VAE', model, base },
    ];
  },
  load_autoencoder: (at) => [{ type: 'VAE', file: at.file('vae', 'vae_name') }],
  load_lora: loadLora,
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

/** One operation where model and text encoders have gone the same way so far. */
function loadLora(at: Place) {
  const [model, clip] = [at.take('model', 'MODEL'), at.take('clip', 'CLIP')];
  const [denoiser, text] = [at.number('strength_model'), at.number('strength_clip')];
  if (denoiser === 0 && text === 0) return [model, clip];
  const adapter = at.file('loras', 'lora_name');
  if (model.model.node === clip.model.node) {
    const both = at.wire('add_adapter', 'model', { adapter, denoiser, text }, { model: model.model });
    return [
      { ...model, model: both },
      { ...clip, model: both },
    ];
  }
  const add = (settings: object, before: typeof model.model, ending: string) =>
    at.wire('add_adapter', 'model', { adapter, denoiser: 0, text: 0, ...settings }, { model: before }, ending);
  return [
    denoiser === 0 ? model : { ...model, model: add({ denoiser }, model.model, 'of the denoiser') },
    text === 0 ? clip : { ...clip, model: add({ text }, clip.model, 'of the text') },
  ];
}
