/** pack.json: what a checkpoint becomes at import. Plain data, the same in IndexedDB and on a web server. */

/**
 * What is written. Version 1 also kept what was computed of tensors (scaled, summed, padded), under keys that held computed
 * numbers, and its readers look for nothing else; both are read.
 */
export const PACK_VERSION = 2;
export const PACK_VERSIONS = [1, PACK_VERSION] as const;

export type ModelFamily = 'sd15' | 'sd21' | 'sdxl' | 'starter';

export type ComponentId =
  'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_decoder' | 'vae_encoder' | 'taesd_decoder' | 'taesd_encoder';

/**
 * How a weight's values are stored.
 *
 * `float32`, `float16`: row-major, little-endian.
 * `int8_channel`: int8 [shape], one float32 scale for each index of the first axis: value = q · scale.
 * `nbits8`, `nbits4`: what MatMulNBits reads, for a matrix [out, in]: unsigned bytes [out, in / 32, 32 · bits / 8], value =
 * (q − 2^(bits − 1)) · scale, low nibble first; float16 scales [out, in / 32].
 */
export type StoredForm = 'float32' | 'float16' | 'int8_channel' | 'nbits8' | 'nbits4';

/** Bytes of a shard. */
export interface ShardRange {
  /** Index into the component's `shards`. */
  shard: number;
  offset: number;
  byteLength: number;
}

export interface StoredWeight {
  form: StoredForm;
  /** Of the values: what the key's expression has. */
  shape: readonly number[];
  data: ShardRange;
  /** Where the form has scales. */
  scales?: ShardRange;
}

export interface PackShard {
  /** Name within the pack's folder: "unet-0.bin". At most 256 MB. */
  file: string;
  byteLength: number;
  /** Hex, of the whole shard. */
  sha256: string;
}

/** A ready-made graph: its bytes without weights, and where the weights lie that it names in external files. */
export interface OnnxParts {
  graph: ShardRange;
  tensors: { location: string; offset: number; data: ShardRange }[];
}

export interface PackComponent {
  /** The hub's config.json of this component. */
  config: unknown;
  shards: PackShard[];
  /** By `weightKey(expr)`: what every weight that the component's graphs read can be derived from (weight-finder.ts). */
  weights: Record<string, StoredWeight>;
  /** Of a ready-made export: in place of weights. */
  onnx?: OnnxParts;
}

export interface PackSource {
  /** File name(s) as the person knows them. */
  name: string;
  byteLength: number;
  /** Hex, of the whole checkpoint file where it is one; A1111's model hash is its first ten digits. */
  sha256?: string;
  layout: 'ldm' | 'diffusers' | 'mixed';
  url?: string;
}

export interface Pack {
  version: (typeof PACK_VERSIONS)[number];
  /** Of the library: unique on this computer. */
  id: string;
  name: string;
  family: ModelFamily;
  /** Name of the dtype plan: 'float16', 'q8', 'q4', 'float32'. */
  plan: string;
  source: PackSource;
  /** The hub's scheduler_config.json. */
  scheduler: unknown;
  /** `clip`: the vocabulary that ships with the app; else the hub's tokenizer.json and tokenizer_config.json. */
  tokenizer: 'clip' | { json: unknown; config: unknown };
  components: Partial<Record<ComponentId, PackComponent>>;
}

export const shardsOf = ({ components }: Pick<Pack, 'components'>): PackShard[] =>
  Object.values(components).flatMap(({ shards }) => shards);
