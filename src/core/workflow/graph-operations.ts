/** Operations that only graphs have, as ComfyUI's nodes of these names count. Sides and places of latents are in pixels. */
import { BLENDS } from '../image/compose/blends';
import { STITCH_COLOURS, STITCH_SIDES } from '../image/compose/stitch-choices';
import { TURNS } from '../image/geometry/turns';
import { MASK_CHANGES } from '../image/masks/change-mask';
import { MASK_MIXES } from '../image/masks/compose-masks';
import { LATENT_MIXES } from '../latents/mix-latents';
import { SIGMA_CUTS } from '../schedules/cut-sigmas';
import { choice, count, flag, number, text, type Operation } from './operation';

const BOX = { width: count(), height: count(), x: count(), y: count() };
const LATENT = { latent: 'latent' } as const;
const IMAGE = { image: 'image' } as const;
const MASK = { mask: 'mask' } as const;
const CONDITIONING = { conditioning: 'conditioning' } as const;
const TWO = { to: 'conditioning', from: 'conditioning' } as const;

/** What a sampler takes the model for: `auto` as recipes do, `own` as it was trained, else as if it were of that kind. */
export const SAMPLINGS = ['auto', 'own', 'eps', 'v_prediction', 'lcm', 'x0'] as const;
const AREA_UNITS = ['none', 'pixels', 'shares'] as const;

const MODELS = {
  /**
   * The first model with so much of its own weights, and so much of another's beside them: `own` and `other` are shares of the denoiser's tensors
   * (core/weights/tensor-shares.ts), `ownText` and `otherText` of the text encoders.
   */
  blend_models: {
    inputs: { model: 'model', other: 'model' },
    settings: [],
    own: {
      own: { kind: 'text', default: '1' },
      other: { kind: 'text', default: '0' },
      ...{ ownText: number(1), otherText: number() },
    },
    outputs: { model: 'model' },
  },
} as const satisfies Record<string, Operation>;

const SIGMAS = {
  /** Sigmas of a schedule: the last steps + 1 of as many more as `denoise` says. */
  schedule_sigmas: {
    inputs: { model: 'model' },
    settings: ['schedule', 'steps', 'betaAlpha', 'betaBeta', 'zeroTerminalSnr'],
    own: { denoise: number(1), sampling: choice(SAMPLINGS), isTurbo: flag },
    outputs: { sigmas: 'sigmas' },
  },
  /** Sigmas as they are written, with commas between. */
  list_sigmas: { inputs: {}, settings: [], own: { values: text }, outputs: { sigmas: 'sigmas' } },
  cut_sigmas: {
    inputs: { sigmas: 'sigmas' },
    settings: [],
    own: { how: choice(SIGMA_CUTS), amount: number() },
    outputs: { sigmas: 'sigmas' },
  },
} as const satisfies Record<string, Operation>;

const TEXTS = {
  /** The second's tokens behind the first's. */
  join_conditionings: { inputs: TWO, settings: [], outputs: CONDITIONING },
  average_conditionings: { inputs: TWO, settings: [], own: { strength: number(1) }, outputs: CONDITIONING },
  /** One prompt of two parts, each with its weight. */
  weigh_conditionings: {
    inputs: TWO,
    settings: [],
    own: { toWeight: number(1), fromWeight: number(1) },
    outputs: CONDITIONING,
  },
  zero_conditioning: { inputs: CONDITIONING, settings: [], outputs: CONDITIONING },
  /** A text for each of two encoders, as long as each other with `padding`, an empty one's; and sizes to be told. */
  pair_conditionings: {
    inputs: { model: 'model', first: 'conditioning', second: 'conditioning', padding: 'conditioning' },
    settings: [],
    own: { ...BOX, targetWidth: count(), targetHeight: count() },
    outputs: CONDITIONING,
  },
  /** What is told of the picture in place of what is so: its size, and how beautiful it is. */
  tell_score: {
    inputs: CONDITIONING,
    settings: [],
    own: { width: count(), height: count(), score: number(6) },
    outputs: CONDITIONING,
  },
  /** One more text that a sampler is guided by: where, how much, in which part of the steps. In pixels, or shares of the latent. */
  add_guide: {
    inputs: { conditioning: 'conditioning', mask: 'mask?', guides: 'guides?' },
    settings: [],
    own: {
      isNegative: flag,
      unit: choice(AREA_UNITS),
      ...{ width: number(), height: number(), x: number(), y: number() },
      ...{ strength: number(1), maskStrength: number(1), isWithin: flag },
      ...{ start: number(), end: number(1) },
    },
    outputs: { guides: 'guides' },
  },
} as const satisfies Record<string, Operation>;

