/** What `openAdapter` gives: factors are read when they are asked for. */
import { AppError } from '../errors';
import type { ModelFamily } from '../families';
import type { TensorFile } from '../formats';
import type { Adapter, AdapterLayer, AdapterWord, DeltaOptions, ReadLayer } from './adapter';
import { decomposed, MAGNITUDE, magnitudeOf, ROW_MAGNITUDE } from './dora';
import type { AdapterFacts } from './facts';
import { kernelOf, product, show, type AdapterKind, type Factors, type KindInput, type Part } from './kind';
import type { Match, MatchedLayer, UnusedKey } from './match-layers';
import { ALPHA, SCALE } from './part-names';
import { holdPart, readNumbers } from './read-parts';
import { assertStrength } from './strength';
import { cayleyTerms, hasUnreadPatterns, peftAlpha, peftConfig, scaleOf, type PeftConfig } from './scale';
import { adapterKindOf, type AdapterKindId } from './table';

/** Keys of a folder that PEFT wrote. */
const PEFT_FOLDER = /(^|\.)base_model\.model\./;
const NO_PEFT_CONFIG =
  'Its strength is not in the file but in adapter_config.json beside it, which is not here: if it is too strong or too weak, set its strength by eye.';
const UNREAD_PATTERNS =
  'Its settings (rank_pattern, alpha_pattern) name layers by expressions that are not read here: some layers may be too strong or too weak.';

interface Opening {
  file: TensorFile;
  match: Match;
  family: ModelFamily | undefined;
  facts: AdapterFacts;
  config: unknown;
  embeddings: readonly string[];
}

/** Parts of a layer, each as numbers when it is asked for. */
type ReadParts = ReadonlyMap<string, () => Part>;

interface Entry {
  matched: MatchedLayer;
  layer: AdapterLayer;
  alpha: number | undefined;
  scale: number;
}

export class OpenedAdapter implements Adapter {
  readonly file: TensorFile;
  readonly family: ModelFamily | undefined;
  readonly facts: AdapterFacts;
  readonly unused: readonly UnusedKey[];
  readonly layers = new Map<string, AdapterLayer>();
  readonly embeddings: readonly string[];
  readonly #match: Match;
  readonly #config: unknown;
  readonly #entries = new Map<string, Entry>();

  constructor({ file, match, family, facts, config, embeddings }: Opening) {
    this.file = file;
    this.embeddings = embeddings;
    this.family = family;
    this.facts = facts;
    this.unused = match.unused;
    this.#match = match;
    this.#config = config ?? metadataConfig(file.metadata);
  }

  get kind(): AdapterWord {
    const all = [...this.layers.values()];
    if (all.some(({ isDecomposed }) => isDecomposed)) return 'dora';
    const kind = mostFrequent(all.map((layer) => layer.kind)) ?? 'full';
    const isConv = all.some((layer) => layer.kind === 'lora' && kernelOf(layer.shape) > 1);
    return kind === 'tucker' || (kind === 'lora' && isConv) ? 'locon' : kind;
  }

  /** Reads all alphas. @throws AppError 'bad-file' for one that is none */
  async readScales(): Promise<void> {
    const keys = this.#match.layers.flatMap(({ keys }) => [keys.get(ALPHA), keys.get(SCALE)]);
    const numbers = await readNumbers(
      this.file,
      keys.filter((key) => key !== undefined),
    );
    for (const matched of this.#match.layers) {
      const entry = this.#entryOf(matched, numbers);
      this.#entries.set(entry.layer.id, entry);
      this.layers.set(entry.layer.id, entry.layer);
    }
  }

