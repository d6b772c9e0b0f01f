/** What a U-Net reads of a picture beside its prompt: looked at by a vision tower, and made into keys and values by an adapter; none of it anew in each step. */
import { AppError } from '../../core/errors';
import type { Activations } from '../../core/graph';
import type { Pixels } from '../../core/image';
import type { PictureJoin } from '../../core/control/picture-joins';
import { sha256 } from '../../core/math/sha256';
import type { NamedTensor } from '../ports';
import type { Control } from './control';
import { oneAfterAnother, type KeysAndValues } from './seen-pictures';

export interface ReadPicture {
  tokens: number;
  /** Channels of all cross-attentions. */
  width: number;
  /** Keys and values of the picture. */
  positive: KeysAndValues;
  /** Keys and values of no picture, for what is guided away from. */
  negative: KeysAndValues;
}

/** How many pictures stay read, for each adapter with its tower. */
const KEPT = 4;

/** What was read, by adapter and tower as they are at hand: of another file, each is another. */
const kept = new WeakMap<Control, WeakMap<Control, Map<string, ReadPicture>>>();

export interface Looking {
  /** The pictures as the tower looks at them: see core/hints/image-prompt.ts */
  pictures: readonly Pixels[];
  /** What becomes of several. */
  join: PictureJoin;
  activations: Activations;
}

/**
 * Read once: the last few of an adapter are kept while it and the tower are at hand.
 * @throws AppError 'bad-request' where it has another size, and whatever loading throws
 */
export async function readPicture(adapter: Control, tower: Control, looking: Looking): Promise<ReadPicture> {
  const known = knownPictures(adapter, tower);
  const key = keyOf(looking);
  const found = known.get(key) ?? (await read(adapter, tower, looking));
  known.delete(key);
  known.set(key, found);
  for (const [oldest] of known) if (known.size > KEPT) known.delete(oldest);
  return found;
}

/** Whether reading it loads nothing. */
export const isRead = (adapter: Control, tower: Control, looking: Looking): boolean =>
  knownPictures(adapter, tower).has(keyOf(looking));

const keyOf = ({ pictures, join, activations }: Looking): string =>
  [activations, join, ...pictures.map(({ data }) => sha256(new Uint8Array(data)))].join(' ');

function knownPictures(adapter: Control, tower: Control): Map<string, ReadPicture> {
  const byTower = kept.get(adapter) ?? new WeakMap<Control, Map<string, ReadPicture>>();
  kept.set(adapter, byTower);
  const known = byTower.get(tower) ?? new Map<string, ReadPicture>();
  byTower.set(tower, known);
  return known;
}

async function read(adapter: Control, tower: Control, { pictures, join, activations }: Looking): Promise<ReadPicture> {
  const { imagePrompt } = adapter;
  if (!imagePrompt) throw new RangeError(`${adapter.entry.name} reads no pictures`);
  const { readsParts } = imagePrompt;
  const all: NamedTensor[] = [];
  for (const pixels of pictures) all.push(await tower.lookAt(normalised(pixels, tower), readsParts, activations));
  const seen = join === 'concat' || all.length === 1 ? all : [joined(all, JOINS[join])];
  const nothing = await nothingSeen(tower, seen[0], { readsParts, activations });
  const made = await adapter.readSeen([...seen, nothing], activations);
  const positive = oneAfterAnother(made.slice(0, -1));
  // as often: keys that are the same weigh as one
  const negative = oneAfterAnother(seen.map(() => made[made.length - 1]));
  const width = imagePrompt.layers.reduce((sum, channels) => sum + channels, 0);
  return { tokens: positive.keys.length / width, width, positive, negative };
}

/** What becomes of one number in all pictures, first to last. */
const JOINS: Readonly<Record<Exclude<PictureJoin, 'concat'>, (numbers: readonly number[]) => number>> = {
  average: (numbers) => sum(numbers) / numbers.length,
  add: sum,
  subtract: ([first, ...others]) => first - sum(others) / others.length,
  norm_average: (numbers) => {
    const length = Math.hypot(...numbers);
    return length === 0 ? 0 : sum(numbers) / length / numbers.length;
  },
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function joined(all: readonly NamedTensor[], join: (numbers: readonly number[]) => number): NamedTensor {
  const [{ data, dims }] = all;
  return { data: Float32Array.from(data, (_, i) => join(all.map((one) => one.data[i]))), dims };
}

/**
 * For a whole picture zeros; for its parts what the tower says of a picture that is zero everywhere, which is no black one.
 * @see reference: tencent-ailab/IP-Adapter get_image_embeds; diffusers encode_image
 */
async function nothingSeen(
  tower: Control,
  seen: NamedTensor,
  { readsParts, activations }: { readsParts: boolean; activations: Activations },
): Promise<NamedTensor> {
  if (!readsParts) return { data: new Float32Array(seen.data.length), dims: seen.dims };
  const side = tower.vision?.side ?? 0;
  return tower.lookAt({ data: new Float32Array(3 * side ** 2), dims: [1, 3, side, side] }, readsParts, activations);
}

/** Mean and deviation of CLIP's pictures, red, green and blue. @see transformers OPENAI_CLIP_MEAN, OPENAI_CLIP_STD */
const MEAN = [0.48145466, 0.4578275, 0.40821073];
const DEVIATION = [0.26862954, 0.26130258, 0.27577711];

function normalised({ width, height, data }: Pixels, tower: Control): NamedTensor {
  const side = tower.vision?.side ?? 0;
  if (width !== side || height !== side)
    throw new AppError(
      'bad-request',
      `${tower.entry.name} looks at pictures of ${side} × ${side} pixels, and this one has ${width} × ${height}.`,
    );
  const count = side ** 2;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) planes[c * count + i] = (data[4 * i + c] / 255 - MEAN[c]) / DEVIATION[c];
  return { data: planes, dims: [1, 3, side, side] };
}
