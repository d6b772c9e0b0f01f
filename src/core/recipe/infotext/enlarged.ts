/** A finished picture made larger by a network of the app, as A1111 tells it. @see A1111 scripts/postprocessing_upscale.py */
import { ENLARGERS, isEnlargerId, type EnlargerId } from '../hires-upscalers';
import type { Recipe } from '../recipe';

/** Upscalers of the library have this key: nothing tells how much larger they make a picture. Older texts have it of all. */
export const ENLARGED_KEY = 'Enlarged with';

const BY = 'Postprocess upscale by';
const UPSCALER = 'Postprocess upscaler';

/** None where nothing is enlarged, or by a network of the library. */
export function writeEnlarged({ enlarger }: Recipe): [key: string, value: string][] {
  if (!isEnlargerId(enlarger)) return [];
  const { label, scale } = ENLARGERS[enlarger];
  return [
    [BY, String(scale)],
    [UPSCALER, label],
  ];
}

/**
 * What is done here as it was there, which is taken out of the values. By another factor, or another network, it is not: those stay, to be
 * told of.
 */
export function takeEnlarged(values: Map<string, string>): EnlargerId | undefined {
  const label = values.get(UPSCALER)?.toLowerCase();
  const scale = Number(values.get(BY));
  const isSame = (id: EnlargerId): boolean =>
    ENLARGERS[id].label.toLowerCase() === label && ENLARGERS[id].scale === scale;
  const found = (Object.keys(ENLARGERS) as EnlargerId[]).find(isSame);
  if (found === undefined) return undefined;
  values.delete(BY);
  values.delete(UPSCALER);
  return found;
}
