/** How the values of an infotext are written and read, by kind. */
import { parseFloatStrictly, trimSpace } from '../prompt/characters';
import { parseJson } from './json-end';
import { toSeedValue, type SeedValue } from './seed-value';
import type { LoraWeight } from './lora-weight';

export interface ValueKind<Value> {
  /** Any text is a value, also none. */
  isText?: boolean;
  /** What it is called where a value is none. */
  name: string;
  /** Undefined where the text is no such value. */
  read(text: string): Value | undefined;
  write(value: Value): string;
}

export const NUMBER: ValueKind<number> = { name: 'a number', read: parseFloatStrictly, write: String };

export const INTEGER: ValueKind<number> = {
  name: 'a whole number',
  read(text) {
    const value = parseFloatStrictly(text);
    return Number.isSafeInteger(value) ? value : undefined;
  },
  write: String,
};

/** −(2^63) … 2^64 − 1, exactly. */
export const SEED: ValueKind<SeedValue> = {
  name: 'a whole number below 2^64',
  read(text) {
    const digits = trimSpace(text);
    return /^-?\d{1,20}$/.test(digits) ? toSeedValue(BigInt(digits)) : undefined;
  },
  write: String,
};

export const TEXT: ValueKind<string> = { isText: true, name: 'a text', read: (text) => text, write: (text) => text };

/** Python's booleans; `False` is as good as not said, and read all the same. */
export const FLAG: ValueKind<boolean> = {
  name: 'True or False',
  read: (text) => (text === 'True' ? true : text === 'False' ? false : undefined),
  write: (value) => (value ? 'True' : 'False'),
};

/** A flag that is one of the words of a choice. */
export function flagWord<Word extends string>(on: Word, off: Word): ValueKind<Word> {
  return {
    name: FLAG.name,
    read(text) {
      const flag = FLAG.read(text);
      return flag === undefined ? undefined : flag ? on : off;
    },
    write: (word) => FLAG.write(word === on),
  };
}

/** The labels of a table; its ids in the recipe. */
/** @param isOpen  other words are values, too */
export function labelled(table: Readonly<Record<string, { label: string }>>, isOpen = false): ValueKind<string> {
  const entries = Object.entries(table);
  const other = (text: string): string | undefined => (isOpen && text.trim() !== '' ? text.trim() : undefined);
  return {
    name: `one of ${entries.map(([, { label }]) => label).join(', ')}`,
    read(text) {
      const wanted = text.trim().toLowerCase();
      return entries.find(([id, { label }]) => label.toLowerCase() === wanted || id === wanted)?.[0] ?? other(text);
    },
    write: (id) => (Object.hasOwn(table, id) ? table[id].label : id),
  };
}

export interface Size {
  width: number;
  height: number;
}

/** `512x768`: width first. Others write `512 x 768`, `512×768` and `(512, 768)`. */
export const SIZE: ValueKind<Size> = {
  name: 'a size such as 512x768',
  read(text) {
    const match = /^[([]?(\d{1,9})(?:\.0+)?\s*[x×*,]\s*(\d{1,9})(?:\.0+)?[)\]]?$/i.exec(trimSpace(text));
    return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
  },
  write: ({ width, height }) => `${width}x${height}`,
};

/** `name: hash, name2: hash`. A name is as in the tag, without `:` and `,`. */
export const HASHES: ValueKind<Record<string, string>> = {
  name: 'a list such as "name: 0123456789ab"',
  read(text) {
    const entries = text.split(',').map((part) => {
      const colon = part.lastIndexOf(':');
      return [trimSpace(part.slice(0, colon)), trimSpace(part.slice(colon + 1))] as const;
    });
    const isSound = entries.every(([name, hash]) => name !== '' && /^[0-9a-f]{6,64}$/i.test(hash));
    return isSound ? Object.fromEntries(entries) : undefined;
  },
  write: (hashes) =>
    Object.entries(hashes)
      .map(([name, hash]) => `${name}: ${hash}`)
      .join(', '),
};

/** `name:unet:text`, as in a tag; a name has no `,`. */
export const LORAS: ValueKind<LoraWeight[]> = {
  name: 'a list such as "name:0.8:1"',
  read(text) {
    const loras = text.split(', ').map((part) => {
      const [encoder, unet, ...name] = part.split(':').reverse();
      return {
        name: name.reverse().join(':'),
        unet: parseFloatStrictly(unet ?? ''),
        text: parseFloatStrictly(encoder),
      };
    });
    return loras.every(
      (lora): lora is LoraWeight => lora.name !== '' && lora.unet !== undefined && lora.text !== undefined,
    )
      ? loras
      : undefined;
  },
  write: (loras) => loras.map(({ name, unet, text }) => `${name.replaceAll(',', ' ')}:${unet}:${text}`).join(', '),
};

/**
 * JSON's quotes around what would otherwise end early. A1111 leaves a value that begins with a quote as it is, and then reads
 * another one. Other characters than ASCII stay.
 */
export function quote(value: string): string {
  return /[,:\n]|^["\s]/.test(value) ? JSON.stringify(value) : value;
}

/** What stands between quotes where they are JSON's, else the text as it is. */
export function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value;
  const text = parseJson(value);
  return typeof text === 'string' ? text : value;
}
