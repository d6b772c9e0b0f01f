/** LoRAs and embeddings come into the library: told by what is in the file, kept as they are. */
import {
  describeAddOn,
  isEmbeddingFile,
  modelShapes,
  notesBeside,
  pictureBeside,
  stemOf,
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
import type { PickedModel } from './group-files';

/** What may hold one. */
const FILE = /\.(safetensors|pt|pth|bin|ckpt)$/i;
/** Beyond it a file is a model, whatever is in it. */
const MOST_BYTES = 4e9;
/** Folders of a whole model. */
const ofModel = (): RegExp => new RegExp(`(^|/)(${[...publishedFolders(), 'transformer', 'scheduler'].join('|')})/`);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Of the files that were picked: each that is a LoRA or an embedding, alone, and what is left for models. */
export async function partAddOns(
  models: readonly PickedModel[],
): Promise<{ addOns: PickedFile[]; models: PickedModel[] }> {
  const pattern = ofModel();
  const parts = { addOns: [] as PickedFile[], models: [] as PickedModel[] };
  for (const model of models) {
    const { files } = model;
    const weights = files.filter(({ path }) => FILE.test(path));
    const isModel = files.some(({ path }) => nameOf(path) === 'pack.json' || pattern.test(path));
    const first = weights.at(0);
    if (isModel || !first || !(await isAddOnFile(first))) parts.models.push(model);
    else if (weights.length === 1) parts.addOns.push(first);
    // A folder of LoRAs: what else lies in it is looked at by itself, and says what it is.
    else parts.addOns.push(...weights);
  }
  return parts;
}

/** By its header. False where it cannot be read: as a model it says why. */
export async function isAddOnFile({ path, file }: PickedFile): Promise<boolean> {
  if (!FILE.test(path) || file.size > MOST_BYTES) return false;
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
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** @returns its id, also where it was here before. @throws AppError as `describeAddOn`, 'quota' */
export async function storeAddOn(store: AdapterStore, adding: Adding): Promise<string> {
  const { picked, all, packs, onProgress, signal } = adding;
  const fileName = nameOf(picked.path);
  const source = watched(blobSource(fileName, picked.file), onProgress, signal);
  const facts = await describeAddOn(await openTensorFile(source), packs.map(ownModel));
  const { triggerWords = adding.triggerWords, weight } = await notesBeside(picked, all);
  const words = triggerWords ? [...new Set([...triggerWords, ...facts.triggerWords])] : facts.triggerWords;
  const preview = await smallPicture(pictureBeside(picked, all));
  const known = await store.list();
  const id = `${facts.kind}-${facts.hashes.sha256.slice(0, 16)}`;
  const before = known.find((one) => one.id === id);
  const told = { ...facts, triggerWords: words, ...(weight !== undefined && { weight }) };
  if (before) {
    // What came beside it the first time is not lost.
    const kept = { triggerWords: [...new Set([...words, ...before.triggerWords])] };
    const hasPreview = before.hasPreview || preview !== undefined;
    await store.update({ ...before, ...told, ...kept, hasPreview }, preview);
    return id;
  }
  const name = freeName(
    facts.kind,
    stemOf(fileName),
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

/** Of cards: hundreds of them are shown at once. */
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
