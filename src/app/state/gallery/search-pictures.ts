/**
 * Finding pictures: by words of the prompts, the model, the sampler, by the seed; and by `seed:3 model:turbo sampler:euler size:512x768
 * date:2026-11 album:sea`. Thousands are asked with every key: what is looked at is made once for each.
 */
import { SAMPLERS, type SamplerEntry } from '../../../core/samplers';
import { readDates, type Dates } from './search-dates';
import type { Picture } from '../pictures/picture';

export const SORTS = {
  newest: { label: 'Newest first' },
  oldest: { label: 'Oldest first' },
  largest: { label: 'Largest first' },
  model: { label: 'By model' },
} as const;
export type SortId = keyof typeof SORTS;

export interface Wanted {
  query: string;
  onlyFavourites: boolean;
  /** Name of an album. */
  album?: string | undefined;
  sort: SortId;
}

type Test = (picture: Picture) => boolean;

const NOT_ASCII = /[^\x20-\x7e\n]/;

/** Lower case, no accents: "Café" is found by "cafe". Most texts have none, and normalising takes most of the time. */
function folded(text: string): string {
  return (NOT_ASCII.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text).toLowerCase();
}

interface Known {
  text: string;
  model: string;
  sampler: string;
}

const known = new WeakMap<Picture['request'], Known>();

function knownOf({ request, modelName }: Picture): Known {
  const found = known.get(request);
  if (found) return found;
  const entry: SamplerEntry | undefined = SAMPLERS[request.sampler];
  const model = folded(`${modelName}\n${request.model ?? ''}`);
  const sampler = folded(`${entry?.label ?? ''}\n${request.sampler}`);
  const { prompt, negativePrompt, seed } = request;
  const text = `${folded(`${prompt}\n${negativePrompt}`)}\n${model}\n${sampler}\n${seed}`;
  const made = { text, model, sampler };
  known.set(request, made);
  return made;
}

/** What a key asks of a picture; undefined where its value says nothing yet. */
const FILTERS: Record<string, (value: string, now: Date) => Test | undefined> = {
  seed: (value) => (picture) => String(picture.request.seed) === value,
  model: (value) => (picture) => knownOf(picture).model.includes(value),
  sampler: (value) => (picture) => knownOf(picture).sampler.includes(value),
  size: sizeTest,
  album: (value) => (picture) => picture.albums?.some((name) => folded(name).includes(value)) === true,
  date: (value, now) => {
    const dates = readDates(value, now);
    return dates && ofDates(dates);
  },
};

function ofDates({ from, to }: Dates): Test {
  return ({ madeAt }) => madeAt >= from && madeAt < to;
}

/** "512x768", "512×768", or one side alone. */
function sizeTest(value: string): Test | undefined {
  const [, first, second] = /^(\d+)(?:[x×](\d*))?$/.exec(value) ?? [];
  if (first === undefined) return undefined;
  const [a, b] = [Number(first), second ? Number(second) : undefined];
  if (b === undefined) return ({ width, height }) => width === a || height === a;
  return ({ width, height }) => width === a && height === b;
}

/** Words and `key:value`; what has blanks stands in quotes. */
export function searchTests(query: string, now: Date = new Date()): Test[] {
  const parts = query.match(/[\p{L}]+:"[^"]*"?|"[^"]*"?|\S+/gu) ?? [];
  return parts.flatMap((part): Test[] => {
    const [, key, quoted = ''] = /^(\p{L}+):(.*)$/u.exec(part) ?? [];
    const filter = key !== undefined && Object.hasOwn(FILTERS, key.toLowerCase()) && FILTERS[key.toLowerCase()];
    const value = folded(quoted.replaceAll('"', '').trim());
    if (filter) return value === '' ? [] : [filter(value, now) ?? (() => false)];
    const word = folded(part.replaceAll('"', ''));
    return word === '' ? [] : [(picture) => knownOf(picture).text.includes(word)];
  });
}

const ORDERS: Record<SortId, ((a: Picture, b: Picture) => number) | undefined> = {
  newest: undefined, // as the gallery has them
  oldest: (a, b) => a.madeAt - b.madeAt || a.id - b.id,
  largest: (a, b) => b.width * b.height - a.width * a.height || b.madeAt - a.madeAt,
  model: (a, b) => (a.modelName < b.modelName ? -1 : a.modelName > b.modelName ? 1 : b.madeAt - a.madeAt),
};

/** @param all  newest first */
export function findPictures(
  all: readonly Picture[],
  { query, onlyFavourites, album, sort }: Wanted,
): readonly Picture[] {
  const tests = searchTests(query);
  const isWanted: Test = (picture) =>
    (!onlyFavourites || picture.isFavourite === true) &&
    (album === undefined || picture.albums?.includes(album) === true) &&
    tests.every((test) => test(picture));
  const found = tests.length === 0 && !onlyFavourites && album === undefined ? all : all.filter(isWanted);
  const order = ORDERS[sort];
  return order ? [...found].sort(order) : found;
}

/** So many texts are made ready at once, in a few milliseconds. */
const CHUNK = 500;

/** Makes ready what the first search would make, while nothing else is to do. @returns to be called when it is not wanted any more */
export function warmSearch(pictures: readonly Picture[], idle = whenIdle): () => void {
  let isWanted = true;
  const warm = (from: number): void => {
    if (!isWanted) return;
    for (const picture of pictures.slice(from, from + CHUNK)) knownOf(picture);
    if (from + CHUNK < pictures.length) idle(() => warm(from + CHUNK));
  };
  idle(() => warm(0));
  return () => void (isWanted = false);
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work);
  else setTimeout(work);
}
