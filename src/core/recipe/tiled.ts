/** Tiled diffusion in recipes: one key, whose value is JSON. @see multidiffusion-upscaler-for-automatic1111, scripts/tilediffusion.py */
import { TILED_METHODS, type TiledMethod } from '../tiled-diffusion/tiles';
import { parseJson } from './json-end';
import type { Note, Recipe } from './recipe';
import { FIELD_DEFAULTS, type FieldValues } from './request';

export const TILED_KEY = 'Tiled Diffusion';

type TiledSettings = Pick<FieldValues, 'tiledMethod' | 'tileWidth' | 'tileHeight' | 'tileOverlap'>;

/** Its own words for them; `Tile batch size` is how many go through the network at once, which changes no picture. */
const WORDS = { tileWidth: 'Tile tile width', tileHeight: 'Tile tile height', tileOverlap: 'Tile Overlap' } as const;

/** What it can do besides, by the key that says so. */
const OTHERS: Readonly<Record<string, string>> = {
  'Region control': 'its regions with prompts of their own',
  NoiseInv: 'noise inversion',
  Upscaler: 'the upscaler that its picture went through',
};

const SIZES = Object.keys(WORDS) as (keyof typeof WORDS)[];

/** Undefined where there are no tiles. */
export function writeTiled({ tiledMethod = 'none', ...recipe }: Recipe): string | undefined {
  if (tiledMethod === 'none') return undefined;
  const pairs = [
    ['Method', TILED_METHODS[tiledMethod].label],
    ...SIZES.map((id) => [WORDS[id], recipe[id] ?? FIELD_DEFAULTS[id]]),
    ['Tile batch size', 1],
  ];
  // as Python spaces it
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')}}`;
}

/** Undefined where it is not this. */
export function readTiled(text: string): { settings: Partial<TiledSettings>; notes: Note[] } | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const said = value as Record<string, unknown>;
  const method = methodCalled(said['Method']);
  if (method === undefined) return undefined;
  const settings: Partial<TiledSettings> = { tiledMethod: method };
  for (const id of SIZES) {
    const cells = said[WORDS[id]];
    if (Number.isInteger(cells) && cells !== FIELD_DEFAULTS[id]) settings[id] = cells as number;
  }
  const left = Object.keys(OTHERS).filter((key) => Object.hasOwn(said, key));
  const message = `Of Tiled Diffusion this is not applied: ${left.map((key) => OTHERS[key]).join(', ')}.`;
  return { settings, notes: left.length > 0 ? [{ key: TILED_KEY, message }] : [] };
}

const methodCalled = (word: unknown): TiledMethod | undefined =>
  (Object.keys(TILED_METHODS) as TiledMethod[]).find((id) => TILED_METHODS[id].label === word);

/** Its first versions had a key for each. */
const OLD_WORDS = {
  [`${TILED_KEY} tile width`]: WORDS.tileWidth,
  [`${TILED_KEY} tile height`]: WORDS.tileHeight,
  [`${TILED_KEY} overlap`]: WORDS.tileOverlap,
};

const OLD_METHOD = `${TILED_KEY} method`;

/** @param take  of keys that nobody knows */
export function oldTiled(take: (key: string) => string | undefined): Partial<TiledSettings> {
  const method = take(OLD_METHOD);
  if (methodCalled(method) === undefined) return {};
  const sizes = Object.entries(OLD_WORDS).map(([old, word]) => [word, Number(take(old) ?? NaN)]);
  return readTiled(JSON.stringify({ Method: method, ...Object.fromEntries(sizes) }))?.settings ?? {};
}
