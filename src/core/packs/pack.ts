/** pack.json: what a checkpoint becomes at import. Plain data, the same in IndexedDB and on a web server. */

import type { ModelFamily } from '../families';
import type { StoredForm } from '../graph/graph-form';
import type { ComponentId } from '../networks/components';

/**
 * What is written. Version 1 also kept what was computed of tensors (scaled, summed, padded), under keys that held computed
 * numbers, and its readers look for nothing else; both are read.
 */
export const PACK_VERSION = 2;
export const PACK_VERSIONS = [1, PACK_VERSION] as const;

/** A stretch of a shard's bytes. */
export interface ShardRange {
  /** Index into the component's `shards`. */
  shard: number;
  offset: number;
  byteLength: number;
}

export interface StoredWeight {
  form: StoredForm;
  /** Shape of the values: that of the key's expression. */
  shape: readonly number[];
  data: ShardRange;
  /** Where the form has scales. */
  scales?: ShardRange;
}

export interface PackShard {
  /** Name within the pack's folder: "unet-0.bin". At most 256 MB. */
  file: string;
  byteLength: number;
  /** SHA-256 of the whole shard, hex. */
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
  /** Weights by `weightKey(expr)`: what every weight that the component's graphs read can be derived from (weight-finder.ts). */
  weights: Record<string, StoredWeight>;
  /** Parts of a ready-made export, in place of weights. */
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
  /** What it is where it is no model: its family, scheduler and tokenizer say nothing, and are there for readers that want some. */
  role?: 'upscaler' | 'control' | 'autoencoder' | 'text';
  /** Id in the library: unique on this computer. */
  id: string;
  name: string;
  family: ModelFamily;
  /** Name of the dtype plan: 'float16', 'q8', 'q4', 'smallest', 'float32'. */
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
