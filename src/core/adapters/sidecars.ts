/**
 * What other programs keep beside an adapter's file, by its name: trigger words, the weight somebody prefers, a picture of it.
 * @see A1111 extensions-builtin/Lora/ui_edit_user_metadata.py; Civitai Helper's .civitai.info; Civitai's API of model versions
 */
import { stemOf } from './embeddings/read-embeddings';

export interface SidecarFacts {
  triggerWords?: string[];
  /** Strength in its tag, where somebody has set one. */
  weight?: number;
}

const PICTURE = /(\.preview)?\.(png|jpe?g|webp|gif)$/i;
const NOTES = /\.(json|civitai\.info)$/i;
/** Some kB of JSON; Civitai's has the words of many pictures in it. */
const MOST_NOTES_BYTES = 2 ** 20;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether this lies beside the file: its stem with such an ending, in the same folder. */
function isBeside(path: string, file: string, ending: RegExp): boolean {
  const folder = file.slice(0, file.length - nameOf(file).length);
  return ending.test(path) && path.replace(ending, '').toLowerCase() === `${folder}${stemOf(file)}`.toLowerCase();
}

interface Picked {
  path: string;
  file: { readonly size: number; text(): Promise<string> };
}

/** A1111 looks for `name.png` first, then for `name.preview.png`. */
export function pictureBeside<File extends Picked>(file: File, all: readonly File[]): File['file'] | undefined {
  const found = all.filter(({ path }) => path !== file.path && isBeside(path, file.path, PICTURE));
  return (found.find(({ path }) => !/\.preview\.\w+$/i.test(path)) ?? found.at(0))?.file;
}

/** What the notes beside it say, the user's own first. Never rejects: notes that cannot be read are none. */
export async function notesBeside<File extends Picked>(file: File, all: readonly File[]): Promise<SidecarFacts> {
  const found = all
    .filter(({ path, file: { size } }) => size <= MOST_NOTES_BYTES && isBeside(path, file.path, NOTES))
    .sort((a, b) => Number(/\.info$/i.test(a.path)) - Number(/\.info$/i.test(b.path)));
  const facts: SidecarFacts = {};
  for (const { file: notes } of found) {
    const { triggerWords, weight } = readSidecar(await notes.text());
    facts.triggerWords ??= triggerWords;
    facts.weight ??= weight;
  }
  return facts;
}

/** Reads a sidecar of either form. */
export function readSidecar(text: string): SidecarFacts {
  const notes = parsed(text);
  const words = [...wordsOf(notes['activation text']), ...listOf(notes['trainedWords']).flatMap(wordsOf)];
  const weight = Number(notes['preferred weight']);
  return {
    ...(words.length > 0 && { triggerWords: [...new Set(words)] }),
    // A1111 writes 0 where nothing was set.
    ...(Number.isFinite(weight) && weight !== 0 && { weight }),
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function wordsOf(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
