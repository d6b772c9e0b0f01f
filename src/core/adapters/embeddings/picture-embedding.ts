/** Embeddings in pictures: in a text chunk, or in the pixels. @see A1111 modules/textual_inversion/image_embedding.py */
import { fromBase64 } from '../../bytes/base64';
import { decodeUtf8 } from '../../bytes/text-bytes';
import { AppError } from '../../errors';
import { readPictureText, type StealthPixels } from '../../image/metadata';
import { readPngPixels } from '../../image/png-pixels';
import { readPng, isPng } from '../../image/metadata/png';
import type { Embedding } from './embedding';
import type { TextEncoderWidth } from './encoders';
import { readHiddenText } from './hidden-pixels';
import { makeEmbedding } from './make-embedding';

const KEYWORD = 'sd-ti-embedding';

/** A picture of some MB holds any embedding; larger ones hold none. */
const MOST_BYTES = 64 * 2 ** 20;

export const isPicture = (head: Uint8Array): boolean => isPng(head) || readPictureText(head).format === 'webp';

interface Picture {
  file: string;
  stem: string;
  decode: ((bytes: Uint8Array) => Promise<StealthPixels | undefined>) | undefined;
  encoders: readonly TextEncoderWidth[] | undefined;
}

/** JSON; undefined where there is none. */
async function hiddenText(bytes: Uint8Array, decode: Picture['decode']): Promise<string | undefined> {
  if (bytes.length > MOST_BYTES) return undefined;
  const chunk = isPng(bytes) ? readPng(bytes).texts.get(KEYWORD) : undefined;
  if (chunk !== undefined) return decodeUtf8(fromBase64(chunk) ?? new Uint8Array(0));
  const pixels = readPngPixels(bytes) ?? (await decode?.(bytes));
  return pixels && readHiddenText(pixels);
}

/** Whether one lies in this picture, be it damaged. False of what is no PNG and no WebP. */
export async function holdsEmbedding(bytes: Uint8Array, decode?: Picture['decode']): Promise<boolean> {
  return isPicture(bytes) && (await hiddenText(bytes, decode)) !== undefined;
}

/** @returns undefined where the picture holds none */
export async function readPictureEmbedding(
  bytes: Uint8Array,
  { file, stem, decode, encoders }: Picture,
): Promise<Embedding | undefined> {
  const json = await hiddenText(bytes, decode);
  if (json === undefined) return undefined;
  const data = parsed(json);
  const name = typeof data?.['name'] === 'string' && data['name'] !== '' ? data['name'] : stem;
  const params = data?.['string_to_param'];
  const tensors = Object.entries(isObject(params) ? params : {}).map(([key, value]) => ({ key, ...tensorOf(value) }));
  if (tensors.length === 0)
    throw new AppError(
      'bad-file',
      `${file}: the embedding in this picture is damaged: save the picture itself again, as a file that no site or program changed`,
    );
  return makeEmbedding(file, { name, tensors, encoders });
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function parsed(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** {"TORCHTENSOR": lists in lists}. */
function tensorOf(value: unknown): { shape: number[]; values: Float32Array } {
  const shape: number[] = [];
  let inner: unknown = isObject(value) ? value['TORCHTENSOR'] : undefined;
  const lists = inner;
  while (Array.isArray(inner) && shape.length < 4) {
    shape.push(inner.length);
    inner = (inner as unknown[])[0];
  }
  const flat = Array.isArray(lists) ? (lists as unknown[]).flat(4) : [];
  return { shape, values: Float32Array.from(flat, (one) => (typeof one === 'number' ? one : NaN)) };
}
