/** What a request names and does not hold: its picture, the LoRAs of its tags, embeddings. Fetched where there may be any. */
import type { AdapterEntry, PictureInputs } from '../../../engine/api';
import type { StoredAdapter, StoredModel } from '../../../engine/library-api';
import { BUILT_IN_UPSCALER } from '../../../core/catalog/built-in-upscaler';
import type { ModelEntry, UpscalerEntry } from '../../../core/catalog';
import { controlEntries, type ControlFiles } from '../control/control-inputs';
import { AppError } from '../../../core/errors';
import { missingCheckpoint, missingRefiner } from '../../../core/recipe/checkpoint';
import { asksForOther } from '../../../core/recipe/hires';
import { asksForRefiner } from '../../../core/recipe/refiner';
import { ownUpscalers } from '../../../core/recipe/hires-upscalers';
import { namesOfFile, ownTexts, ownVae } from '../../../core/recipe/own-vae';
import { stripComments } from '../../../core/prompt/comments';
import { placedNetworks, type PlacedTag } from '../../../core/prompt/network-tags';
import { ADVANCED_DEFAULTS, type GenerationRequest } from '../../../core/recipe/request';
import { findCheckpoint, type Checkpoints } from '../library/find-checkpoint';
import { findAdapter, findFile } from '../../../core/workflow/adapter-nodes';

type Named = Pick<GenerationRequest, 'prompt' | 'dialect' | 'hiresPrompt'>;
type Prompts = Named & Pick<GenerationRequest, 'negativePrompt' | 'hiresNegativePrompt'>;

export interface PictureFiles extends ControlFiles, Checkpoints {
  usable: readonly ModelEntry[];
  adapters: readonly StoredAdapter[];
  adapterFiles(ids: readonly string[]): Promise<Blob[]>;
  upscalers: readonly Pick<StoredModel, 'id' | 'name' | 'fileName' | 'bytes'>[];
  vaes: readonly Pick<StoredModel, 'id' | 'name' | 'fileName' | 'sha256'>[];
  texts: PictureFiles['vaes'];
}

/** What the engine is given: only what the request names, as it is here now. @throws AppError 'missing-file' */
export async function pictureInputs(
  request: GenerationRequest,
  images: PictureInputs['images'],
  shelf: PictureFiles,
): Promise<PictureInputs> {
  const named = new Set(namedLoras(request, shelf.adapters).map(({ lora }) => lora));
  const loras = named.size === 0 ? [] : namesOf('lora', shelf.adapters).filter(({ adapter }) => named.has(adapter));
  const adapters = await entriesOf(loras, shelf);
  const embeddings = await entriesOf(readableEmbeddings(request, shelf.adapters), shelf);
  const controls = controlEntries(request, shelf);
  const upscalers = ownUpscalers(request).map((name) => upscalerEntry(name, shelf));
  const secondModel = secondCheckpoint(request, shelf);
  const refiner = refinerCheckpoint(request, shelf);
  return {
    ...(images && { images }),
    ...(secondModel && { secondModel }),
    ...(refiner && { refiner }),
    ...(ownVae(request) !== undefined && {
      vaes: shelf.vaes.map((file) => ({ id: file.id, names: namesOfFile(file) })),
    }),
    ...(ownTexts(request).length > 0 && {
      texts: shelf.texts.map((file) => ({ id: file.id, names: namesOfFile(file) })),
    }),
    ...(upscalers.length > 0 && { upscalers: [BUILT_IN_UPSCALER, ...upscalers] }),
    ...(controls.length > 0 && { controls }),
    ...(adapters.length > 0 && { adapters }),
    ...(embeddings.length > 0 && { embeddings }),
  };
}

/** @throws AppError 'missing-file' */
function secondCheckpoint(request: GenerationRequest, shelf: PictureFiles): ModelEntry | undefined {
  const settings = { ...ADVANCED_DEFAULTS, ...request };
  if (!asksForOther(settings)) return undefined;
  const { hiresCheckpoint } = settings;
  const found = findCheckpoint(hiresCheckpoint, shelf);
  if (found) return found;
  throw missingCheckpoint(hiresCheckpoint);
}

/** @throws AppError 'missing-file' */
function refinerCheckpoint(request: GenerationRequest, shelf: PictureFiles): ModelEntry | undefined {
  const settings = { ...ADVANCED_DEFAULTS, ...request };
  if (!asksForRefiner(settings)) return undefined;
  const found = findCheckpoint(settings.refinerCheckpoint, shelf);
  if (found) return found;
  throw missingRefiner(settings.refinerCheckpoint);
}

/** @throws AppError 'missing-file' */
function upscalerEntry(wanted: string, { upscalers }: PictureFiles): UpscalerEntry {
  const found = findFile(
    wanted,
    upscalers.map((one) => ({ ...one, names: namesOfFile(one) })),
  );
  if (!found)
    throw new AppError(
      'missing-file',
      `The upscaler ${wanted} is not here: drop its file on the page, or choose another.`,
    );
  const { id, bytes } = found;
  const unknown = { description: '', licence: { name: 'its own', url: '' }, downloadBytes: bytes };
  return { ...unknown, id, name: wanted, role: 'upscaler', source: { kind: 'imported' } };
}

