/** Files with recipes, as the questions about them read them. */
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { readStealthText, type PictureText } from '../../src/core/image/metadata';
import { readRecipeJson, type Recipe } from '../../src/core/recipe/infotext';
import { UsageError, type Arguments } from './arguments';

/** @throws UsageError where the file cannot be read */
export async function readBytes(args: Arguments): Promise<Uint8Array> {
  const path = args.text();
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new UsageError(`"${path}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What `infotext` and `unlink` add to a recipe. */
const ADDED: ReadonlySet<string> = new Set(['form', 'notes', 'settings']);

/** @throws UsageError where the file is no JSON, or has a field that a recipe has not */
export async function readRecipeFile(args: Arguments): Promise<Recipe> {
  const text = new TextDecoder().decode(await readBytes(args));
  const json = parse(text);
  const fields = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const { recipe, notes } = readRecipeJson(Object.fromEntries(fields.filter(([name]) => !ADDED.has(name))));
  if (notes.length > 0) throw new UsageError(notes.map(({ message }) => message).join(' '));
  return recipe;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`The recipe is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What keeps the lowest bits of pixels. */
const LOSSLESS: ReadonlySet<PictureText['format']> = new Set(['png', 'webp', 'avif', 'tiff'] as const);

/** A text in the pixels of a picture that has no other; undefined where the pixels cannot be read. */
export async function readHiddenText(
  bytes: Uint8Array,
  { format, infotext }: PictureText,
): Promise<string | undefined> {
  if (!LOSSLESS.has(format) || infotext !== undefined) return undefined;
  try {
    const { width, height, data } = format === 'png' ? PNG.sync.read(Buffer.from(bytes)) : await decode(bytes);
    return readStealthText({ width, height, data });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Bytes as they are: no profile is applied, no alpha multiplied. Sharp is native and slow to open: only where it is wanted. */
async function decode(bytes: Uint8Array): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
