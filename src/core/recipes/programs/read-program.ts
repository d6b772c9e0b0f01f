/** A recipe out of the JSON of a program: every key is read, known to say nothing, or named in a note. */
import { canonicalKey, plainKey } from '../../recipe/infotext/key-names';
import { readPairs } from '../../recipe/infotext/parse';
import type { Note, Recipe } from '../../recipe/infotext';
import { parseJson } from '../../recipe/json-end';
import { takeHashes } from '../civitai-facts';
import { asBag, toPairs, without, type Bag } from '../json-pairs';
import { COMMON, COMMON_IGNORED } from './common-keys';
import { Draft, isNothing } from './draft';
import type { Program } from './program';

/** Names of keys in the note; a file can have hundreds. */
const MOST_NAMED = 12;
const HIRES = /^(hr|hires) /;

/** Undefined where there is no prompt. */
export function readProgram(program: Program, json: Bag): { recipe: Recipe; notes: Note[] } | undefined {
  const flat = withExtraArguments(flattenCommon(program.flatten?.(json) ?? json));
  const keys = new Map<string, unknown>();
  for (const [key, value] of Object.entries(flat)) if (!keys.has(plainKey(key))) keys.set(plainKey(key), value);
  const draft = new Draft();
  const unread: string[] = [];
  for (const [key, value] of Object.entries(flat)) readKey(program, { key, value, keys }, { draft, unread });
  if (draft.prompt === undefined && program.hasNoPrompt !== true) return undefined;
  addSize(keys, draft);
  const { prompt = '', negativePrompt } = draft;
  // A1111's API fills in what is not asked for: −1 draws a seed.
  const pairs = toPairs(draft.pairs).filter(({ value }) => value !== '-1');
  const { recipe, notes } = readPairs({ prompt, negativePrompt }, pairs, { isComfy: program.isComfy ?? false });
  if (draft.loras.length > 0) recipe.loras = draft.loras;
  takeHashes(recipe, flat['hashes']);
  return { recipe, notes: [...notes, ...draft.notes, ...noteUnread(program, unread)] };
}

const EXTRA = /\s*<sd_cpp_extra_args>([^]*?)<\/sd_cpp_extra_args>/;

/** The server of stable-diffusion.cpp takes settings out of the prompt. @see leejet/stable-diffusion.cpp, examples/server */
function withExtraArguments(flat: Bag): Bag {
  const prompt = typeof flat['prompt'] === 'string' ? flat['prompt'] : '';
  const [tag, inner] = EXTRA.exec(prompt) ?? [];
  if (tag === undefined) return flat;
  return flattenCommon({ ...flat, ...asBag(parseJson(inner ?? '')), prompt: prompt.replace(tag, '') });
}

/** What A1111's API and Civitai keep one level deeper. */
function flattenCommon(json: Bag): Bag {
  const inner = 'info' in json ? [] : Object.keys(json).filter((key) => NESTED.includes(key) && asBag(json[key]));
  const bags = inner.map((key) => flattenCommon(asBag(json[key]) ?? {}));
  const flat = Object.assign(
    {},
    asBag(json['extra_generation_params']),
    asBag(json['override_settings']),
    ...bags,
    without(json, ...inner),
  ) as Bag;
  return 'info' in json ? flat : Object.keys(json).reduce(withOwn, flat);
}

/** Settings beside the prompt, or the prompt among the settings: servers and sites do either. */
const NESTED = [
  'params',
  'parameters',
  'settings',
  'sample_params',
  'guidance',
  'generation_params',
  'generationParams',
  'options',
  'config',
  'advanced_params',
];

/** Other names for them; of what has other words before it, such as "detailer", the settings are of a part. */
const OF_PICTURE =
  /^(?:scheduler (?:options|settings|params)|(?:sampler|sampling|sample|generation|inference|diffusion|image|txt2img|t2i|text to image)(?: generation)? (?:options|settings|params|parameters|config))$/;

/** Where it says nothing else than what stands beside it. */
function withOwn(flat: Bag, key: string): Bag {
  const own = OF_PICTURE.test(plainKey(key)) ? asBag(flat[key]) : undefined;
  if (!own) return flat;
  const known = new Map(Object.entries(flat).map(([name, value]) => [plainKey(name), value]));
  const isSaid = ([name, value]: [string, unknown]): boolean =>
    known.has(plainKey(name)) && known.get(plainKey(name)) !== value;
  return Object.entries(own).some(isSaid) ? flat : { ...own, ...without(flat, key) };
}

interface Found {
  key: string;
  value: unknown;
  keys: ReadonlyMap<string, unknown>;
}