const LATENTS = {
  /** Nothing in it becomes zeros. */
  zero_latent: { inputs: { model: 'model', ...LATENT }, settings: [], outputs: LATENT },
  /** `from` laid into `to`, with edges that fade over `feather` pixels, or where the mask says. */
  compose_latent: {
    inputs: { to: 'latent', from: 'latent', mask: 'mask?' },
    settings: [],
    own: { x: count(), y: count(), feather: count(), resizes: flag },
    outputs: LATENT,
  },
  mix_latents: {
    inputs: { first: 'latent', second: 'latent?' },
    settings: [],
    own: { how: choice(LATENT_MIXES), amount: number() },
    outputs: LATENT,
  },
  crop_latent: { inputs: LATENT, settings: [], own: BOX, outputs: LATENT },
  turn_latent: { inputs: LATENT, settings: [], own: { turn: choice(TURNS) }, outputs: LATENT },
  /** Noise of a seed on it, as much as lies between the first and the last of the sigmas; its place in a batch as `sample` has it. */
  noise_latent: {
    inputs: { model: 'model', latent: 'latent', sigmas: 'sigmas' },
    settings: ['seed'],
    own: { batchIndex: count(), batchSize: count(1), noiseIndex: count() },
    outputs: LATENT,
  },
} as const satisfies Record<string, Operation>;

const PICTURES = {
  empty_image: { inputs: {}, settings: [], own: { width: count(), height: count(), colour: count() }, outputs: IMAGE },
  /** Cut to what is there of a box. */
  crop_image: { inputs: IMAGE, settings: [], own: BOX, outputs: IMAGE },
  turn_image: { inputs: IMAGE, settings: [], own: { turn: choice(TURNS) }, outputs: IMAGE },
  invert_image: { inputs: IMAGE, settings: [], outputs: IMAGE },
  blur_image: { inputs: IMAGE, settings: [], own: { radius: count(), sigma: number(1) }, outputs: IMAGE },
  sharpen_image: {
    inputs: IMAGE,
    settings: [],
    own: { radius: count(), sigma: number(1), alpha: number(1) },
    outputs: IMAGE,
  },
  /** White where levels change more than `high`, or than `low` and beside such. */
  draw_edges: { inputs: IMAGE, settings: [], own: { low: number(0.4), high: number(0.8) }, outputs: IMAGE },
  blend_images: {
    inputs: { first: 'image', second: 'image' },
    settings: [],
    own: { blend: choice(BLENDS), amount: number() },
    outputs: IMAGE,
  },
  compose_image: {
    inputs: { to: 'image', from: 'image', mask: 'mask?' },
    settings: [],
    own: { x: count(), y: count(), resizes: flag },
    outputs: IMAGE,
  },
  /** As large as another, cut about its middle; `megapixels` or the longest side (`most`) where there is none. */
  match_image: {
    inputs: { image: 'image', like: 'image?' },
    settings: [],
    own: {
      megapixels: number(),
      most: count(),
      step: count(1),
      mode: choice(['bilinear', 'nearest-exact', 'area', 'bicubic', 'lanczos']),
    },
    outputs: IMAGE,
  },
  /** Grey around a picture, and a mask of it that fades into the picture. */
  pad_image: {
    inputs: IMAGE,
    settings: [],
    own: { left: count(), top: count(), right: count(), bottom: count(), feathering: count() },
    outputs: { ...IMAGE, ...MASK },
  },
  /** The second picture beside the first. */
  stitch_images: {
    inputs: { first: 'image', second: 'image' },
    settings: [],
    own: { side: choice(STITCH_SIDES), matches: flag, spacing: count(), colour: choice(STITCH_COLOURS) },
    outputs: IMAGE,
  },
  /** As large as the frame takes, in its middle; what is left of that is white, or black. */
  frame_image: {
    inputs: IMAGE,
    settings: [],
    own: {
      ...{ width: count(), height: count(), isWhite: flag },
      mode: choice(['area', 'bicubic', 'nearest-exact', 'bilinear', 'lanczos']),
    },
    outputs: IMAGE,
  },
  /** Normal noise of a seed on it; its part of what is drawn for a batch. */
  grain_image: {
    inputs: IMAGE,
    settings: ['seed'],
    own: { strength: number(), batchIndex: count(), batchSize: count(1) },
    outputs: IMAGE,
  },
  /** What the mask hides of it shows through: for pictures that leave. */
  add_alpha: { inputs: { ...IMAGE, ...MASK }, settings: [], outputs: IMAGE },
} as const satisfies Record<string, Operation>;

const MASKS = {
  solid_mask: { inputs: {}, settings: [], own: { width: count(), height: count(), level: number(1) }, outputs: MASK },
  mask_to_image: { inputs: MASK, settings: [], outputs: IMAGE },
  /** A channel, (`colour`) what is of just that one, or (`hidden`) what shows through. */
  image_to_mask: {
    inputs: IMAGE,
    settings: [],
    own: { channel: choice(['red', 'green', 'blue', 'colour', 'hidden']), colour: count() },
    outputs: MASK,
  },
  change_mask: { inputs: MASK, settings: [], own: { how: choice(MASK_CHANGES), amount: number() }, outputs: MASK },
  crop_mask: { inputs: MASK, settings: [], own: BOX, outputs: MASK },
  feather_mask: {
    inputs: MASK,
    settings: [],
    own: { left: count(), top: count(), right: count(), bottom: count() },
    outputs: MASK,
  },
  compose_masks: {
    inputs: { to: 'mask', from: 'mask' },
    settings: [],
    own: { how: choice(MASK_MIXES), x: count(), y: count() },
    outputs: MASK,
  },
} as const satisfies Record<string, Operation>;

export const GRAPH_OPERATIONS = { ...MODELS, ...SIGMAS, ...TEXTS, ...LATENTS, ...PICTURES, ...MASKS } as const;
