/** The parity cases: which graph runs on which fixture (tools/fixtures/make_models.py, make_upscalers.py). */
import { concat, exprShape, reshape, scale, tensor, toGraphForm, transpose } from '../../graph';
import type { BuiltGraph, GraphForm, Target, Tiling, WeightBranch, WeightExpr } from '../../graph';
import type { ComponentId } from '../components';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildTinyDecoder,
  buildTinyEncoder,
  buildUnet,
  eosRows,
  openNetwork,
  readAutoencoderConfig,
  readClipTextConfig,
  readTinyAutoencoderConfig,
  readUnetConfig,
  sizeWaves,
  timestepWave,
  type BuildOptions,
  type ClipTextOptions,
} from '..';
import { MLSD_OUTPUTS } from '../annotators/mlsd';
import { COCO_JOINTS } from '../annotators/vitpose';
import type { ControlForm } from '../control-form';
import { wholeMapsOnly } from './whole-maps-only';

export interface TestTensor {
  data: Float32Array | Int32Array;
  dims: readonly number[];
}

export type Tensors = Record<string, TestTensor>;

export interface ParityCase {
  /** Folder within fixtures/. */
  folder: string;
  /** Its file of inputs and outputs. */
  io: string;
  build: (config: unknown, form: Target | GraphForm) => BuiltGraph;
  /** Outputs to compare, the others in the file are inputs. */
  outputs: readonly string[];
  /** The file is an upscaler's in the words of those who publish them: it has no config beside it. */
  isUpscaler?: true;
  /** The same of one that steers pictures. */
  isControl?: true;
  /** The engine runs it in no other precision. */
  isFloat32?: true;
  /** The graph's inputs from the fixture's, where they differ. */
  adapt?: (inputs: Tensors, config: unknown) => Tensors;
}

/** A graph over feature maps. */
interface MapCase<Config> {
  folder: string;
  io?: string;
  output: string;
  read: (file: string, json: unknown) => Config;
  build: (config: Config, form: Target | GraphForm) => BuiltGraph;
  /** Changes to the fixture's config, which change nothing of what is computed. */
  changes?: object;
}

const maps = <C>({ io = 'io', changes, output, read, build, ...names }: MapCase<C>): ParityCase => ({
  ...names,
  io,
  outputs: [output],
  build: (json, form) => build(read('config.json', { ...(json as object), ...changes }), form),
});

const unet = (folder: string, io = 'io', changes: object = {}): ParityCase => ({
  ...maps({ folder, io, changes, output: 'out_sample', read: readUnetConfig, build: buildUnet }),
  adapt: ({ timestep, text_embeds: pooled, time_ids: sizes, ...inputs }, json) => {
    const config = readUnetConfig('config.json', json);
    const data = timestepWave(timestep.data[0], config);
    const timed = { ...inputs, timestep_wave: { data, dims: [1, data.length] } };
    if (!config.addedCondition) return timed;
    const batch = pooled.dims[0];
    const rowOf = ({ data: all }: TestTensor, i: number) =>
      [...all].slice((i * all.length) / batch, ((i + 1) * all.length) / batch);
    const waves = sizeWaves(rowOf(sizes, 0), config.addedCondition, config);
    const rows = Array.from({ length: batch }, (_, i) => [...rowOf(pooled, i), ...waves]).flat();
    return { ...timed, added_condition: { data: Float32Array.from(rows), dims: [batch, config.addedCondition.width] } };
  },
});

/** A LoRA beside the layers of a U-Net; its factors lie in the file with the weights. */
const LORA = { strength: 0.7, rank: 3 };

/** @param factors  see WeightBranch: of its rank, whole or parted */
export const loraBeside = (
  weight: WeightExpr,
  factors: WeightBranch['factors'],
  rank: number = LORA.rank,
): WeightBranch[] => {
  if (weight.op === 'concat') return joinedBranches(weight.of.flatMap((part) => loraBeside(part, factors, rank)));
  // a 1x1 kernel as a matrix
  const stored = weight.op === 'reshape' ? weight.of : weight;
  const path = stored.op === 'tensor' ? stored.name.replace(/\.weight$/, '') : '';
  if (path === '' || path.startsWith('lora.') || path.includes('time_emb')) return [];
  const [out, ...inner] = exprShape(stored);
  const down = reshape(tensor(`lora.${path}.down`, rank, ...inner), rank, ...exprShape(weight).slice(1));
  return [{ factors, down, up: tensor(`lora.${path}.up`, out, rank) }];
};