/** LoRAs and embeddings for the engine, with their files. */
export async function entriesOf(
  found: readonly Called[],
  shelf: Pick<PictureFiles, 'adapterFiles'>,
): Promise<AdapterEntry[]> {
  const files = await shelf.adapterFiles(found.map(({ adapter }) => adapter.id));
  return found.map(({ adapter, names }, i) => ({
    id: adapter.id,
    names,
    revision: adapter.hashes.sha256,
    file: files[i],
  }));
}

/** Those that a model may find in the prompts, and a few that it will not: it reads them by its tokens, which know neither case nor spaces. */
export function readableEmbeddings(prompts: Prompts, adapters: readonly StoredAdapter[]): Called[] {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
  const text = plain(wordsOf(prompts));
  return namesOf('embedding', adapters).filter(({ names }) => names.some((name) => text.includes(plain(name))));
}

/** All prompts without comments, brackets as they are meant. */
const wordsOf = ({ prompt, negativePrompt, hiresPrompt = '', hiresNegativePrompt = '' }: Prompts): string =>
  [prompt, negativePrompt, hiresPrompt, hiresNegativePrompt]
    .map((text) => stripComments(text).replace(/\\([()[\]\\])/g, '$1'))
    .join('\n');

/**
 * As A1111 has them beside a picture's other parameters: of those that the prompts name as a word, the longest names first. ComfyUI's
 * prompts say `embedding:` before them.
 */
export function tiHashes(prompts: Prompts, adapters: readonly StoredAdapter[]): Record<string, string> | undefined {
  const mark = prompts.dialect === 'comfyui' ? 'embedding:' : '';
  const called = namesOf('embedding', adapters)
    .flatMap(({ adapter, names }) => names.map((name) => ({ adapter, name })))
    .sort((a, b) => b.name.length - a.name.length);
  let text = wordsOf(prompts).toLowerCase();
  const found: [string, string][] = [];
  for (const { adapter, name } of called) {
    const [word, before] = [(mark + name).toLowerCase(), text];
    text = withoutWord(text, word);
    if (text !== before) found.push([name.replace(/[:,]/g, ''), adapter.hashes.sha256.slice(0, 12)]);
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** Wherever it stands as no part of a longer word or number, a gap is left. */
function withoutWord(text: string, word: string): string {
  const isInner = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
  let rest = text;
  for (let at = rest.indexOf(word); at >= 0; at = rest.indexOf(word, at + 1)) {
    const goesOn = isInner(rest[at + word.length]) && isInner(word.at(-1));
    if (goesOn || (isInner(rest[at - 1]) && isInner(word[0]))) continue;
    rest = `${rest.slice(0, at)}${' '.repeat(word.length)}${rest.slice(at + word.length)}`;
  }
  return rest;
}

export interface NamedLora {
  tag: PlacedTag;
  /** Undefined where it is not here. */
  lora: StoredAdapter | undefined;
}

/** The tags of a prompt and of its second pass's, each with what it names. In ComfyUI's way of reading prompts a tag is only text. */
export function namedLoras(
  { prompt, dialect, hiresPrompt = '' }: Named,
  adapters: readonly StoredAdapter[],
): NamedLora[] {
  if (dialect === 'comfyui') return [];
  const tags = [prompt, hiresPrompt].flatMap((text) => placedNetworks(text)).filter(({ kind }) => kind === 'lora');
  if (tags.length === 0) return [];
  const loras = namesOf('lora', adapters);
  return tags.map((tag) => ({ tag, lora: findAdapter(tag.name, loras)?.adapter }));
}

export interface Called {
  adapter: StoredAdapter;
  /** Names that prompts call it by. */
  names: string[];
}

/** A maker's name that two have, or that is another's file, names neither. @see A1111 PR 14655 */
export function namesOf(kind: StoredAdapter['kind'], adapters: readonly StoredAdapter[]): Called[] {
  const all = adapters.filter((one) => one.kind === kind);
  const counts = new Map<string, number>();
  for (const { name, aliases } of all)
    for (const one of new Set([name, ...aliases])) counts.set(one, (counts.get(one) ?? 0) + 1);
  return all.map((adapter) => {
    const own = adapter.aliases.filter((alias) => alias !== adapter.name && counts.get(alias) === 1);
    return { adapter, names: [adapter.name, ...own] };
  });
}

/** The file of the library that develops the picture, where it asks for one. */
export function vaeFile(
  request: Parameters<typeof ownVae>[0],
  { vaes }: Pick<PictureFiles, 'vaes'>,
): PictureFiles['vaes'][number] | undefined {
  const wanted = ownVae(request);
  const named = vaes.map((file) => ({ file, names: namesOfFile(file) }));
  return wanted === undefined ? undefined : findFile(wanted, named)?.file;
}

/** Hashes as A1111 has them beside a picture's other parameters: by the tag's name without the marks that end it. */
export function loraHashes(request: Named, adapters: readonly StoredAdapter[]): Record<string, string> | undefined {
  const found = namedLoras(request, adapters).flatMap(({ tag, lora }) =>
    lora && (tag.textWeight !== 0 || tag.unetWeight !== 0)
      ? [[tag.name.replace(/[:,]/g, ''), infotextHash(lora)] as const]
      : [],
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** @see A1111 extensions-builtin/Lora/network.py set_hash */
const infotextHash = ({ hashes: { stated, addnet, sha256 } }: Pick<StoredAdapter, 'hashes'>): string =>
  (stated ?? addnet ?? sha256).slice(0, 12);
