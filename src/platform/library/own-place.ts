/** Where what was picked comes to stand in the library: nothing else goes for it. */
import type { ModelEntry } from '../../core/catalog';
import { isControl } from '../../core/checkpoints/open-control';
import { AppError } from '../../core/errors';
import { Sha256 } from '../../core/math';
import { roleOf, type ComponentId } from '../../core/networks/components';
import { parsePack, shardsOf, type Pack } from '../../core/packs';
import { blobSource } from '../storage/blob-source';
import type { FetchedFile } from './fetch-job';
import type { PickedModel } from './group-files';
import { lentPart } from './model-parts';
import { readTar } from './tar';
import { isUpscaler } from './upscalers';

export interface OpenedFiles {
  files: FetchedFile[];
  /** The pack that the files are, where they are one. */
  pack?: Pack;
}

/** The files as a download has them. @throws AppError 'bad-file' where a pack's own words or the archive cannot be read */
export async function openPicked({ name, files }: PickedModel): Promise<OpenedFiles> {
  const [first] = files;
  const isTar = files.length === 1 && first !== undefined && /\.tar$/i.test(first.path);
  const opened = isTar
    ? (await readTar(first.path, first.file)).map(({ path, blob }) => ({ name: path, blob }))
    : files.map(({ path, file }) => ({ name: path, blob: file }));
  const json = opened.find((file) => file.name === 'pack.json');
  if (!json) return { files: opened };
  return { files: opened, pack: parsePack(name, await parseJson(`${name}: pack.json`, json.blob)) };
}

type Kind = NonNullable<Pack['role']> | 'model' | 'preview';

/**
 * A model takes the place of the model of its name. An upscaler, a VAE, a text encoder or a ControlNet takes that of the same file alone:
 * many are called alike, as the hub's `diffusion_pytorch_model.safetensors`. What finds its place taken is numbered.
 *
 * @param listed  ids of what is in the list and still to be got
 */
export async function ownPlace(
  picked: PickedModel,
  packs: readonly Pack[],
  listed: readonly string[],
): Promise<PickedModel> {
  const { id } = picked;
  try {
    const opened = await openPicked(picked);
    const name = opened.pack?.name ?? picked.name;
    const kind = await kindOfFiles(opened);
    if (kind === 'model') return isTaken(packs.filter((pack) => kindOf(pack) !== 'model')) ? numbered(name) : picked;
    const others = packs.filter((pack) => kindOf(pack) === kind && isCalled(pack, name));
    for (const pack of others)
      if (await isSame(pack, opened)) return { ...picked, id: pack.id, name: pack.name, title: pack.name };
    return isTaken(packs) || listed.includes(id) || others.length > 0 ? numbered(name) : picked;
  } catch (error) {
    if (error instanceof AppError) return picked; // what is wrong with it, importing it says
    throw error;
  }

  function isTaken(by: readonly Pack[]): boolean {
    return by.some((pack) => pack.id === id);
  }
  function numbered(name: string): PickedModel {
    const taken = new Set([...packs.flatMap((pack) => [pack.id, pack.name]), ...listed]);
    let number = 2;
    while (taken.has(`${id}-${number}`) || taken.has(`${name}-${number}`)) number += 1;
    const title = `${name}-${number}`;
    return { ...picked, id: `${id}-${number}`, name: title, title };
  }
}

/** What is chosen by its name has one of its own. @param others  what is here, and what is in the list */
export function withOwnName<T extends Pick<ModelEntry, 'name' | 'role'>>(
  entry: T,
  others: readonly { name: string }[],
): T {
  if (!BY_NAME.includes(entry.role)) return entry;
  const taken = new Set(others.map(({ name }) => name));
  let name = entry.name;
  for (let number = 2; taken.has(name); number += 1) name = `${entry.name}-${number}`;
  return { ...entry, name };
}
const BY_NAME: readonly ModelEntry['role'][] = ['upscaler', 'autoencoder', 'text', 'control'];

/** Whether a pack has this name, also where it has been numbered. */
const isCalled = (pack: Pack, name: string): boolean =>
  pack.name === name || (pack.name.startsWith(`${name}-`) && /^\d+$/.test(pack.name.slice(name.length + 1)));

function kindOf({ role, components }: Pack): Kind {
  if (role !== undefined) return role;
  return (Object.keys(components) as ComponentId[]).some((id) => roleOf(id) === 'denoiser') ? 'model' : 'preview';
}

/** What cannot be read is a model: as such it says why. */
async function kindOfFiles({ files, pack }: OpenedFiles): Promise<Kind> {
  if (pack) return kindOf(pack);
  const sources = files.map(({ name, blob }) => blobSource(name, blob));
  try {
    if (await isUpscaler(sources)) return 'upscaler';
    if (await isControl(sources)) return 'control';
    return (await lentPart(sources)) ?? 'model';
  } catch (error) {
    if (error instanceof AppError) return 'model';
    throw error;
  }
}

/** Whether files are those of a known pack, told by all their bytes: files of a kind often have one size. */
async function isSame(known: Pack, { files, pack }: OpenedFiles): Promise<boolean> {
  if (pack) return hashesOf(known) === hashesOf(pack);
  const { byteLength, sha256 } = known.source;
  const [only] = files;
  if (files.length !== 1 || only?.blob.size !== byteLength) return false;
  return (await hashOf(only.blob)) === sha256;
}

const hashesOf = (pack: Pack): string =>
  shardsOf(pack)
    .map(({ sha256 }) => sha256)
    .join();

const HASH_BYTES = 16 * 1024 * 1024;

async function hashOf(blob: Blob): Promise<string> {
  const hash = new Sha256();
  for (let offset = 0; offset < blob.size; offset += HASH_BYTES)
    hash.update(new Uint8Array(await blob.slice(offset, offset + HASH_BYTES).arrayBuffer()));
  return hash.hex();
}

async function parseJson(name: string, blob: Blob): Promise<unknown> {
  try {
    return JSON.parse(await blob.text()) as unknown;
  } catch (error) {
    throw new AppError('bad-file', `${name} is no JSON`, { cause: error });
  }
}
