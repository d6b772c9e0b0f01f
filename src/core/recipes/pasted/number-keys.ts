/** Settings whose values are numbers, for all readings that ask whether a word and what stands behind it are one. */

interface NumberKey {
  /** Any recipe has it: some of these together tell a recipe from words. */
  isCommon?: true;
  /** Its number may have a fraction, which many countries write with a comma. */
  hasFraction?: true;
}

/** By A1111's keys; width and height stand alone on pages. */
const NUMBER_KEYS: Readonly<Record<string, NumberKey>> = {
  Steps: { isCommon: true },
  'CFG scale': { isCommon: true, hasFraction: true },
  Seed: { isCommon: true },
  width: { isCommon: true },
  height: { isCommon: true },
  'Clip skip': {},
  'Denoising strength': { hasFraction: true },
  'Hires upscale': { hasFraction: true },
  'Hires steps': {},
  ENSD: {},
  Eta: { hasFraction: true },
};

/** Sizes are two numbers, and none of these. */
export const isNumberKey = (key: string): boolean => Object.hasOwn(NUMBER_KEYS, key);

/** The steps, the scale, the seed, or a size. */
export const isCommonKey = (key: string): boolean =>
  key === 'Size' || (isNumberKey(key) && NUMBER_KEYS[key].isCommon === true);

export const hasFraction = (key: string): boolean => isNumberKey(key) && NUMBER_KEYS[key].hasFraction === true;

/** A number and nothing else. */
export const isWholeNumber = (value: string): boolean => /^\s*-?\d+(?:\.\d+)?\s*$/.test(value);

/** "512x768". */
export const isWholeSize = (value: string): boolean => /^\s*\d{2,5} ?[x×*] ?\d{2,5}\s*$/i.test(value);
