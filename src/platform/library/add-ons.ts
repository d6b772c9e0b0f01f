/** LoRAs and embeddings come into the library: told by what is in the file, kept as they are. */
import {
  describeAddOn,
  describePicture,
  isEmbeddingFile,
  modelShapes,
  notesBeside,
  pictureBeside,
  stemOf,
  type AddOnFacts,
  type OwnModel,
} from '../../core/adapters';
import { isAddOn } from '../../core/checkpoints';
import { AppError } from '../../core/errors';
import { openTensorFile, type ByteSource, type TensorFile } from '../../core/formats';
import { publishedFolders } from '../../core/networks/published';
import { isAdapted } from '../../core/networks/published/layer-names';
import type { ComponentId } from '../../core/networks/components';
import type { Pack } from '../../core/packs';
import type { PickedFile, StoredAdapter } from '../../engine/library-api';
import type { AdapterStore } from '../storage/adapter-store';
import { blobSource } from '../storage/blob-source';
import { groupFiles, hasModels, oneFile, type PickedModel } from './group-files';
import { embeddingPictures, isPictureName, picturePixels } from './picture-embeddings';

/** Names of files that may hold a LoRA or an embedding. */
const FILE = /\.(safetensors|pt|pth|bin|ckpt)$/i;
/** Most bytes of a file that is of use: LoRAs of SDXL at rank 512 have 2.7 GB. */
const MOST_BYTES = 4e9;
/** Folders of a whole model. */
const ofModel = (): RegExp => new RegExp(`(^|/)(${[...publishedFolders(), 'transformer', 'scheduler'].join('|')})/`);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What each of the files that were picked is. @throws AppError 'not-a-model' where there is nothing to keep */
export async function sortPicked(files: readonly PickedFile[]): Promise<SortedFiles> {
  const pictures = await embeddingPictures(files);
  const others = files.filter((file) => !pictures.includes(file));
  if (pictures.length > 0 && !hasModels(others)) return { addOns: pictures, models: [] };
  const { addOns, models } = await partAddOns(await groupFiles(others));
  return { addOns: [...addOns, ...pictures], models };
}

interface SortedFiles {
  addOns: PickedFile[];
  models: PickedModel[];
}

/** Sorts the files that were picked: each LoRA or embedding alone, and what is left for models. */
export async function partAddOns(models: readonly PickedModel[]): Promise<SortedFiles> {
  const parts: SortedFiles = { addOns: [], models: [] };
  for (const model of models) {
    const addOns = await addOnsIn(model);
    parts.addOns.push(...addOns);
    if (addOns.length === 0) parts.models.push(model);
    else parts.models.push(...modelsWithout(model, addOns));
  }
  return parts;
}

/** Each file by what is in it; those of a whole model's folders are its own, and so is all beside a pack.json. */
async function addOnsIn({ files }: PickedModel): Promise<PickedFile[]> {
  if (files.some(({ path }) => nameOf(path) === 'pack.json')) return [];
  const pattern = ofModel();
  const found: PickedFile[] = [];
  for (const picked of files) if (!pattern.test(picked.path) && (await isAddOnFile(picked))) found.push(picked);
  return found;
}

const SHARD = /-\d{5}-of-\d{5}\.\w+$/;

/** What is left of a folder: one model where it is in parts, else each file of weights its own. */
function modelsWithout({ id, name, files }: PickedModel, addOns: readonly PickedFile[]): PickedModel[] {
  const left = files.filter((file) => !addOns.includes(file));
  const weights = left.filter(({ path }) => FILE.test(path));
  const pattern = ofModel();
  if (weights.length === 0) return [];
  if (weights.some(({ path }) => pattern.test(path) || SHARD.test(path))) return [{ id, name, files: left }];
  return weights.map(({ path, file }) => oneFile(nameOf(path), file));
}