  get notices(): string[] {
    const isPeft = this.#match.layers.some((layer) => isPeftFolder(layer) && isScaled(layer));
    const isTold = [...this.layers.values()].some(({ alpha }) => alpha !== undefined);
    const asksRank = [...this.layers.values()].some(({ rank }) => rank === undefined);
    return [
      ...(isPeft && !isTold ? [NO_PEFT_CONFIG] : []),
      ...(hasUnreadPatterns(this.#config, asksRank) ? [UNREAD_PATTERNS] : []),
    ];
  }

  async delta(id: string, options: DeltaOptions = {}): Promise<Float32Array> {
    return (await this.hold(id)).delta(options);
  }

  async biasDelta(id: string, options: DeltaOptions = {}): Promise<Float32Array | undefined> {
    return (await this.hold(id)).biasDelta(options);
  }

  async hold(id: string): Promise<ReadLayer> {
    const held = await this.#parts(id);
    return {
      delta: (options = {}) => this.#delta(id, held, options),
      biasDelta: (options = {}) => this.#biasDelta(id, held, options),
    };
  }

  async #parts(id: string): Promise<ReadParts> {
    const { matched } = this.#entry(id);
    const held = new Map<string, () => Part>();
    for (const [part, key] of matched.keys) held.set(part, await holdPart(this.file, key));
    return held;
  }

  #delta(id: string, held: ReadParts, options: DeltaOptions): Float32Array {
    const { matched, layer } = this.#entry(id);
    const strength = assertStrength(options.strength, this.file.source.name);
    const input = this.#input(id, held, options);
    if (!input) return new Float32Array(product(layer.shape));
    const difference = this.#within(id, () => adapterKindOf(input.kind).difference(input));
    const whole = this.#decomposed(matched, input, difference);
    if (strength !== 1) for (let i = 0; i < whole.length; i++) whole[i] *= strength;
    assertFinite(whole, `${this.file.source.name}: ${id}`);
    return widened(whole, matched.target, layer.shape);
  }

  #biasDelta(id: string, held: ReadParts, options: DeltaOptions): Float32Array | undefined {
    const { matched, scale } = this.#entry(id);
    const strength = assertStrength(options.strength, this.file.source.name);
    const part = matched.bias === undefined ? undefined : held.get(matched.bias);
    if (!part) return undefined;
    const { values } = part();
    const factor = strength * (matched.bias === 'lora_up.bias' ? scale : 1);
    return values.map((value) => factor * value);
  }

  async factors(id: string, options: Pick<DeltaOptions, 'weight'> = {}): Promise<Factors | undefined> {
    const { matched, layer } = this.#entry(id);
    const kind = matched.kind && adapterKindOf(matched.kind);
    if (!kind?.factors || layer.isDecomposed) return undefined;
    const input = this.#input(id, await this.#parts(id), options);
    const found = input && this.#within(id, () => kind.factors?.(input));
    return (
      found && {
        ...found,
        down: widened(found.down, [found.rank, ...matched.target.slice(1)], [found.rank, ...layer.shape.slice(1)]),
      }
    );
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    const [first] = this.#entries.keys();
    throw new AppError(
      'bad-request',
      `${this.file.source.name}: changes no layer "${id}"; it changes ${this.#entries.size}, such as "${first}"`,
    );
  }

  #entryOf(matched: MatchedLayer, numbers: ReadonlyMap<string, number>): Entry {
    const { layer, keys, shapes, kind, bias, target } = matched;
    const [alpha, stored] = [ALPHA, SCALE].map((part) => numbers.get(keys.get(part) ?? ''));
    const rank = kind && adapterKindOf(kind).rank?.(shapes);
    const isDecomposed = kind !== undefined && magnitudeOf(shapes, target) !== undefined;
    const usesWeight = isDecomposed || (kind !== undefined && adapterKindOf(kind).usesWeight);
    const lowRank = !usesWeight && kind !== undefined && isLowRank(adapterKindOf(kind), matched);
    const branchRank = lowRank ? (branchRankOf(adapterKindOf(kind), matched) ?? rank) : undefined;
    const where = `${this.file.source.name}: ${layer.id}`;
    const peft = this.#peft(layer.component);
    const shownAlpha = alpha ?? (peft && rank !== undefined ? peftAlpha(peft, layer.path) : undefined);
    return {
      matched,
      alpha,
      scale: scaleOf({ where, alpha, scale: stored, rank, peft, path: layer.path }),
      layer: {
        id: layer.id,
        component: layer.component,
        path: layer.path,
        shape: layer.shape,
        ...(kind && { kind }),
        isDecomposed,
        ...(rank !== undefined && { rank }),
        ...(shownAlpha !== undefined && { alpha: shownAlpha }),
        usesWeight,
        isLowRank: lowRank,
        ...(branchRank !== undefined && { branchRank }),
        changesBias: bias !== undefined,
      },
    };
  }

  /** PEFT's config of one component, or of a folder that has but one. */
  #peft(component: string): PeftConfig | undefined {
    return peftConfig(this.#config, `${component}.`) ?? peftConfig(this.#config);
  }

  #input(
    id: string,
    held: ReadParts,
    { weight, check }: DeltaOptions,
  ): (KindInput & { kind: AdapterKindId }) | undefined {
    const { matched, layer, scale, alpha } = this.#entry(id);
    const { kind, target } = matched;
    if (!kind) return undefined;
    if (layer.usesWeight && weight?.length !== product(layer.shape))
      throw new AppError(
        'bad-request',
        `${this.file.source.name}: ${id} is changed by ${adapterKindOf(kind).name}, whose difference depends on the weight: give the model's own, ${show(layer.shape)}`,
      );
    const parts: Record<string, Part> = {};
    for (const [part, read] of held) if (part !== matched.bias) parts[part] = read();
    const peft = isPeftFolder(matched) ? { cayleyTerms: cayleyTerms(this.#config) } : undefined;
    return { kind, parts, target, scale, alpha, peft, check, weight: weight && narrowed(weight, layer.shape, target) };
  }

  #decomposed(matched: MatchedLayer, { parts, target, weight }: KindInput, difference: Float32Array): Float32Array {
    const magnitude = magnitudeOf(matched.shapes, target);
    const lengths = (parts[MAGNITUDE] ?? parts[ROW_MAGNITUDE])?.values;
    if (!magnitude || !lengths || !weight) return difference;
    return decomposed(difference, { weight, lengths, isOfRows: magnitude.isOfRows, target });
  }

  /** @throws AppError 'bad-file' where a kind finds its values wrong */
  #within<Value>(id: string, compute: () => Value): Value {
    try {
      return compute();
    } catch (error) {
      if (error instanceof RangeError)
        throw new AppError(
          'bad-file',
          `${this.file.source.name}: ${id}: ${error.message}; take another version of the file`,
        );
      throw error;
    }
  }
}

