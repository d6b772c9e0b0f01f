/** A component's weights out of a pack, one by one and at once, in the type a graph wants. */
import { AppError } from '../errors';
import type { SyncByteSource } from '../formats';
import {
  elementCount,
  exprShape,
  exprTensors,
  isPalette,
  weightKey,
  type PackedForm,
  type Weight,
  type WeightExpr,
} from '../graph';
import { evaluateNow } from '../weights/evaluate';
import { fromStored, repack, toGraphBytes, type StoredBytes } from '../weights/stored-form';
import { assertStored } from './assert-stored';
import { componentWeights } from './component-weights';
import type { PackComponent, ShardRange, StoredWeight } from './pack';
import type { ComponentId } from '../networks/components';
import type { StoredForm } from '../graph';
import type { OpenPack } from './pack-io';
import { derivedQuants, derivedScales, packedForm } from './packed-derivation';
import { WeightFinder } from './weight-finder';

/** What a component of a pack can give, told by its pack.json alone. */
export interface ListedWeights {
  /** The hub's config.json. */
  readonly config: unknown;
  /** How a matrix is stored, or can be had from stored ones: what `GraphForm.storedForm` asks. */
  storedForm(key: string, shape?: readonly number[], matrix?: WeightExpr): StoredForm | undefined;
  /** Better before a session is begun than in its middle. @throws AppError 'bad-file' where weights of the graph are missing */
  assertHolds(graph: { readonly weights: readonly Weight[] }): void;
  /** Whether it has such a weight, in this shape. */
  holds(expr: WeightExpr): boolean;
}

export interface PackWeights extends ListedWeights {
  /**
   * What a graph reads: give it to `lazyGraph`. What is not kept is derived from what is; a matrix that is stored packed is given
   * widened to a graph that was built without `storedForm`.
   * @throws AppError 'bad-file' where the pack does not hold the weight
   */
  read(weight: Weight): Uint8Array<ArrayBuffer>;
  /** A weight's values as they are kept. @throws AppError 'bad-file' */
  values(key: string): Float32Array<ArrayBuffer>;
}

/** @throws AppError 'missing-file' when the pack has no such component, or a shard is gone; 'bad-file' when they do not fit */
export async function openWeights({ pack, shard }: OpenPack, id: ComponentId): Promise<PackWeights> {
  const component = pack.components[id];
  if (!component) throw new AppError('missing-file', `${pack.name}: this model has no ${id}.`);
  const shards = await Promise.all(component.shards.map(({ file }) => shard(file)));
  assertRanges(`${pack.name}: ${id}`, component, shards);
  return new OpenComponent(`${pack.name}: ${id}`, id, component, shards);
}

function assertRanges(where: string, { weights }: PackComponent, shards: readonly { size: number }[]): void {
  const sizes = shards.map(({ size }) => size);
  for (const [key, stored] of Object.entries(weights)) assertStored(`${where}: weight "${key}"`, stored, sizes);
}

/** @param where  names pack and component @throws AppError 'bad-file' where what pack.json says cannot be */
export function listedWeights(where: string, id: ComponentId, component: PackComponent): ListedWeights {
  assertRanges(
    where,
    component,
    component.shards.map(({ byteLength: size }) => ({ size })),
  );
  return new ListedComponent(where, id, component);
}

class ListedComponent implements ListedWeights {
  readonly config: unknown;
  protected readonly finder: WeightFinder;

  constructor(
    readonly where: string,
    id: ComponentId,
    readonly component: PackComponent,
  ) {
    const { config, weights: stored } = component;
    this.config = config;
    this.finder = new WeightFinder({
      where,
      stored,
      tensorShapes: () => {
        const wanted = componentWeights(id, { file: where, config }).map(({ expr }) => expr);
        return new Map(exprTensors(wanted).map(({ name, shape }) => [name, shape]));
      },
    });
  }

  // An arrow, so that it can be handed on alone.
  storedForm = (key: string, _shape?: readonly number[], matrix?: WeightExpr): StoredForm | undefined => {
    if (Object.hasOwn(this.component.weights, key)) return this.component.weights[key].form;
    const found = matrix && this.finder.find(matrix);
    return found && packedForm(found, (kept) => this.component.weights[kept].form);
  };

  assertHolds({ weights }: { readonly weights: readonly Weight[] }): void {
    const missing = weights.filter(({ expr }) => this.finder.find(expr) === undefined);
    if (missing.length > 0) throw this.missing(weightKey(missing[0].expr), missing.length - 1);
  }