/** Tells an add-on by its header. False where that cannot be read: as a model it says why. */
export async function isAddOnFile({ path, file }: PickedFile): Promise<boolean> {
  if (!FILE.test(path)) return false;
  try {
    return isAddOnHeader(await openTensorFile(blobSource(nameOf(path), file)));
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

export const isAddOnHeader = ({ tensors }: TensorFile): boolean => isAddOn(tensors) || isEmbeddingFile(tensors);

interface Adding {
  picked: PickedFile;
  /** Picked with it: its picture and its notes may be among them. */
  all: readonly PickedFile[];
  packs: readonly Pack[];
  triggerWords?: readonly string[] | undefined;
  /** How a catalogue would have prompts call it; also where it is here under another name. */
  promptName?: string | undefined;
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** @returns its id, also where it was here before. @throws AppError as `describeAddOn` and `describePicture`, 'quota' */
export async function storeAddOn(store: AdapterStore, adding: Adding): Promise<string> {
  const { picked, all, packs, onProgress, signal } = adding;
  const fileName = nameOf(picked.path);
  if (picked.file.size > MOST_BYTES)
    throw new AppError(
      'unsupported-model',
      `${fileName}: this LoRA has ${(picked.file.size / 1e9).toFixed(1)} GB, and more than ${MOST_BYTES / 1e9} GB is not taken: resize it with kohya's resize_lora.py`,
    );
  const source = watched(blobSource(fileName, picked.file), onProgress, signal);
  const { name: ownName, ...facts } = await described(source, packs.map(ownModel));
  const { triggerWords = adding.triggerWords, weight } = await notesBeside(picked, all);
  const words = triggerWords ? [...new Set([...triggerWords, ...facts.triggerWords])] : facts.triggerWords;
  const isPicture = isPictureName(fileName);
  const preview = await smallPicture(isPicture ? picked.file : pictureBeside(picked, all));
  const known = await store.list();
  const id = `${facts.kind}-${facts.hashes.sha256.slice(0, 16)}`;
  const before = known.find((one) => one.id === id);
  const told = { ...facts, triggerWords: words, ...(weight !== undefined && { weight }) };
  if (before) {
    // What came beside it the first time is not lost.
    const kept = { triggerWords: [...new Set([...words, ...before.triggerWords])] };
    const hasPreview = before.hasPreview || preview !== undefined;
    const called = renamed(before, adding, known, facts.aliases);
    await store.update({ ...before, ...told, ...kept, ...called, hasPreview }, preview);
    return id;
  }
  const name = freeName(
    facts.kind,
    ownName ?? stemOf(fileName),
    known.filter(({ kind }) => kind === facts.kind),
  );
  const { size: bytes } = picked.file;
  const hasPreview = preview !== undefined;
  // A File would keep its name and its date.
  await store.put(
    { ...told, id, name, fileName, bytes, addedAt: Date.now(), hasPreview },
    picked.file.slice(),
    preview,
  );
  return id;
}

/** Prompts find it by what it was called, too. */
function renamed(
  before: StoredAdapter,
  { promptName, picked }: Pick<Adding, 'promptName' | 'picked'>,
  known: readonly StoredAdapter[],
  own: readonly string[],
): Pick<StoredAdapter, 'name' | 'fileName' | 'aliases'> {
  const { kind, name, fileName } = before;
  const aliases = [...new Set([...own, ...before.aliases])];
  if (promptName === undefined || stemOf(fileName) === promptName) return { name, fileName, aliases };
  const others = known.filter((one) => one.kind === kind && one.id !== before.id);
  const newName = freeName(kind, promptName, others);
  return { name: newName, fileName: nameOf(picked.path), aliases: [...new Set([...aliases, name])] };
}

/** A picture says itself how prompts call what lies in it. */
async function described(source: ByteSource, models: readonly OwnModel[]): Promise<AddOnFacts & { name?: string }> {
  if (isPictureName(source.name)) return describePicture(source, models, picturePixels);
  return describeAddOn(await openTensorFile(source), models);
}

/** Shorter side of the pictures on cards: hundreds of them are shown at once. */
const PREVIEW_PX = 256;

/** Undefined where the browser cannot show it. */
async function smallPicture(picture: Blob | undefined): Promise<Blob | undefined> {
  if (!picture || typeof createImageBitmap === 'undefined') return picture;
  try {
    const bitmap = await createImageBitmap(picture);
    const scale = Math.min(1, PREVIEW_PX / Math.min(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
  } catch (error) {
    console.info('The picture beside a LoRA cannot be shown.', error);
    return undefined;
  }
}

/** What means something else in a tag, or in a prompt, is no part of a name. */
const NO_NAME: Readonly<Record<StoredAdapter['kind'], RegExp>> = { lora: /[<>:=#]/g, embedding: /[()[\]{}\\|,:#]/g };

function freeName(kind: StoredAdapter['kind'], stem: string, known: readonly StoredAdapter[]): string {
  const wanted = stem.replace(NO_NAME[kind], '-').trim();
  const taken = new Set(known.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${wanted}-${count}`;
  return name;
}

const ownModel = ({ id, name, components }: Pack): OwnModel => ({
  id,
  shapes: () =>
    modelShapes(
      (Object.keys(components) as ComponentId[])
        .filter(isAdapted)
        .map((component) => [component, { file: `${name}: ${component}`, config: components[component]?.config }]),
    ),
});

/** Hashing reads all of it once: that is how far it is. */
function watched(source: ByteSource, onProgress: Adding['onProgress'], signal: AbortSignal): ByteSource {
  let most = 0;
  return {
    ...source,
    read: async (offset, length) => {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      const bytes = await source.read(offset, length);
      most = Math.max(most, offset + length);
      onProgress(most, source.size);
      return bytes;
    },
  };
}
