/** What operations there are, a line each: what goes in by wire, what is set, what comes out. How is the engine's. */
import { RESIZE_MODES } from '../image/geometry';
import { CROPS } from '../image/geometry/scaled-size';
import { RECOLOR_PARTS } from '../image/colour/recolor';
import { MASK_CHANNELS } from '../image/masks/mask-channel';
import { INTERPOLATE_MODES } from '../image/resample';
import { CONTROL_MODES } from '../control/control-scales';
import { PICTURE_JOINS } from '../control/picture-joins';
import { RANGE_RULES } from '../control/active-steps';
import { TILING_IDS } from '../recipe/tiling-field';
import { unionKinds, type UnionKind } from '../control/union-kinds';
import { fieldsOf } from './fields-of';
import { GRAPH_OPERATIONS, SAMPLINGS } from './graph-operations';
import { REDRAW_OPERATIONS } from './redraw-operations';
import { choice, flag, type Operation } from './operation';

export type { Operation, OwnSetting, WireType } from './operation';

const KINDS: readonly ('auto' | UnionKind)[] = ['auto', ...unionKinds()];
/** `factor` 0: `width` and `height` say it. */
const SCALE = {
  width: { kind: 'count', default: 0 },
  height: { kind: 'count', default: 0 },
  factor: { kind: 'number', default: 0 },
  crop: { kind: 'choice', choices: CROPS, default: 'disabled' },
} as const;

const READING = fieldsOf('prompt');

