/** Easy-Use's way of a whole picture: loader, settings and sampler, joined by one pipe. @see github.com/yolain/ComfyUI-Easy-Use py/easyNodes.py */
import { samplerName, schedulerName } from './choices';
import { ofPack } from './pack-words';
import {
  choice,
  CLIP,
  CONDITIONING,
  file,
  flag,
  float,
  IMAGE,
  int,
  LATENT,
  maybe,
  MODEL,
  multiline,
  open,
  outs,
  px,
  seed,
  share,
  socket,
  text,
  VAE,
  type InputSpec,
  type NodeSpec,
} from './spec';

const PIPE = socket('PIPE_LINE');
const strength = () => float(1, [-10, 10]);
const INTERPRETATIONS = ['comfy', 'A1111', 'comfy++', 'compel', 'fixed attention'];

const BEFORE = { ckpt_name: file('checkpoints') };
const FILES = {
  vae_name: file('vae'),
  clip_skip: int(-2, [-24, 0]),
  ...{ lora_name: file('loras'), lora_model_strength: strength(), lora_clip_strength: strength() },
  resolution: open(choice(['512 x 512'])),
  ...{ empty_latent_width: px(512, 64), empty_latent_height: px(512, 64) },
};
const weighed = (side: string): Record<string, InputSpec> => ({
  [side]: multiline(),
  [`${side}_token_normalization`]: choice(['none', 'mean', 'length', 'length+mean']),
  [`${side}_weight_interpretation`]: choice(INTERPRETATIONS),
});
const AFTER = {
  batch_size: int(1, [1, 4096]),
  optional_lora_stack: maybe(socket('LORA_STACK')),
  optional_controlnet_stack: maybe(socket('CONTROL_NET_STACK')),
};

const simple = (more: Record<string, InputSpec> = {}): NodeSpec => ({
  operation: 'load_into_pipe',
  category: 'EasyUse/Loaders',
  inputs: { ...BEFORE, ...FILES, positive: multiline(), negative: multiline(), ...AFTER, ...more },
  outputs: outs('pipe:PIPE_LINE', 'model:MODEL', 'vae:VAE'),
});

const SAMPLING = {
  ...{ steps: int(20, [1, 10_000]), cfg: float(8, [0, 100, 0.1]) },
  ...{ sampler_name: samplerName(), scheduler: open(schedulerName()), denoise: share(1) },
};
/** Those with a slash are of its first year. */
const OUTPUTS = ['Hide', 'Preview', 'Preview&Choose', 'Save', 'Hide&Save', 'Sender', 'Sender&Save', 'None'];
const SHOWN = {
  image_output: choice([...OUTPUTS, 'Hide/Save', 'Sender/Save'], 'Preview'),
  link_id: int(0, [0, 2n ** 63n - 1n]),
  save_prefix: text('ComfyUI'),
};
const PARTS = [
  'model:MODEL',
  'positive:CONDITIONING',
  'negative:CONDITIONING',
  'latent:LATENT',
  'vae:VAE',
  'clip:CLIP',
];

export const PIPE_PACKS = ofPack('comfyui-easy-use', {
  'easy a1111Loader': simple({ a1111_prompt_style: maybe(flag(false)) }),
  'easy comfyLoader': simple(),
  'easy fullLoader': {
    ...simple(),
    inputs: {
      ...{ ...BEFORE, config_name: open(choice(['Default'])), ...FILES },
      ...{ ...weighed('positive'), ...weighed('negative'), batch_size: AFTER.batch_size },
      ...{ model_override: maybe(MODEL), clip_override: maybe(CLIP), vae_override: maybe(VAE), ...AFTER },
      a1111_prompt_style: maybe(flag(false)),
    },
    outputs: outs(
      ...['pipe:PIPE_LINE', 'model:MODEL', 'vae:VAE', 'clip:CLIP'],
      ...['positive:CONDITIONING', 'negative:CONDITIONING', 'latent:LATENT'],
    ),
  },
  'easy preSampling': {
    operation: 'set_in_pipe',
    category: 'EasyUse/PreSampling',
    inputs: {
      // Called seed_num in older prompts.
      ...{ pipe: PIPE, ...SAMPLING, seed: maybe(seed()) },
      ...{ image_to_latent: maybe(IMAGE), latent: maybe(LATENT) },
    },
    outputs: outs('pipe:PIPE_LINE'),
  },
  'easy kSampler': {
    operation: 'sample_pipe',
    category: 'EasyUse/Sampler',
    inputs: { pipe: PIPE, ...SHOWN, model: maybe(MODEL) },
    outputs: outs('pipe:PIPE_LINE', 'image:IMAGE'),
    isOutput: true,
  },
  'easy fullkSampler': {
    operation: 'sample_pipe_so',
    category: 'EasyUse/Sampler',
    inputs: {
      ...{ pipe: PIPE, ...SAMPLING, ...SHOWN, seed: maybe(seed()) },
      ...{ model: maybe(MODEL), positive: maybe(CONDITIONING), negative: maybe(CONDITIONING), latent: maybe(LATENT) },
      ...{ vae: maybe(VAE), clip: maybe(CLIP), xyPlot: maybe(socket('XYPLOT')), image: maybe(IMAGE) },
    },
    outputs: outs('pipe:PIPE_LINE', 'image:IMAGE', ...PARTS, 'seed:INT'),
    isOutput: true,
  },
  'easy pipeOut': {
    operation: 'unpack_pipe',
    category: 'EasyUse/Pipe',
    inputs: { pipe: PIPE },
    outputs: outs('pipe:PIPE_LINE', ...PARTS, 'image:IMAGE', 'seed:INT'),
  },
  /** Sets the seeds of all nodes when a prompt is queued. */
  'easy globalSeed': { category: 'EasyUse/Seed', inputs: {}, outputs: [], isVirtual: true },
});