  holds(expr: WeightExpr): boolean {
    try {
      return this.finder.find(expr) !== undefined;
    } catch (error) {
      if (error instanceof AppError && error.code === 'bad-file') return false; // of another shape
      throw error;
    }
  }

  protected missing(key: string, others = 0): AppError {
    const [more, are] = others > 0 ? [` and ${others} more`, 'are'] : ['', 'is'];
    return new AppError('bad-file', `${this.where}: weight "${key}"${more} ${are} not in this model; import it again.`);
  }
}

type PackedPart = 'quants' | 'scales';

class OpenComponent extends ListedComponent implements PackWeights {
  /** Scales of repacked matrices whose quants were asked for without them, by weight and form. A sixteenth of the quants. */
  readonly #scales = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Quants of the last matrix whose scales were asked for first. */
  #quants: { id: string; bytes: Uint8Array<ArrayBuffer> } | undefined;

  constructor(
    where: string,
    id: ComponentId,
    component: PackComponent,
    readonly shards: readonly SyncByteSource[],
  ) {
    super(where, id, component);
  }

  read = (weight: Weight): Uint8Array<ArrayBuffer> => {
    const key = weightKey(weight.expr);
    const found = this.finder.find(weight.expr);
    if (!found) throw this.missing(key);
    const where = `${this.where}: weight "${key}"`;
    if (found.op !== 'tensor') return this.#derived(found, weight, where);
    const stored = this.#find(found.name);
    const { part } = weight;
    if (part === 'values') return toGraphBytes(this.#bytes(stored), { form: stored.form, weight, where });
    const packed = this.#packed(found.name, part, { shape: exprShape(weight.expr), where });
    return toGraphBytes(packed, { form: part.form, weight, where });
  };

  values(key: string): Float32Array<ArrayBuffer> {
    const stored = this.#find(key);
    return fromStored(this.#bytes(stored), stored.form, elementCount(stored.shape));
  }

  #derived(found: WeightExpr, weight: Weight, where: string): Uint8Array<ArrayBuffer> {
    const { part } = weight;
    const asFloat32 = (values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
      toGraphBytes(
        { data: new Uint8Array(values.buffer) },
        { form: 'float32', weight: { ...weight, part: 'values' }, where },
      );
    if (part === 'values') return asFloat32(evaluateNow(found, (key) => this.values(key)));
    const read = (key: string): Uint8Array<ArrayBuffer> => {
      const { data, scales } = this.#packed(key, part, { shape: this.#find(key).shape, where });
      return part.of === 'quants' ? data : (scales ?? data);
    };
    const { of, form } = part;
    if (of === 'quants') return derivedQuants(found, { form, read });
    return asFloat32(derivedScales(found, { form, read }));
  }

  /** A part of a matrix as MatMulNBits reads it. */
  #packed(
    key: string,
    { of, form: to }: { of: PackedPart; form: PackedForm },
    { shape, where }: { shape: readonly number[]; where: string },
  ): StoredBytes {
    const stored = this.#find(key);
    const { form } = stored;
    if (!isPalette(form)) return this.#bytes(stored, of);
    const id = `${to} ${key}`;
    const kept = this.#taken(id, of);
    if (kept) return of === 'quants' ? { data: kept } : { data: new Uint8Array(0), scales: kept };
    const made = repack(this.#bytes(stored), { form, to, shape, where });
    if (of === 'scales') this.#quants = { id, bytes: made.data };
    else if (made.scales) this.#scales.set(id, made.scales);
    return made;
  }

  /** Each part is asked for once: it is not kept after that. */
  #taken(id: string, of: PackedPart): Uint8Array<ArrayBuffer> | undefined {
    const kept = of === 'scales' ? this.#scales.get(id) : this.#quants?.id === id ? this.#quants.bytes : undefined;
    if (of === 'scales') this.#scales.delete(id);
    else this.#quants = undefined;
    return kept;
  }

  #find(key: string): StoredWeight {
    if (Object.hasOwn(this.component.weights, key)) return this.component.weights[key];
    throw this.missing(key);
  }

  /** Bytes of a stored weight; of a packed matrix only the part that is asked for. */
  #bytes({ data, scales }: StoredWeight, part?: PackedPart): StoredBytes {
    const none = new Uint8Array(0);
    return {
      data: part === 'scales' ? none : this.#range(data),
      ...(scales && part !== 'quants' ? { scales: this.#range(scales) } : {}),
    };
  }

  #range({ shard, offset, byteLength }: ShardRange): Uint8Array<ArrayBuffer> {
    return this.shards[shard].readSync(offset, byteLength);
  }
}