export const OPERATIONS = {
  /** By its id in the catalogue or the library. */
  load_model: {
    inputs: {},
    settings: [],
    own: { model: { kind: 'text', default: '' } },
    outputs: { model: 'model' },
  },
  /**
   * A LoRA by its id, on top of what is on the model already: how much of it, of the denoiser and of the text encoders; `blocks` says how
   * much of that each block gets (core/adapters/block-weights.ts); `unread`: what of its tag means nothing here, to be said.
   */
  add_adapter: {
    inputs: { model: 'model' },
    settings: [],
    own: {
      adapter: { kind: 'text', default: '' },
      denoiser: { kind: 'number', default: 1 },
      text: { kind: 'number', default: 1 },
      blocks: { kind: 'text', default: '' },
      unread: { kind: 'text', default: '' },
    },
    outputs: { model: 'model' },
  },
  /** An autoencoder of the library by its id, in place of the model's own; without one: what was wanted and is not here. */
  use_vae: {
    inputs: { model: 'model' },
    settings: [],
    own: { autoencoder: { kind: 'text', default: '' }, missing: { kind: 'text', default: '' } },
    outputs: { model: 'model' },
  },
  /** How pictures go on at the opposite edge, by the part of the model that sees to it: A1111's Tiling. */
  set_tiling: {
    inputs: { model: 'model' },
    settings: [],
    own: {
      denoiser: { kind: 'choice', choices: TILING_IDS, default: 'none' },
      autoencoder: { kind: 'choice', choices: TILING_IDS, default: 'none' },
    },
    outputs: { model: 'model' },
  },
  /** A file of text encoders of the library by its id, in place of those of the model that it has, too; without one: what was wanted and is not here. */
  use_text_encoders: {
    inputs: { model: 'model' },
    settings: [],
    own: { file: { kind: 'text', default: '' }, missing: { kind: 'text', default: '' } },
    outputs: { model: 'model' },
  },
  /** `calls`: what prompt editing counts in, after those of a first pass. A negative prompt knows neither AND nor tags of networks. */
  encode_text: {
    inputs: { model: 'model' },
    settings: READING,
    own: {
      text: { kind: 'text', default: '' },
      isNegative: { kind: 'flag', default: false },
      calls: { kind: 'count', default: 1 },
      firstPassCalls: { kind: 'count', default: 0 },
    },
    outputs: { conditioning: 'conditioning' },
  },
  /** By the SHA-256 of its pixels; what shows through is white, or (`dropsAlpha`) of its own colour. */
  load_image: {
    inputs: {},
    settings: [],
    own: { image: { kind: 'text', default: '' }, dropsAlpha: { kind: 'flag', default: false } },
    outputs: { image: 'image' },
  },
  /** To a size, in one of A1111's modes. */
  fit_image: { inputs: { image: 'image' }, settings: ['width', 'height', 'resizeMode'], outputs: { image: 'image' } },
  /** The same of a mask: white where to repaint, of the picture's grey, of a channel, or of what is `hidden` by its alpha. */
  load_mask: {
    inputs: {},
    settings: [],
    own: {
      image: { kind: 'text', default: '' },
      channel: { kind: 'choice', choices: MASK_CHANNELS, default: 'grey' },
    },
    outputs: { mask: 'mask' },
  },
  /** Made as large as its picture, turned round and blurred. */
  soften_mask: {
    inputs: { mask: 'mask', image: 'image' },
    settings: ['invertMask', 'maskBlur'],
    outputs: { mask: 'mask' },
  },
  /** Picture and mask to a size: the whole, or what is around the mask. */
  fit_masked: {
    inputs: { image: 'image', mask: 'mask' },
    settings: ['width', 'height', 'resizeMode', 'inpaintArea', 'maskedPadding'],
    outputs: { image: 'image', mask: 'mask' },
  },
  /** What is around the mask flows into it. */
  fill_masked: { inputs: { image: 'image', mask: 'mask' }, settings: [], outputs: { image: 'image' } },
  /** What is masked becomes grey; the mask grows by a box of `grow` pixels. */
  grey_masked: {
    inputs: { image: 'image', mask: 'mask' },
    settings: [],
    own: { grow: { kind: 'count', default: 0 } },
    outputs: { image: 'image', mask: 'mask' },
  },
  /** What was painted laid into the picture that fit_masked was given, by the same settings; after soft inpainting where `kept` became another `latent`. */
  paste_back: {
    inputs: { image: 'image', original: 'image', mask: 'mask', kept: 'latent?', latent: 'latent?' },
    settings: [
      ...(['width', 'height', 'resizeMode', 'inpaintArea', 'maskedPadding', 'maskMode', 'softPreservation'] as const),
      ...(['softMaskInfluence', 'softDifferenceThreshold', 'softDifferenceContrast'] as const),
    ],
    outputs: { image: 'image' },
  },
  /**
   * The hint of a picture by a preprocessor; `resolution` and thresholds −1: its own. `pixelPerfect`: looked at in the size that is painted (`width`,
   * `height`), of a hint that will be fitted in the way of `mode`. Of those that need the `mask` (as large as the picture) it is the alpha of the hint.
   */
  make_hint: {
    inputs: { image: 'image', mask: 'mask?' },
    settings: ['width', 'height'],
    own: {
      module: { kind: 'text', default: 'none' },
      resolution: { kind: 'number', default: -1 },
      thresholdA: { kind: 'number', default: -1 },
      thresholdB: { kind: 'number', default: -1 },
      pixelPerfect: { kind: 'flag', default: false },
      hintSeed: { kind: 'count', default: 0 },
      mode: { kind: 'choice', choices: RESIZE_MODES, default: 'crop_and_resize' },
    },
    outputs: { image: 'image' },
  },
  /** A hint to the size that is painted, or, with a mask, to what of the picture is painted; edges stay thin. `isMasked`: its alpha is a mask. */
  fit_hint: {
    inputs: { image: 'image', mask: 'mask?' },
    settings: ['width', 'height', 'inpaintArea', 'maskedPadding'],
    own: {
      mode: { kind: 'choice', choices: RESIZE_MODES, default: 'crop_and_resize' },
      isMasked: { kind: 'flag', default: false },
    },
    outputs: { image: 'image' },
  },
  /**
   * A ControlNet or T2I-Adapter by its id, beside those that are there already: how much it counts, in which part of the steps (by whose rule), and
   * whether prompt or hint is more important. `kind`: of a Union's hint; `module`: what made the hint; `isSoft`: as the modes that are not
   * balanced do. The hint is as large as the picture, and so is the `region`, white where it acts. `whole`: the hint before it was made to fit, for
   * texts of a part of the picture, to which it is fitted anew. `colours`: a latent whose colours at large are kept.
   */
  apply_control: {
    inputs: { hint: 'image', control: 'control?', region: 'image?', whole: 'image?', colours: 'latent?' },
    settings: [],
    own: {
      control: { kind: 'text', default: '' },
      weight: { kind: 'number', default: 1 },
      start: { kind: 'number', default: 0 },
      end: { kind: 'number', default: 1 },
      mode: { kind: 'choice', choices: CONTROL_MODES, default: 'balanced' },
      range: { kind: 'choice', choices: RANGE_RULES, default: 'a1111' },
      kind: { kind: 'choice', choices: KINDS, default: 'auto' },
      module: { kind: 'text', default: 'none' },
      isSoft: { kind: 'flag', default: false },
      /** Its picture is one more of the unit before it: see PICTURE_JOINS. */
      joins: { kind: 'choice', choices: ['none', ...PICTURE_JOINS], default: 'none' },
      /** With `colours`: core/control/keep-colours.ts. */
      colourRadius: { kind: 'count', default: 0 },
      sharpness: { kind: 'number', default: 0 },
    },
    outputs: { control: 'control' },
  },
  /** A picture with a part of its colours from a hint of its size. */
  recolor_image: {
    inputs: { image: 'image', hint: 'image' },
    settings: [],
    own: { part: { kind: 'choice', choices: RECOLOR_PARTS, default: 'luminance' } },
    outputs: { image: 'image' },
  },
  /** What is left over of a cell is dropped at the right and below, or (`centres`) on all sides. */
  encode_image: {
    inputs: { model: 'model', image: 'image' },
    settings: [],
    own: { centres: { kind: 'flag', default: false } },
    outputs: { latent: 'latent' },
  },
  /** To the cells of a picture of that size; what is left over of a cell is dropped. */
  resize_latent: {
    inputs: { model: 'model', latent: 'latent' },
    settings: ['width', 'height'],
    own: {
      mode: { kind: 'choice', choices: INTERPOLATE_MODES, default: 'bilinear' },
      antialias: { kind: 'flag', default: false },
    },
    outputs: { latent: 'latent' },
  },
  /** By a `factor`, or to so many pixels as a program of graphs counts them: a side of 0 follows the other, `center` cuts to the new shape first. */
  scale_latent: {
    inputs: { latent: 'latent' },
    settings: [],
    own: {
      ...SCALE,
      mode: { kind: 'choice', choices: [...INTERPOLATE_MODES, 'bislerp'], default: 'nearest-exact' },
    },
    outputs: { latent: 'latent' },
  },
  /** The same of a picture. */
  scale_image: {
    inputs: { image: 'image' },
    settings: [],
    own: {
      ...SCALE,
      mode: { kind: 'choice', choices: [...INTERPOLATE_MODES, 'lanczos'], default: 'nearest-exact' },
    },
    outputs: { image: 'image' },
  },
  /** A hint to the size that a latent becomes: to the nearest pixel, cut to its shape about the middle. */
  fit_to_latent: {
    inputs: { model: 'model', image: 'image', latent: 'latent' },
    settings: [],
    outputs: { image: 'image' },
  },
  empty_latent: { inputs: { model: 'model' }, settings: ['width', 'height'], outputs: { latent: 'latent' } },
  /**
   * Without a negative, guidance is by the positive alone. A latent that is not empty is noised and denoised as far as
   * `denoisingStrength` says: in as many of the steps, or in all of them (`takesAllSteps`). `picture` is for models that edit one,
   * or read what is around a mask; with a `mask` only what is masked of the latent is repainted. `startStep` and `endStep`: a part of
   * the steps; without `keepsNoise` the last of them ends without noise; without `addsNoise` it goes on with the noise that is there.
   * Graphs may bring sigmas of their own, and `guides` in place of the two texts. Where it stands among pictures whose noise is drawn
   * together: `batchIndex` of `batchSize`; its own may be another's (`noiseIndex`, from 1). `isShown`: the mask is only shown to the model.
   * `denoised` is what the last step took for the picture, `kept` what is kept where nothing is masked. With an `empty` text guidance is
   * Perp-Neg's, where the negative counts `perpScale`; `perpIsApart`: it is asked for the whole alone, whatever areas other texts have.
   * `switchAt` from 0 on: from that share of the run on (core/samplers/switch-point.ts; of its calls where `switchesByCalls`) another model
   * is to answer. It stops there, and another of these nodes, with that model and the same settings, goes on from what has `begun`, in the
   * same run; `painter` is the model that answered last.
   * `patches`: what graphs put around guidance, in the words of core/guidance.
   */
  sample: {
    inputs: {
      model: 'model',
      positive: 'conditioning',
      negative: 'conditioning?',
      latent: 'latent',
      picture: 'image?',
      mask: 'mask?',
      control: 'control?',
      sigmas: 'sigmas?',
      guides: 'guides?',
      empty: 'conditioning?',
      begun: 'begun?',
    },
    settings: [
      ...fieldsOf('sampling', 'seed', 'fold', 'noise', 'sampler', 'schedule', 'guidance', 'tiles'),
      'denoisingStrength',
      'noiseMultiplier',
      'extraNoise',
      ...(['maskMode', 'softScheduleBias', 'softPreservation', 'softContrastBoost'] as const),
      'maskedContent',
      'conditioningMaskStrength',
      'imageCfgScale',
    ],
    own: {
      takesAllSteps: { kind: 'flag', default: false },
      startStep: { kind: 'count', default: 0 },
      endStep: { kind: 'count', default: 10_000 },
      addsNoise: { kind: 'flag', default: true },
      keepsNoise: { kind: 'flag', default: true },
      sampling: choice(SAMPLINGS),
      batchIndex: { kind: 'count', default: 0 },
      batchSize: { kind: 'count', default: 1 },
      noiseIndex: { kind: 'count', default: 0 },
      isShown: { kind: 'flag', default: false },
      /** One of the tiles of a picture: the whole is looked at meanwhile. */
      isTile: { kind: 'flag', default: false },
      perpScale: { kind: 'number', default: 1 },
      perpIsApart: flag,
      switchAt: { kind: 'number', default: -1 },
      switchesByCalls: flag,
      patches: { kind: 'text', default: '' },
    },
    outputs: { latent: 'latent', denoised: 'latent', kept: 'latent', begun: 'begun', painter: 'model' },
  },
  decode_latent: { inputs: { model: 'model', latent: 'latent' }, settings: [], outputs: { image: 'image' } },
  /** By a network that was trained for it; `upscaler`: its id. */
  upscale_image: {
    inputs: { image: 'image' },
    settings: [],
    own: { upscaler: { kind: 'text', default: '' } },
    outputs: { image: 'image' },
  },
  /** What the workflow is for. */
  keep: { inputs: { image: 'image' }, settings: [], outputs: {} },
  ...REDRAW_OPERATIONS,
  ...GRAPH_OPERATIONS,
} as const satisfies Record<string, Operation>;

type Table = typeof OPERATIONS;

export type OperationId = keyof Table;

/** The line of an operation, for what is the same with all of them. */
export const operationOf = (id: OperationId): Operation => OPERATIONS[id];
