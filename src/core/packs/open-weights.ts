/** A component's weights out of a pack, one by one and at once, in the type a graph wants. */
import { AppError } from '../errors';
import type { SyncByteSource } from '../formats';
import { weightKey, type Weight, type WeightExpr } from '../graph';
import { transposed } from '../math';
import { fromStored, toGraphBytes, type StoredBytes } from '../weights/stored-form';
import { assertStored } from './assert-stored';
import type { ComponentId, PackComponent, ShardRange, StoredForm, StoredWeight } from './pack';
import type { OpenPack } from './pack-io';

export interface PackWeights {
  /** The hub's config.json. */
  readonly config: unknown;
  /** How a weight is stored: what `GraphForm.storedForm` asks. */
  storedForm(key: string): StoredForm | undefined;
  /** Better before a session is begun than in its middle. @throws AppError 'bad-file' where a weight of the graph is missing */
  assertHolds(graph: { readonly weights: readonly Weight[] }): void;
  /**
   * What a graph reads: give it to `lazyGraph`. A matrix that is stored packed is given widened to a graph that was built without
   * `storedForm`.
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
  const sizes = shards.map(({ size }) => size);
  for (const [key, stored] of Object.entries(component.weights))
    assertStored(`${pack.name}: ${id}: weight "${key}"`, stored, sizes);
  return new OpenComponent(`${pack.name}: ${id}`, component, shards);
}

class OpenComponent implements PackWeights {
  readonly config: unknown;

  constructor(
    readonly name: string,
    readonly component: PackComponent,
    readonly shards: readonly SyncByteSource[],
  ) {
    this.config = component.config;
  }

  // An arrow, so that it can be handed on alone.
  storedForm = (key: string): StoredForm | undefined =>
    Object.hasOwn(this.component.weights, key) ? this.component.weights[key].form : undefined;

  read = (weight: Weight): Uint8Array<ArrayBuffer> => {
    const key = weightKey(this.#keptExpr(weight.expr));
    const stored = this.#find(key);
    if (key !== weightKey(weight.expr)) return this.#turned(stored, weight);
    const part = weight.part === 'values' ? undefined : weight.part.of;
    return toGraphBytes(this.#bytes(stored, part), {
      form: stored.form,
      weight,
      where: `${this.name}: weight "${key}"`,
    });
  };

  assertHolds({ weights }: { readonly weights: readonly Weight[] }): void {
    for (const { expr } of weights) this.#find(weightKey(this.#keptExpr(expr)));
  }

  values(key: string): Float32Array<ArrayBuffer> {
    const stored = this.#find(key);
    return fromStored(this.#bytes(stored), stored.form);
  }

  /** Matrices are transposed for MatMul, but packed as they are. */
  #keptExpr(expr: WeightExpr): WeightExpr {
    const isPacked = expr.op === 'transpose' && this.storedForm(weightKey(expr)) === undefined;
    return isPacked && this.storedForm(weightKey(expr.of)) !== undefined ? expr.of : expr;
  }

  #turned(stored: StoredWeight, weight: Weight): Uint8Array<ArrayBuffer> {
    const [out, inner] = stored.shape;
    const values = transposed(fromStored(this.#bytes(stored), stored.form), out, inner);
    const where = `${this.name}: weight "${weightKey(weight.expr)}"`;
    return toGraphBytes({ data: new Uint8Array(values.buffer) }, { form: 'float32', weight, where });
  }

  #find(key: string): StoredWeight {
    if (Object.hasOwn(this.component.weights, key)) return this.component.weights[key];
    throw new AppError('bad-file', `${this.name}: weight "${key}" is not in this model; import it again.`);
  }

  /** Of a packed matrix only the part that is asked for. */
  #bytes({ data, scales }: StoredWeight, part?: 'quants' | 'scales'): StoredBytes {
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