const isPeftFolder = ({ keys }: MatchedLayer): boolean => [...keys.values()].some((key) => PEFT_FOLDER.test(key));

/** Whether alpha and rank say how strong it is. */
const isScaled = ({ kind }: MatchedLayer): boolean => kind === undefined || adapterKindOf(kind).rank !== undefined;

const isLowRank = (kind: AdapterKind, { shapes, target }: MatchedLayer): boolean =>
  kind.factors !== undefined && (kind.isLowRank?.(shapes, target) ?? true);

const branchRankOf = (kind: AdapterKind, { shapes, target }: MatchedLayer): number | undefined =>
  kind.branchRank?.(shapes, target);

function metadataConfig(metadata: Readonly<Record<string, string>>): unknown {
  const text = metadata['lora_adapter_metadata'];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function assertFinite(values: Float32Array, where: string): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new AppError(
      'bad-file',
      `${where}: its difference leaves the range of numbers at element ${at}: the training went wrong; take another version of the file`,
    );
}

/** Channels that an adapter says nothing of stay as they are: zeros behind each row's own. [n, in, k, k] */
function widened(values: Float32Array, from: readonly number[], to: readonly number[]): Float32Array {
  if (product(from) === product(to)) return values;
  const [own, all] = [product(from.slice(1)), product(to.slice(1))];
  const out = new Float32Array(product(to));
  for (let row = 0; row < to[0]; row++) out.set(values.subarray(row * own, (row + 1) * own), row * all);
  return out;
}

function narrowed(values: Float32Array, from: readonly number[], to: readonly number[]): Float32Array {
  if (product(from) === product(to)) return values;
  const [all, own] = [product(from.slice(1)), product(to.slice(1))];
  const out = new Float32Array(product(to));
  for (let row = 0; row < to[0]; row++) out.set(values.subarray(row * all, row * all + own), row * own);
  return out;
}

/** The value that occurs most often, undefined not counted. */
export function mostFrequent<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  const counts = new Map<Value, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
