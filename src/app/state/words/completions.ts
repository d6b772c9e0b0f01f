/** What may be meant at the caret: names behind `<lora:`, `embedding:` and `__`, else whole tags and words. */
import type { Tag } from './tags';

export interface Known {
  /** Names in tags, with their kind: `lora`, `lyco`. */
  networks: readonly string[];
  embeddings: readonly string[];
  lists: readonly string[];
  /** Words of the model, and trigger words: the likeliest first. */
  words: readonly string[];
  tags: readonly Tag[];
}

export interface Completion {
  /** What takes the place of `from` to the caret. */
  insert: string;
  label: string;
  /** What it is: read aloud with it. */
  kind: string;
  from: number;
}

/** Most completions that are offered: as many as are looked through at a glance. */
const MOST = 6;
/** Fewer letters say too little. */
const LEAST = 2;

/** @param caret  where it stands in `text`; what lies behind it stays */
export function completionsAt(text: string, caret: number, known: Known): Completion[] {
  const before = text.slice(0, caret);
  if (/[\p{L}\p{N}_]/u.test(text.charAt(caret))) return []; // amid a word
  const [, lora] = /<lora:([^<>:\n]*)$/.exec(before) ?? [];
  if (lora !== undefined)
    return named(known.networks, lora, caret, (name) => ({ insert: `${name}:1>`, label: name, kind: 'LoRA' }));
  const [, embedding] = /embedding:([^\s,:()[\]]*)$/.exec(before) ?? [];
  if (embedding !== undefined)
    return named(known.embeddings, embedding, caret, (name) => ({ insert: name, label: name, kind: 'embedding' }));
  const [, list] = /(?:^|[^_\p{L}\p{N}])__([^_\s(){}|]*)$/u.exec(before) ?? [];
  if (list !== undefined)
    return named(known.lists, list, caret, (name) => ({ insert: `${name}__`, label: `__${name}__`, kind: 'list' }));
  return wordsAt(before, caret, known);
}

function named(
  names: readonly string[],
  typed: string,
  caret: number,
  of: (name: string) => Omit<Completion, 'from'>,
): Completion[] {
  const key = typed.toLowerCase();
  const ranked = names
    .map((name) => ({ name, at: name.toLowerCase().indexOf(key) }))
    .filter(({ name, at }) => at >= 0 && name !== typed)
    .sort((a, b) => a.at - b.at || a.name.localeCompare(b.name));
  return ranked.slice(0, MOST).map(({ name }) => ({ ...of(name), from: caret - typed.length }));
}

/** The longest end of what was typed that something begins with: tags have blanks. */
function wordsAt(before: string, caret: number, known: Known): Completion[] {
  const [segment = ''] = /[^,\n()[\]{}|<>]*$/.exec(before) ?? [];
  const starts = [...segment.matchAll(/(?<=^|\s)\S/g)].map(({ index }) => index);
  for (const start of starts) {
    const typed = segment.slice(start);
    if (typed.length < LEAST || typed.length > 60) continue;
    const found = matching(typed.toLowerCase(), known);
    if (found.length > 0) return found.map((one) => ({ ...one, from: caret - typed.length }));
  }
  return [];
}

/** Nothing where the word is there in full already. */
function matching(typed: string, known: Known): Omit<Completion, 'from'>[] {
  const found = new Map<string, Omit<Completion, 'from'>>();
  const add = (name: string, kind: string, label = name): void => {
    if (found.size < MOST && !found.has(name)) found.set(name, { insert: escaped(name), label, kind });
  };
  for (const word of known.words) {
    if (word.toLowerCase() === typed) return [];
    if (word.toLowerCase().startsWith(typed)) add(word, 'word');
  }
  for (const name of known.embeddings) if (name.toLowerCase().startsWith(typed)) add(name, 'embedding');
  for (const { tag, lower, lowerAliases } of likeliest(known.tags, typed)) {
    if (found.size >= MOST) break;
    if (lower === typed) return [];
    const alias = tag.aliases[lowerAliases.findIndex((one) => one.startsWith(typed))];
    if (lower.startsWith(typed)) add(tag.name, said(tag.count));
    else if (alias !== undefined) add(tag.name, said(tag.count), `${alias} → ${tag.name}`);
  }
  return [...found.values()];
}

interface Lowered {
  tag: Tag;
  lower: string;
  lowerAliases: readonly string[];
}

/** Tags in lower case by their first letters, for each list: some have 140,000, which are looked through at each key. */
const byBeginning = new WeakMap<readonly Tag[], ReadonlyMap<string, readonly Lowered[]>>();

/** Those that begin so, or whose aliases do, among others, in their order. @param typed  of at least `LEAST` letters */
function likeliest(tags: readonly Tag[], typed: string): readonly Lowered[] {
  const known = byBeginning.get(tags) ?? indexed(tags);
  byBeginning.set(tags, known);
  return known.get(typed.slice(0, LEAST)) ?? [];
}

function indexed(tags: readonly Tag[]): Map<string, Lowered[]> {
  const all = new Map<string, Lowered[]>();
  for (const tag of tags) {
    const one = { tag, lower: tag.name.toLowerCase(), lowerAliases: tag.aliases.map((alias) => alias.toLowerCase()) };
    const put = (text: string): void => {
      const key = text.slice(0, LEAST);
      const there = all.get(key);
      if (!there) all.set(key, [one]);
      else if (there.at(-1) !== one) there.push(one);
    };
    put(one.lower);
    one.lowerAliases.forEach(put);
  }
  return all;
}

/** Brackets of a tag are text, not weights. */
const escaped = (name: string): string => name.replace(/[()]/g, '\\$&');

function said(count: number): string {
  if (count === 0) return 'tag';
  return `tag, ${count >= 1_000_000 ? `${(count / 1e6).toFixed(1)}M` : count >= 1000 ? `${Math.round(count / 1000)}k` : count}`;
}
