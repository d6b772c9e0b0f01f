/** What a low-rank product is multiplied by. @see kohya-ss/sd-scripts networks/lora.py; huggingface/peft LoraConfig; diffusers _get_alpha_name */
import { AppError } from '../errors';
import { NEUMANN_TERMS } from './column-rotation';

/** PEFT's settings, from adapter_config.json or from a file's metadata. */
export interface PeftConfig {
  rank: number | undefined;
  alpha: number | undefined;
  isRankStabilised: boolean;
  rankPattern: Readonly<Record<string, number>>;
  alphaPattern: Readonly<Record<string, number>>;
}

type Json = Readonly<Record<string, unknown>>;

const numberAt = (json: Json, key: string): number | undefined =>
  typeof json[key] === 'number' && Number.isFinite(json[key]) ? json[key] : undefined;

function patternAt(json: Json, key: string): Record<string, number> {
  const value = json[key];
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** @param prefix  "unet." where one object holds the settings of several components */
export function peftConfig(json: unknown, prefix = ''): PeftConfig | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const own = json as Json;
  const at = (key: string): string => prefix + key;
  const rank = numberAt(own, at('r'));
  const alpha = numberAt(own, at('lora_alpha')) ?? numberAt(own, at('alpha'));
  if (rank === undefined && alpha === undefined) return undefined;
  return {
    rank,
    alpha,
    isRankStabilised: own[at('use_rslora')] === true,
    rankPattern: patternAt(own, at('rank_pattern')),
    alphaPattern: patternAt(own, at('alpha_pattern')),
  };
}

/** How PEFT turns the blocks of an OFT, by its settings: terms of Neumann's series, or the exact transform. */
export function cayleyTerms(json: unknown): number | 'exact' {
  const own = typeof json === 'object' && json !== null ? (json as Json) : {};
  if (own['use_cayley_neumann'] === false) return 'exact';
  return numberAt(own, 'num_cayley_neumann_terms') ?? NEUMANN_TERMS;
}

export interface Scaling {
  /** "file: layer", for the message. */
  where: string;
  alpha: number | undefined;
  /** Stored as it is: in files of A1111's own. */
  scale: number | undefined;
  /** Undefined for kinds that are not scaled. */
  rank: number | undefined;
  peft: PeftConfig | undefined;
  /** Path of the layer. */
  path: string;
}

/** @throws AppError 'bad-file' for an alpha that is none */
export function scaleOf({ where, alpha, scale, rank, peft, path }: Scaling): number {
  const wrong = [alpha, scale].find((value) => value !== undefined && !Number.isFinite(value));
  if (wrong !== undefined || (alpha !== undefined && alpha < 0))
    throw new AppError(
      'bad-file',
      `${where} has alpha ${wrong ?? alpha}; allowed is any number from 0 on: the training went wrong, take another version of the file`,
    );
  if (scale !== undefined) return scale;
  if (alpha !== undefined) return rank === undefined || alpha === 0 ? 1 : alpha / rank;
  return peft ? peftScale(peft, path, rank) : 1;
}

/** PEFT scales LoKr of whole factors too: then the rank is the one it was asked for. */
function peftScale(peft: PeftConfig, path: string, rank: number | undefined): number {
  const own = rank ?? matching(peft.rankPattern, path) ?? peft.rank;
  const alpha = peftAlpha(peft, path);
  if (own === undefined || alpha === undefined) return 1;
  return alpha / (peft.isRankStabilised ? Math.sqrt(own) : own);
}

/** A layer's own, where the settings have one for it. */
export const peftAlpha = (peft: PeftConfig, path: string): number | undefined =>
  matching(peft.alphaPattern, path) ?? peft.alpha;

/**
 * Patterns are ends of layers' names, whole names where they begin with "^", as diffusers writes them. They are regular expressions to
 * PEFT: of these only escaped dots are read, so that no file can make one that takes forever.
 */
function matching(pattern: Readonly<Record<string, number>>, path: string): number | undefined {
  const key = Object.keys(pattern).find((one) => {
    const name = one.replaceAll('\\.', '.');
    if (name.startsWith('^')) return path === name.slice(1);
    return path === name || path.endsWith(`.${name}`);
  });
  return key === undefined ? undefined : pattern[key];
}

/**
 * Whether settings name layers by expressions that are not read here: see `matching`.
 *
 * @param asksRank some layer has no rank of its own, and takes that of the settings
 */
export function hasUnreadPatterns(json: unknown, asksRank: boolean): boolean {
  const wanted = asksRank ? /(^|\.)(rank|alpha)_pattern$/ : /(^|\.)alpha_pattern$/;
  const settings = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const keys = settings
    .filter(([key]) => wanted.test(key))
    .flatMap(([, value]) => Object.keys(typeof value === 'object' && value !== null ? value : {}));
  return keys.some((key) => /[*+?()[\]{}|$^\\]/.test(key.replace(/^\^/, '').replaceAll(String.raw`\.`, '.')));
}
