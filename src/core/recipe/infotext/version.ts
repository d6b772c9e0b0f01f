/** What an old "Version" means for a recipe. @see A1111 modules/infotext_versions.py */

/** Release numbers, then how many commits after it; a release candidate comes before. */
type Version = readonly number[];

const VERSION = /^v?(\d{1,9}(?:\.\d{1,9}){0,9})(?:-?(rc|a|b|alpha|beta|pre)[-.]?(\d{0,9}))?(?:-(\d{1,9}))?$/i;
const CANDIDATE = -1;

/** `v1.6.0-2-g4afaaf8a` is 1.6.0 and 2 commits. Undefined for what is no version of A1111: Forge's, ours. */
export function parseVersion(text: string): Version | undefined {
  const described = /^([^-]+-[^-]+)-/.exec(text)?.[1] ?? text;
  const match = VERSION.exec(described);
  if (!match) return undefined;
  const [, release, candidate, , commits] = match;
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return [major, minor, patch, candidate === undefined ? Number(commits ?? 0) : CANDIDATE];
}

/** Is `text` a version of A1111 before this one? */
export function isBefore(text: string | undefined, limit: Version): boolean {
  const version = text === undefined ? undefined : parseVersion(text);
  if (!version) return false;
  const at = limit.findIndex((number, i) => number !== version[i]);
  return at !== -1 && version[at] < limit[at];
}

/** Forge's, which have A1111's behind them: `f2.0.1v1.10.1-previous-669-gdfdcbab6`. */
export const isForge = (text = ''): boolean => /^f\d+\.\d/.test(text);

export const V1_6_0: Version = [1, 6, 0, 0];
export const V1_7_0_225: Version = [1, 7, 0, 225];
export const V1_8_0: Version = [1, 8, 0, 0];
export const V1_9_0: Version = [1, 9, 0, 0];

/**
 * Keys that A1111 writes since they can be switched: what older versions did without a word, so that their texts are read as if they
 * said it. A newer text, or one without a version, in which a key is missing means that it is off.
 */
export const ASSUMED: readonly { key: string; before: Version; words: string }[] = [
  { key: 'Old prompt editing timelines', before: V1_6_0, words: 'read the numbers of [a:b:0.5] in another way' },
  { key: 'Pad conds v0', before: V1_6_0, words: 'cut or padded the negative prompt to the length of the prompt' },
  { key: 'Downcast alphas_cumprod', before: V1_7_0_225, words: 'rounded its noise levels to 16 bits' },
];
