/** What a U-Net reads of a picture beside its prompt: looked at by a vision tower, and made into keys and values by an adapter; none of it anew in each step. */
import { AppError } from '../../core/errors';
import type { Activations } from '../../core/graph';
import type { Pixels } from '../../core/image';
import { sha256 } from '../../core/math/sha256';
import type { NamedTensor } from '../ports';
import type { Control } from './control';
import type { KeysAndValues } from './seen-pictures';

export interface ReadPicture {
  tokens: number;
  /** Channels of all cross-attentions. */
  width: number;
  /** Of the picture. */
  positive: KeysAndValues;
  /** For what is guided away from: of no picture. */
  negative: KeysAndValues;
}

/** Pictures that stay read, of each adapter. */
const KEPT = 4;

const kept = new WeakMap<Control, Map<string, ReadPicture>>();

/**
 * Read once: the last few of an adapter are kept while that is at hand.
 * @param pixels  as the tower looks at it: see core/hints/image-prompt.ts
 * @throws AppError 'bad-request' where it has another size, and whatever loading throws
 */
export async function readPicture(
  adapter: Control,
  tower: Control,
  { pixels, activations }: { pixels: Pixels; activations: Activations },
): Promise<ReadPicture> {
  const known = kept.get(adapter) ?? new Map<string, ReadPicture>();
  kept.set(adapter, known);
  const key = `${tower.entry.id} ${activations} ${sha256(new Uint8Array(pixels.data))}`;
  const found = known.get(key) ?? (await read(adapter, tower, { pixels, activations }));
  known.delete(key);
  known.set(key, found);
  for (const [oldest] of known) if (known.size > KEPT) known.delete(oldest);
  return found;
}

async function read(
  adapter: Control,
  tower: Control,
  { pixels, activations }: { pixels: Pixels; activations: Activations },
): Promise<ReadPicture> {
  const { imagePrompt } = adapter;
  if (!imagePrompt) throw new RangeError(`${adapter.entry.name} reads no pictures`);
  const planes = normalised(pixels, tower);
  const seen = await tower.lookAt(planes, imagePrompt.readsParts, activations);
  const nothing = await nothingSeen(tower, seen, { readsParts: imagePrompt.readsParts, activations });
  const [positive, negative] = await adapter.readSeen([seen, nothing], activations);
  const width = imagePrompt.layers.reduce((sum, channels) => sum + channels, 0);
  return { tokens: positive.keys.length / width, width, positive, negative };
}

/**
 * Of the whole picture zeros; of its parts what the tower says of a picture that is zero everywhere, which is no black one.
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

/** Of CLIP's pictures, red, green and blue. @see transformers OPENAI_CLIP_MEAN, OPENAI_CLIP_STD */
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
