/** An adapter that is open: its layers, what was not used, and the difference that it makes to each weight. */
import type { ComponentId } from '../networks';
import type { ModelFamily } from '../families';
import type { TensorFile } from '../formats';
import type { AdapterFacts } from './facts';
import type { Factors } from './kind';
import type { UnusedKey } from './match-layers';
import type { AdapterKindId } from './table';

export interface AdapterLayer {
  /** Id of the layer: "component/path". */
  id: string;
  component: ComponentId;
  path: string;
  /** Shape of the weight. */
  shape: readonly number[];
  /** Absent where only the bias is changed. */
  kind?: AdapterKindId;
  /** DoRA: the changed weight gets lengths of its own. */
  isDecomposed: boolean;
  rank?: number;
  alpha?: number;
  /** Whether its difference depends on the untouched weight. */
  usesWeight: boolean;
  /** Whether `factors` gives the difference to the weight, without being given that. */
  isLowRank: boolean;
  /** Rank of those factors. */
  branchRank?: number;
  changesBias: boolean;
}

export interface DeltaOptions {
  /** 1 where absent; negative ones are legal. */
  strength?: number;
  /** The untouched weight, for layers that say `usesWeight`. */
  weight?: Float32Array;
  /** Called while a long product is computed: what it throws ends that. */
  check?: () => void;
}

/** A layer whose parts are in memory, as they are stored: its differences can be had at once. */
export interface ReadLayer {
  /** The difference that Adapter.delta gives. */
  delta(options?: DeltaOptions): Float32Array;
  /** The difference that Adapter.biasDelta gives. */
  biasDelta(options?: DeltaOptions): Float32Array | undefined;
}

/** What people call the whole file. */
export type AdapterWord = AdapterKindId | 'locon' | 'dora';

export interface Adapter {
  file: TensorFile;
  kind: AdapterWord;
  /** Undefined where it was laid against a model of no published size. */
  family: ModelFamily | undefined;
  layers: ReadonlyMap<string, AdapterLayer>;
  /** Keys that match nothing, each with the reason. */
  unused: readonly UnusedKey[];
  facts: AdapterFacts;
  /** Sentences for whoever uses it. */
  notices: readonly string[];
  /** Names of the embeddings that it carries (OneTrainer). */
  embeddings: readonly string[];
  /**
   * strength · Δ, of the weight's shape.
   * @throws AppError 'bad-request' for a layer it does not change, a strength out of range, or a missing weight; 'bad-file' for factors
   *   that are not numbers
   */
  delta(layer: string, options?: DeltaOptions): Promise<Float32Array>;
  /** The same for the bias; undefined where it stays. */
  biasDelta(layer: string, options?: DeltaOptions): Promise<Float32Array | undefined>;
  /** Δ as a product, where the layer's kind is low-rank and worth a branch of its own. */
  factors(layer: string, options?: Pick<DeltaOptions, 'weight'>): Promise<Factors | undefined>;
  /** Reads a layer, for where its difference is wanted at once. @throws AppError 'bad-request' for a layer it does not change */
  hold(layer: string): Promise<ReadLayer>;
}