/** Branches beside matrices that stand one above another: all ranks together, each part's rows reading its own. */
function joinedBranches(parts: readonly WeightBranch[]): WeightBranch[] {
  if (parts.length === 0) return [];
  const rowsOf = ({ up: own }: WeightBranch): WeightExpr =>
    transpose(concat(...parts.map(({ up }) => scale(transpose(own), up === own ? 1 : 0))));
  const down = concat(...parts.map((part) => part.down));
  return [{ factors: parts.flatMap((part) => part.factors), down, up: concat(...parts.map(rowsOf)) }];
}

/** @param ranks  as if each part were a file of its own */
const withLora = ({ build, adapt, ...plain }: ParityCase, ranks: readonly number[] = [LORA.rank]): ParityCase => {
  const factors = ranks.map((rank, i) => ({ input: `adapter_${i}`, rank }));
  return {
    ...plain,
    build: (json, form) => build(json, { ...toGraphForm(form), branches: (weight) => loraBeside(weight, factors) }),
    adapt: (inputs, json) => ({
      ...adapt?.(inputs, json),
      ...Object.fromEntries(factors.map(({ input }) => [input, { data: Float32Array.of(LORA.strength), dims: [1] }])),
    }),
  };
};

const decoder = (folder: string, changes?: object, io?: string): ParityCase =>
  maps({
    folder,
    changes,
    io,
    output: 'image',
    read: readAutoencoderConfig,
    build: buildAutoencoderDecoder,
  });

const encoder = (changes?: object, io?: string): ParityCase =>
  maps({
    folder: 'autoencoder-encoder',
    changes,
    io,
    output: 'moments',
    read: readAutoencoderConfig,
    build: buildAutoencoderEncoder,
  });

/** Feature maps are kept small. */
const SDXL = { scaling_factor: 0.13025, force_upcast: true };

const tiny = { folder: 'tiny-autoencoder', read: readTinyAutoencoderConfig };
const tinyDecoder = maps({ ...tiny, output: 'image', build: buildTinyDecoder });
const tinyEncoder = maps({ ...tiny, io: 'io_encoder', output: 'latent', build: buildTinyEncoder });

const clip = (folder: string, options: ClipTextOptions = {}, io = 'io'): ParityCase => ({
  folder,
  io,
  build: (json, form) => buildClipText(readClipTextConfig('config.json', json), form, options),
  outputs: options.pooled ? ['last_hidden_state', 'text_embeds'] : ['last_hidden_state'],
  adapt: ({ input_ids: ids }, json): Tensors => {
    if (options.takesVectors) return { input_ids: ids, ...noVectors(ids, json) };
    if (!options.pooled) return { input_ids: ids };
    const rows = eosRows(ids.data as Int32Array, readClipTextConfig('config.json', json));
    return { input_ids: ids, eos_rows: { data: rows, dims: [rows.length] } };
  },
});

/** All places have their ids' own. */
function noVectors({ dims: [texts, length] }: TestTensor, json: unknown): Tensors {
  const { width } = readClipTextConfig('config.json', json);
  return {
    is_word: { data: new Float32Array(texts * length).fill(1), dims: [texts, length, 1] },
    vectors: { data: new Float32Array(texts * length * width), dims: [texts, length, width] },
  };
}

/** The same, its edges joined: tools/fixtures/make_tiling.py. */
const tiled = (tiling: Tiling, { build, io: _io, ...plain }: ParityCase): ParityCase => ({
  ...plain,
  io: `io_tiling_${tiling}`,
  build: (json, form) => build(json, { ...toGraphForm(form), tiling }),
});

/** What it computes is spandrel's. */
const upscaler = (name: string, component: ComponentId): ParityCase => ({
  folder: `upscaler-${name}`,
  io: 'io',
  isUpscaler: true,
  build: (config, form) => openNetwork(component, { file: name, config }).build(form),
  outputs: ['upscaled'],
});

/** A U-Net that is given what a ControlNet or an adapter makes. */
const controlledUnet = (folder: string, io: string, control: ControlForm): ParityCase => {
  const { adapt, ...plain } = unet(folder, io);
  return {
    ...plain,
    build: (json, form) => buildUnet(readUnetConfig('config.json', json), form, { control }),
    adapt,
  };
};

