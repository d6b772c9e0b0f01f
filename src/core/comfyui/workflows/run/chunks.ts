/** What ComfyUI writes into its pictures, and what it calls their files. */
import type { ApiPrompt } from '../convert/prompt';
import { writeDocument, writeJson, type ComfyDocument, type Json } from '../document';
import type { KeptPicture } from './graph-walk';

/** Texts of a PNG by their keywords: what ran, and what its editor shows. */
export interface ComfyTexts {
  prompt: string;
  workflow?: string;
}

/** @param document  left out where the file had only what ran */
export function comfyTexts(prompt: ApiPrompt, document?: ComfyDocument): ComfyTexts {
  return {
    prompt: ascii(prompt as unknown as Json),
    ...(document && { workflow: ascii(writeDocument(document)) }),
  };
}

/** JSON as Python writes it, so that it is a tEXt chunk. */
const ascii = (json: Json): string =>
  writeJson(json).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A name for each picture, numbered from 1 as in an empty folder; may have folders. */
export function comfyFileNames(pictures: readonly KeptPicture[], now: Date): string[] {
  const counts = new Map<string, number>();
  return pictures.map(({ prefix, batch = 0 }) => {
    const name = safeName(dated(prefix.replaceAll('%batch_num%', String(batch)), now));
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}_${String(count).padStart(5, '0')}_.png`;
  });
}

/** What ComfyUI's server fills in; sizes are not known before. */
function dated(prefix: string, now: Date): string {
  const parts: Readonly<Record<string, number>> = {
    year: now.getFullYear(),
    month: now.getMonth() + 1,
    day: now.getDate(),
    hour: now.getHours(),
    minute: now.getMinutes(),
    second: now.getSeconds(),
  };
  return prefix.replace(/%(year|month|day|hour|minute|second)%/g, (_, part: string) =>
    String(parts[part]).padStart(2, '0'),
  );
}

/** A prefix as a path within its folder, without what file systems refuse. */
const safeName = (prefix: string): string =>
  prefix
    .split(/[\\/]/)
    .filter((part) => !/^\.*$/.test(part))
    // eslint-disable-next-line no-control-regex
    .map((part) => part.replace(/[\0-\x1f<>:"|?*]/g, '_'))
    .join('/') || 'ComfyUI';