function readKey(
  program: Program,
  { key, value, keys }: Found,
  { draft, unread }: { draft: Draft; unread: string[] },
): void {
  const plain = plainKey(key);
  const own = program.keys?.[plain];
  if (own) return own(value, draft, keys);
  if (program.ignored?.includes(plain)) return;
  if (Object.hasOwn(COMMON, plain)) return COMMON[plain](value, draft, keys);
  const isVersion = key === 'Version' && /^[vf]\d/.test(String(value));
  const canonical = canonicalKey(key);
  const isHiresOff = HIRES.test(plain) && keys.has('enable hr') && keys.get('enable hr') !== true;
  const isValue = typeof value !== 'object' || value === null;
  // A1111's pages send it with every request; without a picture and a second pass it does nothing.
  const isIdle =
    (plain === 'denoise' && Number(value) === 1) ||
    (plain === 'denoising strength' && keys.get('enable hr') === false && !hasPicture(keys));
  const isVariationOff = plain === 'subseed' && Number(keys.get('subseed strength') ?? 0) === 0;
  if (isNothing(value) || isIdle || isVariationOff || isHiresOff || isSide(plain, value)) return;
  if (canonical !== undefined && isValue && (!COMMON_IGNORED.has(plain) || isVersion || /hash/.test(plain)))
    draft.put(canonical, value);
  else if (COMMON_IGNORED.has(plain) || key.startsWith('_')) return;
  // Civitai keeps the infotext's own keys.
  else if (/^[A-Z]/.test(key) && isValue && program.name === 'JSON') draft.put(key, value);
  else if (!isSmallNothing(value)) unread.push(key);
}

const isSide = (key: string, value: unknown): boolean =>
  key === 'width' || key === 'height' || (/^[wh]$/.test(key) && Number.isInteger(value) && Number(value) >= LEAST_SIDE);
const PICTURES = ['init images', 'init image', 'source image', 'image', 'mask'];

const hasPicture = (keys: ReadonlyMap<string, unknown>): boolean => PICTURES.some((key) => !isNothing(keys.get(key)));

/** 0 and 1 of switches and factors ask for nothing that can be named. */
function isSmallNothing(value: unknown): boolean {
  return isNothing(value) || value === 0 || value === -1 || value === '0';
}

function addSize(keys: ReadonlyMap<string, unknown>, draft: Draft): void {
  const named = ['width', 'height'].map((side) =>
    [side, `img ${side}`, `image ${side}`].map((key) => keys.get(key)).find((value) => !isNothing(value)),
  );
  const [width, height] = named.every((side) => side === undefined) ? otherSides(keys) : named;
  if (!isNothing(width) && !isNothing(height)) draft.put('Size', `${String(width)}x${String(height)}`);
  const [toWidth, toHeight] = ['x', 'y'].map((side) =>
    Number(keys.get(`hr resize ${side}`) ?? keys.get(`hr resize${side}`)),
  );
  if (toWidth > 0 && toHeight > 0 && keys.get('enable hr') !== false)
    draft.put('Hires resize', `${toWidth}x${toHeight}`);
  const [fromWidth, fromHeight] = [keys.get('seed resize from w'), keys.get('seed resize from h')].map(Number);
  if (fromWidth > 0 && fromHeight > 0) draft.put('Seed resize from', `${fromWidth}x${fromHeight}`);
}

const LEAST_SIDE = 64;

/** `W` and `H`, or those of the picture that a server answers with. */
function otherSides(keys: ReadonlyMap<string, unknown>): readonly unknown[] {
  const letters = ['w', 'h'].map((key) => keys.get(key));
  if (letters.every((side) => Number.isInteger(side) && Number(side) >= LEAST_SIDE)) return letters;
  const [first] = [keys.get('images')].flat();
  const picture = asBag(first);
  const isAnswer = ANSWERED.some((key) => keys.has(key)) || picture?.['content_type'] !== undefined;
  return isAnswer ? [picture?.['width'], picture?.['height']] : [];
}
const ANSWERED = ['timings', 'has nsfw concepts'];

function noteUnread({ name }: Program, unread: readonly string[]): Note[] {
  const keys = unread.filter((key) => !/^seed_resize_from/.test(key));
  if (keys.length === 0) return [];
  const more = keys.length > MOST_NAMED ? ` and ${keys.length - MOST_NAMED} more` : '';
  const of = name === 'JSON' ? 'the JSON' : name;
  return [{ key: 'JSON', message: `Not carried over from ${of}: ${keys.slice(0, MOST_NAMED).join(', ')}${more}.` }];
}
