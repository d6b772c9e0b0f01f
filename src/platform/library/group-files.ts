/** Which of the files that a person picks belong together. */
import { idFromName } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { PickedFile } from '../../engine/library-api';
import { isPictureName } from './picture-embeddings';

export interface PickedModel {
  id: string;
  name: string;
  files: PickedFile[];
  /** Its name whatever it says itself: another has that one. */
  title?: string;
}

/** What may hold weights; what it really is, its first bytes tell. */
const CHECKPOINT = /\.(safetensors|ckpt|pt|pth|bin|gguf|tar)$/i;
/** Names of shards, as `npm run pack` and the library's export give them. */
const SHARD = /^[\w-]+-\d+\.bin$/i;

/** What diffusers keeps beside the weights of a network: numbers that no tensor tells. */
const CONFIG = 'config.json';

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * A pack.json is one model with what lies beside it; else a folder, with its files' paths below it, is one; files without a
 * folder are one each, but for a config.json that was picked with a single one.
 * @throws AppError 'not-a-model', 'missing-file' where there is nothing to import
 */
export async function groupFiles(files: readonly PickedFile[]): Promise<PickedModel[]> {
  const packs = new Set(files.filter(({ path }) => nameOf(path) === 'pack.json').map(({ path }) => folderOf(path)));
  const groups = new Map<string, PickedFile[]>();
  for (const { path, file } of files) {
    const folder = folderOf(path);
    const isOfPack = packs.has(folder) && /\.(json|bin)$/i.test(path);
    const [top = '', ...below] = path.split('/');
    const [key, name] = isOfPack
      ? [folder, nameOf(path)]
      : below.length > 0
        ? [`${top}/`, below.join('/')]
        : [top, top];
    if (key === folder || below.length > 0 || CHECKPOINT.test(top))
      groups.set(key, [...(groups.get(key) ?? []), { path: name, file }]);
  }
  const config = files.find(({ path }) => path === CONFIG);
  const [loose, another] = [...groups].filter(([key]) => key !== '' && !key.endsWith('/'));
  if (config && loose && !another && !packs.has('')) loose[1].push({ path: CONFIG, file: config.file });
  // A folder of packs alone has nothing beside them that is a model.
  for (const [key, group] of groups)
    if (!packs.has(key) && !group.some(({ path }) => CHECKPOINT.test(path))) groups.delete(key);
  if (groups.size === 0) throw nothingIn(files);
  const lost = [...groups.keys()].find((key) => SHARD.test(key));
  if (lost !== undefined)
    throw new AppError(
      'missing-file',
      `${lost} is one part of a pack. Choose pack.json and all its .bin files together, or the folder.`,
    );
  return Promise.all([...groups].map(([key, group]) => (key === '' ? loosePack(group) : named(key, group))));
}

/** Whether anything in it may be weights. */
export const hasModels = (files: readonly PickedFile[]): boolean =>
  files.some(({ path }) => CHECKPOINT.test(path) || nameOf(path) === 'pack.json');

/** A file that is a model by itself, whatever lies beside it. */
export const oneFile = (name: string, file: Blob): PickedModel => named(name, [{ path: name, file }]);

function named(key: string, files: PickedFile[]): PickedModel {
  const top = nameOf(key.replace(/\/$/, ''));
  return { id: idFromName(top), name: top.replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|tar)$/i, ''), files };
}

/** Picked without its folder: it says itself how it is called. */
async function loosePack(files: PickedFile[]): Promise<PickedModel> {
  const text = await files.find(({ path }) => path === 'pack.json')?.file.text();
  const { id, name } = readNames(text ?? '');
  const title = typeof name === 'string' && name !== '' ? name : 'pack';
  return { id: idFromName(typeof id === 'string' ? id : title), name: title, files };
}

/** What is wrong with it, storing says. */
function readNames(text: string): { id?: unknown; name?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { id?: unknown; name?: unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function nothingIn(files: readonly PickedFile[]): AppError {
  const names = files.slice(0, 3).map(({ path }) => nameOf(path));
  const nor = files.some(({ path }) => isPictureName(path)) ? ', and no embedding' : '';
  const what =
    names.length === 0
      ? 'The folder is empty'
      : `There is no model in ${names.join(', ')}${files.length > 3 ? ', …' : ''}${nor}`;
  return new AppError(
    'not-a-model',
    `${what}. Choose a .safetensors or .ckpt file, a folder in diffusers layout, or a pack: its folder, its pack.json with all .bin files, or a .tar.`,
  );
}
