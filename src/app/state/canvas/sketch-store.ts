/**
 * What a picture to start from was painted of: the picture below and the colours over it, by the hash of both together, so that the
 * eraser works after a reload too. The last few are kept, apart from the pictures themselves, which need none of it.
 */
import type { Pixels } from '../../../engine/api';
import type { WordStore } from '../words/words.svelte';

export interface Sketch {
  base: Pixels;
  layer: Pixels;
}

interface Kept {
  /** Hash of base and layer together: another tab may have taken the slot since the index was read. Earlier entries have none. */
  hash?: string;
  width: number;
  height: number;
  /** RGBA, deflated where the browser can. */
  base: ArrayBuffer;
  layer: ArrayBuffer;
  isPacked: boolean;
}

/** Hashes by slot, the one written last at the end. */
type Index = readonly (readonly [slot: number, hash: string])[];

/** More than anyone goes back and forth between. Colours pack well, a photograph below them hardly: 4 bytes a pixel of it at most. */
const SLOTS = 8;
const INDEX = 'index';
const slotKey = (slot: number): string => `slot ${slot}`;

/** What was just kept is not named yet: the form names it a moment later. */
const FRESH_MS = 60_000;

/** When those of this visit were kept, by their hashes. */
const keptAt = new Map<string, number>();

/** Whoever changes the index reads it first: one after another, whichever shelf it is. Other tabs do not tidy up while this one is open. */
let changing: Promise<unknown> = Promise.resolve();

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const done = changing.then(task);
  changing = done.catch(() => undefined);
  return done;
}

/** Name of its database in the browser. */
export const SKETCH_STORE = 'gesso-sketches';

export class SketchStore {
  readonly #store: WordStore | undefined;

  /** @param store  without one nothing is kept */
  constructor(store: WordStore | undefined) {
    this.#store = store;
  }

  /** Undefined where it is not here. @throws what the storage throws */
  async get(hash: string): Promise<Sketch | undefined> {
    const slot = (await this.#index()).find(([, one]) => one === hash)?.[0];
    const kept = slot === undefined ? undefined : await this.#store?.get<Kept>(slotKey(slot));
    if (!kept || (kept.hash ?? hash) !== hash) return undefined;
    const { width, height, isPacked } = kept;
    const [base, layer] = await Promise.all([kept.base, kept.layer].map((bytes) => unpack(bytes, isPacked)));
    if (base.length !== 4 * width * height || layer.length !== base.length) return undefined;
    return { base: { width, height, data: base }, layer: { width, height, data: layer } };
  }

  /** @param instead  of an earlier state of the same, whose place it takes. @throws AppError 'quota' */
  put(hash: string, sketch: Sketch, instead?: string): Promise<void> {
    keptAt.set(hash, performance.now());
    return inTurn(() => this.#put(hash, sketch, instead));
  }

  async #put(hash: string, { base, layer }: Sketch, instead?: string): Promise<void> {
    const isPacked = typeof CompressionStream !== 'undefined'; // Safari has had it since 16.4
    const index = await this.#index();
    const known = index.find(([, one]) => one === hash) ?? index.find(([, one]) => one === instead);
    const [slot] = known ?? (index.length < SLOTS ? [freeSlot(index)] : index[0]);
    const [packedBase, packedLayer] = await Promise.all([base, layer].map(({ data }) => pack(data, isPacked)));
    const { width, height } = base;
    const kept: Kept = { hash, width, height, base: packedBase, layer: packedLayer, isPacked };
    const next: Index = [...index.filter(([one]) => one !== slot), [slot, hash]];
    await this.#store?.change([
      [slotKey(slot), kept],
      [INDEX, next],
    ]);
  }

  /** Hashes of the sketches that are kept, the one written last at the end. @throws what the storage throws */
  async hashes(): Promise<string[]> {
    return (await this.#index()).map(([, hash]) => hash);
  }

  /** So many more are kept before one goes. @throws what the storage throws */
  async room(): Promise<number> {
    return this.#store ? SLOTS - (await this.#index()).length : 0;
  }

  /** Drops those of pictures that nothing names any more. @throws what the storage throws */
  sweep(findNamed: () => ReadonlySet<string>, now: () => number = () => performance.now()): Promise<void> {
    return inTurn(() => this.#sweep(findNamed, now));
  }

  async #sweep(findNamed: () => ReadonlySet<string>, now: () => number): Promise<void> {
    const index = await this.#index();
    const named = findNamed();
    const stays = ([, hash]: Index[number]): boolean =>
      named.has(hash) || now() - (keptAt.get(hash) ?? -Infinity) < FRESH_MS;
    const gone = index.filter((entry) => !stays(entry));
    if (gone.length === 0) return;
    const left: Index = index.filter(stays);
    await this.#store?.change([...gone.map(([slot]) => [slotKey(slot), undefined] as const), [INDEX, left]]);
  }

  async #index(): Promise<Index> {
    return (await this.#store?.get<Index>(INDEX)) ?? [];
  }
}

function freeSlot(index: Index): number {
  const taken = new Set(index.map(([slot]) => slot));
  return Array.from({ length: SLOTS }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? 0;
}

type Bytes = Uint8ClampedArray<ArrayBuffer>;

async function pack(data: Bytes, isPacked: boolean): Promise<ArrayBuffer> {
  if (!isPacked) return data.slice().buffer;
  return await through(data, new CompressionStream('deflate-raw'));
}

async function unpack(bytes: ArrayBuffer, isPacked: boolean): Promise<Bytes> {
  return new Uint8ClampedArray(isPacked ? await through(bytes, new DecompressionStream('deflate-raw')) : bytes);
}

async function through(bytes: BlobPart, stream: CompressionStream | DecompressionStream): Promise<ArrayBuffer> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
}