/** A network by its component, which is given diffusers' words. */
const byComponent = (
  component: ComponentId,
  { folder, io = 'io', outputs, isRaw = false, options }: ComponentCase,
): ParityCase => ({
  folder,
  io,
  outputs,
  build: (config, form) => openNetwork(component, { file: folder, config }).build(form, options),
  ...(!isRaw && {
    adapt: (inputs, config) => openNetwork(component, { file: folder, config }).toGraph(inputs) as Tensors,
  }),
});

/** A U-Net that is changed inside, in diffusers' words: tools/fixtures/make_unet_guidance.py. */
const guidedUnet = (io: string, control: ControlForm): ParityCase =>
  byComponent('unet', {
    folder: 'unet-guided',
    io,
    outputs: ['out_sample', ...(control.tellsAttention ? ['self_attention'] : [])],
    options: { control },
  });

/** The same, given residuals and features where they fit: tools/fixtures/make_unet_shrink.py. */
const shrunkUnet = (io: string, block: number, afterSkip: boolean): ParityCase =>
  wholeMapsOnly(guidedUnet(io, { residuals: 'plain', features: [1, 2, 4], shrinks: { block, afterSkip } }), [1, 2, 4]);

interface ComponentCase {
  folder: string;
  io?: string;
  outputs: readonly string[];
  /** Its inputs are the graph's. */
  isRaw?: boolean;
  options?: BuildOptions;
}

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}_${i}`);

const controlnet = (name: string, count: number, io = 'io', options: BuildOptions = {}): ParityCase =>
  byComponent('control_step', { folder: `controlnet-${name}`, io, outputs: numbered('residual', count), options });

const hint = (name: string, kinds = false): ParityCase =>
  byComponent('control_hint', {
    folder: `controlnet-${name}`,
    io: 'io_hint',
    outputs: kinds ? ['hint_features', 'type_embedding'] : ['hint_features'],
    isRaw: true,
  });

const t2i = (name: string, count = 4): ParityCase =>
  byComponent('t2i_adapter', { folder: `t2i-${name}`, outputs: numbered('feature', count) });

/** A case whose file is in the words of its authors. */
const imagePrompt = (name: string, layers: number): ParityCase => ({
  ...byComponent('image_prompt_adapter', {
    folder: `ip-${name}`,
    outputs: [...numbered('keys', layers), ...numbered('values', layers)],
  }),
  isControl: true,
});

const vision = (output: string, io?: string, options: BuildOptions = {}): ParityCase =>
  byComponent('clip_vision', { folder: 'clip-vision', outputs: [output], options, ...(io && { io }) });

const annotator = (name: string, outputs: readonly string[], io = 'io_32x48'): ParityCase => ({
  ...byComponent('hint_annotator', { folder: `annotator-${name}`, io, outputs, isRaw: true }),
  isControl: true,
  isFloat32: true,
});

const RESIDUALS = { residuals: 'plain' } as const;

/** Cases by what the report calls them. Cells that do not halve evenly (33x47, 5x7): tools/fixtures/make_model_sizes.py. */
export const PARITY_CASES: Record<string, ParityCase> = {
  'unet-sd15': unet('unet-sd15'),
  'unet-sd15, 33x47': unet('unet-sd15', 'io_33x47'),
  'unet-sd15, 33x47, halved downwards': unet('unet-sd15', 'io_33x47-asymmetric', { downsample_padding: 0 }),
  'unet with a LoRA': withLora(unet('unet-lora')),
  'unet with LoRAs side by side': withLora(unet('unet-lora'), [1, 2]),
  'unet-inpaint': unet('unet-inpaint'),
  'unet-sd21': unet('unet-sd21', 'io', { upcast_attention: true }),
  'unet-sdxl': unet('unet-sdxl'),
  'unet-sdxl, 33x47': unet('unet-sdxl', 'io_33x47'),
  autoencoder: decoder('autoencoder'),
  'autoencoder, 5x7': decoder('autoencoder', {}, 'io_5x7'),
  'autoencoder-plain': decoder('autoencoder-plain'),
  'autoencoder, SDXL': decoder('autoencoder', SDXL),
  'autoencoder-encoder': encoder(),
  'tiny-autoencoder, decoder': tinyDecoder,
  'tiny-autoencoder, encoder': tinyEncoder,
  'clip-l': clip('clip-l'),
  'clip-l, taking vectors': clip('clip-l', { takesVectors: true }),
  'clip-h': clip('clip-h'),
  'clip-l-skip': clip('clip-l-skip', { clipSkip: 2 }),
  'clip-bigg': clip('clip-bigg', { clipSkip: 2, finalNorm: false, pooled: true }),
  'unet-sd15, given residuals': controlledUnet('unet-sd15', 'io_residuals', RESIDUALS),
  'unet-sd15, given features': controlledUnet('unet-sd15', 'io_features', { features: [1, 2, 4, 8] }),
  'unet-sdxl, given residuals': controlledUnet('unet-sdxl', 'io_residuals', RESIDUALS),
  'unet-sdxl, given features': controlledUnet('unet-sdxl', 'io_features', { features: [2, 2, 4, 4] }),
  'controlnet-sd15': controlnet('sd15', 5),
  'controlnet-sd15, hint': hint('sd15'),
  'controlnet-sd15, two hints': controlnet('sd15', 5, 'io_sum', { addsUp: true }),
  'controlnet-sd15, in a region': controlnet('sd15', 5, 'io_region', { hasRegion: true }),
  'controlnet-shuffle': controlnet('shuffle', 5),
  'controlnet-sdxl': controlnet('sdxl', 7),
  'controlnet-sdxl, hint': hint('sdxl'),
  'controlnet-union': controlnet('union', 7),
  'controlnet-union, hint': hint('union', true),
  't2i-full': t2i('full'),
  't2i-xl': t2i('xl'),
  't2i-light': t2i('light'),
  'clip-vision': vision('image_embeds'),
  'ip-plus': imagePrompt('plus', 16),
  'unet-sd15, reading a picture': controlledUnet('unet-sd15', 'io_image', { images: 1 }),
  'unet, FreeU of the second version, 9x13': guidedUnet('io_freeu2', { freeu: true }),
  'unet, smaller from its second block on': guidedUnet('io_shrink2', { shrinks: { block: 2, afterSkip: true } }),
  'unet, smaller from its third block on, kept so': guidedUnet('io_shrink3', {
    shrinks: { block: 3, afterSkip: false },
  }),
  'unet, smaller from its fourth block on': guidedUnet('io_shrink4', { shrinks: { block: 4, afterSkip: true } }),
  'unet, that could be smaller and is not': guidedUnet('io_shrink_not', { shrinks: { block: 2, afterSkip: true } }),
  'unet, whose middle is perturbed and told': guidedUnet('io_perturbed', { perturbs: true, tellsAttention: true }),
  'unet-sd15, edges joined': tiled('both', unet('unet-sd15')),
  'autoencoder, edges joined': tiled('both', decoder('autoencoder')),
  'annotator, hed': annotator('hed', ['edges_1', 'edges_2', 'edges_3', 'edges_4', 'edges_5']),
  'annotator, teed': annotator('teed', ['edges_1', 'edges_2', 'edges_3', 'edges_4']),
  'annotator, pidinet': annotator('pidinet', ['edges']),
  'annotator, depth anything': annotator('depth_anything', ['depth'], 'io_42x70'),
  'annotator, yolos': annotator('yolos', ['kinds', 'boxes'], 'io_48x112'),
  'annotator, line drawing': annotator('line_drawing', ['lines']),
  'upscaler, compact': upscaler('compact', 'compact_upscaler'),
  'upscaler, rrdb': upscaler('rrdb-new', 'rrdb_upscaler'),
  'upscaler, rrdb, x2': upscaler('rrdb-x2', 'rrdb_upscaler'),
  'upscaler, span': upscaler('span', 'span_upscaler'),
  'upscaler, omnisr': upscaler('omnisr', 'omnisr_upscaler'),
};

/** The same networks at other sizes, lengths and depths: in Node alone, where a run takes no time. */
export const MORE_CASES: Record<string, ParityCase> = {
  // its many shapes take 20 s to compile on lavapipe, where it was within 1e-4 too
  'annotator, mlsd': annotator('mlsd', MLSD_OUTPUTS),
  // a Control-LoRA's graph: products beside the layers
  'controlnet-sd15 with products': withLora(controlnet('lora', 5)),
  'annotator, anime lines': annotator('anime_lines', ['lines']),
  'annotator, vitpose': annotator('vitpose', COCO_JOINTS, 'io_64x48'),
  'annotator, depth anything, as it was trained': annotator('depth_anything', ['depth'], 'io_56x56'),
  'unet-sd15, 77 tokens, upright': unet('unet-sd15', 'io_77'),
  'unet-sd15, 231 tokens, batch 3': unet('unet-sd15', 'io_231'),
  'unet-inpaint, 33x47': unet('unet-inpaint', 'io_33x47'),
  'unet-instruct': unet('unet-instruct'),
  'unet-guided, left and right edges joined': tiled('x', unet('unet-guided')),
  'unet-guided, top and bottom edges joined': tiled('y', unet('unet-guided')),
  'autoencoder, left and right edges joined': tiled('x', decoder('autoencoder')),
  'autoencoder-encoder, edges joined': tiled('both', encoder()),
  'autoencoder-encoder, left and right edges joined': tiled('x', encoder()),
  'unet-guided': unet('unet-guided'),
  'unet, FreeU': guidedUnet('io_freeu1', { freeu: true }),
  'unet, FreeU of the second version, down to a row': guidedUnet('io_freeu2_line', { freeu: true }),
  'unet, smaller and controlled': shrunkUnet('io_shrink_residuals', 2, true),
  'unet, smaller and controlled, kept so': shrunkUnet('io_shrink_residuals_kept', 3, false),
  'unet, smaller and controlled, as large again below': shrunkUnet('io_shrink_residuals_met', 2, true),
  'unet-sdxl, 77 tokens, upright': unet('unet-sdxl', 'io_77'),
  'unet-sdxl, 231 tokens, batch 3': unet('unet-sdxl', 'io_231'),
  'unet-refiner': unet('unet-refiner'),
  'unet-refiner, 33x47': unet('unet-refiner', 'io_33x47'),
  'unet-refiner, 105x158': unet('unet-refiner', 'io_105x158'),
  'controlnet-sdxl-mid': controlnet('sdxl-mid', 7),
  'controlnet-sdxl-small': controlnet('sdxl-small', 7),
  'controlnet-plain': controlnet('plain', 5),
  'controlnet-union-8': controlnet('union-8', 7),
  'controlnet-union-8, hint': hint('union-8', true),
  'clip-vision, parts': vision('hidden_states', 'io_parts', { penultimate: true }),
  'ip-base': imagePrompt('base', 16),
  'unet-sdxl, reading two pictures': controlledUnet('unet-sdxl', 'io_images', { images: 2 }),
  'ip-full': imagePrompt('full', 16),
  'ip-plus-sdxl': imagePrompt('plus-sdxl', 28),
  'unet-sd15, reading two pictures': controlledUnet('unet-sd15', 'io_images', { images: 2 }),
  'unet-sd21, reading a picture': controlledUnet('unet-sd21', 'io_image', { images: 1 }),
  't2i-full-odd': t2i('full-odd', 2),
  'autoencoder-encoder, 5x7': encoder({}, 'io_5x7'),
  'autoencoder-encoder, SDXL': encoder(SDXL),
  'upscaler, compact, x1': upscaler('compact-x1', 'compact_upscaler'),
  'upscaler, compact, x2': upscaler('compact-x2', 'compact_upscaler'),
  'upscaler, rrdb of BSRGAN, x2': upscaler('rrdb-bsrgan', 'rrdb_upscaler'),
  'upscaler, rrdb of ESRGAN': upscaler('rrdb-old', 'rrdb_upscaler'),
  'upscaler, rrdb of ESRGAN, x1': upscaler('rrdb-old-x1', 'rrdb_upscaler'),
  'upscaler, rrdb, x1': upscaler('rrdb-x1', 'rrdb_upscaler'),
  'upscaler, omnisr without places': upscaler('omnisr-plain', 'omnisr_upscaler'),
  'upscaler, span that does not normalise': upscaler('span-plain', 'span_upscaler'),
  'clip-l, SDXL': clip('clip-l', { clipSkip: 2, finalNorm: false }, 'io_raw2'),
  'clip-l, SDXL, clip skip 3': clip('clip-l', { clipSkip: 3, finalNorm: false }, 'io_raw3'),
};
